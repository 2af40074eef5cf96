//! Stated directions and neighbourhoods, against bearings on the ellipsoid.

use deconflict_spacetime::{LatLng, azimuth_deg, distance_m};

use super::distances::reference_points;
use super::{Disagreement, Outcome, columns_through};
use crate::engine::sources::{source_label, spot_name};
use crate::model::{Compass, Picture, Spot, Statement};
use crate::report::{Location, Measures};
use crate::words;

/// A stated direction agrees up to this far from the bearing, degrees.
const TOLERANCE_DEG: f64 = 45.0;
/// Beyond this another of the eight directions would have been nearer, degrees.
const REMARK_DEG: f64 = 22.5;
/// Places farther apart than this are no neighbours, metres.
const ADJACENT_M: f64 = 10_000.0;
/// Points closer than this have no direction, metres.
const ONE_POINT_M: f64 = 1.0;

/// Whether the bearing is within 45° of the stated direction.
pub(super) fn direction(picture: &Picture, statement: &Statement, from: &Spot, to: &Spot, value: Compass) -> Outcome {
    if distance_m(from.at, to.at) < ONE_POINT_M {
        return Outcome::remarked("recorded", "both ends are one point: there is no direction to compare".to_owned());
    }
    let (bearing_deg, off_deg) = bearing(from.at, to.at, value);
    let agrees = off_deg <= TOLERANCE_DEG;
    let (stated, computed) = (name(value), bearing_text(bearing_deg));
    let ends = format!("{} to {}", spot_name(from), spot_name(to));
    let remark = format!("{off_deg:.0}° off: {computed} rather than {stated}");
    let by = source_label(picture, statement.source.as_deref());
    Outcome {
        verdict: if agrees { "consistent" } else { "inconsistent" },
        computed: Some(format!("bearing {computed}, {off_deg:.0}° off")),
        measured: vec![(format!("{ends}, bearing"), bearing_deg, off_deg)],
        remarks: if off_deg > REMARK_DEG { vec![remark] } else { Vec::new() },
        disagreement: (!agrees).then(|| Disagreement {
            headline: format!("{by} says {stated} from {ends}; on the map it is {computed}."),
            details: vec![format!("{off_deg:.0}° off. The corridor on the map follows the places, not the word.")],
            measures: Measures { stated: Some(stated.to_owned()), computed: Some(computed), ..Measures::default() },
            place: Some(Location::Line(vec![from.at, to.at])),
            claims: columns_through(picture, from, to),
            moves: true,
        }),
    }
}

/// Whether the places are within 10 km of each other and, if one was stated, within 45° of the direction.
pub(super) fn adjacent(picture: &Picture, statement: &Statement, from: &Spot, to: &Spot, value: Option<Compass>) -> Outcome {
    let (starts, ends) =
        (reference_points(picture, std::slice::from_ref(from)), reference_points(picture, std::slice::from_ref(to)));
    let pairs = starts.iter().flat_map(|start| ends.iter().map(move |end| (start, end, distance_m(start.1, end.1))));
    let Some((start, end, apart_m)) = pairs.min_by(|one, other| one.2.total_cmp(&other.2)) else {
        return Outcome::plain("recorded");
    };
    let bearing = value.filter(|_| apart_m >= ONE_POINT_M).map(|value| bearing(start.1, end.1, value));
    let agrees = apart_m <= ADJACENT_M && bearing.is_none_or(|(_, off_deg)| off_deg <= TOLERANCE_DEG);
    let pair = format!("{} to {}", start.0, end.0);
    let over_percent = (apart_m - ADJACENT_M).max(0.0) / ADJACENT_M * 100.0;
    let mut measured = vec![(format!("{pair}, line"), apart_m / 1000.0, over_percent)];
    measured.extend(bearing.map(|(bearing_deg, off_deg)| (format!("{pair}, bearing"), bearing_deg, off_deg)));
    let at =
        if apart_m < ONE_POINT_M { String::new() } else { format!(", bearing {}", bearing_text(azimuth_deg(start.1, end.1))) };
    let computed = format!("{}{at}", words::length(apart_m));
    let stated = value.map_or_else(|| "next to it".to_owned(), |value| format!("next to it, {}", name(value)));
    let by = source_label(picture, statement.source.as_deref());
    Outcome {
        verdict: if agrees { "consistent" } else { "inconsistent" },
        computed: Some(computed.clone()),
        measured,
        remarks: Vec::new(),
        disagreement: (!agrees).then(|| Disagreement {
            headline: format!("{by} puts {} next to {}; on the map it is {computed}.", end.0, start.0),
            details: vec![format!(
                "Neighbours are within {}{}.",
                words::round_length(ADJACENT_M),
                value.map_or("", |_| " and 45° of the direction")
            )],
            measures: Measures {
                distance_km: Some(apart_m / 1000.0),
                stated: Some(stated),
                computed: Some(computed),
                ..Measures::default()
            },
            place: Some(Location::Line(vec![start.1, end.1])),
            claims: Vec::new(),
            moves: false,
        }),
    }
}

/// The bearing, and how far the stated direction is from it, degrees.
fn bearing(from: LatLng, to: LatLng, value: Compass) -> (f64, f64) {
    let bearing_deg = azimuth_deg(from, to);
    let off_deg = (bearing_deg - degrees(value)).rem_euclid(360.0);
    (bearing_deg, off_deg.min(360.0 - off_deg))
}

fn degrees(value: Compass) -> f64 {
    match value {
        Compass::North => 0.0,
        Compass::Northeast => 45.0,
        Compass::East => 90.0,
        Compass::Southeast => 135.0,
        Compass::South => 180.0,
        Compass::Southwest => 225.0,
        Compass::West => 270.0,
        Compass::Northwest => 315.0,
    }
}

fn name(value: Compass) -> &'static str {
    match value {
        Compass::North => "north",
        Compass::Northeast => "northeast",
        Compass::East => "east",
        Compass::Southeast => "southeast",
        Compass::South => "south",
        Compass::Southwest => "southwest",
        Compass::West => "west",
        Compass::Northwest => "northwest",
    }
}

/// "144° (SE)".
fn bearing_text(bearing_deg: f64) -> String {
    format!("{:03.0}° ({})", bearing_deg.round().rem_euclid(360.0), words::wind(bearing_deg))
}
