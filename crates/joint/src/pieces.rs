//! Pieces of plan files: what they name, and how they become claims and frames of a picture.
//!
//! Within the picture a claim is called `party/id`. A piece keeps what it names; what it names and nobody has filed is left out when
//! it is read, so that a picture can grow claim by claim.

use std::collections::{BTreeMap, BTreeSet};

use deconflict_plan::model::{Claim, Picture};
use deconflict_plan::{Problem, SourceText};
use deconflict_spacetime::Time;
use serde_json::{Map, Value, json};

use crate::rows::ClaimRow;

/// Sections that claims are read with.
const CONTEXT: [&str; 6] = ["plan", "sources", "places", "barriers", "parties", "minima"];

/// Fields by which pieces name claims, wherever they stand.
const NAMES: [&str; 8] = ["claims", "claim", "supports", "of", "along", "movement", "escalates_with", "crossings"];

/// Calls `each` for every name of a claim in a piece of a section.
fn for_each_name(section: &str, piece: &mut Value, each: &mut dyn FnMut(&mut String)) {
    walk(section, "", piece, each);
}

fn walk(section: &str, field: &str, value: &mut Value, each: &mut dyn FnMut(&mut String)) {
    let names = NAMES.contains(&field) && !(section == "barriers" && field == "crossings");
    // What statements are about may be anything; only claims have a "/" in their names.
    let may_be = section == "statements" && field == "about";
    match value {
        Value::String(name) if names => each(name),
        Value::Array(list) => list.iter_mut().for_each(|value| match value {
            Value::String(name) if names || (may_be && name.contains('/')) => each(name),
            other => walk(section, "", other, each),
        }),
        Value::Object(fields) => fields.iter_mut().for_each(|(field, value)| walk(section, field, value, each)),
        _ => {}
    }
}

/// The names of claims in a piece.
pub fn names(section: &str, piece: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for_each_name(section, &mut piece.clone(), &mut |name| {
        found.insert(name.clone());
    });
    found
}

/// A piece with every name of a claim in it changed.
pub fn renamed(section: &str, piece: &Value, rename: impl Fn(&str) -> String) -> Value {
    let mut piece = piece.clone();
    for_each_name(section, &mut piece, &mut |name| *name = rename(name));
    piece
}

/// A claim as its party filed it, as the picture has it: with the ids of the picture, its party, and a name for people.
///
/// What it names without a party is a claim of its own party.
pub fn of_party(party: &str, claim: &Value) -> Option<(String, Value)> {
    let id = claim.get("id")?.as_str()?.to_owned();
    let mut piece = renamed("claims", claim, |name| if name.contains('/') { name.to_owned() } else { format!("{party}/{name}") });
    let fields = piece.as_object_mut()?;
    fields.insert("id".to_owned(), json!(format!("{party}/{id}")));
    fields.insert("party".to_owned(), json!(party));
    fields.entry("name").or_insert_with(|| json!(id));
    fields.entry("operation").or_insert_with(|| json!(id));
    Some((id, piece))
}

/// Which claims have to be there to read a claim: the movement that its outline is a stretch of, and those whose arrival bounds its window.
pub fn needs(frame: &Value, piece: &Value) -> BTreeSet<String> {
    let mut stretch = piece.clone();
    stretch.as_object_mut().map(|fields| fields.remove("supports"));
    let mut needed = names("claims", &stretch);
    let event = |field: &str| piece.get("when").and_then(|when| when.get(field)).and_then(Value::as_str);
    for event in [event("from"), event("until")].into_iter().flatten() {
        let events = frame.get("events").and_then(Value::as_array).into_iter().flatten();
        let bounding = events.filter(|entry| entry.get("id").and_then(Value::as_str) == Some(event));
        needed.extend(bounding.filter_map(|entry| entry.get("movement")?.as_str()).map(str::to_owned));
    }
    needed
}

/// Which claims make a claim another one when they change: those that it needs, and those along which areas lie that its outline names.
pub fn leans(frame: &Value, piece: &Value) -> BTreeSet<String> {
    let mut found = needs(frame, piece);
    let areas: Vec<&Value> = frame.get("areas").and_then(Value::as_array).into_iter().flatten().collect();
    let mut waiting = Vec::new();
    areas_named(piece, &mut waiting);
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let is_called =
            |area: &&&Value| ["id", "name"].iter().any(|field| area.get(*field).and_then(Value::as_str) == Some(&name));
        if let Some(area) = areas.iter().find(is_called).filter(|_| seen.insert(name.clone())) {
            found.extend(names("areas", area));
            areas_named(area, &mut waiting);
        }
    }
    found
}

/// The claims along which areas of a frame lie.
pub fn along_areas(frame: &Value) -> BTreeSet<String> {
    frame.get("areas").map(|areas| names("areas", areas)).unwrap_or_default()
}

fn areas_named(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(field, value)| match value {
            Value::Array(list) if field == "areas" => found.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
            other => areas_named(other, found),
        }),
        Value::Array(list) => list.iter().for_each(|value| areas_named(value, found)),
        _ => {}
    }
}

/// The frame without what names claims that nobody has filed.
fn known_only(frame: &Value, is_known: &dyn Fn(&str) -> bool) -> Map<String, Value> {
    let mut known = frame.as_object().cloned().unwrap_or_default();
    let unknown = |section: &str, entry: &Value| names(section, entry).iter().any(|name| !is_known(name));
    for (section, entries) in &mut known {
        let Value::Array(entries) = entries else { continue };
        for entry in entries.iter_mut() {
            let Some(fields) = entry.as_object_mut() else { continue };
            match section.as_str() {
                "sides" => only_known(fields, &["claims"], is_known),
                "matters" => only_known(fields, &["claims", "escalates_with"], is_known),
                "rules" if !matches!(fields.get("check").and_then(Value::as_str), Some("separate" | "meeting-line")) => {
                    let named = fields.get("claims").and_then(Value::as_array).is_some_and(|claims| !claims.is_empty());
                    only_known(fields, &["claims"], is_known);
                    // No claims means all claims: of a rule about some that are not there, nothing is left.
                    if named && fields.get("claims").and_then(Value::as_array).is_none_or(Vec::is_empty) {
                        fields.insert("claims".to_owned(), json!([""]));
                    }
                }
                "agreements" => {
                    for list in ["changes", "meeting_lines"] {
                        if let Some(Value::Array(list)) = fields.get_mut(list) {
                            list.retain(|change| names("agreements", change).iter().all(|name| is_known(name)));
                        }
                    }
                    only_known(fields, &["crossings"], is_known);
                }
                "events" if fields.get("movement").and_then(Value::as_str).is_some_and(|id| !is_known(id)) => {
                    fields.remove("movement");
                    fields.remove("place");
                }
                "statements" => {
                    if let Some(Value::Array(about)) = fields.get_mut("about") {
                        about.retain(|name| name.as_str().is_none_or(|name| !name.contains('/') || is_known(name)));
                    }
                    let distance = fields.get_mut("distance").and_then(Value::as_object_mut);
                    let unknown = |along: &Value| along.as_str().is_some_and(|id| !is_known(id));
                    if let Some(distance) = distance.filter(|distance| distance.get("along").is_some_and(unknown)) {
                        distance.remove("along");
                    }
                }
                _ => {}
            }
        }
        let section = section.clone();
        if matches!(section.as_str(), "rules" | "approach" | "expect_clear" | "areas") {
            entries.retain(|entry| !unknown(&section, entry));
        }
    }
    known
}

fn only_known(fields: &mut Map<String, Value>, lists: &[&str], is_known: &dyn Fn(&str) -> bool) {
    for list in lists {
        if let Some(Value::Array(names)) = fields.get_mut(*list) {
            names.retain(|name| name.as_str().is_some_and(is_known));
        }
    }
}

/// The claims that a frame names.
pub fn named_by_frame(frame: &Value) -> BTreeSet<String> {
    let sections = frame.as_object().into_iter().flatten();
    sections.flat_map(|(section, entries)| names(section, entries)).filter(|name| !name.is_empty()).collect()
}

/// Rows by id, and what a command is about to put there.
pub struct Filed<'a> {
    /// What is filed.
    pub rows: &'a BTreeMap<String, std::sync::Arc<ClaimRow>>,
    /// What is about to be.
    pub new: BTreeMap<String, Value>,
    /// What is about to go.
    pub gone: BTreeSet<String>,
}

impl Filed<'_> {
    /// The piece of a claim.
    pub fn piece(&self, id: &str) -> Option<&Value> {
        if self.gone.contains(id) {
            return None;
        }
        self.new.get(id).or_else(|| self.rows.get(id).map(|row| &row.piece))
    }

    fn has(&self, id: &str) -> bool {
        self.piece(id).is_some()
    }
}

/// Reads the frame with the claims that it names: everything of a picture but claims.
pub fn read_frame(frame: &Value, filed: &Filed<'_>) -> Result<Picture, Vec<Problem>> {
    let mut known = known_only(frame, &|id| filed.has(id));
    let named: BTreeSet<String> = named_by_frame(&Value::Object(known.clone()));
    let claims = with_needs(frame, filed, named);
    known.insert("claims".to_owned(), Value::Array(claims));
    read(&Value::Object(known))
}

/// Reads claims of the picture: those with these ids.
pub fn read_claims(frame: &Value, filed: &Filed<'_>, ids: &BTreeSet<String>) -> Result<Vec<Claim>, Vec<Problem>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let known = known_only(frame, &|id| filed.has(id));
    let mut plan: Map<String, Value> = known
        .iter()
        .filter(|(section, _)| CONTEXT.contains(&section.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for section in ["areas", "events"] {
        if let Some(entries) = known.get(section) {
            plan.insert(section.to_owned(), entries.clone());
        }
    }
    let mut wanted = ids.clone();
    wanted.extend(named_by_frame(&Value::Object(plan.clone())));
    plan.insert("claims".to_owned(), Value::Array(with_needs(frame, filed, wanted)));
    let picture = read(&Value::Object(plan))?;
    Ok(picture.claims.into_iter().filter(|claim| ids.contains(&claim.id)).collect())
}

/// The pieces of these claims and of those that they need, each without what it names and nobody has filed.
fn with_needs(frame: &Value, filed: &Filed<'_>, ids: BTreeSet<String>) -> Vec<Value> {
    let (mut waiting, mut seen, mut pieces) = (Vec::from_iter(ids), BTreeSet::new(), Vec::new());
    while let Some(id) = waiting.pop() {
        let Some(piece) = filed.piece(&id).filter(|_| seen.insert(id)) else { continue };
        let mut piece = piece.clone();
        if let Some(fields) = piece.as_object_mut() {
            only_known(fields, &["supports"], &|id| filed.has(id));
            let supports = fields.get("supports").and_then(Value::as_array).into_iter().flatten();
            waiting.extend(supports.filter_map(Value::as_str).map(str::to_owned));
        }
        waiting.extend(needs(frame, &piece));
        pieces.push(piece);
    }
    pieces.sort_by(|one, other| one["id"].as_str().cmp(&other["id"].as_str()));
    pieces
}

fn read(plan: &Value) -> Result<Picture, Vec<Problem>> {
    let bytes = serde_json::to_vec(plan).expect("texts for keys");
    deconflict_plan::read(&[SourceText { name: "picture".to_owned(), bytes }], None)
}

/// An instant as bodies have it.
pub fn text(ns: i64) -> String {
    deconflict_plan::words::rfc3339(Time::from_ns(ns))
}

/// Nanoseconds since 1970 as whole milliseconds.
pub fn of_ms(ns: i64) -> i64 {
    ns.div_euclid(1_000_000)
}

/// An instant in a body, nanoseconds since 1970.
///
/// # Errors
/// What was expected, in words.
pub fn time_of(text: &str) -> Result<i64, String> {
    deconflict_plan::parse_time(text).map(Time::ns)
}
