//! What the handles of a node, its writer and its snapshots have in common.

use crate::node::clock_watch::ClockWatch;
use crate::node::joint_part::Latest;
use crate::node::pool_view::PoolView;
use crate::node::queue::Queue;
use crate::node::{Appends, Clock, NodeOptions, Snapshots, Status, Unavailable};
use deconflict_journal::Position;
use deconflict_registry::Registry;
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::watch;

/// What the log says, up to a position.
pub(super) struct State {
    pub registry: Registry,
    /// Shared with whoever reads it: a reader keeps what it has, and the next command makes a copy only then.
    pub joint: Arc<deconflict_joint::State>,
    /// What was done to it last.
    pub latest: Latest,
    /// The first record that is not applied.
    pub position: Position,
}

impl State {
    /// Nodes that are at the same position and differ in it have come apart.
    pub fn digest(&self) -> u128 {
        self.registry.digest() ^ self.joint.fingerprint()
    }
}

pub(super) struct Shared {
    state: RwLock<State>,
    pub queue: Queue,
    pub watch: ClockWatch,
    pub options: NodeOptions,
    health: Mutex<Health>,
    /// What is known of the other nodes; nothing is without a pool.
    pub pool: Option<PoolView>,
    /// How many commands of the joint picture were applied, for whoever waits for the next.
    pub joint_applied: watch::Sender<u64>,
}

/// What is told of a node.
#[derive(Default)]
pub(super) struct Health {
    /// Why nothing can be stored, if so. Clocks are looked at anew each time.
    pub refusal: Option<Unavailable>,
    pub appends: Appends,
    pub snapshots: Snapshots,
}

impl Shared {
    pub fn new(state: State, clock: Arc<dyn Clock>, options: NodeOptions, snapshots: Snapshots, pool: Option<PoolView>) -> Self {
        Self {
            joint_applied: watch::Sender::new(state.joint.applied),
            state: RwLock::new(state),
            queue: Queue::new(&options),
            watch: ClockWatch::new(clock, &options),
            options,
            health: Mutex::new(Health { snapshots, ..Health::default() }),
            pool,
        }
    }

    pub fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().expect("a panic of the writer ends the process")
    }

    pub fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().expect("a panic of the writer ends the process")
    }

    pub fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().expect("nobody panics while holding it")
    }

    pub fn status(&self) -> Status {
        let (position, log_time, accepted, digest, counts) = {
            let state = self.read();
            let State { registry, position, .. } = &*state;
            (*position, registry.log_time(), registry.accepted(), state.digest(), registry.counts())
        };
        let (refusal, appends, snapshots) = {
            let health = self.health();
            (health.refusal.clone(), health.appends, health.snapshots)
        };
        let stopping = self.queue.is_closed().then_some(Unavailable::Stopping);
        let of_pool = || self.pool.as_ref().and_then(PoolView::refusal);
        let refusal = stopping.or(refusal).or_else(of_pool).or_else(|| self.watch.time_after(log_time).err());
        Status { position, log_time, accepted, digest, counts, refusal, waiting: self.queue.len(), appends, snapshots }
    }
}
