//! Reading a segment batch by batch, and believing nothing: checksums, hashes, the chain, every length.
//!
//! It says *that* a batch is not whole and why; what that means is for `tail.rs` to say (in the newest segment it may be a
//! write that never ended) or for the reader (anywhere else it is damage). It never allocates more than the file holds.

use crate::error::{Damage, StoreError};
use crate::header::{FILE_HEADER_BYTES, FileHeader};
use crate::log::Record;
use crate::record::{HEADER_BYTES, Header, HeaderFault, PADDING};
use crate::storage::File;
use crate::values::{Hash, Place, Position};
use std::ops::Range;
use std::sync::Arc;

/// How much is read at once, if there is that much.
const READ_AHEAD: u64 = 256 << 10;

/// A place between two batches of a segment.
pub(crate) struct Cursor {
    file: Arc<dyn File>,
    name: String,
    /// How many bytes of the file may be read.
    limit: u64,
    offset: u64,
    place: Place,
    buffer: Vec<u8>,
    buffer_at: u64,
}

/// A record of a batch that was just read.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub header: Header,
    pub hash: Hash,
    /// Where in the file it begins.
    pub offset: u64,
}

/// Why there is no next batch.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The segment ends here, between two batches.
    End,
    /// The file cannot be read.
    Failed(StoreError),
    /// There is something, and it is no whole batch.
    Broken(Box<Broken>),
}

/// A batch that is not whole.
#[derive(Debug)]
pub(crate) struct Broken {
    pub damage: Damage,
    /// Where the batch begins in the file.
    pub batch_offset: u64,
    /// The position of its first record.
    pub batch_position: Position,
    /// How many bytes the batch should have, if its first header says so credibly.
    pub batch_bytes: Option<u64>,
    pub how: How,
}

/// In what way a batch is not whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// The file ends inside.
    Short,
    /// These bytes of the file do not have their checksum or hash.
    Altered(Range<u64>),
    /// All checksums agree, and still it is not what belongs here.
    Misplaced,
}

impl Cursor {
    /// At `place`, which is `offset` bytes into the file; nothing is read beyond `limit`.
    pub fn new(file: Arc<dyn File>, name: &str, offset: u64, limit: u64, place: Place) -> Self {
        Self { file, name: name.to_owned(), limit, offset, place, buffer: Vec::new(), buffer_at: 0 }
    }

    /// Before the first batch of a segment.
    pub fn at_start(file: Arc<dyn File>, name: &str, header: &FileHeader, limit: u64) -> Self {
        Self::new(file, name, FILE_HEADER_BYTES as u64, limit, header.place())
    }

    /// Where the next batch begins in the file.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Where the next batch begins in the log.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How long the file is now.
    pub fn file_len(&self) -> Result<u64, StoreError> {
        self.file.len().map_err(StoreError::io("measure", &self.name))
    }

    /// Lets it read as far as this.
    pub fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// Reads one batch into `records`, replacing what is there, and steps behind it.
    pub fn next_batch(&mut self, records: &mut Vec<Found>) -> Result<(), Stop> {
        records.clear();
        let have = self.limit - self.offset;
        if have == 0 {
            return Err(Stop::End);
        }
        if have < HEADER_BYTES as u64 {
            return Err(self.short(None, have, format!("{HEADER_BYTES} bytes of a record header")));
        }
        self.fill(HEADER_BYTES as u64)?;
        let first = self.header(self.offset, None)?;
        let batch_bytes = u64::from(first.batch_bytes);
        if batch_bytes > have {
            return Err(self.short(Some(batch_bytes), have, format!("{batch_bytes} bytes of a batch")));
        }
        self.fill(batch_bytes)?;
        let end = self.offset + batch_bytes;
        let mut at = self.offset;
        let mut previous = self.place.previous;
        for index in 0..first.batch_count {
            let found = self.record(at, end, index, &first, previous)?;
            at += found.header.stored_bytes() as u64;
            previous = found.hash;
            records.push(found);
        }
        if at != end {
            let (found, expected) = (format!("{} bytes after the batch", end - at), "none".to_owned());
            return Err(self.broken(at, None, Some(batch_bytes), How::Misplaced, found, expected));
        }
        self.offset = end;
        self.place = Place { position: self.place.position.plus(u64::from(first.batch_count)), previous, epoch: first.epoch };
        Ok(())
    }

    /// The content of a record of the batch that was read last.
    pub fn content(&self, found: &Found) -> &[u8] {
        let start = found.offset + HEADER_BYTES as u64;
        self.bytes(start, start + u64::from(found.header.content_bytes))
    }

    /// The record, as others see it.
    pub fn record_of(&self, found: &Found) -> Record {
        let header = &found.header;
        Record {
            position: header.position,
            epoch: header.epoch,
            nonce: header.nonce,
            batch_index: header.batch_index,
            batch_count: header.batch_count,
            evidence: header.evidence,
            hash: found.hash,
            previous: header.previous,
            content: self.content(found).to_vec(),
        }
    }

    /// Reads and checks the record at `at`, number `index` of the batch that begins with `first` and ends at `end`.
    fn record(&self, at: u64, end: u64, index: u32, first: &Header, previous: Hash) -> Result<Found, Stop> {
        let batch_bytes = Some(u64::from(first.batch_bytes));
        let position = self.place.position.plus(u64::from(index));
        let misplaced =
            |found: String, expected: String| Err(self.broken(at, Some(position), batch_bytes, How::Misplaced, found, expected));
        if end - at < HEADER_BYTES as u64 {
            return misplaced(format!("the end of the batch after record {index}"), format!("{} records", first.batch_count));
        }
        let header = self.header(at, batch_bytes)?;
        if header.position != position {
            return misplaced(format!("record {}", header.position), format!("record {position}"));
        }
        if header.previous != previous {
            return misplaced(format!("a record that follows {}", header.previous), format!("one that follows {previous}"));
        }
        let expected = Header { batch_index: index, ..*first };
        let of_batch = |header: &Header| (header.batch_index, header.batch_count, header.batch_bytes, header.epoch, header.nonce);
        if of_batch(&header) != of_batch(&expected) {
            return misplaced(format!("batch data {:?}", of_batch(&header)), format!("{:?}", of_batch(&expected)));
        }
        if header.epoch < self.place.epoch {
            return misplaced(format!("epoch {}", header.epoch), format!("no epoch before {}", self.place.epoch));
        }
        let record_end = at + header.stored_bytes() as u64;
        if record_end > end {
            return misplaced(
                format!("a content of {} bytes", header.content_bytes),
                "one that ends within its batch".to_owned(),
            );
        }
        let content_end = at + HEADER_BYTES as u64 + u64::from(header.content_bytes);
        let altered = |found: String, expected: String| {
            Err(self.broken(at, Some(position), batch_bytes, How::Altered(at..record_end), found, expected))
        };
        let content = Hash::of(self.bytes(at + HEADER_BYTES as u64, content_end));
        if content != header.content {
            return altered(format!("a content with SHA-256 {content}"), header.content.to_string());
        }
        if self.bytes(content_end, record_end).iter().any(|byte| *byte != PADDING) {
            return altered("padding in use".to_owned(), format!("bytes {PADDING:#04x}"));
        }
        Ok(Found { header, hash: Hash::of(self.bytes(at, at + HEADER_BYTES as u64)), offset: at })
    }

    fn header(&self, at: u64, batch_bytes: Option<u64>) -> Result<Header, Stop> {
        let end = at + HEADER_BYTES as u64;
        let bytes = self.bytes(at, end).try_into().expect("as many bytes as a header has");
        Header::decode(bytes).map_err(|fault| match fault {
            HeaderFault::Checksum { stored, computed } => {
                let found = format!("a record header with checksum {stored:08x}");
                let expected = format!("{computed:08x}, the checksum of its bytes");
                self.broken(at, None, batch_bytes, How::Altered(at..end), found, expected)
            }
            HeaderFault::Nonsense(found) => {
                self.broken(at, None, batch_bytes, How::Misplaced, found, "a record header".to_owned())
            }
        })
    }

    fn short(&self, batch_bytes: Option<u64>, have: u64, expected: String) -> Stop {
        let found = format!("the end of the file after {have} bytes");
        self.broken(self.offset, Some(self.place.position), batch_bytes, How::Short, found, expected)
    }

    fn broken(
        &self,
        at: u64,
        position: Option<Position>,
        batch_bytes: Option<u64>,
        how: How,
        found: String,
        expected: String,
    ) -> Stop {
        let position = position.or(if at == self.offset { Some(self.place.position) } else { None });
        let damage = Damage { file: self.name.clone(), offset: at, position, found, expected };
        let (batch_offset, batch_position) = (self.offset, self.place.position);
        Stop::Broken(Box::new(Broken { damage, batch_offset, batch_position, batch_bytes, how }))
    }

    /// Bytes of the file that the buffer holds.
    fn bytes(&self, start: u64, end: u64) -> &[u8] {
        let index = |offset: u64| usize::try_from(offset - self.buffer_at).expect("the buffer is in memory");
        &self.buffer[index(start)..index(end)]
    }

    /// Makes the buffer hold at least `need` bytes from the offset on; the file must have them.
    fn fill(&mut self, need: u64) -> Result<(), Stop> {
        let buffered_end = self.buffer_at + self.buffer.len() as u64;
        if self.buffer_at <= self.offset && self.offset + need <= buffered_end {
            return Ok(());
        }
        let take = need.max(READ_AHEAD).min(self.limit - self.offset);
        let take = usize::try_from(take).expect("a batch fits into memory");
        // Exactly what is needed: a damaged length must not cost more memory than the file has bytes.
        self.buffer.reserve_exact(take.saturating_sub(self.buffer.len()));
        self.buffer.resize(take, 0);
        self.buffer_at = self.offset;
        self.file.read_at(&mut self.buffer, self.offset).map_err(|source| {
            self.buffer.clear();
            Stop::Failed(StoreError::io("read", &self.name)(source))
        })
    }
}

impl Stop {
    /// Where nothing but a whole batch or the end is legal: a broken batch is damage, the end is `None`.
    pub fn or_damage(self) -> Option<StoreError> {
        match self {
            Self::End => None,
            Self::Failed(error) => Some(error),
            Self::Broken(broken) => Some(broken.damage.into()),
        }
    }
}

#[cfg(test)]
#[path = "cursor_tests.rs"]
mod tests;
