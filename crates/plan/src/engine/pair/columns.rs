//! Two columns of different sides: where they meet if they end at one place, where they use the same ground, how close
//! their heads come.

use deconflict_conflict::{Case, GroundConflict, Meeting, Movement, closest_heads, first_within, meeting};
use deconflict_spacetime::{Area, Circle, LatLng, NS_PER_S, Shape, Time, TimeSpan, distance_m};

use super::contact::{Contact, lasting};
use super::{Pair, text};
use crate::engine::agreements::meeting_line_in_force;
use crate::engine::divide::ground_conflict_of;
use crate::engine::place;
use crate::model::{AreaRole, Level, Picture};
use crate::report::{Finding, FindingKind, Location, Measures};
use crate::words;

/// An objective that reaches farther than this from the ends of two columns is no place where they end, metres: within it they are on the
/// road, and what they share of that is a conflict.
const LARGEST_END_M: f64 = 15_000.0;
/// Two columns end at one place if their ends are at most this far apart, metres, or half the greater width.
const ONE_PLACE_M: f64 = 1000.0;

/// Converging, conflict and approach: at most one of each.
pub(super) fn findings(pair: &Pair) -> Vec<Finding> {
    let (Some(a), Some(b)) = (pair.a.movement(), pair.b.movement()) else { return Vec::new() };
    let inside = both_inside(pair.picture, a, b);
    // A column whose claim has ended before the other can be there does not meet it; an end that is not known is none.
    let open = pair.a.window_open || pair.b.window_open;
    let meeting = meeting(a, b, one_place_m(a, b)).filter(|meeting| open || starts(meeting) <= a.end().min(b.end()));
    let excluded = meeting.as_ref().and_then(|_| excluded_end(pair.picture, a, b));
    let converging = meeting.map(|meeting| converging(pair, a, b, &meeting, &inside));
    let conflict = ground_conflict_of(pair.picture, pair.a, pair.b, pair.minima(), excluded.as_ref())
        .map(|found| conflict(pair, &found, excluded.is_some(), inside));
    [converging, conflict, approach(pair, a, b)].into_iter().flatten().collect()
}

fn one_place_m(a: &Movement, b: &Movement) -> f64 {
    (a.width_m().max(b.width_m()) / 2.0).max(ONE_PLACE_M)
}

fn end_of(movement: &Movement) -> LatLng {
    let line = movement.line();
    line.point_at(line.length_m())
}

/// The place where two movements both end: the objectives that hold it and are no larger than a place, or a circle as wide as both columns.
///
/// What happens there is `converging`, not a conflict.
fn excluded_end(picture: &Picture, a: &Movement, b: &Movement) -> Option<Area> {
    let objectives = picture.areas.iter().filter(|area| area.role == AreaRole::Objective);
    let ends = [end_of(a), end_of(b)];
    let here = objectives.filter(|named| ends.iter().any(|end| named.area.contains(*end)));
    let here = here.filter(|named| {
        let (center, radius_m) = named.area.bounding_circle();
        ends.iter().all(|end| distance_m(center, *end) + radius_m <= LARGEST_END_M)
    });
    let parts: Vec<Shape> = here.flat_map(|named| named.area.parts().iter().cloned()).collect();
    Area::new(parts).ok().or_else(|| {
        let circle = Circle::new(end_of(a), f64::midpoint(a.width_m(), b.width_m())).ok()?;
        Some(Area::from(Shape::Circle(circle)))
    })
}

/// The objectives in which both likely heads are at one time, and when.
fn both_inside(picture: &Picture, a: &Movement, b: &Movement) -> Vec<(String, TimeSpan)> {
    let objectives = picture.areas.iter().filter(|area| area.role == AreaRole::Objective);
    objectives
        .filter_map(|named| {
            let (one, other) = (a.head_inside(Case::Likely, &named.area)?, b.head_inside(Case::Likely, &named.area)?);
            Some((named.id.clone(), one.overlap(other)?))
        })
        .collect()
}

/// One sentence for each objective in which both heads are at one time.
fn inside_sentences(picture: &Picture, inside: &[(String, TimeSpan)]) -> Vec<String> {
    let name = |id: &str| picture.areas.iter().find(|area| area.id == id).map_or_else(|| id.to_owned(), |area| area.name.clone());
    let sentence = |(id, span): &(String, TimeSpan)| {
        format!("Both heads are inside {} from {} to {}.", name(id), words::minute(span.start()), words::minute(span.end()))
    };
    inside.iter().map(sentence).collect()
}

/// The first instant at which the two can meet.
fn starts(meeting: &Meeting) -> Time {
    meeting.earliest.min(meeting.latest)
}

fn converging(pair: &Pair, a: &Movement, b: &Movement, meeting: &Meeting, inside: &[(String, TimeSpan)]) -> Finding {
    let (first, second) = pair.names();
    let headline = format!("{first} and {second} end at one place and would meet");
    let mut finding = pair.finding(FindingKind::Converging, Level::Warn, &headline);
    let (from, met, gone) = (starts(meeting), meeting.earliest.max(meeting.latest), a.end().min(b.end()));
    // Once they have met, both stand at the shared end until the first of them gives it up.
    let both_there = pair.picture.as_of > met && gone > met;
    finding.window = Some(lasting(from, if both_there { gone } else { met }));
    finding.place = Some(band(a, b, meeting));
    finding.measures = Measures {
        meeting: Some([meeting.earliest, meeting.likely, meeting.latest]),
        place_km: Some([meeting.likely_km, meeting.min_km, meeting.max_km]),
        route_gap_km: Some(meeting.route_gap_m / 1000.0),
        both_inside: inside.to_vec(),
        ..Measures::default()
    };
    finding.details.extend(meeting_sentences(pair, end_of(a), meeting));
    if both_there {
        finding.details.push(format!("Both are there, until {}.", words::minute(gone)));
    }
    finding.details.extend(inside_sentences(pair.picture, inside));
    if let Some(agreement) = meeting_line_in_force(pair.picture, pair.a, pair.b) {
        finding.level = Level::Note;
        finding.details.push(format!("Meeting line agreed ({}): neither head passes it.", agreement.id));
    }
    finding
}

/// When and where the two meet, and how sure that is.
fn meeting_sentences(pair: &Pair, end: LatLng, meeting: &Meeting) -> Vec<String> {
    let near = place::near(pair.picture, meeting.likely_place);
    let (earliest, likely, latest) =
        (words::minute(meeting.earliest), words::minute(meeting.likely), words::minute(meeting.latest));
    let mut sentences = vec![if earliest == latest {
        format!("They meet on {likely}, {near}.")
    } else {
        format!("They meet between {earliest} and {latest}, likely {likely}, {near}.")
    }];
    let road = |km: f64| {
        let road = if km < 0.0 { &pair.a.id } else { &pair.b.id };
        format!("{:.1} km before it on the road of {road}", km.abs())
    };
    if meeting.max_km - meeting.min_km >= 0.1 {
        sentences.push(format!(
            "Their shared end is {}; if one is fast and the other slow they meet anywhere from {} to {}.",
            place::near(pair.picture, end),
            road(meeting.min_km),
            road(meeting.max_km)
        ));
    }
    sentences
        .push(format!("{:.1} km of road lie between the two heads when the later one starts.", meeting.route_gap_m / 1000.0));
    sentences
}

/// The stretch of the joined line on which the two can meet; a point if the place is certain.
fn band(a: &Movement, b: &Movement, meeting: &Meeting) -> Location {
    let (min_m, max_m) = (meeting.min_km * 1000.0, meeting.max_km * 1000.0);
    let between = |at_m: f64| at_m > min_m && at_m < max_m;
    let along = |movement: &Movement, sign: f64| -> Vec<(f64, LatLng)> {
        let line = movement.line();
        let to_end = |along_m: &f64| sign * (line.length_m() - along_m);
        line.waypoints_along_m()
            .iter()
            .map(to_end)
            .zip(line.waypoints().iter().copied())
            .filter(|(at_m, _)| between(*at_m))
            .collect()
    };
    let mut points = vec![meeting.min_place];
    points.extend(along(a, -1.0).into_iter().chain(along(b, 1.0).into_iter().rev()).map(|(_, at)| at));
    points.push(meeting.max_place);
    points.dedup();
    if points.len() > 1 && distance_m(meeting.min_place, meeting.max_place) > 1.0 {
        Location::Line(points)
    } else {
        Location::Point(meeting.likely_place)
    }
}

fn conflict(pair: &Pair, found: &GroundConflict, has_end: bool, inside: Vec<(String, TimeSpan)>) -> Finding {
    let end_km2 = has_end.then(|| found.region_with_end.area_km2());
    let contact = Contact::of_columns(found.clone());
    let place = if found.region.is_empty() { Some(Location::Point(found.first_place)) } else { None };
    let mut finding = pair.conflict(contact, super::SAME_GROUND);
    finding.place = place.or(finding.place);
    finding.details.push(format!(
        "It begins {} at {}.",
        place::near(pair.picture, found.first_place),
        words::minute(found.first_time)
    ));
    if let Some(km2) = end_km2 {
        finding.details.push(format!("With the place where both end they share {}.", text::km2(km2)));
    }
    if end_km2.is_none() {
        // Otherwise the finding about the shared end says it.
        finding.details.extend(inside_sentences(pair.picture, &inside));
    }
    finding.measures.overlap_with_end_km2 = end_km2;
    finding.measures.both_inside = inside;
    finding
}

impl Contact {
    /// What the conflict crate found about two columns.
    pub(super) fn of_columns(found: GroundConflict) -> Self {
        Self::on_ground(found.overlap, found.lateral_m, found.time_ns, found.region, found.first_place, found.span)
    }
}

/// How close the heads come, by the thresholds of the picture.
fn approach(pair: &Pair, a: &Movement, b: &Movement) -> Option<Finding> {
    let ids = [&pair.a.id, &pair.b.id];
    let concerns = |claims: &Option<[String; 2]>| {
        claims.as_ref().is_none_or(|claims| claims.iter().all(|id| ids.contains(&id)) && claims[0] != claims[1])
    };
    let thresholds = pair.picture.approach.iter().filter(|threshold| concerns(&threshold.claims));
    let earliest = |distance_m: f64| {
        Case::ALL.iter().filter_map(|case| first_within(a, b, *case, distance_m)).min_by_key(|found| found.time)
    };
    let mut reached: Vec<_> = thresholds.filter_map(|threshold| Some((threshold, earliest(threshold.distance_m)?))).collect();
    reached.sort_by(|one, other| other.0.distance_m.total_cmp(&one.0.distance_m));
    let (smallest, heads) = reached.last()?;
    let closest = Case::ALL
        .iter()
        .filter_map(|case| closest_heads(a, b, *case))
        .min_by(|one, other| one.distance_m.total_cmp(&other.distance_m));

    let (first, second) = pair.names();
    let headline = format!("the heads of {first} and {second} would come within {}", words::round_length(smallest.distance_m));
    let mut finding = pair.finding(FindingKind::Approach, smallest.level, &headline);
    let times: Vec<Time> = reached.iter().map(|(_, found)| found.time).chain(closest.map(|found| found.time)).collect();
    finding.window = times.iter().map(|&time| lasting(time, time.plus_ns(NS_PER_S))).reduce(TimeSpan::hull);
    finding.place = Some(if heads.distance_m > 1.0 { Location::Line(vec![heads.a, heads.b]) } else { Location::Point(heads.a) });
    finding.measures.thresholds =
        reached.iter().map(|(threshold, found)| (threshold.distance_m / 1000.0, threshold.level, found.time)).collect();
    finding.measures.distance_km = closest.map(|found| found.distance_m / 1000.0);
    let steps: Vec<String> = reached
        .iter()
        .map(|(threshold, found)| format!("{} from {}", words::round_length(threshold.distance_m), words::minute(found.time)))
        .collect();
    finding.details.push(format!("Heads within {}.", steps.join("; ")));
    if let Some(closest) = closest {
        finding.details.push(format!(
            "They come as close as {} at {}, {}.",
            words::length(closest.distance_m),
            words::minute(closest.time),
            place::near(pair.picture, closest.a)
        ));
    }
    Some(finding)
}
