//! Regular fetches, hurried ones, and that haste has a limit.

use std::time::{Duration, Instant};

use super::Schedule;

/// What happens to a schedule that fetches every 300 s, and every 30 s at most.
enum Event {
    Wished,
    Succeeded,
    Failed,
}
use Event::{Failed, Succeeded, Wished};

/// Checks when it fetches next, in seconds from the start, after these events at these times.
#[track_caller]
fn check(events: &[(u64, Event)], expected_s: u64) {
    let start = Instant::now();
    let mut schedule = Schedule::new(Duration::from_secs(300), Duration::from_secs(30), start);
    for (at_s, event) in events {
        let now = start + Duration::from_secs(*at_s);
        match event {
            Wished => schedule.wished(),
            Succeeded => schedule.fetched(now, true),
            Failed => schedule.fetched(now, false),
        }
    }
    assert_eq!(schedule.next() - start, Duration::from_secs(expected_s));
}

#[test]
fn it_fetches_regularly_and_sooner_when_asked() {
    check(&[], 300);
    check(&[(300, Succeeded)], 600);
    check(&[(300, Failed)], 330);
    check(&[(300, Failed), (330, Failed)], 360);
    check(&[(300, Failed), (330, Succeeded)], 630);
    // A wish is granted 30 s after the last fetch, which may be at once.
    check(&[(100, Wished)], 30);
    check(&[(5, Wished)], 30);
    check(&[(5, Wished), (6, Wished), (7, Wished)], 30);
    check(&[(5, Wished), (30, Succeeded)], 330);
    check(&[(5, Wished), (30, Succeeded), (31, Wished), (32, Wished)], 60);
    check(&[(300, Failed), (301, Wished)], 330);
}

#[test]
fn however_often_it_is_asked_it_fetches_at_most_so_often() {
    let start = Instant::now();
    let mut schedule = Schedule::new(Duration::from_secs(300), Duration::from_secs(30), start);
    let mut fetches = 0;
    for second in 0..3600 {
        let now = start + Duration::from_secs(second);
        schedule.wished();
        if schedule.next() <= now {
            schedule.fetched(now, fetches % 2 == 0);
            fetches += 1;
        }
    }
    assert_eq!(fetches, 3600 / 30 - 1);
}

#[test]
fn durations_without_end_are_long() {
    let start = Instant::now();
    let schedule = Schedule::new(Duration::MAX, Duration::MAX, start);
    assert!(schedule.next() > start + Duration::from_secs(1_000_000_000));
}
