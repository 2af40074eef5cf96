//! Named roads that may be more than one line. An ambiguity is shown, never resolved.

use deconflict_spacetime::Polyline;

use super::{Disagreement, Outcome};
use crate::engine::sources::{source_label, spot_name};
use crate::model::{Picture, Spot, Statement};
use crate::report::{Location, Measures};
use crate::words;

/// A place this close to a line is on it, metres.
const ON_ROAD_M: f64 = 10_000.0;

/// Which of the lines hold all the places; two or more lines for one name are ambiguous whatever the answer.
pub(super) fn road(
    picture: &Picture,
    statement: &Statement,
    name: &str,
    candidates: &[(String, Polyline)],
    places: &[Spot],
) -> Outcome {
    let off = |line: &Polyline| -> Vec<(String, f64)> {
        places.iter().map(|place| (spot_name(place), line.nearest(place.at).1)).collect()
    };
    let lines: Vec<(&str, Vec<(String, f64)>)> = candidates.iter().map(|(name, line)| (name.as_str(), off(line))).collect();
    let fits = |(_, places): &&(&str, Vec<(String, f64)>)| places.iter().all(|(_, off_m)| *off_m <= ON_ROAD_M);
    let fitting: Vec<&str> = lines.iter().filter(fits).map(|(name, _)| *name).collect();
    let verdict = match (lines.len(), fitting.len()) {
        (0, _) => return Outcome::remarked("recorded", "no line is given for this road".to_owned()),
        (1, 1) => "consistent",
        (1, _) => "inconsistent",
        _ => "ambiguous",
    };
    let computed = match fitting.as_slice() {
        [] => "no line holds all the places".to_owned(),
        [one] => format!("all the places are on \"{one}\""),
        several => format!("all the places are on each of \"{}\"", several.join("\", \"")),
    };
    let remarks: Vec<String> = lines.iter().filter(|line| !fits(line)).flat_map(|(line, places)| misses(line, places)).collect();
    let names: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
    let by = source_label(picture, statement.source.as_deref());
    let headline = if verdict == "ambiguous" {
        format!("{by} says \"{name}\": that may be any of {} roads, \"{}\".", names.len(), names.join("\", \""))
    } else {
        format!("{by} puts places on \"{name}\" that are not on it.")
    };
    let measured = lines
        .iter()
        .flat_map(|(line, places)| places.iter().map(move |(place, off_m)| (format!("{place} off {line}"), off_m / 1000.0, 0.0)))
        .collect();
    let disagreement = (verdict != "consistent").then(|| Disagreement {
        headline,
        details: std::iter::once(format!("On the map {computed}."))
            .chain(remarks.iter().map(|remark| format!("{remark}.")))
            .collect(),
        measures: Measures { stated: Some(name.to_owned()), computed: Some(computed.clone()), ..Measures::default() },
        place: places.first().map(|place| Location::Point(place.at)),
        claims: Vec::new(),
        moves: false,
    });
    Outcome { verdict, computed: Some(computed), measured, remarks, disagreement }
}

/// The places that are not on a line, with their distances.
fn misses(line: &str, places: &[(String, f64)]) -> Vec<String> {
    let missed = places.iter().filter(|(_, off_m)| *off_m > ON_ROAD_M);
    missed.map(|(place, off_m)| format!("{place} is {} off \"{line}\"", words::length(*off_m))).collect()
}
