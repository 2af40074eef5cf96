//! A disk without room: writing is refused, reading goes on, and it recovers by itself.

use crate::support::{FakeClock, ask, opened, options, wait_until};
use crate::witness::{Told, log_of, work};
use crate::workload::{Clients, put_lone_intent, uss};
use deconflict_journal::faulty::{Faulty, Survives};
use deconflict_registry::EntityId;
use deconflict_service::node::Unavailable;

#[test]
fn a_full_disk_refuses_serves_reads_and_recovers_when_there_is_room() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let node = opened(&storage, &clock, options());
    storage.set_capacity(Some(2500));
    let stored = (0..).take_while(|number| ask(&node, put_lone_intent(*number)).is_ok()).count() as u64;
    assert!((3..10).contains(&stored), "{stored} were stored");

    assert_eq!(ask(&node, put_lone_intent(stored + 1)), Err(Unavailable::DiskFull));
    assert_eq!(node.status().refusal, Some(Unavailable::DiskFull));
    let is_there =
        |number: u64| node.read(|registry, _| registry.operational_intent(EntityId::from_u128(number.into()), &uss(0)));
    assert!((0..stored).all(|number| is_there(number).is_some()) && is_there(stored).is_none());

    storage.set_capacity(None);
    wait_until("the node has noticed that there is room", || node.status().refusal.is_none());
    assert!(ask(&node, put_lone_intent(stored)).is_ok());
    node.close();
    // Nothing of what was refused is there.
    let found = storage.crash(Survives::Nothing);
    let ids: Vec<EntityId> = opened(&found, &clock, options()).read(|registry, _| {
        (0..20).filter_map(|id| Some(registry.operational_intent(EntityId::from_u128(id), &uss(0))?.id)).collect()
    });
    assert_eq!(ids.len() as u64, stored + 1);
    assert_eq!(log_of(&found).len() as u64, stored + 1);
}

#[test]
fn the_next_proposal_tries_again_without_waiting_for_anybody_to_notice() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let quiet = deconflict_service::node::NodeOptions { tick: crate::support::HOUR, ..options() };
    let node = opened(&storage, &clock, quiet);
    storage.set_capacity(Some(100));
    assert_eq!(ask(&node, put_lone_intent(1)), Err(Unavailable::DiskFull));
    storage.set_capacity(None);
    assert!(ask(&node, put_lone_intent(1)).is_ok());
    assert_eq!(node.status().refusal, None);
}

#[test]
fn room_that_comes_and_goes_loses_nothing() {
    let (storage, clock) = (Faulty::new(), FakeClock::new());
    let small = deconflict_service::node::NodeOptions {
        segment_bytes: 5000,
        snapshot_every_commands: 20,
        snapshot_growth_percent: 0,
        ..options()
    };
    let (node, mut clients, mut told) = (opened(&storage, &clock, small), Clients::new(5), Told::default());
    for round in 0..60 {
        let has_room = round % 3 != 0;
        storage.set_capacity(if has_room { None } else { Some(round * 700) });
        work(&node, &clock, &mut clients, 5, &mut told);
    }
    let refused = told.answers.iter().filter(|(_, answer)| matches!(answer, Err(Unavailable::DiskFull))).count();
    assert!(refused > 50 && told.acknowledged() > 180, "{refused} refused, {} acknowledged", told.acknowledged());
    node.close();
    told.check(&storage.crash(Survives::Nothing), &clock, small).unwrap();
}
