//! Machine-checked terms between parties. A finding says that a rule is broken, or that something is due and by when.
//!
//! A rule that holds says nothing. Nobody is commanded: a broken rule is told to the owners of the claims.

mod due;
mod ground;
mod parties;

use deconflict_spacetime::NS_PER_S;

use super::agreements::{binds, not_in_force};
use super::expectations::owners;
use crate::model::{Agreement, Claim, ClaimKind, Picture, Rule, RuleCheck};
use crate::report::{Finding, FindingKind};
use crate::words;

/// What is due later than this is one level quieter, nanoseconds.
const SOON_NS: i64 = 7 * 86_400 * NS_PER_S;

/// A finding for every rule that is broken or due.
pub(crate) fn rule_findings(picture: &Picture) -> Vec<Finding> {
    let holds = |rule: &&Rule| rule.valid_from.is_none_or(|from| from <= picture.span.end());
    picture
        .rules
        .iter()
        .filter(holds)
        .flat_map(|rule| match rule.check {
            RuleCheck::Separate => ground::separate(picture, rule),
            RuleCheck::StaysWithin => ground::stays_within(picture, rule),
            RuleCheck::MeetingLine => due::meeting_line(picture, rule),
            RuleCheck::BorderAcknowledged => due::border_acknowledged(picture, rule),
            RuleCheck::RelayOnly => parties::relay_only(picture, rule),
            RuleCheck::OwnerDecides => parties::owner_decides(picture, rule),
        })
        .collect()
}

/// A finding of `rule` about `claims`, told to their owners; its id is the rule's with the sorted claims.
fn finding(picture: &Picture, rule: &Rule, claims: &[&Claim], headline: String) -> Finding {
    let mut ids: Vec<String> = claims.iter().map(|claim| claim.id.clone()).collect();
    ids.sort();
    ids.dedup();
    let mut finding = Finding::new(FindingKind::Rule, rule.level, format!("rule:{}:{}", rule.id, ids.join("+")), headline);
    finding.parties = owners(picture, &ids);
    finding.claims = ids;
    finding.details = rule_details(picture, rule, &finding.parties);
    finding
}

/// The rule's text; and if it comes from an agreement that does not bind `owners` yet, why not.
fn rule_details(picture: &Picture, rule: &Rule, owners: &[String]) -> Vec<String> {
    let owners: Vec<&str> = owners.iter().map(String::as_str).collect();
    let agreement = rule.agreement.as_deref().and_then(|id| picture.agreement(id));
    let unbound = agreement.and_then(|agreement| Some((agreement, not_binding(picture, agreement, &owners)?)));
    std::iter::once(rule_text(rule))
        .chain(unbound.map(|(agreement, because)| format!("{} does not bind them yet: {because}.", agreement.id)))
        .collect()
}

/// "Rule K1 (of AG1, from 2017-09-20 00:00Z): …".
fn rule_text(rule: &Rule) -> String {
    let of = rule.agreement.iter().map(|agreement| format!("of {agreement}"));
    let from = rule.valid_from.iter().map(|from| format!("from {}", words::time(*from)));
    let origin: Vec<String> = of.chain(from).collect();
    let origin = if origin.is_empty() { String::new() } else { format!(" ({})", origin.join(", ")) };
    format!("Rule {}{origin}: {}", rule.id, rule.text)
}

/// The claims that the rule names, or all of `kind` if it names none.
fn claims_of<'a>(picture: &'a Picture, rule: &Rule, kind: ClaimKind) -> Vec<&'a Claim> {
    if rule.claims.is_empty() {
        // What is said of two does not hang on who filed first.
        let of_kind = picture.claims.iter().filter(|claim| claim.kind == kind).filter(|claim| !picture.is_hazard(claim));
        let mut claims: Vec<&Claim> = of_kind.collect();
        claims.sort_by(|one, other| one.id.cmp(&other.id));
        claims
    } else {
        rule.claims.iter().filter_map(|id| picture.claim(id)).collect()
    }
}

/// All pairs of the rule's columns; if it names none, of all columns of different sides.
fn pairs_of<'a>(picture: &'a Picture, rule: &Rule) -> Vec<(&'a Claim, &'a Claim)> {
    let claims = claims_of(picture, rule, ClaimKind::Movement);
    let mut pairs = Vec::new();
    for (index, one) in claims.iter().enumerate() {
        for other in &claims[index + 1..] {
            if one.id != other.id && (!rule.claims.is_empty() || one.side != other.side) {
                pairs.push((*one, *other));
            }
        }
    }
    pairs
}

/// "Syrian Arab Army (C.A)".
fn who(picture: &Picture, claim: &Claim) -> String {
    match claim.party.as_deref() {
        Some(id) => format!("{} ({})", picture.party_name(id), claim.id),
        None => claim.id.clone(),
    }
}

/// Why an agreement does not bind all of `parties` now; `None` if it does.
fn not_binding(picture: &Picture, agreement: &Agreement, parties: &[&str]) -> Option<String> {
    let missing =
        || parties.iter().find(|party| !binds(picture, agreement, party)).map(|party| format!("{party} has not acknowledged"));
    not_in_force(picture, agreement).or_else(missing)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
