//! How often a USS may ask. Each has a bucket that fills at a steady rate; nobody is slowed down by somebody else's haste.
//!
//! Time is given in: nothing here reads a clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often one USS may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second in the long run; 0 for as many as it likes.
    pub per_s: u32,
    /// Requests at once after a rest, at least 1.
    pub burst: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self { per_s: 2_000, burst: 2_000 }
    }
}

/// The buckets of all USSs that asked of late.
///
/// A bucket is one number, the time at which it will be full again (the "theoretical arrival time" of ATM's generic cell rate
/// algorithm, ITU-T I.371). One that is full need not be kept.
#[derive(Debug)]
pub struct RateLimiter {
    interval_ns: u64,
    tolerance_ns: u64,
    full_at_ns: Mutex<Buckets>,
}

#[derive(Debug, Default)]
struct Buckets {
    by_subject: HashMap<Box<str>, u64>,
    /// How many were left after the last sweep.
    swept: usize,
}

impl RateLimiter {
    /// A limiter at this rate, all buckets full.
    pub fn new(rate: Rate) -> Self {
        let interval_ns = 1_000_000_000_u64.checked_div(u64::from(rate.per_s)).unwrap_or(0);
        let tolerance_ns = interval_ns.saturating_mul(u64::from(rate.burst.saturating_sub(1)));
        Self { interval_ns, tolerance_ns, full_at_ns: Mutex::default() }
    }

    /// Lets `subject` ask once at `now_ns`, on a clock that never goes back.
    ///
    /// # Errors
    /// It has asked too often. The time after which it may ask again.
    pub fn admit(&self, subject: &str, now_ns: u64) -> Result<(), Duration> {
        if self.interval_ns == 0 {
            return Ok(());
        }
        let mut buckets = self.full_at_ns.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at_ns = match buckets.by_subject.get_mut(subject) {
            Some(full_at_ns) => full_at_ns,
            None => {
                buckets.sweep(now_ns);
                buckets.by_subject.entry(subject.into()).or_default()
            }
        };
        let from_ns = now_ns.max(*full_at_ns);
        match (from_ns - now_ns).checked_sub(self.tolerance_ns) {
            None | Some(0) => {
                *full_at_ns = from_ns.saturating_add(self.interval_ns);
                Ok(())
            }
            Some(wait_ns) => Err(Duration::from_nanos(wait_ns)),
        }
    }
}

impl Buckets {
    /// Forgets full buckets; only when they may be most of all, so that it costs little per bucket.
    fn sweep(&mut self, now_ns: u64) {
        const FEW: usize = 1024;
        if self.by_subject.len() > FEW.max(2 * self.swept) {
            self.by_subject.retain(|_, full_at_ns| *full_at_ns > now_ns);
            self.swept = self.by_subject.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND_NS: u64 = 1_000_000_000;

    #[test]
    fn a_burst_passes_and_then_the_rate_counts() {
        let limiter = RateLimiter::new(Rate { per_s: 10, burst: 3 });
        for _ in 0..3 {
            assert_eq!(limiter.admit("uss1", SECOND_NS), Ok(()));
        }
        assert_eq!(limiter.admit("uss1", SECOND_NS), Err(Duration::from_millis(100)));
        assert_eq!(limiter.admit("uss1", SECOND_NS + 40_000_000), Err(Duration::from_millis(60)));
        assert_eq!(limiter.admit("uss1", SECOND_NS + 100_000_000), Ok(()));
        assert!(limiter.admit("uss1", SECOND_NS + 100_000_000).is_err());
        // After a rest there is a burst again, and not more than one.
        let passed = (0..10).filter(|_| limiter.admit("uss1", 60 * SECOND_NS).is_ok()).count();
        assert_eq!(passed, 3);
    }

    #[test]
    fn one_uss_does_not_slow_another() {
        let limiter = RateLimiter::new(Rate { per_s: 1, burst: 1 });
        assert_eq!(limiter.admit("uss1", 5), Ok(()));
        assert!(limiter.admit("uss1", 5).is_err());
        assert_eq!(limiter.admit("uss2", 5), Ok(()));
    }

    #[test]
    fn without_a_rate_everything_passes() {
        let limiter = RateLimiter::new(Rate { per_s: 0, burst: 1 });
        assert!((0..10_000).all(|_| limiter.admit("uss1", 7).is_ok()));
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let limiter = RateLimiter::new(Rate { per_s: 1, burst: 1 });
        for subject in 0..5_000_u64 {
            assert_eq!(limiter.admit(&subject.to_string(), subject * 2 * SECOND_NS), Ok(()));
        }
        assert!(limiter.full_at_ns.lock().unwrap().by_subject.len() <= 1_026);
    }
}
