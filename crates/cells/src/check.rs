//! What is checked of a polygon before anything is spent on its cells. Does not know cells.
//!
//! Every check takes bounded time. A crossing counts only where it is certain: edges that touch, fold back on one
//! another or cross by less than a tenth of a micrometre are legal, so that a line given as a polygon is.

use std::f64::consts::{PI, TAU};

use crate::direction::{Direction, Spot};
use crate::{CellsError, Limits};

/// The farthest that a vertex may be from the first, kilometres on a sphere.
const REACH_MAX_KM: f64 = 1_500.0;
/// The greatest length of all edges together, kilometres on a sphere.
const LENGTH_MAX_KM: f64 = 100_000.0;
/// Most pairs of edges whose boxes are compared.
const PAIRS_MAX: usize = 10_000_000;
/// A corner so near to the line of an edge is on neither side of it, radians on the map: at most 64 nm.
const ON_LINE: f64 = 1e-14;
/// Mean radius of the earth, kilometres.
const EARTH_KM: f64 = 6_371.0;
/// The area of the earth by which InterUSS turns solid angles into square kilometres.
const EARTH_KM2: f64 = 510_072_000.0;

/// Checks a polygon; the longest chord of an edge, as an angle, is given back.
pub(crate) fn check(places: &[Direction], limits: &Limits) -> Result<f64, CellsError> {
    if places.len() < 3 {
        return Err(CellsError::TooFewVertices(places.len()));
    }
    let farthest =
        (0..places.len()).map(|i| (places[0].chord2(places[i]), i)).fold((0.0, 0), |a, b| if b.0 > a.0 { b } else { a });
    let distance_km = EARTH_KM * places[0].angle(places[farthest.1]);
    if distance_km > REACH_MAX_KM {
        limits.allow_area(area_km2(places))?;
        return Err(CellsError::ReachesTooFar { vertex: farthest.1, distance_km, limit_km: REACH_MAX_KM });
    }
    check_edges(places)?;
    let (mut longest, mut length) = (0.0_f64, 0.0);
    for (from, to) in edges(places) {
        let chord = from.chord2(to).sqrt();
        (longest, length) = (longest.max(chord), length + chord);
    }
    let length_km = EARTH_KM * length;
    if length_km > LENGTH_MAX_KM {
        return Err(CellsError::OutlineTooLong { length_km, limit_km: LENGTH_MAX_KM });
    }
    limits.allow_area(area_km2(places))?;
    Ok(longest)
}

fn edges(places: &[Direction]) -> impl Iterator<Item = (Direction, Direction)> {
    places.iter().copied().zip(places.iter().copied().cycle().skip(1))
}

/// The area of the smaller side, square kilometres on the sphere.
fn area_km2(places: &[Direction]) -> f64 {
    let apex = places[0];
    // Twice the angle of (1 + cosines of the sides, volume of the three) is the signed area of a triangle.
    let triangle = |(b, c): (Direction, Direction)| 2.0 * apex.dot(b.cross(c)).atan2(1.0 + apex.dot(b) + b.dot(c) + c.dot(apex));
    let signed: f64 = edges(&places[1..]).take(places.len() - 2).map(triangle).sum();
    let left = signed.rem_euclid(2.0 * TAU);
    left.min(2.0 * TAU - left) * EARTH_KM2 / (4.0 * PI)
}

/// The box of an edge on the map: first along the axis that is swept, then along the other.
#[derive(Clone, Copy)]
struct Extent {
    low: f64,
    high: f64,
    bottom: f64,
    top: f64,
    edge: usize,
}

/// Looks for vertices that are one point, then for edges that cross.
///
/// A sweep along the axis along which the edges are shorter: only edges that share a place of the axis are compared.
fn check_edges(places: &[Direction]) -> Result<(), CellsError> {
    let face = places[0].face();
    let spots: Vec<Spot> = places.iter().map(|place| place.on(face)).collect();
    let count = spots.len();
    let end = |edge: usize| spots[if edge + 1 == count { 0 } else { edge + 1 }];
    let lengths = (0..count).map(|i| ((end(i).u - spots[i].u).abs(), (end(i).v - spots[i].v).abs()));
    let (along_u, along_v) = lengths.fold((0.0, 0.0), |sum, length| (sum.0 + length.0, sum.1 + length.1));
    let extent = |edge: usize| {
        let (p, q) = (spots[edge], end(edge));
        let (u, v) = ((p.u.min(q.u), p.u.max(q.u)), (p.v.min(q.v), p.v.max(q.v)));
        let ((low, high), (bottom, top)) = if along_u <= along_v { (u, v) } else { (v, u) };
        Extent { low, high, bottom, top, edge }
    };
    let mut extents: Vec<Extent> = (0..count).map(extent).collect();
    extents.sort_unstable_by(|a, b| a.low.total_cmp(&b.low));
    // The first of each kind, by their indices.
    let mut same: Option<(usize, usize)> = None;
    let mut crossing: Option<(usize, usize)> = None;
    let mut pairs = 0;
    for (rank, one) in extents.iter().enumerate() {
        for two in extents[rank + 1..].iter().take_while(|two| two.low <= one.high) {
            pairs += 1;
            if two.bottom > one.top || two.top < one.bottom {
                continue;
            }
            let (i, j) = (one.edge.min(two.edge), one.edge.max(two.edge));
            if spots[i] == spots[j] {
                same = Some(same.map_or((i, j), |before| before.min((i, j))));
            } else if crossing.is_none_or(|before| (i, j) < before) && cross(spots[i], end(i), spots[j], end(j)) {
                crossing = Some((i, j));
            }
        }
        if pairs > PAIRS_MAX {
            return Err(CellsError::TooIntricate { limit: PAIRS_MAX });
        }
    }
    if let Some((i, j)) = same {
        return Err(CellsError::DuplicateVertices(i, j));
    }
    crossing.map_or(Ok(()), |(i, j)| Err(CellsError::CrossingEdges(i, j)))
}

/// Whether two edges certainly cross: the ends of each are clearly on opposite sides of the other.
///
/// Edges that share an end have it on the line of both, and so do not.
fn cross(a: Spot, b: Spot, c: Spot, d: Spot) -> bool {
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

/// 1 if `p` is to the left of the line from `a` to `b`, −1 to its right, 0 if it is too near to tell.
fn side(a: Spot, b: Spot, p: Spot) -> i32 {
    let (u, v) = (b.u - a.u, b.v - a.v);
    let turn = u * (p.v - a.v) - v * (p.u - a.u);
    match () {
        () if turn.abs() <= ON_LINE * (u.abs() + v.abs()) => 0,
        () if turn > 0.0 => 1,
        () => -1,
    }
}
