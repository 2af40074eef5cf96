//! Thousands of clients' random commands, and what must hold whatever they are.
//!
//! `world` makes the commands, `model` says plainly what should come of them, `witness` looks at commands and outcomes alone,
//! as clients could. `SIMULATION_SEED=7 cargo test -p deconflict-registry --test simulation` is another run; a failure prints
//! its seed and the number of its command.

mod model;
mod quotas;
mod random;
mod rid;
mod views;
mod witness;
mod world;

use deconflict_registry::*;
use model::Model;
use std::collections::BTreeSet;
use std::env;
use std::sync::LazyLock;
use witness::{ClockWitness, ImplicitWitness, IndexWitness, KeyWitness};
use world::Step;

const COMMANDS: usize = 13_000;
const HOUR_NS: i64 = 60 * 60 * 1_000_000_000;
/// Short, so that much expires within the run.
const RETENTION_NS: i64 = 12 * HOUR_NS;

static SEED: LazyLock<u64> = LazyLock::new(|| {
    let text = env::var("SIMULATION_SEED").unwrap_or_else(|_| "1".to_owned());
    text.parse().unwrap_or_else(|_| panic!("SIMULATION_SEED is `{text}`, expected a number"))
});

static STEPS: LazyLock<Vec<Step>> = LazyLock::new(|| world::commands(*SEED, COMMANDS, RETENTION_NS));

/// The commands of this run, each with the words that a failure begins with.
fn steps() -> impl Iterator<Item = (&'static Step, String)> {
    STEPS.iter().enumerate().map(|(number, step)| (step, format!("SIMULATION_SEED={}, command {number}", *SEED)))
}

/// Applies all commands and shows each with its outcome to `see`.
fn run(mut see: impl FnMut(&Registry, &Step, &Outcome, &str)) -> Registry {
    let mut registry = Registry::new();
    for (step, place) in steps() {
        let outcome = registry.apply(&step.command);
        see(&registry, step, &outcome, &place);
    }
    registry
}

#[test]
fn every_outcome_is_that_of_a_plain_model() {
    let mut model = Model::default();
    run(|_, step, outcome, place| {
        assert_eq!(*outcome, model.apply(&step.command), "{place}: {:#?}", step.command);
    });
}

#[test]
fn every_question_is_answered_as_by_a_plain_model() {
    let (mut model, mut number) = (Model::default(), 0);
    run(|registry, step, _, place| {
        model.apply(&step.command);
        number += 1;
        if number % 50 == 0 {
            views::assert_same_answers(registry, &model, &step.command, place);
        }
    });
}

#[test]
fn a_replay_has_the_same_digest_after_every_command() {
    let mut digests = Vec::new();
    run(|registry, _, _, _| digests.push(registry.digest()));
    let mut replayed = Registry::new();
    for ((step, place), digest) in steps().zip(digests) {
        let command = Command::decode(&step.command.encode()).expect("a command that was encoded can be decoded");
        replayed.apply(&command);
        assert_eq!(replayed.digest(), digest, "{place}");
    }
}

#[test]
fn rejected_commands_change_nothing_and_need_not_be_kept() {
    let (mut kept, mut before) = (Registry::new(), Registry::new().digest());
    run(|registry, step, outcome, place| {
        if matches!(outcome, Outcome::Rejected(_)) {
            assert_eq!(registry.digest(), before, "{place} was rejected and changed something");
        } else {
            assert_ne!(registry.digest(), before, "{place} was accepted and changed nothing");
            kept.apply(&step.command);
        }
        before = registry.digest();
        assert_eq!(kept.digest(), before, "{place}");
    });
}

#[test]
fn a_snapshot_leads_back_to_the_same_state_and_the_same_future() {
    let (mut restored, mut number) = (Registry::new(), 0);
    run(|registry, step, outcome, place| {
        assert_eq!(restored.apply(&step.command), *outcome, "{place}");
        number += 1;
        if number % 500 == 0 {
            let snapshot = restored.snapshot();
            restored = Registry::from_snapshot(&snapshot).unwrap_or_else(|unreadable| panic!("{place}: {unreadable}"));
            assert!(restored.snapshot() == snapshot, "{place}: the snapshot of the restored registry differs");
        }
        assert_eq!(restored.digest(), registry.digest(), "{place}");
    });
}

#[test]
fn a_capture_gives_the_snapshot_of_the_moment_at_which_it_began() {
    struct Running {
        capture: Capture,
        bytes: Vec<u8>,
        snapshot: Vec<u8>,
    }
    let (mut registry, mut running, mut compared, mut changed) = (Registry::new(), None::<Running>, 0, 0);
    for (number, (step, place)) in steps().enumerate() {
        registry.apply(&step.command);
        let Some(mut current) = running.take() else {
            let (snapshot, capture) = (registry.snapshot(), registry.begin_capture());
            running = Some(Running { capture, bytes: Vec::new(), snapshot });
            continue;
        };
        // A record or a few at a time, so that what comes later changes before its turn.
        if registry.capture_next(&mut current.capture, number % 5 * 100, &mut current.bytes) {
            running = Some(current);
            continue;
        }
        current.capture.finish(&mut current.bytes);
        drop(registry.end_capture());
        assert!(current.bytes == current.snapshot, "{place}: the capture that ended here is not what it began with");
        compared += 1;
        changed += u32::from(registry.snapshot() != current.snapshot);
    }
    assert!(compared > 20 && changed == compared, "{compared} captures were compared, {changed} while something changed");
}

#[test]
fn a_capture_changes_nothing_and_may_be_given_up() {
    let mut captured = Registry::new();
    run(|registry, step, outcome, place| {
        let _given_up = captured.begin_capture();
        assert_eq!(captured.apply(&step.command), *outcome, "{place}");
        drop(captured.end_capture());
        assert_eq!(captured.digest(), registry.digest(), "{place}");
    });
}

#[test]
fn whether_something_would_expire_is_known_before() {
    let everything = |registry: &Registry| {
        let counts = registry.counts();
        let f3411 = counts.identification_service_areas + counts.rid_subscriptions;
        counts.operational_intents + counts.constraints + counts.subscriptions + f3411 + counts.reports + counts.spent_suffixes
    };
    let mut registry = Registry::new();
    let (mut yes, mut no) = (0, 0);
    for (step, place) in steps() {
        let is_foretold = registry.would_expire(step.command.proposed_at, RETENTION_NS as u64);
        let before = everything(&registry);
        registry.apply(&step.command);
        if matches!(step.command.action, Action::Expire(_)) {
            assert_eq!(everything(&registry) < before, is_foretold, "{place}");
            (yes, no) = (yes + u32::from(is_foretold), no + u32::from(!is_foretold));
        }
    }
    assert!(yes > 100 && no > 100, "something was to expire {yes} times, nothing {no} times");
}

#[test]
fn the_length_of_a_command_is_known_before_its_time_is() {
    for (step, place) in steps() {
        assert_eq!(step.command.action.command_bytes(), step.command.encode().len(), "{place}");
    }
}

#[test]
fn no_intent_is_accepted_that_did_not_show_the_current_ovn_of_everything_relevant() {
    let mut witness = KeyWitness::default();
    run(|_, step, outcome, place| witness.see(&step.command.action, outcome, place));
    assert!(witness.demanded > 3_000, "only {} OVNs were demanded: the run says little", witness.demanded);
}

#[test]
fn notification_indices_have_no_gap_and_no_repeat_or_are_the_time() {
    let mut witness = IndexWitness::default();
    run(|_, step, outcome, place| witness.see(&step.command, outcome, place));
    let (counted, timed) = (witness.counted, witness.timed);
    assert!(counted > 10_000 && timed > 1_000, "only {counted} and {timed} notifications: the run says little");
}

#[test]
fn no_two_writes_of_f3411_get_the_same_version() {
    let (mut latest, mut writes) = (RidVersion::from_number(0).unwrap(), 0);
    run(|_, _, outcome, place| {
        let version = match outcome {
            Outcome::IdentificationServiceAreaPut { service_area, .. } => service_area.version,
            Outcome::RidSubscriptionPut { subscription, .. } => subscription.version,
            _ => return,
        };
        assert!(version > latest, "{place}: {version} after {latest}");
        assert_eq!(RidVersion::parse(&version.to_string()), Some(version), "{place}");
        latest = version;
        writes += 1;
    });
    assert!(writes > 1_000, "only {writes} writes: the run says little");
}

#[test]
fn implicit_subscriptions_are_there_exactly_as_long_as_an_intent_needs_them() {
    let mut witness = ImplicitWitness::default();
    run(|registry, step, outcome, place| witness.see(registry, &step.command.action, outcome, place));
    assert!(witness.gone > 500, "only {} went: the run says little", witness.gone);
}

#[test]
fn clock_steps_of_two_hours_erase_nothing_early() {
    let mut witness = ClockWitness::new(RETENTION_NS - 2 * HOUR_NS);
    let registry = run(|_, step, outcome, place| witness.see(step, outcome, place));
    witness.assert_rest_is_there(&registry);
    assert!(witness.steps > 15 && witness.expired > 500, "{} steps, {} expired", witness.steps, witness.expired);
}

#[test]
fn the_run_meets_every_outcome_and_every_rejection() {
    let mut met = BTreeSet::new();
    run(|_, _, outcome, _| {
        let shown = format!("{outcome:?}");
        let shown = shown.strip_prefix("Rejected(").unwrap_or(&shown);
        met.insert(shown.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned());
    });
    let all = "OperationalIntentPut OperationalIntentDeleted ConstraintPut ConstraintDeleted SubscriptionPut \
        SubscriptionDeleted UssAvailabilitySet ReportFiled Expired EndInPast FirstStateNotAccepted OvnSuffixNotCurrent \
        OvnSuffixSpent SubscriptionRequired NotManager UpdateOfUnknown ConstraintUpdateOfUnknown DeleteOfUnknown UssDown \
        AlreadyExists OvnMismatch TransitionNotAllowed UnknownSubscription NotManagerOfSubscription \
        SubscriptionNotForOperationalIntents SubscriptionDoesNotCover MissingOvns NothingToNotify VersionMismatch StartInPast \
        SpanNotAscending SubscriptionTooLong DependentsNotCovered HasDependents IdentificationServiceAreaPut \
        IdentificationServiceAreaDeleted RidSubscriptionPut RidSubscriptionDeleted OptionsSet Carried EndRequired \
        TooManySubscriptions QuotaReached";
    let missed: Vec<&str> = all.split_whitespace().filter(|name| !met.contains(*name)).collect();
    assert!(missed.is_empty(), "SIMULATION_SEED={} never met {missed:?}", *SEED);
}
