//! Ids and choices from a seed.

use crate::time::Millis;
use std::fmt;

/// Numbers that follow from a seed: Sebastiano Vigna's SplitMix64 (public domain).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The numbers of one of many that share a seed.
    pub const fn of(seed: u64, index: u64) -> Self {
        // Twice through the mixer: neighbours shall have nothing in common.
        let mut random = Self(seed ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(random.next().wrapping_add(index))
    }

    /// The next 64 bits.
    #[allow(clippy::should_implement_trait, reason = "it never ends, and is no iterator")]
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn bits(&mut self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }

    /// A UUID of version 4.
    pub fn uuid_v4(&mut self) -> Uuid {
        Uuid(stamped(self.bits(), 4))
    }

    /// A UUID of version 7, made at `now`.
    pub fn uuid_v7(&mut self, now: Millis) -> Uuid {
        let made_at = u128::from(now.0.unsigned_abs()) << 80;
        Uuid(stamped(made_at | (self.bits() >> 48), 7))
    }
}

const fn stamped(bits: u128, version: u128) -> u128 {
    (bits & !(0xf << 76) & !(0b11 << 62)) | (version << 76) | (0b10 << 62)
}

/// A UUID. Shown as its text, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(u128);

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let digits = |from: u32, count: u32| (self.0 >> (128 - 4 * (from + count))) & ((1 << (4 * count)) - 1);
        write!(f, "{:08x}-{:04x}-{:04x}-", digits(0, 8), digits(8, 4), digits(12, 4))?;
        write!(f, "{:04x}-{:012x}", digits(16, 4), digits(20, 12))
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, Uuid};
    use crate::time::Millis;

    #[test]
    fn ids_say_their_version() {
        assert_eq!(Uuid(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef).to_string(), "01234567-89ab-cdef-0123-456789abcdef");
        let mut random = Random::new(1);
        for _ in 0..100 {
            let id = random.uuid_v4().to_string();
            assert!(id[14..15] == *"4" && "89ab".contains(&id[19..20]), "{id}");
            let id = random.uuid_v7(Millis(0x0123_4567_89ab)).to_string();
            assert!(id.starts_with("01234567-89ab-7") && "89ab".contains(&id[19..20]), "{id}");
        }
    }

    #[test]
    fn neighbours_draw_different_numbers() {
        let first = |index| Random::of(7, index).next();
        let mut numbers: Vec<u64> = (0..1_000).map(first).collect();
        assert_eq!(first(3), numbers[3]);
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 1_000);
    }
}
