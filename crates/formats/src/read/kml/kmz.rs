//! The main document of a KMZ file: as much of the ZIP format as it takes. Does not know KML.
//!
//! The main document is the first `.kml` that is in no folder. Stored and deflated files are read; the checksum is
//! compared at the end. From the format's published note (APPNOTE.TXT 6.3, sections 4.3 to 4.5).

use std::io::{self, BufRead, BufReader, Read};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::super::problems::Fatal;

/// No KMZ file is larger, bytes: it is held whole, because its directory is at its end.
pub const KMZ_MAX: usize = 256 * 1024 * 1024;
/// No document in it is larger once unpacked, bytes.
const DOCUMENT_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// Where a file in the archive is.
struct Entry {
    method: u16,
    crc: u32,
    packed_len: usize,
    header_at: usize,
}

fn damaged(what: &str) -> Fatal {
    Fatal::new(1, "", format!("a KMZ file that is damaged ({what})"), "a sound KMZ file: fetch or pack it again")
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(len)?)?;
    Some(digits.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

fn size(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    number(bytes, at, len).and_then(|number| usize::try_from(number).ok())
}

/// Where the directory starts, and how many entries it has.
fn directory(archive: &[u8]) -> Option<(usize, usize)> {
    // The record at the end is 22 bytes and a comment of at most 65,535.
    let last = archive.len().checked_sub(22)?;
    let first = last.saturating_sub(65_535);
    let at = (first..=last).rev().find(|at| archive[*at..].starts_with(b"PK\x05\x06"))?;
    Some((size(archive, at + 16, 4)?, size(archive, at + 10, 2)?))
}

/// The main document in the directory.
fn main_document(archive: &[u8]) -> Result<Entry, Fatal> {
    let (mut at, count) = directory(archive).ok_or_else(|| damaged("no directory: it breaks off"))?;
    if at == 0xffff_ffff || count == 0xffff {
        return Err(Fatal::new(1, "", "a KMZ file in the ZIP64 form", "a plain one: pack it again, or unpack it to KML"));
    }
    for _ in 0..count {
        let entry = || {
            archive.get(at..)?.starts_with(b"PK\x01\x02").then_some(())?;
            let [name_len, extra_len, comment_len] = [28, 30, 32].map(|offset| size(archive, at + offset, 2));
            let name = archive.get(at + 46..at + 46 + name_len?)?;
            let entry = Entry {
                method: u16::try_from(size(archive, at + 10, 2)?).ok()?,
                crc: u32::try_from(number(archive, at + 16, 4)?).ok()?,
                packed_len: size(archive, at + 20, 4)?,
                header_at: size(archive, at + 42, 4)?,
            };
            let flags = size(archive, at + 8, 2)?;
            Some((name, entry, flags, at + 46 + name_len? + extra_len? + comment_len?))
        };
        let (name, entry, flags, next) = entry().ok_or_else(|| damaged("its directory"))?;
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        if name.ends_with(".kml") && !name.contains('/') {
            if flags & 1 != 0 {
                return Err(Fatal::new(1, "", "a KMZ file that is encrypted", "one that is not"));
            }
            return Ok(entry);
        }
        at = next;
    }
    Err(Fatal::new(1, "", "a KMZ file without a document", "a `.kml` in it that is in no folder"))
}

/// Unpacks and compares the checksum at the end.
struct Checked<R> {
    inner: R,
    crc: Crc,
    expected: u32,
    unpacked: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.crc.update(&buffer[..read]);
        if read == 0 && !buffer.is_empty() && self.crc.sum() != self.expected {
            return Err(io::Error::other("the checksum of the document differs"));
        }
        self.unpacked += read as u64;
        if self.unpacked > DOCUMENT_MAX {
            return Err(io::Error::other("a document that is too large once unpacked"));
        }
        Ok(read)
    }
}

/// The main document of an archive, unpacked as it is read.
///
/// # Errors
/// The archive is damaged, or has no document.
pub fn document(archive: &[u8]) -> Result<impl BufRead + '_, Fatal> {
    let entry = main_document(archive)?;
    let data = || {
        archive.get(entry.header_at..)?.starts_with(b"PK\x03\x04").then_some(())?;
        let [name_len, extra_len] = [26, 28].map(|offset| size(archive, entry.header_at + offset, 2));
        let start = entry.header_at + 30 + name_len? + extra_len?;
        archive.get(start..start.checked_add(entry.packed_len)?)
    };
    let data = data().ok_or_else(|| damaged("a file in it"))?;
    let unpacked: Box<dyn Read + '_> = match entry.method {
        0 => Box::new(data),
        8 => Box::new(DeflateDecoder::new(data)),
        other => {
            let found = format!("a KMZ file packed in a rare way (method {other})");
            return Err(Fatal::new(1, "", found, "one packed with deflate"));
        }
    };
    Ok(BufReader::new(Checked { inner: unpacked, crc: Crc::new(), expected: entry.crc, unpacked: 0 }))
}

#[cfg(test)]
#[path = "kmz_tests.rs"]
mod tests;
