//! What a registry answers: plain values, complete enough to build every answer of F3548 and F3411 from them.

use crate::id::{EntityId, OpaqueVersion, ReportId, SubscriptionId, UssBaseUrl, UssId};
use crate::ovn::Ovn;
use crate::records::{OperationalIntentState, Options, Quota, UssAvailability};
use crate::rid_version::RidVersion;
use crate::time::TimeSpan;
use alloc::vec::Vec;

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The intent was created (version 1) or updated.
    OperationalIntentPut {
        /// As it is now.
        reference: OperationalIntentReference,
        /// Whom its manager has to tell.
        subscribers: Vec<Subscriber>,
    },
    /// The intent was deleted.
    OperationalIntentDeleted {
        /// As it was.
        reference: OperationalIntentReference,
        /// Whom its manager has to tell.
        subscribers: Vec<Subscriber>,
    },
    /// The constraint was created (version 1) or updated.
    ConstraintPut {
        /// As it is now.
        reference: ConstraintReference,
        /// Whom its manager has to tell.
        subscribers: Vec<Subscriber>,
    },
    /// The constraint was deleted.
    ConstraintDeleted {
        /// As it was.
        reference: ConstraintReference,
        /// Whom its manager has to tell.
        subscribers: Vec<Subscriber>,
    },
    /// The subscription was created or updated.
    SubscriptionPut {
        /// As it is now.
        subscription: Subscription,
        /// The intents in its area, if it is about them, ascending by id.
        operational_intents: Vec<OperationalIntentReference>,
        /// The constraints in its area, if it is about them, ascending by id.
        constraints: Vec<ConstraintReference>,
    },
    /// The subscription was deleted.
    SubscriptionDeleted {
        /// As it was.
        subscription: Subscription,
    },
    /// The availability was declared.
    UssAvailabilitySet(UssAvailabilityStatus),
    /// The report is kept.
    ReportFiled {
        /// Under this id.
        id: ReportId,
    },
    /// Something, or nothing, was let go.
    Expired(Expired),
    /// The area was created or updated.
    IdentificationServiceAreaPut {
        /// As it is now.
        service_area: IdentificationServiceArea,
        /// Whom its owner has to tell.
        subscribers: Vec<Subscriber>,
    },
    /// The area was deleted.
    IdentificationServiceAreaDeleted {
        /// As it was.
        service_area: IdentificationServiceArea,
        /// Whom its owner has to tell.
        subscribers: Vec<Subscriber>,
    },
    /// The subscription of F3411 was created or updated.
    RidSubscriptionPut {
        /// As it is now.
        subscription: RidSubscription,
        /// The areas in its cells that have not ended, ascending by id.
        service_areas: Vec<IdentificationServiceArea>,
    },
    /// The subscription of F3411 was deleted.
    RidSubscriptionDeleted {
        /// As it was.
        subscription: RidSubscription,
    },
    /// The options were set.
    OptionsSet(Options),
    /// The record is in the log.
    Carried,
    /// The answer is no, and nothing has changed.
    Rejected(Rejection),
}

/// An operational intent as the caller may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationalIntentReference {
    /// Which intent.
    pub id: EntityId,
    /// Its owner.
    pub manager: UssId,
    /// Availability of its owner.
    pub uss_availability: UssAvailability,
    /// Counts its changes, from 1.
    pub version: i32,
    /// Its state.
    pub state: OperationalIntentState,
    /// Its OVN; `None` if the caller is not its manager (REQ-024: the DSS gives it to nobody else).
    pub ovn: Option<Ovn>,
    /// From the start of its first volume to the end of its last.
    pub time: TimeSpan,
    /// Where its details can be asked for.
    pub uss_base_url: UssBaseUrl,
    /// The subscription that keeps its manager informed, if there is one.
    pub subscription: Option<SubscriptionId>,
}

/// A constraint as the caller may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintReference {
    /// Which constraint.
    pub id: EntityId,
    /// Its owner.
    pub manager: UssId,
    /// Availability of its owner.
    pub uss_availability: UssAvailability,
    /// Counts its changes, from 1.
    pub version: i32,
    /// Its OVN; `None` if the caller is not its manager.
    pub ovn: Option<Ovn>,
    /// From the start of its first volume to the end of its last.
    pub time: TimeSpan,
    /// Where its details can be asked for.
    pub uss_base_url: UssBaseUrl,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Which subscription.
    pub id: SubscriptionId,
    /// Its owner; nobody else may see it (REQ-066).
    pub manager: UssId,
    /// Changes with every write, not with notifications.
    pub version: OpaqueVersion,
    /// Number of its latest notification; 0 if there was none. After 2³¹ − 1 it begins again with 0. If it is the time of day
    /// ([`Options`]), that of the latest accepted command, which is not before the latest notification.
    pub notification_index: i32,
    /// From when until when.
    pub time: TimeSpan,
    /// Where its owner is told.
    pub uss_base_url: UssBaseUrl,
    /// Whether it is about operational intents.
    pub notify_for_operational_intents: bool,
    /// Whether it is about constraints.
    pub notify_for_constraints: bool,
    /// Whether it goes with the last intent that depends on it.
    pub implicit: bool,
    /// The intents that name it, ascending.
    pub dependents: Vec<EntityId>,
}

/// An identification service area of F3411.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentificationServiceArea {
    /// Which area.
    pub id: EntityId,
    /// Who may change it. Everybody may see it.
    pub owner: UssId,
    /// Changes with every write.
    pub version: RidVersion,
    /// From when until when.
    pub time: TimeSpan,
    /// As the owner gave it: `uss_base_url` of F3411-22a, `flights_url` of F3411-19. Whoever reads it sees from its end which
    /// (`/flights`), as the servers in use document, so both versions of the interface give it out unchanged.
    pub url: UssBaseUrl,
}

/// A subscription of F3411.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RidSubscription {
    /// Which subscription.
    pub id: SubscriptionId,
    /// Its owner. Others may read it by its id, but do not find it.
    pub owner: UssId,
    /// Changes with every write, not with notifications.
    pub version: RidVersion,
    /// Number of its latest notification since its latest write; 0 if there was none. See [`Options`] for the other way.
    pub notification_index: i32,
    /// From when until when.
    pub time: TimeSpan,
    /// As the owner gave it: `uss_base_url` of F3411-22a, `identification_service_area_url` of F3411-19.
    pub url: UssBaseUrl,
}

/// One address that has to be told of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Where.
    pub uss_base_url: UssBaseUrl,
    /// For which subscriptions, ascending, each with the number of this notification.
    pub subscriptions: Vec<(SubscriptionId, i32)>,
}

/// Availability of a USS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UssAvailabilityStatus {
    /// Whose.
    pub uss: UssId,
    /// What was declared; `Unknown` if nothing was.
    pub availability: UssAvailability,
    /// Its version; `None`, on the wire an empty text, if nothing was declared.
    pub version: Option<OpaqueVersion>,
}

/// What an expiry let go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Intents, by their ends.
    pub operational_intents: Vec<EntityId>,
    /// Constraints, by their ends.
    pub constraints: Vec<EntityId>,
    /// Subscriptions, in the order in which they went.
    pub subscriptions: Vec<SubscriptionId>,
    /// Identification service areas, by their ends.
    pub identification_service_areas: Vec<EntityId>,
    /// Subscriptions of F3411, by their ends.
    pub rid_subscriptions: Vec<SubscriptionId>,
    /// Reports, by the time they were filed.
    pub reports: Vec<ReportId>,
    /// Whether the limit was reached: expire again.
    pub more: bool,
}

/// Why the answer is no. Each rejection has one status and body at the HTTP interface.
///
/// REQ numbers are those of the behaviour catalogue in `docs/registry-commands.md`, which names the clauses of F3548-21.
/// Where a status of the standard and the one that existing clients and test suites expect differ, the latter is taken.
///
/// | rejection | status | body | rule |
/// |---|---|---|---|
/// | `EndInPast` | 400 | error | REQ-020, REQ-051, REQ-062, REQ-130: the end may not be in the past |
/// | `FirstStateNotAccepted` | 400 | error | REQ-022 |
/// | `OvnSuffixNotCurrent` | 400 | error | REQ-042: not within 5 min of now |
/// | `OvnSuffixSpent` | 400 | error | REQ-042: the intent had that OVN before |
/// | `SubscriptionRequired` | 400 | error | REQ-031 |
/// | `NotManager` | 403 | error | REQ-006, OPIN0035: somebody else's entity |
/// | `UpdateOfUnknown` | 400 | error | no 404 on updates of intents, areas and subscriptions |
/// | `ConstraintUpdateOfUnknown` | 409 | error | as the servers in use do |
/// | `DeleteOfUnknown` | 404 | error | |
/// | `UssDown` | 412 | error | REQ-038 |
/// | `AlreadyExists` | 409 | error; `AirspaceConflictResponse` without lists for an intent | REQ-021, REQ-051, REQ-130 |
/// | `OvnMismatch` | 409 | error; `AirspaceConflictResponse` without lists for a put of an intent | REQ-023, REQ-037, REQ-052 |
/// | `TransitionNotAllowed` | 400 | error | REQ-030 |
/// | `UnknownSubscription` | 400 | error | REQ-032 |
/// | `NotManagerOfSubscription` | 403 | error | REQ-032 |
/// | `SubscriptionNotForOperationalIntents` | 400 | error | REQ-032 |
/// | `SubscriptionDoesNotCover` | 400 | error | REQ-032 |
/// | `MissingOvns` | 409 | `AirspaceConflictResponse` with its lists | REQ-025 to REQ-028 |
/// | `VersionsExhausted` | 400 | error | an `EntityVersion` is an int32, a version of F3411 an int64 |
/// | `NothingToNotify` | 400 | error | REQ-060 |
/// | `VersionMismatch` | 409 | error | REQ-063, REQ-071, REQ-131, REQ-136 |
/// | `StartInPast` | 400 | error | REQ-062, REQ-130: more than 5 min |
/// | `SpanNotAscending` | 400 | error | REQ-012 |
/// | `SubscriptionTooLong` | 400 | error | REQ-062, REQ-135, DSS0015: more than 24 h |
/// | `DependentsNotCovered` | 400 | error | REQ-065 |
/// | `HasDependents` | 400 | error | REQ-065 |
/// | `EndRequired` | 400 | error | REQ-130: no area without an end |
/// | `TooManySubscriptions` | 429 | error | REQ-135: ten per owner and cell |
/// | `FreshIdTaken` | none | none | the proposer draws another id and proposes again; no client sees this |
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The entity or subscription would have ended already.
    EndInPast,
    /// An intent begins as `Accepted`.
    FirstStateNotAccepted,
    /// The requested OVN suffix was not made about now.
    OvnSuffixNotCurrent,
    /// The requested OVN suffix was in use for this intent before.
    OvnSuffixSpent,
    /// In this state an intent needs a subscription.
    SubscriptionRequired,
    /// Somebody else owns it.
    NotManager,
    /// There is no such intent, area or subscription to update.
    UpdateOfUnknown,
    /// There is no such constraint to update.
    ConstraintUpdateOfUnknown,
    /// There is nothing to delete.
    DeleteOfUnknown,
    /// The caller has been declared down, and may not do this.
    UssDown,
    /// It is there already.
    AlreadyExists,
    /// It has another OVN.
    OvnMismatch,
    /// F3548 does not know this way.
    TransitionNotAllowed {
        /// The state that the intent is in.
        from: OperationalIntentState,
        /// The state that was asked for.
        to: OperationalIntentState,
    },
    /// The subscription that the intent names does not exist.
    UnknownSubscription,
    /// The subscription that the intent names is somebody else's.
    NotManagerOfSubscription,
    /// The subscription that the intent names is not about operational intents.
    SubscriptionNotForOperationalIntents,
    /// The subscription that the intent names does not cover its cells and times.
    SubscriptionDoesNotCover,
    /// The key does not show that the writer knows the current version of everything relevant.
    MissingOvns {
        /// All intents that are missing, ascending by id.
        operational_intents: Vec<OperationalIntentReference>,
        /// All constraints that are missing, ascending by id.
        constraints: Vec<ConstraintReference>,
    },
    /// The entity has had 2³¹ − 1 versions, or F3411 all 2⁶³ − 1.
    VersionsExhausted,
    /// A subscription has to be about something.
    NothingToNotify,
    /// It has another version.
    VersionMismatch,
    /// The subscription or area would start too long ago.
    StartInPast,
    /// The subscription or area would end when it starts, or earlier.
    SpanNotAscending,
    /// The subscription would last too long.
    SubscriptionTooLong,
    /// The subscription would no longer cover an intent that depends on it.
    DependentsNotCovered {
        /// The first such intent.
        operational_intent: EntityId,
    },
    /// Intents depend on the subscription.
    HasDependents,
    /// An id that the proposer drew is in use.
    FreshIdTaken,
    /// A new identification service area has an end.
    EndRequired,
    /// The owner has enough live subscriptions of F3411 in one of the cells.
    TooManySubscriptions,
    /// The caller would hold more than one USS may.
    QuotaReached {
        /// Of what.
        quota: Quota,
        /// How much it holds.
        held: u64,
        /// How much it may hold.
        limit: u64,
    },
}
