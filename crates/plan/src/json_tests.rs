//! The report as JSON: the documented members, rounded numbers, only what was measured.

use deconflict_spacetime::Time;
use serde_json::Value;

use super::json;
use crate::model::{Bank, Change, Level};
use crate::report::{Measures, Proposal, Standing};
use crate::samples::{hour, report};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn a_report_has_the_documented_members() {
    let value = json(&report());
    assert_eq!(keys(&value), ["plan", "summary", "findings", "movements", "assumptions", "statements", "expectations"]);
    assert_eq!(value["plan"].to_string(), r#"{"id":"pic","title":"A secret title","as_of":"2026-03-01T00:00:00Z"}"#);
    assert_eq!((&value["summary"]["conflict"], &value["summary"]["caution"]), (&1.into(), &0.into()));
    let finding = &value["findings"][0];
    let expected = [
        "id",
        "kind",
        "level",
        "certainty",
        "standing",
        "excused",
        "claims",
        "parties",
        "window",
        "where",
        "altitude_m",
        "measures",
        "notify",
        "cannot_tell",
        "text",
        "proposals",
    ];
    assert_eq!(keys(finding), expected);
    assert_eq!(finding["text"], "B.1 and R.1 meet. They touch.");
    assert_eq!(finding["window"].to_string(), r#"{"start":"2026-03-01T00:00:00Z","end":"2026-03-01T02:00:00Z"}"#);
    assert_eq!(finding["where"].to_string(), r#"{"type":"Point","coordinates":[2.0,1.0]}"#);
    assert_eq!(finding["notify"][0].to_string(), r#"{"party":"BLUE","via":["MAIL"],"delay_s":900,"centres":[],"members":[]}"#);
    assert_eq!(value["movements"][0]["length_km"], 12.346);
    assert_eq!(value["movements"][0]["arrivals"][0]["latest"], "2026-03-01T03:00:00Z");
}

#[test]
fn only_what_was_measured_is_there() {
    let mut report = report();
    assert_eq!(json(&report)["findings"][0]["measures"].to_string(), "{}");
    report.findings[0].measures = Measures {
        overlap_km2: Some(1.234_567),
        lateral_m: Some(-0.0),
        meeting: Some([hour(1), hour(2), hour(3)]),
        place_km: Some([-1.0, -2.5, 3.0]),
        thresholds: vec![(50.0, Level::Warn, Time::from_ns(0))],
        ..Measures::default()
    };
    let measures = &json(&report)["findings"][0]["measures"];
    assert_eq!(keys(measures), ["overlap_km2", "lateral_m", "meeting", "place_km", "thresholds"]);
    assert_eq!((&measures["overlap_km2"], measures["lateral_m"].to_string().as_str()), (&1.235.into(), "0.0"));
    assert_eq!(measures["place_km"].to_string(), r#"{"likely":-1.0,"min":-2.5,"max":3.0}"#);
    assert_eq!(measures["thresholds"].to_string(), r#"[{"distance_km":50.0,"level":"warn","time":"1970-01-01T00:00:00Z"}]"#);
}

#[test]
fn a_proposal_names_each_change_with_its_unit() {
    let changes = [
        (Change::Upper(4_500_000_000), r#"{"claim":"R.1","upper_m":4500.0}"#),
        (Change::Lower(5_100_000_000), r#"{"claim":"R.1","lower_m":5100.0}"#),
        (Change::Delay(90_000_000_000), r#"{"claim":"R.1","delay_s":90.0}"#),
        (Change::Start(hour(1)), r#"{"claim":"R.1","start":"2026-03-01T01:00:00Z"}"#),
        (Change::StopAt(12_345.678_9), r#"{"claim":"R.1","stop_at_m":12345.679}"#),
        (Change::KeepTo("river".to_owned(), Bank::Left), r#"{"claim":"R.1","keep_to":{"barrier":"river","bank":"left"}}"#),
    ];
    for (change, expected) in changes {
        let mut report = report();
        let changes = vec![("R.1".to_owned(), change)];
        report.findings[0].proposals =
            vec![Proposal { kind: "x", changes, accept: vec!["RED".to_owned()], text: "t".to_owned(), verified: true }];
        let proposal = &json(&report)["findings"][0]["proposals"][0];
        assert_eq!(keys(proposal), ["kind", "accept", "changes", "text", "verified"]);
        assert_eq!(proposal["changes"][0].to_string(), expected);
    }
}

#[test]
fn an_agreement_that_is_not_in_force_says_so() {
    let mut report = report();
    assert_eq!(json(&report)["findings"][0]["standing"], Value::Null);
    report.findings[0].standing = Standing::AgreedNotInForce { agreement: "AG1".to_owned(), because: "RED is silent".to_owned() };
    let expected = r#"{"agreed":true,"in_force":false,"agreement":"AG1","because":"RED is silent"}"#;
    assert_eq!(json(&report)["findings"][0]["standing"].to_string(), expected);
}
