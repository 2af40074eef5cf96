//! The cells against true geodesics: every cell that the outline touches on the ellipsoid is there, and what is there
//! besides is Go S2's or within the margin that `docs/exactness.md` states.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::{LEVEL, Outline, Rng, cases, cell_area, cell_of};
use deconflict_spacetime::{Area, LatLng, azimuth_deg, destination, distance_m};
use s2rst::s2::CellId;
use std::collections::BTreeSet;

/// How far from the outline a cell may lie that neither it nor Go S2 touches, metres.
fn margin_m(outline: &Outline) -> f64 {
    match outline {
        Outline::Circle(_, radius_m) => 1.01 + 1.7e-9 * radius_m.powi(2) + 9e-15 * radius_m.powi(3),
        Outline::Polygon(vertices) => {
            let next = vertices.iter().cycle().skip(1);
            let longest_m = vertices.iter().zip(next).map(|(&a, &b)| distance_m(a, b)).fold(0.0, f64::max);
            0.008 + 1e-9 * longest_m.min(52_000.0).powi(2)
        }
    }
}

/// The cells around `cells` that are not among them.
fn around(cells: &[u64]) -> BTreeSet<u64> {
    let neighbours = cells.iter().flat_map(|&id| CellId(id).all_neighbors(LEVEL).expect("cells of this level"));
    neighbours.map(|id| id.id()).filter(|id| cells.binary_search(id).is_err()).collect()
}

fn check(case: u64, outline: &Outline, area: &Area) -> f64 {
    let cells = outline.cells().unwrap_or_else(|error| panic!("case {case}: {error}: {outline:?}"));
    // What the outline touches hangs together, so that a cell that is missing has a neighbour that is not.
    for id in around(&cells) {
        assert!(!cell_area(CellId(id)).intersects(area), "case {case}: cell {id:x} is missing of {outline:?}");
    }
    let go = outline.go_cells();
    let mut farthest_m = 0.0_f64;
    for &id in cells.iter().filter(|id| go.binary_search(id).is_err()) {
        let gap_m = cell_area(CellId(id)).gap(area).lateral_m;
        assert!(gap_m <= margin_m(outline), "case {case}: cell {id:x} is {gap_m} m away from {outline:?}");
        farthest_m = farthest_m.max(gap_m);
    }
    farthest_m
}

#[test]
fn the_cells_are_those_that_go_s2_or_the_true_outline_touches() {
    let (mut looked_at, mut farthest_m) = (0, 0.0_f64);
    for case in 0..cases(600) {
        let mut rng = Rng(1_000_000 + case);
        let (place, size_m) = (rng.place(), rng.size_m());
        let outline = rng.outline(place, size_m);
        if let Some(area) = outline.area() {
            looked_at += 1;
            farthest_m = farthest_m.max(check(case, &outline, &area));
        }
    }
    println!("{looked_at} outlines, the farthest cell {farthest_m:.3} m away");
    assert!(looked_at > cases(600) / 2);
}

/// A point on the outline's edge.
fn on_edge(rng: &mut Rng, outline: &Outline) -> LatLng {
    match outline {
        Outline::Circle(center, radius_m) => destination(*center, rng.range(0.0, 360.0), *radius_m),
        Outline::Polygon(vertices) => {
            let edge = rng.below(vertices.len() as u64) as usize;
            between(vertices[edge], vertices[(edge + 1) % vertices.len()], rng.unit())
        }
    }
}

fn between(from: LatLng, to: LatLng, part: f64) -> LatLng {
    destination(from, azimuth_deg(from, to), part * distance_m(from, to))
}

#[test]
fn every_point_of_an_outline_lies_in_one_of_its_cells() {
    let (mut edge, mut inner) = (0, 0);
    for case in 0..cases(600) {
        let mut rng = Rng(2_000_000 + case);
        let (place, size_m) = (rng.place(), rng.size_m());
        let outline = rng.outline(place, size_m);
        let (cells, area) = (outline.cells().unwrap(), outline.area());
        for _ in 0..100 {
            let (p, q) = (on_edge(&mut rng, &outline), on_edge(&mut rng, &outline));
            let inside = between(p, q, rng.unit());
            let is_inside = area.as_ref().is_some_and(|area| area.contains(inside));
            (edge, inner) = (edge + 1, inner + u64::from(is_inside));
            for at in [Some(p), is_inside.then_some(inside)].into_iter().flatten() {
                let id = cell_of(at).id();
                assert!(cells.binary_search(&id).is_ok(), "case {case}: cell {id:x} of {at:?} is missing of {outline:?}");
            }
        }
    }
    println!("{edge} points on edges, {inner} inside");
    assert!(inner > edge / 2);
}
