//! F3548's rule at the edge: more than 1 cm of true overlap is always reported, more than 1 cm of true gap never is.
//!
//! The true gap is known by construction: one shape ends at a point laid off at a right angle to the other's outline.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::Rng;
use deconflict_spacetime::{Area, Circle, Corridor, LatLng, Polygon, Polyline, Shape, azimuth_deg, destination, distance_m};

/// A long-edged shape, a point on its outline and the azimuth straight out of it there.
fn target(rng: &mut Rng, kind: u64, center: LatLng, size_m: f64) -> (Shape, LatLng, f64) {
    match kind {
        0 => {
            // A clockwise triangle: outside is to the left of every edge.
            let corners: Vec<LatLng> =
                (0..3).map(|k| destination(center, 120.0 * f64::from(k) + rng.range(-20.0, 20.0), 0.55 * size_m)).collect();
            let length_m = distance_m(corners[0], corners[1]);
            let on_edge = destination(corners[0], azimuth_deg(corners[0], corners[1]), length_m * rng.range(0.2, 0.8));
            let out_deg = azimuth_deg(on_edge, corners[1]) - 90.0;
            (Shape::Polygon(Polygon::new(corners).unwrap()), on_edge, out_deg)
        }
        1 => {
            let azimuth = rng.range(0.0, 360.0);
            let on_edge = destination(center, azimuth, size_m);
            let out_deg = azimuth_deg(on_edge, center) + 180.0;
            (Shape::Circle(Circle::new(center, size_m).unwrap()), on_edge, out_deg)
        }
        _ => {
            let end = destination(center, rng.range(0.0, 360.0), size_m);
            let on_line = destination(center, azimuth_deg(center, end), size_m * rng.range(0.3, 0.7));
            let width_m = 0.1 * size_m;
            let on_edge = destination(on_line, azimuth_deg(on_line, end) - 90.0, width_m / 2.0);
            let out_deg = azimuth_deg(on_edge, on_line) + 180.0;
            let line = Polyline::new(vec![center, end]).unwrap();
            (Shape::Corridor(Corridor::new(line, width_m).unwrap()), on_edge, out_deg)
        }
    }
}

/// A shape whose point nearest to what lies behind `tip` is `tip`, reaching away along `out_deg`.
fn probe(kind: u64, tip: LatLng, out_deg: f64, size_m: f64) -> Shape {
    match kind {
        0 => {
            let away = |turn: f64| destination(tip, out_deg + turn, size_m);
            Shape::Polygon(Polygon::new(vec![tip, away(-15.0), away(15.0)]).unwrap())
        }
        1 => Shape::Circle(Circle::new(destination(tip, out_deg, size_m), size_m).unwrap()),
        _ => {
            let width_m = 0.1 * size_m;
            let start = destination(tip, out_deg, width_m / 2.0);
            let end = destination(tip, out_deg, size_m);
            Shape::Corridor(Corridor::new(Polyline::new(vec![start, end]).unwrap(), width_m).unwrap())
        }
    }
}

#[test]
fn a_centimetre_decides_for_every_pair_of_kinds() {
    for case in 0..360 {
        let mut rng = Rng(case);
        let (target_kind, probe_kind) = (case % 3, case / 3 % 3);
        let (center, size_m) = (rng.place(), rng.log_range(20.0, 9e5));
        let probe_m = size_m * rng.log_range(0.01, 0.9);
        let (shape, on_edge, out_deg) = target(&mut rng, target_kind, center, size_m);
        let target = Area::from(shape);
        for gap_m in [0.011, -0.011] {
            // Laid off along the geodesic, so that the distance to the edge is the gap; the heading is carried along it.
            let tip = destination(on_edge, out_deg, gap_m);
            let probe = Area::from(probe(probe_kind, tip, out_deg, probe_m));
            let clear = gap_m > 0.0;
            assert_eq!(target.intersects(&probe), !clear, "case {case}: {gap_m} m, gap {:?}", target.gap(&probe));
            assert_eq!(probe.intersects(&target), !clear, "case {case} the other way: {gap_m} m");
            assert!(target.within(&probe, 0.012), "case {case}");
            if clear {
                let measured_m = target.gap(&probe).lateral_m;
                assert!((measured_m - gap_m).abs() < 1e-5, "case {case}: {measured_m} m instead of {gap_m} m");
            }
        }
    }
}

#[test]
fn edges_that_touch_intersect() {
    for case in 0..90 {
        let mut rng = Rng(5000 + case);
        let (center, size_m) = (rng.place(), rng.log_range(20.0, 9e5));
        let (shape, on_edge, out_deg) = target(&mut rng, case % 3, center, size_m);
        assert!(Area::from(shape).intersects(&Area::from(probe(case / 3 % 3, on_edge, out_deg, 0.5 * size_m))), "case {case}");
    }
}

#[test]
fn two_pieces_of_one_geodesic_two_centimetres_apart_do_not_touch() {
    for case in 0..60 {
        let mut rng = Rng(9000 + case);
        let (start, azimuth, length_m) = (rng.place(), rng.range(0.0, 360.0), rng.log_range(10.0, 9e5));
        let width_m = 0.05;
        let corridor = |from_m: f64, to_m: f64| {
            let line = vec![destination(start, azimuth, from_m), destination(start, azimuth, to_m)];
            Area::from(Shape::Corridor(Corridor::new(Polyline::new(line).unwrap(), width_m).unwrap()))
        };
        let first = corridor(0.0, length_m);
        let second = corridor(length_m + width_m + 0.02, 2.0 * length_m);
        assert!(!first.intersects(&second), "case {case}");
        assert!((first.gap(&second).lateral_m - 0.02).abs() < 1e-5, "case {case}: {:?}", first.gap(&second));
        assert!(first.intersects(&corridor(length_m - 1.0, 2.0 * length_m)), "case {case}: overlapping pieces of one geodesic");
    }
}

#[test]
fn lines_that_cross_at_a_hair_of_an_angle_intersect() {
    for case in 0..200 {
        let mut rng = Rng(20_000 + case);
        let (start, azimuth, length_m) = (rng.place(), rng.range(0.0, 360.0), rng.log_range(10.0, 9e5));
        let line =
            |points: Vec<LatLng>| Area::from(Shape::Corridor(Corridor::new(Polyline::new(points).unwrap(), 1e-6).unwrap()));
        let end = destination(start, azimuth, length_m);
        let beside = |fraction: f64, right_m: f64| {
            let on = destination(start, azimuth, fraction * length_m);
            destination(on, azimuth_deg(on, end) + 90.0, right_m)
        };
        let offset_m = rng.log_range(2e-3, 1.0);
        let straight = line(vec![start, end]);
        let crossing = line(vec![beside(0.25, offset_m), beside(0.75, -offset_m)]);
        assert!(straight.intersects(&crossing) && crossing.intersects(&straight), "case {case}: {offset_m} m");
        assert!(straight.clearance_m(straight.gap(&crossing).from).abs() < 1e-3);
        // The same line stopped a little before it crosses ends beside the other.
        let short = line(vec![beside(0.25, offset_m), beside(0.45, 0.2 * offset_m + 0.011)]);
        assert!(!straight.intersects(&short), "case {case}: {offset_m} m, stopped short");
    }
}

#[test]
fn a_sliver_of_overlap_far_along_a_long_edge_is_found() {
    // On a flat map of longitude and latitude this edge is 20 km off, and on a sphere still many metres.
    let at = |lat, lng| LatLng::degrees(lat, lng).unwrap();
    let long = Polygon::new(vec![at(50.0, 0.0), at(50.0, 13.0), at(48.0, 6.5)]).unwrap();
    let (a, b) = (at(50.0, 0.0), at(50.0, 13.0));
    let middle = destination(a, azimuth_deg(a, b), distance_m(a, b) / 2.0);
    let area = Area::from(Shape::Polygon(long));
    let beacon = |north_m: f64| Area::from(Shape::Circle(Circle::new(destination(middle, 0.0, north_m), 1.0).unwrap()));
    assert!(middle.lat_deg() > 50.17);
    assert!(area.intersects(&beacon(0.98)));
    assert!(!area.intersects(&beacon(1.02)));
}
