//! What ended long ago goes by itself, a little at a time, and nothing is written when nothing has to go.

use crate::support::{DAY, FakeClock, HOUR, MINUTE, SECOND, ask, opened, options, wait_until};
use crate::witness::{log_of, replay_of};
use crate::workload::put_lone_intent;
use deconflict_journal::faulty::Faulty;
use deconflict_registry::{Action, Expire, Registry};
use deconflict_service::node::NodeOptions;

#[test]
fn what_ended_longer_ago_than_the_retention_goes_and_nothing_else() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    ask(&node, put_lone_intent(1)).unwrap();
    clock.advance(HOUR + 7 * DAY);
    ask(&node, put_lone_intent(1)).unwrap();
    assert_eq!(node.status().counts.operational_intents, 1, "its retention is not over");
    clock.advance(MINUTE + SECOND);
    wait_until("it is gone", || node.status().counts.operational_intents == 0);
    assert!(node.status().refusal.is_none(), "days that pass are no step");
}

#[test]
fn much_goes_in_small_pieces_without_waiting_in_between() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, NodeOptions { expire_limit: 3, ..options() });
    (0..10).for_each(|number| drop(ask(&node, put_lone_intent(number)).unwrap()));
    clock.advance(30 * DAY);
    wait_until("all are gone", || node.status().counts.operational_intents == 0);
    node.close();
    assert_eq!(replay_of(&storage).digest(), node.status().digest);
    let mut registry = Registry::new();
    let mut left = Vec::new();
    for (_, command, _) in log_of(&storage) {
        registry.apply(&command);
        if let Action::Expire(Expire { limit, .. }) = command.action {
            assert_eq!(limit, 3);
            left.push(registry.counts().operational_intents);
        }
    }
    assert_eq!(left, [7, 4, 1, 0]);
}

#[test]
fn an_idle_log_stays_idle() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    for number in 0..20 {
        clock.advance(10 * MINUTE);
        // The writer looks for what may go before it stores this.
        ask(&node, put_lone_intent(number)).unwrap();
    }
    assert_eq!(node.status().position.get(), 20);
}
