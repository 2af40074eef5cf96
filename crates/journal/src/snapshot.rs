//! Snapshots: bytes of the caller's that say what all records before a position came to.
//!
//! The two newest are kept: should one turn out damaged, the other and the records after it say the same. What a snapshot
//! means is the caller's business; that it is whole, and belongs to this chain at this position, is looked after here.

use crate::error::{Damage, ReadError, StoreError};
use crate::header::{FILE_HEADER_BYTES, FileHeader, Kind};
use crate::journal::Journal;
use crate::layout::{Layout, file_name};
use crate::sealed;
use crate::storage::File;
use crate::values::{Hash, Place, Position};
use std::io::{self, Read, Write};
use std::sync::Arc;

/// How many snapshots are kept.
pub const SNAPSHOTS_KEPT: usize = 2;

/// A snapshot that is whole and belongs to the log. Reading it gives its bytes.
pub struct Snapshot {
    header: FileHeader,
    file: Arc<dyn File>,
    offset: u64,
}

impl Snapshot {
    /// The first record that it does not contain: where replay goes on.
    pub fn position(&self) -> Position {
        self.header.position
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> u64 {
        self.header.extent
    }
}

impl Read for Snapshot {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.header.extent - self.offset;
        let take = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        self.file.read_at(&mut buffer[..take], FILE_HEADER_BYTES as u64 + self.offset)?;
        self.offset += take as u64;
        Ok(take)
    }
}

/// The snapshot to start from, and those that were passed over.
pub struct NewestSnapshot {
    /// The newest one that is good, if there is one.
    pub snapshot: Option<Snapshot>,
    /// What is wrong with newer ones. Whoever starts should tell somebody.
    pub damaged: Vec<StoreError>,
}

impl Journal {
    /// Writes a snapshot of what all records before `position` came to, durably, and removes snapshots beyond the two newest.
    ///
    /// Others append and read meanwhile. `write` itself must not use the journal: it could wait for itself.
    ///
    /// # Errors
    /// If `position` lies beyond the end or before the first record, or if the system fails: then the snapshot is not there, or
    /// it is there and not known to be durable. Either way the journal is as good as before.
    pub fn write_snapshot(
        &self,
        position: Position,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), ReadError> {
        let _upkeep = self.upkeep.lock().expect("nobody panics while holding it");
        let Place { position, previous, epoch } = self.place(position)?;
        let header =
            FileHeader { kind: Kind::Snapshot, id: self.id, position, extent: 0, epoch, previous, content: Hash([0; 32]) };
        sealed::write(&*self.storage, &file_name(position, Kind::Snapshot), header, write)?;
        let snapshots = Layout::read(&*self.storage)?.snapshots;
        for old in snapshots.iter().rev().skip(SNAPSHOTS_KEPT) {
            let name = file_name(*old, Kind::Snapshot);
            self.storage.remove(&name).map_err(StoreError::io("remove", &name))?;
        }
        Ok(())
    }

    /// The newest snapshot that is whole and belongs to this log. It is read once, to be sure, before it is given out.
    ///
    /// # Errors
    /// If the system fails. A damaged snapshot is no error as long as it is reported: the caller starts from an older one, or
    /// from the first record, and hears from the reader if that was removed.
    pub fn newest_snapshot(&self) -> Result<NewestSnapshot, ReadError> {
        let _upkeep = self.upkeep.lock().expect("nobody panics while holding it");
        let mut newest = NewestSnapshot { snapshot: None, damaged: Vec::new() };
        for position in Layout::read(&*self.storage)?.snapshots.iter().rev() {
            match self.open_snapshot(*position) {
                Ok(snapshot) => {
                    newest.snapshot = Some(snapshot);
                    break;
                }
                Err(SnapshotError::Bad(error)) => newest.damaged.push(error),
                Err(SnapshotError::Failed(error)) => return Err(error),
            }
        }
        Ok(newest)
    }

    /// Opens one snapshot and checks it against its hash and against the chain, where the chain still reaches there.
    pub(crate) fn open_snapshot(&self, position: Position) -> Result<Snapshot, SnapshotError> {
        let name = file_name(position, Kind::Snapshot);
        let (header, file) = sealed::open(&*self.storage, Kind::Snapshot, &name).map_err(|error| match error {
            StoreError::Io { .. } => SnapshotError::Failed(error.into()),
            bad => SnapshotError::Bad(bad),
        })?;
        let place = match self.place(position) {
            Ok(place) => Some(place),
            Err(ReadError::Removed { .. }) => None,
            Err(error) => return Err(SnapshotError::Failed(error)),
        };
        let stored = (header.id, header.position, place.map(|_| header.place()));
        if stored != (self.id, position, place) {
            return Err(SnapshotError::Bad(
                Damage {
                    file: name,
                    offset: 16,
                    position: None,
                    found: format!("a snapshot of journal {} at record {} after {}", header.id, header.position, header.previous),
                    expected: format!(
                        "one of journal {} at record {position}{}",
                        self.id,
                        place.map_or(String::new(), |place| format!(" after {}", place.previous))
                    ),
                }
                .into(),
            ));
        }
        Ok(Snapshot { header, file, offset: 0 })
    }

    /// The place before the record `position`.
    fn place(&self, position: Position) -> Result<Place, ReadError> {
        {
            let index = self.index();
            if index.end.position == position {
                return Ok(index.end);
            }
            if let Some(header) = index.segments.get(&position) {
                return Ok(header.place());
            }
            if let Some(removal) = index.removals.iter().find(|removal| removal.before.position == position) {
                return Ok(removal.before);
            }
        }
        let Some(before) = position.get().checked_sub(1) else {
            return Err(ReadError::Removed { position, resumes_at: self.first() });
        };
        let record = self.reader(Position::new(before))?.next_record()?;
        let record = record.ok_or(ReadError::BeyondEnd { position, end: self.tip().position })?;
        Ok(Place { position, previous: record.hash, epoch: record.epoch })
    }
}

/// Why a snapshot cannot be used.
pub(crate) enum SnapshotError {
    /// It is not what was written.
    Bad(StoreError),
    /// It could not be looked at.
    Failed(ReadError),
}
