//! Tests of `approach`: closed forms, and against one look a second.

use proptest::prelude::*;

use super::*;
use crate::testing::{Column, Dice, line, schedule, seconds, time};

#[test]
fn heads_on_one_road_close_at_both_speeds() {
    let a = Column::new(&[(-10_000.0, 0.0), (0.0, 0.0)]).build();
    let b = Column { speed: 15.0, ..Column::new(&[(10_000.0, 0.0), (0.0, 0.0)]) }.build();
    let found = first_within(&a, &b, Case::Likely, 5000.0).unwrap();
    assert!((seconds(found.time) - 600.0).abs() <= 1.0 && (found.distance_m - 5000.0).abs() <= 1.0);
    let closest = closest_heads(&a, &b, Case::Likely).unwrap();
    assert!(closest.distance_m < 0.01 && (seconds(closest.time) - 1000.0).abs() <= 1.0);
}

#[test]
fn a_start_within_the_distance_is_the_answer() {
    let a = Column::new(&[(-10_000.0, 0.0), (0.0, 0.0)]).build();
    let b = Column { start_s: 100.0, ..Column::new(&[(10_000.0, 0.0), (20_000.0, 0.0)]) }.build();
    let found = first_within(&a, &b, Case::Likely, 25_000.0).unwrap();
    assert_eq!(found.time, time(100.0));
    assert!((found.distance_m - 19_000.0).abs() < 1.0);
    assert_eq!(first_within(&a, &b, Case::Likely, 18_000.0), None);
}

#[test]
fn windows_that_do_not_meet_give_nothing() {
    let a = Column { end_s: 2000.0, ..Column::new(&[(-10_000.0, 0.0), (0.0, 0.0)]) }.build();
    let b = Column { start_s: 3000.0, ..Column::new(&[(10.0, 0.0), (20_000.0, 0.0)]) }.build();
    assert_eq!(first_within(&a, &b, Case::Likely, 1e6), None);
    assert_eq!(closest_heads(&a, &b, Case::Likely), None);
}

#[test]
fn heads_that_pass_at_the_distance_count() {
    // Opposite directions on roads 1 km apart.
    let a = Column::new(&[(-10_000.0, 0.0), (10_000.0, 0.0)]).build();
    let b = Column::new(&[(10_000.0, 1000.0), (-10_000.0, 1000.0)]).build();
    let closest = closest_heads(&a, &b, Case::Likely).unwrap();
    assert!((closest.distance_m - 1000.0).abs() < 1.0);
    assert!((seconds(first_within(&a, &b, Case::Likely, 1000.1).unwrap().time) - 1000.0).abs() < 2.0);
    assert_eq!(first_within(&a, &b, Case::Likely, 998.0), None);
}

/// Side by side for 150 km: the bound alone says little, and it must still end soon.
#[test]
fn heads_side_by_side_keep_their_distance() {
    let a = Column { speed: 1.0, end_s: 1e6, ..Column::new(&[(0.0, 0.0), (150_000.0, 0.0)]) }.build();
    let b = Column { speed: 1.0, end_s: 1e6, ..Column::new(&[(0.0, 5000.0), (150_000.0, 5000.0)]) }.build();
    let closest = closest_heads(&a, &b, Case::Earliest).unwrap();
    assert!((closest.distance_m - 5000.0).abs() < 5.0);
    assert_eq!(first_within(&a, &b, Case::Earliest, closest.distance_m - 10.0), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn one_look_a_second_finds_nothing_earlier_or_closer(seed: u64, wanted_m in 100.0..4000.0) {
        let mut dice = Dice(seed);
        let mut column = || {
            let mut at = || (dice.between(0.0, 5000.0), dice.between(0.0, 5000.0));
            let line = line(&[at(), at(), at()]);
            let halt_m = line.waypoints_along_m()[1];
            let start_s = dice.between(0.0, 200.0);
            let halts_s = start_s + halt_m / 20.0;
            let leaves_s = halts_s + dice.between(0.0, 100.0);
            let anchors = [(0.0, start_s), (halt_m, halts_s), (halt_m, leaves_s), (line.length_m(), leaves_s + 300.0)];
            let head = schedule(&anchors);
            Movement::new(line, 10.0, [head.clone(), head.clone(), head], 0.0, false, time(900.0)).unwrap()
        };
        let (a, b) = (column(), column());
        let heads = Heads { a: &a, b: &b, case: Case::Likely };
        let start = a.head(Case::Likely).first().time.max(b.head(Case::Likely).first().time);
        let looks: Vec<Approach> = (0..).map(|s| start.plus_ns(s * NS_PER_S)).take_while(|&at| at <= time(900.0)).map(|at| heads.at(at)).collect();

        let closest = closest_heads(&a, &b, Case::Likely).unwrap();
        prop_assert!(looks.iter().all(|look| look.distance_m >= closest.distance_m - RESOLUTION_M));
        prop_assert!((heads.at(closest.time).distance_m - closest.distance_m).abs() < 1e-9);

        let seen = looks.iter().find(|look| look.distance_m <= wanted_m);
        match (first_within(&a, &b, Case::Likely, wanted_m), seen) {
            (Some(found), seen) => {
                prop_assert!(found.distance_m <= wanted_m + RESOLUTION_M);
                prop_assert!(seen.is_none_or(|seen| found.time <= seen.time.plus_ns(NS_PER_S)));
            }
            (None, seen) => prop_assert_eq!(seen, None),
        }
    }
}
