//! Al-Qa'im, 2016: the expected rows X1.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use deconflict_plan::model::{ClaimKind, MatterState};
use deconflict_plan::report::FindingKind;

use crate::support::{self, about, of_kind};
use crate::{Checked, assert_count, assert_near, ids, numbers, row, texts};

const EXPECTED: &str = include_str!("../data/expected_al-qaim-2016.json");

fn scenario() -> &'static Checked {
    static CELL: OnceLock<Checked> = OnceLock::new();
    Checked::of(&CELL, support::AL_QAIM)
}

fn expected(id: &str) -> serde_json::Value {
    row(EXPECTED, id)
}

#[test]
fn x1_01_remaining_route_of_the_syrian_column() {
    let s = scenario();
    assert_near(&[s.length_km("C.A")], &expected("X1.01"));
    assert_eq!(s.statement("R21").verdict, "consistent");
}

#[test]
fn x1_02_remaining_route_of_the_iraqi_column() {
    let s = scenario();
    assert_near(&[s.length_km("C.B")], &expected("X1.02"));
    assert_eq!(s.statement("R23").verdict, "consistent");
}

#[test]
fn x1_03_two_reference_points_side_by_side() {
    let s = scenario();
    let line = |to: &str| {
        let way = format!("T-3 pumping station to {to}, line");
        s.statement("R21").measured.iter().find(|(name, ..)| *name == way).unwrap_or_else(|| panic!("no {way}")).1
    };
    assert_near(&[line("Al-Qa'im border crossing"), line("Al-Qa'im (town)")], &expected("X1.03"));
}

#[test]
fn x1_05_an_empty_road_with_places_on_it() {
    let s = scenario();
    let said = s.statement("R33");
    assert_near(&[said.measured.iter().find(|(name, ..)| name.ends_with("line")).unwrap().1], &expected("X1.05"));
    assert_eq!(said.verdict, "consistent");
    let remarks = said.remarks.join("; ");
    assert!(remarks.contains("2 named places on the way: Al-Humaymah, T-2 pumping station"), "{remarks}");
}

#[test]
fn x1_06_route_gap_between_the_heads() {
    let finding = about(&scenario().report, FindingKind::Converging, "C.A", "C.B").unwrap();
    assert_near(&[finding.measures.route_gap_km.unwrap()], &expected("X1.06"));
}

#[test]
fn x1_08_meeting_place() {
    let finding = about(&scenario().report, FindingKind::Converging, "C.A", "C.B").unwrap();
    assert_near(&finding.measures.place_km.unwrap(), &expected("X1.08"));
}

#[test]
fn x1_10_one_converging_finding_told_through_iran() {
    let converging = of_kind(&scenario().report, FindingKind::Converging);
    assert_count(converging.len(), &expected("X1.10"));
    let told: Vec<(&str, Option<Vec<String>>)> =
        converging[0].notify.iter().map(|notice| (notice.party.as_str(), notice.via.clone())).collect();
    let through_iran = Some(vec!["P.IRN".to_owned()]);
    assert_eq!(told, [("P.IRQ", through_iran.clone()), ("P.SYR", through_iran)]);
}

#[test]
fn x1_11_no_direct_message_between_the_armies() {
    let armies = ["P.SYR", "P.IRQ"];
    let both = |parties: &[String]| armies.iter().all(|army| parties.iter().any(|party| party == army));
    let direct = scenario().report.findings.iter().filter(|finding| both(&finding.parties)).flat_map(|finding| &finding.notify);
    let direct = direct.filter(|notice| armies.contains(&notice.party.as_str()));
    let direct = direct.filter(|notice| notice.via.as_ref().is_none_or(|via| via.as_slice() != ["P.IRN"]));
    assert_count(direct.count(), &expected("X1.11"));
}

#[test]
fn x1_13_clear_of_tanf_before_the_gate() {
    let (s, row) = (scenario(), expected("X1.13"));
    let conflicts = ["C.F", "A.TANF"].iter().filter(|id| about(&s.report, FindingKind::Conflict, "C.A", id).is_some());
    assert_count(conflicts.count(), &row);
    let answer = |other: &str| s.report.expectations.iter().find(|answer| answer.claims == ["C.A", other]).unwrap();
    assert!(answer("C.F").clear && answer("A.TANF").clear);
    assert!((answer("C.F").separation_km - numbers(&row["separation_km"])[0]).abs() < 0.5, "{}", answer("C.F").text);
    assert!((answer("A.TANF").separation_km - numbers(&row["tanf_margin_km"])[0]).abs() < 1.0, "{}", answer("A.TANF").text);
}

#[test]
fn x1_15_one_open_matter() {
    let s = scenario();
    assert_count(of_kind(&s.report, FindingKind::Open).len(), &expected("X1.15"));
    assert_count(s.picture.matters.iter().filter(|matter| matter.state == MatterState::Open).count(), &expected("X1.15"));
}

#[test]
fn x1_17_not_next_to_it_and_not_on_its_east() {
    let (s, row) = (scenario(), expected("X1.17"));
    let said = s.statement("R28");
    assert_eq!(said.verdict, row["value"]);
    for (found, expected) in said.measured.iter().map(|(_, value, _)| value).zip(numbers(&row["measured"])) {
        assert!((found - expected).abs() <= row["tol"].as_f64().unwrap(), "{:?}", said.measured);
    }
    assert!(of_kind(&s.report, FindingKind::Inconsistent).iter().any(|finding| finding.id == "inconsistent:R28"));
}

#[test]
fn x1_19_protected_sites_touched() {
    let s = scenario();
    let is_site = |id: &&String| s.picture.claim(id).is_some_and(|claim| claim.kind == ClaimKind::Site);
    let touched = |kind| -> BTreeSet<String> {
        let columns =
            of_kind(&s.report, kind).into_iter().filter(|finding| finding.claims.iter().any(|id| id == "C.A" || id == "C.B"));
        columns.flat_map(|finding| finding.claims.iter().filter(is_site).cloned()).collect()
    };
    assert_eq!(touched(FindingKind::Caution).into_iter().collect::<Vec<_>>(), texts(&expected("X1.19")["value"]));
    assert!(touched(FindingKind::Conflict).is_empty());
}

/// The hazard road runs along both columns' roads and through Mohassan's surroundings: cautions for others, nothing else.
#[test]
fn the_hazard_gives_cautions_only() {
    let s = scenario();
    let hazard: Vec<_> = s.report.findings.iter().filter(|finding| finding.claims.iter().any(|id| id == "C.S")).collect();
    let measured = |kind: FindingKind| matches!(kind, FindingKind::Caution | FindingKind::Inconsistent);
    assert!(hazard.iter().all(|finding| measured(finding.kind)), "{:?}", hazard.iter().map(|f| &f.id).collect::<Vec<_>>());
    for column in ["C.A", "C.B"] {
        assert!(about(&s.report, FindingKind::Caution, column, "C.S").is_some(), "{column}");
    }
}

#[test]
fn the_columns_meet_at_the_border_and_share_no_other_ground() {
    let s = scenario();
    assert!(about(&s.report, FindingKind::Conflict, "C.A", "C.B").is_none());
    // 381.6 km close at 16 + 13, 12 + 10, 8 + 7 km a day.
    let [earliest, likely, latest] = about(&s.report, FindingKind::Converging, "C.A", "C.B").unwrap().measures.meeting.unwrap();
    for (found, km_per_day) in [(earliest, 29.0), (likely, 22.0), (latest, 15.0)] {
        let days = found.since_ns(s.picture.as_of) as f64 / 86_400e9;
        assert!((days - numbers(&expected("X1.06")["value"])[0] / km_per_day).abs() < 0.1, "{days} days");
    }
}

#[test]
fn stated_against_computed() {
    let verdicts = [
        ("R11", "ambiguous"),
        ("R15", "contradicted"),
        ("R21b", "consistent"),
        ("R23b", "consistent"),
        ("R26", "inconsistent"),
        ("R29", "ambiguous"),
        ("R31", "inconsistent"),
        ("R32", "consistent"),
        ("R34", "opinion"),
        ("R35", "consistent"),
        ("R46", "not a fact"),
        ("R47", "contradicted"),
        ("R54", "ignored"),
    ];
    for (id, verdict) in verdicts {
        assert_eq!(scenario().statement(id).verdict, verdict, "{id}: {:?}", scenario().statement(id));
    }
}

#[test]
fn no_row_is_left_out() {
    let tested = ["X1.01", "X1.02", "X1.03", "X1.05", "X1.06", "X1.08", "X1.10", "X1.11", "X1.13", "X1.15", "X1.17", "X1.19"];
    assert_eq!(ids(EXPECTED), tested);
}
