//! The records that a pool keeps beside its slots: which journal it is, and where its slots begin. JSON, for people who look
//! into an engine.

use crate::engine::Cursor;
use deconflict_journal::{Hash, JournalId, Place, Position};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the layout: of the records, of the slots, and of what an engine does with them.
pub const FORMAT_VERSION: u32 = 1;

/// The name of the record [`Base`].
pub const BASE: &str = "base";

/// Which journal the pool is, and under which epoch it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The id that the journal of every node has.
    pub journal: JournalId,
    /// Who belongs to an earlier one stores nothing. It goes up when a pool is begun again from a backup.
    pub epoch: u64,
}

/// Where the slots of the engine begin: those before were removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The place in the journal.
    pub place: Place,
    /// The place in the engine.
    pub cursor: Cursor,
}

#[derive(Serialize, Deserialize)]
struct PoolText {
    format: u32,
    journal: String,
    epoch: u64,
}

#[derive(Serialize, Deserialize)]
struct BaseText {
    position: u64,
    previous: String,
    epoch: u64,
    order: u64,
    lanes: BTreeMap<String, u64>,
}

impl Pool {
    /// The record.
    pub fn encode(&self) -> Vec<u8> {
        let Self { journal, epoch } = self;
        let text = PoolText { format: FORMAT_VERSION, journal: journal.to_string(), epoch: *epoch };
        serde_json::to_vec(&text).expect("numbers and texts can be written")
    }

    /// Reads the record.
    ///
    /// # Errors
    /// What is wrong with it: it is no such record, or a newer program's.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let text: PoolText = serde_json::from_slice(bytes).map_err(|error| format!("the record of the pool: {error}"))?;
        if text.format != FORMAT_VERSION {
            return Err(format!("a pool of format {}; this program reads format {FORMAT_VERSION}", text.format));
        }
        Ok(Self { journal: JournalId(from_hexadecimal(&text.journal)?), epoch: text.epoch })
    }
}

impl Base {
    /// The base of a pool from which nothing was removed.
    pub fn start(journal: JournalId) -> Self {
        let place = Place { position: Position::START, previous: journal.genesis(), epoch: 0 };
        Self { place, cursor: Cursor::default() }
    }

    /// The record.
    pub fn encode(&self) -> Vec<u8> {
        let Self { place, cursor } = self;
        let text = BaseText {
            position: place.position.get(),
            previous: place.previous.to_string(),
            epoch: place.epoch,
            order: cursor.order,
            lanes: cursor.lanes.clone(),
        };
        serde_json::to_vec(&text).expect("numbers and texts can be written")
    }

    /// Reads the record.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let text: BaseText = serde_json::from_slice(bytes).map_err(|error| format!("the record of the base: {error}"))?;
        let BaseText { position, previous, epoch, order, lanes } = text;
        let previous = Hash(from_hexadecimal(&previous)?);
        Ok(Self { place: Place { position: Position::new(position), previous, epoch }, cursor: Cursor { order, lanes } })
    }
}

/// Bytes from their digits.
pub(crate) fn from_hexadecimal<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let wrong = || format!("found `{text}`; expected {} hexadecimal digits", 2 * N);
    if text.len() != 2 * N || !text.is_ascii() {
        return Err(wrong());
    }
    let mut bytes = [0; N];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digits = std::str::from_utf8(digits).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_read_back() {
        let pool = Pool { journal: JournalId([0xab; 16]), epoch: 3 };
        assert_eq!(Pool::decode(&pool.encode()), Ok(pool));
        let place = Place { position: Position::new(7), previous: Hash([0x0c; 32]), epoch: 3 };
        let base = Base { place, cursor: Cursor { order: 9, lanes: BTreeMap::from([("a".to_owned(), 4)]) } };
        assert_eq!(Base::decode(&base.encode()), Ok(base));
    }

    #[test]
    fn a_pool_of_a_newer_format_is_refused_by_name() {
        let text = br#"{"format":2,"journal":"abababababababababababababababab","epoch":1}"#;
        assert_eq!(Pool::decode(text), Err("a pool of format 2; this program reads format 1".to_owned()));
        let text = br#"{"format":1,"journal":"xy","epoch":1}"#;
        assert_eq!(Pool::decode(text), Err("found `xy`; expected 32 hexadecimal digits".to_owned()));
    }
}
