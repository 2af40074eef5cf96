//! What the registry keeps of each thing, and nothing of what it can work out.

use crate::id::{EntityId, OpaqueVersion, ReportId, SubscriptionId, UssBaseUrl, UssId};
use crate::ovn::Ovn;
use crate::rid_version::RidVersion;
use crate::time::Time;
use crate::volume::{Volume, Volumes};

/// State of an operational intent (F3548: `OperationalIntentState`). One that has ended is deleted, so that is no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperationalIntentState {
    /// Planned and shared, not in use yet.
    Accepted,
    /// In use.
    Activated,
    /// Outside its volumes, expected to recover.
    Nonconforming,
    /// Will not recover.
    Contingent,
}

impl OperationalIntentState {
    /// Whether a write that leaves an intent in this state needs a key and a USS that is not down.
    pub const fn is_nominal(self) -> bool {
        matches!(self, Self::Accepted | Self::Activated)
    }

    /// Whether F3548 knows the way from this state to `next` (the end of an intent, its deletion, is always possible).
    pub const fn can_become(self, next: Self) -> bool {
        match self {
            Self::Accepted => true,
            Self::Activated => !matches!(next, Self::Accepted),
            Self::Nonconforming => !matches!(next, Self::Accepted),
            Self::Contingent => matches!(next, Self::Contingent),
        }
    }
}

/// Whether a USS answers its peers (F3548: `UssAvailabilityState`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UssAvailability {
    /// Nobody has declared anything; the same rights as `Normal`.
    #[default]
    Unknown,
    /// Answers.
    Normal,
    /// Does not answer.
    Down,
}

/// How a registry behaves where the standards leave a choice. It is set by a command, so that nodes never disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether the number of a notification is the time of day: milliseconds since 00:00 UTC, of the time at which the change
    /// was judged. Otherwise each subscription counts its notifications, and goes on counting when this is unset again.
    pub time_based_notification_index: bool,
    /// How much each USS may hold.
    pub quotas: Quotas,
    /// How long what has ended is kept, nanoseconds, as far as nodes are concerned: whoever proposes an expiry goes by it.
    pub retention_ns: u64,
}

impl Default for Options {
    /// Notifications are counted, nobody has a quota, and what has ended is kept for a week.
    fn default() -> Self {
        const WEEK_NS: u64 = 7 * 24 * 3_600 * 1_000_000_000;
        Self { time_based_notification_index: false, quotas: Quotas::default(), retention_ns: WEEK_NS }
    }
}

/// How much one USS may hold. What it holds already it keeps when a quota is lowered; it gets no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Most intents, constraints, subscriptions and areas, those that have ended and are still kept included.
    pub entities: u64,
    /// Most cells of all their volumes together.
    pub cells: u64,
    /// Most bytes of reports that are still listed; a report counts as 4 KiB at least.
    pub report_bytes: u64,
}

impl Quotas {
    /// As much as there is.
    pub const NONE: Self = Self { entities: u64::MAX, cells: u64::MAX, report_bytes: u64::MAX };
}

impl Default for Quotas {
    fn default() -> Self {
        Self::NONE
    }
}

/// Which quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// [`Quotas::entities`].
    Entities,
    /// [`Quotas::cells`].
    Cells,
    /// [`Quotas::report_bytes`].
    ReportBytes,
}

/// What the registry keeps of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateRecord {
    /// Time of the latest accepted command.
    pub log_time: Time,
    /// How many commands have been accepted.
    pub accepted: u64,
    /// The latest version that was given to something of F3411.
    pub last_rid_version: RidVersion,
    pub options: Options,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OperationalIntentRecord {
    pub id: EntityId,
    pub manager: UssId,
    pub version: i32,
    pub state: OperationalIntentState,
    pub ovn: Ovn,
    pub subscription: Option<SubscriptionId>,
    pub uss_base_url: UssBaseUrl,
    pub volumes: Volumes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConstraintRecord {
    pub id: EntityId,
    pub manager: UssId,
    pub version: i32,
    pub ovn: Ovn,
    pub uss_base_url: UssBaseUrl,
    pub volumes: Volumes,
}

/// A subscription without its notification index, which changes much more often and is kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SubscriptionRecord {
    pub id: SubscriptionId,
    pub manager: UssId,
    pub version: OpaqueVersion,
    pub uss_base_url: UssBaseUrl,
    pub notify_for_operational_intents: bool,
    pub notify_for_constraints: bool,
    pub implicit: bool,
    /// Its altitudes are always all: subscriptions match without altitude.
    pub extent: Volume,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdentificationServiceAreaRecord {
    pub id: EntityId,
    pub owner: UssId,
    pub version: RidVersion,
    pub url: UssBaseUrl,
    /// Its altitudes are always all: F3411 finds areas without altitude.
    pub extent: Volume,
}

/// A subscription of F3411 without its notification index, as for F3548.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RidSubscriptionRecord {
    pub id: SubscriptionId,
    pub owner: UssId,
    pub version: RidVersion,
    pub url: UssBaseUrl,
    /// Its altitudes are always all.
    pub extent: Volume,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AvailabilityRecord {
    pub state: UssAvailability,
    pub version: OpaqueVersion,
}

/// The report itself stays in the log, where the command is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportRecord {
    pub id: ReportId,
    pub reporter: UssId,
    pub filed_at: Time,
    pub body_bytes: u32,
}
