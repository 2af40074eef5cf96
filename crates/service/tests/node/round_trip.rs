//! Proposing, reading, closing, and coming up again.

use crate::support::{FakeClock, HOUR, ask, chain, open, opened, options};
use crate::witness::{Told, replay_of, work};
use crate::workload::{Clients, lone_intent, put_lone_intent, uss};
use deconflict_journal::faulty::Faulty;
use deconflict_journal::{Batch, Disk, Entry, Journal, JournalId, Log, Nonce, OpenError, Options, Position};
use deconflict_registry::*;
use deconflict_service::node::{Node, NodeError, SystemClock, Unavailable};
use std::path::Path;
use std::sync::Arc;

#[test]
fn what_was_answered_can_be_read() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let (node, started) = open(&storage, &clock, options()).unwrap();
    assert!(started.is_new && started.replayed == 0);
    let outcome = ask(&node, put_lone_intent(1)).unwrap();
    let Outcome::OperationalIntentPut { reference, .. } = outcome else { panic!("{outcome:?}") };
    let id = EntityId::from_u128(1);
    assert_eq!(node.read(|registry, _| registry.operational_intent(id, &uss(0))), Some(reference));
    assert_eq!(node.status().position, Position::new(1));
}

#[test]
fn a_rejection_is_an_answer_and_is_kept() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    ask(&node, put_lone_intent(1)).unwrap();
    let digest = node.status().digest;
    assert_eq!(ask(&node, put_lone_intent(1)), Ok(Outcome::Rejected(Rejection::AlreadyExists)));
    let status = node.status();
    assert_eq!((status.position, status.accepted, status.digest), (Position::new(2), 1, digest));
}

#[test]
fn a_node_that_starts_again_is_the_same() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let (mut clients, mut told) = (Clients::new(1), Told::default());
    for round in 0..4 {
        let (node, started) = open(&storage, &clock, options()).unwrap();
        assert_eq!(started.replayed, round * 50);
        work(&node, &clock, &mut clients, 50, &mut told);
        let status = node.status();
        node.close();
        assert_eq!(told.acknowledged(), told.answers.len());
        let again = told.check(&storage, &clock, options()).unwrap();
        assert_eq!(again.status().digest, status.digest);
        drop(again);
        assert_eq!(replay_of(&storage).digest(), status.digest);
    }
    let rejected = told.answers.iter().filter(|(_, answer)| matches!(answer, Ok(Outcome::Rejected(_)))).count();
    assert!(rejected > 5 && rejected < 100, "{rejected} of {} were rejected", told.answers.len());
}

#[test]
fn time_is_never_before_the_latest_command_and_goes_on_without_one() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    let now = || node.read(|registry, now| (registry.log_time(), now));
    let (_, begun) = now();
    ask(&node, put_lone_intent(1)).unwrap();
    clock.step_ns(-3_000_000_000);
    assert_eq!(now(), (begun, begun));
    clock.advance(HOUR);
    assert_eq!(now(), (begun, begun.plus_ns(3_597_000_000_000)));
}

#[test]
fn a_closed_node_refuses_and_can_still_be_read() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    ask(&node, put_lone_intent(1)).unwrap();
    node.close();
    node.close();
    assert_eq!(ask(&node, put_lone_intent(2)), Err(Unavailable::Stopping));
    assert_eq!(node.status().refusal, Some(Unavailable::Stopping));
    assert_eq!(node.read(|registry, _| registry.counts().operational_intents), 1);
    // Another one can have the directory.
    assert_eq!(opened(&storage, &clock, options()).status().position, Position::new(1));
}

#[test]
fn the_last_handle_that_goes_closes_the_node() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    let other = node.clone();
    drop(node);
    ask(&other, put_lone_intent(1)).unwrap();
    drop(other);
    opened(&storage, &clock, options());
}

#[test]
fn a_directory_in_use_is_refused_by_name() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let _node = opened(&storage, &clock, options());
    let refusal = open(&storage, &clock, options()).err().expect("it is in use");
    assert!(matches!(refusal, NodeError::Open(OpenError::Locked { .. })));
    assert!(chain(&refusal).contains("the data directory is in use by a test"), "{}", chain(&refusal));
}

#[test]
fn a_directory_of_the_file_system_will_do() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("node-{}", std::process::id()));
    let open = || Node::open(Arc::new(Disk::create(&path).unwrap()), Arc::new(SystemClock), options());
    let (node, started) = open().unwrap();
    let start = node.read(|_, now| now);
    ask(&node, Action::PutOperationalIntent(lone_intent(1, start))).unwrap();
    let refusal = chain(&open().err().expect("it is in use"));
    let holder = format!("the data directory is in use by process {}", std::process::id());
    assert!(started.is_new && refusal.contains(&holder), "{refusal}");
    let digest = node.status().digest;
    node.close();
    let (again, started) = open().unwrap();
    assert_eq!((again.status().digest, started.is_new, started.replayed), (digest, false, 1));
    drop(again);
    std::fs::remove_dir_all(&path).unwrap();
}

#[test]
fn a_record_of_another_version_is_refused_with_both_versions() {
    let storage = Faulty::new();
    let journal = Journal::create(Arc::new(storage.clone()), JournalId([1; 16]), Options::default()).unwrap();
    let command = Command { proposed_at: Time::from_ns(0), action: put_lone_intent(1) }.encode();
    let mut newer = command.clone();
    newer[0] = 9;
    let entries = [command, newer].map(|content| content.leak() as &[u8]);
    let entries = entries.map(|content| Entry { content, evidence: false });
    journal.append(Position::START, &Batch::new(1, Nonce([1; 16]), &entries).unwrap()).unwrap();
    drop(journal);
    let refusal = chain(&open(&storage, &FakeClock::new(), options()).err().expect("it is newer"));
    assert!(refusal.contains("cannot replay record 1") && refusal.contains("version 9"), "{refusal}");
    assert!(refusal.contains(&format!("reads version {COMMAND_VERSION}")), "{refusal}");
}

#[test]
fn a_snapshot_of_another_version_is_refused_with_both_versions() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    ask(&node, put_lone_intent(1)).unwrap();
    node.close();
    let (journal, _) = Journal::open(Arc::new(storage.clone()), Options::default()).unwrap();
    journal.write_snapshot(Position::new(1), &mut |sink| sink.write_all(&[9, 9, 9])).unwrap();
    drop(journal);
    let refusal = chain(&open(&storage, &clock, options()).err().expect("it is newer"));
    assert!(refusal.contains("the snapshot of the first 1 records") && refusal.contains("version 9"), "{refusal}");
    assert!(refusal.contains(&format!("reads version {SNAPSHOT_VERSION}")), "{refusal}");
}

#[test]
fn a_command_that_no_log_takes_is_refused() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    let report = |bytes: usize| {
        let (reporter, id) = (uss(0), ReportId::from_u128(bytes as u128));
        Action::FileReport(FileReport { reporter, id, body: vec![0; bytes].into() })
    };
    assert!(matches!(ask(&node, report(17 << 20)), Err(Unavailable::TooLong { max_bytes: 0x100_0000, .. })));
    // The longest that one takes is longer than any batch or queue, and goes alone.
    let most = (16 << 20) - report(0).command_bytes();
    assert!(matches!(ask(&node, report(most)), Ok(Outcome::ReportFiled { .. })));
    assert!(matches!(ask(&node, report(most + 1)), Err(Unavailable::TooLong { .. })));
}

#[test]
fn a_node_can_be_shared_between_threads() {
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_shared::<Node>();
}
