//! The times of a movement: three schedules from times of arrival or from a range of speeds, and its window.

use deconflict_conflict::{Anchor, InvalidSchedule, Schedule};
use deconflict_spacetime::{Polyline, Time};

use super::Resolver;
use super::quantities::Bound;
use super::window::{Defaults, Window};
use crate::format::{self, Claim, Waypoint};
use crate::read::tree::{At, quoted};
use crate::words;

/// How long a column halts at a waypoint.
#[derive(Clone, Copy, Debug)]
enum Halt {
    None,
    For(i64),
    Until(Time),
}

impl Halt {
    /// When a head that arrives at `arrival` goes on.
    fn departure(self, arrival: Time) -> Time {
        match self {
            Self::None => arrival,
            Self::For(ns) => arrival.plus_ns(ns),
            Self::Until(time) => arrival.max(time),
        }
    }
}

/// Earliest, likely and latest arrival at a waypoint.
type Arrivals = [Time; 3];

impl Resolver<'_> {
    /// The heads and the window of a movement: outer `None` if they are not good, inner if it has no times.
    pub fn schedule(&mut self, at: &At, claim: &Claim, line: Option<&Polyline>) -> Option<Option<([Schedule; 3], Window)>> {
        let timed = claim.waypoints.iter().any(|w| w.eta.is_some() || w.eta_earliest.is_some() || w.eta_latest.is_some());
        if timed && claim.speed.is_some() {
            self.problems.add(&at.field("speed"), "a speed range and times of arrival", "one of the two");
            return None;
        }
        if timed {
            return self.schedule_of_arrivals(at, claim, line).map(Some);
        }
        if let Some(speed) = &claim.speed {
            return self.schedule_of_speeds(at, claim, speed, line).map(Some);
        }
        let useless = [
            ("start", claim.start.is_some()),
            ("end", claim.end.is_some()),
            ("when", claim.when.is_some()),
            ("waypoints", claim.waypoints.iter().any(|w| w.dwell.is_some() || w.dwell_until.is_some())),
        ];
        for (field, _) in useless.iter().filter(|(_, given)| *given) {
            let found = if *field == "waypoints" { "a halt, but no times of arrival" } else { "a time, but no times of arrival" };
            self.problems.add(&at.field(*field), found, "a `speed` range or an `eta` at the waypoints with it");
        }
        Some(None)
    }

    fn schedule_of_arrivals(&mut self, at: &At, claim: &Claim, line: Option<&Polyline>) -> Option<([Schedule; 3], Window)> {
        let points_at = at.field("waypoints");
        let mut stops: Vec<(usize, Arrivals, Halt)> = Vec::new();
        let mut good = true;
        for (index, waypoint) in claim.waypoints.iter().enumerate() {
            let at = points_at.element(index);
            let arrivals = self.arrivals(&at, waypoint);
            let halt = self.halt(&at, waypoint, arrivals.flatten());
            let end_point = index == 0 || index + 1 == claim.waypoints.len();
            match (arrivals, halt) {
                (Some(Some(arrivals)), Some(halt)) => stops.push((index, arrivals, halt)),
                (Some(None), Some(halt)) => {
                    if end_point || !matches!(halt, Halt::None) {
                        let expected = if end_point {
                            "a time of arrival: the first and the last waypoint have one"
                        } else {
                            "a time of arrival with the halt"
                        };
                        self.problems.add(&at.field("eta"), "nothing", expected);
                        good = false;
                    }
                }
                _ => good = false,
            }
        }
        good &= self.in_order(&points_at, &stops, claim);
        if let (Some(_), Some((_, first, _))) = (&claim.start, stops.first()) {
            let start = self.given_time(&at.field("start"), claim.start.as_ref());
            if start.is_some_and(|start| start != first[0]) {
                let found = start.map(words::time).unwrap_or_default();
                self.problems.add(
                    &at.field("start"),
                    found,
                    format!("the time at the first waypoint, {}, or no `start`", words::time(first[0])),
                );
                good = false;
            }
        }
        if let Some(from) = claim.when.as_ref().and_then(|when| when.from.as_ref()) {
            self.problems.add(
                &at.field("when").field("from"),
                quoted(from),
                "no `from`: the movement starts at its first time of arrival",
            );
            good = false;
        }
        let (_, first, _) = stops.first().filter(|_| good)?;
        let defaults = Defaults { start: first[0], end: None };
        let window = self.window(at, (None, claim.end.as_ref()), claim.when.as_ref(), defaults)?;
        let along_m = line?.waypoints_along_m();
        let heads = [0, 1, 2].map(|case: usize| {
            let anchors = stops.iter().flat_map(|(index, arrivals, halt)| {
                let (along_m, arrival) = (along_m[*index], arrivals[case]);
                let departure = halt.departure(arrival);
                let leaves = (departure > arrival).then_some(Anchor { along_m, time: departure });
                [Some(Anchor { along_m, time: arrival }), leaves].into_iter().flatten()
            });
            Schedule::new(anchors.collect())
        });
        self.heads(&points_at, heads).map(|heads| (heads, window))
    }

    fn heads(&mut self, at: &At, heads: [Result<Schedule, InvalidSchedule>; 3]) -> Option<[Schedule; 3]> {
        match heads {
            [Ok(earliest), Ok(likely), Ok(latest)] => Some([earliest, likely, latest]),
            _ => {
                self.problems.add(at, "a column that moves in no time or for centuries", "a movement that a column can make");
                None
            }
        }
    }

    /// Arrivals at a waypoint: outer `None` if they are not good, inner if there are none.
    fn arrivals(&mut self, at: &At, waypoint: &Waypoint) -> Option<Option<Arrivals>> {
        let fields = [
            ("eta_earliest", waypoint.eta_earliest.as_ref()),
            ("eta", waypoint.eta.as_ref()),
            ("eta_latest", waypoint.eta_latest.as_ref()),
        ];
        if fields.iter().all(|(_, given)| given.is_none()) {
            return Some(None);
        }
        let [earliest, likely, latest] =
            fields.map(|(field, given)| given.map(|given| self.given_time(&at.field(field), Some(given))));
        let Some(likely) = likely else {
            self.problems.add(&at.field("eta"), "nothing", "the likely time of arrival with the earliest and latest");
            return None;
        };
        let likely = likely?;
        let (earliest, latest) = (earliest.unwrap_or(Some(likely))?, latest.unwrap_or(Some(likely))?);
        let mut good = true;
        for (field, wrong, bad, expected) in
            [("eta_earliest", earliest, earliest > likely, "not after"), ("eta_latest", latest, latest < likely, "not before")]
        {
            if bad {
                self.problems.add(
                    &at.field(field),
                    words::time(wrong),
                    format!("a time {expected} the `eta`, {}", words::time(likely)),
                );
                good = false;
            }
        }
        good.then_some(Some([earliest, likely, latest]))
    }

    fn halt(&mut self, at: &At, waypoint: &Waypoint, arrivals: Option<Arrivals>) -> Option<Halt> {
        match (&waypoint.dwell, &waypoint.dwell_until) {
            (None, None) => Some(Halt::None),
            (Some(dwell), None) => self.given_duration_ns(&at.field("dwell"), Some(dwell), Bound::NotNegative).map(Halt::For),
            (None, Some(until)) => {
                let time = self.given_time(&at.field("dwell_until"), Some(until))?;
                if let Some([_, likely, _]) = arrivals.filter(|[_, likely, _]| time < *likely) {
                    let expected = format!("a time after the `eta`, {}", words::time(likely));
                    self.problems.add(&at.field("dwell_until"), words::time(time), expected);
                    return None;
                }
                Some(Halt::Until(time))
            }
            (Some(_), Some(_)) => {
                self.problems.add(at, "both `dwell` and `dwell_until`", "one of the two");
                None
            }
        }
    }

    /// Whether each arrival is after the departure from the stop before, in all three cases.
    fn in_order(&mut self, at: &At, stops: &[(usize, Arrivals, Halt)], claim: &Claim) -> bool {
        let mut good = true;
        for pair in stops.windows(2) {
            let ((from, arrivals, halt), (to, next, _)) = (pair[0], pair[1]);
            let late = (0..3).find(|case| next[*case] <= halt.departure(arrivals[*case]));
            let Some(case) = late else { continue };
            good = false;
            let waypoint = claim.waypoints.get(to);
            let field = match case {
                0 if waypoint.is_some_and(|w| w.eta_earliest.is_some()) => "eta_earliest",
                2 if waypoint.is_some_and(|w| w.eta_latest.is_some()) => "eta_latest",
                _ => "eta",
            };
            let expected = format!("a time after it has left waypoint {from}, {}", words::time(halt.departure(arrivals[case])));
            self.problems.add(&at.element(to).field(field), words::time(next[case]), expected);
        }
        good
    }

    fn schedule_of_speeds(
        &mut self,
        at: &At,
        claim: &Claim,
        speed: &format::SpeedRange,
        line: Option<&Polyline>,
    ) -> Option<([Schedule; 3], Window)> {
        let speed_at = at.field("speed");
        let [min, likely, max] = [("min", &speed.min), ("likely", &speed.likely), ("max", &speed.max)]
            .map(|(field, text)| self.speed_m_s(&speed_at.field(field), text));
        let defaults = Defaults { start: self.header.start(at.file), end: None };
        let window = self.window(at, (claim.start.as_ref(), claim.end.as_ref()), claim.when.as_ref(), defaults);
        let points_at = at.field("waypoints");
        let with_index = claim.waypoints.iter().enumerate();
        let halts: Vec<Option<Halt>> =
            with_index.map(|(index, waypoint)| self.halt(&points_at.element(index), waypoint, None)).collect();
        let halts: Option<Vec<Halt>> = halts.into_iter().collect();
        let (min, likely, max) = (min?, likely?, max?);
        if !(min <= likely && likely <= max) {
            let found = format!("{} to {}, likely {}", quoted(&speed.min.0), quoted(&speed.max.0), quoted(&speed.likely.0));
            self.problems.add(&speed_at, found, "min, likely and max in this order of size");
            return None;
        }
        let (window, halts, line) = (window?, halts?, line?);
        let start = window.span.start();
        let heads = [max, likely, min].map(|speed_m_s| Schedule::new(anchors_at_speed(line, &halts, start, speed_m_s)));
        self.heads(&speed_at, heads).map(|heads| (heads, window))
    }
}

/// The anchors of a head that sets out at `start` and keeps one speed but where it halts.
fn anchors_at_speed(line: &Polyline, halts: &[Halt], start: Time, speed_m_s: f64) -> Vec<Anchor> {
    let along_m = line.waypoints_along_m();
    let mut anchors = vec![Anchor { along_m: 0.0, time: start }];
    // Counted from the last halt, so that rounding does not add up from waypoint to waypoint.
    let (mut from_m, mut from) = (0.0, start);
    for (index, (&along_m, halt)) in along_m.iter().zip(halts).enumerate() {
        let travel_ns = (along_m - from_m) / speed_m_s * 1e9;
        // A float beyond the range becomes its end, and so does the time.
        #[allow(clippy::cast_possible_truncation)]
        let arrival = from.plus_ns(travel_ns.round() as i64);
        let departure = halt.departure(arrival);
        let last = index + 1 == halts.len();
        if departure > arrival || last {
            anchors.push(Anchor { along_m, time: arrival });
        }
        if departure > arrival {
            anchors.push(Anchor { along_m, time: departure });
            (from_m, from) = (along_m, departure);
        }
    }
    anchors
}
