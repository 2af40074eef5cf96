//! A directory in memory that fails in every way that is asked for: for tests of this crate and of those who build on it.
//!
//! It keeps apart what was written and what is durable, and promises no more than POSIX does: a file's bytes are durable after
//! its `sync_data`, names after `sync_directory`. Faults are planned by the number of the call, so every run can be repeated.
//!
//! It does not simulate time, and no memory that fails.

mod crash;

use crate::storage::{File, Lock, Storage};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};

/// What goes wrong at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The process ends in this call; no later one does anything. [`Faulty::crash`] says what is left.
    Crash,
    /// The call fails. Of a write a part is done. A failed sync drops what was not durable yet: it can still be read, and no
    /// later sync makes it durable.
    Io,
    /// There is no room. Of a write a part is done.
    Full,
    /// A write succeeds, and one bit is not as it was written.
    Flip,
}

/// What is left, after a crash, of what was not durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survives {
    /// Only what was synced.
    Nothing,
    /// Everything.
    Everything,
    /// Of each file the first changes, and a part of the next one; of the names likewise.
    Beginning(u64),
    /// Of each file some sectors and not others; some names and not others.
    Some(u64),
}

/// A directory in memory. Clones are handles of the same one.
#[derive(Clone, Default)]
pub struct Faulty {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<u64, Content>,
    names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    name_changes: Vec<NameChange>,
    files_created: u64,
    calls: u64,
    faults: BTreeMap<u64, Fault>,
    capacity: Option<u64>,
    is_dead: bool,
    is_locked: bool,
    forgets_sync_data: bool,
    forgets_sync_directory: bool,
    random: SplitMix,
}

/// A file: what is read, what is on the disk, and what leads from one to the other.
#[derive(Clone, Default)]
struct Content {
    now: Vec<u8>,
    durable: Vec<u8>,
    changes: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    SetLen(usize),
}

#[derive(Clone)]
enum NameChange {
    Set { name: String, file: u64 },
    Rename { from: String, to: String, file: u64 },
    Remove { name: String },
}

impl Faulty {
    /// An empty directory in which nothing goes wrong.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plans a fault at the call with this number; the first call is number 0.
    pub fn plan(&self, call: u64, fault: Fault) {
        self.state().faults.insert(call, fault);
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.state().calls
    }

    /// Whether the process has ended in a planned crash.
    pub fn is_dead(&self) -> bool {
        self.state().is_dead
    }

    /// How many bytes all files may have together; `None` for as many as one likes.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.state().capacity = bytes;
    }

    /// From now on `sync_data` does nothing and says that it did: to prove that a test would notice.
    pub fn forget_sync_data(&self) {
        self.state().forgets_sync_data = true;
    }

    /// From now on `sync_directory` does nothing and says that it did: to prove that a test would notice.
    pub fn forget_sync_directory(&self) {
        self.state().forgets_sync_directory = true;
    }

    /// The directory as it is found after a crash.
    pub fn crash(&self, survives: Survives) -> Self {
        Self { state: Arc::new(Mutex::new(crash::after(&self.state(), survives))) }
    }

    /// The bytes of a file.
    ///
    /// # Panics
    /// If it is not there.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        let state = self.state();
        state.files[&state.names[name]].now.clone()
    }

    /// Puts a file there, durably, whatever was there before.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        let mut state = self.state();
        let file = state.new_file();
        state.files.insert(file, Content { now: bytes.to_vec(), durable: bytes.to_vec(), changes: Vec::new() });
        state.names.insert(name.to_owned(), file);
        state.durable_names.insert(name.to_owned(), file);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding it")
    }

    /// Counts a call and says what is planned for it.
    fn call(&self) -> io::Result<(MutexGuard<'_, State>, Option<Fault>)> {
        let mut state = self.state();
        if state.is_dead {
            return Err(dead());
        }
        let call = state.calls;
        state.calls += 1;
        let fault = state.faults.remove(&call);
        state.is_dead = fault == Some(Fault::Crash);
        Ok((state, fault))
    }
}

fn dead() -> io::Error {
    io::Error::other("the process has ended (planned crash)")
}

/// The error of a call that does nothing when it fails.
fn refusal(fault: Option<Fault>) -> io::Result<()> {
    match fault {
        Some(Fault::Crash) => Err(dead()),
        Some(Fault::Io) => Err(io::Error::other("planned input/output error")),
        Some(Fault::Full) => Err(io::Error::new(ErrorKind::StorageFull, "planned: no space left")),
        Some(Fault::Flip) | None => Ok(()),
    }
}

/// A change of names is done, if the crash comes at all, before it: what survives is decided later.
fn refusal_of_change(fault: Option<Fault>) -> io::Result<()> {
    if fault == Some(Fault::Crash) { Ok(()) } else { refusal(fault) }
}

impl Storage for Faulty {
    fn lock(&self) -> io::Result<Lock> {
        let (mut state, fault) = self.call()?;
        refusal(fault)?;
        if std::mem::replace(&mut state.is_locked, true) {
            return Ok(Lock::HeldBy("a test".to_owned()));
        }
        Ok(Lock::Taken(Box::new(Guard { of: self.clone() })))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let (state, fault) = self.call()?;
        refusal(fault)?;
        Ok(state.names.keys().cloned().collect())
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn File>> {
        let (mut state, fault) = self.call()?;
        refusal_of_change(fault)?;
        let file = match state.names.get(name) {
            Some(file) => {
                let file = *file;
                state.content(file).change(Change::SetLen(0));
                file
            }
            None => {
                let file = state.new_file();
                state.files.insert(file, Content::default());
                state.change_names(NameChange::Set { name: name.to_owned(), file });
                file
            }
        };
        drop(state);
        refusal(fault)?;
        Ok(Arc::new(Handle { of: self.clone(), file }))
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn File>> {
        let (state, fault) = self.call()?;
        refusal(fault)?;
        let file = *state.names.get(name).ok_or(ErrorKind::NotFound)?;
        drop(state);
        Ok(Arc::new(Handle { of: self.clone(), file }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (mut state, fault) = self.call()?;
        refusal_of_change(fault)?;
        let file = *state.names.get(from).ok_or(ErrorKind::NotFound)?;
        state.change_names(NameChange::Rename { from: from.to_owned(), to: to.to_owned(), file });
        refusal(fault)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let (mut state, fault) = self.call()?;
        refusal_of_change(fault)?;
        if !state.names.contains_key(name) {
            return Err(ErrorKind::NotFound.into());
        }
        state.change_names(NameChange::Remove { name: name.to_owned() });
        refusal(fault)
    }

    fn sync_directory(&self) -> io::Result<()> {
        let (mut state, fault) = self.call()?;
        refusal(fault)?;
        if !state.forgets_sync_directory {
            state.durable_names = state.names.clone();
            state.name_changes.clear();
        }
        Ok(())
    }
}

impl State {
    fn new_file(&mut self) -> u64 {
        self.files_created += 1;
        self.files_created
    }

    fn content(&mut self, file: u64) -> &mut Content {
        self.files.get_mut(&file).expect("a file lives as long as the directory")
    }

    fn change_names(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.name_changes.push(change);
    }

    /// How many bytes there is room for beyond those that a file may overwrite.
    fn room(&self) -> usize {
        let used: usize = self.names.values().map(|file| self.files[file].now.len()).sum();
        let free = self.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(used as u64));
        usize::try_from(free).unwrap_or(usize::MAX)
    }
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<String, u64>) {
        match self {
            Self::Set { name, file } => drop(names.insert(name.clone(), *file)),
            Self::Remove { name } => drop(names.remove(name)),
            Self::Rename { from, to, file } => {
                if names.get(from) == Some(file) {
                    names.remove(from);
                }
                names.insert(to.clone(), *file);
            }
        }
    }
}

impl Content {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.now);
        self.changes.push(change);
    }

    /// Makes everything durable that was not dropped.
    fn sync(&mut self) {
        for change in self.changes.drain(..) {
            change.apply(&mut self.durable);
        }
    }

    /// Drops the bytes that are not durable. The length is kept in another place and is not lost.
    fn drop_changes(&mut self) {
        self.changes.clear();
        self.changes.push(Change::SetLen(self.now.len()));
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::SetLen(len) => bytes.resize(*len, 0),
            Self::Write { offset, bytes: new } => {
                let end = offset + new.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*offset..end].copy_from_slice(new);
            }
        }
    }
}

struct Guard {
    of: Faulty,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.of.state().is_locked = false;
    }
}

/// An open file.
struct Handle {
    of: Faulty,
    file: u64,
}

impl File for Handle {
    fn len(&self) -> io::Result<u64> {
        let (mut state, fault) = self.of.call()?;
        refusal(fault)?;
        Ok(state.content(self.file).now.len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let (mut state, fault) = self.of.call()?;
        refusal(fault)?;
        let now = &state.content(self.file).now;
        let start = usize::try_from(offset).expect("files in memory are short");
        let bytes = now.get(start..start + buffer.len()).ok_or(ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let (mut state, fault) = self.of.call()?;
        let offset = usize::try_from(offset).expect("files in memory are short");
        let overwritten = state.content(self.file).now.len().saturating_sub(offset);
        let mut take = bytes.len().min(overwritten.saturating_add(state.room()));
        let mut result = refusal(fault);
        if matches!(fault, Some(Fault::Io | Fault::Full)) {
            take = take.min(state.random.below(bytes.len() + 1));
        } else if take < bytes.len() && result.is_ok() {
            result = Err(io::Error::new(ErrorKind::StorageFull, "no space left: the capacity is used up"));
        }
        let mut written = bytes[..take].to_vec();
        if fault == Some(Fault::Flip) && take > 0 {
            written[state.random.below(take)] ^= 1 << state.random.below(8);
        }
        state.content(self.file).change(Change::Write { offset, bytes: written });
        result
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let (mut state, fault) = self.of.call()?;
        refusal_of_change(fault)?;
        let len = usize::try_from(len).expect("files in memory are short");
        state.content(self.file).change(Change::SetLen(len));
        refusal(fault)
    }

    fn sync_data(&self) -> io::Result<()> {
        let (mut state, fault) = self.of.call()?;
        if matches!(fault, Some(Fault::Io | Fault::Full)) {
            state.content(self.file).drop_changes();
        }
        refusal(fault)?;
        if !state.forgets_sync_data {
            state.content(self.file).sync();
        }
        Ok(())
    }
}

/// A small generator of repeatable random numbers (SplitMix64).
#[derive(Clone, Debug, Default)]
pub struct SplitMix(pub u64);

impl SplitMix {
    /// The next number, any of 2⁶⁴.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// The next number below `bound`; 0 if there is none.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound.max(1) as u64;
        usize::try_from(self.next_u64() % bound).expect("it is below a usize")
    }
}
