//! Instants and closed spans in integer nanoseconds. Does not know calendars, text or a clock.

use core::fmt;

/// An instant: nanoseconds since 1970-01-01T00:00Z, without leap seconds. Reaches from 1677 to 2262.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// Before everything: the start of a span that is open to the past.
    pub const MIN: Self = Self(i64::MIN);
    /// After everything: the end of a span that is open to the future.
    pub const MAX: Self = Self(i64::MAX);

    /// The instant `ns` nanoseconds after 1970-01-01T00:00Z.
    pub const fn from_ns(ns: i64) -> Self {
        Self(ns)
    }

    /// Nanoseconds since 1970-01-01T00:00Z.
    pub const fn ns(self) -> i64 {
        self.0
    }

    /// Milliseconds since 00:00 UTC of its day, rounded down: 0 to 86,399,999.
    pub(crate) const fn milliseconds_of_day(self) -> i32 {
        const DAY_NS: i64 = 24 * 60 * 60 * 1_000_000_000;
        (self.0.rem_euclid(DAY_NS) / 1_000_000) as i32
    }

    /// This instant moved by `ns` nanoseconds; stops at the ends of the range.
    #[must_use]
    pub const fn plus_ns(self, ns: i64) -> Self {
        Self(self.0.saturating_add(ns))
    }

    /// This instant moved back by `ns` nanoseconds; stops at the ends of the range.
    #[must_use]
    pub const fn minus_ns(self, ns: u64) -> Self {
        Self(self.0.saturating_sub_unsigned(ns))
    }
}

/// A closed span of time; both ends belong to it. An instant is a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeSpan {
    start: Time,
    end: Time,
}

/// The end of a span is before its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTimeSpan {
    /// The start that was given.
    pub start: Time,
    /// The end that was given.
    pub end: Time,
}

impl fmt::Display for InvalidTimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "the end, {} ns, is before the start, {} ns", self.end.ns(), self.start.ns())
    }
}

impl core::error::Error for InvalidTimeSpan {}

impl TimeSpan {
    /// All of time.
    pub const ALL: Self = Self { start: Time::MIN, end: Time::MAX };

    /// From `start` on.
    pub(crate) const fn since(start: Time) -> Self {
        Self { start, end: Time::MAX }
    }

    /// The closed span from `start` to `end`.
    ///
    /// # Errors
    /// `end` is before `start`.
    pub const fn new(start: Time, end: Time) -> Result<Self, InvalidTimeSpan> {
        if start.0 <= end.0 { Ok(Self { start, end }) } else { Err(InvalidTimeSpan { start, end }) }
    }

    /// First instant of the span.
    pub const fn start(self) -> Time {
        self.start
    }

    /// Last instant of the span.
    pub const fn end(self) -> Time {
        self.end
    }

    /// From start to end in nanoseconds.
    pub const fn duration_ns(self) -> u64 {
        self.end.0.abs_diff(self.start.0)
    }

    /// Whether the closed spans share an instant.
    pub fn intersects(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Whether all of `other` lies in this span.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// From the earlier start to the later end.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
