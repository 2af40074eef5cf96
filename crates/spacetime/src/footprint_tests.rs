//! What is kept small, and that nothing is lost by it.

use super::Footprint;
use crate::{Area, Bounds, InvalidPolygon, LatLng, Polygon, Shape, destination};

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).unwrap()
}

fn square(lat: f64, lng: f64, side: f64) -> Vec<LatLng> {
    vec![at(lat, lng), at(lat, lng + side), at(lat + side, lng + side), at(lat + side, lng)]
}

fn is_simple(footprint: &Footprint) -> bool {
    matches!(footprint, Footprint::Simple(_))
}

#[test]
fn small_convex_outlines_are_kept_small_and_others_whole() {
    let polygon = |vertices: Vec<LatLng>| is_simple(&Footprint::polygon(vertices).unwrap());
    assert!(polygon(square(34.0, 40.0, 0.01)));
    assert!(polygon(square(34.0, 40.0, 0.01).into_iter().rev().collect()));
    assert!(!polygon(square(34.0, 40.0, 0.5)), "55 km edges");
    assert!(!polygon(square(80.0, 40.0, 0.01)), "too far north");
    assert!(!polygon(vec![at(10.0, 179.995), at(10.0, -179.995), at(10.01, 180.0)]), "over the antimeridian");
    let dent = vec![at(0.0, 0.0), at(0.0, 0.1), at(0.1, 0.1), at(0.02, 0.08)];
    assert!(!polygon(dent), "not convex");
    let straight = vec![at(60.0, 0.0), at(60.0, 0.05), at(60.0, 0.1), at(60.1, 0.05)];
    assert!(!polygon(straight), "a corner on the line of two others");
    let nine: Vec<LatLng> = (0..9).map(|k| destination(at(50.0, 8.0), f64::from(k) * 40.0, 1e3)).collect();
    assert!(!polygon(nine));
    assert!(is_simple(&Footprint::circle(at(1.0, 1.0), 500.0).unwrap()));
    assert!(!is_simple(&Footprint::circle(at(1.0, 1.0), 100e3).unwrap()));
    assert!(is_simple(&Footprint::corridor(vec![at(1.0, 1.0), at(1.1, 1.0)], 100.0).unwrap()));
    assert!(!is_simple(&Footprint::corridor(vec![at(1.0, 1.0), at(1.1, 1.0), at(1.1, 1.1)], 100.0).unwrap()));
}

#[test]
fn a_bad_outline_is_refused_as_the_shape_itself_refuses_it() {
    let bow_tie = vec![at(0.0, 0.0), at(0.01, 0.01), at(0.01, 0.0), at(0.0, 0.01)];
    assert_eq!(Footprint::polygon(bow_tie), Err(InvalidPolygon::CrossingEdges(0, 2)));
    let star: Vec<LatLng> = (0..5).map(|k| destination(at(50.0, 8.0), f64::from(k) * 144.0, 1e3)).collect();
    assert!(matches!(Footprint::polygon(star), Err(InvalidPolygon::CrossingEdges(..))));
    let twice = vec![at(0.0, 0.0), at(0.0, 0.0), at(0.01, 0.0), at(0.0, 0.01)];
    assert_eq!(Footprint::polygon(twice), Err(InvalidPolygon::DuplicateVertices(0, 1)));
    assert!(Footprint::circle(at(0.0, 0.0), f64::NAN).is_err());
    assert!(Footprint::corridor(vec![at(0.0, 0.0), at(0.1, 0.0)], -1.0).is_err());
    assert!(Footprint::corridor(vec![at(0.0, 0.0)], 1.0).is_err());
}

#[test]
fn the_area_of_a_footprint_is_the_area_it_was_made_from() {
    let turned: Vec<LatLng> = square(34.0, 40.0, 0.01);
    for vertices in [turned.clone(), turned.into_iter().rev().collect()] {
        let footprint = Footprint::polygon(vertices.clone()).unwrap();
        let whole = Area::from(Shape::Polygon(Polygon::new(vertices).unwrap()));
        for (lat, lng) in [(34.0, 40.0), (34.005, 40.005), (34.005, 40.011), (33.999, 40.005)] {
            assert_eq!(footprint.area().contains(at(lat, lng)), whole.contains(at(lat, lng)), "{lat} {lng}");
        }
        assert_eq!(Footprint::from(whole), footprint);
    }
}

#[test]
fn the_box_of_a_footprint_is_about_the_box_of_its_area() {
    for footprint in [
        Footprint::polygon(square(34.0, 40.0, 0.01)).unwrap(),
        Footprint::circle(at(-70.0, 179.999), 2e3).unwrap(),
        Footprint::corridor(vec![at(60.0, 10.0), at(60.1, 10.2)], 300.0).unwrap(),
    ] {
        let (small, whole) = (footprint.bounds(), Bounds::of(&footprint.area()));
        assert!(small.south <= whole.south && whole.north <= small.north);
        assert!(whole.south - small.south < 1_000 && small.north - whole.north < 1_000, "within 11 m");
    }
}

#[test]
fn the_disc_of_a_footprint_holds_it() {
    let outlines = [
        Footprint::polygon(square(34.0, 40.0, 0.01)).unwrap(),
        Footprint::polygon(square(-74.9, 179.0, 0.03)).unwrap(),
        Footprint::polygon(square(-0.05, 10.0, 0.1)).unwrap(),
        Footprint::circle(at(-70.0, 179.999), 2e3).unwrap(),
        Footprint::corridor(vec![at(60.0, 10.0), at(60.1, 10.2)], 300.0).unwrap(),
        Footprint::corridor(vec![at(-3.0, 10.0), at(-3.1, 10.1)], 3000.0).unwrap(),
    ];
    for footprint in outlines {
        let Footprint::Simple(simple) = &footprint else { panic!("{footprint:?} is not simple") };
        let (center, radius_m) = simple.as_simple().disc();
        let (_, needed_m) = footprint.area().bounding_circle();
        assert!(radius_m < 1.1 * needed_m + 1.0, "{radius_m} m for {needed_m} m");
        for corner in simple.as_simple().corners {
            let reach_m = crate::distance_m(center, *corner) + simple.as_simple().buffer_m;
            assert!(reach_m <= radius_m, "{reach_m} m in {radius_m} m: {footprint:?}");
        }
    }
}
