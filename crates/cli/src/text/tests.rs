//! The answer for people, from a report made by hand: every line is here as it is read.

use deconflict_plan::model::{Level, Picture};
use deconflict_plan::report::{
    Certainty, Finding, FindingKind, Location, Measures, MovementReport, Notice, Proposal, Report, Standing,
};
use deconflict_plan::{SourceText, read};
use deconflict_spacetime::{LatLng, Time, TimeSpan};

use super::{View, report};

const PLAN: &str = r#"
[plan]
id = "valley"
title = "Two fire services, one valley"
as_of = "2026-03-01"
altitude_reference = "W84"

[[places]]
name = "Ford"
lat = 46.0
lng = 7.0

[[parties]]
id = "RED"
name = "Red Fire"

[[parties]]
id = "HAZ"
name = "Hazard"
participant = false

[[claims]]
id = "R.1"
kind = "presence"
party = "RED"
outline = { circle = { at = "Ford", radius = "1 km" } }
start = "2026-03-01"
end = "2026-03-02"
"#;

fn picture() -> Picture {
    let file = SourceText { name: "plan.toml".to_owned(), bytes: PLAN.as_bytes().to_vec() };
    read(&[file], None).expect("the plan is good")
}

fn hour(hours: i64) -> Time {
    Time::from_ns((1_772_323_200 + hours * 3600) * 1_000_000_000)
}

fn empty() -> Report {
    Report {
        id: "valley".to_owned(),
        title: "Two fire services, one valley".to_owned(),
        as_of: hour(0),
        findings: Vec::new(),
        movements: Vec::new(),
        statements: Vec::new(),
        expectations: Vec::new(),
        assumptions: Vec::new(),
    }
}

fn finding(kind: FindingKind, level: Level, id: &str, headline: &str) -> Finding {
    Finding {
        id: id.to_owned(),
        kind,
        level,
        certainty: Certainty::Certain,
        standing: Standing::Unagreed,
        excused: false,
        claims: vec!["R.1".to_owned()],
        parties: vec!["RED".to_owned()],
        window: None,
        place: None,
        altitude_m: None,
        measures: Measures::default(),
        notify: Vec::new(),
        cannot_tell: Vec::new(),
        headline: headline.to_owned(),
        details: Vec::new(),
        proposals: Vec::new(),
    }
}

/// The text at 80 columns without colours.
fn shown(whole: &Report, reader: Option<&str>, fail_on: Level) -> String {
    let picture = picture();
    let reader = reader.and_then(|id| picture.party(id));
    let text = report(&picture, whole, View { width: 80, reader, fail_on });
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn a_finding_reads_as_a_duty_officer_says_it() {
    let notice = |party: &str, via: Option<&str>| Notice {
        via: via.map(|via| vec![via.to_owned()]),
        delay_s: 21_600,
        ..Notice::direct(party)
    };
    let mut conflict = finding(
        FindingKind::Conflict,
        Level::Urgent,
        "conflict:B.1+R.1",
        "Flight B.1 and flight R.1 would use the same airspace.",
    );
    conflict.certainty = Certainty::CannotExclude;
    conflict.place = Some(Location::Point(LatLng::degrees(46.1, 7.0).expect("a point")));
    conflict.altitude_m = Some([3000.0, 6000.0]);
    conflict.window = TimeSpan::new(hour(6), hour(8)).ok();
    conflict.details = vec!["They overlap over 412 km².".to_owned()];
    conflict.notify = vec![notice("BLUE", Some("MAIL")), notice("RED", None)];
    conflict.cannot_tell = vec![("GREEN".to_owned(), "no channel between GREEN and RED".to_owned())];
    conflict.standing =
        Standing::AgreedNotInForce { agreement: "AG3".to_owned(), because: "RED has not acknowledged".to_owned() };
    let proposal = |text: &str, verified| Proposal {
        kind: "delay",
        changes: Vec::new(),
        accept: Vec::new(),
        text: text.to_owned(),
        verified,
    };
    conflict.proposals =
        vec![proposal("R.1 stays below 2400 m.", true), proposal("unproved", false), proposal("B.1 waits 2 h.", true)];
    let mut kept = finding(FindingKind::Internal, Level::Note, "internal:R.1+R.2", "Two of RED");
    kept.excused = true;
    let mut unchecked =
        finding(FindingKind::Unchecked, Level::Warn, "unchecked:GREEN", "GREEN operates here and has filed nothing.");
    unchecked.details = vec!["Ask it.".to_owned()];
    let movements = vec![MovementReport {
        claim: "R.1".to_owned(),
        length_km: 12.34,
        arrivals: vec![("Ford".to_owned(), [hour(1), hour(2), hour(3)])],
    }];
    let whole = Report { findings: vec![conflict, unchecked, kept], movements, ..empty() };
    let expected = "\
NOT CLEAR: 2 findings: 1 urgent, 1 warn
as of 2026-03-01 00:00Z · Two fire services, one valley

URGENT  conflict:B.1+R.1
  Flight B.1 and flight R.1 would use the same airspace.
  who            RED Red Fire
  not certain    cannot be excluded, with what is known
  where          11 km N of Ford, 46.1000 N 7.0000 E; 3000 to 6000 m above the
                 ellipsoid (W84)
  when           2026-03-01 06:00Z to 08:00Z (2 h), in 6 h
  how close      They overlap over 412 km².
  tell           BLUE through MAIL, 6 h; RED directly, 6 h
  cannot be told GREEN: no channel between GREEN and RED
  would fix it   R.1 stays below 2400 m.
  or             B.1 waits 2 h.
  agreed         in AG3, not in force: RED has not acknowledged

KEPT APART WITHIN ONE SIDE  no business of the others
  internal:R.1+R.2  kept apart by RED

MOVEMENTS  when each head arrives, UTC
  R.1, 12.3 km
                    earliest           likely             latest
    Ford            2026-03-01 01:00Z  2026-03-01 02:00Z  2026-03-01 03:00Z

NOT IN THIS PICTURE  nothing is said about these, and nothing is clear of them
  WARN      GREEN operates here and has filed nothing. Ask it.
";
    assert_eq!(shown(&whole, None, Level::Note), expected);
}

#[test]
fn clear_is_said_only_where_nothing_is_found() {
    assert!(shown(&empty(), None, Level::Note).starts_with("CLEAR: 1 claim keeps its minima"));
    let whole = Report { findings: vec![finding(FindingKind::Open, Level::Watch, "open:Q", "Who leads?")], ..empty() };
    assert!(shown(&whole, None, Level::Note).starts_with("NOT CLEAR: 1 finding: 1 watch"));
    assert!(shown(&whole, None, Level::Warn).starts_with("NOTHING AT OR ABOVE WARN: 1 finding: 1 watch"));
}

#[test]
fn nobody_is_told_that_all_is_clear() {
    assert!(shown(&empty(), Some("RED"), Level::Note).starts_with("NOTHING TO TELL RED: no finding is routed to it."));
    assert!(shown(&empty(), Some("HAZ"), Level::Note).starts_with("HAZ IS TOLD NOTHING: it is not a participant"));
}
