//! A pool as a [`Log`]: what the engine orders goes into the journal of the node, and is read from there.
//!
//! The bytes of the segments, the positions and the chain of hashes are the same on every node, because each appends the same
//! batches in the same order under the same epochs and nonces. The journal follows the engine: what is in the engine and not
//! yet in the journal is read again at the next start.

use crate::engine::EngineError;
use crate::member::{Member, MemberError, Proposed};
use crate::slot::Contents;
use deconflict_journal::{AppendError, Batch, Entry, Journal, Log, Nonce, Outcome, Position, ReadError, Record, Source};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// A log whose end is in an engine.
pub struct PoolLog {
    journal: Arc<Journal>,
    member: Mutex<Member>,
    draw: Box<dyn Fn() -> Nonce + Send + Sync>,
}

impl PoolLog {
    /// The log of `member`, which joined with the tip of `journal`. `draw` gives fresh nonces.
    pub fn new(journal: Arc<Journal>, member: Member, draw: impl Fn() -> Nonce + Send + Sync + 'static) -> Self {
        Self { journal, member: Mutex::new(member), draw: Box::new(draw) }
    }

    fn member(&self) -> MutexGuard<'_, Member> {
        self.member.lock().expect("nobody panics while holding it")
    }

    /// Appends to the journal what the member has read.
    fn mirror(&self, member: &mut Member) -> Result<(), AppendError> {
        let mut news = member.take_news().into_iter();
        while let Some(contents) = news.next() {
            if let Err(error) = append(&self.journal, &contents) {
                member.put_back(std::iter::once(contents).chain(news).collect());
                return Err(error);
            }
        }
        Ok(())
    }

    fn follow(&self) -> Result<Position, ReadError> {
        let mut member = self.member();
        member.follow().map_err(|error| ReadError::Unavailable(error.into()))?;
        self.mirror(&mut member).map_err(|error| ReadError::Unavailable(error.into()))?;
        Ok(self.journal.tip().position)
    }
}

/// Appends a batch of a slot at the end of a journal; again, if its last append failed.
///
/// # Errors
/// As [`Journal`]'s. What the chain says decides: a journal that takes it has the same bytes as every other node's.
pub fn append(journal: &Journal, contents: &Contents) -> Result<(), AppendError> {
    let entries: Vec<Entry<'_>> =
        contents.records.iter().map(|(evidence, content)| Entry { content, evidence: *evidence }).collect();
    let wrong = |what: String| AppendError::NotAppended(Source::from(what));
    let batch = Batch::new(contents.epoch, contents.nonce, &entries).map_err(|error| AppendError::NotAppended(error.into()))?;
    match journal.append(journal.tip().position, &batch)? {
        Outcome::Appended { .. } => Ok(()),
        other => Err(wrong(format!("the journal of this node says {other:?}"))),
    }
}

impl Log for PoolLog {
    fn append(&self, expected: Position, batch: &Batch<'_>) -> Result<Outcome, AppendError> {
        let mut member = self.member();
        let unsure = |error: MemberError| match error {
            MemberError::Engine(EngineError::Unavailable { .. }) => AppendError::Ambiguous(error.into()),
            _ => AppendError::NotAppended(error.into()),
        };
        member.follow().map_err(unsure)?;
        self.mirror(&mut member)?;
        if expected != self.journal.tip().position {
            // It says what stands there; nothing is appended.
            return self.journal.append(expected, batch);
        }
        let proposed = member.propose(batch, true, (self.draw)()).map_err(unsure);
        self.mirror(&mut member)?;
        let end = self.journal.tip().position;
        Ok(match proposed? {
            Proposed::Stored => Outcome::Appended { end: expected.plus(batch.count()) },
            Proposed::NotAtEnd => Outcome::SomebodyWasFirst { end },
            Proposed::Fenced { epoch } => Outcome::Fenced { epoch },
        })
    }

    fn read(&self, from: Position, max_bytes: usize) -> Result<Vec<Record>, ReadError> {
        if from >= self.journal.tip().position {
            self.follow()?;
        }
        self.journal.read(from, max_bytes)
    }

    fn end(&self) -> Result<Position, ReadError> {
        self.follow()
    }

    fn wait(&self, position: Position, timeout: Duration) -> Result<Position, ReadError> {
        let until = Instant::now() + timeout;
        loop {
            let end = self.follow()?;
            let left = until.saturating_duration_since(Instant::now());
            if end > position || left.is_zero() {
                return Ok(end);
            }
            let engine = self.member().engine().clone();
            engine.wait(left);
        }
    }

    fn recover(&self) -> Result<Position, ReadError> {
        self.journal.recover()?;
        self.follow()
    }

    fn max_batch_bytes(&self) -> usize {
        self.member().engine().max_slot_bytes() / 2
    }
}
