//! Witnesses look at commands and outcomes, one after the other, as all clients together could, and object.

use crate::model::meet;
use crate::world::Step;
use deconflict_registry::*;
use std::collections::{BTreeMap, BTreeSet};

/// Objects if an intent is accepted whose key lacks the OVN of something relevant.
#[derive(Default)]
pub struct KeyWitness {
    intents: BTreeMap<EntityId, (Volumes, Ovn, OperationalIntentState, UssId)>,
    constraints: BTreeMap<EntityId, (Volumes, Ovn)>,
    about_constraints: BTreeMap<SubscriptionId, bool>,
    down: BTreeSet<UssId>,
    /// How many OVNs accepted intents had to show.
    pub demanded: usize,
}

impl KeyWitness {
    pub fn see(&mut self, action: &Action, outcome: &Outcome, place: &str) {
        match (action, outcome) {
            (Action::PutOperationalIntent(put), Outcome::OperationalIntentPut { reference, .. }) => {
                if let IntentSubscription::Implicit { fresh, notify_for_constraints, .. } = &put.subscription {
                    self.about_constraints.insert(fresh.id, *notify_for_constraints);
                }
                if matches!(put.state, OperationalIntentState::Accepted | OperationalIntentState::Activated) {
                    self.check(put, reference.subscription, place);
                }
                let ovn = reference.ovn.expect("the writer is told its OVN");
                self.intents.insert(put.id, (put.volumes.clone(), ovn, put.state, put.caller.clone()));
            }
            (_, Outcome::OperationalIntentDeleted { reference, .. }) => drop(self.intents.remove(&reference.id)),
            (Action::PutConstraint(put), Outcome::ConstraintPut { reference, .. }) => {
                let ovn = reference.ovn.expect("the writer is told its OVN");
                self.constraints.insert(put.id, (put.volumes.clone(), ovn));
            }
            (_, Outcome::ConstraintDeleted { reference, .. }) => drop(self.constraints.remove(&reference.id)),
            (Action::PutSubscription(put), Outcome::SubscriptionPut { .. }) => {
                self.about_constraints.insert(put.id, put.notify_for_constraints);
            }
            (_, Outcome::UssAvailabilitySet(status)) if status.availability == UssAvailability::Down => {
                self.down.insert(status.uss.clone());
            }
            (_, Outcome::UssAvailabilitySet(status)) => drop(self.down.remove(&status.uss)),
            (_, Outcome::Expired(expired)) => {
                expired.operational_intents.iter().for_each(|id| drop(self.intents.remove(id)));
                expired.constraints.iter().for_each(|id| drop(self.constraints.remove(id)));
            }
            _ => {}
        }
    }

    fn check(&mut self, put: &PutOperationalIntent, subscription: Option<SubscriptionId>, place: &str) {
        for (id, (volumes, ovn, state, manager)) in &self.intents {
            let is_excused = *state == OperationalIntentState::Accepted && self.down.contains(manager);
            if *id != put.id && !is_excused && meet(put.volumes.as_slice(), volumes.as_slice(), true) {
                assert!(put.key.as_slice().contains(ovn), "{place}: {} was accepted without knowing {id}", put.id);
                self.demanded += 1;
            }
        }
        if !subscription.is_some_and(|id| self.about_constraints[&id]) {
            return;
        }
        for (id, (volumes, ovn)) in &self.constraints {
            if meet(put.volumes.as_slice(), volumes.as_slice(), true) {
                assert!(put.key.as_slice().contains(ovn), "{place}: {} was accepted without knowing {id}", put.id);
                self.demanded += 1;
            }
        }
    }
}

/// Objects if a subscription's notification does not have the number after the one before; or, while that is the option, the
/// time of day.
#[derive(Default)]
pub struct IndexWitness {
    latest: BTreeMap<(Standard, SubscriptionId), i32>,
    by_time: bool,
    log_time_ns: i64,
    /// Notifications that were counted.
    pub counted: usize,
    /// Notifications that bore the time of day.
    pub timed: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standard {
    F3548,
    F3411,
}

impl IndexWitness {
    pub fn see(&mut self, command: &Command, outcome: &Outcome, place: &str) {
        use Standard::{F3411, F3548};
        if matches!(outcome, Outcome::Rejected(_)) {
            return;
        }
        self.log_time_ns = self.log_time_ns.max(command.proposed_at.ns());
        match outcome {
            Outcome::OptionsSet(options) => self.by_time = options.time_based_notification_index,
            Outcome::OperationalIntentPut { subscribers, .. }
            | Outcome::OperationalIntentDeleted { subscribers, .. }
            | Outcome::ConstraintPut { subscribers, .. }
            | Outcome::ConstraintDeleted { subscribers, .. } => {
                if let Action::PutOperationalIntent(put) = &command.action
                    && let IntentSubscription::Implicit { fresh, .. } = &put.subscription
                {
                    self.latest.insert((F3548, fresh.id), 0);
                }
                self.told(F3548, subscribers, place);
            }
            Outcome::IdentificationServiceAreaPut { subscribers, .. }
            | Outcome::IdentificationServiceAreaDeleted { subscribers, .. } => self.told(F3411, subscribers, place),
            Outcome::SubscriptionPut { subscription, .. } => {
                if matches!(&command.action, Action::PutSubscription(put) if put.expected == Expected::Nothing) {
                    self.latest.insert((F3548, subscription.id), 0);
                }
                self.shown((F3548, subscription.id), subscription.notification_index, place);
            }
            Outcome::RidSubscriptionPut { subscription, .. } => {
                self.latest.insert((F3411, subscription.id), 0);
                self.shown((F3411, subscription.id), subscription.notification_index, place);
            }
            _ => {}
        }
    }

    fn told(&mut self, standard: Standard, subscribers: &[Subscriber], place: &str) {
        for (id, index) in subscribers.iter().flat_map(|subscriber| &subscriber.subscriptions) {
            let latest = self.latest.get_mut(&(standard, *id)).expect("nobody is told who has no subscription");
            if self.by_time {
                self.timed += 1;
            } else {
                *latest += 1;
                self.counted += 1;
            }
            self.shown((standard, *id), *index, place);
        }
    }

    fn shown(&self, subscription: (Standard, SubscriptionId), index: i32, place: &str) {
        const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
        let of_day_ms = self.log_time_ns / 1_000_000 % DAY_MS;
        let expected = if self.by_time { of_day_ms } else { i64::from(self.latest[&subscription]) };
        assert_eq!(i64::from(index), expected, "{place}: {subscription:?}");
    }
}

/// Objects if an implicit subscription is missing while an intent names it, or is there when none does any more.
#[derive(Default)]
pub struct ImplicitWitness {
    /// By intent, the subscription that it names.
    named: BTreeMap<EntityId, SubscriptionId>,
    /// Those that are implicit and should be there.
    implicit: BTreeSet<SubscriptionId>,
    pub gone: usize,
}

impl ImplicitWitness {
    pub fn see(&mut self, registry: &Registry, action: &Action, outcome: &Outcome, place: &str) {
        let mut touched = Vec::new();
        match (action, outcome) {
            (Action::PutOperationalIntent(put), Outcome::OperationalIntentPut { reference, .. }) => {
                if let IntentSubscription::Implicit { fresh, .. } = &put.subscription {
                    self.implicit.insert(fresh.id);
                }
                touched.extend(self.named.remove(&put.id));
                if let Some(id) = reference.subscription {
                    self.named.insert(put.id, id);
                    touched.push(id);
                }
            }
            (_, Outcome::OperationalIntentDeleted { reference, .. }) => touched.extend(self.named.remove(&reference.id)),
            (_, Outcome::Expired(expired)) => {
                touched.extend(expired.operational_intents.iter().filter_map(|id| self.named.remove(id)));
            }
            (_, Outcome::SubscriptionPut { subscription, .. }) => {
                // What a client has written is its own.
                self.implicit.remove(&subscription.id);
            }
            _ => {}
        }
        for id in touched {
            let is_needed = self.named.values().any(|named| *named == id);
            let is_there = registry.subscription(id).is_some();
            assert!(is_there || !is_needed, "{place}: {id} is missing");
            if self.implicit.contains(&id) {
                assert!(is_needed || !is_there, "{place}: nobody needs {id} any more");
            }
            self.gone += usize::from(!is_needed && self.implicit.remove(&id));
        }
        for id in &self.implicit {
            assert!(registry.subscription(*id).is_some(), "{place}: {id} is missing");
        }
    }
}

/// Objects if anything goes, other than by a deletion, that in truth ended less than `least_ns` ago.
pub struct ClockWitness {
    least_ns: i64,
    /// By entity, when it ends.
    ends: BTreeMap<EntityId, Time>,
    error_ns: i64,
    pub steps: usize,
    pub expired: usize,
}

impl ClockWitness {
    pub fn new(least_ns: i64) -> Self {
        Self { least_ns, ends: BTreeMap::new(), error_ns: 0, steps: 0, expired: 0 }
    }

    pub fn see(&mut self, step: &Step, outcome: &Outcome, place: &str) {
        let error_ns = step.command.proposed_at.ns() - step.true_time.ns();
        self.steps += usize::from((error_ns - self.error_ns).abs() > self.least_ns.min(3_600_000_000_000));
        self.error_ns = error_ns;
        match (&step.command.action, outcome) {
            (Action::PutOperationalIntent(put), Outcome::OperationalIntentPut { .. }) => {
                self.ends.insert(put.id, put.volumes.time().end());
            }
            (Action::PutConstraint(put), Outcome::ConstraintPut { .. }) => {
                self.ends.insert(put.id, put.volumes.time().end());
            }
            (_, Outcome::OperationalIntentDeleted { reference, .. }) => drop(self.ends.remove(&reference.id)),
            (_, Outcome::ConstraintDeleted { reference, .. }) => drop(self.ends.remove(&reference.id)),
            (_, Outcome::IdentificationServiceAreaPut { service_area, .. }) => {
                self.ends.insert(service_area.id, service_area.time.end());
            }
            (_, Outcome::IdentificationServiceAreaDeleted { service_area, .. }) => drop(self.ends.remove(&service_area.id)),
            (_, Outcome::Expired(expired)) => {
                let entities = expired.operational_intents.iter().chain(&expired.constraints);
                for id in entities.chain(&expired.identification_service_areas) {
                    let end = self.ends.remove(id).expect("what expires was there");
                    // The clocks of proposers differ by seconds besides.
                    let latest = step.true_time.plus_ns(-self.least_ns + 60_000_000_000);
                    assert!(end < latest, "{place}: {id} ended at {} and was gone at {}", end.ns(), step.true_time.ns());
                    self.expired += 1;
                }
            }
            _ => {}
        }
    }

    /// Whatever neither was deleted nor expired is still there.
    pub fn assert_rest_is_there(&self, registry: &Registry) {
        let counts = registry.counts();
        let entities = counts.operational_intents + counts.constraints + counts.identification_service_areas;
        assert_eq!(entities, self.ends.len());
        let caller = UssId::new("anybody").unwrap();
        for id in self.ends.keys() {
            let is_there = registry.operational_intent(*id, &caller).is_some()
                || registry.constraint(*id, &caller).is_some()
                || registry.identification_service_area(*id).is_some();
            assert!(is_there, "{id} has gone without a word");
        }
    }
}
