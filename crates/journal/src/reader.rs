//! Reading records in order, from any position to the durable end, and following it.
//!
//! Every record is checked against its header, its header against the chain, and every segment against the one before it;
//! what does not agree is an error and never left out.

use crate::cursor::{Cursor, Found, Stop};
use crate::error::{Damage, ReadError, StoreError};
use crate::header::{FileHeader, Kind};
use crate::journal::{Index, Journal};
use crate::layout::file_name;
use crate::log::Record;
use crate::removals::Removal;
use crate::values::Position;

/// How many places are remembered for those who read bit by bit.
const PARKED_MAX: usize = 8;

/// Reads a journal record by record. At the end it says `None`, and goes on when the log has grown.
pub struct Reader<'a> {
    journal: &'a Journal,
    at: Parked,
}

/// A place between two records, with what is needed to go on from there.
pub(crate) struct Parked {
    segment: Position,
    cursor: Cursor,
    /// The batch that was read last, and how many records of it are passed.
    records: Vec<Found>,
    passed: usize,
}

impl Journal {
    /// A reader that begins with the record `from`.
    ///
    /// # Errors
    /// If that record is not there and is not the next to come, or if what lies before it in its segment is damaged.
    pub fn reader(&self, from: Position) -> Result<Reader<'_>, ReadError> {
        let at = Parked::find(self, from)?;
        Ok(Reader { journal: self, at })
    }

    /// `Log::read`, which goes on where the same reader stopped without searching again.
    pub(crate) fn read_parked(&self, from: Position, max_bytes: usize) -> Result<Vec<Record>, ReadError> {
        let parked = {
            let mut parked = self.parked.lock().expect("nobody panics while holding it");
            let index = parked.iter().position(|at| at.position() == from);
            index.map(|index| parked.swap_remove(index))
        };
        let at = parked.map_or_else(|| Parked::find(self, from), Ok)?;
        let mut reader = Reader { journal: self, at };
        let mut records = Vec::new();
        let mut bytes = 0;
        loop {
            let next_bytes = match reader.peek() {
                Ok(Some(next_bytes)) => next_bytes,
                Ok(None) => break,
                // First what is good; whoever asks for the next one will hear of it.
                Err(_) if !records.is_empty() => return Ok(records),
                Err(error) => return Err(error),
            };
            bytes += next_bytes;
            if bytes > max_bytes && !records.is_empty() {
                break;
            }
            records.extend(reader.next_record()?);
        }
        let mut parked = self.parked.lock().expect("nobody panics while holding it");
        if parked.len() == PARKED_MAX {
            parked.remove(0);
        }
        parked.push(reader.at);
        Ok(records)
    }
}

impl Reader<'_> {
    /// The position of the next record.
    pub fn position(&self) -> Position {
        self.at.position()
    }

    /// The next record, or `None` at the durable end.
    ///
    /// # Errors
    /// If it is not as it was written, was removed, or cannot be read.
    pub fn next_record(&mut self) -> Result<Option<Record>, ReadError> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        let record = self.at.cursor.record_of(&self.at.records[self.at.passed]);
        self.at.passed += 1;
        Ok(Some(record))
    }

    /// How many bytes the next record's content has, or `None` at the durable end.
    fn peek(&mut self) -> Result<Option<usize>, ReadError> {
        while self.at.passed == self.at.records.len() {
            if !self.at.next_batch(self.journal)? {
                return Ok(None);
            }
        }
        Ok(Some(self.at.records[self.at.passed].header.content_bytes as usize))
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record().transpose()
    }
}

impl Parked {
    fn position(&self) -> Position {
        match self.records.get(self.passed) {
            Some(found) => found.header.position,
            None => self.cursor.place().position,
        }
    }

    /// The place before the record `from`.
    fn find(journal: &Journal, from: Position) -> Result<Self, ReadError> {
        let (header, limit, end, end_offset) = {
            let index = journal.index();
            let end = index.end.position;
            if from > end {
                return Err(ReadError::BeyondEnd { position: from, end });
            }
            let header = index.segment_of(from)?;
            (header, index.limit_of(&header), index.end, index.end_offset)
        };
        if from == end.position {
            let (name, file) = open(journal, &header)?;
            return Ok(Self::new(header.position, Cursor::new(file, &name, end_offset, end_offset, end)));
        }
        let mut at = Self::start(journal, &header, limit)?;
        while at.cursor.place().position <= from {
            if !at.next_batch(journal)? {
                // The end moves only forward, and `from` lies before it.
                return Err(ReadError::BeyondEnd { position: from, end: end.position });
            }
        }
        let passed = at.records.iter().position(|found| found.header.position == from);
        at.passed = passed.expect("the batch reaches from before the record to behind it");
        Ok(at)
    }

    fn new(segment: Position, cursor: Cursor) -> Self {
        Self { segment, cursor, records: Vec::new(), passed: 0 }
    }

    /// The place before the first record of a segment; `limit` is `None` if the whole file may be read.
    fn start(journal: &Journal, header: &FileHeader, limit: Option<u64>) -> Result<Self, ReadError> {
        let (name, file) = open(journal, header)?;
        let stored = FileHeader::read(Kind::Segment, &name, &*file)?;
        if stored != *header {
            let (found, expected) = ("another header than when the journal was opened".to_owned(), "the same".to_owned());
            return Err(Damage { file: name, offset: 0, position: None, found, expected }.into());
        }
        let limit = match limit {
            Some(limit) => limit,
            None => file.len().map_err(StoreError::io("measure", &name))?,
        };
        Ok(Self::new(header.position, Cursor::at_start(file, &name, header, limit)))
    }

    /// Reads the next batch, in the next segment if need be. False at the durable end.
    fn next_batch(&mut self, journal: &Journal) -> Result<bool, ReadError> {
        self.passed = 0;
        loop {
            match self.cursor.next_batch(&mut self.records) {
                Ok(()) => return Ok(true),
                Err(Stop::End) => {}
                Err(Stop::Failed(error)) => return Err(error.into()),
                Err(Stop::Broken(broken)) => return Err(broken.damage.into()),
            }
            let next = {
                let index = journal.index();
                let limit = match index.segments.get(&self.segment) {
                    Some(header) => index.limit_of(header),
                    // Removed while it was read; it is whole, for it was not the last.
                    None => None,
                };
                let limit = match limit {
                    Some(limit) => limit,
                    None => self.cursor.file_len()?,
                };
                if limit > self.cursor.offset() {
                    self.cursor.set_limit(limit);
                    continue;
                }
                if index.segments.last_key_value().is_some_and(|(last, _)| *last == self.segment) {
                    return Ok(false);
                }
                index.segment_after(self.segment, &self.cursor)?
            };
            let limit = journal.index().limit_of(&next);
            *self = Self::start(journal, &next, limit)?;
        }
    }
}

fn open(journal: &Journal, header: &FileHeader) -> Result<(String, std::sync::Arc<dyn crate::storage::File>), ReadError> {
    let name = file_name(header.position, Kind::Segment);
    let file = journal.storage.open(&name).map_err(StoreError::io("open", &name))?;
    Ok((name, file))
}

impl Index {
    /// The segment that the record lies in, or would lie in.
    fn segment_of(&self, position: Position) -> Result<FileHeader, ReadError> {
        let removed = |resumes_at| Err(ReadError::Removed { position, resumes_at });
        if let Some(removal) = self.removals.iter().find(|removal| removal.contains(position)) {
            return removed(removal.after.position);
        }
        match self.segments.range(..=position).next_back() {
            Some((_, header)) => Ok(*header),
            None => removed(*self.segments.keys().next().expect("a journal has a segment")),
        }
    }

    /// How far a segment may be read: the last one as far as it is durable, the others to their ends.
    fn limit_of(&self, header: &FileHeader) -> Option<u64> {
        let is_last = self.segments.last_key_value().is_some_and(|(last, _)| *last == header.position);
        is_last.then_some(self.end_offset)
    }

    /// The segment that begins where the cursor stands, at the end of `segment`.
    fn segment_after(&self, segment: Position, cursor: &Cursor) -> Result<FileHeader, ReadError> {
        let place = cursor.place();
        // One that lost all its records would follow itself.
        let is_next = |header: &&FileHeader| header.position > segment && header.place() == place;
        if let Some(header) = self.segments.get(&place.position).filter(is_next) {
            return Ok(*header);
        }
        // A reader inside a segment that was removed meanwhile comes to its end in the middle of a hole.
        let is_hole = |removal: &&Removal| {
            removal.before == place || (removal.before.position < place.position && removal.contains(place.position))
        };
        if let Some(removal) = self.removals.iter().find(is_hole) {
            return Err(ReadError::Removed { position: place.position, resumes_at: removal.after.position });
        }
        let next = self.segments.range(segment.plus(1)..).next().map(|(_, header)| *header);
        let damage = Damage {
            file: cursor.name().to_owned(),
            offset: cursor.offset(),
            position: Some(place.position),
            found: format!("the end of the segment after the record with hash {}", place.previous),
            expected: match next {
                Some(next) => format!("records up to {}, the last with hash {}", next.position, next.previous),
                None => "more records".to_owned(),
            },
        };
        Err(damage.into())
    }
}
