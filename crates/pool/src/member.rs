//! One node's part in a pool: it reads the slots of all in their order, and has its own stored.
//!
//! What was read waits in [`Member::take_news`] until the caller has it, so a call that fails half-way loses nothing. One batch
//! is on its way at a time. If its answer is lost, the same batch is asked for again; if the caller turns to another one
//! instead, the lane is taken anew first, so that the former either is there already or never will be.

use crate::engine::{Cursor, Engine, EngineError, If, POOL, Put, Slot, Verdict};
use crate::records::{BASE, Base, Pool};
use crate::slot::{self, Contents, UnreadableSlot};
use deconflict_journal::{Batch, JournalId, Nonce, Place, Position};
use std::sync::Arc;
use thiserror::Error;

/// A node of a pool.
pub struct Member {
    engine: Arc<dyn Engine>,
    lane: String,
    session: Nonce,
    /// The session that replaces it, if the last batch is to be settled.
    next_session: Option<Nonce>,
    pool: Pool,
    pool_bytes: Vec<u8>,
    cursor: Cursor,
    /// The number of the last slot of the lane.
    number: u64,
    /// The batch that may have the next number.
    asked: Option<Nonce>,
    /// The batch of the last slot of the lane, as far as it was read.
    latest: Option<Nonce>,
    news: Vec<Contents>,
}

/// The end of the log that a node has already.
#[derive(Clone, Copy, Debug)]
pub struct Tip {
    /// The journal's id.
    pub journal: JournalId,
    /// Where it ends.
    pub place: Place,
    /// The nonce of its last batch, if it has one.
    pub nonce: Option<Nonce>,
}

/// Why a node is no member of the pool.
#[derive(Debug, Error)]
pub enum JoinError {
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Nobody has begun it.
    #[error("there is no pool in the engine")]
    NoPool,
    /// The records that it needs next are no longer in the engine: it needs a snapshot.
    #[error("the node has the records up to {end}; the engine has those from {base} on")]
    Behind {
        /// Where its log ends.
        end: Position,
        /// Where the engine's slots begin.
        base: Position,
    },
    /// Its log is not the pool's.
    #[error("the data directory is not of this pool: {reason}")]
    Foreign {
        /// What differs.
        reason: String,
    },
    /// Something in the engine cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// Something in the engine cannot be read.
#[derive(Debug, Error)]
pub enum Unreadable {
    /// A record.
    #[error("{reason}")]
    Record {
        /// What is wrong.
        reason: String,
    },
    /// A slot.
    #[error("slot {number} of node `{lane}` cannot be read")]
    Slot {
        /// Whose.
        lane: String,
        /// Which.
        number: u64,
        /// What is wrong.
        source: UnreadableSlot,
    },
}

/// Why a member can neither read nor store.
#[derive(Debug, Error)]
pub enum MemberError {
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Another process has taken its place.
    #[error("another process runs under the name `{lane}`")]
    LaneTaken {
        /// The node's name.
        lane: String,
    },
    /// Something in the engine cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposed {
    /// It is durable; the news have it, and all before it.
    Stored,
    /// It was to be stored only at the end, and the news have more.
    NotAtEnd,
    /// The pool has a later epoch than the batch.
    Fenced {
        /// It.
        epoch: u64,
    },
}

/// Reads which pool there is in the engine.
///
/// # Errors
/// The engine, or a record that cannot be read.
pub fn find(engine: &dyn Engine) -> Result<Option<Pool>, JoinError> {
    engine.get(POOL)?.map(|bytes| Pool::decode(&bytes).map_err(|reason| Unreadable::Record { reason }.into())).transpose()
}

/// Reads where the slots of the pool begin.
///
/// # Errors
/// The engine, or a record that cannot be read.
pub fn base(engine: &dyn Engine, pool: &Pool) -> Result<Base, JoinError> {
    let Some(bytes) = engine.get(BASE)? else { return Ok(Base::start(pool.journal)) };
    Ok(Base::decode(&bytes).map_err(|reason| Unreadable::Record { reason })?)
}

/// Begins a pool that goes on from `place`, unless somebody was first; gives the pool that is there now.
///
/// # Errors
/// The engine, or a record that cannot be read.
pub fn begin(engine: &dyn Engine, pool: &Pool, place: Place) -> Result<Pool, JoinError> {
    if find(engine)?.is_none() {
        if place.position > Position::START {
            engine.set(BASE, If::Is(None), &Base { place, cursor: Cursor::default() }.encode())?;
        }
        engine.set(POOL, If::Is(None), &pool.encode())?;
    }
    find(engine)?.ok_or(JoinError::NoPool)
}

impl Member {
    /// Joins the pool under a name that no other running node has. `session` was drawn freshly.
    ///
    /// # Errors
    /// See [`JoinError`]; nothing was changed, except that an earlier process of this name may have lost its lane.
    pub fn join(engine: Arc<dyn Engine>, name: &str, session: Nonce, tip: &Tip) -> Result<Self, JoinError> {
        let pool = find(&*engine)?.ok_or(JoinError::NoPool)?;
        if pool.journal != tip.journal {
            let reason = format!("its journal is {}; the pool's is {}", tip.journal, pool.journal);
            return Err(JoinError::Foreign { reason });
        }
        let cursor = locate(&*engine, &base(&*engine, &pool)?, tip)?;
        let number = engine.take(name, None, session)?.expect("whoever has the lane loses it");
        let (lane, pool_bytes) = (name.to_owned(), pool.encode());
        let (next_session, asked, news) = (None, None, Vec::new());
        Ok(Self { engine, lane, session, next_session, pool, pool_bytes, cursor, number, asked, latest: None, news })
    }

    /// Which pool it is.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// How far it has read.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The engine.
    pub fn engine(&self) -> &Arc<dyn Engine> {
        &self.engine
    }

    /// The batches that were read, in order; each is given out once.
    pub fn take_news(&mut self) -> Vec<Contents> {
        std::mem::take(&mut self.news)
    }

    /// Gives news back that could not be used: they are given out again before all others.
    pub fn put_back(&mut self, mut news: Vec<Contents>) {
        news.append(&mut self.news);
        self.news = news;
    }

    /// Reads everything that anybody was told is stored before this call began.
    ///
    /// # Errors
    /// See [`MemberError`]; what was read before is in the news.
    pub fn follow(&mut self) -> Result<(), MemberError> {
        loop {
            let news = self.engine.exchange(&self.cursor, None)?;
            self.absorb(&news.slots)?;
            if news.is_all {
                return Ok(());
            }
        }
    }

    /// Has `batch` stored behind everything; with `only_at_end`, only if all that is stored was read before. `fresh` is a nonce
    /// that is used if an earlier batch has to be settled first.
    ///
    /// # Errors
    /// See [`MemberError`]. The batch may be stored; asking again with the same one, and none between, is always right.
    pub fn propose(&mut self, batch: &Batch<'_>, only_at_end: bool, fresh: Nonce) -> Result<Proposed, MemberError> {
        if self.latest == Some(batch.nonce()) {
            // Its answer was lost, and it was read since then.
            return Ok(Proposed::Stored);
        }
        self.settle(batch.nonce(), fresh)?;
        let bytes = slot::encode(batch);
        loop {
            if batch.epoch() < self.pool.epoch {
                return Ok(Proposed::Fenced { epoch: self.pool.epoch });
            }
            let raised = Pool { epoch: batch.epoch(), ..self.pool };
            let raised_bytes = raised.encode();
            let (number, session, lane) = (self.number + 1, self.session, self.lane.clone());
            let new_pool = (raised.epoch > self.pool.epoch).then_some(&raised_bytes[..]);
            let put = Put { lane: &lane, session, number, bytes: &bytes, pool: &self.pool_bytes, new_pool, only_at_end };
            self.asked = Some(batch.nonce());
            let news = self.engine.exchange(&self.cursor, Some(&put))?;
            match news.verdict {
                Verdict::Stored => {
                    self.absorb_until(&news.slots, number)?;
                    while self.number < number {
                        let news = self.engine.exchange(&self.cursor, None)?;
                        self.absorb_until(&news.slots, number)?;
                    }
                    (self.pool, self.pool_bytes) = (raised, raised_bytes);
                    return Ok(Proposed::Stored);
                }
                Verdict::NotAtEnd => {
                    self.asked = None;
                    self.absorb(&news.slots)?;
                    if !news.is_all {
                        self.follow()?;
                    }
                    return Ok(Proposed::NotAtEnd);
                }
                Verdict::LaneTaken => return Err(self.lane_taken()),
                Verdict::Fenced => {
                    self.asked = None;
                    let pool = find(&*self.engine).map_err(|error| self.of_join(error))?;
                    let Some(pool) = pool.filter(|pool| pool.journal == self.pool.journal) else {
                        return Ok(Proposed::Fenced { epoch: u64::MAX });
                    };
                    (self.pool, self.pool_bytes) = (pool, pool.encode());
                }
            }
        }
    }

    /// Has the engine forget the slots before `base`, unless it has forgotten them; whoever joins needs everything before it.
    ///
    /// # Errors
    /// The engine, or a record that cannot be read.
    pub fn compact(&self, new: &Base) -> Result<(), JoinError> {
        let bytes = self.engine.get(BASE)?;
        if base(&*self.engine, &self.pool)?.place.position < new.place.position {
            // If somebody was faster, it is done.
            self.engine.compact(&new.cursor, BASE, bytes.as_deref(), &new.encode())?;
        }
        Ok(())
    }

    /// Sees to it that no other batch than `nonce` can still take the next number.
    fn settle(&mut self, nonce: Nonce, fresh: Nonce) -> Result<(), MemberError> {
        if self.asked.is_none_or(|asked| asked == nonce) {
            return Ok(());
        }
        let next = *self.next_session.get_or_insert(fresh);
        let Some(number) = self.engine.take(&self.lane, Some(self.session), next)? else { return Err(self.lane_taken()) };
        (self.session, self.next_session, self.asked) = (next, None, None);
        self.number = number;
        Ok(())
    }

    /// Reads slots of which the member's own with this number may be one, and none behind that.
    fn absorb_until(&mut self, slots: &[Slot], number: u64) -> Result<(), MemberError> {
        let own = slots.iter().position(|slot| slot.lane == self.lane && slot.number == number);
        self.absorb(&slots[..own.map_or(slots.len(), |own| own + 1)])
    }

    fn absorb(&mut self, slots: &[Slot]) -> Result<(), MemberError> {
        for slot in slots {
            let contents = read(slot)?;
            if slot.lane == self.lane {
                self.latest = Some(contents.nonce);
            }
            self.news.push(contents);
            self.cursor.pass(slot);
            if slot.lane == self.lane && slot.number > self.number {
                (self.number, self.asked) = (slot.number, None);
            }
        }
        Ok(())
    }

    fn lane_taken(&self) -> MemberError {
        MemberError::LaneTaken { lane: self.lane.clone() }
    }

    fn of_join(&self, error: JoinError) -> MemberError {
        match error {
            JoinError::Engine(error) => error.into(),
            JoinError::Unreadable(error) => error.into(),
            JoinError::NoPool | JoinError::Behind { .. } | JoinError::Foreign { .. } => self.lane_taken(),
        }
    }
}

fn read(slot: &Slot) -> Result<Contents, Unreadable> {
    let Slot { lane, number, bytes, .. } = slot;
    slot::decode(bytes).map_err(|source| Unreadable::Slot { lane: lane.clone(), number: *number, source })
}

/// Where in the engine's order the log of a node ends.
fn locate(engine: &dyn Engine, base: &Base, tip: &Tip) -> Result<Cursor, JoinError> {
    let (end, mut position) = (tip.place.position, base.place.position);
    if end < position {
        return Err(JoinError::Behind { end, base: position });
    }
    let mut cursor = base.cursor.clone();
    if end == position {
        if tip.place.previous == base.place.previous {
            return Ok(cursor);
        }
        let (found, expected) = (tip.place.previous, base.place.previous);
        return Err(JoinError::Foreign { reason: format!("record {end} follows {found}; in the pool it follows {expected}") });
    }
    loop {
        let news = engine.exchange(&cursor, None)?;
        for slot in &news.slots {
            let contents = read(slot)?;
            position = position.plus(contents.records.len() as u64);
            cursor.pass(slot);
            if tip.nonce == Some(contents.nonce) && position == end {
                return Ok(cursor);
            }
        }
        if news.is_all {
            let reason = format!("its last batch, before record {end}, is not among those of the pool, which end at {position}");
            return Err(JoinError::Foreign { reason });
        }
    }
}
