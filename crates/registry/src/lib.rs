//! The heart of the service: the deterministic state machine of a DSS of F3548 and F3411.
//!
//! A [`Registry`] holds operational intent references, constraint references, subscriptions, the availability of USSs and
//! the reports that were filed; for remote identification (F3411) identification service areas and subscriptions to them,
//! the same ones for F3411-19 and F3411-22a. [`Registry::apply`] takes a [`Command`] and gives an [`Outcome`]; it is total, and the same
//! commands in the same order give the same outcomes and the same [`Registry::digest`] everywhere.
//!
//! It does not know HTTP, tokens, scopes, JSON, geometry, clocks, randomness, files or threads. Time and fresh ids are inside
//! the command; areas arrive as S2 cells of level 13, altitudes as centimetres, both rounded outward by whoever asks; expiry
//! is a command. There is no float in it: two machines never differ in a last bit.
//!
//! * First decide, then write: a rejected command leaves everything, even the digest, exactly as it was.
//! * Every rule is one early return, in the order that its function documents, so that the same wrong request always gets the
//!   same answer. The rejections and what they mean to a client are listed at [`Rejection`].
//! * Log time never goes back: a command that was proposed before the latest accepted one is judged at that one's time.
//! * Exact extents are not kept (DSS0010): cells, a band of whole centimetres and a time span per volume.
//! * Spans, bands and cells are closed: touching counts.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod availability;
mod capture;
mod codec;
mod command;
mod command_codec;
mod constraints;
mod digest;
mod expiry;
mod held;
mod id;
mod index;
mod intents;
mod key_check;
mod names;
mod notify;
mod outcome;
mod outcome_codec;
mod ovn;
mod reads;
mod records;
mod registry;
mod reports;
mod rid_subscriptions;
mod rid_version;
mod service_areas;
mod snapshot;
mod spent;
mod subscriptions;
mod table;
mod time;
mod volume;
mod wanted;
mod windows;

pub use capture::{Capture, Remains};
pub use codec::Unreadable;
pub use command::{
    Action, Carry, Command, DeleteConstraint, DeleteIdentificationServiceArea, DeleteOperationalIntent, DeleteRidSubscription,
    DeleteSubscription, Expected, Expire, FileReport, Fresh, IntentSubscription, NewOvn, PutConstraint,
    PutIdentificationServiceArea, PutOperationalIntent, PutRidSubscription, PutSubscription, SetUssAvailability,
};
pub use command_codec::COMMAND_VERSION;
pub use held::Holding;
pub use id::{EntityId, InvalidText, OpaqueVersion, ReportId, SubscriptionId, UssBaseUrl, UssId};
pub use outcome::{
    ConstraintReference, Expired, IdentificationServiceArea, OperationalIntentReference, Outcome, Rejection, RidSubscription,
    Subscriber, Subscription, UssAvailabilityStatus,
};
pub use outcome_codec::OUTCOME_VERSION;
pub use ovn::{Key, Ovn, OvnSuffix};
pub use reads::Counts;
pub use records::{OperationalIntentState, Options, Quota, Quotas, UssAvailability};
pub use registry::{CLOCK_SKEW_NS, Registry, SUBSCRIPTION_MAX_NS};
pub use rid_subscriptions::RID_SUBSCRIPTIONS_MAX;
pub use rid_version::RidVersion;
pub use snapshot::SNAPSHOT_VERSION;
pub use time::{InvalidTimeSpan, Time, TimeSpan};
pub use volume::{AltitudeBand, Cell, Cells, InvalidBand, InvalidCell, InvalidVolumes, MAX_CELLS, MAX_VOLUMES, Volume, Volumes};
