//! The list of what was removed on purpose, so that a hole in the log can be told from a loss.
//!
//! Each entry keeps the hashes on both of its sides: the chain goes on across the hole.

use crate::error::{Damage, StoreError};
use crate::header::{FILE_HEADER_BYTES, FileHeader, Kind};
use crate::record::{array_at, u64_at};
use crate::sealed;
use crate::storage::Storage;
use crate::values::{Hash, JournalId, Place, Position};

/// The name of the list.
pub(crate) const NAME: &str = "removals";

/// Bytes of an entry: two places, and which segment lies before.
const ENTRY_BYTES: usize = 104;

/// Records that were removed: from the place `before` up to the place `after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Where the first removed record stood.
    pub before: Place,
    /// Where the log goes on.
    pub after: Place,
    /// The position of the segment before the first removed one, or `NO_SEGMENT`.
    pub(crate) segment_before: u64,
}

impl Removal {
    /// Whether the record at this position was removed.
    pub fn contains(&self, position: Position) -> bool {
        self.before.position <= position && position < self.after.position
    }
}

/// Reads the list.
pub(crate) fn read(storage: &dyn Storage) -> Result<(FileHeader, Vec<Removal>), StoreError> {
    let (header, file) = sealed::open(storage, Kind::Removals, NAME)?;
    let mut bytes = Vec::new();
    sealed::copy(&*file, FILE_HEADER_BYTES as u64, FILE_HEADER_BYTES as u64 + header.extent, &mut |part| {
        bytes.extend_from_slice(part);
        Ok(())
    })
    .map_err(StoreError::io("read", NAME))?;
    let damage = |index: usize, found: String, expected: &str| {
        let offset = (FILE_HEADER_BYTES + index * ENTRY_BYTES) as u64;
        Damage { file: NAME.to_owned(), offset, position: None, found, expected: expected.to_owned() }
    };
    if !bytes.len().is_multiple_of(ENTRY_BYTES) {
        return Err(damage(0, format!("{} bytes of entries", bytes.len()), "a multiple of 104").into());
    }
    let removals: Vec<Removal> = bytes
        .chunks_exact(ENTRY_BYTES)
        .map(|entry| Removal { before: place_at(entry, 0), after: place_at(entry, 48), segment_before: u64_at(entry, 96) })
        .collect();
    let mut end = Position::START;
    for (index, removal) in removals.iter().enumerate() {
        let (from, to) = (removal.before.position, removal.after.position);
        if from < end || to <= from {
            return Err(damage(index, format!("records {from} to {to} after {end}"), "entries in order").into());
        }
        end = to;
    }
    Ok((header, removals))
}

/// Writes the list durably.
pub(crate) fn write(storage: &dyn Storage, id: JournalId, removals: &[Removal]) -> Result<(), StoreError> {
    let header = FileHeader {
        kind: Kind::Removals,
        id,
        position: Position::START,
        extent: 0,
        epoch: 0,
        previous: id.genesis(),
        content: Hash([0; 32]),
    };
    sealed::write(storage, NAME, header, &mut |sink| {
        removals.iter().try_for_each(|removal| {
            for place in [removal.before, removal.after] {
                sink.write_all(&place.position.get().to_le_bytes())?;
                sink.write_all(&place.epoch.to_le_bytes())?;
                sink.write_all(&place.previous.0)?;
            }
            sink.write_all(&removal.segment_before.to_le_bytes())
        })
    })
    .map(drop)
}

/// Adds an entry in its place and joins it with its neighbours.
pub(crate) fn add(removals: &mut Vec<Removal>, new: Removal) {
    removals.push(new);
    removals.sort_by_key(|removal| removal.before.position);
    removals.dedup_by(|next, kept| {
        let joins = kept.after == next.before;
        if joins {
            kept.after = next.after;
        }
        joins
    });
}

fn place_at(entry: &[u8], at: usize) -> Place {
    Place { position: Position::new(u64_at(entry, at)), epoch: u64_at(entry, at + 8), previous: Hash(array_at(entry, at + 16)) }
}
