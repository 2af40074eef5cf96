//! Windows of claims: times, events that bound them, daily hours.

use deconflict_spacetime::{NS_PER_S, Time, TimeSpan};

use super::Resolver;
use super::header::end_in_words;
use crate::format::{Daily, Given, TimeText, When};
use crate::read::tree::At;
use crate::words;

/// More days than a daily window is ever expanded into: ten years.
const DAYS_MAX: i64 = 3660;
const DAY_NS: i64 = 86_400 * NS_PER_S;

/// When a claim is.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// From when to when, as far as it is known.
    pub span: TimeSpan,
    /// Whether an end depends on an event that is not known.
    pub open: bool,
    /// Whether its start does.
    pub start_open: bool,
}

/// The two ends of a window as they are written.
pub type Ends<'g> = (Option<&'g Given<TimeText>>, Option<&'g Given<TimeText>>);

/// Where a window starts and ends that does not say so; `None` for an end: where the plan ends.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// Its start.
    pub start: Time,
    /// Its end.
    pub end: Option<Time>,
}

impl Resolver<'_> {
    /// The window with these ends, bounded by events where `when` says so.
    pub fn window(&mut self, at: &At, (start, end): Ends<'_>, when: Option<&When>, defaults: Defaults) -> Option<Window> {
        let from = self.bounding_event(&at.field("when").field("from"), when.and_then(|when| when.from.as_ref()));
        let until = self.bounding_event(&at.field("when").field("until"), when.and_then(|when| when.until.as_ref()));
        if let Some(when) = when.filter(|when| when.from.is_none() && when.until.is_none()) {
            let _ = when;
            self.problems.add(&at.field("when"), "no event", "`from`, `until` or both");
        }
        // Both ends are read before one that is not good decides.
        let written_start = start.map(|given| self.given_time(&at.field("start"), Some(given)));
        let written_end = end.map(|given| self.given_time(&at.field("end"), Some(given)));
        let (from, until) = (from?, until?);
        let start_time = match (from, written_start) {
            (Bound::Known(earliest, _), _) => earliest,
            // It may be from now on, whatever is written for the time being.
            (Bound::Unknown, Some(written)) => written?.min(defaults.start).min(self.header.start(at.file)),
            (Bound::Unknown, None) => defaults.start.min(self.header.start(at.file)),
            (_, Some(written)) => written?,
            (_, None) => defaults.start,
        };
        let default_end = || defaults.end.unwrap_or(self.header.end(at.file));
        let (end_time, at_horizon) = match (until, written_end) {
            (Bound::Known(_, latest), _) => (latest, false),
            // It may last as long as anything does, whatever is written for the time being.
            (Bound::Unknown, Some(written)) => (written?.max(default_end()), false),
            (_, Some(written)) => (written?, false),
            (_, None) => (default_end(), defaults.end.is_none()),
        };
        self.reaches_horizon |= at_horizon;
        let open = from == Bound::Unknown || until == Bound::Unknown;
        match TimeSpan::new(start_time, end_time) {
            Ok(span) => Some(Window { span, open, start_open: from == Bound::Unknown }),
            Err(_) => {
                self.report_backwards(at, start_time, end_time, end.is_some(), at_horizon);
                None
            }
        }
    }

    fn report_backwards(&mut self, at: &At, start: Time, end: Time, end_is_written: bool, at_horizon: bool) {
        if at_horizon {
            let expected = format!("a start before the plan ends ({}), or an `end`", end_in_words(&self.header, at.file));
            self.problems.add(&at.field("start"), words::time(start), expected);
        } else {
            let at = if end_is_written { at.field("end") } else { at.clone() };
            let found = format!("an end at {}", words::time(end));
            self.problems.add(&at, found, format!("an end after the start, {}", words::time(start)));
        }
    }

    /// What is known of an event that bounds a window; `None` if the event is not good.
    fn bounding_event(&mut self, at: &At, event: Option<&String>) -> Option<Bound> {
        let Some(event) = event else { return Some(Bound::Absent) };
        let id = self.look_up(|names| &names.events, at, event)?;
        // An event that is not resolved by now could not be.
        let known = self.events.get(&id).copied().flatten()?;
        Some(known.map_or(Bound::Unknown, |(earliest, latest)| Bound::Known(earliest, latest)))
    }

    /// The times of each day of a window; `None` if they are not good.
    pub fn days(&mut self, at: &At, daily: &Daily, span: TimeSpan) -> Option<Vec<TimeSpan>> {
        let from_ns = self.time_of_day_ns(&at.field("from"), &daily.from.0);
        let until_ns = self.time_of_day_ns(&at.field("until"), &daily.until.0);
        let (from_ns, until_ns) = (from_ns?, until_ns?);
        if from_ns == until_ns {
            self.problems.add(
                at,
                format!("{} to {}", daily.from.0, daily.until.0),
                "hours that last; leave out `daily` for whole days",
            );
            return None;
        }
        let over_midnight = if until_ns < from_ns { DAY_NS } else { 0 };
        // Hours that started the evening before the window belong to it too.
        let first_day = span.start().ns().div_euclid(DAY_NS) - 1;
        let last_day = span.end().ns().div_euclid(DAY_NS);
        if last_day - first_day > DAYS_MAX {
            self.problems.add(at, format!("a window of {} days", last_day - first_day), format!("at most {DAYS_MAX} days"));
            return None;
        }
        let day_start = |day: i64| Time::from_ns(day.saturating_mul(DAY_NS));
        let hours = (first_day..=last_day).filter_map(|day| {
            TimeSpan::new(day_start(day).plus_ns(from_ns), day_start(day).plus_ns(until_ns + over_midnight)).ok()
        });
        let days: Vec<TimeSpan> = hours.filter_map(|hours| hours.overlap(span)).collect();
        if days.is_empty() {
            self.problems.add(
                at,
                "hours that are never inside the claim's window",
                "hours of which some lie between its start and its end",
            );
            return None;
        }
        Some(days)
    }
}

/// What an event says about an end of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    /// No event bounds it.
    Absent,
    /// Its time is not known yet.
    Unknown,
    /// The earliest and the latest.
    Known(Time, Time),
}
