//! Compact JSON Web Signatures (RFC 7515 §7.1): `header.payload.signature`, each in base64url.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::TokenError;
use super::error::shown;

/// What every JWS must be.
const COMPACT: &str = "a signed JWT, `header.payload.signature`";

/// A token, taken apart. Nothing of it is verified yet.
#[derive(Debug)]
pub struct Jws<'a> {
    /// `alg`.
    pub algorithm: String,
    /// `kid`.
    pub kid: Option<String>,
    /// What is signed: `header.payload`.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
    payload: &'a str,
}

#[derive(Deserialize)]
struct Header {
    alg: Option<String>,
    kid: Option<String>,
    crit: Option<IgnoredAny>,
}

impl<'a> Jws<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn read(token: &'a str) -> Result<Self, TokenError> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(malformed(format!("{} parts between dots", parts.len()), COMPACT));
        };
        let signed = &token[..header.len() + 1 + payload.len()];
        let Header { alg, kid, crit } = object("header", &decode("header", header)?)?;
        if crit.is_some() {
            // RFC 7515 §4.1.11: what is critical and not understood makes the token invalid, and we understand nothing critical.
            return Err(malformed("its header has `crit`".to_owned(), "a header without critical extensions"));
        }
        let algorithm = alg.ok_or_else(|| malformed("its header has no `alg`".to_owned(), "the algorithm of its signature"))?;
        Ok(Self { algorithm, kid, signed, signature: decode("signature", signature)?, payload })
    }

    /// The payload, read as JSON. To be called once the signature is verified.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, TokenError> {
        object("payload", &decode("payload", self.payload)?)
    }
}

fn malformed(found: String, expected: &'static str) -> TokenError {
    TokenError::Malformed { found, expected }
}

/// Base64url without padding, and with nothing in the bits that are left over: one text for the same bytes, as `jti` and caches
/// would have it.
fn decode(part: &str, text: &str) -> Result<Vec<u8>, TokenError> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed(format!("its {part} is not base64url"), COMPACT))
}

/// A JSON object whose members that we know are there once at most.
fn object<T: DeserializeOwned>(part: &str, json: &[u8]) -> Result<T, TokenError> {
    // What serde derives would take an array of the values, too.
    let is_object = json.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let read =
        if is_object { serde_json::from_slice(json).map_err(|error| error.to_string()) } else { Err("no object".to_owned()) };
    read.map_err(|why| malformed(format!("its {part} is not a JSON object as expected: {}", shown(&why)), COMPACT))
}
