//! What must come of what was answered: a registry that was told the same, and the log read plainly.

use crate::support::{FakeClock, block_on, chain, open};
use crate::workload::Clients;
use deconflict_journal::faulty::Faulty;
use deconflict_journal::{Journal, Options, Position};
use deconflict_registry::*;
use deconflict_service::node::{Clock, Node, NodeOptions, Unavailable};
use std::sync::Arc;
use std::time::Duration;

/// What was proposed, one after another, and answered.
#[derive(Default)]
pub struct Told {
    pub answers: Vec<(Command, Result<Outcome, Unavailable>)>,
}

/// Proposes `count` wishes, one after another, while time passes; waits for each snapshot that begins.
pub fn work(node: &Node, clock: &FakeClock, clients: &mut Clients, count: usize, told: &mut Told) {
    for _ in 0..count {
        clock.advance(Duration::from_secs(1));
        let action = clients.action(clock.wall());
        let command = Command { proposed_at: clock.wall(), action: action.clone() };
        let answer = block_on(node.propose(action));
        if let Ok(outcome) = &answer {
            clients.learn(outcome);
        }
        told.answers.push((command, answer));
        crate::support::wait_until("no snapshot is being written", || !node.status().snapshots.is_running);
    }
}

impl Told {
    pub fn acknowledged(&self) -> usize {
        self.answers.iter().filter(|(_, answer)| answer.is_ok()).count()
    }

    /// Opens what is in `storage` and compares it with what was answered: each answer holds, nothing is there that was refused,
    /// and of what nobody knows it is there as a whole or not at all.
    pub fn check(&self, storage: &Faulty, clock: &Arc<FakeClock>, options: NodeOptions) -> Result<Node, String> {
        let (node, _) = open(storage, clock, options).map_err(|error| chain(&error))?;
        let status = node.status();
        let expected = self.possible_states()?;
        if !expected.iter().any(|(registry, end)| (registry.digest(), *end) == (status.digest, status.position.get())) {
            let ends: Vec<u64> = expected.iter().map(|(_, end)| *end).collect();
            return Err(format!(
                "acknowledged writes are missing or altered: the log ends at {} with digest {:032x}; expected {ends:?}, {:032x}",
                status.position,
                status.digest,
                expected[0].0.digest()
            ));
        }
        Ok(node)
    }

    /// The states that the answers allow, each with the end of the log. Answers that contradict each other are an error.
    fn possible_states(&self) -> Result<Vec<(Registry, u64)>, String> {
        let mut states = vec![(Registry::new(), 0)];
        for (number, (command, answer)) in self.answers.iter().enumerate() {
            match answer {
                Ok(expected) => {
                    states.retain_mut(|(registry, end)| {
                        *end += 1;
                        registry.apply(command) == *expected
                    });
                    if states.is_empty() {
                        return Err(format!("answer {number} is not what the log says: {expected:?}"));
                    }
                }
                Err(Unavailable::JournalFailed { may_be_stored: true, .. }) => {
                    let with = states.iter().map(|(registry, end)| {
                        let mut registry = registry.clone();
                        registry.apply(command);
                        (registry, end + 1)
                    });
                    let with: Vec<_> = with.collect();
                    states.extend(with);
                }
                Err(_) => {}
            }
        }
        Ok(states)
    }
}

/// The commands of the log, from the first one that is there, and whether each is evidence.
pub fn log_of(storage: &Faulty) -> Vec<(Position, Command, bool)> {
    let (journal, _) = Journal::open(Arc::new(storage.clone()), Options::default()).expect("the log is good");
    let records = journal.reader(journal.first()).expect("the first record is there");
    records
        .map(|record| {
            let record = record.expect("every record can be read");
            let command = Command::decode(&record.content).expect("every record is a command");
            (record.position, command, record.evidence)
        })
        .collect()
}

/// A registry that was told the log, all of which is there.
pub fn replay_of(storage: &Faulty) -> Registry {
    let mut registry = Registry::new();
    for (number, (position, command, _)) in log_of(storage).into_iter().enumerate() {
        assert_eq!(position.get(), number as u64, "a part of the log is gone");
        registry.apply(&command);
    }
    registry
}
