//! A plan of several parties as what each of them files: the frame, and the claims of each.

use std::collections::{BTreeMap, BTreeSet};

use deconflict_plan::model::Picture;
use deconflict_plan::{Problem, SourceText};
use serde_json::{Value, json};

use crate::pieces;
use crate::state::OPERATOR;

/// What a plan becomes when it is filed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    /// Everything but claims, with the ids of the picture.
    pub frame: Value,
    /// Who files which claims, in an order in which each finds what it is a stretch of; those of non-participants and of nobody are the
    /// operator's to file.
    pub claims: Vec<(String, Vec<Value>)>,
}

/// Splits a plan, given as a JSON object and as it was read.
///
/// # Errors
/// It cannot be read as a plan.
pub fn split(plan: &Value) -> Result<Split, Vec<Problem>> {
    let bytes = serde_json::to_vec(plan).expect("texts for keys");
    let picture = deconflict_plan::read(&[SourceText { name: "plan".to_owned(), bytes }], None)?;
    let owner = |id: &str| picture.claim(id).map(|claim| claim.party.clone().unwrap_or_else(|| OPERATOR.to_owned()));
    let key = |name: &str| owner(name).map_or_else(|| name.to_owned(), |owner| format!("{owner}/{name}"));
    let mut frame = plan.as_object().cloned().unwrap_or_default();
    let claims = frame.remove("claims");
    for (section, entries) in &mut frame {
        *entries = pieces::renamed(section, entries, key);
        if section == "statements" {
            rename_about(entries, &picture, key);
        }
    }
    let mut waiting: Vec<(String, String, Value)> = Vec::new();
    for claim in claims.iter().filter_map(Value::as_array).flatten() {
        let id = claim.get("id").and_then(Value::as_str).unwrap_or_default();
        let Some(owner) = owner(id) else { continue };
        let mut piece = pieces::renamed("claims", claim, key);
        match picture.claim(id).and_then(|claim| claim.party.as_deref()) {
            Some(party) => piece["party"] = json!(party),
            None => drop(piece.as_object_mut().map(|fields| fields.remove("party"))),
        }
        let takes_part = picture.party(&owner).is_some_and(|party| party.participant);
        let files = if takes_part { owner } else { OPERATOR.to_owned() };
        waiting.push((key(id), files, piece));
    }
    let frame = Value::Object(frame);
    let claims = in_order(&frame, waiting);
    Ok(Split { frame, claims })
}

/// Claims of one party after the other; what others are a stretch of, or wait for, goes before them.
fn in_order(frame: &Value, mut waiting: Vec<(String, String, Value)>) -> Vec<(String, Vec<Value>)> {
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let there: BTreeSet<String> = waiting.iter().map(|(key, ..)| key.clone()).collect();
        let of_others = |files: &str, name: &String| {
            there.contains(name) && waiting.iter().any(|(key, other, _)| key == name && other != files)
        };
        let ready =
            |(_, files, piece): &(String, String, Value)| !pieces::needs(frame, piece).iter().any(|name| of_others(files, name));
        let ready: Vec<bool> = waiting.iter().map(ready).collect();
        // A ring of claims of several parties cannot be filed one by one: whoever is asked says why.
        let all = !ready.contains(&true);
        let mut by_party: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut later = Vec::new();
        for (claim, ready) in waiting.into_iter().zip(ready) {
            if ready || all { by_party.entry(claim.1).or_default().push(claim.2) } else { later.push(claim) }
        }
        order.extend(by_party);
        waiting = later;
    }
    order
}

/// What statements are about may be anything; claims among it get their ids of the picture.
fn rename_about(statements: &mut Value, picture: &Picture, key: impl Fn(&str) -> String) {
    for statement in statements.as_array_mut().into_iter().flatten() {
        for name in statement.get_mut("about").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(claim) = name.as_str().filter(|name| picture.claim(name).is_some()) {
                *name = json!(key(claim));
            }
        }
    }
}
