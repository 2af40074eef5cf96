//! Tests of `resolve`: exact examples, and that a proposal clears what it should by the least it can.

use deconflict_spacetime::{AltitudeReference, NS_PER_S};
use proptest::prelude::*;

use super::*;
use crate::testing::{Dice, band, band_over, circle, span, volume};

const M: i64 = 1_000_000;
const MINIMA: Minima = Minima { lateral_m: 10_000.0, vertical_um: 600 * M, time_ns: 900 * NS_PER_S };

fn over_one_place(lower_m: f64, upper_m: f64) -> Volume4D {
    volume(circle(0.0, 0.0, 1000.0), band(lower_m, upper_m), span(0.0, 100.0))
}

fn split_of(bands_a: &[(f64, f64)], bands_b: &[(f64, f64)], vertical_m: i64, step_m: i64) -> Option<(bool, i64, i64)> {
    let side =
        |bands: &[(f64, f64)]| bands.iter().map(|&(lower_m, upper_m)| over_one_place(lower_m, upper_m)).collect::<Vec<_>>();
    let minima = Minima { vertical_um: vertical_m * M, ..MINIMA };
    let split = altitude_split(&side(bands_a), &side(bands_b), minima, step_m * M)?;
    Some((split.first_is_lower, split.lower_side_upper_um / M, split.upper_side_lower_um / M))
}

#[test]
fn bands_are_split_in_the_middle() {
    let (low, high) = ((1000.0, 6000.0), (3000.0, 9000.0));
    assert_eq!(split_of(&[low], &[high], 600, 50), Some((true, 4500, 5100)));
    assert_eq!(split_of(&[high], &[low], 600, 50), Some((false, 4500, 5100)));
    // The middle is rounded down to the grid; a minimum of zero leaves one step.
    assert_eq!(split_of(&[(1000.0, 6010.0)], &[(3000.0, 9000.0)], 600, 200), Some((true, 4400, 5000)));
    assert_eq!(split_of(&[low], &[high], 0, 50), Some((true, 4500, 4550)));
    // One inside the other: the side that loses less.
    assert_eq!(split_of(&[(0.0, 10_000.0)], &[(3000.0, 6000.0)], 600, 50), Some((false, 4500, 5100)));
    // Below the minimum without overlap: only the gap is widened.
    assert_eq!(split_of(&[(1000.0, 4000.0)], &[(4200.0, 9000.0)], 600, 50), Some((true, 4100, 4700)));
    // Equal bands: the first stays lower.
    assert_eq!(split_of(&[low], &[low], 600, 50), Some((true, 3500, 4100)));
    // Several pairs: the middle of all that is shared.
    assert_eq!(split_of(&[low, (2000.0, 5000.0)], &[high], 600, 50), Some((true, 4500, 5100)));
}

#[test]
fn some_bands_cannot_be_split() {
    // Too thin for the minimum.
    assert_eq!(split_of(&[(1000.0, 1500.0)], &[(1000.0, 1500.0)], 600, 50), None);
    // Nothing conflicts.
    assert_eq!(split_of(&[(1000.0, 1500.0)], &[(2100.0, 2500.0)], 600, 50), None);
    assert_eq!(split_of(&[], &[(2100.0, 2500.0)], 600, 50), None);
    // A volume of the lower side lies wholly above the cut: the other way round, until that loses one too.
    assert_eq!(split_of(&[(1000.0, 6000.0), (7000.0, 8000.0)], &[(3000.0, 5000.0)], 600, 50), Some((false, 4000, 4600)));
    assert_eq!(split_of(&[(0.0, 2000.0), (1000.0, 6000.0), (7000.0, 8000.0)], &[(3000.0, 5000.0)], 600, 50), None);
    let surface = Volume4D { band: None, ..over_one_place(0.0, 1.0) };
    assert_eq!(altitude_split(&[surface], &[over_one_place(0.0, 9000.0)], MINIMA, 50 * M), None);
    let pressure = Volume4D { band: band_over(AltitudeReference::Std, 0.0, 5000.0), ..over_one_place(0.0, 1.0) };
    assert_eq!(altitude_split(&[pressure], &[over_one_place(0.0, 9000.0)], MINIMA, 50 * M), None);
}

#[test]
fn delays_step_over_every_occupied_time() {
    let at = |start_s, end_s| volume(circle(0.0, 0.0, 1000.0), band(0.0, 1000.0), span(start_s, end_s));
    let moved = [at(0.0, 100.0)];
    let delay = |fixed: &[Volume4D], time_s: i64, step_s: i64, limit_s: i64| {
        let minima = Minima { time_ns: time_s * NS_PER_S, ..MINIMA };
        smallest_delay_ns(&moved, fixed, minima, step_s * NS_PER_S, limit_s * NS_PER_S).map(|ns| ns / NS_PER_S)
    };
    assert_eq!(delay(&[], 0, 60, 3600), Some(0));
    assert_eq!(delay(&[at(101.0, 150.0)], 0, 60, 3600), Some(0));
    assert_eq!(delay(&[at(101.0, 150.0)], 1, 60, 3600), Some(0));
    assert_eq!(delay(&[at(101.0, 150.0)], 2, 60, 3600), Some(180));
    // Touching violates where the minimum is zero; a gap of exactly the minimum does not.
    assert_eq!(delay(&[at(50.0, 120.0)], 0, 60, 3600), Some(180));
    assert_eq!(delay(&[at(50.0, 119.0)], 0, 60, 3600), Some(120));
    assert_eq!(delay(&[at(50.0, 120.0)], 60, 60, 3600), Some(180));
    // The first gap is too short for it, the second is not.
    let busy = [at(50.0, 120.0), at(200.0, 300.0), at(420.0, 500.0)];
    assert_eq!(delay(&busy, 0, 1, 3600), Some(301));
    assert_eq!(delay(&busy, 0, 1, 300), None);
    assert_eq!(delay(&busy, 60, 60, 3600), Some(600));
}

fn cleared(moved: &[Volume4D], fixed: &[Volume4D], minima: Minima, delay_ns: i64) -> bool {
    let later = |volume: &Volume4D| Volume4D { span: volume.span.shifted_ns(delay_ns), ..volume.clone() };
    moved.iter().map(later).all(|moved| fixed.iter().all(|fixed| !violates(&moved, fixed, minima)))
}

/// The side with its bands clamped.
fn clamped(volumes: &[Volume4D], is_lower: bool, split: AltitudeSplit) -> Vec<Volume4D> {
    let clamp = |volume: &Volume4D| {
        let band = volume.band.map(|band| {
            let (lower_um, upper_um) = (band.lower().um(), band.upper().um());
            let (lower_um, upper_um) = if is_lower {
                (lower_um, upper_um.min(split.lower_side_upper_um))
            } else {
                (lower_um.max(split.upper_side_lower_um), upper_um)
            };
            AltitudeBand::new(
                deconflict_spacetime::Altitude::from_um(lower_um, band.lower().reference()),
                deconflict_spacetime::Altitude::from_um(upper_um, band.lower().reference()),
            )
            .unwrap()
        });
        Volume4D { band, ..volume.clone() }
    };
    volumes.iter().map(clamp).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_delay_clears_and_one_step_less_does_not(
        seed: u64, time_s in 0i64..300, step_s in 1i64..120, counts in (1usize..6, 1usize..12),
    ) {
        let mut dice = Dice(seed);
        let (moved, fixed) = (dice.volumes(counts.0, 3000.0), dice.volumes(counts.1, 3000.0));
        let minima = Minima { lateral_m: 100.0, vertical_um: 50 * M, time_ns: time_s * NS_PER_S };
        let step_ns = step_s * NS_PER_S;
        let limit_ns = 3 * 3600 * NS_PER_S;
        let delay_ns = smallest_delay_ns(&moved, &fixed, minima, step_ns, limit_ns).unwrap();
        prop_assert!(delay_ns % step_ns == 0 && (0..=limit_ns).contains(&delay_ns));
        prop_assert!(cleared(&moved, &fixed, minima, delay_ns));
        if delay_ns > 0 {
            prop_assert!(!cleared(&moved, &fixed, minima, delay_ns - step_ns));
            prop_assert!(!cleared(&moved, &fixed, minima, 0));
            prop_assert_eq!(smallest_delay_ns(&moved, &fixed, minima, step_ns, delay_ns - 1), None);
        }
    }

    #[test]
    fn the_split_clears(seed: u64, vertical_m in 0i64..300, step_m in 1i64..100, counts in (1usize..4, 1usize..4)) {
        let mut dice = Dice(seed);
        let (a, b) = (dice.volumes(counts.0, 1500.0), dice.volumes(counts.1, 1500.0));
        let minima = Minima { lateral_m: 500.0, vertical_um: vertical_m * M, time_ns: 300 * NS_PER_S };
        if let Some(split) = altitude_split(&a, &b, minima, step_m * M) {
            prop_assert_eq!(split.lower_side_upper_um % (step_m * M), 0);
            let (new_a, new_b) = (clamped(&a, split.first_is_lower, split), clamped(&b, !split.first_is_lower, split));
            prop_assert!(cleared(&new_a, &new_b, minima, 0));
            prop_assert!(!cleared(&a, &b, minima, 0));
            let mirrored = altitude_split(&b, &a, minima, step_m * M).unwrap();
            prop_assert_eq!(mirrored.lower_side_upper_um, split.lower_side_upper_um);
            prop_assert_eq!(mirrored.upper_side_lower_um, split.upper_side_lower_um);
        }
    }
}
