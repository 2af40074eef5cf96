//! Copies of a journal, and journals from copies.
//!
//! A backup is a directory with the journal's files and `SHA256SUMS`, which `sha256sum -c` reads. The sums are written last:
//! without them a backup is not complete and will not be restored. A restored journal gets its file names last, the newest
//! segment first: until all have theirs, the journal refuses to open.

use crate::archive::{Archive, Meter, OnProgress};
use crate::error::{Damage, OpenError, StoreError};
use crate::header::Kind;
use crate::journal::Journal;
use crate::layout::{SUMS, file_name};
use crate::removals;
use crate::sealed;
use crate::storage::{File, Lock, Storage};
use crate::values::{Hash, JournalId, Place};
use sha2::{Digest, Sha256};
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use thiserror::Error;

/// Why there is no backup, or no journal from one.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The journal is in use, and a file of it was removed meanwhile. The target is to be emptied; then it can be tried again.
    #[error("`{file}` was removed from the journal while it was copied")]
    Changed {
        /// The file.
        file: String,
    },
    /// Something would be overwritten.
    #[error("the target directory holds `{file}`; it must be empty")]
    NotEmpty {
        /// The file.
        file: String,
    },
    /// The backup was never finished, or is none.
    #[error("the directory holds no `{SUMS}`: it is no backup, or one that was not finished")]
    Incomplete,
    /// Somebody works in the target directory.
    #[error("the target directory is in use by {by}")]
    Locked {
        /// Who, as far as it is known.
        by: String,
    },
    /// The source is no journal.
    #[error(transparent)]
    Source(#[from] OpenError),
    /// Something is damaged, or the system failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Damage> for BackupError {
    fn from(damage: Damage) -> Self {
        Self::Store(damage.into())
    }
}

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The journal's id.
    pub id: JournalId,
    /// The end of the log in the copy.
    pub tip: Place,
    /// How many files.
    pub files: usize,
    /// How many bytes.
    pub bytes: u64,
}

impl Journal {
    /// Copies the journal while it is in use; nothing is removed from it meanwhile. See [`backup`].
    ///
    /// # Errors
    /// As for [`backup`].
    pub fn backup(&self, target: &dyn Storage, progress: OnProgress<'_>) -> Result<Copied, BackupError> {
        let _upkeep = self.upkeep.lock().expect("nobody panics while holding it");
        backup(self.storage.clone(), target, progress)
    }
}

/// Copies a journal into an empty directory, verifying all of it: a state that it was in at one moment during the copy.
///
/// The journal may be in use, by this process or another. Its last batch may be one that nobody was told of yet.
///
/// # Errors
/// If the journal is damaged, the target is not empty, or the system fails. The target is no backup then.
pub fn backup(source: Arc<dyn Storage>, target: &dyn Storage, progress: OnProgress<'_>) -> Result<Copied, BackupError> {
    if let Some(file) = target.list().map_err(StoreError::io("list", "."))?.into_iter().next() {
        return Err(BackupError::NotEmpty { file });
    }
    copy_all(&source, target, progress).map_err(|error| match error {
        BackupError::Store(error) | BackupError::Source(OpenError::Store(error)) => changed_or(error),
        other => other,
    })
}

/// A file that is listed and then not found was removed in between.
fn changed_or(error: StoreError) -> BackupError {
    match error {
        StoreError::Io { doing: "open", file, source } if source.kind() == io::ErrorKind::NotFound => {
            BackupError::Changed { file }
        }
        other => other.into(),
    }
}

fn copy_all(source: &Arc<dyn Storage>, target: &dyn Storage, progress: OnProgress<'_>) -> Result<Copied, BackupError> {
    let archive = Archive::open(source.clone())?;
    let layout = archive.layout();
    let mut meter = archive.meter(progress)?;
    let mut sums = String::new();
    let mut copied = None;
    let mut files = Files { target, sums: &mut sums, count: 0, bytes: 0 };
    for header in layout.segments.values() {
        let end = archive.walk(header, &mut |_, _| ControlFlow::Continue(()))?;
        if let Some(misfit) = archive.misfit(header, &end) {
            return Err(misfit.into());
        }
        files.copy(&**source, &file_name(header.position, Kind::Segment), Some(end.offset), &mut meter)?;
        copied = Some((header.id, end.place));
    }
    let (id, tip) = copied.expect("an archive has a segment");
    // A snapshot that was finished since the segments were listed may be ahead of them.
    for position in layout.snapshots.iter().filter(|position| **position <= tip.position) {
        let name = file_name(*position, Kind::Snapshot);
        sealed::open(&**source, Kind::Snapshot, &name)?;
        files.copy(&**source, &name, None, &mut meter)?;
    }
    if !layout.removals.is_empty() {
        files.copy(&**source, removals::NAME, None, &mut meter)?;
    }
    let copied = Copied { id, tip, files: files.count, bytes: files.bytes };
    let name = sealed::aside(SUMS);
    let file = target.create(&name).map_err(StoreError::io("create", &name))?;
    file.write_at(sums.as_bytes(), 0).map_err(StoreError::io("write", &name))?;
    file.sync_data().map_err(StoreError::io("sync", &name))?;
    sealed::publish(target, SUMS)?;
    Ok(copied)
}

/// The copies of a backup.
struct Files<'a> {
    target: &'a dyn Storage,
    sums: &'a mut String,
    count: usize,
    bytes: u64,
}

impl Files<'_> {
    /// Copies a file, or the beginning of it, durably.
    fn copy(&mut self, source: &dyn Storage, name: &str, end: Option<u64>, meter: &mut Meter<'_>) -> Result<(), StoreError> {
        let from = source.open(name).map_err(StoreError::io("open", name))?;
        let end = match end {
            Some(end) => end,
            None => from.len().map_err(StoreError::io("measure", name))?,
        };
        let sum = copy_file(&*from, end, self.target, name, name, meter)?;
        self.sums.push_str(&format!("{sum}  {name}\n"));
        self.count += 1;
        self.bytes += end;
        Ok(())
    }
}

/// Copies the beginning of a file into a new file, durably, and gives its SHA-256.
fn copy_file(
    from: &dyn File,
    end: u64,
    target: &dyn Storage,
    target_name: &str,
    name: &str,
    meter: &mut Meter<'_>,
) -> Result<Hash, StoreError> {
    let to = target.create(target_name).map_err(StoreError::io("create", target_name))?;
    let mut hasher = Sha256::new();
    let mut offset = 0;
    sealed::copy(from, 0, end, &mut |bytes| {
        hasher.update(bytes);
        to.write_at(bytes, offset)?;
        offset += bytes.len() as u64;
        meter.add(name, bytes.len() as u64);
        Ok(())
    })
    .map_err(StoreError::io("copy", name))?;
    to.sync_data().map_err(StoreError::io("sync", target_name))?;
    Ok(Hash(hasher.finalize().into()))
}

/// Makes a journal from a backup in an empty directory, and verifies all of it.
///
/// # Errors
/// If the backup is incomplete or damaged, the target is not empty or in use, or the system fails. The target holds no journal
/// then.
pub fn restore(backup: &Arc<dyn Storage>, target: &Arc<dyn Storage>, progress: OnProgress<'_>) -> Result<Copied, BackupError> {
    let _lock = match target.lock().map_err(StoreError::io("lock", "."))? {
        Lock::Taken(guard) => guard,
        Lock::HeldBy(by) => return Err(BackupError::Locked { by }),
    };
    let is_rest = |name: &String| name == "lock" || name.ends_with(".tmp");
    if let Some(file) = target.list().map_err(StoreError::io("list", "."))?.into_iter().find(|name| !is_rest(name)) {
        return Err(BackupError::NotEmpty { file });
    }
    let sums = read_sums(&**backup)?;
    let archive = Archive::open(backup.clone())?;
    let mut meter = archive.meter(progress)?;
    let mut bytes = 0;
    for (name, expected) in &sums {
        let from = backup.open(name).map_err(StoreError::io("open", name))?;
        let len = from.len().map_err(StoreError::io("measure", name))?;
        let found = copy_file(&*from, len, &**target, &sealed::aside(name), name, &mut meter)?;
        if found != *expected {
            let (found, expected) = (format!("a file with SHA-256 {found}"), format!("{expected}, as `{SUMS}` says"));
            return Err(Damage { file: name.clone(), offset: 0, position: None, found, expected }.into());
        }
        bytes += len;
    }
    // All of the backup is good before anything gets a name.
    let verified = archive.verify(&mut |_| {})?;
    if let Some(damage) = verified.damage.into_iter().next() {
        return Err(damage.into());
    }
    // The newest segment first: a journal of which some segments are missing refuses to open.
    let (mut segments, others): (Vec<_>, Vec<_>) = sums.iter().map(|(name, _)| name).partition(|name| name.ends_with(".segment"));
    segments.sort();
    for name in segments.into_iter().rev().chain(others) {
        target.rename(&sealed::aside(name), name).map_err(StoreError::io("rename to", name))?;
        target.sync_directory().map_err(StoreError::io("sync the directory with", name))?;
    }
    Ok(Copied { id: verified.id, tip: verified.tip, files: sums.len(), bytes })
}

/// The files of a backup with their hashes.
fn read_sums(backup: &dyn Storage) -> Result<Vec<(String, Hash)>, BackupError> {
    let file = match backup.open(SUMS) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(BackupError::Incomplete),
        other => other.map_err(StoreError::io("open", SUMS))?,
    };
    let len = file.len().map_err(StoreError::io("measure", SUMS))?;
    let mut bytes = Vec::new();
    sealed::copy(&*file, 0, len, &mut |part| {
        bytes.extend_from_slice(part);
        Ok(())
    })
    .map_err(StoreError::io("read", SUMS))?;
    let mut sums = Vec::new();
    let mut offset = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(sum) = parse_sum(line) else {
            let (found, expected) = (format!("\"{}\"", line.escape_ascii()), "a hash, two spaces, a file's name".to_owned());
            return Err(Damage { file: SUMS.to_owned(), offset, position: None, found, expected }.into());
        };
        sums.push(sum);
        offset += line.len() as u64;
    }
    Ok(sums)
}

fn parse_sum(line: &[u8]) -> Option<(String, Hash)> {
    let (sum, name) = std::str::from_utf8(line).ok()?.strip_suffix('\n')?.split_once("  ")?;
    let is_plain = !name.is_empty() && !name.contains(['/', '\\']);
    if sum.len() != 64 || !sum.is_ascii() || !is_plain {
        return None;
    }
    let mut hash = [0; 32];
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&sum[2 * index..2 * index + 2], 16).ok()?;
    }
    Some((name.to_owned(), Hash(hash)))
}
