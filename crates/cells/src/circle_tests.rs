//! The two rings of a circle against `s2rst` and against true geodesics.

use super::*;
use deconflict_spacetime::destination;
use s2rst::s1::Angle;
use s2rst::s2::{self, Loop};

const PLACES: [(f64, f64); 8] =
    [(34.4523, 40.9185), (0.0, 0.0), (45.0, 45.0), (-33.0, 180.0), (89.9, 10.0), (90.0, 77.0), (-90.0, 0.0), (5.0, -135.0)];
const RADII_M: [f64; 7] = [1e-3, 1.0, 25.0, 1e3, 1e4, 2.82e4, 1.78e5];

#[test]
fn the_ring_inside_is_that_of_interuss() {
    for (lat, lng) in PLACES {
        for radius_m in RADII_M {
            let ring = inscribed(LatLng::degrees(lat, lng).unwrap(), radius_m);
            let center = s2::LatLng::from_degrees(lat, lng).to_point();
            let expected = Loop::make_regular(center, Angle::from_radians(radius_m / SPHERE_M), 20);
            for (k, place) in ring.places.iter().enumerate() {
                let s2rst::r3::Vector { x, y, z } = expected.vertex(k).0;
                assert!(place.chord2(Direction([x, y, z])) < 1e-30, "{lat} {lng} {radius_m} corner {k}");
            }
        }
    }
}

/// How far inside a clockwise ring a place is, radians; below zero outside.
fn depth(ring: &Ring, place: Direction) -> f64 {
    // The normal of a short edge is known roughly, so it meets the offset from the edge, which is as short.
    let offset = |a: &Direction| Direction(std::array::from_fn(|i| place.0[i] - a.0[i]));
    let next = ring.places.iter().cycle().skip(1);
    let depths = ring.places.iter().zip(next).map(|(a, b)| b.cross(*a).normalized().dot(offset(a)));
    depths.fold(f64::INFINITY, f64::min)
}

#[test]
fn the_ring_around_a_circle_holds_it_and_is_near() {
    for (lat, lng) in PLACES {
        let center = LatLng::degrees(lat, lng).unwrap();
        for radius_m in RADII_M {
            let ring = circumscribed(center, radius_m);
            let stands_out_m = 1.0 + 1.7e-9 * radius_m.powi(2) + 9e-15 * radius_m.powi(3);
            for k in 0..720 {
                let depth_m = 6.4e6 * depth(&ring, Direction::of(destination(center, 0.5 * f64::from(k), radius_m)));
                // Rounding of places is a nanometre.
                assert!(depth_m > -1e-8, "{lat} {lng} {radius_m}: {depth_m} m at {k}");
                assert!(depth_m < 1.02 * stands_out_m.min(0.09 * radius_m + 1.0), "{lat} {lng} {radius_m}: {depth_m} m at {k}");
            }
        }
    }
}
