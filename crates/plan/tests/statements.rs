//! The two scenarios' statements, rules, matters and expectations: what agrees with the map, what does not, what is due.
//!
//! Expected values are independent of the engine; distances to 0.5 km, directions to a degree.

mod support;

use deconflict_plan::model::Level;
use deconflict_plan::report::{Finding, FindingKind, Report, StatementReport};

fn statement<'a>(report: &'a Report, id: &str) -> &'a StatementReport {
    report.statements.iter().find(|statement| statement.id == id).unwrap_or_else(|| panic!("{id}"))
}

fn finding<'a>(report: &'a Report, id: &str) -> &'a Finding {
    report.findings.iter().find(|finding| finding.id == id).unwrap_or_else(|| {
        let ids: Vec<&str> = report.findings.iter().map(|finding| finding.id.as_str()).collect();
        panic!("{id} is not in {ids:#?}")
    })
}

fn ids(report: &Report, kind: FindingKind) -> Vec<&str> {
    let mut ids: Vec<&str> = report.findings.iter().filter(|f| f.kind == kind).map(|f| f.id.as_str()).collect();
    ids.sort_unstable();
    ids
}

/// The value and deviation of one way of measuring a statement.
fn measured(report: &Report, id: &str, way: &str) -> (f64, f64) {
    let statement = statement(report, id);
    let found = statement.measured.iter().find(|(name, ..)| name == way);
    found.map_or_else(|| panic!("{id}: no {way} in {:#?}", statement.measured), |(_, value, off)| (*value, *off))
}

#[test]
fn stated_distances_of_2016() {
    let report = support::report(&support::picture(support::AL_QAIM));
    for (id, way, km, percent) in [
        ("R21", "T-3 pumping station to Al-Qa'im border crossing, line", 205.7, 4.5),
        ("R21", "T-3 pumping station to Al-Qa'im border crossing, route", 208.9, 2.9),
        ("R21", "T-3 pumping station to Al-Qa'im (town), line", 216.6, -0.7),
        ("R23", "Al-Baghdadi to Al-Qa'im border crossing, line", 157.1, 11.4),
        ("R23", "Al-Baghdadi to Al-Qa'im (town), line", 145.8, 20.0),
        ("R23", "Hit to Al-Qa'im border crossing, line", 190.9, -8.3),
        ("R31", "Al-Haditha to Al-Qa'im (town), line", 121.0, -17.4),
        ("R31", "Al-Haditha to Al-Qa'im border crossing, line", 132.2, -24.4),
        ("R33", "T-3 pumping station to Abu Kamal, line", 199.7, 0.2),
        ("R33", "T-3 pumping station to Abu Kamal, route", 201.3, -0.6),
        ("R28", "Al-Haditha to Al-Baghdadi, line", 35.0, 250.0),
    ] {
        let (measured_km, off) = measured(&report, id, way);
        assert!((measured_km - km).abs() < 0.5, "{id} {way}: {measured_km} km");
        assert!((off - percent).abs() < if id == "R28" { 5.0 } else { 0.3 }, "{id} {way}: {off} %");
    }
    let empty = &statement(&report, "R33").remarks;
    assert!(empty.contains(&"2 named places on the way: Al-Humaymah, T-2 pumping station".to_owned()), "{empty:?}");
}

#[test]
fn verdicts_on_what_was_said() {
    let (al_qaim, euphrates) =
        (support::report(&support::picture(support::AL_QAIM)), support::report(&support::picture(support::EUPHRATES)));
    for (report, id, verdict) in [
        (&al_qaim, "R3", "contradicted"),
        (&al_qaim, "R11", "ambiguous"),
        (&al_qaim, "R12", "ignored"),
        (&al_qaim, "R15", "contradicted"),
        (&al_qaim, "R21", "consistent"),
        (&al_qaim, "R21b", "consistent"),
        (&al_qaim, "R23", "consistent"),
        (&al_qaim, "R23b", "consistent"),
        (&al_qaim, "R25", "recorded"),
        (&al_qaim, "R26", "inconsistent"),
        (&al_qaim, "R28", "inconsistent"),
        (&al_qaim, "R31", "inconsistent"),
        (&al_qaim, "R33", "consistent"),
        (&al_qaim, "R34", "opinion"),
        (&al_qaim, "R35", "consistent"),
        (&al_qaim, "R46", "not a fact"),
        (&euphrates, "R62", "recorded"),
        (&euphrates, "R72", "consistent"),
        (&euphrates, "R76", "inconsistent"),
        (&euphrates, "R77", "consistent"),
        (&euphrates, "R79", "consistent"),
        (&euphrates, "R100", "ignored"),
    ] {
        assert_eq!(statement(report, id).verdict, verdict, "{id}");
        let found = report.findings.iter().any(|finding| finding.id == format!("inconsistent:{id}"));
        assert_eq!(found, matches!(verdict, "inconsistent" | "ambiguous") || id == "R15", "{id}");
    }
}

#[test]
fn one_road_name_two_roads() {
    let report = support::report(&support::picture(support::AL_QAIM));
    let (off_km, _) = measured(&report, "R11", "T-3 pumping station off M2 and Iraq 1, by Tanf");
    assert!((off_km - 110.0).abs() < 1.0, "{off_km} km");
    let headline = &finding(&report, "inconsistent:R11").headline;
    assert!(headline.contains("M2 and Iraq 1, by Tanf") && headline.contains("T-2"), "{headline}");
    let remarks = &statement(&report, "R11").remarks;
    assert!(remarks.iter().any(|remark| remark.contains("one origin: 0 extra confirmations")), "{remarks:?}");
}

#[test]
fn a_wrong_direction_is_to_be_watched() {
    let report = support::report(&support::picture(support::EUPHRATES));
    let (bearing, off) = measured(&report, "R76", "Deir ez-Zor (city) to Abu Kamal, bearing");
    assert!((bearing - 144.0).abs() < 1.0 && (off - 171.0).abs() < 1.0, "{bearing} {off}");
    let wrong = finding(&report, "inconsistent:R76");
    assert_eq!((wrong.level, wrong.claims.contains(&"C2.A".to_owned())), (Level::Watch, true));
    assert!(statement(&report, "R72").remarks.iter().any(|remark| remark.contains("° off")));
    assert_eq!(finding(&report, "inconsistent:X.US:Al Udeid air base").level, Level::Note);
}

#[test]
fn the_track_from_tanf_is_clear_up_to_the_governorate() {
    let report = support::report(&support::picture(support::AL_QAIM));
    let [track, presence] = report.expectations.as_slice() else { panic!("{:?}", report.expectations) };
    assert!(track.clear && presence.clear);
    assert!((track.separation_km - 29.8).abs() < 0.1, "{}", track.separation_km);
    assert!((presence.separation_km - 99.0).abs() < 1.0, "{}", presence.separation_km);
    assert!(track.text.contains("22.8 km between the corridors' edges"), "{}", track.text);
    assert!(track.text.contains("First corridor overlap 167 km along C.A"), "{}", track.text);
}

#[test]
fn rules_that_are_broken_or_due() {
    let al_qaim = support::report(&support::picture(support::AL_QAIM));
    assert_eq!(ids(&al_qaim, FindingKind::Rule), ["rule:K1:C.A+C.B", "rule:K2:C.A", "rule:K2:C.B"]);
    assert!(finding(&al_qaim, "rule:K1:C.A+C.B").headline.ends_with("have agreed no meeting line."));

    let euphrates = support::report(&support::picture(support::EUPHRATES));
    assert_eq!(ids(&euphrates, FindingKind::Rule), ["rule:K4:C2.A+C2.B"]);
    let separate = &finding(&euphrates, "rule:K4:C2.A+C2.B");
    let outside_km2 = separate.measures.overlap_km2.unwrap();
    assert!((outside_km2 - 75.0).abs() < 4.0, "{outside_km2} km²");
    assert!(separate.measures.overlap_with_end_km2.unwrap() > outside_km2);
}

#[test]
fn open_matters_stay_open_and_grow() {
    let al_qaim = support::report(&support::picture(support::AL_QAIM));
    assert_eq!(ids(&al_qaim, FindingKind::Open), ["open:Q1"]);
    let mut picture = support::picture(support::EUPHRATES);
    let matters = ["open:U1", "open:U2", "open:U3"];
    let early = support::report(&picture);
    assert_eq!(ids(&early, FindingKind::Open), matters);
    for id in matters {
        let open = finding(&early, id);
        assert_eq!(open.level, Level::Watch, "{id}");
        assert!(open.details.iter().any(|text| text.contains("louder") && text.contains("C2.A and C2.B")), "{:?}", open.details);
    }
    // Once the heads have reached every threshold, the matters are as loud as the closest one.
    let approach = early.findings.iter().find(|finding| finding.kind == FindingKind::Approach).unwrap();
    picture.as_of = approach.measures.thresholds.iter().map(|(.., time)| *time).max().unwrap();
    let late = support::report(&picture);
    for id in matters {
        assert_eq!(
            finding(&late, id).level,
            approach.measures.thresholds.iter().map(|(_, level, _)| *level).max().unwrap(),
            "{id}"
        );
    }
}
