//! How close two heads come, and when they first come closer than a threshold.
//!
//! The distance of two heads changes no faster than the sum of their paces: that bound, and bisection, decide.
//! Does not know levels or alerts.

use deconflict_spacetime::{LatLng, NS_PER_S, Time, distance_m};

use crate::{Case, Movement};

/// Two heads at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approach {
    /// When.
    pub time: Time,
    /// Geodesic distance between the heads, metres.
    pub distance_m: f64,
    /// Head of the first movement.
    pub a: LatLng,
    /// Head of the second movement.
    pub b: LatLng,
}

/// Bisection ends where the heads cannot move more than this, metres (or within a second, if that is less).
const RESOLUTION_M: f64 = 1.0;

/// The first time in the shared window that the heads, both in `case`, are at most `distance_m` metres apart.
///
/// Found to within a second and to within a metre of movement; undecided means yes, so that the distance may be up to
/// half a metre over the threshold. The window runs from the later of the first anchors to the earlier of the ends;
/// heads that are within the distance at its start give its start.
pub fn first_within(a: &Movement, b: &Movement, case: Case, distance_m: f64) -> Option<Approach> {
    let heads = Heads { a, b, case };
    let times = heads.breaks()?;
    let mut before = heads.at(times[0]);
    if before.distance_m <= distance_m {
        return Some(before);
    }
    for &time in &times[1..] {
        let after = heads.at(time);
        let pace = heads.pace(before.time, time);
        if let Some(found) = heads.first_between(before, after, pace, distance_m) {
            return Some(found);
        }
        before = after;
    }
    None
}

/// The closest that the heads, both in `case`, come in the shared window; `None` if the windows do not meet.
///
/// The distance is within a metre of the smallest; of several equal ones the first that was looked at.
pub fn closest_heads(a: &Movement, b: &Movement, case: Case) -> Option<Approach> {
    let heads = Heads { a, b, case };
    let times = heads.breaks()?;
    let known: Vec<Approach> = times.iter().map(|&time| heads.at(time)).collect();
    let mut best = *known.iter().reduce(|best, next| if next.distance_m < best.distance_m { next } else { best })?;
    for pair in known.windows(2) {
        heads.closer_between(pair[0], pair[1], heads.pace(pair[0].time, pair[1].time), &mut best);
    }
    Some(best)
}

struct Heads<'a> {
    a: &'a Movement,
    b: &'a Movement,
    case: Case,
}

impl Heads<'_> {
    /// The shared window's start, the anchors inside it, and its end; `None` if there is no shared window.
    fn breaks(&self) -> Option<Vec<Time>> {
        let (a, b) = (self.a.head(self.case), self.b.head(self.case));
        let start = a.first().time.max(b.first().time);
        let end = self.a.end().min(self.b.end());
        if start > end {
            return None;
        }
        let anchors = a.anchors().iter().chain(b.anchors()).map(|anchor| anchor.time);
        let mut times: Vec<Time> = anchors.filter(|&time| start < time && time < end).chain([start, end]).collect();
        times.sort_unstable();
        times.dedup();
        Some(times)
    }

    fn at(&self, time: Time) -> Approach {
        let place = |movement: &Movement| movement.line().point_at(movement.head(self.case).head_at(time));
        let (a, b) = (place(self.a), place(self.b));
        Approach { time, distance_m: distance_m(a, b), a, b }
    }

    /// How fast the distance can change, metres per nanosecond.
    fn pace(&self, from: Time, to: Time) -> f64 {
        self.a.head(self.case).fastest(from, to) + self.b.head(self.case).fastest(from, to)
    }

    /// The first time after `before` and up to `after` at which the heads are within `wanted_m`; they are not at `before`.
    fn first_between(&self, before: Approach, after: Approach, pace: f64, wanted_m: f64) -> Option<Approach> {
        let (travel_m, least_m) = reach(before, after, pace);
        if least_m > wanted_m {
            return None;
        }
        if settled(before, after, travel_m) {
            return Some(if after.distance_m <= wanted_m { after } else { before });
        }
        let middle = self.at(midpoint(before, after));
        self.first_between(before, middle, pace, wanted_m).or_else(|| {
            if middle.distance_m <= wanted_m { Some(middle) } else { self.first_between(middle, after, pace, wanted_m) }
        })
    }

    /// Lowers `best` to the closest between the two, unless it is within a metre of that already.
    fn closer_between(&self, before: Approach, after: Approach, pace: f64, best: &mut Approach) {
        let (travel_m, least_m) = reach(before, after, pace);
        if least_m >= best.distance_m - RESOLUTION_M || settled(before, after, travel_m) {
            return;
        }
        let middle = self.at(midpoint(before, after));
        if middle.distance_m < best.distance_m {
            *best = middle;
        }
        let (near, far) = ((before, middle), (middle, after));
        let halves = if before.distance_m <= after.distance_m { [near, far] } else { [far, near] };
        for (before, after) in halves {
            self.closer_between(before, after, pace, best);
        }
    }
}

/// How far both heads move between the two, and a distance that they do not go below on the way, metres.
fn reach(before: Approach, after: Approach, pace: f64) -> (f64, f64) {
    let travel_m = pace * after.time.since_ns(before.time) as f64;
    (travel_m, (before.distance_m + after.distance_m - travel_m) / 2.0)
}

fn settled(before: Approach, after: Approach, travel_m: f64) -> bool {
    let apart_ns = after.time.since_ns(before.time);
    apart_ns <= 1 || (apart_ns <= NS_PER_S && travel_m <= RESOLUTION_M)
}

fn midpoint(before: Approach, after: Approach) -> Time {
    before.time.plus_ns(after.time.since_ns(before.time) / 2)
}

#[cfg(test)]
#[path = "approach_tests.rs"]
mod tests;
