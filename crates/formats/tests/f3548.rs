//! F3548 operational intents and constraints: what is read, what is refused and with which words, and damage of all kinds.

mod support;

use deconflict_formats::read::{Format, ReadOptions};
use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeReference, Footprint, LatLng, Time, TimeSpan};
use support::{fuzz, problem, problems, read_bytes, rows};

const FILE: &str = include_str!("data/f3548.json");

fn plain() -> ReadOptions {
    ReadOptions::default()
}

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a place on the earth")
}

fn time(text: &str) -> Time {
    deconflict_plan::parse_time(text).expect("a time")
}

fn span(start: &str, end: &str) -> TimeSpan {
    TimeSpan::new(time(start), time(end)).expect("a span")
}

#[test]
fn entities_become_claims_with_all_their_volumes() {
    let rows = rows(Format::F3548, FILE, &plain());
    let said: Vec<_> = rows.iter().map(|row| (&row.claim[..4], row.kind, row.party.as_deref(), row.priority)).collect();
    use ClaimKind::{Constraint, Flight};
    assert_eq!(
        said,
        [("2f83", Flight, Some("uss1"), 5), ("2f83", Flight, Some("uss1"), 5), ("93bf", Constraint, Some("authority"), 0)]
    );
    assert_eq!(rows[0].footprint, Footprint::circle(at(46.5, 8.5), 300.0).expect("a circle"));
    assert_eq!(rows[1].footprint, Footprint::polygon(vec![at(46.0, 8.0), at(46.0, 8.1), at(46.1, 8.1)]).expect("a triangle"));
    assert_eq!(rows[0].span, span("2030-05-01T06:00:00.25Z", "2030-05-01T06:30Z"));
    assert_eq!(rows[1].span, span("2030-05-01T06:00Z", "2030-05-01T07:00Z"), "that of the reference");
    let bands: Vec<_> =
        rows.iter().filter_map(|row| row.band).map(|b| (b.lower().m(), b.upper().m(), b.lower().reference())).collect();
    let w84 = AltitudeReference::W84;
    assert_eq!(bands, [(500.0, 620.5, w84), (0.0, 900.0, w84), (-2000.0, 1e6, w84)]);
}

#[test]
fn entities_come_alone_in_a_list_or_one_after_the_other() {
    let list: serde_json::Value = serde_json::from_str(FILE).expect("JSON");
    let messages: Vec<String> = list.as_array().expect("a list").iter().map(ToString::to_string).collect();
    let expected = rows(Format::F3548, FILE, &plain());
    assert_eq!(rows(Format::F3548, &messages.join("\n"), &plain()), expected);
    let bare = format!("{}\n{}", list[0]["operational_intent"], list[1]["constraint"]);
    assert_eq!(rows(Format::F3548, &bare, &plain()), expected);
}

#[test]
fn an_entity_that_comes_twice_is_refused() {
    let list: serde_json::Value = serde_json::from_str(FILE).expect("JSON");
    let (line, told) = problem(Format::F3548, &format!("{}\n{}", list[0], list[0]), &plain());
    assert!(line == Some(2) && told.contains("an id that line 1 has already"), "{told}");
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_was_expected() {
    let cases = [
        (
            "\"value\": 500, \"reference\": \"W84\"",
            "\"value\": 500, \"reference\": \"SFC9\"",
            2,
            "operational_intent.details.volumes[0].volume.altitude_lower: the reference \"SFC9\"",
        ),
        (
            "\"value\": 500, \"reference\": \"W84\", \"units\": \"M\"",
            "\"value\": 500, \"reference\": \"W84\", \"units\": \"FT\"",
            2,
            "the unit \"FT\"; the reference `W84` and the unit `M`",
        ),
        ("\"value\": 500", "\"value\": 5000", 2, "altitude_upper: from 5000 m W84 to 620.5 m W84"),
        ("\"value\": 300", "\"value\": -300", 2, "outline_circle: a radius of -300 m"),
        ("\"value\": 300, \"units\": \"M\"", "\"value\": 300, \"units\": \"NM\"", 2, "outline_circle.radius.units: \"NM\"; `M`"),
        ("\"lat\": 46.5", "\"lat\": 146.5", 2, "outline_circle: latitude 146.5"),
        ("\"outline_circle\"", "\"outline_ring\"", 2, "volumes[0].volume: no outline; one of"),
        ("06:30:00Z", "06:30:00", 2, "volumes[0].time_end: \"2030-05-01T06:30:00\"; a time with its zone"),
        ("06:30:00Z", "05:30:00Z", 2, "an end that is not after the start"),
        ("\"id\": \"93bf1f2c-6c0d-4bd8-8d3e-4c6b3a3f7c11\"", "\"id\": \"\"", 13, "constraint.reference.id: nothing"),
        ("\"constraint\":", "\"constraints\":", 13, "neither `operational_intent`, `constraint` nor"),
        (
            "\"lng\": 9.1, \"lat\": 46.0",
            "\"lng\": 9.0, \"lat\": 46.0",
            13,
            "constraint.details.volumes[0].volume.outline_polygon.vertices: 2 different vertices",
        ),
        ("\"priority\": 5", "\"priority\": \"high\"", 5, "JSON that is broken"),
    ];
    for (from, to, line, expected) in cases {
        let text = FILE.replacen(from, to, 1);
        assert_ne!(text, FILE, "{from}");
        let found = problems(Format::F3548, &text, &plain());
        let told = format!("{}: {}; {}", found[0].path, found[0].found, found[0].expected);
        assert!(found[0].line == Some(line) && told.contains(expected), "expected {line} {expected}\nfound {found:?}");
    }
}

#[test]
fn every_problem_of_an_entity_is_told() {
    let text = FILE.replacen("\"lat\": 46.5", "\"lat\": 146.5", 1).replacen("06:30:00Z", "06:30:00", 1).replacen(
        "\"lat\": 46.1",
        "\"lat\": 96.1",
        1,
    );
    assert_eq!(problems(Format::F3548, &text, &plain()).len(), 3);
}

#[test]
fn an_entity_without_a_manager_has_the_party_that_was_given() {
    let text = FILE.replace("\"manager\": \"uss1\", ", "");
    let options = ReadOptions { party: Some("OURS".to_owned()), ..plain() };
    let (rows, summary) = read_bytes(Format::F3548, text.as_bytes(), &options).expect("good");
    assert_eq!(rows[0].party.as_deref(), Some("OURS"));
    assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains("OURS")));
}

#[test]
fn damage_never_panics_and_is_never_refused_without_a_reason() {
    let tokens = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "null",
        "1e308",
        "-1",
        "\"W84\"",
        "\"M\"",
        "\"reference\":",
        "\"details\":{}",
        "\"volumes\":[]",
        "\"constraint\":",
        "\"operational_intent\":",
        "é",
    ];
    fuzz(Format::F3548, &[FILE], &tokens, 3_000, 61, &plain());
    fuzz(Format::F3548, &[FILE], &tokens, 500, 62, &ReadOptions { skip_invalid: true, ..plain() });
}
