//! Who is told of a finding, through which channel, with what delay, and who cannot be told.
//!
//! Between two parties, the first that works: a direct channel; one through intermediaries; the channel between the
//! supporters of their sides. Where none does, the finding is one level louder and says so. Nobody is told anything
//! who is a non-participant, not to be told, or not registered; the finding says so, but never mentions a non-participant.
//!
//! It does not send anything and does not know what was delivered.

mod channels;

use std::collections::{BTreeMap, BTreeSet};

use channels::{Route, between, kin};

use crate::model::{Claim, Party, Picture, Side};
use crate::report::{Finding, Notice};

/// Fills `notify` and `cannot_tell`; raises the level by one where two parties concerned cannot reach each other.
pub(crate) fn route(picture: &Picture, finding: &mut Finding) {
    let concerned: BTreeSet<&str> = finding.parties.iter().map(String::as_str).collect();
    let concerned = concerned.into_iter().filter_map(|id| picture.party(id)).filter(|party| party.participant);
    let (concerned, not_to_be_told): (Vec<&Party>, Vec<&Party>) = concerned.partition(|party| party.told);
    let (registered, unregistered): (Vec<&Party>, Vec<&Party>) = concerned.into_iter().partition(|party| party.registered);

    let mut told = Told::default();
    let mut apart = Vec::new();
    let mut has_partner = BTreeSet::new();
    for (index, x) in registered.iter().enumerate() {
        for y in registered[index + 1..].iter().filter(|y| !kin(picture, &x.id, &y.id)) {
            has_partner.extend([x.id.as_str(), y.id.as_str()]);
            match connect(picture, finding, x, y) {
                Some(notices) => notices.into_iter().for_each(|notice| told.add(notice)),
                None => apart.push((x.id.as_str(), y.id.as_str())),
            }
        }
    }
    // Who has to reach nobody else is told at once.
    for party in registered.iter().filter(|party| !has_partner.contains(party.id.as_str())) {
        told.add(Notice::direct(&party.id));
    }

    let mut cannot_tell: BTreeMap<String, String> = BTreeMap::new();
    for (x, y) in &apart {
        for party in [x, y].into_iter().filter(|party| !told.0.contains_key(**party)) {
            cannot_tell.entry((*party).to_owned()).or_insert_with(|| format!("no channel between {x} and {y}"));
        }
        if told.0.contains_key(*x) && told.0.contains_key(*y) {
            finding.details.push(format!("There is no channel between {x} and {y}."));
        }
    }
    for party in &unregistered {
        cannot_tell.insert(party.id.clone(), "not registered".to_owned());
    }
    if !registered.is_empty() {
        for party in &not_to_be_told {
            cannot_tell.insert(party.id.clone(), "is not to be told".to_owned());
        }
    }
    let unheard = unregistered.len() + not_to_be_told.len();
    let unheard_partner = unheard > 0 && !registered.is_empty();
    if !apart.is_empty() || unheard_partner {
        finding.level = finding.level.louder();
    }
    for (party, notice) in &mut told.0 {
        notice.members = members(picture, finding, party);
    }
    finding.cannot_tell = cannot_tell.into_iter().collect();
    finding.notify = told.0.into_values().collect();
}

/// Through whom `from` reaches `to`, in order: nobody for a direct way, `None` where there is no way at all.
pub fn intermediaries(picture: &Picture, from: &str, to: &str) -> Option<Vec<String>> {
    if from == to || kin(picture, from, to) { Some(Vec::new()) } else { between(picture, from, to).map(|route| route.via) }
}

/// Notices by party; the best route to each.
#[derive(Default)]
struct Told(BTreeMap<String, Notice>);

impl Told {
    /// Keeps `notice` if its party has none yet, or a longer way: direct first, then the shorter delay.
    fn add(&mut self, notice: Notice) {
        let rank = |notice: &Notice| (notice.via.is_some(), notice.delay_s, notice.via.clone());
        match self.0.get(&notice.party) {
            Some(known) if rank(known) <= rank(&notice) => {}
            _ => {
                self.0.insert(notice.party.clone(), notice);
            }
        }
    }
}

/// The notices by which two parties hear of a finding and of each other; `None` where they cannot reach each other.
fn connect(picture: &Picture, finding: &Finding, x: &Party, y: &Party) -> Option<Vec<Notice>> {
    if let Some(route) = between(picture, &x.id, &y.id) {
        return Some(vec![notice(&x.id, &route, false), notice(&y.id, &route, true)]);
    }
    through_supporters(picture, finding, x, y)
}

/// The notice to the party at the near end of a route, or at its far end.
fn notice(party: &str, route: &Route, far: bool) -> Notice {
    let mut via = route.via.clone();
    if !far {
        // What the far end sends passes the intermediaries the other way round.
        via.reverse();
    }
    let centres = if far { &route.far_centres } else { &route.near_centres };
    Notice { via: (!via.is_empty()).then_some(via), delay_s: route.delay_s, centres: centres.clone(), ..Notice::direct(party) }
}

/// The supporters of the two sides talk, and each tells its own.
fn through_supporters(picture: &Picture, finding: &Finding, x: &Party, y: &Party) -> Option<Vec<Notice>> {
    let (for_x, for_y) = (supporter(picture, finding, &x.id)?, supporter(picture, finding, &y.id)?);
    if !channels::may_relay(picture, &x.id, &y.id, &[for_x.to_owned(), for_y.to_owned()]) {
        return None;
    }
    let route = if for_x == for_y { Route::within() } else { between(picture, for_x, for_y)? };
    let mut notices = vec![notice(for_x, &route, false), notice(for_y, &route, true)];
    for (party, supporter) in [(&x.id, for_x), (&y.id, for_y)] {
        if party != supporter {
            notices.push(Notice { via: Some(vec![supporter.to_owned()]), delay_s: route.delay_s, ..Notice::direct(party) });
        }
    }
    Some(notices)
}

/// Who speaks for a party in this finding: the supporter of the side that its claims here belong to, or of the side that it leads.
///
/// The supporter of a side speaks for itself.
fn supporter<'a>(picture: &'a Picture, finding: &Finding, party: &str) -> Option<&'a str> {
    let own = finding.claims.iter().filter_map(|id| picture.claim(id)).filter(|claim| claim.party.as_deref() == Some(party));
    let own: BTreeSet<&str> = own.map(|claim| claim.side.as_str()).collect();
    let listed = picture.sides.iter().find(|side| own.contains(side.id.as_str()) && side.supporter.is_some());
    let side =
        listed.or_else(|| picture.sides.iter().find(|side| side.lead.as_deref() == Some(party) && side.supporter.is_some()))?;
    let supporter = picture.party(side.supporter.as_deref()?)?;
    (supporter.participant && supporter.told && supporter.registered).then_some(supporter.id.as_str())
}

/// The members of the sides that `lead` leads and files for in this finding: they hear through it and acknowledge.
fn members(picture: &Picture, finding: &Finding, lead: &str) -> Vec<String> {
    let files = |side: &&Side| {
        let own = |claim: &&Claim| claim.side == side.id && claim.party.as_deref() == Some(lead);
        side.lead.as_deref() == Some(lead) && finding.claims.iter().filter_map(|id| picture.claim(id)).any(|claim| own(&claim))
    };
    let hears = |id: &&String| id.as_str() != lead && picture.party(id).is_some_and(|party| party.participant && party.told);
    let members: BTreeSet<&String> =
        picture.sides.iter().filter(files).flat_map(|side| side.members.iter().filter(hears)).collect();
    members.into_iter().cloned().collect()
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
