//! The one thread that writes: it takes what waits, appends it as one batch, applies it and answers.

use crate::node::expiry::Expiry;
use crate::node::joint_part;
use crate::node::log_end::{LogEnd, Ready};
use crate::node::queue::{Proposal, Woken};
use crate::node::shared::Shared;
use crate::node::snapshots::{Growth, Snapshotter};
use crate::node::start::replay;
use crate::node::{NodeError, Unavailable};
use deconflict_journal::{Entry, chain};
use deconflict_registry::{Action, Command, Outcome, Time};
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tracing::{error, info, warn};

pub(super) struct Writer {
    shared: Arc<Shared>,
    end: LogEnd,
    expiry: Expiry,
    snapshots: Snapshotter,
    /// What was last told of refusals.
    told: Option<mem::Discriminant<Unavailable>>,
}

/// Where an outcome goes: to a caller, or, of the writer's own commands, nowhere.
type Answer = Option<oneshot::Sender<Result<Outcome, Unavailable>>>;

/// A registry that panicked is in a state that no log leads to: better to start again from the log.
pub(super) struct AbortOnPanic;

impl Drop for AbortOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            error!("the writer has found a mistake of this program, and ends it");
            std::process::abort();
        }
    }
}

impl Writer {
    pub fn new(shared: Arc<Shared>, end: LogEnd, snapshots: Snapshotter) -> Self {
        let expiry = Expiry::new(&shared.options, shared.watch.steady_ns());
        Self { shared, end, expiry, snapshots, told: None }
    }

    /// Works until the queue is closed and empty.
    pub fn run(mut self) {
        let _guard = AbortOnPanic;
        loop {
            let timeout = if self.expiry.is_in_haste() { Duration::ZERO } else { self.shared.options.tick };
            if self.shared.queue.wait(timeout) == Woken::Ended {
                break;
            }
            self.turn();
        }
        self.snapshots.stop();
        let state = self.shared.read();
        info!(position = state.position.get(), digest = format!("{:032x}", state.registry.digest()), "the writer has ended");
    }

    fn turn(&mut self) {
        let options = self.shared.options;
        let (mut actions, mut answers): (Vec<Action>, Vec<Answer>) = (Vec::new(), Vec::new());
        for Proposal { action, answer, .. } in self.shared.queue.take(options.batch_commands, options.batch_bytes) {
            actions.push(action);
            answers.push(Some(answer));
        }
        match self.store(actions, &mut answers) {
            Ok(outcomes) => {
                self.tell(None);
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    match answer {
                        // Whoever went away does not want to know.
                        Some(answer) => drop(answer.send(Ok(outcome))),
                        None if matches!(outcome, Outcome::Expired(_)) => {
                            self.expiry.done(&outcome, self.shared.watch.steady_ns());
                        }
                        None => info!(?outcome, "the options were set"),
                    }
                }
            }
            Err(refusal) => {
                self.tell(Some(&refusal));
                answers.into_iter().flatten().for_each(|answer| drop(answer.send(Err(refusal.clone()))));
            }
        }
    }

    /// Gives the actions a time, makes them durable and applies them. An expiry that is due is added at the end.
    fn store(&mut self, actions: Vec<Action>, answers: &mut Vec<Answer>) -> Result<Vec<Outcome>, Unavailable> {
        let steady_ns = self.shared.watch.steady_ns();
        if self.end.ready(steady_ns)? == Ready::ReadAgain {
            self.catch_up()?;
        }
        let time = self.time()?;
        let wanted = self.shared.options.registry;
        let (set, expire) = {
            let registry = &self.shared.read().registry;
            let set = (registry.options() != wanted).then_some(Action::SetOptions(wanted));
            (set, self.expiry.due(registry, time, steady_ns))
        };
        // What it is set to counts from the first command on.
        if set.is_some() {
            answers.insert(0, None);
        }
        if expire.is_some() {
            answers.push(None);
        }
        let actions = set.into_iter().chain(actions).chain(expire);
        let commands: Vec<Command> = actions.map(|action| Command { proposed_at: time, action }).collect();
        if commands.is_empty() {
            self.snapshots.begin_if_due(&self.shared, self.end.journal());
            return if self.end.has_room() { Ok(Vec::new()) } else { Err(Unavailable::DiskFull) };
        }
        self.append(&commands, steady_ns)?;
        let outcomes = self.apply(&commands);
        self.snapshots.begin_if_due(&self.shared, self.end.journal());
        Ok(outcomes)
    }

    fn time(&self) -> Result<Time, Unavailable> {
        let log_time = self.shared.read().registry.log_time();
        self.shared.watch.time_after(log_time)
    }

    fn append(&mut self, commands: &[Command], steady_ns: u64) -> Result<(), Unavailable> {
        let contents: Vec<Vec<u8>> = commands.iter().map(Command::encode).collect();
        let entries: Vec<Entry> = contents
            .iter()
            .zip(commands)
            .map(|(content, command)| Entry { content, evidence: is_evidence(&command.action) })
            .collect();
        let bytes = contents.iter().map(|content| content.len() as u64).sum();
        let position = self.shared.read().position;
        let begun = Instant::now();
        let result = self.end.append(position, &entries, steady_ns);
        let took = begun.elapsed();
        let appends = &mut self.shared.health().appends;
        match &result {
            Ok(()) => {
                appends.batches += 1;
                appends.commands += commands.len() as u64;
                appends.bytes += bytes;
                appends.total += took;
                appends.latest = took;
                appends.longest = appends.longest.max(took);
                self.snapshots.grown(Growth { bytes, commands: commands.len() as u64, applying: Duration::ZERO });
            }
            Err(_) => appends.failures += 1,
        }
        result
    }

    /// Applies commands that are durable.
    fn apply(&mut self, commands: &[Command]) -> Vec<Outcome> {
        let begun = Instant::now();
        let mut state = self.shared.write();
        let waited = begun.elapsed();
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            outcomes.push(state.registry.apply(command));
            joint_part::apply(&mut state.joint, command);
        }
        state.position = state.position.plus(commands.len() as u64);
        drop(state);
        let applying = begun.elapsed() - waited;
        self.snapshots.grown(Growth { applying, ..Growth::default() });
        let snapshots = &mut self.shared.health().snapshots;
        if snapshots.is_running {
            snapshots.longest_stall = snapshots.longest_stall.max(waited);
        }
        outcomes
    }

    /// Applies what is in the log behind the state: a batch whose callers were told that it failed, and that was stored.
    fn catch_up(&mut self) -> Result<(), Unavailable> {
        let position = self.shared.read().position;
        let mut commands = Vec::new();
        match replay(self.end.journal(), position, |command, _| commands.push(command)) {
            Ok(_) if commands.is_empty() => Ok(()),
            Ok(_) => {
                warn!(commands = commands.len(), "commands were stored after all, and are applied");
                self.apply(&commands);
                Ok(())
            }
            Err(error @ (NodeError::Record { .. } | NodeError::Joint { .. })) => Err(self.end.give_up(chain(&error))),
            Err(error) => Err(self.end.read_later(chain(&error), false, self.shared.watch.steady_ns())),
        }
    }

    /// Notes why commands are refused, and tells of it when it changes.
    fn tell(&mut self, refusal: Option<&Unavailable>) {
        let kind = refusal.map(mem::discriminant);
        if kind != self.told {
            match refusal {
                Some(refusal) => warn!(reason = %refusal, "commands are refused"),
                None => info!("commands are taken again"),
            }
            self.told = kind;
        }
        let is_of_disk = matches!(refusal, Some(Unavailable::DiskFull | Unavailable::JournalFailed { .. }));
        self.shared.health().refusal = refusal.filter(|_| is_of_disk).cloned();
    }
}

/// What must outlive the snapshots. Reports are filed so that somebody can look into them later, and the registry keeps only who
/// filed them and when: their texts are in the log alone. All else either is in the state or has been replaced.
fn is_evidence(action: &Action) -> bool {
    matches!(action, Action::FileReport(_) | Action::Carry(_))
}
