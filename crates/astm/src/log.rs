//! The set of logs that a USS hands out when an authority asks for it.

use crate::object::objects;
use crate::report::ExchangeRecord;
use crate::telemetry::VehicleTelemetry;
use crate::{EntityId, EntityOvn, Time};
use serde::{Deserialize, Serialize};

objects!(
    PlanningRecord,
    UserNotificationRecord,
    UserInputRecord,
    OperatorAssociation,
    ConstraintProviderAssociation,
    PositionRecord,
    OperationalIntentPositions,
    UssLogSet
);

/// One attempt to plan or change an operational intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PlanningRecord {
    /// When.
    pub time: Time,
    /// What the planner knew of.
    pub ovns: Vec<EntityOvn>,
    /// Intents that the DSS named as missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_operational_intents: Option<Vec<EntityId>>,
    /// Constraints that the DSS named as missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_constraints: Option<Vec<EntityId>>,
    /// The intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operational_intent_id: Option<EntityId>,
    /// What went wrong, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Requirements by which a user has to be notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NotificationTriggeringEvent {
    /// Requirement GEN0400.
    GEN0400,
    /// Requirement GEN0405.
    GEN0405,
    /// Requirement SCD0090.
    SCD0090,
    /// Requirement SCD0095.
    SCD0095,
    /// Requirement ACM0010.
    ACM0010,
    /// Requirement CMSA0115.
    CMSA0115,
    /// Requirement CMSA0300.
    CMSA0300,
    /// Requirement CSTP0005.
    CSTP0005,
    /// Requirement CSTP0010.
    CSTP0010,
    /// Requirement CSTP0020.
    CSTP0020,
    /// Requirement CSTP0025.
    CSTP0025,
    /// Requirement CSTP0030.
    CSTP0030,
    /// Requirement CSTP0035.
    CSTP0035,
}

/// One notification of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct UserNotificationRecord {
    /// When that happened which called for it.
    pub triggering_event_time: Time,
    /// When the user was notified.
    pub notification_time: Time,
    /// What the user was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_details: Option<String>,
    /// By which requirement.
    pub notification_triggering_event: NotificationTriggeringEvent,
}

/// Requirements by which a user's input has to be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum InputTriggeringEvent {
    /// Requirement OPIN0040.
    OPIN0040,
    /// Requirement CMSA0010.
    CMSA0010,
    /// Requirement CMSA0025.
    CMSA0025,
    /// Requirement CMSA0100.
    CMSA0100,
    /// Requirement CMSA0105.
    CMSA0105,
    /// Requirement CMSA0110.
    CMSA0110,
    /// Requirement CMSA0200.
    CMSA0200,
    /// Requirement CMSA0205.
    CMSA0205,
    /// Requirement CMSA0210.
    CMSA0210,
    /// Requirement CMSA0215.
    CMSA0215,
}

/// One input of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct UserInputRecord {
    /// When the input came in.
    pub triggering_event_time: Time,
    /// Which intent it was about.
    pub operational_intent_id: EntityId,
    /// By which requirement it is logged.
    pub input_triggering_event: InputTriggeringEvent,
    /// What the user said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_details: Option<String>,
}

/// Who operates an intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct OperatorAssociation {
    /// The intent.
    pub operational_intent_id: EntityId,
    /// Its operator.
    pub operator_id: String,
}

/// Who provides a constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ConstraintProviderAssociation {
    /// The constraint.
    pub constraint_id: EntityId,
    /// Its provider.
    pub constraint_provider_id: String,
}

/// One report of a position that came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PositionRecord {
    /// When it came in.
    pub time_received: Time,
    /// What it said.
    pub telemetry: VehicleTelemetry,
}

/// The positions of one intent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct OperationalIntentPositions {
    /// In the order in which they came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positions: Option<Vec<PositionRecord>>,
    /// The intent.
    pub operational_intent_id: EntityId,
}

/// All logs of a USS. A list that is missing does not apply to its role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct UssLogSet {
    /// What it sent to and got from other USSs and the DSS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<ExchangeRecord>>,
    /// What it told its users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_notifications: Option<Vec<UserNotificationRecord>>,
    /// What its users told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_inputs: Option<Vec<UserInputRecord>>,
    /// Who operates which intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_associations: Option<Vec<OperatorAssociation>>,
    /// Attempts that ended in a conflict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planning_attempts: Option<Vec<PlanningRecord>>,
    /// Where the aircraft were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operational_intent_positions: Option<Vec<OperationalIntentPositions>>,
    /// Who provides which constraint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint_provider_associations: Option<Vec<ConstraintProviderAssociation>>,
}
