//! Looking at a journal without working with it: verify, dump, and what a backup needs.
//!
//! It takes no lock and writes nothing, so it works on a journal that is in use, on one that lies closed, and on a backup.
//! It does not know what the records mean.

use crate::cursor::{Broken, Cursor, Found, Stop};
use crate::error::{Damage, OpenError, StoreError};
use crate::header::{FileHeader, Kind};
use crate::layout::{Layout, file_name};
use crate::recovery::Torn;
use crate::removals::{self, Removal};
use crate::sealed;
use crate::storage::Storage;
use crate::tail;
use crate::values::{Hash, JournalId, Place, Position};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// How far a long task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file that is worked on.
    pub file: &'a str,
    /// Bytes done, of all files.
    pub bytes_done: u64,
    /// Bytes of all files, as far as they were known at the beginning.
    pub bytes_total: u64,
}

/// Called now and then while a long task runs, at least once a file.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress<'_>);

/// A journal as it lies in a directory.
pub struct Archive {
    storage: Arc<dyn Storage>,
    layout: Layout,
    id: JournalId,
}

/// What is known of a journal after all of it was read.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The journal's id.
    pub id: JournalId,
    /// The first record that is there.
    pub start: Position,
    /// The end of the log, with the hash of its last record: the proof of all that lies before.
    pub tip: Place,
    /// How many records were read.
    pub records: u64,
    /// How many of them are evidence.
    pub evidence: u64,
    /// How many segments there are.
    pub segments: usize,
    /// The snapshots that are good.
    pub snapshots: Vec<Position>,
    /// What was removed on purpose.
    pub removals: Vec<Removal>,
    /// A write at the end that never ended, or is going on. No damage.
    pub torn: Option<Torn>,
    /// All that is wrong, the first thing of each file. If it is empty, the journal is whole.
    pub damage: Vec<Damage>,
}

/// A record, as a dump shows it.
#[derive(Clone, Debug)]
pub struct Dumped<'a> {
    /// The file that it lies in.
    pub file: &'a str,
    /// Where in the file its header begins.
    pub offset: u64,
    /// Its place in the log.
    pub position: Position,
    /// The epoch of its writer.
    pub epoch: u64,
    /// Whether it was appended as evidence.
    pub evidence: bool,
    /// The SHA-256 of its content.
    pub content_hash: Hash,
    /// The hash of its header, which the next record bears.
    pub hash: Hash,
    /// Its bytes.
    pub content: &'a [u8],
}

/// How a segment ended when it was read through.
pub(crate) struct SegmentEnd {
    pub place: Place,
    pub offset: u64,
    pub torn: Option<Torn>,
}

impl Archive {
    /// Looks at the directory.
    ///
    /// # Errors
    /// If there is no journal, or if its files do not belong together.
    pub fn open(storage: Arc<dyn Storage>) -> Result<Self, OpenError> {
        let layout = Layout::read(&*storage)?;
        let id = layout.id().ok_or(OpenError::Missing)?;
        Ok(Self { storage, layout, id })
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Reads everything and says what is wrong: each record, the chain across all segments, the snapshots.
    ///
    /// # Errors
    /// If the system fails. Damage is part of the answer.
    pub fn verify(&self, progress: OnProgress<'_>) -> Result<Verified, StoreError> {
        let mut verified = Verified {
            id: self.id,
            start: *self.layout.segments.keys().next().expect("there is a segment"),
            tip: self.layout.segments.values().next().expect("there is a segment").place(),
            records: 0,
            evidence: 0,
            segments: self.layout.segments.len(),
            snapshots: Vec::new(),
            removals: self.layout.removals.clone(),
            torn: None,
            damage: Vec::new(),
        };
        let mut places = BTreeMap::new();
        let mut meter = self.meter(progress)?;
        for header in self.layout.segments.values() {
            places.insert(header.position, header.place());
            let result = self.walk(header, &mut |cursor, found| {
                meter.add(cursor.name(), found.header.stored_bytes() as u64);
                verified.records += 1;
                verified.evidence += u64::from(found.header.evidence);
                let position = found.header.position.plus(1);
                if self.layout.snapshots.contains(&position) {
                    places.insert(position, Place { position, previous: found.hash, epoch: found.header.epoch });
                }
                ControlFlow::Continue(())
            });
            match result {
                Ok(end) => {
                    verified.damage.extend(self.misfit(header, &end));
                    verified.tip = end.place;
                    verified.torn = end.torn;
                }
                Err(StoreError::Damaged(damage)) => verified.damage.push(damage),
                Err(error) => return Err(error),
            }
        }
        for position in &self.layout.snapshots {
            match self.check_snapshot(*position, places.get(position), &verified, &mut meter) {
                Ok(()) => verified.snapshots.push(*position),
                Err(StoreError::Damaged(damage)) => verified.damage.push(damage),
                Err(error) => return Err(error),
            }
        }
        Ok(verified)
    }

    /// Shows every record from `from` on, until `each` breaks off. Holes are passed over: the positions show them.
    ///
    /// # Errors
    /// At the first damage, after what lies before it was shown.
    pub fn dump(&self, from: Position, each: &mut dyn FnMut(&Dumped<'_>) -> ControlFlow<()>) -> Result<(), StoreError> {
        let first = self.layout.segments.range(..=from).next_back().map_or(from, |(position, _)| *position);
        let mut is_over = false;
        for header in self.layout.segments.range(first..).map(|(_, header)| header) {
            let end = self.walk(header, &mut |cursor, found| {
                if found.header.position < from {
                    return ControlFlow::Continue(());
                }
                let flow = each(&Dumped {
                    file: cursor.name(),
                    offset: found.offset,
                    position: found.header.position,
                    epoch: found.header.epoch,
                    evidence: found.header.evidence,
                    content_hash: found.header.content,
                    hash: found.hash,
                    content: cursor.content(found),
                });
                is_over = flow.is_break();
                flow
            })?;
            if is_over {
                return Ok(());
            }
            if let Some(misfit) = self.misfit(header, &end) {
                return Err(misfit.into());
            }
        }
        Ok(())
    }

    /// Reads a segment through. Only the newest may end in a torn batch.
    pub(crate) fn walk(
        &self,
        header: &FileHeader,
        each: &mut dyn FnMut(&Cursor, &Found) -> ControlFlow<()>,
    ) -> Result<SegmentEnd, StoreError> {
        let name = file_name(header.position, Kind::Segment);
        let file = self.storage.open(&name).map_err(StoreError::io("open", &name))?;
        let len = file.len().map_err(StoreError::io("measure", &name))?;
        let mut cursor = Cursor::at_start(file.clone(), &name, header, len);
        let mut records = Vec::new();
        let mut torn = None;
        loop {
            match cursor.next_batch(&mut records) {
                Ok(()) if records.iter().try_for_each(|found| each(&cursor, found)).is_break() => break,
                Ok(()) => {}
                Err(Stop::End) => break,
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Broken(broken)) => {
                    let is_torn =
                        self.is_newest(header) && tail::is_torn(&*file, len, &broken).map_err(StoreError::io("read", &name))?;
                    let Broken { damage, batch_offset, .. } = *broken;
                    if !is_torn {
                        return Err(damage.into());
                    }
                    torn = Some(Torn { bytes: len - batch_offset, at: damage });
                    break;
                }
            }
        }
        Ok(SegmentEnd { place: cursor.place(), offset: cursor.offset(), torn })
    }

    fn is_newest(&self, header: &FileHeader) -> bool {
        self.layout.segments.last_key_value().is_some_and(|(last, _)| *last == header.position)
    }

    /// What is wrong if the next segment, or the hole before it, does not begin where this segment ends.
    pub(crate) fn misfit(&self, header: &FileHeader, end: &SegmentEnd) -> Option<Damage> {
        let next = self.layout.segments.range(header.position.plus(1)..).next().map(|(_, next)| next.place())?;
        let is_hole = self.layout.removals.iter().any(|hole| hole.before == end.place && hole.after == next);
        if next == end.place || is_hole {
            return None;
        }
        Some(Damage {
            file: file_name(header.position, Kind::Segment),
            offset: end.offset,
            position: Some(end.place.position),
            found: format!("the end of the segment after the record with hash {}", end.place.previous),
            expected: format!("records up to {}, the last with hash {}", next.position, next.previous),
        })
    }

    fn check_snapshot(
        &self,
        position: Position,
        place: Option<&Place>,
        verified: &Verified,
        meter: &mut Meter<'_>,
    ) -> Result<(), StoreError> {
        let name = file_name(position, Kind::Snapshot);
        let (header, _) = sealed::open(&*self.storage, Kind::Snapshot, &name)?;
        meter.add(&name, header.extent);
        let damage = |offset, found, expected| Damage { file: name.clone(), offset, position: None, found, expected };
        if (header.id, header.position) != (self.id, position) {
            let found = format!("a snapshot of journal {} at record {}", header.id, header.position);
            return Err(damage(16, found, format!("one of journal {} at record {position}", self.id)).into());
        }
        if position > verified.tip.position && verified.damage.is_empty() {
            let found = format!("a snapshot at record {position}");
            return Err(damage(32, found, format!("none beyond the end of the log at {}", verified.tip.position)).into());
        }
        if place.is_some_and(|place| *place != header.place()) {
            let found = format!("a snapshot after the record with hash {}", header.previous);
            let expected = place.map_or(String::new(), |place| place.previous.to_string());
            return Err(damage(64, found, expected).into());
        }
        Ok(())
    }

    pub(crate) fn meter<'a>(&self, progress: OnProgress<'a>) -> Result<Meter<'a>, StoreError> {
        let mut bytes_total = 0;
        let segments = self.layout.segments.keys().map(|position| file_name(*position, Kind::Segment));
        let snapshots = self.layout.snapshots.iter().map(|position| file_name(*position, Kind::Snapshot));
        let removals = self.layout.removals.first().map(|_| removals::NAME.to_owned());
        for name in segments.chain(snapshots).chain(removals) {
            let file = self.storage.open(&name).map_err(StoreError::io("open", &name))?;
            bytes_total += file.len().map_err(StoreError::io("measure", &name))?;
        }
        Ok(Meter { progress, bytes_total, bytes_done: 0, shown: None })
    }
}

/// Tells of progress, but not too often.
pub(crate) struct Meter<'a> {
    progress: OnProgress<'a>,
    bytes_total: u64,
    bytes_done: u64,
    /// What was told last.
    shown: Option<(String, u64)>,
}

impl Meter<'_> {
    const STEP_BYTES: u64 = 4 << 20;

    pub fn add(&mut self, file: &str, bytes: u64) {
        self.bytes_done += bytes;
        let is_news = self.shown.as_ref().is_none_or(|(shown, at)| shown != file || at + Self::STEP_BYTES <= self.bytes_done);
        if is_news {
            self.shown = Some((file.to_owned(), self.bytes_done));
            // A journal in use may have grown meanwhile.
            let bytes_done = self.bytes_done.min(self.bytes_total);
            (self.progress)(Progress { file, bytes_done, bytes_total: self.bytes_total });
        }
    }
}
