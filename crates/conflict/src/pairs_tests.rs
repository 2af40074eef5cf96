//! Tests of `pairs`: a table at the edges, laws, and all pairs the slow way.

use deconflict_spacetime::{AltitudeReference, UNDECIDED_M};
use proptest::prelude::*;

use super::*;
use crate::testing::{Dice, band, band_over, circle, span, volume};

const NONE: Minima = Minima { lateral_m: 0.0, vertical_um: 0, time_ns: 0 };
/// 500 m, 100 m, 60 s.
const SOME: Minima = Minima { lateral_m: 500.0, vertical_um: 100_000_000, time_ns: 60_000_000_000 };

fn tagged(volumes: &[Volume4D], operations: u32) -> Vec<Tagged<'_>> {
    volumes.iter().zip(0..).map(|(volume, i)| Tagged { operation: i % operations, volume }).collect()
}

#[test]
fn gaps_below_the_minimum_violate_and_touching_does() {
    let base = volume(circle(0.0, 0.0, 1000.0), band(1000.0, 2000.0), span(0.0, 100.0));
    // Metres between the circles, lower edge of the second, its start; whether it violates no minima, and some.
    for (gap_m, lower_m, start_s, with_none, with_some) in [
        (-500.0, 1500.0, 50.0, true, true),
        (-500.0, 2000.0, 50.0, true, true),
        (-500.0, 1500.0, 100.0, true, true),
        (0.0, 1500.0, 50.0, true, true),
        (0.01, 1500.0, 50.0, false, true),
        (499.99, 1500.0, 50.0, false, true),
        (500.0, 1500.0, 50.0, false, true),
        (500.01, 1500.0, 50.0, false, false),
        (-500.0, 2000.001, 50.0, false, true),
        (-500.0, 2099.999, 50.0, false, true),
        (-500.0, 2100.0, 50.0, false, false),
        (-500.0, 1500.0, 100.001, false, true),
        (-500.0, 1500.0, 159.999, false, true),
        (-500.0, 1500.0, 160.0, false, false),
    ] {
        let other = volume(circle(2000.0 + gap_m, 0.0, 1000.0), band(lower_m, lower_m + 100.0), span(start_s, start_s + 50.0));
        let case = format!("{gap_m} m, {lower_m} m, {start_s} s");
        assert_eq!((violates(&base, &other, NONE), violates(&base, &other, SOME)), (with_none, with_some), "{case}");
        assert_eq!(margin(&base, &other).overlap, with_none, "{case}");
        assert!((margin(&base, &other).lateral_m - gap_m.max(0.0)).abs() <= UNDECIDED_M, "{case}");
        let surface = Volume4D { band: None, ..other.clone() };
        assert_eq!(margin(&base, &surface).vertical_um, None);
        assert_eq!(violates(&base, &surface, NONE), gap_m <= 0.0 && start_s <= 100.0, "surface, {case}");
    }
}

#[test]
fn different_references_are_undecided_and_conflict() {
    let base = volume(circle(0.0, 0.0, 1000.0), band(1000.0, 2000.0), span(0.0, 100.0));
    let other = Volume4D { band: band_over(AltitudeReference::Amsl, 9000.0, 9500.0), ..base.clone() };
    assert!(violates(&base, &other, NONE));
    assert_eq!(overlap(&base, &other).unwrap().band, None);
}

#[test]
fn overlaps_are_what_both_hold() {
    let base = volume(circle(0.0, 0.0, 1000.0), band(1000.0, 2000.0), span(0.0, 100.0));
    let other = volume(circle(1000.0, 0.0, 1000.0), band(1500.0, 2500.0), span(100.0, 150.0));
    let shared = overlap(&base, &other).unwrap();
    assert_eq!((shared.band, shared.span), (band(1500.0, 2000.0), None));
    // Two circles through each other's centre share 2π/3 − √3/2 of a square of their radius.
    assert!((shared.region.area_km2() - 1.2284).abs() < 0.005);
    assert_eq!(overlap(&base, &volume(circle(5000.0, 0.0, 1000.0), None, base.span)), None);
}

#[test]
fn one_operation_never_conflicts_with_itself_nor_without_minima() {
    let volumes = vec![volume(circle(0.0, 0.0, 100.0), band(0.0, 100.0), span(0.0, 10.0)); 4];
    let found = conflicting_pairs(&tagged(&volumes, 2), |_, _| Some(NONE));
    let pairs: Vec<_> = found.iter().map(|pair| (pair.a, pair.b)).collect();
    assert_eq!(pairs, [(0, 1), (0, 3), (1, 2), (2, 3)]);
    assert_eq!(conflicting_pairs(&tagged(&volumes, 4), |a, b| (a + b != 3).then_some(NONE)).len(), 4);
    assert_eq!(conflicting_pairs(&[], |_, _| Some(NONE)), []);
}

/// The wide time minimum of one pair of operations must not be lost, nor spread to others.
#[test]
fn minima_are_those_of_the_two_operations() {
    let at = |start_s| volume(circle(0.0, 0.0, 100.0), band(0.0, 100.0), span(start_s, start_s + 1.0));
    let volumes = [at(0.0), at(500.0), at(5000.0)];
    let wide = Minima { time_ns: 10_000_000_000_000, ..NONE };
    let found = conflicting_pairs(&tagged(&volumes, 3), |a, b| Some(if (a, b) == (0, 2) { wide } else { NONE }));
    assert_eq!(found.iter().map(|pair| (pair.a, pair.b)).collect::<Vec<_>>(), [(0, 2)]);
    assert_eq!(found[0].margin, Margin { lateral_m: 0.0, vertical_um: Some(0), time_ns: 4_999_000_000_000, overlap: false });
}

/// 1,000 volumes against every other, with the gaps as measured.
#[test]
fn all_pairs_the_slow_way_are_the_same() {
    let volumes = Dice(1).volumes(1000, 30_000.0);
    let tagged = tagged(&volumes, 50);
    for (minima, fewest) in [(NONE, 50), (SOME, 100)] {
        let found = conflicting_pairs(&tagged, |_, _| Some(minima));
        assert!(found.len() > fewest, "{} pairs", found.len());
        let mut expected = Vec::new();
        for (i, first) in tagged.iter().enumerate() {
            for (j, second) in tagged.iter().enumerate().skip(i + 1) {
                let (a, b) = (first.volume, second.volume);
                // Only the lateral gap is dear.
                let near = minima.violates_time(a.span.gap_ns(b.span)) && minima.violates_vertical(vertical_gap_um(a, b));
                if first.operation != second.operation && near && a.area.gap(&b.area).lateral_m <= minima.lateral_m + UNDECIDED_M
                {
                    expected.push((i, j));
                }
            }
        }
        assert_eq!(found.iter().map(|pair| (pair.a, pair.b)).collect::<Vec<_>>(), expected);
        for pair in found {
            assert_eq!(pair.margin, margin(&volumes[pair.a], &volumes[pair.b]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_volumes_does_not_matter(seed: u64) {
        let volumes = Dice(seed).volumes(40, 5_000.0);
        let forward = tagged(&volumes, 7);
        let backward: Vec<Tagged> = forward.iter().rev().copied().collect();
        let found = conflicting_pairs(&forward, |_, _| Some(SOME));
        let mut mirrored = conflicting_pairs(&backward, |_, _| Some(SOME));
        for pair in &mut mirrored {
            (pair.a, pair.b) = (volumes.len() - 1 - pair.b, volumes.len() - 1 - pair.a);
        }
        mirrored.sort_by_key(|pair| (pair.a, pair.b));
        prop_assert_eq!(found.len(), mirrored.len());
        for (one, other) in found.iter().zip(&mirrored) {
            prop_assert_eq!((one.a, one.b), (other.a, other.b));
            prop_assert_eq!((one.margin.vertical_um, one.margin.time_ns), (other.margin.vertical_um, other.margin.time_ns));
            prop_assert!((one.margin.lateral_m - other.margin.lateral_m).abs() <= UNDECIDED_M);
        }
    }

    #[test]
    fn larger_minima_never_lose_a_pair(seed: u64, lateral_m in 0.0..2e3, vertical_m in 0i64..500, time_s in 0i64..900) {
        let volumes = Dice(seed).volumes(40, 8_000.0);
        let tagged = tagged(&volumes, 40);
        let small = Minima { lateral_m, vertical_um: vertical_m * 1_000_000, time_ns: time_s * 1_000_000_000 };
        let large = Minima { lateral_m: lateral_m + 100.0, vertical_um: small.vertical_um + 1, time_ns: small.time_ns + 1 };
        let pairs = |minima| conflicting_pairs(&tagged, |_, _| Some(minima)).iter().map(|pair| (pair.a, pair.b)).collect::<Vec<_>>();
        let (few, many) = (pairs(small), pairs(large));
        prop_assert!(few.iter().all(|pair| many.contains(pair)));
        let none = pairs(NONE);
        prop_assert!(none.iter().all(|pair| few.contains(pair)));
    }

    /// The bound that drops pairs is never above the truth.
    #[test]
    fn discs_bound_the_gap(seed: u64) {
        let mut dice = Dice(seed);
        let (a, b) = (dice.volume(20_000.0), dice.volume(20_000.0));
        prop_assert!(disc(&a).least_gap_m(&disc(&b)) <= a.area.gap(&b.area).lateral_m);
    }
}
