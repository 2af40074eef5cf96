//! Tests of `meeting`: against the closed form on straight roads.

use proptest::prelude::*;

use super::*;
use crate::testing::{Column, line, place, schedule, seconds, time};

/// A column to the shared end from `far_m` metres away, at three speeds in metres a second.
fn toward_end(from: (f64, f64), [slow, likely, fast]: [f64; 3], start_s: f64, keeps_pace: bool) -> Movement {
    let line = line(&[from, (0.0, 0.0)]);
    let head = |speed: f64| schedule(&[(0.0, start_s), (line.length_m(), start_s + line.length_m() / speed)]);
    let movement = Movement::new(line.clone(), 100.0, [head(fast), head(likely), head(slow)], 0.0, true, time(1e6)).unwrap();
    if keeps_pace { movement.with_pace_beyond_end() } else { movement }
}

#[test]
fn the_first_to_arrive_waits_at_the_end() {
    let first = toward_end((-1000.0, 0.0), [10.0; 3], 0.0, false);
    let second = toward_end((3000.0, 0.0), [10.0; 3], 0.0, false);
    let found = meeting(&first, &second, 1.0).unwrap();
    assert!((seconds(found.likely) - 300.0).abs() < 1e-3 && found.likely_km.abs() < 1e-5);
    assert!((found.route_gap_m - 4000.0).abs() < 0.01);
    // With a pace of its own beyond the end, it goes on along the other's road.
    let found = meeting(&first.with_pace_beyond_end(), &second, 1.0).unwrap();
    assert!((seconds(found.likely) - 200.0).abs() < 1e-3 && (found.likely_km - 1.0).abs() < 1e-5);
    assert!(distance_m(found.likely_place, place(1000.0, 0.0)) < 0.01);
}

#[test]
fn columns_without_a_shared_end_do_not_meet() {
    let first = toward_end((-1000.0, 0.0), [10.0; 3], 0.0, true);
    let apart = Column::new(&[(3000.0, 0.0), (50.0, 0.0)]).build();
    assert_eq!(meeting(&first, &apart, 49.0), None);
    assert!(meeting(&first, &apart, 51.0).is_some());
    // A head that stops short of the end and waits there.
    let line = line(&[(3000.0, 0.0), (0.0, 0.0)]);
    let short = || schedule(&[(0.0, 0.0), (2000.0, 200.0)]);
    let short = Movement::new(line, 100.0, [short(), short(), short()], 0.0, true, time(1e6)).unwrap();
    assert_eq!(meeting(&toward_end((-1000.0, 0.0), [10.0; 3], 0.0, false), &short, 1.0), None);
    let found = meeting(&first, &short, 1.0).unwrap();
    assert!((found.likely_km - 1.0).abs() < 1e-5 && (seconds(found.likely) - 200.0).abs() < 1e-3);
}

#[test]
fn a_head_that_starts_later_waits_at_its_start() {
    let first = toward_end((-1000.0, 0.0), [10.0; 3], 0.0, true);
    let second = toward_end((3000.0, 0.0), [10.0; 3], 1000.0, true);
    let found = meeting(&first, &second, 1.0).unwrap();
    assert!((seconds(found.likely) - 400.0).abs() < 1e-3 && (found.likely_km - 3.0).abs() < 1e-5);
    // By then they had met.
    assert!(found.route_gap_m < 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Both close a gap at the sum of their speeds.
    #[test]
    fn meetings_have_their_closed_form(
        lengths in (1e3..2e5_f64, 1e3..2e5_f64), slow in (1.0..5.0_f64, 1.0..5.0_f64), more in (0.1..5.0_f64, 0.1..5.0_f64), most in (0.1..5.0_f64, 0.1..5.0_f64),
    ) {
        let speeds_a = [slow.0, slow.0 + more.0, slow.0 + more.0 + most.0];
        let speeds_b = [slow.1, slow.1 + more.1, slow.1 + more.1 + most.1];
        let a = toward_end((0.0 - lengths.0, 0.0), speeds_a, 0.0, true);
        let b = toward_end((0.0, lengths.1), speeds_b, 0.0, true);
        let found = meeting(&a, &b, 1.0).unwrap();
        let gap_m = a.line().length_m() + b.line().length_m();
        let expected = |speed_a: f64, speed_b: f64| {
            let s = gap_m / (speed_a + speed_b);
            (s, (speed_a * s - a.line().length_m()) / 1e3)
        };
        prop_assert!((seconds(found.earliest) - expected(speeds_a[2], speeds_b[2]).0).abs() < 1e-3);
        prop_assert!((seconds(found.latest) - expected(speeds_a[0], speeds_b[0]).0).abs() < 1e-3);
        let (likely_s, likely_km) = expected(speeds_a[1], speeds_b[1]);
        prop_assert!((seconds(found.likely) - likely_s).abs() < 1e-3 && (found.likely_km - likely_km).abs() < 1e-5);
        prop_assert!((found.min_km - expected(speeds_a[0], speeds_b[2]).1).abs() < 1e-5);
        prop_assert!((found.max_km - expected(speeds_a[2], speeds_b[0]).1).abs() < 1e-5);
        prop_assert!(found.earliest <= found.likely && found.likely <= found.latest);
        prop_assert!(found.min_km <= found.likely_km && found.likely_km <= found.max_km);
        prop_assert!((found.route_gap_m - gap_m).abs() < 1e-6);

        let mirrored = meeting(&b, &a, 1.0).unwrap();
        prop_assert_eq!((mirrored.earliest, mirrored.likely, mirrored.latest), (found.earliest, found.likely, found.latest));
        prop_assert!((mirrored.likely_km + found.likely_km).abs() < 1e-5);
        prop_assert!((mirrored.min_km + found.max_km).abs() < 1e-5 && (mirrored.max_km + found.min_km).abs() < 1e-5);
        prop_assert!(distance_m(mirrored.likely_place, found.likely_place) < 0.1);
    }
}
