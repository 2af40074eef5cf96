//! Two worlds that differ only in what is hidden look the same to the recipient, byte for byte.

mod common;

use common::{World, column, control, exercise, flight, small_frame, to_all};
use deconflict_joint::{Disclosed, Disclosure, Request, Step};
use serde_json::{Value, json};

const HOURS: [&str; 2] = ["2026-06-02T06:00Z", "2026-06-02T12:00Z"];

/// What B and C keep to themselves.
struct Hidden {
    id: &'static str,
    name: &'static str,
    radius: &'static str,
    band: [&'static str; 2],
    priority: i64,
    /// Sealed claims of B and C, some of which collide with what A has.
    sealed: Vec<(&'static str, Value)>,
    /// How often B changes its mind about a sealed one.
    changes: usize,
}

fn world(hidden: &Hidden) -> World {
    let mut world = World::new();
    world.operator(Request::SetFrame { plan: small_frame(), settings: exercise() }).unwrap();
    for (party, claim) in &hidden.sealed {
        world.file(party, vec![claim.clone()], Disclosure::default()).unwrap();
    }
    // A's flight lies inside of B's, in the plane, in height and in time: what they share is A's own.
    world.file("A", vec![flight("a", 34.0, 40.0, "3 km", ["2000 m", "2500 m"], HOURS)], to_all(Disclosed::ConflictOnly)).unwrap();
    world.file("A", vec![column("our-road", 40.5)], to_all(Disclosed::Full)).unwrap();
    let mut claim = flight(hidden.id, 34.0, 40.0, hidden.radius, hidden.band, ["2026-06-02T05:00Z", "2026-06-02T13:00Z"]);
    claim["name"] = json!(hidden.name);
    claim["priority"] = json!(hidden.priority);
    claim["note"] = json!(hidden.name);
    world.file("B", vec![claim], to_all(Disclosed::ConflictOnly)).unwrap();
    for round in 0..hidden.changes {
        let (party, mut claim) = hidden.sealed[0].clone();
        claim["note"] = json!(format!("changed {round}"));
        world.file(party, vec![claim], Disclosure::default()).unwrap();
    }
    // A and B settle it.
    let notice = world.events("A", 0).iter().position(|event| event["accept_by"].is_string()).unwrap() as u64 + 1;
    let accepted = Step {
        step: "accepted".to_owned(),
        role: Some("duty officer".to_owned()),
        machine: false,
        fields: Default::default(),
        signed: None,
    };
    world.party("A", Request::Answer { notice, step: accepted }).unwrap();
    let findings = world.follower.findings_for("A")["findings"].take();
    let conflict = findings.as_array().unwrap().iter().find(|found| found["what"]["kind"] == "conflict").unwrap().clone();
    let terms = json!({ "finding": conflict["finding"], "changes": [{ "claim": "a", "upper": "2300 m" }, { "claim": "counterpart", "lower": "2600 m" }] });
    world.party("A", Request::Offer { terms: serde_json::from_value(terms).unwrap(), counters: None, signed: None }).unwrap();
    world.party("B", Request::Decide { offer: "O-1".to_owned(), accept: true, signed: None }).unwrap();
    world.operator(Request::SetClock { now_ns: world.follower.now_ns + 86_400_000_000_000 }).unwrap();
    world.party("B", Request::EndAgreement { id: "O-1".to_owned() }).unwrap();
    world
}

/// Everything that A can read.
fn seen_by_a(world: &World) -> Vec<String> {
    let state = &world.follower;
    let stream = &state.streams["A"];
    let mut seen: Vec<String> = stream.events.iter().map(|event| event.body.clone()).collect();
    seen.extend(stream.hashes.iter().map(|hash| hash.to_string()));
    seen.push(state.findings_for("A").to_string());
    seen.push(state.claims_for("A").to_string());
    seen.push(state.contacts_for("A").to_string());
    seen.push(state.offers_for("A").to_string());
    seen.push(state.relays_for("A").to_string());
    seen.push(state.plan_for("A").to_string());
    seen.push(world.desk.scene("A").unwrap().into_json().to_string());
    seen.extend(["agreements", "matters"].map(|section| state.papers_for("A", section).to_string()));
    seen.extend((1..=stream.events.len() as u64).map(|event| format!("{:?}", state.notice_for("A", event))));
    seen.extend(["b", "B/b", "B/other", "other", "C/c1"].map(|id| format!("{:?}", state.claim_for("A", id))));
    seen.extend(["F-1", "F-2", "F-3"].map(|finding| format!("{:?}", world.desk.proposals("A", finding))));
    seen
}

#[test]
fn two_worlds_that_differ_in_hidden_fields_look_the_same() {
    let sealed = |id: &str, lat: f64| flight(id, lat, 40.0, "5 km", ["0 m", "5000 m"], HOURS);
    let one = Hidden {
        id: "b",
        name: "Supply of the north",
        radius: "20 km",
        band: ["0 m", "9000 m"],
        priority: 0,
        sealed: vec![("B", sealed("s", 34.0))],
        changes: 0,
    };
    let other = Hidden {
        id: "other",
        name: "Rotation",
        radius: "35 km",
        band: ["500 m", "5000 m"],
        priority: 7,
        sealed: vec![
            ("C", sealed("c1", 34.0)),
            ("B", sealed("b1", 34.01)),
            ("B", sealed("a", 33.99)),
            ("C", sealed("z", 10.0)),
            ("B", control("t", "TOWN")),
            ("B", column("road", 40.51)),
            ("C", column("road", 40.52)),
        ],
        changes: 3,
    };
    let (one, other) = (seen_by_a(&world(&one)), seen_by_a(&world(&other)));
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    let all = one.join("\n");
    assert!(all.contains("\"change\":\"opened\"") && all.contains("\"change\":\"closed\""), "{all}");
    assert!(all.contains("Who controls the town?"), "{all}");
    assert!(!all.contains("Supply") && !all.contains("B/"), "{all}");
}

#[test]
fn what_is_disclosed_makes_a_difference() {
    let hidden = |radius| Hidden { id: "b", name: "n", radius, band: ["0 m", "9000 m"], priority: 0, sealed: vec![], changes: 0 };
    let (one, other) = (seen_by_a(&world(&hidden("20 km"))), seen_by_a(&world(&hidden("1 km"))));
    assert_ne!(one, other, "a smaller overlap is told");
}
