//! What F3411 reads and answers, in both of its versions.

use super::{asked, count, date_time, id, list, named, object, query_parameter, text, url};
use serde_json::{Value, json};

/// The parameters of a search.
pub fn search(of_areas: bool) -> Vec<Value> {
    let mut area = query_parameter("area", true, text());
    area["example"] = json!("46.0,7.0,46.0,7.01,46.01,7.01");
    let times = ["earliest_time", "latest_time"].map(|name| query_parameter(name, false, date_time()));
    std::iter::once(area).chain(times.into_iter().filter(|_| of_areas)).collect()
}

/// A body that is right on every day until 2200; a subscription is for the day that comes.
pub fn example(request: &str, volume: &Value) -> Value {
    let start = "2200-01-01T08:00:00Z";
    let end = "2200-01-01T09:00:00Z";
    let footprint = json!({ "vertices": [{ "lat": 46, "lng": 7 }, { "lat": 46, "lng": 7.01 }, { "lat": 46.01, "lng": 7 }] });
    let of_v1 = json!({ "spatial_volume": { "footprint": footprint }, "time_start": start, "time_end": end });
    let (flights, told) = ("https://uss.example.com/flights", "https://uss.example.com/areas");
    match request {
        "RidV1PutSubscriptionParameters" => {
            json!({ "extents": of_v1, "callbacks": { "identification_service_area_url": told } })
        }
        _ if request.starts_with("RidV1") => json!({ "extents": of_v1, "flights_url": flights }),
        _ => json!({ "extents": volume, "uss_base_url": "https://uss.example.com" }),
    }
}

/// The bodies of both versions.
pub fn schemas() -> Vec<(&'static str, Value)> {
    let mut schemas = v2().into_iter().chain(v1()).collect::<Vec<_>>();
    schemas.push(("RidSubscriptionState", object([("subscription_id", id()), ("notification_index?", count())])));
    let states = list(named("RidSubscriptionState"));
    schemas.push(("RidSubscriberToNotify", object([("subscriptions", states), ("url", url())])));
    schemas
}

/// A place as it is asked for; `time_end` may be missing where something has an end already, or gets one.
fn extent(space: (&'static str, &'static str), time: &dyn Fn() -> Value, has_end: bool) -> Value {
    let end = if has_end { "time_end" } else { "time_end?" };
    asked([(space.0, named(space.1)), ("time_start?", time()), (end, time())])
}

/// An area; the versions differ in how they name its URL and write times.
fn an_area(its_url: &'static str, time: &dyn Fn() -> Value) -> Value {
    object([(its_url, url()), ("owner", text()), ("time_start", time()), ("time_end", time()), ("version", text()), ("id", id())])
}

/// A subscription; the versions differ in where its owner is told, whether it must bear an index, and how they write times.
fn a_subscription(told_at: (&'static str, Value), index: &'static str, time: &dyn Fn() -> Value) -> Value {
    object([
        ("id", id()),
        told_at,
        ("owner", text()),
        (index, count()),
        ("time_end?", time()),
        ("time_start?", time()),
        ("version", text()),
    ])
}

fn v2() -> [(&'static str, Value); 13] {
    let time = || named("Time");
    let (area, subscription) = (|| named("RidV2IdentificationServiceArea"), || named("RidV2Subscription"));
    let put = |extents| asked([("extents", named(extents)), ("uss_base_url", url())]);
    [
        ("RidV2EndingVolume4D", extent(("volume", "Volume3D"), &time, true)),
        ("RidV2Volume4D", extent(("volume", "Volume3D"), &time, false)),
        ("RidV2CreateIdentificationServiceAreaParameters", put("RidV2EndingVolume4D")),
        ("RidV2UpdateIdentificationServiceAreaParameters", put("RidV2Volume4D")),
        ("RidV2PutSubscriptionParameters", put("RidV2Volume4D")),
        ("RidV2IdentificationServiceArea", an_area("uss_base_url", &time)),
        ("RidV2Subscription", a_subscription(("uss_base_url", url()), "notification_index?", &time)),
        ("RidV2GetIdentificationServiceAreaResponse", object([("service_area", area())])),
        ("RidV2IdentificationServiceAreaChanged", changed("subscribers?", area())),
        ("RidV2SearchIdentificationServiceAreasResponse", object([("service_areas?", list(area()))])),
        ("RidV2SubscriptionResponse", object([("subscription", subscription())])),
        ("RidV2PutSubscriptionResponse", object([("service_areas?", list(area())), ("subscription", subscription())])),
        ("RidV2SearchSubscriptionsResponse", object([("subscriptions?", list(subscription()))])),
    ]
}

fn v1() -> [(&'static str, Value); 15] {
    let time = date_time;
    let altitude = || json!({ "type": "number", "format": "double", "minimum": -8_000.0, "maximum": 100_000.0 });
    let (area, subscription) = (|| named("RidV1IdentificationServiceArea"), || named("RidV1Subscription"));
    let callbacks = || named("RidV1SubscriptionCallbacks");
    let area_put = |extents| asked([("extents", named(extents)), ("flights_url", url())]);
    [
        ("RidV1Volume3D", asked([("footprint", named("Polygon")), ("altitude_lo?", altitude()), ("altitude_hi?", altitude())])),
        ("RidV1EndingVolume4D", extent(("spatial_volume", "RidV1Volume3D"), &time, true)),
        ("RidV1Volume4D", extent(("spatial_volume", "RidV1Volume3D"), &time, false)),
        ("RidV1CreateIdentificationServiceAreaParameters", area_put("RidV1EndingVolume4D")),
        ("RidV1UpdateIdentificationServiceAreaParameters", area_put("RidV1Volume4D")),
        ("RidV1SubscriptionCallbacks", object([("identification_service_area_url", url())])),
        ("RidV1PutSubscriptionParameters", asked([("extents", named("RidV1Volume4D")), ("callbacks", callbacks())])),
        ("RidV1IdentificationServiceArea", an_area("flights_url", &time)),
        ("RidV1Subscription", a_subscription(("callbacks", callbacks()), "notification_index", &time)),
        ("RidV1GetIdentificationServiceAreaResponse", object([("service_area", area())])),
        ("RidV1IdentificationServiceAreaChanged", changed("subscribers", area())),
        ("RidV1SearchIdentificationServiceAreasResponse", object([("service_areas", list(area()))])),
        ("RidV1SubscriptionResponse", object([("subscription", subscription())])),
        ("RidV1PutSubscriptionResponse", object([("service_areas?", list(area())), ("subscription", subscription())])),
        ("RidV1SearchSubscriptionsResponse", object([("subscriptions", list(subscription()))])),
    ]
}

fn changed(subscribers: &'static str, area: Value) -> Value {
    object([(subscribers, list(named("RidSubscriberToNotify"))), ("service_area", area)])
}
