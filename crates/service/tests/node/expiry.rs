//! What ended long ago goes by itself, a little at a time, and nothing is written when nothing has to go.

use crate::support::{DAY, FakeClock, HOUR, MINUTE, SECOND, ask, opened, options, wait_until};
use crate::witness::{log_of, replay_of};
use crate::workload::put_lone_intent;
use deconflict_journal::faulty::Faulty;
use deconflict_registry::{Action, Command, Expire, Options, Quotas, Registry};
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

#[test]
fn options_are_set_by_a_command_once_and_stay() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let quotas = Quotas { entities: 2, ..Quotas::NONE };
    let wanted = Options { quotas, ..Options::default() };
    let node = opened(&storage, &clock, NodeOptions { registry: wanted, ..options() });
    wait_until("the options are set", || node.status().position.get() == 1);
    ask(&node, put_lone_intent(1)).unwrap();
    node.close();
    let again = opened(&storage, &clock, NodeOptions { registry: wanted, ..options() });
    ask(&again, put_lone_intent(2)).unwrap();
    assert_eq!(again.read(|registry, _| registry.options()), wanted);
    again.close();
    let others = opened(&storage, &clock, options());
    ask(&others, put_lone_intent(3)).unwrap();
    others.close();
    let set = |(_, command, _): (_, Command, _)| matches!(command.action, Action::SetOptions(_));
    let sets: Vec<bool> = log_of(&storage).into_iter().map(set).collect();
    assert_eq!(sets, [true, false, false, true, false], "once for each change, and before the first write");
}
