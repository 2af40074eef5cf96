//! When and where two columns that end at one place meet.
//!
//! Does not know corridors' widths or the ends of claims: a meeting may be later than either.

use deconflict_spacetime::{LatLng, Time, UNDECIDED_M, distance_m};

use crate::{Case, Movement, Schedule};

/// The meeting of two heads that close along the joined line: the first line, then the second one backwards.
///
/// A head that keeps its pace past its own end goes on along the other's line: one side fast and the other slow
/// meet on the slow one's road. Distances are along the joined line from the shared end, negative on the first
/// movement's side.
#[derive(Clone, Debug, PartialEq)]
pub struct Meeting {
    /// Both as fast as they can be.
    pub earliest: Time,
    /// Both as stated.
    pub likely: Time,
    /// Both as slow as they can be.
    pub latest: Time,
    /// Place of the likely meeting, km from the shared end.
    pub likely_km: f64,
    /// Place with the first slow and the second fast, km from the shared end.
    pub min_km: f64,
    /// Place with the first fast and the second slow, km from the shared end.
    pub max_km: f64,
    /// The likely place.
    pub likely_place: LatLng,
    /// The place at `min_km`.
    pub min_place: LatLng,
    /// The place at `max_km`.
    pub max_place: LatLng,
    /// Metres between the two heads along the joined line when the later of the two starts (likely case).
    pub route_gap_m: f64,
}

/// The meeting of `a` and `b`, if their lines end within `same_place_m` metres of each other.
///
/// Likely place: along the joined line where the two likely heads pass each other; where one arrives at the shared
/// end and waits, the meeting is at the end when the other arrives, unless it has a pace of its own beyond it
/// ([`Movement::with_pace_beyond_end`]). `None` also where they never meet: a head stops short of the end.
///
/// Law: swapping `a` and `b` keeps the times, mirrors the distances, and swaps `min_km` with `max_km`.
pub fn meeting(a: &Movement, b: &Movement, same_place_m: f64) -> Option<Meeting> {
    let end_of = |movement: &Movement| movement.line().point_at(movement.line().length_m());
    if distance_m(end_of(a), end_of(b)) > same_place_m.max(UNDECIDED_M) {
        return None;
    }
    let meet = |of_a, of_b| joined(a, of_a).meets(&joined(b, of_b));
    let (earliest, _) = meet(Case::Earliest, Case::Earliest)?;
    let (likely, likely_m) = meet(Case::Likely, Case::Likely)?;
    let (latest, _) = meet(Case::Latest, Case::Latest)?;
    let (_, min_m) = meet(Case::Latest, Case::Earliest)?;
    let (_, max_m) = meet(Case::Earliest, Case::Latest)?;
    let place = |at_m: f64| {
        let (movement, before_end_m) = if at_m <= 0.0 { (a, -at_m) } else { (b, at_m) };
        movement.line().point_at(movement.line().length_m() - before_end_m)
    };
    let (head_a, head_b) = (joined(a, Case::Likely), joined(b, Case::Likely));
    let later_start = head_a.schedule.first().time.max(head_b.schedule.first().time);
    Some(Meeting {
        earliest,
        likely,
        latest,
        likely_km: likely_m / 1e3,
        min_km: min_m / 1e3,
        max_km: max_m / 1e3,
        likely_place: place(likely_m),
        min_place: place(min_m),
        max_place: place(max_m),
        route_gap_m: head_a.to_go_m(later_start) + head_b.to_go_m(later_start),
    })
}

/// A head on its way to the shared end, and perhaps beyond it.
struct Head<'a> {
    schedule: &'a Schedule,
    /// Metres along its own line of the shared end.
    end_m: f64,
    /// Pace past its own last anchor, metres per nanosecond.
    pace_beyond: f64,
}

fn joined(movement: &Movement, case: Case) -> Head<'_> {
    let schedule = movement.head(case);
    let pace_beyond = if movement.paces_beyond_end() { schedule.last_pace() } else { 0.0 };
    // A schedule stops within a millimetre of the end, or short of it.
    let (length_m, last_m) = (movement.line().length_m(), schedule.last().along_m);
    let end_m = if (length_m - last_m).abs() <= 2.0 * UNDECIDED_M { last_m } else { length_m };
    Head { schedule, end_m, pace_beyond }
}

impl Head<'_> {
    /// Metres that the head has still to go to the shared end; below zero past it.
    fn to_go_m(&self, time: Time) -> f64 {
        let last = self.schedule.last();
        let beyond_m = self.pace_beyond * time.since_ns(last.time).max(0) as f64;
        self.end_m - self.schedule.head_at(time) - beyond_m
    }

    /// When and where (metres from the shared end, negative on the own side) the two heads meet.
    #[allow(clippy::cast_possible_truncation)]
    fn meets(&self, other: &Self) -> Option<(Time, f64)> {
        let gap_m = |time| self.to_go_m(time) + other.to_go_m(time);
        let anchors = self.schedule.anchors().iter().chain(other.schedule.anchors());
        let mut times: Vec<Time> = anchors.map(|anchor| anchor.time).collect();
        times.sort_unstable();
        // The gap shrinks linearly between anchors.
        let (mut before, mut before_gap_m) = (times[0], gap_m(times[0]));
        for &time in &times {
            let now_m = gap_m(time);
            if now_m <= UNDECIDED_M {
                let closing_m = before_gap_m - now_m;
                let share = if closing_m > 0.0 { (before_gap_m / closing_m).clamp(0.0, 1.0) } else { 1.0 };
                return Some(self.meets_at(before.plus_ns((share * time.since_ns(before) as f64).round() as i64)));
            }
            (before, before_gap_m) = (time, now_m);
        }
        let pace = self.pace_beyond + other.pace_beyond;
        (pace > 0.0).then(|| self.meets_at(before.plus_ns((before_gap_m / pace).round() as i64)))
    }

    fn meets_at(&self, time: Time) -> (Time, f64) {
        // Adding zero turns −0.0 into 0.0.
        (time, 0.0 - self.to_go_m(time) + 0.0)
    }
}

#[cfg(test)]
#[path = "meeting_tests.rs"]
mod tests;
