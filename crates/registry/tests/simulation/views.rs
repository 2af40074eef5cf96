//! What the model answers to questions, and the comparison with what the registry answers.

use crate::model::{Interest, Model, meet};
use crate::rid::Numbering as _;
use deconflict_registry::*;

/// Asks the registry and the model the same questions, about the place and the caller of `command`.
pub fn assert_same_answers(registry: &Registry, model: &Model, command: &Command, place: &str) {
    let (now, at) = (command.proposed_at, registry.log_time());
    let (area, caller) = match &command.action {
        Action::PutOperationalIntent(put) => (put.volumes.as_slice()[0].clone(), put.caller.clone()),
        Action::PutConstraint(put) => (put.volumes.as_slice()[0].clone(), put.caller.clone()),
        Action::PutSubscription(put) => {
            let area = Volume { cells: put.cells.clone(), altitude: AltitudeBand::ALL, time: TimeSpan::ALL };
            (area, put.caller.clone())
        }
        Action::PutIdentificationServiceArea(put) => (area_of(&put.cells, put.start, put.end), put.caller.clone()),
        Action::PutRidSubscription(put) => (area_of(&put.cells, put.start, put.end), put.caller.clone()),
        _ => return,
    };
    assert_eq!(registry.operational_intents_in(&area, &caller), model.intents_in(&area, true, &caller), "{place}: {area:?}");
    assert_eq!(registry.constraints_in(&area, &caller), model.constraints_in(&area, &caller), "{place}: {area:?}");
    assert_eq!(registry.subscriptions_in(&area, &caller, now), model.subscriptions_in(&area, &caller, now), "{place}: {area:?}");
    assert_eq!(registry.uss_availability(&caller), model.availability(&caller), "{place}");
    for (id, intent) in model.intents.iter().take(50) {
        let seen = registry.operational_intent(*id, &intent.manager);
        assert_eq!(seen, Some(model.intent_seen_by(*id, &intent.manager)), "{place}");
        assert_eq!(registry.operational_intent(*id, &caller), Some(model.intent_seen_by(*id, &caller)), "{place}");
    }
    for id in model.constraints.keys().take(50) {
        assert_eq!(registry.constraint(*id, &caller), Some(model.constraint_seen_by(*id, &caller)), "{place}");
    }
    for id in model.subscriptions.keys().take(50) {
        assert_eq!(registry.subscription(*id), model.subscription(*id, at), "{place}");
    }
    let (cells, time) = (&area.cells, area.time);
    let found = registry.identification_service_areas_in(cells, time, now);
    assert_eq!(found, model.areas_in(cells, time, now), "{place}: {area:?}");
    let found = registry.rid_subscriptions_in(cells, &caller, now);
    assert_eq!(found, model.rid_subscriptions_in(cells, &caller, now), "{place}: {area:?}");
    for id in model.areas.keys().take(50) {
        assert_eq!(registry.identification_service_area(*id), model.area(*id), "{place}");
    }
    for id in model.rid_subscriptions.keys().take(50) {
        assert_eq!(registry.rid_subscription(*id), model.rid_subscription(*id, at), "{place}");
    }
    assert_eq!(registry.options(), model.options, "{place}");
    let counts = Counts {
        operational_intents: model.intents.len(),
        constraints: model.constraints.len(),
        subscriptions: model.subscriptions.len(),
        identification_service_areas: model.areas.len(),
        rid_subscriptions: model.rid_subscriptions.len(),
        reports: model.reports.len(),
        spent_suffixes: model.spent.len(),
    };
    assert_eq!(registry.counts(), counts, "{place}");
}

/// These cells at all altitudes, with missing times open.
fn area_of(cells: &Cells, start: Option<Time>, end: Option<Time>) -> Volume {
    let time = TimeSpan::new(start.unwrap_or(Time::MIN), end.unwrap_or(Time::MAX)).unwrap_or(TimeSpan::ALL);
    Volume { cells: cells.clone(), altitude: AltitudeBand::ALL, time }
}

impl Model {
    pub fn is_down(&self, uss: &UssId) -> bool {
        self.availability(uss).availability == UssAvailability::Down
    }

    pub fn dependents(&self, id: SubscriptionId) -> Vec<EntityId> {
        self.intents.iter().filter(|(_, intent)| intent.subscription == Some(id)).map(|(id, _)| *id).collect()
    }

    pub fn availability(&self, uss: &UssId) -> UssAvailabilityStatus {
        let declared = self.availabilities.get(uss);
        UssAvailabilityStatus {
            uss: uss.clone(),
            availability: declared.map_or(UssAvailability::Unknown, |(availability, _)| *availability),
            version: declared.map(|(_, version)| *version),
        }
    }

    pub fn subscription(&self, id: SubscriptionId, at: Time) -> Option<Subscription> {
        let interest = self.subscriptions.get(&id)?;
        Some(Subscription {
            id,
            manager: interest.manager.clone(),
            version: interest.version,
            notification_index: self.options.shown(interest.told, at),
            time: interest.extent.time,
            uss_base_url: interest.url.clone(),
            notify_for_operational_intents: interest.for_intents,
            notify_for_constraints: interest.for_constraints,
            implicit: interest.implicit,
            dependents: self.dependents(id),
        })
    }

    pub fn subscriptions_in(&self, area: &Volume, manager: &UssId, now: Time) -> Vec<Subscription> {
        let (now, at) = (self.now(now), self.log_time.unwrap());
        let seen = |interest: &Interest| {
            interest.manager == *manager
                && interest.extent.time.end() >= now
                && meet(std::slice::from_ref(area), std::slice::from_ref(&interest.extent), false)
        };
        let ids = self.subscriptions.iter().filter(|(_, interest)| seen(interest)).map(|(id, _)| *id);
        ids.map(|id| self.subscription(id, at).unwrap()).collect()
    }

    pub fn intents_in(&self, area: &Volume, altitude: bool, caller: &UssId) -> Vec<OperationalIntentReference> {
        let area = std::slice::from_ref(area);
        let seen = self.intents.iter().filter(|(_, intent)| meet(area, intent.volumes.as_slice(), altitude));
        seen.map(|(id, _)| self.intent_seen_by(*id, caller)).collect()
    }

    pub fn constraints_in(&self, area: &Volume, caller: &UssId) -> Vec<ConstraintReference> {
        let area = std::slice::from_ref(area);
        let seen = self.constraints.iter().filter(|(_, other)| meet(area, other.volumes.as_slice(), false));
        seen.map(|(id, _)| self.constraint_seen_by(*id, caller)).collect()
    }

    pub fn intent_seen_by(&self, id: EntityId, caller: &UssId) -> OperationalIntentReference {
        let intent = &self.intents[&id];
        OperationalIntentReference {
            id,
            manager: intent.manager.clone(),
            uss_availability: self.availability(&intent.manager).availability,
            version: intent.version,
            state: intent.state,
            ovn: if intent.manager == *caller { Some(intent.ovn) } else { None },
            time: intent.volumes.time(),
            uss_base_url: intent.url.clone(),
            subscription: intent.subscription,
        }
    }

    pub fn constraint_seen_by(&self, id: EntityId, caller: &UssId) -> ConstraintReference {
        let constraint = &self.constraints[&id];
        ConstraintReference {
            id,
            manager: constraint.manager.clone(),
            uss_availability: self.availability(&constraint.manager).availability,
            version: constraint.version,
            ovn: if constraint.manager == *caller { Some(constraint.ovn) } else { None },
            time: constraint.volumes.time(),
            uss_base_url: constraint.url.clone(),
        }
    }
}
