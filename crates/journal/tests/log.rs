//! What every log does, asked of the journal through the trait alone; then what only the journal does.

mod common;

use common::{ID, append, contents, entries, item, nonce};
use deconflict_journal::faulty::{Fault, Faulty};
use deconflict_journal::*;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn journal() -> (Faulty, Journal) {
    let storage = Faulty::new();
    let journal = Journal::create(Arc::new(storage.clone()), ID, Options::default()).unwrap();
    (storage, journal)
}

/// Appends one record per content.
fn put(log: &dyn Log, at: u64, epoch: u64, number: u64, contents: &[&str]) -> Outcome {
    let items: Vec<_> = contents.iter().map(|content| item(content.as_bytes())).collect();
    let entries = entries(&items);
    log.append(Position::new(at), &Batch::new(epoch, nonce(number), &entries).unwrap()).unwrap()
}

fn texts(log: &dyn Log, from: u64, max_bytes: usize) -> Vec<String> {
    let records = log.read(Position::new(from), max_bytes).unwrap();
    records.into_iter().map(|record| String::from_utf8(record.content).unwrap()).collect()
}

const fn at(number: u64) -> Position {
    Position::new(number)
}

#[test]
fn whoever_is_first_appends_and_the_others_are_told() {
    let (_, journal) = journal();
    let log: &dyn Log = &journal;
    assert_eq!(put(log, 0, 1, 1, &["a", "b"]), Outcome::Appended { end: at(2) });
    assert_eq!(put(log, 0, 1, 2, &["x"]), Outcome::SomebodyWasFirst { end: at(2) });
    assert_eq!(put(log, 1, 1, 3, &["x"]), Outcome::SomebodyWasFirst { end: at(2) });
    assert_eq!(put(log, 3, 1, 4, &["x"]), Outcome::BeyondEnd { end: at(2) });
    assert_eq!(put(log, 2, 1, 5, &["c"]), Outcome::Appended { end: at(3) });
    assert_eq!(texts(log, 0, 100), ["a", "b", "c"]);
}

#[test]
fn the_same_batch_again_is_answered_as_the_first_time() {
    let (_, journal) = journal();
    let log: &dyn Log = &journal;
    for _ in 0..2 {
        assert_eq!(put(log, 0, 1, 1, &["a", "b"]), Outcome::Appended { end: at(2) });
    }
    assert_eq!(put(log, 2, 5, 2, &["c"]), Outcome::Appended { end: at(3) });
    // Even when the log has grown, and its epoch too.
    assert_eq!(put(log, 0, 1, 1, &["a", "b"]), Outcome::Appended { end: at(2) });
    // The nonce of a batch says nothing at another place, and nothing about a batch of another length.
    assert_eq!(put(log, 1, 1, 1, &["b"]), Outcome::SomebodyWasFirst { end: at(3) });
    assert_eq!(put(log, 0, 1, 1, &["a"]), Outcome::SomebodyWasFirst { end: at(3) });
    assert_eq!(texts(log, 0, 100), ["a", "b", "c"]);
}

#[test]
fn a_writer_of_an_earlier_epoch_is_fenced() {
    let (storage, journal) = journal();
    put(&journal, 0, 3, 1, &["a"]);
    assert_eq!(put(&journal, 1, 2, 2, &["b"]), Outcome::Fenced { epoch: 3 });
    assert_eq!(put(&journal, 1, 3, 3, &["b"]), Outcome::Appended { end: at(2) });
    assert_eq!(put(&journal, 2, 4, 4, &["c"]), Outcome::Appended { end: at(3) });
    assert_eq!(put(&journal, 3, 3, 5, &["d"]), Outcome::Fenced { epoch: 4 });
    drop(journal);
    // Also after a restart, and right behind a new segment.
    let (journal, _) = Journal::open(Arc::new(storage), Options { segment_bytes: 0 }).unwrap();
    assert_eq!(put(&journal, 3, 3, 5, &["d"]), Outcome::Fenced { epoch: 4 });
    assert_eq!(put(&journal, 3, 4, 6, &["d"]), Outcome::Appended { end: at(4) });
    assert_eq!(journal.reopen().unwrap().end, at(4));
    assert_eq!(put(&journal, 4, 3, 7, &["e"]), Outcome::Fenced { epoch: 4 });
}

#[test]
fn reading_gives_at_least_one_record_and_as_many_as_fit() {
    let (_, journal) = journal();
    let log: &dyn Log = &journal;
    put(log, 0, 1, 1, &["aaaa", "bb", "cc"]);
    put(log, 3, 1, 2, &["dddddddd"]);
    assert_eq!(texts(log, 0, 0), ["aaaa"]);
    assert_eq!(texts(log, 0, 6), ["aaaa", "bb"]);
    assert_eq!(texts(log, 2, 3), ["cc"]);
    assert_eq!(texts(log, 3, 3), ["dddddddd"]);
    assert_eq!(texts(log, 4, 3), [""; 0]);
    assert!(matches!(log.read(at(5), 1), Err(ReadError::BeyondEnd { end, .. }) if end == at(4)));
}

#[test]
fn a_record_tells_its_batch_and_the_chain() {
    let (_, journal) = journal();
    let items = [item(b"a"), common::Item { content: b"b".to_vec(), evidence: true }];
    let entries = entries(&items);
    journal.append(Position::START, &Batch::new(7, nonce(1), &entries).unwrap()).unwrap();
    let records = journal.read(Position::START, 100).unwrap();
    assert_eq!(records[0].previous, ID.genesis());
    assert_eq!(records[1].previous, records[0].hash);
    assert_eq!(journal.tip(), Place { position: at(2), previous: records[1].hash, epoch: 7 });
    let told = |record: &Record| (record.epoch, record.nonce, record.batch_index, record.batch_count, record.evidence);
    assert_eq!(told(&records[0]), (7, nonce(1), 0, 2, false));
    assert_eq!(told(&records[1]), (7, nonce(1), 1, 2, true));
}

#[test]
fn what_makes_no_batch_is_refused() {
    let long = vec![0; MAX_RECORD_BYTES + 1];
    let fits = vec![0; MAX_RECORD_BYTES];
    let entry = |content| Entry { content, evidence: false };
    let cases = [
        (vec![], InvalidBatch::Empty),
        (vec![entry(&b"a"[..]), entry(&long)], InvalidBatch::RecordTooLong { index: 1, found: MAX_RECORD_BYTES + 1 }),
        (vec![entry(b""); MAX_BATCH_RECORDS + 1], InvalidBatch::TooManyRecords { found: MAX_BATCH_RECORDS + 1 }),
        (vec![entry(&fits[..]); 4], InvalidBatch::TooLong { found: 4 * (MAX_RECORD_BYTES + 136) }),
    ];
    for (entries, expected) in cases {
        assert_eq!(Batch::new(1, nonce(1), &entries).unwrap_err(), expected);
    }
}

#[test]
fn a_follower_hears_of_every_record_once() {
    let (_, journal) = journal();
    const RECORDS: u64 = 200;
    const PATIENCE: Duration = Duration::from_secs(20);
    std::thread::scope(|scope| {
        let followers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut heard = Vec::new();
                    let mut next = Position::START;
                    while next < at(RECORDS) {
                        let start = Instant::now();
                        let end = journal.wait(next, PATIENCE).unwrap();
                        assert!(end > next && start.elapsed() < PATIENCE, "nobody said that the log has grown");
                        for record in journal.read(next, 50).unwrap() {
                            assert_eq!(record.position, next);
                            next = next.plus(1);
                            heard.push(record.content);
                        }
                    }
                    heard
                })
            })
            .collect();
        for number in 0..RECORDS {
            put(&journal, number, 1, number, &[&format!("record {number}")]);
        }
        let expected: Vec<_> = (0..RECORDS).map(|number| format!("record {number}").into_bytes()).collect();
        for follower in followers {
            assert_eq!(follower.join().unwrap(), expected);
        }
    });
}

#[test]
fn whoever_waits_for_nothing_is_told_the_end_in_time() {
    let (_, journal) = journal();
    put(&journal, 0, 1, 1, &["a"]);
    assert_eq!(journal.wait(at(0), Duration::from_secs(20)).unwrap(), at(1));
    assert_eq!(journal.wait(at(1), Duration::from_millis(1)).unwrap(), at(1));
}

#[test]
fn writers_who_race_leave_one_order() {
    let (_, journal) = journal();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let journal = &journal;
            scope.spawn(move || {
                for number in 0..50 {
                    let mut expected = journal.end().unwrap();
                    loop {
                        let content = format!("{writer} {number}");
                        match put(journal, expected.get(), 1, writer * 1000 + number, &[&content]) {
                            Outcome::SomebodyWasFirst { end } => expected = end,
                            outcome => break assert_eq!(outcome, Outcome::Appended { end: expected.plus(1) }),
                        }
                    }
                }
            });
        }
    });
    let mut all = contents(&journal);
    assert_eq!(all.len(), 200);
    for writer in 0..4 {
        let own: Vec<_> = all.extract_if(.., |content| content[0] == b'0' + writer).collect();
        let expected: Vec<_> = (0..50).map(|number| format!("{writer} {number}").into_bytes()).collect();
        assert_eq!(own, expected, "a writer's records are in its order");
    }
}

#[test]
fn after_a_failed_sync_nothing_is_acknowledged_until_it_was_read_again() {
    // What happens to the call after the write: the batch is in memory, nobody knows whether it is on the disk.
    let (storage, journal) = journal();
    put(&journal, 0, 1, 1, &["a"]);
    storage.plan(storage.calls() + 1, Fault::Io);
    let items = [item(b"b")];
    let entries = entries(&items);
    let batch = Batch::new(1, nonce(2), &entries).unwrap();
    assert!(matches!(journal.append(at(1), &batch), Err(AppendError::Ambiguous(_))));
    assert_eq!(texts(&journal, 0, 100), ["a"], "what may not be durable is not read");
    for _ in 0..2 {
        assert!(matches!(journal.append(at(1), &batch), Err(AppendError::MustRecover)));
    }
    assert_eq!(journal.recover().unwrap(), at(2));
    assert_eq!(journal.append(at(1), &batch).unwrap(), Outcome::Appended { end: at(2) });
    // It is durable now, although no sync finds pages that a failed one has given up.
    let found = storage.crash(faulty::Survives::Nothing);
    let (journal, _) = Journal::open(Arc::new(found), Options::default()).unwrap();
    assert_eq!(texts(&journal, 0, 100), ["a", "b"]);
}

#[test]
fn recovery_that_finds_less_than_was_acknowledged_is_refused() {
    let (storage, journal) = journal();
    put(&journal, 0, 1, 1, &["a"]);
    let name = "00000000000000000000.segment";
    let earlier = storage.bytes(name);
    put(&journal, 1, 1, 2, &["b"]);
    storage.put(name, &earlier);
    let error = journal.reopen().unwrap_err();
    assert!(error.to_string().contains("found the end of the log at record 1; expected records up to 2"), "{error}");
    let entries = [Entry { content: b"c", evidence: false }];
    let batch = Batch::new(1, nonce(3), &entries).unwrap();
    assert!(matches!(journal.append(at(2), &batch), Err(AppendError::MustRecover)));
}

#[test]
fn recovery_that_finds_another_last_record_than_was_acknowledged_is_refused() {
    let (storage, journal) = journal();
    let (other_storage, other) = self::journal();
    put(&journal, 0, 1, 1, &["a"]);
    put(&other, 0, 1, 2, &["b"]);
    let name = "00000000000000000000.segment";
    storage.put(name, &other_storage.bytes(name));
    let error = journal.reopen().unwrap_err();
    assert!(error.to_string().contains("which was acknowledged"), "{error}");
}

#[test]
fn an_earlier_try_that_cannot_be_read_is_not_said_to_be_missing() {
    let (storage, journal) = journal();
    let items = [item(b"a")];
    let entries = entries(&items);
    let batch = Batch::new(1, nonce(1), &entries).unwrap();
    journal.append(at(0), &batch).unwrap();
    storage.plan(storage.calls(), Fault::Io);
    assert!(matches!(journal.append(at(0), &batch), Err(AppendError::Ambiguous(_))));
    journal.recover().unwrap();
    assert_eq!(journal.append(at(0), &batch).unwrap(), Outcome::Appended { end: at(1) });
}

#[test]
fn a_second_process_is_told_that_the_directory_is_in_use() {
    let (storage, journal) = journal();
    let error = Journal::open(Arc::new(storage.clone()), Options::default()).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "the data directory is in use by a test; one process at a time can write a journal");
    drop(journal);
    assert!(Journal::open(Arc::new(storage), Options::default()).is_ok());
}

#[test]
fn a_new_journal_needs_an_empty_directory_and_an_old_one_a_journal() {
    let (storage, journal) = journal();
    drop(journal);
    let error = Journal::create(Arc::new(storage), ID, Options::default()).map(drop).unwrap_err();
    assert!(error.to_string().contains("already holds `00000000000000000000.segment`"), "{error}");
    let error = Journal::open(Arc::new(Faulty::new()), Options::default()).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "the data directory holds no journal");
}

#[test]
fn evidence_and_what_the_caller_holds_outlive_the_snapshots() {
    let storage = Faulty::new();
    let journal = Journal::create(Arc::new(storage.clone()), ID, Options { segment_bytes: 0 }).unwrap();
    // One segment per record.
    for number in 0..10 {
        append(&journal, &[common::Item { content: vec![number], evidence: number == 3 }]);
    }
    let removed = |journal: &Journal| {
        let removed = journal.remove_dispensable(&mut |range| range.contains(&at(5))).unwrap();
        removed.iter().map(|removal| (removal.before.position.get(), removal.after.position.get())).collect::<Vec<_>>()
    };
    let snapshot = |position| journal.write_snapshot(at(position), &mut |sink| sink.write_all(&[9])).unwrap();
    snapshot(7);
    assert_eq!(removed(&journal), [], "one snapshot is not enough");
    snapshot(8);
    assert_eq!(removed(&journal), [(0, 1), (1, 2), (2, 3), (4, 5), (6, 7)]);
    assert_eq!(removed(&journal), []);
    snapshot(10);
    assert_eq!(removed(&journal), [(7, 8)]);
    drop(journal);
    let (journal, recovery) = Journal::open(Arc::new(storage.clone()), Options::default()).unwrap();
    assert_eq!((recovery.start, recovery.end), (at(3), at(10)));
    let read = |from| match journal.read(at(from), 100) {
        Ok(records) => Ok(records.iter().map(|record| record.content[0]).collect::<Vec<_>>()),
        Err(ReadError::Removed { resumes_at, .. }) => Err(resumes_at.get()),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(
        [read(0), read(3), read(4), read(5), read(6), read(8)],
        [Err(3), Ok(vec![3]), Err(5), Ok(vec![5]), Err(8), Ok(vec![8, 9])]
    );
    let verified = Archive::open(Arc::new(storage)).unwrap().verify(&mut |_| {}).unwrap();
    assert_eq!((verified.damage.len(), verified.records, verified.evidence), (0, 4, 1));
    assert_eq!(verified.removals.len(), 3);
    assert_eq!(verified.snapshots, [at(8), at(10)]);
}

#[test]
fn a_reader_goes_on_across_segments_that_are_removed_meanwhile() {
    let journal = Journal::create(Arc::new(Faulty::new()), ID, Options { segment_bytes: 0 }).unwrap();
    for number in 0..6 {
        append(&journal, &[item(&[number])]);
    }
    let mut reader = journal.reader(Position::START).unwrap();
    assert_eq!(reader.next_record().unwrap().unwrap().content, [0]);
    for position in [3, 4] {
        journal.write_snapshot(at(position), &mut |_| Ok(())).unwrap();
    }
    journal.remove_dispensable(&mut |_| false).unwrap();
    assert!(matches!(reader.next_record(), Err(ReadError::Removed { resumes_at, .. }) if resumes_at == at(3)));
    let rest: Vec<_> = journal.reader(at(3)).unwrap().map(|record| record.unwrap().content[0]).collect();
    assert_eq!(rest, [3, 4, 5]);
}
