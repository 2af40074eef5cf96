//! Letting go of what ended long ago. Expiry is a command, so every replica lets go of the same things at the same place in
//! the log; nothing leaves the state in any other way than by a command.

use crate::command::Expire;
use crate::held::Holding;
use crate::outcome::{Expired, Outcome};
use crate::registry::Registry;
use crate::table::Record;
use crate::time::Time;
use crate::volume::Volume;

impl Registry {
    /// Whether an [`Expire`] with this retention, proposed at `proposed_at`, would let anything go. Costs next to nothing.
    pub fn would_expire(&self, proposed_at: Time, retention_ns: u64) -> bool {
        let now = self.now(proposed_at);
        self.has_ended(now.minus_ns(retention_ns), now)
    }

    /// Removes what ended more than the retention before `now`, the longest ended first: intents, then constraints, subscriptions, identification service areas, subscriptions of F3411, reports and OVN suffixes.
    ///
    /// A thing costs as much as it has cells in its volumes, and one at least. It stops when the limit is used up, so that no command
    /// takes long: the last thing may cost more than was left.
    ///
    /// Intents go before subscriptions: an explicit subscription outlasts all that depend on it, because it must cover them.
    pub(crate) fn expire(&mut self, now: Time, expire: &Expire) -> Outcome {
        let cutoff = now.minus_ns(expire.retention_ns);
        let mut expired = Expired::default();
        let mut room = u64::from(expire.limit);
        while room > 0
            && let Some(cost) = self.expire_one(cutoff, now, &mut expired)
        {
            room = room.saturating_sub(cost.max(1));
        }
        expired.more = room == 0 && self.has_ended(cutoff, now);
        self.names.sweep();
        Outcome::Expired(expired)
    }

    /// Removes one thing, if there is one, and says how many cells of volumes went with it.
    fn expire_one(&mut self, cutoff: Time, now: Time, expired: &mut Expired) -> Option<u64> {
        let cells = |volumes: &[Volume]| Holding::of(volumes).cells;
        let cost = if let Some(id) = self.operational_intents.first_ended(cutoff) {
            let intent = self.operational_intents.remove(id).expect("it ended, so it is there");
            let mut cost = cells(intent.volumes());
            if let Some(subscription) = intent.subscription {
                let of_subscription =
                    self.subscriptions.get(subscription).map_or(0, |subscription| cells(subscription.volumes()));
                self.detach(subscription, id);
                if !self.subscriptions.contains(subscription) {
                    expired.subscriptions.push(subscription);
                    cost += of_subscription;
                }
            }
            expired.operational_intents.push(id);
            cost
        } else if let Some(id) = self.constraints.first_ended(cutoff) {
            expired.constraints.push(id);
            self.constraints.remove(id).map_or(0, |constraint| cells(constraint.volumes()))
        } else if let Some(id) = self.subscriptions.first_ended(cutoff) {
            let cost = self.subscriptions.get(id).map_or(0, |subscription| cells(subscription.volumes()));
            self.remove_subscription(id);
            expired.subscriptions.push(id);
            cost
        } else if let Some(id) = self.service_areas.first_ended(cutoff) {
            expired.identification_service_areas.push(id);
            self.service_areas.remove(id).map_or(0, |area| cells(area.volumes()))
        } else if let Some(id) = self.rid_subscriptions.first_ended(cutoff) {
            let cost = self.rid_subscriptions.get(id).map_or(0, |subscription| cells(subscription.volumes()));
            self.remove_rid_subscription(id);
            expired.rid_subscriptions.push(id);
            cost
        } else if let Some(id) = self.reports.remove_first(cutoff) {
            expired.reports.push(id);
            1
        } else {
            return self.spent.forget_one(now).then_some(1);
        };
        Some(cost)
    }

    fn has_ended(&self, cutoff: Time, now: Time) -> bool {
        self.operational_intents.first_ended(cutoff).is_some()
            || self.constraints.first_ended(cutoff).is_some()
            || self.subscriptions.first_ended(cutoff).is_some()
            || self.service_areas.first_ended(cutoff).is_some()
            || self.rid_subscriptions.first_ended(cutoff).is_some()
            || self.reports.first_filed().is_some_and(|filed_at| filed_at < cutoff)
            || self.spent.first().is_some_and(|suffix| suffix.is_over(now))
    }
}
