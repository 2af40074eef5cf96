//! Tests of `schedule`: hours over midnight, days of the week, offsets, daylight, and spans without end.

use deconflict_spacetime::{Time, TimeSpan};

use super::{Period, spans};
use crate::read::notes::Notes;
use crate::read::options::ReadOptions;
use crate::read::properties::Reporter;

fn time(text: &str) -> Time {
    deconflict_plan::parse_time(text).expect("a time")
}

fn span(start: &str, end: &str) -> TimeSpan {
    TimeSpan::new(time(start), time(end)).expect("a span")
}

/// The spans of applicability in JSON, within a period, or what is wrong.
fn read(json: &str, period: Option<TimeSpan>) -> Result<Vec<TimeSpan>, String> {
    let periods: Vec<Period> = serde_json::from_str(json).expect("JSON");
    let options = ReadOptions { period, ..ReadOptions::default() };
    let (mut notes, mut faults) = (Notes::default(), Vec::new());
    let mut to = Reporter { options: &options, notes: &mut notes, faults: &mut faults, line: 1, prefix: "" };
    let found = spans(&periods, &mut to);
    found.ok_or_else(|| faults.iter().map(|fault| format!("{}: {}; {}", fault.path, fault.found, fault.expected)).collect())
}

#[test]
fn hours_are_written_out_day_by_day() {
    // 2030-05-01 is a Wednesday.
    let week = Some(span("2030-05-01", "2030-05-08"));
    let cases: [(&str, &[(&str, &str)]); 9] = [
        (
            r#"[{"schedule":[{"day":["WED","SUN"],"startTime":"06:00Z","endTime":"08:00:00.00Z"}]}]"#,
            &[("2030-05-01T06:00Z", "2030-05-01T08:00Z"), ("2030-05-05T06:00Z", "2030-05-05T08:00Z")],
        ),
        (
            r#"[{"schedule":[{"day":["SAT"],"startTime":"22:00Z","endTime":"02:00Z"}]}]"#,
            &[("2030-05-04T22:00Z", "2030-05-05T02:00Z")],
        ),
        (
            r#"[{"schedule":[{"day":["TUE"],"startTime":"22:00Z","endTime":"02:00Z"}]}]"#,
            &[("2030-05-01", "2030-05-01T02:00Z"), ("2030-05-07T22:00Z", "2030-05-08")],
        ),
        (
            r#"[{"schedule":[{"day":["THU"],"startTime":"01:00+02:00","endTime":"03:00+02:00"}]}]"#,
            &[("2030-05-01T23:00Z", "2030-05-02T01:00Z")],
        ),
        (r#"[{"schedule":[{"day":["ANY"]}]}]"#, &[("2030-05-01", "2030-05-08")]),
        (
            r#"[{"schedule":[{"day":["MON"]}]},{"schedule":[{"day":["TUE"],"endTime":"12:00Z"}]}]"#,
            &[("2030-05-06", "2030-05-07T12:00Z")],
        ),
        (
            r#"[{"startDateTime":"2030-05-03T00:00:00Z","endDateTime":"2030-05-04T07:00:00Z","schedule":[{"day":["ANY"],"startTime":"06:00Z","endTime":"08:00Z"}]}]"#,
            &[("2030-05-03T06:00Z", "2030-05-03T08:00Z"), ("2030-05-04T06:00Z", "2030-05-04T07:00Z")],
        ),
        (r#"[{"startDateTime":"2031-05-03T00:00:00Z","schedule":[{"day":["ANY"]}]}]"#, &[]),
        (r#"[{"schedule":[{"day":["FRI"],"startEvent":"SR","endEvent":"SS"}]}]"#, &[("2030-05-02T10:00Z", "2030-05-04T14:00Z")]),
    ];
    for (json, expected) in cases {
        let expected: Vec<TimeSpan> = expected.iter().map(|(start, end)| span(start, end)).collect();
        assert_eq!(read(json, week), Ok(expected), "{json}");
    }
}

#[test]
fn what_holds_always_or_between_two_times_is_not_cut() {
    let period = Some(span("2030-05-01", "2030-05-08"));
    let always = span("1970-01-01", "2170-01-01");
    assert_eq!(read("[]", None), Ok(vec![always]));
    assert_eq!(read(r#"[{"permanent":"YES"}]"#, None), Ok(vec![always]));
    assert_eq!(read(r#"[{"permanent":true}]"#, period), Ok(vec![span("2030-05-01", "2030-05-08")]));
    let between = r#"[{"permanent":"NO","startDateTime":"2029-01-01T00:00:00Z","endDateTime":"2031-01-01T00:00:00Z"}]"#;
    assert_eq!(read(between, period), Ok(vec![span("2029-01-01", "2031-01-01")]));
    assert_eq!(read(r#"[{"startDateTime":"2029-01-01T00:00:00Z"}]"#, period), Ok(vec![span("2029-01-01", "2030-05-08")]));
}

#[test]
fn what_is_wrong_is_told() {
    let cases = [
        (
            r#"[{"schedule":[{"day":["ANY"],"startTime":"06:00Z"}]}]"#,
            "applicability[0].schedule: hours that come again without end",
        ),
        (r#"[{"schedule":[{"day":["MO"]}]}]"#, "applicability[0].schedule[0].day: \"MO\"; `MON` to `SUN`, or `ANY`"),
        (
            r#"[{"schedule":[{"startTime":"06:00"}]}]"#,
            "applicability[0].schedule[0].startTime: \"06:00\"; a time of day with its zone",
        ),
        (r#"[{"startDateTime":"soon"}]"#, "applicability[0].startDateTime: \"soon\""),
        (
            r#"[{"startDateTime":"2030-01-02T00:00:00Z","endDateTime":"2030-01-01T00:00:00Z"}]"#,
            "an end that is not after the start",
        ),
    ];
    for (json, expected) in cases {
        let said = read(json, None).expect_err(json);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn hours_without_number_are_refused_within_bounds() {
    let json = r#"[{"startDateTime":"1700-01-01T00:00:00Z","endDateTime":"2200-01-01T00:00:00Z","schedule":[{"day":["ANY"],"startTime":"06:00Z","endTime":"08:00Z"}]}]"#;
    assert!(read(json, None).expect_err("too many").contains("more than 20000 spans"));
}
