//! RFC 3339 texts and instants. Nothing else that calendars write is read.

use deconflict_registry::{Time, TimeSpan};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use std::fmt;

/// An instant as a client wrote it, which may be finer and farther than [`Time`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WireTime {
    /// Nanoseconds since 1970, rounded down.
    ns: i128,
    /// Whether digits beyond the nanosecond were cut.
    is_cut: bool,
}

/// A text is no instant of RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTime;

impl fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("is no time of RFC 3339, such as 2026-05-01T08:30:00Z")
    }
}

/// An instant is outside of what can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOutOfRange;

impl fmt::Display for TimeOutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("is outside of what is accepted, 1678 to 2262")
    }
}

impl WireTime {
    /// Reads `2026-05-01T08:30:00.5Z`, or with an offset such as `+02:00`. Leap seconds are refused: no clock of ours has them.
    ///
    /// # Errors
    /// It is anything else, or there is no such day.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        read(text.as_bytes()).ok_or(InvalidTime)
    }

    /// The instant as the start of a span: rounded down.
    ///
    /// # Errors
    /// It cannot be kept.
    pub fn start(self) -> Result<Time, TimeOutOfRange> {
        i64::try_from(self.ns).map(Time::from_ns).map_err(|_| TimeOutOfRange)
    }

    /// The instant as the end of a span: rounded up.
    ///
    /// # Errors
    /// It cannot be kept.
    pub fn end(self) -> Result<Time, TimeOutOfRange> {
        Self { ns: self.ns + i128::from(self.is_cut), is_cut: false }.start()
    }

    /// The start of a span that is only asked about: what is before everything is open.
    pub fn open_start(self) -> Time {
        self.start().unwrap_or(if self.ns < 0 { Time::MIN } else { Time::MAX })
    }

    /// The end of a span that is only asked about: what is after everything is open.
    pub fn open_end(self) -> Time {
        self.end().unwrap_or(if self.ns < 0 { Time::MIN } else { Time::MAX })
    }
}

/// The span of a question: a bound that is missing is open, and an instant is a span. Nothing if it ends before it starts.
pub fn asked_span(start: Option<WireTime>, end: Option<WireTime>) -> Option<TimeSpan> {
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        return None;
    }
    let (start, end) = (start.map_or(Time::MIN, WireTime::open_start), end.map_or(Time::MAX, WireTime::open_end));
    Some(TimeSpan::new(start, end).expect("rounding outward keeps the order"))
}

fn read(text: &[u8]) -> Option<WireTime> {
    let (date_time, rest) = text.split_at_checked(19)?;
    let [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T' | b't', h1, h2, b':', mi1, mi2, b':', s1, s2] = date_time else {
        return None;
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (two(*mo1, *mo2)?, two(*d1, *d2)?);
    let (hour, minute, second) = (two(*h1, *h2)?, two(*mi1, *mi2)?, two(*s1, *s2)?);
    let (fraction_ns, is_cut, zone) = fraction(rest)?;
    let offset = match zone {
        [b'Z' | b'z'] => Offset::UTC,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => offset(*sign, two(*h1, *h2)?, two(*m1, *m2)?)?,
        _ => return None,
    };
    let year = i16::try_from(year).ok()?;
    let local = DateTime::new(year, month, day, hour, minute, second, fraction_ns).ok()?;
    Some(WireTime { ns: offset.to_timestamp(local).ok()?.as_nanosecond(), is_cut })
}

/// Nanoseconds of a fraction of a second, whether something finer was cut, and what stands behind it.
fn fraction(rest: &[u8]) -> Option<(i32, bool, &[u8])> {
    let Some(digits) = rest.strip_prefix(b".") else { return Some((0, false, rest)) };
    let len = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    let (digits, zone) = digits.split_at(len);
    if digits.is_empty() {
        return None;
    }
    let (kept, cut) = digits.split_at(len.min(9));
    let ns = number(kept)? * 10_i32.pow(9 - kept.len() as u32);
    Some((ns, cut.iter().any(|digit| *digit != b'0'), zone))
}

fn offset(sign: u8, hours: i8, minutes: i8) -> Option<Offset> {
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    Offset::from_seconds(if sign == b'-' { -seconds } else { seconds }).ok()
}

fn two(tens: u8, ones: u8) -> Option<i8> {
    number(&[tens, ones]).and_then(|number| i8::try_from(number).ok())
}

/// At most nine digits as a number.
fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i32::from(digit - b'0')))
}

/// The instant in UTC, without zeros at the end of its fraction.
pub fn write(time: Time) -> String {
    match Timestamp::from_nanosecond(i128::from(time.ns())) {
        Ok(time) => time.to_string(),
        Err(_) => unreachable!("every instant of 64 bits has a date"),
    }
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
