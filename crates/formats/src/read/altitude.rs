//! Lower and upper edges as files give them, and the band they make. Does not know geoids, terrain or pressure.

use deconflict_spacetime::{Altitude, AltitudeBand, AltitudeReference, UM_PER_M};

use super::notes::{Note, Notes};

/// Lower than any ground or sea is, over each of the references, metres: the Dead Sea lies 430 m below the sea, and the
/// highest pressure ever measured puts the pressure altitude there at some 1,000 m below.
const BELOW_ALL_GROUND_M: i64 = -2_000;
/// Higher than anything flies, metres: no altitude is above it.
const ABOVE_ALL_M: i64 = 1_000_000;

/// One edge of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// A height above its reference.
    At(Altitude),
    /// The ground, wherever that is.
    Ground,
    /// As high as anything.
    Unlimited,
}

/// What is wrong with two edges: what was found, and what was expected.
pub type BadBand = (String, String);

/// A height in metres, if it is one.
///
/// # Errors
/// What was expected.
pub fn height(metres: f64, reference: AltitudeReference) -> Result<Altitude, &'static str> {
    // Higher than any satellite is a slip; it also keeps sums of altitudes in range.
    if metres.abs() <= 1e6 { Ok(Altitude::metres(metres, reference)) } else { Err("an altitude of at most 1000 km") }
}

/// The closed band between two edges; a missing one is as far as it can be.
///
/// Where the references differ, the band goes down to below all ground, so that it can only be too large.
///
/// # Errors
/// The edges are not ascending, or their references differ and `refuse_mixed`.
pub fn band(
    lower: Option<Edge>,
    upper: Option<Edge>,
    refuse_mixed: bool,
    line: usize,
    notes: &mut Notes,
) -> Result<AltitudeBand, BadBand> {
    if lower.is_none() {
        notes.add(Note::LowerMissing, line);
    }
    if upper.is_none() {
        notes.add(Note::UpperMissing, line);
    }
    let at = |metres: i64, reference| Altitude::from_um(metres * UM_PER_M, reference);
    let (lower, upper) = match (lower.unwrap_or(Edge::Ground), upper.unwrap_or(Edge::Unlimited)) {
        (Edge::At(lower), Edge::At(upper)) if lower.reference() == upper.reference() => (lower, upper),
        (Edge::At(lower), Edge::At(upper)) => {
            let is_ground = lower.reference() == AltitudeReference::Agl && lower.um() <= 0;
            if refuse_mixed && !is_ground {
                let found =
                    format!("a lower edge over {}, an upper one over {}", lower.reference().name(), upper.reference().name());
                return Err((found, "both over one reference".to_owned()));
            }
            notes.add(if is_ground { Note::FromGround } else { Note::MixedReferences }, line);
            (at(BELOW_ALL_GROUND_M, upper.reference()), upper)
        }
        (Edge::Ground, Edge::At(upper)) if upper.reference() == AltitudeReference::Agl => (at(0, AltitudeReference::Agl), upper),
        (Edge::Ground, Edge::At(upper)) => {
            notes.add(Note::FromGround, line);
            (at(BELOW_ALL_GROUND_M, upper.reference()), upper)
        }
        (Edge::At(lower), Edge::Unlimited) => (lower, at(ABOVE_ALL_M, lower.reference())),
        // From below everything to above everything is the same over every reference.
        (Edge::Ground, Edge::Unlimited) => {
            (at(BELOW_ALL_GROUND_M, AltitudeReference::W84), at(ABOVE_ALL_M, AltitudeReference::W84))
        }
        (_, Edge::Ground) => return Err(("an upper edge on the ground".to_owned(), "an upper edge above the lower".to_owned())),
        (Edge::Unlimited, _) => {
            return Err(("a lower edge without limit".to_owned(), "a lower edge below the upper".to_owned()));
        }
    };
    AltitudeBand::new(lower, upper).map_err(|_| {
        let found = format!("from {} to {}", words(lower), words(upper));
        (found, "a lower edge below the upper one".to_owned())
    })
}

fn words(altitude: Altitude) -> String {
    format!("{} m {}", altitude.m(), altitude.reference().name())
}

/// A reference by one of its names.
pub fn reference(text: &str) -> Option<AltitudeReference> {
    let names: [(&str, AltitudeReference); 11] = [
        ("W84", AltitudeReference::W84),
        ("WGS84", AltitudeReference::W84),
        ("HAE", AltitudeReference::W84),
        ("AMSL", AltitudeReference::Amsl),
        ("MSL", AltitudeReference::Amsl),
        ("AGL", AltitudeReference::Agl),
        ("SFC", AltitudeReference::Agl),
        ("GND", AltitudeReference::Agl),
        ("STD", AltitudeReference::Std),
        ("FL", AltitudeReference::Std),
        ("QNE", AltitudeReference::Std),
    ];
    names.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim())).map(|(_, reference)| *reference)
}

/// What a reference looks like.
pub const REFERENCE_WORDS: &str =
    "`W84` (above the WGS84 ellipsoid), `AMSL` (above mean sea level), `AGL` (above the ground) or `STD` (pressure altitude)";

#[cfg(test)]
#[path = "altitude_tests.rs"]
mod tests;
