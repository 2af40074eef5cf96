//! Why a node does not start.

use crate::node::ids::NoRandomness;
use deconflict_journal::{OpenError, Position, ReadError};
use deconflict_pool::JoinError;
use deconflict_registry::Unreadable;
use std::io;
use thiserror::Error;

/// Why a node does not start. Nothing was changed; messages do not repeat their sources, so print the chain.
#[derive(Debug, Error)]
pub enum NodeError {
    /// There is a journal that cannot be used: another process has it, it is damaged, or the system fails.
    #[error("cannot open the data directory")]
    Open(#[from] OpenError),
    /// A snapshot is whole, but this program cannot use it.
    #[error("cannot use the snapshot of the first {position} records")]
    Snapshot {
        /// The first record that it does not contain.
        position: Position,
        /// What is wrong with it.
        source: Unreadable,
    },
    /// The log cannot be read.
    #[error("cannot read the log")]
    Read(#[from] ReadError),
    /// A record is whole, but this program does not understand it.
    #[error("cannot replay record {position}")]
    Record {
        /// Which.
        position: Position,
        /// What is wrong with it.
        source: Unreadable,
    },
    /// A record, or a snapshot, has something of the joint picture that this program does not understand.
    #[error("cannot read the joint picture at record {position}")]
    Joint {
        /// Which record, or the first one that the snapshot does not contain.
        position: Position,
        /// What is wrong with it.
        source: deconflict_joint::CommandError,
    },
    /// It is no member of the pool.
    #[error("cannot join the pool")]
    Join(#[from] JoinError),
    /// There is no pool, and the data directory already has records.
    #[error(
        "there is no pool in the engine, and the data directory has {records} records; if the engine lost them, or they are a \
         backup, --begin-pool begins a new pool that goes on from here"
    )]
    NoPool {
        /// How many it has.
        records: Position,
    },
    /// There are no random bits for fresh ids.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The thread of the writer did not start.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}
