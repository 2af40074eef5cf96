//! Smallest changes that remove a finding, each verified by asking the engine again.
//!
//! Invariants:
//! - A proposal is offered only if the engine, asked about the changed claims, no longer finds the finding (for two
//!   columns that end at one place: finds it as a note, see [`meeting`]). Nothing is applied here.
//! - One published step less ([`ALTITUDE_STEP_M`], [`DELAY_STEP_S`], [`LATERAL_STEP_M`]) does not remove it.
//! - Only flights and columns are asked to move, only before they have begun where time is concerned, and never a
//!   non-participant. A protected site, a closed area and people stay where they are.
//! - Order: what brings no new conflict first; then what leaves place, height and time alone (a line between the two) or
//!   shifts them by at most [`SHORT_DELAY_S`]; then altitudes, longer delays, roads; of one sort the smallest share first.
//!
//! It does not know what a claim is worth to its owner: the owner accepts or refuses.

mod air;
mod ground;
mod meeting;
mod meets;
mod steps;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use deconflict_conflict::{Case, Minima};
use deconflict_spacetime::{NS_PER_S, UM_PER_M};

use super::change::{changes_arrival, claim_with, open_if_bound};
use super::pair::pair_findings;
use crate::model::{Change, Claim, ClaimKind, Picture, RuleCheck};
use crate::report::{Finding, FindingKind, Proposal};

/// Altitudes are proposed in whole steps of this many metres; the edge above a vertical minimum follows from the one below.
pub const ALTITUDE_STEP_M: i64 = 50;
/// Delays are proposed in whole steps of this many seconds: a minute.
pub const DELAY_STEP_S: i64 = 60;
/// Roads are moved sideways in whole steps of this many metres.
pub const LATERAL_STEP_M: i64 = 100;
/// No road is proposed to move farther sideways than this, metres.
pub const LATERAL_MAX_M: i64 = 20_000;
/// A meeting line away from borders and from the shared end is proposed at a whole multiple of this, metres along the road.
pub const PLACE_STEP_M: i64 = 100;

/// A delay of at most this many seconds is less trouble than another altitude or another road.
pub const SHORT_DELAY_S: i64 = 15 * 60;

const ALTITUDE_STEP_UM: i64 = ALTITUDE_STEP_M * UM_PER_M;
const DELAY_STEP_NS: i64 = DELAY_STEP_S * NS_PER_S;

/// No more findings than this are given proposals, the loudest first: a picture with more is not one to mend by hand.
pub const FINDINGS_MOST: usize = 2000;

/// Gives the findings their proposals, best first; none where none is known.
///
/// Where proposals were not looked for because there are more than [`FINDINGS_MOST`] findings, the finding says so.
pub(super) fn add_proposals(picture: &Picture, findings: &mut [Finding]) {
    let conflicts: Vec<&Finding> = findings.iter().filter(|finding| finding.kind == FindingKind::Conflict).collect();
    let known: Known = conflicts.iter().filter_map(|finding| pair_of(finding)).collect();
    let mut order: Vec<usize> = (0..findings.len()).filter(|&index| is_asked(picture, &findings[index])).collect();
    order.sort_by_key(|&index| (Reverse(findings[index].level), index));
    for (rank, &index) in order.iter().enumerate() {
        let finding = &mut findings[index];
        if rank < FINDINGS_MOST {
            finding.proposals = proposals(picture, finding, &known);
        } else {
            finding.details.push(format!("Proposals were not computed: more than {FINDINGS_MOST} findings."));
        }
    }
}

/// Proposals for one finding, best first, where `others` are found beside it; none where none is known or looked for.
pub(super) fn proposals_of<'a>(picture: &Picture, finding: &Finding, others: impl Iterator<Item = &'a Finding>) -> Vec<Proposal> {
    let known: Known = others.filter(|other| other.kind == FindingKind::Conflict).filter_map(pair_of).collect();
    if is_asked(picture, finding) { proposals(picture, finding, &known) } else { Vec::new() }
}

/// Says of each finding that would be asked about that proposals were not computed.
pub(super) fn say_that_none_were_computed(picture: &Picture, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| is_asked(picture, finding)) {
        finding.details.push("Proposals were not computed: they would have to be held against every claim.".to_owned());
    }
}

/// The pairs of claims, the lesser id first, that are in conflict as they stand.
type Known = BTreeSet<[String; 2]>;

fn pair_of(finding: &Finding) -> Option<[String; 2]> {
    let [a, b] = finding.claims.as_slice() else { return None };
    Some(if a <= b { [a.clone(), b.clone()] } else { [b.clone(), a.clone()] })
}

/// Whether proposals are looked for.
fn is_asked(picture: &Picture, finding: &Finding) -> bool {
    let of_kind = match finding.kind {
        FindingKind::Conflict | FindingKind::Internal | FindingKind::Caution | FindingKind::Converging => true,
        FindingKind::Rule => asks_for_meeting_line(picture, finding),
        _ => false,
    };
    of_kind && !finding.excused && finding.claims.len() == 2
}

/// Proposals for a finding that [`is_asked`], best first; empty where none is known.
fn proposals(picture: &Picture, finding: &Finding, known: &Known) -> Vec<Proposal> {
    let [a, b] = finding.claims.as_slice() else { return Vec::new() };
    let (Some(a), Some(b)) = (picture.claim(a), picture.claim(b)) else { return Vec::new() };
    let search = Search { picture, finding, known, claims: [a, b], minima: picture.minima(a.kind, b.kind) };
    let mut found = match finding.kind {
        FindingKind::Conflict | FindingKind::Internal => {
            [air::altitude(&search), air::delays(&search), ground::roads(&search)].concat()
        }
        FindingKind::Caution => air::delays(&search),
        FindingKind::Converging | FindingKind::Rule => meeting::lines(&search),
        _ => Vec::new(),
    };
    for candidate in &mut found {
        candidate.name_side_effects(&search);
    }
    found.sort_by(|one, other| one.trouble().cmp(&other.trouble()).then(one.share.total_cmp(&other.share)));
    found.into_iter().map(|candidate| candidate.proposal).collect()
}

/// What is being looked for: changes to two claims that remove one finding.
struct Search<'a> {
    picture: &'a Picture,
    finding: &'a Finding,
    known: &'a Known,
    claims: [&'a Claim; 2],
    minima: Minima,
}

/// A verified proposal, and what it costs.
#[derive(Clone)]
struct Candidate {
    proposal: Proposal,
    /// The share of the claims that is given up: 0 nothing, 1 all of one claim.
    share: f64,
    brings_conflict: bool,
}

impl Search<'_> {
    /// The two claims with `changes` made; `None` if they cannot be.
    fn with(&self, changes: &[(String, Change)]) -> Option<[Claim; 2]> {
        let mut claims = self.claims.map(Clone::clone);
        for (id, change) in changes {
            let claim = claims.iter_mut().find(|claim| claim.id == *id)?;
            *claim = claim_with(self.picture, claim, change).ok()?;
            // The other one may be waiting for it.
            if changes_arrival(change) {
                for claim in &mut claims {
                    open_if_bound(claim, id, self.picture.as_of, self.picture.span.end());
                }
            }
        }
        Some(claims)
    }

    /// Whether the engine no longer finds the finding with `changes` made.
    fn clears(&self, changes: &[(String, Change)]) -> bool {
        let still = |[a, b]: &[Claim; 2]| {
            // Two flights that still violate their minima are still in the conflict: only the measures would be new.
            let flights = a.kind == ClaimKind::Flight && b.kind == ClaimKind::Flight;
            let in_the_air = flights && matches!(self.finding.kind, FindingKind::Conflict | FindingKind::Internal);
            (in_the_air && meets::meet(a.volumes().unwrap_or_default(), b.volumes().unwrap_or_default(), self.minima))
                || pair_findings(self.picture, a, b).iter().any(|other| other.kind == self.finding.kind)
        };
        self.with(changes).is_some_and(|claims| !still(&claims))
    }

    /// Whether the two are in conflict as they stand, as far as the findings say.
    fn is_known(&self, one: &Claim, other: &Claim) -> bool {
        let (a, b) = if one.id <= other.id { (one, other) } else { (other, one) };
        self.known.contains(&[a.id.clone(), b.id.clone()])
    }

    /// Whether the engine finds a conflict between two claims.
    fn conflict(&self, one: &Claim, other: &Claim) -> bool {
        // Whatever a flight meets, it is not in conflict with what keeps the minima to it; nor are claims of one side.
        let flight = one.kind == ClaimKind::Flight || other.kind == ClaimKind::Flight;
        let apart = || {
            !meets::meet(
                one.volumes().unwrap_or_default(),
                other.volumes().unwrap_or_default(),
                self.picture.minima(one.kind, other.kind),
            )
        };
        let never = one.side == other.side || (flight && apart());
        !never && pair_findings(self.picture, one, other).iter().any(|found| found.kind == FindingKind::Conflict)
    }

    /// The claims that may be asked to move, each with the other one.
    fn movers(&self) -> Vec<(&Claim, &Claim)> {
        let [a, b] = self.claims;
        let may_move =
            |claim: &Claim| matches!(claim.kind, ClaimKind::Flight | ClaimKind::Movement) && !self.picture.is_hazard(claim);
        // A caution is about a flight over somebody: people on the ground do not wait for it.
        let may_move =
            |claim: &Claim| may_move(claim) && (self.finding.kind != FindingKind::Caution || claim.kind == ClaimKind::Flight);
        // Of two that may move the one that goes after the other is asked first.
        let pairs = if b.priority < a.priority { [(b, a), (a, b)] } else { [(a, b), (b, a)] };
        pairs.into_iter().filter(|(mover, _)| may_move(mover)).collect()
    }

    /// By how much a claim can be delayed so that it still ends, or arrives, within the plan; zero if it is under way.
    fn delay_limit_ns(&self, mover: &Claim) -> i64 {
        let Some(span) = mover.span() else { return 0 };
        let done = mover.movement().map_or(span.end(), |movement| movement.head(Case::Latest).last().time);
        if span.start() < self.picture.as_of { 0 } else { self.picture.span.end().since_ns(done).max(0) }
    }

    fn proposal(&self, kind: &'static str, changes: Vec<(String, Change)>, text: String) -> Proposal {
        Proposal { kind, accept: self.accept(&changes), changes, text, verified: true }
    }

    /// Who has to accept: the owners of the changed claims, by their centres where they have any.
    fn accept(&self, changes: &[(String, Change)]) -> Vec<String> {
        let changed = self.claims.iter().filter(|claim| changes.iter().any(|(id, _)| *id == claim.id));
        let mut names: Vec<String> = changed.flat_map(|claim| names_of_owner(self.picture, claim)).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// The centres of the claim's owner, or the owner itself where it has none.
fn names_of_owner(picture: &Picture, claim: &Claim) -> Vec<String> {
    let Some(party) = &claim.party else { return Vec::new() };
    let centres: Vec<String> =
        picture.centres.iter().filter(|centre| centre.party == *party).map(|centre| centre.id.clone()).collect();
    if centres.is_empty() { vec![party.clone()] } else { centres }
}

impl Candidate {
    fn new(proposal: Proposal, share: f64) -> Self {
        Self { proposal, share, brings_conflict: false }
    }

    /// How much trouble it is, before sizes are compared: see the order at the head of this file.
    fn trouble(&self) -> (bool, u8) {
        let short = |change: &Change| matches!(change, Change::Delay(ns) if *ns <= SHORT_DELAY_S * NS_PER_S);
        let sort = match self.proposal.kind {
            "line" | "meeting-line" => 0,
            "delay" if self.proposal.changes.iter().all(|(_, change)| short(change)) => 0,
            "altitude" => 1,
            "delay" => 2,
            _ => 3,
        };
        (self.brings_conflict, sort)
    }

    /// Says which other conflicts the changes would bring. Only what is moved as a whole can bring any.
    fn name_side_effects(&mut self, search: &Search) {
        let moves = |change: &Change| matches!(change, Change::Delay(_) | Change::Offset(_) | Change::StopAt(_));
        if !self.proposal.changes.iter().any(|(_, change)| moves(change)) {
            return;
        }
        let Some(changed) = search.with(&self.proposal.changes) else { return };
        let mut brings = Vec::new();
        for (before, after) in search.claims.iter().zip(&changed) {
            if !self.proposal.changes.iter().any(|(id, _)| *id == before.id) {
                continue;
            }
            for other in search.picture.claims.iter().filter(|other| search.claims.iter().all(|claim| claim.id != other.id)) {
                if matches!(other.kind, ClaimKind::Authority | ClaimKind::Site)
                    || search.is_known(before, other)
                    || !search.conflict(after, other)
                    || search.conflict(before, other)
                {
                    continue;
                }
                brings.push(format!("{} with {}", before.id, other.id));
            }
        }
        if !brings.is_empty() {
            self.brings_conflict = true;
            self.proposal.text.push_str(&format!(" This brings a new conflict: {}.", brings.join(", ")));
        }
    }
}

/// Whether the finding is that a meeting line is due.
fn asks_for_meeting_line(picture: &Picture, finding: &Finding) -> bool {
    let of_rule = |id: &str| finding.id.split([':', '+']).any(|part| part == id);
    picture.rules.iter().any(|rule| rule.check == RuleCheck::MeetingLine && of_rule(&rule.id))
}
