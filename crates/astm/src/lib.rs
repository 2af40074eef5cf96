//! The bodies of ASTM F3548-21 as they stand on the wire: names, fields, necessity; and in [`rid_v2`] and [`rid_v1`] those
//! that a DSS of F3411-22a and F3411-19 reads and writes. Serde and nothing else.
//!
//! What is required is required, what is optional is an `Option`; a field that may be left out may also be `null`, and a
//! field that nobody knows is passed over, as the servers in use do. Numbers are numbers: a text such as `"5"` is refused. An
//! object is an object: a list of its values is refused.
//! Three required fields may be missing, because servers have never asked for them: [`Time::format`], [`Radius::units`] and
//! [`SetUssAvailabilityStatusParameters::old_version`].
//!
//! These types do not know whether a value makes sense (a time is any text, a latitude any number, an id any text), and they
//! never enter the heart: one file of each user converts, both ways. `tests/standard` holds them against the published
//! data types.

mod availability;
mod constraint;
mod geozone;
mod intent;
mod log;
mod object;
mod operations;
mod report;
pub mod rid_v1;
pub mod rid_v2;
mod subscription;
mod telemetry;
mod volume;

pub use availability::{
    SetUssAvailabilityStatusParameters, UssAvailabilityState, UssAvailabilityStatus, UssAvailabilityStatusResponse,
};
pub use constraint::{
    ChangeConstraintReferenceResponse, Constraint, ConstraintDetails, ConstraintReference, GetConstraintDetailsResponse,
    GetConstraintReferenceResponse, PutConstraintDetailsParameters, PutConstraintReferenceParameters,
    QueryConstraintReferenceParameters, QueryConstraintReferencesResponse,
};
pub use geozone::{Authority, CodeAuthorityRole, CodeZoneReasonType, CodeZoneType, GeoZone, GeoZoneAdditionalProperties};
pub use intent::{
    AirspaceConflictResponse, ChangeOperationalIntentReferenceResponse, GetOperationalIntentDetailsResponse,
    GetOperationalIntentReferenceResponse, OperationalIntent, OperationalIntentDetails, OperationalIntentReference,
    OperationalIntentState, PutOperationalIntentDetailsParameters, PutOperationalIntentReferenceParameters,
    QueryOperationalIntentReferenceParameters, QueryOperationalIntentReferenceResponse,
};
pub use log::{
    ConstraintProviderAssociation, InputTriggeringEvent, NotificationTriggeringEvent, OperationalIntentPositions,
    OperatorAssociation, PlanningRecord, PositionRecord, UserInputRecord, UserNotificationRecord, UssLogSet,
};
pub use operations::{DSS_OPERATIONS, Method, Operation, USS_OPERATIONS};
pub use report::{ErrorReport, ErrorResponse, ExchangeRecord, RecorderRole};
pub use subscription::{
    DeleteSubscriptionResponse, GetSubscriptionResponse, ImplicitSubscriptionParameters, PutSubscriptionParameters,
    PutSubscriptionResponse, QuerySubscriptionParameters, QuerySubscriptionsResponse, SubscriberToNotify, Subscription,
    SubscriptionState,
};
pub use telemetry::{
    GetOperationalIntentTelemetryResponse, Position, PositionAccuracyHorizontal, PositionAccuracyVertical, VehicleTelemetry,
    Velocity, VelocityUnitsSpeed,
};
pub use volume::{
    Altitude, AltitudeReference, AltitudeUnits, Circle, LatLngPoint, Polygon, Radius, RadiusUnits, Time, TimeFormat, Volume3D,
    Volume4D,
};

/// Id of an operational intent or constraint: a UUID of version 4 in its usual 36 characters.
pub type EntityId = String;

/// Opaque version of an entity: 16 to 128 characters that mean nothing. One who knows it proves to have seen that version.
pub type EntityOvn = String;

/// Counts the changes of an entity, from 1.
pub type EntityVersion = i32;

/// Id of a subscription: a UUID of version 4.
pub type SubscriptionId = String;

/// Where a USS can be reached: `/uss/v1/…` is appended, so it does not end in `/`.
pub type UssBaseUrl = String;
