//! The map and its way back, and the sizes of what is drawn on it.

use super::*;

#[test]
fn every_point_comes_back() {
    for center in [LatLng::wrapped(90.0, 0.0), LatLng::wrapped(10.0, 179.99), LatLng::wrapped(-45.0, 3.0)] {
        let plane = Plane::around(center);
        for k in 0..36_u32 {
            let p = destination(center, 10.0 * f64::from(k), 1e5 * f64::from(k));
            assert!(distance_m(p, plane.reverse(plane.forward(p))) < 1e-6);
        }
    }
}

#[test]
fn a_disc_has_the_area_of_its_circle() {
    let center = LatLng::wrapped(20.0, 20.0);
    let ring = oriented(Plane::around(center).disc(center, 1000.0));
    assert!((doubled_area(&ring) / 2e6 / std::f64::consts::PI - 1.0).abs() < 1e-6);
}

#[test]
fn drawn_edges_keep_to_their_geodesics() {
    // An edge of 1,000 km whose middle is 2,000 km from the centre of the map.
    let center = LatLng::wrapped(0.0, 0.0);
    let middle = destination(center, 50.0, 2e6);
    let (a, b) = (destination(middle, 140.0, 4.9e5), destination(middle, -40.0, 4.9e5));
    let edge = Segment::new(crate::segment::Site::new(a), crate::segment::Site::new(b));
    let plane = Plane::around(center);
    let ring = plane.ring(&[a, b]);
    for pair in ring[..ring.len() / 2].windows(2) {
        let half = [f64::midpoint(pair[0][0], pair[1][0]), f64::midpoint(pair[0][1], pair[1][1])];
        let off_m = edge.foot(&crate::segment::Site::new(plane.reverse(half))).distance_m;
        assert!(off_m < 0.5, "{off_m}");
    }
}
