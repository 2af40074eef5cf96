//! The two scenarios for tests: their texts, the way through the reader, and questions to a report.
//!
//! Knows no expected answer.

#![allow(dead_code, reason = "each test crate uses a part")]

use deconflict_plan::format::PlanFile;
use deconflict_plan::model::Picture;
use deconflict_plan::report::{Finding, FindingKind, Report};
use deconflict_plan::{Options, Problem, SourceText, check, read};

/// Al-Qa'im, 2016.
pub const AL_QAIM: &str = include_str!("../../../../scenarios/al-qaim-2016.toml");
/// The Euphrates valley, 2017.
pub const EUPHRATES: &str = include_str!("../../../../scenarios/euphrates-2017.toml");

/// The plan as its file has it, before any name is looked up.
pub fn file(text: &str) -> PlanFile {
    toml::from_str(text).expect("a scenario has the shape of the format")
}

/// The picture of one plan text, TOML or JSON.
pub fn try_picture(text: &str) -> Result<Picture, Vec<Problem>> {
    read(&[SourceText { name: "scenario".to_owned(), bytes: text.as_bytes().to_vec() }], None)
}

/// The picture of one plan text; every problem is shown if there is one.
pub fn picture(text: &str) -> Picture {
    try_picture(text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The picture of a plan that a test has changed: through JSON and the reader, as a user's file would go.
pub fn picture_of(plan: &PlanFile) -> Picture {
    let mut json = serde_json::to_value(plan).expect("a plan is JSON");
    drop_nulls(&mut json);
    picture(&json.to_string())
}

/// A field that was not given is left out, as in a file.
fn drop_nulls(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// The report with the plan's minima.
pub fn report(picture: &Picture) -> Report {
    check(picture, Options::default())
}

/// The report with the plan's minima, without proposals: what is found, and fast.
pub fn findings_report(picture: &Picture) -> Report {
    check(picture, Options { without_proposals: true, ..Options::default() })
}

/// The report with zero minima.
pub fn report_without_minima(picture: &Picture) -> Report {
    check(picture, Options { without_minima: true, ..Options::default() })
}

/// The findings of a kind.
pub fn of_kind(report: &Report, kind: FindingKind) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.kind == kind).collect()
}

/// The finding of a kind about these two claims, in any order.
pub fn about<'a>(report: &'a Report, kind: FindingKind, a: &str, b: &str) -> Option<&'a Finding> {
    let mut claims = [a, b];
    claims.sort_unstable();
    report.findings.iter().find(|finding| finding.kind == kind && finding.claims == claims)
}

/// The claims of each finding as "a+b", sorted.
pub fn pairs(findings: &[&Finding]) -> Vec<String> {
    let mut pairs: Vec<String> = findings.iter().map(|finding| finding.claims.join("+")).collect();
    pairs.sort();
    pairs
}

/// The conflicts between two flights.
pub fn air_conflicts<'a>(picture: &Picture, report: &'a Report) -> Vec<&'a Finding> {
    use deconflict_plan::model::ClaimKind;
    let flies = |id: &String| picture.claim(id).is_some_and(|claim| claim.kind == ClaimKind::Flight);
    of_kind(report, FindingKind::Conflict).into_iter().filter(|finding| finding.claims.iter().all(flies)).collect()
}
