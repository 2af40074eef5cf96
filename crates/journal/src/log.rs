//! What every log can do, whether its records lie in a file, in etcd or in a database.
//!
//! A log is a sequence of records without gaps. Whoever appends says where it believes the end to be; if somebody else was
//! first, nothing is appended. It does not know what the bytes of a record mean.
//!
//! **Lost answers.** An append may fail so that nobody can say whether it happened ([`AppendError::Ambiguous`]). Every batch
//! carries a nonce for that: appending the *same batch at the same position again* is always right. If it is there already,
//! the answer is [`Outcome::Appended`], as it would have been the first time; it is never there twice.
//!
//! **Old writers.** Every batch carries an epoch, and the epoch of a log never goes back. A writer that takes over appends
//! with a higher one; from then on the writer before it is [`Outcome::Fenced`], whatever it believes.

use crate::error::{AppendError, ReadError};
use crate::values::{Hash, Nonce, Position};
use std::time::Duration;
use thiserror::Error;

/// Most bytes in one record: 16 MiB.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// Most records in one batch.
pub const MAX_BATCH_RECORDS: usize = 1 << 16;

/// Most bytes that one batch takes with its record headers: 64 MiB.
pub const MAX_BATCH_BYTES: usize = 64 << 20;

/// One record that is to be appended.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The bytes; they may be empty.
    pub content: &'a [u8],
    /// Whether the record must outlive the snapshots, because somebody may have to prove it later.
    pub evidence: bool,
}

/// Records that are appended together: all of them or none.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    epoch: u64,
    nonce: Nonce,
    entries: &'a [Entry<'a>],
}

/// Why records make no batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidBatch {
    /// A batch has at least one record.
    #[error("the batch has no record")]
    Empty,
    /// See [`MAX_BATCH_RECORDS`].
    #[error("the batch has {found} records; at most {MAX_BATCH_RECORDS} go into one")]
    TooManyRecords {
        /// How many there were.
        found: usize,
    },
    /// See [`MAX_RECORD_BYTES`].
    #[error("record {index} of the batch has {found} bytes; at most {MAX_RECORD_BYTES} are allowed")]
    RecordTooLong {
        /// Its index in the batch.
        index: usize,
        /// Its bytes.
        found: usize,
    },
    /// See [`MAX_BATCH_BYTES`].
    #[error("the batch takes {found} bytes; at most {MAX_BATCH_BYTES} are allowed")]
    TooLong {
        /// Its bytes, with the headers of its records.
        found: usize,
    },
}

impl<'a> Batch<'a> {
    /// Entries that go together, by the writer of `epoch`, under a nonce that no other batch has.
    ///
    /// # Errors
    /// If there is nothing in it, or more than one of the limits allows.
    pub fn new(epoch: u64, nonce: Nonce, entries: &'a [Entry<'a>]) -> Result<Self, InvalidBatch> {
        if entries.is_empty() {
            return Err(InvalidBatch::Empty);
        }
        if entries.len() > MAX_BATCH_RECORDS {
            return Err(InvalidBatch::TooManyRecords { found: entries.len() });
        }
        if let Some(index) = entries.iter().position(|entry| entry.content.len() > MAX_RECORD_BYTES) {
            return Err(InvalidBatch::RecordTooLong { index, found: entries[index].content.len() });
        }
        let found = entries.iter().map(|entry| crate::record::stored_bytes(entry.content.len())).sum();
        if found > MAX_BATCH_BYTES {
            return Err(InvalidBatch::TooLong { found });
        }
        Ok(Self { epoch, nonce, entries })
    }

    /// The writer's epoch.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The batch's nonce.
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// The records, in order.
    pub fn entries(&self) -> &'a [Entry<'a>] {
        self.entries
    }

    /// How many records it has.
    pub fn count(&self) -> u64 {
        self.entries.len() as u64
    }
}

/// What an append came to. None of these is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The batch is durable; the log now ends at `end`.
    ///
    /// If the same batch was there already, `end` is where it ends, and the log may have grown further since.
    Appended {
        /// The place after the batch's last record.
        end: Position,
    },
    /// Something else stands at the expected position. Nothing was appended.
    SomebodyWasFirst {
        /// Where the log really ends.
        end: Position,
    },
    /// The log ends before the expected position: the caller has seen records that this log does not hold. Nothing was
    /// appended.
    BeyondEnd {
        /// Where the log really ends.
        end: Position,
    },
    /// A writer of a later epoch has taken over. Nothing was appended.
    Fenced {
        /// The epoch of the log.
        epoch: u64,
    },
}

/// A record as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place.
    pub position: Position,
    /// The epoch of its writer.
    pub epoch: u64,
    /// The nonce of its batch.
    pub nonce: Nonce,
    /// Its index in its batch.
    pub batch_index: u32,
    /// How many records its batch has.
    pub batch_count: u32,
    /// Whether it was appended as evidence.
    pub evidence: bool,
    /// The hash of its header, which covers everything here; the next record bears it.
    pub hash: Hash,
    /// The hash of the record before it.
    pub previous: Hash,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// A durable, ordered log that several may want to write and only one can at a time.
///
/// A handle can be shared between threads. Appends go one after another; reading never waits for an append.
pub trait Log: Send + Sync {
    /// Appends the whole batch at `expected` if the log ends there. When this returns, the batch is durable.
    ///
    /// The answer is found in this order: the same batch stands there already (`Appended`), something else stands there
    /// (`SomebodyWasFirst`), the log ends before (`BeyondEnd`), the epoch is over (`Fenced`), `Appended`.
    ///
    /// # Errors
    /// The world did not cooperate; the kinds of [`AppendError`] say what is known and what is to be done.
    fn append(&self, expected: Position, batch: &Batch<'_>) -> Result<Outcome, AppendError>;

    /// The records from `from` on, whole and in order: at least one unless `from` is the end, and more as long as their
    /// contents stay below `max_bytes`. Only durable records are read.
    ///
    /// # Errors
    /// If the record at `from` is not there, not as it was written, or cannot be read.
    fn read(&self, from: Position, max_bytes: usize) -> Result<Vec<Record>, ReadError>;

    /// Where the next record will stand: everything before is durable.
    ///
    /// # Errors
    /// If it cannot be asked.
    fn end(&self) -> Result<Position, ReadError>;

    /// Waits until the log ends beyond `position`, but no longer than `timeout`; gives the end in both cases.
    ///
    /// # Errors
    /// If it cannot be asked.
    fn wait(&self, position: Position, timeout: Duration) -> Result<Position, ReadError>;

    /// Makes the log usable again after a failed append: reads again what is really there, and gives the end.
    ///
    /// # Errors
    /// If it still cannot be used; it can be tried again.
    fn recover(&self) -> Result<Position, ReadError>;

    /// How many bytes of contents a batch can carry here.
    fn max_batch_bytes(&self) -> usize;
}
