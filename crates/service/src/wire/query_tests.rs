//! What stands behind a `?`, right and wrong.

use super::*;
use proptest::prelude::*;

#[test]
fn names_and_values_are_decoded() {
    let query = Query::parse("area=46%2C7,1+2&&x&owner=a%20b&owner=c&bad=%FF&t=2026-05-01T08:00:00%2B02:00");
    assert_eq!(query.get("area"), Some("46,7,1 2"));
    assert_eq!(query.get("owner"), Some("a b"));
    assert_eq!((query.get("x"), query.get("bad"), query.get("nothing")), (Some(""), None, None));
    assert_eq!(query.get("t"), Some("2026-05-01T08:00:00+02:00"));
}

fn read(text: &str) -> Result<usize, String> {
    let mut problems = Problems::default();
    let cells = area(&Query::parse(text), &mut problems);
    problems.or(cells).map(|cells| cells.as_slice().len()).map_err(|problems| problems.to_string())
}

#[test]
fn an_area_has_three_corners_of_two_numbers() {
    assert!(read("area=46,7,46,7.01,46.01,7").unwrap() > 1);
    assert_eq!(read("area=46,7, 46,7.01 ,46.01,7"), read("area=46,7,46,7.01,46.01,7"));
    let cases = [
        ("", "area: is missing"),
        ("area=", "area: is missing"),
        ("area=46", "area: is no list of numbers"),
        ("area=46,7,46,7.01,46.01", "area: is no list of numbers"),
        ("area=46,7,46,7.01,46.01,x", "area: is no list of numbers"),
        ("area=46,7,46,7.01,46.01,", "area: is no list of numbers"),
        ("area=46,7,46,7.01,NaN,7", "area[2]: "),
        ("area=46,7,46,7.01,91,7", "area[2]: "),
        ("area=46,7", "area: "),
        ("area=46,7,46,7.01", "area: "),
        ("area=46,7,46,7.01,46.01,7,46,7", "area: "),
        ("area=46,7,46.01,7.01,46,7.01,46.01,7", "area: "),
        ("area=0,0,0,10,10,10", "area: the area is"),
    ];
    for (text, words) in cases {
        let problem = read(text).expect_err(text);
        assert!(problem.starts_with(words), "{text}: {problem}");
    }
}

#[test]
fn times_may_be_open_and_must_not_be_reversed() {
    let read = |text: &str| {
        let mut problems = Problems::default();
        let span = times(&Query::parse(text), &mut problems);
        problems.or(span).map_err(|problems| problems.to_string())
    };
    assert_eq!(read(""), Ok(TimeSpan::ALL));
    let (a, b) = ("2026-05-01T08:00:00Z", "2026-05-01T09:00:00Z");
    let span = read(&format!("earliest_time={a}&latest_time={b}")).unwrap();
    assert_eq!(span.end().ns() - span.start().ns(), 3_600_000_000_000);
    assert!(read(&format!("earliest_time={a}&latest_time={a}")).is_ok());
    assert_eq!(read(&format!("earliest_time={b}&latest_time={a}")).unwrap_err(), "latest_time: is before earliest_time");
    assert!(read("earliest_time=").is_err());
    assert!(read("earliest_time=yesterday&latest_time=x").unwrap_err().contains("; latest_time: is no time"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}", tail in "[0-9.,eE+\\-]{0,60}") {
        let text = format!("area={tail}&{text}");
        let query = Query::parse(&text);
        let mut problems = Problems::default();
        let found = area(&query, &mut problems).is_some() & times(&query, &mut problems).is_some();
        prop_assert_eq!(found, problems.is_empty());
    }
}
