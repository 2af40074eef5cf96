//! OVNs: what a client shows to prove that it has seen the current version of an entity. Does not draw them.

use crate::id::{EntityId, read_hex, read_uuid, write_uuid};
use crate::registry::CLOCK_SKEW_NS;
use crate::time::Time;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// The opaque version of an entity (F3548: `EntityOVN`).
///
/// In its text of 32 or 73 characters a client must not look for meaning; in here the two kinds are told apart to keep keys
/// small.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ovn {
    /// Drawn by the server: 32 hexadecimal digits.
    Issued(u128),
    /// Asked for by the manager (`requested_ovn_suffix`): the id of the entity, `_`, the suffix.
    Requested {
        /// Whose OVN it is.
        entity: EntityId,
        /// What the manager asked for.
        suffix: OvnSuffix,
    },
}

impl Ovn {
    /// Reads what `Display` writes; `None` for any text that is no OVN of any registry, which therefore proves nothing.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('_') {
            None => read_hex(text).map(Self::Issued),
            Some((entity, suffix)) => Some(Self::Requested {
                entity: EntityId::from_u128(read_uuid(entity)?),
                suffix: OvnSuffix::from_u128(read_uuid(suffix)?)?,
            }),
        }
    }
}

impl fmt::Display for Ovn {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Issued(bits) => write!(f, "{bits:032x}"),
            Self::Requested { entity, suffix } => write!(f, "{entity}_{suffix}"),
        }
    }
}

impl fmt::Debug for Ovn {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A UUID of version 7, which says when it was made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OvnSuffix(u128);

impl OvnSuffix {
    /// The suffix with these bits; `None` if they are no UUID of version 7.
    pub const fn from_u128(bits: u128) -> Option<Self> {
        let (version, variant) = ((bits >> 76) & 0xf, (bits >> 62) & 0b11);
        if version == 7 && variant == 0b10 { Some(Self(bits)) } else { None }
    }

    /// The bits.
    pub const fn as_u128(self) -> u128 {
        self.0
    }

    /// When it was made, in nanoseconds since 1970: wider than [`Time`], because a client may write anything.
    const fn made_at_ns(self) -> i128 {
        (self.0 >> 80) as i128 * 1_000_000
    }

    /// Whether it was made within [`CLOCK_SKEW_NS`] of `now`.
    pub(crate) const fn is_current(self, now: Time) -> bool {
        self.made_at_ns().abs_diff(now.ns() as i128) <= CLOCK_SKEW_NS as u128
    }

    /// Whether it was made so long before `now` that it will never be current again.
    pub(crate) const fn is_over(self, now: Time) -> bool {
        self.made_at_ns() < now.ns() as i128 - CLOCK_SKEW_NS as i128
    }
}

impl fmt::Display for OvnSuffix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write_uuid(self.0, f)
    }
}

impl fmt::Debug for OvnSuffix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write_uuid(self.0, f)
    }
}

/// The OVNs that a client shows (F3548: `Key`), ascending, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key(Box<[Ovn]>);

impl Key {
    /// Puts `ovns` in order. Texts that are no OVN of any registry are left out before: they prove nothing.
    pub fn new(mut ovns: Vec<Ovn>) -> Self {
        ovns.sort_unstable();
        ovns.dedup();
        Self(ovns.into_boxed_slice())
    }

    /// The OVNs, ascending.
    pub fn as_slice(&self) -> &[Ovn] {
        &self.0
    }

    /// Whether `ovn` is among them.
    pub fn contains(&self, ovn: &Ovn) -> bool {
        self.0.binary_search(ovn).is_ok()
    }
}
