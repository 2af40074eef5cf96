//! Whom a change concerns, and the numbers of their notifications.
//!
//! A subscription is told of a change if it has not ended, is about that kind of entity, and shares a cell and an instant with
//! a volume of the entity as it was or as it is. Altitude does not count, as existing clients expect. Each subscription has
//! a number that rises by one with every notification, so that its owner notices a lost one.

use crate::capture::Before;
use crate::digest::{Role, Sum, hash};
use crate::id::{SubscriptionId, UssBaseUrl};
use crate::outcome::Subscriber;
use crate::records::SubscriptionRecord;
use crate::registry::Registry;
use crate::table::Altitude;
use crate::time::Time;
use crate::volume::Volume;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// The number of the latest notification of each subscription.
#[derive(Clone, Debug, Default)]
pub(crate) struct NotificationIndices {
    by_subscription: BTreeMap<SubscriptionId, i32>,
    digest: Sum,
    /// What changed since a capture began.
    pub before: Before<SubscriptionId, i32>,
}

impl NotificationIndices {
    /// The numbers of subscriptions whose ids ascend.
    pub fn from_ascending(indices: Vec<(SubscriptionId, i32)>) -> Self {
        let mut digest = Sum::default();
        indices.iter().for_each(|counted| digest.add(hash(Role::NotificationIndex, counted)));
        Self { by_subscription: indices.into_iter().collect(), digest, before: Before::default() }
    }

    pub fn get(&self, id: SubscriptionId) -> i32 {
        self.by_subscription.get(&id).copied().expect("bug: a subscription has no notification index")
    }

    /// As it was when the capture began; without one, as it is.
    pub fn at_beginning(&self, id: SubscriptionId) -> i32 {
        match self.before.get(id) {
            Some(before) => *before.expect("bug: a subscription had no notification index"),
            None => self.get(id),
        }
    }

    /// Begins to count for a new subscription.
    pub fn begin(&mut self, id: SubscriptionId, index: i32) {
        self.before.note(id, || None);
        self.by_subscription.insert(id, index);
        self.digest.add(hash(Role::NotificationIndex, &(id, index)));
    }

    /// Ends counting; the subscription is gone.
    pub fn end(&mut self, id: SubscriptionId) {
        let index = self.by_subscription.remove(&id).expect("bug: a subscription had no notification index");
        self.before.note(id, || Some(index));
        self.digest.subtract(hash(Role::NotificationIndex, &(id, index)));
    }

    /// The number of the next notification.
    fn next(&mut self, id: SubscriptionId) -> i32 {
        let index = self.by_subscription.get_mut(&id).expect("bug: a subscription has no notification index");
        self.before.note(id, || Some(*index));
        self.digest.subtract(hash(Role::NotificationIndex, &(id, *index)));
        // An int32 that is not negative: after the last it begins again.
        *index = index.checked_add(1).unwrap_or(0);
        self.digest.add(hash(Role::NotificationIndex, &(id, *index)));
        *index
    }

    pub fn digest(&self) -> Sum {
        self.digest
    }
}

/// What kind of entity has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    OperationalIntent,
    Constraint,
}

impl Changed {
    fn concerns(self, subscription: &SubscriptionRecord) -> bool {
        match self {
            Self::OperationalIntent => subscription.notify_for_operational_intents,
            Self::Constraint => subscription.notify_for_constraints,
        }
    }
}

impl Registry {
    /// Counts one notification for every subscription that a change at `volumes` concerns; ascending by address and id.
    pub(crate) fn notify(&mut self, now: Time, changed: Changed, volumes: &[&[Volume]]) -> Vec<Subscriber> {
        let mut concerned: Vec<(UssBaseUrl, SubscriptionId)> = Vec::new();
        for volumes in volumes {
            let meeting = self.subscriptions.meeting(volumes, Altitude::Ignored).into_iter();
            let live = meeting.filter(|subscription| subscription.extent.time.end() >= now && changed.concerns(subscription));
            concerned.extend(live.map(|subscription| (subscription.uss_base_url.clone(), subscription.id)));
        }
        concerned.sort_unstable();
        concerned.dedup();

        let mut subscribers: Vec<Subscriber> = Vec::new();
        for (uss_base_url, id) in concerned {
            let state = (id, self.notification_indices.next(id));
            match subscribers.last_mut() {
                Some(last) if last.uss_base_url == uss_base_url => last.subscriptions.push(state),
                _ => subscribers.push(Subscriber { uss_base_url, subscriptions: alloc::vec![state] }),
            }
        }
        subscribers
    }
}
