//! Many proposers at once: everybody is answered, and the answers are those that the log gives when it is read alone.

use crate::support::{FakeClock, SECOND, ask, opened, options, wait_until};
use crate::witness::{log_of, replay_of};
use crate::workload::Clients;
use deconflict_journal::faulty::Faulty;
use deconflict_registry::{Command, Outcome, Registry, SubscriptionId};
use deconflict_service::node::{Clock, NodeOptions};
use std::collections::BTreeMap;
use std::thread;

const THREADS: u64 = 8;
const EACH: usize = 150;

#[test]
fn answers_of_many_proposers_are_those_of_the_log() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    let answers: Vec<(Vec<u8>, Outcome)> = thread::scope(|scope| {
        let threads: Vec<_> = (1..=THREADS)
            .map(|seed| {
                let (node, clock) = (&node, &clock);
                scope.spawn(move || {
                    let (mut clients, mut answers) = (Clients::new(seed), Vec::new());
                    for _ in 0..EACH {
                        clock.advance(SECOND / 100);
                        let action = clients.action(clock.wall());
                        let outcome = ask(node, action.clone()).expect("nothing goes wrong");
                        clients.learn(&outcome);
                        answers.push((without_time(&Command { proposed_at: clock.wall(), action }), outcome));
                    }
                    answers
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    node.close();
    let log = log_of(&storage);
    assert_eq!((answers.len(), log.len()), (THREADS as usize * EACH, THREADS as usize * EACH));
    assert_eq!(replay_of(&storage).digest(), node.status().digest);

    // Of wishes that are the same, bit by bit, the answers are compared in any order.
    let mut told: BTreeMap<Vec<u8>, Vec<Outcome>> = BTreeMap::new();
    answers.into_iter().for_each(|(wish, outcome)| told.entry(wish).or_default().push(outcome));
    let (mut registry, mut indices, mut rejected) = (Registry::new(), BTreeMap::new(), 0);
    for (position, command, _) in log {
        let outcome = registry.apply(&command);
        let told = told.get_mut(&without_time(&command)).expect("nobody else writes");
        let place = told.iter().position(|told| *told == outcome);
        let told = told.swap_remove(place.unwrap_or_else(|| panic!("record {position}: {outcome:?}, told: {told:?}")));
        rejected += usize::from(matches!(told, Outcome::Rejected(_)));
        count_notifications(&told, &mut indices);
    }
    assert!(told.values().all(Vec::is_empty));
    assert!(indices.len() > 100 && (50..900).contains(&rejected), "{} subscriptions, {rejected} rejected", indices.len());
}

/// The bytes of a command behind its time.
fn without_time(command: &Command) -> Vec<u8> {
    command.encode().split_off(9)
}

/// Each subscription is told numbers without a gap or a repeat.
fn count_notifications(outcome: &Outcome, indices: &mut BTreeMap<SubscriptionId, i32>) {
    use Outcome::{ConstraintDeleted, ConstraintPut, OperationalIntentDeleted, OperationalIntentPut};
    let (OperationalIntentPut { subscribers, .. }
    | OperationalIntentDeleted { subscribers, .. }
    | ConstraintPut { subscribers, .. }
    | ConstraintDeleted { subscribers, .. }) = outcome
    else {
        return;
    };
    for (id, index) in subscribers.iter().flat_map(|subscriber| &subscriber.subscriptions) {
        let last = indices.entry(*id).or_insert(0);
        assert_eq!(*index, *last + 1, "subscription {id}");
        *last = *index;
    }
}

#[test]
fn snapshots_among_many_proposers_are_snapshots_of_a_moment() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let often = NodeOptions { snapshot_every_commands: 30, snapshot_growth_percent: 0, segment_bytes: 20_000, ..options() };
    let node = opened(&storage, &clock, often);
    thread::scope(|scope| {
        for seed in 1..=THREADS {
            let (node, clock) = (&node, &clock);
            scope.spawn(move || {
                let mut clients = Clients::new(seed);
                for _ in 0..EACH {
                    let outcome = ask(node, clients.action(clock.wall())).expect("nothing goes wrong");
                    clients.learn(&outcome);
                    node.read(|registry, now| assert!(registry.log_time() <= now));
                }
            });
        }
    });
    wait_until("no snapshot is being written", || !node.status().snapshots.is_running);
    let status = node.status();
    node.close();
    assert!(status.snapshots.written > 5 && status.snapshots.failures == 0, "{:?}", status.snapshots);
    // Each start checks the digest of the snapshot, and what is replayed behind it comes to the same state.
    let again = opened(&storage, &clock, often);
    assert_eq!((again.status().digest, again.status().position), (status.digest, status.position));
}
