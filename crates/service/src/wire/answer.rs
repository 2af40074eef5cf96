//! What the registry says, as bodies of the wire.

use crate::wire::time;
use deconflict_astm as astm;
use deconflict_registry as registry;

/// Stands in place of an OVN that the caller may not see, as clients of the servers in use expect.
const AVAILABLE_FROM_USS: &str = "Available from USS";

/// Stands in place of the subscription of an intent that has none: a UUID that nothing has.
const NO_SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000000";

/// An operational intent reference.
pub fn intent_reference(intent: &registry::OperationalIntentReference) -> astm::OperationalIntentReference {
    astm::OperationalIntentReference {
        id: intent.id.to_string(),
        manager: intent.manager.as_str().to_owned(),
        uss_availability: availability(intent.uss_availability),
        version: intent.version,
        state: match intent.state {
            registry::OperationalIntentState::Accepted => astm::OperationalIntentState::Accepted,
            registry::OperationalIntentState::Activated => astm::OperationalIntentState::Activated,
            registry::OperationalIntentState::Nonconforming => astm::OperationalIntentState::Nonconforming,
            registry::OperationalIntentState::Contingent => astm::OperationalIntentState::Contingent,
        },
        ovn: Some(ovn(intent.ovn)),
        time_start: wire_time(intent.time.start()),
        time_end: wire_time(intent.time.end()),
        uss_base_url: intent.uss_base_url.as_str().to_owned(),
        subscription_id: intent.subscription.map_or_else(|| NO_SUBSCRIPTION.to_owned(), |id| id.to_string()),
    }
}

/// A constraint reference.
pub fn constraint_reference(constraint: &registry::ConstraintReference) -> astm::ConstraintReference {
    astm::ConstraintReference {
        id: constraint.id.to_string(),
        manager: constraint.manager.as_str().to_owned(),
        uss_availability: availability(constraint.uss_availability),
        version: constraint.version,
        ovn: Some(ovn(constraint.ovn)),
        time_start: wire_time(constraint.time.start()),
        time_end: wire_time(constraint.time.end()),
        uss_base_url: constraint.uss_base_url.as_str().to_owned(),
    }
}

/// A subscription.
pub fn subscription(subscription: &registry::Subscription) -> astm::Subscription {
    astm::Subscription {
        id: subscription.id.to_string(),
        version: subscription.version.to_string(),
        notification_index: subscription.notification_index,
        time_start: Some(wire_time(subscription.time.start())),
        time_end: Some(wire_time(subscription.time.end())),
        uss_base_url: subscription.uss_base_url.as_str().to_owned(),
        notify_for_operational_intents: Some(subscription.notify_for_operational_intents),
        notify_for_constraints: Some(subscription.notify_for_constraints),
        implicit_subscription: Some(subscription.implicit),
        dependent_operational_intents: Some(subscription.dependents.iter().map(ToString::to_string).collect()),
    }
}

/// A change of an intent, and whom to tell.
pub fn intent_changed(
    reference: &registry::OperationalIntentReference,
    subscribers: &[registry::Subscriber],
) -> astm::ChangeOperationalIntentReferenceResponse {
    astm::ChangeOperationalIntentReferenceResponse {
        subscribers: subscribers.iter().map(subscriber).collect(),
        operational_intent_reference: intent_reference(reference),
    }
}

/// A change of a constraint, and whom to tell.
pub fn constraint_changed(
    reference: &registry::ConstraintReference,
    subscribers: &[registry::Subscriber],
) -> astm::ChangeConstraintReferenceResponse {
    astm::ChangeConstraintReferenceResponse {
        subscribers: subscribers.iter().map(subscriber).collect(),
        constraint_reference: constraint_reference(reference),
    }
}

/// A subscription that was written, and what is in its area. A list is there if the subscription is about such things.
pub fn subscription_put(
    written: &registry::Subscription,
    operational_intents: &[registry::OperationalIntentReference],
    constraints: &[registry::ConstraintReference],
) -> astm::PutSubscriptionResponse {
    let intents = written.notify_for_operational_intents.then(|| operational_intents.iter().map(intent_reference).collect());
    let constraints = written.notify_for_constraints.then(|| constraints.iter().map(constraint_reference).collect());
    astm::PutSubscriptionResponse {
        subscription: subscription(written),
        operational_intent_references: intents,
        constraint_references: constraints,
    }
}

/// Why the airspace is not free; an empty list is left out.
pub fn conflict(
    message: String,
    operational_intents: &[registry::OperationalIntentReference],
    constraints: &[registry::ConstraintReference],
) -> astm::AirspaceConflictResponse {
    let intents: Vec<_> = operational_intents.iter().map(intent_reference).collect();
    let constraints: Vec<_> = constraints.iter().map(constraint_reference).collect();
    astm::AirspaceConflictResponse {
        message: Some(message),
        missing_operational_intents: (!intents.is_empty()).then_some(intents),
        missing_constraints: (!constraints.is_empty()).then_some(constraints),
    }
}

/// The availability of a USS.
pub fn uss_availability(status: &registry::UssAvailabilityStatus) -> astm::UssAvailabilityStatusResponse {
    astm::UssAvailabilityStatusResponse {
        version: status.version.map(|version| version.to_string()).unwrap_or_default(),
        status: astm::UssAvailabilityStatus {
            uss: status.uss.as_str().to_owned(),
            availability: availability(status.availability),
        },
    }
}

fn subscriber(subscriber: &registry::Subscriber) -> astm::SubscriberToNotify {
    let state = |(id, index): &(registry::SubscriptionId, i32)| astm::SubscriptionState {
        subscription_id: id.to_string(),
        notification_index: *index,
    };
    astm::SubscriberToNotify {
        subscriptions: subscriber.subscriptions.iter().map(state).collect(),
        uss_base_url: subscriber.uss_base_url.as_str().to_owned(),
    }
}

fn availability(availability: registry::UssAvailability) -> astm::UssAvailabilityState {
    match availability {
        registry::UssAvailability::Unknown => astm::UssAvailabilityState::Unknown,
        registry::UssAvailability::Normal => astm::UssAvailabilityState::Normal,
        registry::UssAvailability::Down => astm::UssAvailabilityState::Down,
    }
}

fn ovn(ovn: Option<registry::Ovn>) -> String {
    ovn.map_or_else(|| AVAILABLE_FROM_USS.to_owned(), |ovn| ovn.to_string())
}

/// An instant.
pub fn wire_time(time: registry::Time) -> astm::Time {
    astm::Time { value: time::write(time), format: astm::TimeFormat::RFC3339 }
}
