//! Tests of `ground`: plain cases with known answers, and against a look at every place of both lines.

use deconflict_spacetime::NS_PER_S;
use proptest::prelude::*;

use super::*;
use crate::testing::{Column, Dice, circle, place, seconds, time};

const NONE: Minima = Minima { lateral_m: 0.0, vertical_um: 0, time_ns: 0 };

/// West to east past the origin, 10 km each way, 10 m/s, 200 m wide: the head is at the origin after 1,000 s.
fn eastward() -> Column {
    Column::new(&[(-10e3, 0.0), (10e3, 0.0)])
}

/// South to north past the origin.
fn northward() -> Column {
    Column::new(&[(0.0, -10e3), (0.0, 10e3)])
}

#[test]
fn crossing_at_one_time_conflicts() {
    let found = ground_conflict(&eastward().build(), &northward().build(), NONE, None).unwrap();
    // The corners of the crossing square are 100 m before the origin; a piece of up to 100 m is undecided.
    assert!((seconds(found.first_time) - 980.0).abs() <= 21.0, "{found:?}");
    assert!(distance_m(found.first_place, place(0.0, 0.0)) < 300.0);
    assert!(found.overlap && found.lateral_m.abs() < 1e-9 && found.time_ns == 0);
    assert!(found.region.area_km2() > 0.01 && found.region.area_km2() < 0.1);
    assert_eq!(found.region, found.region_with_end);
}

#[test]
fn crossing_at_other_times_is_clear_unless_the_column_is_long() {
    let late = Column { start_s: 600.0, ..northward() };
    assert_eq!(ground_conflict(&eastward().build(), &late.build(), NONE, None), None);
    let long = Column { pass_length_m: 7000.0, ..eastward() };
    assert!(ground_conflict(&long.build(), &late.build(), NONE, None).unwrap().overlap);
    let holds = Column { holds: true, ..eastward() };
    let found = ground_conflict(&holds.build(), &late.build(), NONE, None).unwrap();
    assert!((seconds(found.first_time) - 1580.0).abs() <= 21.0);
    assert!((found.region.area_km2() - 0.04).abs() < 0.005);
    // The latest head of a slow column is still there.
    let slow = Column { late_s: 700.0, ..eastward() };
    assert!(ground_conflict(&slow.build(), &late.build(), NONE, None).is_some());
}

#[test]
fn minima_count_closeness_in_time_and_place() {
    let late = Column { start_s: 600.0, ..northward() };
    let with_time = |s: i64| Minima { time_ns: s * NS_PER_S, ..NONE };
    let conflict = |minima| ground_conflict(&eastward().build(), &late.build(), minima, None);
    assert_eq!(conflict(with_time(500)), None);
    let found = conflict(with_time(600)).unwrap();
    assert!(!found.overlap && found.region.is_empty() && found.lateral_m.abs() < 1e-9);
    assert!((found.time_ns - 575 * NS_PER_S).abs() <= 25 * NS_PER_S, "{}", found.time_ns);
    assert!(found.span.start() < found.span.end());

    // Side by side 1 km apart: edges are 800 m apart.
    let beside = Column { points: vec![(-10e3, 1000.0), (10e3, 1000.0)], ..eastward() };
    let conflict = |lateral_m| ground_conflict(&eastward().build(), &beside.build(), Minima { lateral_m, ..NONE }, None);
    assert_eq!(conflict(790.0), None);
    let found = conflict(801.0).unwrap();
    assert!(!found.overlap && (found.lateral_m - 800.0).abs() < 0.5 && found.time_ns == 0 && found.region.is_empty());
}

#[test]
fn the_place_where_both_end_does_not_count() {
    // Head-on to the origin; both stop there.
    let west = Column { points: vec![(-10e3, 0.0), (0.0, 0.0)], ..eastward() };
    let east = Column { points: vec![(10e3, 0.0), (0.0, 0.0)], ..eastward() };
    let end = circle(0.0, 0.0, 1000.0);
    assert!(ground_conflict(&west.build(), &east.build(), NONE, None).unwrap().overlap);
    assert_eq!(ground_conflict(&west.build(), &east.build(), NONE, Some(&end)), None);
    assert_eq!(ground_conflict(&west.build(), &east.build(), Minima { lateral_m: 300.0, ..NONE }, Some(&end)), None);
    // Side by side on one road, they conflict long before the end.
    let beside = Column { points: vec![(-10e3, 150.0), (0.0, 0.0)], ..eastward() };
    let found = ground_conflict(&west.build(), &beside.build(), NONE, Some(&end)).unwrap();
    assert!(seconds(found.first_time) < 100.0);
    assert!(found.region_with_end.area_km2() > found.region.area_km2() + 0.05);
    // The whole excluded: nothing is left.
    assert_eq!(ground_conflict(&west.build(), &beside.build(), NONE, Some(&circle(0.0, 0.0, 20e3))), None);
}

/// Two long corridors a metre apart, both held: no bound decides, only geometry does, at every one of 1,500 pieces.
#[test]
fn long_corridors_side_by_side_are_told_apart() {
    let held = |north_m: f64| {
        let points = vec![(0.0, north_m), (150e3, north_m)];
        Column { points, width_m: 4000.0, holds: true, end_s: 1e6, ..eastward() }.build()
    };
    // Geodesics that leave parallel come 1.2 m closer by the end.
    assert_eq!(ground_conflict(&held(0.0), &held(4002.0), NONE, None), None);
    assert!(ground_conflict(&held(0.0), &held(3999.0), NONE, None).unwrap().overlap);
}

/// One place of a line, for the slow way.
struct Look {
    at: LatLng,
    span: TimeSpan,
}

fn looks(movement: &Movement, step_m: f64) -> Vec<Look> {
    let (from_m, to_m) = movement.travelled_m();
    let places = (0..).map(|k| from_m + f64::from(k) * step_m).take_while(|&along_m| along_m < to_m).chain([to_m]);
    let look = |along_m| Some(Look { at: movement.line().point_at(along_m), span: movement.occupied(along_m, along_m)? });
    places.filter_map(look).collect()
}

/// The first time at which two places conflict, if any two do, with room to spare in place and time.
fn slowly(a: &[Look], b: &[Look], half_widths_m: f64, minima: Minima, excluded: Option<(LatLng, f64)>) -> Option<Time> {
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
    let conflicts = pairs.filter(|(a, b)| {
        let counts =
            excluded.is_none_or(|(center, radius_m)| distance_m(center, a.at) > radius_m && distance_m(center, b.at) > radius_m);
        counts && minima.violates_time(a.span.gap_ns(b.span)) && distance_m(a.at, b.at) <= half_widths_m + minima.lateral_m
    });
    conflicts.map(|(a, b)| a.span.start().max(b.span.start())).min()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_look_at_every_place_agrees(seed: u64, lateral_m in prop_oneof![Just(0.0), 0.0..500.0], time_s in prop_oneof![Just(0), 0i64..200]) {
        let mut dice = Dice(seed);
        let mut column = || {
            let points = (0..3).map(|_| (dice.between(0.0, 6e3), dice.between(0.0, 6e3))).collect();
            Column {
                points,
                width_m: dice.between(20.0, 600.0),
                start_s: dice.between(0.0, 900.0),
                speed: 10.0,
                late_s: dice.between(0.0, 60.0),
                pass_length_m: dice.between(0.0, 500.0),
                holds: dice.chance(0.2),
                end_s: dice.between(1000.0, 2500.0),
            }.build()
        };
        let (a, b) = (column(), column());
        let minima = Minima { lateral_m, vertical_um: 0, time_ns: time_s * NS_PER_S };
        let half_widths_m = (a.width_m() + b.width_m()) / 2.0;
        let (looks_a, looks_b) = (looks(&a, 40.0), looks(&b, 40.0));
        let end = place(3000.0, 3000.0);
        for radius_m in [None, Some(1500.0)] {
            let area = radius_m.map(|radius_m| circle(3000.0, 3000.0, radius_m));
            let found = ground_conflict(&a, &b, minima, area.as_ref());
            // Nothing that is seen is missed, nor seen earlier (both discs wholly outside the excluded area count surely).
            let outside = radius_m.map(|radius_m| (end, radius_m + half_widths_m));
            if let Some(seen) = slowly(&looks_a, &looks_b, half_widths_m, minima, outside) {
                let found = found.as_ref();
                prop_assert!(found.is_some_and(|found| found.first_time <= seen), "seen at {:?}, found {:?}", seen, found);
            }
            if let Some(found) = &found {
                // What is found is seen by a look that is generous by two pieces in place and in time.
                let generous = Minima { lateral_m: lateral_m + 240.0, time_ns: (time_s + 26) * NS_PER_S, ..minima };
                prop_assert!(slowly(&looks_a, &looks_b, half_widths_m, generous, None).is_some(), "{found:?}");
                prop_assert!(found.span.contains(found.first_time) || found.time_ns > 0);
                prop_assert!(!found.overlap || (found.lateral_m.abs() < 1e-9 && found.time_ns == 0));
                prop_assert!(found.region.area_km2() <= found.region_with_end.area_km2() + 1e-6);
                let area_km2 = a.area().overlap(&b.area()).map_or(0.0, |region| region.area_km2());
                prop_assert!(found.region_with_end.area_km2() <= area_km2 * 1.01 + 1e-4);
            }
            // The other way round it is the same.
            let mirrored = ground_conflict(&b, &a, minima, area.as_ref());
            prop_assert_eq!(found.is_some(), mirrored.is_some());
            if let (Some(found), Some(mirrored)) = (found, mirrored) {
                prop_assert_eq!((found.first_time, found.span, found.overlap, found.time_ns), (mirrored.first_time, mirrored.span, mirrored.overlap, mirrored.time_ns));
                prop_assert!((found.lateral_m - mirrored.lateral_m).abs() < 0.01);
            }
        }
    }

    #[test]
    fn larger_minima_never_lose_a_conflict(seed: u64, lateral_m in 0.0..500.0, time_s in 0i64..200) {
        let mut dice = Dice(seed);
        let mut column = || {
            let points = (0..3).map(|_| (dice.between(0.0, 8e3), dice.between(0.0, 8e3))).collect();
            Column { start_s: dice.between(0.0, 900.0), ..Column::new(&points as &Vec<_>) }.build()
        };
        let (a, b) = (column(), column());
        let small = Minima { lateral_m, vertical_um: 0, time_ns: time_s * NS_PER_S };
        let large = Minima { lateral_m: lateral_m + 50.0, vertical_um: 0, time_ns: (time_s + 10) * NS_PER_S };
        if let Some(few) = ground_conflict(&a, &b, small, None) {
            let many = ground_conflict(&a, &b, large, None);
            prop_assert!(many.is_some_and(|many| many.first_time <= few.first_time && many.overlap == few.overlap));
        }
    }
}

#[test]
fn claims_that_end_before_they_meet_are_clear() {
    let short = Column { end_s: 900.0, ..eastward() };
    assert_eq!(ground_conflict(&short.build(), &northward().build(), NONE, None), None);
    assert_eq!(short.build().end(), time(900.0));
}
