//! Who and what is not in the picture: nothing is clear by default.
//!
//! It does not say that anything is wrong, only that nobody could look.

use crate::model::{Claim, ClaimBody, Level, Party, Picture};
use crate::report::{Finding, FindingKind, Location};

/// A finding for every party that is known to operate and filed nothing, and for every claim that could not be checked.
pub(super) fn unchecked_findings(picture: &Picture) -> Vec<Finding> {
    let has_claims = |party: &str| picture.claims.iter().any(|claim| claim.party.as_deref() == Some(party));
    unchecked_among(picture, &has_claims, picture.claims.iter().map(|claim| claim.id.as_str()))
}

/// As [`unchecked_findings`], told whether a party has claims, and where possible tracks may be found.
pub(crate) fn unchecked_among<'a>(
    picture: &Picture,
    has_claims: &dyn Fn(&str) -> bool,
    columns: impl Iterator<Item = &'a str>,
) -> Vec<Finding> {
    let parties = picture.parties.iter().filter_map(|party| about_party(picture, party, has_claims(&party.id)));
    let tracks = columns.filter_map(|id| about_track(picture, picture.claim(id)?));
    parties.chain(tracks).chain(nothing_filed(picture)).collect()
}

/// Where no claim is in force any more, or none was filed, nothing was compared with anything.
fn nothing_filed(picture: &Picture) -> Option<Finding> {
    picture.claims.is_empty().then(|| {
        let headline = "No claims are in the picture: nothing was checked".to_owned();
        Finding::new(FindingKind::Unchecked, Level::Watch, "unchecked:plan".to_owned(), headline)
    })
}

fn about_party(picture: &Picture, party: &Party, has_claims: bool) -> Option<Finding> {
    let (headline, detail) = if !has_claims {
        let concerned = party.operates || (party.participant && party.told && !party.registered);
        if !concerned || picture.lead_files_for(party) {
            return None;
        }
        let what = if party.participant { "has filed nothing" } else { "no area to keep clear of is given" };
        let known = if party.operates { "is known to operate here" } else { "is not registered" };
        (format!("{} {known}, and {what}", party.name), "Nothing was compared with it; do not take it for clear.")
    } else if party.participant && !party.registered {
        (
            format!("{} is not registered: its claims were filed by others", party.name),
            "It may be elsewhere than these claims say, and cannot be told.",
        )
    } else {
        return None;
    };
    let mut finding = Finding::new(FindingKind::Unchecked, Level::Watch, format!("unchecked:{}", party.id), headline);
    finding.details.push(detail.to_owned());
    let own = picture.claims.iter().filter(|claim| has_claims && claim.party.as_deref() == Some(&party.id));
    finding.claims = own.map(|claim| claim.id.clone()).collect();
    finding.claims.sort();
    if party.participant {
        finding.parties.push(party.id.clone());
    }
    Some(finding)
}

fn about_track(picture: &Picture, claim: &Claim) -> Option<Finding> {
    let ClaimBody::Track(track) = &claim.body else { return None };
    let headline = format!("{} has no times; it was compared with nobody", claim.id);
    let mut finding = Finding::new(FindingKind::Unchecked, Level::Note, format!("unchecked:{}", claim.id), headline);
    finding.details.push("With times of arrival or a speed it would be checked like any other column.".to_owned());
    finding.claims.push(claim.id.clone());
    finding.place = Some(Location::Line(track.line.waypoints().to_vec()));
    let owner = claim.party.as_deref().and_then(|id| picture.party(id)).filter(|party| party.participant);
    finding.parties.extend(owner.map(|party| party.id.clone()));
    Some(finding)
}

#[cfg(test)]
#[path = "unchecked_tests.rs"]
mod tests;
