//! No conflict is missed: two outlines that share a point, however small or odd, share a cell.
//!
//! `spacetime` says whether they do. `DECONFLICT_CASES=1000000 cargo test --release -p deconflict-cells --test pairs -- --nocapture`
//! looks at a million pairs.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::{Outline, Rng, cases, cell_of, corners, share_a_cell};
use deconflict_spacetime::{LatLng, azimuth_deg, destination, distance_m};

/// Some hair's breadths, metres: from what counts as touching to what F3548 leaves open.
const HAIRS_M: [f64; 7] = [0.0, 1e-6, -1e-6, 5e-4, -5e-4, -1e-3, -1e-2];

/// Two outlines of any kind and size around one place.
fn near(rng: &mut Rng) -> (Outline, Outline) {
    let at = rng.place();
    let (size_1, size_2) = (rng.size_m(), rng.size_m());
    let azimuth_deg = rng.range(0.0, 360.0);
    let away_m = (size_1 + size_2) * rng.range(0.0, 1.0);
    (rng.outline(at, size_1), rng.outline(destination(at, azimuth_deg, away_m), size_2))
}

/// A triangle with one corner at `at`, which opens toward an azimuth.
fn triangle(rng: &mut Rng, at: LatLng, toward_deg: f64) -> Outline {
    let (width_deg, size_m) = (rng.log_range(1e-3, 60.0), rng.size_m());
    let corner = |azimuth_deg| destination(at, azimuth_deg, size_m);
    Outline::Polygon(vec![at, corner(toward_deg - width_deg), corner(toward_deg + width_deg)])
}

/// A circle whose edge runs through `at`, give or take a hair, and whose centre lies toward an azimuth.
fn circle(rng: &mut Rng, at: LatLng, toward_deg: f64) -> Outline {
    let center = destination(at, toward_deg, rng.size_m());
    Outline::Circle(center, (distance_m(center, at) - rng.one_of(&HAIRS_M)).max(1e-3))
}

/// One outline on each side of one point, which may lie on the corner or side of a cell.
fn touching_in_a_point(rng: &mut Rng) -> (Outline, Outline) {
    let at = rng.place();
    // Along the side of the cell, and across it.
    let side = corners(cell_of(at));
    let along_deg = if rng.below(2) == 0 { rng.range(0.0, 360.0) } else { azimuth_deg(side[0], side[1]) };
    let one_side = |rng: &mut Rng, toward_deg| {
        if rng.below(2) == 0 { triangle(rng, at, toward_deg) } else { circle(rng, at, toward_deg) }
    };
    (one_side(rng, along_deg + 90.0), one_side(rng, along_deg - 90.0))
}

/// Two quadrangles, one on each side of a common edge, which may lie on the side of a cell.
fn touching_in_an_edge(rng: &mut Rng) -> (Outline, Outline) {
    let (from, to) = if rng.below(2) == 0 {
        let side = corners(cell_of(rng.place()));
        let k = rng.below(4) as usize;
        (side[k], side[(k + 1) % 4])
    } else {
        let (from, azimuth_deg, length_m) = (rng.place(), rng.range(0.0, 360.0), rng.size_m());
        (from, destination(from, azimuth_deg, length_m))
    };
    let beside = |side_deg: f64, m: f64| {
        let (forth_deg, back_deg) = (azimuth_deg(from, to), azimuth_deg(to, from));
        vec![from, to, destination(to, back_deg - side_deg, m), destination(from, forth_deg + side_deg, m)]
    };
    let (m_1, m_2) = (rng.size_m(), rng.size_m());
    (Outline::Polygon(beside(90.0, m_1)), Outline::Polygon(beside(-90.0, m_2)))
}

/// A long edge, and a small outline that reaches its middle, where geodesics stray most from great circles.
fn at_a_long_edge(rng: &mut Rng) -> (Outline, Outline) {
    let (from, azimuth, length_m) = (rng.place(), rng.range(0.0, 360.0), rng.log_range(1e4, 9.9e5));
    let middle = destination(from, azimuth, length_m * rng.range(0.2, 0.8));
    let toward_deg = azimuth_deg(middle, from) + rng.one_of(&[90.0, -90.0]);
    let small = if rng.below(2) == 0 { triangle(rng, middle, toward_deg) } else { circle(rng, middle, toward_deg) };
    (Outline::Polygon(rng.sliver(from, azimuth, length_m)), small)
}

/// Makes a pair, and the name of how.
type Maker = (&'static str, fn(&mut Rng) -> (Outline, Outline));

#[test]
fn outlines_that_share_a_point_share_a_cell() {
    const MAKERS: [Maker; 4] = [
        ("near", near),
        ("touching in a point", touching_in_a_point),
        ("touching in an edge", touching_in_an_edge),
        ("at a long edge", at_a_long_edge),
    ];
    let mut counts = [[0_u64; 2]; 4];
    for case in 0..cases(20_000) {
        let mut rng = Rng(3_000_000_000 + case);
        let maker = (case % 4) as usize;
        let (name, make) = MAKERS[maker];
        let (one, two) = make(&mut rng);
        let (Some(area_1), Some(area_2)) = (one.area(), two.area()) else { continue };
        counts[maker][0] += 1;
        if !area_1.intersects(&area_2) {
            continue;
        }
        counts[maker][1] += 1;
        let (Ok(cells_1), Ok(cells_2)) = (one.cells(), two.cells()) else {
            panic!("case {case}, {name}: {:?} {:?}: {one:?} and {two:?}", one.cells().err(), two.cells().err())
        };
        assert!(share_a_cell(&cells_1, &cells_2), "case {case}, {name}: no cell in common: {one:?} and {two:?}");
    }
    for ((name, _), [pairs, meeting]) in MAKERS.iter().zip(counts) {
        println!("{name}: {meeting} of {pairs} pairs meet");
        assert!(meeting > pairs / 5 && pairs > cases(20_000) / 8, "the pairs put nothing to the test: {name}");
    }
}
