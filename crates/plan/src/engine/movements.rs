//! Lengths and arrivals of the movements. Compares nothing.

use deconflict_conflict::{Case, Movement};

use crate::model::{Claim, ClaimBody, Picture, Track};
use crate::report::MovementReport;
use crate::words;

/// The length and arrivals of every movement; a track without times has no arrivals.
pub(super) fn movements(picture: &Picture) -> Vec<MovementReport> {
    picture.claims.iter().filter_map(movement).collect()
}

fn movement(claim: &Claim) -> Option<MovementReport> {
    let (track, arrivals) = match &claim.body {
        ClaimBody::Movement(track, movement) => (track, arrivals(track, movement)),
        ClaimBody::Track(track) => (track, Vec::new()),
        ClaimBody::Volumes(_) | ClaimBody::Authority { .. } => return None,
    };
    Some(MovementReport { claim: claim.id.clone(), length_km: track.line.length_m() / 1000.0, arrivals })
}

/// When the head is at each waypoint that it reaches: earliest, likely, latest.
fn arrivals(track: &Track, movement: &Movement) -> Vec<(String, [deconflict_spacetime::Time; 3])> {
    let waypoints = track.line.waypoints().iter().zip(track.line.waypoints_along_m()).enumerate();
    waypoints
        .filter_map(|(index, (&at, &along_m))| {
            let [earliest, likely, latest] = Case::ALL.map(|case| movement.head(case).arrival(along_m));
            let name = track.names.get(index).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| words::point(at));
            Some((name, [earliest?, likely?, latest?]))
        })
        .collect()
}
