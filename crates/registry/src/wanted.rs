//! From when until when a subscription or an identification service area is to be: what is missing is filled in, and what
//! cannot be is refused.

use crate::outcome::Rejection;
use crate::registry::CLOCK_SKEW_NS;
use crate::time::{Time, TimeSpan};

/// The times that a client gives.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub start: Option<Time>,
    pub end: Option<Time>,
}

impl Wanted {
    /// The span, with a missing start as it was or now, and a missing end as it was or, if there is a longest, as late as can
    /// be.
    ///
    /// Rules, in order: 1. a start that is given is not long past; 2. there is an end; 3. it is after the start; 4. it is not
    /// too long after it; 5. it is not in the past.
    pub fn span(self, now: Time, old: Option<TimeSpan>, longest_ns: Option<u64>) -> Result<TimeSpan, Rejection> {
        if self.start.is_some_and(|start| start < now.minus_ns(CLOCK_SKEW_NS)) {
            return Err(Rejection::StartInPast);
        }
        let start = self.start.or(old.map(TimeSpan::start)).unwrap_or(now);
        let latest_end = longest_ns.map(|longest_ns| start.plus_ns(longest_ns as i64));
        let end = self.end.or(old.map(TimeSpan::end)).or(latest_end).ok_or(Rejection::EndRequired)?;
        if end <= start {
            return Err(Rejection::SpanNotAscending);
        }
        if latest_end.is_some_and(|latest_end| end > latest_end) {
            return Err(Rejection::SubscriptionTooLong);
        }
        if end < now {
            return Err(Rejection::EndInPast);
        }
        Ok(TimeSpan::new(start, end).expect("the end is after the start"))
    }
}
