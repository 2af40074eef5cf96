//! The end of the log, and what is done when it cannot be written.
//!
//! After a failed append nobody knows what the disk holds. So the journal reads itself again and the same batch is appended
//! again, at the same position and under the same nonce: it is never there twice, and whoever waits for it learns the truth.
//! If reading fails, too, it is tried again from time to time; if it finds damage, nothing is ever written behind it.

use crate::node::snapshots::Interrupt;
use crate::node::{Ids, Unavailable};
use deconflict_journal::{AppendError, Batch, Entry, Journal, Log, Nonce, Outcome, Position, ReadError, Storage, chain};
use std::sync::Arc;
use tracing::{error, info, warn};

/// How often a batch is appended before its callers are told that it failed.
const ATTEMPTS: u32 = 3;
/// How long to wait before reading a log again that could not be read.
const RECOVER_AGAIN_NS: u64 = 1_000_000_000;
/// A file that is made to see whether there is room; opening a journal removes what has this ending.
const PROBE: &str = "room.tmp";

pub(super) struct LogEnd {
    journal: Arc<Journal>,
    storage: Arc<dyn Storage>,
    ids: Ids,
    epoch: u64,
    trouble: Trouble,
    /// Recovering waits for a snapshot that is being written; it is asked to stop.
    snapshot: Interrupt,
}

enum Trouble {
    None,
    /// The bytes for which there was no room.
    Full {
        bytes: usize,
    },
    /// It has to be read again before anything is written.
    Unread {
        reason: String,
        again_at_ns: u64,
    },
    Final {
        reason: String,
    },
}

/// Whether more may be in the log than was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    AsBefore,
    ReadAgain,
}

impl LogEnd {
    /// The end of `journal`, which lies in `storage`, for a writer that has taken it over.
    pub fn new(journal: Arc<Journal>, storage: Arc<dyn Storage>, ids: Ids, snapshot: Interrupt) -> Self {
        let epoch = journal.tip().epoch.saturating_add(1);
        Self { journal, storage, ids, epoch, trouble: Trouble::None, snapshot }
    }

    pub fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// Sees to it that something can be appended, as far as is known.
    pub fn ready(&mut self, steady_ns: u64) -> Result<Ready, Unavailable> {
        match &self.trouble {
            Trouble::None | Trouble::Full { .. } => Ok(Ready::AsBefore),
            Trouble::Final { reason } => Err(failed(reason, false, true)),
            Trouble::Unread { reason, again_at_ns } if steady_ns < *again_at_ns => Err(failed(reason, false, false)),
            Trouble::Unread { .. } => self.recover(steady_ns, false).map(|()| Ready::ReadAgain),
        }
    }

    /// Makes `entries` durable behind `position`, which is the end. An error says whether they may be there all the same.
    pub fn append(&mut self, position: Position, entries: &[Entry<'_>], steady_ns: u64) -> Result<(), Unavailable> {
        let batch = Batch::new(self.epoch, self.nonce(), entries).expect("the options keep a batch within the limits of the log");
        self.append_batch(position, &batch, steady_ns)
    }

    /// A fresh nonce.
    pub fn nonce(&self) -> Nonce {
        Nonce(self.ids.bits().to_be_bytes())
    }

    /// Makes a batch durable that has an epoch and a nonce already; otherwise as [`LogEnd::append`].
    pub fn append_batch(&mut self, position: Position, batch: &Batch<'_>, steady_ns: u64) -> Result<(), Unavailable> {
        let mut reason = String::new();
        for _ in 0..ATTEMPTS {
            match self.journal.append(position, batch) {
                Ok(Outcome::Appended { .. }) => {
                    self.trouble = Trouble::None;
                    return Ok(());
                }
                Ok(other) => return Err(self.give_up(format!("somebody else wrote to it ({other:?})"))),
                Err(AppendError::Full(_)) => {
                    self.trouble = Trouble::Full { bytes: batch.entries().iter().map(|entry| entry.content.len()).sum() };
                    return Err(Unavailable::DiskFull);
                }
                Err(error) => {
                    reason = chain(&error);
                    warn!(reason, "an append failed; the log is read again");
                    self.recover(steady_ns, true)?;
                }
            }
        }
        // The log was read a moment ago. If the batch is there, the next turn applies it; who waited has waited enough.
        let is_stored = self.journal.tip().position > position;
        Err(self.read_later(reason, is_stored, steady_ns))
    }

    /// Has the log read again before anything is written, but not at once.
    pub fn read_later(&mut self, reason: String, may_be_stored: bool, steady_ns: u64) -> Unavailable {
        let refusal = failed(&reason, may_be_stored, false);
        self.trouble = Trouble::Unread { reason, again_at_ns: steady_ns.saturating_add(RECOVER_AGAIN_NS) };
        refusal
    }

    /// Whether there is room again for what there was none for; true if there was always some.
    pub fn has_room(&mut self) -> bool {
        let Trouble::Full { bytes } = self.trouble else { return true };
        let probe = || {
            let file = self.storage.create(PROBE)?;
            file.write_at(&vec![0xff; bytes + 4096], 0)?;
            file.sync_data()
        };
        let has_room = probe().is_ok();
        // What stays behind for want of a working disk goes when the journal is opened.
        let _ = self.storage.remove(PROBE);
        if has_room {
            self.trouble = Trouble::None;
        }
        has_room
    }

    /// The log holds something that it cannot hold: nothing more is written.
    pub fn give_up(&mut self, reason: String) -> Unavailable {
        error!(reason, "the log can no longer be written; the service has to be started again");
        let refusal = failed(&reason, false, true);
        self.trouble = Trouble::Final { reason };
        refusal
    }

    /// Has the journal read itself again. `may_be_stored`: whether a batch may be there that its callers know nothing of.
    fn recover(&mut self, steady_ns: u64, may_be_stored: bool) -> Result<(), Unavailable> {
        self.snapshot.ask();
        match self.journal.recover() {
            Ok(end) => {
                info!(end = end.get(), "the log was read again");
                self.trouble = Trouble::None;
                Ok(())
            }
            Err(ReadError::Damaged(damage)) => {
                let reason = damage.to_string();
                self.give_up(reason.clone());
                Err(failed(&reason, may_be_stored, true))
            }
            Err(error) => {
                let reason = chain(&error);
                warn!(reason, "the log cannot be read; it is tried again");
                Err(self.read_later(reason, may_be_stored, steady_ns))
            }
        }
    }
}

fn failed(reason: &str, may_be_stored: bool, is_final: bool) -> Unavailable {
    Unavailable::JournalFailed { reason: reason.to_owned(), may_be_stored, is_final }
}
