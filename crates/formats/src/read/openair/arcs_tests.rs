//! Tests of `arcs`: what is drawn holds what is meant and reaches little beyond it, whichever way round.

use deconflict_spacetime::{Area, LatLng, Polygon, Shape, UNDECIDED_M, destination, distance_m};

use super::{ARC_ERROR_M, MARGIN_M, Side, ring};

const CENTER: [f64; 2] = [8.0, 46.0];

fn area(sides: &[Side]) -> Area {
    let (ring, error_m) = ring(sides);
    let uneven = |side: &Side| matches!(side, Side::Arc { radii_m: [one, other], .. } if (one - other).abs() > 0.1);
    assert!(error_m <= ARC_ERROR_M + 3.0 * MARGIN_M || sides.iter().any(uneven), "{error_m}");
    let mut corners: Vec<LatLng> = ring.iter().map(|at| LatLng::degrees(at[1], at[0]).expect("a place")).collect();
    corners.dedup_by(|a, b| distance_m(*a, *b) <= UNDECIDED_M);
    Area::from(Shape::Polygon(Polygon::new(corners).expect("a ring")))
}

fn center() -> LatLng {
    LatLng::degrees(CENTER[1], CENTER[0]).expect("a place")
}

fn corner(azimuth_deg: f64, m: f64) -> Side {
    let at = destination(center(), azimuth_deg, m);
    Side::Point([at.lng_deg(), at.lat_deg()])
}

/// Points just inside the arc from north to east are in `inside`, and those the error beyond it are not.
fn check(area: &Area, radius_m: f64, near_side_inside: bool) {
    for step in 1..900 {
        let azimuth_deg = f64::from(step) * 0.1;
        let at = |m: f64| area.contains(destination(center(), azimuth_deg, m));
        let beyond_m = ARC_ERROR_M + 0.1;
        if near_side_inside {
            assert!(at(radius_m - 0.001) && !at(radius_m + beyond_m), "{radius_m} at {azimuth_deg}");
        } else {
            assert!(at(radius_m + 0.001) && !at(radius_m - beyond_m), "{radius_m} at {azimuth_deg}");
        }
    }
}

#[test]
fn a_sector_holds_its_arc_in_either_direction() {
    for radius_m in [300.0, 5_000.0, 50_000.0] {
        let clockwise = Side::between_angles(CENTER, radius_m, 0.0, 90.0, false);
        check(&area(&[Side::Point(CENTER), clockwise]), radius_m, true);
        let counter_clockwise = Side::between_angles(CENTER, radius_m, 90.0, 0.0, true);
        check(&area(&[Side::Point(CENTER), counter_clockwise]), radius_m, true);
    }
}

#[test]
fn a_bite_is_never_larger_than_the_arc_in_either_direction() {
    for radius_m in [300.0, 5_000.0, 50_000.0] {
        let far = |azimuth_deg| corner(azimuth_deg, 3.0 * radius_m);
        let bite = Side::between_angles(CENTER, radius_m, 90.0, 0.0, true);
        check(&area(&[far(0.0), far(45.0), far(90.0), bite]), radius_m, false);
        let reversed = Side::between_angles(CENTER, radius_m, 0.0, 90.0, false);
        check(&area(&[far(90.0), far(45.0), far(0.0), reversed]), radius_m, false);
    }
}

#[test]
fn an_arc_between_points_goes_through_them_even_if_their_distances_differ() {
    let ends = [(0.0, 10_000.0), (90.0, 10_300.0)].map(|(azimuth_deg, m)| destination(center(), azimuth_deg, m));
    let ends = ends.map(|at| [at.lng_deg(), at.lat_deg()]);
    let side = Side::between_ends(CENTER, ends, false).expect("near enough");
    let (ring, _) = ring(&[Side::Point(CENTER), side]);
    assert!(ring.contains(&ends[0]) && ring.contains(&ends[1]));
    let (drawn, between) = (area(&[Side::Point(CENTER), side]), destination(center(), 45.0, 10_150.0));
    assert!(drawn.contains(between));
    assert!(Side::between_ends(CENTER, [ends[0], [9.0, 47.0]], false).is_err());
}

#[test]
fn a_whole_turn_is_a_circle() {
    assert_eq!(Side::between_angles(CENTER, 5.0, 0.0, 360.0, false), Side::Circle { center: CENTER, radius_m: 5.0 });
    assert_eq!(Side::between_angles(CENTER, 5.0, 90.0, 90.0, true), Side::Circle { center: CENTER, radius_m: 5.0 });
}

#[test]
fn the_antimeridian_does_not_matter() {
    let east = [179.9, 46.0];
    let sector = Side::between_angles(east, 20_000.0, 0.0, 180.0, false);
    let drawn = area(&[Side::Point(east), sector]);
    assert!(drawn.contains(LatLng::degrees(46.0, -179.95).expect("a place")));
    assert!(!drawn.contains(LatLng::degrees(46.0, 179.8).expect("a place")));
}
