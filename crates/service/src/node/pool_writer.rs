//! The writer's turn in a pool: one exchange with the engine stores what waits, tells what others stored, and answers all who wait to
//! be up to date.

use crate::node::Unavailable;
use crate::node::options::differing_flags;
use crate::node::pool_view::PoolView;
use crate::node::snapshots::Growth;
use crate::node::start::command_of;
use crate::node::writer::{Answer, Done, Writer, is_evidence};
use deconflict_journal::{Entry, Nonce, Position, chain};
use deconflict_pool::Contents;
use deconflict_registry::{Action, Command};
use std::time::{Duration, Instant};
use tracing::warn;

/// Who only hears that there is something new reads it so often at most.
pub(super) const FOLLOW_EVERY: Duration = Duration::from_millis(50);

impl Writer {
    /// Applies and mirrors what the pool has behind the files of this node, as far as it can be had. Proposes nothing: what time it is
    /// at the other nodes is not known yet, and one command from a clock that is years ahead would have all others wait for years.
    pub fn catch_up_with_pool(&mut self) {
        let began = Instant::now();
        match self.follow() {
            Ok(()) => self.shared.pool.as_ref().expect("there is a pool").fresh(began),
            Err(refusal) => self.tell(Some(&refusal)),
        }
        self.mirror();
    }

    /// As `store`, with the engine; also reads what others stored, and tells those who wait that the state is up to date.
    pub(super) fn store_in_pool(&mut self, actions: Vec<Action>, answers: &mut Vec<Answer>) -> Result<Vec<Done>, Unavailable> {
        let shared = self.shared.clone();
        let view = shared.pool.as_ref().expect("there is a pool");
        // An exchange that begins from here on is what they wait for.
        let (waiters, began) = (view.take_waiters(), Instant::now());
        let (result, followed) = match self.exchange(actions, answers, view, !waiters.is_empty()) {
            Ok((outcomes, followed)) => (Ok(outcomes), followed),
            Err((refusal, followed)) => (Err(refusal), followed),
        };
        if followed == Ok(true) {
            view.fresh(began);
        }
        for waiter in waiters {
            // Whoever went away does not want to know.
            drop(waiter.send(followed.clone().map(drop)));
        }
        result
    }

    /// The outcomes, or why there are none; and beside it whether everything was read, or why not.
    #[expect(clippy::type_complexity, reason = "two questions, each with an answer of its own")]
    fn exchange(
        &mut self,
        actions: Vec<Action>,
        answers: &mut Vec<Answer>,
        view: &PoolView,
        is_waited_for: bool,
    ) -> Result<(Vec<Done>, Result<bool, Unavailable>), (Unavailable, Result<bool, Unavailable>)> {
        let failed = |refusal: Unavailable| (refusal.clone(), Err(refusal));
        let steady_ns = self.shared.watch.steady_ns();
        view.diverged().map_or(Ok(()), Err).map_err(failed)?;
        // Nothing more is read before the files have what was applied.
        self.end.ready(steady_ns).and_then(|_| self.mirror_now(steady_ns)).map_err(failed)?;
        let commands = match view.refusal() {
            Some(refusal) if !actions.is_empty() => Err(refusal),
            Some(_) => Ok(Vec::new()),
            None => self.commands(actions, answers, steady_ns),
        };
        match commands {
            Ok(commands) if !commands.is_empty() => match self.propose(&commands) {
                Ok(outcomes) => Ok((outcomes, Ok(true))),
                Err(refusal) => Err(failed(refusal)),
            },
            other => {
                let is_idle = !is_waited_for && view.age().is_some_and(|age| age < FOLLOW_EVERY);
                self.reads_again = is_idle;
                let followed = if is_idle { Ok(false) } else { self.follow().map(|()| true) };
                match (other, followed) {
                    (Err(refusal), followed) => Err((refusal, followed)),
                    (Ok(_), Err(refusal)) => Err(failed(refusal)),
                    (Ok(_), followed) => Ok((Vec::new(), followed)),
                }
            }
        }
    }

    fn follow(&mut self) -> Result<(), Unavailable> {
        let followed = self.pool.as_mut().expect("there is a pool").follow();
        self.apply_news(None)?;
        followed
    }

    fn propose(&mut self, commands: &[Command]) -> Result<Vec<Done>, Unavailable> {
        let contents: Vec<Vec<u8>> = commands.iter().map(Command::encode).collect();
        let bytes = contents.iter().map(|content| content.len() as u64).sum();
        let entries: Vec<Entry<'_>> = contents
            .iter()
            .zip(commands)
            .map(|(content, command)| Entry { content, evidence: is_evidence(&command.action) })
            .collect();
        let (nonce, fresh) = (self.end.nonce(), self.end.nonce());
        let begun = Instant::now();
        let stored = self.pool.as_mut().expect("there is a pool").propose(nonce, fresh, &entries);
        self.count_append(begun.elapsed(), commands.len() as u64, bytes, stored.is_ok());
        let outcomes = self.apply_news(Some(nonce))?;
        match (outcomes, stored) {
            (Some(outcomes), _) => Ok(outcomes),
            (None, Err(refusal)) => Err(refusal),
            (None, Ok(())) => unreachable!("a batch that is stored is in the news"),
        }
    }

    /// Applies the batches that were read, and gives the outcomes of the own one, if it is among them.
    fn apply_news(&mut self, own: Option<Nonce>) -> Result<Option<Vec<Done>>, Unavailable> {
        let mut of_own = None;
        for contents in self.pool.as_mut().expect("there is a pool").take_news() {
            let commands = match self.commands_of(&contents) {
                Ok(commands) => commands,
                Err(reason) => return Err(self.pool.as_mut().expect("there is a pool").end(reason)),
            };
            let outcomes = self.apply(&commands);
            if own == Some(contents.nonce) {
                of_own = Some(outcomes);
            } else {
                let bytes = contents.records.iter().map(|(_, content)| content.len() as u64).sum();
                self.snapshots.grown(Growth { bytes, commands: commands.len() as u64, applying: Duration::ZERO });
            }
            let (position, digest) = {
                let state = self.shared.read();
                (state.position, state.digest())
            };
            self.shared.pool.as_ref().expect("there is a pool").applied(position, digest);
            self.pool.as_mut().expect("there is a pool").applied(contents);
        }
        Ok(of_own)
    }

    fn commands_of(&self, contents: &Contents) -> Result<Vec<Command>, String> {
        let position = self.shared.read().position;
        let numbered = contents.records.iter().zip(0..);
        let commands = numbered.map(|((_, content), index)| command_of(content, position.plus(index)));
        commands.collect::<Result<_, _>>().map_err(|error| chain(&error))
    }

    /// Has the files follow what was applied; a failure is met again in the next turn.
    pub(super) fn mirror(&mut self) {
        if self.pool.is_none() {
            return;
        }
        self.tell_of_flags();
        match self.mirror_now(self.shared.watch.steady_ns()) {
            Ok(()) => {
                self.compact_if_due();
                self.snapshots.begin_if_due(&self.shared, self.end.journal());
            }
            Err(refusal) => self.tell(Some(&refusal)),
        }
    }

    /// Says once which flags of this node do not count, as soon as it is known what the pool was begun with.
    fn tell_of_flags(&mut self) {
        let (holds, is_set) = {
            let state = self.shared.read();
            (state.registry.options(), state.position > Position::START)
        };
        if !is_set || std::mem::replace(&mut self.is_told_of_flags, true) {
            return;
        }
        for (flag, given, holds) in differing_flags(&self.shared.options.registry, &holds) {
            warn!(flag, given, holds, "a flag of this node has no effect: whoever began the pool has set it for all");
        }
    }

    fn compact_if_due(&mut self) {
        let (shared, tip) = (self.shared.clone(), self.end.journal().tip());
        let (pool, view) = (self.pool.as_mut().expect("there is a pool"), shared.pool.as_ref().expect("there is a pool"));
        pool.compact_if_due(view, tip, &shared.options);
    }

    fn mirror_now(&mut self, steady_ns: u64) -> Result<(), Unavailable> {
        self.pool.as_mut().expect("there is a pool").mirror(&mut self.end, steady_ns)
    }
}
