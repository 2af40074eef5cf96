//! Stated positions: whether the numbers are where the place is that is named with them, and if not how they may have been meant.

use deconflict_spacetime::distance_m;

use super::distances::reference_points;
use super::{Disagreement, Outcome};
use crate::engine::misread::misread;
use crate::engine::sources::{source_label, spot_name};
use crate::model::{Picture, Spot, Statement};
use crate::report::{Location, Measures};
use crate::words;

/// Whether the position is within `within_m` of the place, and whether another reading of its numbers would put it there.
pub(super) fn position(picture: &Picture, statement: &Statement, at: &Spot, of: &Spot, within_m: f64) -> Outcome {
    let references = reference_points(picture, std::slice::from_ref(of));
    let known_to_m = picture.place(&of.name).map_or(0.0, |place| place.uncertainty_m);
    let away_m = |point| {
        let to_each = references.iter().map(|(_, reference)| distance_m(point, *reference));
        to_each.fold(f64::INFINITY, f64::min)
    };
    let apart_m = away_m(at.at);
    let agrees = apart_m <= within_m + known_to_m;
    // What lies within what is known of the place is no slip.
    let read = misread(at.at, away_m).filter(|_| apart_m > known_to_m);
    let remark = read.map(|read| {
        format!("{} it would be {} from {}: ask which was meant", read.how, words::length(read.away_m), spot_name(of))
    });
    let computed = format!("{} from {}", words::length(apart_m), spot_name(of));
    let by = source_label(picture, statement.source.as_deref());
    let stated = format!("{} is at {}", spot_name(of), words::point(at.at));
    let verdict = match (agrees, &remark) {
        (true, None) => "consistent",
        (true, Some(_)) => "ambiguous",
        (false, _) => "inconsistent",
    };
    Outcome {
        verdict,
        computed: Some(computed.clone()),
        measured: vec![(format!("{} to the stated position, line", spot_name(of)), apart_m / 1000.0, apart_m / within_m * 100.0)],
        remarks: remark.iter().cloned().collect(),
        disagreement: (verdict != "consistent").then(|| Disagreement {
            headline: format!("{by} says that {stated}; that is {computed} on the map."),
            details: remark.into_iter().collect(),
            measures: Measures {
                distance_km: Some(apart_m / 1000.0),
                stated: Some(stated),
                computed: Some(computed),
                ..Measures::default()
            },
            place: Some(Location::Line(vec![of.at, at.at])),
            claims: Vec::new(),
            moves: true,
        }),
    }
}
