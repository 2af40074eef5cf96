//! Every point of an area lies in its box, and boxes that are apart are areas that are apart.

use proptest::prelude::*;

use super::{Bounds, TURN, UNITS_PER_DEG};
use crate::{Area, Circle, Corridor, LatLng, Polygon, Polyline, Shape, destination, geodesic};

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).unwrap()
}

fn holds(bounds: Bounds, p: LatLng) -> bool {
    let units = |deg: f64| deg * f64::from(UNITS_PER_DEG);
    let east = (units(p.lng_deg()) - f64::from(bounds.west)).rem_euclid(TURN as f64);
    let pole = p.lat_deg().abs() >= 90.0;
    let (south, north) = (f64::from(bounds.south), f64::from(bounds.north));
    south <= units(p.lat_deg()) && units(p.lat_deg()) <= north && (pole || east <= f64::from(bounds.width))
}

/// Points on the outlines of a shape.
fn outline(shape: &Shape) -> Vec<LatLng> {
    let buffered = |line: &[LatLng], buffer_m: f64| {
        let points = line.windows(2).flat_map(|leg| {
            let (length_m, start, _) = geodesic::inverse(leg[0], leg[1]);
            (0..=20).map(move |k| destination(leg[0], start.deg(), length_m * f64::from(k) / 20.0)).collect::<Vec<_>>()
        });
        points.flat_map(|p| (0..16).map(move |k| destination(p, f64::from(k) * 22.5, buffer_m))).collect::<Vec<_>>()
    };
    match shape {
        Shape::Circle(circle) => (0..64).map(|k| destination(circle.center(), f64::from(k) * 5.625, circle.radius_m())).collect(),
        Shape::Corridor(corridor) => buffered(corridor.line().waypoints(), corridor.width_m() / 2.0),
        Shape::Polygon(polygon) => {
            let ring: Vec<LatLng> = polygon.vertices().iter().chain(polygon.vertices().first()).copied().collect();
            buffered(&ring, 0.0)
        }
    }
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let place = (-90.0..=90.0, -180.0..180.0).prop_map(|(lat, lng)| at(lat, lng));
    (place, 2.0..5.95, 0.0..360.0, 3..9usize, 0..3).prop_map(|(center, size, turn, corners, kind)| {
        let size_m = 10f64.powf(size);
        match kind {
            0 => Shape::Circle(Circle::new(center, size_m).unwrap()),
            1 => {
                let legs =
                    (0..3).scan(center, |p, k| Some(std::mem::replace(p, destination(*p, turn + 50.0 * f64::from(k), size_m))));
                Shape::Corridor(Corridor::new(Polyline::new(legs.collect()).unwrap(), size_m / 3.0).unwrap())
            }
            _ => {
                let corner = |k| destination(center, turn + 360.0 * k as f64 / corners as f64, size_m.min(5e5));
                Shape::Polygon(Polygon::new((0..corners).map(corner).collect()).unwrap())
            }
        }
    })
}

proptest! {
    #[test]
    fn every_point_of_an_area_lies_in_its_box(shape in any_shape()) {
        let bounds = Bounds::of(&Area::from(shape.clone()));
        for p in outline(&shape) {
            prop_assert!(holds(bounds, p), "{p:?} not in {bounds:?} of {shape:?}");
        }
    }

    #[test]
    fn the_hull_of_two_boxes_holds_both(one in any_shape(), two in any_shape()) {
        let hull = Bounds::of(&Area::new(vec![one.clone(), two.clone()]).unwrap());
        for p in outline(&one).into_iter().chain(outline(&two)) {
            prop_assert!(holds(hull, p));
        }
    }

    #[test]
    fn a_grown_box_holds_what_is_that_near(shape in any_shape(), by_m in 0.0..50e3, azimuth in 0.0..360.0) {
        let grown = Bounds::of(&Area::from(shape.clone())).grown_by(by_m);
        for p in outline(&shape).into_iter().step_by(7) {
            prop_assert!(holds(grown, destination(p, azimuth, by_m)));
        }
    }

    #[test]
    fn boxes_that_are_apart_are_areas_that_are_apart(one in any_shape(), two in any_shape()) {
        let (one, two) = (Area::from(one), Area::from(two));
        if !Bounds::of(&one).intersects(Bounds::of(&two)) {
            prop_assert!(!one.intersects(&two));
        }
    }
}

#[test]
fn a_pole_and_the_antimeridian_are_places_like_others() {
    let cap = Bounds::of(&Area::from(Shape::Circle(Circle::new(at(90.0, 0.0), 1e3).unwrap())));
    assert_eq!((cap.north, i64::from(cap.width)), (90 * UNITS_PER_DEG, TURN));
    let ring = (0..6).map(|k| at(-85.0, f64::from(k) * 60.0 - 170.0)).collect();
    let around = Bounds::of(&Area::from(Shape::Polygon(Polygon::new(ring).unwrap())));
    assert_eq!((around.south, i64::from(around.width)), (-90 * UNITS_PER_DEG, TURN));
    let across = Bounds::of(&Area::from(Shape::Circle(Circle::new(at(0.0, 180.0), 1e3).unwrap())));
    assert!(across.west > 179 * UNITS_PER_DEG && across.width < 200_000, "{across:?}");
    let west_of = Bounds::of(&Area::from(Shape::Circle(Circle::new(at(0.0, -179.995), 1e3).unwrap())));
    assert!(across.intersects(west_of) && west_of.intersects(across));
}
