//! A small picture and findings by hand, with names that somebody means ill with, for the tests of all formats.

use deconflict_plan::SourceText;
use deconflict_plan::model::{Level, Picture};
use deconflict_plan::report::{Certainty, Finding, FindingKind, Location, Measures, Notice, Report, Standing};
use deconflict_spacetime::{AltitudeReference, Area, LatLng, Polygon, Shape, Time, TimeSpan};

/// Everything that a name could do harm with, in a page, in XML, in a table and in a formula.
pub const HOSTILE: &str =
    "<script>alert(1)</script>]]> & \"quoted\" 'it' $[name]\r\nnext line, =cmd|'/c calc'!A1; -2+3\u{0}\u{7}\u{FFFF} ü";

/// A picture of two parties, the second with a hostile name, whose altitudes are over `reference`.
pub fn picture(reference: AltitudeReference) -> Picture {
    let text = format!(
        r#"
[plan]
id = "valley"
title = "Two services, one valley"
as_of = "2026-03-01"
altitude_reference = "{}"

[[parties]]
id = "RED"
name = "Red Fire"

[[parties]]
id = "BLUE"
name = "Blue"
"#,
        reference.name()
    );
    let files = [SourceText { name: "valley.toml".to_owned(), bytes: text.into_bytes() }];
    let mut picture = deconflict_plan::read(&files, None).expect("a plan");
    // No plan may name a party so; another front door might.
    picture.parties.iter_mut().filter(|party| party.id == "BLUE").for_each(|party| HOSTILE.clone_into(&mut party.name));
    picture
}

pub fn report(findings: Vec<Finding>) -> Report {
    Report {
        id: "valley".to_owned(),
        title: "Two services, one valley".to_owned(),
        as_of: hour(0),
        findings,
        movements: Vec::new(),
        statements: Vec::new(),
        expectations: Vec::new(),
        assumptions: Vec::new(),
    }
}

/// 2026-03-01T00:00Z and so many hours.
pub fn hour(hours: i64) -> Time {
    Time::from_ns((1_772_323_200 + hours * 3600) * 1_000_000_000)
}

pub fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a point")
}

/// A finding with no place, no window and no altitude.
pub fn bare() -> Finding {
    Finding {
        id: "open:M1".to_owned(),
        kind: FindingKind::Open,
        level: Level::Note,
        certainty: Certainty::Certain,
        standing: Standing::Unagreed,
        excused: false,
        claims: Vec::new(),
        parties: Vec::new(),
        window: None,
        place: None,
        altitude_m: None,
        measures: Measures::default(),
        notify: Vec::new(),
        cannot_tell: Vec::new(),
        headline: "Who leads?".to_owned(),
        details: Vec::new(),
        proposals: Vec::new(),
    }
}

/// A conflict of two hours between 1000 and 1500 m, at a place that is given.
pub fn conflict(place: Location) -> Finding {
    Finding {
        id: "conflict:B.1+R.1".to_owned(),
        kind: FindingKind::Conflict,
        level: Level::Urgent,
        claims: vec!["B.1".to_owned(), "R.1".to_owned()],
        parties: vec!["BLUE".to_owned(), "RED".to_owned()],
        window: TimeSpan::new(hour(6), hour(8)).ok(),
        place: Some(place),
        altitude_m: Some([1000.0, 1500.0]),
        measures: Measures { lateral_m: Some(-0.0), overlap_km2: Some(1.234_56), ..Measures::default() },
        notify: vec![Notice::direct("RED")],
        headline: "B.1 and R.1 would use the same airspace".to_owned(),
        details: vec!["They touch.".to_owned()],
        ..bare()
    }
}

/// A finding in which every text is hostile.
pub fn hostile() -> Finding {
    let text = || HOSTILE.to_owned();
    Finding {
        id: text(),
        claims: vec![text(), "=1+1".to_owned()],
        parties: vec!["BLUE".to_owned(), text()],
        notify: vec![Notice::direct(HOSTILE)],
        cannot_tell: vec![(text(), text())],
        headline: text(),
        details: vec![text()],
        standing: Standing::AgreedNotInForce { agreement: text(), because: text() },
        ..conflict(Location::Point(at(46.0, 7.0)))
    }
}

/// A square of two degrees around a point.
pub fn square(lat: f64, lng: f64) -> Location {
    Location::Region(Area::from(polygon(lat, lng)).region())
}

/// Two squares that do not touch, as one region.
pub fn two_squares() -> Location {
    Location::Region(Area::new(vec![polygon(46.0, 7.0), polygon(46.0, 12.0)]).expect("two parts").region())
}

fn polygon(lat: f64, lng: f64) -> Shape {
    let corner = |north: f64, east: f64| at(lat + north, (lng + east + 180.0).rem_euclid(360.0) - 180.0);
    let ring = vec![corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0)];
    Shape::Polygon(Polygon::new(ring).expect("a square"))
}

/// What a format makes of a report.
pub fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).expect("a vector takes everything");
    String::from_utf8(bytes).expect("UTF-8")
}
