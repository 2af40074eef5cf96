//! The channels between two parties: whose ends they are, whether they can be used now, and which is best.

use deconflict_spacetime::NS_PER_S;

use crate::model::{Channel, Picture, RuleCheck};

/// A way between two parties.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Route {
    /// How long a message takes, seconds, rounded up.
    pub delay_s: i64,
    /// Intermediaries from the near end to the far end; empty for a direct way.
    pub via: Vec<String>,
    /// Centres at which the near end is reached.
    pub near_centres: Vec<String>,
    /// Centres at which the far end is reached.
    pub far_centres: Vec<String>,
}

impl Route {
    /// The way from a party to itself.
    pub fn within() -> Self {
        Self { delay_s: 0, via: Vec::new(), near_centres: Vec::new(), far_centres: Vec::new() }
    }
}

/// The best way between two parties: a direct one, otherwise the quickest through intermediaries; `None` where there is none.
///
/// A party is reached at its own end, at its centres, and through the parties that it is part of.
pub(super) fn between(picture: &Picture, near: &str, far: &str) -> Option<Route> {
    let routes = picture
        .channels
        .iter()
        .filter(|channel| usable(picture, channel))
        .filter_map(|channel| oriented(picture, channel, near, far));
    routes.filter(|route| may_relay(picture, near, far, &route.via)).min_by_key(|route| (!route.via.is_empty(), route.clone()))
}

/// Whether the rules let `near` and `far` talk through `via`: where all their messages are relayed, one of the named
/// intermediaries has to be on the way.
pub(super) fn may_relay(picture: &Picture, near: &str, far: &str, via: &[String]) -> bool {
    let (near, far) = (picture.lineage(near), picture.lineage(far));
    let binding = picture.rules.iter().filter(|rule| {
        let named = |line: &[&str]| rule.parties.iter().position(|party| line.contains(&party.as_str()));
        let begun = rule.valid_from.is_none_or(|from| from <= picture.as_of);
        rule.check == RuleCheck::RelayOnly && begun && matches!((named(&near), named(&far)), (Some(x), Some(y)) if x != y)
    });
    binding
        .into_iter()
        .all(|rule| if rule.via.is_empty() { !via.is_empty() } else { via.iter().any(|party| rule.via.contains(party)) })
}

/// Whether one of the two parties is part of the other.
pub(super) fn kin(picture: &Picture, x: &str, y: &str) -> bool {
    picture.lineage(x).contains(&y) || picture.lineage(y).contains(&x)
}

/// Whether a channel works now, and every intermediary may be told.
fn usable(picture: &Picture, channel: &Channel) -> bool {
    let begun = channel.valid_from.is_none_or(|from| from <= picture.as_of);
    let lasts = channel.valid_until.is_none_or(|until| picture.as_of <= until);
    let may_carry = |id: &String| picture.party(id).is_none_or(|party| party.participant && party.told);
    begun && lasts && channel.via.iter().all(may_carry)
}

/// The channel as a way from `near` to `far`, if it joins them.
fn oriented(picture: &Picture, channel: &Channel, near: &str, far: &str) -> Option<Route> {
    let delay_s = channel.delay_ns.div_euclid(NS_PER_S) + i64::from(channel.delay_ns.rem_euclid(NS_PER_S) > 0);
    let route = |from: &str, to: &str, via: Vec<String>| {
        Some(Route { delay_s, via, near_centres: end(picture, from, near)?, far_centres: end(picture, to, far)? })
    };
    let backwards = || channel.via.iter().rev().cloned().collect();
    route(&channel.from, &channel.to, channel.via.clone()).or_else(|| route(&channel.to, &channel.from, backwards()))
}

/// The centres at which `party` is reached at this end of a channel; `None` if the end is not the party's.
fn end(picture: &Picture, end: &str, party: &str) -> Option<Vec<String>> {
    let line = picture.lineage(party);
    if line.contains(&end) {
        return Some(Vec::new());
    }
    let centre = picture.centres.iter().find(|centre| centre.id == end)?;
    line.contains(&centre.party.as_str()).then(|| vec![centre.id.clone()])
}
