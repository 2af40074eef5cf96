//! Operational intent references: create, update, delete.

use crate::codec::coded_struct;
use crate::command::{DeleteOperationalIntent, Expected, IntentSubscription, NewOvn, PutOperationalIntent};
use crate::digest::{Role, hash};
use crate::held::Holding;
use crate::id::{EntityId, SubscriptionId, UssBaseUrl, UssId};
use crate::notify::Changed;
use crate::outcome::{Outcome, Rejection};
use crate::records::{OperationalIntentRecord, OperationalIntentState, SubscriptionRecord, UssAvailability};
use crate::registry::Registry;
use crate::table::Record;
use crate::time::Time;
use crate::volume::Volume;

coded_struct!(OperationalIntentRecord { id, manager, version, state, ovn, subscription, uss_base_url, volumes });

impl Record for OperationalIntentRecord {
    type Id = EntityId;

    fn id(&self) -> EntityId {
        self.id
    }

    fn volumes(&self) -> &[Volume] {
        self.volumes.as_slice()
    }

    fn end(&self) -> Time {
        self.volumes.time().end()
    }

    fn hash(&self) -> u128 {
        hash(Role::OperationalIntent, self)
    }

    fn manager(&self) -> &UssId {
        &self.manager
    }

    fn shared(&mut self) -> (&mut UssId, &mut UssBaseUrl) {
        (&mut self.manager, &mut self.uss_base_url)
    }
}

/// What the subscription of an intent will be.
enum Attachment {
    None,
    /// One that stays as it is.
    Unchanged(SubscriptionId),
    /// One that is new, or grows; the record as it will be.
    Written(SubscriptionRecord),
}

impl Attachment {
    fn id(&self) -> Option<SubscriptionId> {
        match self {
            Self::None => None,
            Self::Unchanged(id) => Some(*id),
            Self::Written(subscription) => Some(subscription.id),
        }
    }
}

impl Registry {
    /// Rules, in order. First those that need only the request and the time, as in the servers in use:
    ///
    /// 1. the end is not in the past; 2. a new intent is `Accepted`; 3. a requested OVN suffix was made about now;
    /// 4. an intent that is not `Accepted` has a subscription;
    ///
    /// then those that need what is there:
    ///
    /// 5. the caller is the manager; 6. what is to be updated exists; 7. the caller is not down, if the intent is to be
    ///    `Accepted` or `Activated`; 8. the expected version is there; 9. F3548 knows the transition; 10. there is a next
    ///    version; 11. the requested OVN was not used before; 12. the subscription is the caller's own, about operational
    ///    intents, and covers every volume; 13. the key shows knowledge of everything relevant; 14. the caller keeps to its quotas.
    pub(crate) fn put_operational_intent(&mut self, now: Time, put: &PutOperationalIntent) -> Result<Outcome, Rejection> {
        check_request(now, put)?;
        let old = self.operational_intents.get(put.id);
        self.check_against_old(put, old)?;
        let version = match old {
            Some(old) => old.version.checked_add(1).ok_or(Rejection::VersionsExhausted)?,
            None => 1,
        };
        if let NewOvn::Requested(suffix) = put.ovn
            && self.spent.contains(put.id, suffix)
        {
            return Err(Rejection::OvnSuffixSpent);
        }
        let attachment = self.attachment(put)?;
        if put.state.is_nominal() {
            self.check_key(put, self.is_about_constraints(&attachment))?;
        }
        self.check_quotas_of(put, old, &attachment)?;
        Ok(self.write_operational_intent(now, put, version, attachment))
    }

    /// Rules, in order: 1. it exists; 2. the caller is the manager; 3. the caller is not down; 4. the OVN is the current one.
    pub(crate) fn delete_operational_intent(
        &mut self,
        now: Time,
        delete: &DeleteOperationalIntent,
    ) -> Result<Outcome, Rejection> {
        let old = self.operational_intents.get(delete.id).ok_or(Rejection::DeleteOfUnknown)?;
        if old.manager != delete.caller {
            return Err(Rejection::NotManager);
        }
        self.check_not_down(&delete.caller)?;
        if delete.ovn != Some(old.ovn) {
            return Err(Rejection::OvnMismatch);
        }

        let reference = self.operational_intent_reference(old, &delete.caller);
        let old = self.operational_intents.remove(delete.id).expect("it was there a moment ago");
        // An implicit subscription that goes with the intent is still told of its end.
        let subscribers = self.notify(now, Changed::OperationalIntent, &[old.volumes.as_slice()]);
        if let Some(subscription) = old.subscription {
            self.detach(subscription, delete.id);
        }
        Ok(Outcome::OperationalIntentDeleted { reference, subscribers })
    }

    fn check_against_old(&self, put: &PutOperationalIntent, old: Option<&OperationalIntentRecord>) -> Result<(), Rejection> {
        match old {
            Some(old) if old.manager != put.caller => return Err(Rejection::NotManager),
            None if put.expected != Expected::Nothing => return Err(Rejection::UpdateOfUnknown),
            _ => {}
        }
        if put.state.is_nominal() {
            self.check_not_down(&put.caller)?;
        }
        let Some(old) = old else { return Ok(()) };
        match put.expected {
            Expected::Nothing => return Err(Rejection::AlreadyExists),
            Expected::Version(ovn) if ovn != Some(old.ovn) => return Err(Rejection::OvnMismatch),
            Expected::Version(_) => {}
        }
        if !old.state.can_become(put.state) {
            return Err(Rejection::TransitionNotAllowed { from: old.state, to: put.state });
        }
        Ok(())
    }

    fn check_not_down(&self, caller: &UssId) -> Result<(), Rejection> {
        if self.availabilities.state(caller) == UssAvailability::Down { Err(Rejection::UssDown) } else { Ok(()) }
    }

    /// Rules, in order, for a subscription that is named: 1. it exists; 2. the caller is its manager; 3. it is about
    /// operational intents; 4. it covers every volume; an implicit one grows instead. For a new one: its id is new.
    fn attachment(&self, put: &PutOperationalIntent) -> Result<Attachment, Rejection> {
        match &put.subscription {
            IntentSubscription::None => Ok(Attachment::None),
            IntentSubscription::Existing { id, version } => {
                let subscription = self.subscriptions.get(*id).ok_or(Rejection::UnknownSubscription)?;
                if subscription.manager != put.caller {
                    return Err(Rejection::NotManagerOfSubscription);
                }
                if !subscription.notify_for_operational_intents {
                    return Err(Rejection::SubscriptionNotForOperationalIntents);
                }
                if put.volumes.as_slice().iter().all(|volume| subscription.covers(volume)) {
                    return Ok(Attachment::Unchanged(*id));
                }
                if !subscription.implicit {
                    return Err(Rejection::SubscriptionDoesNotCover);
                }
                let extent = subscription.extent_with(&put.volumes)?;
                Ok(Attachment::Written(SubscriptionRecord { version: *version, extent, ..subscription.clone() }))
            }
            IntentSubscription::Implicit { fresh, uss_base_url, notify_for_constraints } => {
                if self.subscriptions.contains(fresh.id) {
                    return Err(Rejection::FreshIdTaken);
                }
                Ok(Attachment::Written(SubscriptionRecord {
                    id: fresh.id,
                    manager: put.caller.clone(),
                    version: fresh.version,
                    uss_base_url: uss_base_url.clone(),
                    notify_for_operational_intents: true,
                    notify_for_constraints: *notify_for_constraints,
                    implicit: true,
                    extent: SubscriptionRecord::extent_of(&put.volumes),
                }))
            }
        }
    }

    /// With what is written of the subscription. One that goes with this write still counts.
    fn check_quotas_of(
        &self,
        put: &PutOperationalIntent,
        old: Option<&OperationalIntentRecord>,
        attachment: &Attachment,
    ) -> Result<(), Rejection> {
        let (mut more, mut less) = (Holding::of(put.volumes.as_slice()), Holding::of_old(old));
        if let Attachment::Written(written) = attachment {
            more = more.plus(Holding::of(written.volumes()));
            less = less.plus(Holding::of_old(self.subscriptions.get(written.id)));
        }
        self.check_quotas(&put.caller, more, less)
    }

    fn is_about_constraints(&self, attachment: &Attachment) -> bool {
        match attachment {
            Attachment::None => false,
            Attachment::Unchanged(id) => self.subscriptions.get(*id).is_some_and(|sub| sub.notify_for_constraints),
            Attachment::Written(subscription) => subscription.notify_for_constraints,
        }
    }

    /// Everything has been decided; from here on nothing can fail.
    fn write_operational_intent(
        &mut self,
        now: Time,
        put: &PutOperationalIntent,
        version: i32,
        attachment: Attachment,
    ) -> Outcome {
        let subscription = attachment.id();
        if let Attachment::Written(written) = attachment {
            self.write_subscription(written);
        }
        let old = self.operational_intents.remove(put.id);
        let record = OperationalIntentRecord {
            id: put.id,
            manager: self.names.uss(&put.caller),
            version,
            state: put.state,
            ovn: put.ovn.of(put.id),
            subscription,
            uss_base_url: self.names.url(&put.uss_base_url),
            volumes: put.volumes.clone(),
        };
        let reference = self.operational_intent_reference(&record, &put.caller);
        self.operational_intents.insert(record);
        if let NewOvn::Requested(suffix) = put.ovn {
            self.spent.insert(put.id, suffix);
        }
        if let Some(id) = subscription {
            self.dependents.insert((id, put.id));
        }
        // An implicit subscription that nobody needs any more goes before it could be told of this change.
        match old.as_ref().and_then(|old| old.subscription) {
            Some(before) if Some(before) != subscription => self.detach(before, put.id),
            _ => {}
        }

        let old_volumes = old.as_ref().map_or(&[][..], |old| old.volumes.as_slice());
        let subscribers = self.notify(now, Changed::OperationalIntent, &[old_volumes, put.volumes.as_slice()]);
        Outcome::OperationalIntentPut { reference, subscribers }
    }
}

/// The rules that need only the request and the time.
fn check_request(now: Time, put: &PutOperationalIntent) -> Result<(), Rejection> {
    if put.volumes.time().end() < now {
        return Err(Rejection::EndInPast);
    }
    if put.expected == Expected::Nothing && put.state != OperationalIntentState::Accepted {
        return Err(Rejection::FirstStateNotAccepted);
    }
    if let NewOvn::Requested(suffix) = put.ovn
        && !suffix.is_current(now)
    {
        return Err(Rejection::OvnSuffixNotCurrent);
    }
    if put.state != OperationalIntentState::Accepted && put.subscription == IntentSubscription::None {
        return Err(Rejection::SubscriptionRequired);
    }
    Ok(())
}
