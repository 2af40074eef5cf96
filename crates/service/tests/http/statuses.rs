//! Every status of every operation, by requests that earn it; `docs/statuses.md` is the table of what is covered here.

use crate::harness::*;
use crate::rid::{Rid, V1, V2};
use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use deconflict_service::http::{
    AVAILABILITY_ARBITRATION as AA, CONFORMANCE_MONITORING_SA as SA, CONSTRAINT_MANAGEMENT as CM, CONSTRAINT_PROCESSING as CP,
    Operation, Operation::*, STRATEGIC_COORDINATION as SC, Settings,
};
use deconflict_service::limits::Rate;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Changes of a body, the status that they lead to, and what its message says.
type Case<'a> = (&'a [(&'a str, Value)], u16, &'a str);

const ALICE: Uss = Uss { name: "alice", scopes: &[SC, SA, CM, CP] };
const BOB: Uss = Uss { name: "bob", scopes: &[SC, SA, CM, CP] };
/// May plan, and may not declare that a flight does not conform.
const PLANNER: Uss = Uss { name: "alice", scopes: &[SC] };
const ARBITER: Uss = Uss { name: "arbiter", scopes: &[AA] };
const NOBODY: Uss = Uss { name: "nobody", scopes: &["utm.something_else"] };

/// What was answered to which operation.
#[derive(Default)]
struct Covered(BTreeMap<&'static str, BTreeSet<u16>>);

/// A service, and what it was seen to answer.
struct Trial<'a> {
    world: World,
    covered: &'a mut Covered,
}

impl Trial<'_> {
    async fn expect(&mut self, who: Uss<'_>, operation: Operation, parameters: &[&str], body: &Value, status: u16) -> Reply {
        let reply = self.world.call(&who, operation, parameters, body).await;
        self.seen(operation, &reply, status);
        reply
    }

    /// Expects a refusal whose message has these words.
    async fn refuse(&mut self, who: Uss<'_>, operation: Operation, parameters: &[&str], body: &Value, status: u16, words: &str) {
        let reply = self.expect(who, operation, parameters, body, status).await;
        assert!(reply.message().contains(words), "{operation:?}: {words}: {}", reply.message());
    }

    fn seen(&mut self, operation: Operation, reply: &Reply, status: u16) {
        assert_eq!(reply.status, status, "{operation:?}: {}", reply.text);
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(reply.headers["x-request-id"].len(), 16);
        assert!(reply.body.is_object(), "{operation:?}: {}", reply.text);
        if status >= 400 {
            assert!(!reply.message().is_empty());
        }
        assert_eq!(reply.headers.contains_key(header::RETRY_AFTER), matches!(status, 429 | 503), "{operation:?}");
        self.covered.0.entry(operation.name()).or_default().insert(status);
    }
}

#[tokio::test]
async fn every_status_of_every_operation_is_earned_and_listed() {
    let covered = &mut Covered::default();
    intents(covered).await;
    intent_rules(covered).await;
    availability(covered).await;
    constraints(covered).await;
    subscriptions(covered).await;
    reports(covered).await;
    rid::<V2>(covered).await;
    rid::<V1>(covered).await;
    pool(covered).await;
    before_the_handlers(covered).await;
    covered_is_listed(covered);
}

fn covered_is_listed(covered: &Covered) {
    let mut table = String::from("| operation | statuses |\n|---|---|\n");
    for operation in Operation::ALL {
        let standard = operation.standard();
        let seen = &covered.0[operation.name()];
        for status in standard.refusals.iter().chain([&standard.success, &413, &503]) {
            assert!(seen.contains(status), "{} was never answered with {status}", operation.name());
        }
        let statuses: Vec<String> = seen.iter().map(u16::to_string).collect();
        table += &format!("| `{}` | {} |\n", operation.name(), statuses.join(", "));
    }
    let page = include_str!("../../../../docs/statuses.md");
    assert!(page.contains(&table), "docs/statuses.md should have this table:\n{table}");
}

async fn intents(covered: &mut Covered) {
    let mut trial = Trial { world: World::new(), covered };
    let (a, b) = (id(1), id(2));
    trial.expect(ALICE, GetOperationalIntentReference, &[&a], &Value::Null, 404).await;
    let made = trial.expect(ALICE, CreateOperationalIntentReference, &[&a], &intent(46.0, 7.0), 201).await;
    let ovn = made.body["operational_intent_reference"]["ovn"].as_str().unwrap().to_owned();
    trial.expect(BOB, GetOperationalIntentReference, &[&a], &Value::Null, 200).await;
    trial.refuse(BOB, GetOperationalIntentReference, &["x"], &Value::Null, 400, "entityid: is no UUID").await;
    trial.refuse(BOB, GetOperationalIntentReference, &[""], &Value::Null, 400, "entityid: is missing").await;

    trial.refuse(ALICE, CreateOperationalIntentReference, &[&a], &intent(46.0, 7.0), 409, "there is something").await;
    trial.refuse(BOB, CreateOperationalIntentReference, &[&a], &intent(46.0, 7.0), 403, "another USS").await;
    let missing = trial.expect(BOB, CreateOperationalIntentReference, &[&b], &intent(46.0, 7.0), 409).await;
    assert_eq!(missing.body["missing_operational_intents"][0]["id"], a.as_str());
    trial.refuse(ALICE, CreateOperationalIntentReference, &[""], &intent(46.0, 7.0), 400, "entityid: is missing").await;

    trial.refuse(ALICE, UpdateOperationalIntentReference, &[&a, "wrong"], &intent(46.0, 7.0), 409, "not the current").await;
    trial.refuse(ALICE, UpdateOperationalIntentReference, &[&a, ""], &intent(46.0, 7.0), 400, "ovn: is missing").await;
    trial.refuse(ALICE, UpdateOperationalIntentReference, &[&b, &ovn], &intent(46.0, 7.0), 400, "nothing with this id").await;
    trial.refuse(BOB, UpdateOperationalIntentReference, &[&a, &ovn], &intent(46.0, 7.0), 403, "another USS").await;
    let updated = trial.expect(ALICE, UpdateOperationalIntentReference, &[&a, &ovn], &intent(46.0, 7.0), 200).await;
    let newer = updated.body["operational_intent_reference"]["ovn"].as_str().unwrap().to_owned();
    assert_ne!(ovn, newer);

    trial.expect(BOB, QueryOperationalIntentReferences, &[], &query(46.0, 7.0), 200).await;
    trial.refuse(BOB, QueryOperationalIntentReferences, &[], &json!({}), 400, "area_of_interest: is missing").await;
    let huge = with(query(46.0, 7.0), &[("/area_of_interest/volume/outline_circle/radius/value", json!(1e6))]);
    trial.refuse(BOB, QueryOperationalIntentReferences, &[], &huge, 400, "the area is").await;

    trial.refuse(ALICE, DeleteOperationalIntentReference, &[&a, &ovn], &Value::Null, 409, "not the current").await;
    trial.refuse(ALICE, DeleteOperationalIntentReference, &[&a, ""], &Value::Null, 400, "ovn: is missing").await;
    trial.refuse(ALICE, DeleteOperationalIntentReference, &["x", ""], &Value::Null, 400, "entityid: is no UUID; ovn: is").await;
    trial.refuse(BOB, DeleteOperationalIntentReference, &[&a, &newer], &Value::Null, 403, "another USS").await;
    trial.refuse(ALICE, DeleteOperationalIntentReference, &[&b, &newer], &Value::Null, 404, "nothing with this id").await;
    trial.expect(ALICE, DeleteOperationalIntentReference, &[&a, &newer], &Value::Null, 200).await;
    trial.expect(ALICE, DeleteOperationalIntentReference, &[&a, &newer], &Value::Null, 404).await;
}

/// What a put of an intent may not say.
async fn intent_rules(covered: &mut Covered) {
    let mut trial = Trial { world: World::new(), covered };
    let (sub, of_bob) = (id(90), id(91));
    for (who, id) in [(ALICE, &sub), (BOB, &of_bob)] {
        trial.expect(who, CreateSubscription, &[id], &subscription(46.0, 7.0), 200).await;
    }
    let about_constraints = id(92);
    let body = with(
        subscription(46.0, 7.0),
        &[("notify_for_operational_intents", json!(false)), ("notify_for_constraints", json!(true))],
    );
    trial.expect(ALICE, CreateSubscription, &[&about_constraints], &body, 200).await;

    let implicit = json!({ "uss_base_url": "https://uss.example.com/a" });
    let large = json!({ "center": { "lat": 0, "lng": 0 }, "radius": { "value": 40_000, "units": "M" } });
    let cases: &[Case] = &[
        (&[("state", json!("Activated")), ("new_subscription", implicit.clone())], 400, "must be Accepted"),
        (&[("state", json!("Nonconforming")), ("new_subscription", implicit.clone())], 400, "must be Accepted"),
        (&[("state", json!("Ended"))], 400, "state: unknown variant `Ended`"),
        (&[("extents", json!([]))], 400, "extents: there is no volume"),
        (&[("/extents/0/time_start", minutes(-90)), ("/extents/0/time_end", minutes(-1))], 400, "the end is in the past"),
        (&[("/extents/0/time_end", minutes(10))], 400, "extents[0].time_end: is not after time_start"),
        (&[("/extents/0/volume/altitude_lower", Value::Null)], 400, "altitude_lower: is missing"),
        (&[("/extents/0/volume/outline_circle", large)], 400, "the area is 5026.5 km²"),
        (&[("uss_base_url", json!("http://uss.example.com"))], 400, "uss_base_url: is no https URL"),
        (&[("uss_base_url", json!(""))], 400, "uss_base_url: has 0 bytes"),
        (&[("subscription_id", json!(id(99)))], 400, "no subscription with this subscription_id"),
        (&[("subscription_id", json!("x"))], 400, "subscription_id: is no UUID"),
        (&[("subscription_id", json!(of_bob))], 403, "the subscription is managed by another USS"),
        (&[("subscription_id", json!(about_constraints))], 400, "not about operational intents"),
        (&[("subscription_id", json!(sub)), ("/extents/0/time_end", minutes(71))], 400, "does not cover"),
        (&[("subscription_id", json!(sub)), ("new_subscription", implicit.clone())], 400, "stands beside subscription_id"),
        (&[("new_subscription", json!({ "uss_base_url": "x" }))], 400, "new_subscription.uss_base_url: is no https URL"),
        (&[("requested_ovn_suffix", json!(id(1)))], 400, "requested_ovn_suffix: is no UUID of version 7"),
        (&[("requested_ovn_suffix", json!(suffix(-301, 0)))], 400, "not made within five minutes"),
        (&[("requested_ovn_suffix", json!(suffix(301, 0)))], 400, "not made within five minutes"),
    ];
    for (changes, status, words) in cases {
        let body = with(intent(46.0, 7.0), changes);
        trial.refuse(ALICE, CreateOperationalIntentReference, &[&id(1)], &body, *status, words).await;
    }
    let nonconforming = with(intent(46.0, 7.0), &[("state", json!("Nonconforming"))]);
    trial.refuse(PLANNER, CreateOperationalIntentReference, &[&id(1)], &nonconforming, 403, SA).await;

    // Nothing of all that was kept, and what is right is accepted after it.
    let body = with(intent(46.0, 7.0), &[("requested_ovn_suffix", json!(suffix(-299, 7))), ("subscription_id", json!(""))]);
    let made = trial.expect(ALICE, CreateOperationalIntentReference, &[&id(1)], &body, 201).await;
    let reference = &made.body["operational_intent_reference"];
    let ovn = format!("{}_{}", id(1), suffix(-299, 7));
    assert_eq!(reference["ovn"], ovn.as_str());
    assert_eq!(reference["version"], 1);
    let steps: &[Case] = &[
        (&[("requested_ovn_suffix", json!(suffix(-299, 7)))], 400, "used for this operational intent before"),
        (&[("state", json!("Activated"))], 400, "needs subscription_id or new_subscription"),
        (&[("state", json!("Contingent"))], 400, "needs subscription_id or new_subscription"),
    ];
    for (changes, status, words) in steps {
        let body = with(intent(46.0, 7.0), changes);
        trial.refuse(ALICE, UpdateOperationalIntentReference, &[&id(1), &ovn], &body, *status, words).await;
    }
    let contingent = with(intent(46.0, 7.0), &[("state", json!("Contingent")), ("new_subscription", implicit)]);
    trial.refuse(PLANNER, UpdateOperationalIntentReference, &[&id(1), &ovn], &contingent, 403, SA).await;
    let reply = trial.expect(ALICE, UpdateOperationalIntentReference, &[&id(1), &ovn], &contingent, 200).await;
    let ovn = reply.body["operational_intent_reference"]["ovn"].as_str().unwrap();
    let words = "cannot change its state in this way: from Contingent to Accepted";
    trial.refuse(ALICE, UpdateOperationalIntentReference, &[&id(1), ovn], &intent(46.0, 7.0), 400, words).await;
}

async fn availability(covered: &mut Covered) {
    let mut trial = Trial { world: World::new(), covered };
    let made = trial.expect(ALICE, CreateOperationalIntentReference, &[&id(1)], &intent(46.0, 7.0), 201).await;
    let ovn = made.body["operational_intent_reference"]["ovn"].as_str().unwrap();

    let unknown = trial.expect(BOB, GetUssAvailability, &["alice"], &Value::Null, 200).await;
    assert_eq!(unknown.body, json!({ "version": "", "status": { "uss": "alice", "availability": "Unknown" } }));
    trial.refuse(BOB, GetUssAvailability, &[""], &Value::Null, 400, "uss_id: ").await;
    let down = json!({ "old_version": "", "availability": "down" });
    let declared = trial.expect(ARBITER, SetUssAvailability, &["alice"], &down, 200).await;
    assert_eq!(declared.body["status"]["availability"], "Down");
    trial.refuse(ARBITER, SetUssAvailability, &["alice"], &down, 409, "not the current").await;
    let version = declared.body["version"].as_str().unwrap();
    let bad = json!({ "old_version": version, "availability": "Sleepy" });
    trial.refuse(ARBITER, SetUssAvailability, &["alice"], &bad, 400, "availability: unknown variant `Sleepy`").await;
    trial.refuse(ARBITER, SetUssAvailability, &[""], &down, 400, "uss_id: ").await;
    trial.refuse(ALICE, SetUssAvailability, &["alice"], &down, 403, AA).await;

    // A USS that is down may neither plan, nor change, nor end a flight.
    trial.refuse(ALICE, CreateOperationalIntentReference, &[&id(2)], &intent(47.0, 7.0), 412, "declared down").await;
    trial.refuse(ALICE, UpdateOperationalIntentReference, &[&id(1), ovn], &intent(46.0, 7.0), 412, "declared down").await;
    trial.refuse(ALICE, DeleteOperationalIntentReference, &[&id(1), ovn], &Value::Null, 412, "declared down").await;
    let normal = json!({ "old_version": version, "availability": "Normal" });
    trial.expect(ARBITER, SetUssAvailability, &["alice"], &normal, 200).await;
    trial.expect(ALICE, DeleteOperationalIntentReference, &[&id(1), ovn], &Value::Null, 200).await;
}

async fn constraints(covered: &mut Covered) {
    let mut trial = Trial { world: World::new(), covered };
    let (a, b) = (id(1), id(2));
    trial.expect(ALICE, GetConstraintReference, &[&a], &Value::Null, 404).await;
    trial.refuse(ALICE, GetConstraintReference, &["x"], &Value::Null, 400, "entityid: is no UUID").await;
    let past = with(constraint(46.0, 7.0), &[("/extents/0/time_start", minutes(-90)), ("/extents/0/time_end", minutes(-1))]);
    trial.refuse(ALICE, CreateConstraintReference, &[&a], &past, 400, "the end is in the past").await;
    let no_altitudes = with(
        constraint(46.0, 7.0),
        &[("/extents/0/volume/altitude_lower", Value::Null), ("/extents/0/volume/altitude_upper", Value::Null)],
    );
    let made = trial.expect(ALICE, CreateConstraintReference, &[&a], &no_altitudes, 201).await;
    let ovn = made.body["constraint_reference"]["ovn"].as_str().unwrap().to_owned();
    trial.expect(BOB, GetConstraintReference, &[&a], &Value::Null, 200).await;
    trial.refuse(ALICE, CreateConstraintReference, &[&a], &constraint(46.0, 7.0), 409, "there is something").await;
    trial.refuse(BOB, CreateConstraintReference, &[&a], &constraint(46.0, 7.0), 403, "another USS").await;

    trial.refuse(ALICE, UpdateConstraintReference, &[&b, &ovn], &constraint(46.0, 7.0), 409, "no constraint with this id").await;
    trial.refuse(ALICE, UpdateConstraintReference, &[&a, "wrong"], &constraint(46.0, 7.0), 409, "not the current").await;
    trial.refuse(ALICE, UpdateConstraintReference, &[&a, ""], &constraint(46.0, 7.0), 400, "ovn: is missing").await;
    trial.refuse(BOB, UpdateConstraintReference, &[&a, &ovn], &constraint(46.0, 7.0), 403, "another USS").await;
    let updated = trial.expect(ALICE, UpdateConstraintReference, &[&a, &ovn], &constraint(46.0, 7.0), 200).await;
    assert_eq!(updated.body["constraint_reference"]["version"], 2);
    let newer = updated.body["constraint_reference"]["ovn"].as_str().unwrap().to_owned();

    let found = trial.expect(BOB, QueryConstraintReferences, &[], &query(46.0, 7.0), 200).await;
    assert_eq!(found.body["constraint_references"][0]["ovn"], "Available from USS");
    trial.refuse(BOB, QueryConstraintReferences, &[], &json!({}), 400, "area_of_interest: is missing").await;
    let huge = with(query(46.0, 7.0), &[("/area_of_interest/volume/outline_circle/radius/value", json!(1e6))]);
    trial.refuse(BOB, QueryConstraintReferences, &[], &huge, 413, "the area is").await;

    trial.refuse(ALICE, DeleteConstraintReference, &[&a, &ovn], &Value::Null, 409, "not the current").await;
    trial.refuse(ALICE, DeleteConstraintReference, &[&a, ""], &Value::Null, 400, "ovn: is missing").await;
    trial.refuse(BOB, DeleteConstraintReference, &[&a, &newer], &Value::Null, 403, "another USS").await;
    trial.expect(ALICE, DeleteConstraintReference, &[&a, &newer], &Value::Null, 200).await;
    trial.refuse(ALICE, DeleteConstraintReference, &[&a, &newer], &Value::Null, 404, "nothing with this id").await;
}

async fn subscriptions(covered: &mut Covered) {
    let mut trial = Trial { world: World::new(), covered };
    let (a, b) = (id(1), id(2));
    let body = subscription(46.0, 7.0);
    trial.expect(ALICE, GetSubscription, &[&a], &Value::Null, 404).await;
    trial.refuse(ALICE, GetSubscription, &["query"], &Value::Null, 400, "subscriptionid: is no UUID").await;
    let cases: &[(&[(&str, Value)], &str)] = &[
        (&[("notify_for_operational_intents", json!(false))], "must notify for"),
        (&[("/extents/time_start", minutes(-6))], "more than five minutes in the past"),
        (&[("/extents/time_end", minutes(5))], "the end is not after the start"),
        (&[("/extents/time_end", minutes(10))], "the end is not after the start"),
        (&[("/extents/time_end", minutes(10 + 24 * 60 + 1))], "at most 24 hours"),
        (&[("/extents/volume/outline_circle/radius/value", json!(1e6))], "the area is"),
        (&[("uss_base_url", json!("http://uss.example.com"))], "is no https URL"),
    ];
    for (changes, words) in cases {
        trial.refuse(ALICE, CreateSubscription, &[&a], &with(body.clone(), changes), 400, words).await;
    }
    let made = trial.expect(ALICE, CreateSubscription, &[&a], &body, 200).await;
    assert_eq!(made.body["subscription"]["notification_index"], 0);
    let version = made.body["subscription"]["version"].as_str().unwrap().to_owned();
    trial.refuse(ALICE, CreateSubscription, &[&a], &body, 409, "there is something").await;
    trial.expect(ALICE, GetSubscription, &[&a], &Value::Null, 200).await;
    trial.refuse(BOB, GetSubscription, &[&a], &Value::Null, 403, "another USS").await;

    trial.refuse(ALICE, UpdateSubscription, &[&b, &version], &body, 400, "nothing with this id").await;
    trial.refuse(ALICE, UpdateSubscription, &[&a, ""], &body, 400, "version: is missing").await;
    trial.refuse(ALICE, UpdateSubscription, &[&a, "wrong"], &body, 409, "not the current").await;
    trial.refuse(BOB, UpdateSubscription, &[&a, "wrong"], &body, 409, "not the current").await;
    trial.refuse(BOB, UpdateSubscription, &[&a, &version], &body, 403, "another USS").await;
    let updated = trial.expect(ALICE, UpdateSubscription, &[&a, &version], &body, 200).await;
    let newer = updated.body["subscription"]["version"].as_str().unwrap().to_owned();
    assert_ne!(version, newer);

    let found = trial.expect(ALICE, QuerySubscriptions, &[], &query(46.0, 7.0), 200).await;
    assert_eq!(found.body["subscriptions"].as_array().unwrap().len(), 1);
    let found = trial.expect(BOB, QuerySubscriptions, &[], &query(46.0, 7.0), 200).await;
    assert_eq!(found.body["subscriptions"], json!([]));
    trial.refuse(ALICE, QuerySubscriptions, &[], &json!({ "area_of_interest": null }), 400, "area_of_interest: is missing").await;
    let huge = with(query(46.0, 7.0), &[("/area_of_interest/volume/outline_circle/radius/value", json!(1e6))]);
    trial.refuse(ALICE, QuerySubscriptions, &[], &huge, 413, "the area is").await;

    let relies = with(intent(46.0, 7.0), &[("subscription_id", json!(a))]);
    let made = trial.expect(ALICE, CreateOperationalIntentReference, &[&b], &relies, 201).await;
    trial.refuse(ALICE, DeleteSubscription, &[&a, &newer], &Value::Null, 400, "depend on this subscription").await;
    let words = "depends on it would not be covered: 00000002-";
    trial.refuse(ALICE, UpdateSubscription, &[&a, &newer], &subscription(47.0, 7.0), 400, words).await;
    let ovn = made.body["operational_intent_reference"]["ovn"].as_str().unwrap();
    trial.expect(ALICE, DeleteOperationalIntentReference, &[&b, ovn], &Value::Null, 200).await;
    trial.refuse(ALICE, DeleteSubscription, &[&a, &version], &Value::Null, 409, "not the current").await;
    trial.refuse(ALICE, DeleteSubscription, &[&a, ""], &Value::Null, 400, "version: is missing").await;
    trial.refuse(BOB, DeleteSubscription, &[&a, &newer], &Value::Null, 403, "another USS").await;
    trial.expect(ALICE, DeleteSubscription, &[&a, &newer], &Value::Null, 200).await;
    trial.refuse(ALICE, DeleteSubscription, &[&a, &newer], &Value::Null, 404, "nothing with this id").await;
}

async fn reports(covered: &mut Covered) {
    let mut trial = Trial { world: World::new(), covered };
    for scope in deconflict_service::http::SCOPES {
        let who = Uss { name: "alice", scopes: &[scope] };
        let filed = trial.expect(who, MakeDssReport, &[], &report(), 201).await;
        assert_eq!(filed.body["report_id"].as_str().unwrap().len(), 36);
        assert_eq!(filed.body["exchange"], report()["exchange"]);
    }
    trial.refuse(ALICE, MakeDssReport, &[], &json!({}), 400, "missing field `exchange`").await;
}

/// Areas and subscriptions of F3411, in one of its versions.
async fn rid<V: Rid>(covered: &mut Covered) {
    let mut trial = Trial { world: World::new(), covered };
    let (a, b) = (id(1), id(2));
    let none = &Value::Null;
    let (alice, bob) = (V::uss("alice"), V::uss("bob"));
    let body = V::area(46.0, 7.0);
    trial.expect(alice, V::GET_AREA, &[&a], none, 404).await;
    trial.refuse(alice, V::GET_AREA, &["x"], none, 400, "id: is no UUID").await;
    let cases: &[Case] = &[
        (&[(V::START, V::time(-6))], 400, "more than five minutes in the past"),
        (&[(V::END, V::time(10))], 400, "the end is not after the start"),
        (&[(V::START, V::time(-4)), (V::END, V::time(-1))], 400, "the end is in the past"),
        (&[(V::END, Value::Null)], 400, "needs an end"),
        (&[(V::END, V::no_time())], 400, "time_end"),
        (&[(V::OUTLINE, V::huge())], 400, "the area is"),
        (&[(V::AREA_URL, json!("http://sp.example.com"))], 400, "is no https URL"),
        (&[(V::LOWER, json!(null)), (V::UPPER, json!(null)), (V::AREA_URL, json!(""))], 400, "has 0 bytes"),
        (&[(V::LOWER, V::altitude(130.0))], 400, "is below altitude_lo"),
        (&[(V::UPPER, V::altitude(1e6))], 400, "expected -8000 to 100000 m"),
    ];
    for (changes, status, words) in cases {
        trial.refuse(alice, V::CREATE_AREA, &[&a], &with(body.clone(), changes), *status, words).await;
    }
    let made = trial.expect(alice, V::CREATE_AREA, &[&a], &body, 200).await;
    let version = made.body["service_area"]["version"].as_str().unwrap().to_owned();
    trial.refuse(alice, V::CREATE_AREA, &[&a], &body, 409, "there is something").await;
    trial.expect(bob, V::GET_AREA, &[&a], none, 200).await;
    trial.refuse(alice, V::UPDATE_AREA, &[&b, &version], &body, 400, "nothing with this id").await;
    trial.refuse(alice, V::UPDATE_AREA, &[&a, "notacorrectversion"], &body, 400, "version: is no version").await;
    trial.refuse(alice, V::UPDATE_AREA, &[&a, "1"], &body, 409, "not the current").await;
    // The owner comes before the version here, and after it in what follows.
    trial.refuse(bob, V::UPDATE_AREA, &[&a, "1"], &body, 403, "another USS").await;
    let updated = trial.expect(alice, V::UPDATE_AREA, &[&a, &version], &body, 200).await;
    let newer = updated.body["service_area"]["version"].as_str().unwrap().to_owned();
    assert_ne!(version, newer);
    trial.refuse(bob, V::DELETE_AREA, &[&a, &version], none, 409, "not the current").await;
    trial.refuse(bob, V::DELETE_AREA, &[&a, &newer], none, 403, "another USS").await;
    trial.refuse(alice, V::DELETE_AREA, &[&a, ""], none, 400, "version: is no version").await;
    trial.expect(alice, V::DELETE_AREA, &[&a, &newer], none, 200).await;
    trial.refuse(alice, V::DELETE_AREA, &[&a, &newer], none, 404, "nothing with this id").await;

    let body = V::subscription(46.0, 7.0);
    trial.expect(alice, V::GET_SUBSCRIPTION, &[&a], none, 404).await;
    trial.refuse(alice, V::GET_SUBSCRIPTION, &["x"], none, 400, "id: is no UUID").await;
    let cases: &[Case] = &[
        (&[(V::END, V::time(10 + 24 * 60 + 1))], 400, "at most 24 hours"),
        (&[(V::START, V::time(-6))], 400, "more than five minutes in the past"),
        (&[(V::SUBSCRIPTION_URL, Value::Null)], 400, V::MISSING_URL),
        (&[(V::OUTLINE, V::huge())], 400, "the area is"),
    ];
    for (changes, status, words) in cases {
        trial.refuse(alice, V::CREATE_SUBSCRIPTION, &[&a], &with(body.clone(), changes), *status, words).await;
    }
    let made = trial.expect(alice, V::CREATE_SUBSCRIPTION, &[&a], &body, 200).await;
    let version = made.body["subscription"]["version"].as_str().unwrap().to_owned();
    trial.refuse(alice, V::CREATE_SUBSCRIPTION, &[&a], &body, 409, "there is something").await;
    trial.expect(bob, V::GET_SUBSCRIPTION, &[&a], none, 200).await;
    trial.refuse(alice, V::UPDATE_SUBSCRIPTION, &[&b, &version], &body, 400, "nothing with this id").await;
    trial.refuse(bob, V::UPDATE_SUBSCRIPTION, &[&a, "1"], &body, 409, "not the current").await;
    trial.refuse(bob, V::UPDATE_SUBSCRIPTION, &[&a, &version], &body, 403, "another USS").await;
    let updated = trial.expect(alice, V::UPDATE_SUBSCRIPTION, &[&a, &version], &body, 200).await;
    let newer = updated.body["subscription"]["version"].as_str().unwrap().to_owned();
    trial.refuse(alice, V::DELETE_SUBSCRIPTION, &[&a, &version], none, 409, "not the current").await;
    trial.refuse(bob, V::DELETE_SUBSCRIPTION, &[&a, &newer], none, 403, "another USS").await;
    trial.refuse(alice, V::DELETE_SUBSCRIPTION, &[&a, "x"], none, 400, "version: is no version").await;
    trial.expect(alice, V::DELETE_SUBSCRIPTION, &[&a, &newer], none, 200).await;
    trial.refuse(alice, V::DELETE_SUBSCRIPTION, &[&a, &newer], none, 404, "nothing with this id").await;

    for operation in [V::SEARCH_AREAS, V::SEARCH_SUBSCRIPTIONS] {
        let cases = [
            (corners(46.0, 7.0), 200, ""),
            (String::new(), 400, "area: is missing"),
            ("area=46,7,46".to_owned(), 400, "area: is no list of numbers"),
            ("area=46,7,46,7.01".to_owned(), 400, "area: "),
            ("area=46,7,46,7.01,46.01,7,46,7".to_owned(), 400, "area: "),
            ("area=40,0,40,10,50,10".to_owned(), 413, "area: the area is"),
        ];
        for (query, status, words) in cases {
            let reply = trial.world.search(&alice, operation, &query).await;
            trial.seen(operation, &reply, status);
            assert!(status == 200 || reply.message().contains(words), "{query}: {}", reply.text);
        }
    }
    let reply = trial.world.search(&alice, V::SEARCH_AREAS, &(corners(46.0, 7.0) + "&earliest_time=now")).await;
    trial.seen(V::SEARCH_AREAS, &reply, 400);
}

/// What is asked about the server and its pool.
async fn pool(covered: &mut Covered) {
    let mut trial = Trial { world: World::new(), covered };
    let who = Uss { name: "alice", scopes: &EVERY_SCOPE };
    for operation in [ValidateOauth, GetPool, GetDssInstances, GetGlobalOptions] {
        trial.expect(who, operation, &[], &Value::Null, 200).await;
    }
    for operation in [GetSystemVersion, GetSystemVersionBelow] {
        trial.expect(who, operation, &["a.system"], &Value::Null, 200).await;
        trial.expect(who, operation, &[""], &Value::Null, 404).await;
    }
    trial.refuse(who, PutHeartbeat, &[], &Value::Null, 400, "source: is missing").await;
    let reply = trial.world.search(&who, PutHeartbeat, "source=test").await;
    trial.seen(PutHeartbeat, &reply, 201);
}

/// What is refused before anybody looks at what is asked.
async fn before_the_handlers(covered: &mut Covered) {
    let slow = Settings { rate: Rate { per_s: 1, burst: 1 }, ..Settings::default() };
    let mut slow = Trial { world: World::with(slow), covered: &mut Covered::default() };
    let full = Settings { requests_at_once: 0, ..Settings::default() };
    let mut full = Trial { world: World::with(full), covered: &mut Covered::default() };
    let mut trial = Trial { world: World::new(), covered: &mut Covered::default() };
    for operation in Operation::ALL {
        let standard = operation.standard();
        let parameters = vec!["x"; standard.path.matches('{').count()];
        let path = filled(&operation.path(), &parameters);
        let method = format!("{:?}", standard.method).to_uppercase();

        let reply = trial.world.ask(&method, &path, None, "").await;
        trial.seen(operation, &reply, 401);
        assert_eq!(reply.headers[header::WWW_AUTHENTICATE], "Bearer");
        trial.refuse(NOBODY, operation, &parameters, &Value::Null, 403, operation.scopes()[0]).await;

        let who = Uss { name: "alice", scopes: &operation.scopes()[..1] };
        let request = |chunks: usize| {
            // A body that does not say how long it is.
            let body = Body::new(Chunks { left: chunks });
            let token = format!("Bearer {}", trial.world.token(who.name, who.scopes));
            Request::builder().method(method.as_str()).uri(&path).header(header::AUTHORIZATION, token).body(body).unwrap()
        };
        let reply = trial.world.send(request(65)).await;
        trial.seen(operation, &reply, 413);
        let reply = trial.world.ask(&method, &path, None, Bytes::from(vec![b' '; (4 << 20) + 1])).await;
        trial.seen(operation, &reply, 413);

        let first = slow.world.call(&who, operation, &parameters, &Value::Null).await;
        assert_ne!(first.status, 429, "{operation:?}");
        slow.refuse(who, operation, &parameters, &Value::Null, 429, "too many requests from this USS").await;
        slow.world.clock.pass(2);
        full.refuse(who, operation, &parameters, &Value::Null, 503, "too many requests at once").await;
    }
    for trial in [trial, slow, full] {
        for (operation, statuses) in &trial.covered.0 {
            covered.0.entry(operation).or_default().extend(statuses);
        }
    }
}

/// Pieces of 64 KiB of white space.
struct Chunks {
    left: usize,
}

impl axum::body::HttpBody for Chunks {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let Some(left) = self.left.checked_sub(1) else { return std::task::Poll::Ready(None) };
        self.left = left;
        std::task::Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from(vec![b' '; 64 << 10])))))
    }
}
