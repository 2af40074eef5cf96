//! One finding a line, whatever stands in it.

use deconflict_plan::report::{Location, Report};
use serde_json::Value;

use super::super::samples::{HOSTILE, at, bare, conflict, hostile, report, written};
use super::ndjson;

fn lines(report: &Report) -> Vec<Value> {
    written(|out| ndjson(out, report)).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_line_is_what_the_report_has_in_its_list() {
    let report = report(vec![hostile(), conflict(Location::Point(at(46.0, 7.0))), bare()]);
    let lines = lines(&report);
    assert_eq!(Value::Array(lines.clone()), deconflict_plan::json(&report)["findings"]);
    assert_eq!(lines[0]["id"], HOSTILE, "a name is kept as it is");
}

#[test]
fn nothing_found_is_nothing_written() {
    assert_eq!(lines(&report(Vec::new())), Vec::<Value>::new());
}
