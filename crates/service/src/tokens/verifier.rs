//! From a token and a time to its bearer.

use std::sync::Arc;

use super::{Caller, KeyError, KeySet, TokenError};

/// Limits of a [`Verifier`].
#[derive(Clone, Debug)]
pub struct VerifierOptions {
    /// How many verified tokens are remembered.
    pub cached_tokens: usize,
}

impl Default for VerifierOptions {
    fn default() -> Self {
        Self { cached_tokens: 10_000 }
    }
}

/// Verifies tokens, from any thread, without waiting for the network.
#[derive(Debug)]
pub struct Verifier {}

impl Verifier {
    /// A verifier of tokens that these keys signed for one of these audiences.
    ///
    /// # Errors
    /// There is no key or no audience.
    pub fn new(_keys: KeySet, _audiences: Vec<String>, _options: VerifierOptions) -> Result<Self, KeyError> {
        Ok(Self {})
    }

    /// Whose token is this, at this time (Unix seconds)?
    ///
    /// # Errors
    /// Whatever is wrong with the token, the first thing found.
    pub fn verify(&self, token: &str, _now_s: i64) -> Result<Arc<Caller>, TokenError> {
        let found = format!("{} bytes", token.len());
        Err(TokenError::Malformed { found, expected: "a JWT" })
    }
}

/// The token of an `Authorization` header.
///
/// # Errors
/// [`TokenError::Missing`] without a header; [`TokenError::Malformed`] for another scheme.
pub fn bearer(authorization: Option<&[u8]>) -> Result<&str, TokenError> {
    let _ = authorization;
    Err(TokenError::Missing)
}
