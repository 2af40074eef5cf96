//! Writes as requests, and answers as what was learned from them.

use crate::model::{Asked, Learned, Model, Write};
use crate::place::{Place, extent};
use deconflict_testbed::{IntentBody, IntentSubscription, Millis};
use serde_json::Value;

/// What does not name a subscription (the servers in use say it so).
pub const NO_SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000000";

/// Whose requests these are.
#[derive(Clone, Debug)]
pub struct Writer {
    /// Its number.
    pub number: usize,
    /// When the hour of everything begins.
    pub start: Millis,
}

/// A request, and the status that it must be answered with.
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub body: String,
    pub status: u16,
}

/// The path of what a write is about, without the version.
pub fn path(write: &Write, writer: &Writer) -> String {
    match write {
        Write::CreateIntent { id, .. } | Write::UpdateIntent { id, .. } | Write::DeleteIntent { id } => intent_path(id),
        Write::PutSubscription { id, .. } | Write::DeleteSubscription { id } => subscription_path(id),
        Write::PutConstraint { id } | Write::DeleteConstraint { id } => constraint_path(id),
        Write::SetAvailability { .. } => availability_path(writer),
    }
}

pub fn intent_path(id: &str) -> String {
    format!("/dss/v1/operational_intent_references/{id}")
}

pub fn subscription_path(id: &str) -> String {
    format!("/dss/v1/subscriptions/{id}")
}

pub fn constraint_path(id: &str) -> String {
    format!("/dss/v1/constraint_references/{id}")
}

pub fn availability_path(writer: &Writer) -> String {
    format!("/dss/v1/uss_availability/{}", writer.name())
}

impl Writer {
    /// The name of the USS.
    pub fn name(&self) -> String {
        format!("uss{}", self.number)
    }

    /// Where it can be reached; nobody ever asks there.
    pub fn base_url(&self) -> String {
        format!("https://uss{}.example.com", self.number)
    }

    /// A write as a request, seen from before it.
    pub fn request(&self, write: &Write, model: &Model) -> Request {
        let path = path(write, self);
        let (method, version, body, status) = match write {
            Write::CreateIntent { place, subscription, ovn_suffix, .. } => {
                ("PUT", None, self.intent_body(model, *place, "Accepted", subscription, ovn_suffix), 201)
            }
            Write::UpdateIntent { id, state, subscription, ovn_suffix } => {
                let intent = &model.intents[id];
                ("PUT", Some(&intent.ovn), self.intent_body(model, intent.place, state, subscription, ovn_suffix), 200)
            }
            Write::DeleteIntent { id } => ("DELETE", Some(&model.intents[id].ovn), String::new(), 200),
            Write::PutSubscription { id, for_constraints } => {
                let version = model.subscriptions.get(id).map(|subscription| &subscription.version);
                ("PUT", version, self.subscription_body(Place::Own, *for_constraints), 200)
            }
            Write::DeleteSubscription { id } => ("DELETE", Some(&model.subscriptions[id].version), String::new(), 200),
            Write::PutConstraint { id } => {
                let before = model.constraints.get(id).map(|constraint| &constraint.ovn);
                ("PUT", before, self.constraint_body(), if before.is_some() { 200 } else { 201 })
            }
            Write::DeleteConstraint { id } => ("DELETE", Some(&model.constraints[id].ovn), String::new(), 200),
            Write::SetAvailability { state } => {
                let version = model.availability.as_ref().map_or("", |(_, version)| version);
                ("PUT", None, format!(r#"{{"old_version":"{version}","availability":"{state}"}}"#), 200)
            }
        };
        Request { method, path: version.map_or(path.clone(), |version| format!("{path}/{version}")), body, status }
    }

    fn intent_body(&self, model: &Model, place: Place, state: &str, asked: &Asked, ovn_suffix: &Option<String>) -> String {
        let subscription = match asked {
            Asked::None => IntentSubscription::None,
            Asked::Existing(id) => IntentSubscription::Existing(id),
            Asked::Implicit => IntentSubscription::Implicit,
        };
        let extents = extent(place, self.number, self.start).json();
        let (key, uss_base_url) = (model.key(place), self.base_url());
        let ovn_suffix = ovn_suffix.as_deref().unwrap_or_default();
        let mut body = String::new();
        IntentBody { extents: &extents, state, key: &key, uss_base_url: &uss_base_url, subscription, ovn_suffix }
            .write(&mut body);
        body
    }

    /// The body of a subscription at a place.
    pub fn subscription_body(&self, place: Place, for_constraints: bool) -> String {
        let (extents, uss_base_url) = (extent(place, self.number, self.start).json(), self.base_url());
        format!(
            r#"{{"extents":{extents},"uss_base_url":"{uss_base_url}","notify_for_operational_intents":true,"notify_for_constraints":{for_constraints}}}"#
        )
    }

    fn constraint_body(&self) -> String {
        let (extents, uss_base_url) = (extent(Place::Own, self.number, self.start).json(), self.base_url());
        format!(r#"{{"extents":[{extents}],"uss_base_url":"{uss_base_url}"}}"#)
    }

    /// The body of a search at a place, at all altitudes.
    pub fn area(&self, place: Place) -> String {
        let mut area = extent(place, self.number, self.start);
        (area.lower_m, area.upper_m) = (0.0, 10_000.0);
        format!(r#"{{"area_of_interest":{}}}"#, area.json())
    }
}

/// What an answer, or what is there, says of a write. Both have the same object inside.
pub fn learned(body: &Value) -> Learned {
    let object = ["operational_intent_reference", "constraint_reference", "subscription"].iter().find_map(|name| body.get(name));
    // An availability is not wrapped.
    let object = object.unwrap_or(body);
    let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    Learned {
        ovn: text("ovn").unwrap_or_default(),
        subscription: text("subscription_id").filter(|id| id != NO_SUBSCRIPTION),
        version: text("version").unwrap_or_default(),
    }
}
