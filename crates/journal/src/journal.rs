//! The journal in a directory: opening, appending, recovering. Reading, snapshots and retention are in files of their own.
//!
//! One process works with a directory at a time; in it, one append goes after another, and everybody reads what is durable.
//! An append is one write and one fdatasync, however many records it brings: whoever wants speed brings many.

use crate::error::{AppendError, OpenError, ReadError, StoreError};
use crate::header::{FILE_HEADER_BYTES, FileHeader, Kind, NO_SEGMENT};
use crate::layout::{Layout, SUMS, file_name};
use crate::log::{Batch, Log, MAX_BATCH_BYTES, Outcome, Record};
use crate::reader::Parked;
use crate::record::encode_batch;
use crate::recovery::{Opened, Recovery, recover};
use crate::removals::Removal;
use crate::sealed;
use crate::storage::{File, Lock, Storage};
use crate::values::{Hash, JournalId, Place, Position};
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// What one may choose. It may change each time that a journal is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// A batch that would make a segment longer than this begins a new one. A longer batch gets a segment of its own.
    pub segment_bytes: u64,
}

impl Default for Options {
    /// Segments of 64 MiB: the newest is read in a fraction of a second when the journal is opened.
    fn default() -> Self {
        Self { segment_bytes: 64 << 20 }
    }
}

/// A log in a directory.
pub struct Journal {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) id: JournalId,
    options: Options,
    tail: Mutex<Tail>,
    index: Mutex<Index>,
    grown: Condvar,
    pub(crate) parked: Mutex<Vec<Parked>>,
    /// Held by what writes snapshots, removes segments or needs them to stay.
    pub(crate) upkeep: Mutex<()>,
    _lock: Box<dyn Send + Sync>,
}

/// Where the next batch goes.
pub(crate) struct Tail {
    pub file: Arc<dyn File>,
    pub segment: Position,
    pub offset: u64,
    pub end: Place,
    /// Room for the bytes of a batch, to be used again.
    pub bytes: Vec<u8>,
    pub health: Health,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Good,
    /// Nobody knows what is behind the end.
    MustRecover,
}

/// What readers need: everything in it is durable.
pub(crate) struct Index {
    pub segments: BTreeMap<Position, FileHeader>,
    pub removals: Vec<Removal>,
    pub end: Place,
    /// Where the last segment ends, as far as it is durable.
    pub end_offset: u64,
}

impl Journal {
    /// Makes a new journal in an empty directory.
    ///
    /// # Errors
    /// If there is one already, or if the system fails.
    pub fn create(storage: Arc<dyn Storage>, id: JournalId, options: Options) -> Result<Self, OpenError> {
        let lock = lock(&*storage)?;
        let layout = Layout::read(&*storage)?;
        if let Some(file) = layout.any_file().or(layout.is_backup.then(|| SUMS.to_owned())) {
            return Err(OpenError::Exists { file });
        }
        let place = Place { position: Position::START, previous: id.genesis(), epoch: 0 };
        let header = segment_header(id, place, NO_SEGMENT);
        write_segment_aside(&*storage, &header)?;
        sealed::publish(&*storage, &file_name(Position::START, Kind::Segment))?;
        Self::start(storage, lock, options).map(|(journal, _)| journal)
    }

    /// Opens the journal of a directory: cuts a torn batch away, and refuses if anything is damaged.
    ///
    /// It reads the newest segment. Older segments are read when somebody reads their records.
    ///
    /// # Errors
    /// If there is none, if somebody else has it, or if it cannot be trusted.
    pub fn open(storage: Arc<dyn Storage>, options: Options) -> Result<(Self, Recovery), OpenError> {
        let lock = lock(&*storage)?;
        Self::start(storage, lock, options)
    }

    fn start(storage: Arc<dyn Storage>, lock: Box<dyn Send + Sync>, options: Options) -> Result<(Self, Recovery), OpenError> {
        let Opened { id, tail, index, recovery } = recover(&*storage, None)?;
        let journal = Self {
            storage,
            id,
            options,
            tail: Mutex::new(tail),
            index: Mutex::new(index),
            grown: Condvar::new(),
            parked: Mutex::default(),
            upkeep: Mutex::default(),
            _lock: lock,
        };
        Ok((journal, recovery))
    }

    /// The journal's id.
    pub fn id(&self) -> JournalId {
        self.id
    }

    /// The first record that is there; where a snapshot made older ones dispensable, it is not 0.
    pub fn first(&self) -> Position {
        *self.index().segments.keys().next().expect("a journal has a segment")
    }

    /// The end of the log, with the hash of its last record: whoever keeps it can prove later that nothing before was changed.
    pub fn tip(&self) -> Place {
        self.index().end
    }

    /// Reads again what is really there; needed after a failed append, harmless otherwise.
    ///
    /// Nobody reads less afterwards than before: if acknowledged records are missing, that is an error.
    ///
    /// # Errors
    /// If the journal cannot be read, or not be trusted. Nothing can be appended then; it can be tried again.
    pub fn reopen(&self) -> Result<Recovery, OpenError> {
        let mut tail = self.tail();
        tail.health = Health::MustRecover;
        let upkeep = self.upkeep.lock().expect("nobody panics while holding it");
        let acknowledged = self.tip();
        let opened = recover(&*self.storage, Some(acknowledged))?;
        drop(upkeep);
        let mut index = self.index();
        *index = opened.index;
        *tail = opened.tail;
        self.grown.notify_all();
        Ok(opened.recovery)
    }

    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().expect("no append has panicked")
    }

    pub(crate) fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().expect("nobody panics while holding it")
    }

    /// Whether the batch stands at `expected` already.
    fn is_there(&self, expected: Position, batch: &Batch<'_>) -> Result<bool, AppendError> {
        match self.read(expected, 0) {
            Ok(records) => Ok(records.first().is_some_and(|record| {
                record.batch_index == 0 && record.nonce == batch.nonce() && u64::from(record.batch_count) == batch.count()
            })),
            Err(ReadError::Removed { .. }) => Ok(false),
            // It may be an earlier try of this batch that cannot be read.
            Err(error) => Err(AppendError::Ambiguous(error.into())),
        }
    }

    /// Makes the batch durable behind the end, in a new segment if this one is full.
    fn store(&self, tail: &mut Tail, batch: &Batch<'_>) -> Result<(), AppendError> {
        let mut bytes = std::mem::take(&mut tail.bytes);
        bytes.clear();
        let previous = encode_batch(batch, tail.end.position, tail.end.previous, &mut bytes);
        let is_full = tail.offset + bytes.len() as u64 > self.options.segment_bytes;
        if is_full && tail.offset > FILE_HEADER_BYTES as u64 {
            self.begin_segment(tail)?;
        }
        tail.write(&bytes)?;
        tail.offset += bytes.len() as u64;
        tail.end = Place { position: tail.end.position.plus(batch.count()), previous, epoch: batch.epoch() };
        tail.bytes = bytes;
        let mut index = self.index();
        index.end = tail.end;
        index.end_offset = tail.offset;
        Ok(())
    }

    /// Begins a new segment at the end.
    fn begin_segment(&self, tail: &mut Tail) -> Result<(), AppendError> {
        let header = segment_header(self.id, tail.end, tail.segment.get());
        let name = file_name(header.position, Kind::Segment);
        let file = match write_segment_aside(&*self.storage, &header) {
            Ok(file) => file,
            // Nothing of it has a name yet, so all is as before.
            Err(error) if error.is_full() => return Err(AppendError::Full(error.into())),
            Err(error) => return Err(tail.fail(error, AppendError::NotAppended)),
        };
        sealed::publish(&*self.storage, &name).map_err(|error| tail.fail(error, AppendError::NotAppended))?;
        tail.file = file;
        tail.segment = header.position;
        tail.offset = FILE_HEADER_BYTES as u64;
        let mut index = self.index();
        index.segments.insert(header.position, header);
        index.end_offset = tail.offset;
        Ok(())
    }
}

impl Log for Journal {
    fn append(&self, expected: Position, batch: &Batch<'_>) -> Result<Outcome, AppendError> {
        let mut tail = self.tail();
        if tail.health == Health::MustRecover {
            return Err(AppendError::MustRecover);
        }
        let end = tail.end.position;
        if expected < end {
            return Ok(if self.is_there(expected, batch)? {
                Outcome::Appended { end: expected.plus(batch.count()) }
            } else {
                Outcome::SomebodyWasFirst { end }
            });
        }
        if expected > end {
            return Ok(Outcome::BeyondEnd { end });
        }
        if batch.epoch() < tail.end.epoch {
            return Ok(Outcome::Fenced { epoch: tail.end.epoch });
        }
        self.store(&mut tail, batch)?;
        self.grown.notify_all();
        Ok(Outcome::Appended { end: tail.end.position })
    }

    fn read(&self, from: Position, max_bytes: usize) -> Result<Vec<Record>, ReadError> {
        self.read_parked(from, max_bytes)
    }

    fn end(&self) -> Result<Position, ReadError> {
        Ok(self.index().end.position)
    }

    fn wait(&self, position: Position, timeout: Duration) -> Result<Position, ReadError> {
        let is_short = |index: &mut Index| index.end.position <= position;
        let (index, _) = self.grown.wait_timeout_while(self.index(), timeout, is_short).expect("nobody panics while holding it");
        Ok(index.end.position)
    }

    fn recover(&self) -> Result<Position, ReadError> {
        match self.reopen() {
            Ok(recovery) => Ok(recovery.end),
            Err(OpenError::Store(error)) => Err(error.into()),
            Err(other) => Err(ReadError::Unavailable(other.into())),
        }
    }

    fn max_batch_bytes(&self) -> usize {
        MAX_BATCH_BYTES
    }
}

impl Tail {
    /// One write and one fdatasync.
    fn write(&mut self, bytes: &[u8]) -> Result<(), AppendError> {
        let name = file_name(self.segment, Kind::Segment);
        if let Err(source) = self.file.write_at(bytes, self.offset).map_err(StoreError::io("write", &name)) {
            if !source.is_full() {
                return Err(self.fail(source, AppendError::NotAppended));
            }
            return Err(match self.cut() {
                Ok(()) => AppendError::Full(source.into()),
                Err(error) => self.fail(error, AppendError::NotAppended),
            });
        }
        self.file.sync_data().map_err(StoreError::io("sync", &name)).map_err(|error| self.fail(error, AppendError::Ambiguous))
    }

    /// Gives back the room that a batch took before there was no more, durably: another batch that is written over its rest
    /// would look damaged after a crash.
    fn cut(&self) -> Result<(), StoreError> {
        let name = file_name(self.segment, Kind::Segment);
        self.file.set_len(self.offset).map_err(StoreError::io("shorten", &name))?;
        self.file.sync_data().map_err(StoreError::io("sync", &name))
    }

    fn fail(&mut self, error: StoreError, kind: fn(crate::error::Source) -> AppendError) -> AppendError {
        self.health = Health::MustRecover;
        kind(error.into())
    }
}

fn lock(storage: &dyn Storage) -> Result<Box<dyn Send + Sync>, OpenError> {
    match storage.lock().map_err(StoreError::io("lock", "."))? {
        Lock::Taken(guard) => Ok(guard),
        Lock::HeldBy(by) => Err(OpenError::Locked { by }),
    }
}

pub(crate) fn segment_header(id: JournalId, place: Place, segment_before: u64) -> FileHeader {
    let Place { position, previous, epoch } = place;
    FileHeader { kind: Kind::Segment, id, position, extent: segment_before, epoch, previous, content: Hash([0; 32]) }
}

/// Writes an empty segment, not yet under its name.
fn write_segment_aside(storage: &dyn Storage, header: &FileHeader) -> Result<Arc<dyn File>, StoreError> {
    let name = sealed::aside(&file_name(header.position, Kind::Segment));
    let file = storage.create(&name).map_err(StoreError::io("create", &name))?;
    file.write_at(&header.encode(), 0).map_err(StoreError::io("write", &name))?;
    file.sync_data().map_err(StoreError::io("sync", &name))?;
    Ok(file)
}
