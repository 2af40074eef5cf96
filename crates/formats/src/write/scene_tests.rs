//! What of a picture is in its scene, and what one party's scene leaves out.

use deconflict_plan::model::Picture;
use deconflict_plan::report::Report;
use deconflict_plan::{Options, SourceText, check, for_party};
use serde_json::Value;

use super::scene;

/// A column of RED on a road of 40 km, and a flight and a closed area of BLUE over it.
fn checked() -> (Picture, Report) {
    let text = r#"
[plan]
id = "road"
title = "A road"
as_of = "2026-03-01T00:00Z"
horizon = "2 d"
altitude_reference = "W84"

[[parties]]
id = "RED"
name = "Red"

[[parties]]
id = "BLUE"
name = "Blue"

[[channels]]
id = "CH"
from = "RED"
to = "BLUE"

[[claims]]
id = "COLUMN"
kind = "movement"
party = "RED"
width = "1 km"
waypoints = [
  { at = { lat = 35.0, lng = 40.0 }, eta = "2026-03-01T06:00Z" },
  { at = { lat = 35.0, lng = 40.4 }, eta = "2026-03-01T10:00Z" },
]

[[claims]]
id = "CLOSED"
kind = "constraint"
party = "BLUE"
outline = { circle = { at = { lat = 35.0, lng = 40.2 }, radius = "3 km" } }
start = "2026-03-01T00:00Z"
end = "2026-03-01T12:00Z"
"#;
    let files = [SourceText { name: "road.toml".to_owned(), bytes: text.as_bytes().to_vec() }];
    let picture = deconflict_plan::read(&files, None).expect("a plan");
    let report = check(&picture, Options { threads: 1, ..Options::default() });
    (picture, report)
}

fn claim<'a>(scene: &'a Value, id: &str) -> &'a Value {
    scene["claims"].as_array().expect("claims").iter().find(|claim| claim["id"] == id).expect("the claim")
}

#[test]
fn heads_are_where_the_engine_has_them() {
    let (picture, report) = checked();
    let scene = scene(&picture, &report, None);
    let column = claim(&scene, "COLUMN");
    let numbers =
        |value: &Value| value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect::<Vec<_>>();
    let anchors: Vec<Vec<f64>> = column["heads"]["likely"].as_array().expect("anchors").iter().map(numbers).collect();
    let along = numbers(&column["track"]["along_m"]);
    let line: Vec<Vec<f64>> = column["track"]["line"].as_array().expect("a line").iter().map(numbers).collect();
    assert!(along.windows(2).all(|pair| pair[1] - pair[0] <= 1_000.01));
    // What the page does: straight between anchors, straight between vertices.
    let between = |from: f64, to: f64, share: f64| from + (to - from) * share;
    let movement = picture.claim("COLUMN").and_then(|claim| claim.movement()).expect("a column");
    let head = movement.head(deconflict_conflict::Case::Likely);
    for minutes in [0, 17, 120, 233, 240] {
        let at_ms = anchors[0][0] + f64::from(minutes) * 60_000.0;
        let share = (at_ms - anchors[0][0]) / (anchors[1][0] - anchors[0][0]);
        let at_m = between(anchors[0][1], anchors[1][1], share);
        let after = along.partition_point(|along_m| *along_m < at_m).clamp(1, along.len() - 1);
        let share = (at_m - along[after - 1]) / (along[after] - along[after - 1]);
        let shown = [0, 1].map(|axis| between(line[after - 1][axis], line[after][axis], share));
        let time = deconflict_spacetime::Time::from_ns(at_ms as i64 * 1_000_000);
        let is = movement.line().point_at(head.head_at(time));
        let shown = deconflict_spacetime::LatLng::degrees(shown[1], shown[0]).expect("a point");
        assert!(deconflict_spacetime::distance_m(is, shown) < 0.5, "{minutes} min: {is:?}, shown {shown:?}");
    }
}

#[test]
fn every_finding_is_there_with_its_words_and_what_would_fix_it() {
    let (picture, report) = checked();
    let scene = scene(&picture, &report, None);
    let ids: Vec<&str> =
        scene["findings"].as_array().expect("findings").iter().filter_map(|found| found["id"].as_str()).collect();
    assert_eq!(ids, report.findings.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>());
    let conflict =
        &scene["findings"].as_array().expect("findings").iter().find(|found| found["kind"] == "conflict").expect("one");
    assert!(conflict["facts"].as_array().expect("facts").iter().any(|fact| fact[0] == "when"));
    let preview = &conflict["previews"][0];
    assert!(preview["text"].is_string() && preview["claims"][0]["id"].is_string(), "{preview}");
    let own = claim(&scene, preview["claims"][0]["id"].as_str().expect("an id"));
    assert_ne!(own, &preview["claims"][0], "the claim is shown as it would be");
}

#[test]
fn one_party_sees_its_own_claims_only() {
    let (picture, whole) = checked();
    let red = picture.party("RED").expect("a party");
    let scene = scene(&picture, &for_party(&picture, &whole, "RED"), Some(red));
    let ids: Vec<&Value> = scene["claims"].as_array().expect("claims").iter().map(|claim| &claim["id"]).collect();
    assert_eq!(ids, ["COLUMN"]);
    assert_eq!(scene["parties"].as_array().map(Vec::len), Some(1));
    assert!(scene["findings"].as_array().expect("findings").iter().all(|found| found["previews"] == serde_json::json!([])));
}
