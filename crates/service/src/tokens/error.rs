//! Why a token is refused. Each says what was found and what was expected, and never repeats the token.

use thiserror::Error;

/// Longest piece of a token's contents that a message repeats, characters.
const LONGEST_SHOWN: usize = 80;

/// A token that does not count. Every one is a 401, but for [`TokenError::KeysTooOld`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// No token at all.
    #[error("no token; expected the header `Authorization: Bearer TOKEN`")]
    Missing,
    /// Longer than any honest token.
    #[error("the token has {bytes} bytes; expected at most {limit}")]
    TooLong {
        /// Length of the token.
        bytes: usize,
        /// The longest that is looked at.
        limit: usize,
    },
    /// No signed JWT that can be read.
    #[error("the token is malformed: {found}; expected {expected}")]
    Malformed {
        /// What is wrong.
        found: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// `alg` names no algorithm that one of our keys signs with; `none` and `HS256` are always among these.
    #[error("the token's algorithm is {found}; expected {allowed}")]
    AlgorithmNotAllowed {
        /// What `alg` says.
        found: String,
        /// What the keys allow.
        allowed: String,
    },
    /// `kid` names no key that we know. A key set that was just renewed may know it soon.
    #[error("the token is signed by a key that is not known here: kid {kid}")]
    UnknownKey {
        /// What `kid` says.
        kid: String,
    },
    /// None of the keys that may have signed it did.
    #[error("the token's signature is of none of the keys known here, or its contents were changed")]
    BadSignature,
    /// The keys that would tell could not be refreshed for too long. Not the caller's fault: 503.
    #[error("the keys of {source_name} could not be refreshed for too long; the token cannot be checked until they are")]
    KeysTooOld {
        /// The file or URL of the keys.
        source_name: String,
    },
    /// A claim that must be there is not.
    #[error("the token has no `{name}`; expected {expected}")]
    MissingClaim {
        /// The claim.
        name: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// A claim is of the wrong type, empty, or too long.
    #[error("the token's `{name}` is {found}; expected {expected}")]
    WrongClaim {
        /// The claim.
        name: &'static str,
        /// What it is.
        found: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// `exp` is now or past.
    #[error("the token has expired: `exp` is {exp_s}; expected a time after now, {now_s}")]
    Expired {
        /// `exp`, Unix seconds.
        exp_s: String,
        /// The time of the check, Unix seconds.
        now_s: i64,
    },
    /// `exp` is further ahead than F3548 tokens may be.
    #[error("the token lives too long: `exp` is {exp_s}; expected at most {limit_s} s after now, {now_s}")]
    ExpiryTooFar {
        /// `exp`, Unix seconds.
        exp_s: String,
        /// The time of the check, Unix seconds.
        now_s: i64,
        /// How far ahead it may be, seconds.
        limit_s: i64,
    },
    /// `nbf` or `iat` is in the future.
    #[error("the token is not valid yet: `{name}` is {at_s}; expected at most {leeway_s} s after now, {now_s}")]
    NotYetValid {
        /// The claim.
        name: &'static str,
        /// What it says, Unix seconds.
        at_s: String,
        /// The time of the check, Unix seconds.
        now_s: i64,
        /// How far ahead it may be, seconds.
        leeway_s: i64,
    },
    /// The token is for somebody else.
    #[error("the token is for {found}; expected `aud` to be or to contain {expected}")]
    WrongAudience {
        /// What `aud` says.
        found: String,
        /// The audiences that we are.
        expected: String,
    },
}

/// A piece of a token's contents in quotes, short and without control characters.
pub fn shown(text: &str) -> String {
    let start: String = text.chars().take(LONGEST_SHOWN).collect();
    if start.len() < text.len() { format!("{start:?}…") } else { format!("{start:?}") }
}

/// Several, with commas.
pub fn all_shown<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    /// More of them help nobody.
    const MOST: usize = 8;
    let mut texts = texts.into_iter();
    let mut list: Vec<String> = texts.by_ref().take(MOST).map(shown).collect();
    if texts.next().is_some() {
        list.push("…".to_owned());
    }
    list.join(", ")
}
