//! An engine in memory, with a network that loses requests, loses answers, and delivers requests late: for tests and for the
//! simulation of whole pools. The same calls give the same answers.

use crate::engine::{Cursor, Engine, EngineError, If, News, POOL, Put, Slot, Verdict, verdict};
use deconflict_journal::Nonce;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// What happens to a call on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// Nothing.
    #[default]
    Good,
    /// The request does not arrive.
    RequestLost,
    /// It is carried out, and the answer does not arrive.
    AnswerLost,
    /// The caller hears nothing; a slot arrives when [`Simulated::deliver`] is called.
    Late,
}

/// What an engine without a fence would do: for tests that see to it that a missing one is noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Slots are stored whoever has the lane, and whatever number was the last.
    pub lane: bool,
    /// Slots are stored whatever the record [`POOL`] says.
    pub epoch: bool,
}

/// The engine. Clones are handles of the same one.
#[derive(Clone, Default)]
pub struct Simulated {
    state: Arc<Mutex<State>>,
}

/// A node's way to the engine.
pub struct Link {
    engine: Simulated,
    way: Arc<Mutex<Way>>,
}

#[derive(Default)]
struct State {
    records: BTreeMap<String, Vec<u8>>,
    lanes: BTreeMap<String, (Nonce, u64)>,
    slots: Vec<Slot>,
    last_order: u64,
    late: Vec<LatePut>,
    missing: Missing,
    max_news: Option<usize>,
}

/// A slot that is on its way.
struct LatePut {
    lane: String,
    session: Nonce,
    number: u64,
    bytes: Vec<u8>,
    pool: Vec<u8>,
}

impl Simulated {
    /// An empty engine.
    pub fn new() -> Self {
        Self::default()
    }

    /// A node's way to it, on which `way` says what happens to the next calls.
    pub fn link(&self, way: Arc<Mutex<Way>>) -> Link {
        Link { engine: self.clone(), way }
    }

    /// Takes fences away.
    pub fn miss(&self, missing: Missing) {
        self.state().missing = missing;
    }

    /// Gives at most so many slots at once.
    pub fn limit_news(&self, slots: usize) {
        self.state().max_news = Some(slots);
    }

    /// Lets the slots arrive that are late; gives how many of them were stored.
    pub fn deliver(&self) -> usize {
        let mut state = self.state();
        let late = std::mem::take(&mut state.late);
        let count = state.slots.len();
        for LatePut { lane, session, number, bytes, pool } in &late {
            let (session, number) = (*session, *number);
            let put = Put { lane, session, number, bytes, pool, new_pool: None, only_at_end: false };
            state.put(&Cursor::default(), &put);
        }
        state.slots.len() - count
    }

    /// All slots that are there.
    pub fn slots(&self) -> Vec<Slot> {
        self.state().slots.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding it")
    }
}

impl State {
    fn put(&mut self, cursor: &Cursor, put: &Put<'_>) -> Verdict {
        let (session, number) = self.lanes.get(put.lane).map_or((None, 0), |(session, number)| (Some(*session), *number));
        let is_same_pool = self.missing.epoch || self.records.get(POOL).map(Vec::as_slice) == Some(put.pool);
        let is_next = self.missing.lane || (session == Some(put.session) && number + 1 == put.number);
        if !is_next || !is_same_pool || (put.only_at_end && self.last_order > cursor.order) {
            return verdict(put, session, number, is_same_pool);
        }
        self.last_order += 1;
        let (lane, bytes) = (put.lane.to_owned(), put.bytes.to_vec());
        self.lanes.insert(lane.clone(), (put.session, put.number));
        self.slots.push(Slot { lane, number: put.number, order: self.last_order, bytes });
        if let Some(pool) = put.new_pool {
            self.records.insert(POOL.to_owned(), pool.to_vec());
        }
        Verdict::Stored
    }
}

impl Link {
    fn unavailable<T>() -> Result<T, EngineError> {
        Err(EngineError::Unavailable { engine: "the simulated engine", source: "nothing arrived".into() })
    }

    /// Carries a call out, as far as the way lets it.
    fn call<T>(&self, call: impl FnOnce(&mut State) -> T) -> Result<T, EngineError> {
        let way = *self.way.lock().expect("nobody panics while holding it");
        if matches!(way, Way::RequestLost | Way::Late) {
            return Self::unavailable();
        }
        let answer = call(&mut self.engine.state());
        if way == Way::Good { Ok(answer) } else { Self::unavailable() }
    }
}

impl Engine for Link {
    fn exchange(&self, cursor: &Cursor, put: Option<&Put<'_>>) -> Result<News, EngineError> {
        if let (Some(put), Way::Late) = (put, *self.way.lock().expect("nobody panics while holding it")) {
            let (lane, bytes, pool) = (put.lane.to_owned(), put.bytes.to_vec(), put.pool.to_vec());
            let late = LatePut { lane, session: put.session, number: put.number, bytes, pool };
            self.engine.state().late.push(late);
        }
        self.call(|state| {
            let verdict = put.map_or(Verdict::Stored, |put| state.put(cursor, put));
            let behind = state.slots.iter().filter(|slot| slot.order > cursor.order);
            let max = state.max_news.unwrap_or(usize::MAX);
            let slots: Vec<Slot> = behind.clone().take(max).cloned().collect();
            News { is_all: slots.len() == behind.count(), slots, verdict }
        })
    }

    fn take(&self, lane: &str, from: Option<Nonce>, to: Nonce) -> Result<Option<u64>, EngineError> {
        self.call(|state| {
            let (session, number) = state.lanes.get(lane).copied().unwrap_or((to, 0));
            if from.is_some_and(|from| from != session && to != session) {
                return None;
            }
            state.lanes.insert(lane.to_owned(), (to, number));
            Some(number)
        })
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, EngineError> {
        self.call(|state| state.records.get(name).cloned())
    }

    fn list(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, EngineError> {
        self.call(|state| {
            let records = state.records.iter().filter(|(name, _)| name.starts_with(prefix));
            records.map(|(name, bytes)| (name.clone(), bytes.clone())).collect()
        })
    }

    fn set(&self, name: &str, condition: If<'_>, bytes: &[u8]) -> Result<bool, EngineError> {
        self.call(|state| {
            let now = state.records.get(name).map(Vec::as_slice);
            let holds = matches!(condition, If::Always) || matches!(condition, If::Is(expected) if expected == now);
            if holds {
                state.records.insert(name.to_owned(), bytes.to_vec());
            }
            holds
        })
    }

    fn compact(&self, cursor: &Cursor, name: &str, old: Option<&[u8]>, bytes: &[u8]) -> Result<bool, EngineError> {
        self.call(|state| {
            let holds = state.records.get(name).map(Vec::as_slice) == old;
            if holds {
                state.records.insert(name.to_owned(), bytes.to_vec());
                state.slots.retain(|slot| slot.order > cursor.order);
            }
            holds
        })
    }

    /// As short as can be, so that tests take no time.
    fn wait(&self, timeout: Duration) {
        std::thread::sleep(timeout.min(Duration::from_millis(1)));
    }

    fn max_slot_bytes(&self) -> usize {
        1 << 20
    }
}
