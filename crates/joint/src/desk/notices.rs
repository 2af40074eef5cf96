//! The ladder of a notice: sent, logged, delivered, displayed, read back, accepted or unable.
//!
//! Sent and logged are one: the notice stands in the command that caused it. Delivered is what a party says it has seen; displayed comes only
//! from a page that rendered this very event; a read-back is compared by the machine. A step is never taken back, and none is taken for granted.

use deconflict_spacetime::NS_PER_S;
use serde_json::{Value, json};

use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::pieces::text;
use crate::request::Step;
use crate::rows::{Contact, Notice};
use crate::state::OPERATOR;

impl Desk {
    pub(super) fn answer_notice(&mut self, party: &str, event: u64, step: &Step) -> Result<Answer, Refusal> {
        let notice = self.state.notices.get(party).and_then(|notices| notices.get(&event));
        let mut notice: Notice =
            notice.map(|notice| (**notice).clone()).ok_or_else(|| Refusal::NotFound(format!("you have no notice {event}")))?;
        if !matches!(step.step.as_str(), "displayed" | "read-back" | "accepted" | "unable") {
            let expected = "\"displayed\", \"read-back\", \"accepted\" or \"unable\"";
            return Err(Refusal::bad("step", format!("{:?}", step.step), expected));
        }
        if notice.void {
            return Err(Refusal::Conflict(format!(
                "notice {event} no longer holds: what it is about has changed; a newer event says how"
            )));
        }
        let (_, versions) = self.serials_and_versions(&notice.finding);
        if matches!(step.step.as_str(), "accepted" | "unable") && versions != self.told_versions(party, &notice.finding) {
            return Err(Refusal::Conflict("a claim that it rests on has changed".to_owned()));
        }
        if step.step == "read-back" {
            let wrong = differing(&notice, step);
            if !wrong.is_empty() {
                return Err(Refusal::Bad(wrong));
            }
        }
        if step.step == "accepted" && step.role.as_deref().unwrap_or_default().is_empty() && !step.machine {
            return Err(Refusal::bad("role", "nothing", "the role in which it is accepted, such as \"duty officer\""));
        }
        notice.ladder.push(json!({
            "step": step.step,
            "at": text(self.state.now_ns),
            "role": step.role,
            "machine": step.machine,
            "fields": step.fields,
            "signed": step.signed,
        }));
        let answer = json!({ "notice": event, "ladder": notice.ladder });
        self.put(Effect::Notice(party.to_owned(), event, Some(Box::new(notice))));
        Ok(answer)
    }

    fn told_versions(&self, party: &str, finding: &str) -> Vec<u64> {
        let told = self.state.told.get(party).and_then(|rows| rows.get(finding));
        told.map(|told| told.versions.clone()).unwrap_or_default()
    }

    /// A party is there and has seen its events so far: what it has seen is delivered.
    pub(super) fn heartbeat(&mut self, party: &str, seen: u64, signed: Option<&Value>) -> Result<Answer, Refusal> {
        let latest = self.state.latest(party);
        if seen > latest {
            return Err(Refusal::bad("seen", seen.to_string(), format!("at most {latest}, your latest event")));
        }
        let delivered: Vec<(u64, Notice)> = self
            .state
            .notices
            .get(party)
            .into_iter()
            .flatten()
            .filter(|(event, notice)| **event <= seen && !notice.ladder.iter().any(|step| step["step"] == "delivered"))
            .map(|(event, notice)| (*event, (**notice).clone()))
            .collect();
        for (event, mut notice) in delivered {
            let at = text(self.state.now_ns);
            notice.ladder.push(json!({ "step": "delivered", "at": at, "machine": true, "signed": signed }));
            self.put(Effect::Notice(party.to_owned(), event, Some(Box::new(notice))));
        }
        let contact = self.state.contacts.get(party).cloned().unwrap_or_default();
        let contact = Contact { seen: contact.seen.max(seen), heard_ns: self.state.now_ns, ..contact };
        self.put(Effect::Contact(party.to_owned(), Some(contact)));
        if let Some(signed) = signed {
            self.put(Effect::Paper("heads".to_owned(), party.to_owned(), Some(signed.clone())));
        }
        Ok(json!({ "latest": latest }))
    }

    /// Whoever asks for anything is there.
    pub(super) fn heard_of(&mut self, party: &str) {
        let Some(contact) = self.state.contacts.get(party).cloned() else {
            let contact = Contact { heard_ns: self.state.now_ns, ..Contact::default() };
            self.put(Effect::Contact(party.to_owned(), Some(contact)));
            return;
        };
        // Not with every request: what matters is that it is well within the time after which a party counts as silent.
        let limit_ns = self.settings().silent_after_s.saturating_mul(NS_PER_S);
        if !contact.silent && self.state.now_ns - contact.heard_ns > limit_ns / 4 {
            self.put(Effect::Contact(party.to_owned(), Some(Contact { heard_ns: self.state.now_ns, ..contact.clone() })));
        }
        if contact.silent {
            self.put(Effect::Contact(party.to_owned(), Some(Contact { silent: false, heard_ns: self.state.now_ns, ..contact })));
            let again = json!({ "event": "contact", "party": party, "state": "heard again" });
            self.event(OPERATOR, &again);
            self.tell_neighbours(party, &again);
            self.rethink_claims_of(party);
        }
    }
}

/// The key fields that were typed wrong or not at all.
fn differing(notice: &Notice, step: &Step) -> Vec<(String, String, String)> {
    let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
    let wrong = notice.key_fields.iter().filter_map(|(field, value)| match step.fields.get(field) {
        Some(typed) if same(typed, value) => None,
        // What is right is not said: it is to be read from the notice.
        Some(typed) => Some((format!("fields.{field}"), format!("{typed:?}"), "what the notice says".to_owned())),
        None => Some((format!("fields.{field}"), "nothing".to_owned(), "what the notice says".to_owned())),
    });
    wrong.collect()
}
