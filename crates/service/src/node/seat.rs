//! A node's place in a pool: under which name, and through which engine. Taking it makes the node a member, and begins the pool if
//! nobody has.

use crate::node::heartbeat::Heartbeat;
use crate::node::pool_end::PoolEnd;
use crate::node::shared::Shared;
use crate::node::{Ids, NodeError, NodeOptions};
use deconflict_journal::{Journal, JournalId, Nonce, Place, Position, chain};
use deconflict_pool::{Engine, EngineError, JoinError, Member, Pool, Tip, begin, find, overhead_bytes};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::warn;

/// How long the engine may have nothing new before it is asked whether it is still there.
const LISTENS_FOR: Duration = Duration::from_secs(5);
/// How long the engine may take to be ready after the node.
const BEGINS_WITHIN: Duration = Duration::from_secs(30);
/// How long to wait before it is asked again.
const AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Room for the commands that a node proposes itself.
const OWN_COMMANDS_BYTES: usize = 1 << 10;

/// A node's place in a pool.
pub struct Seat {
    /// The node's name, which no other node has.
    pub name: String,
    /// The engine: for storing, for hearing of what others store, and for what the nodes tell each other. Each waits on its own.
    pub engines: [Arc<dyn Engine>; 3],
    /// Whether a pool may begin with records that are there already.
    pub begins: bool,
}

impl Seat {
    /// The same, so that each batch fits into a slot.
    pub(super) fn limit(&self, options: NodeOptions) -> NodeOptions {
        let most = self.engines[0].max_slot_bytes() - overhead_bytes(options.batch_commands + 2) - OWN_COMMANDS_BYTES;
        let max_command_bytes = options.max_command_bytes.min(most);
        NodeOptions { batch_bytes: options.batch_bytes.min(most), max_command_bytes, ..options }
    }

    /// Waits until the engine answers: where all is started at once, it may be the last to be ready.
    pub(super) fn wait_for_engine(&self) -> Result<(), NodeError> {
        let (begun, mut is_told) = (Instant::now(), false);
        loop {
            match find(&*self.engines[0]) {
                Err(JoinError::Engine(error @ EngineError::Unavailable { .. })) if begun.elapsed() < BEGINS_WITHIN => {
                    if !is_told {
                        warn!(reason = chain(&error), "the engine does not answer; it is asked again for half a minute");
                        is_told = true;
                    }
                    std::thread::sleep(AGAIN_AFTER);
                }
                other => return Ok(other.map(drop)?),
            }
        }
    }

    /// The id of the pool's journal, for a node that has none. Begins the pool if there is none.
    pub(super) fn journal_id(&self, ids: &Ids) -> Result<JournalId, NodeError> {
        let journal = JournalId(ids.bits().to_be_bytes());
        let place = Place { position: Position::START, previous: journal.genesis(), epoch: 0 };
        Ok(begin(&*self.engines[0], &Pool { journal, epoch: 1 }, place)?.journal)
    }

    /// Joins the pool with what the node has.
    pub(super) fn take(&self, journal: &Journal, ids: &Ids, options: &NodeOptions) -> Result<PoolEnd, NodeError> {
        let (engine, place) = (&self.engines[0], journal.tip());
        if find(&**engine)?.is_none() {
            let records = place.position;
            if records > Position::START && !self.begins {
                return Err(NodeError::NoPool { records });
            }
            begin(&**engine, &Pool { journal: journal.id(), epoch: place.epoch + 1 }, place)?;
        }
        let tip = Tip { journal: journal.id(), place, nonce: last_nonce(journal)? };
        let session = Nonce(ids.bits().to_be_bytes());
        let member = Member::join(engine.clone(), &self.name, session, &tip)?;
        Ok(PoolEnd::new(member, place.position, options.engine_patience))
    }

    /// Has the node hear of new slots and of the other nodes, as long as it is not closed.
    pub(super) fn begin_to_listen(&self, shared: &Arc<Shared>) -> Result<(), NodeError> {
        let mut heartbeat = Heartbeat::new(shared.clone(), self.engines[2].clone(), self.name.clone());
        heartbeat.begin().map_err(JoinError::Engine)?;
        let (listening, listened) = (shared.clone(), self.engines[1].clone());
        let listen = move || {
            while !listening.queue.is_closed() {
                listened.wait(LISTENS_FOR);
                listening.queue.wake();
            }
        };
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        thread("pool-listen").spawn(listen).map_err(NodeError::Thread)?;
        thread("pool-heartbeat").spawn(move || heartbeat.run()).map_err(NodeError::Thread)?;
        Ok(())
    }
}

/// The nonce of the last batch, if it is there.
fn last_nonce(journal: &Journal) -> Result<Option<Nonce>, NodeError> {
    let Some(last) = journal.tip().position.get().checked_sub(1).map(Position::new) else { return Ok(None) };
    if last < journal.first() {
        return Ok(None);
    }
    Ok(journal.reader(last)?.next_record()?.map(|record| record.nonce))
}
