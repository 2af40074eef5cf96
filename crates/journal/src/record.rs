//! One record as bytes: a header of fixed length, the content, and padding. `docs/journal-format.md` is the layout.
//!
//! The header holds the hash of the content and the hash of the header before it. So the chain can be followed, and one
//! record be proven, without anybody else's contents.

use crate::log::{Batch, MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES};
use crate::values::{Hash, Nonce, Position};

/// Bytes of a header.
pub(crate) const HEADER_BYTES: usize = 128;

/// Records begin at multiples of this, so that a header can be looked for behind damage.
pub(crate) const ALIGNMENT: usize = 8;

/// What records are filled up with. At least one such byte ends each record, so that the last sector of a record is never
/// all zeros unless it was never written.
pub(crate) const PADDING: u8 = 0xFF;

const EVIDENCE: u32 = 1;

/// Bytes that a record with such a content takes, with header and padding.
pub(crate) const fn stored_bytes(content_bytes: usize) -> usize {
    HEADER_BYTES + (content_bytes / ALIGNMENT + 1) * ALIGNMENT
}

/// A record's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub evidence: bool,
    pub content_bytes: u32,
    pub batch_count: u32,
    pub batch_index: u32,
    pub batch_bytes: u32,
    pub position: Position,
    pub epoch: u64,
    pub nonce: Nonce,
    pub content: Hash,
    pub previous: Hash,
}

/// Why bytes are no header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HeaderFault {
    /// They are not as they were written.
    Checksum { stored: u32, computed: u32 },
    /// They are as they were written, but no version of this program writes that.
    Nonsense(String),
}

impl Header {
    pub fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        put(&mut bytes, 4, &u32::from(self.evidence).to_le_bytes());
        put(&mut bytes, 8, &self.content_bytes.to_le_bytes());
        put(&mut bytes, 12, &self.batch_count.to_le_bytes());
        put(&mut bytes, 16, &self.batch_index.to_le_bytes());
        put(&mut bytes, 20, &self.batch_bytes.to_le_bytes());
        put(&mut bytes, 24, &self.position.get().to_le_bytes());
        put(&mut bytes, 32, &self.epoch.to_le_bytes());
        put(&mut bytes, 48, &self.nonce.0);
        put(&mut bytes, 64, &self.content.0);
        put(&mut bytes, 96, &self.previous.0);
        let checksum = crc32c::crc32c(&bytes[4..]);
        put(&mut bytes, 0, &checksum.to_le_bytes());
        bytes
    }

    /// # Errors
    /// If the checksum is wrong, or if a field has a value that is never written.
    pub fn decode(bytes: &[u8; HEADER_BYTES]) -> Result<Self, HeaderFault> {
        let (stored, computed) = (u32_at(bytes, 0), crc32c::crc32c(&bytes[4..]));
        if stored != computed {
            return Err(HeaderFault::Checksum { stored, computed });
        }
        let flags = u32_at(bytes, 4);
        let header = Self {
            evidence: flags & EVIDENCE != 0,
            content_bytes: u32_at(bytes, 8),
            batch_count: u32_at(bytes, 12),
            batch_index: u32_at(bytes, 16),
            batch_bytes: u32_at(bytes, 20),
            position: Position::new(u64_at(bytes, 24)),
            epoch: u64_at(bytes, 32),
            nonce: Nonce(array_at(bytes, 48)),
            content: Hash(array_at(bytes, 64)),
            previous: Hash(array_at(bytes, 96)),
        };
        let nonsense = |what: String| Err(HeaderFault::Nonsense(what));
        if flags & !EVIDENCE != 0 {
            return nonsense(format!("unknown flags {flags:#010x}"));
        }
        if u64_at(bytes, 40) != 0 {
            return nonsense("bytes 40 to 48 of the header in use".to_owned());
        }
        if header.content_bytes as usize > MAX_RECORD_BYTES {
            return nonsense(format!("a content of {} bytes", header.content_bytes));
        }
        if header.batch_index >= header.batch_count || header.batch_count as usize > MAX_BATCH_RECORDS {
            return nonsense(format!("record {} of a batch of {}", header.batch_index, header.batch_count));
        }
        if header.batch_bytes as usize > MAX_BATCH_BYTES || (header.batch_bytes as usize) < header.stored_bytes() {
            return nonsense(format!("a batch of {} bytes", header.batch_bytes));
        }
        if header.position.get() < u64::from(header.batch_index) {
            return nonsense(format!("record {} of a batch at position {}", header.batch_index, header.position));
        }
        Ok(header)
    }

    /// Bytes that the whole record takes.
    pub fn stored_bytes(&self) -> usize {
        stored_bytes(self.content_bytes as usize)
    }

    /// Where its batch begins.
    pub fn batch_start(&self) -> Position {
        Position::new(self.position.get() - u64::from(self.batch_index))
    }
}

/// Adds the bytes of a whole batch to `bytes`, and gives the hash of its last record.
pub(crate) fn encode_batch(batch: &Batch<'_>, start: Position, previous: Hash, bytes: &mut Vec<u8>) -> Hash {
    let total: usize = batch.entries().iter().map(|entry| stored_bytes(entry.content.len())).sum();
    bytes.reserve(total);
    let narrow = |number: usize| u32::try_from(number).expect("the limits of a batch fit 32 bits");
    let mut previous = previous;
    for (index, entry) in batch.entries().iter().enumerate() {
        let header = Header {
            evidence: entry.evidence,
            content_bytes: narrow(entry.content.len()),
            batch_count: narrow(batch.entries().len()),
            batch_index: narrow(index),
            batch_bytes: narrow(total),
            position: start.plus(index as u64),
            epoch: batch.epoch(),
            nonce: batch.nonce(),
            content: Hash::of(entry.content),
            previous,
        };
        let encoded = header.encode();
        previous = Hash::of(&encoded);
        let end = bytes.len() + header.stored_bytes();
        bytes.extend_from_slice(&encoded);
        bytes.extend_from_slice(entry.content);
        bytes.resize(end, PADDING);
    }
    previous
}

pub(crate) fn put(bytes: &mut [u8], at: usize, field: &[u8]) {
    bytes[at..at + field.len()].copy_from_slice(field);
}

pub(crate) fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("a slice of N bytes is an array of N bytes")
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array_at(bytes, at))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array_at(bytes, at))
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
