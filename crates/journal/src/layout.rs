//! What lies in the directory of a journal, and whether it belongs together.
//!
//! It reads names and file headers, no records: that segments are there without a hole is known from their headers, each of
//! which names the segment before it.

use crate::error::{Damage, StoreError};
use crate::header::{FileHeader, Kind, NO_SEGMENT};
use crate::removals::{self, Removal};
use crate::storage::Storage;
use crate::values::{JournalId, Position};
use std::collections::BTreeMap;

/// The file that a backup has and a journal has not.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// All that is known of a directory without reading a record.
pub(crate) struct Layout {
    /// By the position of their first records.
    pub segments: BTreeMap<Position, FileHeader>,
    /// The positions of the snapshots, the newest last. Their files were not looked at.
    pub snapshots: Vec<Position>,
    pub removals: Vec<Removal>,
    /// Segments whose removal was written down and not finished.
    pub condemned: Vec<String>,
    /// Files that were never completed.
    pub unfinished: Vec<String>,
    pub is_backup: bool,
}

impl Layout {
    /// Looks at the directory.
    ///
    /// # Errors
    /// If it cannot be read, or if the files do not belong together.
    pub fn read(storage: &dyn Storage) -> Result<Self, StoreError> {
        let mut names = storage.list().map_err(StoreError::io("list", "."))?;
        names.sort();
        let mut layout = Self {
            segments: BTreeMap::new(),
            snapshots: names.iter().filter_map(|name| position_in(name, Kind::Snapshot)).collect(),
            removals: Vec::new(),
            condemned: Vec::new(),
            unfinished: names.iter().filter(|name| name.ends_with(".tmp")).cloned().collect(),
            is_backup: names.iter().any(|name| name == SUMS),
        };
        let mut id = None;
        if names.iter().any(|name| name == removals::NAME) {
            let (header, removals) = removals::read(storage)?;
            layout.removals = removals;
            id = Some(header.id);
        }
        for name in &names {
            let Some(position) = position_in(name, Kind::Segment) else { continue };
            if layout.removals.iter().any(|removal| removal.contains(position)) {
                layout.condemned.push(name.clone());
                continue;
            }
            let file = storage.open(name).map_err(StoreError::io("open", name))?;
            let header = FileHeader::read(Kind::Segment, name, &*file)?;
            check_name(name, position, &header, *id.get_or_insert(header.id))?;
            layout.segments.insert(position, header);
        }
        layout.check_links()?;
        Ok(layout)
    }

    /// The journal's id, if there is a segment.
    pub fn id(&self) -> Option<JournalId> {
        self.segments.values().next().map(|header| header.id)
    }

    /// Any file of a journal, if there is one.
    pub fn any_file(&self) -> Option<String> {
        let snapshot = self.snapshots.first().map(|position| file_name(*position, Kind::Snapshot));
        let segment = self.segments.keys().next().map(|position| file_name(*position, Kind::Segment));
        let removals = (!self.removals.is_empty()).then(|| removals::NAME.to_owned());
        segment.or(snapshot).or(removals)
    }

    /// Each segment follows the one before it, or a hole that was written down and that follows the one before it.
    fn check_links(&self) -> Result<(), Damage> {
        let mut before = NO_SEGMENT;
        let mut holes = self.removals.iter().peekable();
        for (position, header) in &self.segments {
            if let Some(hole) = holes.next_if(|hole| hole.before.position <= *position) {
                check_link(removals::NAME, hole.before.position, before, hole.segment_before)?;
                if hole.after != header.place() {
                    let found =
                        format!("records up to {} as removed, the last with hash {}", hole.after.position, hole.after.previous);
                    let expected = format!("records up to {position}, the last with hash {}", header.previous);
                    let file = removals::NAME.to_owned();
                    return Err(Damage { file, offset: 0, position: Some(hole.before.position), found, expected });
                }
            } else {
                check_link(&file_name(*position, Kind::Segment), *position, before, header.extent)?;
            }
            before = position.get();
        }
        match holes.next() {
            // An empty list of segments is for the caller to judge.
            Some(hole) if !self.segments.is_empty() => {
                check_link(removals::NAME, hole.after.position, before, hole.after.position.get())
            }
            _ => Ok(()),
        }
    }
}

/// What `file` says of the segment before `position` agrees with what there is.
fn check_link(file: &str, position: Position, found: u64, expected: u64) -> Result<(), Damage> {
    let name = |segment: u64| format!("`{}`", file_name(Position::new(segment), Kind::Segment));
    if found == expected {
        return Ok(());
    }
    Err(Damage {
        file: file.to_owned(),
        offset: 0,
        position: Some(position),
        found: if found == NO_SEGMENT { "no segment before it".to_owned() } else { format!("{} before it", name(found)) },
        expected: if expected == NO_SEGMENT { "none".to_owned() } else { format!("{}, which is missing", name(expected)) },
    })
}

fn check_name(name: &str, position: Position, header: &FileHeader, id: JournalId) -> Result<(), Damage> {
    let damage = |offset, found, expected| Err(Damage { file: name.to_owned(), offset, position: None, found, expected });
    if header.position != position {
        return damage(32, format!("a segment that begins with record {}", header.position), format!("record {position}"));
    }
    if header.id != id {
        return damage(16, format!("a segment of journal {}", header.id), format!("journal {id}"));
    }
    Ok(())
}

fn ending(kind: Kind) -> &'static str {
    match kind {
        Kind::Segment => ".segment",
        Kind::Snapshot => ".snapshot",
        Kind::Removals => "",
    }
}

/// The name of the segment that begins with, or of the snapshot before, this record. Names sort as numbers.
/// Whether a file of this name belongs to a journal: what a copy of it needs, and nothing else that lies beside it.
pub fn is_of_journal(name: &str) -> bool {
    name == removals::NAME || [Kind::Segment, Kind::Snapshot].into_iter().any(|kind| position_in(name, kind).is_some())
}

pub(crate) fn file_name(position: Position, kind: Kind) -> String {
    format!("{:020}{}", position.get(), ending(kind))
}

/// The position in a file's name, if it is one that `file_name` gives.
fn position_in(name: &str, kind: Kind) -> Option<Position> {
    let digits = name.strip_suffix(ending(kind))?;
    let position = Position::new(digits.parse().ok()?);
    (file_name(position, kind) == name).then_some(position)
}
