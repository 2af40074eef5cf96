//! Rules about ground: corridors that stay separate, flights that stay near their column.

use deconflict_spacetime::{Area, LatLng, Polyline, Shape, azimuth_deg, destination, distance_m};

use super::{claims_of, finding, pairs_of, who};
use crate::engine::divide::{crossings, dividing_line};
use crate::model::{AreaRole, Claim, ClaimBody, ClaimKind, Picture, Rule};
use crate::report::{Certainty, Finding, Location, Measures};
use crate::words;

/// Outlines are sampled at least this densely, metres; between two samples nothing is farther out by more than half of it.
const SAMPLE_M: f64 = 500.0;
/// A flight that is out by this little is not out: more than the error of any distance here, metres.
const ROUNDING_M: f64 = 1.0;

/// Pairs of corridors that touch, at any time.
pub(super) fn separate(picture: &Picture, rule: &Rule) -> Vec<Finding> {
    pairs_of(picture, rule).into_iter().filter_map(|(a, b)| not_separate(picture, rule, a, b)).collect()
}

fn not_separate(picture: &Picture, rule: &Rule, a: &Claim, b: &Claim) -> Option<Finding> {
    let (mine, theirs) = (a.ground()?, b.ground()?);
    if !mine.intersects(&theirs) || divided(picture, a, b) {
        return None;
    }
    let headline = format!("The corridors of {} and {} are not separate.", who(picture, a), who(picture, b));
    let mut finding = finding(picture, rule, &[a, b], headline);
    finding.window = a.span().zip(b.span()).map(|(one, other)| one.hull(other));
    finding.measures = Measures { overlap: Some(true), lateral_m: Some(0.0), ..Measures::default() };
    let Some(shared) = mine.overlap(&theirs) else {
        finding.details.push("They touch and share no ground.".to_owned());
        finding.place = Some(Location::Point(mine.gap(&theirs).from));
        return Some(finding);
    };
    let shared_km2 = shared.area_km2();
    finding.measures.overlap_with_end_km2 = Some(shared_km2);
    finding.measures.overlap_km2 = Some(shared_km2);
    match shared_end(picture, a, b) {
        Some((name, end)) => {
            let outside_km2 = shared.difference(end).area_km2();
            finding.measures.overlap_km2 = Some(outside_km2);
            finding
                .details
                .push(format!("They share {shared_km2:.1} km², {outside_km2:.1} km² of it outside {name}, where both end."));
        }
        None => finding.details.push(format!("They share {shared_km2:.1} km².")),
    }
    finding.place = Some(Location::Region(shared));
    Some(finding)
}

/// Whether an agreement keeps the two on different sides of one barrier, all along: a crossing is not divided.
fn divided(picture: &Picture, a: &Claim, b: &Claim) -> bool {
    let Some((line, bank_a, bank_b)) = dividing_line(picture, a, b) else { return false };
    [(a, bank_a), (b, bank_b)]
        .into_iter()
        .all(|(claim, bank)| claim.track().is_some_and(|track| crossings(&track.line, track.width_m, line, bank).is_empty()))
}

/// The objective in which both columns end.
fn shared_end<'a>(picture: &'a Picture, a: &Claim, b: &Claim) -> Option<(&'a str, &'a Area)> {
    let end = |claim: &Claim| claim.track().and_then(|track| track.line.waypoints().last().copied());
    let (mine, theirs) = (end(a)?, end(b)?);
    let objectives = picture.areas.iter().filter(|area| area.role == AreaRole::Objective);
    let both = objectives.filter(|area| area.area.contains(mine) && area.area.contains(theirs));
    both.map(|area| (area.name.as_str(), &area.area)).next()
}

/// Flights that reach farther from the column they support than the rule allows.
pub(super) fn stays_within(picture: &Picture, rule: &Rule) -> Vec<Finding> {
    let Some(distance_m) = rule.distance_m else { return Vec::new() };
    let flights = claims_of(picture, rule, ClaimKind::Flight);
    let flights = flights.into_iter().filter(|flight| !rule.claims.is_empty() || !flight.supports.is_empty());
    flights.filter_map(|flight| strays(picture, rule, flight, distance_m)).collect()
}

fn strays(picture: &Picture, rule: &Rule, flight: &Claim, allowed_m: f64) -> Option<Finding> {
    let supported: Vec<&Claim> =
        flight.supports.iter().filter_map(|id| picture.claim(id)).filter(|claim| claim.track().is_some()).collect();
    let lines: Vec<&Polyline> = supported.iter().filter_map(|claim| claim.track()).map(|track| &track.line).collect();
    let claims: Vec<&Claim> = std::iter::once(flight).chain(supported.iter().copied()).collect();
    if lines.is_empty() {
        let headline = format!("{} names no column that it stays with.", who(picture, flight));
        let mut finding = finding(picture, rule, &claims, headline);
        finding.certainty = Certainty::CannotExclude;
        finding.window = flight.span();
        return Some(finding);
    }
    // A stretch of the column's own corridor with a buffer is within that buffer by construction.
    let own = flight.stretch_of.as_ref().filter(|(of, _)| supported.iter().any(|claim| claim.id == *of));
    if own.is_some_and(|(_, buffer_m)| *buffer_m <= allowed_m) {
        return None;
    }
    let (out_m, at) = farthest(flight, &lines)?;
    if out_m <= allowed_m + ROUNDING_M {
        return None;
    }
    let columns = supported.iter().map(|claim| who(picture, claim)).collect::<Vec<_>>().join(" or ");
    let headline = format!("{} does not stay with {columns}.", who(picture, flight));
    let mut finding = finding(picture, rule, &claims, headline);
    finding.window = flight.span();
    finding.place = Some(Location::Point(at));
    finding.measures.lateral_m = Some(out_m);
    finding.details.push(format!(
        "It reaches {} from the column's line; {} is allowed.",
        words::length(out_m),
        words::round_length(allowed_m)
    ));
    Some(finding)
}

/// A point of a flight's footprint that is farthest from all of `lines`, and how far the footprint reaches there, metres.
///
/// Seen from a place of the line or centre that a shape is drawn around, nothing of it is farther out than its buffer
/// more: that is never too little, and too much only where the column's own line turns back towards the footprint.
fn farthest(flight: &Claim, lines: &[&Polyline]) -> Option<(f64, LatLng)> {
    let ClaimBody::Volumes(volumes) = &flight.body else { return None };
    let off_m = |at: LatLng| lines.iter().map(|line| line.nearest(at).1).fold(f64::INFINITY, f64::min);
    let mut parts: Vec<&Shape> = Vec::new();
    for part in volumes.iter().flat_map(|volume| volume.area.parts()) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let reaches = parts.into_iter().flat_map(|part| {
        let (points, buffer_m) = match part {
            Shape::Polygon(polygon) => {
                let closed: Vec<LatLng> = polygon.vertices().iter().chain(polygon.vertices().first()).copied().collect();
                (sampled(&closed), 0.0)
            }
            Shape::Circle(circle) => (vec![circle.center()], circle.radius_m()),
            Shape::Corridor(corridor) => (sampled(corridor.line().waypoints()), corridor.width_m() / 2.0),
        };
        points.into_iter().map(move |at| (off_m(at) + buffer_m, at))
    });
    reaches.max_by(|one, other| one.0.total_cmp(&other.0))
}

/// The points of a chain and points on its legs.
fn sampled(chain: &[LatLng]) -> Vec<LatLng> {
    let mut points = chain.to_vec();
    for leg in chain.windows(2) {
        let (length_m, azimuth) = (distance_m(leg[0], leg[1]), azimuth_deg(leg[0], leg[1]));
        let mut along_m = SAMPLE_M;
        while along_m < length_m {
            points.push(destination(leg[0], azimuth, along_m));
            along_m += SAMPLE_M;
        }
    }
    points
}
