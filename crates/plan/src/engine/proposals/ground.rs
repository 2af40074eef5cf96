//! Roads: a line between two columns, or a road moved sideways.

use deconflict_spacetime::{Area, Corridor, Shape, distance_m};

use super::steps::fewest;
use super::{Candidate, LATERAL_MAX_M, LATERAL_STEP_M, Search};
use crate::engine::divide::{BankPiece, crossings, pieces};
use crate::engine::pair::pair_findings;
use crate::engine::place;
use crate::model::{Bank, Barrier, BarrierKind, Change, Claim};
use crate::report::FindingKind;
use crate::words;

/// How wide a barrier is taken to be where it is asked whether it passes through a corridor, metres.
const BARRIER_WIDTH_M: f64 = 1.0;
/// At most this many crossings are spelled out.
const CROSSINGS_NAMED: usize = 3;

/// A dividing line along a barrier; where no barrier divides the two, the smallest move of a road.
pub(super) fn roads(search: &Search) -> Vec<Candidate> {
    let [a, b] = search.claims;
    if a.movement().is_some() && b.movement().is_some() {
        let lines: Vec<Candidate> = search.picture.barriers.iter().filter_map(|barrier| line(search, barrier)).collect();
        // A road that is moved no longer ends where its column is to arrive.
        let converge = || pair_findings(search.picture, a, b).iter().any(|found| found.kind == FindingKind::Converging);
        if !lines.is_empty() || converge() {
            return lines;
        }
    }
    search.movers().into_iter().filter_map(|(mover, _)| offset(search, mover)).collect()
}

/// Each column keeps to its own side of a barrier that passes through both corridors.
fn line(search: &Search, barrier: &Barrier) -> Option<Candidate> {
    let corridor = Corridor::new(barrier.line.clone(), BARRIER_WIDTH_M).ok()?;
    let course = Area::from(Shape::Corridor(corridor));
    if !search.claims.iter().all(|claim| claim.ground().is_some_and(|ground| ground.intersects(&course))) {
        return None;
    }
    let [bank_a, bank_b] = search.claims.map(|claim| own_bank(claim, barrier));
    let banks = [bank_a?, bank_b?];
    if banks[0] == banks[1] {
        return None;
    }
    let [a, b] = search.claims;
    let keep_to = |claim: &Claim, bank| (claim.id.clone(), Change::KeepTo(barrier.id.clone(), bank));
    let changes = vec![keep_to(a, banks[0]), keep_to(b, banks[1])];
    if !search.clears(&changes) {
        return None;
    }
    let side = if barrier.kind == BarrierKind::River { "bank" } else { "side" };
    let mut text = format!(
        "{} keeps to the {} {side} of {}, {} to the {}.",
        a.id,
        words::bank(banks[0]),
        named(barrier),
        b.id,
        words::bank(banks[1])
    );
    for (claim, bank) in search.claims.iter().zip(banks) {
        if let Some(sentence) = crossing_needed(search, claim, barrier, bank) {
            text.push(' ');
            text.push_str(&sentence);
        }
    }
    if search.claims.iter().zip(banks).any(|(claim, bank)| cuts_bends(claim, barrier, bank)) {
        text.push_str(" Where a line as drawn cuts a bend between two waypoints, the column stays on its own side.");
    }
    Some(Candidate::new(search.proposal("line", changes, text), 0.0))
}

/// The bank that a column declares, or else the one on which most of its line is.
fn own_bank(claim: &Claim, barrier: &Barrier) -> Option<Bank> {
    let declared = claim.bank.filter(|_| barrier.kind == BarrierKind::River);
    declared.or_else(|| {
        let line = &claim.track()?.line;
        let (mut left_m, mut right_m) = (0.0, 0.0);
        for piece in pieces(line, &barrier.line) {
            match piece.bank {
                Some(Bank::Left) => left_m += piece.to_m - piece.from_m,
                Some(Bank::Right) => right_m += piece.to_m - piece.from_m,
                None => {}
            }
        }
        let bank = if left_m > right_m { Bank::Left } else { Bank::Right };
        (left_m.max(right_m) > 0.0).then_some(bank)
    })
}

/// Where a column leaves its own bank all the same: that remains to be agreed.
fn crossing_needed(search: &Search, claim: &Claim, barrier: &Barrier, bank: Bank) -> Option<String> {
    let track = claim.track()?;
    let over: Vec<BankPiece> = crossings(&track.line, track.width_m, &barrier.line, bank);
    // Past the ends of the barrier nothing is crossed.
    let over: Vec<BankPiece> = over.into_iter().filter(|piece| piece.bank.is_some()).collect();
    let first = over.first()?;
    let goal = |piece: &BankPiece| {
        let mut named = track.line.waypoints_along_m().iter().zip(&track.names).filter(|(_, name)| !name.is_empty());
        let beyond = named.find(|(along_m, _)| **along_m > piece.from_m);
        beyond.map_or_else(|| place::near(search.picture, track.line.point_at(piece.to_m)), |(_, name)| name.clone())
    };
    let mut goals: Vec<String> = over.iter().take(CROSSINGS_NAMED).map(goal).collect();
    goals.dedup();
    let rest = over.len().saturating_sub(CROSSINGS_NAMED);
    let more = if rest > 0 { format!(" and {rest} more places") } else { String::new() };
    let entry = track.line.point_at(first.from_m);
    let known = barrier.crossings.iter().filter(|spot| !spot.name.is_empty());
    let nearest = known.min_by(|one, other| distance_m(one.at, entry).total_cmp(&distance_m(other.at, entry)));
    let nearest = nearest.map_or_else(String::new, |spot| format!(" (nearest known: {})", spot.name));
    Some(format!(
        "{} must cross {} to reach {}{more}: a crossing remains to be agreed{nearest}.",
        claim.id,
        named(barrier),
        goals.join(", ")
    ))
}

/// Whether a column's line as drawn leaves its bank where its corridor lets it stay.
fn cuts_bends(claim: &Claim, barrier: &Barrier, bank: Bank) -> bool {
    claim.track().is_some_and(|track| {
        let over = |piece: &BankPiece| piece.bank.is_some_and(|other| other != bank);
        let crossed = crossings(&track.line, track.width_m, &barrier.line, bank);
        let all = pieces(&track.line, &barrier.line);
        all.iter().filter(|piece| over(piece)).count() > crossed.iter().filter(|piece| over(piece)).count()
    })
}

/// The barrier as people say it: "the Euphrates".
fn named(barrier: &Barrier) -> String {
    if barrier.name.to_lowercase().starts_with("the ") { barrier.name.clone() } else { format!("the {}", barrier.name) }
}

/// The smallest move of a column's road, to the one side or the other.
fn offset(search: &Search, mover: &Claim) -> Option<Candidate> {
    let movement = mover.movement()?;
    let moved = |steps: i64| vec![(mover.id.clone(), Change::Offset((steps * LATERAL_STEP_M) as f64))];
    let most = LATERAL_MAX_M / LATERAL_STEP_M;
    let right = fewest(most, |steps| search.clears(&moved(steps)));
    // To the left only what is less than to the right is of use.
    let left = fewest(right.map_or(most, |steps| steps - 1), |steps| search.clears(&moved(-steps)));
    let (steps, side) = left.map(|steps| (-steps, "left")).or_else(|| right.map(|steps| (steps, "right")))?;
    let metres = (steps.abs() * LATERAL_STEP_M) as f64;
    let text = format!("{} moves its road {} to the {side}, as seen in its direction.", mover.id, words::length(metres));
    Some(Candidate::new(search.proposal("route", moved(steps), text), metres / movement.line().length_m()))
}
