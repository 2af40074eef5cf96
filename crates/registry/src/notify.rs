//! Whom a change concerns, and the numbers of their notifications.
//!
//! A subscription is told of a change if it has not ended, is about that kind of entity, and shares a cell and an instant with
//! a volume of the entity as it was or as it is. Altitude does not count, as existing clients expect; nor does time for an
//! identification service area. Each subscription has a number that rises by one with every notification, so that its owner
//! notices a lost one; or, if the options say so, notifications bear the time of day.

use crate::capture::Before;
use crate::digest::{Role, Sum, hash};
use crate::id::{SubscriptionId, UssBaseUrl};
use crate::outcome::Subscriber;
use crate::records::{Options, SubscriptionRecord};
use crate::registry::Registry;
use crate::table::Altitude;
use crate::time::{Time, TimeSpan};
use crate::volume::{Cells, Volume};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// The number of the latest notification of each subscription.
#[derive(Clone, Debug)]
pub(crate) struct NotificationIndices {
    role: Role,
    by_subscription: BTreeMap<SubscriptionId, i32>,
    digest: Sum,
    /// What changed since a capture began.
    pub before: Before<SubscriptionId, i32>,
}

impl NotificationIndices {
    /// No subscriptions; their numbers will have this role in the digest.
    pub fn new(role: Role) -> Self {
        Self::from_ascending(role, Vec::new())
    }

    /// The numbers of subscriptions whose ids ascend.
    pub fn from_ascending(role: Role, indices: Vec<(SubscriptionId, i32)>) -> Self {
        let mut digest = Sum::default();
        indices.iter().for_each(|counted| digest.add(hash(role, counted)));
        Self { role, by_subscription: indices.into_iter().collect(), digest, before: Before::default() }
    }

    fn get(&self, id: SubscriptionId) -> i32 {
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
        self.digest.add(hash(self.role, &(id, index)));
    }

    /// Ends counting; the subscription is gone.
    pub fn end(&mut self, id: SubscriptionId) {
        let index = self.by_subscription.remove(&id).expect("bug: a subscription had no notification index");
        self.before.note(id, || Some(index));
        self.digest.subtract(hash(self.role, &(id, index)));
    }

    /// The number of the next notification.
    fn next(&mut self, id: SubscriptionId) -> i32 {
        let index = self.by_subscription.get_mut(&id).expect("bug: a subscription has no notification index");
        self.before.note(id, || Some(*index));
        self.digest.subtract(hash(self.role, &(id, *index)));
        // An int32 that is not negative: after the last it begins again.
        *index = index.checked_add(1).unwrap_or(0);
        self.digest.add(hash(self.role, &(id, *index)));
        *index
    }

    /// Numbers one notification for each of these, once; ascending by address and id.
    fn tell(&mut self, mut concerned: Vec<(UssBaseUrl, SubscriptionId)>, options: Options, now: Time) -> Vec<Subscriber> {
        concerned.sort_unstable();
        concerned.dedup();
        let mut subscribers: Vec<Subscriber> = Vec::new();
        for (uss_base_url, id) in concerned {
            let state = (id, options.index_at(now).unwrap_or_else(|| self.next(id)));
            match subscribers.last_mut() {
                Some(last) if last.uss_base_url == uss_base_url => last.subscriptions.push(state),
                _ => subscribers.push(Subscriber { uss_base_url, subscriptions: alloc::vec![state] }),
            }
        }
        subscribers
    }

    /// The number that a client sees who looks at the subscription at `now`.
    pub fn shown(&self, id: SubscriptionId, options: Options, now: Time) -> i32 {
        options.index_at(now).unwrap_or_else(|| self.get(id))
    }

    pub fn digest(&self) -> Sum {
        self.digest
    }
}

impl Options {
    /// The number of a notification at `now`, if that is the time of day; nothing is counted then.
    fn index_at(self, now: Time) -> Option<i32> {
        self.time_based_notification_index.then(|| now.milliseconds_of_day())
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
    /// Numbers one notification for every subscription that a change at `volumes` concerns.
    pub(crate) fn notify(&mut self, now: Time, changed: Changed, volumes: &[&[Volume]]) -> Vec<Subscriber> {
        let mut concerned = Vec::new();
        for volumes in volumes {
            let meeting = self.subscriptions.meeting(volumes, Altitude::Ignored).into_iter();
            let live = meeting.filter(|subscription| subscription.extent.time.end() >= now && changed.concerns(subscription));
            concerned.extend(live.map(|subscription| (subscription.uss_base_url.clone(), subscription.id)));
        }
        self.notification_indices.tell(concerned, self.state.options, now)
    }

    /// Numbers one notification for every subscription of F3411 that a change of an identification service area concerns,
    /// which was or is in these places.
    pub(crate) fn notify_of_service_area<'a>(
        &mut self,
        now: Time,
        places: impl IntoIterator<Item = &'a Cells>,
    ) -> Vec<Subscriber> {
        let live = self.rid_subscriptions.in_cells(places, TimeSpan::since(now)).into_iter();
        let concerned = live.map(|subscription| (subscription.url.clone(), subscription.id)).collect();
        self.rid_notification_indices.tell(concerned, self.state.options, now)
    }
}
