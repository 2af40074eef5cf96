//! Snapshots, the segments that they make dispensable, and what stays all the same.

use crate::support::{FakeClock, ask, open, opened, options, wait_until};
use crate::witness::{Told, log_of, work};
use crate::workload::{Clients, put_lone_intent, uss};
use deconflict_journal::faulty::{Fault, Faulty};
use deconflict_journal::{Position, Storage};
use deconflict_registry::{Action, Command, FileReport, ReportId};
use deconflict_service::node::NodeOptions;

fn small() -> NodeOptions {
    NodeOptions { segment_bytes: 4000, snapshot_every_commands: 20, snapshot_growth_percent: 0, ..options() }
}

#[test]
fn a_node_starts_from_its_newest_snapshot() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let (node, mut clients, mut told) = (opened(&storage, &clock, small()), Clients::new(3), Told::default());
    work(&node, &clock, &mut clients, 110, &mut told);
    let status = node.status();
    assert_eq!((status.snapshots.written, status.snapshots.newest), (5, Some(Position::new(100))));
    assert!(status.snapshots.bytes > 1000 && status.snapshots.failures == 0);
    node.close();
    let (node, started) = open(&storage, &clock, small()).unwrap();
    assert_eq!((started.snapshot, started.replayed), (Some(Position::new(100)), 10));
    assert_eq!(node.status().digest, status.digest);
    // What was replayed counts: ten more make the next one due.
    work(&node, &clock, &mut clients, 10, &mut told);
    assert_eq!(node.status().snapshots.newest, Some(Position::new(120)));
    drop(node);
    told.check(&storage, &clock, small()).unwrap();
}

#[test]
fn segments_before_the_older_snapshot_go_and_reports_stay() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, small());
    let report = FileReport { reporter: uss(1), id: ReportId::from_u128(77), body: b"what happened"[..].into() };
    let mut reports = Vec::new();
    for number in 0..300 {
        if number == 60 || number == 150 {
            let id = ReportId::from_u128(number.into());
            let filed =
                Command { proposed_at: crate::support::BEGIN, action: Action::FileReport(FileReport { id, ..report.clone() }) };
            ask(&node, filed.action.clone()).unwrap();
            reports.push(filed);
        }
        ask(&node, put_lone_intent(number)).unwrap();
        wait_until("no snapshot is being written", || !node.status().snapshots.is_running);
    }
    let status = node.status();
    assert!(status.snapshots.segments_removed > 5, "{:?}", status.snapshots);
    node.close();

    let names = storage.list().unwrap();
    let segments: Vec<&String> = names.iter().filter(|name| name.ends_with(".segment")).collect();
    let kept: Vec<Command> = segments.iter().flat_map(|name| evidence_in(&storage, name)).collect();
    assert_eq!(kept, reports, "in {segments:?}");
    assert!(segments.len() < 8, "{segments:?}");
    let (node, started) = open(&storage, &clock, small()).unwrap();
    assert!(started.replayed < 20);
    assert_eq!((node.status().digest, node.status().counts), (status.digest, status.counts));
}

/// The evidence in a segment that begins at the position in its name.
fn evidence_in(storage: &Faulty, name: &str) -> Vec<Command> {
    use deconflict_journal::{Journal, Options};
    let position = Position::new(name.trim_end_matches(".segment").parse().unwrap());
    let (journal, _) = Journal::open(std::sync::Arc::new(storage.clone()), Options::default()).unwrap();
    let records = journal.reader(position).unwrap().map_while(Result::ok);
    let evidence: Vec<_> = records.filter(|record| record.evidence).collect();
    let next = journal.reader(position).unwrap().map_while(Result::ok).map(|record| record.position).max();
    // A reader goes on into the next segment where there is no hole; what is not this segment's is left out.
    let names = storage.list().unwrap();
    let starts = names.iter().filter_map(|name| name.strip_suffix(".segment")?.parse::<u64>().ok());
    let end = starts.filter(|start| *start > position.get()).min().or(next.map(|next| next.get() + 1)).unwrap();
    let here = evidence.iter().filter(|record| record.position.get() < end);
    here.map(|record| Command::decode(&record.content).unwrap()).collect()
}

#[test]
fn a_damaged_snapshot_is_passed_over_and_told_of() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let (node, mut clients, mut told) = (opened(&storage, &clock, small()), Clients::new(3), Told::default());
    work(&node, &clock, &mut clients, 50, &mut told);
    let digest = node.status().digest;
    node.close();
    let newest = format!("{:020}.snapshot", 40);
    let mut bytes = storage.bytes(&newest);
    *bytes.last_mut().unwrap() ^= 1;
    storage.put(&newest, &bytes);
    let (node, started) = open(&storage, &clock, small()).unwrap();
    assert_eq!((started.snapshot, started.replayed), (Some(Position::new(20)), 30));
    assert!(started.damaged_snapshots.len() == 1 && started.damaged_snapshots[0].contains(&newest));
    assert_eq!(node.status().digest, digest);
}

#[test]
fn a_snapshot_that_fails_stops_nobody() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let (node, mut clients, mut told) = (opened(&storage, &clock, small()), Clients::new(3), Told::default());
    work(&node, &clock, &mut clients, 19, &mut told);
    // The first call after the 20th command's write and sync is the snapshot's.
    let next = storage.calls() + 2;
    (next..next + 3).for_each(|call| storage.plan(call, Fault::Io));
    work(&node, &clock, &mut clients, 40, &mut told);
    let status = node.status();
    assert_eq!((told.acknowledged(), status.snapshots.failures, status.refusal), (59, 1, None));
    node.close();
    assert_eq!(log_of(&storage).len(), 59);
    told.check(&storage, &clock, small()).unwrap();
}
