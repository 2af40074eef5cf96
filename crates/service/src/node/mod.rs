//! A node: the registry and the log that it follows from.
//!
//! One thread owns the end of the log. What is proposed waits for it, goes into the log in batches with one fdatasync each,
//! and is then applied and answered. So the registry is at every moment what the log says, and readers see nothing that a
//! power cut can take back. `docs/decisions/0007-the-service.md` says why.
//!
//! It does not know HTTP, tokens, JSON or geometry.

mod clock;
mod clock_watch;
mod error;
mod expiry;
mod heartbeat;
mod ids;
mod joint_part;
mod log_end;
mod options;
mod pool_end;
mod pool_view;
mod pool_writer;
mod queue;
mod seat;
mod shared;
mod snapshots;
mod start;
mod status;
mod unavailable;
mod writer;

pub use clock::{Clock, SystemClock};
pub use error::NodeError;
pub use heartbeat::told;
pub use ids::{Ids, NoRandomness};
pub use options::NodeOptions;
pub use pool_view::PoolNode;
pub use seat::Seat;
pub use status::{Appends, Snapshots, Started, Status};
pub use unavailable::Unavailable;

use deconflict_journal::{File, JournalId, Storage, is_of_journal};
use deconflict_registry::{Action, Outcome, Registry, Time};
use log_end::LogEnd;
use pool_view::PoolView;
use queue::Proposal;
use shared::{Shared, State};
use snapshots::{Growth, Snapshotter};
use start::Opened;
use std::io;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use writer::Writer;

/// A running node. Clones are handles of the same one; when the last is dropped, it is closed.
#[derive(Clone)]
pub struct Node(Arc<Handle>);

struct Handle {
    journal: JournalId,
    storage: Arc<dyn Storage>,
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Node {
    /// Opens what is in `storage`, or begins there if it is empty: the newest good snapshot, and the records after it.
    ///
    /// # Errors
    /// The journal cannot be opened or trusted, another process has it, or a newer program wrote it.
    pub fn open(storage: Arc<dyn Storage>, clock: Arc<dyn Clock>, options: NodeOptions) -> Result<(Self, Started), NodeError> {
        Self::start(storage, clock, options, None)
    }

    /// The same, as a node of a pool: what is in `storage`, and what the pool has behind it.
    ///
    /// # Errors
    /// As [`Node::open`]; or the pool cannot be joined.
    pub fn join(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        options: NodeOptions,
        seat: Seat,
    ) -> Result<(Self, Started), NodeError> {
        Self::start(storage, clock, options, Some(seat))
    }

    fn start(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        options: NodeOptions,
        seat: Option<Seat>,
    ) -> Result<(Self, Started), NodeError> {
        seat.as_ref().map_or(Ok(()), Seat::wait_for_engine)?;
        let options = seat.as_ref().map_or(options, |seat| seat.limit(options)).within_limits();
        let ids = Ids::system()?;
        let new_id = || seat.as_ref().map_or(Ok(JournalId(ids.bits().to_be_bytes())), |seat| seat.journal_id(&ids));
        let Opened { journal, state, started, snapshot_bytes, applying } = start::open(&storage, new_id, &options)?;
        let id = journal.id();
        let pool = seat.as_ref().map(|seat| seat.take(&journal, &ids, &options)).transpose()?;
        let found = Snapshots { newest: started.snapshot, bytes: snapshot_bytes, ..Snapshots::default() };
        let shared =
            Arc::new(Shared::new(state, clock, options, found, seat.as_ref().map(|seat| PoolView::new(seat.name.clone()))));
        let snapshots = Snapshotter::new(Growth { bytes: started.replayed_bytes, commands: started.replayed, applying });
        let end = LogEnd::new(Arc::new(journal), storage.clone(), ids, snapshots.interrupt());
        let mut writer = Writer::new(shared.clone(), end, pool, snapshots);
        if let Some(seat) = &seat {
            writer.catch_up_with_pool();
            seat.begin_to_listen(&shared)?;
        }
        let thread = std::thread::Builder::new().name("node-writer".to_owned()).spawn(move || writer.run());
        let writer = Mutex::new(Some(thread.map_err(NodeError::Thread)?));
        Ok((Self(Arc::new(Handle { journal: id, storage, shared, writer })), started))
    }

    /// Has `action` decided and stored, and gives the outcome when it is durable and applied.
    ///
    /// If the caller goes away before the command is written, it is not written; after that it is carried out.
    ///
    /// # Errors
    /// It was not carried out, for a reason that may pass.
    pub async fn propose(&self, action: Action) -> Result<Outcome, Unavailable> {
        // The writer answers everything that it takes, and ends only when nothing waits.
        self.submit(action)?.await.unwrap_or(Err(Unavailable::Stopping))
    }

    fn submit(&self, action: Action) -> Result<oneshot::Receiver<Result<Outcome, Unavailable>>, Unavailable> {
        let bytes = action.command_bytes();
        let max_bytes = self.0.shared.options.max_command_bytes;
        if bytes > max_bytes {
            return Err(Unavailable::TooLong { bytes, max_bytes });
        }
        let (answer, waits) = oneshot::channel();
        self.0.shared.queue.push(Proposal { action, bytes, answer })?;
        Ok(waits)
    }

    /// Waits until the state has everything that was stored before this call, anywhere in the pool; or, with `max_age`, everything
    /// that was stored so long before. Gives how old the state may be. Without a pool, this is true at any time.
    ///
    /// # Errors
    /// The node is cut off from its pool, or takes no part in it any more.
    pub async fn up_to_date(&self, max_age: Option<Duration>) -> Result<Duration, Unavailable> {
        let Some(pool) = &self.0.shared.pool else { return Ok(Duration::ZERO) };
        if let Some(diverged) = pool.diverged() {
            return Err(diverged);
        }
        if let Some(age) = pool.age().filter(|age| max_age.is_some_and(|max_age| *age <= max_age)) {
            return Ok(age);
        }
        let (waiter, hears) = oneshot::channel();
        pool.wait(waiter);
        self.0.shared.queue.wake();
        hears.await.unwrap_or(Err(Unavailable::Stopping))?;
        Ok(Duration::ZERO)
    }

    /// Whether other nodes may follow the same log.
    pub fn is_in_pool(&self) -> bool {
        self.0.shared.pool.is_some()
    }

    /// The name of this node in its pool; `None` without a pool.
    pub fn name(&self) -> Option<&str> {
        self.0.shared.pool.as_ref().map(|pool| &*pool.name)
    }

    /// Tells the other nodes something about this one, which they find in [`PoolNode::says`]; without a pool, nobody.
    pub fn say(&self, what: serde_json::Value) {
        if let Some(pool) = &self.0.shared.pool {
            pool.say(what);
        }
    }

    /// The nodes of the pool, as they last said; `None` without a pool.
    pub fn pool(&self) -> Option<Vec<PoolNode>> {
        self.0.shared.pool.as_ref().map(PoolView::nodes)
    }

    /// Lets `look` see the state and what time it is. No command is applied meanwhile, so it has to be quick.
    ///
    /// The time is that of the clock as long as it is trusted, and never before the latest accepted command.
    pub fn read<T>(&self, look: impl FnOnce(&Registry, Time) -> T) -> T {
        let time = self.0.shared.watch.look().time;
        let State { registry, .. } = &*self.0.shared.read();
        look(registry, registry.now(time))
    }

    /// As [`Node::propose`], for a thread that may wait.
    ///
    /// # Errors
    /// It was not carried out, for a reason that may pass.
    pub fn propose_and_wait(&self, action: Action) -> Result<Outcome, Unavailable> {
        self.submit(action)?.blocking_recv().unwrap_or(Err(Unavailable::Stopping))
    }

    /// Lets `look` see the joint picture. No command is applied meanwhile, so it has to be quick.
    pub fn read_joint<T>(&self, look: impl FnOnce(&deconflict_joint::State) -> T) -> T {
        look(&self.0.shared.read().joint)
    }

    /// What was done to the joint picture since so many commands were applied; `None` where not all of that is kept, or it is not there.
    pub fn joint_since(&self, applied: u64) -> Option<Vec<deconflict_joint::Command>> {
        let state = self.0.shared.read();
        state.latest.since(applied, state.joint.applied)
    }

    /// Says how many commands of the joint picture were applied, whenever there is another one, whoever stored it.
    pub fn joint_changes(&self) -> watch::Receiver<u64> {
        self.0.shared.joint_applied.subscribe()
    }

    /// The files of the log in this node, with their lengths in bytes: what somebody needs who makes a copy.
    ///
    /// # Errors
    /// The disk fails.
    pub fn files(&self) -> io::Result<Vec<(String, u64)>> {
        let names = self.0.storage.list()?.into_iter().filter(|name| is_of_journal(name));
        // A file that goes meanwhile is none.
        let sizes = names.map(|name| Ok(self.file(&name)?.map(|file| (name, file)))).filter_map(io::Result::transpose);
        sizes.map(|size| size.and_then(|(name, file)| Ok((name, file.len()?)))).collect()
    }

    /// A file of the log; `None` where there is none of that name.
    ///
    /// # Errors
    /// The disk fails.
    pub fn file(&self, name: &str) -> io::Result<Option<Arc<dyn File>>> {
        if !is_of_journal(name) {
            return Ok(None);
        }
        match self.0.storage.open(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            other => other.map(Some),
        }
    }

    /// The name of the log for all time.
    pub fn journal_id(&self) -> u128 {
        u128::from_be_bytes(self.0.journal.0)
    }

    /// How the node is doing.
    pub fn status(&self) -> Status {
        self.0.shared.status()
    }

    /// Takes no more commands, finishes those that wait, and ends the writer. Reading goes on. Waits until all is done; after
    /// that another process can have the directory.
    pub fn close(&self) {
        self.0.close();
    }
}

impl Handle {
    fn close(&self) {
        self.shared.queue.close();
        let mut writer = self.writer.lock().expect("nobody panics while holding it");
        if let Some(writer) = writer.take() {
            writer.join().expect("a panic of the writer ends the process");
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.close();
    }
}
