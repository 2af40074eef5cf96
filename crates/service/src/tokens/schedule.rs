//! When a set of keys is fetched next. A plain machine over given moments; it reads no clock.

use std::time::{Duration, Instant};

/// The plan of one source.
#[derive(Debug)]
pub struct Schedule {
    every: Duration,
    at_most_every: Duration,
    last: Instant,
    next: Instant,
}

impl Schedule {
    /// A fetch has just succeeded.
    pub fn new(every: Duration, at_most_every: Duration, now: Instant) -> Self {
        let mut schedule = Self { every, at_most_every: at_most_every.min(every), last: now, next: now };
        schedule.fetched(now, true);
        schedule
    }

    /// When to fetch.
    pub fn next(&self) -> Instant {
        self.next
    }

    /// Somebody showed a token of a key that we do not know: fetch as soon as we may.
    pub fn wished(&mut self) {
        self.next = self.next.min(later(self.last, self.at_most_every));
    }

    /// A fetch has ended. One that failed is repeated as soon as we may.
    pub fn fetched(&mut self, now: Instant, succeeded: bool) {
        self.last = now;
        self.next = later(now, if succeeded { self.every } else { self.at_most_every });
    }
}

/// A moment further on, at most a century.
fn later(from: Instant, by: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 366 * 86_400);
    from.checked_add(by.min(CENTURY)).unwrap_or(from)
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
