//! Where two columns can be on the same ground at the same time.
//!
//! Each place of a centreline has its disc of ground and its span of occupation. Two places conflict where the discs
//! come closer than the lateral minimum and the spans closer than the time minimum. Both lines are halved again and
//! again, and pairs of pieces that certainly do not conflict are dropped; what is undecided at 100 m is a conflict.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

use deconflict_spacetime::{Area, LatLng, Region, Time, TimeSpan, UNDECIDED_M, azimuth_deg, destination, distance_m};

use crate::excluded::{Excluded, Side};
use crate::movement::lasting;
use crate::pieces::{Piece, PieceId, Pieces};
use crate::{Minima, Movement};

/// Two columns that may occupy the same ground at the same time (or come closer than their minima).
#[derive(Clone, Debug, PartialEq)]
pub struct GroundConflict {
    /// From the first to the last instant of joint occupation, outside the excluded area.
    ///
    /// Where the columns only come closer than the time minimum: from when the one leaves to when the other comes.
    pub span: TimeSpan,
    /// Where the joint occupation begins.
    pub first_place: LatLng,
    /// When it begins.
    pub first_time: Time,
    /// The ground that both occupy at some one time, outside the excluded area, over the whole window.
    ///
    /// For maps: it may include ground on which they just miss each other, by up to 100 m along the lines or an eighth
    /// of their mean width, whichever is more. Empty if they only come closer than their minima.
    pub region: Region,
    /// The same including the excluded area.
    pub region_with_end: Region,
    /// Smallest lateral gap while both are there (within the time minimum), metres.
    pub lateral_m: f64,
    /// Smallest time gap between uses of ground closer than the lateral minimum, nanoseconds.
    pub time_ns: i64,
    /// Whether they overlap (both gaps zero somewhere), not only come closer than the minima.
    pub overlap: bool,
}

/// The conflict of two columns outside `excluded` (the place where both end), if there is one.
///
/// Decided stretch by stretch to 100 m along the lines; undecided means conflict. The vertical minimum does not count.
/// Times are those of stretches of 100 m: a slow column may come that much later, never earlier.
///
/// Laws: symmetric, but for the order of a search among equals; larger minima never lose a conflict.
pub fn ground_conflict(a: &Movement, b: &Movement, minima: Minima, excluded: Option<&Area>) -> Option<GroundConflict> {
    let mut columns = Columns { a: Pieces::new(a), b: Pieces::new(b), excluded: Excluded::new(excluded) };
    let first = columns.first_pair(minima)?;
    let last = columns.search(minima, |a, b| Some(-i128::from(end_of_both(a, b)?.ns())), |_, _, _| None)?;
    let first_time = start_of_both(columns.a.get(first.0), columns.b.get(first.1))?;
    let last_time = end_of_both(columns.a.get(last.0), columns.b.get(last.1))?;
    let exact = Minima { lateral_m: 0.0, vertical_um: 0, time_ns: 0 };
    let overlap = exact == Minima { vertical_um: 0, ..minima } || columns.first_pair(exact).is_some();
    let (lateral_m, time_ns) = if overlap { (0.0, 0) } else { columns.gaps(minima) };
    let region_with_end = columns.joint_region();
    let region = excluded.map_or_else(|| region_with_end.clone(), |area| region_with_end.difference(area));
    Some(GroundConflict {
        span: lasting(first_time.min(last_time), last_time.max(first_time)),
        first_place: columns.place(first.0, first.1),
        first_time,
        region,
        region_with_end,
        lateral_m,
        time_ns,
        overlap,
    })
}

/// The later of the two starts: nobody else is there before.
fn start_of_both(a: &Piece, b: &Piece) -> Option<Time> {
    Some(a.span?.start().max(b.span?.start()))
}

/// The earlier of the two ends.
fn end_of_both(a: &Piece, b: &Piece) -> Option<Time> {
    Some(a.span?.end().min(b.span?.end()))
}

struct Columns<'a> {
    a: Pieces<'a>,
    b: Pieces<'a>,
    excluded: Excluded<'a>,
}

/// A pair of pieces that waits in a search: least key first, then the smaller pieces, then the older entry.
type Entry = Reverse<(i128, Reverse<u32>, usize, PieceId, PieceId)>;

/// Pieces are not cut below this length, metres: what is undecided there is a conflict.
const LEAST_PIECE_M: f64 = 100.0;
/// For the picture of the joint ground, pieces need not be shorter than the mean width over this.
const PIECES_PER_WIDTH: f64 = 8.0;
/// The depth of a pair whose key is exact.
const SETTLED: u32 = u32::MAX;

impl Columns<'_> {
    /// The pair of least pieces that conflicts first.
    fn first_pair(&mut self, minima: Minima) -> Option<(PieceId, PieceId)> {
        self.search(minima, |a, b| Some(i128::from(start_of_both(a, b)?.ns())), |_, _, _| None)
    }

    /// The pair of least pieces with the smallest key that conflicts and counts.
    ///
    /// `key` must not fall when a piece is replaced by one of its halves; `None` drops the pair. Where it is only a
    /// bound, `exact_key` gives the key of a pair of least pieces.
    fn search(
        &mut self,
        minima: Minima,
        key: impl Fn(&Piece, &Piece) -> Option<i128>,
        exact_key: impl Fn(&Self, PieceId, PieceId) -> Option<i128>,
    ) -> Option<(PieceId, PieceId)> {
        let mut waiting: BinaryHeap<Entry> = BinaryHeap::new();
        let mut entries = 0;
        let mut push = |waiting: &mut BinaryHeap<Entry>, columns: &Self, a: PieceId, b: PieceId, depth: u32| {
            if columns.may_conflict(a, b, minima)
                && let Some(key) = key(columns.a.get(a), columns.b.get(b))
            {
                entries += 1;
                waiting.push(Reverse((key, Reverse(depth), entries, a, b)));
            }
        };
        push(&mut waiting, self, 0, 0, 0);
        while let Some(Reverse((_, Reverse(depth), entry, a, b))) = waiting.pop() {
            if depth == SETTLED {
                return Some((a, b));
            } else if let Some(halves) = self.split(a, b, LEAST_PIECE_M) {
                for (a, b) in halves {
                    push(&mut waiting, self, a, b, depth + 1);
                }
            } else if self.counts(a, b, minima) {
                let Some(key) = exact_key(self, a, b) else { return Some((a, b)) };
                waiting.push(Reverse((key, Reverse(SETTLED), entry, a, b)));
            }
        }
        None
    }

    /// Whether the pair may conflict outside the excluded area, by bounds only.
    fn may_conflict(&self, a: PieceId, b: PieceId, minima: Minima) -> bool {
        let (of_a, of_b) = (self.a.get(a), self.b.get(b));
        let (Some(span_a), Some(span_b)) = (of_a.span, of_b.span) else { return false };
        minima.violates_time(span_a.gap_ns(span_b))
            && of_a.disc.least_gap_m(&of_b.disc) <= minima.reach_m()
            && self.excluded.side(&of_a.disc, &of_b.disc, minima.reach_m()) != Side::Inside
    }

    /// The pair with its longer piece halved; `None` if neither is longer than `least_m`.
    fn split(&mut self, a: PieceId, b: PieceId, least_m: f64) -> Option<[(PieceId, PieceId); 2]> {
        let (of_a, of_b) = (self.a.get(a), self.b.get(b));
        if of_a.length_m() <= least_m && of_b.length_m() <= least_m {
            None
        } else if of_a.length_m() >= of_b.length_m() {
            let (first, second) = self.a.halves(a);
            Some([(first, b), (second, b)])
        } else {
            let (first, second) = self.b.halves(b);
            Some([(a, first), (a, second)])
        }
    }

    /// Whether two least pieces, whose times and bounds conflict, do so on ground that counts.
    fn counts(&self, a: PieceId, b: PieceId, minima: Minima) -> bool {
        if !self.within(a, b, minima.reach_m()) {
            return false;
        }
        let Some(excluded) = self.excluded.area() else { return true };
        if self.excluded.side(&self.a.get(a).disc, &self.b.get(b).disc, minima.reach_m()) == Side::Outside {
            return true;
        }
        match self.a.ground(a).overlap(self.b.ground(b)) {
            Some(joint) => !joint.difference(excluded).is_empty(),
            None => {
                let gap = self.a.ground(a).gap(self.b.ground(b));
                !(excluded.contains(gap.from) && excluded.contains(gap.to))
            }
        }
    }

    /// Whether the grounds of two pieces are at most `distance_m` apart; undecided means yes.
    fn within(&self, a: PieceId, b: PieceId, reach_m: f64) -> bool {
        let (of_a, of_b) = (&self.a.get(a).disc, &self.b.get(b).disc);
        let centers_m = distance_m(of_a.center, of_b.center);
        let half_widths_m = (self.a.movement.width_m() + self.b.movement.width_m()) / 2.0;
        centers_m <= half_widths_m + reach_m - UNDECIDED_M || self.a.ground(a).within(self.b.ground(b), reach_m)
    }

    /// Smallest lateral gap, metres, and time gap, nanoseconds, over all pairs of least pieces that conflict and count.
    fn gaps(&mut self, minima: Minima) -> (f64, i64) {
        let lateral_m = |columns: &Self, a, b| columns.a.ground(a).gap(columns.b.ground(b)).lateral_m;
        let bound = |a: &Piece, b: &Piece| Some(whole_um(a.disc.least_gap_m(&b.disc).max(0.0)));
        let nearest = self.search(minima, bound, |columns, a, b| Some(whole_um(lateral_m(columns, a, b))));
        let soonest = self.search(minima, |a, b| Some(i128::from(a.span?.gap_ns(b.span?))), |_, _, _| None);
        let span_gap_ns = |(a, b): (PieceId, PieceId)| Some(self.a.get(a).span?.gap_ns(self.b.get(b).span?));
        (nearest.map_or(0.0, |(a, b)| lateral_m(self, a, b)), soonest.and_then(span_gap_ns).unwrap_or(0))
    }

    /// The ground that both occupy at some one time.
    fn joint_region(&mut self) -> Region {
        let half_widths_m = (self.a.movement.width_m() + self.b.movement.width_m()) / 2.0;
        let least_m = LEAST_PIECE_M.max(half_widths_m / PIECES_PER_WIDTH);
        // Joint stretches of the second line by stretch of the first.
        let mut joint: BTreeMap<PieceId, Vec<(f64, f64)>> = BTreeMap::new();
        let mut pairs = vec![(0, 0)];
        while let Some((a, b)) = pairs.pop() {
            let (of_a, of_b) = (self.a.get(a), self.b.get(b));
            let (Some(span_a), Some(span_b)) = (of_a.span, of_b.span) else { continue };
            if !span_a.intersects(span_b) || of_a.disc.least_gap_m(&of_b.disc) > 0.0 {
                continue;
            }
            let always = of_a.core.0.max(of_b.core.0) <= of_a.core.1.min(of_b.core.1);
            match if always { None } else { self.split(a, b, least_m) } {
                Some(halves) => pairs.extend(halves),
                None => joint.entry(a).or_default().push((self.b.get(b).from_m, self.b.get(b).to_m)),
            }
        }
        let mut regions = Vec::new();
        // In order along the line: the numbers of pieces depend on what was asked before.
        let mut joint: Vec<(PieceId, Vec<(f64, f64)>)> = joint.into_iter().collect();
        let place = |id: PieceId| (self.a.get(id).from_m, self.a.get(id).to_m);
        joint.sort_by(|(one, _), (other, _)| place(*one).partial_cmp(&place(*other)).unwrap_or(Ordering::Equal));
        for (a, mut stretches) in joint {
            stretches.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
            for (from_m, to_m) in merged(&stretches) {
                regions.extend(self.a.ground(a).overlap(&self.b.movement.ground(from_m, to_m)));
            }
        }
        Region::union(&regions)
    }

    /// Where two least pieces conflict: inside their joint ground, else halfway between them.
    fn place(&self, a: PieceId, b: PieceId) -> LatLng {
        let (ground_a, ground_b) = (self.a.ground(a), self.b.ground(b));
        let joint = ground_a.overlap(ground_b).map(|joint| match self.excluded.area() {
            Some(area) => joint.difference(area),
            None => joint,
        });
        joint.and_then(|joint| joint.label_point()).unwrap_or_else(|| {
            let gap = ground_a.gap(ground_b);
            destination(gap.from, azimuth_deg(gap.from, gap.to), gap.lateral_m / 2.0)
        })
    }
}

#[allow(clippy::cast_possible_truncation)]
fn whole_um(metres: f64) -> i128 {
    (metres * 1e6) as i128
}

/// Stretches in order, with those that touch joined.
fn merged(stretches: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for &(from_m, to_m) in stretches {
        match merged.last_mut() {
            Some(last) if from_m <= last.1 + UNDECIDED_M => last.1 = last.1.max(to_m),
            _ => merged.push((from_m, to_m)),
        }
    }
    merged
}

#[cfg(test)]
#[path = "ground_tests.rs"]
mod tests;
