//! The state and its one entrance for changes.

use crate::availability::Availabilities;
use crate::command::{Action, Command};
use crate::digest::{Role, Sum, hash};
use crate::id::{EntityId, SubscriptionId};
use crate::names::Names;
use crate::notify::NotificationIndices;
use crate::outcome::{Outcome, Rejection};
use crate::records::{
    ConstraintRecord, IdentificationServiceAreaRecord, OperationalIntentRecord, Options, RidSubscriptionRecord, StateRecord,
    SubscriptionRecord,
};
use crate::reports::Reports;
use crate::rid_version::RidVersion;
use crate::spent::SpentSuffixes;
use crate::table::Table;
use crate::time::Time;
use alloc::collections::BTreeSet;

/// How far the clocks of clients may be off, as far as the servers in use tolerate it: five minutes.
pub const CLOCK_SKEW_NS: u64 = 5 * 60 * 1_000_000_000;

/// Longest subscription that a client may ask for: 24 hours (F3548: `DSSMaxSubscriptionDuration`, DSS0015; F3411:
/// `NetDSSMaxSubscriptionDuration`, DSS0060).
pub const SUBSCRIPTION_MAX_NS: u64 = 24 * 60 * 60 * 1_000_000_000;

/// The state of a DSS. See the crate's comment.
#[derive(Clone, Debug)]
pub struct Registry {
    pub(crate) state: StateRecord,
    pub(crate) operational_intents: Table<OperationalIntentRecord>,
    pub(crate) constraints: Table<ConstraintRecord>,
    pub(crate) subscriptions: Table<SubscriptionRecord>,
    pub(crate) notification_indices: NotificationIndices,
    /// Which intents name a subscription; follows from the intents.
    pub(crate) dependents: BTreeSet<(SubscriptionId, EntityId)>,
    pub(crate) service_areas: Table<IdentificationServiceAreaRecord>,
    pub(crate) rid_subscriptions: Table<RidSubscriptionRecord>,
    pub(crate) rid_notification_indices: NotificationIndices,
    pub(crate) availabilities: Availabilities,
    pub(crate) reports: Reports,
    pub(crate) spent: SpentSuffixes,
    pub(crate) names: Names,
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl Registry {
    /// An empty registry, before all time.
    pub fn new() -> Self {
        Self {
            state: StateRecord {
                log_time: Time::MIN,
                accepted: 0,
                last_rid_version: RidVersion::NONE,
                options: Options::default(),
            },
            operational_intents: Table::default(),
            constraints: Table::default(),
            subscriptions: Table::default(),
            notification_indices: NotificationIndices::new(Role::NotificationIndex),
            dependents: BTreeSet::new(),
            service_areas: Table::default(),
            rid_subscriptions: Table::default(),
            rid_notification_indices: NotificationIndices::new(Role::RidNotificationIndex),
            availabilities: Availabilities::default(),
            reports: Reports::default(),
            spent: SpentSuffixes::default(),
            names: Names::default(),
        }
    }

    /// Applies one command of the log. Total: no command that exists makes it panic.
    ///
    /// A command that is rejected changes nothing at all. So it need not be kept: a log without the rejected commands leads
    /// to the same state and the same digests.
    pub fn apply(&mut self, command: &Command) -> Outcome {
        let now = self.now(command.proposed_at);
        let result: Result<Outcome, Rejection> = match &command.action {
            Action::PutOperationalIntent(put) => self.put_operational_intent(now, put),
            Action::DeleteOperationalIntent(delete) => self.delete_operational_intent(now, delete),
            Action::PutConstraint(put) => self.put_constraint(now, put),
            Action::DeleteConstraint(delete) => self.delete_constraint(now, delete),
            Action::PutSubscription(put) => self.put_subscription(now, put),
            Action::DeleteSubscription(delete) => self.delete_subscription(now, delete),
            Action::SetUssAvailability(set) => self.set_uss_availability(set),
            Action::FileReport(file) => self.file_report(now, file),
            Action::Expire(expire) => Ok(self.expire(now, expire)),
            Action::PutIdentificationServiceArea(put) => self.put_service_area(now, put),
            Action::DeleteIdentificationServiceArea(delete) => self.delete_service_area(now, delete),
            Action::PutRidSubscription(put) => self.put_rid_subscription(now, put),
            Action::DeleteRidSubscription(delete) => self.delete_rid_subscription(now, delete),
            Action::SetOptions(options) => Ok(self.set_options(*options)),
            Action::Carry(_) => Ok(Outcome::Carried),
        };
        match result {
            Ok(outcome) => {
                self.state.log_time = now;
                self.state.accepted += 1;
                outcome
            }
            Err(rejection) => Outcome::Rejected(rejection),
        }
    }

    /// No rules: any options can be set at any time.
    fn set_options(&mut self, options: Options) -> Outcome {
        self.state.options = options;
        Outcome::OptionsSet(options)
    }

    /// The time at which something that is proposed at `proposed_at` is judged: log time never goes back.
    pub fn now(&self, proposed_at: Time) -> Time {
        self.state.log_time.max(proposed_at)
    }

    /// Time of the latest accepted command; [`Time::MIN`] before the first.
    pub fn log_time(&self) -> Time {
        self.state.log_time
    }

    /// How many commands have been accepted.
    pub fn accepted(&self) -> u64 {
        self.state.accepted
    }

    /// The digest of the whole state. Two registries with the same digest are the same; `src/digest.rs` says how sure that is.
    pub fn digest(&self) -> u128 {
        let mut digest = Sum::default();
        digest.add(hash(Role::State, &self.state));
        let parts = [
            self.operational_intents.digest(),
            self.constraints.digest(),
            self.subscriptions.digest(),
            self.notification_indices.digest(),
            self.service_areas.digest(),
            self.rid_subscriptions.digest(),
            self.rid_notification_indices.digest(),
            self.availabilities.digest(),
            self.reports.digest(),
            self.spent.digest(),
        ];
        for part in parts {
            digest.add(part.value());
        }
        digest.value()
    }
}
