//! The two historic scenarios, filed party by party: everybody hears what a report tells them, as far as the owners allow.

mod common;

use std::collections::BTreeSet;

use common::{World, filed};
use deconflict_joint::Request;
use deconflict_plan::words;
use serde_json::{Value, json};

const EUPHRATES: &str = include_str!("../../../scenarios/euphrates-2017.toml");
const AL_QAIM: &str = include_str!("../../../scenarios/al-qaim-2016.toml");

fn open_kinds(events: &[Value], kind: &str) -> BTreeSet<String> {
    let mut open = BTreeSet::new();
    for event in events.iter().filter(|event| event["event"] == "finding") {
        let finding = event["finding"].as_str().unwrap().to_owned();
        match event["change"].as_str().unwrap() {
            "closed" => drop(open.remove(&finding)),
            _ if event["what"]["kind"] == kind => drop(open.insert(finding)),
            _ => {}
        }
    }
    open
}

/// What a party was told last of each conflict of two flights that stands.
fn flights_in_conflict(world: &World, party: &str) -> Vec<Value> {
    let findings = world.follower.findings_for(party)["findings"].take();
    let of_flights = |event: &Value| event["what"]["counterpart"]["kind"] == "flight" && event["what"]["kind"] == "conflict";
    findings.as_array().unwrap().iter().filter(|event| of_flights(event)).cloned().collect()
}

#[test]
fn the_air_forces_of_2017_hear_of_six_conflicts_and_settle_one_after_the_other() {
    let mut world = filed(EUPHRATES);
    for party in ["P.RUS", "P.US"] {
        let of_flights = |event: &&Value| event["what"]["counterpart"]["kind"] == "flight" && event["what"]["kind"] == "conflict";
        let events = world.events(party, 0);
        let conflicts: Vec<&Value> = events.iter().filter(of_flights).collect();
        assert_eq!(6, conflicts.len(), "{party}: {conflicts:#?}");
        for conflict in conflicts {
            assert_eq!("conflict-only", conflict["what"]["disclosed"]);
            assert!(conflict["accept_by"].is_string(), "{conflict}");
        }
    }
    let mut offers = 0;
    while let Some(conflict) = flights_in_conflict(&world, "P.RUS").first().cloned() {
        let finding = conflict["finding"].as_str().unwrap().to_owned();
        // Whoever flies lower keeps below, whoever flies higher above: what both sides flew at before is not known to the other.
        let (own, band) = (conflict["what"]["own"][0].clone(), conflict["what"]["band_m"].clone());
        let middle = (band[0].as_f64().unwrap() + band[1].as_f64().unwrap()) / 2.0;
        let changes = json!([
            { "claim": own, "upper": format!("{} m", middle - 300.0) },
            { "claim": "counterpart", "lower": format!("{} m", middle + 300.0) },
        ]);
        let terms = serde_json::from_value(json!({ "finding": finding, "changes": changes })).unwrap();
        let offered = world.party("P.RUS", Request::Offer { terms, counters: None, signed: None }).unwrap();
        let theirs =
            world.follower.offers_for("P.US")["offers"].as_array().unwrap().last().unwrap()["offer"].as_str().unwrap().to_owned();
        world
            .party("P.US", Request::Decide { offer: theirs, accept: true, signed: None })
            .unwrap_or_else(|refusal| panic!("{offered}: {refusal}"));
        offers += 1;
        assert!(offers <= 6, "each agreement settles at least one");
    }
    assert!(flights_in_conflict(&world, "P.US").is_empty());
    for (party, other) in [("P.RUS", "US-"), ("P.US", "RU-")] {
        let flights_of_the_other = |event: &Value| event["what"]["kind"] == "conflict" && event.to_string().contains(other);
        assert!(!world.events(party, 0).iter().any(flights_of_the_other), "{party} reads ids of flights");
    }
}

#[test]
fn the_armies_of_2016_hear_of_each_other_only_when_the_intermediary_passes_it_on() {
    let mut world = filed(AL_QAIM);
    let of_both = |events: &[Value]| events.iter().filter(|event| event.to_string().contains("converging")).count();
    for army in ["P.SYR", "P.IRQ"] {
        assert_eq!(0, of_both(&world.events(army, 0)), "{army}");
    }
    let relays: Vec<u64> = world
        .events("P.IRN", 0)
        .iter()
        .filter(|event| event["event"] == "relay" && event["change"] == "new")
        .map(|event| event["relay"].as_u64().unwrap())
        .collect();
    assert!(relays.len() >= 4, "{relays:?}");
    assert!(world.party("P.SYR", Request::Pass { relay: relays[0] }).is_err(), "only who holds it passes it on");
    for relay in relays {
        world.party("P.IRN", Request::Pass { relay }).unwrap();
    }
    for army in ["P.SYR", "P.IRQ"] {
        let events = world.events(army, 0);
        assert_eq!(1, of_both(&events), "{army}");
        let converging = events.iter().find(|event| event.to_string().contains("converging")).unwrap();
        assert_eq!("P.IRN", converging["via"][0]);
        assert_eq!(1, open_kinds(&events, "converging").len());
    }
}

#[test]
fn matters_get_louder_on_the_days_of_the_report() {
    let mut world = filed(EUPHRATES);
    let plan =
        deconflict_plan::read(&[deconflict_plan::SourceText { name: "plan".to_owned(), bytes: EUPHRATES.into() }], None).unwrap();
    let report = deconflict_plan::check(&plan, deconflict_plan::Options::default());
    let approach = report.findings.iter().find(|finding| finding.id == "approach:C2.A+C2.B").unwrap();
    let due: Vec<String> = approach
        .measures
        .thresholds
        .iter()
        .filter(|(_, level, _)| words::level(*level) != "watch")
        .map(|(_, _, time)| words::rfc3339(*time))
        .collect();
    assert!(due.len() >= 2, "{due:?}");
    let before = world.follower.streams["P.RUS"].events.len() as u64;
    let mut louder = Vec::new();
    for time in approach.measures.thresholds.iter().map(|(_, _, time)| time.ns()) {
        world.operator(Request::SetClock { now_ns: time }).unwrap();
    }
    for event in world.events("P.RUS", before) {
        if event["what"]["kind"] == "open" && event["what"]["matter"] != "review" {
            louder.push((event["at"].as_str().unwrap().to_owned(), event["level"].as_str().unwrap().to_owned()));
        }
    }
    for time in &due {
        assert_eq!(3, louder.iter().filter(|(at, _)| at == time).count(), "three matters at {time}: {louder:?}");
    }
}
