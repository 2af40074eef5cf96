//! How a node comes up: the newest good snapshot, and every record after it.

use crate::node::joint_part::{self, Latest};
use crate::node::shared::State;
use crate::node::{NodeError, NodeOptions, Started};
use deconflict_journal::{
    Journal, JournalId, NewestSnapshot, OpenError, Options, Position, ReadError, Snapshot, Storage, StoreError, chain,
};
use deconflict_registry::{Command, Registry};
use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::{info, warn};

/// A journal with the state that it leads to.
pub(super) struct Opened {
    pub journal: Journal,
    pub state: State,
    pub started: Started,
    /// How many bytes the snapshot has that the state began with; 0 without one.
    pub snapshot_bytes: u64,
    /// How long replaying the records after it took.
    pub applying: Duration,
}

/// Opens what is in `storage`; begins a journal if there is nothing.
/// `new_id` says which.
pub(super) fn open(
    storage: &Arc<dyn Storage>,
    new_id: impl FnOnce() -> Result<JournalId, NodeError>,
    options: &NodeOptions,
) -> Result<Opened, NodeError> {
    let begun = Instant::now();
    let of_journal = Options { segment_bytes: options.segment_bytes };
    let (journal, recovery) = match Journal::open(storage.clone(), of_journal) {
        Ok((journal, recovery)) => (journal, Some(recovery)),
        Err(OpenError::Missing) => (Journal::create(storage.clone(), new_id()?, of_journal)?, None),
        Err(error) => return Err(error.into()),
    };
    let NewestSnapshot { snapshot, damaged } = journal.newest_snapshot()?;
    let (mut state, mut snapshot_bytes, mut from) = (
        State { registry: Registry::new(), joint: Arc::default(), latest: Latest::default(), position: Position::START },
        0,
        None,
    );
    if let Some(mut snapshot) = snapshot {
        let position = snapshot.position();
        let mut bytes = Vec::with_capacity(usize::try_from(Snapshot::bytes(&snapshot)).unwrap_or(0));
        let unread = |source| StoreError::Io { doing: "read", file: format!("the snapshot before record {position}"), source };
        snapshot.read_to_end(&mut bytes).map_err(|source| ReadError::from(unread(source)))?;
        let (of_registry, joint) = joint_part::read(&bytes, position)?;
        let registry = Registry::from_snapshot(of_registry).map_err(|source| NodeError::Snapshot { position, source })?;
        state = State { registry, joint: Arc::new(joint), latest: Latest::default(), position };
        (snapshot_bytes, from) = (bytes.len() as u64, Some(position));
    }
    let (mut replayed, mut replayed_bytes, replay_begun) = (0, 0, Instant::now());
    state.position = replay(&journal, state.position, |command, bytes| {
        state.registry.apply(&command);
        joint_part::apply(&mut state.joint, &command);
        replayed += 1;
        replayed_bytes += bytes as u64;
    })?;
    let applying = replay_begun.elapsed();
    let started = Started {
        is_new: recovery.is_none(),
        recovery,
        snapshot: from,
        damaged_snapshots: damaged.iter().map(|error| chain(error)).collect(),
        replayed,
        replayed_bytes,
        took: begun.elapsed(),
    };
    tell(&started, &state);
    Ok(Opened { journal, state, started, snapshot_bytes, applying })
}

/// Shows the commands from `from` on to `apply`, with their lengths, and gives the position behind the last.
///
/// # Errors
/// A record cannot be read or understood; those before it were shown.
pub(super) fn replay(journal: &Journal, from: Position, mut apply: impl FnMut(Command, usize)) -> Result<Position, NodeError> {
    let mut reader = journal.reader(from)?;
    while let Some(record) = reader.next_record()? {
        let position = record.position;
        let command = command_of(&record.content, position)?;
        apply(command, record.content.len());
    }
    Ok(reader.position())
}

/// What the content of a record means.
///
/// # Errors
/// This program does not know it: a newer one wrote it.
pub(super) fn command_of(content: &[u8], position: Position) -> Result<Command, NodeError> {
    let command = Command::decode(content).map_err(|source| NodeError::Record { position, source })?;
    joint_part::check(&command, position)?;
    Ok(command)
}

fn tell(started: &Started, state: &State) {
    let Started { is_new, recovery, snapshot, damaged_snapshots, replayed, took, .. } = started;
    for damage in damaged_snapshots {
        warn!(damage, "a snapshot was passed over");
    }
    if let Some(torn) = recovery.as_ref().and_then(|recovery| recovery.torn.as_ref()) {
        warn!(bytes = torn.bytes, at = %torn.at, "a batch was cut away that nobody was told of");
    }
    let counts = state.registry.counts();
    info!(
        is_new,
        operational_intents = counts.operational_intents,
        constraints = counts.constraints,
        subscriptions = counts.subscriptions,
        snapshot = snapshot.map(Position::get),
        replayed,
        position = state.position.get(),
        digest = format!("{:032x}", state.digest()),
        took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "the log was read"
    );
}
