//! What test suites for DSSs do with one: lives of intents, subscriptions and constraints from beginning to end.

use crate::harness::*;
use deconflict_service::http::{
    AVAILABILITY_ARBITRATION as AA, CONFORMANCE_MONITORING_SA as SA, CONSTRAINT_MANAGEMENT as CM, CONSTRAINT_PROCESSING as CP,
    Operation, Operation::*, STRATEGIC_COORDINATION as SC, Settings,
};
use serde_json::{Value, json};

const ALICE: Uss = Uss { name: "alice", scopes: &[SC, CM, CP] };
const BOB: Uss = Uss { name: "bob", scopes: &[SC, CM, CP] };
const ARBITER: Uss = Uss { name: "arbiter", scopes: &[AA] };

/// Asks for what must be right.
async fn ok(world: &World, who: &Uss<'_>, operation: Operation, parameters: &[&str], body: &Value) -> Value {
    let reply = world.call(who, operation, parameters, body).await;
    assert_eq!(reply.status, operation.standard().success, "{operation:?}: {}", reply.text);
    reply.body
}

async fn refused(world: &World, who: &Uss<'_>, operation: Operation, parameters: &[&str], body: &Value, status: u16) -> Value {
    let reply = world.call(who, operation, parameters, body).await;
    assert_eq!(reply.status, status, "{operation:?}: {}", reply.text);
    reply.body
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no text at {pointer} of {value}")).to_owned()
}

const INTENT_OVN: &str = "/operational_intent_reference/ovn";

async fn found(world: &World, who: &Uss<'_>, body: &Value) -> Vec<String> {
    let body = ok(world, who, QueryOperationalIntentReferences, &[], body).await;
    body["operational_intent_references"].as_array().unwrap().iter().map(|intent| text(intent, "/id")).collect()
}

#[tokio::test]
async fn an_intent_lives_from_its_creation_to_its_deletion() {
    let world = World::new();
    let a = id(1);
    let made = ok(&world, &ALICE, CreateOperationalIntentReference, &[&a], &intent(46.0, 7.0)).await;
    let ovn = text(&made, INTENT_OVN);
    let expected = json!({
        "subscribers": [],
        "operational_intent_reference": {
            "id": a,
            "manager": "alice",
            "uss_availability": "Unknown",
            "version": 1,
            "state": "Accepted",
            "ovn": ovn,
            "time_start": { "value": "2026-05-01T08:10:00Z", "format": "RFC3339" },
            "time_end": { "value": "2026-05-01T09:10:00Z", "format": "RFC3339" },
            "uss_base_url": "https://uss.example.com/a",
            "subscription_id": "00000000-0000-4000-8000-000000000000",
        },
    });
    assert_eq!(made, expected);
    assert!((16..=128).contains(&ovn.len()));
    refused(&world, &ALICE, GetSubscription, &["00000000-0000-4000-8000-000000000000"], &Value::Null, 404).await;

    let seen = ok(&world, &ALICE, GetOperationalIntentReference, &[&a.replace('-', "").to_uppercase()], &Value::Null).await;
    assert_eq!(seen["operational_intent_reference"], expected["operational_intent_reference"]);
    let seen_by_bob = ok(&world, &BOB, GetOperationalIntentReference, &[&a], &Value::Null).await;
    assert_eq!(text(&seen_by_bob, INTENT_OVN), "Available from USS");

    // Moved, it is found where it is and no longer where it was.
    let moved = ok(&world, &ALICE, UpdateOperationalIntentReference, &[&a, &ovn], &intent(46.2, 7.0)).await;
    assert_eq!(moved["operational_intent_reference"]["version"], 2);
    assert_eq!(found(&world, &BOB, &query(46.0, 7.0)).await, [""; 0]);
    assert_eq!(found(&world, &BOB, &query(46.2, 7.0)).await, [a.as_str()]);

    let ovn = text(&moved, INTENT_OVN);
    let gone = ok(&world, &ALICE, DeleteOperationalIntentReference, &[&a, &ovn], &Value::Null).await;
    assert_eq!(gone, moved);
    refused(&world, &ALICE, GetOperationalIntentReference, &[&a], &Value::Null, 404).await;
    assert_eq!(found(&world, &BOB, &query(46.2, 7.0)).await, [""; 0]);
}

#[tokio::test]
async fn a_query_finds_what_shares_ground_altitude_and_time_with_its_area() {
    let world = World::new();
    let a = id(1);
    ok(&world, &ALICE, CreateOperationalIntentReference, &[&a], &intent(46.0, 7.0)).await;
    let altitude = |value: f64| json!({ "value": value, "reference": "W84", "units": "M" });
    let (lower, upper) = ("/area_of_interest/volume/altitude_lower", "/area_of_interest/volume/altitude_upper");
    let (start, end) = ("/area_of_interest/time_start", "/area_of_interest/time_end");
    let cases: &[(&[(&str, Value)], bool)] = &[
        (&[(lower, altitude(120.0)), (upper, altitude(130.0))], true),
        (&[(lower, altitude(120.01)), (upper, altitude(130.0))], false),
        (&[(lower, altitude(0.0)), (upper, altitude(50.0))], true),
        (&[(lower, altitude(0.0)), (upper, altitude(49.99))], false),
        (&[(lower, Value::Null), (upper, Value::Null)], true),
        (&[(start, minutes(70)), (end, minutes(80))], true),
        (&[(start, minutes(71)), (end, minutes(80))], false),
        (&[(start, minutes(0)), (end, minutes(10))], true),
        (&[(start, minutes(0)), (end, minutes(9))], false),
        (&[(start, minutes(20)), (end, minutes(20))], true),
        (&[(start, Value::Null), (end, minutes(9))], false),
        (&[(start, minutes(71)), (end, Value::Null)], false),
        (&[(start, Value::Null), (end, Value::Null)], true),
    ];
    for (changes, expected) in cases {
        let body = with(query(46.0, 7.0), changes);
        assert_eq!(found(&world, &BOB, &body).await.contains(&a), *expected, "{changes:?}");
    }
}

#[tokio::test]
async fn who_plans_a_flight_shows_that_it_knows_what_is_in_the_way() {
    let world = World::new();
    let (a, b) = (id(1), id(2));
    let made = ok(&world, &ALICE, CreateOperationalIntentReference, &[&a], &intent(46.0, 7.0)).await;
    let ovn = text(&made, INTENT_OVN);

    let conflict = refused(&world, &BOB, CreateOperationalIntentReference, &[&b], &intent(46.0, 7.0), 409).await;
    let missing = &conflict["missing_operational_intents"];
    assert_eq!(missing.as_array().unwrap().len(), 1);
    assert_eq!((text(missing, "/0/id"), text(missing, "/0/ovn")), (a.clone(), "Available from USS".to_owned()));
    assert_eq!(conflict.get("missing_constraints"), None);
    refused(&world, &BOB, GetOperationalIntentReference, &[&b], &Value::Null, 404).await;

    // Texts that prove nothing change nothing, and neither does an OVN of the past.
    let useless = with(intent(46.0, 7.0), &[("key", json!(["", "x", "Available from USS", "é".repeat(500)]))]);
    refused(&world, &BOB, CreateOperationalIntentReference, &[&b], &useless, 409).await;
    let moved = ok(&world, &ALICE, UpdateOperationalIntentReference, &[&a, &ovn], &intent(46.0, 7.0)).await;
    let stale = with(intent(46.0, 7.0), &[("key", json!([ovn]))]);
    refused(&world, &BOB, CreateOperationalIntentReference, &[&b], &stale, 409).await;

    let key = json!(["x", text(&moved, INTENT_OVN), ovn]);
    let made = ok(&world, &BOB, CreateOperationalIntentReference, &[&b], &with(intent(46.0, 7.0), &[("key", key)])).await;
    // An own intent is in one's way, too; but not in its own.
    let conflict = refused(&world, &BOB, CreateOperationalIntentReference, &[&id(3)], &intent(46.0, 7.0), 409).await;
    let own = &conflict["missing_operational_intents"];
    assert_eq!((text(own, "/1/id"), text(own, "/1/ovn")), (b.clone(), text(&made, INTENT_OVN)));
    let key = json!([text(&moved, INTENT_OVN)]);
    let body = with(intent(46.0, 7.0), &[("key", key)]);
    ok(&world, &BOB, UpdateOperationalIntentReference, &[&b, &text(&made, INTENT_OVN)], &body).await;
}

#[tokio::test]
async fn an_implicit_subscription_lives_as_long_as_it_is_needed() {
    let world = World::new();
    let a = id(1);
    let implicit = json!({ "uss_base_url": "https://uss.example.com/a" });
    let body = with(intent(46.0, 7.0), &[("new_subscription", implicit.clone())]);
    let made = ok(&world, &ALICE, CreateOperationalIntentReference, &[&a], &body).await;
    let sub = text(&made, "/operational_intent_reference/subscription_id");
    let expected = json!([{
        "subscriptions": [{ "subscription_id": sub, "notification_index": 1 }],
        "uss_base_url": "https://uss.example.com/a",
    }]);
    assert_eq!(made["subscribers"], expected);
    let seen = ok(&world, &ALICE, GetSubscription, &[&sub], &Value::Null).await;
    let expected = json!({
        "id": sub,
        "version": text(&seen, "/subscription/version"),
        "notification_index": 1,
        "time_start": minutes(10),
        "time_end": minutes(70),
        "uss_base_url": "https://uss.example.com/a",
        "notify_for_operational_intents": true,
        "notify_for_constraints": false,
        "implicit_subscription": true,
        "dependent_operational_intents": [a],
    });
    assert_eq!(seen["subscription"], expected);

    // Another one takes its place, and it goes at once.
    let updated = ok(&world, &ALICE, UpdateOperationalIntentReference, &[&a, &text(&made, INTENT_OVN)], &body).await;
    let next = text(&updated, "/operational_intent_reference/subscription_id");
    assert_ne!(sub, next);
    refused(&world, &ALICE, GetSubscription, &[&sub], &Value::Null, 404).await;
    // It grows with its intent, and goes with it; it is told of that end.
    let later = with(intent(46.0, 7.0), &[("subscription_id", json!(next)), ("/extents/0/time_end", minutes(90))]);
    let grown = ok(&world, &ALICE, UpdateOperationalIntentReference, &[&a, &text(&updated, INTENT_OVN)], &later).await;
    let seen = ok(&world, &ALICE, GetSubscription, &[&next], &Value::Null).await;
    assert_eq!(seen["subscription"]["time_end"], minutes(90));
    let gone = ok(&world, &ALICE, DeleteOperationalIntentReference, &[&a, &text(&grown, INTENT_OVN)], &Value::Null).await;
    assert_eq!(gone["subscribers"][0]["subscriptions"][0], json!({ "subscription_id": next, "notification_index": 3 }));
    refused(&world, &ALICE, GetSubscription, &[&next], &Value::Null, 404).await;

    // Without one, an intent lets go of what it had.
    let made = ok(&world, &ALICE, CreateOperationalIntentReference, &[&a], &body).await;
    let sub = text(&made, "/operational_intent_reference/subscription_id");
    ok(&world, &ALICE, UpdateOperationalIntentReference, &[&a, &text(&made, INTENT_OVN)], &intent(46.0, 7.0)).await;
    refused(&world, &ALICE, GetSubscription, &[&sub], &Value::Null, 404).await;
}

#[tokio::test]
async fn subscribers_are_told_with_indices_without_gaps() {
    let world = World::new();
    let (near, also_near, far, sub) = (id(10), id(11), id(12), id(1));
    let version = |body: &Value| text(body, "/subscription/version");
    let made = ok(&world, &BOB, CreateSubscription, &[&near], &subscription(46.0, 7.0)).await;
    ok(&world, &BOB, CreateSubscription, &[&far], &subscription(47.0, 7.0)).await;
    assert_eq!(made["operational_intent_references"], json!([]));
    assert_eq!(made.get("constraint_references"), None);

    // Altitude does not count for subscriptions.
    let high = with(
        subscription(46.0, 7.0),
        &[("/extents/volume/altitude_lower/value", json!(5_000)), ("/extents/volume/altitude_upper/value", json!(6_000))],
    );
    ok(&world, &BOB, CreateSubscription, &[&also_near], &high).await;

    let told = |body: &Value| body["subscribers"].clone();
    let both = |first: i32, second: i32| {
        json!([{
            "subscriptions": [
                { "subscription_id": near, "notification_index": first },
                { "subscription_id": also_near, "notification_index": second },
            ],
            "uss_base_url": "https://uss.example.com/s",
        }])
    };
    let a = ok(&world, &ALICE, CreateOperationalIntentReference, &[&sub], &intent(46.0, 7.0)).await;
    assert_eq!(told(&a), both(1, 1));
    // What moves away concerns those that it leaves as well as those that it comes to.
    let a = ok(&world, &ALICE, UpdateOperationalIntentReference, &[&sub, &text(&a, INTENT_OVN)], &intent(47.0, 7.0)).await;
    let list = a["subscribers"][0]["subscriptions"].as_array().unwrap();
    assert_eq!(list.len(), 3);
    assert!(list.contains(&json!({ "subscription_id": far, "notification_index": 1 })));
    assert!(list.contains(&json!({ "subscription_id": near, "notification_index": 2 })));

    let seen = ok(&world, &BOB, GetSubscription, &[&near], &Value::Null).await;
    assert_eq!(seen["subscription"]["notification_index"], 2);
    assert_eq!(version(&seen), version(&made), "notifications leave the version alone");
    // The index is kept when the subscription is written again.
    let again = ok(
        &world,
        &BOB,
        UpdateSubscription,
        &[&far, &version(&ok(&world, &BOB, GetSubscription, &[&far], &Value::Null).await)],
        &subscription(47.0, 7.0),
    )
    .await;
    assert_eq!(again["subscription"]["notification_index"], 1);
    assert_eq!(text(&again, "/operational_intent_references/0/ovn"), "Available from USS");
    let gone = ok(&world, &ALICE, DeleteOperationalIntentReference, &[&sub, &text(&a, INTENT_OVN)], &Value::Null).await;
    assert_eq!(gone["subscribers"][0]["subscriptions"], json!([{ "subscription_id": far, "notification_index": 2 }]));
}

#[tokio::test]
async fn constraints_concern_those_who_asked_to_hear_of_them() {
    let world = World::new();
    let (zone, flight, sub) = (id(1), id(2), id(3));
    let about_constraints = with(
        subscription(46.0, 7.0),
        &[("notify_for_operational_intents", json!(false)), ("notify_for_constraints", json!(true))],
    );
    let made = ok(&world, &BOB, CreateSubscription, &[&sub], &about_constraints).await;
    assert_eq!((made.get("operational_intent_references"), &made["constraint_references"]), (None, &json!([])));
    let made = ok(&world, &ALICE, CreateConstraintReference, &[&zone], &constraint(46.0, 7.0)).await;
    assert_eq!(made["subscribers"][0]["subscriptions"], json!([{ "subscription_id": sub, "notification_index": 1 }]));
    let ovn = text(&made, "/constraint_reference/ovn");

    // A flight whose subscription is not about constraints need not know of them.
    ok(&world, &BOB, CreateOperationalIntentReference, &[&flight], &intent(46.0, 7.0)).await;
    let implicit = json!({ "uss_base_url": "https://uss.example.com/b", "notify_for_constraints": true });
    let careful = with(intent(46.0, 7.0), &[("new_subscription", implicit)]);
    let seen = ok(&world, &BOB, GetOperationalIntentReference, &[&flight], &Value::Null).await;
    let conflict =
        refused(&world, &BOB, UpdateOperationalIntentReference, &[&flight, &text(&seen, INTENT_OVN)], &careful, 409).await;
    assert_eq!(conflict.get("missing_operational_intents"), None);
    assert_eq!(text(&conflict, "/missing_constraints/0/id"), zone);
    assert_eq!(text(&conflict, "/missing_constraints/0/ovn"), "Available from USS");
    let careful = with(careful, &[("key", json!([ovn]))]);
    ok(&world, &BOB, UpdateOperationalIntentReference, &[&flight, &text(&seen, INTENT_OVN)], &careful).await;
    let gone = ok(&world, &ALICE, DeleteConstraintReference, &[&zone, &ovn], &Value::Null).await;
    assert_eq!(gone["subscribers"].as_array().unwrap().len(), 2, "the subscription, and the implicit one of the flight");
}

#[tokio::test]
async fn plans_of_a_uss_that_is_down_need_not_be_known() {
    let world = World::new();
    let (a, b) = (id(1), id(2));
    let made = ok(&world, &ALICE, CreateOperationalIntentReference, &[&a], &intent(46.0, 7.0)).await;
    let implicit = json!({ "uss_base_url": "https://uss.example.com/a" });
    let active = with(intent(47.0, 7.0), &[("new_subscription", implicit)]);
    let other = ok(&world, &ALICE, CreateOperationalIntentReference, &[&id(3)], &active).await;
    let active = with(active, &[("state", json!("Activated"))]);
    ok(&world, &ALICE, UpdateOperationalIntentReference, &[&id(3), &text(&other, INTENT_OVN)], &active).await;
    refused(&world, &BOB, CreateOperationalIntentReference, &[&b], &intent(46.0, 7.0), 409).await;

    let down = json!({ "old_version": "", "availability": "Down" });
    let declared = ok(&world, &ARBITER, SetUssAvailability, &["alice"], &down).await;
    let seen = ok(&world, &BOB, GetOperationalIntentReference, &[&a], &Value::Null).await;
    assert_eq!(text(&seen, "/operational_intent_reference/uss_availability"), "Down");
    ok(&world, &BOB, CreateOperationalIntentReference, &[&b], &intent(46.0, 7.0)).await;
    refused(&world, &BOB, CreateOperationalIntentReference, &[&id(4)], &intent(47.0, 7.0), 409).await;
    refused(&world, &ALICE, UpdateOperationalIntentReference, &[&a, &text(&made, INTENT_OVN)], &intent(46.0, 7.0), 412).await;
    // Constraints are not forbidden to it.
    ok(&world, &ALICE, CreateConstraintReference, &[&id(5)], &constraint(46.0, 7.0)).await;
    let back = json!({ "old_version": text(&declared, "/version"), "availability": "Unknown" });
    ok(&world, &ARBITER, SetUssAvailability, &["alice"], &back).await;
    let key = json!([text(&ok(&world, &BOB, GetOperationalIntentReference, &[&b], &Value::Null).await, INTENT_OVN)]);
    let body = with(intent(46.0, 7.0), &[("key", key)]);
    ok(&world, &ALICE, UpdateOperationalIntentReference, &[&a, &text(&made, INTENT_OVN)], &body).await;
}

#[tokio::test]
async fn an_ended_subscription_is_no_longer_listed() {
    let world = World::new();
    let sub = id(1);
    ok(&world, &ALICE, CreateSubscription, &[&sub], &subscription(46.0, 7.0)).await;
    let list = async || ok(&world, &ALICE, QuerySubscriptions, &[], &query(46.0, 7.0)).await["subscriptions"].clone();
    assert_eq!(list().await[0]["id"], sub.as_str());
    world.clock.pass(70 * 60 + 1);
    assert_eq!(list().await, json!([]));
    ok(&world, &ALICE, GetSubscription, &[&sub], &Value::Null).await;
}

#[tokio::test]
async fn a_subscription_without_times_begins_now_and_lasts_a_day() {
    let world = World::new();
    let body = with(subscription(46.0, 7.0), &[("/extents/time_start", Value::Null), ("/extents/time_end", Value::Null)]);
    let made = ok(&world, &ALICE, CreateSubscription, &[&id(1)], &body).await;
    assert_eq!(made["subscription"]["time_start"], minutes(0));
    assert_eq!(made["subscription"]["time_end"], minutes(24 * 60));
}

#[tokio::test]
async fn several_extents_are_kept_apart() {
    let world = World::new();
    let later = with(volume(46.5, 7.0), &[("time_start", minutes(100)), ("time_end", minutes(110))]);
    let body = with(intent(46.0, 7.0), &[("extents", json!([volume(46.0, 7.0), later]))]);
    let made = ok(&world, &ALICE, CreateOperationalIntentReference, &[&id(1)], &body).await;
    assert_eq!(made["operational_intent_reference"]["time_start"], minutes(10));
    assert_eq!(made["operational_intent_reference"]["time_end"], minutes(110));
    // Where its second volume is, it is not while its first one lasts.
    assert_eq!(found(&world, &BOB, &query(46.5, 7.0)).await, [""; 0]);
    assert_eq!(found(&world, &BOB, &query(46.0, 7.0)).await, [id(1)]);
    ok(&world, &BOB, CreateOperationalIntentReference, &[&id(2)], &intent(46.5, 7.0)).await;
}

#[tokio::test]
async fn strict_scopes_are_asked_for_where_the_operator_wants_it() {
    let planner = Uss { name: "alice", scopes: &[SC] };
    let about_constraints = with(subscription(46.0, 7.0), &[("notify_for_constraints", json!(true))]);
    let implicit = json!({ "uss_base_url": "https://uss.example.com/a", "notify_for_constraints": true });
    let flight = with(intent(46.0, 7.0), &[("new_subscription", implicit)]);
    let heeder = Uss { name: "alice", scopes: &[CP] };

    let lax = World::new();
    ok(&lax, &planner, CreateSubscription, &[&id(1)], &about_constraints).await;
    ok(&lax, &planner, CreateOperationalIntentReference, &[&id(2)], &flight).await;
    ok(&lax, &heeder, CreateSubscription, &[&id(3)], &subscription(46.0, 7.0)).await;

    let strict = World::with(Settings { strict_scopes: true, ..Settings::default() });
    let refusal = refused(&strict, &planner, CreateSubscription, &[&id(1)], &about_constraints, 403).await;
    assert_eq!(text(&refusal, "/message"), "notify_for_constraints needs the scope utm.constraint_processing");
    refused(&strict, &planner, CreateOperationalIntentReference, &[&id(2)], &flight, 403).await;
    refused(&strict, &heeder, CreateSubscription, &[&id(3)], &subscription(46.0, 7.0), 403).await;
    ok(&strict, &ALICE, CreateSubscription, &[&id(1)], &about_constraints).await;
    let flight = with(flight, &[("extents", json!([volume(47.0, 7.0)]))]);
    ok(&strict, &ALICE, CreateOperationalIntentReference, &[&id(2)], &flight).await;
}

#[tokio::test]
async fn http_base_urls_are_taken_where_the_operator_wants_it() {
    let world = World::with(Settings { allow_http_base_urls: true, ..Settings::default() });
    let body = with(intent(46.0, 7.0), &[("uss_base_url", json!("http://localhost:8090/a"))]);
    let made = ok(&world, &ALICE, CreateOperationalIntentReference, &[&id(1)], &body).await;
    assert_eq!(text(&made, "/operational_intent_reference/uss_base_url"), "http://localhost:8090/a");
}

#[tokio::test]
async fn a_flight_that_does_not_conform_needs_no_key() {
    let world = World::new();
    let monitor = Uss { name: "bob", scopes: &[SA] };
    ok(&world, &ALICE, CreateOperationalIntentReference, &[&id(1)], &intent(46.0, 7.0)).await;
    let implicit = json!({ "uss_base_url": "https://uss.example.com/b" });
    let body = with(intent(47.0, 7.0), &[("new_subscription", implicit)]);
    let made = ok(&world, &monitor, CreateOperationalIntentReference, &[&id(2)], &body).await;
    let astray = with(body, &[("state", json!("Nonconforming")), ("extents", json!([volume(46.0, 7.0)]))]);
    let made = ok(&world, &monitor, UpdateOperationalIntentReference, &[&id(2), &text(&made, INTENT_OVN)], &astray).await;
    assert_eq!(made["operational_intent_reference"]["state"], "Nonconforming");
    let back = with(astray, &[("state", json!("Activated"))]);
    refused(&world, &monitor, UpdateOperationalIntentReference, &[&id(2), &text(&made, INTENT_OVN)], &back, 409).await;
}

#[tokio::test]
async fn a_subscription_that_names_no_times_gets_some_that_every_client_can_read() {
    let world = World::new();
    world.clock.pass_ns(123_456_789);
    let open = [("/extents/time_start", Value::Null), ("/extents/time_end", Value::Null)];
    let body = with(subscription(46.0, 7.0), &open);
    let made = world.call(&ALICE, CreateSubscription, &[&id(1)], &body).await;
    let times = |reply: &Reply| ["time_start", "time_end"].map(|end| reply.body["subscription"][end]["value"].clone());
    assert_eq!(times(&made), ["2026-05-01T08:00:00.123456Z", "2026-05-02T08:00:00.123456Z"], "{}", made.text);
    // An update that names none keeps them.
    world.clock.pass(60);
    let version = made.body["subscription"]["version"].as_str().unwrap();
    let kept = world.call(&ALICE, UpdateSubscription, &[&id(1), version], &body).await;
    assert_eq!(times(&kept), times(&made), "{}", kept.text);
}

#[tokio::test]
async fn the_examples_of_the_description_are_accepted() {
    let world = World::new();
    let who = Uss { name: "alice", scopes: &EVERY_SCOPE };
    let document = world.ask("GET", "/dss/v1/openapi.json", None, "").await.body;
    for operation in Operation::ALL {
        let standard = operation.standard();
        let method = format!("{:?}", standard.method).to_lowercase();
        let example = &document["paths"][operation.path()][method]["requestBody"]["content"]["application/json"]["example"];
        // An update needs the version of something that is there; its body is that of the creation.
        let is_update = standard.path.matches('{').count() == 2;
        if example.is_null() || is_update {
            continue;
        }
        let parameters = vec![id(operation as u32); standard.path.matches('{').count()];
        let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
        ok(&world, &who, operation, &parameters, example).await;
    }
}

#[tokio::test]
async fn what_is_optional_may_be_null_and_what_servers_never_asked_for_may_be_missing() {
    let world = World::new();
    let nulls = json!({ "key": null, "subscription_id": null, "new_subscription": null, "requested_ovn_suffix": null });
    let mut body = intent(46.0, 7.0);
    body.as_object_mut().unwrap().extend(nulls.as_object().unwrap().clone());
    body["extents"][0]["volume"]["outline_polygon"] = Value::Null;
    body["extents"][0]["time_start"].as_object_mut().unwrap().remove("format");
    body["extents"][0]["volume"]["outline_circle"]["radius"].as_object_mut().unwrap().remove("units");
    ok(&world, &ALICE, CreateOperationalIntentReference, &[&id(1)], &body).await;
    ok(&world, &ARBITER, SetUssAvailability, &["alice"], &json!({ "availability": "Down" })).await;
}
