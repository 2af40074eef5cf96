//! Questions that change nothing, and the views of records that callers get to see.

use crate::id::{EntityId, SubscriptionId, UssId};
use crate::outcome::{ConstraintReference, OperationalIntentReference, Subscription, UssAvailabilityStatus};
use crate::records::{ConstraintRecord, OperationalIntentRecord, Options, SubscriptionRecord};
use crate::registry::Registry;
use crate::table::Altitude;
use crate::time::Time;
use crate::volume::Volume;
use alloc::vec::Vec;
use core::slice;

/// How much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Operational intents, ended ones included.
    pub operational_intents: usize,
    /// Constraints, ended ones included.
    pub constraints: usize,
    /// Subscriptions, ended ones included.
    pub subscriptions: usize,
    /// Identification service areas, ended ones included.
    pub identification_service_areas: usize,
    /// Subscriptions of F3411, ended ones included.
    pub rid_subscriptions: usize,
    /// Reports.
    pub reports: usize,
    /// OVN suffixes that may not be asked for again.
    pub spent_suffixes: usize,
}

impl Registry {
    /// The intent `id`, as `caller` may see it.
    pub fn operational_intent(&self, id: EntityId, caller: &UssId) -> Option<OperationalIntentReference> {
        self.operational_intents.get(id).map(|intent| self.operational_intent_reference(intent, caller))
    }

    /// All intents that share a cell, an altitude and an instant with `area`, ascending by id; ended ones that have not
    /// expired are among them if `area` reaches back to them.
    pub fn operational_intents_in(&self, area: &Volume, caller: &UssId) -> Vec<OperationalIntentReference> {
        self.operational_intents_meeting(area, Altitude::Counts, caller)
    }

    pub(crate) fn operational_intents_meeting(
        &self,
        area: &Volume,
        altitude: Altitude,
        caller: &UssId,
    ) -> Vec<OperationalIntentReference> {
        let meeting = self.operational_intents.meeting(slice::from_ref(area), altitude).into_iter();
        meeting.map(|intent| self.operational_intent_reference(intent, caller)).collect()
    }

    /// The constraint `id`, as `caller` may see it.
    pub fn constraint(&self, id: EntityId, caller: &UssId) -> Option<ConstraintReference> {
        self.constraints.get(id).map(|constraint| self.constraint_reference(constraint, caller))
    }

    /// All constraints that share a cell and an instant with `area`, ascending by id. Altitude does not count, as existing
    /// clients expect.
    pub fn constraints_in(&self, area: &Volume, caller: &UssId) -> Vec<ConstraintReference> {
        let meeting = self.constraints.meeting(slice::from_ref(area), Altitude::Ignored).into_iter();
        meeting.map(|constraint| self.constraint_reference(constraint, caller)).collect()
    }

    /// The subscription `id`, ended or not. Only its manager may see it; the caller of this function sees to that.
    pub fn subscription(&self, id: SubscriptionId) -> Option<Subscription> {
        self.subscriptions.get(id).map(|subscription| self.subscription_view(subscription, self.state.log_time))
    }

    /// All subscriptions of `manager` that have not ended at `now` and share a cell and an instant with `area`, ascending by
    /// id. Altitude does not count.
    pub fn subscriptions_in(&self, area: &Volume, manager: &UssId, now: Time) -> Vec<Subscription> {
        let now = self.now(now);
        let meeting = self.subscriptions.meeting(slice::from_ref(area), Altitude::Ignored).into_iter();
        meeting
            .filter(|subscription| subscription.manager == *manager && subscription.extent.time.end() >= now)
            .map(|subscription| self.subscription_view(subscription, self.state.log_time))
            .collect()
    }

    /// The availability of `uss`; `Unknown` and without a version if nothing was declared.
    pub fn uss_availability(&self, uss: &UssId) -> UssAvailabilityStatus {
        let record = self.availabilities.get(uss);
        UssAvailabilityStatus {
            uss: uss.clone(),
            availability: self.availabilities.state(uss),
            version: record.map(|record| record.version),
        }
    }

    /// The options as they are set.
    pub fn options(&self) -> Options {
        self.state.options
    }

    /// How much there is of everything.
    pub fn counts(&self) -> Counts {
        Counts {
            operational_intents: self.operational_intents.len(),
            constraints: self.constraints.len(),
            subscriptions: self.subscriptions.len(),
            identification_service_areas: self.service_areas.len(),
            rid_subscriptions: self.rid_subscriptions.len(),
            reports: self.reports.len(),
            spent_suffixes: self.spent.iter().len(),
        }
    }

    pub(crate) fn operational_intent_reference(
        &self,
        intent: &OperationalIntentRecord,
        caller: &UssId,
    ) -> OperationalIntentReference {
        OperationalIntentReference {
            id: intent.id,
            manager: intent.manager.clone(),
            uss_availability: self.availabilities.state(&intent.manager),
            version: intent.version,
            state: intent.state,
            ovn: (intent.manager == *caller).then_some(intent.ovn),
            time: intent.volumes.time(),
            uss_base_url: intent.uss_base_url.clone(),
            subscription: intent.subscription,
        }
    }

    pub(crate) fn constraint_reference(&self, constraint: &ConstraintRecord, caller: &UssId) -> ConstraintReference {
        ConstraintReference {
            id: constraint.id,
            manager: constraint.manager.clone(),
            uss_availability: self.availabilities.state(&constraint.manager),
            version: constraint.version,
            ovn: (constraint.manager == *caller).then_some(constraint.ovn),
            time: constraint.volumes.time(),
            uss_base_url: constraint.uss_base_url.clone(),
        }
    }

    pub(crate) fn subscription_view(&self, subscription: &SubscriptionRecord, now: Time) -> Subscription {
        Subscription {
            id: subscription.id,
            manager: subscription.manager.clone(),
            version: subscription.version,
            notification_index: self.notification_indices.shown(subscription.id, self.state.options, now),
            time: subscription.extent.time,
            uss_base_url: subscription.uss_base_url.clone(),
            notify_for_operational_intents: subscription.notify_for_operational_intents,
            notify_for_constraints: subscription.notify_for_constraints,
            implicit: subscription.implicit,
            dependents: self.dependents_of(subscription.id).collect(),
        }
    }

    /// The intents that name the subscription, ascending.
    pub(crate) fn dependents_of(&self, id: SubscriptionId) -> impl Iterator<Item = EntityId> {
        let (first, last) = (EntityId::from_u128(0), EntityId::from_u128(u128::MAX));
        self.dependents.range((id, first)..=(id, last)).map(|(_, intent)| *intent)
    }
}
