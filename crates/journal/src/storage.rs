//! The seam to the disk: the few things that a journal needs of a directory and of the files in it.
//!
//! [`Disk`](crate::Disk) is the real one, [`Faulty`](crate::faulty::Faulty) one that fails in every way. The names have no
//! folders in them. The promises are those of POSIX and no more: bytes are durable after `sync_data` of their file, names
//! after `sync_directory`.

use std::io;
use std::sync::Arc;

/// One directory.
pub trait Storage: Send + Sync {
    /// Takes the lock of the directory, or says who has it. It is released when the guard is dropped or the process ends.
    ///
    /// # Errors
    /// If the system fails.
    fn lock(&self) -> io::Result<Lock>;

    /// The names of all files, in no order.
    ///
    /// # Errors
    /// If the system fails.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Creates an empty file for reading and writing; one that is there is emptied.
    ///
    /// # Errors
    /// If the system fails.
    fn create(&self, name: &str) -> io::Result<Arc<dyn File>>;

    /// Opens a file that is there for reading and, if the directory allows it, for writing.
    ///
    /// # Errors
    /// `NotFound` if it is not there.
    fn open(&self, name: &str) -> io::Result<Arc<dyn File>>;

    /// Gives a file another name; a file that has the name is replaced in one step.
    ///
    /// # Errors
    /// If the system fails.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// `NotFound` if it is not there.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes the names durable: what was created, renamed and removed before.
    ///
    /// # Errors
    /// If the system fails.
    fn sync_directory(&self) -> io::Result<()>;
}

/// One file. Nothing is durable before it was synced.
pub trait File: Send + Sync {
    /// Its length in bytes.
    ///
    /// # Errors
    /// If the system fails.
    fn len(&self) -> io::Result<u64>;

    /// Whether it has no bytes.
    ///
    /// # Errors
    /// If the system fails.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Fills `buffer` from `offset` on.
    ///
    /// # Errors
    /// `UnexpectedEof` if the file ends before.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;

    /// Writes all of `bytes` from `offset` on. After an error some of them may be there.
    ///
    /// # Errors
    /// `StorageFull` if there is no room.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Cuts the file, or lengthens it with zeros.
    ///
    /// # Errors
    /// If the system fails.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Makes the bytes and the length durable (fdatasync). After an error nobody knows what is: not even a later call that
    /// succeeds says that the earlier bytes are.
    ///
    /// # Errors
    /// If the system fails.
    fn sync_data(&self) -> io::Result<()>;
}

/// Whether the lock was to be had.
pub enum Lock {
    /// It is ours as long as this lives.
    Taken(Box<dyn Send + Sync>),
    /// Somebody else has it.
    HeldBy(String),
}
