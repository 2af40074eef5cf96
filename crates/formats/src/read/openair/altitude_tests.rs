//! Tests of OpenAir altitudes: the forms in which they occur.

use deconflict_spacetime::{Altitude, AltitudeReference};

use super::edge;
use crate::read::altitude::Edge;

#[test]
fn altitudes_are_read_in_the_forms_that_occur() {
    use AltitudeReference::{Agl, Amsl, Std};
    let ft = |ft: i64, reference| Edge::At(Altitude::from_um(ft * 304_800, reference));
    let m = |m: i64, reference| Edge::At(Altitude::from_um(m * 1_000_000, reference));
    let cases = [
        ("SFC", Edge::Ground, false),
        ("gnd", Edge::Ground, false),
        ("0", Edge::Ground, false),
        ("UNL", Edge::Unlimited, false),
        ("unlimited", Edge::Unlimited, false),
        ("FL95", ft(9500, Std), false),
        ("FL 195", ft(19_500, Std), false),
        ("FL100 STD", ft(10_000, Std), false),
        ("1500ft AGL", ft(1500, Agl), false),
        ("1500 SFC", ft(1500, Agl), false),
        ("1000GND", ft(1000, Agl), false),
        ("4500 MSL", ft(4500, Amsl), false),
        ("4500ft AMSL", ft(4500, Amsl), false),
        ("4500MSL", ft(4500, Amsl), false),
        ("4500F MSL", ft(4500, Amsl), false),
        ("MSL 4500", ft(4500, Amsl), false),
        ("3500 ft", ft(3500, Amsl), true),
        ("3500", ft(3500, Amsl), true),
        ("3500'", ft(3500, Amsl), true),
        ("1200m AMSL", m(1200, Amsl), false),
        ("300 M AGL", m(300, Agl), false),
        ("0 MSL", ft(0, Amsl), false),
        ("-100ft AMSL", ft(-100, Amsl), false),
    ];
    for (text, expected, bare) in cases {
        assert_eq!(edge(text), Ok((expected, bare)), "{text}");
    }
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "",
        "Ask on 122.8",
        "100m AGL/423m AMSL",
        "FL95 AGL",
        "FL",
        "FL9.5",
        "ft",
        "1e9",
        "99999999999 ft",
        "1-2",
        "--",
        "SFC 100 MSL FT X",
    ] {
        assert!(edge(text).is_err(), "{text}: {:?}", edge(text));
    }
}
