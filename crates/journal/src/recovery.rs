//! Opening what a process left behind, whether it ended well or not.
//!
//! The newest segment is read to its end; a torn batch is cut away, everything else that is not whole is refused. Afterwards
//! all that was read is durable, and nothing lies behind it. Nothing is changed before all of it was looked at: where it
//! refuses, everything stays as it was found.

use crate::cursor::{Cursor, Stop};
use crate::error::{Damage, OpenError, StoreError};
use crate::header::{FileHeader, Kind};
use crate::journal::{Health, Index, Tail};
use crate::layout::{Layout, SUMS, file_name};
use crate::sealed;
use crate::storage::{File, Storage};
use crate::tail;
use crate::values::{JournalId, Place, Position};
use std::sync::Arc;

/// What was found when a journal was opened. Whoever opens it should tell somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The first record that is there.
    pub start: Position,
    /// Where the next record will stand.
    pub end: Position,
    /// A batch that was cut away, because its write never ended; nobody was told that it was stored.
    pub torn: Option<Torn>,
    /// Files that were removed, because they were never completed or their removal was never finished.
    pub removed_files: Vec<String>,
}

/// The beginning of a batch that was not written to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// How many bytes there were of it.
    pub bytes: u64,
    /// Where they were and what was wrong with them.
    pub at: Damage,
}

/// A journal that appending can go on with.
pub(crate) struct Opened {
    pub id: JournalId,
    pub tail: Tail,
    pub index: Index,
    pub recovery: Recovery,
}

/// The newest segment as it was found; nothing is changed yet.
struct Found {
    name: String,
    file: Arc<dyn File>,
    segment: Position,
    /// Where the last whole batch begins.
    last_offset: Option<u64>,
    /// Where it ends, in the file and in the log.
    offset: u64,
    end: Place,
    torn: Option<Torn>,
}

/// Reads what is there and makes it durable and clean, so that appending can go on. Of a journal that was in use, the end that
/// was `acknowledged` is known.
pub(crate) fn recover(storage: &dyn Storage, acknowledged: Option<Place>) -> Result<Opened, OpenError> {
    let layout = Layout::read(storage)?;
    if layout.is_backup {
        return Err(OpenError::Backup { file: SUMS.to_owned() });
    }
    let (Some(id), Some((_, header))) = (layout.id(), layout.segments.last_key_value()) else {
        return match layout.any_file() {
            Some(file) => Err(Damage {
                file,
                offset: 0,
                position: None,
                found: "a part of a journal, but no segment".to_owned(),
                expected: "at least one file that ends in `.segment`".to_owned(),
            }
            .into()),
            None => Err(OpenError::Missing),
        };
    };
    let found = read_tail(storage, header)?;
    check_snapshots(storage, &layout, &found)?;
    if let Some(acknowledged) = acknowledged {
        check_acknowledged(acknowledged, &found)?;
    }
    let (tail, torn) = found.settle()?;
    let removed_files: Vec<String> = layout.unfinished.iter().chain(&layout.condemned).cloned().collect();
    for name in &removed_files {
        storage.remove(name).map_err(StoreError::io("remove", name))?;
    }
    // Also makes durable what an earlier process renamed and could not sync.
    storage.sync_directory().map_err(StoreError::io("sync the directory", "."))?;
    let start = *layout.segments.keys().next().expect("there is a segment");
    let recovery = Recovery { start, end: tail.end.position, torn, removed_files };
    let (end, end_offset) = (tail.end, tail.offset);
    let index = Index { segments: layout.segments, removals: layout.removals, end, end_offset };
    Ok(Opened { id, tail, index, recovery })
}

/// Reads the newest segment to its end.
fn read_tail(storage: &dyn Storage, header: &FileHeader) -> Result<Found, OpenError> {
    let name = file_name(header.position, Kind::Segment);
    let file = storage.open(&name).map_err(StoreError::io("open", &name))?;
    let len = file.len().map_err(StoreError::io("measure", &name))?;
    let mut cursor = Cursor::at_start(file.clone(), &name, header, len);
    let mut records = Vec::new();
    let mut last_offset = None;
    let torn = loop {
        let offset = cursor.offset();
        match cursor.next_batch(&mut records) {
            Ok(()) => last_offset = Some(offset),
            Err(Stop::End) => break None,
            Err(Stop::Failed(error)) => return Err(error.into()),
            Err(Stop::Broken(broken)) => {
                if !tail::is_torn(&*file, len, &broken).map_err(StoreError::io("read", &name))? {
                    return Err(broken.damage.into());
                }
                break Some(Torn { bytes: len - offset, at: broken.damage });
            }
        }
    };
    Ok(Found { name, file, segment: header.position, last_offset, offset: cursor.offset(), end: cursor.place(), torn })
}

impl Found {
    /// Cuts a torn batch away and makes the rest durable.
    fn settle(self) -> Result<(Tail, Option<Torn>), StoreError> {
        let Self { name, file, segment, last_offset, offset, end, torn } = self;
        if torn.is_some() {
            file.set_len(offset).map_err(StoreError::io("shorten", &name))?;
        }
        // The sync of the last batch may have failed, and then what was just read stands in memory only, where no later sync
        // finds it. Writing the same bytes again makes it find them. All batches before the last were synced: nothing is ever
        // written behind a batch that was not.
        if let Some(last_offset) = last_offset {
            let mut at = last_offset;
            sealed::copy(&*file, last_offset, offset, &mut |bytes| {
                file.write_at(bytes, at)?;
                at += bytes.len() as u64;
                Ok(())
            })
            .map_err(StoreError::io("rewrite the last batch of", &name))?;
        }
        file.sync_data().map_err(StoreError::io("sync", &name))?;
        Ok((Tail { file, segment, offset, end, bytes: Vec::new(), health: Health::Good }, torn))
    }

    /// This segment does not go as far as it should.
    fn too_short(&self, found: String, expected: String) -> Damage {
        Damage { file: self.name.clone(), offset: self.offset, position: Some(self.end.position), found, expected }
    }
}

/// What this process has acknowledged is there.
fn check_acknowledged(acknowledged: Place, tail: &Found) -> Result<(), Damage> {
    let (end, known) = (tail.end, acknowledged.position);
    if end.position < known {
        let found = format!("the end of the log at record {}", end.position);
        return Err(tail.too_short(found, format!("records up to {known}, which were acknowledged")));
    }
    if end.position == known && end != acknowledged {
        let found = format!("the end of the log after the record with hash {}", end.previous);
        return Err(tail.too_short(found, format!("{}, which was acknowledged", acknowledged.previous)));
    }
    Ok(())
}

/// A snapshot is only written when all records before it are durable; so if one tells of more records, some were lost.
fn check_snapshots(storage: &dyn Storage, layout: &Layout, tail: &Found) -> Result<(), OpenError> {
    for position in layout.snapshots.iter().rev().filter(|position| **position > tail.end.position) {
        let name = file_name(*position, Kind::Snapshot);
        let file = storage.open(&name).map_err(StoreError::io("open", &name))?;
        // A damaged one proves nothing; whoever wants to start from it will hear of it.
        let Ok(header) = FileHeader::read(Kind::Snapshot, &name, &*file) else { continue };
        if header.position > tail.end.position {
            let expected = format!("records up to {}, which `{name}` was made after", header.position);
            return Err(tail.too_short("the end of the log".to_owned(), expected).into());
        }
    }
    Ok(())
}
