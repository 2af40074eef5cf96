//! What the nodes of a pool tell each other, once a second, by records in the engine: how far they are, the digest of their state,
//! and what time it is there. Nothing of it orders or fences anything.
//!
//! A node whose state differs from that of most others at the same position stops; a node whose clock differs from most others'
//! proposes nothing. One node alone stops nobody.

use crate::node::pool_view::{PoolNode, PoolView};
use crate::node::shared::Shared;
use deconflict_journal::{Position, chain};
use deconflict_pool::{Engine, EngineError, If};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::{error, warn};

/// Within so many, every node that runs has been heard of twice.
const BEATS_TO_BEGIN: u32 = 2;
/// Whoever was silent for so many heartbeats has no say.
const HAS_SAY: u32 = 10;
/// What the names of these records begin with.
const PREFIX: &str = "node/";

/// What a node says.
#[derive(Serialize, Deserialize)]
struct Note {
    version: String,
    position: u64,
    /// How many records are in its files. An older program does not say.
    #[serde(default)]
    stored: u64,
    digest: String,
    snapshot: Option<u64>,
    wall_ns: i64,
    refusal: Option<String>,
    says: Option<Value>,
    /// Changes with every note.
    count: u64,
}

/// When a node was last heard of, and what its clock said then.
struct Heard {
    count: u64,
    at: Instant,
    clock_ahead_ns: i64,
}

/// The nodes of a pool, as they last said; for whoever is none of them.
///
/// How long they are silent and how far their clocks are ahead is what changes between two looks, `between` apart. Whether two
/// agree is known if they are at the same position.
///
/// # Errors
/// The engine does not answer.
pub fn told(engine: &dyn Engine, between: Duration) -> Result<Vec<PoolNode>, EngineError> {
    let notes = |engine: &dyn Engine| -> Result<Vec<(String, Note)>, EngineError> {
        let named = |(name, bytes): (String, Vec<u8>)| {
            Some((name.strip_prefix(PREFIX)?.to_owned(), serde_json::from_slice(&bytes).ok()?))
        };
        Ok(engine.list(PREFIX)?.into_iter().filter_map(named).collect())
    };
    let before = notes(engine)?;
    std::thread::sleep(between);
    let now = notes(engine)?;
    let node = |(name, note): &(String, Note)| {
        let is_silent = before.iter().any(|(other, earlier)| other == name && earlier.count == note.count);
        let beside = now.iter().filter(|(other, beside)| other != name && beside.position == note.position);
        let (agreeing, others) = beside
            .fold((0, 0), |(agreeing, others), (_, beside)| (agreeing + usize::from(beside.digest == note.digest), others + 1));
        PoolNode {
            name: name.clone(),
            version: note.version.clone(),
            position: Position::new(note.position),
            stored: Position::new(note.stored),
            digest: u128::from_str_radix(&note.digest, 16).unwrap_or_default(),
            snapshot: note.snapshot.map(Position::new),
            silent_for: if is_silent { between } else { Duration::ZERO },
            clock_ahead_ns: 0,
            agrees: (others > 0).then_some(agreeing == others),
            refusal: note.refusal.clone(),
            wall_ns: note.wall_ns,
            count: note.count,
            says: note.says.clone(),
        }
    };
    Ok(now.iter().map(node).collect())
}

pub(super) struct Heartbeat {
    shared: Arc<Shared>,
    engine: Arc<dyn Engine>,
    name: String,
    count: u64,
    heard: BTreeMap<String, Heard>,
    was_told: bool,
    every: Duration,
}

impl Heartbeat {
    pub fn new(shared: Arc<Shared>, engine: Arc<dyn Engine>, name: String) -> Self {
        let every = shared.options.heartbeat_every;
        Self { shared, engine, name, count: 0, heard: BTreeMap::new(), was_told: false, every }
    }

    /// Hears what time it is at the other nodes, if there are any, before this one stores anything.
    pub fn begin(&mut self) -> Result<(), EngineError> {
        self.beat()?;
        for _ in 0..BEATS_TO_BEGIN {
            if self.heard.len() > 1 {
                std::thread::sleep(self.every);
                self.beat()?;
            }
        }
        Ok(())
    }

    /// Works until the node is closed.
    pub fn run(mut self) {
        while !self.shared.queue.is_closed() {
            if let Err(error) = self.beat() {
                warn!(reason = chain(&error), "the other nodes cannot be heard");
            }
            std::thread::sleep(self.every);
        }
    }

    fn beat(&mut self) -> Result<(), EngineError> {
        let shared = self.shared.clone();
        let view = shared.pool.as_ref().expect("there is a pool");
        let status = shared.status();
        self.count += 1;
        let note = Note {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            position: status.position.get(),
            stored: view.stored().get(),
            digest: format!("{:032x}", status.digest),
            snapshot: status.snapshots.newest.map(Position::get),
            wall_ns: self.shared.watch.look().time.ns(),
            refusal: status.refusal.map(|refusal| refusal.to_string()),
            says: view.says(),
            count: self.count,
        };
        let bytes = serde_json::to_vec(&note).expect("numbers and texts can be written");
        self.engine.set(&format!("{PREFIX}{}", self.name), If::Always, &bytes)?;
        let notes = self.engine.list(PREFIX)?;
        let nodes: Vec<PoolNode> = notes.iter().filter_map(|(name, bytes)| self.hear(view, name, bytes)).collect();
        self.judge(view, &nodes);
        Ok(())
    }

    fn hear(&mut self, view: &PoolView, name: &str, bytes: &[u8]) -> Option<PoolNode> {
        let name = name.strip_prefix(PREFIX)?;
        let note: Note = serde_json::from_slice(bytes).ok()?;
        let clock_ahead_ns = note.wall_ns.saturating_sub(self.shared.watch.look().time.ns());
        let is_new = self.heard.get(name).is_none_or(|heard| heard.count != note.count);
        let now = Instant::now();
        if is_new {
            // A note that was there before this node came may be old: its clock says nothing.
            let is_first = !self.heard.contains_key(name);
            let at = if is_first { now.checked_sub(HAS_SAY * self.every).unwrap_or(now) } else { now };
            self.heard.insert(name.to_owned(), Heard { count: note.count, at, clock_ahead_ns });
        }
        let heard = &self.heard[name];
        let (position, digest) = (Position::new(note.position), u128::from_str_radix(&note.digest, 16).ok()?);
        Some(PoolNode {
            name: name.to_owned(),
            version: note.version,
            position,
            stored: Position::new(note.stored),
            digest,
            snapshot: note.snapshot.map(Position::new),
            silent_for: heard.at.elapsed(),
            clock_ahead_ns: heard.clock_ahead_ns,
            agrees: view.agrees(position, digest),
            refusal: note.refusal,
            wall_ns: note.wall_ns,
            count: note.count,
            says: note.says,
        })
    }

    fn judge(&mut self, view: &PoolView, nodes: &[PoolNode]) {
        let others = || nodes.iter().filter(|node| node.name != self.name && node.silent_for < HAS_SAY * self.every);
        let differing: Vec<&str> = others().filter(|node| node.agrees == Some(false)).map(|node| &node.name[..]).collect();
        let agreeing = 1 + others().filter(|node| node.agrees == Some(true)).count();
        if differing.len() > agreeing {
            let reason = format!("the state of this node is not that of {}", differing.join(", "));
            error!(reason, "this node has diverged from its pool and answers nothing any more");
            view.diverge(reason);
        } else if !differing.is_empty() && !self.was_told {
            error!(
                nodes = differing.join(", "),
                "the state of other nodes is not that of this one; somebody has to look into it"
            );
            self.was_told = true;
        }
        // Its own clock is one of them, and exactly where it is.
        let mut ahead: Vec<i64> = others().map(|node| node.clock_ahead_ns).chain([0]).collect();
        ahead.sort_unstable();
        let middle = ahead[ahead.len() / 2];
        let tolerance = i64::try_from(self.shared.options.clock_tolerance.as_nanos()).unwrap_or(i64::MAX);
        let is_off = ahead.len() > 2 && middle.abs() > tolerance;
        view.heard(nodes.to_vec(), is_off.then_some(-middle));
    }
}
