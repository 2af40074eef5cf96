//! The small values of a log: places, hashes, and the two names that others give us.
//!
//! Nothing here is drawn or read from a clock: whoever appends brings its nonce, whoever creates a journal its id.

use sha2::{Digest, Sha256};
use std::fmt;

/// The place of a record in the log, counted from 0 without gaps; also the place where the next record will stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(u64);

impl Position {
    /// Where the first record of a new log stands.
    pub const START: Self = Self(0);

    /// The place with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number of the place.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The place that many records further on.
    ///
    /// # Panics
    /// If the log would hold more than 2⁶⁴ records.
    pub const fn plus(self, records: u64) -> Self {
        Self(self.0.checked_add(records).expect("a log holds fewer than 2^64 records"))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a writer draws freshly for each batch, so that it knows its own batch again after an answer was lost.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nonce(pub [u8; 16]);

/// The name of one journal for all time; every file of it bears it, and its chain begins with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct JournalId(pub [u8; 16]);

impl JournalId {
    /// What stands in the first record where others have the hash of their predecessor.
    pub fn genesis(self) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update(b"deconflict journal\n");
        hasher.update(self.0);
        Hash(hasher.finalize().into())
    }
}

/// A SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// A place between two records, with what the next record has to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where the next record stands.
    pub position: Position,
    /// The hash of the record before; if there is none, the journal's genesis.
    pub previous: Hash,
    /// The epoch of the record before; if there is none, 0.
    pub epoch: u64,
}

/// Shown as plain hexadecimal, as `sha256sum` and `xxd` do.
macro_rules! shown_as_hexadecimal {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    )*};
}

shown_as_hexadecimal!(Nonce, JournalId, Hash);
