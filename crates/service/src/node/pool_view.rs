//! What a node knows of its pool: when it last heard from the engine, who waits for it to have heard, and how the others are doing.

use crate::node::Unavailable;
use deconflict_journal::Position;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// So many digests are kept to be compared: one for each batch.
const DIGESTS_KEPT: usize = 4_096;

/// Somebody who waits until the state has everything that was stored before now.
pub(super) type Waiter = oneshot::Sender<Result<(), Unavailable>>;

pub(super) struct PoolView {
    /// The name of this node.
    pub name: String,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    waiters: Vec<Waiter>,
    /// When the latest exchange began of which everything is applied.
    fresh_at: Option<Instant>,
    digests: BTreeMap<Position, u128>,
    stored: Position,
    nodes: Vec<PoolNode>,
    clock_off: Option<i64>,
    says: Option<Value>,
    is_closed: bool,
    diverged: Option<Unavailable>,
}

/// A node of the pool, as it last said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolNode {
    /// Its name.
    pub name: String,
    /// The version of its program.
    pub version: String,
    /// How many records it has applied.
    pub position: Position,
    /// How many of them are in its files.
    pub stored: Position,
    /// The digest of its state there.
    pub digest: u128,
    /// The first record that its newest snapshot does not contain.
    pub snapshot: Option<Position>,
    /// How long nothing new was heard of it.
    pub silent_for: Duration,
    /// How far its clock is ahead of this node's, nanoseconds, as far as that can be seen; too small by as long as the way took.
    pub clock_ahead_ns: i64,
    /// Whether its state is this node's at the same position; `None` if that is not known.
    pub agrees: Option<bool>,
    /// Why it does not take commands, if it does not.
    pub refusal: Option<String>,
    /// What its time was when it said so, nanoseconds since 1970.
    pub wall_ns: i64,
    /// The number of this word of its, counted from its start.
    pub count: u64,
    /// What else it says of itself, for whoever knows what it means.
    pub says: Option<Value>,
}

impl PoolView {
    pub fn new(name: String) -> Self {
        Self { name, inner: Mutex::default() }
    }

    /// Whether everything that was stored so long ago is applied; its age.
    pub fn age(&self) -> Option<Duration> {
        self.inner().fresh_at.map(|at| at.elapsed())
    }

    /// Puts somebody with those who wait; whoever comes after the end is dropped.
    pub fn wait(&self, waiter: Waiter) {
        let mut inner = self.inner();
        if !inner.is_closed {
            inner.waiters.push(waiter);
        }
    }

    /// Nobody is told anything any more.
    pub fn close(&self) {
        let mut inner = self.inner();
        (inner.is_closed, inner.waiters) = (true, Vec::new());
    }

    pub fn say(&self, what: Value) {
        self.inner().says = Some(what);
    }

    /// What this node says of itself.
    pub fn says(&self) -> Option<Value> {
        self.inner().says.clone()
    }

    /// Those who wait now: an exchange that begins after this is what they wait for.
    pub fn take_waiters(&self) -> Vec<Waiter> {
        std::mem::take(&mut self.inner().waiters)
    }

    /// Everything is applied of an exchange that began at this moment.
    pub fn fresh(&self, began: Instant) {
        self.inner().fresh_at = Some(began);
    }

    /// The state had this digest after a batch.
    pub fn applied(&self, position: Position, digest: u128) {
        let digests = &mut self.inner().digests;
        digests.insert(position, digest);
        if digests.len() > DIGESTS_KEPT {
            digests.pop_first();
        }
    }

    /// The files have everything up to here.
    pub fn stored_up_to(&self, position: Position) {
        self.inner().stored = position;
    }

    pub fn stored(&self) -> Position {
        self.inner().stored
    }

    /// Up to where every node has the records in its files, but for those that were silent for too long; `None` if nobody was heard of yet.
    pub fn stored_everywhere(&self, forgotten_after: Duration) -> Option<Position> {
        let inner = self.inner();
        let heard = inner.nodes.iter().filter(|node| node.silent_for < forgotten_after);
        heard.map(|node| node.stored).min().map(|least| least.min(inner.stored))
    }

    /// Whether this node had the digest there; `None` if it does not know.
    pub fn agrees(&self, position: Position, digest: u128) -> Option<bool> {
        self.inner().digests.get(&position).map(|own| *own == digest)
    }

    pub fn heard(&self, nodes: Vec<PoolNode>, clock_off: Option<i64>) {
        let mut inner = self.inner();
        (inner.nodes, inner.clock_off) = (nodes, clock_off);
    }

    /// All nodes, as far as is known.
    pub fn nodes(&self) -> Vec<PoolNode> {
        self.inner().nodes.clone()
    }

    pub fn diverge(&self, reason: String) {
        self.inner().diverged = Some(Unavailable::JournalFailed { reason, may_be_stored: false, is_final: true });
    }

    /// Why this node answers nothing any more.
    pub fn diverged(&self) -> Option<Unavailable> {
        self.inner().diverged.clone()
    }

    /// Why this node proposes nothing, as far as the others are the reason.
    pub fn refusal(&self) -> Option<Unavailable> {
        let inner = self.inner();
        inner.diverged.clone().or(inner.clock_off.map(|by_ns| Unavailable::ClockOffPool { by_ns }))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("nobody panics while holding it")
    }
}
