//! Rules with a time by which something has to be agreed: meeting lines and border crossings.
//!
//! Safety acts on the earliest: the time is the first that any case of the columns' schedules allows.

use deconflict_conflict::{Approach, Case, first_within};
use deconflict_spacetime::{NS_PER_S, Time, TimeSpan};

use super::{SOON_NS, claims_of, finding, not_binding, pairs_of, who};
use crate::engine::expectations::{first_contact_m, thin};
use crate::model::{Agreement, Barrier, Claim, ClaimKind, Level, Picture, Rule};
use crate::report::{Certainty, Finding, Location};
use crate::words;

/// Pairs of columns whose heads come within the distance and that have no meeting line in force.
pub(super) fn meeting_line(picture: &Picture, rule: &Rule) -> Vec<Finding> {
    let Some(distance_m) = rule.distance_m else { return Vec::new() };
    pairs_of(picture, rule).into_iter().filter_map(|(a, b)| no_meeting_line(picture, rule, a, b, distance_m)).collect()
}

fn no_meeting_line(picture: &Picture, rule: &Rule, a: &Claim, b: &Claim, distance_m: f64) -> Option<Finding> {
    let (Some(one), Some(other)) = (a.movement(), b.movement()) else {
        // A rule for all columns leaves out possible tracks, as the engine does; one that names a track means it.
        return (!rule.claims.is_empty()).then(|| without_times(picture, rule, a, b));
    };
    let first: Approach =
        Case::ALL.iter().filter_map(|case| first_within(one, other, *case, distance_m)).min_by_key(|approach| approach.time)?;
    let due = by_the_minute(first.time);
    let of_pair = |ids: &[String; 2]| ids.contains(&a.id) && ids.contains(&b.id);
    let agreed = |agreement: &&Agreement| agreement.meeting_lines.iter().any(|(ids, _)| of_pair(ids));
    let owners: Vec<&str> = [a, b].iter().filter_map(|claim| claim.party.as_deref()).collect();
    let standing: Vec<(&Agreement, Option<String>)> =
        picture.agreements.iter().filter(agreed).map(|agreement| (agreement, not_binding(picture, agreement, &owners))).collect();
    if standing.iter().any(|(_, because)| because.is_none()) {
        return None;
    }
    let (mine, theirs) = (who(picture, a), who(picture, b));
    let waiting = standing.iter().find_map(|(agreement, because)| Some((agreement, because.as_ref()?)));
    let headline = match waiting {
        Some((agreement, _)) => format!("The meeting line of {mine} and {theirs} in {} is not in force.", agreement.id),
        None => format!("{mine} and {theirs} have agreed no meeting line."),
    };
    let mut finding = finding(picture, rule, &[a, b], headline);
    let heads = format!("the heads can be {} apart", words::round_length(distance_m));
    set_due(picture, rule, &mut finding, due, &format!("Agree a meeting line before {}: then {heads}.", words::time(due)));
    if let Some((_, because)) = waiting {
        finding.details.push(format!("It is agreed, but not in force: {because}."));
        finding.level = if is_past(picture, due) { finding.level } else { Level::Watch };
    }
    finding.place = Some(Location::Line(vec![first.a, first.b]));
    finding.measures.distance_km = Some(distance_m / 1000.0);
    Some(finding)
}

/// Of a column without times nobody knows when its head comes close, or that it does not.
fn without_times(picture: &Picture, rule: &Rule, a: &Claim, b: &Claim) -> Finding {
    let timeless: Vec<&Claim> = [a, b].into_iter().filter(|claim| claim.movement().is_none()).collect();
    let names = timeless.iter().map(|claim| claim.id.as_str()).collect::<Vec<_>>().join(" and ");
    let headline = format!("Whether {} and {} need a meeting line cannot be said.", who(picture, a), who(picture, b));
    let mut finding = finding(picture, rule, &[a, b], headline);
    finding.certainty = Certainty::CannotExclude;
    finding.level = rule.level.quieter();
    finding.window = picture.rest();
    finding.details.push(format!("{names} has no times: with times of arrival or a speed the rule is checked."));
    finding
}

/// Columns whose corridor touches the border without the other side's acknowledgement in force.
pub(super) fn border_acknowledged(picture: &Picture, rule: &Rule) -> Vec<Finding> {
    let barrier = rule.barrier.as_deref().and_then(|id| picture.barrier(id));
    let Some(barrier) = barrier else { return Vec::new() };
    claims_of(picture, rule, ClaimKind::Movement)
        .into_iter()
        .filter_map(|claim| not_acknowledged(picture, rule, barrier, claim))
        .collect()
}

fn not_acknowledged(picture: &Picture, rule: &Rule, barrier: &Barrier, claim: &Claim) -> Option<Finding> {
    let track = claim.track()?;
    let at_m = first_contact_m(&track.line, track.width_m, &thin(&barrier.line)?)?;
    let missing = missing_acknowledgements(picture, barrier, claim);
    if missing.is_empty() {
        return None;
    }
    let place = track.line.point_at(at_m);
    let names = missing.iter().map(|(side, _)| side.as_str()).collect::<Vec<_>>().join(" and ");
    let headline = format!("{} comes to {}; the crossing is not acknowledged by {names}.", who(picture, claim), barrier.name);
    let mut finding = finding(picture, rule, &[claim], headline);
    let others = [&barrier.left, &barrier.right].into_iter().flatten().filter(|party| !is_own(picture, claim, party));
    finding.parties.extend(others.cloned());
    finding.parties.sort();
    finding.parties.dedup();
    match claim.movement().and_then(|movement| movement.head(Case::Earliest).arrival(at_m)) {
        Some(time) => {
            let time = by_the_minute(time);
            let text = format!("Ask before {}: then its corridor can reach the border.", words::time(time));
            set_due(picture, rule, &mut finding, time, &text);
        }
        None => finding.window = picture.rest(),
    }
    finding.details.extend(missing.iter().filter_map(|(_, because)| because.clone()));
    finding.place = Some(Location::Point(place));
    Some(finding)
}

/// Who has to acknowledge the crossing and has not, with what is in the way.
fn missing_acknowledgements(picture: &Picture, barrier: &Barrier, claim: &Claim) -> Vec<(String, Option<String>)> {
    let sides: Vec<&String> = [&barrier.left, &barrier.right].into_iter().flatten().collect();
    if sides.is_empty() {
        return vec![("the other side".to_owned(), Some(format!("{} does not say whose border it is.", barrier.id)))];
    }
    // Where neither side is known as the column's own, both have to acknowledge.
    let others = sides.into_iter().filter(|party| !is_own(picture, claim, party));
    others
        .filter_map(|party| {
            let listed = picture.agreements.iter().filter(|agreement| agreement.crossings.contains(&claim.id));
            let standing: Vec<_> = listed.map(|agreement| (agreement, acknowledgement(picture, agreement, party))).collect();
            if standing.iter().any(|(_, because)| because.is_none()) {
                return None;
            }
            let because = standing.into_iter().find_map(|(agreement, because)| {
                Some(format!("{} names it, but does not count yet: {}.", agreement.id, because?))
            });
            Some((picture.party_name(party).to_owned(), because))
        })
        .collect()
}

fn is_own(picture: &Picture, claim: &Claim, party: &str) -> bool {
    claim.party.as_deref().is_some_and(|owner| picture.lineage(owner).contains(&party))
}

/// Why the agreement is no acknowledgement by `party`, itself or through what it belongs to; `None` if it is one.
fn acknowledgement(picture: &Picture, agreement: &Agreement, party: &str) -> Option<String> {
    let chain = picture.lineage(party);
    let reasons: Vec<String> = chain.iter().filter_map(|id| not_binding(picture, agreement, &[id])).collect();
    if reasons.len() < chain.len() { None } else { reasons.into_iter().next() }
}

/// The last whole minute not after `time`: what is due is due by then.
fn by_the_minute(time: Time) -> Time {
    Time::from_ns(time.ns() - time.ns().rem_euclid(60 * NS_PER_S))
}

/// The level and window of something that is due at `due`: quieter while it is far off, louder once it is past.
fn set_due(picture: &Picture, rule: &Rule, finding: &mut Finding, due: Time, text: &str) {
    if is_past(picture, due) {
        finding.level = rule.level.louder();
        finding.window = picture.rest();
        finding.details.push(format!("It was due {}.", words::time(due)));
    } else {
        finding.level = if due.since_ns(picture.as_of) > SOON_NS { rule.level.quieter() } else { rule.level };
        finding.window = TimeSpan::new(picture.as_of, due).ok();
    }
    finding.details.push(text.to_owned());
}

fn is_past(picture: &Picture, due: Time) -> bool {
    due <= picture.as_of
}
