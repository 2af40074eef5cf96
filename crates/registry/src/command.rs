//! What can be asked of a registry. A command is complete: whatever a clock or a random source has to say is in it already.
//!
//! What can be told from the request alone (tokens, scopes, shapes, forms of ids, an area that is too large) is checked by
//! whoever makes the command; the rules that need the registry's state or its time are checked here.

use crate::id::{EntityId, OpaqueVersion, ReportId, SubscriptionId, UssBaseUrl, UssId};
use crate::ovn::{Key, Ovn, OvnSuffix};
use crate::records::{OperationalIntentState, Options, UssAvailability};
use crate::rid_version::RidVersion;
use crate::time::Time;
use crate::volume::{Cells, Volumes};
use alloc::boxed::Box;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The clock of whoever proposes the command, when it does.
    pub proposed_at: Time,
    /// What is to be done.
    pub action: Action,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Create or update an operational intent reference.
    PutOperationalIntent(PutOperationalIntent),
    /// Delete an operational intent reference: the intent has ended.
    DeleteOperationalIntent(DeleteOperationalIntent),
    /// Create or update a constraint reference.
    PutConstraint(PutConstraint),
    /// Delete a constraint reference.
    DeleteConstraint(DeleteConstraint),
    /// Create or update a subscription.
    PutSubscription(PutSubscription),
    /// Delete a subscription.
    DeleteSubscription(DeleteSubscription),
    /// Declare the availability of a USS.
    SetUssAvailability(SetUssAvailability),
    /// Keep a report of a USS.
    FileReport(FileReport),
    /// Let go of what ended long ago.
    Expire(Expire),
    /// Create or update an identification service area.
    PutIdentificationServiceArea(PutIdentificationServiceArea),
    /// Delete an identification service area.
    DeleteIdentificationServiceArea(DeleteIdentificationServiceArea),
    /// Create or update a subscription of F3411.
    PutRidSubscription(PutRidSubscription),
    /// Delete a subscription of F3411.
    DeleteRidSubscription(DeleteRidSubscription),
    /// Set the options anew.
    SetOptions(Options),
    /// Carry a record of somebody else.
    Carry(Carry),
}

/// What a writer believes is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected<V> {
    /// Nothing: it wants to create.
    Nothing,
    /// This version. `None` stands for a text that no registry has ever issued: the writer is mistaken, whatever is there.
    Version(Option<V>),
}

/// Create or update an operational intent reference. Altitudes are required by F3548, so no band of `volumes` is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutOperationalIntent {
    /// Who writes.
    pub caller: UssId,
    /// Which intent.
    pub id: EntityId,
    /// What the writer believes is there.
    pub expected: Expected<Ovn>,
    /// State that the intent is to have.
    pub state: OperationalIntentState,
    /// Its volumes, nominal and off-nominal.
    pub volumes: Volumes,
    /// Where its details can be asked for.
    pub uss_base_url: UssBaseUrl,
    /// Which subscription keeps its manager informed.
    pub subscription: IntentSubscription,
    /// What the writer knows of.
    pub key: Key,
    /// The OVN that the intent gets.
    pub ovn: NewOvn,
}

/// Which subscription keeps the manager of an intent informed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentSubscription {
    /// None; possible in the state `Accepted`.
    None,
    /// One that exists. If it is implicit and does not cover the intent, it grows and gets `version`.
    Existing {
        /// Which.
        id: SubscriptionId,
        /// Its version if it has to grow.
        version: OpaqueVersion,
    },
    /// A new, implicit one that covers exactly this intent.
    Implicit {
        /// Its id and version.
        fresh: Fresh,
        /// Where its owner is told.
        uss_base_url: UssBaseUrl,
        /// Whether it is about constraints too.
        notify_for_constraints: bool,
    },
}

/// Id and version of a subscription that does not exist yet, drawn by whoever proposes the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// A new UUID.
    pub id: SubscriptionId,
    /// A new version.
    pub version: OpaqueVersion,
}

/// Where the next OVN of an intent comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewOvn {
    /// Drawn by whoever proposes the command.
    Issued(u128),
    /// Asked for by the manager (`requested_ovn_suffix`).
    Requested(OvnSuffix),
}

impl NewOvn {
    /// The OVN that `entity` gets.
    pub const fn of(self, entity: EntityId) -> Ovn {
        match self {
            Self::Issued(bits) => Ovn::Issued(bits),
            Self::Requested(suffix) => Ovn::Requested { entity, suffix },
        }
    }
}

/// Delete an operational intent reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteOperationalIntent {
    /// Who deletes.
    pub caller: UssId,
    /// Which intent.
    pub id: EntityId,
    /// The version that the caller knows; `None` for a text that no registry has ever issued.
    pub ovn: Option<Ovn>,
}

/// Create or update a constraint reference. Bands of altitudes may be open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutConstraint {
    /// Who writes.
    pub caller: UssId,
    /// Which constraint.
    pub id: EntityId,
    /// What the writer believes is there.
    pub expected: Expected<Ovn>,
    /// Its volumes.
    pub volumes: Volumes,
    /// Where its details can be asked for.
    pub uss_base_url: UssBaseUrl,
    /// The bits of the OVN that it gets.
    pub ovn: u128,
}

/// Delete a constraint reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteConstraint {
    /// Who deletes.
    pub caller: UssId,
    /// Which constraint.
    pub id: EntityId,
    /// The version that the caller knows; `None` for a text that no registry has ever issued.
    pub ovn: Option<Ovn>,
}

/// Create or update a subscription. Its altitudes do not matter: subscriptions match without altitude.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutSubscription {
    /// Who writes.
    pub caller: UssId,
    /// Which subscription.
    pub id: SubscriptionId,
    /// What the writer believes is there.
    pub expected: Expected<OpaqueVersion>,
    /// Where.
    pub cells: Cells,
    /// From when. Missing: now, or as it was.
    pub start: Option<Time>,
    /// Until when. Missing: as it was, or [`SUBSCRIPTION_MAX_NS`](crate::SUBSCRIPTION_MAX_NS) after the start.
    pub end: Option<Time>,
    /// Where its owner is told.
    pub uss_base_url: UssBaseUrl,
    /// Whether it is about operational intents.
    pub notify_for_operational_intents: bool,
    /// Whether it is about constraints.
    pub notify_for_constraints: bool,
    /// The version that it gets.
    pub version: OpaqueVersion,
}

/// Delete a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteSubscription {
    /// Who deletes.
    pub caller: UssId,
    /// Which subscription.
    pub id: SubscriptionId,
    /// The version that the caller knows; `None` for a text that no registry has ever issued.
    pub version: Option<OpaqueVersion>,
}

/// Declare the availability of a USS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetUssAvailability {
    /// Whose.
    pub uss: UssId,
    /// What the arbiter believes is there; `Expected::Nothing` for an empty `old_version`.
    pub expected: Expected<OpaqueVersion>,
    /// What it is to be.
    pub availability: UssAvailability,
    /// The version that it gets.
    pub version: OpaqueVersion,
}

/// Keep a report of a USS. The registry remembers who filed it and when; the body stays in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// Who reports.
    pub reporter: UssId,
    /// The id that the report gets.
    pub id: ReportId,
    /// The report as it came in.
    pub body: Box<[u8]>,
}

/// Carry a record of another state machine that follows from the same log. The registry takes note of the time, and passes it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carry {
    /// The record.
    pub record: Box<[u8]>,
}

/// Let go of what ended long ago: entities, subscriptions, reports, and OVN suffixes that can no longer be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expire {
    /// How long something stays after its end. The service's default is seven days.
    pub retention_ns: u64,
    /// One command goes on until so many cells of volumes have gone (a thing without any counts as one), so that none takes long.
    pub limit: u32,
}

/// Create or update an identification service area. Its altitudes do not matter: F3411 finds areas without altitude.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutIdentificationServiceArea {
    /// Who writes.
    pub caller: UssId,
    /// Which area.
    pub id: EntityId,
    /// What the writer believes is there.
    pub expected: Expected<RidVersion>,
    /// Where.
    pub cells: Cells,
    /// From when. Missing: now, or as it was.
    pub start: Option<Time>,
    /// Until when. Missing: as it was; a new area needs an end.
    pub end: Option<Time>,
    /// Where its flights can be asked for: `uss_base_url` of F3411-22a, `flights_url` of F3411-19.
    pub url: UssBaseUrl,
}

/// Delete an identification service area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteIdentificationServiceArea {
    /// Who deletes.
    pub caller: UssId,
    /// Which area.
    pub id: EntityId,
    /// The version that the caller knows.
    pub version: RidVersion,
}

/// Create or update a subscription of F3411. Its altitudes do not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutRidSubscription {
    /// Who writes.
    pub caller: UssId,
    /// Which subscription.
    pub id: SubscriptionId,
    /// What the writer believes is there.
    pub expected: Expected<RidVersion>,
    /// Where.
    pub cells: Cells,
    /// From when. Missing: now, or as it was.
    pub start: Option<Time>,
    /// Until when. Missing: as it was, or [`SUBSCRIPTION_MAX_NS`](crate::SUBSCRIPTION_MAX_NS) after the start.
    pub end: Option<Time>,
    /// Where its owner is told: `uss_base_url` of F3411-22a, `identification_service_area_url` of F3411-19.
    pub url: UssBaseUrl,
}

/// Delete a subscription of F3411.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteRidSubscription {
    /// Who deletes.
    pub caller: UssId,
    /// Which subscription.
    pub id: SubscriptionId,
    /// The version that the caller knows.
    pub version: RidVersion,
}
