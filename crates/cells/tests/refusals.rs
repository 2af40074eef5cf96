//! What is refused, with which words, and in which order; and what looks odd and is legal.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::{LIMITS, Outline};
use deconflict_cells::{CellsError, Limits, circle_cells, polygon_cells};
use deconflict_spacetime::{LatLng, destination};
use s2rst::s2::polyline::Polyline;

fn place(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).unwrap()
}

fn polygon(corners: &[(f64, f64)]) -> Outline {
    Outline::Polygon(corners.iter().map(|&(lat, lng)| place(lat, lng)).collect())
}

/// A rectangle of about this many metres, in its south-western corner at `from`.
fn rectangle(from: LatLng, east_m: f64, north_m: f64) -> Vec<LatLng> {
    let (north, east) = (destination(from, 0.0, north_m), destination(from, 90.0, east_m));
    vec![from, east, destination(east, 0.0, north_m), north]
}

/// So many spikes around a place, each longer than wide.
fn spikes(count: u32) -> Vec<LatLng> {
    let tip = |k: u32| {
        destination(place(10.0, 10.0), 360.0 * f64::from(k) / f64::from(count), if k.is_multiple_of(2) { 2e4 } else { 1e3 })
    };
    (0..count).map(tip).collect()
}

fn check(outline: &Outline, words: &str) {
    let refusal = outline.cells().map(|cells| cells.len()).expect_err(words);
    assert!(refusal.to_string().contains(words), "expected `{words}`, found `{refusal}`");
}

#[test]
fn polygons_are_refused_with_what_was_found_and_what_is_expected() {
    let square = [(34.0, 40.0), (34.0, 40.1), (34.1, 40.1), (34.1, 40.0)];
    let [a, b, c, d] = square;
    check(&polygon(&[]), "has 0 vertices, expected at least three");
    check(&polygon(&[a, b]), "has 2 vertices");
    check(&polygon(&[a, b, c, d, a]), "vertices 0 and 4 are the same point");
    check(&polygon(&[a, b, b, c, d]), "vertices 1 and 2 are the same point");
    check(&polygon(&[(0.0, 180.0), (1.0, 179.0), (0.0, -180.0)]), "vertices 0 and 2 are the same point");
    check(&polygon(&[a, c, b, d]), "edges 0 and 2 cross");
    check(&polygon(&[(0.1, 179.9), (-0.1, -179.9), (0.1, -179.9), (-0.1, 179.9)]), "edges 0 and 2 cross");
    check(&polygon(&[(89.9, 0.0), (89.9, 180.0), (89.9, 90.0), (89.9, -90.0)]), "edges 0 and 2 cross");
    check(&polygon(&[(0.1, 44.9), (-0.1, 45.1), (0.1, 45.1), (-0.1, 44.9)]), "edges 0 and 2 cross");
    check(&polygon(&[(9.0, 9.0), (9.0, 9.000_000_01), (9.000_000_01, 9.0), (9.000_000_01, 9.000_000_01)]), "edges 1 and 3 cross");
    check(&Outline::Polygon(rectangle(place(34.0, 40.0), 5.1e4, 5.1e4)), "km², expected at most 2500 km²");
    check(
        &polygon(&[(0.0, 0.0), (0.0, 13.6), (0.001, 0.0)]),
        "vertex 1 is about 1512 km from the first, expected at most 1500 km",
    );
    check(&polygon(&[(0.0, 0.0), (0.0, 100.0), (50.0, 0.0)]), "km², expected at most 2500 km²");
    check(&Outline::Polygon(spikes(20_000)), "more than 10000000 pairs of edges lie close together");
    let zigzag = (0..300).flat_map(|k| [(1e-6 * f64::from(k), 0.0), (1e-6 * (f64::from(k) + 0.5), 5.0)]).chain([(0.001, -1.0)]);
    check(&polygon(&zigzag.collect::<Vec<_>>()), "km long together, expected at most 100000 km");
}

#[test]
fn circles_are_refused_with_what_was_found_and_what_is_expected() {
    for radius_m in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        check(&Outline::Circle(place(34.0, 40.0), radius_m), "expected a number above 0");
    }
    check(&Outline::Circle(place(34.0, 40.0), 28_210.0), "the area is 2500.1 km², expected at most 2500 km²");
    check(&Outline::Circle(place(34.0, 40.0), f64::MAX), "the area is inf km²");
    assert!(Outline::Circle(place(34.0, 40.0), 28_209.0).cells().unwrap().len() > 2_500);
}

#[test]
fn crossing_edges_are_found_before_the_area_and_the_area_before_the_cells() {
    let few = Limits { cells: 3, ..LIMITS };
    let mut square = rectangle(place(34.0, 40.0), 5.1e4, 5.1e4);
    assert!(matches!(polygon_cells(&square, &few), Err(CellsError::AreaTooLarge { .. })));
    square.swap(1, 2);
    assert!(matches!(polygon_cells(&square, &few), Err(CellsError::CrossingEdges(0, 2))), "{:?}", polygon_cells(&square, &few));
    // Of two faults of one kind the first by its indices is told, duplicates first.
    square.extend(rectangle(place(34.0, 40.0), 10.0, 10.0));
    assert!(matches!(polygon_cells(&square, &few), Err(CellsError::DuplicateVertices(0, 4))));
    let small = rectangle(place(34.0, 40.0), 2e4, 2e4);
    assert_eq!(
        polygon_cells(&small, &few),
        Err(CellsError::TooManyCells { found: polygon_cells(&small, &LIMITS).unwrap().len(), limit: 3 })
    );
}

#[test]
fn limits_are_kept_to_the_last_cell() {
    let (center, outline) = (place(34.0, 40.0), rectangle(place(34.0, 40.0), 1e5, 10.0));
    for found in [polygon_cells(&outline, &LIMITS).unwrap().len(), circle_cells(center, 1e4, &LIMITS).unwrap().len()] {
        let cells = |cells| Limits { cells, ..LIMITS };
        let is_circle = found > 300;
        let ask = |limits: &Limits| if is_circle { circle_cells(center, 1e4, limits) } else { polygon_cells(&outline, limits) };
        assert_eq!(ask(&cells(found)).unwrap().len(), found);
        assert_eq!(ask(&cells(found - 1)), Err(CellsError::TooManyCells { found, limit: found - 1 }));
    }
    for area_km2 in [f64::NAN, -1.0, 0.0] {
        assert!(matches!(circle_cells(center, 1.0, &Limits { area_km2, ..LIMITS }), Err(CellsError::AreaTooLarge { .. })));
    }
    let boundless = Limits { area_km2: f64::INFINITY, cells: usize::MAX };
    assert!(matches!(circle_cells(center, 2e5, &boundless), Err(CellsError::AreaTooLarge { .. })));
    assert!(circle_cells(center, 1.7e5, &boundless).unwrap().len() > 90_000);
}

#[test]
fn polygons_without_area_are_lines() {
    // On the equator and on a meridian, where rounding leaves nothing between the edges, and elsewhere.
    let lines: [&[(f64, f64)]; 5] = [
        &[(0.0, 0.0), (0.0, 0.5), (0.0, 0.25)],
        &[(0.0, 0.0), (0.0, 0.5), (0.0, 0.75), (0.0, 0.25)],
        &[(10.0, 7.0), (10.5, 7.0), (10.25, 7.0)],
        &[(10.0, 7.0), (10.5, 7.0), (10.3, 7.0), (10.2, 7.0)],
        &[(90.0, 0.0), (90.0, 90.0), (89.9, 0.0)],
    ];
    for line in lines {
        let outline = polygon(line);
        let points = line.iter().map(|&(lat, lng)| common::point(place(lat, lng))).collect();
        let (cells, go) = (outline.cells().unwrap(), common::cover(&Polyline::new(points)));
        assert!(go.iter().all(|id| cells.binary_search(id).is_ok()), "{line:?}");
        assert!(cells.len() > 5, "{line:?}");
    }
}

#[test]
fn a_polygon_may_touch_itself_and_wind_either_way() {
    // A vertex on another edge, a spike, an edge that runs back along another.
    let legal: [&[(f64, f64)]; 3] = [
        &[(0.0, 0.0), (0.0, 0.1), (0.1, 0.1), (0.0, 0.05), (0.1, 0.0)],
        &[(0.0, 0.0), (0.0, 0.1), (0.0, 0.2), (0.0, 0.15), (0.1, 0.05)],
        &[(0.0, 0.0), (0.0, 0.1), (0.1, 0.1), (0.1, 0.05), (0.05, 0.05), (0.1, 0.02)],
    ];
    for corners in legal {
        let forth = polygon(corners).cells().unwrap();
        let back: Vec<_> = corners.iter().rev().copied().collect();
        assert_eq!(polygon(&back).cells().unwrap(), forth, "{corners:?}");
    }
}
