//! Which texts are times, and that spans are rounded outward.

use super::*;

#[test]
fn what_rfc3339_writes_is_read() {
    let cases = [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01T00:00:00.5Z", 500_000_000),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1969-12-31T22:30:00-01:30", 0),
        ("1970-01-01T00:00:00-00:00", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2024-02-29T12:00:00Z", 1_709_208_000_000_000_000),
    ];
    for (text, ns) in cases {
        assert_eq!(WireTime::parse(text).map(|time| time.start()), Ok(Ok(Time::from_ns(ns))), "{text}");
    }
}

#[test]
fn everything_else_is_refused() {
    let cases = [
        "",
        "now",
        "2024-02-29",
        "2024-02-29T12:00Z",
        "2024-02-29T12:00:00",
        "2024-02-29 12:00:00Z",
        "2023-02-29T12:00:00Z",
        "2024-13-01T12:00:00Z",
        "2024-02-29T24:00:00Z",
        "2024-02-29T12:60:00Z",
        "2024-12-31T23:59:60Z",
        "2024-02-29T12:00:00.Z",
        "2024-02-29T12:00:00,5Z",
        "2024-02-29T12:00:00.5",
        "2024-02-29T12:00:00+0200",
        "2024-02-29T12:00:00+24:00",
        "2024-02-29T12:00:00+02:60",
        "2024-02-29T12:00:00Z[UTC]",
        "2024-02-29T12:00:00ZZ",
        "+024-02-29T12:00:00Z",
        "12024-02-29T12:00:00Z",
        "2024-02-29T12:00:0éZ",
        "２024-02-29T12:00:00Z",
    ];
    for text in cases {
        assert_eq!(WireTime::parse(text), Err(InvalidTime), "{text}");
    }
}

#[test]
fn what_is_finer_than_a_nanosecond_is_rounded_outward() {
    let time = WireTime::parse("1970-01-01T00:00:00.0000000011Z").unwrap();
    assert_eq!((time.start(), time.end()), (Ok(Time::from_ns(1)), Ok(Time::from_ns(2))));
    let time = WireTime::parse("1970-01-01T00:00:00.0000000010Z").unwrap();
    assert_eq!((time.start(), time.end()), (Ok(Time::from_ns(1)), Ok(Time::from_ns(1))));
}

#[test]
fn what_cannot_be_kept_is_refused_or_open() {
    let (early, late) = (WireTime::parse("0001-01-01T00:00:00Z").unwrap(), WireTime::parse("9999-12-30T00:00:00Z").unwrap());
    assert_eq!((early.start(), late.end()), (Err(TimeOutOfRange), Err(TimeOutOfRange)));
    assert_eq!((early.open_start(), early.open_end()), (Time::MIN, Time::MIN));
    assert_eq!((late.open_start(), late.open_end()), (Time::MAX, Time::MAX));
}

#[test]
fn texts_are_short_and_in_utc() {
    assert_eq!(write(Time::from_ns(0)), "1970-01-01T00:00:00Z");
    assert_eq!(write(Time::from_ns(1_709_208_000_500_000_000)), "2024-02-29T12:00:00.5Z");
    assert_eq!(write(Time::MIN), "1677-09-21T00:12:43.145224192Z");
    assert_eq!(write(Time::MAX), "2262-04-11T23:47:16.854775807Z");
}
