//! Whatever numbers come in, an answer or a refusal comes out.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::LIMITS;
use deconflict_cells::{circle_cells, polygon_cells};
use deconflict_spacetime::LatLng;
use proptest::prelude::*;

const ODD: [f64; 24] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    1e308,
    -1e308,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    0.0,
    -0.0,
    90.0,
    -90.0,
    90.000_000_1,
    89.999_999_999_999_99,
    180.0,
    -180.0,
    180.000_000_1,
    179.999_999_999_999_97,
    45.0,
    -45.0,
    135.0,
    1e-9,
    35.264_389_682_754_654,
    1.0,
];

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => proptest::sample::select(ODD.to_vec()),
        2 => any::<u64>().prop_map(f64::from_bits),
        3 => -180.0..180.0,
        2 => (-1e-8..1e-8, proptest::sample::select(ODD.to_vec())).prop_map(|(hair, odd)| odd + hair),
    ]
}

/// Vertices in a small ring around some odd place, so that more than the first check is reached.
fn ring() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let offsets = proptest::collection::vec((-1.0..1.0, -1.0..1.0), 3..12);
    (number(), number(), -12.0..0.0, offsets, any::<bool>()).prop_map(
        |(lat, lng, size, mut offsets, in_order): (f64, f64, f64, Vec<(f64, f64)>, bool)| {
            if in_order {
                offsets.sort_by(|a, b| a.0.atan2(a.1).total_cmp(&b.0.atan2(b.1)));
            }
            let size_deg = 10_f64.powf(size);
            let near = |(u, v): (f64, f64)| ((lat + size_deg * u).clamp(-90.0, 90.0), (lng + size_deg * v).clamp(-180.0, 180.0));
            offsets.into_iter().map(near).collect()
        },
    )
}

fn corners() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop_oneof![1 => proptest::collection::vec((number(), number()), 0..8), 3 => ring()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn a_polygon_of_any_numbers_is_answered(corners in corners()) {
        let places: Vec<LatLng> = corners.iter().filter_map(|&(lat, lng)| LatLng::degrees(lat, lng).ok()).collect();
        match polygon_cells(&places, &LIMITS) {
            Ok(cells) => {
                prop_assert!(cells.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!((1..=LIMITS.cells).contains(&cells.len()));
                for corner in places {
                    prop_assert!(cells.binary_search(&common::cell_of(corner).id()).is_ok());
                }
            }
            Err(refusal) => prop_assert!(refusal.to_string().contains("expected")),
        }
    }

    #[test]
    fn a_circle_of_any_numbers_is_answered(lat in number(), lng in number(), radius_m in number()) {
        let Ok(center) = LatLng::degrees(lat, lng) else { return Ok(()) };
        match circle_cells(center, radius_m, &LIMITS) {
            Ok(cells) => prop_assert!(cells.binary_search(&common::cell_of(center).id()).is_ok()),
            Err(refusal) => prop_assert!(refusal.to_string().contains("expected")),
        }
    }
}
