//! From rings of edges to the cells that they touch or enclose.
//!
//! On the map of a face a cell is a rectangle and an edge is straight. Each edge, grown by its margin, marks a span of
//! rows in each column that it meets. What lies between the spans of a column is crossed by no edge, so it is inside or
//! outside as a whole; which of both, the edges say that run through the middle of the column below it.

use crate::CellsError;
use crate::direction::{Direction, Spot};
use crate::grid::{SIDE, cell_id, index, lower_bound, middle};

/// How far every edge is grown at least, radians: 1.58 to 1.60 mm on the ground.
///
/// More than what counts as touching (1 mm), what `f64` and S2's own padding may add (1 µm).
const TOUCHING: f64 = 2.5e-10;

/// How far the normals along a geodesic stray from the great circle between those at its ends, as a part of the square of the angle.
///
/// # Source
/// 0.0013 is proved in `docs/exactness.md` for geodesics of up to 500 km.
const STRAYING: f64 = 1.4e-3;

/// All places of a ring are closer to each other than this: the cosine of 84°.
const IN_FRONT: f64 = 0.1;

/// What the edges between consecutive places stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Edges {
    /// Great circles of the sphere.
    GreatCircles,
    /// Great circles, and all geodesics of the ellipsoid between the same ends; at most 500 km.
    Geodesics,
}

/// A closed line around an inside. All places are within 27° of each other.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    pub places: Vec<Direction>,
    pub edges: Edges,
}

impl Ring {
    /// How far the edge with this squared chord is to be grown, radians.
    fn margin(&self, chord2: f64) -> f64 {
        match self.edges {
            Edges::GreatCircles => TOUCHING,
            Edges::Geodesics => TOUCHING + STRAYING * chord2,
        }
    }
}

/// Most rings that are covered together.
const RINGS_MAX: usize = 2;

/// Rows of one column that one edge marks; −1 and `SIDE` stand for everything below and above the face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    column: i16,
    low: i16,
    high: i16,
    /// Whose edge it is.
    ring: u8,
    /// 1 if the edge crosses the middle of the column eastward (in the direction of u), −1 westward, 0 not at all.
    turn: i8,
}

/// Rows `low` to `high` of one column of a face, all of which are in the answer.
#[derive(Clone, Copy, Debug)]
struct Run {
    face: usize,
    column: i16,
    low: i16,
    high: i16,
}

/// The ids of all cells that one of `rings` (two at most) touches or encloses, ascending.
///
/// # Errors
/// There are more than `limit` of them.
pub(crate) fn cells(rings: &[Ring], limit: usize) -> Result<Vec<u64>, CellsError> {
    assert!((1..=RINGS_MAX).contains(&rings.len()), "an outline has one ring or two");
    let runs = runs(rings);
    let found = runs.iter().map(|run| usize::try_from(run.high - run.low + 1).expect("a run holds a row")).sum();
    if found > limit {
        return Err(CellsError::TooManyCells { found, limit });
    }
    let mut ids = Vec::with_capacity(found);
    for run in runs {
        ids.extend((run.low..=run.high).map(|row| cell_id(run.face, run.column, row)));
    }
    ids.sort_unstable();
    Ok(ids)
}

/// The cells of all faces, each once.
fn runs(rings: &[Ring]) -> Vec<Run> {
    let places = rings.iter().map(|ring| ring.places.len()).sum();
    let (mut spots, mut spans) = (Vec::with_capacity(places), Vec::with_capacity(4 * places));
    let mut runs = Vec::with_capacity(places);
    let mut is_done = [false; RINGS_MAX];
    let home = rings[0].places[0].face();
    for face in (home..6).chain(0..home) {
        spans.clear();
        for (k, ring) in (0_u8..).zip(rings) {
            let done = &mut is_done[usize::from(k)];
            if !*done && let Some(reach) = lay_out(ring, face, &mut spots) {
                mark(ring, k, &spots, &mut spans);
                *done = reach == Reach::Within;
            }
        }
        spans.sort_unstable();
        for column in spans.chunk_by(|a, b| a.column == b.column) {
            fill(face, column, &mut runs);
        }
    }
    runs
}

/// How a ring lies to a face that it may touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// It touches no other face.
    Within,
    /// It may touch other faces as well.
    Across,
}

/// Puts the places of a ring on the map of a face; `None` if the ring does not touch the face.
fn lay_out(ring: &Ring, face: usize, spots: &mut Vec<Spot>) -> Option<Reach> {
    // More than any edge is grown on the map.
    const GROWN: f64 = 1e-6;
    spots.clear();
    let [mut west, mut east, mut south, mut north] = [f64::INFINITY, -f64::INFINITY, f64::INFINITY, -f64::INFINITY];
    for place in &ring.places {
        // A face reaches 55° from its middle, and the ring 27° from its place there.
        if place.height_over(face) < IN_FRONT {
            return None;
        }
        let spot = place.on(face);
        (west, east) = (west.min(spot.u), east.max(spot.u));
        (south, north) = (south.min(spot.v), north.max(spot.v));
        spots.push(spot);
    }
    let touches = |bound: f64| west <= bound && east >= -bound && south <= bound && north >= -bound;
    let within = |bound: f64| west >= -bound && east <= bound && south >= -bound && north <= bound;
    match () {
        () if within(1.0 - GROWN) => Some(Reach::Within),
        () if touches(1.0 + GROWN) => Some(Reach::Across),
        () => None,
    }
}

/// Adds what each edge of a ring marks.
fn mark(ring: &Ring, number: u8, spots: &[Spot], spans: &mut Vec<Span>) {
    let last = spots.len() - 1;
    let (mut from, mut from_place) = (spots[last], ring.places[last]);
    for (&to, &to_place) in spots.iter().zip(&ring.places) {
        let margin = ring.margin(from_place.chord2(to_place));
        let grown = margin * stretch(from).max(stretch(to)).min(3.01);
        mark_edge(from, to, grown, |column, low, high, turn| spans.push(Span { column, low, high, ring: number, turn }));
        (from, from_place) = (to, to_place);
    }
}

/// The most that the map stretches lengths at a spot, and a hundredth more. On a face it is below 3.01.
fn stretch(at: Spot) -> f64 {
    1.01 * (1.0 + at.u * at.u + at.v * at.v)
}

/// Says of each column that the edge meets, grown to all sides by a square of half width `grown`, which rows it meets and
/// how it crosses the middle.
fn mark_edge(from: Spot, to: Spot, grown: f64, mut meets: impl FnMut(i16, i16, i16, i8)) {
    let (west, east, eastward) = if from.u <= to.u { (from, to, 1) } else { (to, from, -1) };
    let slope = (east.v - west.v) / (east.u - west.u);
    // An edge along a column has no slope; it lies in any strip that it meets as a whole.
    let v_at = |u: f64, end: Spot| {
        let v = west.v + (u - west.u) * slope;
        if v.is_finite() { v.clamp(west.v.min(east.v), west.v.max(east.v)) } else { end.v }
    };
    for column in index(west.u - grown).max(0)..=index(east.u + grown).min(SIDE - 1) {
        let (left, right) = (lower_bound(column) - grown, lower_bound(column + 1) + grown);
        let enters = if west.u >= left { west.v } else { v_at(left, west) };
        let leaves = if east.u <= right { east.v } else { v_at(right, east) };
        let middle = middle(column);
        let crosses = west.u <= middle && middle < east.u;
        let (low, high) = (index(enters.min(leaves) - grown), index(enters.max(leaves) + grown));
        meets(column, low, high, if crosses { eastward } else { 0 });
    }
}

/// Adds the rows of one column that its spans (in order) mark or enclose.
fn fill(face: usize, spans: &[Span], runs: &mut Vec<Run>) {
    let column = spans[0].column;
    let mut add = |low: i16, high: i16| {
        let (low, high) = (low.max(0), high.min(SIDE - 1));
        if low <= high {
            runs.push(Run { face, column, low, high });
        }
    };
    let (mut top, mut windings) = (-1, [0_i32; RINGS_MAX]);
    for span in spans {
        // If this span leaves a gap above those before it: what was counted crosses the column below the gap, and
        // nothing that comes does. A ring that is slightly twisted may turn the wrong way round, which counts as well.
        let is_inside = windings.iter().any(|&winding| winding != 0);
        let low = if is_inside { top + 1 } else { span.low.max(top + 1) };
        add(low, span.high);
        top = top.max(span.high);
        windings[usize::from(span.ring)] += i32::from(span.turn);
    }
}

#[cfg(test)]
#[path = "cover_tests.rs"]
mod tests;
