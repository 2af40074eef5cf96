//! By a hair: outlines that touch a cell in its corner alone, or come within a millimetre of it, have it.
//!
//! Random outlines hardly ever put the margins to the test. Here every case does.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::{Outline, Rng, cases, cell_of, corners};
use deconflict_spacetime::{LatLng, destination};
use std::collections::BTreeSet;

/// A corner of some cell, anywhere or where faces of the cube meet, and the cells around it.
fn corner(rng: &mut Rng) -> (LatLng, BTreeSet<u64>) {
    let around = corners(cell_of(rng.place()));
    let at = rng.one_of(&around);
    let cells: BTreeSet<u64> = (0..16).map(|k| cell_of(destination(at, 22.5 * f64::from(k) + 1.0, 0.05)).id()).collect();
    assert!((3..=4).contains(&cells.len()), "{at:?}");
    (at, cells)
}

fn check(case: u64, outline: &Outline, expected: &BTreeSet<u64>) {
    let cells = outline.cells().unwrap_or_else(|error| panic!("case {case}: {error}: {outline:?}"));
    for id in expected {
        assert!(cells.binary_search(id).is_ok(), "case {case}: cell {id:x} is missing of {outline:?}");
    }
}

#[test]
fn an_edge_through_the_corner_of_cells_has_all_of_them() {
    for case in 0..cases(4_000) {
        let mut rng = Rng(4_000_000_000 + case);
        let (at, expected) = corner(&mut rng);
        // Cells of which only the corner is touched lie on either side of the edge.
        let (azimuth_deg, half_m) = (rng.range(0.0, 360.0), rng.log_range(10.0, 4.5e5));
        let ends = [destination(at, azimuth_deg, half_m), destination(at, azimuth_deg + 180.0, half_m)];
        let beside = destination(ends[0], rng.range(0.0, 360.0), (0.2 * half_m).min(1e8 / half_m));
        check(case, &Outline::Polygon(vec![ends[0], ends[1], beside]), &expected);
    }
}

#[test]
fn the_edge_of_a_circle_through_the_corner_of_cells_has_all_of_them() {
    for case in 0..cases(4_000) {
        let mut rng = Rng(5_000_000_000 + case);
        let (at, expected) = corner(&mut rng);
        let (azimuth_deg, radius_m) = (rng.range(0.0, 360.0), rng.log_range(1.0, 2.8e4));
        check(case, &Outline::Circle(destination(at, azimuth_deg, radius_m), radius_m), &expected);
    }
}

#[test]
fn an_outline_a_millimetre_from_the_corner_of_cells_has_all_of_them() {
    for case in 0..cases(4_000) {
        let mut rng = Rng(6_000_000_000 + case);
        let (at, expected) = corner(&mut rng);
        let (azimuth_deg, size_m) = (rng.range(0.0, 360.0), rng.size_m());
        let vertex = destination(at, azimuth_deg, 0.999e-3);
        let away = |turn_deg| destination(vertex, azimuth_deg + turn_deg, size_m);
        check(case, &Outline::Polygon(vec![vertex, away(-10.0), away(10.0)]), &expected);
    }
}
