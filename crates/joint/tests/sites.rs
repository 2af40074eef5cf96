//! Protected sites: consent goes to each recipient by name, each reading leaves a line for the owner, and there is no taking all of them at once.

mod common;

use std::collections::BTreeMap;

use common::{World, exercise, small_frame, to_all};
use deconflict_joint::{Disclosed, Disclosure, Refusal, Request, Settings};
use serde_json::{Value, json};

fn site(id: &str, lat: f64) -> Value {
    json!({ "id": id, "kind": "site", "name": format!("Hospital {id}"), "outline": { "circle": { "at": { "lat": lat, "lng": 40.2 }, "radius": "200 m" } } })
}

fn to_b(others: Disclosed) -> Disclosure {
    Disclosure { others, to: BTreeMap::from([("B".to_owned(), Disclosed::Full)]) }
}

fn world() -> World {
    let mut world = World::new();
    world.operator(Request::SetFrame { plan: small_frame(), settings: Settings { site_reads: 2, ..exercise() } }).unwrap();
    world.file("A", vec![site("h1", 34.1), site("h2", 34.2), site("h3", 34.3)], to_b(Disclosed::ConflictOnly)).unwrap();
    world
}

fn read(world: &mut World, party: &str, id: &str) -> Result<Value, Refusal> {
    world.party(party, Request::Read { id: id.to_owned() })
}

fn access(world: &World, id: &str) -> Vec<String> {
    let log = world.follower.access_for("A", id).unwrap();
    let line =
        |line: &Value| format!("{} {}", line["party"].as_str().unwrap_or_default(), line["what"].as_str().unwrap_or_default());
    log["access"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_site_is_shown_whole_only_to_those_who_are_named() {
    let mut world = world();
    let refused = world.file("A", vec![site("h4", 34.4)], to_all(Disclosed::Full)).unwrap_err();
    assert!(matches!(&refused, Refusal::Bad(problems) if problems[0].0 == "disclosure.others"), "{refused:?}");
    let disclose = Request::Disclose { id: "h1".to_owned(), disclosure: to_all(Disclosed::Full) };
    assert!(matches!(world.party("A", disclose), Err(Refusal::Bad(_))));
    assert!(!world.follower.claims.contains_key("A/h4"));
}

#[test]
fn what_is_read_is_written_down_and_read_one_by_one() {
    let mut world = world();
    // Lists and plans say where there is a site that may be read, in a coarse box, and no more.
    let listed = world.follower.claims_for("B");
    assert_eq!(3, listed["sites"].as_array().unwrap().len());
    let all = format!("{listed} {}", world.follower.plan_for("B"));
    assert!(!all.contains("Hospital") && !all.contains("34.1,"), "{all}");
    assert_eq!(json!([]), world.follower.claims_for("C")["sites"]);
    assert_eq!(3, world.follower.plan_for("A")["claims"].as_array().unwrap().len(), "its own are its own");

    let on_map = |world: &World| world.desk.scene("B").unwrap().into_json()["claims"].as_array().unwrap().len();
    assert_eq!(0, on_map(&world));
    assert!(read(&mut world, "B", "A/h1").unwrap().to_string().contains("Hospital h1"));
    assert_eq!(1, on_map(&world), "what was read is drawn");
    read(&mut world, "B", "A/h1").unwrap();
    assert!(matches!(read(&mut world, "C", "A/h1"), Err(Refusal::NotFound(_))));
    assert_eq!(["B consent", "B read"], access(&world, "h1")[..], "read twice in an hour is read once");
    assert_eq!(["B consent"], access(&world, "h2")[..]);
    assert_eq!(None, world.follower.access_for("B", "h1"), "the log is its owner's");

    read(&mut world, "B", "A/h2").unwrap();
    let alarms = world.events("operator", 0).into_iter().filter(|event| event["event"] == "alarm").count();
    assert_eq!(1, alarms);
    assert!(matches!(read(&mut world, "B", "A/h3"), Err(Refusal::TooMuch(_))));
    assert_eq!(["B consent"], access(&world, "h3")[..], "what was refused was not read");
}

#[test]
fn a_withdrawal_is_told_to_those_who_have_read() {
    let mut world = world();
    read(&mut world, "B", "A/h1").unwrap();
    let withdrawn = |world: &World, party: &str| {
        let events = world.events(party, 0).into_iter().filter(|event| event["event"] == "site");
        events.map(|event| event["claim"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for id in ["h1", "h2"] {
        world.party("A", Request::Disclose { id: id.to_owned(), disclosure: to_all(Disclosed::Sealed) }).unwrap();
    }
    assert_eq!(["A/h1"], withdrawn(&world, "B")[..], "of what it has not read there is nothing to forget");
    assert!(matches!(read(&mut world, "B", "A/h1"), Err(Refusal::NotFound(_))));
    assert_eq!(["B consent", "B read", "B withdrawal"], access(&world, "h1")[..]);
    assert_eq!(["B consent", "B withdrawal"], access(&world, "h2")[..]);
    // The log outlives the claim.
    world.party("A", Request::Withdraw { id: "h1".to_owned() }).unwrap();
    assert_eq!(3, access(&world, "h1").len());
    // Filed again with consent and read again, it is withdrawn by its end.
    world.file("A", vec![site("h1", 34.1)], to_b(Disclosed::Sealed)).unwrap();
    read(&mut world, "B", "A/h1").unwrap();
    world.party("A", Request::Withdraw { id: "h1".to_owned() }).unwrap();
    assert_eq!(["A/h1", "A/h1"], withdrawn(&world, "B")[..]);
}
