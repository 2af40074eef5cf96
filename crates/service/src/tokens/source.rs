//! The keys of one file or URL as they are known now, shared between those who verify and the one who refreshes.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::key::Key;

/// A place that keys come from.
#[derive(Debug)]
pub struct Source {
    /// The file or URL.
    pub name: String,
    state: RwLock<State>,
}

/// What is known at a moment.
#[derive(Clone, Debug)]
pub struct State {
    /// The keys.
    pub keys: Arc<[Key]>,
    /// Grows by one whenever the keys change; what was verified by another generation has to be verified again.
    pub generation: u64,
    /// When the keys were last known to be right.
    pub refreshed: Instant,
    /// When they stop to count unless they are refreshed. `None`: never.
    pub usable_until: Option<Instant>,
    /// Why the last refresh failed.
    pub problem: Option<String>,
}

impl State {
    /// Do the keys count now?
    pub fn is_usable(&self) -> bool {
        self.usable_until.is_none_or(|until| Instant::now() < until)
    }
}

impl Source {
    /// Keys as they are now; `usable_for` says how long, if they may change.
    pub fn new(name: String, keys: Vec<Key>, usable_for: Option<Duration>) -> Self {
        let refreshed = Instant::now();
        // Longer than the clock can count is for ever.
        let usable_until = usable_for.and_then(|duration| refreshed.checked_add(duration));
        let state = State { keys: keys.into(), generation: 0, refreshed, usable_until, problem: None };
        Self { name, state: RwLock::new(state) }
    }

    /// What is known.
    pub fn state(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Do the keys of this generation still count?
    pub fn vouches_for(&self, generation: u64) -> bool {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.generation == generation && state.is_usable()
    }

    /// Takes the outcome of a refresh: new keys, which count from now on and alone, or why there are none.
    pub fn refresh(&self, outcome: Result<Vec<Key>, String>, usable_for: Duration) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(keys) => {
                state.refreshed = Instant::now();
                state.usable_until = state.refreshed.checked_add(usable_for);
                state.problem = None;
                if *state.keys != *keys {
                    state.keys = keys.into();
                    state.generation += 1;
                }
            }
            Err(why) => state.problem = Some(why),
        }
    }
}
