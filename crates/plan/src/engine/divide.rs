//! Dividing lines: two columns that keep to different banks of one barrier do not share the ground on either.
//!
//! A column that keeps to a bank uses what its corridor has on that bank, also where the line between two waypoints cuts
//! a bend. Where it cannot (a waypoint on the other bank, or a stretch so far over that its corridor does not reach back)
//! it crosses, and a crossing stays in conflict. So does what is past the barrier's ends: no bank can be named there.
//! Where a lateral minimum is set, a line between two columns keeps them apart but not by the minimum: nothing is divided.

use deconflict_conflict::{Anchor, Case, GroundConflict, Minima, Movement, Schedule, ground_conflict};
use deconflict_spacetime::{Area, LatLng, Polyline, Region, UNDECIDED_M, azimuth_deg};

use super::change::rebuilt;
use crate::model::{Bank, Claim, Picture};
use crate::words;

/// Pieces of a centreline that are closer to the barrier than about half of this are on neither bank, metres.
const PIECE_M: f64 = 10.0;
/// How often a piece is asked how far from the barrier it is, metres.
const LOOK_M: f64 = 20.0;
/// How far from a foot point the direction of the barrier is taken, metres.
const DIRECTION_M: f64 = 0.05;

/// A piece of a centreline and the bank that it is on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BankPiece {
    /// Metres along the line where it starts.
    pub from_m: f64,
    /// Metres along the line where it ends.
    pub to_m: f64,
    /// The bank; `None` where it cannot be said.
    pub bank: Option<Bank>,
}

/// The conflict of two movements on the ground, with the dividing lines that both keep to.
///
/// The same as [`deconflict_conflict::ground_conflict`] for claims without a dividing line. `None` also where one of
/// the two is no movement with times.
pub(super) fn ground_conflict_of(
    picture: &Picture,
    a: &Claim,
    b: &Claim,
    minima: Minima,
    excluded: Option<&Area>,
) -> Option<GroundConflict> {
    let (one, two) = (a.movement()?, b.movement()?);
    let Some((line, bank_a, bank_b)) = dividing_line(picture, a, b).filter(|_| minima.lateral_m <= 0.0) else {
        return ground_conflict(one, two, minima, excluded);
    };
    let off = |movement: &Movement, bank| -> Vec<Movement> {
        let crossings = crossings(movement.line(), movement.width_m(), line, bank);
        crossings.iter().filter_map(|piece| part(movement, piece.from_m, piece.to_m)).collect()
    };
    let crossings_of_a = off(one, bank_a).into_iter().map(|piece| ground_conflict(&piece, two, minima, excluded));
    let crossings_of_b = off(two, bank_b).into_iter().map(|piece| ground_conflict(one, &piece, minima, excluded));
    crossings_of_a.chain(crossings_of_b).flatten().reduce(joined)
}

/// The barrier to whose different banks both claims keep, with the bank of each.
pub(super) fn dividing_line<'a>(picture: &'a Picture, a: &Claim, b: &Claim) -> Option<(&'a Polyline, Bank, Bank)> {
    a.keeps_to.iter().find_map(|(barrier, bank_a)| {
        let (_, bank_b) = b.keeps_to.iter().find(|(other, bank_b)| other == barrier && bank_b != bank_a)?;
        Some((&picture.barrier(barrier)?.line, *bank_a, *bank_b))
    })
}

/// Whether a claim can keep to one bank of a barrier; the error is the reason why not.
pub(super) fn can_keep_to(picture: &Picture, claim: &Claim, barrier: &str, bank: Bank) -> Result<(), String> {
    let track = claim.track().ok_or("it is no movement")?;
    let barrier = picture.barrier(barrier).ok_or_else(|| format!("there is no barrier {barrier}"))?;
    let own = pieces(&track.line, &barrier.line).into_iter().any(|piece| piece.bank == Some(bank));
    if own { Ok(()) } else { Err(format!("none of its line is on the {} side of {}", words::bank(bank), barrier.name)) }
}

/// The pieces of a corridor's centreline on which it cannot keep to `bank` of `barrier`.
pub(super) fn crossings(line: &Polyline, width_m: f64, barrier: &Polyline, bank: Bank) -> Vec<BankPiece> {
    off_bank(line, barrier, bank).into_iter().filter(|piece| !goes_round(line, width_m, barrier, piece)).collect()
}

/// Whether a corridor reaches back to its own bank all along a piece that has no waypoint.
fn goes_round(line: &Polyline, width_m: f64, barrier: &Polyline, piece: &BankPiece) -> bool {
    if line.waypoints_along_m().iter().any(|&along_m| piece.from_m <= along_m && along_m <= piece.to_m) {
        return false;
    }
    // The distance to the barrier changes by at most a metre per metre, so that looking every so often is enough.
    let looks = ((piece.to_m - piece.from_m) / LOOK_M).ceil().max(1.0);
    let step_m = (piece.to_m - piece.from_m) / looks;
    let mut look = 0.0;
    while look < looks {
        let at = line.point_at(piece.from_m + (look + 0.5) * step_m);
        if barrier.nearest(at).1 + step_m / 2.0 > width_m / 2.0 {
            return false;
        }
        look += 1.0;
    }
    true
}

/// The pieces of `line` that are not known to be on `bank` of `barrier`, joined where they meet.
fn off_bank(line: &Polyline, barrier: &Polyline, bank: Bank) -> Vec<BankPiece> {
    let mut found: Vec<BankPiece> = Vec::new();
    for piece in pieces(line, barrier).into_iter().filter(|piece| piece.bank != Some(bank)) {
        match found.last_mut() {
            // What is on the other bank speaks for the undecided pieces next to it.
            Some(last) if piece.from_m <= last.to_m => {
                *last = BankPiece { from_m: last.from_m, to_m: piece.to_m, bank: last.bank.or(piece.bank) }
            }
            _ => found.push(piece),
        }
    }
    found
}

/// The whole of `line` in pieces, each on one bank of `barrier` or on neither; neighbours differ.
pub(super) fn pieces(line: &Polyline, barrier: &Polyline) -> Vec<BankPiece> {
    let mut found: Vec<BankPiece> = Vec::new();
    let mut todo = vec![(0.0, line.length_m())];
    while let Some((from_m, to_m)) = todo.pop() {
        let middle_m = f64::midpoint(from_m, to_m);
        let at = line.point_at(middle_m);
        let half_m = (to_m - from_m) / 2.0;
        let away_m = barrier.nearest(at).1;
        let bank = if away_m > half_m + UNDECIDED_M {
            // The barrier does not reach the piece: all of it is where its middle is.
            side(barrier, at)
        } else if to_m - from_m <= PIECE_M {
            None
        } else {
            todo.push((middle_m, to_m));
            todo.push((from_m, middle_m));
            continue;
        };
        match found.last_mut() {
            Some(last) if last.bank == bank => last.to_m = to_m,
            _ => found.push(BankPiece { from_m, to_m, bank }),
        }
    }
    found
}

/// The bank of `barrier` on which `at` is, as seen along the barrier; `None` on it and past its ends.
pub(super) fn side(barrier: &Polyline, at: LatLng) -> Option<Bank> {
    let (along_m, away_m) = barrier.nearest(at);
    if away_m <= UNDECIDED_M || along_m <= UNDECIDED_M || along_m >= barrier.length_m() - UNDECIDED_M {
        return None;
    }
    let foot = barrier.point_at(along_m);
    let onward_deg = azimuth_deg(foot, barrier.point_at(along_m + DIRECTION_M));
    let back_deg = azimuth_deg(foot, barrier.point_at(along_m - DIRECTION_M));
    // At a bend the right side is what lies clockwise from the way on and before the way back.
    let clockwise = |deg: f64| (deg - onward_deg).rem_euclid(360.0);
    Some(if clockwise(azimuth_deg(foot, at)) < clockwise(back_deg) { Bank::Right } else { Bank::Left })
}

/// The movement on a piece of its line, for as long as the piece may be occupied; `None` if it is never there.
fn part(movement: &Movement, from_m: f64, to_m: f64) -> Option<Movement> {
    let (first_m, last_m) = movement.travelled_m();
    let (from_m, to_m) = (from_m.max(first_m), to_m.min(last_m));
    let line = movement.line().part(from_m, to_m)?;
    let end = movement.occupied(from_m, to_m)?.end();
    let length_m = line.length_m();
    let on_piece = |case| {
        let head = movement.head(case);
        let (first, last) = (head.first(), head.last());
        let at = |along_m: f64| head.arrival(along_m.clamp(first.along_m, last.along_m)).unwrap_or(last.time);
        let inner =
            head.anchors().iter().filter(|anchor| anchor.along_m > from_m + UNDECIDED_M && anchor.along_m < to_m - UNDECIDED_M);
        let inner = inner.map(|anchor| Anchor { along_m: (anchor.along_m - from_m).min(length_m), time: anchor.time });
        let (enters, arrives) = (Anchor { along_m: 0.0, time: at(from_m) }, Anchor { along_m: length_m, time: at(to_m) });
        Schedule::new([enters].into_iter().chain(inner).chain([arrives]).collect()).ok()
    };
    let heads = [on_piece(Case::Earliest)?, on_piece(Case::Likely)?, on_piece(Case::Latest)?];
    rebuilt(movement, line, heads, end)
}

/// Two parts of one conflict as one.
fn joined(one: GroundConflict, two: GroundConflict) -> GroundConflict {
    let first = if two.first_time < one.first_time { &two } else { &one };
    GroundConflict {
        span: one.span.hull(two.span),
        first_place: first.first_place,
        first_time: first.first_time,
        region: Region::union(&[one.region.clone(), two.region.clone()]),
        region_with_end: Region::union(&[one.region_with_end.clone(), two.region_with_end.clone()]),
        lateral_m: one.lateral_m.min(two.lateral_m),
        time_ns: one.time_ns.min(two.time_ns),
        overlap: one.overlap || two.overlap,
    }
}
