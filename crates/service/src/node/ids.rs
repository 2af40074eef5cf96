//! Fresh ids, versions and nonces: random bits from the system, or the same ones each time for a test.

use deconflict_journal::faulty::SplitMix;
use std::sync::Mutex;
use thiserror::Error;

/// The system gave no random bits.
#[derive(Debug, Error)]
#[error("the system gave no random bits: {reason}")]
pub struct NoRandomness {
    reason: String,
}

/// Where fresh ids come from. They are unique because they are random; nobody can guess them.
#[derive(Debug)]
pub struct Ids {
    /// A repeatable generator; `None` for the system's.
    seeded: Option<Mutex<SplitMix>>,
}

impl Ids {
    /// Random bits from the system.
    ///
    /// # Errors
    /// It has none. If it has some now, it has some ever after.
    pub fn system() -> Result<Self, NoRandomness> {
        getrandom::fill(&mut [0; 16]).map_err(|error| NoRandomness { reason: error.to_string() })?;
        Ok(Self { seeded: None })
    }

    /// The same ids for the same seed, for tests. Whoever knows some knows them all.
    pub fn seeded(seed: u64) -> Self {
        Self { seeded: Some(Mutex::new(SplitMix(seed))) }
    }

    /// 128 fresh bits: for versions, OVNs and nonces.
    ///
    /// # Panics
    /// If the system, which gave random bits before, has none.
    pub fn bits(&self) -> u128 {
        let Some(seeded) = &self.seeded else {
            let mut bytes = [0; 16];
            getrandom::fill(&mut bytes).expect("a system that has started has random bits");
            return u128::from_be_bytes(bytes);
        };
        let mut seeded = seeded.lock().expect("nobody panics while holding it");
        u128::from(seeded.next_u64()) << 64 | u128::from(seeded.next_u64())
    }

    /// A fresh UUID of version 4 (RFC 9562), its 16 bytes read as a big-endian number.
    ///
    /// # Panics
    /// As [`Ids::bits`].
    pub fn uuid_v4(&self) -> u128 {
        self.bits() & !(0xf << 76 | 0b11 << 62) | 4 << 76 | 0b10 << 62
    }
}

#[cfg(test)]
#[path = "ids_tests.rs"]
mod tests;
