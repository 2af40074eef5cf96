//! What an engine does for a pool: it puts the slots of all nodes into one order, and keeps them.
//!
//! Each node has a *lane*: its slots are numbered 1, 2, 3… The engine stores slot n of a lane only if n−1 was the last one, the
//! process that took the lane last asks for it, and the epoch of the pool is still the one that the process knows. So a slot
//! whose answer was lost can be asked for again: it is never there twice; and a process that was replaced stores nothing. The
//! slots of all lanes together are in the engine's order, and whoever reads sees a beginning of that order, never a part with
//! gaps.
//!
//! Nothing here trusts a lock, a lease or a clock. It does not know what the bytes of a slot mean.

use deconflict_journal::{Nonce, Source};
use std::collections::BTreeMap;
use std::time::Duration;
use thiserror::Error;

/// The record that every slot is compared with; see [`crate::Pool`].
pub const POOL: &str = "pool";

/// How far somebody has read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The engine's number of the last slot; the numbers ascend, with gaps. 0 before the first.
    pub order: u64,
    /// The number of the last slot of each lane.
    pub lanes: BTreeMap<String, u64>,
}

impl Cursor {
    /// Steps behind this slot.
    pub fn pass(&mut self, slot: &Slot) {
        self.order = slot.order;
        self.lanes.insert(slot.lane.clone(), slot.number);
    }
}

/// A slot that is to be stored behind everything else.
#[derive(Clone, Copy, Debug)]
pub struct Put<'a> {
    /// The node's lane.
    pub lane: &'a str,
    /// Who took the lane.
    pub session: Nonce,
    /// Its number in the lane.
    pub number: u64,
    /// What it says.
    pub bytes: &'a [u8],
    /// The record [`POOL`] as the writer knows it; another one there fences the writer.
    pub pool: &'a [u8],
    /// What that record becomes with this slot, if it changes.
    pub new_pool: Option<&'a [u8]>,
    /// Whether it is to be stored only if nothing stands behind the cursor.
    pub only_at_end: bool,
}

/// What became of a slot. None of these is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is durable, since now or since an earlier try; the news have it, unless they end before.
    Stored,
    /// Something stands behind the cursor, and the slot was to be stored only at the end.
    NotAtEnd,
    /// Another process has taken the lane.
    LaneTaken,
    /// The record [`POOL`] is another one.
    Fenced,
}

/// A slot as it stands in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Whose it is.
    pub lane: String,
    /// Its number in the lane.
    pub number: u64,
    /// Its number in the engine's order.
    pub order: u64,
    /// What it says.
    pub bytes: Vec<u8>,
}

/// What stands behind a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The next slots, in order, without gaps.
    pub slots: Vec<Slot>,
    /// Whether these are all that were stored before the call.
    pub is_all: bool,
    /// What became of the slot that was to be stored; `Stored` if there was none.
    pub verdict: Verdict,
}

/// The engine did not do what it was asked, or nobody knows whether it did.
#[derive(Debug, Error)]
pub enum EngineError {
    /// It may answer later, and may have done what it was asked.
    #[error("{engine} does not answer")]
    Unavailable {
        /// What kind of engine.
        engine: &'static str,
        /// What it said, or what the network said.
        source: Source,
    },
    /// It answered something that makes no sense, or does not let us in; trying again changes nothing.
    #[error("{engine} cannot be used: {reason}")]
    Unusable {
        /// What kind of engine.
        engine: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// On what condition a record changes.
#[derive(Clone, Copy, Debug)]
pub enum If<'a> {
    /// None.
    Always,
    /// It is this one now; `None` if there is none.
    Is(Option<&'a [u8]>),
}

/// What orders and keeps the slots of a pool. All calls block, and end after some seconds at most.
pub trait Engine: Send + Sync {
    /// Stores `put`, if there is one, and gives what stands behind `cursor`. All that anybody was told is stored before this
    /// call began is in the news, or `is_all` is false.
    ///
    /// # Errors
    /// As [`EngineError`] says. Asking for the same slot again is always right.
    fn exchange(&self, cursor: &Cursor, put: Option<&Put<'_>>) -> Result<News, EngineError>;

    /// Gives a lane to the session `to`, and the number of the last slot in it. `from`: whose it must be now, if not `to`'s;
    /// whoever's it is if `None`. Gives `None` if it is somebody else's. Afterwards no slot of an earlier session is stored any more.
    ///
    /// # Errors
    /// As [`EngineError`] says.
    fn take(&self, lane: &str, from: Option<Nonce>, to: Nonce) -> Result<Option<u64>, EngineError>;

    /// A record by its name.
    ///
    /// # Errors
    /// As [`EngineError`] says.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, EngineError>;

    /// The records whose names begin with `prefix`, in order of their names.
    ///
    /// # Errors
    /// As [`EngineError`] says.
    fn list(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, EngineError>;

    /// Changes a record on a condition; false if it does not hold.
    ///
    /// # Errors
    /// As [`EngineError`] says.
    fn set(&self, name: &str, condition: If<'_>, bytes: &[u8]) -> Result<bool, EngineError>;

    /// Removes the slots up to `cursor`, and in the same step sets the record `name` to `bytes` if it still is `old`; false if
    /// it is not.
    ///
    /// # Errors
    /// As [`EngineError`] says.
    fn compact(&self, cursor: &Cursor, name: &str, old: Option<&[u8]>, bytes: &[u8]) -> Result<bool, EngineError>;

    /// Waits until there may be something new, but no longer than `timeout`. A hint: it may end early, and it may miss.
    fn wait(&self, timeout: Duration);

    /// How many bytes a slot can have.
    fn max_slot_bytes(&self) -> usize;
}

/// The verdict on a slot that was not stored just now, from what stands there: whose the lane is, the number of its last slot,
/// and whether the record [`POOL`] is the one that the writer knows.
pub(crate) fn verdict(put: &Put<'_>, session: Option<Nonce>, number: u64, is_same_pool: bool) -> Verdict {
    if session != Some(put.session) {
        Verdict::LaneTaken
    } else if number == put.number {
        Verdict::Stored
    } else if !is_same_pool {
        Verdict::Fenced
    } else {
        Verdict::NotAtEnd
    }
}
