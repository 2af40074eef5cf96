//! Open matters: they never close by themselves, and grow louder as the columns close in.
//!
//! Stake and risk are the source's text; they are shown and never computed with.

use std::collections::BTreeSet;

use deconflict_spacetime::{Area, TimeSpan};

use crate::model::{Claim, ClaimBody, Function, Level, Matter, MatterState, NamedArea, Picture, Side};
use crate::report::{Finding, FindingKind, Location};
use crate::words;

/// One `open` finding for each open matter, and a `contested` one for each area that a matter needs and nobody claims.
///
/// `found` are the findings about pairs of claims: an approach between movements that the matter escalates with raises it when its thresholds are
/// reached, and says before when that will be.
pub(crate) fn matter_findings(picture: &Picture, found: &[Finding]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for matter in picture.matters.iter().filter(|matter| matter.state == MatterState::Open) {
        findings.push(open(picture, matter, found));
        findings.extend(unclaimed(picture, matter));
    }
    findings.extend(picture.sides.iter().filter_map(|side| review_due(picture, side)));
    findings
}

/// A side that was declared for a time and has not been looked at since.
fn review_due(picture: &Picture, side: &Side) -> Option<Finding> {
    let due = side.review.filter(|due| *due <= picture.as_of)?;
    let headline = format!("Side {} was to be looked at again by {}.", side.id, words::minute(due));
    let mut finding = Finding::new(FindingKind::Open, Level::Watch, format!("open:review:{}", side.id), headline);
    finding.parties = sorted(side.lead.iter().chain(&side.members));
    finding.details.push("Nobody has said since that these claims still belong together.".to_owned());
    if let Some(keeper) = &side.deconflicted_by {
        finding.details.push(format!("Its internal pairs still count as kept apart by {keeper}."));
    }
    Some(finding)
}

/// That a matter is open, as loud as the approaches among `found` make it.
pub fn open(picture: &Picture, matter: &Matter, found: &[Finding]) -> Finding {
    let mut finding = Finding::new(
        FindingKind::Open,
        Level::Watch,
        format!("open:{}", matter.id),
        format!("{} is open: {}", matter.id, matter.text),
    );
    finding.claims = sorted(matter.claims.iter());
    finding.parties = parties(picture, matter);
    finding.window = picture.rest();
    finding.place = place(picture, matter);
    finding.details.extend(matter.stake.iter().map(|stake| format!("At stake, says the source: {stake}.")));
    finding.details.extend(matter.risk.iter().map(|risk| format!("The source fears: {risk}.")));
    for agreement in picture.agreements.iter().filter(|agreement| agreement.matters.contains(&matter.id)) {
        finding.details.push(format!("{} is about it, but its parties have not closed it.", agreement.id));
    }
    let approaches: Vec<&Finding> =
        found.iter().filter(|other| other.kind == FindingKind::Approach && escalates(picture, matter, other)).collect();
    finding.details.extend(approaches.iter().filter_map(|approach| escalation(picture, approach)));
    let reached = approaches.iter().flat_map(|approach| approach.measures.thresholds.iter());
    let so_far = reached.filter(|(_, _, time)| *time <= picture.as_of).map(|(_, level, _)| *level);
    finding.level = so_far.fold(finding.level, Level::max);
    if let Some(detail) = settled_by(picture, matter) {
        finding.details.push(detail);
    }
    if matter.due.is_some_and(|due| due <= picture.as_of) {
        finding.level = finding.level.max(Level::Warn);
    }
    finding
}

/// Who has to see to it, and by when.
fn settled_by(picture: &Picture, matter: &Matter) -> Option<String> {
    let owner = matter.owner.as_deref().map(|owner| picture.party_name(owner));
    let due = matter.due.map(|due| (words::minute(due), due <= picture.as_of));
    Some(match (owner, due) {
        (Some(owner), Some((due, true))) => format!("{owner} was to see to it by {due}, and it is still open."),
        (Some(owner), Some((due, false))) => format!("{owner} is to see to it by {due}."),
        (None, Some((due, true))) => format!("It was to be settled by {due}, and nobody was named to see to it."),
        (None, Some((due, false))) => format!("It is to be settled by {due}; nobody is named to see to it."),
        (Some(owner), None) => format!("{owner} is to see to it."),
        (None, None) => return None,
    })
}

/// How much louder the matter will get, and when; `None` if every threshold is behind.
fn escalation(picture: &Picture, approach: &Finding) -> Option<String> {
    let ahead = approach.measures.thresholds.iter().filter(|(_, level, time)| *time > picture.as_of && *level > Level::Watch);
    let steps: Vec<String> =
        ahead.map(|(km, level, time)| format!("{} from {} ({km} km)", words::level(*level), words::minute(*time))).collect();
    let columns = approach.claims.join(" and ");
    (!steps.is_empty()).then(|| format!("It gets louder as the heads of {columns} close in: {}.", steps.join(", ")))
}

/// Whether an approach is between movements that make this matter more urgent.
fn escalates(picture: &Picture, matter: &Matter, approach: &Finding) -> bool {
    let named = &matter.escalates_with;
    match named.as_slice() {
        [] => {
            let side_of = |id: &String| picture.claim(id).map(|claim| claim.side.as_str());
            let sides: BTreeSet<&str> = if matter.claims.is_empty() {
                let of_parties = |claim: &&Claim| claim.party.as_ref().is_some_and(|party| matter.parties.contains(party));
                picture.claims.iter().filter(of_parties).map(|claim| claim.side.as_str()).collect()
            } else {
                matter.claims.iter().filter_map(side_of).collect()
            };
            approach.claims.iter().all(|id| side_of(id).is_some_and(|side| sides.contains(side)))
        }
        [one] => approach.claims.contains(one),
        _ => approach.claims.iter().all(|id| named.contains(id)),
    }
}

/// The parties that the matter is between: those named, else the owners of its claims.
fn parties(picture: &Picture, matter: &Matter) -> Vec<String> {
    if matter.parties.is_empty() {
        sorted(matter.claims.iter().filter_map(|id| picture.claim(id)?.party.as_ref()))
    } else {
        sorted(matter.parties.iter())
    }
}

/// What the matter is about on the ground: its areas, else its authority claims' areas.
fn place(picture: &Picture, matter: &Matter) -> Option<Location> {
    let named = picture.areas.iter().filter(|area| matter.areas.contains(&area.id)).map(|area| area.area.clone());
    let claimed = matter.claims.iter().filter_map(|id| match &picture.claim(id)?.body {
        ClaimBody::Authority { area, .. } => Some(area.clone()),
        _ => None,
    });
    let mut parts = Vec::new();
    for area in named.chain(claimed) {
        for part in area.parts() {
            if !parts.contains(part) {
                parts.push(part.clone());
            }
        }
    }
    Area::new(parts).ok().map(|area| Location::Region(area.region()))
}

/// A finding for each area of the matter, or part of one, over which nobody claims the function that it needs.
fn unclaimed(picture: &Picture, matter: &Matter) -> Vec<Finding> {
    let Some(function) = matter.function else { return Vec::new() };
    let areas = picture.areas.iter().filter(|area| matter.areas.contains(&area.id));
    areas.filter_map(|area| nobody_claims(picture, matter, function, area)).collect()
}

/// A stretch of ground smaller than this that nobody claims may come from drawing an outline twice, square kilometres.
const SLIVER_KM2: f64 = 0.01;

/// What of the area nobody claims to the end of the picture. Authority begins when somebody gets there; that it ends before the
/// picture does leaves the ground bare.
fn nobody_claims(picture: &Picture, matter: &Matter, wanted: Function, named: &NamedArea) -> Option<Finding> {
    let rest = picture.rest();
    let lasts = |span: TimeSpan| rest.is_none_or(|rest| rest.end() <= span.end());
    let claims = picture.claims.iter().filter_map(|claim| match &claim.body {
        ClaimBody::Authority { function, area, span } if *function == wanted => Some((&claim.id, area, lasts(*span))),
        _ => None,
    });
    // In one order, whoever filed first: what is left of an outline hangs on it in the last digits.
    let mut claims: Vec<_> = claims.filter(|(_, area, _)| area.intersects(&named.area)).collect();
    claims.sort_by_key(|(id, ..)| *id);
    let (lasting, passing): (Vec<_>, Vec<_>) = claims.into_iter().partition(|(.., lasts)| *lasts);
    let all = named.area.region();
    let bare = lasting.iter().fold(all.clone(), |bare, (_, area, _)| bare.difference(area));
    let bare_km2 = bare.area_km2();
    if bare_km2 < SLIVER_KM2.min(all.area_km2() / 2.0) {
        return None;
    }
    let share = if lasting.is_empty() { String::new() } else { format!(" {bare_km2:.1} of {:.1} km² of", all.area_km2()) };
    let what = words::function_over(wanted);
    let when = if passing.is_empty() { "" } else { " to the end" };
    let mut finding = Finding::new(
        FindingKind::Contested,
        Level::Warn,
        format!("contested:{}:{}", matter.id, named.id),
        format!("Nobody claims {what}{share} {} ({}){when}, which {} needs.", named.name, named.id, matter.id),
    );
    finding.parties = parties(picture, matter);
    finding.window = rest;
    finding.place = Some(Location::Region(bare));
    finding.details.push(matter.text.clone());
    Some(finding)
}

fn sorted<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<String> {
    ids.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

#[cfg(test)]
#[path = "matters_tests.rs"]
mod tests;
