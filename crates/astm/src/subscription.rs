//! Subscriptions: standing interest in an area, and who has to be told of a change there.

use crate::object::objects;
use crate::{ConstraintReference, EntityId, OperationalIntentReference, SubscriptionId, Time, UssBaseUrl, Volume4D};
use serde::{Deserialize, Serialize};

objects!(
    SubscriptionState,
    SubscriberToNotify,
    Subscription,
    ImplicitSubscriptionParameters,
    PutSubscriptionParameters,
    PutSubscriptionResponse,
    GetSubscriptionResponse,
    DeleteSubscriptionResponse,
    QuerySubscriptionParameters,
    QuerySubscriptionsResponse
);

/// One subscription that a notification answers, with the number of that notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SubscriptionState {
    /// Which subscription.
    pub subscription_id: SubscriptionId,
    /// Counts the notifications of the subscription, so that its owner notices a lost one.
    pub notification_index: i32,
}

/// One address that has to be told of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SubscriberToNotify {
    /// The subscriptions behind that address.
    pub subscriptions: Vec<SubscriptionState>,
    /// Where to tell it.
    pub uss_base_url: UssBaseUrl,
}

/// A subscription as the DSS keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Subscription {
    /// Which subscription.
    pub id: SubscriptionId,
    /// Changes with every write of its owner, not with notifications.
    pub version: String,
    /// Number of the latest notification.
    pub notification_index: i32,
    /// Changes that end before this instant are not its business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_start: Option<Time>,
    /// Changes that begin after this instant are not its business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_end: Option<Time>,
    /// Where its owner is told.
    pub uss_base_url: UssBaseUrl,
    /// Whether it is about operational intents; not, if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_for_operational_intents: Option<bool>,
    /// Whether it is about constraints; not, if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_for_constraints: Option<bool>,
    /// Whether the DSS made it for an intent and takes it away with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implicit_subscription: Option<bool>,
    /// The intents that rely on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependent_operational_intents: Option<Vec<EntityId>>,
}

/// Asks for an implicit subscription with a write of an operational intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ImplicitSubscriptionParameters {
    /// Where the owner is told.
    pub uss_base_url: UssBaseUrl,
    /// Whether it is about constraints too; not, if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_for_constraints: Option<bool>,
}

/// Body of a create or update of a subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutSubscriptionParameters {
    /// Where and when. Missing start: now. Missing end: the DSS chooses.
    pub extents: Volume4D,
    /// Where the owner is told.
    pub uss_base_url: UssBaseUrl,
    /// Whether it is about operational intents; not, if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_for_operational_intents: Option<bool>,
    /// Whether it is about constraints; not, if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_for_constraints: Option<bool>,
}

/// Answer to a create or update of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutSubscriptionResponse {
    /// The subscription as it is now.
    pub subscription: Subscription,
    /// Intents in its area, if it is about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operational_intent_references: Option<Vec<OperationalIntentReference>>,
    /// Constraints in its area, if it is about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint_references: Option<Vec<ConstraintReference>>,
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

/// Body of a search for subscriptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct QuerySubscriptionParameters {
    /// Where and when; a missing bound is open. Servers refuse a search without an area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_of_interest: Option<Volume4D>,
}

/// Answer to a search for subscriptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct QuerySubscriptionsResponse {
    /// The caller's own ones in the area.
    pub subscriptions: Vec<Subscription>,
}
