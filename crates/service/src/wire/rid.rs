//! The bodies of F3411 in both of its versions: what they ask for in the registry's terms, and what the registry says in
//! theirs. The registry does not know of versions, so that what is written through one is read through the other; a URL is
//! told as it was written.

use crate::wire::problems::{At, Problems};
use crate::wire::time::{self, TimeOutOfRange, WireTime};
use crate::wire::url::UrlRules;
use crate::wire::volume::{SubscriptionExtent, altitude, polygon_outline, settled, subscription_extent};
use crate::wire::{request, wire_time};
use deconflict_astm::{rid_v1, rid_v2};
use deconflict_registry as registry;
use deconflict_registry::{IdentificationServiceArea, RidSubscription, Subscriber, Time, UssBaseUrl};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a put of an area or of a subscription asks for.
pub struct RidPut {
    /// Where and when.
    pub extent: SubscriptionExtent,
    /// Where flights can be asked for, or where changes are told.
    pub url: UssBaseUrl,
}

/// A version of F3411.
pub trait Rid: 'static {
    /// Body of a put of an area.
    type AreaBody: DeserializeOwned;
    /// Body of a put of a subscription.
    type SubscriptionBody: DeserializeOwned;

    /// What a put of an area asks for.
    fn asked_area(body: &Self::AreaBody, urls: UrlRules, problems: &mut Problems) -> Option<RidPut>;
    /// What a put of a subscription asks for.
    fn asked_subscription(body: &Self::SubscriptionBody, urls: UrlRules, problems: &mut Problems) -> Option<RidPut>;

    /// One area.
    fn area(area: &IdentificationServiceArea) -> impl Serialize;
    /// An area that was put or deleted, and whom to tell.
    fn area_changed(area: &IdentificationServiceArea, subscribers: &[Subscriber]) -> impl Serialize;
    /// Areas that were found.
    fn areas(areas: &[IdentificationServiceArea]) -> impl Serialize;
    /// One subscription.
    fn subscription(subscription: &RidSubscription) -> impl Serialize;
    /// A subscription that was put, and the areas at its place.
    fn subscription_put(subscription: &RidSubscription, areas: &[IdentificationServiceArea]) -> impl Serialize;
    /// Subscriptions that were found.
    fn subscriptions(subscriptions: &[RidSubscription]) -> impl Serialize;
}

/// F3411-22a.
pub enum RidV2 {}

impl Rid for RidV2 {
    type AreaBody = rid_v2::CreateIdentificationServiceAreaParameters;
    type SubscriptionBody = rid_v2::CreateSubscriptionParameters;

    fn asked_area(body: &Self::AreaBody, urls: UrlRules, problems: &mut Problems) -> Option<RidPut> {
        put_v2(&body.extents, &body.uss_base_url, urls, problems)
    }

    fn asked_subscription(body: &Self::SubscriptionBody, urls: UrlRules, problems: &mut Problems) -> Option<RidPut> {
        put_v2(&body.extents, &body.uss_base_url, urls, problems)
    }

    fn area(area: &IdentificationServiceArea) -> impl Serialize {
        rid_v2::GetIdentificationServiceAreaResponse { service_area: area_v2(area) }
    }

    fn area_changed(area: &IdentificationServiceArea, subscribers: &[Subscriber]) -> impl Serialize {
        let subscribers = Some(subscribers.iter().map(subscriber).collect());
        rid_v2::PutIdentificationServiceAreaResponse { subscribers, service_area: area_v2(area) }
    }

    fn areas(areas: &[IdentificationServiceArea]) -> impl Serialize {
        rid_v2::SearchIdentificationServiceAreasResponse { service_areas: Some(areas.iter().map(area_v2).collect()) }
    }

    fn subscription(subscription: &RidSubscription) -> impl Serialize {
        rid_v2::GetSubscriptionResponse { subscription: subscription_v2(subscription) }
    }

    fn subscription_put(subscription: &RidSubscription, areas: &[IdentificationServiceArea]) -> impl Serialize {
        let service_areas = Some(areas.iter().map(area_v2).collect());
        rid_v2::PutSubscriptionResponse { service_areas, subscription: subscription_v2(subscription) }
    }

    fn subscriptions(subscriptions: &[RidSubscription]) -> impl Serialize {
        rid_v2::SearchSubscriptionsResponse { subscriptions: Some(subscriptions.iter().map(subscription_v2).collect()) }
    }
}

/// Areas and subscriptions are asked for in the same words.
fn put_v2(extents: &rid_v2::Volume4D, url: &str, urls: UrlRules, problems: &mut Problems) -> Option<RidPut> {
    let extent = subscription_extent(extents, At::root("extents"), problems);
    let url = request::url(url, At::root("uss_base_url"), urls, problems);
    Some(RidPut { extent: extent?, url: url? })
}

fn area_v2(area: &IdentificationServiceArea) -> rid_v2::IdentificationServiceArea {
    rid_v2::IdentificationServiceArea {
        uss_base_url: area.url.as_str().to_owned(),
        owner: area.owner.as_str().to_owned(),
        time_start: wire_time(area.time.start()),
        time_end: wire_time(area.time.end()),
        version: area.version.to_string(),
        id: area.id.to_string(),
    }
}

fn subscription_v2(subscription: &RidSubscription) -> rid_v2::Subscription {
    rid_v2::Subscription {
        id: subscription.id.to_string(),
        uss_base_url: subscription.url.as_str().to_owned(),
        owner: subscription.owner.as_str().to_owned(),
        notification_index: Some(subscription.notification_index),
        time_end: Some(wire_time(subscription.time.end())),
        time_start: Some(wire_time(subscription.time.start())),
        version: subscription.version.to_string(),
    }
}

/// F3411-19.
pub enum RidV1 {}

impl Rid for RidV1 {
    type AreaBody = rid_v1::CreateIdentificationServiceAreaParameters;
    type SubscriptionBody = rid_v1::CreateSubscriptionParameters;

    fn asked_area(body: &Self::AreaBody, urls: UrlRules, problems: &mut Problems) -> Option<RidPut> {
        let extent = extent_v1(&body.extents, At::root("extents"), problems);
        let url = request::url(&body.flights_url, At::root("flights_url"), urls, problems);
        Some(RidPut { extent: extent?, url: url? })
    }

    fn asked_subscription(body: &Self::SubscriptionBody, urls: UrlRules, problems: &mut Problems) -> Option<RidPut> {
        let extent = extent_v1(&body.extents, At::root("extents"), problems);
        let at = At::root("callbacks");
        let at = at.field("identification_service_area_url");
        let Some(url) = &body.callbacks.identification_service_area_url else {
            problems.add(at, "is missing");
            return None;
        };
        let url = request::url(url, at, urls, problems);
        Some(RidPut { extent: extent?, url: url? })
    }

    fn area(area: &IdentificationServiceArea) -> impl Serialize {
        rid_v1::GetIdentificationServiceAreaResponse { service_area: area_v1(area) }
    }

    fn area_changed(area: &IdentificationServiceArea, subscribers: &[Subscriber]) -> impl Serialize {
        let subscribers = subscribers.iter().map(subscriber).collect();
        rid_v1::PutIdentificationServiceAreaResponse { subscribers, service_area: area_v1(area) }
    }

    fn areas(areas: &[IdentificationServiceArea]) -> impl Serialize {
        rid_v1::SearchIdentificationServiceAreasResponse { service_areas: areas.iter().map(area_v1).collect() }
    }

    fn subscription(subscription: &RidSubscription) -> impl Serialize {
        rid_v1::GetSubscriptionResponse { subscription: subscription_v1(subscription) }
    }

    fn subscription_put(subscription: &RidSubscription, areas: &[IdentificationServiceArea]) -> impl Serialize {
        let service_areas = Some(areas.iter().map(area_v1).collect());
        rid_v1::PutSubscriptionResponse { service_areas, subscription: subscription_v1(subscription) }
    }

    fn subscriptions(subscriptions: &[RidSubscription]) -> impl Serialize {
        rid_v1::SearchSubscriptionsResponse { subscriptions: subscriptions.iter().map(subscription_v1).collect() }
    }
}

/// As [`subscription_extent`], with the names of F3411-19.
fn extent_v1(extent: &rid_v1::Volume4D, at: At, problems: &mut Problems) -> Option<SubscriptionExtent> {
    let space = &extent.spatial_volume;
    let in_space = at.field("spatial_volume");
    let found = polygon_outline(&space.footprint, in_space.field("footprint"), problems);
    let cells = found.and_then(|found| settled(found, in_space.field("footprint"), problems));
    let mut edge =
        |metres: Option<f64>, name| metres.map_or(Some(None), |m| altitude(m, in_space.field(name), problems).map(Some));
    let (lower, upper) = (edge(space.altitude_lo, "altitude_lo")?, edge(space.altitude_hi, "altitude_hi")?);
    if let (Some(lower), Some(upper)) = (lower, upper)
        && upper < lower
    {
        problems.add(in_space.field("altitude_hi"), format_args!("{upper} m is below altitude_lo, {lower} m"));
        return None;
    }
    let start = instant_v1(extent.time_start.as_deref(), WireTime::start, at.field("time_start"), problems);
    let end = instant_v1(extent.time_end.as_deref(), WireTime::end, at.field("time_end"), problems);
    Some(SubscriptionExtent { cells: cells?, start, end })
}

fn instant_v1(
    text: Option<&str>,
    rounded: fn(WireTime) -> Result<Time, TimeOutOfRange>,
    at: At,
    problems: &mut Problems,
) -> Option<Time> {
    let time = problems.take(at, WireTime::parse(text?))?;
    problems.take(at, rounded(time))
}

fn area_v1(area: &IdentificationServiceArea) -> rid_v1::IdentificationServiceArea {
    rid_v1::IdentificationServiceArea {
        flights_url: area.url.as_str().to_owned(),
        owner: area.owner.as_str().to_owned(),
        time_start: time::write(area.time.start()),
        time_end: time::write(area.time.end()),
        version: area.version.to_string(),
        id: area.id.to_string(),
    }
}

fn subscription_v1(subscription: &RidSubscription) -> rid_v1::Subscription {
    let url = Some(subscription.url.as_str().to_owned());
    rid_v1::Subscription {
        id: subscription.id.to_string(),
        callbacks: rid_v1::SubscriptionCallbacks { identification_service_area_url: url },
        owner: subscription.owner.as_str().to_owned(),
        notification_index: subscription.notification_index,
        time_end: Some(time::write(subscription.time.end())),
        time_start: Some(time::write(subscription.time.start())),
        version: subscription.version.to_string(),
    }
}

/// The same in both versions.
fn subscriber(subscriber: &Subscriber) -> rid_v2::SubscriberToNotify {
    let state = |(id, index): &(registry::SubscriptionId, i32)| rid_v2::SubscriptionState {
        subscription_id: id.to_string(),
        notification_index: Some(*index),
    };
    rid_v2::SubscriberToNotify {
        subscriptions: subscriber.subscriptions.iter().map(state).collect(),
        url: subscriber.uss_base_url.as_str().to_owned(),
    }
}
