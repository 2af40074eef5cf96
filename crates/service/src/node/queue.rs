//! What waits to be stored: bounded in number and in bytes, so that a slow disk makes callers wait or go away, and never
//! takes the memory.

use crate::node::{NodeOptions, Unavailable};
use deconflict_registry::{Action, Outcome};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::oneshot;

/// What a caller wants, and where it waits for the answer.
pub(super) struct Proposal {
    pub action: Action,
    /// How many bytes the command will have.
    pub bytes: usize,
    pub answer: oneshot::Sender<Result<Outcome, Unavailable>>,
}

pub(super) struct Queue {
    max_commands: usize,
    max_bytes: usize,
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    proposals: VecDeque<Proposal>,
    bytes: usize,
    is_closed: bool,
    /// Whether there is something to do besides.
    is_woken: bool,
}

/// Why the writer woke up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// There is something to do, or the time is over.
    Work,
    /// Nothing waits, and nothing will come.
    Ended,
}

impl Queue {
    pub fn new(options: &NodeOptions) -> Self {
        Self {
            max_commands: options.queue_commands,
            max_bytes: options.queue_bytes,
            waiting: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Puts a proposal at the end.
    pub fn push(&self, proposal: Proposal) -> Result<(), Unavailable> {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return Err(Unavailable::Stopping);
        }
        let is_full = waiting.proposals.len() >= self.max_commands || waiting.bytes + proposal.bytes > self.max_bytes;
        // What is longer than the whole queue goes when nothing else waits.
        if is_full && !waiting.proposals.is_empty() {
            return Err(Unavailable::Overloaded);
        }
        waiting.bytes += proposal.bytes;
        waiting.proposals.push_back(proposal);
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits until something is there, or the queue is closed, but no longer than `timeout`.
    pub fn wait(&self, timeout: Duration) -> Woken {
        let is_idle = |waiting: &mut Waiting| waiting.proposals.is_empty() && !waiting.is_closed && !waiting.is_woken;
        let woken = self.changed.wait_timeout_while(self.lock(), timeout, is_idle);
        let (mut waiting, _) = woken.expect("nobody panics while holding it");
        waiting.is_woken = false;
        if waiting.is_closed && waiting.proposals.is_empty() { Woken::Ended } else { Woken::Work }
    }

    /// Has the writer look around, though nothing was put here.
    pub fn wake(&self) {
        self.lock().is_woken = true;
        self.changed.notify_one();
    }

    /// Takes proposals from the front for whom somebody still waits, within the limits; one at least, if there is one.
    pub fn take(&self, max_commands: usize, max_bytes: usize) -> Vec<Proposal> {
        let mut waiting = self.lock();
        let (mut taken, mut bytes) = (Vec::new(), 0);
        while let Some(next) = waiting.proposals.front() {
            if !taken.is_empty() && (taken.len() >= max_commands || bytes + next.bytes > max_bytes) {
                break;
            }
            let next = waiting.proposals.pop_front().expect("there is a front");
            waiting.bytes -= next.bytes;
            if !next.answer.is_closed() {
                bytes += next.bytes;
                taken.push(next);
            }
        }
        taken
    }

    /// Takes nothing more; what waits is still to be done.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    pub fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    pub fn len(&self) -> usize {
        self.lock().proposals.len()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().expect("nobody panics while holding it")
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
