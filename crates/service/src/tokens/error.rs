//! Why a token is refused. Each says what was found and what was expected, and never repeats the token.

use thiserror::Error;

/// A request without a token that counts: 401.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// No token at all.
    #[error("no token; expected the header `Authorization: Bearer TOKEN`")]
    Missing,
    /// No JWT that can be read.
    #[error("the token is malformed: {found}; expected {expected}")]
    Malformed {
        /// What is wrong.
        found: String,
        /// What belongs there.
        expected: &'static str,
    },
}
