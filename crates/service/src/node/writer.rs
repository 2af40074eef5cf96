//! The one thread that writes: it takes what waits, appends it as one batch, applies it and answers.

use crate::node::expiry::Expiry;
use crate::node::joint_part::{self, Carried};
use crate::node::log_end::{LogEnd, Ready};
use crate::node::pool_end::PoolEnd;
use crate::node::pool_view::PoolView;
use crate::node::pool_writer::FOLLOW_EVERY;
use crate::node::queue::{Proposal, Woken};
use crate::node::shared::Shared;
use crate::node::snapshots::{Growth, Snapshotter};
use crate::node::start::replay;
use crate::node::{NodeError, Unavailable};
use deconflict_journal::{Entry, Position, chain};
use deconflict_registry::{Action, Command, Outcome, Time};
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tracing::{error, info, warn};

pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    /// The files of this node.
    pub(super) end: LogEnd,
    /// Where the end of the log is, if not there.
    pub(super) pool: Option<PoolEnd>,
    expiry: Expiry,
    /// Whether something new was heard of too soon after the last reading: it is read a moment later.
    pub(super) reads_again: bool,
    pub(super) snapshots: Snapshotter,
    /// What was last told of refusals.
    told: Option<mem::Discriminant<Unavailable>>,
    /// Whether it was said which flags the pool overrules.
    pub(super) is_told_of_flags: bool,
}

/// Where an outcome goes: to a caller, or, of the writer's own commands, nowhere.
pub(super) type Answer = Option<oneshot::Sender<Done>>;

/// What comes of one command that is stored.
pub(super) type Done = Result<Outcome, Unavailable>;

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
    pub fn new(shared: Arc<Shared>, end: LogEnd, pool: Option<PoolEnd>, snapshots: Snapshotter) -> Self {
        let expiry = Expiry::new(&shared.options, shared.watch.steady_ns());
        Self { shared, end, pool, expiry, reads_again: false, snapshots, told: None, is_told_of_flags: false }
    }

    /// Works until the queue is closed and empty.
    pub fn run(mut self) {
        let _guard = AbortOnPanic;
        loop {
            let timeout = match () {
                () if self.expiry.is_in_haste() => Duration::ZERO,
                () if self.reads_again => FOLLOW_EVERY,
                () => self.shared.options.tick,
            };
            if self.shared.queue.wait(timeout) == Woken::Ended {
                break;
            }
            self.turn();
        }
        self.shared.pool.iter().for_each(PoolView::close);
        self.snapshots.stop();
        let state = self.shared.read();
        info!(position = state.position.get(), digest = format!("{:032x}", state.digest()), "the writer has ended");
    }

    fn turn(&mut self) {
        let options = self.shared.options;
        let (mut actions, mut answers): (Vec<Action>, Vec<Answer>) = (Vec::new(), Vec::new());
        for Proposal { action, answer, .. } in self.shared.queue.take(options.batch_commands, options.batch_bytes) {
            actions.push(action);
            answers.push(Some(answer));
        }
        let stored =
            if self.pool.is_some() { self.store_in_pool(actions, &mut answers) } else { self.store(actions, &mut answers) };
        match stored {
            Ok(outcomes) => {
                self.tell(None);
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    match (answer, outcome) {
                        // Whoever went away does not want to know.
                        (Some(answer), outcome) => drop(answer.send(outcome)),
                        (None, Ok(outcome @ Outcome::Expired(_))) => {
                            self.expiry.done(&outcome, self.shared.watch.steady_ns());
                        }
                        (None, outcome) => info!(?outcome, "the options were set"),
                    }
                }
            }
            Err(refusal) => {
                self.tell(Some(&refusal));
                answers.into_iter().flatten().for_each(|answer| drop(answer.send(Err(refusal.clone()))));
            }
        }
        self.mirror();
    }

    /// Gives the actions a time, makes them durable and applies them. An expiry that is due is added at the end.
    fn store(&mut self, actions: Vec<Action>, answers: &mut Vec<Answer>) -> Result<Vec<Done>, Unavailable> {
        let steady_ns = self.shared.watch.steady_ns();
        if self.end.ready(steady_ns)? == Ready::ReadAgain {
            self.catch_up()?;
        }
        let commands = self.commands(actions, answers, steady_ns)?;
        if commands.is_empty() {
            self.snapshots.begin_if_due(&self.shared, self.end.journal());
            return if self.end.has_room() { Ok(Vec::new()) } else { Err(Unavailable::DiskFull) };
        }
        self.append(&commands, steady_ns)?;
        let outcomes = self.apply(&commands);
        self.snapshots.begin_if_due(&self.shared, self.end.journal());
        Ok(outcomes)
    }

    /// The actions with a time, and before and after them what the node itself has to propose.
    pub(super) fn commands(
        &mut self,
        actions: Vec<Action>,
        answers: &mut Vec<Answer>,
        steady_ns: u64,
    ) -> Result<Vec<Command>, Unavailable> {
        let time = self.time()?;
        let mut commands = Vec::with_capacity(actions.len() + 2);
        // What it is set to counts from the first command on. In a pool, whoever stores the first command sets it for all.
        let is_set = self.pool.is_some() && self.shared.read().position > Position::START;
        let sets = !is_set && self.shared.read().registry.options() != self.shared.options.registry;
        if sets {
            commands.push(Command { proposed_at: time, action: Action::SetOptions(self.shared.options.registry) });
            answers.insert(0, None);
        }
        commands.extend(actions.into_iter().map(|action| Command { proposed_at: time, action }));
        // How long something is kept is not known before it is set.
        if !sets && let Some(action) = self.expiry.due(&self.shared.read().registry, time, steady_ns) {
            commands.push(Command { proposed_at: time, action });
            answers.push(None);
        }
        Ok(commands)
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
        self.count_append(took, commands.len() as u64, bytes, result.is_ok());
        result
    }

    pub(super) fn count_append(&mut self, took: Duration, commands: u64, bytes: u64, is_stored: bool) {
        let appends = &mut self.shared.health().appends;
        if !is_stored {
            appends.failures += 1;
            return;
        }
        appends.batches += 1;
        appends.commands += commands;
        appends.bytes += bytes;
        appends.total += took;
        appends.latest = took;
        appends.longest = appends.longest.max(took);
        self.snapshots.grown(Growth { bytes, commands, applying: Duration::ZERO });
    }

    /// Applies commands that are durable.
    pub(super) fn apply(&mut self, commands: &[Command]) -> Vec<Done> {
        let begun = Instant::now();
        let mut state = self.shared.write();
        let waited = begun.elapsed();
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            let outcome = state.registry.apply(command);
            outcomes.push(match joint_part::apply(&mut state.joint, command) {
                Carried::Nothing => Ok(outcome),
                Carried::Overtaken => Err(Unavailable::Overtaken),
                Carried::Applied(carried) => {
                    state.latest.keep(carried);
                    Ok(outcome)
                }
            });
        }
        state.position = state.position.plus(commands.len() as u64);
        let applied = state.joint.applied;
        drop(state);
        self.shared.joint_applied.send_if_modified(|known| std::mem::replace(known, applied) != applied);
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
    pub(super) fn tell(&mut self, refusal: Option<&Unavailable>) {
        let kind = refusal.map(mem::discriminant);
        if kind != self.told {
            match refusal {
                Some(refusal) => warn!(reason = %refusal, "commands are refused"),
                None => info!("commands are taken again"),
            }
            self.told = kind;
        }
        let is_of_disk =
            matches!(refusal, Some(Unavailable::DiskFull | Unavailable::JournalFailed { .. } | Unavailable::CutOff { .. }));
        self.shared.health().refusal = refusal.filter(|_| is_of_disk).cloned();
    }
}

/// What must outlive the snapshots. Reports are filed so that somebody can look into them later, and the registry keeps only who
/// filed them and when: their texts are in the log alone. All else either is in the state or has been replaced.
pub(super) fn is_evidence(action: &Action) -> bool {
    matches!(action, Action::FileReport(_) | Action::Carry(_))
}
