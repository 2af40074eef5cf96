//! The two clocks of a machine: what time people say it is, and how much time has passed. Does not judge them.

use deconflict_registry::Time;
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, SystemTime};

/// What a node reads its time from.
pub trait Clock: Send + Sync {
    /// What time it is, in UTC. Somebody may set it at any moment.
    fn wall(&self) -> Time;

    /// How many nanoseconds have passed since some moment. Nobody sets it, and it goes on while the machine sleeps.
    fn steady_ns(&self) -> u64;
}

/// The clocks of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// Goes on while the machine sleeps.
#[cfg(any(target_os = "linux", target_os = "android"))]
const STEADY: ClockId = ClockId::Boottime;
/// The best that other systems have in common.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const STEADY: ClockId = ClockId::Monotonic;

impl Clock for SystemClock {
    /// Asks the system's library, as `date` does: so whoever wants to see a node under another time can have it.
    fn wall(&self) -> Time {
        let ns = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
        Time::from_ns(SystemTime::UNIX_EPOCH.elapsed().map_or_else(|error| -ns(error.duration()), ns))
    }

    fn steady_ns(&self) -> u64 {
        let time = clock_gettime(STEADY);
        u64::try_from(time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)).unwrap_or(0)
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
