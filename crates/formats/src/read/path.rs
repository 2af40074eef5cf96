//! Points in space and time joined by legs: each a corridor with a band around the altitudes of its ends, from the time
//! of one to that of the other. Does not know formats.

use deconflict_spacetime::{AltitudeBand, AltitudeReference, Time, TimeSpan};

use super::altitude;
use super::batch::Piece;
use super::notes::Note;
use super::outline::{self, LngLat};
use super::problems::Fault;
use super::properties::Reporter;

/// Most points of one path.
pub const POINTS_MAX: usize = super::batch::PIECES_MAX;

/// A point of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The line that gives it.
    pub line: usize,
    /// Where.
    pub at: LngLat,
    /// When.
    pub time: Time,
    /// Altitude, if it has one, metres.
    pub altitude_m: Option<f64>,
    /// Total width there, metres.
    pub width_m: Option<f64>,
    /// Total height around the altitude there, metres.
    pub height_m: Option<f64>,
}

/// The legs of a path; faults are reported at the line of the leg's end.
pub fn pieces(points: &[Point], reference: Option<AltitudeReference>, to: &mut Reporter) -> Option<Vec<Piece>> {
    if points.len() < 2 {
        to.fault("", "a path of one point", "at least two points, at different times");
        return None;
    }
    if points.iter().any(|point| point.width_m.is_none()) && to.options.width_m.is_some() {
        to.note(Note::WidthGiven);
    }
    if points.iter().any(|point| point.altitude_m.is_some() && point.height_m.is_none()) && to.options.height_m.is_some() {
        to.note(Note::HeightGiven);
    }
    let mut pieces = Vec::with_capacity(points.len() - 1);
    for pair in points.windows(2) {
        match leg(&pair[0], &pair[1], reference, to) {
            Ok(piece) => pieces.push(piece),
            Err(Some((path, found, expected))) => {
                to.faults.push(Fault::new(pair[1].line, path, found, expected));
                return None;
            }
            Err(None) => return None,
        }
    }
    Some(pieces)
}

/// Where, what was found and what was expected; nothing if it is reported already.
type Wrong = Option<(&'static str, String, String)>;

fn wrong<T>(path: &'static str, found: impl Into<String>, expected: impl Into<String>) -> Result<T, Wrong> {
    Err(Some((path, found.into(), expected.into())))
}

fn leg(from: &Point, until: &Point, reference: Option<AltitudeReference>, to: &mut Reporter) -> Result<Piece, Wrong> {
    let Ok(span) = TimeSpan::new(from.time, until.time) else {
        return wrong("time", format!("a time that is not after that of line {}", from.line), "rows in the order of their times");
    };
    let width = |point: &Point| point.width_m.or(to.options.width_m);
    let (Some(one), Some(other)) = (width(from), width(until)) else {
        return wrong("width_m", "nothing", "the total width of the path in metres");
    };
    let band = band(from, until, reference, to)?;
    let width_m = one.max(other);
    let mut at_end = Reporter { options: to.options, notes: to.notes, faults: to.faults, line: until.line, prefix: to.prefix };
    let path = || "lat".to_owned();
    let footprint = if outline::same_place(from.at, until.at) {
        outline::circle(from.at, width_m / 2.0, &path, &mut at_end)
    } else {
        outline::corridor(&[from.at, until.at], width_m, &path, &mut at_end)
    };
    footprint.map(|footprint| (footprint, band, span)).ok_or(None)
}

/// The band around the altitudes of a leg's ends.
fn band(from: &Point, until: &Point, reference: Option<AltitudeReference>, to: &Reporter) -> Result<Option<AltitudeBand>, Wrong> {
    let (one, other) = match (from.altitude_m, until.altitude_m) {
        (Some(one), Some(other)) => (one, other),
        (None, None) => return Ok(None),
        _ => return wrong("altitude_m", "an altitude at one end of a leg only", "an altitude in each row of a path, or in none"),
    };
    let Some(reference) = reference else {
        return wrong("altitude_reference", "nothing", altitude::REFERENCE_WORDS);
    };
    let height = |point: &Point| point.height_m.or(to.options.height_m);
    let (Some(height), Some(other_height)) = (height(from), height(until)) else {
        return wrong("height_m", "nothing", "the total height around the path in metres");
    };
    let lower = altitude::height((one - height / 2.0).min(other - other_height / 2.0), reference);
    let upper = altitude::height((one + height / 2.0).max(other + other_height / 2.0), reference);
    let (Ok(lower), Ok(upper)) = (lower, upper) else {
        return wrong("altitude_m", format!("{one} m and {other} m"), "altitudes of at most 1000 km");
    };
    match AltitudeBand::new(lower, upper) {
        Ok(band) => Ok(Some(band)),
        Err(_) => wrong("height_m", format!("{height} m"), "a height that can be measured"),
    }
}
