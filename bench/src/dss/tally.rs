//! What clients count while they fly.

use crate::measure::Times;
use std::time::Duration;

/// Kinds of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Create an intent, `Accepted`.
    Create,
    /// Make it `Activated`.
    Activate,
    /// Delete it.
    Delete,
}

impl Kind {
    /// All kinds, in the order of a flight.
    pub const ALL: [Self; 3] = [Self::Create, Self::Activate, Self::Delete];

    /// As people say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Activate => "activate",
            Self::Delete => "delete",
        }
    }
}

/// Flights and requests of one client, or of all.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Flights that were created, activated and deleted.
    pub flights: u64,
    /// Flights that were not.
    pub failed: u64,
    /// Answers 409.
    pub rejections: u64,
    /// Requests that were sent again after a 409.
    pub retries: u64,
    /// The first answer that nobody expected.
    pub unexpected: Option<String>,
    /// Times of the requests of each kind that were carried out, microseconds.
    times_us: [Vec<u32>; 3],
}

impl Tally {
    /// A request of this kind was carried out.
    pub fn carried_out(&mut self, kind: Kind, time: Duration) {
        self.times_us[kind as usize].push(u32::try_from(time.as_micros()).unwrap_or(u32::MAX));
    }

    /// Nobody expected this answer.
    pub fn unexpected(&mut self, kind: Kind, status: u16, body: &[u8]) {
        const FIRST: usize = 300;
        let start = String::from_utf8_lossy(&body[..body.len().min(FIRST)]).into_owned();
        self.unexpected.get_or_insert_with(|| format!("{}: {status} {start}", kind.name()));
    }

    /// Counts from here on. What went wrong before is told all the same.
    pub fn begin(&mut self) {
        *self = Self { unexpected: self.unexpected.take(), ..Self::default() };
    }

    /// Adds what another client counted.
    pub fn add(&mut self, other: Self) {
        self.flights += other.flights;
        self.failed += other.failed;
        self.rejections += other.rejections;
        self.retries += other.retries;
        self.unexpected = self.unexpected.take().or(other.unexpected);
        for (times, more) in self.times_us.iter_mut().zip(other.times_us) {
            times.extend(more);
        }
    }

    /// Times of all requests of this kind; `None` if there were none.
    pub fn times(&self, kind: Kind) -> Option<Times> {
        times(&self.times_us[kind as usize..=kind as usize])
    }

    /// Times of all writes; `None` if there were none.
    pub fn all_times(&self) -> Option<Times> {
        times(&self.times_us)
    }
}

fn times(kinds: &[Vec<u32>]) -> Option<Times> {
    let all = || kinds.iter().flatten().map(|us| Duration::from_micros((*us).into()));
    all().next().is_some().then(|| Times::new(all()))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Tally};
    use std::time::Duration;

    #[test]
    fn tallies_add_up() {
        let mut all = Tally::default();
        assert!(all.all_times().is_none());
        for ms in 1..=3 {
            let mut one = Tally { flights: 1, failed: 2, rejections: 3, retries: 4, ..Tally::default() };
            one.carried_out(Kind::Create, Duration::from_millis(ms));
            one.carried_out(Kind::Delete, Duration::from_millis(10 * ms));
            one.unexpected(Kind::Create, 500 + u16::try_from(ms).expect("small"), b"oops");
            all.add(one);
        }
        assert_eq!([all.flights, all.failed, all.rejections, all.retries], [3, 6, 9, 12]);
        assert_eq!(all.unexpected.as_deref(), Some("create: 501 oops"));
        let median_us = |kind| all.times(kind).map(|times| (times.median_s() * 1e6).round() as u64);
        assert_eq!(Kind::ALL.map(median_us), [Some(2_000), None, Some(20_000)]);
        assert_eq!(all.all_times().expect("some").count(), 6);
    }
}
