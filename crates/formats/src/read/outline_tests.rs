//! Tests of `outline`: places and their hints, and what is taken out of a ring.

use deconflict_spacetime::LatLng;

use super::{close, place};

#[test]
fn longitudes_past_the_antimeridian_wrap() {
    for (lng, expected) in [(180.0, -180.0), (180.5, -179.5), (-180.5, 179.5), (360.0, 0.0), (-360.0, 0.0), (-180.0, -180.0)] {
        let place = place([lng, 10.0]).expect("a place");
        assert!((place.lng_deg() - expected).abs() < 1e-12, "{lng}: {place:?}");
    }
}

#[test]
fn a_swapped_position_is_suspected_only_if_it_could_be_one() {
    let swapped = |lng, lat| place([lng, lat]).expect_err("no place").1.contains("swapped");
    assert!(swapped(46.0, 98.0));
    assert!(!swapped(146.0, 98.0));
    assert!(!swapped(46.0, 1e308));
    for point in [[f64::NAN, 0.0], [0.0, f64::NAN], [f64::INFINITY, 0.0], [361.0, 0.0]] {
        assert!(place(point).is_err(), "{point:?}");
    }
}

fn ring(points: &[(f64, f64)]) -> Vec<LatLng> {
    points.iter().map(|&(lat, lng)| LatLng::degrees(lat, lng).expect("a place")).collect()
}

#[test]
fn only_repeats_and_ways_to_a_pole_and_back_are_taken_out() {
    let cases: [(&[(f64, f64)], usize); 9] = [
        (&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0)], 3),
        (&[(0.0, 0.0), (0.0, 1.0), (0.0, 1.0 + 1e-9), (1.0, 1.0)], 3),
        (&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], 3),
        // A corner at a pole is a corner.
        (&[(80.0, 0.0), (80.0, 40.0), (90.0, 0.0)], 3),
        (&[(80.0, 0.0), (80.0, 120.0), (80.0, -120.0), (80.0, 0.0), (90.0, 0.0)], 3),
        (&[(80.0, 0.0), (90.0, 0.0), (80.0, 0.0), (80.0, 120.0), (80.0, -120.0)], 3),
        // A cut with corners on its way, from either end.
        (&[(80.0, 0.0), (80.0, 120.0), (80.0, -120.0), (80.0, 0.0), (85.0, 0.0), (90.0, 0.0), (85.0, 0.0)], 3),
        (&[(85.0, 0.0), (80.0, 0.0), (80.0, 120.0), (80.0, -120.0), (80.0, 0.0), (85.0, 0.0), (90.0, 7.0)], 3),
        // A spur anywhere else is the user's mistake.
        (&[(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, 1.0), (1.0, 1.0)], 5),
    ];
    for (points, expected) in cases {
        let mut vertices = ring(points);
        close(&mut vertices);
        assert_eq!(vertices.len(), expected, "{points:?}: {vertices:?}");
    }
    close(&mut Vec::new());
    let mut poles = ring(&[(90.0, 0.0), (90.0, 10.0), (90.0, 20.0)]);
    close(&mut poles);
    assert_eq!(poles.len(), 1);
}
