//! Everything that the page of a report shows, as one JSON value: what was claimed, where the heads are when, every finding, and what
//! each proposal would change. The page computes nothing that decides anything; what it moves, it moves along what stands here.
//!
//! Times are milliseconds since 1970 UTC, places [longitude, latitude] in degrees to seven decimals, cut at the antimeridian; altitudes
//! metres above what the picture's reference says. `docs/report.md` has the shape.

use deconflict_plan::drawn::{self, ms, position};
use deconflict_plan::model::{Claim, Party, Picture};
use deconflict_plan::report::{Finding, Location, Proposal, Report};
use deconflict_plan::{changed, facts, finding_json};
use serde_json::{Value, json};

use super::title;

/// Previews are made of at most so many proposals of a finding, the cheapest first.
const MOST_PREVIEWS: usize = 3;

/// The scene of a report; for one party, with its own claims and no others.
pub fn scene(picture: &Picture, report: &Report, reader: Option<&Party>) -> Value {
    let may_see = |claim: &&Claim| reader.is_none_or(|reader| claim.party.as_ref() == Some(&reader.id));
    let everybody = reader.is_none();
    json!({
        "title": title(report),
        "id": report.id,
        "reader": reader.map(|party| json!({ "id": party.id, "name": party.name })),
        "as_of": ms(report.as_of),
        "span": [ms(picture.span.start().min(report.as_of)), ms(picture.span.end())],
        "altitude_reference": picture.altitude_reference.name(),
        "parties": picture.parties.iter().filter(|party| reader.is_none_or(|reader| reader.id == party.id)).map(party).collect::<Vec<_>>(),
        "claims": picture.claims.iter().filter(may_see).map(drawn::claim).collect::<Vec<_>>(),
        "areas": if everybody { drawn::areas(picture) } else { json!([]) },
        "barriers": if everybody { drawn::barriers(picture) } else { json!([]) },
        "places": drawn::places(picture),
        "findings": report.findings.iter().map(|found| finding(picture, report, found, everybody)).collect::<Vec<_>>(),
    })
}

fn party(party: &Party) -> Value {
    json!({ "id": party.id, "name": party.name, "participant": party.participant })
}

/// A finding as in the JSON of the report, with its words for people and what its proposals would change.
fn finding(picture: &Picture, report: &Report, found: &Finding, with_previews: bool) -> Value {
    let mut drawn = finding_json(found);
    drawn["headline"] = json!(found.headline);
    drawn["facts"] =
        facts(picture, report.as_of, found).iter().map(|fact| json!([fact.label, fact.text])).collect::<Vec<_>>().into();
    drawn["at"] = json!(found.place.as_ref().and_then(Location::label_point).map(position));
    if let Some(window) = found.window {
        drawn["ms"] = json!([ms(window.start()), ms(window.end())]);
    }
    let verified = found.proposals.iter().filter(|proposal| with_previews && proposal.verified);
    drawn["previews"] = verified.take(MOST_PREVIEWS).map(|proposal| preview(picture, proposal)).collect::<Vec<_>>().into();
    drawn
}

/// The claims as they would be, by the engine; none where the proposal changes no claim.
fn preview(picture: &Picture, proposal: &Proposal) -> Value {
    let after = changed(picture, &proposal.changes).ok();
    let claims = proposal.changes.iter().filter_map(|(id, _)| after.as_ref()?.claim(id)).map(drawn::claim);
    json!({ "text": proposal.text, "claims": claims.collect::<Vec<_>>() })
}

#[cfg(test)]
#[path = "scene_tests.rs"]
mod tests;
