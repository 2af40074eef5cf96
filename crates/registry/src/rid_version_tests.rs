//! Texts of versions, there and back.

use super::RidVersion;
use crate::outcome::Rejection;
use crate::time::Time;
use std::string::ToString;

fn version(number: i64) -> RidVersion {
    RidVersion::from_number(number).unwrap()
}

#[test]
fn a_version_is_a_number_to_the_base_32() {
    // The texts are those of Go's `strconv.FormatInt(number, 32)`.
    for (number, text) in [
        (0, "0"),
        (31, "v"),
        (32, "10"),
        (1_023, "vv"),
        (1_024, "100"),
        (1_777_593_600_000_000_000, "1haq7uo5g4000"),
        (i64::MAX, "7vvvvvvvvvvvv"),
    ] {
        assert_eq!(version(number).to_string(), text);
        assert_eq!(RidVersion::parse(text), Some(version(number)));
    }
    assert_eq!(RidVersion::from_number(-1), None);
}

#[test]
fn a_text_is_read_in_either_case_and_with_leading_zeros() {
    for text in ["vv", "VV", "vV", "00vv"] {
        assert_eq!(RidVersion::parse(text), Some(version(1_023)), "{text}");
    }
}

#[test]
fn a_text_that_is_no_number_of_63_bits_is_none() {
    for text in ["", " ", "w", "-1", "+1", "1_0", "1.0", "é", "8000000000000", "notacorrectversion", "vvvvvvvvvvvvv"] {
        assert_eq!(RidVersion::parse(text), None, "{text}");
    }
}

#[test]
fn a_version_is_the_time_or_one_more_than_the_latest() {
    let next = |latest, now| version(latest).next(Time::from_ns(now)).map(RidVersion::number);
    assert_eq!(next(5, 9), Ok(9));
    assert_eq!(next(9, 9), Ok(10));
    assert_eq!(next(12, 9), Ok(13));
    assert_eq!(next(0, i64::MIN), Ok(1));
    assert_eq!(next(i64::MAX, 9), Err(Rejection::VersionsExhausted));
}
