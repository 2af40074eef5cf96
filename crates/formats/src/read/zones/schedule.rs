//! When a zone holds: always, between two times, or at hours of days, written out within a span. Knows no time zones but
//! offsets from UTC, and no sun: hours that hang on daylight become whole days.

use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{NS_PER_S, Time, TimeSpan};
use serde::Deserialize;

use super::super::notes::Note;
use super::super::problems::quoted;
use super::super::properties::{Reporter, span};
use super::super::time::{self, NS_PER_DAY};
use super::one_or_many;

/// Most spans of one zone.
const SPANS_MAX: usize = 20_000;
/// A local day begins at most so long before the UTC day of its date, and ends at most as long after it.
const ZONES_NS: i64 = 14 * 3600 * NS_PER_S;
/// Days before and after a span whose hours can reach into it.
const AROUND_DAYS: i64 = 3;

/// A time during which a zone holds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    permanent: Option<Answer>,
    start_date_time: Option<String>,
    end_date_time: Option<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    schedule: Vec<Hours>,
}

/// Yes or no, as a word or as a truth value.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Answer {
    Truth(bool),
    Word(String),
}

/// Hours of some days of the week.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hours {
    #[serde(default)]
    day: Vec<String>,
    start_time: Option<String>,
    start_event: Option<String>,
    end_time: Option<String>,
    end_event: Option<String>,
}

/// Hours whose texts are understood: which days from Monday, and from when to when from midnight in UTC.
struct Daily {
    days: [bool; 7],
    from_ns: i64,
    until_ns: i64,
}

/// The spans of a zone; none if it does not hold in the span that is looked at.
pub fn spans(periods: &[Period], to: &mut Reporter) -> Option<Vec<TimeSpan>> {
    if periods.is_empty() {
        return span(None, None, Some(ClaimKind::Constraint), to).map(|span| vec![span]);
    }
    let mut spans = Vec::new();
    for (index, period) in periods.iter().enumerate() {
        period.spans(&format!("applicability[{index}]"), to, &mut spans)?;
        if spans.len() > SPANS_MAX {
            to.fault("applicability", format!("more than {SPANS_MAX} spans"), "a shorter period to look at");
            return None;
        }
    }
    Some(merged(spans))
}

impl Period {
    fn spans(&self, path: &str, to: &mut Reporter, spans: &mut Vec<TimeSpan>) -> Option<()> {
        let permanent = match &self.permanent {
            Some(Answer::Truth(truth)) => *truth,
            Some(Answer::Word(word)) => word.eq_ignore_ascii_case("YES"),
            None => false,
        };
        if permanent {
            spans.push(span(None, None, Some(ClaimKind::Constraint), to)?);
            return Some(());
        }
        let (start, end) = (self.start_date_time.as_deref(), self.end_date_time.as_deref());
        let start = instant(start, &format!("{path}.startDateTime"), to)?.map(|start| start.time);
        let end = instant(end, &format!("{path}.endDateTime"), to)?.map(time::Instant::as_end);
        if self.schedule.is_empty() {
            spans.push(span(start, end, Some(ClaimKind::Constraint), to)?);
            return Some(());
        }
        let mut daily = Vec::new();
        for (index, hours) in self.schedule.iter().enumerate() {
            daily.push(hours.daily(&format!("{path}.schedule[{index}]"), to)?);
        }
        let looked_at = to.options.period;
        let from = [start, looked_at.map(TimeSpan::start)].into_iter().flatten().max();
        let until = [end, looked_at.map(TimeSpan::end)].into_iter().flatten().min();
        let (Some(from), Some(until)) = (from, until) else {
            to.fault(
                format!("{path}.schedule"),
                "hours that come again without end",
                "a start and an end, or a period to look at",
            );
            return None;
        };
        if let Ok(within) = TimeSpan::new(from, until) {
            written_out(&daily, within, spans);
        }
        Some(())
    }
}

/// An instant; inner `None` if there is none, outer if it is no instant.
fn instant(text: Option<&str>, path: &str, to: &mut Reporter) -> Option<Option<time::Instant>> {
    let Some(text) = text else { return Some(None) };
    time::instant(text).map_err(|expected| to.fault(path, quoted(text), expected)).ok().map(Some)
}

impl Hours {
    fn daily(&self, path: &str, to: &mut Reporter) -> Option<Daily> {
        const NAMES: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
        let mut days = [false; 7];
        for day in &self.day {
            match NAMES.iter().position(|name| name.eq_ignore_ascii_case(day.trim())) {
                Some(index) => days[index] = true,
                None if day.trim().eq_ignore_ascii_case("ANY") => days = [true; 7],
                None => {
                    to.fault(format!("{path}.day"), quoted(day), "`MON` to `SUN`, or `ANY`");
                    return None;
                }
            }
        }
        if self.day.is_empty() {
            days = [true; 7];
        }
        let daylight = self.start_event.is_some() || self.end_event.is_some();
        if daylight {
            to.note(Note::Daylight);
        }
        // By the sun a day begins and ends when it does somewhere on the earth.
        let (mut from_ns, mut until_ns) = (0, NS_PER_DAY);
        if let (Some(text), None) = (&self.start_time, &self.start_event) {
            from_ns = of_day(text, &format!("{path}.startTime"), to)?;
        } else if self.start_event.is_some() {
            from_ns = -ZONES_NS;
        }
        if let (Some(text), None) = (&self.end_time, &self.end_event) {
            until_ns = of_day(text, &format!("{path}.endTime"), to)?;
        } else if self.end_event.is_some() {
            until_ns = NS_PER_DAY + ZONES_NS;
        }
        // Hours that end before they begin end on the next day.
        while until_ns <= from_ns {
            until_ns += NS_PER_DAY;
        }
        Some(Daily { days, from_ns, until_ns })
    }
}

/// A time of day, from midnight in UTC.
fn of_day(text: &str, path: &str, to: &mut Reporter) -> Option<i64> {
    let trimmed = text.trim();
    let found = time::time_of_day(trimmed.as_bytes());
    let offset = found.and_then(|(_, used)| time::offset_s(&trimmed.as_bytes()[used..]));
    let (Some((ns, _)), Some(offset_s)) = (found, offset) else {
        to.fault(path, quoted(text), "a time of day with its zone, such as \"08:00:00Z\" or \"08:00+02:00\"");
        return None;
    };
    Some(ns - offset_s * NS_PER_S)
}

/// Adds the hours of all days within a span.
fn written_out(daily: &[Daily], within: TimeSpan, spans: &mut Vec<TimeSpan>) {
    let day_of = |time: Time| time.ns().div_euclid(NS_PER_DAY);
    for day in day_of(within.start()) - AROUND_DAYS..=day_of(within.end()) + AROUND_DAYS {
        // 1970-01-01 was a Thursday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
        let Some(midnight_ns) = day.checked_mul(NS_PER_DAY) else { continue };
        let midnight = Time::from_ns(midnight_ns);
        for hours in daily.iter().filter(|hours| hours.days[weekday]) {
            let start = midnight.plus_ns(hours.from_ns).max(within.start());
            let end = midnight.plus_ns(hours.until_ns).min(within.end());
            spans.extend(TimeSpan::new(start, end));
            if spans.len() > 2 * SPANS_MAX {
                *spans = merged(std::mem::take(spans));
                if spans.len() > SPANS_MAX {
                    return;
                }
            }
        }
    }
    *spans = merged(std::mem::take(spans));
}

/// The spans in order, with those that touch made one.
fn merged(mut spans: Vec<TimeSpan>) -> Vec<TimeSpan> {
    spans.sort_unstable();
    let mut apart: Vec<TimeSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match apart.last_mut() {
            Some(last) if last.intersects(span) => *last = last.hull(span),
            _ => apart.push(span),
        }
    }
    apart
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
