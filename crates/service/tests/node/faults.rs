//! Storage that fails in every way at every call of a workload: every answer holds, and nothing is half there.
//!
//! A run has snapshots, new segments and removals in it. It is repeated with the fault at each call in turn, from the opening of
//! the directory on; then the power fails, and a new node opens what is left. The last tests prove that the check bites.

use crate::support::{FakeClock, ask, chain, open, opened, options};
use crate::witness::{Told, work};
use crate::workload::{Clients, put_lone_intent};
use deconflict_journal::faulty::{Fault, Faulty, SplitMix, Survives};
use deconflict_journal::{Position, Storage};
use deconflict_service::node::{NodeOptions, Unavailable};
use std::sync::Arc;

const PROPOSALS: usize = 100;
const SEED: u64 = 11;

fn small() -> NodeOptions {
    NodeOptions { segment_bytes: 6000, snapshot_every_commands: 9, snapshot_growth_percent: 0, ..options() }
}

/// Opens a node in `storage`, if it opens, has clients work with it, and ends it.
fn run(storage: &Faulty) -> (Told, Arc<FakeClock>) {
    let (clock, mut told) = (FakeClock::new(), Told::default());
    if let Ok((node, _)) = open(storage, &clock, small()) {
        work(&node, &clock, &mut Clients::new(SEED), PROPOSALS, &mut told);
        node.close();
    }
    (told, clock)
}

/// How many calls a run makes in which nothing goes wrong; it has everything in it that can go wrong.
fn calls() -> u64 {
    let storage = Faulty::new();
    let (told, clock) = run(&storage);
    let calls = storage.calls();
    assert_eq!(told.acknowledged(), PROPOSALS);
    let names = storage.list().unwrap();
    let count = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
    assert!(count(".segment") > 2 && count(".snapshot") == 2, "{names:?}");
    told.check(&storage, &clock, small()).unwrap();
    calls
}

/// What came of runs with a fault at each call in turn.
#[derive(Default)]
struct Found {
    /// What is wrong with what is found after the power failed.
    problems: Vec<String>,
    /// How many proposals were refused in each run in which the node came up.
    refused: Vec<usize>,
}

/// Runs with `prepare`d storage for each call.
fn at_every_call(prepare: impl Fn(&Faulty, u64), survives: impl Fn(u64) -> Survives) -> Found {
    let mut found = Found::default();
    for call in 0..calls() {
        let storage = Faulty::new();
        prepare(&storage, call);
        let (told, clock) = run(&storage);
        if !told.answers.is_empty() {
            found.refused.push(told.answers.len() - told.acknowledged());
        }
        match told.check(&storage.crash(survives(call)), &clock, small()) {
            // And it goes on.
            Ok(node) => drop(ask(&node, put_lone_intent(1)).expect("nothing goes wrong any more")),
            Err(problem) => found.problems.push(format!("call {call}: {problem}")),
        }
    }
    assert!(found.refused.len() > 300, "the node came up in only {} runs", found.refused.len());
    found
}

impl Found {
    /// Nothing is wrong, and no run refused more than it had to.
    #[track_caller]
    fn expect_none_and_refused_at_most(&self, refused: usize) {
        let Self { problems, .. } = self;
        assert!(problems.is_empty(), "{} problems, the first: {}", problems.len(), problems[0]);
        let most = self.refused.iter().max().copied();
        assert!(most <= Some(refused), "{most:?} proposals were refused in one run, {refused} should have been at most");
    }
}

#[test]
fn a_crash_at_any_call_that_loses_all_that_was_not_synced() {
    let found = at_every_call(|storage, call| storage.plan(call, Fault::Crash), |_| Survives::Nothing);
    found.expect_none_and_refused_at_most(PROPOSALS);
}

#[test]
fn a_crash_at_any_call_that_loses_nothing() {
    let found = at_every_call(|storage, call| storage.plan(call, Fault::Crash), |_| Survives::Everything);
    found.expect_none_and_refused_at_most(PROPOSALS);
}

#[test]
fn a_crash_at_any_call_that_tears_what_was_being_written() {
    let found = at_every_call(|storage, call| storage.plan(call, Fault::Crash), Survives::Beginning);
    found.expect_none_and_refused_at_most(PROPOSALS);
}

#[test]
fn a_crash_at_any_call_after_which_some_sectors_are_there_and_others_not() {
    let found = at_every_call(|storage, call| storage.plan(call, Fault::Crash), Survives::Some);
    found.expect_none_and_refused_at_most(PROPOSALS);
}

#[test]
fn an_input_or_output_error_at_any_call() {
    let found = at_every_call(|storage, call| storage.plan(call, Fault::Io), |_| Survives::Nothing);
    // The journal reads itself again, and the batch is appended again.
    found.expect_none_and_refused_at_most(0);
}

#[test]
fn no_room_at_any_call() {
    let found = at_every_call(|storage, call| storage.plan(call, Fault::Full), |_| Survives::Nothing);
    found.expect_none_and_refused_at_most(1);
    assert!(found.refused.iter().sum::<usize>() > 50);
}

#[test]
fn several_errors_close_to_each_other() {
    let plan = |storage: &Faulty, call: u64| {
        let mut random = SplitMix(call);
        for _ in 0..4 {
            let fault = [Fault::Io, Fault::Full][random.below(2)];
            storage.plan(call + random.below(12) as u64, fault);
        }
    };
    at_every_call(plan, |_| Survives::Nothing).expect_none_and_refused_at_most(4);
    at_every_call(plan, Survives::Some).expect_none_and_refused_at_most(4);
}

#[test]
fn errors_at_every_call_for_a_while_refuse_and_then_it_goes_on() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let (node, mut clients, mut told) = (opened(&storage, &clock, small()), Clients::new(SEED), Told::default());
    work(&node, &clock, &mut clients, 10, &mut told);
    let now = storage.calls();
    (now..now + 200).for_each(|call| storage.plan(call, Fault::Io));
    work(&node, &clock, &mut clients, 10, &mut told);
    assert_eq!(told.acknowledged(), 10);
    assert!(matches!(node.status().refusal, Some(Unavailable::JournalFailed { is_final: false, .. })));
    assert!(node.read(|registry, _| registry.accepted()) > 0, "reading goes on");
    while storage.calls() < now + 200 {
        work(&node, &clock, &mut clients, 1, &mut told);
    }
    let before = told.acknowledged();
    work(&node, &clock, &mut clients, 10, &mut told);
    assert!(told.acknowledged() >= before + 9 && node.status().refusal.is_none());
    told.check(&storage.crash(Survives::Nothing), &clock, small()).unwrap();
}

#[test]
fn a_bit_that_flips_in_any_write_is_noticed_or_does_no_harm() {
    let mut found = at_every_call(|storage, call| storage.plan(call, Fault::Flip), |_| Survives::Nothing);
    let all = found.problems.len();
    found.problems.retain(|problem| !problem.contains("damaged journal"));
    let noticed = all - found.problems.len();
    found.expect_none_and_refused_at_most(0);
    assert!(noticed > 20, "only {noticed} flipped bits were noticed");
}

#[test]
fn damage_that_recovering_finds_ends_writing_and_not_reading() {
    const SEGMENT: &str = "00000000000000000000.segment";
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    (0..4).for_each(|number| drop(ask(&node, put_lone_intent(number)).unwrap()));
    let mut bytes = storage.bytes(SEGMENT);
    bytes[200] ^= 1;
    storage.put(SEGMENT, &bytes);
    storage.plan(storage.calls() + 1, Fault::Io);
    let refusal = ask(&node, put_lone_intent(4)).unwrap_err();
    let Unavailable::JournalFailed { reason, is_final: true, .. } = &refusal else { panic!("{refusal}") };
    assert!(reason.contains("damaged journal: `00000000000000000000.segment`"), "{reason}");
    clock.advance(crate::support::HOUR);
    assert!(matches!(ask(&node, put_lone_intent(5)), Err(Unavailable::JournalFailed { may_be_stored: false, .. })));
    let status = node.status();
    assert!(matches!(status.refusal, Some(Unavailable::JournalFailed { is_final: true, .. })));
    assert_eq!((status.position, status.counts.operational_intents), (Position::new(4), 4));
    node.close();
    let refusal = chain(&open(&storage, &clock, options()).err().expect("it is damaged"));
    assert!(refusal.contains("cannot open the data directory: damaged journal"), "{refusal}");
}

#[test]
fn a_batch_whose_sync_failed_is_answered_as_if_nothing_had_happened() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    storage.plan(storage.calls() + 1, Fault::Io);
    assert!(ask(&node, put_lone_intent(1)).is_ok());
    let status = node.status();
    assert_eq!((status.position, status.refusal, status.appends.failures), (Position::new(1), None, 0));
    assert_eq!(crate::witness::log_of(&storage.crash(Survives::Nothing)).len(), 1);
}

#[test]
fn a_batch_that_turns_out_to_be_stored_is_applied_although_its_caller_was_told_that_it_may_not_be() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    // The sync fails, and then the log cannot be read again.
    let sync = storage.calls() + 1;
    (sync..sync + 2).for_each(|call| storage.plan(call, Fault::Io));
    let refusal = ask(&node, put_lone_intent(1)).unwrap_err();
    assert!(matches!(refusal, Unavailable::JournalFailed { may_be_stored: true, is_final: false, .. }), "{refusal}");
    // It is not read again at once.
    let calls = storage.calls();
    let refusal = ask(&node, put_lone_intent(2)).unwrap_err();
    assert!(matches!(refusal, Unavailable::JournalFailed { may_be_stored: false, is_final: false, .. }), "{refusal}");
    assert_eq!((storage.calls(), node.status().position), (calls, Position::START));
    clock.advance(crate::support::SECOND);
    assert!(ask(&node, put_lone_intent(3)).is_ok());
    let status = node.status();
    assert_eq!((status.position, status.counts.operational_intents, status.refusal), (Position::new(2), 2, None));
    node.close();
    assert_eq!(crate::witness::replay_of(&storage.crash(Survives::Nothing)).digest(), status.digest);
}

#[test]
fn without_fdatasync_acknowledged_writes_are_missing() {
    let forget = |storage: &Faulty, call: u64| {
        storage.forget_sync_data();
        storage.plan(call, Fault::Crash);
    };
    // What survives is drawn; in this draw a crash takes whole batches at the end, too, which nothing but the answers tells.
    let Found { problems, .. } = at_every_call(forget, |call| Survives::Some(1000 + call));
    let is_loss = |problem: &&String| problem.contains("acknowledged writes are missing") || problem.contains("damaged");
    assert!(problems.iter().filter(is_loss).count() > 20, "{} problems", problems.len());
    assert!(problems.iter().any(|problem| problem.contains("acknowledged writes are missing")), "{problems:?}");
}

#[test]
fn without_sync_of_the_directory_acknowledged_writes_are_missing() {
    let forget = |storage: &Faulty, call: u64| {
        storage.forget_sync_directory();
        storage.plan(call, Fault::Crash);
    };
    let Found { problems, .. } = at_every_call(forget, |_| Survives::Nothing);
    assert!(problems.iter().any(|problem| problem.contains("acknowledged writes are missing")), "{problems:?}");
}
