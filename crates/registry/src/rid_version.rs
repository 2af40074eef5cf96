//! The `version` of what F3411 knows: areas and subscriptions. F3411 calls it opaque; the servers in use make it of the time
//! of the write, and refuse a text that is none.

use crate::outcome::Rejection;
use crate::time::Time;
use core::fmt::{self, Write as _};

/// The `version` of an identification service area or a subscription of F3411: another one with every write.
///
/// It is the time of the write in nanoseconds since 1970, made greater than every version before it. Its text is that number
/// to the base 32, in the digits 0 to 9 and a to v, without leading zeros: 12 or 13 of them in this century.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RidVersion(i64);

const BASE: u32 = 32;
const DIGIT_BITS: u32 = BASE.ilog2();

impl RidVersion {
    /// Less than every version that is ever issued.
    pub(crate) const NONE: Self = Self(0);

    /// The version with this number; `None` if it is negative.
    pub const fn from_number(number: i64) -> Option<Self> {
        if number < 0 { None } else { Some(Self(number)) }
    }

    /// The number.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// Reads what `Display` writes, in either case and with leading zeros, as the servers in use do; `None` for any text that
    /// is not the number of a version.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let mut digits = text.chars().map(|digit| digit.to_digit(BASE));
        let number = digits.try_fold(0i64, |number, digit| number.checked_mul(i64::from(BASE))?.checked_add(i64::from(digit?)));
        number.map(Self)
    }

    /// The version of a write at `now`, where this was the latest one.
    pub(crate) fn next(self, now: Time) -> Result<Self, Rejection> {
        self.0.checked_add(1).map(|next| Self(next.max(now.ns()))).ok_or(Rejection::VersionsExhausted)
    }
}

impl fmt::Display for RidVersion {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let digits = (i64::BITS - self.0.leading_zeros()).div_ceil(DIGIT_BITS).max(1);
        (0..digits).rev().try_for_each(|place| {
            let digit = (self.0 >> (DIGIT_BITS * place)) as u32 % BASE;
            f.write_char(char::from_digit(digit, BASE).expect("a rest is less than what it is divided by"))
        })
    }
}

impl fmt::Debug for RidVersion {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
#[path = "rid_version_tests.rs"]
mod tests;
