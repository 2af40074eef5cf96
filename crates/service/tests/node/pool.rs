//! Nodes of one pool over an engine in memory: what one was told, all know; and who is cut off, wrong or odd answers nothing that it
//! should not, and says why.

use crate::support::*;
use crate::workload::put_lone_intent;
use deconflict_journal::faulty::{Faulty, Survives};
use deconflict_pool::simulated::{Simulated, Way};
use deconflict_pool::{Engine, If, base, find};
use deconflict_registry::{Action, Carry, Outcome};
use deconflict_service::node::{Node, NodeError, NodeOptions, Seat, Unavailable};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const KEEP_BATCHES: u64 = 5;

/// A node, and what a test can do to it.
struct Member {
    node: Node,
    way: Arc<Mutex<Way>>,
}

fn joined(engine: &Simulated, name: &str) -> Member {
    ahead_by(engine, name, 0)
}

/// A node whose clock has always been so far ahead.
fn ahead_by(engine: &Simulated, name: &str, ahead_ns: i64) -> Member {
    let (clock, way) = (FakeClock::new(), Arc::new(Mutex::new(Way::Good)));
    clock.step_ns(ahead_ns);
    let node = join(engine, name, &Faulty::new(), &clock, &way, false);
    Member { node: node.unwrap_or_else(|error| panic!("{name} does not join: {}", chain(&error))), way }
}

fn join(
    engine: &Simulated,
    name: &str,
    storage: &Faulty,
    clock: &Arc<FakeClock>,
    way: &Arc<Mutex<Way>>,
    begins: bool,
) -> Result<Node, NodeError> {
    let engines = [(); 3].map(|()| Arc::new(engine.link(way.clone())) as Arc<dyn Engine>);
    let seat = Seat { name: name.to_owned(), engines, begins };
    let (engine_patience, heartbeat_every) = (Duration::from_millis(100), Duration::from_millis(20));
    let (keep_batches, compact_every) = (KEEP_BATCHES, Duration::ZERO);
    let options = NodeOptions { engine_patience, heartbeat_every, keep_batches, compact_every, ..options() };
    Node::join(Arc::new(storage.clone()), clock.clone(), options, seat).map(|(node, _)| node)
}

fn intents(node: &Node) -> usize {
    node.read(|registry, _| registry.counts()).operational_intents
}

fn put(member: &Member, number: u64) -> Result<Outcome, Unavailable> {
    ask(&member.node, put_lone_intent(number))
}

#[test]
fn what_one_node_was_told_every_node_knows_when_it_is_asked() {
    let engine = Simulated::new();
    let members = ["a", "b", "c"].map(|name| joined(&engine, name));
    for number in 0..30 {
        let writer = &members[number % 3];
        assert!(matches!(put(writer, number as u64), Ok(Outcome::OperationalIntentPut { .. })));
        for reader in &members {
            assert_eq!(block_on(reader.node.up_to_date(None)), Ok(Duration::ZERO));
            assert_eq!(intents(&reader.node), number + 1);
        }
    }
    let states: Vec<_> =
        members.iter().map(|member| member.node.status()).map(|status| (status.position, status.digest)).collect();
    assert!(states.iter().all(|state| *state == states[0]), "{states:?}");
}

#[test]
fn who_takes_an_older_state_is_told_its_age_without_asking_the_engine() {
    let engine = Simulated::new();
    let member = joined(&engine, "a");
    block_on(member.node.up_to_date(None)).unwrap();
    *member.way.lock().unwrap() = Way::RequestLost;
    let age = block_on(member.node.up_to_date(Some(HOUR))).unwrap();
    assert!(age > Duration::ZERO && age < MINUTE, "{age:?}");
    wait_until("the state is older than nothing", || block_on(member.node.up_to_date(Some(Duration::ZERO))).is_err());
}

#[test]
fn a_node_that_is_cut_off_refuses_and_is_back_by_itself() {
    let engine = Simulated::new();
    let (cut, other) = (joined(&engine, "a"), joined(&engine, "b"));
    for (way, may_be_there) in [(Way::RequestLost, false), (Way::AnswerLost, true)] {
        block_on(other.node.up_to_date(None)).unwrap();
        let before = intents(&other.node);
        *cut.way.lock().unwrap() = way;
        let refusal = put(&cut, before as u64).unwrap_err();
        assert!(matches!(refusal, Unavailable::CutOff { may_be_stored: true, .. }), "{refusal}");
        assert!(matches!(block_on(cut.node.up_to_date(None)), Err(Unavailable::CutOff { .. })));
        assert!(cut.node.status().refusal.is_some(), "it says so");
        *cut.way.lock().unwrap() = Way::Good;
        block_on(other.node.up_to_date(None)).unwrap();
        assert_eq!(intents(&other.node), before + usize::from(may_be_there), "once, or not at all");
        block_on(cut.node.up_to_date(None)).unwrap();
        assert_eq!(intents(&cut.node), intents(&other.node));
        assert!(put(&cut, 100 + before as u64).is_ok());
    }
}

#[test]
fn a_node_comes_back_with_the_files_that_a_crash_left_it() {
    let engine = Simulated::new();
    let (storage, clock, way) = (Faulty::new(), FakeClock::new(), Arc::default());
    let node = join(&engine, "a", &storage, &clock, &way, false).unwrap();
    let other = joined(&engine, "b");
    for number in 0..10 {
        assert!(ask(&node, put_lone_intent(number)).is_ok());
        // What its files lack, the engine has.
        let left = storage.crash(Survives::Nothing);
        assert!(put(&other, 100 + number).is_ok());
        let (clock, way) = (FakeClock::new(), Arc::default());
        let again = join(&engine, "again", &left, &clock, &way, false).unwrap();
        block_on(again.up_to_date(None)).unwrap();
        assert_eq!(intents(&again), intents(&other.node));
    }
}

#[test]
fn a_clock_that_is_not_that_of_most_others_proposes_nothing() {
    let engine = Simulated::new();
    let members = ["a", "b"].map(|name| joined(&engine, name));
    for (name, ahead_s, is_taken) in [("c", 4, true), ("d", 6, false), ("e", -6, false)] {
        let member = ahead_by(&engine, name, ahead_s * 1_000_000_000);
        let number = u64::from(name.as_bytes()[0]);
        if is_taken {
            assert!(put(&member, number).is_ok());
        } else {
            let is_refused =
                |refusal| matches!(refusal, Unavailable::ClockOffPool { by_ns } if by_ns.signum() == i64::signum(ahead_s));
            wait_until("its clock is seen to be off", || put(&member, number).is_err_and(is_refused));
            // It can still be read.
            assert_eq!(block_on(member.node.up_to_date(None)), Ok(Duration::ZERO));
        }
    }
    assert!(members.iter().all(|member| member.node.status().refusal.is_none()), "they agree with each other");
}

#[test]
fn a_clock_that_was_wrong_while_a_node_was_away_stores_nothing_before_the_others_are_heard() {
    const YEARS_NS: i64 = 10 * 365 * 86_400 * 1_000_000_000;
    let engine = Simulated::new();
    let members = ["a", "b"].map(|name| joined(&engine, name));
    let (storage, clock, way) = (Faulty::new(), FakeClock::new(), Arc::default());
    let node = join(&engine, "c", &storage, &clock, &way, false).unwrap();
    assert!(ask(&node, put_lone_intent(1)).is_ok());
    node.close();
    drop(node);
    // By its clock everything has ended, and may go.
    clock.step_ns(YEARS_NS);
    let node = join(&engine, "c", &storage, &clock, &way, false).unwrap();
    assert!(matches!(ask(&node, put_lone_intent(2)), Err(Unavailable::ClockOffPool { by_ns }) if by_ns > YEARS_NS / 2));
    assert!(put(&members[0], 3).is_ok(), "nobody waits for the time of that clock");
    assert_eq!(intents(&members[0].node), 2);
}

/// Lets nodes say what they want, until `is_so`.
fn with_words_of(engine: &Simulated, names: &[&str], member: &Member, differ: bool, is_so: impl Fn() -> bool) {
    let link = engine.link(Arc::default());
    let mut count = 0_u64;
    wait_until("the words are heard", || {
        count += 1;
        let status = member.node.status();
        let (position, digest) = (status.position.get(), status.digest ^ u128::from(differ));
        for name in names {
            let note = format!(
                r#"{{"version":"0","position":{position},"digest":"{digest:032x}","snapshot":null,"wall_ns":{},"refusal":null,"says":null,"count":{count}}}"#,
                BEGIN.ns()
            );
            link.set(&format!("node/{name}"), If::Always, note.as_bytes()).unwrap();
        }
        is_so()
    });
}

#[test]
fn a_node_whose_state_is_not_that_of_the_majority_stops_and_one_other_stops_nobody() {
    let engine = Simulated::new();
    let member = joined(&engine, "a");
    assert!(put(&member, 1).is_ok());
    let seen = |count| {
        let pool = member.node.pool().unwrap();
        pool.iter().filter(|node| node.agrees == Some(false)).count() == count
    };
    with_words_of(&engine, &["odd"], &member, true, || seen(1));
    assert!(put(&member, 2).is_ok(), "one alone stops nobody");
    with_words_of(&engine, &["x", "y"], &member, true, || member.node.status().refusal.is_some());
    let refusal = put(&member, 3).unwrap_err();
    assert!(matches!(&refusal, Unavailable::JournalFailed { is_final: true, reason, .. } if reason.contains('x')), "{refusal}");
    assert_eq!(block_on(member.node.up_to_date(Some(HOUR))).unwrap_err(), refusal, "not even an older state is told");
}

#[test]
fn a_second_process_of_the_same_name_replaces_the_first() {
    let engine = Simulated::new();
    let first = joined(&engine, "a");
    assert!(put(&first, 1).is_ok());
    let second = joined(&engine, "a");
    let refusal = put(&first, 2).unwrap_err();
    assert!(matches!(&refusal, Unavailable::JournalFailed { is_final: true, may_be_stored: false, .. }), "{refusal}");
    assert!(put(&second, 3).is_ok());
    assert_eq!(intents(&second.node), 2);
}

#[test]
fn records_that_were_there_before_begin_a_pool_only_when_they_are_to() {
    let (storage, clock, engine) = (Faulty::new(), FakeClock::new(), Simulated::new());
    let node = opened(&storage, &clock, options());
    assert!(ask(&node, put_lone_intent(1)).is_ok());
    node.close();
    drop(node);
    let way = Arc::default();
    let refused = join(&engine, "a", &storage, &clock, &way, false).err().map(|error| chain(&error)).unwrap_or_default();
    assert!(refused.contains("--begin-pool"), "{refused}");
    let node = join(&engine, "a", &storage, &clock, &way, true).unwrap();
    assert!(ask(&node, put_lone_intent(2)).is_ok());
    // Whoever comes with nothing needs what was before the pool.
    let (fresh, clock) = (Faulty::new(), FakeClock::new());
    let refused = join(&engine, "b", &fresh, &clock, &way, false).err().map(|error| chain(&error)).unwrap_or_default();
    assert!(refused.contains("the node has the records up to 0"), "{refused}");
}

/// Where the engine's records begin.
fn begins_at(engine: &Simulated) -> u64 {
    let link = engine.link(Arc::default());
    let pool = find(&link).unwrap().unwrap();
    base(&link, &pool).unwrap().place.position.get()
}

#[test]
fn the_engine_keeps_what_some_node_lacks_and_no_more() {
    let engine = Simulated::new();
    let (storage, clock, way) = (Faulty::new(), FakeClock::new(), Arc::default());
    let node = join(&engine, "a", &storage, &clock, &way, false).unwrap();
    let other = joined(&engine, "b");
    let mut number = 0;
    let mut write = |member: &Node| {
        number += 1;
        assert!(ask(member, put_lone_intent(number)).is_ok());
        number as usize
    };
    for _ in 0..30 {
        write(&node);
    }
    wait_until("the engine has forgotten what both have", || {
        let written = write(&other.node) as u64;
        begins_at(&engine) + 6 * KEEP_BATCHES > written && begins_at(&engine) > 20
    });
    // One that is cut off lacks what comes now: the engine keeps it.
    *other.way.lock().unwrap() = Way::RequestLost;
    wait_until("it is seen to be cut off", || block_on(other.node.up_to_date(None)).is_err());
    let lacks_from = begins_at(&engine);
    let known = other.node.status().position.get();
    for _ in 0..40 {
        write(&node);
    }
    assert!(begins_at(&engine) <= known, "{} of {known}", begins_at(&engine));
    assert!(begins_at(&engine) >= lacks_from);
    *other.way.lock().unwrap() = Way::Good;
    block_on(other.node.up_to_date(None)).unwrap();
    assert_eq!(intents(&other.node), intents(&node));
    wait_until("it is forgotten, too", || {
        write(&node);
        begins_at(&engine) > known + 20
    });
    // Whoever was there comes back from its own files, who comes with nothing is told what it needs, and with a copy it has everything.
    let count = intents(&node);
    let left = storage.crash(Survives::Nothing);
    let again = join(&engine, "a", &left, &FakeClock::new(), &Arc::default(), false).unwrap();
    block_on(again.up_to_date(None)).unwrap();
    assert_eq!(intents(&again), count);
    let refused = join(&engine, "c", &Faulty::new(), &FakeClock::new(), &Arc::default(), false).err().map(|error| chain(&error));
    assert!(refused.is_some_and(|refused| refused.contains("the node has the records up to 0; the engine has those from")));
    let copied = join(&engine, "c", &left.crash(Survives::Everything), &FakeClock::new(), &Arc::default(), false).unwrap();
    block_on(copied.up_to_date(None)).unwrap();
    assert_eq!(intents(&copied), count);
}

/// Commands of the joint picture rest on each other: of two that rest on the same, the first one counts, on every node.
#[test]
fn of_two_desks_the_one_that_was_overtaken_hears_of_it() {
    let engine = Simulated::new();
    let (one, other) = (joined(&engine, "a"), joined(&engine, "b"));
    let carried = |after: u64, now_ns: i64| {
        let effects = vec![deconflict_joint::Effect::Now(now_ns)];
        let command = deconflict_joint::Command { after, at_ns: now_ns, by: String::new(), asked: "test".to_owned(), effects };
        Action::Carry(Carry { record: command.encode().into() })
    };
    let before = one.node.status().digest;
    assert_eq!(ask(&one.node, carried(0, 1)), Ok(Outcome::Carried));
    assert_eq!(ask(&other.node, carried(0, 2)), Err(Unavailable::Overtaken));
    assert_eq!(ask(&other.node, carried(1, 3)), Ok(Outcome::Carried));
    // The same once more is another command, and too late.
    assert_eq!(ask(&one.node, carried(1, 3)), Err(Unavailable::Overtaken));
    for Member { node, .. } in [&one, &other] {
        block_on(node.up_to_date(None)).unwrap();
        assert_eq!(node.read_joint(|joint| (joint.applied, joint.now_ns)), (2, 3));
        let since = node.joint_since(0).unwrap();
        assert_eq!(since.iter().map(|command| command.at_ns).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(node.joint_since(2), Some(Vec::new()));
        assert_eq!(node.joint_since(3), None);
    }
    assert_eq!(one.node.status().digest, other.node.status().digest);
    assert_ne!(one.node.status().digest, before, "the joint picture is in it");
}
