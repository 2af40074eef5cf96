//! Bounds that must hold for every segment, and feet and crossings at their edge.

use super::*;
use crate::distance_m;
use proptest::prelude::*;

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::wrapped(lat, lng)
}

fn segment(from: LatLng, azimuth_deg: f64, length_m: f64) -> Segment {
    Segment::new(Site::new(from), Site::new(destination(from, azimuth_deg, length_m)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn chords_are_lower_bounds(
        lat in -90.0..90.0, lng in -180.0..180.0, away_m in 0.0..2e6,
        azimuths in (0.0..360.0, 0.0..360.0, 0.0..360.0), lengths in (1.0..1e6, 1.0..1e6), s in 0.0..1.0, t in 0.0..1.0,
    ) {
        let one = segment(at(lat, lng), azimuths.0, lengths.0);
        let two = segment(destination(at(lat, lng), azimuths.1, away_m), azimuths.2, lengths.1);
        let (p, _) = one.at(s * one.length_m);
        let (q, _) = two.at(t * two.length_m);
        prop_assert!(one.least_distance(&two) <= distance_m(p, q));
        prop_assert!(two.least_distance_to_point(Ecef::of(p)) <= distance_m(p, q));
        prop_assert!(point_chord(Ecef::of(p), one.a.ecef, one.b.ecef) <= one.sagitta_m);
    }

    #[test]
    fn a_foot_is_where_a_right_angle_was_laid_off(
        lat in -90.0..90.0, lng in -180.0..180.0, azimuth_deg in 0.0..360.0,
        length_m in 100.0..1e6, fraction in 0.1..0.9_f64, off_log in -3.0..5.0,
    ) {
        let segment = segment(at(lat, lng), azimuth_deg, length_m);
        let (on, forward) = segment.at(fraction * segment.length_m);
        let off_m = 10_f64.powf(off_log);
        let p = destination(on, forward.deg() + 90.0, off_m);
        let foot = segment.foot(&Site::new(p));
        prop_assert!((foot.distance_m - off_m).abs() < 1e-7, "{} {}", foot.distance_m, off_m);
        prop_assert!((foot.along_m - fraction * segment.length_m).abs() < 1e-3 + 2e-4 * off_m.sqrt());
        prop_assert!((segment.side_m(p) / off_m - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_piece_keeps_to_its_segment(azimuth_deg in 0.0..360.0, lat in -90.0..90.0, from in 0.0..0.5, to in 0.5..1.0) {
        let whole = segment(at(lat, 179.0), azimuth_deg, 8e5);
        let piece = whole.piece(from * whole.length_m, to * whole.length_m);
        prop_assert!(whole.foot(&piece.a).distance_m < 1e-7 && whole.foot(&piece.b).distance_m < 1e-7);
        prop_assert!((distance_m(piece.a.at, piece.b.at) - piece.length_m).abs() < 1e-6);
    }
}

#[test]
fn points_of_the_surface_come_back_from_space() {
    for (lat, lng) in [(0.0, 0.0), (45.0, 179.9), (-89.9, -120.0), (90.0, 0.0)] {
        assert!(distance_m(at(lat, lng), Ecef::of(at(lat, lng)).to_latlng()) < 1e-6, "{lat} {lng}");
    }
}

#[test]
fn collinear_segments_do_not_cross() {
    let first = segment(at(50.0, 0.0), 70.0, 5e5);
    let (after, forward) = Line::new(first.a.at, first.start).at(first.length_m + 0.005);
    let second = segment(after, forward.deg(), 5e5);
    let contact = first.contact(&second, f64::INFINITY, 0.0).expect("there is always a contact without a cutoff");
    assert!((contact.distance_m - 0.005).abs() < 1e-6, "{contact:?}");
}

#[test]
fn a_crossing_is_found_where_it_is() {
    let one = segment(at(89.0, 0.0), 0.0, 4e5);
    let two = segment(at(89.0, 90.0), 0.0, 4e5);
    let contact = one.contact(&two, 10.0, 0.0).expect("both pass over the pole");
    assert!(contact.distance_m <= 0.0 && contact.from.lat_deg() > 89.999_999, "{contact:?}");
}
