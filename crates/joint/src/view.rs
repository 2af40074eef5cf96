//! What a recipient may see of a finding: everything, a box on the published grid, or nothing.
//!
//! Only what the owners of the other claims disclose to this recipient goes into an answer. What is sealed leaves no trace: a finding that
//! rests on a sealed claim of somebody else does not exist for the recipient, however loud it is.

use std::collections::{BTreeMap, BTreeSet};

use deconflict_plan::model::{Claim, ClaimKind, Level, Matter, Party, Picture};
use deconflict_plan::report::{Finding, FindingKind};
use deconflict_plan::{Live, finding_for_party, finding_json, may_be_told, open_matter, words};
use deconflict_spacetime::Time;
use serde_json::{Value, json};

use crate::grid;
use crate::rows::Disclosed;
use crate::state::State;

/// A finding as a recipient may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The body, without its number and its level.
    pub content: Value,
    /// How loud it is.
    pub level: Level,
    /// Intermediaries through whom the recipient hears of it, in order.
    pub via: Vec<String>,
    /// What has to be typed again when it is read back.
    pub key_fields: BTreeMap<String, String>,
}

/// Whom a finding is routed to, each through whom: those that have a notice, and the members that hear through their lead.
pub fn routed(picture: &Picture, finding: &Finding) -> BTreeMap<String, Vec<String>> {
    let mut routed = BTreeMap::new();
    for notice in &finding.notify {
        let via = notice.via.clone().unwrap_or_default();
        for member in &notice.members {
            routed.entry(member.clone()).or_insert_with(|| via.clone());
        }
    }
    for notice in &finding.notify {
        routed.insert(notice.party.clone(), notice.via.clone().unwrap_or_default());
    }
    routed.retain(|party, _| picture.party(party).is_some_and(may_be_told));
    routed
}

/// The finding as `recipient` may see it, if it may.
pub fn seen(state: &State, live: &Live, finding: &Finding, recipient: &str) -> Option<Seen> {
    let picture = live.picture();
    let via = routed(picture, finding).remove(recipient)?;
    let party = picture.party(recipient)?;
    let may_see = |claim: &Claim| is_own(picture, party, claim) || state.disclosed(&claim.id, recipient) == Disclosed::Full;
    if let Some(matter) = matter_of(picture, finding) {
        return Some(open(live, matter, finding, recipient, via, may_see));
    }
    // These end when somebody files, whoever may know of that.
    let of_another = finding.kind == FindingKind::Unchecked && finding.parties.iter().any(|other| other != recipient);
    if of_another || (finding.kind == FindingKind::Contested && finding.claims.is_empty()) {
        return None;
    }
    let claims: Vec<&Claim> = finding.claims.iter().filter_map(|id| picture.claim(id)).collect();
    let (own, foreign): (Vec<&Claim>, Vec<&Claim>) = claims.into_iter().partition(|claim| is_own(picture, party, claim));
    let told = finding_for_party(picture, finding, recipient)?;
    let disclosed = foreign.iter().map(|claim| state.disclosed(&claim.id, recipient)).min().unwrap_or(Disclosed::Full);
    let mut content = match disclosed {
        Disclosed::Sealed | Disclosed::Existence => return None,
        Disclosed::ConflictOnly => boxed(picture, &told, &own, &foreign, via.is_empty())?,
        Disclosed::Full => whole(&told, picture.as_of),
    };
    let owners = foreign.iter().filter_map(|claim| claim.party.as_deref()).filter(|other| *other != recipient);
    let untold = owners.clone().any(|other| own.iter().any(|claim| state.disclosed(&claim.id, other) < Disclosed::ConflictOnly));
    content["others_told"] = json!(!untold);
    let mut key_fields = BTreeMap::new();
    if let Some(first) = own.first() {
        key_fields.insert("claim".to_owned(), local(&first.id).to_owned());
    }
    if let Some([Value::String(start), Value::String(end)]) = content.get("window").and_then(Value::as_array).map(Vec::as_slice) {
        key_fields.insert("from".to_owned(), start.clone());
        key_fields.insert("until".to_owned(), end.clone());
    }
    Some(Seen { content, level: finding.level, via, key_fields })
}

/// The matter that a finding says is open.
fn matter_of<'a>(picture: &'a Picture, finding: &Finding) -> Option<&'a Matter> {
    let id = finding.id.strip_prefix("open:").filter(|_| finding.kind == FindingKind::Open)?;
    picture.matters.iter().find(|matter| matter.id == id)
}

/// A matter as it would be if there were only the claims that the recipient may see: what it says, and as loud as these make it.
fn open(
    live: &Live,
    matter: &Matter,
    finding: &Finding,
    recipient: &str,
    via: Vec<String>,
    may_see: impl Fn(&Claim) -> bool,
) -> Seen {
    let picture = live.picture();
    let visible = |ids: &[String]| ids.iter().all(|id| picture.claim(id).is_some_and(&may_see));
    let approaches = live.findings().filter(|other| other.kind == FindingKind::Approach && visible(&other.claims));
    let approaches: Vec<Finding> = approaches.cloned().collect();
    let only_visible =
        |ids: &[String]| ids.iter().filter(|id| picture.claim(id).is_some_and(&may_see)).cloned().collect::<Vec<_>>();
    let claims = only_visible(&matter.claims);
    let named = claims.iter().chain(approaches.iter().flat_map(|approach| &approach.claims));
    let named: BTreeSet<&String> = named.collect();
    let shown = picture.with_claims(named.into_iter().filter_map(|id| picture.claim(id)).cloned().collect());
    let matter = Matter { claims, ..matter.clone() };
    let found = open_matter(&shown, &matter, &approaches);
    let found = Finding { notify: finding.notify.clone(), parties: finding.parties.clone(), ..found };
    let told = finding_for_party(&shown, &found, recipient).unwrap_or_else(|| found.clone());
    Seen { content: whole(&told, picture.as_of), level: found.level, via, key_fields: BTreeMap::new() }
}

/// Whether a claim is the recipient's, or of a side that its lead files for.
fn is_own(picture: &Picture, recipient: &Party, claim: &Claim) -> bool {
    claim.party.as_ref() == Some(&recipient.id)
        || picture.side(&claim.side).is_some_and(|side| side.lead == claim.party && side.members.contains(&recipient.id))
}

/// The id of a claim among those of its party.
pub fn local(id: &str) -> &str {
    id.split_once('/').map_or(id, |(_, local)| local)
}

/// Everything that a party would be told of it by a report.
fn whole(told: &Finding, as_of: Time) -> Value {
    let mut content = finding_json(told);
    if let Value::Object(fields) = &mut content {
        for hidden in ["id", "level", "excused", "proposals", "notify"] {
            fields.remove(hidden);
        }
        let window = fields.get("window").and_then(|window| Some(json!([window.get("start")?, window.get("end")?])));
        let mut window = window.unwrap_or(Value::Null);
        // What is open or due is so from now on, whenever that is: with the instant in it, it would be told again with every moment.
        let begun = told.window.is_some_and(|window| window.start() <= as_of);
        if begun && matches!(told.kind, FindingKind::Open | FindingKind::Rule | FindingKind::Contested) {
            window[0] = Value::Null;
        }
        fields.insert("window".to_owned(), window);
        fields.insert("disclosed".to_owned(), json!("full"));
    }
    content
}

/// A box, a band and a window, rounded outward; which of its own claims; and nothing else about the other.
fn boxed(picture: &Picture, told: &Finding, own: &[&Claim], foreign: &[&Claim], shows_identity: bool) -> Option<Value> {
    use FindingKind::{Approach, Caution, Conflict, Contested, Converging, Internal};
    if !matches!(told.kind, Conflict | Converging | Approach | Caution | Contested | Internal) {
        return None;
    }
    let other = foreign.first()?;
    let party = other.party.as_deref().filter(|_| shows_identity && !picture.is_hazard(other));
    let names: Vec<&str> = own.iter().map(|claim| local(&claim.id)).collect();
    let whose = party.map_or("another party".to_owned(), |id| picture.party_name(id).to_owned());
    let what = match told.kind {
        Conflict | Internal => "are in conflict",
        Converging => "end at one place",
        Approach => "come close to each other",
        Contested => "claim the same function",
        _ => "come into each other's space",
    };
    let own_kind = own.first().map_or("claim", |claim| noun(claim.kind));
    let text = match foreign.get(1) {
        Some(second) if own.is_empty() => format!("A {} and a {} of others {what}.", noun(other.kind), noun(second.kind)),
        _ => format!("Your {own_kind} {} and a {} of {whose} {what}.", names.join(", "), noun(other.kind)),
    };
    Some(json!({
        "kind": words::kind(told.kind),
        "certainty": words::certainty(told.certainty),
        "own": names,
        "counterpart": { "party": party, "kind": words::claim_kind(other.kind) },
        "region": told.place.as_ref().and_then(|place| grid::around(place, grid::GRID_STEP_DEG)),
        "band_m": told.altitude_m.map(grid::band),
        "window": told.window.map(grid::window),
        "text": text,
        "disclosed": "conflict-only",
    }))
}

fn noun(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Flight => "flight",
        ClaimKind::Movement => "column",
        ClaimKind::Constraint => "closed area",
        ClaimKind::Site => "protected site",
        ClaimKind::Authority => "claim of authority",
        ClaimKind::Presence => "presence",
    }
}
