//! What holds for both scenarios: every statement of the sources is carried, and one raises nothing in the other.

use std::collections::{BTreeMap, BTreeSet};

use deconflict_plan::report::{Finding, FindingKind};
use deconflict_plan::{SourceText, read};
use serde_json::Value;

use crate::support;

/// Rows 1 to this one are the two source texts, statement by statement.
const LAST_ROW: u64 = 105;
/// Rows that are leftovers of the texts themselves, with the reason; the plans carry them as artefacts or as missing.
const LEFTOVERS: [(u64, &str); 9] = [
    (12, "headings"),
    (27, "a map that is not there"),
    (54, "an agency's number"),
    (55, "no author, no date"),
    (80, "a map that is not there"),
    (100, "the text printed twice"),
    (101, "page furniture"),
    (102, "typing errors"),
    (103, "no date"),
];

/// Every `rows` list with the path of the entry that carries it.
fn carried() -> BTreeMap<u64, Vec<String>> {
    fn walk(value: &Value, path: &str, found: &mut BTreeMap<u64, Vec<String>>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    if key == "rows" {
                        let rows = value.as_array().unwrap().iter().map(|row| row.as_u64().unwrap());
                        rows.for_each(|row| found.entry(row).or_default().push(path.to_owned()));
                    } else {
                        walk(value, &format!("{path}.{key}"), found);
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, path, found)),
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    for text in [support::AL_QAIM, support::EUPHRATES] {
        walk(&serde_json::to_value(support::file(text)).unwrap(), "", &mut found);
    }
    found
}

#[test]
fn every_statement_of_the_sources_is_carried() {
    let carried: BTreeSet<u64> = carried().into_keys().collect();
    assert_eq!(carried, (1..=LAST_ROW).collect::<BTreeSet<_>>());
}

#[test]
fn leftovers_of_the_texts_are_statements_of_no_claim() {
    let carried = carried();
    for (row, what) in LEFTOVERS {
        let elsewhere: Vec<_> = carried[&row].iter().filter(|path| *path != ".statements" && *path != ".sources").collect();
        assert!(elsewhere.is_empty(), "row {row} ({what}) is carried by {elsewhere:?}");
    }
}

#[test]
fn every_statement_gets_a_verdict() {
    for text in [support::AL_QAIM, support::EUPHRATES] {
        let picture = support::picture(text);
        let report = support::report(&picture);
        assert_eq!(report.statements.len(), picture.statements.len());
        assert!(report.statements.iter().all(|statement| !statement.rows.is_empty() && !statement.verdict.is_empty()));
    }
}

#[test]
fn one_scenario_raises_nothing_in_the_other() {
    let files = [("2016", support::AL_QAIM), ("2017", support::EUPHRATES)];
    let files = files.map(|(name, text)| SourceText { name: name.to_owned(), bytes: text.as_bytes().to_vec() });
    let picture = read(&files, None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let of_2016: BTreeSet<String> = support::picture(support::AL_QAIM).claims.into_iter().map(|claim| claim.id).collect();
    let report = support::report(&picture);
    // A town stays protected and a hazard stays a hazard: cautions may join the two, what parties do there does not.
    let acts = |finding: &&Finding| !matches!(finding.kind, FindingKind::Caution);
    for finding in report.findings.iter().filter(acts) {
        let old = finding.claims.iter().filter(|id| of_2016.contains(*id)).count();
        assert!(old == 0 || old == finding.claims.len(), "{} joins the two scenarios", finding.id);
    }
}

#[test]
fn no_sentence_holds_a_withdrawn_word() {
    for text in [support::AL_QAIM, support::EUPHRATES] {
        let uses = text.to_lowercase().matches("de-escalation").count();
        assert!(uses <= 1, "only the list of words names it");
    }
}

#[test]
fn minima_that_nobody_stated_are_listed_as_assumed() {
    let listed = |picture: &deconflict_plan::model::Picture, report: &deconflict_plan::report::Report| {
        assert!(picture.assumptions.iter().all(|assumption| assumption.path != "minima"));
        let of_minima = report.assumptions.iter().filter(|assumption| assumption.path == "minima");
        of_minima.map(|assumption| assumption.value.clone()).collect::<Vec<_>>()
    };
    let mut picture = support::picture(support::EUPHRATES);
    let stated = "none, only what touches or overlaps counts, between flight and movement, flight and site, movement and movement, \
                  movement and site";
    assert_eq!(listed(&picture, &support::findings_report(&picture)), [stated]);
    assert!(listed(&picture, &support::report_without_minima(&picture)).is_empty(), "then it is asked for, not assumed");
    picture.minima.clear();
    let [none] = &listed(&picture, &support::findings_report(&picture))[..] else { panic!("one line") };
    assert!(none.contains("between flight and flight, flight and movement"), "{none}");
}
