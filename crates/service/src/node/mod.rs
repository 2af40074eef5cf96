//! A node: the registry and the log that it follows from.
//!
//! One thread owns the end of the log. What is proposed waits for it, goes into the log in batches with one fdatasync each,
//! and is then applied and answered. So the registry is at every moment what the log says, and readers see nothing that a
//! power cut can take back. `docs/decisions/0007-the-service.md` says why.
//!
//! It does not know HTTP, tokens, JSON or geometry.

mod clock;
mod error;
mod ids;
mod options;
mod status;
mod unavailable;

pub use clock::{Clock, SystemClock};
pub use error::NodeError;
pub use ids::{Ids, NoRandomness};
pub use options::NodeOptions;
pub use status::{Appends, Snapshots, Started, Status};
pub use unavailable::Unavailable;

use deconflict_journal::Storage;
use deconflict_registry::{Action, Outcome, Registry, Time};
use std::sync::Arc;

/// A running node. Clones are handles of the same one.
#[derive(Clone)]
pub struct Node {}

impl Node {
    /// Opens what is in `storage`, or begins there if it is empty: the newest good snapshot, and the records after it.
    ///
    /// # Errors
    /// The journal cannot be opened or trusted, another process has it, or a newer program wrote it.
    pub fn open(_storage: Arc<dyn Storage>, _clock: Arc<dyn Clock>, _options: NodeOptions) -> Result<(Self, Started), NodeError> {
        unimplemented!()
    }

    /// Has `action` decided and stored, and gives the outcome when it is durable and applied.
    ///
    /// If the caller goes away before the command is written, it is not written; after that it is carried out.
    ///
    /// # Errors
    /// It was not carried out, for a reason that may pass.
    pub async fn propose(&self, _action: Action) -> Result<Outcome, Unavailable> {
        unimplemented!()
    }

    /// Lets `look` see the state and what time it is. No command is applied meanwhile, so it has to be quick.
    pub fn read<T>(&self, _look: impl FnOnce(&Registry, Time) -> T) -> T {
        unimplemented!()
    }

    /// How the node is doing.
    pub fn status(&self) -> Status {
        unimplemented!()
    }

    /// Takes no more commands, finishes those that wait, and ends the writer. Reading goes on. Waits until all is done; after
    /// that another process can have the directory.
    pub fn close(&self) {
        unimplemented!()
    }
}
