//! What nobody answers gets around, step by step, and only to those who know of it.

mod common;

use common::{World, exercise, flight, small_frame, to_all};
use deconflict_joint::{Disclosed, Request, Settings, Step};
use serde_json::{Value, json};

const HOURS: [&str; 2] = ["2026-06-02T06:00Z", "2026-06-02T12:00Z"];
const MINUTE_NS: i64 = 60_000_000_000;

/// A's flight in conflict with one of B, whom it reaches directly, and apart from that with one of C, whom it reaches through B.
fn world() -> World {
    let mut world = World::new();
    let settings = Settings { acknowledge_s: [0, 600, 600, 600, 600], ..exercise() };
    let mut frame = small_frame();
    frame["matters"] = json!([]);
    world.operator(Request::SetFrame { plan: frame, settings }).unwrap();
    let others = to_all(Disclosed::ConflictOnly);
    let here = |id: &str, lat: f64| flight(id, lat, 40.0, "3 km", ["2000 m", "2500 m"], HOURS);
    world.file("A", vec![here("a", 34.0), here("a2", 36.0)], others.clone()).unwrap();
    world.file("B", vec![here("b", 34.0)], others.clone()).unwrap();
    world.file("C", vec![here("c", 36.0)], others).unwrap();
    // B passes on what it holds.
    for relay in held(&world) {
        world.party("B", Request::Pass { relay }).unwrap();
    }
    world
}

fn held(world: &World) -> Vec<u64> {
    let relays = world.follower.relays_for("B");
    relays["relays"].as_array().unwrap().iter().map(|relay| relay["relay"].as_u64().unwrap()).collect()
}

fn later(world: &mut World, minutes: i64) {
    let now_ns = world.follower.now_ns + minutes * MINUTE_NS;
    world.operator(Request::SetClock { now_ns }).unwrap();
}

fn steps(world: &World, recipient: &str, kind: &str) -> Vec<u64> {
    let events = world.events(recipient, 0).into_iter().filter(|event| event["event"] == kind);
    events.map(|event| event["step"].as_u64().unwrap()).collect()
}

fn of_finding<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["event"] == kind).collect()
}

#[test]
fn silence_escalates_step_by_step_and_ends_with_the_operator() {
    let mut world = world();
    later(&mut world, 11);
    // A has two notices, B and C one each.
    assert_eq!(
        ([1, 1].to_vec(), vec![1], vec![1]),
        (steps(&world, "A", "overdue"), steps(&world, "B", "overdue"), steps(&world, "C", "overdue"))
    );
    assert_eq!(4, steps(&world, "operator", "overdue").len());
    // A and B hear that the other has not answered; of C, nobody is reached directly.
    assert_eq!(
        (vec![1], vec![1], vec![]),
        (steps(&world, "A", "unanswered"), steps(&world, "B", "unanswered"), steps(&world, "C", "unanswered"))
    );
    assert!(held(&world).is_empty());
    later(&mut world, 5);
    assert_eq!(4, steps(&world, "operator", "overdue").len(), "not before its time");
    later(&mut world, 6);
    assert_eq!(8, steps(&world, "operator", "overdue").len());
    // Now A and C are to hear of each other's silence through B.
    let relays = held(&world);
    assert_eq!(2, relays.len());
    for relay in relays {
        world.party("B", Request::Pass { relay }).unwrap();
    }
    assert_eq!((vec![1, 2, 2], vec![2]), (steps(&world, "A", "unanswered"), steps(&world, "C", "unanswered")));
    let to_c = world.events("C", 0);
    let word = of_finding(&to_c, "unanswered")[0];
    // Its first finding was that it had filed nothing.
    assert_eq!((Some("F-2"), Some("B")), (word["finding"].as_str(), word["via"][0].as_str()));
    // The last step asks the operator to speak to them; after it there is silence.
    later(&mut world, 11);
    let last: Vec<Value> = world.events("operator", 0).into_iter().filter(|event| event["step"] == 3).collect();
    assert!(last.len() == 4 && last.iter().all(|event| event["what"].as_str().is_some_and(|what| what.contains("another way"))));
    later(&mut world, 600);
    assert_eq!(12, steps(&world, "operator", "overdue").len());
}

#[test]
fn an_answer_ends_it_and_a_long_leap_of_time_says_it_once() {
    let mut world = world();
    let events = world.events("B", 0);
    let notice = events.iter().position(|event| event["accept_by"].is_string()).unwrap() as u64 + 1;
    let unable = Step { step: "unable".to_owned(), role: None, machine: false, fields: Default::default(), signed: None };
    world.party("B", Request::Answer { notice, step: unable }).unwrap();
    later(&mut world, 25);
    assert_eq!(Vec::<u64>::new(), steps(&world, "B", "overdue"));
    assert_eq!(vec![2, 2], steps(&world, "A", "overdue"));
    assert_eq!(2, held(&world).len(), "the step in between is not passed over");
}
