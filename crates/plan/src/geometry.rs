//! Locations as drawings, cut at the antimeridian, and as GeoJSON geometry (RFC 7946): longitude first, rings closed, outer
//! rings counter-clockwise.
//!
//! Only coordinates are handled here, in degrees on a flat sheet of longitude and latitude: fit for drawing, never for
//! deciding whether something meets. A cut is made at the straight line between two vertices.

use deconflict_spacetime::{LatLng, RegionPolygon};
use serde_json::{Value, json};

use crate::report::Location;

/// A vertex as [longitude, latitude], degrees: no `LatLng`, for a cut at the antimeridian has an eastern side, at 180.
/// While a ring is being cut, its longitudes may be past that.
pub type Vertex = [f64; 2];
/// A ring that does not repeat its first vertex.
pub type Ring = Vec<Vertex>;
/// An outer ring, counter-clockwise, and its holes, clockwise.
pub type Rings = Vec<Ring>;

/// A location in pieces, none of which crosses the antimeridian.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// A point.
    Point(Vertex),
    /// The pieces of a line.
    Lines(Vec<Vec<Vertex>>),
    /// The pieces of a region.
    Polygons(Vec<Rings>),
}

impl Drawing {
    /// How `place` is drawn.
    pub fn of(place: &Location) -> Self {
        match place {
            Location::Point(at) => Self::Point([at.lng_deg(), at.lat_deg()]),
            Location::Line(points) => Self::Lines(lines(points)),
            Location::Region(region) => Self::Polygons(region.polygons().iter().flat_map(cut).collect()),
        }
    }
}

/// The GeoJSON geometry of a location; coordinates to seven decimals (1 cm).
pub(crate) fn geometry(place: &Location) -> Value {
    let (one, many, pieces): (_, _, Vec<Value>) = match Drawing::of(place) {
        Drawing::Point(at) => return json!({ "type": "Point", "coordinates": position(at) }),
        Drawing::Lines(lines) => {
            let line = |line: &Vec<Vertex>| line.iter().copied().map(position).collect();
            ("LineString", "MultiLineString", lines.iter().map(line).collect())
        }
        Drawing::Polygons(polygons) => {
            let polygon = |rings: &Rings| rings.iter().map(closed).collect();
            ("Polygon", "MultiPolygon", polygons.iter().map(polygon).collect())
        }
    };
    match pieces.as_slice() {
        [only] => json!({ "type": one, "coordinates": only }),
        _ => json!({ "type": many, "coordinates": pieces }),
    }
}

fn lines(points: &[LatLng]) -> Vec<Vec<Vertex>> {
    let unwrapped = unwrapped(points);
    let mut pieces: Vec<Ring> = vec![Vec::new()];
    for (index, &at) in unwrapped.iter().enumerate() {
        if let Some(&before) = index.checked_sub(1).and_then(|before| unwrapped.get(before)) {
            for meridian in crossed(before, at) {
                let cut = [meridian, latitude_at(before, at, meridian)];
                pieces.last_mut().expect("never empty").push(cut);
                pieces.push(vec![cut]);
            }
        }
        pieces.last_mut().expect("never empty").push(at);
    }
    for piece in &mut pieces {
        let shift = whole_turns(middle_deg(piece));
        piece.iter_mut().for_each(|at| at[0] -= shift);
    }
    pieces
}

/// A polygon cut at the antimeridian, each piece with longitudes in -180 to 180.
fn cut(polygon: &RegionPolygon) -> Vec<Rings> {
    let mut pieces = vec![flat(polygon)];
    for meridian in [-540.0, -180.0, 180.0, 540.0] {
        pieces = pieces.iter().flat_map(|rings| [side(rings, meridian, 1.0), side(rings, meridian, -1.0)]).flatten().collect();
    }
    for rings in &mut pieces {
        let shift = rings.first().map_or(0.0, |outer| whole_turns(middle_deg(outer)));
        rings.iter_mut().flatten().for_each(|at| at[0] -= shift);
    }
    pieces
}

/// A polygon on a sheet on which its rings do not jump; a ring around a pole is led along the pole.
fn flat(polygon: &RegionPolygon) -> Rings {
    let mut outer = unwrapped(&polygon.outer);
    let mut holes: Rings = polygon.holes.iter().map(|hole| unwrapped(hole)).collect();
    let turn = turn_deg(&outer);
    if turn != 0.0 {
        let (first, pole) = (outer[0], 90.0 * turn.signum());
        let last = [first[0] + turn, first[1]];
        outer.push(last);
        match holes.iter().position(|hole| turn_deg(hole) != 0.0) {
            // The hole goes around the pole too: what is left is a belt, opened at its first vertex.
            Some(around) => {
                let hole = holes.swap_remove(around);
                let shift = whole_turns(last[0] - hole[0][0]);
                outer.extend(hole.iter().map(|at| [at[0] + shift, at[1]]));
                outer.push([hole[0][0] + shift + turn_deg(&hole), hole[0][1]]);
            }
            None => outer.extend([[last[0], pole], [first[0], pole]]),
        }
    }
    let middle = middle_deg(&outer);
    for hole in &mut holes {
        let shift = whole_turns(middle - middle_deg(hole));
        hole.iter_mut().for_each(|at| at[0] += shift);
    }
    std::iter::once(outer).chain(holes).collect()
}

/// What of a polygon lies west (`sign` 1) or east (`sign` -1) of a meridian, as polygons.
///
/// The rings are cut into chains; each chain's end is joined, along the meridian, to the start of the chain that is its
/// neighbour there: sorted by latitude, the first and second cut bound ground, the third and fourth, and so on.
fn side(rings: &Rings, meridian: f64, sign: f64) -> Vec<Rings> {
    let inside = |at: Vertex| if sign > 0.0 { at[0] <= meridian } else { at[0] > meridian };
    let (mut outers, mut holes, mut chains): (Rings, Rings, Vec<Ring>) = Default::default();
    for (index, ring) in rings.iter().enumerate() {
        let Some(start) = (0..ring.len()).find(|&k| !inside(ring[k])) else {
            if index == 0 {
                outers.push(ring.clone())
            } else {
                holes.push(ring.clone())
            }
            continue;
        };
        // From a vertex outside, so that no chain is open when the walk ends.
        for k in start..start + ring.len() {
            let (from, to) = (ring[k % ring.len()], ring[(k + 1) % ring.len()]);
            let cut = || [meridian, latitude_at(from, to, meridian)];
            match (inside(from), inside(to)) {
                (false, true) => chains.push(vec![cut(), to]),
                (true, true) => chains.last_mut().expect("entered").push(to),
                (true, false) => chains.last_mut().expect("entered").push(cut()),
                (false, false) => {}
            }
        }
    }
    outers.extend(joined(&chains));
    let mut pieces: Vec<Rings> =
        outers.into_iter().filter(|ring| ring.len() >= 3 && doubled_area(ring) != 0.0).map(|ring| vec![ring]).collect();
    for hole in holes {
        if let Some(piece) = pieces.iter_mut().find(|piece| contains(&piece[0], hole[0])) {
            piece.push(hole);
        }
    }
    pieces
}

/// Chains that start and end on one meridian, joined to rings.
fn joined(chains: &[Ring]) -> Rings {
    let mut cuts: Vec<(f64, usize, bool)> = Vec::new();
    for (index, chain) in chains.iter().enumerate() {
        cuts.push((chain[0][1], index, true));
        cuts.push((chain[chain.len() - 1][1], index, false));
    }
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let next = |chain: usize| {
        let end = cuts.iter().position(|cut| (cut.1, cut.2) == (chain, false))?;
        cuts.get(end ^ 1).filter(|cut| cut.2).map(|cut| cut.1)
    };
    let mut used = vec![false; chains.len()];
    let mut rings = Vec::new();
    for first in 0..chains.len() {
        let (mut ring, mut at) = (Vec::new(), Some(first));
        while let Some(chain) = at.filter(|&chain| !used[chain]) {
            used[chain] = true;
            ring.extend(&chains[chain]);
            at = next(chain);
        }
        if !ring.is_empty() {
            rings.push(ring);
        }
    }
    rings
}

/// Vertices with longitudes that do not jump: each within half a turn of the one before.
fn unwrapped(points: &[LatLng]) -> Ring {
    let mut before = points.first().map_or(0.0, |at| at.lng_deg());
    let step = |at: &LatLng| {
        before = at.lng_deg() + whole_turns(before - at.lng_deg());
        [before, at.lat_deg()]
    };
    points.iter().map(step).collect()
}

/// How far an unwrapped ring turns around the axis: 0, or a whole turn for a ring around a pole.
fn turn_deg(ring: &[Vertex]) -> f64 {
    match (ring.first(), ring.last()) {
        (Some(first), Some(last)) => whole_turns(last[0] - first[0]),
        _ => 0.0,
    }
}

/// The multiple of 360 nearest to an angle in degrees.
fn whole_turns(deg: f64) -> f64 {
    (deg / 360.0).round() * 360.0
}

fn middle_deg(ring: &[Vertex]) -> f64 {
    let (least, most) =
        ring.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), at| (least.min(at[0]), most.max(at[0])));
    f64::midpoint(least, most)
}

/// The antimeridians strictly between two vertices, in the order of the way.
fn crossed(from: Vertex, to: Vertex) -> Vec<f64> {
    let mut meridians: Vec<f64> =
        [-540.0, -180.0, 180.0, 540.0].into_iter().filter(|m| (from[0] - m) * (to[0] - m) < 0.0).collect();
    if to[0] < from[0] {
        meridians.reverse();
    }
    meridians
}

fn latitude_at(from: Vertex, to: Vertex, meridian: f64) -> f64 {
    from[1] + (to[1] - from[1]) * (meridian - from[0]) / (to[0] - from[0])
}

/// Twice the signed area of a ring on the sheet.
fn doubled_area(ring: &[Vertex]) -> f64 {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(p, q)| p[0] * q[1] - q[0] * p[1]).sum()
}

fn contains(ring: &[Vertex], at: Vertex) -> bool {
    let crossings = ring
        .iter()
        .zip(ring.iter().cycle().skip(1))
        .filter(|(p, q)| (p[1] > at[1]) != (q[1] > at[1]) && at[0] < p[0] + (q[0] - p[0]) * (at[1] - p[1]) / (q[1] - p[1]));
    crossings.count() % 2 == 1
}

fn closed(ring: &Ring) -> Vec<Value> {
    ring.iter().chain(ring.first()).copied().map(position).collect()
}

fn position(at: Vertex) -> Value {
    // Adding zero turns −0.0 into 0.0.
    json!(at.map(|deg| (deg * 1e7).round() / 1e7 + 0.0))
}

#[cfg(test)]
#[path = "geometry_tests.rs"]
mod tests;
