//! The shipped scenarios through the binary: they are read, something is found, and nobody hears what is not for them.

mod common;

use common::{err, out, run, status};
use serde_json::Value;

const SCENARIOS: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/euphrates-2017.toml"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/al-qaim-2016.toml"),
];

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&out(&run(arguments))).expect("JSON")
}

fn list<'a>(value: &'a Value, member: &str) -> &'a Vec<Value> {
    value[member].as_array().expect("a list")
}

#[test]
fn both_are_read_and_are_not_clear() {
    for scenario in SCENARIOS {
        let answer = run(&["check", scenario]);
        assert_eq!(status(&answer), 1, "{}", err(&answer));
        assert!(out(&answer).starts_with("NOT CLEAR: "));
        assert!(out(&answer).lines().all(|line| line.chars().count() <= 100), "wrapped");
    }
}

#[test]
fn every_ring_is_closed_and_every_finding_has_its_members() {
    for scenario in SCENARIOS {
        let report = json(&["check", scenario, "--format", "json"]);
        for finding in list(&report, "findings") {
            for member in ["id", "kind", "level", "claims", "parties", "measures", "notify", "text", "proposals"] {
                assert!(!finding[member].is_null(), "{member} of {}", finding["id"]);
            }
            if finding["where"]["type"] == "Polygon" {
                let ring = list(&finding["where"], "coordinates")[0].as_array().expect("a ring");
                assert!(ring.len() >= 4 && ring.first() == ring.last(), "{}", finding["id"]);
            }
        }
        assert!(list(&report, "assumptions").len() >= 8);
    }
}

#[test]
fn one_party_hears_its_own_and_never_another_ones_movements_or_assumptions() {
    let whole = json(&["check", SCENARIOS[0], "--format", "json"]);
    let told = json(&["check", SCENARIOS[0], "--format", "json", "--for", "P.RUS"]);
    assert!(!list(&told, "findings").is_empty() && list(&told, "findings").len() < list(&whole, "findings").len());
    for finding in list(&told, "findings") {
        let passed_on = |via: &Value| via.as_array().is_some_and(|via| via.contains(&"P.RUS".into()));
        assert!(list(finding, "notify").iter().all(|n| n["party"] == "P.RUS" || passed_on(&n["via"])), "{}", finding["id"]);
    }
    let foreign = |assumed: &&Value| !assumed["path"].as_str().is_some_and(|path| path.starts_with("claims.RU-"));
    assert_eq!(list(&told, "assumptions").iter().find(foreign), None);
    assert!(list(&told, "movements").is_empty() && list(&told, "statements").is_empty());
}

#[test]
fn a_non_participant_is_told_nothing() {
    for scenario in SCENARIOS {
        let told = json(&["check", scenario, "--format", "json", "--for", "P.ISIS"]);
        for member in ["findings", "movements", "assumptions", "statements", "expectations"] {
            assert!(list(&told, member).is_empty(), "{member}");
        }
    }
}
