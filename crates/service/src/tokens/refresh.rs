//! Keeps the keys of one source fresh, on a thread of its own, so that nobody who verifies a token waits for the network.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::fetch::Place;
use super::jwk;
use super::schedule::Schedule;
use super::source::Source;

/// The thread's other end. It ends by itself when this is dropped, after a fetch that may run.
#[derive(Debug)]
pub struct Refresher {
    wishes: SyncSender<()>,
}

/// What is refreshed, from where and how.
#[derive(Debug)]
pub struct Task {
    /// The keys.
    pub source: Arc<Source>,
    /// Where they come from.
    pub place: Place,
    /// When.
    pub schedule: Schedule,
    /// How long fetched keys count.
    pub usable_for: Duration,
}

impl Refresher {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub fn start(task: Task) -> std::io::Result<Self> {
        // One wish that waits says as much as many.
        let (wishes, wished) = sync_channel(1);
        std::thread::Builder::new().name("jwks".to_owned()).spawn(move || run(task, &wished))?;
        Ok(Self { wishes })
    }

    /// Asks for a refresh, soon and not too often.
    pub fn wish(&self) {
        // A full channel holds the same wish.
        let _ = self.wishes.try_send(());
    }
}

fn run(mut task: Task, wished: &Receiver<()>) {
    loop {
        let wait = task.schedule.next().saturating_duration_since(Instant::now());
        match wished.recv_timeout(wait) {
            Ok(()) => task.schedule.wished(),
            Err(RecvTimeoutError::Timeout) => refresh(&mut task),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn refresh(task: &mut Task) {
    let name = &task.source.name;
    let outcome = task.place.fetch().and_then(|json| jwk::read(&json));
    task.schedule.fetched(Instant::now(), outcome.is_ok());
    let generation = task.source.state().generation;
    let keys = match outcome {
        Ok(jwks) => {
            log_ignored(name, &jwks.ignored);
            Ok(jwks.keys)
        }
        Err(why) => {
            tracing::warn!(source = %name, %why, "keys not refreshed; the known ones work on for a while");
            Err(why)
        }
    };
    task.source.refresh(keys, task.usable_for);
    let state = task.source.state();
    if state.generation != generation {
        tracing::info!(source = %name, keys = state.keys.len(), "keys changed");
    }
}

/// Says which keys of a set cannot be used.
pub fn log_ignored(name: &str, ignored: &[String]) {
    for why in ignored {
        tracing::debug!(source = %name, %why, "key passed over");
    }
}

#[cfg(test)]
#[path = "refresh_tests.rs"]
mod tests;
