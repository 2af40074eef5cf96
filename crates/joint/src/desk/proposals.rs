//! Proposals for one party: what would settle a finding, computed from what the party may know and nothing else.
//!
//! They are looked for in a picture that holds the party's own claims, those that it may see whole, and in the place of the other claim of a
//! finding that was told as a box, a claim that fills the box. So what is hidden cannot show in what is proposed.

use deconflict_plan::model::{Change, Claim, ClaimBody, Picture};
use deconflict_plan::report::{Finding, Proposal};
use deconflict_plan::{Live, changed, finding_json};
use deconflict_spacetime::{Altitude, AltitudeBand, Area, LatLng, Polygon, Shape, Time, TimeSpan, Volume4D};
use serde_json::{Value, json};

use crate::grid;
use crate::rows::Disclosed;
use crate::state::State;
use crate::view::local;

/// The id of the claim that stands for the other's. No filed claim is called so: those have a "/".
const COUNTERPART: &str = "counterpart";

/// Proposals for a finding of the engine, in the words of a party.
pub(super) fn proposals(state: &State, live: Option<&Live>, party: &str, id: &str) -> Value {
    let none = json!({ "proposals": [] });
    let Some((live, finding)) = live.and_then(|live| Some((live, live.finding(id)?))) else { return none };
    let own = format!("{party}/");
    let may_see = |claim: &Claim| claim.id.starts_with(&own) || state.disclosed(&claim.id, party) == Disclosed::Full;
    let mut picture = Picture { claims: Vec::new(), ..live.picture().clone() };
    picture.claims = live.picture().claims.iter().filter(|claim| may_see(claim)).cloned().collect();
    for claim in finding.claims.iter().filter_map(|claim| live.picture().claim(claim)).filter(|claim| !may_see(claim)) {
        let boxed = || {
            let place = finding.place.as_ref()?;
            let area = area_of(&grid::around(place, grid::GRID_STEP_DEG)?)?;
            let span = span_of(&grid::window(finding.window?))?;
            let band = finding.altitude_m.and_then(|band| band_of(&grid::band(band), &picture));
            let body = ClaimBody::Volumes(vec![Volume4D { area, band, span }]);
            Some(Claim {
                id: COUNTERPART.to_owned(),
                name: COUNTERPART.to_owned(),
                party: None,
                operation: COUNTERPART.to_owned(),
                side: format!("claim:{COUNTERPART}"),
                priority: 0,
                supports: Vec::new(),
                note: None,
                stretch_of: None,
                symbol: None,
                body,
                ..claim.clone()
            })
        };
        picture.claims.extend(boxed());
    }
    let shown = Live::new(picture);
    let concerns = |claims: &[String]| {
        let expected =
            finding.claims.iter().map(|claim| if shown.picture().claim(claim).is_some() { claim.as_str() } else { COUNTERPART });
        expected.into_iter().all(|claim| claims.iter().any(|other| other == claim))
    };
    let Some(same) = shown.findings().find(|other| other.kind == finding.kind && concerns(&other.claims)) else { return none };
    let name = |claim: &str| if claim.starts_with(&own) { local(claim).to_owned() } else { claim.to_owned() };
    let told: Vec<Value> = shown
        .proposals(&same.id)
        .into_iter()
        .filter(is_in_words_of_a_plan)
        .map(|proposal| Proposal { text: proposal.text.replace(&own, ""), ..proposal })
        .map(|proposal| in_words_of(&proposal, &name, same, shown.picture()))
        .collect();
    json!({ "proposals": told })
}

/// Whether a plan can say it: roads that move sideways cannot be written as a change yet.
fn is_in_words_of_a_plan(proposal: &Proposal) -> bool {
    proposal.changes.iter().all(|(_, change)| !matches!(change, Change::Offset(_)))
}

/// The proposal as it can be offered.
fn in_words_of(proposal: &Proposal, name: &impl Fn(&str) -> String, finding: &Finding, picture: &Picture) -> Value {
    let with = Finding { proposals: vec![proposal.clone()], ..finding.clone() };
    let mut told = finding_json(&with)["proposals"][0].take();
    let changes: Vec<Value> = proposal
        .changes
        .iter()
        .map(|(claim, change)| {
            let mut said = said(change, picture.claim(claim));
            said["claim"] = json!(name(claim));
            said
        })
        .collect();
    told["changes"] = json!(changes);
    // As a map draws it; what stands for the other's claim is nothing to be drawn.
    let after = changed(picture, &proposal.changes).ok();
    let moved = proposal.changes.iter().filter(|(claim, _)| claim != COUNTERPART);
    let moved = moved.filter_map(|(claim, _)| after.as_ref()?.claim(claim));
    told["preview"] = moved.map(deconflict_plan::drawn::claim).collect();
    told.as_object_mut().map(|fields| fields.remove("accept"));
    told
}

/// A change as an agreement of a plan has it.
fn said(change: &Change, claim: Option<&Claim>) -> Value {
    let metres = |um: i64| format!("{} m", um as f64 / 1e6);
    match change {
        Change::Upper(um) => json!({ "upper": metres(*um) }),
        Change::Lower(um) => json!({ "lower": metres(*um) }),
        Change::Delay(ns) => json!({ "delay": format!("{} s", *ns as f64 / 1e9) }),
        Change::Start(time) => json!({ "start": deconflict_plan::words::rfc3339(*time) }),
        Change::End(time) => json!({ "end": deconflict_plan::words::rfc3339(*time) }),
        Change::StopAt(along_m) => {
            let at = claim.and_then(Claim::track).map(|track| track.line.point_at(*along_m));
            json!({ "stop_at": at.map(|at| json!({ "lat": at.lat_deg(), "lng": at.lng_deg() })) })
        }
        Change::KeepTo(barrier, bank) => {
            json!({ "keep_to": { "barrier": barrier, "bank": deconflict_plan::words::bank(*bank) } })
        }
        Change::Offset(metres) => json!({ "offset_right_m": metres }),
    }
}

fn area_of(corners: &Value) -> Option<Area> {
    let corner = |index: usize| Some((corners[index][0].as_f64()?, corners[index][1].as_f64()?));
    let ((south, west), (north, east)) = (corner(0)?, corner(1)?);
    let ring = [(south, west), (south, east), (north, east), (north, west)];
    let ring = ring.into_iter().map(|(lat, lng)| LatLng::degrees(lat, lng).ok()).collect::<Option<Vec<_>>>()?;
    Some(Area::from(Shape::Polygon(Polygon::new(ring).ok()?)))
}

fn span_of(window: &Value) -> Option<TimeSpan> {
    let time = |index: usize| -> Option<Time> { deconflict_plan::parse_time(window[index].as_str()?).ok() };
    TimeSpan::new(time(0)?, time(1)?).ok()
}

fn band_of(band: &Value, picture: &Picture) -> Option<AltitudeBand> {
    let edge = |index: usize| Some(Altitude::metres(band[index].as_f64()?, picture.altitude_reference));
    AltitudeBand::new(edge(0)?, edge(1)?).ok()
}
