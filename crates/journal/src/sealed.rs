//! Files that are written once, as a whole: snapshots, and the list of what was removed.
//!
//! They are written aside, synced, renamed, and the directory is synced. So a file with its final name is complete, or it was
//! damaged later; its header holds the hash that tells.

use crate::error::{Damage, StoreError};
use crate::header::{FILE_HEADER_BYTES, FileHeader, Kind};
use crate::storage::{File, Storage};
use crate::values::Hash;
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::sync::Arc;

/// What a file is called until it is complete.
pub(crate) fn aside(name: &str) -> String {
    format!("{name}.tmp")
}

/// Bytes that are collected before they are written, or read at once.
const BUFFER_BYTES: usize = 256 << 10;

/// Writes the file `name` durably: `header`, in which length and hash are filled in here, and what `content` writes.
pub(crate) fn write(
    storage: &dyn Storage,
    name: &str,
    header: FileHeader,
    content: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<FileHeader, StoreError> {
    let written = write_aside(storage, &aside(name), header, content);
    if written.is_err() {
        // It may have failed for want of room; what is left of it goes with the next opening at the latest.
        let _ = storage.remove(&aside(name));
    }
    let header = written?;
    publish(storage, name)?;
    Ok(header)
}

fn write_aside(
    storage: &dyn Storage,
    temporary: &str,
    mut header: FileHeader,
    content: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<FileHeader, StoreError> {
    let file = storage.create(temporary).map_err(StoreError::io("create", temporary))?;
    let mut sink = Sink { file: &*file, hasher: Sha256::new(), buffer: Vec::new(), written: 0 };
    content(&mut sink).and_then(|()| sink.flush()).map_err(StoreError::io("write", temporary))?;
    header.extent = sink.written;
    header.content = Hash(sink.hasher.finalize().into());
    file.write_at(&header.encode(), 0).map_err(StoreError::io("write", temporary))?;
    file.sync_data().map_err(StoreError::io("sync", temporary))?;
    Ok(header)
}

/// Gives a file that was written aside its name, durably.
pub(crate) fn publish(storage: &dyn Storage, name: &str) -> Result<(), StoreError> {
    storage.rename(&aside(name), name).map_err(StoreError::io("rename to", name))?;
    storage.sync_directory().map_err(StoreError::io("sync the directory with", name))
}

/// Opens a file and reads all of it once, to be sure that it is as it was written.
pub(crate) fn open(storage: &dyn Storage, kind: Kind, name: &str) -> Result<(FileHeader, Arc<dyn File>), StoreError> {
    let file = storage.open(name).map_err(StoreError::io("open", name))?;
    let header = FileHeader::read(kind, name, &*file)?;
    let len = file.len().map_err(StoreError::io("measure", name))?;
    let damage = |offset, found, expected| Damage { file: name.to_owned(), offset, position: None, found, expected };
    let content_bytes = len - FILE_HEADER_BYTES as u64;
    if content_bytes != header.extent {
        let found = format!("{content_bytes} bytes after the header");
        return Err(damage(len, found, format!("{} bytes", header.extent)).into());
    }
    let mut hasher = Sha256::new();
    copy(&*file, FILE_HEADER_BYTES as u64, len, &mut |bytes| {
        hasher.update(bytes);
        Ok(())
    })
    .map_err(StoreError::io("read", name))?;
    let content = Hash(hasher.finalize().into());
    if content != header.content {
        let found = format!("a content with SHA-256 {content}");
        return Err(damage(FILE_HEADER_BYTES as u64, found, header.content.to_string()).into());
    }
    Ok((header, file))
}

/// Hands the bytes from `start` to `end` on, piece by piece.
pub(crate) fn copy(file: &dyn File, start: u64, end: u64, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; usize::try_from((end - start).min(BUFFER_BYTES as u64)).expect("at most a buffer")];
    let mut offset = start;
    while offset < end {
        let part = usize::try_from((end - offset).min(BUFFER_BYTES as u64)).expect("at most a buffer");
        file.read_at(&mut buffer[..part], offset)?;
        take(&buffer[..part])?;
        offset += part as u64;
    }
    Ok(())
}

/// Takes the content of a new file.
struct Sink<'a> {
    file: &'a dyn File,
    hasher: Sha256,
    buffer: Vec<u8>,
    /// Bytes that went to the file.
    written: u64,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hasher.update(&self.buffer);
        self.file.write_at(&self.buffer, FILE_HEADER_BYTES as u64 + self.written)?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}
