//! A column on its corridor: where its head can be, and which ground it occupies when.
//!
//! The ground of a place on the centreline is the disc of half the width around it: a piece of the corridor has
//! round ends. Does not know other columns.

use deconflict_spacetime::{Area, Circle, Corridor, InvalidCorridor, Polyline, Shape, Time, TimeSpan, UNDECIDED_M};
use thiserror::Error;

use crate::{Case, Schedule};

/// How exactly the line says where it enters an area, metres along the line.
const ENTRY_M: f64 = 0.1;

/// A column that moves along a line.
///
/// It occupies each stretch of its corridor from the earliest time that its head can reach it until the latest
/// time that its tail can leave it. One that holds keeps what it has passed until its end; every column keeps the
/// place where its head stops (a pass length back from there) until its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Movement {
    line: Polyline,
    width_m: f64,
    /// Indexed by [`Case`].
    heads: [Schedule; 3],
    pass_length_m: f64,
    holds: bool,
    paces_beyond_end: bool,
    end: Time,
}

/// Why parts are not a movement.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum InvalidMovement {
    /// The width is not usable.
    #[error(transparent)]
    Corridor(#[from] InvalidCorridor),
    /// The length of the column is below zero or not a number.
    #[error("the column is {0} m long")]
    PassLength(f64),
    /// A schedule starts before the line, or stops past its end.
    #[error("the {0:?} schedule leaves the line")]
    OffTheLine(Case),
    /// The three cases do not start at one place and stop at one place.
    #[error("the {0:?} schedule does not cover the same stretch of the line as the others")]
    DifferentStretch(Case),
    /// A later case is ahead of an earlier one.
    #[error("the {behind:?} head is behind the {ahead:?} head at {} ns", at.ns())]
    NotBracketed {
        /// The case that should be ahead.
        behind: Case,
        /// The case that should be behind.
        ahead: Case,
        /// The first time that it is not so, of those at which a schedule has an anchor.
        at: Time,
    },
    /// The end is not after the earliest start.
    #[error("the movement ends before it starts")]
    EndsBeforeStart,
}

/// A piece of the corridor and the time for which it may be occupied.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Metres along the line where the piece starts.
    pub from_m: f64,
    /// Metres along the line where it ends.
    pub to_m: f64,
    /// When somebody of the column may be on it.
    pub span: TimeSpan,
    /// The ground.
    pub area: Area,
}

impl Movement {
    /// A column `pass_length_m` long on a corridor of total width `width_m` around `line`.
    ///
    /// `heads` are the earliest, likely and latest schedules; `end` is when the claim on the ground ends.
    /// Places along the line may differ by a millimetre.
    ///
    /// # Errors
    /// See [`InvalidMovement`]; the first problem in the order of its variants.
    pub fn new(
        line: Polyline,
        width_m: f64,
        heads: [Schedule; 3],
        pass_length_m: f64,
        holds: bool,
        end: Time,
    ) -> Result<Self, InvalidMovement> {
        Corridor::new(line.clone(), width_m)?;
        if !(pass_length_m >= 0.0 && pass_length_m.is_finite()) {
            return Err(InvalidMovement::PassLength(pass_length_m));
        }
        check_heads(&heads, line.length_m())?;
        if end <= heads[Case::Earliest as usize].first().time {
            return Err(InvalidMovement::EndsBeforeStart);
        }
        Ok(Self { line, width_m, heads, pass_length_m, holds, paces_beyond_end: false, end })
    }

    /// The same movement, whose head keeps its last pace past its own end where a meeting is computed.
    ///
    /// For movements given by a range of speeds; one given by times of arrival waits at its end.
    #[must_use]
    pub fn with_pace_beyond_end(self) -> Self {
        Self { paces_beyond_end: true, ..self }
    }

    /// Whether the head keeps its last pace past its own end where a meeting is computed.
    pub fn paces_beyond_end(&self) -> bool {
        self.paces_beyond_end
    }

    /// The centreline.
    pub fn line(&self) -> &Polyline {
        &self.line
    }

    /// Total width of the corridor, metres.
    pub fn width_m(&self) -> f64 {
        self.width_m
    }

    /// The schedule of the head in one case.
    pub fn head(&self, case: Case) -> &Schedule {
        &self.heads[case as usize]
    }

    /// When the claim on the ground ends.
    pub fn end(&self) -> Time {
        self.end
    }

    /// Whether the column keeps what it has passed.
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// Length of the column, metres.
    pub fn pass_length_m(&self) -> f64 {
        self.pass_length_m
    }

    /// From the earliest departure to the end.
    pub fn span(&self) -> TimeSpan {
        lasting(self.head(Case::Earliest).first().time, self.end)
    }

    /// The whole corridor.
    pub fn area(&self) -> Area {
        self.corridor(self.line.clone())
    }

    /// The part of the line that the head travels: metres along the line, from and to.
    pub fn travelled_m(&self) -> (f64, f64) {
        let head = self.head(Case::Earliest);
        (head.first().along_m.max(0.0), head.last().along_m.min(self.line.length_m()))
    }

    /// The ground of the piece from `from_m` to `to_m`, metres along the line, with round ends.
    pub fn ground(&self, from_m: f64, to_m: f64) -> Area {
        match self.line.part(from_m, to_m) {
            Some(part) => self.corridor(part),
            None => {
                let circle = Circle::new(self.line.point_at(from_m), self.width_m / 2.0);
                Area::from(Shape::Circle(circle.expect("half of a valid width is a valid radius")))
            }
        }
    }

    fn corridor(&self, line: Polyline) -> Area {
        Area::from(Shape::Corridor(Corridor::new(line, self.width_m).expect("the width was checked")))
    }

    /// When the head can first be at `along_m`, or at the nearest place that it travels.
    pub(crate) fn reached(&self, along_m: f64) -> Time {
        let head = self.head(Case::Earliest);
        let along_m = along_m.clamp(head.first().along_m, head.last().along_m);
        head.arrival(along_m).unwrap_or(head.first().time)
    }

    /// When the tail has left `along_m` at the latest.
    pub(crate) fn left(&self, along_m: f64) -> Time {
        let tail_leaves = || self.head(Case::Latest).departure(along_m + self.pass_length_m);
        if self.holds { self.end } else { tail_leaves().map_or(self.end, |time| time.min(self.end)) }
    }

    /// The time for which the piece from `from_m` to `to_m` may be occupied; `None` if never before the end.
    ///
    /// Law: a piece inside another one is occupied no longer than that one.
    pub fn occupied(&self, from_m: f64, to_m: f64) -> Option<TimeSpan> {
        let (first_m, last_m) = self.travelled_m();
        if to_m < first_m || from_m > last_m {
            return None;
        }
        let start = self.reached(from_m);
        (start < self.end).then(|| lasting(start, self.left(to_m)))
    }

    /// The corridor in pieces of at most `max_length_m`, each with its time; pieces are cut at waypoints.
    ///
    /// Only what the head travels, and only what it can reach before the end. A length that is not above zero
    /// cuts at waypoints only.
    pub fn stretches(&self, max_length_m: f64) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        for (from_m, to_m) in self.cuts(max_length_m) {
            if let Some(span) = self.occupied(from_m, to_m) {
                stretches.push(Stretch { from_m, to_m, span, area: self.ground(from_m, to_m) });
            }
        }
        stretches
    }

    fn cuts(&self, max_length_m: f64) -> Vec<(f64, f64)> {
        let (first_m, last_m) = self.travelled_m();
        let inner = self.line.waypoints_along_m().iter().copied().filter(|&m| m > first_m + ENTRY_M && m < last_m - ENTRY_M);
        let mut cuts = Vec::new();
        let mut from_m = first_m;
        for leg_end_m in inner.chain([last_m]) {
            let pieces = if max_length_m > 0.0 { ((leg_end_m - from_m) / max_length_m).ceil().max(1.0) } else { 1.0 };
            let length_m = (leg_end_m - from_m) / pieces;
            let leg_start_m = from_m;
            let mut piece = 1.0;
            while piece <= pieces {
                let to_m = if piece < pieces { leg_start_m + piece * length_m } else { leg_end_m };
                cuts.push((from_m, to_m));
                from_m = to_m;
                piece += 1.0;
            }
        }
        cuts
    }

    /// When the head, in `case`, is inside `area`: from its first entry (halts count) to its last exit;
    /// a head that stops inside stays until the movement's end. To within 0.1 m along the line.
    pub fn head_inside(&self, case: Case, area: &Area) -> Option<TimeSpan> {
        let head = self.head(case);
        let (first_m, last_m) = (head.first().along_m, head.last().along_m);
        let mut inside: Option<(Time, Time)> = None;
        for (from_m, to_m) in self.line.stretches_within(area) {
            if to_m < first_m || from_m > last_m {
                continue;
            }
            let enters = head.arrival(from_m.max(first_m)).unwrap_or(head.first().time);
            let stays = to_m >= last_m - 2.0 * ENTRY_M;
            let exits = if stays { self.end } else { head.departure(to_m).map_or(self.end, |time| time.min(self.end)) };
            if enters < self.end {
                inside = Some(inside.map_or((enters, exits), |(start, end)| (start.min(enters), end.max(exits))));
            }
        }
        inside.map(|(start, end)| lasting(start, end))
    }

    /// The same movement, everything later by `ns` nanoseconds (the end included).
    #[must_use]
    pub fn delayed_ns(&self, ns: i64) -> Self {
        Self { heads: self.heads.each_ref().map(|head| head.delayed_ns(ns)), end: self.end.plus_ns(ns), ..self.clone() }
    }

    /// The movement on the part of its line before `along_m`: it stops there and stays until its end.
    /// `None` if nothing is left. It waits there also where a meeting is computed.
    pub fn stopping_at(&self, along_m: f64) -> Option<Self> {
        let (first_m, last_m) = self.travelled_m();
        if along_m >= last_m {
            return Some(Self { paces_beyond_end: false, ..self.clone() });
        }
        if along_m <= first_m + UNDECIDED_M {
            return None;
        }
        let line = self.line.part(0.0, along_m)?;
        let [earliest, likely, latest] = self.heads.each_ref().map(|head| head.up_to(along_m));
        Some(Self { line, heads: [earliest?, likely?, latest?], paces_beyond_end: false, ..self.clone() })
    }
}

/// The closed span from `start` to `end`, at least a nanosecond long: what is there for an instant is there.
pub(crate) fn lasting(start: Time, end: Time) -> TimeSpan {
    let end = end.max(start.plus_ns(1));
    TimeSpan::new(start.min(end.plus_ns(-1)), end).expect("the end is after the start")
}

fn check_heads(heads: &[Schedule; 3], length_m: f64) -> Result<(), InvalidMovement> {
    let (first_m, last_m) = (heads[0].first().along_m, heads[0].last().along_m);
    for case in Case::ALL {
        let head = &heads[case as usize];
        if head.first().along_m < -UNDECIDED_M || head.last().along_m > length_m + UNDECIDED_M {
            return Err(InvalidMovement::OffTheLine(case));
        }
    }
    for case in Case::ALL {
        let head = &heads[case as usize];
        if (head.first().along_m - first_m).abs() > UNDECIDED_M || (head.last().along_m - last_m).abs() > UNDECIDED_M {
            return Err(InvalidMovement::DifferentStretch(case));
        }
    }
    // All three are linear between these times, so that no other time needs a look.
    let mut times: Vec<Time> = heads.iter().flat_map(|head| head.anchors().iter().map(|anchor| anchor.time)).collect();
    times.sort_unstable();
    for (behind, ahead) in [(Case::Earliest, Case::Likely), (Case::Likely, Case::Latest)] {
        let gap_m = |time| heads[ahead as usize].head_at(time) - heads[behind as usize].head_at(time);
        if let Some(&at) = times.iter().find(|&&time| gap_m(time) > UNDECIDED_M) {
            return Err(InvalidMovement::NotBracketed { behind, ahead, at });
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "movement_tests.rs"]
mod tests;
