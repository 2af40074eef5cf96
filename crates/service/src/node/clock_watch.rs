//! Whether the wall clock can be trusted: it is held against the steady clock each time somebody looks.
//!
//! After a step the time that was trusted before goes on by the steady clock, until the new time has been steady for a while.
//! So neither a command nor an expiry takes its time from a clock that has just jumped. A step while nobody looks, that is,
//! while the service is down, cannot be seen.

use crate::node::{Clock, NodeOptions, Unavailable};
use deconflict_registry::Time;
use std::sync::{Arc, Mutex};

/// Both clocks are read again if reading them took longer: somebody else had the processor in between.
const READING_NS: u64 = 100_000_000;

pub(super) struct ClockWatch {
    clock: Arc<dyn Clock>,
    tolerance_ns: u64,
    settles_in_ns: u64,
    last: Mutex<Last>,
}

/// What was seen when somebody last looked.
struct Last {
    /// How far the wall clock is ahead of the steady one.
    offset_ns: i64,
    step: Option<Step>,
}

/// The latest step, which is not trusted yet.
#[derive(Clone, Copy)]
struct Step {
    /// How far the clock was ahead before.
    trusted_offset_ns: i64,
    at_steady_ns: u64,
}

/// What time it is.
pub(super) struct Look {
    /// As far as is known.
    pub time: Time,
    /// Why the wall clock is not trusted, if it is not.
    pub distrust: Option<Unavailable>,
}

impl ClockWatch {
    pub fn new(clock: Arc<dyn Clock>, options: &NodeOptions) -> Self {
        let (wall, steady_ns) = read(&*clock);
        let last = Last { offset_ns: offset(wall, steady_ns), step: None };
        Self {
            clock,
            tolerance_ns: nanoseconds(options.clock_tolerance),
            settles_in_ns: nanoseconds(options.clock_settles_in),
            last: Mutex::new(last),
        }
    }

    /// Looks at both clocks. Steps are told from drift only if somebody looks often: every second or so.
    pub fn look(&self) -> Look {
        let mut last = self.last.lock().expect("nobody panics while holding it");
        let (wall, steady_ns) = read(&*self.clock);
        let offset_ns = offset(wall, steady_ns);
        if offset_ns.abs_diff(last.offset_ns) > self.tolerance_ns {
            let trusted_offset_ns = last.step.map_or(last.offset_ns, |step| step.trusted_offset_ns);
            last.step = Some(Step { trusted_offset_ns, at_steady_ns: steady_ns });
        }
        last.offset_ns = offset_ns;
        let settled = |step: &Step| steady_ns.saturating_sub(step.at_steady_ns) >= self.settles_in_ns;
        last.step = last.step.filter(|step| !settled(step));
        let Some(step) = last.step else { return Look { time: wall, distrust: None } };
        let by_ns = offset_ns.saturating_sub(step.trusted_offset_ns);
        let trusted_in_ns = self.settles_in_ns - steady_ns.saturating_sub(step.at_steady_ns);
        Look {
            time: Time::from_ns(to_signed(steady_ns).saturating_add(step.trusted_offset_ns)),
            distrust: Some(Unavailable::ClockStepped { by_ns, trusted_in_ns }),
        }
    }

    /// The time for a command that follows a log of `log_time`.
    pub fn time_after(&self, log_time: Time) -> Result<Time, Unavailable> {
        let Look { time, distrust, .. } = self.look();
        if let Some(distrust) = distrust {
            return Err(distrust);
        }
        let by_ns = u64::try_from(log_time.ns().saturating_sub(time.ns())).unwrap_or(0);
        if by_ns > self.tolerance_ns { Err(Unavailable::ClockBehindLog { by_ns }) } else { Ok(time) }
    }

    pub fn steady_ns(&self) -> u64 {
        self.clock.steady_ns()
    }
}

/// Both clocks at the same instant, or nearly.
fn read(clock: &dyn Clock) -> (Time, u64) {
    let mut before = clock.steady_ns();
    for _ in 0..10 {
        let wall = clock.wall();
        let after = clock.steady_ns();
        if after.saturating_sub(before) <= READING_NS {
            return (wall, after);
        }
        before = after;
    }
    (clock.wall(), clock.steady_ns())
}

fn offset(wall: Time, steady_ns: u64) -> i64 {
    wall.ns().saturating_sub(to_signed(steady_ns))
}

fn to_signed(ns: u64) -> i64 {
    i64::try_from(ns).unwrap_or(i64::MAX)
}

pub(super) fn nanoseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "clock_watch_tests.rs"]
mod tests;
