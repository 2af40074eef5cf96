//! Tables that a reader takes back, and that no spreadsheet runs.

use deconflict_plan::report::{Location, Report};
use deconflict_spacetime::AltitudeReference;

use super::super::samples::{at, bare, conflict, hostile, picture, report, square, written};
use super::{csv, number, text};

fn rows(report: &Report) -> Vec<Vec<String>> {
    let text = written(|out| csv(out, &picture(AltitudeReference::Amsl), report));
    assert!(text.ends_with("\r\n"));
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("as many cells as the header").iter().map(str::to_owned).collect()).collect()
}

fn cell<'a>(rows: &'a [Vec<String>], row: usize, name: &str) -> &'a str {
    let column = rows[0].iter().position(|title| title == name).expect("a column");
    &rows[row][column]
}

#[test]
fn a_finding_is_a_row_with_what_is_known() {
    let rows = rows(&report(vec![conflict(Location::Point(at(46.5, 7.25))), bare()]));
    assert_eq!(rows.len(), 3);
    for (name, known, unknown) in [
        ("id", "conflict:B.1+R.1", "open:M1"),
        ("level", "urgent", "note"),
        ("excused", "false", "false"),
        ("claims", "B.1; R.1", ""),
        ("time_start", "2026-03-01T06:00:00Z", ""),
        ("time_end", "2026-03-01T08:00:00Z", ""),
        ("lat", "46.5", ""),
        ("lng", "7.25", ""),
        ("altitude_lower_m", "1000", ""),
        ("altitude_upper_m", "1500", ""),
        ("altitude_reference", "AMSL", ""),
        ("lateral_m", "0", ""),
        ("vertical_m", "", ""),
        ("overlap_km2", "1.235", ""),
        ("headline", "B.1 and R.1 would use the same airspace", "Who leads?"),
    ] {
        assert_eq!((cell(&rows, 1, name), cell(&rows, 2, name)), (known, unknown), "{name}");
    }
}

#[test]
fn a_region_at_the_antimeridian_has_its_point_there() {
    let rows = rows(&report(vec![conflict(square(10.0, 180.0))]));
    let lng: f64 = cell(&rows, 1, "lng").parse().expect("a number");
    assert!(lng.abs() > 178.9 && lng.abs() <= 180.0, "{lng}");
}

#[test]
fn no_cell_of_text_is_a_formula() {
    let rows = rows(&report(vec![hostile()]));
    for name in ["id", "claims", "parties", "headline"] {
        let text = cell(&rows, 1, name);
        assert!(text.contains("<script>") && !text.contains(char::is_control), "{text}");
        // Also where the semicolon parts cells.
        for part in text.split([',', ';']) {
            assert!(!part.trim_start().starts_with(['=', '+', '-', '@']), "{part:?} in {text:?}");
        }
    }
}

#[test]
fn an_apostrophe_stands_before_what_could_be_a_formula_and_nowhere_else() {
    for (given, expected) in [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", " '=1"),
        ("\r\n=1", "  '=1"),
        ("＝1", "'＝1"),
        ("a; =1", "\"a; '=1\""),
        ("\"=1", "\"\"\"'=1\""),
        ("conflict:A+B", "conflict:A+B"),
        ("a = b - c", "a = b - c"),
        ("two\nlines", "two lines"),
        ("", ""),
    ] {
        assert_eq!(text(given), expected, "{given:?}");
    }
}

#[test]
fn what_is_no_number_is_empty() {
    for (value, expected) in
        [(None, ""), (Some(f64::NAN), ""), (Some(f64::INFINITY), ""), (Some(-0.0001), "0"), (Some(2.5), "2.5")]
    {
        assert_eq!(number(value), expected, "{value:?}");
    }
}
