//! How a node is doing, for `/healthy`, `/metrics` and the log.

use crate::node::Unavailable;
use deconflict_journal::{Position, Recovery};
use deconflict_registry::{Counts, Time};
use std::time::Duration;

/// How a node came up. Whoever starts it should tell somebody.
#[derive(Clone, Debug)]
pub struct Started {
    /// Whether there was no journal before.
    pub is_new: bool,
    /// What the journal found, if there was one; a torn batch that was cut away stands here.
    pub recovery: Option<Recovery>,
    /// The snapshot that the state began with: the first record that it does not contain.
    pub snapshot: Option<Position>,
    /// What was wrong with newer snapshots, which were passed over.
    pub damaged_snapshots: Vec<String>,
    /// How many records were replayed behind the snapshot.
    pub replayed: u64,
    /// How many bytes these had.
    pub replayed_bytes: u64,
    /// How long it all took.
    pub took: Duration,
}

/// How a node is doing at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// How many records are applied: where the next one will stand.
    pub position: Position,
    /// Time of the latest accepted command.
    pub log_time: Time,
    /// How many commands were accepted.
    pub accepted: u64,
    /// The digest of the state.
    pub digest: u128,
    /// How much there is of everything.
    pub counts: Counts,
    /// Why commands are refused now; `None` if they are taken.
    pub refusal: Option<Unavailable>,
    /// Commands that wait to be stored.
    pub waiting: usize,
    /// What appending took.
    pub appends: Appends,
    /// What snapshots took.
    pub snapshots: Snapshots,
}

/// What appending took since the start. An append is one write and one fdatasync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appends {
    /// Batches that were stored.
    pub batches: u64,
    /// Commands in them.
    pub commands: u64,
    /// Bytes of these commands.
    pub bytes: u64,
    /// How long all of them took together.
    pub total: Duration,
    /// How long the latest took.
    pub latest: Duration,
    /// How long the longest took.
    pub longest: Duration,
    /// Appends that failed, for want of room or otherwise.
    pub failures: u64,
}

/// What snapshots took since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshots {
    /// How many were written.
    pub written: u64,
    /// How many could not be written, or were given up.
    pub failures: u64,
    /// Whether one is being written.
    pub is_running: bool,
    /// The first record that the newest one does not contain; of those found at the start, too.
    pub newest: Option<Position>,
    /// How many bytes the newest one has.
    pub bytes: u64,
    /// How long the latest took.
    pub latest: Duration,
    /// How long a write had to wait for one, at most.
    pub longest_stall: Duration,
    /// Segments of the log that were removed.
    pub segments_removed: u64,
}
