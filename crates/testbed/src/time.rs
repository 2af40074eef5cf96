//! Instants as the wire has them. The wall clock is read here and nowhere else in this crate.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01T00:00Z. Shown as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub i64);

impl Millis {
    /// This instant moved by `s` seconds.
    #[must_use]
    pub const fn plus_s(self, s: i64) -> Self {
        Self(self.0 + s * 1_000)
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        jiff::Timestamp::from_millisecond(self.0).map_err(|_| fmt::Error)?.fmt(f)
    }
}

/// The wall clock.
///
/// # Panics
/// It is before 1970.
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is set");
    Millis(i64::try_from(since.as_millis()).expect("the clock is set"))
}

#[cfg(test)]
mod tests {
    use super::Millis;

    #[test]
    fn instants_are_shown_as_rfc_3339() {
        assert_eq!(Millis(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Millis(1_777_624_200_250).plus_s(5).to_string(), "2026-05-01T08:30:05.25Z");
    }
}
