//! Frames are held against geodesics.

use super::Frame;
use deconflict_spacetime::{LatLng, distance_m};

/// Checks that what `frame` puts so many metres apart is so far apart on the ellipsoid, within two per cent.
#[track_caller]
fn check(frame: Frame, a: [f64; 2], b: [f64; 2]) {
    let expected_m = (a[0] - b[0]).hypot(a[1] - b[1]);
    let (p, q) = (frame.at(a), frame.at(b));
    let measured_m = distance_m(p, q);
    assert!((measured_m - expected_m).abs() < 0.02 * expected_m, "{p:?} to {q:?}: {measured_m} m, expected {expected_m} m");
}

#[test]
fn metres_are_metres_everywhere() {
    for (lat_deg, lng_deg) in [(0.0, 0.0), (34.5, 40.9), (-60.0, -179.9), (60.0, 179.9)] {
        let frame = Frame::Around { lat_deg, lng_deg };
        check(frame, [0.0, 0.0], [20e3, 0.0]);
        check(frame, [-20e3, -5e3], [20e3, 5e3]);
        check(frame, [0.0, -20e3], [0.0, 20e3]);
    }
    for is_north in [true, false] {
        let frame = Frame::Pole { is_north };
        check(frame, [-30e3, 10e3], [40e3, -10e3]);
        check(frame, [100e3, 100e3], [101e3, 100e3]);
        check(frame, [-50e3, -80e3], [-50e3, -79e3]);
        check(frame, [0.0, 0.0], [0.0, -1e3]);
    }
}

#[test]
fn a_frame_on_the_antimeridian_lies_on_both_sides() {
    let frame = Frame::Around { lat_deg: 10.0, lng_deg: 180.0 };
    assert!(frame.at([-1e3, 0.0]).lng_deg() > 179.9);
    assert!(frame.at([1e3, 0.0]).lng_deg() < -179.9);
    assert_eq!(Frame::Pole { is_north: false }.at([0.0, 0.0]), LatLng::degrees(-90.0, 0.0).unwrap());
}
