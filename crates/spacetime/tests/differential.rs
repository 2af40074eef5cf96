//! The engine against brute force on true geodesics: every pair of kinds, up to 1,000 km edges, poles and antimeridian.
//!
//! `cargo test -p deconflict-spacetime --test differential -- --nocapture` prints the largest deviation.
//! `DECONFLICT_CASES=1000` looks at that many pairs of each kind.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::{Rng, edges, oracle_gap_m, winds_around};
use deconflict_spacetime::{Area, LatLng, Shape, UNDECIDED_M, destination};

fn cases() -> u64 {
    std::env::var("DECONFLICT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(16)
}

const KINDS: [&str; 3] = ["polygon", "circle", "corridor"];

#[test]
fn gaps_agree_with_brute_force() {
    let mut largest_m = 0.0_f64;
    let mut apart = 0;
    for kind_1 in 0..3 {
        for kind_2 in 0..3 {
            for case in 0..cases() {
                let mut rng = Rng(1_000_000 * kind_1 + 100_000 * kind_2 + case);
                let (size_1, size_2) = (rng.log_range(10.0, 9e5), rng.log_range(10.0, 9e5));
                let center = rng.place();
                let one = rng.shape(kind_1, center, size_1);
                let away_m = size_1.max(size_2) * rng.log_range(0.3, 4.0);
                let azimuth_deg = rng.range(0.0, 360.0);
                let two = rng.shape(kind_2, destination(center, azimuth_deg, away_m), size_2);
                let expected_m = oracle_gap_m(&one, &two);
                let (one, two) = (Area::from(one), Area::from(two));
                let gap = one.gap(&two);
                let deviation_m = (gap.lateral_m - expected_m).abs();
                assert!(
                    deviation_m < UNDECIDED_M,
                    "{} to {}, case {case}: {} m, by brute force {expected_m} m",
                    KINDS[kind_1 as usize],
                    KINDS[kind_2 as usize],
                    gap.lateral_m
                );
                assert_eq!(one.intersects(&two), gap.lateral_m <= 0.0);
                // The points that are named belong to the areas and are as far apart as the gap says.
                let (off_1, off_2) = (one.distance_m(gap.from), two.distance_m(gap.to));
                assert!(off_1.max(off_2) <= 2.0 * UNDECIDED_M, "{kind_1}{kind_2} case {case}: {off_1} {off_2} {gap:?}");
                assert!((deconflict_spacetime::distance_m(gap.from, gap.to) - gap.lateral_m).abs() < UNDECIDED_M);
                apart += u32::from(expected_m > 0.0);
                largest_m = largest_m.max(deviation_m);
            }
        }
    }
    println!("{} pairs, {apart} of them apart: largest deviation {:.3} µm", 9 * cases(), largest_m * 1e6);
    assert!(apart > 20);
}

#[test]
fn insides_agree_with_the_winding_number() {
    for case in 0..40 * cases() {
        let mut rng = Rng(7_000_000 + case);
        let (center, size_m) = (rng.place(), rng.log_range(1.0, 9e5));
        let shape = rng.shape(0, center, size_m);
        let Shape::Polygon(polygon) = &shape else { unreachable!() };
        let area = Area::from(shape.clone());
        for _ in 0..8 {
            let p = destination(center, rng.range(0.0, 360.0), size_m * rng.range(0.0, 1.2));
            // On the outline the engine says inside, and the winding number anything.
            if area.clearance_m(p).abs() <= UNDECIDED_M {
                assert!(area.contains(p));
                continue;
            }
            assert_eq!(area.contains(p), winds_around(polygon.vertices(), p), "case {case}: {p:?}");
        }
    }
}

#[test]
fn clearance_agrees_with_brute_force() {
    let mut largest_m = 0.0_f64;
    for case in 0..8 * cases() {
        let mut rng = Rng(8_000_000 + case);
        let (center, size_m) = (rng.place(), rng.log_range(1.0, 9e5));
        let kind = rng.below(3);
        let shape = rng.shape(kind, center, size_m);
        let p: LatLng = destination(center, rng.range(0.0, 360.0), size_m * rng.range(0.0, 3.0));
        let (edges, radius_m) = edges(&shape);
        let core_m = edges.iter().map(|edge| edge.distance_to_point(p)).fold(f64::INFINITY, f64::min);
        let inside = matches!(&shape, Shape::Polygon(polygon) if winds_around(polygon.vertices(), p));
        let expected_m = if inside { -core_m } else { core_m - radius_m };
        largest_m = largest_m.max((Area::from(shape).clearance_m(p) - expected_m).abs());
    }
    println!("points: largest deviation {:.3} µm", largest_m * 1e6);
    assert!(largest_m < UNDECIDED_M);
}
