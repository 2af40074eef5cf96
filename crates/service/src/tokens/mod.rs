//! Who asks, and what may they do? Bearer tokens (RFC 6750): signed JWTs (RFC 7519) of authorities that the operator trusts.
//!
//! [`Verifier`] answers from a token and a time; [`KeySet`] says whose signatures count. It reads no clock but the monotonic
//! one, which tells how old a set of keys is. It does not know operations: which scope an operation needs is the caller's.

mod caller;
mod error;
mod keys;
mod verifier;

pub use caller::Caller;
pub use error::TokenError;
pub use keys::{JwksOptions, KeyError, KeySet};
pub use verifier::{Verifier, VerifierOptions, bearer};
