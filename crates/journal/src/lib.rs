//! A durable, ordered, hash-chained log of opaque bytes.
//!
//! [`Log`] is what any log can do; [`Journal`] is the one in a directory. What is acknowledged is durable, what is not is
//! there as a whole or not at all, and what was changed later is noticed: every record bears the hash of the one before it.
//! `docs/journal-format.md` is the format, and how to check it with common tools.
//!
//! It does not know what its bytes mean, what time it is, or who writes; ids and nonces are given to it. It has no threads and
//! no async: a call that returns is done.
//!
//! ```
//! use deconflict_journal::{Batch, Entry, Journal, JournalId, Log, Nonce, Options, Outcome, Position, faulty::Faulty};
//! use std::sync::Arc;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let storage = Arc::new(Faulty::new()); // or Disk::create("data")?
//! let journal = Journal::create(storage, JournalId([7; 16]), Options::default())?;
//! let entries = [Entry { content: b"one", evidence: false }, Entry { content: b"two", evidence: true }];
//! let batch = Batch::new(1, Nonce([9; 16]), &entries)?;
//! assert_eq!(journal.append(Position::START, &batch)?, Outcome::Appended { end: Position::new(2) });
//! assert_eq!(journal.reader(Position::new(1))?.next_record()?.expect("there is one").content, b"two");
//! # Ok(())
//! # }
//! ```

mod archive;
mod backup;
mod cursor;
mod disk;
mod error;
pub mod faulty;
mod header;
mod journal;
mod layout;
mod log;
mod reader;
mod record;
mod recovery;
mod removals;
mod retention;
mod sealed;
mod snapshot;
mod storage;
mod tail;
mod values;

pub use archive::{Archive, Dumped, OnProgress, Progress, Verified};
pub use backup::{BackupError, Copied, backup, restore};
pub use disk::Disk;
pub use error::{AppendError, Damage, OpenError, ReadError, Source, StoreError, chain};
pub use header::FORMAT_VERSION;
pub use journal::{Journal, Options};
pub use layout::is_of_journal;
pub use log::{Batch, Entry, InvalidBatch, Log, MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES, Outcome, Record};
pub use reader::Reader;
pub use recovery::{Recovery, Torn};
pub use removals::Removal;
pub use snapshot::{NewestSnapshot, SNAPSHOTS_KEPT, Snapshot};
pub use storage::{File, Lock, Storage};
pub use values::{Hash, JournalId, Nonce, Place, Position};
