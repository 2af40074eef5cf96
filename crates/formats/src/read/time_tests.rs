//! Tests of `time`: the fast reader agrees with the plan's, and says what is wrong.

use super::{Instant, days_from_civil, instant, offset_s};

#[test]
fn instants_are_those_that_the_plans_reader_gives() {
    let texts = [
        "2030-05-01T06:00:00Z",
        "2030-05-01T06:00Z",
        "2030-05-01t06:00:00.5z",
        "2030-05-01 06:00:00.123456789Z",
        "2030-05-01T06:00:00+02:00",
        "2030-05-01T06:00:00-03:30",
        "2028-02-29T23:59:59Z",
        "1969-12-31T23:59:59.999Z",
        "1900-03-01T00:00:00Z",
        "2262-04-11T00:00:00Z",
        "2030-12-31T23:30:00-01:00",
    ];
    for text in texts {
        let plan = deconflict_plan::parse_time(text).expect("the plan reads it");
        assert_eq!(instant(text), Ok(Instant { time: plan, whole_day: false }), "{text}");
    }
}

#[test]
fn every_day_of_four_hundred_years_follows_the_one_before() {
    let mut expected = days_from_civil(1700, 1, 1);
    for year in 1700..2100 {
        for month in 1..=12 {
            for day in 1..=super::days_in_month(year, month) {
                assert_eq!(days_from_civil(year, month, day), expected, "{year}-{month}-{day}");
                expected += 1;
            }
        }
    }
}

#[test]
fn a_day_alone_is_its_first_instant_and_as_an_end_its_last() {
    let day = instant("2030-05-01").expect("a day");
    assert!(day.whole_day);
    assert_eq!(Ok(day.time), deconflict_plan::parse_time("2030-05-01"));
    assert_eq!(Ok(day.as_end()), deconflict_plan::parse_time("2030-05-02"));
}

#[test]
fn the_end_of_a_day_and_a_leap_second_are_the_instants_after_them() {
    let same = [
        ("2030-05-01T24:00:00Z", "2030-05-02T00:00Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00Z"),
        ("2030-05-01T06:00:00+0200", "2030-05-01T04:00Z"),
        ("2030-05-01T06:00:00+02", "2030-05-01T04:00Z"),
    ];
    for (one, other) in same {
        assert_eq!(instant(one).map(|instant| instant.time), instant(other).map(|instant| instant.time), "{one}");
    }
}

#[test]
fn what_is_no_instant_is_refused_with_what_was_expected() {
    let cases = [
        ("", "with its zone"),
        ("soon", "with its zone"),
        ("2030-05-01T06:00:00", "with its zone"),
        ("2030-05-01T06Z", "with its zone"),
        ("2030-05-01T25:00:00Z", "with its zone"),
        ("2030-05-01T24:00:01Z", "with its zone"),
        ("2030-05-01T06:60:00Z", "with its zone"),
        ("2030-05-01T06:00:00.Z", "with its zone"),
        ("2030-05-01T06:00:00+25:00", "with its zone"),
        ("2030-13-01", "no such day"),
        ("2029-02-29", "no such day"),
        ("9999-01-01T00:00:00Z", "between the years"),
        ("1893456000", "seconds or milliseconds"),
        ("2030/05/01", "with its zone"),
        ("２０30-05-01", "with its zone"),
    ];
    for (text, expected) in cases {
        let said = instant(text).expect_err(text);
        assert!(said.contains(expected), "{text}: {said}");
    }
}

#[test]
fn offsets_are_seconds_east_of_utc() {
    for (text, seconds) in
        [("Z", Some(0)), ("+05:45", Some(20_700)), ("-0330", Some(-12_600)), ("+5", None), ("", None), ("+05:6", None)]
    {
        assert_eq!(offset_s(text.as_bytes()), seconds, "{text}");
    }
}
