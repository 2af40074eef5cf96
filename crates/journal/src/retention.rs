//! Removing segments that nobody needs any more.
//!
//! A segment is dispensable when all its records lie before the older of two good snapshots, when none of them was appended
//! as evidence, and when the caller does not hold it. What is removed is first written down with the hashes on both sides, so
//! the chain goes on across the hole and a hole can be told from a loss.

use crate::cursor::{Cursor, Stop};
use crate::error::{ReadError, StoreError};
use crate::header::{FileHeader, Kind};
use crate::journal::Journal;
use crate::layout::{Layout, file_name};
use crate::removals::{self, Removal};
use crate::snapshot::{SNAPSHOTS_KEPT, SnapshotError};
use crate::values::{Place, Position};
use std::ops::Range;

impl Journal {
    /// Removes dispensable segments, except those for whose records `hold` says true, and gives what was removed now.
    ///
    /// Nothing is removed before there are two good snapshots. Every segment is read before it is removed.
    ///
    /// # Errors
    /// If a snapshot or a segment is damaged, or if the system fails. What was not removed can be removed later.
    pub fn remove_dispensable(&self, hold: &mut dyn FnMut(Range<Position>) -> bool) -> Result<Vec<Removal>, ReadError> {
        let _upkeep = self.upkeep.lock().expect("nobody panics while holding it");
        let snapshots = Layout::read(&*self.storage)?.snapshots;
        let Some(oldest_kept) = snapshots.iter().rev().nth(SNAPSHOTS_KEPT - 1).copied() else { return Ok(Vec::new()) };
        for position in snapshots.iter().rev().take(SNAPSHOTS_KEPT) {
            self.open_snapshot(*position).map_err(|error| match error {
                SnapshotError::Bad(error) => error.into(),
                SnapshotError::Failed(error) => error,
            })?;
        }
        let (headers, mut removals): (Vec<FileHeader>, Vec<Removal>) = {
            let index = self.index();
            (index.segments.values().copied().collect(), index.removals.clone())
        };
        let mut removed = Vec::new();
        // The last segment is never removed: it has no successor.
        for (header, next) in headers.iter().zip(headers.iter().skip(1)) {
            // In front of a hole, the records end where the hole begins.
            let hole = removals.iter().find(|removal| removal.after.position == next.position);
            let end = hole.map_or(next.position, |hole| hole.before.position);
            if end > oldest_kept || hold(header.position..end) {
                continue;
            }
            let Some(after) = self.end_without_evidence(header)? else { continue };
            removed.push(Removal { before: header.place(), after, segment_before: header.extent });
        }
        if removed.is_empty() {
            return Ok(removed);
        }
        for removal in &removed {
            removals::add(&mut removals, *removal);
        }
        // First the list, then the files: a segment that is on the list and still there is removed at the next opening.
        removals::write(&*self.storage, self.id, &removals)?;
        {
            let mut index = self.index();
            index.removals = removals;
            for removal in &removed {
                index.segments.remove(&removal.before.position);
            }
        }
        for removal in &removed {
            let name = file_name(removal.before.position, Kind::Segment);
            self.storage.remove(&name).map_err(StoreError::io("remove", &name))?;
        }
        self.storage.sync_directory().map_err(StoreError::io("sync the directory", "."))?;
        Ok(removed)
    }

    /// Where a segment ends, or `None` if it holds evidence.
    fn end_without_evidence(&self, header: &FileHeader) -> Result<Option<Place>, ReadError> {
        let name = file_name(header.position, Kind::Segment);
        let file = self.storage.open(&name).map_err(StoreError::io("open", &name))?;
        let len = file.len().map_err(StoreError::io("measure", &name))?;
        let mut cursor = Cursor::at_start(file, &name, header, len);
        let mut records = Vec::new();
        loop {
            match cursor.next_batch(&mut records).map_err(Stop::or_damage) {
                Ok(()) if records.iter().any(|record| record.header.evidence) => return Ok(None),
                Ok(()) => {}
                Err(None) => return Ok(Some(cursor.place())),
                Err(Some(error)) => return Err(error.into()),
            }
        }
    }
}
