//! Everything that the service says, held against the models.

use crate::model::{Intent, Subscription};
use crate::place::Place;
use crate::request::{NO_SUBSCRIPTION, availability_path, constraint_path, intent_path, subscription_path};
use crate::uss::{Shared, Uss};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Asks for everything, and expects what the models say.
pub fn everything(usss: &mut [Uss], shared: &mut Shared) {
    let shared_writes: u64 = usss.iter().map(|uss| uss.model.shared_writes).sum();
    let shared_writes = i64::try_from(shared_writes).expect("few");
    for uss in &mut *usss {
        intents(uss);
        subscriptions(uss, shared_writes);
        constraints(uss);
        availability(uss);
        for path in std::mem::take(&mut uss.gone) {
            assert_eq!(uss.send("GET", &path, "").expect("an answer").0, 404, "{path} is gone");
        }
    }
    shared_place(usss);
    for (id, indices) in shared.indices.get_mut().expect("nobody panicked") {
        let last = indices.last().copied().unwrap_or_default();
        assert!(last <= shared_writes, "subscription {id} was told of {last} writes, there were {shared_writes}");
    }
}

fn get(uss: &mut Uss, path: &str) -> Value {
    let (status, body) = uss.send("GET", path, "").expect("an answer");
    assert_eq!(status, 200, "GET {path}: {body}");
    body
}

/// The ids that a search finds.
fn found(uss: &mut Uss, path: &str, place: Place, list: &str) -> BTreeSet<String> {
    let area = uss.writer.area(place);
    let (status, body) = uss.send("POST", path, &area).expect("an answer");
    assert_eq!(status, 200, "{path}: {body}");
    let all = body[list].as_array().expect("a list");
    all.iter().map(|object| object["id"].as_str().expect("an id").to_owned()).collect()
}

fn expect(path: &str, object: &Value, expected: &Value) {
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&object[name], value, "{name} of {path}: {object}");
    }
}

fn intents(uss: &mut Uss) {
    let (manager, url) = (uss.writer.name(), uss.writer.base_url());
    let availability = uss.model.availability.as_ref().map_or("Unknown", |(state, _)| state);
    for (id, intent) in uss.model.intents.clone() {
        let Intent { version, state, ovn, subscription, .. } = &intent;
        let path = intent_path(&id);
        let body = get(uss, &path);
        expect(
            &path,
            &body["operational_intent_reference"],
            &json!({
                "id": id, "manager": manager, "uss_availability": availability, "version": version, "state": state, "ovn": ovn,
                "uss_base_url": url, "subscription_id": subscription.as_deref().unwrap_or(NO_SUBSCRIPTION),
                "time_start": { "value": uss.writer.start.to_string(), "format": "RFC3339" },
                "time_end": { "value": uss.writer.start.plus_s(3_600).to_string(), "format": "RFC3339" },
            }),
        );
    }
    let own = uss.model.intents.iter().filter(|(_, intent)| intent.place == Place::Own).map(|(id, _)| id.clone());
    let own: BTreeSet<String> = own.collect();
    let path = "/dss/v1/operational_intent_references/query";
    assert_eq!(found(uss, path, Place::Own, "operational_intent_references"), own);
}

fn subscriptions(uss: &mut Uss, shared_writes: i64) {
    for (id, subscription) in uss.model.subscriptions.clone() {
        let Subscription { version, is_implicit, for_constraints, index } = subscription;
        let path = subscription_path(&id);
        let body = get(uss, &path);
        let object = &body["subscription"];
        let dependents = uss.model.dependents(&id);
        expect_subscription(&path, object, &dependents, index);
        expect(&path, object, &json!({ "implicit_subscription": is_implicit, "notify_for_constraints": for_constraints }));
        // The version of an implicit subscription is first told here; from then on it stays.
        if !version.is_empty() {
            assert_eq!(object["version"], version, "version of {path}");
        }
        let version = object["version"].as_str().expect("a version").to_owned();
        uss.model.subscriptions.get_mut(&id).expect("it is there").version = version;
    }
    let path = subscription_path(&uss.shared_subscription);
    let body = get(uss, &path);
    expect_subscription(&path, &body["subscription"], &uss.model.dependents(&uss.shared_subscription), shared_writes);
    let own: BTreeSet<String> = uss.model.subscriptions.keys().cloned().collect();
    assert_eq!(found(uss, "/dss/v1/subscriptions/query", Place::Own, "subscriptions"), own);
}

fn expect_subscription(path: &str, object: &Value, dependents: &BTreeSet<&str>, index: i64) {
    expect(path, object, &json!({ "notification_index": index, "notify_for_operational_intents": true }));
    let listed = object["dependent_operational_intents"].as_array().expect("a list");
    let ids: BTreeSet<&str> = listed.iter().map(|id| id.as_str().expect("an id")).collect();
    assert_eq!((&ids, listed.len()), (dependents, dependents.len()), "dependents of {path}");
}

fn constraints(uss: &mut Uss) {
    for (id, constraint) in uss.model.constraints.clone() {
        let path = constraint_path(&id);
        let body = get(uss, &path);
        let expected = json!({ "id": id, "version": constraint.version, "ovn": constraint.ovn });
        expect(&path, &body["constraint_reference"], &expected);
    }
    let own: BTreeSet<String> = uss.model.constraints.keys().cloned().collect();
    assert_eq!(found(uss, "/dss/v1/constraint_references/query", Place::Own, "constraint_references"), own);
}

fn availability(uss: &mut Uss) {
    let path = availability_path(&uss.writer);
    let body = get(uss, &path);
    let (state, version) = uss.model.availability.clone().unwrap_or(("Unknown", String::new()));
    expect(&path, &body, &json!({ "version": version, "status": { "uss": uss.writer.name(), "availability": state } }));
}

/// Every USS finds the intents of all.
fn shared_place(usss: &mut [Uss]) {
    let of = |uss: &Uss| {
        let shared = uss.model.intents.iter().filter(|(_, intent)| intent.place == Place::Shared);
        shared.map(|(id, _)| id.clone()).collect::<Vec<_>>()
    };
    let all: BTreeSet<String> = usss.iter().flat_map(of).collect();
    for uss in usss {
        let path = "/dss/v1/operational_intent_references/query";
        assert_eq!(found(uss, path, Place::Shared, "operational_intent_references"), all);
    }
}
