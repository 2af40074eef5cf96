//! Where a set of keys is: a file, or behind a URL. One call is one attempt.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::outbound::Outbound;
use ureq::Agent;
use ureq::http::Uri;

/// Longest JWKS, bytes: a hundred keys with their certificates fit.
const MOST_BYTES: u64 = 1 << 20;
/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A place to fetch keys from.
#[derive(Debug)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A URL, and what asks for it.
    Url(Uri, Box<Agent>),
}

impl Place {
    /// What `location` means: a URL if it has a scheme, else a file. `http` is for this machine alone unless `allow_http`:
    /// whoever sits on the way could send keys of their own. `ca_file` replaces the system's certificate authorities.
    ///
    /// # Errors
    /// A URL that cannot be used; certificates that cannot be read.
    pub fn new(location: &str, allow_http: bool, ca_file: Option<&Path>) -> Result<Self, String> {
        if !location.contains("://") {
            return Ok(Self::File(location.into()));
        }
        let wanted =
            Outbound { allow_http, ca_file, patience: Some(PATIENCE), accept: "application/jwk-set+json, application/json" };
        let (uri, agent) = wanted.agent(location)?;
        Ok(Self::Url(uri, Box::new(agent)))
    }

    /// Fetches what is there now.
    ///
    /// # Errors
    /// Why it could not be had.
    pub fn fetch(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::File(path) => std::fs::read(path).map_err(|error| error.to_string()),
            Self::Url(uri, agent) => {
                let mut response = agent.get(uri).call().map_err(|error| error.to_string())?;
                if response.status() != 200 {
                    return Err(format!("status {}", response.status()));
                }
                response.body_mut().with_config().limit(MOST_BYTES).read_to_vec().map_err(|error| error.to_string())
            }
        }
    }
}
