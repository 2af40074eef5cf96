//! A workload that remembers what it was told, and a checker that compares a journal with that.
//!
//! The workload uses everything: batches, snapshots, removal, closing and opening, reading on the way. It is repeatable from
//! its seed. The checker gives what it finds as a text, so that a test can also expect it to find something.
#![allow(dead_code, reason = "each test file uses a part of it")]

use deconflict_journal::faulty::{Faulty, SplitMix, Survives};
use deconflict_journal::*;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

/// Segments so short that most workloads have many.
pub const OPTIONS: Options = Options { segment_bytes: 3000 };

pub const ID: JournalId = JournalId(*b"a journal's name");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub content: Vec<u8>,
    pub evidence: bool,
}

/// What the workload knows.
#[derive(Default)]
pub struct Told {
    pub is_created: bool,
    /// What was acknowledged, in order.
    pub acknowledged: Vec<Item>,
    /// The batch that is under way: nobody knows whether it is there.
    pub pending: Vec<Item>,
    /// The snapshots that were acknowledged or tried, with their contents.
    pub snapshots: BTreeMap<u64, (bool, Vec<u8>)>,
    /// Calls that said that there is no room.
    pub refused_for_room: usize,
    /// Why the workload gave up before its end, if it did.
    pub gave_up: Option<String>,
}

pub fn nonce(number: u64) -> Nonce {
    let mut bytes = [0x5A; 16];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Nonce(bytes)
}

pub fn entries(items: &[Item]) -> Vec<Entry<'_>> {
    items.iter().map(|item| Entry { content: &item.content, evidence: item.evidence }).collect()
}

pub fn random_items(random: &mut SplitMix) -> Vec<Item> {
    let count = 1 + random.below(4);
    let item = |random: &mut SplitMix| {
        let len = if random.below(5) == 0 { random.below(2000) } else { random.below(200) };
        let content = (0..len).map(|_| (random.next_u64() >> 32) as u8).collect();
        Item { content, evidence: random.below(40) == 0 }
    };
    (0..count).map(|_| item(random)).collect()
}

/// One item with this content.
pub fn item(content: &[u8]) -> Item {
    Item { content: content.to_vec(), evidence: false }
}

/// Appends items at the end.
pub fn append(journal: &Journal, items: &[Item]) -> Outcome {
    let end = journal.tip().position;
    let entries = entries(items);
    let batch = Batch::new(1, nonce(end.get()), &entries).expect("it is a batch");
    journal.append(end, &batch).expect("nothing fails here")
}

pub fn contents(journal: &Journal) -> Vec<Vec<u8>> {
    let reader = journal.reader(journal.first()).expect("the first record is there");
    reader.map(|record| record.expect("all records are good").content).collect()
}

/// Tries it again after a failure, for planned faults happen once. `None` if the process has ended or nothing helps.
fn again<T, E>(storage: &Faulty, told: &mut Told, mut call: impl FnMut() -> Result<T, E>) -> Option<T>
where
    E: std::error::Error,
{
    for _ in 0..3 {
        match call() {
            Ok(value) => {
                told.gave_up = None;
                return Some(value);
            }
            Err(_) if storage.is_dead() => return None,
            Err(error) => told.gave_up = Some(chain(&error)),
        }
    }
    None
}

/// Works with a journal until all steps are done or the storage is dead.
pub fn work(storage: &Faulty, steps: u64, seed: u64) -> Told {
    let mut told = Told::default();
    let mut random = SplitMix(seed);
    // A lost answer of the first try leaves a journal behind, which is as good.
    let make = || match Journal::create(Arc::new(storage.clone()), ID, OPTIONS) {
        Err(OpenError::Exists { .. }) => Journal::open(Arc::new(storage.clone()), OPTIONS).map(|(journal, _)| journal),
        other => other,
    };
    let Some(mut journal) = again(storage, &mut told, make) else { return told };
    told.is_created = true;
    for step in 0..steps {
        match random.below(24) {
            0 | 1 => take_snapshot(&journal, &mut told),
            2 => drop(journal.remove_dispensable(&mut |_| false)),
            3 => {
                drop(journal);
                let open = || Journal::open(Arc::new(storage.clone()), OPTIONS);
                let Some((opened, _)) = again(storage, &mut told, open) else { return told };
                journal = opened;
            }
            4 => drop(journal.read(journal.first(), 1000)),
            _ => {
                told.pending = random_items(&mut random);
                if append_surely(storage, &journal, &mut told, step).is_none() {
                    return told;
                }
            }
        }
        if storage.is_dead() {
            return told;
        }
    }
    told
}

fn take_snapshot(journal: &Journal, told: &mut Told) {
    let position = told.acknowledged.len() as u64;
    let content = format!("what {position} records came to").into_bytes();
    told.snapshots.entry(position).or_insert((false, content.clone()));
    if journal.write_snapshot(Position::new(position), &mut |sink| sink.write_all(&content)).is_ok() {
        told.snapshots.insert(position, (true, content));
    }
}

/// Appends the pending batch as a careful caller does: `None` when nothing more can be done.
fn append_surely(storage: &Faulty, journal: &Journal, told: &mut Told, number: u64) -> Option<()> {
    let expected = Position::new(told.acknowledged.len() as u64);
    let items = told.pending.clone();
    let entries = entries(&items);
    let batch = Batch::new(1, nonce(number), &entries).expect("it is a batch");
    for _ in 0..4 {
        let result = journal.append(expected, &batch);
        match result {
            Ok(outcome) => {
                assert_eq!(outcome, Outcome::Appended { end: expected.plus(batch.count()) });
                told.acknowledged.append(&mut told.pending);
                return Some(());
            }
            Err(_) if storage.is_dead() => return None,
            Err(AppendError::Full(_)) => {
                told.refused_for_room += 1;
                told.pending.clear();
                return Some(());
            }
            Err(AppendError::NotAppended(_)) => {
                again(storage, told, || journal.recover())?;
                let end = journal.end().expect("it is known");
                assert_eq!(end, expected, "a batch is there that was said not to be");
            }
            Err(AppendError::Ambiguous(_) | AppendError::MustRecover) => drop(again(storage, told, || journal.recover())?),
        }
    }
    panic!("the append fails again and again");
}

/// Compares what is found with what was told; then goes on working, loses everything that is not durable, and looks again.
pub fn check(storage: &Faulty, told: &Told) -> Result<(), String> {
    if let Some(why) = &told.gave_up {
        return Err(format!("the workload gave up: {why}"));
    }
    let (journal, _) = match Journal::open(Arc::new(storage.clone()), OPTIONS) {
        Ok(opened) => opened,
        Err(OpenError::Missing) if !told.is_created => return Ok(()),
        Err(error) => return Err(format!("not opened: {}", chain(&error))),
    };
    check_records(&journal, told)?;
    check_snapshots(&journal, told)?;
    let archive = Archive::open(Arc::new(storage.clone())).map_err(|error| chain(&error))?;
    let verified = archive.verify(&mut |_| {}).map_err(|error| chain(&error))?;
    if let Some(damage) = verified.damage.first() {
        return Err(format!("verify says: {damage}"));
    }
    let Outcome::Appended { end } = append(&journal, &[item(b"one more")]) else { return Err("no append".to_owned()) };
    drop(journal);
    let (journal, _) = Journal::open(Arc::new(storage.crash(Survives::Nothing)), OPTIONS).map_err(|error| chain(&error))?;
    if journal.tip().position != end {
        return Err(format!("after going on, the log ends at {}; expected {end}", journal.tip().position));
    }
    Ok(())
}

fn check_records(journal: &Journal, told: &Told) -> Result<(), String> {
    let acknowledged = told.acknowledged.len() as u64;
    let end = journal.tip().position.get();
    if end != acknowledged && end != acknowledged + told.pending.len() as u64 {
        return Err(format!("the log ends at {end}; {acknowledged} were acknowledged, {} pending", told.pending.len()));
    }
    let mut durable_snapshots = told.snapshots.iter().rev().filter(|(_, (is_acknowledged, _))| *is_acknowledged);
    let dispensable = durable_snapshots.nth(1).map_or(0, |(position, _)| *position);
    let mut position = 0;
    while position < end {
        let record = match journal.reader(Position::new(position)).and_then(|mut reader| reader.next_record()) {
            Ok(record) => record.ok_or("the log ends too early")?,
            Err(ReadError::Removed { resumes_at, .. }) => {
                let hole = &told.acknowledged[position as usize..resumes_at.get() as usize];
                if resumes_at.get() > dispensable || hole.iter().any(|item| item.evidence) {
                    return Err(format!("records {position} to {resumes_at} were removed"));
                }
                position = resumes_at.get();
                continue;
            }
            Err(error) => return Err(format!("record {position}: {}", chain(&error))),
        };
        let expected = told.acknowledged.iter().chain(&told.pending).nth(position as usize).expect("it is before the end");
        if (&record.content, record.evidence) != (&expected.content, expected.evidence) {
            return Err(format!("record {position} is another one"));
        }
        position += 1;
    }
    Ok(())
}

fn check_snapshots(journal: &Journal, told: &Told) -> Result<(), String> {
    let newest = journal.newest_snapshot().map_err(|error| chain(&error))?;
    if let Some(damage) = newest.damaged.first() {
        return Err(format!("a damaged snapshot: {}", chain(damage)));
    }
    let durable = told.snapshots.iter().filter(|(_, (is_acknowledged, _))| *is_acknowledged).map(|(position, _)| *position);
    let durable = durable.max();
    let found = newest.snapshot.as_ref().map(|snapshot| snapshot.position().get());
    if found < durable {
        return Err(format!("the newest snapshot is at {found:?}; expected {durable:?}"));
    }
    if let Some(mut snapshot) = newest.snapshot {
        let mut content = Vec::new();
        snapshot.read_to_end(&mut content).map_err(|error| error.to_string())?;
        if content != told.snapshots[&snapshot.position().get()].1 {
            return Err("the snapshot has another content".to_owned());
        }
    }
    Ok(())
}
