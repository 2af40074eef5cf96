//! What a page with a map draws of a picture, as JSON: claims with all that they occupy, areas, barriers, places.
//!
//! Times are milliseconds since 1970 UTC, places [longitude, latitude] in degrees to seven decimals, cut at the antimeridian; altitudes
//! metres above what the picture's reference says. `docs/report.md` has the shape. Does not know what is found, or who may see what.

use deconflict_conflict::{Case, Movement, Schedule};
use deconflict_spacetime::{Area, LatLng, Polyline, Time, Volume4D};
use serde_json::{Value, json};

use crate::geometry::Drawing;
use crate::model::{Claim, ClaimBody, Picture, Track};
use crate::report::Location;
use crate::words;

/// Between two vertices of a drawn line there is at most so much road, metres: a straight line on a map is then nowhere more than some
/// centimetres off the geodesic.
const VERTEX_EVERY_M: f64 = 1_000.0;

/// A claim with all that it occupies.
pub fn claim(claim: &Claim) -> Value {
    let mut drawn = json!({
        "id": claim.id,
        "name": claim.name,
        "kind": words::claim_kind(claim.kind),
        "party": claim.party,
        "side": claim.side,
        "open": claim.window_open,
    });
    if let Some(symbol) = &claim.symbol {
        drawn["symbol"] = json!(symbol);
    }
    match &claim.body {
        ClaimBody::Volumes(list) => {
            let (outlines, volumes) = volumes(list);
            drawn["outlines"] = outlines;
            drawn["volumes"] = volumes;
        }
        ClaimBody::Movement(track, movement) => {
            drawn["track"] = road(track);
            drawn["heads"] = heads(movement);
            drawn["span"] = json!([ms(movement.span().start()), ms(movement.span().end())]);
        }
        ClaimBody::Track(track) => drawn["track"] = road(track),
        ClaimBody::Authority { function, area, span } => {
            drawn["function"] = json!(function);
            drawn["outlines"] = json!([polygons(area)]);
            drawn["volumes"] = json!([[0, null, null, ms(span.start()), ms(span.end())]]);
        }
    }
    drawn
}

/// Outlines, each once, and volumes as [outline, lower, upper, start, end]: daily windows repeat their outline.
fn volumes(list: &[Volume4D]) -> (Value, Value) {
    let mut areas: Vec<&Area> = Vec::new();
    let mut rows = Vec::with_capacity(list.len());
    for volume in list {
        let outline = areas.iter().position(|known| **known == volume.area).unwrap_or_else(|| {
            areas.push(&volume.area);
            areas.len() - 1
        });
        let edge = |altitude: Option<f64>| altitude.map(|m| (m * 10.0).round() / 10.0);
        let (lower, upper) = (volume.band.map(|band| band.lower().m()), volume.band.map(|band| band.upper().m()));
        rows.push(json!([outline, edge(lower), edge(upper), ms(volume.span.start()), ms(volume.span.end())]));
    }
    (areas.into_iter().map(polygons).collect(), rows.into())
}

/// The corridor, and the centreline with the metres along it at each vertex.
fn road(track: &Track) -> Value {
    let (line, along_m) = densified(&track.line);
    let names: Vec<Value> = track
        .names
        .iter()
        .zip(track.line.waypoints().iter().zip(track.line.waypoints_along_m()))
        .map(|(name, (at, along_m))| json!({ "name": name, "at": position(*at), "along_m": along_m.round() }))
        .collect();
    json!({
        "width_m": track.width_m,
        "line": line.into_iter().map(position).collect::<Vec<_>>(),
        "along_m": along_m,
        "waypoints": names,
        "polygons": track.ground().as_ref().map_or_else(|| json!([]), polygons),
    })
}

fn densified(line: &Polyline) -> (Vec<LatLng>, Vec<f64>) {
    let (mut points, mut along) = (vec![line.point_at(0.0)], vec![0.0]);
    for leg in line.waypoints_along_m().windows(2) {
        let length_m = leg[1] - leg[0];
        let pieces = (length_m / VERTEX_EVERY_M).ceil().max(1.0);
        for piece in 1..=pieces as u32 {
            let along_m = leg[0] + length_m * f64::from(piece) / pieces;
            points.push(line.point_at(along_m));
            along.push((along_m * 100.0).round() / 100.0);
        }
    }
    (points, along)
}

/// Where the head is when, in each case: [time, metres along the line], straight between two of them.
fn heads(movement: &Movement) -> Value {
    let case = |case| anchors(movement.head(case));
    json!({ "earliest": case(Case::Earliest), "likely": case(Case::Likely), "latest": case(Case::Latest) })
}

fn anchors(head: &Schedule) -> Value {
    head.anchors().iter().map(|anchor| json!([ms(anchor.time), (anchor.along_m * 100.0).round() / 100.0])).collect()
}

/// The named areas of a picture.
pub fn areas(picture: &Picture) -> Value {
    let area = |named: &crate::model::NamedArea| json!({ "id": named.id, "name": named.name, "role": named.role, "polygons": polygons(&named.area) });
    picture.areas.iter().map(area).collect()
}

/// Rivers, borders and lines of a picture.
pub fn barriers(picture: &Picture) -> Value {
    let barrier =
        |barrier: &crate::model::Barrier| json!({ "name": barrier.name, "kind": barrier.kind, "lines": lines(&barrier.line) });
    picture.barriers.iter().map(barrier).collect()
}

/// The places of a picture, each by its first point.
pub fn places(picture: &Picture) -> Value {
    let place = |place: &crate::model::Place| {
        let (_, at) = place.points.first()?;
        Some(json!({ "name": place.name, "at": position(*at) }))
    };
    picture.places.iter().filter_map(place).collect()
}

fn polygons(area: &Area) -> Value {
    match Drawing::of(&Location::Region(area.region())) {
        Drawing::Polygons(pieces) => {
            pieces.iter().map(|rings| rings.iter().map(|ring| vertices(ring)).collect::<Vec<_>>()).collect::<Vec<_>>().into()
        }
        Drawing::Point(_) | Drawing::Lines(_) => json!([]),
    }
}

fn lines(line: &Polyline) -> Value {
    match Drawing::of(&Location::Line(line.waypoints().to_vec())) {
        Drawing::Lines(pieces) => pieces.iter().map(|piece| vertices(piece)).collect(),
        Drawing::Point(_) | Drawing::Polygons(_) => json!([]),
    }
}

fn vertices(piece: &[[f64; 2]]) -> Value {
    piece.iter().map(|[lng, lat]| json!([degrees(*lng), degrees(*lat)])).collect()
}

/// A place as [longitude, latitude].
pub fn position(at: LatLng) -> Value {
    json!([degrees(at.lng_deg()), degrees(at.lat_deg())])
}

/// An instant in milliseconds since 1970.
pub fn ms(time: Time) -> i64 {
    time.ns().div_euclid(1_000_000)
}

/// Degrees to seven decimals, 1 cm; never −0.
fn degrees(deg: f64) -> f64 {
    (deg * 1e7).round() / 1e7 + 0.0
}
