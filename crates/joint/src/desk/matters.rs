//! Matters: questions that a party raises. They close by the word of all of their parties, and by nothing else.

use std::collections::BTreeSet;

use deconflict_plan::{Edit, Options, SourceText, check};
use serde_json::{Value, json};

use super::claims::ids_of;
use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::pieces;
use crate::rows::Disclosed;
use crate::state::OPERATOR;
use crate::view::local;

impl Desk {
    /// A party raises a matter, as an entry of a plan file; it is one of its parties.
    pub(super) fn raise(&mut self, party: &str, matter: &Value) -> Result<Answer, Refusal> {
        let id = matter.get("id").and_then(Value::as_str).unwrap_or_default();
        if id.is_empty() || id.contains('/') {
            return Err(Refusal::bad("id", format!("{id:?}"), "a short name without \"/\""));
        }
        let key = format!("{party}/{id}");
        let mut piece =
            pieces::renamed(
                "matters",
                matter,
                |name| {
                    if name.contains('/') { name.to_owned() } else { format!("{party}/{name}") }
                },
            );
        let Some(fields) = piece.as_object_mut() else {
            return Err(Refusal::bad("", "no object", "a matter as a plan file has it"));
        };
        fields.insert("id".to_owned(), json!(key));
        fields.remove("state");
        let parties = fields.entry("parties").or_insert_with(|| json!([]));
        match parties.as_array_mut() {
            Some(parties) if parties.iter().all(|other| other != party) => parties.push(json!(party)),
            Some(_) => {}
            None => return Err(Refusal::bad("parties", "no list", "the parties that the matter is between")),
        }
        let named = pieces::names("matters", &piece);
        let own = format!("{party}/");
        let hidden = |name: &&String| !name.starts_with(&own) && self.state.disclosed(name, party) != Disclosed::Full;
        if let Some(hidden) = named.iter().find(hidden) {
            return Err(Refusal::bad("claims", format!("{hidden:?}"), "claims that you may see whole"));
        }
        self.put(Effect::Paper("matters".to_owned(), key.clone(), Some(piece)));
        self.read_frame_again()?;
        Ok(json!({ "matter": key }))
    }

    /// A party says that a matter is closed.
    pub(super) fn close(&mut self, party: &str, id: &str) -> Result<Answer, Refusal> {
        let picture = self.picture()?;
        let matter = picture.matters.iter().find(|matter| matter.id == id);
        let owners = matter.map(|matter| -> BTreeSet<String> {
            let of_claims = matter.claims.iter().filter_map(|claim| picture.claim(claim)?.party.clone());
            matter.parties.iter().cloned().chain(of_claims).collect()
        });
        let owners = owners
            .filter(|owners| owners.contains(party))
            .ok_or_else(|| Refusal::NotFound(format!("you have no matter {id:?}")))?;
        let said = self.state.papers.get("closings").and_then(|closings| closings.get(id)).cloned().unwrap_or_else(|| json!([]));
        let mut said: BTreeSet<String> = serde_json::from_value(said).unwrap_or_default();
        said.insert(party.to_owned());
        let open: Vec<&String> = owners.difference(&said).collect();
        let answer = json!({ "matter": id, "closed": open.is_empty(), "waits_for": open });
        let closed = open.is_empty();
        self.put(Effect::Paper("closings".to_owned(), id.to_owned(), Some(json!(said))));
        if closed {
            let plan = self.plan();
            let entries = plan.get("matters").and_then(Value::as_array).into_iter().flatten();
            let piece = entries.into_iter().find(|entry| entry.get("id").and_then(Value::as_str) == Some(id)).cloned();
            if let Some(mut piece) = piece {
                piece["state"] = json!("closed");
                self.put(Effect::Paper("matters".to_owned(), id.to_owned(), Some(piece)));
                self.read_frame_again()?;
                self.event(OPERATOR, &json!({ "event": "matter", "matter": id, "state": "closed" }));
            }
        }
        Ok(answer)
    }

    /// A party says what it knows, as a statement of a plan: it is checked against places and claims that it may see, and the answer says what
    /// came of it. It counts only when it is sent again, confirmed.
    pub(super) fn hear_statement(&mut self, party: &str, statement: &Value, confirmed: bool) -> Result<Answer, Refusal> {
        let id = statement.get("id").and_then(Value::as_str).unwrap_or_default();
        if id.is_empty() || id.contains('/') {
            return Err(Refusal::bad("statement.id", format!("{id:?}"), "a short name without \"/\""));
        }
        let key = format!("{party}/{id}");
        let mut piece = statement.clone();
        let Some(fields) = piece.as_object_mut() else {
            return Err(Refusal::bad("statement", "no object", "a statement as a plan file has it"));
        };
        fields.insert("id".to_owned(), json!(key));
        let held = self.state.papers.get("statements").into_iter().flatten();
        let same = |other: &Value| {
            let without_id = |value: &Value| {
                let mut fields = value.as_object().cloned().unwrap_or_default();
                fields.remove("id");
                fields
            };
            without_id(other) == without_id(&piece)
        };
        if let Some((other, _)) =
            held.into_iter().find(|(other, piece)| **other != key && other.starts_with(&format!("{party}/")) && same(piece))
        {
            return Err(Refusal::Conflict(format!(
                "the same statement is there already, as {:?}: it would count twice",
                local(other)
            )));
        }
        // Read and checked with what this party may read, so that the answer says nothing of what it may not.
        let mut plan = self.state.plan_of(party, |_| true);
        let statements = plan.as_object_mut().map(|fields| fields.entry("statements").or_insert_with(|| json!([])));
        if let Some(Value::Array(statements)) = statements {
            statements.push(piece.clone());
        }
        for section in ["agreements", "matters"] {
            plan.as_object_mut().map(|fields| fields.remove(section));
        }
        let bytes = plan.to_string().into_bytes();
        let picture = deconflict_plan::read(&[SourceText { name: "picture".to_owned(), bytes }], None)?;
        let report = check(&picture, Options { without_proposals: true, ..Options::default() });
        let said = report.statements.iter().find(|said| said.id == key);
        let echo = json!({
            "statement": id,
            "counts": confirmed,
            "verdict": said.map(|said| said.verdict),
            "text": said.map(|said| &said.text),
            "computed": said.and_then(|said| said.computed.as_ref()),
            "remarks": said.map(|said| &said.remarks),
        });
        if confirmed {
            self.put(Effect::Paper("statements".to_owned(), key, Some(piece)));
            self.read_frame_again()?;
        }
        Ok(echo)
    }

    /// Reads the frame again, and tells of what that changed.
    pub(super) fn read_frame_again(&mut self) -> Result<(), Refusal> {
        let frame = self.read_frame()?;
        let delta = self.edit(Edit { frame: Some(Box::new(frame)), ..Edit::default() });
        self.tell(&ids_of(&delta));
        Ok(())
    }
}
