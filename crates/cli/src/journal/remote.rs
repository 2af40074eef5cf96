//! The log of a running service as a directory that is only read, part by part over HTTP.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use deconflict_journal::{File, Lock, Storage};

use crate::client::Client;

const LIST: &str = "/aux/v1/pool/journal";
/// So much is asked for at once, bytes: as much as the service gives.
const PART_BYTES: u64 = 4 << 20;

/// The files that there were when the copy began.
pub struct Remote {
    client: Client,
    files: Vec<(String, u64)>,
}

impl Remote {
    /// Asks a service for its files.
    ///
    /// # Errors
    /// What the service says.
    pub fn open(client: Client) -> Result<Self, String> {
        let answer = client.get(LIST)?;
        let files = answer["files"].as_array().into_iter().flatten();
        let files = files.filter_map(|file| Some((file["name"].as_str()?.to_owned(), file["bytes"].as_u64()?))).collect();
        Ok(Self { client, files })
    }
}

fn read_only<T>() -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "the log of another service is only read"))
}

impl Storage for Remote {
    fn lock(&self) -> io::Result<Lock> {
        read_only()
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.files.iter().map(|(name, _)| name.clone()).collect())
    }

    fn create(&self, _: &str) -> io::Result<Arc<dyn File>> {
        read_only()
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn File>> {
        let (name, bytes) = self.files.iter().find(|(there, _)| there == name).ok_or(io::ErrorKind::NotFound)?;
        let path = format!("{LIST}/{name}");
        Ok(Arc::new(RemoteFile { client: self.client.clone(), path, bytes: *bytes, part: Mutex::default() }))
    }

    fn rename(&self, _: &str, _: &str) -> io::Result<()> {
        read_only()
    }

    fn remove(&self, _: &str) -> io::Result<()> {
        read_only()
    }

    fn sync_directory(&self) -> io::Result<()> {
        read_only()
    }
}

struct RemoteFile {
    client: Client,
    path: String,
    /// What is written behind this since then is not asked for.
    bytes: u64,
    /// The part that was asked for last, and where it begins: a file is read on from where it was read before.
    part: Mutex<(u64, Vec<u8>)>,
}

impl File for RemoteFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let end = offset + buffer.len() as u64;
        if end > self.bytes {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut part = self.part.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = 0;
        while done < buffer.len() {
            let at = offset + done as u64;
            let there = at
                .checked_sub(part.0)
                .and_then(|from| part.1.get(usize::try_from(from).ok()?..))
                .filter(|there| !there.is_empty());
            let Some(there) = there else {
                let last = (at + PART_BYTES).min(self.bytes) - 1;
                *part = (at, self.client.part(&self.path, at, last).map_err(io::Error::other)?);
                continue;
            };
            let count = there.len().min(buffer.len() - done);
            buffer[done..done + count].copy_from_slice(&there[..count]);
            done += count;
        }
        Ok(())
    }

    fn write_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        read_only()
    }

    fn set_len(&self, _: u64) -> io::Result<()> {
        read_only()
    }

    fn sync_data(&self) -> io::Result<()> {
        read_only()
    }
}
