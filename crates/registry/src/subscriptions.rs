//! Subscriptions: create, update, delete, grow, and go when the last intent that needs an implicit one has gone.

use crate::codec::coded_struct;
use crate::command::{DeleteSubscription, Expected, PutSubscription};
use crate::digest::{Role, hash};
use crate::held::Holding;
use crate::id::{EntityId, SubscriptionId, UssBaseUrl, UssId};
use crate::outcome::{Outcome, Rejection};
use crate::records::SubscriptionRecord;
use crate::registry::{CLOCK_SKEW_NS, Registry, SUBSCRIPTION_MAX_NS};
use crate::table::{Altitude, Record};
use crate::time::Time;
use crate::volume::{AltitudeBand, Cells, Volume, Volumes};
use crate::wanted::Wanted;
use alloc::vec::Vec;
use core::slice;

coded_struct!(SubscriptionRecord {
    id,
    manager,
    version,
    uss_base_url,
    notify_for_operational_intents,
    notify_for_constraints,
    implicit,
    extent,
});

impl Record for SubscriptionRecord {
    type Id = SubscriptionId;

    fn id(&self) -> SubscriptionId {
        self.id
    }

    fn volumes(&self) -> &[Volume] {
        slice::from_ref(&self.extent)
    }

    fn end(&self) -> Time {
        self.extent.time.end()
    }

    fn hash(&self) -> u128 {
        hash(Role::Subscription, self)
    }

    fn manager(&self) -> &UssId {
        &self.manager
    }

    fn shared(&mut self) -> (&mut UssId, &mut UssBaseUrl) {
        (&mut self.manager, &mut self.uss_base_url)
    }
}

impl SubscriptionRecord {
    /// Whether the subscription covers the cells and the time of `volume`.
    pub fn covers(&self, volume: &Volume) -> bool {
        self.extent.time.covers(volume.time) && self.extent.cells.cover(&volume.cells)
    }

    /// The smallest extent that covers `volumes`.
    pub fn extent_of(volumes: &Volumes) -> Volume {
        Volume { cells: volumes.cells(), altitude: AltitudeBand::ALL, time: volumes.time() }
    }

    /// The smallest extent that covers what this subscription covers, and `volumes`.
    pub fn extent_with(&self, volumes: &Volumes) -> Result<Volume, Rejection> {
        let mut cells: Vec<_> = self.extent.cells.as_slice().to_vec();
        cells.extend_from_slice(volumes.cells().as_slice());
        Ok(Volume {
            cells: Cells::new(cells).map_err(|_| Rejection::SubscriptionDoesNotCover)?,
            altitude: AltitudeBand::ALL,
            time: self.extent.time.hull(volumes.time()),
        })
    }

    /// Whether a subscription that is rewritten at `now` still covers what matters of a volume that depends on it.
    ///
    /// What is over does not matter any more, and the start is compared with a tolerance for clients' clocks: a client that
    /// renews a subscription gives its own present as the start.
    fn still_covers(&self, volume: &Volume, now: Time) -> bool {
        let latest_start = volume.time.start().max(now.plus_ns(CLOCK_SKEW_NS as i64));
        volume.time.end() < now
            || self.extent.time.start() <= latest_start
                && volume.time.end() <= self.extent.time.end()
                && self.extent.cells.cover(&volume.cells)
    }

    /// Whether whatever `old` covered is covered by this, too, as `still_covers` understands it.
    fn covers_all_of(&self, old: &Self, now: Time) -> bool {
        let latest_start = old.extent.time.start().max(now.plus_ns(CLOCK_SKEW_NS as i64));
        self.extent.time.start() <= latest_start
            && old.extent.time.end() <= self.extent.time.end()
            && self.extent.cells.cover(&old.extent.cells)
    }
}

impl Registry {
    /// Rules, in order: 1. it is about something; 2. what is to be created is not there, what is to be updated is; 3. the
    /// version is the current one; 4. the caller is the manager; 5. a start that is given is not long past; 6. the end is
    /// after the start; 7. it is not too long; 8. the end is not in the past; 9. it still covers, and is still about, what
    /// depends on it; 10. the caller keeps to its quotas.
    pub(crate) fn put_subscription(&mut self, now: Time, put: &PutSubscription) -> Result<Outcome, Rejection> {
        if !put.notify_for_operational_intents && !put.notify_for_constraints {
            return Err(Rejection::NothingToNotify);
        }
        let old = self.subscriptions.get(put.id);
        match (old, put.expected) {
            (None, Expected::Version(_)) => return Err(Rejection::UpdateOfUnknown),
            (Some(_), Expected::Nothing) => return Err(Rejection::AlreadyExists),
            (Some(old), Expected::Version(version)) if version != Some(old.version) => return Err(Rejection::VersionMismatch),
            (Some(old), _) if old.manager != put.caller => return Err(Rejection::NotManager),
            _ => {}
        }
        let wanted = Wanted { start: put.start, end: put.end };
        let record = SubscriptionRecord {
            id: put.id,
            manager: put.caller.clone(),
            version: put.version,
            uss_base_url: put.uss_base_url.clone(),
            notify_for_operational_intents: put.notify_for_operational_intents,
            notify_for_constraints: put.notify_for_constraints,
            // What a client has written is its own from then on.
            implicit: false,
            extent: Volume {
                cells: put.cells.clone(),
                altitude: AltitudeBand::ALL,
                time: wanted.span(now, old.map(|old| old.extent.time), Some(SUBSCRIPTION_MAX_NS))?,
            },
        };
        if let Some(old) = old {
            self.check_dependents(&record, old, now)?;
        }
        let less = Holding::of_old(old);
        self.check_quotas(&put.caller, Holding::of(record.volumes()), less)?;

        self.write_subscription(record);
        Ok(self.subscription_put(now, put.id))
    }

    fn subscription_put(&self, now: Time, id: SubscriptionId) -> Outcome {
        let subscription = self.subscriptions.get(id).expect("it has just been put there");
        let (area, manager) = (&subscription.extent, &subscription.manager);
        Outcome::SubscriptionPut {
            subscription: self.subscription_view(subscription, now),
            operational_intents: match subscription.notify_for_operational_intents {
                true => self.operational_intents_meeting(area, Altitude::Ignored, manager),
                false => Vec::new(),
            },
            constraints: match subscription.notify_for_constraints {
                true => self.constraints_in(area, manager),
                false => Vec::new(),
            },
        }
    }

    /// Rules, in order: 1. it exists; 2. the caller is the manager; 3. the version is the current one; 4. no intent depends on
    /// it.
    pub(crate) fn delete_subscription(&mut self, now: Time, delete: &DeleteSubscription) -> Result<Outcome, Rejection> {
        let old = self.subscriptions.get(delete.id).ok_or(Rejection::DeleteOfUnknown)?;
        if old.manager != delete.caller {
            return Err(Rejection::NotManager);
        }
        if delete.version != Some(old.version) {
            return Err(Rejection::VersionMismatch);
        }
        if self.dependents_of(delete.id).next().is_some() {
            return Err(Rejection::HasDependents);
        }

        let subscription = self.subscription_view(old, now);
        self.remove_subscription(delete.id);
        Ok(Outcome::SubscriptionDeleted { subscription })
    }

    fn check_dependents(&self, new: &SubscriptionRecord, old: &SubscriptionRecord, now: Time) -> Result<(), Rejection> {
        // A subscription may have a million dependents; one that is renewed as it was need not ask them.
        if new.notify_for_operational_intents && new.covers_all_of(old, now) {
            return Ok(());
        }
        for id in self.dependents_of(new.id) {
            let intent = self.operational_intents.get(id).expect("bug: an intent that is not there depends on a subscription");
            let volumes = intent.volumes.as_slice();
            if !new.notify_for_operational_intents || !volumes.iter().all(|volume| new.still_covers(volume, now)) {
                return Err(Rejection::DependentsNotCovered { operational_intent: id });
            }
        }
        Ok(())
    }

    /// Puts a subscription in place, whether it was there or not. It keeps its notification index.
    pub(crate) fn write_subscription(&mut self, mut subscription: SubscriptionRecord) {
        let id = subscription.id;
        self.names.share(&mut subscription);
        if self.subscriptions.remove(id).is_none() {
            self.notification_indices.begin(id, 0);
        }
        self.subscriptions.insert(subscription);
    }

    /// Takes a subscription away that no intent depends on.
    pub(crate) fn remove_subscription(&mut self, id: SubscriptionId) {
        assert!(self.dependents_of(id).next().is_none(), "bug: subscription {id} was to go while an intent depends on it");
        self.subscriptions.remove(id);
        self.notification_indices.end(id);
    }

    /// An intent no longer depends on a subscription. An implicit one goes with its last dependent.
    pub(crate) fn detach(&mut self, id: SubscriptionId, intent: EntityId) {
        self.dependents.remove(&(id, intent));
        let is_implicit = self.subscriptions.get(id).is_some_and(|subscription| subscription.implicit);
        if is_implicit && self.dependents_of(id).next().is_none() {
            self.remove_subscription(id);
        }
    }
}
