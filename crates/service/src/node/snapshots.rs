//! Snapshots: written on a thread of their own while commands go on, so that a start is quick and old segments can go.
//!
//! One is due when replaying what came since the last one would be felt at the next start: by bytes, by commands, or by the time
//! that applying them took. After a big one the next waits, so that only a part of the time goes into them; and it waits until the log
//! has grown by as much as the last one was long, so that writing snapshots never takes more of the disk than writing the log.

use crate::node::NodeOptions;
use crate::node::joint_part;
use crate::node::shared::{Shared, State};
use crate::node::writer::AbortOnPanic;
use deconflict_journal::{Journal, Position, ReadError, chain};
use deconflict_registry::Capture;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tracing::{info, warn};

/// Bytes that are encoded while the writer waits: 300 intents, some hundred microseconds.
const PIECE_BYTES: usize = 32 * 1024;
/// However big the last snapshot was: commands that took so many times as long to apply as is felt are enough for the next.
const LONGEST_REPLAYS: u32 = 3;
/// After one that failed the next waits so long.
const AGAIN_AFTER: Duration = Duration::from_secs(30);

/// Asks the thread to stop at the next piece.
#[derive(Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The writer's side.
pub(super) struct Snapshotter {
    since: Growth,
    rests_until: Option<Instant>,
    thread: Option<JoinHandle<Duration>>,
    interrupt: Interrupt,
    kept: Arc<Mutex<BTreeSet<Position>>>,
}

/// How much came since the last snapshot began.
#[derive(Clone, Copy, Default)]
pub(super) struct Growth {
    pub bytes: u64,
    pub commands: u64,
    pub applying: Duration,
}

impl Growth {
    /// Whether a start would be too slow. `last_bytes`: the length of the last snapshot, which the next is to be worth.
    fn is_felt(&self, options: &NodeOptions, last_bytes: u64) -> bool {
        let is_long = self.bytes >= options.snapshot_every_bytes
            || self.commands >= options.snapshot_every_commands
            || self.applying >= options.snapshot_every_applying;
        let worth_bytes = last_bytes / 100 * options.snapshot_growth_percent;
        is_long && (self.bytes >= worth_bytes || self.applying >= LONGEST_REPLAYS * options.snapshot_every_applying)
    }
}

impl Snapshotter {
    /// `since`: what was replayed at the start.
    pub fn new(since: Growth) -> Self {
        let (interrupt, kept) = (Interrupt::default(), Arc::default());
        Self { since, rests_until: None, thread: None, interrupt, kept }
    }

    pub fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    pub fn grown(&mut self, by: Growth) {
        self.since.bytes += by.bytes;
        self.since.commands += by.commands;
        self.since.applying += by.applying;
    }

    /// Begins a snapshot of the state as it is, if one is due and none is being written.
    pub fn begin_if_due(&mut self, shared: &Arc<Shared>, journal: &Arc<Journal>) {
        if let Some(thread) = self.thread.take_if(|thread| thread.is_finished()) {
            let rest = thread.join().expect("a panic of that thread ends the process");
            self.rests_until = Some(Instant::now() + rest);
        }
        let rests = self.rests_until.is_some_and(|until| Instant::now() < until);
        if self.thread.is_some() || rests || self.since.commands == 0 {
            return;
        }
        let last_bytes = shared.health().snapshots.bytes;
        if !self.since.is_felt(&shared.options, last_bytes) {
            return;
        }
        self.interrupt.0.store(false, Ordering::Relaxed);
        let begun = Instant::now();
        let (position, joint, capture) = {
            let State { registry, joint, position, .. } = &mut *shared.write();
            (*position, Arc::clone(joint), registry.begin_capture())
        };
        {
            let snapshots = &mut shared.health().snapshots;
            snapshots.is_running = true;
            snapshots.longest_stall = snapshots.longest_stall.max(begun.elapsed());
        }
        let work = Work {
            shared: shared.clone(),
            journal: journal.clone(),
            position,
            joint,
            interrupt: self.interrupt(),
            kept: self.kept.clone(),
        };
        match std::thread::Builder::new().name("node-snapshot".to_owned()).spawn(move || work.run(capture)) {
            Ok(thread) => {
                self.since = Growth::default();
                self.thread = Some(thread);
            }
            Err(error) => {
                warn!(%error, "no thread for a snapshot");
                drop(shared.write().registry.end_capture());
                shared.health().snapshots.is_running = false;
                self.rests_until = Some(Instant::now() + AGAIN_AFTER);
            }
        }
    }

    /// Gives up what is being written, and waits for the thread.
    pub fn stop(&mut self) {
        self.interrupt.ask();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("a panic of that thread ends the process");
        }
    }
}

/// The thread's side.
struct Work {
    shared: Arc<Shared>,
    journal: Arc<Journal>,
    position: Position,
    joint: Arc<deconflict_joint::State>,
    interrupt: Interrupt,
    /// Segments that are known to hold evidence, by their first records: they need not be read again to know it.
    kept: Arc<Mutex<BTreeSet<Position>>>,
}

impl Work {
    /// Gives how long the next one is to wait.
    fn run(self, capture: Capture) -> Duration {
        let _guard = AbortOnPanic;
        let begun = Instant::now();
        let written = self.write(capture);
        let remains = self.shared.write().registry.end_capture();
        drop(remains);
        let removed = match &written {
            Ok(_) => self.remove_segments(),
            Err(_) => Ok(0),
        };
        let took = begun.elapsed();
        let is_good = self.tell(&written, &removed, took);
        let snapshots = &mut self.shared.health().snapshots;
        snapshots.is_running = false;
        if is_good { took * self.shared.options.snapshot_rest } else { AGAIN_AFTER }
    }

    /// Writes the snapshot and gives its length.
    fn write(&self, mut capture: Capture) -> Result<u64, ReadError> {
        let mut bytes = 0;
        self.journal.write_snapshot(self.position, &mut |sink: &mut dyn Write| {
            let mut piece = Vec::new();
            let mut has_more = true;
            while has_more {
                if self.interrupt.is_asked() {
                    return Err(io::Error::new(io::ErrorKind::Interrupted, "it was given up"));
                }
                has_more = self.shared.read().registry.capture_next(&mut capture, PIECE_BYTES, &mut piece);
                if !has_more {
                    capture.finish(&mut piece);
                    piece.extend(joint_part::written(&self.joint));
                }
                bytes += piece.len() as u64;
                sink.write_all(&piece)?;
                piece.clear();
            }
            Ok(())
        })?;
        Ok(bytes)
    }

    /// Removes the segments that nobody needs any more, and gives how many.
    fn remove_segments(&self) -> Result<usize, ReadError> {
        let mut kept = self.kept.lock().expect("nobody panics while holding it");
        let mut asked = Vec::new();
        let removed = self.journal.remove_dispensable(&mut |range: Range<Position>| {
            let is_held = self.interrupt.is_asked() || kept.contains(&range.start);
            if !is_held {
                asked.push(range.start);
            }
            is_held
        })?;
        // What was neither held nor removed holds evidence.
        let is_removed = |position: &Position| removed.iter().any(|removal| removal.before.position == *position);
        kept.extend(asked.into_iter().filter(|position| !is_removed(position)));
        Ok(removed.len())
    }

    /// Tells how it went; false if not all of it went well.
    fn tell(&self, written: &Result<u64, ReadError>, removed: &Result<usize, ReadError>, took: Duration) -> bool {
        let snapshots = &mut self.shared.health().snapshots;
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (position, longest_stall_us) = (self.position.get(), snapshots.longest_stall.as_micros());
        match (written, removed) {
            (Ok(bytes), Ok(segments_removed)) => {
                snapshots.segments_removed += *segments_removed as u64;
                info!(position, bytes, took_ms, segments_removed, longest_stall_us, "a snapshot was written");
            }
            (Ok(bytes), Err(error)) => {
                warn!(position, bytes, took_ms, reason = chain(error), "a snapshot was written; old segments stay");
            }
            (Err(_), _) if self.interrupt.is_asked() => info!(position, took_ms, "a snapshot was given up"),
            (Err(error), _) => warn!(position, took_ms, reason = chain(error), "a snapshot was not written"),
        }
        match written {
            Ok(bytes) => {
                snapshots.written += 1;
                snapshots.newest = Some(self.position);
                snapshots.bytes = *bytes;
                snapshots.latest = took;
            }
            Err(_) => snapshots.failures += 1,
        }
        written.is_ok() && removed.is_ok()
    }
}
