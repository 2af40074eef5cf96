//! Who waits while a sync runs goes into the next batch; who waits too long in line is turned away; nothing shows before it is
//! durable.

use crate::support::{FakeClock, Gated, ask, block_on, options, wait_until};
use crate::workload::put_lone_intent;
use deconflict_journal::Position;
use deconflict_registry::Outcome;
use deconflict_service::node::{Node, NodeOptions, Unavailable};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread::{self, JoinHandle};

type Answer = JoinHandle<Result<Outcome, Unavailable>>;

fn open(storage: &Gated, options: NodeOptions) -> Node {
    Node::open(Arc::new(storage.clone()), FakeClock::new(), options).map(|(node, _)| node).unwrap()
}

/// Proposes on a thread of its own.
fn propose(node: &Node, number: u64) -> Answer {
    let node = node.clone();
    thread::spawn(move || ask(&node, put_lone_intent(number)))
}

/// A node whose writer waits for the disk with one command, and that command's answer.
fn waiting(options: NodeOptions) -> (Gated, Node, Answer) {
    let storage = Gated::new();
    let node = open(&storage, options);
    storage.shut();
    let first = propose(&node, 0);
    wait_until("the first one waits for the disk", || storage.is_waited_for());
    (storage, node, first)
}

#[test]
fn who_waits_while_a_sync_runs_goes_into_one_batch() {
    let (storage, node, first) = waiting(options());
    let others: Vec<Answer> = (1..=50).map(|number| propose(&node, number)).collect();
    wait_until("50 are waiting", || node.status().waiting == 50);
    let calls = storage.inner.calls();
    storage.open();
    for answer in others.into_iter().chain([first]) {
        assert!(matches!(answer.join().unwrap(), Ok(Outcome::OperationalIntentPut { .. })));
    }
    // One sync for the first; one write and one sync for the 50.
    assert_eq!(storage.inner.calls() - calls, 3);
    let appends = node.status().appends;
    assert_eq!((appends.batches, appends.commands), (2, 51));
}

#[test]
fn a_batch_takes_no_more_than_it_may() {
    let (storage, node, first) = waiting(NodeOptions { batch_commands: 20, ..options() });
    let others: Vec<Answer> = (1..=50).map(|number| propose(&node, number)).collect();
    wait_until("50 are waiting", || node.status().waiting == 50);
    storage.open();
    others.into_iter().chain([first]).for_each(|answer| drop(answer.join().unwrap().unwrap()));
    assert_eq!(node.status().appends.batches, 4);
}

#[test]
fn nothing_shows_before_it_is_durable() {
    let (storage, node, first) = waiting(options());
    assert_eq!(node.read(|registry, _| registry.counts().operational_intents), 0);
    assert_eq!(node.status().position, Position::START);
    storage.open();
    first.join().unwrap().unwrap();
    assert_eq!(node.read(|registry, _| registry.counts().operational_intents), 1);
}

#[test]
fn who_finds_the_queue_full_is_turned_away() {
    let (storage, node, first) = waiting(NodeOptions { queue_commands: 3, ..options() });
    let others: Vec<Answer> = (1..=3).map(|number| propose(&node, number)).collect();
    wait_until("3 are waiting", || node.status().waiting == 3);
    assert_eq!(ask(&node, put_lone_intent(4)), Err(Unavailable::Overloaded));
    storage.open();
    others.into_iter().chain([first]).for_each(|answer| drop(answer.join().unwrap().unwrap()));
    assert!(ask(&node, put_lone_intent(4)).is_ok());
}

#[test]
fn nothing_is_written_for_a_caller_who_went_away() {
    let (storage, node, first) = waiting(options());
    {
        let mut gone = pin!(node.propose(put_lone_intent(1)));
        assert!(gone.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(node.status().waiting, 1);
    }
    storage.open();
    first.join().unwrap().unwrap();
    block_on(node.propose(put_lone_intent(2))).unwrap();
    assert_eq!(node.status().position, Position::new(2));
}

#[test]
fn closing_finishes_what_waits() {
    let (storage, node, first) = waiting(options());
    let second = propose(&node, 1);
    wait_until("one is waiting", || node.status().waiting == 1);
    let closing = {
        let node = node.clone();
        thread::spawn(move || node.close())
    };
    wait_until("the node takes nothing more", || node.status().refusal == Some(Unavailable::Stopping));
    assert_eq!(ask(&node, put_lone_intent(2)), Err(Unavailable::Stopping));
    storage.open();
    assert!(first.join().unwrap().is_ok() && second.join().unwrap().is_ok());
    closing.join().unwrap();
    assert_eq!(node.status().position, Position::new(2));
}
