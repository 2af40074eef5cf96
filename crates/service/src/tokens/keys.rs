//! Whose signatures count: public keys in PEM files, and sets of keys (JWKS) in files or behind URLs.

use std::path::Path;
use std::time::Duration;

use thiserror::Error;

/// The public keys of the authorities that the operator trusts. Every one of them may speak for every subject.
#[derive(Debug, Default)]
pub struct KeySet {}

/// How a JWKS is kept fresh.
#[derive(Clone, Debug)]
pub struct JwksOptions {
    /// Time between two refreshes.
    pub refresh_every: Duration,
    /// How long the known keys work on when refreshes fail, from the last one that succeeded.
    pub keep_for: Duration,
}

impl Default for JwksOptions {
    fn default() -> Self {
        Self { refresh_every: Duration::from_secs(300), keep_for: Duration::from_secs(3600) }
    }
}

/// Keys that cannot be used.
#[derive(Debug, Error)]
#[error("{source_name}: {found}; expected {expected}")]
pub struct KeyError {
    /// The file or URL.
    pub source_name: String,
    /// What is there.
    pub found: String,
    /// What belongs there.
    pub expected: String,
}

impl KeySet {
    /// No key yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the public keys of a PEM file.
    ///
    /// # Errors
    /// The file cannot be read, or holds anything but public keys that can be used.
    pub fn add_pem_file(&mut self, _path: &Path) -> Result<(), KeyError> {
        Ok(())
    }

    /// Adds the keys of a JWKS, in a file or behind an `https://` URL, and keeps them fresh.
    ///
    /// # Errors
    /// It cannot be fetched or read, or has no key that can be used.
    pub fn add_jwks(&mut self, _location: &str, _options: JwksOptions) -> Result<(), KeyError> {
        Ok(())
    }
}
