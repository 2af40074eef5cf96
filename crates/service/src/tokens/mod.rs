//! Who asks, and what may they do? Bearer tokens (RFC 6750): signed JWTs (RFC 7519) of authorities that the operator trusts.
//!
//! [`Verifier`] answers from a token and a time; [`KeySet`] says whose signatures count; [`SigningKey`] makes keys and tokens for
//! local use. Which scope an operation needs is not known here.
//!
//! * The key decides which algorithms count, never the token; `none` and the symmetric ones count with no key.
//! * What was verified once is remembered, and forgotten when its key goes. The memory changes no answer.
//! * No clock is read but the monotonic one, which tells how old a set of keys is.
//! * No message repeats a token.
//!
//! Signatures, digests and keys are aws-lc-rs's, which rustls uses, too: one crypto library for all.

mod algorithm;
mod cache;
mod caller;
mod claims;
mod der;
mod error;
mod fetch;
mod jwk;
mod jws;
mod key;
mod keys;
pub(crate) mod pem;
mod refresh;
mod schedule;
mod sign;
mod source;
#[cfg(test)]
mod testing;
mod verifier;

pub use caller::Caller;
pub use claims::LONGEST_LIFE_S;
pub use error::TokenError;
pub use keys::{JwksOptions, KeyError, KeySet};
pub use sign::{NewToken, SignError, SigningAlgorithm, SigningKey};
pub use verifier::{MAX_TOKEN_BYTES, SetupError, SourceStatus, Verifier, VerifierOptions, bearer};
