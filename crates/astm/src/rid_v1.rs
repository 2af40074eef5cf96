//! The bodies and operations of a DSS of ASTM F3411-19, the first version of remote identification, as they stand on the wire.
//!
//! As [`rid_v2`](crate::rid_v2), but times are texts, altitudes numbers, outlines polygons, and URLs name one resource.

use crate::object::objects;
use crate::operations::{Method, Operation, operation};
use serde::{Deserialize, Serialize};

pub use crate::rid_v2::{SubscriberToNotify, SubscriptionState};
pub use crate::{ErrorResponse, LatLngPoint};

objects!(
    Volume3D,
    Volume4D,
    IdentificationServiceArea,
    CreateIdentificationServiceAreaParameters,
    PutIdentificationServiceAreaResponse,
    GetIdentificationServiceAreaResponse,
    DeleteIdentificationServiceAreaResponse,
    SearchIdentificationServiceAreasResponse,
    SubscriptionCallbacks,
    Subscription,
    CreateSubscriptionParameters,
    PutSubscriptionResponse,
    GetSubscriptionResponse,
    DeleteSubscriptionResponse,
    SearchSubscriptionsResponse
);

/// An instant: RFC 3339 text, such as `2026-05-01T08:30:00Z`.
pub type Time = String;

/// Metres above the WGS84 ellipsoid.
pub type Altitude = f64;

/// An area bounded by geodesics, with the rules of [`Polygon`](crate::Polygon).
pub type GeoPolygon = crate::Polygon;

/// An area between two altitudes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Volume3D {
    /// The area.
    pub footprint: GeoPolygon,
    /// Lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude_lo: Option<Altitude>,
    /// Upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude_hi: Option<Altitude>,
}

/// A [`Volume3D`] for a span of time. Where a bound may be missing, the request says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Volume4D {
    /// The space.
    pub spatial_volume: Volume3D,
    /// First instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_start: Option<Time>,
    /// Last instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_end: Option<Time>,
}

/// Where and when a service provider has flights that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct IdentificationServiceArea {
    /// Where its flights can be asked for; it ends in `/flights`.
    pub flights_url: String,
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
    pub flights_url: String,
}

/// Body of an update of an area. Missing times stay as they are.
pub type UpdateIdentificationServiceAreaParameters = CreateIdentificationServiceAreaParameters;

/// Answer to a create or update of an area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutIdentificationServiceAreaResponse {
    /// Whom the owner has to tell.
    pub subscribers: Vec<SubscriberToNotify>,
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
    pub subscribers: Vec<SubscriberToNotify>,
}

/// Answer to a search for areas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SearchIdentificationServiceAreasResponse {
    /// The areas there that have not ended.
    pub service_areas: Vec<IdentificationServiceArea>,
}

/// Where the owner of a subscription is told. Servers refuse it without the one field that there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SubscriptionCallbacks {
    /// Where changes of areas are told: `/{id}` is appended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identification_service_area_url: Option<String>,
}

/// Standing interest of a display provider in the areas of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Subscription {
    /// Which subscription.
    pub id: String,
    /// Where its owner is told.
    pub callbacks: SubscriptionCallbacks,
    /// Who may change it.
    pub owner: String,
    /// Number of the latest notification.
    pub notification_index: i32,
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
    pub callbacks: SubscriptionCallbacks,
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
    pub subscriptions: Vec<Subscription>,
}

const AREAS: &str = "/v1/dss/identification_service_areas";
const AREA: &str = "/v1/dss/identification_service_areas/{id}";
const AREA_VERSION: &str = "/v1/dss/identification_service_areas/{id}/{version}";
const SUBSCRIPTIONS: &str = "/v1/dss/subscriptions";
const SUBSCRIPTION: &str = "/v1/dss/subscriptions/{id}";
const SUBSCRIPTION_VERSION: &str = "/v1/dss/subscriptions/{id}/{version}";

/// What a DSS answers.
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
