//! Rules about parties: who talks to whom through whom, and that nobody's claim is changed but by its owner.

use super::rule_details;
use crate::engine::agreements::binds;
use crate::model::{Agreement, Channel, Picture, Rule};
use crate::report::{Finding, FindingKind};

/// Channels between two of the rule's parties that go through none of its intermediaries.
pub(super) fn relay_only(picture: &Picture, rule: &Rule) -> Vec<Finding> {
    let usable = |channel: &&Channel| {
        channel.valid_from.is_none_or(|from| from <= picture.span.end())
            && channel.valid_until.is_none_or(|until| until >= picture.as_of)
    };
    picture.channels.iter().filter(usable).filter_map(|channel| bypass(picture, rule, channel)).collect()
}

fn bypass(picture: &Picture, rule: &Rule, channel: &Channel) -> Option<Finding> {
    let (from, to) = (spoken_for(picture, rule, &channel.from)?, spoken_for(picture, rule, &channel.to)?);
    let relays = |id: &String| {
        let party = party_of(picture, id);
        rule.via.iter().any(|via| via == id || picture.lineage(party).contains(&via.as_str()))
    };
    if from == to || channel.via.iter().any(relays) {
        return None;
    }
    let (one, other) = (picture.party_name(from), picture.party_name(to));
    let how = if channel.via.is_empty() { "directly".to_owned() } else { format!("through {}", channel.via.join(", ")) };
    let headline = format!("{one} and {other} reach each other {how} ({}).", channel.id);
    let mut finding = Finding::new(FindingKind::Rule, rule.level, format!("rule:{}:{}", rule.id, channel.id), headline);
    finding.parties = vec![from.to_owned(), to.to_owned()];
    finding.parties.sort();
    finding.window = picture.rest();
    let via: Vec<&str> = rule.via.iter().map(|id| picture.party_name(id)).collect();
    finding.details = rule_details(picture, rule, &finding.parties);
    finding.details.push(format!("Their messages go through {} only.", via.join(" or ")));
    Some(finding)
}

/// The party of a party or centre id.
fn party_of<'a>(picture: &'a Picture, id: &'a str) -> &'a str {
    picture.centres.iter().find(|centre| centre.id == id).map_or(id, |centre| &centre.party)
}

/// The rule's party for which an end of a channel speaks: its own, or one that it belongs to.
fn spoken_for<'a>(picture: &'a Picture, rule: &Rule, end: &'a str) -> Option<&'a str> {
    picture.lineage(party_of(picture, end)).into_iter().find(|id| rule.parties.iter().any(|party| party == id))
}

/// Agreements that would change a claim whose owner has not accepted.
pub(super) fn owner_decides(picture: &Picture, rule: &Rule) -> Vec<Finding> {
    picture.agreements.iter().filter_map(|agreement| over_owners_heads(picture, rule, agreement)).collect()
}

fn over_owners_heads(picture: &Picture, rule: &Rule, agreement: &Agreement) -> Option<Finding> {
    let begun = agreement.valid_from.is_none_or(|from| from <= picture.as_of);
    let expired = agreement.valid_until.is_some_and(|until| until < picture.as_of);
    if !begun || expired {
        return None;
    }
    let mut changed: Vec<(&str, &str)> = Vec::new();
    for (id, _) in &agreement.changes {
        let Some(owner) = picture.claim(id).and_then(|claim| claim.party.as_deref()) else { continue };
        let concerned =
            rule.parties.is_empty() || picture.lineage(owner).iter().any(|id| rule.parties.iter().any(|party| party == id));
        if concerned && !binds(picture, agreement, owner) && !changed.iter().any(|(claim, _)| claim == id) {
            changed.push((id, owner));
        }
    }
    let (claim, owner) = changed.first()?;
    let more = if changed.len() > 1 { format!(" and {} more", changed.len() - 1) } else { String::new() };
    let headline = format!("{} would change {claim}{more}, but {} has not accepted.", agreement.id, picture.party_name(owner));
    let mut finding = Finding::new(FindingKind::Rule, rule.level, format!("rule:{}:{}", rule.id, agreement.id), headline);
    finding.claims = changed.iter().map(|(claim, _)| (*claim).to_owned()).collect();
    finding.claims.sort();
    finding.parties = changed.iter().map(|(_, owner)| (*owner).to_owned()).collect();
    finding.parties.sort();
    finding.parties.dedup();
    finding.window = picture.rest();
    finding.details = rule_details(picture, rule, &finding.parties);
    finding.details.push("Nothing was changed: the claim stands as filed until its owner accepts.".to_owned());
    Some(finding)
}
