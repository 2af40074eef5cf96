//! Messages between parties, and intermediaries: nobody hears of somebody without a channel, and what goes through others waits for them.

use std::collections::BTreeMap;

use deconflict_plan::model::{Picture, RuleCheck};
use deconflict_plan::{intermediaries, may_be_told};
use deconflict_spacetime::NS_PER_S;
use serde_json::{Value, json};

use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::rows::{Message, Relay};

/// What a message can be. Those of the second list are about safety: they pass even where a channel is suspended.
const TEMPLATES: [&str; 8] = ["notify", "request", "propose", "counter", "accept", "unable", "correct", "suspend"];
const SAFETY: [&str; 4] = ["stop", "resume", "standby", "line test"];
/// A message has at most so many facts.
const FACTS_MOST: usize = 3;
/// And none of them, nor its text, is longer than this, characters.
const FACT_CHARS: usize = 500;

impl Desk {
    /// Gives a notice to the first of the intermediaries that are to pass it on.
    pub(super) fn begin_relay(&mut self, to: &str, finding: &str, via: &[String], body: &Value, asks: bool) {
        let number = self.next_serial();
        let mut relay = Relay {
            to: to.to_owned(),
            finding: finding.to_owned(),
            via: via.to_vec(),
            at: 0,
            event: 0,
            body: body.to_string(),
            asks,
            due_ns: self.relay_due_ns(),
            escalated: false,
        };
        relay.event = self.hand_over(&relay);
        self.put(Effect::Relay(number, Some(Box::new(relay))));
    }

    /// Tells whoever has a relay that it is there; the number of the event.
    fn hand_over(&mut self, relay: &Relay) -> u64 {
        let holder = relay.via[relay.at].clone();
        let message: Value = serde_json::from_str(&relay.body).unwrap_or(Value::Null);
        // The event is named by its own number, which is the next one.
        let number = self.state.latest(&holder) + 1;
        self.event(&holder, &json!({ "event": "relay", "relay": number, "change": "new", "to": relay.to, "message": message }))
    }

    fn relay_due_ns(&self) -> i64 {
        // As for an urgent notice: whoever is in between must not use up the time of whom it is for.
        let within_s = self.settings().acknowledge_s[3];
        if within_s > 0 { self.state.now_ns.saturating_add(within_s.saturating_mul(NS_PER_S)) } else { 0 }
    }

    /// An intermediary passes on what it holds.
    pub(super) fn pass(&mut self, party: &str, number: u64) -> Result<Answer, Refusal> {
        let holds = |relay: &Relay| relay.event == number && relay.via.get(relay.at).is_some_and(|holder| holder == party);
        let held = self.state.relays.iter().find(|(_, relay)| holds(relay)).map(|(serial, relay)| (*serial, (**relay).clone()));
        let (serial, relay) = held.ok_or_else(|| Refusal::NotFound(format!("you hold no relay {number}")))?;
        let mut body: Value = serde_json::from_str(&relay.body).unwrap_or(Value::Null);
        if let Some(next) = relay.via.get(relay.at + 1).cloned() {
            let mut passed = Relay { at: relay.at + 1, due_ns: self.relay_due_ns(), escalated: false, ..relay };
            passed.event = self.hand_over(&passed);
            self.put(Effect::Relay(serial, Some(Box::new(passed))));
            return Ok(json!({ "passed_to": next }));
        }
        self.put(Effect::Relay(serial, None));
        body["via"] = json!(relay.via);
        if let Some(fields) = body.as_object_mut() {
            fields.remove("key_fields");
        }
        if relay.asks && !relay.finding.is_empty() {
            let key_fields = self.key_fields(&body);
            self.notify(&relay.to, &relay.finding, &mut body, key_fields);
        } else {
            self.event(&relay.to, &body);
        }
        Ok(json!({ "passed_to": relay.to }))
    }

    /// What has to be read back of a body that came through others.
    fn key_fields(&self, body: &Value) -> BTreeMap<String, String> {
        let what = &body["what"];
        let mut fields = BTreeMap::new();
        let own = what["own"][0].as_str();
        if let Some(own) = own {
            fields.insert("claim".to_owned(), own.to_owned());
        }
        if let [Value::String(start), Value::String(end)] = what["window"].as_array().map_or(&[][..], Vec::as_slice) {
            fields.insert("from".to_owned(), start.clone());
            fields.insert("until".to_owned(), end.clone());
        }
        fields
    }

    /// A message to a party, or without an addressee to all that can be reached.
    pub(super) fn send(&mut self, party: &str, message: &Message) -> Result<Answer, Refusal> {
        let template = message.template.as_str();
        let is_safety = SAFETY.contains(&template);
        if !is_safety && !TEMPLATES.contains(&template) {
            let expected = TEMPLATES.iter().chain(&SAFETY).copied().collect::<Vec<_>>().join(", ");
            return Err(Refusal::bad("template", format!("{template:?}"), format!("one of: {expected}")));
        }
        if message.facts.len() > FACTS_MOST {
            return Err(Refusal::bad("facts", message.facts.len().to_string(), format!("at most {FACTS_MOST}")));
        }
        let long = |text: &&String| text.chars().count() > FACT_CHARS;
        if message.facts.iter().chain(&message.text).any(|text| long(&text)) {
            return Err(Refusal::bad("facts", "a longer text", format!("at most {FACT_CHARS} characters in each")));
        }
        let picture = self.picture()?;
        let recipients: Vec<String> = match &message.to {
            Some(to) => match picture.party(to).filter(|to| may_be_told(to) && to.id != party) {
                Some(to) => vec![to.id.clone()],
                None => return Err(Refusal::bad("to", format!("{to:?}"), "another party of the picture that may be told")),
            },
            None if matches!(template, "stop" | "resume") => {
                let others = picture.parties.iter().filter(|other| may_be_told(other) && other.id != party);
                others.map(|other| other.id.clone()).collect()
            }
            None => return Err(Refusal::bad("to", "nothing", "a party: only \"stop\" and \"resume\" need no addressee")),
        };
        let ways: Vec<(String, Option<Vec<String>>)> =
            recipients.into_iter().map(|to| (to.clone(), intermediaries(picture, party, &to))).collect();
        if message.to.is_some() && ways.iter().all(|(_, way)| way.is_none()) {
            return Err(Refusal::Conflict("there is no channel to it".to_owned()));
        }
        let (mut told, mut relayed, mut unreached) = (Vec::new(), Vec::new(), Vec::new());
        for (to, way) in ways {
            let Some(via) = way else {
                unreached.push(to);
                continue;
            };
            if !is_safety && self.is_suspended(party, &to) {
                return Err(Refusal::Conflict(format!("the channel to {to} is suspended: only messages about safety pass")));
            }
            let finding = message.finding.as_ref().and_then(|finding| self.as_known_to(party, finding, &to));
            let mut body = json!({
                "event": "message",
                "from": party,
                "template": template,
                "finding": finding,
                "facts": message.facts,
                "text": message.text,
                "role": message.role,
            });
            if message.text.is_some() {
                body["text_is"] = json!("not machine-checked");
            }
            if via.is_empty() {
                self.event(&to, &body);
                told.push(to);
            } else {
                self.begin_relay(&to, "", &via, &body, false);
                relayed.push(json!({ "to": to, "through": via[0] }));
            }
        }
        if let (Some(to), "suspend" | "resume") = (&message.to, template) {
            self.suspend(party, to, template == "suspend");
        }
        Ok(json!({ "told": told, "relayed": relayed, "unreached": unreached }))
    }

    fn suspend(&mut self, one: &str, other: &str, suspended: bool) {
        let pair = if one < other { format!("{one}|{other}") } else { format!("{other}|{one}") };
        self.put(Effect::Paper("suspended".to_owned(), pair, suspended.then(|| json!(one))));
    }

    fn is_suspended(&self, one: &str, other: &str) -> bool {
        let pair = if one < other { format!("{one}|{other}") } else { format!("{other}|{one}") };
        self.state.papers.get("suspended").is_some_and(|pairs| pairs.contains_key(&pair))
    }

    /// A finding by the number that another party knows it by, if it knows of it.
    fn as_known_to(&self, party: &str, finding: &str, other: &str) -> Option<String> {
        let number = finding.strip_prefix("F-")?.parse().ok()?;
        let (id, _) = self.state.finding_numbered(party, number)?;
        let told = self.state.told.get(other)?.get(id)?;
        Some(format!("F-{}", told.number))
    }

    /// Whether the plan wants every message between two of these parties to go through others, so that not even an anonymous word may pass.
    pub(super) fn forbids_anonymous(picture: &Picture, parties: &[String]) -> bool {
        picture.rules.iter().any(|rule| {
            rule.check == RuleCheck::RelayOnly && rule.parties.iter().filter(|party| parties.contains(party)).count() >= 2
        })
    }
}
