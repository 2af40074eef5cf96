//! What agreements change, which of them are in force, and what the others would do.
//!
//! An agreement closes nothing by name: it changes claims, and the engine is asked again. Nobody is bound by another's
//! signature: the owner of every claim that an agreement changes has to sign or acknowledge it, whoever supports it.
//! Where nobody can say yes (a claim without an owner, or one of a non-participant) nothing is changed.

use std::collections::BTreeSet;

use deconflict_spacetime::LatLng;

use super::change::{ImpossibleChange, claim_with, open_what_hangs_on};
use super::{pair, rules};
use crate::model::{Agreement, Change, Claim, Level, Picture};
use crate::report::{Finding, FindingKind, Standing};
use crate::words;

/// A movement whose line ends this close to a meeting line, metres, ends at it; one that ends farther off never gets there.
const AT_LINE_M: f64 = 1000.0;

/// A meeting line this close to a movement's line, metres, is on it, however narrow its corridor is.
const ON_LINE_M: f64 = 1.0;

/// Whether an agreement counts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Status {
    InForce,
    /// It may yet come into force; why it is not.
    NotInForce(String),
    Expired,
}

/// The picture with the changes of every agreement that is in force and binds the owners of the changed claims.
///
/// Agreements apply in the order of the files. A change that cannot be made leaves its claim alone:
/// [`agreement_findings`] says so.
pub(crate) fn with_those_in_force(picture: &Picture) -> Picture {
    applied(picture).0
}

/// A finding for every change of an agreement in force that cannot be made, and for every change that no acknowledgement
/// could ever bring into force. `picture` is the picture as filed. Non-participants are no party to any of them.
pub(crate) fn agreement_findings(picture: &Picture) -> Vec<Finding> {
    let finding = |(agreement, impossible): (String, ImpossibleChange)| {
        let id = format!("rule:{agreement}:{}", impossible.claim);
        let headline = format!("{agreement} cannot be applied: {impossible}");
        let owner = picture.claim(&impossible.claim).and_then(|claim| claim.party.clone());
        let signed = picture.agreements.iter().filter(|other| other.id == agreement).flat_map(|other| other.parties.clone());
        let takes_part = |id: &String| picture.party(id).is_none_or(|party| party.participant);
        let parties: BTreeSet<String> = signed.chain(owner).filter(takes_part).collect();
        let mut finding = Finding::new(FindingKind::Rule, Level::Warn, id, headline);
        finding.claims = picture.claim(&impossible.claim).map(|claim| claim.id.clone()).into_iter().collect();
        finding.parties = parties.into_iter().collect();
        finding.details.push(format!("{} is checked as it was filed.", impossible.claim));
        finding
    };
    let held = picture.agreements.iter().filter(|agreement| status(picture, agreement) != Status::Expired);
    let idle = held.flat_map(|agreement| idle(picture, agreement).into_iter().map(|change| (agreement.id.clone(), change)));
    let mut findings: Vec<Finding> = applied(picture).1.into_iter().chain(idle).map(finding).collect();
    findings.sort_by(|one, other| one.id.cmp(&other.id));
    findings.dedup_by(|one, other| one.id == other.id);
    findings
}

/// Marks the findings that an agreement not in force would remove, or lower to a note. The first such agreement counts.
///
/// One that has expired would not. Findings of pairs and of rules are asked for again; others stay as they are.
pub(crate) fn mark_standing(picture: &Picture, findings: &mut [Finding]) {
    for (index, agreement) in picture.agreements.iter().enumerate() {
        let Status::NotInForce(because) = status(picture, agreement) else { continue };
        if changes_of(picture, agreement).is_empty() && agreement.meeting_lines.is_empty() {
            continue;
        }
        let touched = touched(agreement);
        if !findings.iter().any(|finding| finding.claims.iter().any(|claim| touched.contains(claim))) {
            continue;
        }
        let mut agreed = picture.clone();
        agreed.agreements[index] = in_force_now(picture, agreement);
        apply(&mut agreed, index);
        let mut rules_then: Option<Vec<Finding>> = None;
        for finding in findings.iter_mut().filter(|finding| finding.standing == Standing::Unagreed) {
            if !finding.claims.iter().any(|claim| touched.contains(claim)) {
                continue;
            }
            let gone = if finding.kind == FindingKind::Rule {
                let then = rules_then.get_or_insert_with(|| rules::rule_findings(&agreed));
                !then.iter().any(|other| other.id == finding.id)
            } else {
                settled(&agreed, finding).unwrap_or(false)
            };
            if gone {
                finding.standing = Standing::AgreedNotInForce { agreement: agreement.id.clone(), because: because.clone() };
            }
        }
    }
}

/// The agreement in force that sets a meeting line between two movements, if there is one that holds them.
///
/// One of which any change cannot be made, or whose place is off the road of either movement, holds nobody.
pub(super) fn meeting_line_in_force<'a>(picture: &'a Picture, a: &Claim, b: &Claim) -> Option<&'a Agreement> {
    let between = |ids: &[String; 2]| ids[0] != ids[1] && [&a.id, &b.id].into_iter().all(|id| ids.contains(id));
    picture.agreements.iter().enumerate().find_map(|(index, agreement)| {
        let on_both = |at| on_road(a, at) && on_road(b, at);
        let holds = agreement.meeting_lines.iter().any(|(ids, spot)| between(ids) && on_both(spot.at))
            && status(picture, agreement) == Status::InForce
            && apply(&mut picture.clone(), index).is_empty();
        holds.then_some(agreement)
    })
}

/// Whether a place is in the corridor of a movement: at most half the width from its line.
fn on_road(claim: &Claim, at: LatLng) -> bool {
    claim.track().is_some_and(|track| track.line.nearest(at).1 <= (track.width_m / 2.0).max(ON_LINE_M))
}

/// Why an agreement is not in force at the picture's instant: "P.RUS has not acknowledged"; `None` if it is in force.
pub(super) fn not_in_force(picture: &Picture, agreement: &Agreement) -> Option<String> {
    match status(picture, agreement) {
        Status::InForce => None,
        Status::NotInForce(because) => Some(because),
        Status::Expired => Some("it has expired".to_owned()),
    }
}

/// Whether an agreement binds a party: it signed or acknowledged, itself or through a centre of its own.
pub(super) fn binds(picture: &Picture, agreement: &Agreement, party: &str) -> bool {
    let acknowledged = |id: &str| agreement.acknowledged.iter().any(|name| name == id);
    agreement.parties.iter().any(|name| name == party)
        || acknowledged(party)
        || picture.centres.iter().any(|centre| centre.party == party && acknowledged(&centre.id))
}

/// What a meeting line changes: each of the two movements that would get there stops at it.
pub(super) fn meeting_line_changes(picture: &Picture, movements: &[String; 2], at: LatLng) -> Vec<(String, Change)> {
    let stop = |id: &String| {
        let line = &picture.claim(id)?.track()?.line;
        let (along_m, away_m) = line.nearest(at);
        // A line that ends well before the meeting line does not get there.
        (along_m < line.length_m() || away_m <= AT_LINE_M).then(|| (id.clone(), Change::StopAt(along_m)))
    };
    movements.iter().filter_map(stop).collect()
}

/// The agreement as if everybody had acknowledged it and it held at all times.
pub(super) fn in_force_now(picture: &Picture, agreement: &Agreement) -> Agreement {
    let parties = picture.parties.iter().map(|party| party.id.clone());
    let centres = picture.centres.iter().map(|centre| centre.id.clone());
    let acknowledged = parties.chain(centres).chain(agreement.must_acknowledge.iter().cloned()).collect();
    Agreement { valid_from: None, valid_until: None, acknowledged, ..agreement.clone() }
}

/// Whether the engine, asked again about the two claims of a finding, no longer finds it, or only as a note.
///
/// `None` if the finding is not about a pair of claims.
pub(super) fn settled(picture: &Picture, finding: &Finding) -> Option<bool> {
    let [a, b] = finding.claims.as_slice() else { return None };
    let of_pairs = [
        FindingKind::Conflict,
        FindingKind::Converging,
        FindingKind::Approach,
        FindingKind::Contested,
        FindingKind::Caution,
        FindingKind::Internal,
    ];
    if !of_pairs.contains(&finding.kind) {
        return None;
    }
    let (a, b) = (picture.claim(a)?, picture.claim(b)?);
    let again = pair::pair_findings(picture, a, b).into_iter().find(|other| other.kind == finding.kind);
    Some(again.is_none_or(|other| other.level == Level::Note && finding.level > Level::Note))
}

/// The picture with all agreements in force, and the changes that could not be made.
fn applied(picture: &Picture) -> (Picture, Vec<(String, ImpossibleChange)>) {
    let mut current = picture.clone();
    let mut impossible = Vec::new();
    for (index, agreement) in picture.agreements.iter().enumerate() {
        // Whether it is in force is asked of the picture as filed: no agreement brings another one into force.
        if status(picture, agreement) == Status::InForce {
            impossible.extend(apply(&mut current, index).into_iter().map(|change| (agreement.id.clone(), change)));
        }
    }
    (current, impossible)
}

/// Makes the changes of one agreement; gives those that cannot be made, and leaves their claims alone.
fn apply(picture: &mut Picture, index: usize) -> Vec<ImpossibleChange> {
    let mut impossible = Vec::new();
    for (id, change) in changes_of(picture, &picture.agreements[index]) {
        let position = picture.claims.iter().position(|claim| claim.id == id);
        let changed = position.ok_or_else(|| "there is no such claim".to_owned()).and_then(|position| {
            if let Some(reason) = nobody_agrees(picture, &picture.claims[position]) {
                return Err(reason);
            }
            let claim = claim_with(picture, &picture.claims[position], &change)?;
            Ok((position, claim))
        });
        match changed {
            Ok((position, claim)) => {
                picture.claims[position] = claim;
                open_what_hangs_on(picture, &id, &change);
            }
            Err(reason) => impossible.push(ImpossibleChange { claim: id, reason }),
        }
    }
    impossible
}

/// Why nobody can agree to a change of a claim; `None` if its owner can.
fn nobody_agrees(picture: &Picture, claim: &Claim) -> Option<String> {
    match &claim.party {
        None => Some("it has no owner: nobody can agree to a change".to_owned()),
        Some(owner) if picture.is_hazard(claim) => {
            Some(format!("{owner} is not a participant: nobody can agree to a change for it"))
        }
        Some(_) => None,
    }
}

/// What of an agreement can have no effect, whoever acknowledges it: changes to claims for which nobody can say yes,
/// and meeting lines off the roads.
fn idle(picture: &Picture, agreement: &Agreement) -> Vec<ImpossibleChange> {
    let voiceless = touched(agreement).into_iter().filter_map(|id| {
        let reason = nobody_agrees(picture, picture.claim(&id)?)?;
        Some(ImpossibleChange { claim: id, reason })
    });
    let mut idle: Vec<ImpossibleChange> = voiceless.collect();
    for (ids, spot) in &agreement.meeting_lines {
        let movements: Vec<&Claim> = ids.iter().filter_map(|id| picture.claim(id)).collect();
        // Where one of the two gets to the line and stops there, the other need not get there.
        if movements.iter().any(|claim| on_road(claim, spot.at)) {
            continue;
        }
        for claim in movements {
            let Some(track) = claim.track() else { continue };
            let away = words::length(track.line.nearest(spot.at).1);
            let reason = format!("the meeting line is {away} from its road");
            idle.push(ImpossibleChange { claim: claim.id.clone(), reason });
        }
    }
    idle
}

/// The changes that an agreement makes: its own and those of its meeting lines.
fn changes_of(picture: &Picture, agreement: &Agreement) -> Vec<(String, Change)> {
    let lines = agreement.meeting_lines.iter().flat_map(|(ids, spot)| meeting_line_changes(picture, ids, spot.at));
    agreement.changes.iter().cloned().chain(lines).collect()
}

/// The claims that an agreement speaks of.
pub(crate) fn touched(agreement: &Agreement) -> BTreeSet<String> {
    let lines = agreement.meeting_lines.iter().flat_map(|(ids, _)| ids.iter().cloned());
    agreement.changes.iter().map(|(id, _)| id.clone()).chain(lines).collect()
}

fn status(picture: &Picture, agreement: &Agreement) -> Status {
    if agreement.valid_until.is_some_and(|until| until < picture.as_of) {
        return Status::Expired;
    }
    let mut reasons = Vec::new();
    let missing = not_acknowledged(picture, agreement);
    if !missing.is_empty() {
        let (names, have) = (missing.join(" and "), if missing.len() == 1 { "has" } else { "have" });
        reasons.push(format!("{names} {have} not acknowledged"));
    }
    if let Some(from) = agreement.valid_from.filter(|&from| from > picture.as_of) {
        reasons.push(format!("in force from {}", words::time(from)));
    }
    let claims = touched(agreement).into_iter().filter(|id| picture.claim(id).is_some_and(|claim| claim.party.is_none()));
    reasons.extend(claims.map(|id| format!("{id} has no owner: nobody can agree to a change")));
    reasons.extend(outlived(picture, agreement));
    if reasons.is_empty() { Status::InForce } else { Status::NotInForce(reasons.join("; ")) }
}

/// Who still has to acknowledge: those that the agreement names, and the owners of the claims that it changes.
///
/// The named ones must do so in so many words; an owner is bound by its signature too, or by a centre of its own.
fn not_acknowledged(picture: &Picture, agreement: &Agreement) -> Vec<String> {
    let named = agreement.must_acknowledge.iter().filter(|name| !agreement.acknowledged.contains(name)).cloned();
    let owners = touched(agreement).into_iter().filter_map(|id| picture.claim(&id)?.party.clone());
    let owners = owners.filter(|party| !binds(picture, agreement, party));
    named.chain(owners).collect::<BTreeSet<String>>().into_iter().collect()
}

/// The reason not to count on an agreement that ends before a claim that it changes: the rest would be unprotected.
fn outlived(picture: &Picture, agreement: &Agreement) -> Option<String> {
    let until = agreement.valid_until?;
    let outlives = |id: &String| picture.claim(id).and_then(Claim::span).is_some_and(|span| span.end() > until);
    let claims: Vec<String> = touched(agreement).into_iter().filter(outlives).collect();
    let does = if claims.len() == 1 { "does" } else { "do" };
    (!claims.is_empty()).then(|| format!("it ends {}, before {} {does}", words::time(until), claims.join(" and ")))
}
