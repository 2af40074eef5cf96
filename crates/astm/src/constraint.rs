//! Constraints: references in the DSS, details at their manager.

use crate::object::objects;
use crate::subscription::{SubscriberToNotify, SubscriptionState};
use crate::{EntityId, EntityOvn, EntityVersion, GeoZone, Time, UssAvailabilityState, UssBaseUrl, Volume4D};
use serde::{Deserialize, Serialize};

objects!(
    ConstraintReference,
    PutConstraintReferenceParameters,
    ChangeConstraintReferenceResponse,
    GetConstraintReferenceResponse,
    QueryConstraintReferenceParameters,
    QueryConstraintReferencesResponse,
    ConstraintDetails,
    Constraint,
    GetConstraintDetailsResponse,
    PutConstraintDetailsParameters
);

/// What the DSS knows of a constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ConstraintReference {
    /// Which constraint.
    pub id: EntityId,
    /// Who owns it: the `sub` of the tokens of its USS.
    pub manager: String,
    /// Availability of the manager.
    pub uss_availability: UssAvailabilityState,
    /// Counts the changes, from 1.
    pub version: EntityVersion,
    /// Opaque version. Only the manager is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ovn: Option<EntityOvn>,
    /// First instant of all its extents.
    pub time_start: Time,
    /// Last instant of all its extents.
    pub time_end: Time,
    /// Where its details can be asked for.
    pub uss_base_url: UssBaseUrl,
}

/// Body of a create or update of a constraint reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutConstraintReferenceParameters {
    /// At least one; times are needed in each. They enclose all volumes of the constraint.
    pub extents: Vec<Volume4D>,
    /// Where details can be asked for.
    pub uss_base_url: UssBaseUrl,
}

/// Answer to a create, update or delete of a constraint reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ChangeConstraintReferenceResponse {
    /// Whom the writer has to tell now, itself included.
    pub subscribers: Vec<SubscriberToNotify>,
    /// The reference as it is now, or was before it was deleted.
    pub constraint_reference: ConstraintReference,
}

/// Answer to a request for one constraint reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GetConstraintReferenceResponse {
    /// The reference.
    pub constraint_reference: ConstraintReference,
}

/// Body of a search for constraint references.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct QueryConstraintReferenceParameters {
    /// Where and when; a missing bound is open. Servers refuse a search without an area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_of_interest: Option<Volume4D>,
}

/// Answer to a search for constraint references.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct QueryConstraintReferencesResponse {
    /// All that may be in the area.
    pub constraint_references: Vec<ConstraintReference>,
}

/// What only the manager knows of a constraint and its peers ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ConstraintDetails {
    /// Where it is.
    pub volumes: Vec<Volume4D>,
    /// What kind of feature it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The zone of ED-269 that it stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geozone: Option<GeoZone>,
}

/// A constraint in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Constraint {
    /// What the DSS knows.
    pub reference: ConstraintReference,
    /// What the manager adds.
    pub details: ConstraintDetails,
}

/// Answer of a manager to a request for details.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GetConstraintDetailsResponse {
    /// The constraint.
    pub constraint: Constraint,
}

/// What a USS tells a subscriber after a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PutConstraintDetailsParameters {
    /// Which constraint changed.
    pub constraint_id: EntityId,
    /// The constraint, with its OVN; missing if it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Constraint>,
    /// Why this subscriber is told.
    pub subscriptions: Vec<SubscriptionState>,
}
