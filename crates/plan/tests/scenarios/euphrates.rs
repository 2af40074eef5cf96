//! The Euphrates valley, 2017: the expected rows X2, and what an agreement makes of them.

use std::sync::OnceLock;

use deconflict_plan::changed;
use deconflict_plan::format::{Agreement, AltitudeText, ChangeText, PlanFile};
use deconflict_plan::model::{Change, Level, MatterState, TermState};
use deconflict_plan::report::{FindingKind, Standing};

use crate::support::{self, about, air_conflicts, of_kind, pairs};
use crate::{Checked, assert_count, assert_near, ids, numbers, row, texts};

const EXPECTED: &str = include_str!("../data/expected_euphrates-2017.json");

fn scenario() -> &'static Checked {
    static CELL: OnceLock<Checked> = OnceLock::new();
    Checked::of(&CELL, support::EUPHRATES)
}

fn expected(id: &str) -> serde_json::Value {
    row(EXPECTED, id)
}

#[test]
fn x2_01_corridor_lengths() {
    let s = scenario();
    assert_near(&[s.length_km("C2.A"), s.length_km("C2.B")], &expected("X2.01"));
}

#[test]
fn x2_02_northwest_is_southeast() {
    let (s, row) = (scenario(), expected("X2.02"));
    let said = s.statement("R76");
    assert_eq!(said.verdict, row["value"]);
    assert!((said.measured[0].1 - numbers(&row["bearing_deg"])[0]).abs() <= row["tol"].as_f64().unwrap(), "{said:?}");
}

#[test]
fn x2_04_air_conflicts_without_minima() {
    let (s, row) = (scenario(), expected("X2.04"));
    let report = support::report_without_minima(&s.picture);
    let found = air_conflicts(&s.picture, &report);
    assert_count(found.len(), &row);
    assert_eq!(pairs(&found), texts(&row["pairs"]));
    for finding in found {
        assert_eq!(finding.measures.overlap, Some(true), "{}", finding.id);
        assert_eq!(finding.altitude_m.unwrap().to_vec(), numbers(&row["band_m"]), "{}", finding.id);
    }
}

#[test]
fn x2_06_air_conflicts_with_minima() {
    let (s, row) = (scenario(), expected("X2.06"));
    let found = air_conflicts(&s.picture, &s.report);
    assert_count(found.len(), &row);
    let (overlapping, close): (Vec<_>, Vec<_>) = found.into_iter().partition(|finding| finding.measures.overlap == Some(true));
    assert_eq!(pairs(&overlapping), texts(&expected("X2.04")["pairs"]));
    assert_eq!(pairs(&close), texts(&row["added"]));
}

/// The plan with an agreement on the altitude split, acknowledged by `acknowledged`.
fn with_split(acknowledged: &[&str]) -> PlanFile {
    let row = expected("X2.07");
    let altitude = |name: &str| Some(AltitudeText(row[name].as_str().unwrap().to_owned()));
    let mut plan = support::file(support::EUPHRATES);
    let cells = plan.claims.iter().map(|claim| claim.id.clone()).filter(|id| id.starts_with("RU-") || id.starts_with("US-"));
    let changes = cells.map(|claim| {
        let russian = claim.starts_with("RU-");
        let (lower, upper) = if russian { (None, altitude("ru_upper")) } else { (altitude("us_lower"), None) };
        ChangeText { claim, lower, upper, delay: None, start: None, end: None, stop_at: None, keep_to: None }
    });
    let agreement = Agreement {
        id: "AG3".to_owned(),
        parties: vec!["P.US".to_owned(), "P.RUS".to_owned()],
        text: "Split by altitude".to_owned(),
        valid_from: None,
        valid_until: None,
        must_acknowledge: vec!["X.US".to_owned(), "X.RU".to_owned()],
        acknowledged: acknowledged.iter().map(|&id| id.to_owned()).collect(),
        changes: changes.collect(),
        meeting_lines: Vec::new(),
        crossings: Vec::new(),
        matters: Vec::new(),
        source: None,
        basis: None,
        note: None,
        rows: Vec::new(),
    };
    plan.agreements.push(agreement);
    plan
}

#[test]
fn x2_07_the_split_clears_all_of_them() {
    let picture = support::picture_of(&with_split(&["P.US", "P.RUS", "X.US", "X.RU"]));
    let report = support::report(&picture);
    assert_count(air_conflicts(&picture, &report).len(), &expected("X2.07"));
}

#[test]
fn a_split_that_one_side_has_not_acknowledged_changes_nothing_yet() {
    let picture = support::picture_of(&with_split(&["P.US", "X.US"]));
    let report = support::report(&picture);
    let found = air_conflicts(&picture, &report);
    assert_eq!(pairs(&found), pairs(&air_conflicts(&scenario().picture, &scenario().report)));
    for finding in found {
        assert!(matches!(&finding.standing, Standing::AgreedNotInForce { agreement, .. } if agreement == "AG3"), "{finding:?}");
    }
}

/// The gap after the split equals the minimum, which is enough; a centimetre less is not.
#[test]
fn the_split_is_just_enough() {
    let split = |ru_upper_um: i64, us_lower_um: i64| {
        let side = |prefix: &str, change: &dyn Fn() -> Change| -> Vec<(String, Change)> {
            (1..=4).map(|cell| (format!("{prefix}-{cell}"), change())).collect()
        };
        let mut changes = side("RU", &|| Change::Upper(ru_upper_um));
        changes.extend(side("US", &|| Change::Lower(us_lower_um)));
        let picture = changed(&scenario().picture, &changes).unwrap();
        air_conflicts(&picture, &support::report(&picture)).len()
    };
    assert_eq!(split(4_500_000_000, 5_100_000_000), 0);
    assert_eq!(split(4_500_010_000, 5_100_000_000), 6);
    assert_eq!(split(4_500_000_000, 5_099_990_000), 6);
}

#[test]
fn x2_08_together_in_time_apart_in_space() {
    let s = scenario();
    let without = support::report_without_minima(&s.picture);
    let found = [&s.report, &without].into_iter().filter(|report| about(report, FindingKind::Conflict, "RU-1", "US-1").is_some());
    assert_count(found.count(), &expected("X2.08"));
}

#[test]
fn x2_10_both_heads_inside_abu_kamal() {
    let (s, row) = (scenario(), expected("X2.10"));
    let converging = of_kind(&s.report, FindingKind::Converging);
    assert_eq!(Some(converging.len() as u64), row["value"][0].as_u64());
    let inside = converging[0].measures.both_inside.iter().find(|(id, _)| id == "A.ABK").unwrap().1;
    let from: jiff::Timestamp = row["value"][1].as_str().unwrap().parse().unwrap();
    let off_ns = i128::from(inside.start().ns()) - from.as_nanosecond();
    assert!(off_ns.abs() <= 60_000_000_000 * i128::from(row["tol"][1].as_i64().unwrap()), "{off_ns} ns off");
    assert_eq!(inside.end(), s.picture.span.end(), "both stay");
}

#[test]
fn x2_13_three_open_matters() {
    let s = scenario();
    assert_count(of_kind(&s.report, FindingKind::Open).len(), &expected("X2.13"));
    assert_count(s.picture.matters.iter().filter(|matter| matter.state == MatterState::Open).count(), &expected("X2.13"));
}

#[test]
fn x2_14_three_contested_pairs() {
    let (found, row) = (of_kind(&scenario().report, FindingKind::Contested), expected("X2.14"));
    assert_count(found.len(), &row);
    assert_eq!(pairs(&found), texts(&row["pairs"]));
}

#[test]
fn x2_16_agreements_and_withdrawn_words() {
    let s = scenario();
    let withdrawn: Vec<_> = s.picture.terms.iter().filter(|term| term.state == TermState::Withdrawn).collect();
    assert_eq!(vec![s.picture.agreements.len() as f64, withdrawn.len() as f64], numbers(&expected("X2.16")["value"]));
    // The plan itself uses the word in force.
    let used = |text: &String| text.to_lowercase().contains(&withdrawn[0].term.to_lowercase());
    assert!(!s.report.findings.iter().any(|finding| used(&finding.headline)));
}

#[test]
fn x2_19_assumptions_are_listed() {
    let s = scenario();
    assert!(s.report.assumptions.len() as u64 >= expected("X2.19")["value"].as_u64().unwrap());
    let listed = |what: &str| s.report.assumptions.iter().any(|assumption| assumption.path.contains(what));
    for what in ["As-Suwar", "bank", "eta", "RU-1", "buffer", "A.TIGHT", "as_of", "A.OIL", "CH2", "minima"] {
        let found = listed(what) || s.report.assumptions.iter().any(|assumption| assumption.value.contains(what));
        assert!(found, "{what} is not among {:#?}", s.report.assumptions.iter().map(|a| &a.path).collect::<Vec<_>>());
    }
}

#[test]
fn x2_20_who_is_never_told() {
    let notices = scenario().report.findings.iter().flat_map(|finding| &finding.notify);
    assert_count(notices.filter(|notice| ["P.ISIS", "P.KSA"].contains(&notice.party.as_str())).count(), &expected("X2.20"));
}

/// One conflict of the two columns, with the ground along the river and none of the shared end.
#[test]
fn y2_01_ground_under_both_corridors() {
    let s = scenario();
    let finding = about(&s.report, FindingKind::Conflict, "C2.A", "C2.B").unwrap();
    let measures = &finding.measures;
    assert_near(&[measures.overlap_km2.unwrap(), measures.overlap_with_end_km2.unwrap()], &expected("Y2.01"));
}

#[test]
fn air_findings_go_to_both_centres_and_want_an_acknowledgement() {
    let s = scenario();
    for finding in air_conflicts(&s.picture, &s.report) {
        let told: Vec<(&str, Vec<&str>)> = finding
            .notify
            .iter()
            .filter(|notice| notice.via.is_none())
            .map(|notice| (notice.party.as_str(), notice.centres.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(told, [("P.RUS", vec!["X.RU"]), ("P.US", vec!["X.US"])], "{}", finding.id);
    }
}

#[test]
fn heads_close_in_step_by_step() {
    let s = scenario();
    let approach = about(&s.report, FindingKind::Approach, "C2.A", "C2.B").unwrap();
    let steps: Vec<f64> = approach.measures.thresholds.iter().map(|(km, ..)| *km).collect();
    assert_eq!(steps, [30.0, 20.0, 10.0, 5.0]);
    assert!(approach.measures.thresholds.windows(2).all(|pair| pair[0].2 <= pair[1].2), "{approach:?}");
    // Each open matter grows with it, when the heads are that close and not before.
    assert!(of_kind(&s.report, FindingKind::Open).iter().all(|open| open.level == Level::Watch));
    let mut later = s.picture.clone();
    for (km, level, time) in &approach.measures.thresholds {
        later.as_of = time.plus_ns(1_000_000_000);
        let open = support::findings_report(&later).findings.into_iter().filter(|finding| finding.kind == FindingKind::Open);
        assert!(open.map(|finding| finding.level).all(|loud| loud == *level), "{km} km");
    }
}

#[test]
fn rules_on_corridors_and_cells() {
    let s = scenario();
    let broken = |id: &str| of_kind(&s.report, FindingKind::Rule).iter().any(|finding| finding.id.contains(id));
    assert!(broken("K4"), "the corridors share ground");
    assert!(!broken("K5"), "each cell is a buffer of its own column, as wide as the rule allows");
}

#[test]
fn stated_against_computed() {
    let verdicts = [
        ("R62", "recorded"),
        ("R72", "consistent"),
        ("R72b", "consistent"),
        ("R77", "consistent"),
        ("R79", "consistent"),
        ("R94", "opinion"),
        ("R100", "ignored"),
    ];
    for (id, verdict) in verdicts {
        assert_eq!(scenario().statement(id).verdict, verdict, "{id}: {:?}", scenario().statement(id));
    }
    let two_places = |finding: &&deconflict_plan::report::Finding| finding.id.contains("X.US");
    assert!(
        of_kind(&scenario().report, FindingKind::Inconsistent).iter().any(two_places),
        "the US centre is reported in two places"
    );
}

#[test]
fn no_row_is_left_out() {
    let tested =
        ["X2.01", "X2.02", "X2.04", "X2.06", "X2.07", "X2.08", "X2.10", "X2.13", "X2.14", "X2.16", "X2.19", "X2.20", "Y2.01"];
    assert_eq!(ids(EXPECTED), tested);
}
