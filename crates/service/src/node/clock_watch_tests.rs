//! A table of what the clocks do, and what is made of it.

use super::*;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

#[derive(Default)]
struct Fake {
    wall_ns: AtomicI64,
    steady_ns: AtomicU64,
}

impl Clock for Fake {
    fn wall(&self) -> Time {
        Time::from_ns(self.wall_ns.load(Ordering::Relaxed))
    }

    fn steady_ns(&self) -> u64 {
        self.steady_ns.load(Ordering::Relaxed)
    }
}

/// Each line moves the wall clock and the steady one, in milliseconds, and says what is seen: the time in milliseconds, and
/// whether it is trusted.
#[track_caller]
fn check(lines: &[(i64, u64, i64, bool)]) {
    let clock = Arc::new(Fake::default());
    let options = NodeOptions {
        clock_tolerance: Duration::from_secs(5),
        clock_settles_in: Duration::from_secs(60),
        ..NodeOptions::default()
    };
    let watch = ClockWatch::new(clock.clone(), &options);
    for (number, (wall_ms, steady_ms, time_ms, is_trusted)) in lines.iter().enumerate() {
        clock.wall_ns.fetch_add(wall_ms * 1_000_000, Ordering::Relaxed);
        clock.steady_ns.fetch_add(steady_ms * 1_000_000, Ordering::Relaxed);
        let look = watch.look();
        let found = (look.time.ns() / 1_000_000, look.distrust.is_none());
        assert_eq!(found, (*time_ms, *is_trusted), "line {number}");
    }
}

#[test]
fn a_clock_that_runs_is_trusted() {
    check(&[(1000, 1000, 1000, true), (3_600_000, 3_600_000, 3_601_000, true)]);
}

#[test]
fn up_to_five_seconds_are_drift() {
    check(&[(6000, 1000, 6000, true), (-4000, 1000, 2000, true), (6001, 1000, 3000, false)]);
}

#[test]
fn after_a_step_the_old_time_goes_on_until_the_new_one_has_settled() {
    const TWO_HOURS: i64 = 7_200_000;
    check(&[
        (1000, 1000, 1000, true),
        (TWO_HOURS, 0, 1000, false),
        (59_999, 59_999, 60_999, false),
        (1, 1, TWO_HOURS + 61_000, true),
    ]);
    check(&[(-TWO_HOURS, 0, 0, false), (59_999, 59_999, 59_999, false), (1, 1, 60_000 - TWO_HOURS, true)]);
}

#[test]
fn another_step_begins_the_wait_anew() {
    check(&[
        (100_000, 0, 0, false),
        (50_000, 50_000, 50_000, false),
        (-100_000, 0, 50_000, false),
        (59_999, 59_999, 109_999, false),
        (1, 1, 110_000, true),
    ]);
}

#[test]
fn a_sleep_of_the_machine_is_no_step() {
    check(&[(36_000_000, 36_000_000, 36_000_000, true)]);
}

#[test]
fn a_clock_behind_log_time_gives_no_time() {
    let clock = Arc::new(Fake::default());
    let watch = ClockWatch::new(clock, &NodeOptions::default());
    let behind = |ns: i64| watch.time_after(Time::from_ns(ns));
    assert_eq!(behind(5_000_000_000), Ok(Time::from_ns(0)));
    assert_eq!(behind(5_000_000_001), Err(Unavailable::ClockBehindLog { by_ns: 5_000_000_001 }));
    assert_eq!(watch.time_after(Time::MIN), Ok(Time::from_ns(0)));
}
