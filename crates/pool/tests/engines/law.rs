//! What every log does, whatever keeps it; and what several nodes of a pool see.

use crate::support::{ID, Servers, append, join, nonce};
use deconflict_journal::faulty::Faulty;
use deconflict_journal::{Batch, Entry, Journal, Log, Options, Outcome, Position, ReadError, Record};
use deconflict_pool::simulated::Simulated;
use std::sync::Arc;
use std::time::Duration;

const fn at(number: u64) -> Position {
    Position::new(number)
}

fn put(log: &dyn Log, at: u64, epoch: u64, number: u64, contents: &[&str]) -> Outcome {
    let entries: Vec<_> = contents.iter().map(|content| Entry { content: content.as_bytes(), evidence: false }).collect();
    log.append(Position::new(at), &Batch::new(epoch, nonce(number), &entries).unwrap()).unwrap()
}

fn texts(log: &dyn Log) -> Vec<String> {
    records(log).into_iter().map(|record| String::from_utf8(record.content).unwrap()).collect()
}

fn records(log: &dyn Log) -> Vec<Record> {
    log.end().unwrap();
    log.read(Position::START, usize::MAX).unwrap()
}

/// The laws of the trait. `again` is a second handle of the same log, where there can be one.
fn check(log: &dyn Log, again: Option<&dyn Log>) {
    let other = again.unwrap_or(log);
    assert_eq!(put(log, 0, 1, 1, &["a", "b"]), Outcome::Appended { end: at(2) });
    assert_eq!(put(other, 0, 1, 2, &["x"]), Outcome::SomebodyWasFirst { end: at(2) });
    assert_eq!(put(log, 1, 1, 3, &["x"]), Outcome::SomebodyWasFirst { end: at(2) });
    assert_eq!(put(other, 3, 1, 4, &["x"]), Outcome::BeyondEnd { end: at(2) });
    assert_eq!(put(other, 2, 1, 5, &["c"]), Outcome::Appended { end: at(3) });
    // The same batch again is answered as the first time, even when the log has grown.
    assert_eq!(put(log, 0, 1, 1, &["a", "b"]), Outcome::Appended { end: at(2) });
    assert_eq!(put(log, 0, 1, 1, &["a"]), Outcome::SomebodyWasFirst { end: at(3) });
    assert_eq!(put(log, 3, 3, 6, &["d"]), Outcome::Appended { end: at(4) });
    // A writer of an earlier epoch is fenced, whichever handle it has.
    assert_eq!(put(other, 4, 2, 7, &["x"]), Outcome::Fenced { epoch: 3 });
    assert_eq!(put(log, 4, 2, 8, &["x"]), Outcome::Fenced { epoch: 3 });
    assert_eq!(put(other, 4, 4, 9, &["e"]), Outcome::Appended { end: at(5) });
    assert_eq!(put(log, 5, 3, 10, &["x"]), Outcome::Fenced { epoch: 4 });
    assert_eq!(put(log, 5, 4, 11, &["f"]), Outcome::Appended { end: at(6) });
    assert_eq!(texts(log), ["a", "b", "c", "d", "e", "f"]);
    assert_eq!(records(log), records(other));
    assert!(matches!(log.read(at(7), 1), Err(ReadError::BeyondEnd { end, .. }) if end == at(6)));
    assert_eq!(log.wait(at(5), Duration::from_secs(9)).unwrap(), at(6));
    assert_eq!(log.wait(at(6), Duration::ZERO).unwrap(), at(6));
    let mut previous = ID.genesis();
    for record in records(other) {
        assert_eq!(record.previous, previous);
        previous = record.hash;
    }
    assert_eq!(log.recover().unwrap(), at(6));
}

/// Many slots, from three nodes at once, each compare-and-appending until it wins: one order, the same bytes everywhere,
/// nothing lost, nothing twice.
fn check_together(servers: &Servers, rounds: u64) {
    let part = "together";
    std::thread::scope(|scope| {
        for node in 0..3_u64 {
            scope.spawn(move || {
                let log = join(servers.link(part), &format!("n{node}"));
                for round in 0..rounds {
                    let text = format!("{node}:{round}");
                    append(&log, &text);
                }
            });
        }
    });
    let logs = ["late-a", "late-b"].map(|name| join(servers.link(part), name));
    let all = texts(&logs[0]);
    assert_eq!(all.len() as u64, 3 * rounds);
    for node in 0..3 {
        let own: Vec<_> = all.iter().filter(|text| text.starts_with(&format!("{node}:"))).collect();
        let expected: Vec<_> = (0..rounds).map(|round| format!("{node}:{round}")).collect();
        assert_eq!(own, expected.iter().collect::<Vec<_>>());
    }
    assert_eq!(records(&logs[0]), records(&logs[1]));
}

#[test]
fn the_journal_in_files_keeps_the_laws() {
    check(&Journal::create(Arc::new(Faulty::new()), ID, Options::default()).unwrap(), None);
}

#[test]
fn a_simulated_pool_keeps_the_laws() {
    let servers = Servers::Simulated(Simulated::new());
    check(&join(servers.link("law"), "a"), Some(&join(servers.link("law"), "b")));
    check_together(&Servers::Simulated(Simulated::new()), 50);
}

#[test]
fn a_pool_on_etcd_keeps_the_laws() {
    let Some(servers) = Servers::etcd("law", 1) else { return };
    check(&join(servers.link("law"), "a"), Some(&join(servers.link("law"), "b")));
    // More than is read of a lane at once.
    check_together(&servers, 70);
}

#[test]
fn a_pool_on_postgresql_keeps_the_laws() {
    let Some(servers) = Servers::postgres("law") else { return };
    check(&join(servers.link("law"), "a"), Some(&join(servers.link("law"), "b")));
    let Some(servers) = Servers::postgres("together") else { return };
    check_together(&servers, 100);
}
