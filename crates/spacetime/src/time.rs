//! Instants and closed spans of UTC in integer nanoseconds. Does not know calendars, text or the clock.

use thiserror::Error;

/// Nanoseconds in a second.
pub const NS_PER_S: i64 = 1_000_000_000;

/// An instant: nanoseconds since 1970-01-01T00:00Z, without leap seconds. Reaches from 1677 to 2262.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The instant `ns` nanoseconds after 1970-01-01T00:00Z.
    pub const fn from_ns(ns: i64) -> Self {
        Self(ns)
    }

    /// Nanoseconds since 1970-01-01T00:00Z.
    pub const fn ns(self) -> i64 {
        self.0
    }

    /// This instant moved by `ns` nanoseconds; stops at the ends of the range.
    #[must_use]
    pub const fn plus_ns(self, ns: i64) -> Self {
        Self(self.0.saturating_add(ns))
    }

    /// Nanoseconds from `earlier` to `self`; stops at the ends of the range.
    pub const fn since_ns(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A closed span of time that lasts: both ends belong to it, and the start is before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeSpan {
    start: Time,
    end: Time,
}

/// The end of a span is not after its start.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the end is not after the start")]
pub struct InvalidTimeSpan {
    /// The start that was given.
    pub start: Time,
    /// The end that was given.
    pub end: Time,
}

impl TimeSpan {
    /// The closed span from `start` to `end`.
    ///
    /// # Errors
    /// `end` is not after `start`: a span without duration is refused.
    pub fn new(start: Time, end: Time) -> Result<Self, InvalidTimeSpan> {
        if start < end { Ok(Self { start, end }) } else { Err(InvalidTimeSpan { start, end }) }
    }

    /// First instant of the span.
    pub const fn start(self) -> Time {
        self.start
    }

    /// Last instant of the span.
    pub const fn end(self) -> Time {
        self.end
    }

    /// Time between the two spans in nanoseconds; zero where they touch or overlap.
    pub fn gap_ns(self, other: Self) -> i64 {
        let earlier_end = self.end.min(other.end);
        let later_start = self.start.max(other.start);
        later_start.since_ns(earlier_end).max(0)
    }

    /// Whether the closed spans share an instant.
    pub fn intersects(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Whether `time` belongs to the span.
    pub fn contains(self, time: Time) -> bool {
        self.start <= time && time <= self.end
    }

    /// What both spans share, if it lasts; spans that only touch share no duration.
    pub fn overlap(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// From the earlier start to the later end, with any time between the two.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span moved by `ns` nanoseconds.
    #[must_use]
    pub fn shifted_ns(self, ns: i64) -> Self {
        Self { start: self.start.plus_ns(ns), end: self.end.plus_ns(ns) }
    }
}
