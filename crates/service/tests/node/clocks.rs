//! Clocks that jump: nothing is proposed and nothing erased by a time that cannot be trusted.

use crate::support::{BEGIN, DAY, FakeClock, HOUR, MINUTE, SECOND, ask, opened, options, wait_until};
use crate::workload::{lone_intent, put_lone_intent};
use deconflict_journal::Position;
use deconflict_journal::faulty::Faulty;
use deconflict_registry::{Action, Counts, Outcome};
use deconflict_service::node::{Clock, Node, Unavailable};
use std::sync::Arc;

const HOUR_NS: i64 = 3_600_000_000_000;

/// An intent that begins when the clock says.
fn put(number: u64, clock: &FakeClock) -> Action {
    Action::PutOperationalIntent(lone_intent(number, clock.wall()))
}

/// A node with intents that are over, that go on, and that are to come.
fn populated(storage: &Faulty, clock: &Arc<FakeClock>) -> (Node, Counts) {
    let node = opened(storage, clock, options());
    for number in 0..100 {
        let start = BEGIN.plus_ns(HOUR_NS / 10 * number as i64);
        let put = ask(&node, Action::PutOperationalIntent(lone_intent(number, start)));
        assert!(matches!(put, Ok(Outcome::OperationalIntentPut { .. })));
    }
    clock.advance(5 * HOUR);
    let counts = node.read(|registry, _| registry.counts());
    assert_eq!(counts.operational_intents, 100);
    (node, counts)
}

/// Lets five minutes pass in which the writer stores something now and then, and looks for what may go before. Gives how
/// often it did.
fn let_it_look_around(node: &Node, clock: &FakeClock) -> usize {
    let pass = |_| {
        clock.advance(MINUTE);
        ask(node, put_lone_intent(0)).is_ok()
    };
    (0..5).map(pass).filter(|is_taken| *is_taken).count()
}

#[test]
fn a_step_either_way_stops_proposals_until_the_clock_has_been_steady() {
    for step in [2 * HOUR_NS, -2 * HOUR_NS, 5_000_000_001, -5_000_000_001] {
        let (storage, clock) = (Faulty::new(), FakeClock::new());
        let node = opened(&storage, &clock, options());
        clock.step_ns(step);
        let refusal = ask(&node, put_lone_intent(1)).unwrap_err();
        assert_eq!(refusal, Unavailable::ClockStepped { by_ns: step, trusted_in_ns: 60_000_000_000 });
        clock.advance(59 * SECOND);
        assert_eq!(ask(&node, put_lone_intent(1)).unwrap_err().retry_after_s(), 1);
        // Meanwhile what is read is judged by the time that was trusted.
        assert_eq!(node.read(|_, now| now), BEGIN.plus_ns(59_000_000_000));
        clock.advance(SECOND);
        assert!(matches!(ask(&node, put(1, &clock)), Ok(Outcome::OperationalIntentPut { .. })), "step of {step} ns");
        assert_eq!(node.read(|registry, _| registry.log_time()), BEGIN.plus_ns(step + 60_000_000_000));
    }
}

#[test]
fn a_step_within_the_tolerance_is_nothing() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    for (number, step) in [5_000_000_000, -5_000_000_000, 4_000_000_000].into_iter().enumerate() {
        clock.step_ns(step);
        assert!(ask(&node, put_lone_intent(number as u64)).is_ok());
    }
}

#[test]
fn while_the_clock_is_behind_the_log_nothing_is_proposed() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    clock.step_ns(2 * HOUR_NS);
    wait_until("the step was seen", || matches!(node.status().refusal, Some(Unavailable::ClockStepped { .. })));
    clock.advance(MINUTE);
    ask(&node, put(1, &clock)).unwrap();
    // The clock was wrong, and somebody sets it right.
    clock.step_ns(-2 * HOUR_NS);
    wait_until("the step was seen", || matches!(node.status().refusal, Some(Unavailable::ClockStepped { .. })));
    clock.advance(MINUTE);
    let refusal = ask(&node, put_lone_intent(2)).unwrap_err();
    assert_eq!(refusal, Unavailable::ClockBehindLog { by_ns: 2 * HOUR_NS as u64 - 60_000_000_000 });
    assert_eq!(refusal.retry_after_s(), 3600);
    clock.advance(2 * HOUR - MINUTE - 6 * SECOND);
    assert_eq!(ask(&node, put_lone_intent(2)).unwrap_err().retry_after_s(), 6);
    clock.advance(SECOND);
    assert!(ask(&node, put_lone_intent(2)).is_ok());
}

#[test]
fn a_clock_that_steps_by_two_hours_erases_nothing() {
    for step in [2 * HOUR_NS, -2 * HOUR_NS] {
        let (storage, clock) = (Faulty::new(), FakeClock::new());
        let (node, counts) = populated(&storage, &clock);
        for (number, by) in [step, -step, -step, step].into_iter().enumerate() {
            clock.step_ns(by);
            assert!(let_it_look_around(&node, &clock) >= 4, "step {number}");
            assert_eq!(node.read(|registry, _| registry.counts()), counts, "step {number}");
        }
        // Days that really pass do erase.
        clock.advance(8 * DAY);
        let_it_look_around(&node, &clock);
        assert_eq!(node.read(|registry, _| registry.counts().operational_intents), 0);
    }
}

#[test]
fn a_clock_that_steps_by_two_hours_across_a_restart_erases_nothing() {
    for step in [2 * HOUR_NS, -2 * HOUR_NS] {
        let (storage, clock) = (Faulty::new(), FakeClock::new());
        let (node, counts) = populated(&storage, &clock);
        ask(&node, put(200, &clock)).unwrap();
        node.close();
        clock.step_ns(step);
        let node = opened(&storage, &clock, options());
        if step < 0 {
            // Log time tells that the clock is behind.
            let refusal = ask(&node, put(201, &clock)).unwrap_err();
            assert_eq!(refusal, Unavailable::ClockBehindLog { by_ns: 2 * HOUR_NS as u64 });
        } else {
            // Nobody can see it; what is kept for days after its end does not go for two hours.
            assert!(ask(&node, put(201, &clock)).is_ok());
        }
        assert_eq!(let_it_look_around(&node, &clock), if step < 0 { 0 } else { 5 });
        let found = node.read(|registry, _| registry.counts().operational_intents);
        assert_eq!(found, counts.operational_intents + 1 + usize::from(step > 0), "step of {step} ns");
    }
}

#[test]
fn an_expiry_waits_until_a_clock_that_jumped_is_trusted() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    ask(&node, put_lone_intent(1)).unwrap();
    clock.step_ns(30 * DAY.as_nanos() as i64);
    wait_until("the step was seen", || matches!(node.status().refusal, Some(Unavailable::ClockStepped { .. })));
    for _ in 0..59 {
        clock.advance(SECOND);
        assert!(ask(&node, put_lone_intent(2)).is_err());
    }
    // An expiry is due every minute and has been since the step; the log shows none.
    assert_eq!(node.status().position, Position::new(1));
    clock.advance(SECOND);
    wait_until("what ended long before the new time is gone", || node.status().counts.operational_intents == 0);
}
