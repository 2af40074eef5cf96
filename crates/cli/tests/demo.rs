//! The demo is played against a live service: what it prints was told by the service, and here it is held against what `check` says.

use std::collections::BTreeSet;
use std::process::Command;

fn deconflict(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_deconflict")).args(arguments).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.code() == Some(0) || arguments[0] == "check", "{arguments:?}: {complained}");
    said.into_owned()
}

fn checked(scenario: &str) -> serde_json::Value {
    let path = format!("{}/../../scenarios/{scenario}.toml", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&deconflict(&["check", &path, "--format", "json"])).unwrap()
}

/// Lines of what one party was told, without the party.
fn told<'a>(played: &'a str, party: &str) -> Vec<&'a str> {
    played.lines().filter_map(|line| line.strip_prefix(party)).map(str::trim_start).collect()
}

/// Whether a line was told at a minute.
fn is_at(line: &str, minute: &str) -> bool {
    line.split_once("  ").is_some_and(|(_, rest)| rest.starts_with(minute))
}

#[test]
fn two_air_forces_hear_of_six_conflicts_and_agree_and_three_matters_get_louder_on_the_days_of_the_report() {
    let report = checked("euphrates-2017");
    let findings = report["findings"].as_array().unwrap();
    let of_flights = |finding: &&serde_json::Value| {
        finding["kind"] == "conflict" && finding["parties"] == serde_json::json!(["P.RUS", "P.US"])
    };
    let conflicts = findings.iter().filter(of_flights).count();
    assert_eq!(6, conflicts);
    let approach = findings.iter().find(|finding| finding["kind"] == "approach").unwrap();
    let louder: Vec<String> = approach["measures"]["thresholds"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|threshold| threshold["level"] != "watch")
        .map(|threshold| threshold["time"].as_str().unwrap()[..16].replace('T', " "))
        .collect();

    let played = deconflict(&["demo", "euphrates-2017", "--days", "24", "--offer-after", "2"]);
    for party in ["P.RUS ", "P.US "] {
        let told = told(&played, party);
        let own = |line: &&&str| line.contains(" opened, ") && line.contains("Your flight") && line.contains("are in conflict");
        let opened: BTreeSet<&str> = told.iter().filter(own).map(|line| line.split_whitespace().nth(3).unwrap()).collect();
        assert_eq!(conflicts, opened.len(), "{party}: {told:#?}");
        for finding in opened {
            assert!(told.iter().any(|line| line.contains(&format!("{finding} closed"))), "{party} {finding} was never settled");
        }
        for at in &louder {
            let then =
                told.iter().filter(|line| is_at(line, at) && line.contains(" is open: ") && !line.contains("relay ")).count();
            assert_eq!(3, then, "{party}: three matters at {at}");
        }
    }
    assert!(played.contains("agreed") && !played.contains("OVERDUE"), "everybody answers");
}

#[test]
fn the_two_armies_hear_of_each_other_through_the_intermediary_alone_and_not_at_all_without_it() {
    let played = deconflict(&["demo", "al-qaim-2016", "--days", "30"]);
    for army in ["P.SYR ", "P.IRQ "] {
        let told = told(&played, army);
        let of_both: Vec<&&str> =
            told.iter().filter(|line| line.contains("F-") && line.contains("C.A") && line.contains("C.B")).collect();
        assert!(!of_both.is_empty(), "{army}: {told:#?}");
        for line in of_both {
            assert!(line.contains("(through P.IRN)") || line.contains(" closed"), "{army} was told directly: {line}");
        }
    }
    let played = deconflict(&["demo", "al-qaim-2016", "--days", "6", "--without", "P.IRN"]);
    for army in ["P.SYR ", "P.IRQ "] {
        let heard = told(&played, army).into_iter().filter(|line| line.contains("C.A") && line.contains("C.B")).count();
        assert_eq!(0, heard, "{army} hears nothing, not even without a name: the plan forbids it");
    }
}

#[test]
fn a_client_that_is_killed_leaves_notices_that_are_overdue_and_the_others_hear_of_it() {
    let played = deconflict(&["demo", "euphrates-2017", "--days", "24", "--kill", "P.US", "--offer-after", "100"]);
    assert!(played.contains("P.US           (its client was killed)"), "{played}");
    let after = &played[played.find("its client was killed").unwrap()..];
    assert!(told(after, "P.RUS ").iter().any(|line| line.contains("has not answered in time")), "{after}");
    let relays = told(after, "P.SDF ").into_iter().filter(|line| line.contains("(through P.US)")).count();
    assert_eq!(0, relays, "what goes through it waits");
}
