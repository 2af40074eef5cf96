//! Every crash point of a workload, with every fault: what was acknowledged is there, and nothing is half there.
//!
//! The last tests prove that the checker bites: with a sync that does nothing it reports a loss.

mod common;

use common::{ID, OPTIONS, Told, append, check, contents, item, nonce, work};
use deconflict_journal::faulty::{Fault, Faulty, SplitMix, Survives};
use deconflict_journal::{AppendError, Batch, Entry, Journal, Log, Options, Position};
use std::sync::Arc;

const STEPS: u64 = 60;
const SEED: u64 = 4;

/// How many calls the workload makes when nothing goes wrong.
fn calls_of_workload() -> u64 {
    let storage = Faulty::new();
    let told = work(&storage, STEPS, SEED);
    check(&storage, &told).expect("nothing went wrong");
    assert!(told.acknowledged.len() > 60 && told.snapshots.len() > 2, "the workload does something");
    let storage = Faulty::new();
    work(&storage, STEPS, SEED);
    storage.calls()
}

/// Ends the process in each call in turn, and gives what the checker finds wrong.
fn crash_everywhere(survives: impl Fn(u64) -> Survives, prepare: impl Fn(&Faulty)) -> Vec<String> {
    let mut problems = Vec::new();
    for call in 0..calls_of_workload() {
        let storage = Faulty::new();
        prepare(&storage);
        storage.plan(call, Fault::Crash);
        let told = work(&storage, STEPS, SEED);
        if !storage.is_dead() {
            continue;
        }
        let found = storage.crash(survives(call));
        if let Err(problem) = check(&found, &told) {
            problems.push(format!("crash in call {call}: {problem}"));
        }
    }
    problems
}

#[track_caller]
fn expect_none(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems, the first: {}", problems.len(), problems[0]);
}

#[test]
fn a_crash_that_loses_everything_unsynced_loses_nothing_acknowledged() {
    expect_none(&crash_everywhere(|_| Survives::Nothing, |_| {}));
}

#[test]
fn a_crash_that_loses_nothing_is_no_problem() {
    expect_none(&crash_everywhere(|_| Survives::Everything, |_| {}));
}

#[test]
fn torn_writes_are_cut_away() {
    for round in 0..2 {
        expect_none(&crash_everywhere(|call| Survives::Beginning(call + 1000 * round), |_| {}));
    }
}

#[test]
fn sectors_and_names_that_survive_in_any_choice_are_no_problem() {
    for round in 0..3 {
        expect_none(&crash_everywhere(|call| Survives::Some(call + 1000 * round), |_| {}));
    }
}

#[test]
fn a_crash_during_recovery_is_recovered_from() {
    for call in 0..calls_of_workload() {
        let storage = Faulty::new();
        storage.plan(call, Fault::Crash);
        let told = work(&storage, STEPS, SEED);
        let mut random = SplitMix(call);
        let found = storage.crash(Survives::Some(call));
        let in_recovery = random.below(20) as u64;
        found.plan(in_recovery, Fault::Crash);
        drop(Journal::open(Arc::new(found.clone()), OPTIONS));
        let found = found.crash(Survives::Some(call + 1));
        if let Err(problem) = check(&found, &told) {
            panic!("crash in call {call}, then in call {in_recovery} of the recovery: {problem}");
        }
    }
}

/// Plans a fault at each call in turn; the workload goes on to its end, and then the power fails.
fn fail_everywhere(fault: Fault, mut judge: impl FnMut(u64, &Faulty, &Told)) {
    for call in 0..calls_of_workload() {
        let storage = Faulty::new();
        storage.plan(call, fault);
        let told = work(&storage, STEPS, SEED);
        judge(call, &storage.crash(Survives::Nothing), &told);
    }
}

#[test]
fn an_input_or_output_error_at_any_call_loses_nothing() {
    fail_everywhere(Fault::Io, |call, found, told| {
        check(found, told).unwrap_or_else(|problem| panic!("error in call {call}: {problem}"));
    });
}

#[test]
fn a_full_disk_at_any_call_loses_nothing() {
    let mut refusals = 0;
    fail_everywhere(Fault::Full, |call, found, told| {
        refusals += told.refused_for_room;
        check(found, told).unwrap_or_else(|problem| panic!("no room in call {call}: {problem}"));
    });
    assert!(refusals > 30, "only {refusals} appends were refused");
}

#[test]
fn a_disk_that_stays_full_refuses_until_there_is_room() {
    let (mut refused, mut kept) = (0, 0);
    for capacity in (2000..40_000).step_by(97) {
        let storage = Faulty::new();
        storage.set_capacity(Some(capacity));
        let told = work(&storage, STEPS, SEED);
        refused += told.refused_for_room;
        kept += told.acknowledged.len();
        let found = storage.crash(Survives::Nothing);
        check(&found, &told).unwrap_or_else(|problem| panic!("capacity {capacity}: {problem}"));
    }
    assert!(refused > 1000 && kept > 1000, "{refused} refused, {kept} kept");
}

#[test]
fn what_was_refused_for_want_of_room_does_not_mix_with_the_next_batch() {
    for seed in 0..100 {
        let storage = Faulty::new();
        let journal = Journal::create(Arc::new(storage.clone()), ID, Options::default()).unwrap();
        append(&journal, &[item(b"before")]);
        let used = storage.bytes("00000000000000000000.segment").len() as u64;
        storage.set_capacity(Some(used + 2500));
        let refused = [Entry { content: &[0x55; 5000], evidence: false }];
        let refused = Batch::new(1, nonce(1), &refused).unwrap();
        assert!(matches!(journal.append(Position::new(1), &refused), Err(AppendError::Full(_))));
        storage.set_capacity(None);
        // The next batch is written and the power fails in its sync.
        storage.plan(storage.calls() + 1, Fault::Crash);
        let next = [Entry { content: &[0x66; 2000], evidence: false }];
        assert!(journal.append(Position::new(1), &Batch::new(1, nonce(2), &next).unwrap()).is_err());
        let found = storage.crash(Survives::Some(seed));
        let (journal, _) = Journal::open(Arc::new(found), OPTIONS).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let contents = contents(&journal);
        assert!(contents[0] == b"before" && contents[1..].iter().all(|content| *content == [0x66; 2000]), "seed {seed}");
    }
}

#[test]
fn a_bit_that_a_write_flips_is_never_read_as_good() {
    let mut noticed = 0;
    fail_everywhere(Fault::Flip, |call, found, told| {
        // Whatever the checker finds wrong, the journal must have found itself.
        if let Err(problem) = check(found, told) {
            assert!(problem.contains("damaged journal"), "bit flipped in call {call}: {problem}");
            noticed += 1;
        }
    });
    assert!(noticed > 60, "only {noticed} flipped bits were noticed");
}

#[test]
fn without_fdatasync_the_checker_reports_a_loss() {
    let problems = crash_everywhere(|_| Survives::Nothing, Faulty::forget_sync_data);
    assert!(problems.iter().any(|problem| problem.contains("damaged") || problem.contains("ends at")), "{problems:?}");
    let problems = crash_everywhere(Survives::Some, Faulty::forget_sync_data);
    assert!(problems.iter().any(|problem| problem.contains("ends at")), "{problems:?}");
}

#[test]
fn without_sync_of_the_directory_the_checker_reports_a_loss() {
    let problems = crash_everywhere(|_| Survives::Nothing, Faulty::forget_sync_directory);
    assert!(problems.iter().any(|problem| problem.contains("no journal")), "{problems:?}");
    let problems = crash_everywhere(Survives::Some, Faulty::forget_sync_directory);
    assert!(problems.iter().any(|problem| problem.contains("ends at")), "{problems:?}");
}
