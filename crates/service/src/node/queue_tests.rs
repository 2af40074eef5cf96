//! The bounds of the queue, and what becomes of callers who went away.

use super::*;
use deconflict_registry::Expire;

type Answer = oneshot::Receiver<Result<Outcome, Unavailable>>;

fn queue(queue_commands: usize, queue_bytes: usize) -> Queue {
    Queue::new(&NodeOptions { queue_commands, queue_bytes, ..NodeOptions::default() })
}

fn push(queue: &Queue, bytes: usize) -> Result<Answer, Unavailable> {
    let (answer, waits) = oneshot::channel();
    let action = Action::Expire(Expire { retention_ns: 0, limit: 0 });
    queue.push(Proposal { action, bytes, answer }).map(|()| waits)
}

fn taken(queue: &Queue, max_commands: usize, max_bytes: usize) -> Vec<usize> {
    queue.take(max_commands, max_bytes).iter().map(|proposal| proposal.bytes).collect()
}

#[test]
fn a_full_queue_takes_nothing_more() {
    let queue = queue(2, 100);
    let _waits = [push(&queue, 60).unwrap(), push(&queue, 40).unwrap()];
    assert_eq!(push(&queue, 1).unwrap_err(), Unavailable::Overloaded);
    assert_eq!(taken(&queue, 1, 100), [60]);
    assert_eq!(push(&queue, 61).unwrap_err(), Unavailable::Overloaded);
    let _waits = push(&queue, 60).unwrap();
    assert_eq!((queue.len(), taken(&queue, 10, 1000)), (2, vec![40, 60]));
}

#[test]
fn what_is_longer_than_every_limit_goes_alone() {
    let queue = queue(10, 100);
    let _waits = [push(&queue, 500).unwrap()];
    assert_eq!(push(&queue, 1).unwrap_err(), Unavailable::Overloaded);
    assert_eq!(taken(&queue, 10, 50), [500]);
}

#[test]
fn a_batch_keeps_its_limits_and_the_order() {
    let queue = queue(10, 1000);
    let _waits: Vec<Answer> = [1, 2, 3, 40, 5].map(|bytes| push(&queue, bytes).unwrap()).into();
    assert_eq!(taken(&queue, 2, 1000), [1, 2]);
    assert_eq!(taken(&queue, 10, 42), [3]);
    assert_eq!(taken(&queue, 10, 45), [40, 5]);
    assert!(taken(&queue, 10, 1000).is_empty());
}

#[test]
fn nothing_is_done_for_callers_who_went_away() {
    let queue = queue(10, 100);
    let _waits = push(&queue, 1).unwrap();
    drop(push(&queue, 2).unwrap());
    let _waits_too = push(&queue, 3).unwrap();
    assert_eq!(taken(&queue, 10, 1000), [1, 3]);
}

#[test]
fn a_closed_queue_gives_what_it_has_and_then_ends() {
    let queue = queue(10, 100);
    let _waits = push(&queue, 1).unwrap();
    queue.close();
    assert_eq!(push(&queue, 1).unwrap_err(), Unavailable::Stopping);
    assert_eq!(queue.wait(Duration::MAX), Woken::Work);
    assert_eq!(taken(&queue, 10, 100), [1]);
    assert_eq!(queue.wait(Duration::MAX), Woken::Ended);
}
