//! What can go wrong, by what the caller does next. Messages say where, what was found and what was expected.
//!
//! No message repeats that of its source; whoever prints them prints the chain.

use crate::values::Position;
use std::fmt;
use std::io;
use thiserror::Error;

/// Stored bytes that are not as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: String,
    /// The byte in it, from 0, where the damaged thing begins.
    pub offset: u64,
    /// The record that should stand there, if it is known.
    pub position: Option<Position>,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub expected: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { file, offset, position, found, expected } = self;
        write!(f, "damaged journal: `{file}`, byte {offset}")?;
        if let Some(position) = position {
            write!(f, ", record {position}")?;
        }
        write!(f, ": found {found}; expected {expected}")
    }
}

impl std::error::Error for Damage {}

/// What can happen to anyone who reads or writes the files of a journal.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("cannot {doing} `{file}`")]
    Io {
        /// What was tried, as a verb.
        doing: &'static str,
        /// With what file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// The bytes are there, and they are not what was written.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// Written by a newer program.
    #[error("`{file}` has format version {found}; this program reads version {expected}")]
    Unsupported {
        /// The file.
        file: String,
        /// Its version.
        found: u32,
        /// The version that this program reads.
        expected: u32,
    },
}

impl StoreError {
    /// For `map_err`: what was tried, with what file.
    pub(crate) fn io(doing: &'static str, file: &str) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { doing, file: file.to_owned(), source }
    }

    /// Whether there was no room.
    pub(crate) fn is_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if is_full(source))
    }
}

/// Whether the system says that there is no room: the disk or a quota is used up.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Why a journal was not opened or created.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process works with it.
    #[error("the data directory is in use by {by}; one process at a time can write a journal")]
    Locked {
        /// Who, as far as it is known.
        by: String,
    },
    /// There is none.
    #[error("the data directory holds no journal")]
    Missing,
    /// There is one, or a part of one.
    #[error("the data directory already holds `{file}`; a new journal needs an empty one")]
    Exists {
        /// A file that is there.
        file: String,
    },
    /// Working in a backup would spoil it.
    #[error("the directory is a backup (it holds `{file}`); restore it into an empty directory and open that")]
    Backup {
        /// The file that says so.
        file: String,
    },
    /// It cannot be read, or not be trusted.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Damage> for OpenError {
    fn from(damage: Damage) -> Self {
        Self::Store(damage.into())
    }
}

/// Why nobody can say "appended". The kinds differ in what is known, and in what the caller does next.
#[derive(Debug, Error)]
pub enum AppendError {
    /// Nothing was appended, for want of room. Reading goes on; the same call works when there is room again.
    #[error("the batch was not stored: there is no room on the disk")]
    Full(#[source] Source),
    /// Nothing was appended. Call [`Log::recover`](crate::Log::recover), then append again.
    #[error("the batch was not stored")]
    NotAppended(#[source] Source),
    /// The batch may or may not be there. Call [`Log::recover`](crate::Log::recover), then append the same batch at the same
    /// position again; until then nobody may be told that it was stored.
    #[error("it is not known whether the batch was stored")]
    Ambiguous(#[source] Source),
    /// Nothing was appended, because an earlier append failed. Call [`Log::recover`](crate::Log::recover) first.
    #[error("the log failed earlier and must be recovered before anything is appended")]
    MustRecover,
}

/// Why a record was not read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// It was removed when a snapshot made it dispensable.
    #[error("record {position} was removed; the log goes on at record {resumes_at}")]
    Removed {
        /// The record asked for.
        position: Position,
        /// The next one that is there.
        resumes_at: Position,
    },
    /// It was never there.
    #[error("record {position} is beyond the end of the log at {end}")]
    BeyondEnd {
        /// The record asked for.
        position: Position,
        /// Where the log ends.
        end: Position,
    },
    /// It is not what was written; nothing after it can be trusted either.
    #[error(transparent)]
    Damaged(Damage),
    /// It cannot be read now.
    #[error("the log cannot be read")]
    Unavailable(#[source] Source),
}

/// Whatever a log of another kind has to say about its failures.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Damaged(damage) => Self::Damaged(damage),
            other => Self::Unavailable(other.into()),
        }
    }
}

impl From<Damage> for ReadError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

/// An error with all its causes, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
