//! Subscriptions of F3411: standing interest in the identification service areas of some cells. Both versions of the standard
//! write and see the same ones. They have nothing to do with those of F3548: the same id may be in use in both.

use crate::codec::coded_struct;
use crate::command::{DeleteRidSubscription, Expected, PutRidSubscription};
use crate::digest::{Role, hash};
use crate::held::Holding;
use crate::id::{SubscriptionId, UssBaseUrl, UssId};
use crate::outcome::{Outcome, Rejection, RidSubscription};
use crate::records::RidSubscriptionRecord;
use crate::registry::{Registry, SUBSCRIPTION_MAX_NS};
use crate::table::Record;
use crate::time::{Time, TimeSpan};
use crate::volume::{AltitudeBand, Cell, Cells, Volume};
use crate::wanted::Wanted;
use alloc::vec::Vec;
use core::slice;

/// Most live subscriptions of F3411 that one owner may have in one cell (`NetDSSMaxSubscriptionPerArea`, DSS0050).
pub const RID_SUBSCRIPTIONS_MAX: usize = 10;

coded_struct!(RidSubscriptionRecord { id, owner, version, url, extent });

impl Record for RidSubscriptionRecord {
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
        hash(Role::RidSubscription, self)
    }

    fn manager(&self) -> &UssId {
        &self.owner
    }

    fn shared(&mut self) -> (&mut UssId, &mut UssBaseUrl) {
        (&mut self.owner, &mut self.url)
    }
}

impl Registry {
    /// Rules, in order: 1. what is to be created is not there, what is to be updated is; 2. the version is the current one;
    /// 3. the caller is the owner; 4. those of [`Wanted::span`], with 24 hours as the longest; 5. the owner has less than
    /// [`RID_SUBSCRIPTIONS_MAX`] live ones in every cell, one that is updated included, as the servers in use count; 6. there
    /// is a next version; 7. the caller keeps to its quotas.
    pub(crate) fn put_rid_subscription(&mut self, now: Time, put: &PutRidSubscription) -> Result<Outcome, Rejection> {
        let old = self.rid_subscriptions.get(put.id);
        match (old, put.expected) {
            (None, Expected::Version(_)) => return Err(Rejection::UpdateOfUnknown),
            (Some(_), Expected::Nothing) => return Err(Rejection::AlreadyExists),
            (Some(old), Expected::Version(version)) if version != Some(old.version) => return Err(Rejection::VersionMismatch),
            (Some(old), _) if old.owner != put.caller => return Err(Rejection::NotManager),
            _ => {}
        }
        let wanted = Wanted { start: put.start, end: put.end };
        let time = wanted.span(now, old.map(|old| old.extent.time), Some(SUBSCRIPTION_MAX_NS))?;
        self.check_subscriptions_of(&put.caller, &put.cells, now)?;
        let version = self.state.last_rid_version.next(now)?;
        let extent = Volume { cells: put.cells.clone(), altitude: AltitudeBand::ALL, time };
        let less = Holding::of_old(old);
        self.check_quotas(&put.caller, Holding::of(slice::from_ref(&extent)), less)?;

        self.state.last_rid_version = version;
        let mut record = RidSubscriptionRecord { id: put.id, owner: put.caller.clone(), version, url: put.url.clone(), extent };
        self.names.share(&mut record);
        self.remove_rid_subscription(put.id);
        // An update begins to count anew, as in the servers in use.
        self.rid_notification_indices.begin(put.id, 0);
        let subscription = self.rid_subscription_view(&record, now);
        self.rid_subscriptions.insert(record);
        let service_areas = self.identification_service_areas_in(&put.cells, TimeSpan::ALL, now);
        Ok(Outcome::RidSubscriptionPut { subscription, service_areas })
    }

    /// Rules, in order: 1. it exists; 2. the version is the current one; 3. the caller is the owner.
    pub(crate) fn delete_rid_subscription(&mut self, now: Time, delete: &DeleteRidSubscription) -> Result<Outcome, Rejection> {
        let old = self.rid_subscriptions.get(delete.id).ok_or(Rejection::DeleteOfUnknown)?;
        if delete.version != old.version {
            return Err(Rejection::VersionMismatch);
        }
        if old.owner != delete.caller {
            return Err(Rejection::NotManager);
        }

        let subscription = self.rid_subscription_view(old, now);
        self.remove_rid_subscription(delete.id);
        Ok(Outcome::RidSubscriptionDeleted { subscription })
    }

    /// Whether `owner` may have one more live subscription in each of `cells`.
    fn check_subscriptions_of(&self, owner: &UssId, cells: &Cells, now: Time) -> Result<(), Rejection> {
        let live = self.rid_subscriptions.in_cells([cells], TimeSpan::since(now));
        let own = live.iter().filter(|subscription| subscription.owner == *owner);
        let mut shared: Vec<Cell> = own.flat_map(|subscription| subscription.extent.cells.shared_with(cells)).collect();
        shared.sort_unstable();
        match shared.windows(RID_SUBSCRIPTIONS_MAX).any(|run| run.first() == run.last()) {
            true => Err(Rejection::TooManySubscriptions),
            false => Ok(()),
        }
    }

    /// Takes a subscription away, if it is there.
    pub(crate) fn remove_rid_subscription(&mut self, id: SubscriptionId) {
        if self.rid_subscriptions.remove(id).is_some() {
            self.rid_notification_indices.end(id);
        }
    }

    /// The subscription `id` of F3411, ended or not. Everybody may see it.
    pub fn rid_subscription(&self, id: SubscriptionId) -> Option<RidSubscription> {
        let found = self.rid_subscriptions.get(id);
        found.map(|subscription| self.rid_subscription_view(subscription, self.state.log_time))
    }

    /// All subscriptions of F3411 of `owner` that have not ended at `now` and share a cell with `cells`, ascending by id.
    pub fn rid_subscriptions_in(&self, cells: &Cells, owner: &UssId, now: Time) -> Vec<RidSubscription> {
        let live = self.rid_subscriptions.in_cells([cells], TimeSpan::since(self.now(now)));
        let own = live.into_iter().filter(|subscription| subscription.owner == *owner);
        own.map(|subscription| self.rid_subscription_view(subscription, self.state.log_time)).collect()
    }

    fn rid_subscription_view(&self, subscription: &RidSubscriptionRecord, now: Time) -> RidSubscription {
        RidSubscription {
            id: subscription.id,
            owner: subscription.owner.clone(),
            version: subscription.version,
            notification_index: self.rid_notification_indices.shown(subscription.id, self.state.options, now),
            time: subscription.extent.time,
            url: subscription.url.clone(),
        }
    }
}
