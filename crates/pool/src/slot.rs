//! What a slot says: one batch of records, with the epoch and the nonce of its writer. Lengths are little-endian.
//!
//! ```text
//! 1 byte    version: 1
//! 8 bytes   epoch
//! 16 bytes  nonce
//! 4 bytes   number of records, then of each: 1 byte flags (1 = evidence), 4 bytes length, the content
//! ```

use deconflict_journal::{Batch, Nonce};
use thiserror::Error;

const VERSION: u8 = 1;
const HEAD_BYTES: usize = 1 + 8 + 16 + 4;
const RECORD_BYTES: usize = 1 + 4;
const EVIDENCE: u8 = 1;

/// A batch, out of a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The epoch of its writer.
    pub epoch: u64,
    /// The nonce of the batch.
    pub nonce: Nonce,
    /// The records: whether it is evidence, and its bytes.
    pub records: Vec<(bool, Vec<u8>)>,
}

/// A slot that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UnreadableSlot {
    /// A newer program wrote it.
    #[error("a slot of version {found}; this program reads version {VERSION}")]
    Version {
        /// Its version.
        found: u8,
    },
    /// Its bytes make no sense.
    #[error("a slot of {bytes} bytes that is not whole")]
    NotWhole {
        /// How many there are.
        bytes: usize,
    },
}

/// How many bytes a slot takes beside the contents of its records.
pub const fn overhead_bytes(records: usize) -> usize {
    HEAD_BYTES + records * RECORD_BYTES
}

/// The batch as a slot.
pub fn encode(batch: &Batch<'_>) -> Vec<u8> {
    let contents: usize = batch.entries().iter().map(|entry| entry.content.len()).sum();
    let mut bytes = Vec::with_capacity(overhead_bytes(batch.entries().len()) + contents);
    bytes.push(VERSION);
    bytes.extend(batch.epoch().to_le_bytes());
    bytes.extend(batch.nonce().0);
    bytes.extend(u32::try_from(batch.count()).expect("a batch has a limit").to_le_bytes());
    for entry in batch.entries() {
        bytes.push(if entry.evidence { EVIDENCE } else { 0 });
        bytes.extend(u32::try_from(entry.content.len()).expect("a record has a limit").to_le_bytes());
        bytes.extend(entry.content);
    }
    bytes
}

/// The batch of a slot.
///
/// # Errors
/// It is not what [`encode`] gives.
pub fn decode(bytes: &[u8]) -> Result<Contents, UnreadableSlot> {
    let not_whole = UnreadableSlot::NotWhole { bytes: bytes.len() };
    match bytes.first() {
        Some(&VERSION) => {}
        Some(&found) => return Err(UnreadableSlot::Version { found }),
        None => return Err(not_whole),
    }
    let mut rest = &bytes[1..];
    let whole = (|| {
        let epoch = u64::from_le_bytes(take(&mut rest)?);
        let nonce = Nonce(take(&mut rest)?);
        let count = u32::from_le_bytes(take(&mut rest)?);
        let mut records = Vec::new();
        for _ in 0..count {
            let [flags] = take(&mut rest)?;
            let length = usize::try_from(u32::from_le_bytes(take(&mut rest)?)).ok()?;
            let (content, after) = rest.split_at_checked(length)?;
            rest = after;
            records.push((flags & EVIDENCE != 0, content.to_vec()));
        }
        (rest.is_empty() && !records.is_empty()).then_some(Contents { epoch, nonce, records })
    })();
    whole.ok_or(not_whole)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use deconflict_journal::Entry;

    #[test]
    fn a_slot_reads_back_and_no_other_bytes_do() {
        let entries = [Entry { content: b"one", evidence: false }, Entry { content: b"", evidence: true }];
        let bytes = encode(&Batch::new(7, Nonce([9; 16]), &entries).unwrap());
        let records = vec![(false, b"one".to_vec()), (true, Vec::new())];
        assert_eq!(decode(&bytes), Ok(Contents { epoch: 7, nonce: Nonce([9; 16]), records }));
        for length in 1..bytes.len() {
            assert_eq!(decode(&bytes[..length]), Err(UnreadableSlot::NotWhole { bytes: length }));
        }
        assert_eq!(decode(&[&bytes[..], b"x"].concat()), Err(UnreadableSlot::NotWhole { bytes: bytes.len() + 1 }));
        assert_eq!(decode(b"\x02"), Err(UnreadableSlot::Version { found: 2 }));
    }
}
