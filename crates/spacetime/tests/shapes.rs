//! What is refused and why, and the shapes that flat maps get wrong.
#![allow(missing_docs, reason = "tests")]

use deconflict_spacetime::{
    Area, Circle, Corridor, InvalidCorridor, InvalidPolygon, InvalidPolyline, LatLng, Polygon, Polyline, Shape, UNDECIDED_M,
    azimuth_deg, destination, distance_m,
};
use std::time::Instant;

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).unwrap()
}

fn points(pairs: &[(f64, f64)]) -> Vec<LatLng> {
    pairs.iter().map(|&(lat, lng)| at(lat, lng)).collect()
}

fn polygon(pairs: &[(f64, f64)]) -> Area {
    Area::from(Shape::Polygon(Polygon::new(points(pairs)).unwrap()))
}

fn circle(center: LatLng, radius_m: f64) -> Area {
    Area::from(Shape::Circle(Circle::new(center, radius_m).unwrap()))
}

fn corridor(pairs: &[(f64, f64)], width_m: f64) -> Area {
    Area::from(Shape::Corridor(Corridor::new(Polyline::new(points(pairs)).unwrap(), width_m).unwrap()))
}

/// A name, vertices, and a problem that must be among those found.
type Refused = (&'static str, &'static [(f64, f64)], InvalidPolygon);

#[test]
fn wrong_polygons_are_refused_with_the_place_and_the_reason() {
    use InvalidPolygon::{CrossingEdges, DuplicateVertices, TooFewVertices};
    let table: &[Refused] = &[
        ("nothing", &[], TooFewVertices(0)),
        ("a point", &[(0.0, 0.0)], TooFewVertices(1)),
        ("a line", &[(0.0, 0.0), (1.0, 1.0)], TooFewVertices(2)),
        ("closed as in GeoJSON", &[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0)], DuplicateVertices(0, 3)),
        ("a repeated vertex", &[(0.0, 0.0), (0.0, 1.0), (0.0, 1.0), (1.0, 1.0)], DuplicateVertices(1, 2)),
        ("a vertex 0.1 mm from another", &[(0.0, 0.0), (0.0, 1.0), (1e-9, 1.0), (1.0, 1.0)], DuplicateVertices(1, 2)),
        ("one place by two longitudes", &[(0.0, 180.0), (1.0, 179.0), (0.0, -180.0), (-1.0, 179.0)], DuplicateVertices(0, 2)),
        ("a pinched vertex", &[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0), (-1.0, -1.0)], DuplicateVertices(0, 3)),
        ("two names of a pole", &[(90.0, 0.0), (80.0, 10.0), (90.0, 50.0), (80.0, 60.0)], DuplicateVertices(0, 2)),
        ("a bow tie", &[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)], CrossingEdges(0, 2)),
        ("a bow tie over the antimeridian", &[(0.0, 179.5), (1.0, -179.5), (1.0, 179.5), (0.0, -179.5)], CrossingEdges(0, 2)),
        ("a vertex on another edge", &[(0.0, 0.0), (0.0, 2.0), (1.0, 2.0), (0.0, 1.0), (1.0, 0.0)], CrossingEdges(0, 2)),
        ("no area", &[(0.0, 0.0), (0.0, 1.0), (0.0, 2.0)], CrossingEdges(0, 2)),
        ("an edge that folds back", &[(0.0, 0.0), (0.0, 2.0), (0.0, 1.0), (1.0, 1.0)], CrossingEdges(0, 1)),
        ("no area on a meridian", &[(10.0, 5.0), (12.0, 5.0), (11.0, 5.0)], CrossingEdges(0, 1)),
    ];
    for (name, pairs, expected) in table {
        let vertices = points(pairs);
        let problems = Polygon::problems(&vertices);
        assert!(problems.contains(expected), "{name}: {problems:?}");
        let first = Polygon::new(vertices).unwrap_err();
        assert_eq!(std::mem::discriminant(&first), std::mem::discriminant(&problems[0]), "{name}: {first}");
    }
}

#[test]
fn polygons_past_the_limits_are_refused() {
    let long = Polygon::new(points(&[(0.0, 0.0), (0.0, 10.0), (5.0, 5.0)])).unwrap_err();
    assert!(matches!(long, InvalidPolygon::EdgeTooLong { edge: 0, length_km } if (length_km - 1113.2).abs() < 0.1), "{long}");
    let center = at(10.0, 10.0);
    let ring = |radius_m: f64| (0..24).map(|k| destination(center, 15.0 * f64::from(k), radius_m)).collect::<Vec<_>>();
    assert!(Polygon::new(ring(1.2e6)).is_ok());
    let far = Polygon::new(ring(1.4e6)).unwrap_err();
    assert!(matches!(far, InvalidPolygon::TooLarge { distance_km, .. } if distance_km > 2500.0), "{far}");
    assert!(Polygon::problems(&ring(1.2e6)).is_empty());
}

#[test]
fn every_problem_is_listed() {
    let twice = points(&[(0.0, 0.0), (0.0, 20.0), (0.0, 0.0), (0.0, 40.0)]);
    let problems = Polygon::problems(&twice);
    let count = |wanted: fn(&InvalidPolygon) -> bool| problems.iter().filter(|problem| wanted(problem)).count();
    assert_eq!(count(|p| matches!(p, InvalidPolygon::DuplicateVertices(0, 2))), 1);
    assert_eq!(count(|p| matches!(p, InvalidPolygon::EdgeTooLong { .. })), 4);
    assert_eq!(count(|p| matches!(p, InvalidPolygon::TooLarge { vertex: 3, .. })), 1);
    let star: Vec<LatLng> = (0..5).map(|k| destination(at(40.0, 40.0), 144.0 * f64::from(k), 1000.0)).collect();
    assert_eq!(Polygon::problems(&star).len(), 5);
}

#[test]
fn wrong_lines_circles_and_corridors_are_refused() {
    assert_eq!(Polyline::new(vec![]), Err(InvalidPolyline::TooFewWaypoints(0)));
    assert_eq!(Polyline::new(points(&[(1.0, 1.0)])), Err(InvalidPolyline::TooFewWaypoints(1)));
    assert_eq!(Polyline::new(points(&[(1.0, 1.0), (2.0, 1.0), (2.0, 1.0)])), Err(InvalidPolyline::RepeatedWaypoint(2)));
    assert_eq!(Polyline::new(points(&[(0.0, 180.0), (0.0, -180.0)])), Err(InvalidPolyline::RepeatedWaypoint(1)));
    assert!(matches!(Polyline::new(points(&[(0.0, 0.0), (9.5, 0.0)])), Err(InvalidPolyline::LegTooLong { leg: 0, .. })));
    for radius_m in [0.0, -1.0, 1_000_000.1, f64::NAN, f64::INFINITY] {
        assert!(Circle::new(at(0.0, 0.0), radius_m).is_err(), "{radius_m}");
        let line = Polyline::new(points(&[(0.0, 0.0), (1.0, 0.0)])).unwrap();
        assert!(matches!(Corridor::new(line, radius_m), Err(InvalidCorridor::Width(_))), "{radius_m}");
    }
    assert!(Area::new(vec![]).is_err());
}

#[test]
fn ten_thousand_vertices_are_checked_in_little_time() {
    let count = 10_000_u32;
    let turn_deg = |k: u32| 360.0 * f64::from(k) / f64::from(count);
    let ragged = |k: u32| 3e5 * (1.0 + 0.2 * (f64::from(k) * 0.7).sin() * f64::from(k % 3));
    let center = at(60.0, 20.0);
    let vertices: Vec<LatLng> = (0..count).map(|k| destination(center, turn_deg(k), ragged(k))).collect();
    let start = Instant::now();
    let area = Area::from(Shape::Polygon(Polygon::new(vertices.clone()).unwrap()));
    println!("polygon of {count} vertices: {:?}", start.elapsed());
    assert!(area.contains(center));
    let start = Instant::now();
    let beside = circle(destination(center, 77.0, 5e5), 1e4);
    let gap = area.gap(&beside);
    println!("its gap to a circle: {:?}", start.elapsed());
    assert!(gap.lateral_m > 1e4);
    let start = Instant::now();
    let mut crossed = vertices;
    crossed.swap(500, 7000);
    assert!(matches!(Polygon::new(crossed), Err(InvalidPolygon::CrossingEdges(..))));
    println!("a crossing found: {:?}", start.elapsed());
}

#[test]
fn one_inside_the_other_intersects_without_a_common_edge_point() {
    let outer = polygon(&[(0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (4.0, 0.0)]);
    let inner = polygon(&[(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)]);
    let beside = polygon(&[(5.0, 1.0), (6.0, 1.0), (6.0, 2.0)]);
    for shape in [&inner, &circle(at(2.0, 2.0), 10.0), &corridor(&[(1.0, 1.0), (2.0, 2.0)], 5.0)] {
        assert!(outer.intersects(shape) && shape.intersects(&outer));
        let gap = outer.gap(shape);
        assert!(gap.lateral_m <= 0.0 && outer.contains(gap.from) && shape.contains(gap.from) && gap.from == gap.to);
    }
    assert!(circle(at(2.0, 2.0), 9e5).intersects(&inner));
    assert!(!outer.intersects(&beside));
    // In the notch of a U, outside although surrounded on three sides.
    let u = polygon(&[(0.0, 0.0), (0.0, 3.0), (3.0, 3.0), (3.0, 2.0), (1.0, 2.0), (1.0, 1.0), (3.0, 1.0), (3.0, 0.0)]);
    assert!(!u.intersects(&circle(at(2.0, 1.5), 1e4)));
    assert!(u.intersects(&circle(at(2.0, 1.5), 6e4)));
}

#[test]
fn poles_are_places_like_others() {
    let cap = polygon(&[(85.0, 0.0), (85.0, 90.0), (85.0, 180.0), (85.0, -90.0)]);
    let (pole, near) = (at(90.0, 123.0), at(89.9, -45.0));
    assert!(cap.contains(pole) && cap.contains(near));
    // The edge is the short way across, not the parallel.
    assert!(!cap.contains(at(85.1, 45.0)));
    assert!(cap.contains(at(86.5, 45.0)));
    let disc = circle(at(89.0, 10.0), 2.3e5);
    assert!(disc.contains(pole) && disc.contains(at(89.0, -170.0)) && disc.intersects(&cap));
    let over = corridor(&[(88.0, 0.0), (88.0, 180.0)], 10.0);
    assert!(over.contains(pole) && over.intersects(&circle(at(89.0, 90.0), 1.117e5)) && over.intersects(&disc));
    assert!(!over.intersects(&circle(at(89.0, 90.0), 1.116e5)));
    assert!((cap.region().area_km2() / 618_500.0 - 1.0).abs() < 0.01, "{}", cap.region().area_km2());
    let shared = cap.overlap(&disc).unwrap();
    // All of the disc: π r² less a little for the curvature.
    assert!((shared.area_km2() / 166_190.0 - 1.0).abs() < 1e-3, "{}", shared.area_km2());
}

#[test]
fn the_antimeridian_is_no_edge() {
    let lane = corridor(&[(10.0, 179.0), (10.5, -179.0)], 1000.0);
    let box_east = polygon(&[(10.0, -179.9), (10.0, -179.0), (11.0, -179.0), (11.0, -179.9)]);
    let box_west = polygon(&[(10.0, 179.0), (10.0, 179.9), (11.0, 179.9), (11.0, 179.0)]);
    assert!(lane.intersects(&box_east) && lane.intersects(&box_west) && !box_east.intersects(&box_west));
    let gap = box_west.gap(&box_east);
    assert!((gap.lateral_m - distance_m(at(11.0, 179.9), at(11.0, -179.9))).abs() < 1e-3, "{gap:?}");
    assert!((box_west.bearing_deg(&box_east).unwrap() - 90.0).abs() < 0.1);
    assert!(lane.contains(at(10.252, 180.0)) && lane.contains(at(10.252, -180.0)));
    let shared = lane.overlap(&box_east).unwrap();
    assert!(shared.polygons().iter().all(|p| p.outer.iter().all(|v| v.lng_deg() < -178.9)));
}

#[test]
fn bearings_point_from_the_first_to_the_second() {
    let here = circle(at(30.0, 40.0), 1000.0);
    assert!((here.bearing_deg(&circle(at(31.0, 40.0), 1000.0)).unwrap() - 0.0).abs() < 1e-6);
    assert!((here.bearing_deg(&circle(at(29.0, 40.0), 1000.0)).unwrap() - 180.0).abs() < 1e-6);
    let overlapping = circle(destination(at(30.0, 40.0), 120.0, 500.0), 1000.0);
    assert!((here.bearing_deg(&overlapping).unwrap() - 120.0).abs() < 1e-6);
    assert_eq!(here.bearing_deg(&here), None);
}

#[test]
fn areas_of_several_shapes_are_their_union() {
    let parts = vec![
        Shape::Circle(Circle::new(at(0.0, 0.0), 1000.0).unwrap()),
        Shape::Circle(Circle::new(at(0.0, 1.0), 1000.0).unwrap()),
    ];
    let both = Area::new(parts).unwrap();
    let probe = circle(at(0.0, 0.6), 1000.0);
    let gap = both.gap(&probe);
    assert!((gap.lateral_m - (distance_m(at(0.0, 0.6), at(0.0, 1.0)) - 2000.0)).abs() < 1e-6);
    assert!((both.distance_m(at(0.0, 0.5)) - (distance_m(at(0.0, 0.5), at(0.0, 0.0)) - 1000.0)).abs() < 1e-6);
    assert!(both.contains(at(0.0, 1.0)) && !both.contains(at(0.0, 0.5)));
    assert_eq!(both.region().polygons().len(), 2);
}

#[test]
fn lines_measure_and_divide_themselves() {
    let line = Polyline::new(points(&[(0.0, 179.0), (0.0, -179.0), (1.0, -179.0)])).unwrap();
    let legs_m = [distance_m(at(0.0, 179.0), at(0.0, -179.0)), distance_m(at(0.0, -179.0), at(1.0, -179.0))];
    assert!((line.length_m() - legs_m[0] - legs_m[1]).abs() < 1e-6);
    assert_eq!(line.point_at(-5.0), at(0.0, 179.0));
    assert_eq!(line.point_at(1e9), at(1.0, -179.0));
    assert!(distance_m(line.point_at(legs_m[0] / 2.0), at(0.0, 180.0)) < 1e-6);
    let (along_m, away_m) = line.nearest(at(-0.1, 180.0));
    assert!((along_m - legs_m[0] / 2.0).abs() < 1e-3 && (away_m - distance_m(at(0.0, 180.0), at(-0.1, 180.0))).abs() < 1e-6);
    let part = line.part(1000.0, legs_m[0] + 500.0).unwrap();
    assert_eq!(part.waypoints().len(), 3);
    assert!((part.length_m() - (legs_m[0] - 500.0)).abs() < 1e-6);
    assert!(line.part(10.0, 10.0).is_none() && line.part(20.0, 10.0).is_none());
    assert!(line.part(-5.0, 1e9).unwrap().waypoints() == line.waypoints());
    assert_eq!(line.reversed().waypoints()[0], at(1.0, -179.0));
    assert!((line.reversed().length_m() - line.length_m()).abs() < 1e-6);
}

#[test]
fn stretches_are_found_to_a_decimetre() {
    let (start, end) = (at(35.0, 40.0), at(38.0, 46.0));
    let line = Polyline::new(vec![start, end]).unwrap();
    let on = |along_m: f64| destination(start, azimuth_deg(start, end), along_m);
    let area = Area::new(vec![
        Shape::Circle(Circle::new(on(100_000.0), 5_000.0).unwrap()),
        Shape::Circle(Circle::new(on(300_000.0), 50.0).unwrap()),
        Shape::Circle(Circle::new(on(300_080.0), 50.0).unwrap()),
    ])
    .unwrap();
    let stretches = line.stretches_within(&area);
    let expected = [(95_000.0, 105_000.0), (299_950.0, 300_130.0)];
    assert_eq!(stretches.len(), 2, "{stretches:?}");
    for (found, expected) in stretches.iter().zip(expected) {
        assert!((found.0 - expected.0).abs() < 0.1 && (found.1 - expected.1).abs() < 0.1, "{found:?} {expected:?}");
    }
    assert!(line.stretches_within(&circle(at(0.0, 0.0), 1000.0)).is_empty());
}

#[test]
fn a_line_along_an_edge_is_within_and_takes_no_time() {
    let square = polygon(&[(0.0, 0.0), (0.0, 8.0), (8.0, 8.0), (8.0, 0.0)]);
    let along = Polyline::new(points(&[(0.0, -0.4), (0.0, 8.4)])).unwrap();
    let start = Instant::now();
    let stretches = along.stretches_within(&square);
    let (from_m, to_m) = (distance_m(at(0.0, -0.4), at(0.0, 0.0)), distance_m(at(0.0, -0.4), at(0.0, 8.0)));
    assert_eq!(stretches.len(), 1, "{stretches:?}");
    assert!((stretches[0].0 - from_m).abs() < 0.1 && (stretches[0].1 - to_m).abs() < 0.1, "{stretches:?}");
    // A centimetre inside the edge of a corridor, on it, a centimetre outside.
    let road = corridor(&[(0.0, 0.0), (0.0, 8.0)], 1000.0);
    for (offset_m, inside) in [(500.0 - 0.01, true), (500.0, true), (500.0 + 0.01, false)] {
        let shifted =
            Polyline::new(vec![destination(at(0.0, 0.1), 0.0, offset_m), destination(at(0.0, 7.9), 0.0, offset_m)]).unwrap();
        let covered: f64 = shifted.stretches_within(&road).iter().map(|(from_m, to_m)| to_m - from_m).sum();
        // A geodesic beside the equator bows away from it, here by a metre, so only its ends can be within.
        assert_eq!(covered > 0.0, inside, "{offset_m}: {covered}");
        assert!(covered < 1e5, "{offset_m}: {covered}");
    }
    println!("lines along edges: {:?}", start.elapsed());
    assert!(start.elapsed().as_secs_f64() < 5.0);
}

#[test]
fn depth_is_negative_clearance() {
    let square = polygon(&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]);
    let edge_m = distance_m(at(0.0, 0.5), at(0.1, 0.5));
    assert!((square.clearance_m(at(0.1, 0.5)) + edge_m).abs() < 1.0);
    assert!((square.clearance_m(at(-0.1, 0.5)) - edge_m).abs() < 1e-6);
    assert!(square.distance_m(at(0.1, 0.5)) <= 0.0);
    assert!(square.clearance_m(at(0.0, 0.5)).abs() <= UNDECIDED_M);
}

#[test]
fn bounding_circles_hold_their_areas() {
    let square = polygon(&[(10.0, 179.0), (10.0, -179.0), (12.0, -179.0), (12.0, 179.0)]);
    let (center, radius_m) = square.bounding_circle();
    for &(lat, lng) in &[(10.0, 179.0), (12.0, -179.0), (11.0, 180.0)] {
        assert!(distance_m(center, at(lat, lng)) <= radius_m + 1e-6);
    }
    assert!(radius_m < 1.6e5);
    assert_eq!(circle(at(1.0, 2.0), 5.0).bounding_circle(), (at(1.0, 2.0), 5.0));
}
