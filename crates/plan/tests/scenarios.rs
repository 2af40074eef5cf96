//! The two historic scenarios against their expected answers, and what else follows from the definitions.
//!
//! Every number that is expected stands in `data/expected_*.json` or here; none stands in the program. One test for each
//! row of the data; the last test of each scenario checks that no row is left out.

mod support;

#[path = "scenarios/al_qaim.rs"]
mod al_qaim;
#[path = "scenarios/both.rs"]
mod both;
#[path = "scenarios/euphrates.rs"]
mod euphrates;

use std::sync::OnceLock;

use deconflict_plan::model::Picture;
use deconflict_plan::report::{Report, StatementReport};
use serde_json::Value;

/// A scenario, read and checked once for all tests.
struct Checked {
    picture: Picture,
    report: Report,
}

impl Checked {
    fn of(cell: &'static OnceLock<Self>, text: &str) -> &'static Self {
        cell.get_or_init(|| {
            let picture = support::picture(text);
            let report = support::report(&picture);
            Self { picture, report }
        })
    }

    fn statement(&self, id: &str) -> &StatementReport {
        self.report.statements.iter().find(|statement| statement.id == id).unwrap_or_else(|| panic!("no statement {id}"))
    }

    fn length_km(&self, claim: &str) -> f64 {
        self.report
            .movements
            .iter()
            .find(|movement| movement.claim == claim)
            .unwrap_or_else(|| panic!("no movement {claim}"))
            .length_km
    }
}

/// A row of expected answers.
fn row(data: &str, id: &str) -> Value {
    let data: Value = serde_json::from_str(data).unwrap();
    let rows = data["rows"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no row {id}")).clone()
}

/// The ids of all rows.
fn ids(data: &str) -> Vec<String> {
    let data: Value = serde_json::from_str(data).unwrap();
    data["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// The numbers of one value or a list.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().map(|number| number.as_f64().unwrap()).collect(),
        one => vec![one.as_f64().unwrap()],
    }
}

/// The texts of a list.
fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Whether `found` are the row's values, one by one, within its tolerance.
#[track_caller]
fn assert_near(found: &[f64], row: &Value) {
    let (expected, tol) = (numbers(&row["value"]), row["tol"].as_f64().unwrap());
    let near =
        found.len() == expected.len() && found.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() <= tol);
    assert!(near, "{}: found {found:?}, expected {expected:?} within {tol}: {}", row["id"], row["check"]);
}

/// Whether `found` is the row's count.
#[track_caller]
fn assert_count(found: usize, row: &Value) {
    assert_eq!(Some(found as u64), row["value"].as_u64(), "{}: {}", row["id"], row["check"]);
}
