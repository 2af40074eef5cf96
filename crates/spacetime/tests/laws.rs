//! Laws that hold for every pair of shapes, and for the polygons that are drawn of them.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::Rng;
use deconflict_spacetime::{
    Area, Circle, Corridor, LatLng, Polygon, Polyline, Region, Shape, UNDECIDED_M, destination, distance_m,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The same cases in every run; `DECONFLICT_CASES=100` takes a hundred times as many, and others.
fn laws(cases: u32) -> ProptestConfig {
    let times: Option<u32> = std::env::var("DECONFLICT_CASES").ok().and_then(|text| text.parse().ok());
    let rng_seed = RngSeed::Fixed(u64::from(times.unwrap_or(0)));
    ProptestConfig { cases: cases * times.unwrap_or(1), rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// Two shapes near each other, from a seed.
fn pair(seed: u64) -> (Shape, Shape) {
    let mut rng = Rng(seed);
    let (kind_1, kind_2) = (rng.below(3), rng.below(3));
    let (size_1, size_2) = (rng.log_range(10.0, 9e5), rng.log_range(10.0, 9e5));
    let center = rng.place();
    let away_m = size_1.max(size_2) * rng.log_range(0.1, 3.0);
    let other = destination(center, rng.range(0.0, 360.0), away_m);
    (rng.shape(kind_1, center, size_1), rng.shape(kind_2, other, size_2))
}

/// The shape with every point moved by `f`.
fn mapped(shape: &Shape, f: &dyn Fn(LatLng) -> LatLng) -> Shape {
    let all = |points: &[LatLng]| points.iter().map(|&p| f(p)).collect::<Vec<_>>();
    match shape {
        Shape::Polygon(polygon) => Shape::Polygon(Polygon::new(all(polygon.vertices())).unwrap()),
        Shape::Circle(circle) => Shape::Circle(Circle::new(f(circle.center()), circle.radius_m()).unwrap()),
        Shape::Corridor(corridor) => {
            let line = Polyline::new(all(corridor.line().waypoints())).unwrap();
            Shape::Corridor(Corridor::new(line, corridor.width_m()).unwrap())
        }
    }
}

fn gap_m(one: &Shape, two: &Shape) -> f64 {
    Area::from(one.clone()).gap(&Area::from(two.clone())).lateral_m
}

fn turned(at: LatLng, by_deg: f64) -> LatLng {
    let lng_deg = (at.lng_deg() + by_deg + 180.0).rem_euclid(360.0) - 180.0;
    LatLng::degrees(at.lat_deg(), lng_deg).unwrap()
}

proptest! {
    #![proptest_config(laws(300))]

    #[test]
    fn it_does_not_matter_who_asks(seed: u64) {
        let (one, two) = pair(seed);
        prop_assert!((gap_m(&one, &two) - gap_m(&two, &one)).abs() < 1e-6);
        let (one, two) = (Area::from(one), Area::from(two));
        prop_assert_eq!(one.intersects(&two), two.intersects(&one));
        prop_assert!(one.intersects(&one));
    }

    #[test]
    fn turning_the_earth_changes_no_gap(seed: u64, by_deg in -180.0..180.0) {
        let (one, two) = pair(seed);
        let turn = |at| turned(at, by_deg);
        let moved_m = gap_m(&mapped(&one, &turn), &mapped(&two, &turn));
        prop_assert!((gap_m(&one, &two) - moved_m).abs() < 1e-6, "{} {}", gap_m(&one, &two), moved_m);
    }

    #[test]
    fn a_mirror_changes_no_gap(seed: u64) {
        let (one, two) = pair(seed);
        let south = |at: LatLng| LatLng::degrees(-at.lat_deg(), at.lng_deg()).unwrap();
        let west = |at: LatLng| LatLng::degrees(at.lat_deg(), -at.lng_deg()).unwrap();
        let gap = gap_m(&one, &two);
        prop_assert!((gap - gap_m(&mapped(&one, &south), &mapped(&two, &south))).abs() < 1e-6);
        prop_assert!((gap - gap_m(&mapped(&one, &west), &mapped(&two, &west))).abs() < 1e-6);
    }

    #[test]
    fn where_a_ring_starts_and_which_way_it_runs_is_all_one(seed: u64, by in 1_usize..12) {
        let (one, two) = pair(seed);
        let again = |shape: &Shape| match shape {
            Shape::Polygon(polygon) => {
                let mut vertices = polygon.vertices().to_vec();
                let count = vertices.len();
                vertices.rotate_left(by % count);
                vertices.reverse();
                Shape::Polygon(Polygon::new(vertices).unwrap())
            }
            Shape::Corridor(corridor) => Shape::Corridor(Corridor::new(corridor.line().reversed(), corridor.width_m()).unwrap()),
            Shape::Circle(_) => shape.clone(),
        };
        prop_assert!((gap_m(&one, &two) - gap_m(&again(&one), &again(&two))).abs() < 1e-6);
    }

    #[test]
    fn within_follows_the_gap(seed: u64, factor in 0.0..2.0) {
        let (one, two) = pair(seed);
        let gap = gap_m(&one, &two);
        let (one, two) = (Area::from(one), Area::from(two));
        prop_assert_eq!(one.within(&two, 0.0), gap <= 0.0);
        prop_assert!(one.within(&two, gap) && one.within(&two, gap + 1.0));
        if gap > 0.01 {
            prop_assert!(!one.within(&two, gap - 2.0 * UNDECIDED_M));
            prop_assert_eq!(one.within(&two, gap * factor), factor >= 1.0);
        }
    }

    #[test]
    fn clearance_changes_by_a_metre_a_metre_at_most(seed: u64, azimuth_deg in 0.0..360.0, step in 0.0..1.0) {
        let mut rng = Rng(seed);
        let (center, size_m) = (rng.place(), rng.log_range(10.0, 9e5));
        let kind = rng.below(3);
        let area = Area::from(rng.shape(kind, center, size_m));
        let p = destination(center, rng.range(0.0, 360.0), size_m * rng.range(0.0, 2.0));
        let q = destination(p, azimuth_deg, size_m * step);
        prop_assert!((area.clearance_m(p) - area.clearance_m(q)).abs() <= distance_m(p, q) + 1e-6);
    }

    #[test]
    fn stretches_are_what_lies_inside(seed: u64) {
        let mut rng = Rng(seed);
        let (center, size_m) = (rng.place(), rng.log_range(10.0, 3e5));
        let kind = rng.below(3);
        let area = Area::from(rng.shape(kind, center, size_m));
        let a = destination(center, rng.range(0.0, 360.0), size_m * rng.range(0.0, 2.0));
        let b = destination(center, rng.range(0.0, 360.0), size_m * rng.range(0.0, 2.0));
        prop_assume!(distance_m(a, b) > 1.0 && distance_m(a, b) < 1e6);
        let line = Polyline::new(vec![a, b]).unwrap();
        let stretches = line.stretches_within(&area);
        for pair in stretches.windows(2) {
            prop_assert!(pair[0].1 < pair[1].0);
        }
        for k in 0..=50 {
            let along_m = line.length_m() * f64::from(k) / 50.0;
            let near_an_end = stretches.iter().any(|s| (s.0 - along_m).abs() < 0.11 || (s.1 - along_m).abs() < 0.11);
            let inside = stretches.iter().any(|s| s.0 <= along_m && along_m <= s.1);
            let clearance_m = area.clearance_m(line.point_at(along_m));
            prop_assert!(near_an_end || clearance_m.abs() < 0.1 || inside == (clearance_m < 0.0), "{} {}", along_m, clearance_m);
        }
    }
}

proptest! {
    #![proptest_config(laws(60))]

    #[test]
    fn areas_add_up(seed: u64) {
        let (one, two) = pair(seed);
        let (one, two) = (Area::from(one), Area::from(two));
        let (a, b) = (one.region(), two.region());
        let both = one.overlap(&two);
        let shared_km2 = both.as_ref().map_or(0.0, Region::area_km2);
        let union_km2 = Region::union(&[a.clone(), b.clone()]).area_km2();
        let (a_km2, b_km2) = (a.area_km2(), b.area_km2());
        prop_assert!((a_km2 + b_km2 - union_km2 - shared_km2).abs() <= 2e-3 * (a_km2 + b_km2), "{a_km2} {b_km2} {union_km2} {shared_km2}");
        prop_assert!((a.intersection(&two).area_km2() - shared_km2).abs() <= 2e-3 * (a_km2 + b_km2));
        prop_assert!((a.difference(&two).area_km2() + shared_km2 - a_km2).abs() <= 2e-3 * (a_km2 + b_km2));
        prop_assert!(both.is_none() || one.intersects(&two));
        if let Some(label) = both.as_ref().and_then(Region::label_point) {
            // Inside both, as far as a drawing can tell.
            let slack_m = 2.0 + 3e-3 * one.bounding_circle().1.max(two.bounding_circle().1);
            prop_assert!(one.distance_m(label) < slack_m && two.distance_m(label) < slack_m);
        }
    }

    #[test]
    fn drawings_lie_on_the_outline(seed: u64) {
        let (one, _) = pair(seed);
        let area = Area::from(one);
        for (drawing, grown_m) in [(area.region(), 0.0), (area.grown_region(500.0), 500.0)] {
            let size_m = area.bounding_circle().1 + grown_m;
            for p in drawing.polygons().iter().flat_map(|polygon| polygon.outer.iter().chain(polygon.holes.iter().flatten())) {
                // A polygon of 128 corners is up to 0.03 % of the radius off the circle.
                let off_m = (area.clearance_m(*p) - grown_m).abs();
                prop_assert!(off_m < 1.0 + 4e-4 * size_m, "{off_m} of {size_m}");
            }
        }
    }
}

#[test]
fn known_areas_are_met() {
    let center = LatLng::degrees(45.0, 10.0).unwrap();
    for radius_m in [10.0, 1e3, 1e5] {
        let drawn = Area::from(Shape::Circle(Circle::new(center, radius_m).unwrap())).region().area_km2();
        let disc = std::f64::consts::PI * radius_m * radius_m / 1e6;
        assert!((drawn / disc - 1.0).abs() < 1e-3, "{radius_m}: {drawn} {disc}");
    }
    let line = vec![center, destination(center, 30.0, 50_000.0)];
    let lane = Corridor::new(Polyline::new(line).unwrap(), 2_000.0).unwrap();
    let drawn = Area::from(Shape::Corridor(lane)).region().area_km2();
    assert!((drawn / (100.0 + std::f64::consts::PI) - 1.0).abs() < 1e-3, "{drawn}");
    let corner = |lat, lng| LatLng::degrees(lat, lng).unwrap();
    let square = Polygon::new(vec![corner(0.0, 0.0), corner(0.0, 1.0), corner(1.0, 1.0), corner(1.0, 0.0)]).unwrap();
    // GeographicLib's area of this polygon, square metres: 12308778361.469.
    let drawn = Area::from(Shape::Polygon(square)).region().area_km2();
    assert!((drawn - 12_308.778_361).abs() < 0.05, "{drawn}");
}

#[test]
fn small_overlaps_of_large_areas_are_measured() {
    let corner = |lat, lng| LatLng::degrees(lat, lng).unwrap();
    let west = Polygon::new(vec![corner(40.0, 0.0), corner(40.0, 8.0), corner(46.0, 8.0), corner(46.0, 0.0)]).unwrap();
    let tip = corner(43.0, 8.0);
    let east = Circle::new(destination(tip, 90.0, 200_000.0 - 10.0), 200_000.0).unwrap();
    let (west, east) = (Area::from(Shape::Polygon(west)), Area::from(Shape::Circle(east)));
    let shared = west.overlap(&east).unwrap();
    assert!(shared.area_km2() > 0.0 && shared.area_km2() < 1.0, "{}", shared.area_km2());
    assert!(distance_m(shared.label_point().unwrap(), tip) < 20_000.0);
    // Touching shares a point but no area.
    let apart = Area::from(Shape::Circle(Circle::new(destination(tip, 90.0, 100_000.0), 99_990.0).unwrap()));
    assert!(west.overlap(&apart).is_none() && !west.intersects(&apart));
}

#[test]
fn unions_and_holes() {
    let center = LatLng::degrees(10.0, -180.0).unwrap();
    let ring: Vec<LatLng> = (0..=36).map(|k| destination(center, 10.0 * f64::from(k), 20_000.0)).collect();
    let loop_road = Corridor::new(Polyline::new(ring).unwrap(), 2_000.0).unwrap();
    let region = Area::from(Shape::Corridor(loop_road)).region();
    assert_eq!((region.polygons().len(), region.polygons()[0].holes.len()), (1, 1));
    let expected_km2 = 36.0 * 2.0 * 2.0 * 20.0 * 5_f64.to_radians().sin();
    assert!((region.area_km2() / expected_km2 - 1.0).abs() < 5e-3, "{} {expected_km2}", region.area_km2());
    let label = region.label_point().unwrap();
    assert!((distance_m(label, center) - 20_000.0).abs() < 1_100.0);
    let disc = Area::from(Shape::Circle(Circle::new(center, 25_000.0).unwrap()));
    let rest = disc.region().difference(&Area::from(Shape::Circle(Circle::new(center, 24_000.0).unwrap())));
    assert_eq!(rest.polygons()[0].holes.len(), 1);
    assert!((rest.area_km2() / (std::f64::consts::PI * 49.0) - 1.0).abs() < 5e-3, "{}", rest.area_km2());
    assert!(Region::default().label_point().is_none() && Region::union(&[]).is_empty());
    assert!(disc.region().difference(&disc).area_km2() < 1e-3);
}
