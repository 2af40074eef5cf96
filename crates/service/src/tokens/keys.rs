//! Whose signatures count: public keys in PEM files, and sets of keys (JWKS) in files or behind URLs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::fetch::Place;
use super::key::{Key, USABLE};
use super::{der, jwk, pem, refresh};

/// The public keys of the authorities that the operator trusts. Every one of them may speak for every subject.
#[derive(Debug, Default)]
pub struct KeySet {
    /// From PEM files.
    pub(super) fixed: Vec<Key>,
    /// From JWKS.
    pub(super) changing: Vec<Changing>,
}

/// Keys that are fetched again and again.
#[derive(Debug)]
pub(super) struct Changing {
    pub name: String,
    pub place: Place,
    pub options: JwksOptions,
    pub keys: Vec<Key>,
}

/// How a JWKS is kept fresh.
#[derive(Clone, Debug)]
pub struct JwksOptions {
    /// Time between two refreshes: 5 minutes.
    pub refresh_every: Duration,
    /// Least time between two refreshes, after a failure or when a token is of a key that is not known: 30 seconds.
    pub refresh_at_most_every: Duration,
    /// How long the known keys work on after a refresh that was due has not succeeded: one hour. Then their tokens are refused.
    pub keep_for: Duration,
    /// Take `http://` URLs to other machines. Whoever sits on the way can then send keys of their own.
    pub allow_http: bool,
    /// PEM certificates of the authorities that vouch for an `https://` host, instead of the system's.
    pub ca_file: Option<PathBuf>,
}

impl Default for JwksOptions {
    fn default() -> Self {
        Self {
            refresh_every: Duration::from_secs(5 * 60),
            refresh_at_most_every: Duration::from_secs(30),
            keep_for: Duration::from_secs(60 * 60),
            allow_http: false,
            ca_file: None,
        }
    }
}

/// Keys that cannot be used.
#[derive(Debug, Error)]
#[error("{source_name}: found {found}; expected {expected}")]
pub struct KeyError {
    /// The file or URL.
    pub source_name: String,
    /// What is there.
    pub found: String,
    /// What belongs there.
    pub expected: &'static str,
}

impl KeySet {
    /// No key yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the public keys of a PEM file: `PUBLIC KEY` and `RSA PUBLIC KEY` blocks, or one `CERTIFICATE`, of which the key is
    /// taken and nothing else, neither its issuer nor how long it is valid.
    ///
    /// # Errors
    /// The file cannot be read, or holds anything else, such as a private key.
    pub fn add_pem_file(&mut self, path: &Path) -> Result<(), KeyError> {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => self.add_pem(&name, &bytes),
            Err(error) => Err(unusable(&name, format!("a file that cannot be read ({error})"))),
        }
    }

    /// Adds the public keys of a PEM text as [`KeySet::add_pem_file`] does; `name` is for messages.
    ///
    /// # Errors
    /// It holds no public key that can be used, or anything else.
    pub fn add_pem(&mut self, name: &str, pem: &[u8]) -> Result<(), KeyError> {
        let keys = std::str::from_utf8(pem).map_err(|_| "a file that is not text, so no PEM".to_owned()).and_then(keys_of_pem);
        self.fixed.extend(keys.map_err(|found| unusable(name, found))?);
        Ok(())
    }

    /// Adds the keys of a JWKS, in a file or behind a URL. It is fetched now, and a [`Verifier`](super::Verifier) keeps it fresh.
    ///
    /// # Errors
    /// It cannot be fetched or read, or has no key that can be used.
    pub fn add_jwks(&mut self, location: &str, options: JwksOptions) -> Result<(), KeyError> {
        let wrong = |found| KeyError {
            source_name: location.to_owned(),
            found,
            expected: "a JSON Web Key Set, in a file or behind an https:// URL, with a public key: RSA of 2048 to 8192 bits, P-256 or Ed25519",
        };
        let place = Place::new(location, options.allow_http, options.ca_file.as_deref()).map_err(wrong)?;
        let json = place.fetch().map_err(|why| wrong(format!("nothing that can be read ({why})")))?;
        let jwks = jwk::read(&json).map_err(wrong)?;
        if jwks.keys.is_empty() {
            let why = if jwks.ignored.is_empty() { "it is empty".to_owned() } else { jwks.ignored.join("; ") };
            return Err(wrong(format!("no key that can be used ({why})")));
        }
        refresh::log_ignored(location, &jwks.ignored);
        self.changing.push(Changing { name: location.to_owned(), place, options, keys: jwks.keys });
        Ok(())
    }
}

fn unusable(name: &str, found: String) -> KeyError {
    KeyError { source_name: name.to_owned(), found, expected: USABLE }
}

fn keys_of_pem(text: &str) -> Result<Vec<Key>, String> {
    let blocks = pem::read(text)?;
    if blocks.is_empty() {
        return Err("no PEM block".to_owned());
    }
    if blocks.len() > 1 && blocks.iter().any(|block| block.label == "CERTIFICATE") {
        // The keys of those who signed a certificate sign no tokens, and must not be trusted by accident.
        return Err("a certificate beside other blocks, where it must stand alone".to_owned());
    }
    blocks.iter().map(key_of_block).collect()
}

fn key_of_block(block: &pem::Block) -> Result<Key, String> {
    match &*block.label {
        "PUBLIC KEY" => Key::from_spki(&block.der, None, None),
        "RSA PUBLIC KEY" => Key::from_pkcs1(&block.der),
        "CERTIFICATE" => {
            let spki = der::key_of_certificate(&block.der).ok_or("a certificate that cannot be read")?;
            Key::from_spki(spki, None, None)
        }
        label if label.contains("PRIVATE KEY") => {
            Err("a private key, which belongs to the authority alone and has no business here".to_owned())
        }
        label => Err(format!("a PEM block {label:?}")),
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
