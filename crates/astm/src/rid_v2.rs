//! The bodies and operations of a DSS of ASTM F3411-22a, remote identification, as they stand on the wire.
//!
//! Only what a DSS is asked and answers: flights and notifications go from USS to USS. Places, times and errors are those of
//! F3548, with the same leniency. The names are the standard's, so they are used with the module's name before them.

use crate::object::objects;
use crate::operations::{Method, Operation, operation};
use serde::{Deserialize, Serialize};

pub use crate::{
    Altitude, AltitudeReference, AltitudeUnits, Circle, ErrorResponse, LatLngPoint, Polygon, Radius, RadiusUnits, Time,
    TimeFormat, Volume3D, Volume4D,
};

objects!(
    SubscriptionState,
    SubscriberToNotify,
    IdentificationServiceArea,
    CreateIdentificationServiceAreaParameters,
    PutIdentificationServiceAreaResponse,
    GetIdentificationServiceAreaResponse,
    DeleteIdentificationServiceAreaResponse,
    SearchIdentificationServiceAreasResponse,
    Subscription,
    CreateSubscriptionParameters,
    PutSubscriptionResponse,
    GetSubscriptionResponse,
    DeleteSubscriptionResponse,
    SearchSubscriptionsResponse
);

/// One subscription that a notification answers, with the number of that notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SubscriptionState {
    /// Which subscription.
    pub subscription_id: String,
    /// Counts the notifications of the subscription, so that its owner notices a lost one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_index: Option<i32>,
}

/// One address that has to be told of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SubscriberToNotify {
    /// The subscriptions behind that address.
    pub subscriptions: Vec<SubscriptionState>,
    /// As the owner of the subscriptions wrote it.
    pub url: String,
}

/// Where and when a service provider has flights that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct IdentificationServiceArea {
    /// Where its flights can be asked for: `/uss/flights` is appended.
    pub uss_base_url: String,
    /// Who may change it.
    pub owner: String,
    /// First instant.
    pub time_start: Time,
    /// Last instant.
    pub time_end: Time,
    /// Changes with every write.
    pub version: String,
    /// Which area.
    pub id: String,
}

/// Body of a create of an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct CreateIdentificationServiceAreaParameters {
    /// Where and when. Missing start: now. The end is needed.
    pub extents: Volume4D,
    /// Where its flights can be asked for.
    pub uss_base_url: String,
}

/// Body of an update of an area. Missing times stay as they are.
pub type UpdateIdentificationServiceAreaParameters = CreateIdentificationServiceAreaParameters;

/// Answer to a create or update of an area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutIdentificationServiceAreaResponse {
    /// Whom the owner has to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribers: Option<Vec<SubscriberToNotify>>,
    /// The area as it is now.
    pub service_area: IdentificationServiceArea,
}

/// Answer to a request for one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GetIdentificationServiceAreaResponse {
    /// The area.
    pub service_area: IdentificationServiceArea,
}

/// Answer to the deletion of an area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct DeleteIdentificationServiceAreaResponse {
    /// The area as it was.
    pub service_area: IdentificationServiceArea,
    /// Whom the owner has to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribers: Option<Vec<SubscriberToNotify>>,
}

/// Answer to a search for areas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SearchIdentificationServiceAreasResponse {
    /// The areas there that have not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_areas: Option<Vec<IdentificationServiceArea>>,
}

/// Standing interest of a display provider in the areas of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Subscription {
    /// Which subscription.
    pub id: String,
    /// Where its owner is told: `/uss/identification_service_areas/{id}` is appended.
    pub uss_base_url: String,
    /// Who may change it.
    pub owner: String,
    /// Number of the latest notification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_index: Option<i32>,
    /// Last instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_end: Option<Time>,
    /// First instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_start: Option<Time>,
    /// Changes with every write, not with notifications.
    pub version: String,
}

/// Body of a create of a subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct CreateSubscriptionParameters {
    /// Where and when. Missing start: now. Missing end: the DSS chooses.
    pub extents: Volume4D,
    /// Where its owner is told.
    pub uss_base_url: String,
}

/// Body of an update of a subscription. Missing times stay as they are.
pub type UpdateSubscriptionParameters = CreateSubscriptionParameters;

/// Answer to a create or update of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutSubscriptionResponse {
    /// The areas there that have not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_areas: Option<Vec<IdentificationServiceArea>>,
    /// The subscription as it is now.
    pub subscription: Subscription,
}

/// Answer to a request for one subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GetSubscriptionResponse {
    /// The subscription.
    pub subscription: Subscription,
}

/// Answer to the deletion of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct DeleteSubscriptionResponse {
    /// The subscription as it was.
    pub subscription: Subscription,
}

/// Answer to a search for subscriptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SearchSubscriptionsResponse {
    /// The caller's own ones there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscriptions: Option<Vec<Subscription>>,
}

const AREAS: &str = "/dss/identification_service_areas";
const AREA: &str = "/dss/identification_service_areas/{id}";
const AREA_VERSION: &str = "/dss/identification_service_areas/{id}/{version}";
const SUBSCRIPTIONS: &str = "/dss/subscriptions";
const SUBSCRIPTION: &str = "/dss/subscriptions/{id}";
const SUBSCRIPTION_VERSION: &str = "/dss/subscriptions/{id}/{version}";

/// What a DSS answers. Servers put a prefix of their own before the paths; `/rid/v2` is usual.
pub const DSS_OPERATIONS: [Operation; 10] = [
    operation("searchIdentificationServiceAreas", Method::Get, AREAS, 200, &[400, 401, 403, 413]),
    operation("getIdentificationServiceArea", Method::Get, AREA, 200, &[400, 401, 403, 404]),
    operation("createIdentificationServiceArea", Method::Put, AREA, 200, &[400, 401, 403, 409, 413]),
    operation("updateIdentificationServiceArea", Method::Put, AREA_VERSION, 200, &[400, 401, 403, 409, 413]),
    operation("deleteIdentificationServiceArea", Method::Delete, AREA_VERSION, 200, &[400, 401, 403, 404, 409]),
    operation("searchSubscriptions", Method::Get, SUBSCRIPTIONS, 200, &[400, 401, 403, 413]),
    operation("getSubscription", Method::Get, SUBSCRIPTION, 200, &[400, 401, 403, 404]),
    operation("createSubscription", Method::Put, SUBSCRIPTION, 200, &[400, 401, 403, 409, 429]),
    operation("updateSubscription", Method::Put, SUBSCRIPTION_VERSION, 200, &[400, 401, 403, 409, 429]),
    operation("deleteSubscription", Method::Delete, SUBSCRIPTION_VERSION, 200, &[400, 401, 403, 404, 409]),
];
