//! Stated values against the map, on the places of the two source texts. Expected values are computed independently.

use deconflict_spacetime::Polyline;

use super::statements;
use crate::engine::test_pictures::{desert, place, spot};
use crate::model::{Compass, Level, Nature, Picture, Statement, StatementCheck};
use crate::report::{Finding, StatementReport};

fn said(id: &str, check: StatementCheck) -> Statement {
    Statement {
        id: id.to_owned(),
        text: format!("what {id} says"),
        source: Some("S".to_owned()),
        nature: Nature::Fact,
        check,
        missing: None,
        quantity: None,
        about: Vec::new(),
        rows: vec![1],
        note: None,
    }
}

/// The report on one statement, and its finding.
fn checked(mut picture: Picture, statement: Statement) -> (StatementReport, Option<Finding>) {
    picture.statements = vec![statement];
    let (mut reports, mut findings) = statements(&picture);
    assert_eq!(reports.len(), 1);
    assert!(findings.len() <= 1);
    (reports.remove(0), findings.pop())
}

fn distance(picture: &Picture, from: &[&str], to: &[&str], km: f64, along: Option<&str>, empty: bool) -> StatementCheck {
    StatementCheck::Distance {
        from: from.iter().map(|name| spot(picture, name)).collect(),
        to: to.iter().map(|name| spot(picture, name)).collect(),
        value_m: km * 1000.0,
        along: along.map(str::to_owned),
        empty,
    }
}

fn direction(picture: &Picture, from: &str, to: &str, value: Compass) -> StatementCheck {
    StatementCheck::Direction { from: spot(picture, from), to: spot(picture, to), value }
}

#[test]
fn distances_are_measured_every_way() {
    /// From, to, stated km, along, verdict, and the ways with their km and deviation in percent.
    type Row<'a> = (&'a [&'a str], &'a [&'a str], f64, &'a str, &'a str, &'a [(&'a str, f64, f64)]);
    let cases: [Row; 4] = [
        (
            &["T-3"],
            &["Crossing", "Al-Qa'im"],
            215.0,
            "C.A",
            "consistent",
            &[
                ("T-3 to Crossing, line", 205.7, 4.5),
                ("T-3 to Crossing, route", 208.9, 2.9),
                ("T-3 to Al-Qa'im, line", 216.6, -0.7),
                ("T-3 to Al-Qa'im [older point], line", 220.6, -2.5),
            ],
        ),
        (
            &["Al-Baghdadi", "Hit"],
            &["Crossing", "Al-Qa'im"],
            175.0,
            "C.B",
            "consistent",
            &[
                ("Al-Baghdadi to Crossing, line", 157.1, 11.4),
                ("Al-Baghdadi to Crossing, route", 172.7, 1.3),
                ("Hit to Crossing, line", 190.9, -8.3),
                ("Hit to Al-Qa'im [older point], line", 175.8, -0.5),
            ],
        ),
        (
            &["Al-Haditha"],
            &["Al-Qa'im", "Crossing"],
            100.0,
            "C.B",
            "inconsistent",
            &[("Al-Haditha to Al-Qa'im, line", 121.0, -17.4), ("Al-Haditha to Crossing, line", 132.2, -24.4)],
        ),
        (
            &["T-3"],
            &["Abu Kamal"],
            200.0,
            "C.A",
            "consistent",
            &[("T-3 to Abu Kamal, line", 199.7, 0.2), ("T-3 to Abu Kamal, route", 201.3, -0.6)],
        ),
    ];
    for (from, to, km, along, verdict, expected) in cases {
        let picture = desert();
        let check = distance(&picture, from, to, km, Some(along), false);
        let (report, finding) = checked(picture, said("R", check));
        assert_eq!(report.verdict, verdict, "{from:?}");
        assert_eq!(finding.is_some(), verdict == "inconsistent");
        for (name, km, percent) in expected {
            let (_, measured_km, off) =
                report.measured.iter().find(|(way, ..)| way == name).unwrap_or_else(|| panic!("{name}: {:?}", report.measured));
            assert!((measured_km - km).abs() < 0.5, "{name}: {measured_km} km");
            assert!((off - percent).abs() < 0.3, "{name}: {off} %");
        }
    }
}

#[test]
fn a_place_off_the_corridor_has_no_route() {
    let picture = desert();
    let check = distance(&picture, &["Hit"], &["Crossing"], 190.0, Some("C.B"), false);
    let (report, _) = checked(picture, said("R", check));
    assert_eq!(report.measured.len(), 1);
    assert!(report.remarks.iter().any(|remark| remark.contains("no route counted")), "{:?}", report.remarks);
}

#[test]
fn places_on_a_way_that_is_said_to_be_empty_are_named() {
    let picture = desert();
    let check = distance(&picture, &["T-3"], &["Abu Kamal"], 200.0, Some("C.A"), true);
    let (report, finding) = checked(picture, said("R33", check));
    assert_eq!(report.verdict, "consistent");
    assert_eq!(report.remarks[0], "2 named places on the way: Al-Humaymah, T-2");
    assert_eq!(report.remarks[1], "1 named place within 5 km of the way: Akash");
    assert!(finding.is_none());
}

#[test]
fn distances_outside_ten_percent_of_the_stated_value_are_findings() {
    let picture = desert();
    let check = distance(&picture, &["Al-Haditha"], &["Al-Qa'im"], 100.0, Some("C.B"), false);
    let (_, finding) = checked(picture, said("R31", check));
    let finding = finding.unwrap();
    assert_eq!(finding.id, "inconsistent:R31");
    assert_eq!(finding.level, Level::Note);
    assert_eq!((finding.claims, finding.parties), (vec!["C.B".to_owned()], vec!["B".to_owned()]));
    assert!(finding.headline.contains("100 km") && finding.headline.contains("Paper S (C3)"), "{}", finding.headline);
    assert!(finding.measures.distance_km.is_some_and(|km| (km - 117.0).abs() < 5.0));
}

#[test]
fn directions_agree_within_45_degrees() {
    let mut picture = desert();
    picture.places.push(place("Deir ez-Zor", &[("own", 35.3359, 40.1408)]));
    picture.places.push(place("Ash-Shula", &[("own", 35.191, 39.851)]));
    for (from, to, value, verdict, bearing, off, remarks) in [
        ("Deir ez-Zor", "Abu Kamal", Compass::Northwest, "inconsistent", 144.0, 171.0, true),
        ("Ash-Shula", "Deir ez-Zor", Compass::East, "consistent", 58.0, 32.0, true),
        ("T-3", "Tanf", Compass::South, "consistent", 172.0, 8.0, false),
        ("T-3", "T-3", Compass::South, "recorded", 0.0, 0.0, true),
    ] {
        let (report, finding) = checked(picture.clone(), said("R", direction(&picture, from, to, value)));
        assert_eq!(report.verdict, verdict, "{from}");
        assert_eq!(finding.is_some(), verdict == "inconsistent");
        assert_eq!(report.remarks.iter().any(|remark| remark.contains('°') || remark.contains("no direction")), remarks);
        for (_, bearing_deg, off_deg) in &report.measured {
            assert!((bearing_deg - bearing).abs() < 1.0 && (off_deg - off).abs() < 1.0, "{bearing_deg} {off_deg}");
        }
    }
}

#[test]
fn a_wrong_direction_is_louder_where_a_column_rests_on_it() {
    let picture = desert();
    let wrong = |from, to| checked(picture.clone(), said("R", direction(&picture, from, to, Compass::North))).1.unwrap();
    let on_road = wrong("T-2", "Abu Kamal");
    assert_eq!((on_road.level, on_road.claims), (Level::Watch, vec!["C.A".to_owned()]));
    assert_eq!(wrong("T-3", "Tanf").level, Level::Note);
}

#[test]
fn neighbours_are_near_and_in_the_stated_direction() {
    let picture = desert();
    let next_to = |from, to, value| StatementCheck::Adjacent { from: spot(&picture, from), to: spot(&picture, to), value };
    for (from, to, value, verdict, km) in [
        ("Al-Haditha", "Al-Baghdadi", Some(Compass::East), "inconsistent", 35.0),
        ("Abu Kamal", "Crossing", Some(Compass::Southeast), "consistent", 7.6),
        ("Abu Kamal", "Crossing", Some(Compass::Northwest), "inconsistent", 7.6),
        ("Abu Kamal", "Crossing", None, "consistent", 7.6),
    ] {
        let (report, finding) = checked(picture.clone(), said("R28", next_to(from, to, value)));
        assert_eq!(report.verdict, verdict, "{from} {value:?}");
        assert!((report.measured[0].1 - km).abs() < 0.5, "{:?}", report.measured);
        if km > 30.0 {
            assert!((report.measured[1].1 - 153.0).abs() < 1.0);
            assert!(finding.unwrap().headline.contains("35.0 km, bearing 153° (SE)"));
        }
    }
}

#[test]
fn a_name_for_two_roads_is_ambiguous_whichever_fits() {
    let picture = desert();
    let line = |names: &[&str]| Polyline::new(names.iter().map(|name| spot(&picture, name).at).collect()).unwrap();
    let desert_road = ("by T-3".to_owned(), line(&["T-3", "T-2", "Abu Kamal"]));
    let tanf_road = ("by Tanf".to_owned(), line(&["Tanf", "Hit"]));
    let on = |candidates: Vec<(String, Polyline)>| StatementCheck::Road {
        name: "the highway".to_owned(),
        candidates,
        places: vec![spot(&picture, "T-3")],
    };
    let (report, finding) = checked(picture.clone(), said("R11", on(vec![tanf_road.clone(), desert_road.clone()])));
    assert_eq!(report.verdict, "ambiguous");
    assert_eq!(report.computed.as_deref(), Some("all the places are on \"by T-3\""));
    assert!(report.remarks[0].starts_with("T-3 is 12"), "{:?}", report.remarks);
    let finding = finding.unwrap();
    assert!(finding.headline.contains("by Tanf") && finding.headline.contains("by T-3"), "{}", finding.headline);
    assert_eq!(checked(picture.clone(), said("R", on(vec![desert_road]))).0.verdict, "consistent");
    assert_eq!(checked(picture.clone(), said("R", on(vec![tanf_road]))).0.verdict, "inconsistent");
}

#[test]
fn contradictions_name_both_sources_and_close_nothing() {
    let mut picture = desert();
    let against = |source: &str, statement: Option<&str>| StatementCheck::Contradiction {
        source: Some(source.to_owned()),
        statement: statement.map(str::to_owned),
        text: "the opposite".to_owned(),
    };
    let (report, finding) =
        checked(picture.clone(), Statement { about: vec!["C.B".to_owned()], ..said("R15", against("OUT", None)) });
    let finding = finding.unwrap();
    assert_eq!((report.verdict, finding.level), ("contradicted", Level::Watch));
    assert!(finding.headline.contains("Paper S (C3)") && finding.headline.contains("Paper OUT (B2)"));
    assert_eq!(finding.details, ["Paper S (C3): what R15 says", "Paper OUT (B2): the opposite"]);

    let (report, _) = checked(picture.clone(), said("R", against("S2", None)));
    assert!(report.remarks.contains(&"2 sources, one origin: 0 extra confirmations".to_owned()), "{:?}", report.remarks);

    picture.statements = vec![said("R3", StatementCheck::None), said("R47", against("S", Some("R3")))];
    let (reports, findings) = statements(&picture);
    assert_eq!((reports[0].verdict, reports[1].verdict), ("contradicted", "contradicted"));
    assert_eq!(reports[0].remarks, ["contradicted by R47"]);
    assert!(findings[0].headline.contains("contradicts itself (R3)"), "{}", findings[0].headline);
}

#[test]
fn what_is_no_fact_is_not_checked() {
    let picture = desert();
    let wrong = direction(&picture, "T-3", "Tanf", Compass::North);
    for (nature, verdict) in [
        (Nature::Opinion, "opinion"),
        (Nature::Inference, "not a fact"),
        (Nature::Forecast, "recorded"),
        (Nature::Artefact, "ignored"),
    ] {
        let (report, finding) = checked(picture.clone(), Statement { nature, ..said("R", wrong.clone()) });
        assert_eq!((report.verdict, finding.is_none(), report.measured.is_empty()), (verdict, true, true));
    }
    let (report, finding) = checked(
        picture,
        Statement { missing: Some("map".to_owned()), quantity: Some("10,000".to_owned()), ..said("R", StatementCheck::None) },
    );
    assert_eq!((report.verdict, finding.is_none()), ("recorded", true));
    assert_eq!(report.remarks, ["not in the text: map", "quantity as given, not computed with: 10,000"]);
}

#[test]
fn positions_are_held_against_the_place_that_is_named_with_them() {
    let picture = desert();
    let at = |lat: f64, lng: f64, within_m: f64| StatementCheck::Position {
        at: crate::model::Spot { name: String::new(), at: deconflict_spacetime::LatLng::degrees(lat, lng).unwrap() },
        of: spot(&picture, "T-2"),
        within_m,
    };
    // T-2 is at 34.379, 40.147; the last is it, written in ED50.
    for (check, verdict, remark) in [
        (at(34.3792, 40.1473, 1000.0), "consistent", None),
        (at(34.46, 40.147, 1000.0), "inconsistent", None),
        (at(40.147, 34.379, 1000.0), "inconsistent", Some("with latitude and longitude swapped it would be 0 m from T-2")),
        (at(33.379, 40.147, 1000.0), "inconsistent", Some("with one degree more of latitude")),
        (at(34.380_066, 40.147_147, 1000.0), "ambiguous", Some("read in ED50")),
        (at(34.380_066, 40.147_147, 100.0), "inconsistent", Some("read in ED50")),
    ] {
        let (report, finding) = checked(picture.clone(), said("R", check));
        assert_eq!((report.verdict, finding.is_some()), (verdict, verdict != "consistent"), "{:?}", report.computed);
        let said = report.remarks.iter().any(|said| remark.is_some_and(|remark| said.contains(remark)));
        assert_eq!(said, remark.is_some(), "{:?}", report.remarks);
    }
}
