//! What a broken batch in the newest segment means: a write that never ended, or damage.
//!
//! A batch is acknowledged only after its bytes were synced, and the next one is written only after that. So a *torn* batch
//! is the last thing in the newest segment, and some of its sectors never reached the disk: the file ends inside it, or a
//! sector of it reads as zeros. A batch that is there in full length, each sector written, and still wrong was altered later:
//! that is *damage*, and it may have been acknowledged. What cannot be told apart counts as damage.
//! `docs/journal-format.md` says more.

use crate::cursor::{Broken, How};
use crate::record::{ALIGNMENT, HEADER_BYTES, Header, u64_at};
use crate::storage::File;
use crate::values::Position;
use std::io;

/// What disks write whole or not at all: 512 bytes.
pub(crate) const SECTOR_BYTES: u64 = 512;

/// How much is searched at once.
const CHUNK_BYTES: u64 = 1 << 20;

/// Whether the broken batch at the end of the newest segment, a file of `len` bytes, may be cut away.
pub(crate) fn is_torn(file: &dyn File, len: u64, broken: &Broken) -> io::Result<bool> {
    let have = len - broken.batch_offset;
    match broken.batch_bytes {
        // Something was written behind it, so it had been synced.
        Some(bytes) if have > bytes => return Ok(false),
        Some(bytes) if have < bytes => return Ok(true),
        Some(_) => {}
        None if have < HEADER_BYTES as u64 => return Ok(true),
        None => {
            if is_followed(file, len, broken)? {
                return Ok(false);
            }
        }
    }
    match &broken.how {
        How::Short => Ok(true),
        How::Misplaced => Ok(false),
        How::Altered(range) => has_empty_sector(file, broken.batch_offset, range.start, range.end),
    }
}

/// Whether one of the sectors of the record from `start` to `end` is empty, as far as it belongs to the batch.
fn has_empty_sector(file: &dyn File, batch_offset: u64, start: u64, end: u64) -> io::Result<bool> {
    let mut sector = start - start % SECTOR_BYTES;
    let mut bytes = [0; SECTOR_BYTES as usize];
    while sector < end {
        let from = sector.max(batch_offset);
        let to = (sector + SECTOR_BYTES).min(end);
        let part = &mut bytes[..usize::try_from(to - from).expect("at most a sector")];
        file.read_at(part, from)?;
        if part.iter().all(|byte| *byte == 0) {
            return Ok(true);
        }
        sector += SECTOR_BYTES;
    }
    Ok(false)
}

/// Whether a record of a later batch stands somewhere behind the beginning of the broken one.
fn is_followed(file: &dyn File, len: u64, broken: &Broken) -> io::Result<bool> {
    let mut chunk = Vec::new();
    let mut start = broken.batch_offset;
    while len - start >= HEADER_BYTES as u64 {
        let take = usize::try_from((len - start).min(CHUNK_BYTES)).expect("a chunk fits into memory");
        chunk.resize(take, 0);
        file.read_at(&mut chunk, start)?;
        let last = take - HEADER_BYTES;
        if (0..=last).step_by(ALIGNMENT).any(|at| begins_later(&chunk[at..at + HEADER_BYTES], broken.batch_position)) {
            return Ok(true);
        }
        // The next chunk begins at the first place that this one could not try.
        start += (last - last % ALIGNMENT + ALIGNMENT) as u64;
    }
    Ok(false)
}

/// Whether these bytes are the header of a record of a later batch.
fn begins_later(bytes: &[u8], position: Position) -> bool {
    // Cheap things first: nearly every place fails here.
    if u64_at(bytes, 24) <= position.get() || u64_at(bytes, 40) != 0 {
        return false;
    }
    let bytes = bytes.try_into().expect("as many bytes as a header has");
    Header::decode(bytes).is_ok_and(|header| header.batch_start() > position)
}

#[cfg(test)]
#[path = "tail_tests.rs"]
mod tests;
