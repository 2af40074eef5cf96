//! Quantities: a table of what is read as what, and laws on any number.

use deconflict_spacetime::{AltitudeReference, NS_PER_S, Time};
use proptest::prelude::*;

use super::*;

#[test]
fn lengths() {
    for (text, um) in [
        ("10 km", 10_000_000_000),
        ("10km", 10_000_000_000),
        (" 600 m ", 600_000_000),
        ("10 NM", 18_520_000_000),
        ("1 nmi", 1_852_000_000),
        ("600 ft", 182_880_000),
        ("1 ft", 304_800),
        ("0.1 ft", 30_480),
        ("1 mi", 1_609_344_000),
        ("0.0000005 m", 1),
        ("-0.0000005 m", -1),
        ("-5 m", -5_000_000),
        ("\u{2212}5 m", -5_000_000),
        ("+5 m", 5_000_000),
        ("0.1 m", 100_000),
        ("9223372036854 m", 9_223_372_036_854_000_000),
    ] {
        assert_eq!(length_um(text), Ok(um), "{text}");
    }
    for text in [
        "",
        "km",
        "10",
        "1e3 m",
        "1,5 km",
        "1.5.2 m",
        ".5 m",
        "5. m",
        "10 km east",
        "10 kms",
        "NaN m",
        "inf m",
        "--5 m",
        "9223372036855 m",
        "0x10 m",
    ] {
        assert!(length_um(text).is_err(), "{text}");
    }
}

#[test]
fn durations_and_speeds() {
    for (text, seconds) in [("30 s", 30), ("15 min", 900), ("6 h", 21_600), ("45 d", 3_888_000), ("0.5 h", 1800), ("-1 s", -1)] {
        assert_eq!(duration_ns(text), Ok(seconds * NS_PER_S), "{text}");
    }
    assert_eq!(duration_ns("0.000000001 s"), Ok(1));
    assert!(duration_ns("300000 d").is_err());
    assert!(duration_ns("5 m").is_err());
    for (text, m_s) in [("36 km/h", 10.0), ("15 m/s", 15.0), ("86.4 km/d", 1.0), ("3600 kt", 1852.0), ("3600 mph", 1609.344)] {
        let read = speed_m_s(text).unwrap();
        assert!((read - m_s).abs() <= 1e-12 * m_s, "{text}: {read}");
    }
    assert!(speed_m_s("5 km").is_err());
}

#[test]
fn altitudes() {
    use AltitudeReference::{Agl, Amsl, Std, W84};
    for (text, um, reference) in [
        ("4500 m", 4_500_000_000, None),
        ("600 ft", 182_880_000, None),
        ("1500 ft AMSL", 457_200_000, Some(Amsl)),
        ("4500 m W84", 4_500_000_000, Some(W84)),
        ("100 m agl", 100_000_000, Some(Agl)),
        ("FL240", 7_315_200_000, Some(Std)),
        ("FL 095", 2_895_600_000, Some(Std)),
        ("FL100 STD", 3_048_000_000, Some(Std)),
        ("-100 m", -100_000_000, None),
    ] {
        assert_eq!(altitude_um(text), Ok((um, reference)), "{text}");
    }
    for text in ["FL", "FL-10", "FL24.5", "FL2400", "FL240 W84", "240 FL", "4500", "4500 m MSL", "2000 km", "10 NM"] {
        assert!(altitude_um(text).is_err(), "{text}");
    }
}

#[test]
fn times() {
    let day = |text: &str| time(text).unwrap();
    assert_eq!(day("1970-01-01"), Time::from_ns(0));
    assert_eq!(day("2017-09-14"), day("2017-09-14T00:00Z"));
    assert_eq!(day("2017-09-14T03:00+03:00"), day("2017-09-14"));
    assert_eq!(day("2017-09-14T00:00:00.000000001Z").since_ns(day("2017-09-14")), 1);
    assert_eq!(day("2017-09-14 06:00Z").since_ns(day("2017-09-14")), 6 * 3600 * NS_PER_S);
    for text in [
        "",
        "2017",
        "2017-09",
        "14.9.2017",
        "2017-13-01",
        "2017-09-31",
        "2017-09-14T06:00",
        "2017-09-14T24:00Z",
        "2017-09-14T06Z",
    ] {
        assert!(time(text).is_err(), "{text}");
    }
    for text in ["2017-09-14T06:00Z[UTC]", "2017-09-14é", "2017-09-14T", "+002017-09-14", "9999-01-01", "now"] {
        assert!(time(text).is_err(), "{text}");
    }
    assert_eq!(time_of_day_ns("06:00Z"), Ok(6 * 3600 * NS_PER_S));
    assert_eq!(time_of_day_ns("23:59:59Z"), Ok(86_399 * NS_PER_S));
    for text in ["06:00", "6:00Z", "24:00Z", "06:60Z", "06Z", "06:00:00:00Z", "ab:cdZ", "Z"] {
        assert!(time_of_day_ns(text).is_err(), "{text}");
    }
}

/// A number of micro-units as a decimal number of units.
fn decimal(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", value.unsigned_abs() / 1_000_000, value.unsigned_abs() % 1_000_000)
}

proptest! {
    #[test]
    fn a_printed_length_reads_back(um in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
        prop_assert_eq!(length_um(&format!("{} m", decimal(um))), Ok(um));
    }

    #[test]
    fn a_printed_altitude_reads_back(um in -1_000_000_000_000_i64..=1_000_000_000_000) {
        prop_assert_eq!(altitude_um(&format!("{} m W84", decimal(um))), Ok((um, Some(AltitudeReference::W84))));
    }

    #[test]
    fn whole_feet_are_exact(feet in -100_000_i64..100_000) {
        prop_assert_eq!(altitude_um(&format!("{feet} ft")), Ok((feet * 304_800, None)));
    }

    #[test]
    fn a_printed_time_reads_back(ns in any::<i64>()) {
        let text = crate::words::rfc3339(Time::from_ns(ns));
        prop_assert_eq!(time(&text), Ok(Time::from_ns(ns)));
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,40}", number in any::<f64>(), unit in "(m|km|ft|FL|d|min|Z|km/d|T|:|-| ){0,4}") {
        for text in [text.clone(), format!("{number} {unit}"), format!("FL{text}"), format!("2017-09-14{text}"), format!("{text}Z")] {
            let _ = (length_um(&text), duration_ns(&text), speed_m_s(&text), altitude_um(&text), time(&text), time_of_day_ns(&text));
            let _ = altitude_reference(&text);
        }
    }
}

#[test]
fn instants_that_are_none_are_refused_with_the_reason() {
    for (text, expected) in [
        ("2026-06-30T23:59:60Z", "leap second"),
        ("2026-06-30T23:59:60.5+02:00", "leap second"),
        ("2026-06-30T12:00+25:00", "at most 14 hours from UTC"),
        ("2026-06-30T12:00:00-15:00", "at most 14 hours from UTC"),
    ] {
        let refused = super::time(text).unwrap_err();
        assert!(refused.contains(expected), "{text}: {refused}");
    }
    for text in ["2026-06-30T23:59:59Z", "2026-06-30T12:00+14:00", "2026-06-30T12:00-12:00", "2026-06-30 12:60Z"] {
        assert_eq!(super::time(text).is_ok(), !text.contains(":60"), "{text}");
    }
}
