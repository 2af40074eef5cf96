//! Tests of `schedule`: tables of times and places, and that the two ways of asking agree.

use proptest::prelude::*;

use super::*;
use crate::testing::{schedule, seconds, time};

/// 100 m in 10 s, a halt of 20 s, 300 m in 10 s.
fn with_halt() -> Schedule {
    schedule(&[(0.0, 0.0), (100.0, 10.0), (100.0, 30.0), (400.0, 40.0)])
}

#[test]
fn anchors_must_ascend() {
    let check = |anchors: &[(f64, f64)], expected: Result<(), InvalidSchedule>| {
        let anchors = anchors.iter().map(|&(along_m, s)| Anchor { along_m, time: time(s) }).collect();
        assert_eq!(Schedule::new(anchors).map(|_| ()), expected);
    };
    use InvalidSchedule::*;
    check(&[], Err(TooFewAnchors));
    check(&[(0.0, 0.0)], Err(TooFewAnchors));
    check(&[(0.0, 0.0), (1.0, 1.0)], Ok(()));
    check(&[(0.0, 0.0), (0.0, 1.0)], Ok(()));
    check(&[(0.0, 0.0), (0.0, 0.0)], Ok(()));
    check(&[(0.0, 0.0), (1.0, 1.0), (0.9, 2.0)], Err(NotAscending(2)));
    check(&[(0.0, 1.0), (1.0, 0.0)], Err(NotAscending(1)));
    check(&[(0.0, 1.0), (1.0, 1.0)], Err(NotAscending(1)));
    check(&[(f64::NAN, 0.0), (1.0, 1.0)], Err(NotAscending(0)));
    check(&[(0.0, 0.0), (f64::NAN, 1.0)], Err(NotAscending(1)));
    check(&[(0.0, 0.0), (f64::INFINITY, 1.0)], Err(NotAscending(1)));
}

#[test]
fn heads_arrive_halt_and_leave() {
    let head = with_halt();
    // Metres along; arrival and departure, seconds.
    for (along_m, arrival, departure) in [
        (-1.0, None, None),
        (0.0, Some(0.0), Some(0.0)),
        (50.0, Some(5.0), Some(5.0)),
        (100.0, Some(10.0), Some(30.0)),
        (250.0, Some(35.0), Some(35.0)),
        (400.0, Some(40.0), None),
        (401.0, None, None),
        (f64::NAN, None, None),
    ] {
        assert_eq!(head.arrival(along_m).map(seconds), arrival, "arrival at {along_m}");
        assert_eq!(head.departure(along_m).map(seconds), departure, "departure from {along_m}");
    }
    for (s, along_m) in
        [(-5.0, 0.0), (0.0, 0.0), (5.0, 50.0), (10.0, 100.0), (20.0, 100.0), (35.0, 250.0), (40.0, 400.0), (99.0, 400.0)]
    {
        assert!((head.head_at(time(s)) - along_m).abs() < 1e-9, "head at {s} s");
    }
}

#[test]
fn a_schedule_is_cut_where_the_head_first_arrives() {
    assert_eq!(with_halt().up_to(100.0), Some(schedule(&[(0.0, 0.0), (100.0, 10.0)])));
    assert_eq!(with_halt().up_to(250.0), Some(schedule(&[(0.0, 0.0), (100.0, 10.0), (100.0, 30.0), (250.0, 35.0)])));
    assert_eq!(with_halt().up_to(0.0), None);
    assert_eq!(with_halt().up_to(500.0), Some(with_halt()));
}

#[test]
fn paces_are_those_of_moves() {
    assert!((with_halt().last_pace() - 30e-9).abs() < 1e-15);
    assert!((with_halt().fastest(time(0.0), time(20.0)) - 10e-9).abs() < 1e-15);
    assert!(schedule(&[(5.0, 0.0), (5.0, 9.0)]).last_pace().abs() < 1e-30);
}

proptest! {
    /// Whenever the head is somewhere, it has arrived there, and not left before.
    #[test]
    fn places_and_times_agree(steps in prop::collection::vec((0u32..500, 1u32..5000), 2..8), share in 0.0..1.0) {
        let (mut along_m, mut s) = (0.0, 0.0);
        let anchors: Vec<(f64, f64)> = steps.iter().map(|&(metres, seconds)| {
            (along_m, s) = (along_m + f64::from(metres), s + f64::from(seconds));
            (along_m, s)
        }).collect();
        let head = schedule(&anchors);
        let at = time(anchors[0].1 + share * (s - anchors[0].1));
        let here_m = head.head_at(at);
        // Rounding a place moves a time by nanoseconds, but across a halt at that place.
        prop_assert!(head.arrival(here_m - 1e-6).is_none_or(|arrival| arrival <= at.plus_ns(1000)));
        prop_assert!(head.departure(here_m + 1e-6).is_none_or(|departure| departure >= at.plus_ns(-1000)));
    }
}
