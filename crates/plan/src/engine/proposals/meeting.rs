//! Meeting lines: a place that neither of two columns passes.
//!
//! Two columns that end at one place go on doing so with a meeting line there. What it settles is that neither head
//! goes past it: the finding stays as a note. So a meeting line is verified when, with it in force, the engine finds
//! the two no longer converging, or as a note, no new conflict between them, and no rule asking for one.

use deconflict_spacetime::{LatLng, distance_m};

use super::{Candidate, PLACE_STEP_M, Search};
use crate::engine::agreements::{in_force_now, meeting_line_changes};
use crate::engine::pair::pair_findings;
use crate::engine::{place, rules};
use crate::model::{Agreement, BarrierKind, Claim, Level, Picture, Spot};
use crate::report::FindingKind;
use crate::words;

/// A border, or the shared end, is taken where it is at most this far from the likely meeting place, metres.
const SNAP_M: f64 = 2000.0;

/// A place for a meeting line.
struct Line {
    at: LatLng,
    /// "the Syria-Iraq border", or nothing.
    border: Option<String>,
}

/// A meeting line at the likely meeting place.
pub(super) fn lines(search: &Search) -> Vec<Candidate> {
    let [a, b] = search.claims;
    let converging = pair_findings(search.picture, a, b).into_iter().find(|other| other.kind == FindingKind::Converging);
    let Some([likely_km, ..]) = converging.filter(|found| found.level > Level::Note).and_then(|found| found.measures.place_km)
    else {
        return Vec::new();
    };
    let Some(line) = line_at(search.picture, a, b, likely_km) else { return Vec::new() };
    let ids = [a.id.clone(), b.id.clone()];
    let changes = meeting_line_changes(search.picture, &ids, line.at);
    if changes.is_empty() || !settles(search, &line) {
        return Vec::new();
    }
    let near = place::near(search.picture, line.at);
    let text = format!(
        "Agree a meeting line {near}{} ({}): neither the head of {} nor that of {} passes it.",
        line.border.map_or_else(String::new, |border| format!(", on {border}")),
        words::point(line.at),
        a.id,
        b.id
    );
    let mut proposal = search.proposal("meeting-line", changes, text);
    // A meeting line takes both, also where only one of them would get to it.
    let mut accept: Vec<String> = search.claims.iter().flat_map(|claim| super::names_of_owner(search.picture, claim)).collect();
    accept.sort();
    accept.dedup();
    proposal.accept = accept;
    vec![Candidate::new(proposal, 0.0)]
}

/// The likely meeting place, moved to a border or to the shared end if one of them is near. `None` without lines.
fn line_at(picture: &Picture, a: &Claim, b: &Claim, likely_km: f64) -> Option<Line> {
    let (road, before_end_m) =
        if likely_km <= 0.0 { (&a.track()?.line, -likely_km * 1e3) } else { (&b.track()?.line, likely_km * 1e3) };
    let likely = road.point_at(road.length_m() - before_end_m);
    let borders = picture.barriers.iter().filter(|barrier| barrier.kind == BarrierKind::Border);
    let nearest = borders
        .map(|border| {
            let (along_m, away_m) = border.line.nearest(likely);
            // A known crossing is a place that both know.
            let crossing = border.crossings.iter().map(|spot| (distance_m(spot.at, likely), spot.at));
            let crossing = crossing.filter(|(away_m, _)| *away_m <= SNAP_M).min_by(|one, other| one.0.total_cmp(&other.0));
            (away_m, crossing.map_or_else(|| border.line.point_at(along_m), |(_, at)| at), border)
        })
        .min_by(|one, other| one.0.total_cmp(&other.0));
    if let Some((_, at, border)) = nearest.filter(|(away_m, ..)| *away_m <= SNAP_M) {
        let name = if border.name.starts_with("the ") { border.name.clone() } else { format!("the {}", border.name) };
        return Some(Line { at, border: Some(name) });
    }
    if before_end_m <= SNAP_M {
        return Some(Line { at: road.point_at(road.length_m()), border: None });
    }
    let step_m = PLACE_STEP_M as f64;
    let rounded_m = (before_end_m / step_m).round() * step_m;
    Some(Line { at: road.point_at(road.length_m() - rounded_m), border: None })
}

/// Whether the finding is settled with the line in force; see the head of this file.
fn settles(search: &Search, line: &Line) -> bool {
    let [a, b] = search.claims;
    let ids = [a.id.clone(), b.id.clone()];
    let mut agreed = search.picture.clone();
    let agreement = imagined(&ids, line.at);
    agreed.agreements.push(in_force_now(search.picture, &agreement));
    let Some(claims) = search.with(&meeting_line_changes(search.picture, &ids, line.at)) else { return false };
    for claim in &claims {
        if let Some(filed) = agreed.claims.iter_mut().find(|filed| filed.id == claim.id) {
            *filed = claim.clone();
        }
    }
    let conflicts = |picture: &Picture, a: &Claim, b: &Claim| {
        let found = pair_findings(picture, a, b);
        let converging = found.iter().any(|one| one.kind == FindingKind::Converging && one.level > Level::Note);
        (converging, found.iter().any(|one| one.kind == FindingKind::Conflict))
    };
    let (_, conflict_before) = conflicts(search.picture, a, b);
    let (converging, conflict) = conflicts(&agreed, &claims[0], &claims[1]);
    let rule_stays = || {
        search.finding.kind == FindingKind::Rule
            && rules::rule_findings(&agreed).iter().any(|other| other.id == search.finding.id)
    };
    !converging && (conflict_before || !conflict) && !rule_stays()
}

/// An agreement that sets only this meeting line.
fn imagined(movements: &[String; 2], at: LatLng) -> Agreement {
    Agreement {
        id: String::new(),
        parties: Vec::new(),
        text: String::new(),
        valid_from: None,
        valid_until: None,
        must_acknowledge: Vec::new(),
        acknowledged: Vec::new(),
        changes: Vec::new(),
        meeting_lines: vec![(movements.clone(), Spot { name: String::new(), at })],
        crossings: Vec::new(),
        matters: Vec::new(),
    }
}
