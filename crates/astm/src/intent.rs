//! Operational intents: the reference that the DSS keeps, the details that their manager keeps, and what is asked and
//! answered about them.

use crate::object::objects;
use crate::subscription::{ImplicitSubscriptionParameters, SubscriberToNotify, SubscriptionState};
use crate::{
    ConstraintReference, EntityId, EntityOvn, EntityVersion, SubscriptionId, Time, UssAvailabilityState, UssBaseUrl, Volume4D,
};
use serde::{Deserialize, Serialize};

objects!(
    OperationalIntentReference,
    PutOperationalIntentReferenceParameters,
    ChangeOperationalIntentReferenceResponse,
    GetOperationalIntentReferenceResponse,
    QueryOperationalIntentReferenceParameters,
    QueryOperationalIntentReferenceResponse,
    AirspaceConflictResponse,
    OperationalIntentDetails,
    OperationalIntent,
    GetOperationalIntentDetailsResponse,
    PutOperationalIntentDetailsParameters
);

/// State of an operational intent. An intent that has ended is deleted, so that is no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OperationalIntentState {
    /// Planned and shared, not in use yet. A write that leaves an intent here proves with its key what it knew.
    Accepted,
    /// In use. A write that leaves an intent here proves with its key what it knew.
    Activated,
    /// Outside its volumes for the moment, expected to recover. No key is asked for.
    Nonconforming,
    /// Will not recover; only its end can follow. No key is asked for.
    Contingent,
}

/// What the DSS knows of an operational intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct OperationalIntentReference {
    /// Which intent.
    pub id: EntityId,
    /// Who owns it: the `sub` of the tokens of its USS.
    pub manager: String,
    /// Availability of the manager.
    pub uss_availability: UssAvailabilityState,
    /// Counts the changes, from 1.
    pub version: EntityVersion,
    /// State.
    pub state: OperationalIntentState,
    /// Opaque version. Only the manager is told; others are told nothing or a text that is no OVN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ovn: Option<EntityOvn>,
    /// First instant of all its extents.
    pub time_start: Time,
    /// Last instant of all its extents.
    pub time_end: Time,
    /// Where its details can be asked for.
    pub uss_base_url: UssBaseUrl,
    /// The subscription that keeps its manager informed.
    pub subscription_id: SubscriptionId,
}

/// Body of a create or update of an operational intent reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutOperationalIntentReferenceParameters {
    /// At least one; times and altitudes are needed in each. They enclose all volumes, nominal and off-nominal.
    pub extents: Vec<Volume4D>,
    /// OVNs of what the writer knows of. Needed in the states Accepted and Activated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Vec<EntityOvn>>,
    /// State that the intent is to have.
    pub state: OperationalIntentState,
    /// Where details can be asked for.
    pub uss_base_url: UssBaseUrl,
    /// An existing subscription of the writer that covers the intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<EntityId>,
    /// Asks the DSS for an implicit subscription instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_subscription: Option<ImplicitSubscriptionParameters>,
    /// Extension of InterUSS: a UUIDv7 of now; the OVN becomes `{entityid}_{suffix}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_ovn_suffix: Option<String>,
}

/// Answer to a create, update or delete of an operational intent reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ChangeOperationalIntentReferenceResponse {
    /// Whom the writer has to tell now, itself included.
    pub subscribers: Vec<SubscriberToNotify>,
    /// The reference as it is now, or was before it was deleted.
    pub operational_intent_reference: OperationalIntentReference,
}

/// Answer to a request for one operational intent reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GetOperationalIntentReferenceResponse {
    /// The reference.
    pub operational_intent_reference: OperationalIntentReference,
}

/// Body of a search for operational intent references.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct QueryOperationalIntentReferenceParameters {
    /// Where and when; a missing bound is open. Servers refuse a search without an area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_of_interest: Option<Volume4D>,
}

/// Answer to a search for operational intent references.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct QueryOperationalIntentReferenceResponse {
    /// All that may be in the area.
    pub operational_intent_references: Vec<OperationalIntentReference>,
}

/// Answer 409 to a write of an operational intent whose key does not prove enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct AirspaceConflictResponse {
    /// What happened, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Intents whose current OVNs were missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_operational_intents: Option<Vec<OperationalIntentReference>>,
    /// Constraints whose current OVNs were missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_constraints: Option<Vec<ConstraintReference>>,
}

/// What only the manager knows of an intent and its peers ask for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct OperationalIntentDetails {
    /// Where it means to be. None or empty only in the state Contingent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volumes: Option<Vec<Volume4D>>,
    /// Where it may be while it does not conform. Empty in the states Accepted and Activated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_nominal_volumes: Option<Vec<Volume4D>>,
    /// A higher number goes before a lower one; the regulator says what the numbers mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
}

/// An operational intent in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct OperationalIntent {
    /// What the DSS knows.
    pub reference: OperationalIntentReference,
    /// What the manager adds.
    pub details: OperationalIntentDetails,
}

/// Answer of a manager to a request for details.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GetOperationalIntentDetailsResponse {
    /// The intent.
    pub operational_intent: OperationalIntent,
}

/// What a USS tells a subscriber after a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutOperationalIntentDetailsParameters {
    /// Which intent changed.
    pub operational_intent_id: EntityId,
    /// The intent, with its OVN; missing if it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operational_intent: Option<OperationalIntent>,
    /// Why this subscriber is told.
    pub subscriptions: Vec<SubscriptionState>,
}
