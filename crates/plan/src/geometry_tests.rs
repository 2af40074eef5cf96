//! Rings at the antimeridian and the poles, as GeoJSON wants them.

use deconflict_spacetime::{Area, Circle, LatLng, Polygon, Shape};
use serde_json::Value;

use super::geometry;
use crate::report::Location;

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a point")
}

fn region(shape: impl Into<Shape>) -> Location {
    Location::Region(Area::from(shape.into()).region())
}

fn polygon(vertices: &[(f64, f64)]) -> Location {
    region(Shape::Polygon(Polygon::new(vertices.iter().map(|&(lat, lng)| at(lat, lng)).collect()).expect("a polygon")))
}

/// Every ring of a Polygon or MultiPolygon, with whether it is an outer one.
fn rings(geometry: &Value) -> Vec<(bool, Vec<[f64; 2]>)> {
    let coordinates = geometry["coordinates"].as_array().expect("coordinates").clone();
    let polygons = if geometry["type"] == "Polygon" { vec![Value::Array(coordinates)] } else { coordinates };
    let mut all = Vec::new();
    for polygon in &polygons {
        for (index, ring) in polygon.as_array().expect("rings").iter().enumerate() {
            all.push((index == 0, serde_json::from_value(ring.clone()).expect("positions")));
        }
    }
    all
}

fn doubled_area(ring: &[[f64; 2]]) -> f64 {
    ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum()
}

/// The rules of RFC 7946, 3.1.6 and 3.1.9; gives back the square degrees that are covered.
fn check(geometry: &Value) -> f64 {
    let mut covered = 0.0;
    for (outer, ring) in rings(geometry) {
        assert!(ring.len() >= 4 && ring.first() == ring.last(), "closed");
        assert!(ring.iter().all(|[lng, lat]| lng.abs() <= 180.0 && lat.abs() <= 90.0), "on the sheet: {ring:?}");
        assert_eq!(doubled_area(&ring) > 0.0, outer, "the right-hand rule");
        covered += doubled_area(&ring) / 2.0;
    }
    covered
}

#[test]
fn a_point_has_its_longitude_first() {
    assert_eq!(geometry(&Location::Point(at(34.45, 40.92))).to_string(), r#"{"type":"Point","coordinates":[40.92,34.45]}"#);
}

#[test]
fn a_line_across_the_antimeridian_is_two_lines() {
    let geometry = geometry(&Location::Line(vec![at(0.0, 179.0), at(2.0, -179.0)]));
    assert_eq!(
        geometry.to_string(),
        r#"{"type":"MultiLineString","coordinates":[[[179.0,0.0],[180.0,1.0]],[[-180.0,1.0],[-179.0,2.0]]]}"#
    );
}

#[test]
fn an_ordinary_polygon_is_one_ring() {
    let geometry = geometry(&polygon(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]));
    assert_eq!(geometry["type"], "Polygon");
    assert!((check(&geometry) - 1.0).abs() < 0.01);
}

#[test]
fn a_polygon_across_the_antimeridian_is_cut_there() {
    let geometry = geometry(&polygon(&[(0.0, 179.0), (0.0, -179.0), (1.0, -179.0), (1.0, 179.0)]));
    assert_eq!(geometry["type"], "MultiPolygon");
    assert_eq!(rings(&geometry).len(), 2);
    assert!((check(&geometry) - 2.0).abs() < 0.01);
}

#[test]
fn a_comb_across_the_antimeridian_keeps_its_teeth_apart() {
    // A spine west of the antimeridian, two teeth that reach east across it.
    let comb =
        [(0.0, 178.0), (0.0, -179.0), (1.0, -179.0), (1.0, 179.0), (2.0, 179.0), (2.0, -179.0), (3.0, -179.0), (3.0, 178.0)];
    let geometry = geometry(&polygon(&comb));
    assert_eq!(rings(&geometry).len(), 3);
    assert!((check(&geometry) - 7.0).abs() < 0.05, "{}", check(&geometry));
}

#[test]
fn a_hole_on_the_antimeridian_is_cut_too() {
    let outer = Area::from(Shape::Circle(Circle::new(at(10.0, 180.0), 200_000.0).expect("a circle")));
    let inner = Area::from(Shape::Circle(Circle::new(at(10.0, 180.0), 100_000.0).expect("a circle")));
    let geometry = geometry(&Location::Region(outer.region().difference(&inner)));
    assert_eq!(rings(&geometry).len(), 2, "two half rings without holes");
    let (lng, lat) = (111.3 * 10_f64.to_radians().cos(), 110.6);
    let expected = std::f64::consts::PI * (200.0 * 200.0 - 100.0 * 100.0) / (lng * lat);
    assert!((check(&geometry) / expected - 1.0).abs() < 0.01);
}

#[test]
fn a_hole_away_from_the_antimeridian_stays_a_hole() {
    let outer = Area::from(Shape::Circle(Circle::new(at(0.0, 180.0), 200_000.0).expect("a circle")));
    let inner = Area::from(Shape::Circle(Circle::new(at(0.0, 179.0), 50_000.0).expect("a circle")));
    let geometry = geometry(&Location::Region(outer.region().difference(&inner)));
    assert_eq!(rings(&geometry).iter().filter(|(outer, _)| !outer).count(), 1);
    check(&geometry);
}

#[test]
fn ground_around_a_pole_reaches_it() {
    for (lat, pole) in [(90.0, 90.0), (-90.0, -90.0), (89.5, 90.0)] {
        let geometry = geometry(&region(Shape::Circle(Circle::new(at(lat, 30.0), 111_000.0).expect("a circle"))));
        let covered = check(&geometry);
        assert!((300.0..450.0).contains(&covered), "about one degree of 360: {covered}");
        assert!(rings(&geometry).iter().any(|(_, ring)| ring.iter().any(|[_, lat]| (lat - pole).abs() < 1e-9)));
    }
}

#[test]
fn a_belt_around_a_pole_leaves_the_pole_out() {
    let outer = Area::from(Shape::Circle(Circle::new(at(90.0, 0.0), 222_000.0).expect("a circle")));
    let inner = Area::from(Shape::Circle(Circle::new(at(90.0, 0.0), 111_000.0).expect("a circle")));
    let geometry = geometry(&Location::Region(outer.region().difference(&inner)));
    assert!((check(&geometry) - 360.0).abs() < 10.0, "{}", check(&geometry));
}
