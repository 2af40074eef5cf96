//! Stated distances: every straight line between accepted reference points, and the route along a named movement.

use deconflict_spacetime::{LatLng, Polyline, distance_m};

use super::{Disagreement, Outcome};
use crate::engine::sources::{source_label, spot_name};
use crate::model::{Picture, Spot, Statement, Track};
use crate::report::{Location, Measures};
use crate::words;

/// A distance agrees if some way of measuring it is within this share of the stated value.
const TOLERANCE: f64 = 0.10;
/// A place this close to the way is on it, metres.
const ON_THE_WAY_M: f64 = 2000.0;
/// A place this close to the way is near it, metres.
const NEAR_THE_WAY_M: f64 = 5000.0;
/// Two reference points closer than this are one, metres.
const ONE_POINT_M: f64 = 1.0;

/// What was stated; see [`crate::model::StatementCheck::Distance`].
pub(super) struct Stated<'a> {
    pub from: &'a [Spot],
    pub to: &'a [Spot],
    pub value_m: f64,
    pub along: Option<&'a str>,
    pub empty: bool,
}

/// A reference point and its name for people.
type Reference = (String, LatLng);

/// Whether any line or route between the two places is within 10 % of the stated distance.
pub(super) fn distance(picture: &Picture, statement: &Statement, stated: &Stated) -> Outcome {
    let (from, to) = (reference_points(picture, stated.from), reference_points(picture, stated.to));
    let claim = stated.along.and_then(|id| picture.claim(id));
    let track = claim.and_then(|claim| claim.track());
    let ways = ways(&from, &to, track);
    let mut remarks = Vec::new();
    if let (Some(id), false) = (stated.along, ways.iter().any(|way| way.route)) {
        remarks.push(format!("no route counted: not both places are on the corridor of {id}"));
    }
    if stated.empty {
        remarks.extend(on_the_way(picture, stated, track));
    }
    let nearest = |one: &&Way, other: &&Way| (one.m - stated.value_m).abs().total_cmp(&(other.m - stated.value_m).abs());
    let Some(best) = ways.iter().min_by(nearest) else {
        return Outcome::remarked("recorded", "both ends are one point: there is no distance to compare".to_owned());
    };
    let agrees = (best.m - stated.value_m).abs() <= TOLERANCE * stated.value_m;
    let mut outcome = Outcome {
        verdict: if agrees { "consistent" } else { "inconsistent" },
        computed: Some(format!("{}: {} ({:+.1} %)", best.name, words::length(best.m), deviation(stated.value_m, best.m))),
        measured: ways.iter().map(|way| (way.name.clone(), way.m / 1000.0, deviation(stated.value_m, way.m))).collect(),
        remarks,
        disagreement: None,
    };
    if !agrees {
        outcome.disagreement = Some(disagreement(picture, statement, stated, best, &outcome.remarks));
    }
    outcome
}

fn disagreement(picture: &Picture, statement: &Statement, stated: &Stated, best: &Way, remarks: &[String]) -> Disagreement {
    let value = words::round_length(stated.value_m);
    let by = source_label(picture, statement.source.as_deref());
    let mut details = vec![format!("Closest way of measuring: {} ({:+.1} %).", best.name, deviation(stated.value_m, best.m))];
    details.extend(remarks.iter().cloned());
    Disagreement {
        headline: format!(
            "{by} says {value} from {} to {}; the nearest value on the map is {}.",
            best.ends[0].0,
            best.ends[1].0,
            words::length(best.m)
        ),
        details,
        measures: Measures {
            distance_km: Some(best.m / 1000.0),
            stated: Some(value),
            computed: Some(words::length(best.m)),
            ..Measures::default()
        },
        place: Some(Location::Line(best.ends.iter().map(|(_, at)| *at).collect())),
        claims: stated.along.map(str::to_owned).into_iter().collect(),
        moves: false,
    }
}

/// Stated against computed, percent of the computed value.
fn deviation(stated_m: f64, computed_m: f64) -> f64 {
    (stated_m - computed_m) / computed_m * 100.0
}

/// One way of measuring a distance.
struct Way {
    name: String,
    ends: [Reference; 2],
    m: f64,
    route: bool,
}

/// All lines, and all routes between points on the corridor: off it, where the road runs is not known.
fn ways(from: &[Reference], to: &[Reference], track: Option<&Track>) -> Vec<Way> {
    let mut ways = Vec::new();
    for start in from {
        for end in to {
            let way = |kind, m, route| Way {
                name: format!("{} to {}, {kind}", start.0, end.0),
                ends: [start.clone(), end.clone()],
                m,
                route,
            };
            let line_m = distance_m(start.1, end.1);
            if line_m < ONE_POINT_M {
                continue;
            }
            ways.push(way("line", line_m, false));
            if let Some((from_m, to_m)) = track.and_then(|track| on_corridor(track, start.1).zip(on_corridor(track, end.1)))
                && (from_m - to_m).abs() >= ONE_POINT_M
            {
                ways.push(way("route", (from_m - to_m).abs(), true));
            }
        }
    }
    ways
}

/// Metres along the track of a point on its corridor.
fn on_corridor(track: &Track, at: LatLng) -> Option<f64> {
    let (along_m, off_m) = track.line.nearest(at);
    (off_m <= track.width_m / 2.0).then_some(along_m)
}

/// All reference points of the places that are meant: "Al-Qa'im (town)", "Al-Qa'im (town) [older point]".
pub(super) fn reference_points(picture: &Picture, spots: &[Spot]) -> Vec<Reference> {
    let mut references: Vec<Reference> = Vec::new();
    for spot in spots {
        references.push((spot_name(spot), spot.at));
        if let Some(place) = picture.place(&spot.name) {
            references.extend(place.points.iter().skip(1).map(|(name, at)| (format!("{} [{name}]", place.name), *at)));
        }
    }
    let mut apart: Vec<Reference> = Vec::new();
    for (name, at) in references {
        if !apart.iter().any(|(_, other)| distance_m(*other, at) < ONE_POINT_M) {
            apart.push((name, at));
        }
    }
    apart
}

/// Named places between the ends of a way that is said to be empty: on the straight line or the route, and near them.
fn on_the_way(picture: &Picture, stated: &Stated, track: Option<&Track>) -> Vec<String> {
    let (Some(from), Some(to)) = (stated.from.first(), stated.to.first()) else { return Vec::new() };
    let straight = Polyline::new(vec![from.at, to.at]).ok();
    let route = track.and_then(|track| {
        let (from_m, to_m) = on_corridor(track, from.at).zip(on_corridor(track, to.at))?;
        let part = track.line.part(from_m.min(to_m), from_m.max(to_m))?;
        Some(if from_m <= to_m { part } else { part.reversed() })
    });
    let lines: Vec<Polyline> = straight.into_iter().chain(route).collect();
    let is_end = |name: &str| stated.from.iter().chain(stated.to).any(|spot| spot.name == name);
    let mut between: Vec<(f64, f64, &str)> = Vec::new();
    for place in picture.places.iter().filter(|place| !is_end(&place.name)) {
        let feet = lines.iter().flat_map(|line| {
            place.points.iter().filter_map(|(_, at)| {
                let (along_m, off_m) = line.nearest(*at);
                (along_m > ONE_POINT_M && along_m < line.length_m() - ONE_POINT_M).then_some((off_m, along_m))
            })
        });
        if let Some((off_m, along_m)) = feet.min_by(|one, other| one.0.total_cmp(&other.0)) {
            between.push((along_m, off_m, &place.name));
        }
    }
    between.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.2.cmp(other.2)));
    let named = |least_m: f64, most_m: f64| -> Vec<&str> {
        between.iter().filter(|(_, off_m, _)| *off_m > least_m && *off_m <= most_m).map(|(_, _, name)| *name).collect()
    };
    let (on, near) = (named(-1.0, ON_THE_WAY_M), named(ON_THE_WAY_M, NEAR_THE_WAY_M));
    let count = |names: &[&str]| format!("{} named {}", names.len(), if names.len() == 1 { "place" } else { "places" });
    let mut remarks = Vec::new();
    if !on.is_empty() {
        remarks.push(format!("{} on the way: {}", count(&on), on.join(", ")));
    }
    if !near.is_empty() {
        remarks.push(format!("{} within {} of the way: {}", count(&near), words::round_length(NEAR_THE_WAY_M), near.join(", ")));
    }
    remarks
}
