//! Letting go of what ended long ago. Expiry is a command, so every replica lets go of the same things at the same place in
//! the log; nothing leaves the state in any other way than by a command.

use crate::command::Expire;
use crate::outcome::{Expired, Outcome};
use crate::registry::Registry;
use crate::time::Time;

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
        let mut cells = self.all_cells();
        while room > 0 && self.expire_one(cutoff, now, &mut expired) {
            let left = self.all_cells();
            room = room.saturating_sub((cells - left).max(1));
            cells = left;
        }
        expired.more = room == 0 && self.has_ended(cutoff, now);
        self.names.sweep();
        Outcome::Expired(expired)
    }

    /// Removes one thing; false if there is nothing more.
    fn expire_one(&mut self, cutoff: Time, now: Time, expired: &mut Expired) -> bool {
        if let Some(id) = self.operational_intents.first_ended(cutoff) {
            let intent = self.operational_intents.remove(id).expect("it ended, so it is there");
            if let Some(subscription) = intent.subscription {
                self.detach(subscription, id);
                if !self.subscriptions.contains(subscription) {
                    expired.subscriptions.push(subscription);
                }
            }
            expired.operational_intents.push(id);
        } else if let Some(id) = self.constraints.first_ended(cutoff) {
            self.constraints.remove(id);
            expired.constraints.push(id);
        } else if let Some(id) = self.subscriptions.first_ended(cutoff) {
            self.remove_subscription(id);
            expired.subscriptions.push(id);
        } else if let Some(id) = self.service_areas.first_ended(cutoff) {
            self.service_areas.remove(id);
            expired.identification_service_areas.push(id);
        } else if let Some(id) = self.rid_subscriptions.first_ended(cutoff) {
            self.remove_rid_subscription(id);
            expired.rid_subscriptions.push(id);
        } else if let Some(id) = self.reports.remove_first(cutoff) {
            expired.reports.push(id);
        } else {
            return self.spent.forget_one(now);
        }
        true
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
