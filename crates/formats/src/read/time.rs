//! Instants as files write them, fast: RFC 3339, dates alone, and what stands for the end of a day. Knows no time zones.

use deconflict_spacetime::{NS_PER_S, Time};

/// Nanoseconds in a day.
pub const NS_PER_DAY: i64 = 86_400 * NS_PER_S;

/// An instant, and whether only its day was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// The instant; the first of the day if only that was given.
    pub time: Time,
    /// Whether only a day was given.
    pub whole_day: bool,
}

impl Instant {
    /// The instant as the end of a span: a day alone is included.
    pub fn as_end(self) -> Time {
        if self.whole_day { self.time.plus_ns(NS_PER_DAY) } else { self.time }
    }
}

/// "2030-05-01T06:00:00Z", "2030-05-01T08:00+02:00", "2030-05-01 06:00Z", "2030-05-01T24:00Z", "2030-05-01".
///
/// # Errors
/// What was expected, in words.
pub fn instant(text: &str) -> Result<Instant, String> {
    parse(text.trim().as_bytes()).ok_or_else(|| why_not(text))
}

/// Two digits as a number.
fn two(bytes: &[u8], at: usize) -> Option<i64> {
    match bytes.get(at..at + 2)? {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i64::from(a - b'0') * 10 + i64::from(b - b'0')),
        _ => None,
    }
}

/// Days from 1970-01-01 to a day of the Gregorian calendar.
///
/// # Source
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
pub const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn parse(bytes: &[u8]) -> Option<Instant> {
    let (century, year) = (two(bytes, 0)?, two(bytes, 2)?);
    let (year, month, day) = (century * 100 + year, two(bytes, 5)?, two(bytes, 8)?);
    let good = bytes[4] == b'-' && bytes[7] == b'-' && (1..=12).contains(&month);
    if !good || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let midnight_s = days_from_civil(year, month, day) * 86_400;
    let Some(separator) = bytes.get(10) else {
        let time = Time::from_ns(midnight_s.checked_mul(NS_PER_S)?);
        return Some(Instant { time, whole_day: true });
    };
    let clock = bytes.get(11..)?;
    if !matches!(separator, b'T' | b't' | b' ') || clock.get(2) != Some(&b':') {
        return None;
    }
    let (of_day_ns, used) = time_of_day(clock)?;
    let offset_s = offset_s(&clock[used..])?;
    let ns = (midnight_s - offset_s).checked_mul(NS_PER_S)?.checked_add(of_day_ns)?;
    Some(Instant { time: Time::from_ns(ns), whole_day: false })
}

/// Nanoseconds since midnight of "HH:MM[:SS[.f…]]", and how many bytes it took. 24:00 is the end of the day.
pub fn time_of_day(bytes: &[u8]) -> Option<(i64, usize)> {
    let (hours, minutes) = (two(bytes, 0)?, two(bytes, 3)?);
    if bytes.get(2) != Some(&b':') || hours > 24 || minutes > 59 {
        return None;
    }
    let (mut seconds, mut fraction_ns, mut used) = (0, 0, 5);
    if bytes.get(5) == Some(&b':') {
        seconds = two(bytes, 6)?;
        used = 8;
        if matches!(bytes.get(8), Some(b'.' | b',')) {
            let digits = bytes[9..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            // Beyond nanoseconds there is nothing to keep.
            let mut unit_ns = NS_PER_S / 10;
            for digit in &bytes[9..9 + digits.min(9)] {
                fraction_ns += i64::from(digit - b'0') * unit_ns;
                unit_ns /= 10;
            }
            used = 9 + digits;
        }
    }
    // 60 is a leap second, which UTC in files does not count: the next minute begins with it.
    let good = seconds <= 60 && (hours < 24 || (minutes == 0 && seconds == 0 && fraction_ns == 0));
    good.then_some(((hours * 3600 + minutes * 60 + seconds) * NS_PER_S + fraction_ns, used))
}

/// Seconds east of UTC: "Z", "+02:00", "-0330", "+02".
pub fn offset_s(bytes: &[u8]) -> Option<i64> {
    let (sign, rest) = match bytes {
        [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let minutes = match rest.len() {
        2 => 0,
        4 => two(rest, 2)?,
        5 if rest[2] == b':' => two(rest, 3)?,
        _ => return None,
    };
    let hours = two(rest, 0)?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

const TIME_WORDS: &str = "a time with its zone, such as \"2030-05-01T06:00:00Z\" or \"2030-05-01T08:00:00+02:00\"";

/// What is wrong with a text that is no instant.
fn why_not(text: &str) -> String {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !text.starts_with('.') {
        return format!("{TIME_WORDS}; a number could be seconds or milliseconds");
    }
    // The plan's reader knows the same faults: a day that does not exist, a missing zone, a year that is out of reach.
    match deconflict_plan::parse_time(text) {
        Err(expected) if expected.contains("zone") => TIME_WORDS.to_owned(),
        Err(expected) if expected.contains("no such day") => format!("{TIME_WORDS}; there is no such day"),
        Err(expected) if expected.contains("years") => expected,
        _ => TIME_WORDS.to_owned(),
    }
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
