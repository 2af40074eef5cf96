//! When what ended long ago is let go. Expiry is a command like any other, and an idle log stays idle.

use crate::node::NodeOptions;
use crate::node::clock_watch::nanoseconds;
use deconflict_registry::{Action, Expire, Outcome, Registry, Time};

pub(super) struct Expiry {
    every_ns: u64,
    limit: u32,
    next_at_ns: u64,
    is_in_haste: bool,
}

impl Expiry {
    /// Looks for the first time at once.
    pub fn new(options: &NodeOptions, steady_ns: u64) -> Self {
        let (every_ns, limit) = (nanoseconds(options.expire_every), options.expire_limit);
        Self { every_ns, limit, next_at_ns: steady_ns, is_in_haste: false }
    }

    /// Whether the last command left something that has to go, too.
    pub fn is_in_haste(&self) -> bool {
        self.is_in_haste
    }

    /// The command to be stored now, if it is time and there is something to let go. Stays due until it is `done`.
    pub fn due(&mut self, registry: &Registry, time: Time, steady_ns: u64) -> Option<Action> {
        self.is_in_haste = false;
        if steady_ns < self.next_at_ns {
            return None;
        }
        // Of all nodes of a pool alike: what one lets go is gone for all.
        let retention_ns = registry.options().retention_ns;
        if registry.would_expire(time, retention_ns) {
            return Some(Action::Expire(Expire { retention_ns, limit: self.limit }));
        }
        self.next_at_ns = steady_ns.saturating_add(self.every_ns);
        None
    }

    /// The command was applied.
    pub fn done(&mut self, outcome: &Outcome, steady_ns: u64) {
        self.is_in_haste = matches!(outcome, Outcome::Expired(expired) if expired.more);
        self.next_at_ns = if self.is_in_haste { steady_ns } else { steady_ns.saturating_add(self.every_ns) };
    }
}
