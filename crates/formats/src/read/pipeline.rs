//! Parses parts of a file on several threads and hands on what comes out in the file's order. Knows no format.
//!
//! Part i goes to worker i modulo their number and comes back from it, so that order needs no queue. All channels are
//! short: whatever the length of the file, only some parts are in memory at a time.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::batch::Batch;
use super::problems::Fatal;

/// How many parts may wait on either side of a worker.
const WAITING: usize = 2;

/// How many threads parse, if the user does not say it.
pub fn workers(wanted: Option<usize>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from).min(4);
    wanted.unwrap_or_else(cores).clamp(1, 64)
}

/// Gives every part that `next` makes to a worker's `parse`, and what comes out to `take`, in order.
///
/// `start` makes what a worker keeps from part to part. What stops `next` comes as the last batch.
pub fn run<P: Send, S>(
    workers: usize,
    mut next: impl FnMut() -> Result<Option<P>, Fatal> + Send,
    start: impl Fn() -> S + Sync,
    parse: impl Fn(P, &mut S) -> Batch + Sync,
    mut take: impl FnMut(Batch),
) {
    thread::scope(|scope| {
        let (start, parse) = (&start, &parse);
        let mut to: Vec<SyncSender<Result<P, Fatal>>> = Vec::new();
        let mut from: Vec<Receiver<Batch>> = Vec::new();
        for _ in 0..workers {
            let (part_to, part_from) = sync_channel::<Result<P, Fatal>>(WAITING);
            let (batch_to, batch_from) = sync_channel(WAITING);
            scope.spawn(move || {
                let mut kept = start();
                for part in part_from {
                    let batch = match part {
                        Ok(part) => parse(part, &mut kept),
                        Err(fatal) => Batch::failed(fatal),
                    };
                    if batch_to.send(batch).is_err() {
                        break;
                    }
                }
            });
            to.push(part_to);
            from.push(batch_from);
        }
        scope.spawn(move || {
            for to in to.iter().cycle() {
                let part = match next() {
                    Ok(None) => break,
                    Ok(Some(part)) => Ok(part),
                    Err(fatal) => Err(fatal),
                };
                let stops = part.is_err();
                if to.send(part).is_err() || stops {
                    break;
                }
            }
        });
        // A worker's channel closes when the file is over and all its parts have come back.
        for from in from.iter().cycle() {
            let Ok(batch) = from.recv() else { break };
            take(batch);
        }
    });
}
