//! Positions into footprints: rings, lines and circles, with what is wrong with them in words.
//!
//! Longitudes may pass ±180°; a ring may close itself; the cut that maps draw to a pole is taken out. Does not know formats.

use deconflict_spacetime::{
    Footprint, InvalidCircle, InvalidCorridor, InvalidPolygon, InvalidPolyline, LatLng, UNDECIDED_M, distance_m,
};

use super::notes::Note;
use super::properties::Reporter;

/// Most vertices of one outline.
pub const VERTICES_MAX: usize = 100_000;
/// What edges may stray from straight lines on a map without being mentioned, metres.
const STRAY_MENTIONED_M: f64 = 10.0;
/// Mean radius of the earth, metres.
const EARTH_RADIUS_M: f64 = 6_371_000.0;

/// A longitude and a latitude in degrees, in the order of most files.
pub type LngLat = [f64; 2];

/// What was found and what was expected.
pub type Reason = (String, String);

/// The place of a position.
///
/// # Errors
/// What is wrong with it.
pub fn place([lng, lat]: LngLat) -> Result<LatLng, Reason> {
    if !(-90.0..=90.0).contains(&lat) {
        let swapped = (-90.0..=90.0).contains(&lng) && (-360.0..=360.0).contains(&lat);
        let hint = if swapped { "; are lat and lng swapped?" } else { "" };
        return Err((format!("latitude {lat}"), format!("a latitude in degrees, -90 to 90{hint}")));
    }
    if !(-360.0..=360.0).contains(&lng) {
        return Err((
            format!("longitude {lng}"),
            "a longitude in degrees, -180 to 180 (past the antimeridian to 360)".to_owned(),
        ));
    }
    let lng = if lng > 180.0 {
        lng - 360.0
    } else if lng < -180.0 {
        lng + 360.0
    } else {
        lng
    };
    LatLng::degrees(lat, lng).map_err(|error| (error.to_string(), "a place on the earth".to_owned()))
}

/// The places of positions; reports the first that is none.
fn places(points: &[LngLat], path: &dyn Fn() -> String, to: &mut Reporter) -> Option<Vec<LatLng>> {
    if points.len() > VERTICES_MAX {
        to.fault(path(), format!("{} positions", points.len()), format!("at most {VERTICES_MAX} in one outline"));
        return None;
    }
    let mut places = Vec::with_capacity(points.len());
    for (index, &point) in points.iter().enumerate() {
        match place(point) {
            Ok(place) => places.push(place),
            Err((found, expected)) => {
                to.fault(format!("{}[{index}]", path()), found, expected);
                return None;
            }
        }
    }
    Some(places)
}

/// Whether two places cannot be told apart.
fn same(a: LatLng, b: LatLng) -> bool {
    if a == b {
        return true;
    }
    // A millimetre is less than this many degrees of latitude, and of longitude but near a pole.
    let (up, turn) = ((a.lat_deg() - b.lat_deg()).abs(), (a.lng_deg() - b.lng_deg()).abs());
    let clearly_apart = up > 1e-7 || (turn > 1e-5 && turn < 359.0 && a.lat_deg().abs() < 89.9);
    !clearly_apart && distance_m(a, b) <= UNDECIDED_M
}

/// Whether two positions are one place; what is no position is not.
pub fn same_place(a: LngLat, b: LngLat) -> bool {
    matches!((place(a), place(b)), (Ok(a), Ok(b)) if same(a, b))
}

/// Leaves out places that repeat the one before them.
fn without_repeats(places: &mut Vec<LatLng>) {
    places.dedup_by(|next, before| same(*next, *before));
}

/// The footprint of a ring, which may repeat its first position at the end.
pub fn ring(points: &[LngLat], path: &dyn Fn() -> String, to: &mut Reporter) -> Option<Footprint> {
    let mut vertices = places(points, path, to)?;
    note_straying(points, to);
    close(&mut vertices);
    match Footprint::polygon(vertices) {
        Ok(footprint) => Some(footprint),
        Err(invalid) => {
            let (found, expected) = why_no_polygon(invalid);
            to.fault(path(), found, expected);
            None
        }
    }
}

/// Takes repeated vertices out of a ring, the closing one among them, and the cut that maps draw to a pole.
fn close(vertices: &mut Vec<LatLng>) {
    without_repeats(vertices);
    while vertices.len() > 1 && same(vertices[0], vertices[vertices.len() - 1]) {
        vertices.pop();
    }
    if vertices.iter().any(|vertex| vertex.lat_deg().abs() >= 90.0) {
        without_polar_cut(vertices);
    }
}

/// Takes the way along the antimeridian to a pole and back out of a ring around that pole.
///
/// RFC 7946 and most maps draw such a ring with an edge to the pole, along it, and back; on the earth that is no edge.
fn without_polar_cut(vertices: &mut Vec<LatLng>) {
    // There are two poles, and a ring that comes to one again and again is refused as it is.
    for _ in 0..2 {
        let at_pole = |vertex: &LatLng| vertex.lat_deg().abs() >= 90.0;
        let spur = (0..vertices.len()).find(|&i| {
            let count = vertices.len();
            count >= 5 && at_pole(&vertices[i]) && same(vertices[(i + count - 1) % count], vertices[(i + 1) % count])
        });
        let Some(pole) = spur else { return };
        // From the tip inward, the two sides of the spur are the same way there and back; their foot stays once.
        vertices.rotate_left(pole);
        let rest = &vertices[1..];
        let mut pairs = 1;
        while 2 * pairs + 3 <= rest.len() && same(rest[pairs], rest[rest.len() - 1 - pairs]) {
            pairs += 1;
        }
        *vertices = rest[pairs - 1..rest.len() - pairs].to_vec();
    }
}

fn why_no_polygon(invalid: InvalidPolygon) -> Reason {
    match invalid {
        InvalidPolygon::TooFewVertices(count) => {
            (format!("{count} different vertices"), "a polygon of at least three vertices".to_owned())
        }
        InvalidPolygon::DuplicateVertices(i, j) => (
            format!("vertex {j} at the same place as vertex {i}"),
            "a ring that passes each place once; vertices count from 0, repeats and the closing one left out".to_owned(),
        ),
        InvalidPolygon::CrossingEdges(i, j) => (
            format!("edge {i} crosses or touches edge {j}"),
            "a ring whose edges do not cross; edge i starts at vertex i, counted from 0, repeats and the closing one left out"
                .to_owned(),
        ),
        InvalidPolygon::EdgeTooLong { edge, length_km } => (
            format!("an edge of {length_km:.0} km from vertex {edge}"),
            "edges of at most 1000 km: add a vertex on it".to_owned(),
        ),
        InvalidPolygon::TooLarge { vertex, distance_km } => {
            (format!("vertex {vertex}, {distance_km:.0} km from the first"), "at most 2500 km: split the polygon".to_owned())
        }
    }
}

/// The footprint of a line with a total width.
pub fn corridor(points: &[LngLat], width_m: f64, path: &dyn Fn() -> String, to: &mut Reporter) -> Option<Footprint> {
    let mut waypoints = places(points, path, to)?;
    note_straying(points, to);
    without_repeats(&mut waypoints);
    match Footprint::corridor(waypoints, width_m) {
        Ok(footprint) => Some(footprint),
        Err(invalid) => {
            let (found, expected) = why_no_corridor(invalid);
            to.fault(path(), found, expected);
            None
        }
    }
}

fn why_no_corridor(invalid: InvalidCorridor) -> Reason {
    match invalid {
        InvalidCorridor::Line(InvalidPolyline::TooFewWaypoints(count)) => {
            (format!("{count} different positions"), "a line of at least two".to_owned())
        }
        InvalidCorridor::Line(InvalidPolyline::LegTooLong { leg, length_km }) => (
            format!("{length_km:.0} km after position {leg}"),
            "at most 1000 km between two positions: add one on the way".to_owned(),
        ),
        InvalidCorridor::Line(InvalidPolyline::RepeatedWaypoint(index)) => {
            (format!("position {index} at the place of the one before"), "another place".to_owned())
        }
        InvalidCorridor::Width(width_m) => {
            (format!("a width of {width_m} m"), "a width above 0 and at most 1000000 m".to_owned())
        }
    }
}

/// The footprint of a circle.
pub fn circle(center: LngLat, radius_m: f64, path: &dyn Fn() -> String, to: &mut Reporter) -> Option<Footprint> {
    let center = match place(center) {
        Ok(center) => center,
        Err((found, expected)) => {
            to.fault(path(), found, expected);
            return None;
        }
    };
    match Footprint::circle(center, radius_m) {
        Ok(footprint) => Some(footprint),
        Err(InvalidCircle(radius_m)) => {
            to.fault(path(), format!("a radius of {radius_m} m"), "a radius above 0 and at most 1000000 m");
            None
        }
    }
}

/// Notes edges that run far beside the straight lines that a map of longitude and latitude shows.
fn note_straying(points: &[LngLat], to: &mut Reporter) {
    let (mut widest, mut tallest, mut farthest) = (0.0_f64, 0.0_f64, 0.0_f64);
    for pair in points.windows(2) {
        let turn = (pair[1][0] - pair[0][0]).abs();
        widest = widest.max(if turn > 180.0 { 360.0 - turn } else { turn });
        tallest = tallest.max((pair[1][1] - pair[0][1]).abs());
        farthest = farthest.max(pair[0][1].abs().min(90.0));
    }
    // On a sphere, to the second order: R (Δλ² sin 2φ / 16 + Δλ Δφ sin φ / 4), and both sines are one at most.
    let (widest, tallest) = (widest.to_radians(), tallest.to_radians());
    let bend = if farthest >= 45.0 { 1.0 } else { (2.0 * farthest).to_radians().sin() };
    let stray_m = EARTH_RADIUS_M * widest * (widest * bend / 16.0 + tallest * farthest.to_radians().sin() / 4.0);
    if stray_m > STRAY_MENTIONED_M {
        to.notes.measure(Note::EdgesStray, to.line, stray_m);
    }
}

#[cfg(test)]
#[path = "outline_tests.rs"]
mod tests;
