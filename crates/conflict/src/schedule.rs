//! When a head is where along its line: three cases of one movement.
//!
//! Does not know the line itself. Times between anchors are rounded to a nanosecond.

use deconflict_spacetime::Time;
use thiserror::Error;

/// Which end of the uncertainty: safety acts on the earliest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// As fast as it can be.
    Earliest,
    /// As stated.
    Likely,
    /// As slow as it can be.
    Latest,
}

impl Case {
    /// All three, in the order of a movement's heads.
    pub const ALL: [Self; 3] = [Self::Earliest, Self::Likely, Self::Latest];
}

/// The head is at `along_m` at `time`. Two anchors at one place are a halt; between anchors the head moves linearly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// Metres along the line.
    pub along_m: f64,
    /// When the head is there.
    pub time: Time,
}

/// Where the head is over time: piecewise linear, never backwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    anchors: Vec<Anchor>,
}

/// Why anchors are not a schedule; indices count from 0.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum InvalidSchedule {
    /// Fewer than two anchors.
    #[error("a schedule needs two anchors")]
    TooFewAnchors,
    /// An anchor is before the one before it, in place or in time, or moves in no time.
    #[error("anchor {0} is before the one before it, or moves in no time")]
    NotAscending(usize),
}

impl Schedule {
    /// The schedule through `anchors`.
    ///
    /// # Errors
    /// Fewer than two anchors; place or time goes back; or a move that takes no time.
    pub fn new(anchors: Vec<Anchor>) -> Result<Self, InvalidSchedule> {
        if anchors.len() < 2 {
            return Err(InvalidSchedule::TooFewAnchors);
        }
        if !anchors[0].along_m.is_finite() {
            return Err(InvalidSchedule::NotAscending(0));
        }
        for (i, pair) in anchors.windows(2).enumerate() {
            let (from, to) = (pair[0], pair[1]);
            let halts = to.along_m <= from.along_m;
            // Written so that a place that is not a number fails.
            let ascends = to.along_m >= from.along_m && to.along_m.is_finite();
            if !ascends || to.time < from.time || (to.time == from.time && !halts) {
                return Err(InvalidSchedule::NotAscending(i + 1));
            }
        }
        Ok(Self { anchors })
    }

    /// The anchors.
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// When the head first is at `along_m`; `None` outside the schedule's stretch.
    pub fn arrival(&self, along_m: f64) -> Option<Time> {
        let next = self.anchors.partition_point(|anchor| anchor.along_m < along_m);
        let to = self.anchors.get(next)?;
        if to.along_m <= along_m {
            return Some(to.time);
        }
        // Nothing before the first anchor; a place that is not a number ends here too.
        let from = self.anchors[next.checked_sub(1)?];
        Some(time_between(from, *to, along_m))
    }

    /// When the head last leaves `along_m` (after a halt there); `None` outside, and at the last anchor.
    pub fn departure(&self, along_m: f64) -> Option<Time> {
        let next = self.anchors.partition_point(|anchor| anchor.along_m <= along_m);
        let to = self.anchors.get(next)?;
        let from = self.anchors[next.checked_sub(1)?];
        Some(time_between(from, *to, along_m))
    }

    /// Where the head is at `time`; before the first anchor it is there, after the last it stays there.
    pub fn head_at(&self, time: Time) -> f64 {
        let next = self.anchors.partition_point(|anchor| anchor.time <= time);
        let (Some(before), Some(to)) = (next.checked_sub(1), self.anchors.get(next)) else {
            let resting = if next == 0 { self.first() } else { self.last() };
            return resting.along_m;
        };
        let from = self.anchors[before];
        let share = time.since_ns(from.time) as f64 / to.time.since_ns(from.time) as f64;
        (from.along_m + share * (to.along_m - from.along_m)).min(to.along_m)
    }

    /// The anchor where the head starts.
    pub fn first(&self) -> Anchor {
        self.anchors[0]
    }

    /// The anchor where the head stops.
    pub fn last(&self) -> Anchor {
        self.anchors[self.anchors.len() - 1]
    }

    /// The last pace at which the head moves, metres per nanosecond; zero if it never does.
    pub(crate) fn last_pace(&self) -> f64 {
        let moves = self.anchors.windows(2).rev().find(|pair| pair[1].along_m > pair[0].along_m);
        moves.map_or(0.0, |pair| (pair[1].along_m - pair[0].along_m) / pair[1].time.since_ns(pair[0].time) as f64)
    }

    /// The greatest pace of the head between two times, metres per nanosecond.
    pub(crate) fn fastest(&self, from: Time, to: Time) -> f64 {
        let during = self.anchors.windows(2).filter(|pair| pair[0].time < to && from < pair[1].time);
        during.map(|pair| (pair[1].along_m - pair[0].along_m) / pair[1].time.since_ns(pair[0].time) as f64).fold(0.0, f64::max)
    }

    /// The same schedule, later by `ns` nanoseconds.
    pub(crate) fn delayed_ns(&self, ns: i64) -> Self {
        Self { anchors: self.anchors.iter().map(|anchor| Anchor { time: anchor.time.plus_ns(ns), ..*anchor }).collect() }
    }

    /// The schedule up to the first arrival at `along_m`; `None` if nothing before it is left.
    pub(crate) fn up_to(&self, along_m: f64) -> Option<Self> {
        if self.first().along_m >= along_m {
            return None;
        }
        let Some(time) = self.arrival(along_m) else { return Some(self.clone()) };
        let mut anchors: Vec<Anchor> = self.anchors.iter().copied().filter(|anchor| anchor.along_m < along_m).collect();
        anchors.push(Anchor { along_m, time });
        Some(Self { anchors })
    }
}

/// When the head is at `along_m`, between two anchors that differ in place.
#[allow(clippy::cast_possible_truncation)]
fn time_between(from: Anchor, to: Anchor, along_m: f64) -> Time {
    let share = (along_m - from.along_m) / (to.along_m - from.along_m);
    let after_ns = (share * to.time.since_ns(from.time) as f64).round() as i64;
    from.time.plus_ns(after_ns).min(to.time)
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
