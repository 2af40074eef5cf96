//! The end of the log in a pool: what is stored goes through the engine, and what the engine says is applied, then written to the
//! files of this node.
//!
//! The engine's answer is the moment at which a batch is durable. The files follow a moment later, before anything more is asked of
//! the engine; a batch that they lack after a crash is read again from the engine.

use crate::node::NodeOptions;
use crate::node::Unavailable;
use crate::node::log_end::LogEnd;
use crate::node::pool_view::PoolView;
use deconflict_journal::{Batch, Entry, Nonce, Place, Position, chain};
use deconflict_pool::{Base, Contents, Cursor, EngineError, Member, MemberError, Proposed};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tracing::{error, warn};

/// How long to wait before the engine is asked again.
const AGAIN_AFTER: Duration = Duration::from_millis(50);

pub(super) struct PoolEnd {
    member: Member,
    patience: Duration,
    /// What was applied and is not in the files yet.
    to_mirror: VecDeque<Contents>,
    /// Where the first of it goes.
    mirrored: Position,
    /// Where the engine's slots could begin, oldest first: places at which the files and what was read were one.
    checkpoints: VecDeque<Base>,
    looked: Instant,
    /// Whether the engine said nothing for so long: until it answers, nobody waits for it.
    is_cut_off: bool,
    /// Why nothing is stored any more.
    ended: Option<Unavailable>,
}

/// How many slots are before a cursor.
fn slots(cursor: &Cursor) -> u64 {
    cursor.lanes.values().sum()
}

impl PoolEnd {
    /// The end of the log of `member`, whose node has the records up to `position`.
    /// An engine that is silent is asked again for as long as `patience`, before callers are told.
    pub fn new(member: Member, position: Position, patience: Duration) -> Self {
        Self {
            member,
            patience,
            to_mirror: VecDeque::new(),
            mirrored: position,
            checkpoints: VecDeque::new(),
            looked: Instant::now(),
            is_cut_off: false,
            ended: None,
        }
    }

    pub fn epoch(&self) -> u64 {
        self.member.pool().epoch
    }

    /// The batches that were read, in order. Whoever takes them applies them, and has them mirrored.
    pub fn take_news(&mut self) -> Vec<Contents> {
        self.member.take_news()
    }

    /// Reads everything that is stored. What was read is in the news, also if there is an error.
    pub fn follow(&mut self) -> Result<(), Unavailable> {
        self.usable()?;
        self.patiently(false, |member| member.follow())
    }

    /// Has entries stored under `nonce`, and reads everything before them. What was read is in the news, also if there is an error.
    pub fn propose(&mut self, nonce: Nonce, fresh: Nonce, entries: &[Entry<'_>]) -> Result<(), Unavailable> {
        self.usable()?;
        let batch = Batch::new(self.epoch(), nonce, entries).expect("the options keep a batch within the limits of the log");
        let proposed = self.patiently(true, |member| member.propose(&batch, false, fresh))?;
        match proposed {
            Proposed::Stored => Ok(()),
            Proposed::NotAtEnd => unreachable!("it may stand behind anything"),
            Proposed::Fenced { epoch } => {
                let own = batch.epoch();
                Err(self.end(format!("the pool was begun anew under epoch {epoch}; this node belongs to epoch {own}")))
            }
        }
    }

    /// Puts what was applied behind what the files have.
    pub fn applied(&mut self, contents: Contents) {
        self.to_mirror.push_back(contents);
    }

    /// Writes to the files what was applied.
    pub fn mirror(&mut self, files: &mut LogEnd, steady_ns: u64) -> Result<(), Unavailable> {
        while let Some(contents) = self.to_mirror.front() {
            let records = contents.records.iter();
            let entries: Vec<Entry<'_>> = records.map(|(evidence, content)| Entry { content, evidence: *evidence }).collect();
            let batch = Batch::new(contents.epoch, contents.nonce, &entries).expect("it was a batch where it comes from");
            files.append_batch(self.mirrored, &batch, steady_ns)?;
            self.mirrored = self.mirrored.plus(batch.count());
            self.to_mirror.pop_front();
        }
        Ok(())
    }

    /// Notes where the engine's slots could begin, and has it forget what every node has in its files. `tip` is where the files end.
    pub fn compact_if_due(&mut self, view: &PoolView, tip: Place, options: &NodeOptions) {
        if !self.to_mirror.is_empty() || tip.position != self.mirrored {
            return;
        }
        view.stored_up_to(tip.position);
        let noted = self.checkpoints.back().map_or(0, |base| slots(&base.cursor));
        if self.checkpoints.is_empty() || slots(self.member.cursor()) >= noted + options.keep_batches {
            self.checkpoints.push_back(Base { place: tip, cursor: self.member.cursor().clone() });
        }
        if self.looked.elapsed() < options.compact_every {
            return;
        }
        self.looked = Instant::now();
        let Some(least) = view.stored_everywhere(options.forgotten_after) else { return };
        let mut base = None;
        while self.checkpoints.front().is_some_and(|checkpoint| checkpoint.place.position <= least) {
            base = self.checkpoints.pop_front();
        }
        if let Some(base) = base
            && let Err(error) = self.member.compact(&base)
        {
            // The next one covers it.
            warn!(reason = chain(&error), "the engine keeps more than it needs to");
        }
    }

    /// Nothing is stored, read or answered any more.
    pub fn end(&mut self, reason: String) -> Unavailable {
        error!(reason, "this node takes no more part in the pool; it has to be started again");
        let ended = Unavailable::JournalFailed { reason, may_be_stored: false, is_final: true };
        self.ended.insert(ended).clone()
    }

    fn usable(&self) -> Result<(), Unavailable> {
        self.ended.clone().map_or(Ok(()), Err)
    }

    /// Asks the engine until it answers, for a while; only once if it has not answered the last time.
    fn patiently<T>(
        &mut self,
        may_be_stored: bool,
        mut ask: impl FnMut(&mut Member) -> Result<T, MemberError>,
    ) -> Result<T, Unavailable> {
        let begun = Instant::now();
        loop {
            match ask(&mut self.member) {
                Ok(answer) => {
                    self.is_cut_off = false;
                    return Ok(answer);
                }
                Err(error @ MemberError::Engine(EngineError::Unavailable { .. })) => {
                    let reason = chain(&error);
                    if self.is_cut_off || begun.elapsed() >= self.patience {
                        self.is_cut_off = true;
                        return Err(Unavailable::CutOff { reason, may_be_stored });
                    }
                    warn!(reason, "the engine is asked again");
                    std::thread::sleep(AGAIN_AFTER);
                }
                Err(error @ MemberError::Engine(EngineError::Unusable { .. })) => {
                    return Err(Unavailable::CutOff { reason: chain(&error), may_be_stored });
                }
                Err(error) => return Err(self.end(chain(&error))),
            }
        }
    }
}
