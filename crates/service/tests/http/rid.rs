//! What test suites for DSSs do with the remote identification of one: lives of areas and subscriptions, in both versions of
//! F3411 and across them.

use crate::harness::*;
use axum::http::Method;
use deconflict_registry::{Options, Quotas};
use deconflict_service::http::{
    Call, DSS_READ_AREAS, DSS_WRITE_AREAS, Operation, Operation::*, RID_DISPLAY_PROVIDER, RID_SERVICE_PROVIDER, Settings,
};
use deconflict_service::node::NodeOptions;
use serde_json::{Value, json};

/// A version of F3411 as its clients see it.
pub trait Rid {
    const SEARCH_AREAS: Operation;
    const GET_AREA: Operation;
    const CREATE_AREA: Operation;
    const UPDATE_AREA: Operation;
    const DELETE_AREA: Operation;
    const SEARCH_SUBSCRIPTIONS: Operation;
    const GET_SUBSCRIPTION: Operation;
    const CREATE_SUBSCRIPTION: Operation;
    const UPDATE_SUBSCRIPTION: Operation;
    const DELETE_SUBSCRIPTION: Operation;
    /// Where a body has its parts.
    const START: &str = "/extents/time_start";
    const END: &str = "/extents/time_end";
    const OUTLINE: &str;
    const LOWER: &str;
    const UPPER: &str;
    const AREA_URL: &str;
    const SUBSCRIPTION_URL: &str;
    /// What is said when there is no URL.
    const MISSING_URL: &str;

    fn uss(name: &'static str) -> Uss<'static>;
    fn area(lat: f64, lng: f64) -> Value;
    fn subscription(lat: f64, lng: f64) -> Value;
    fn time(minutes: i64) -> Value;
    fn no_time() -> Value;
    fn altitude(metres: f64) -> Value;
    /// An outline around too much.
    fn huge() -> Value;
}

fn square(degrees: f64) -> Value {
    let at = |lat: f64, lng: f64| json!({ "lat": lat, "lng": lng });
    json!({ "vertices": [at(0.0, 0.0), at(0.0, degrees), at(degrees, degrees), at(degrees, 0.0)] })
}

/// F3411-22a.
pub enum V2 {}

impl Rid for V2 {
    const SEARCH_AREAS: Operation = RidV2SearchAreas;
    const GET_AREA: Operation = RidV2GetArea;
    const CREATE_AREA: Operation = RidV2CreateArea;
    const UPDATE_AREA: Operation = RidV2UpdateArea;
    const DELETE_AREA: Operation = RidV2DeleteArea;
    const SEARCH_SUBSCRIPTIONS: Operation = RidV2SearchSubscriptions;
    const GET_SUBSCRIPTION: Operation = RidV2GetSubscription;
    const CREATE_SUBSCRIPTION: Operation = RidV2CreateSubscription;
    const UPDATE_SUBSCRIPTION: Operation = RidV2UpdateSubscription;
    const DELETE_SUBSCRIPTION: Operation = RidV2DeleteSubscription;
    const OUTLINE: &str = "/extents/volume/outline_circle";
    const LOWER: &str = "/extents/volume/altitude_lower";
    const UPPER: &str = "/extents/volume/altitude_upper";
    const AREA_URL: &str = "/uss_base_url";
    const SUBSCRIPTION_URL: &str = "/uss_base_url";
    const MISSING_URL: &str = "uss_base_url: invalid type: null";

    fn uss(name: &'static str) -> Uss<'static> {
        Uss { name, scopes: &[RID_DISPLAY_PROVIDER, RID_SERVICE_PROVIDER] }
    }

    fn area(lat: f64, lng: f64) -> Value {
        area_v2(lat, lng)
    }

    fn subscription(lat: f64, lng: f64) -> Value {
        rid_subscription_v2(lat, lng)
    }

    fn time(minutes: i64) -> Value {
        crate::harness::minutes(minutes)
    }

    fn no_time() -> Value {
        json!({ "value": "tomorrow", "format": "RFC3339" })
    }

    fn altitude(metres: f64) -> Value {
        json!({ "value": metres, "reference": "W84", "units": "M" })
    }

    fn huge() -> Value {
        json!({ "center": { "lat": 0, "lng": 0 }, "radius": { "value": 40_000, "units": "M" } })
    }
}

/// F3411-19.
pub enum V1 {}

impl Rid for V1 {
    const SEARCH_AREAS: Operation = RidV1SearchAreas;
    const GET_AREA: Operation = RidV1GetArea;
    const CREATE_AREA: Operation = RidV1CreateArea;
    const UPDATE_AREA: Operation = RidV1UpdateArea;
    const DELETE_AREA: Operation = RidV1DeleteArea;
    const SEARCH_SUBSCRIPTIONS: Operation = RidV1SearchSubscriptions;
    const GET_SUBSCRIPTION: Operation = RidV1GetSubscription;
    const CREATE_SUBSCRIPTION: Operation = RidV1CreateSubscription;
    const UPDATE_SUBSCRIPTION: Operation = RidV1UpdateSubscription;
    const DELETE_SUBSCRIPTION: Operation = RidV1DeleteSubscription;
    const OUTLINE: &str = "/extents/spatial_volume/footprint";
    const LOWER: &str = "/extents/spatial_volume/altitude_lo";
    const UPPER: &str = "/extents/spatial_volume/altitude_hi";
    const AREA_URL: &str = "/flights_url";
    const SUBSCRIPTION_URL: &str = "/callbacks/identification_service_area_url";
    const MISSING_URL: &str = "callbacks.identification_service_area_url: is missing";

    fn uss(name: &'static str) -> Uss<'static> {
        Uss { name, scopes: &[DSS_READ_AREAS, DSS_WRITE_AREAS] }
    }

    fn area(lat: f64, lng: f64) -> Value {
        area_v1(lat, lng)
    }

    fn subscription(lat: f64, lng: f64) -> Value {
        rid_subscription_v1(lat, lng)
    }

    fn time(minutes: i64) -> Value {
        crate::harness::minutes(minutes)["value"].clone()
    }

    fn no_time() -> Value {
        json!("tomorrow")
    }

    fn altitude(metres: f64) -> Value {
        json!(metres)
    }

    fn huge() -> Value {
        square(1.0)
    }
}

/// Asks for what must be right.
async fn ok(world: &World, who: &Uss<'_>, operation: Operation, parameters: &[&str], body: &Value) -> Value {
    let reply = world.call(who, operation, parameters, body).await;
    assert_eq!(reply.status, operation.standard().success, "{operation:?}: {}", reply.text);
    reply.body
}

/// The ids that a search finds.
async fn found(world: &World, who: &Uss<'_>, operation: Operation, query: &str) -> Vec<String> {
    let reply = world.search(who, operation, query).await;
    assert_eq!(reply.status, 200, "{operation:?} {query}: {}", reply.text);
    let list = reply.body.as_object().unwrap().values().next().unwrap().as_array().unwrap();
    list.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn version(body: &Value, of: &str) -> String {
    body[of]["version"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_area_of_22a_has_the_fields_of_22a() {
    let world = World::new();
    let alice = V2::uss("alice");
    let made = ok(&world, &alice, RidV2CreateArea, &[&id(1)], &area_v2(46.0, 7.0)).await;
    let version = version(&made, "service_area");
    assert!(version.len() >= 10 && version.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'v')), "{version}");
    let expected = json!({
        "uss_base_url": "https://sp.example.com/v2",
        "owner": "alice",
        "time_start": { "value": "2026-05-01T08:10:00Z", "format": "RFC3339" },
        "time_end": { "value": "2026-05-01T09:10:00Z", "format": "RFC3339" },
        "version": version,
        "id": id(1),
    });
    assert_eq!(made, json!({ "subscribers": [], "service_area": expected }));
    let seen = ok(&world, &alice, RidV2GetArea, &[&id(1)], &Value::Null).await;
    assert_eq!(seen, json!({ "service_area": expected }));
    let subscribed = ok(&world, &alice, RidV2CreateSubscription, &[&id(1)], &rid_subscription_v2(46.0, 7.0)).await;
    let expected = json!({
        "service_areas": [expected],
        "subscription": {
            "id": id(1),
            "uss_base_url": "https://dp.example.com/v2",
            "owner": "alice",
            "notification_index": 0,
            "time_start": { "value": "2026-05-01T08:10:00Z", "format": "RFC3339" },
            "time_end": { "value": "2026-05-01T09:10:00Z", "format": "RFC3339" },
            "version": subscribed["subscription"]["version"],
        },
    });
    assert_eq!(subscribed, expected);
}

#[tokio::test]
async fn an_area_of_19_has_the_fields_of_19() {
    let world = World::new();
    let alice = V1::uss("alice");
    let made = ok(&world, &alice, RidV1CreateArea, &[&id(1)], &area_v1(46.0, 7.0)).await;
    let expected = json!({
        "flights_url": "https://sp.example.com/v1/flights",
        "owner": "alice",
        "time_start": "2026-05-01T08:10:00Z",
        "time_end": "2026-05-01T09:10:00Z",
        "version": made["service_area"]["version"],
        "id": id(1),
    });
    assert_eq!(made, json!({ "subscribers": [], "service_area": expected }));
    let subscribed = ok(&world, &alice, RidV1CreateSubscription, &[&id(1)], &rid_subscription_v1(46.0, 7.0)).await;
    let expected = json!({
        "service_areas": [expected],
        "subscription": {
            "id": id(1),
            "callbacks": { "identification_service_area_url": "https://dp.example.com/v1/areas" },
            "owner": "alice",
            "notification_index": 0,
            "time_start": "2026-05-01T08:10:00Z",
            "time_end": "2026-05-01T09:10:00Z",
            "version": subscribed["subscription"]["version"],
        },
    });
    assert_eq!(subscribed, expected);
}

/// Lives of an area and of those who watch it.
async fn lives<V: Rid>() {
    let world = World::new();
    let (alice, bob) = (V::uss("alice"), V::uss("bob"));
    let (area, here, there) = (id(1), id(2), id(3));
    ok(&world, &bob, V::CREATE_SUBSCRIPTION, &[&here], &V::subscription(46.0, 7.0)).await;
    ok(&world, &bob, V::CREATE_SUBSCRIPTION, &[&there], &V::subscription(46.2, 7.0)).await;
    let told = |reply: &Value| {
        let subscribers = reply["subscribers"].as_array().unwrap();
        let states = subscribers.iter().flat_map(|subscriber| subscriber["subscriptions"].as_array().unwrap());
        states
            .map(|state| (state["subscription_id"].as_str().unwrap().to_owned(), state["notification_index"].as_i64().unwrap()))
            .collect::<Vec<_>>()
    };

    // Whoever watches the place is told, even if the times never meet.
    let late = with(V::area(46.0, 7.0), &[(V::START, V::time(600)), (V::END, V::time(660))]);
    let made = ok(&world, &alice, V::CREATE_AREA, &[&area], &late).await;
    assert_eq!(told(&made), [(here.clone(), 1)]);
    // Moved, it concerns those where it was and where it is.
    let moved = ok(&world, &alice, V::UPDATE_AREA, &[&area, &version(&made, "service_area")], &V::area(46.2, 7.0)).await;
    assert_eq!(told(&moved), [(here.clone(), 2), (there.clone(), 1)]);
    let seen = ok(&world, &bob, V::GET_SUBSCRIPTION, &[&here], &Value::Null).await;
    assert_eq!(seen["subscription"]["notification_index"], 2);
    // A new version of a subscription begins to count anew, and knows what is there.
    let version_now = version(&seen, "subscription");
    let renewed = ok(&world, &bob, V::UPDATE_SUBSCRIPTION, &[&here, &version_now], &V::subscription(46.0, 7.0)).await;
    assert_eq!((&renewed["subscription"]["notification_index"], &renewed["service_areas"]), (&json!(0), &json!([])));
    let gone = ok(&world, &alice, V::DELETE_AREA, &[&area, &version(&moved, "service_area")], &Value::Null).await;
    assert_eq!(told(&gone), [(there.clone(), 2)]);
    assert_eq!(gone["service_area"], moved["service_area"]);
    assert_eq!(found(&world, &bob, V::SEARCH_AREAS, &corners(46.2, 7.0)).await, [""; 0]);

    // Only their owner finds subscriptions.
    assert_eq!(found(&world, &bob, V::SEARCH_SUBSCRIPTIONS, &corners(46.0, 7.0)).await, [&*here]);
    assert_eq!(found(&world, &alice, V::SEARCH_SUBSCRIPTIONS, &corners(46.0, 7.0)).await, [""; 0]);
    let version = version(&renewed, "subscription");
    let deleted = ok(&world, &bob, V::DELETE_SUBSCRIPTION, &[&here, &version], &Value::Null).await;
    assert_eq!(deleted["subscription"], renewed["subscription"]);
    assert_eq!(found(&world, &bob, V::SEARCH_SUBSCRIPTIONS, &corners(46.0, 7.0)).await, [""; 0]);
}

#[tokio::test]
async fn areas_and_subscriptions_of_22a_live_and_tell_of_each_other() {
    lives::<V2>().await;
}

#[tokio::test]
async fn areas_and_subscriptions_of_19_live_and_tell_of_each_other() {
    lives::<V1>().await;
}

/// An area that is made through `Made` is seen through `Seen`, and notifies a subscriber of it.
async fn crosses<Made: Rid, Seen: Rid>() {
    let world = World::new();
    let (alice, bob) = (Made::uss("alice"), Seen::uss("bob"));
    ok(&world, &bob, Seen::CREATE_SUBSCRIPTION, &[&id(2)], &Seen::subscription(46.0, 7.0)).await;
    let made = ok(&world, &alice, Made::CREATE_AREA, &[&id(1)], &Made::area(46.0, 7.0)).await;
    // The subscriber's URL is told as it wrote it: whoever notifies knows from it which version to speak.
    let url = Seen::subscription(46.0, 7.0).pointer(Seen::SUBSCRIPTION_URL).unwrap().clone();
    let states = json!([{ "subscription_id": id(2), "notification_index": 1 }]);
    assert_eq!(made["subscribers"], json!([{ "subscriptions": states, "url": url }]));
    assert_eq!(found(&world, &bob, Seen::SEARCH_AREAS, &corners(46.0, 7.0)).await, [id(1)]);
    let seen = ok(&world, &bob, Seen::GET_AREA, &[&id(1)], &Value::Null).await;
    assert_eq!(seen["service_area"]["version"], made["service_area"]["version"]);
    let url = Made::area(46.0, 7.0).pointer(Made::AREA_URL).unwrap().clone();
    assert_eq!(seen["service_area"].pointer(Seen::AREA_URL), Some(&url));
    let renewed = {
        let seen = ok(&world, &bob, Seen::GET_SUBSCRIPTION, &[&id(2)], &Value::Null).await;
        let version = version(&seen, "subscription");
        ok(&world, &bob, Seen::UPDATE_SUBSCRIPTION, &[&id(2), &version], &Seen::subscription(46.0, 7.0)).await
    };
    assert_eq!(renewed["service_areas"], json!([seen["service_area"]]));
    // Its owner may go on through the other version, too.
    let version = version(&made, "service_area");
    ok(&world, &Seen::uss("alice"), Seen::DELETE_AREA, &[&id(1), &version], &Value::Null).await;
    let gone = world.call(&alice, Made::GET_AREA, &[&id(1)], &Value::Null).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn an_area_of_19_is_seen_through_22a_and_notifies_there() {
    crosses::<V1, V2>().await;
}

#[tokio::test]
async fn an_area_of_22a_is_seen_through_19_and_notifies_there() {
    crosses::<V2, V1>().await;
}

#[tokio::test]
async fn searches_find_what_has_not_ended_and_shares_a_time() {
    let world = World::new();
    let (alice, area) = (V2::uss("alice"), id(1));
    ok(&world, &alice, RidV2CreateArea, &[&area], &area_v2(46.0, 7.0)).await;
    let at = |minutes: i64| V1::time(minutes).as_str().unwrap().to_owned();
    let cases = [
        (String::new(), true),
        (format!("&earliest_time={}", at(70)), true),
        (format!("&earliest_time={}", at(71)), false),
        (format!("&latest_time={}", at(10)), true),
        (format!("&latest_time={}", at(9)), false),
        (format!("&earliest_time={}&latest_time={}", at(20), at(20)), true),
        (format!("&earliest_time={}&latest_time={}", at(-99), at(-98)), false),
    ];
    for (times, expected) in cases {
        let ids = found(&world, &alice, RidV2SearchAreas, &(corners(46.0, 7.0) + &times)).await;
        assert_eq!(ids.contains(&area), expected, "{times}");
    }
    assert_eq!(found(&world, &alice, RidV2SearchAreas, &corners(46.3, 7.0)).await, [""; 0]);

    // What has ended is not found, not even by a search that reaches back; whoever knows its id still sees it.
    ok(&world, &alice, RidV2CreateSubscription, &[&id(2)], &rid_subscription_v2(46.0, 7.0)).await;
    world.clock.pass(71 * 60);
    let back = format!("{}&earliest_time={}", corners(46.0, 7.0), at(0));
    assert_eq!(found(&world, &alice, RidV2SearchAreas, &back).await, [""; 0]);
    assert_eq!(found(&world, &alice, RidV2SearchSubscriptions, &corners(46.0, 7.0)).await, [""; 0]);
    ok(&world, &alice, RidV2GetArea, &[&area], &Value::Null).await;
    ok(&world, &alice, RidV2GetSubscription, &[&id(2)], &Value::Null).await;
}

#[tokio::test]
async fn ten_live_subscriptions_at_a_place_are_enough_for_one_owner() {
    let world = World::new();
    let (alice, bob) = (V2::uss("alice"), V1::uss("bob"));
    for number in 0..10 {
        ok(&world, &alice, RidV2CreateSubscription, &[&id(number)], &rid_subscription_v2(46.0, 7.0)).await;
    }
    // Whichever version it is asked through.
    let again = Uss { name: "alice", ..bob };
    let refused = world.call(&again, RidV1CreateSubscription, &[&id(10)], &rid_subscription_v1(46.0, 7.0)).await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert!(refused.message().contains("as many subscriptions"), "{}", refused.message());
    ok(&world, &bob, RidV1CreateSubscription, &[&id(10)], &rid_subscription_v1(46.0, 7.0)).await;
    ok(&world, &alice, RidV2CreateSubscription, &[&id(11)], &rid_subscription_v2(46.3, 7.0)).await;
    // Those that have ended do not count.
    world.clock.pass(71 * 60);
    let body = with(rid_subscription_v2(46.0, 7.0), &[(V2::START, Value::Null), (V2::END, Value::Null)]);
    ok(&world, &alice, RidV2CreateSubscription, &[&id(12)], &body).await;
}

#[tokio::test]
async fn times_that_are_left_out_are_chosen() {
    let world = World::new();
    let alice = V2::uss("alice");
    let open = with(rid_subscription_v2(46.0, 7.0), &[(V2::START, Value::Null), (V2::END, Value::Null)]);
    let made = ok(&world, &alice, RidV2CreateSubscription, &[&id(1)], &open).await;
    assert_eq!(made["subscription"]["time_start"]["value"], "2026-05-01T08:00:00Z");
    assert_eq!(made["subscription"]["time_end"]["value"], "2026-05-02T08:00:00Z");
    let from_now = with(area_v2(46.0, 7.0), &[(V2::START, Value::Null)]);
    let made = ok(&world, &alice, RidV2CreateArea, &[&id(1)], &from_now).await;
    assert_eq!(made["service_area"]["time_start"]["value"], "2026-05-01T08:00:00Z");
    // Those of an update stay as they were.
    let moved = with(area_v2(46.1, 7.0), &[(V2::START, Value::Null), (V2::END, Value::Null)]);
    let updated = ok(&world, &alice, RidV2UpdateArea, &[&id(1), &version(&made, "service_area")], &moved).await;
    assert_eq!(updated["service_area"]["time_end"], made["service_area"]["time_end"]);
}

#[tokio::test]
async fn notifications_bear_the_time_of_day_if_that_is_set() {
    let registry = Options { time_based_notification_index: true, quotas: Quotas::NONE, ..Options::default() };
    let world = World::of(Settings::default(), NodeOptions { registry, ..NodeOptions::default() });
    let alice = V2::uss("alice");
    ok(&world, &alice, RidV2CreateSubscription, &[&id(2)], &rid_subscription_v2(46.0, 7.0)).await;
    let made = ok(&world, &alice, RidV2CreateArea, &[&id(1)], &area_v2(46.0, 7.0)).await;
    // Eight o'clock.
    assert_eq!(made["subscribers"][0]["subscriptions"][0]["notification_index"], 8 * 3_600_000);
}

#[test]
fn the_versions_have_paths_of_their_own() {
    let of = |path| Call::of(&Method::GET, path).map(|call| call.operation);
    assert_eq!(of("/rid/v2/dss/subscriptions"), Some(RidV2SearchSubscriptions));
    assert_eq!(of("/v1/dss/subscriptions"), Some(RidV1SearchSubscriptions));
    assert_eq!(of("/dss/v1/subscriptions/x"), Some(GetSubscription));
}
