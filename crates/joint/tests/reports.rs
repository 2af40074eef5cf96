//! What is said of positions and of the world is checked before it counts.

mod common;

use common::{World, column, exercise, small_frame, to_all};
use deconflict_joint::{Disclosed, Position, Refusal, Request, Settings};
use serde_json::{Value, json};

const HOUR_NS: i64 = 3_600_000_000_000;

fn world() -> World {
    let mut frame = small_frame();
    frame["places"] = json!([{ "name": "Ford", "lat": 34.0, "lng": 40.0 }, { "name": "Mill", "lat": 34.09, "lng": 40.0 }]);
    let mut world = World::new();
    world.operator(Request::SetFrame { plan: frame, settings: Settings { silent_after_s: 1 << 30, ..exercise() } }).unwrap();
    world.file("A", vec![column("road", 40.5)], to_all(Disclosed::Full)).unwrap();
    let now_ns = deconflict_joint::time_of("2026-06-02T12:00:00Z").unwrap();
    world.operator(Request::SetClock { now_ns }).unwrap();
    world
}

fn report(world: &mut World, hours_ago: i64, lat: f64, lng: f64) -> Result<Value, Refusal> {
    let at_ns = world.follower.now_ns - hours_ago * HOUR_NS;
    world.party("A", Request::Report { id: "road".to_owned(), position: Position { at_ns, lat, lng } })
}

#[test]
fn a_report_moves_the_times_of_a_column_and_leaves_what_was_filed() {
    let mut world = world();
    let ends = |world: &World| world.desk.live().unwrap().picture().claim("A/road").unwrap().span().unwrap().end();
    let (before, filed) = (ends(&world), world.follower.claims["A/road"].piece.clone());
    // Half of the way, where it was to be at noon; it is there an hour before.
    let said = report(&mut world, 1, 34.4, 40.5).unwrap();
    assert_eq!(json!("under-way"), said["state"], "{said}");
    assert!(ends(&world) <= before);
    let movement = world.desk.live().unwrap().picture().claim("A/road").unwrap().movement().unwrap().clone();
    let head = movement.head(deconflict_conflict::Case::Likely).last().time;
    assert!(head.ns() < deconflict_joint::time_of("2026-06-02T17:05:00Z").unwrap(), "it arrives an hour early");
    assert_eq!(filed, world.follower.claims["A/road"].piece);
    // Far from its road it is off its plan, and nothing about it is certain.
    let said = report(&mut world, 0, 34.42, 40.55).unwrap();
    assert_eq!(json!("off-plan"), said["state"], "{said}");
    assert!(world.desk.live().unwrap().picture().claim("A/road").unwrap().window_open);
}

#[test]
fn reports_that_cannot_be_are_refused_with_the_reason() {
    let mut world = world();
    let expected = |refusal: Result<Value, Refusal>| match refusal {
        Err(Refusal::Bad(problems)) => problems[0].2.clone(),
        other => panic!("{other:?}"),
    };
    assert!(expected(report(&mut world, 3, 40.5, 34.4)).contains("swapped"));
    assert!(expected(report(&mut world, 3, 33.3, 40.5)).contains("one degree more of latitude"));
    // What could be a datum is asked about, and taken as it is.
    let said = report(&mut world, 4, 34.300_1, 40.501_1).unwrap();
    assert_eq!(json!([]), said["remarks"], "{said}");
    report(&mut world, 3, 34.3, 40.5).unwrap();
    assert!(expected(report(&mut world, 2, 38.3, 40.5)).contains("km/h"));
    assert!(expected(report(&mut world, -3, 34.4, 40.5)).contains("nothing later"));
    assert!(matches!(report(&mut world, 3, 34.3, 40.5), Err(Refusal::Conflict(_))), "twice the same");
    assert!(matches!(report(&mut world, 5, 34.3, 40.5), Err(Refusal::Conflict(_))), "older than the last");
}

#[test]
fn a_statement_counts_when_its_sender_has_seen_what_came_of_it() {
    let mut world = world();
    let statement = json!({ "id": "s", "text": "The mill is 50 km from the ford", "distance": { "from": "Ford", "to": "Mill", "value": "50 km" } });
    let say = |world: &mut World, statement: &Value, confirmed| {
        world.party("A", Request::State { statement: statement.clone(), confirmed })
    };
    let echo = say(&mut world, &statement, false).unwrap();
    assert_eq!((json!("inconsistent"), json!(false)), (echo["verdict"].clone(), echo["counts"].clone()), "{echo}");
    assert!(world.follower.papers.get("statements").is_none_or(|papers| papers.is_empty()));
    let right = json!({ "id": "s", "text": "The mill is 10 km from the ford", "distance": { "from": "Ford", "to": "Mill", "value": "10 km" } });
    assert_eq!(json!("consistent"), say(&mut world, &right, true).unwrap()["verdict"]);
    assert_eq!(1, world.follower.papers["statements"].len());
    let again = json!({ "id": "t", "text": right["text"], "distance": right["distance"] });
    assert!(matches!(say(&mut world, &again, true), Err(Refusal::Conflict(_))), "it would count twice");
    let nowhere = json!({ "id": "u", "text": "?", "distance": { "from": "Ford", "to": "Nowhere", "value": "1 km" } });
    assert!(matches!(say(&mut world, &nowhere, false), Err(Refusal::Bad(_))));
}

#[test]
fn who_is_silent_for_long_cannot_be_excluded_and_whoever_asks_for_anything_is_not_silent() {
    let mut world = World::new();
    let settings = Settings { silent_after_s: 3600, grace_s: 1800, ..exercise() };
    world.operator(Request::SetFrame { plan: small_frame(), settings }).unwrap();
    for party in ["A", "B"] {
        let hours = ["2026-06-02T06:00Z", "2026-06-02T07:00Z"];
        let claim = common::flight("f", 34.0, if party == "A" { 40.0 } else { 50.0 }, "3 km", ["0 m", "1000 m"], hours);
        world.file(party, vec![claim], to_all(Disclosed::Full)).unwrap();
    }
    let start_ns = world.follower.now_ns;
    let minutes = |world: &mut World, minutes: i64| {
        world.operator(Request::SetClock { now_ns: start_ns + minutes * HOUR_NS / 60 }).unwrap()
    };
    let silent = |world: &World, party: &str| world.follower.contacts[party].silent;
    let claim = |world: &World, id: &str| world.desk.live().unwrap().picture().claim(id).unwrap().clone();
    // A says something every half an hour, B nothing.
    for half_hours in 1..5 {
        minutes(&mut world, 30 * half_hours);
        let message = json!({ "template": "line test", "to": "B" });
        world.party("A", Request::Send(serde_json::from_value(message).unwrap())).unwrap();
    }
    assert_eq!((false, true), (silent(&world, "A"), silent(&world, "B")));
    let of_a = world.events("operator", 0).iter().filter(|event| event["event"] == "contact" && event["party"] == "A").count();
    assert_eq!(0, of_a, "it never was silent");
    assert_eq!((false, true), (claim(&world, "A/f").window_open, claim(&world, "B/f").window_open));
    let longer = claim(&world, "B/f").span().unwrap().end().since_ns(claim(&world, "A/f").span().unwrap().end());
    assert_eq!(HOUR_NS / 2, longer, "for its window and the grace");
    // Whoever is heard of again is sure again.
    world.party("B", Request::Heartbeat { seen: 0, signed: None }).unwrap();
    assert_eq!((false, false), (silent(&world, "B"), claim(&world, "B/f").window_open));
}
