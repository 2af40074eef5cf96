//! Verified tokens, so that one that comes again costs no arithmetic with keys.
//!
//! It holds what can be said of a token at any time; what depends on the time is checked by those who ask. Only tokens that are
//! verified come in, so nobody without one can push others out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Caller;
use super::claims::Times;

/// SHA-256 of a token. The token itself is not kept: whoever reads our memory finds none.
pub type Digest = [u8; 32];

/// What is known of a verified token.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Whose it is.
    pub caller: Arc<Caller>,
    /// When it counts.
    pub times: Times,
    /// Which source's key signed it: its place among the verifier's.
    pub source: usize,
    /// Which generation of that source's keys it was.
    pub generation: u64,
}

/// A bounded set of entries. The youngest half is always there, and of the older those that were asked for since: when one
/// half is full, the other is forgotten whole, so no order has to be kept.
#[derive(Debug)]
pub struct Cache {
    /// Entries in each half.
    half: usize,
    halves: Mutex<Halves>,
}

#[derive(Debug, Default)]
struct Halves {
    young: HashMap<Digest, Entry>,
    old: HashMap<Digest, Entry>,
}

impl Cache {
    /// An empty cache of at most this many entries, or one fewer if that is odd.
    pub fn new(capacity: usize) -> Self {
        Self { half: capacity / 2, halves: Mutex::default() }
    }

    /// What is known of this token.
    pub fn get(&self, digest: &Digest) -> Option<Entry> {
        let mut halves = self.lock();
        if let Some(entry) = halves.young.get(digest) {
            return Some(entry.clone());
        }
        let entry = halves.old.remove(digest)?;
        halves.insert(self.half, *digest, entry.clone());
        Some(entry)
    }

    /// Remembers a token.
    pub fn insert(&self, digest: Digest, entry: Entry) {
        self.lock().insert(self.half, digest, entry);
    }

    /// Forgets a token.
    pub fn remove(&self, digest: &Digest) {
        let mut halves = self.lock();
        halves.young.remove(digest);
        halves.old.remove(digest);
    }

    /// How many tokens are remembered.
    pub fn len(&self) -> usize {
        let halves = self.lock();
        halves.young.len() + halves.old.len()
    }

    fn lock(&self) -> MutexGuard<'_, Halves> {
        // No panic can leave the maps half changed.
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Halves {
    fn insert(&mut self, half: usize, digest: Digest, entry: Entry) {
        if half == 0 {
            return;
        }
        if self.young.len() >= half && !self.young.contains_key(&digest) {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&digest);
        self.young.insert(digest, entry);
    }
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
