//! Sets of keys (JWKS, RFC 7517): which of their keys we can use, and why not the others.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use super::error::shown;
use super::key::Key;

/// More keys than any authority has; each of them may have to be tried for a token without `kid`.
const MOST_KEYS: usize = 100;
/// Bytes of a coordinate on P-256, and of a key of Ed25519.
const COORDINATE_BYTES: usize = 32;

/// A set of keys.
#[derive(Debug)]
pub struct Jwks {
    /// Those that we can use.
    pub keys: Vec<Key>,
    /// Why the others are left out, a line each. RFC 7517 §5 asks to pass over what is not understood.
    pub ignored: Vec<String>,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<Value>,
}

/// Reads a set of keys. It may turn out empty: an authority that trusts no key any more says so in this way.
///
/// # Errors
/// It is no JWKS, or has more keys than we want to try.
pub fn read(json: &[u8]) -> Result<Jwks, String> {
    let set: Set = serde_json::from_slice(json).map_err(|error| format!("no JSON Web Key Set: {error}"))?;
    if set.keys.len() > MOST_KEYS {
        return Err(format!("{} keys, which is more than {MOST_KEYS}", set.keys.len()));
    }
    let mut jwks = Jwks { keys: Vec::new(), ignored: Vec::new() };
    for (index, jwk) in set.keys.into_iter().enumerate() {
        let name =
            jwk.get("kid").and_then(Value::as_str).map_or_else(|| format!("key {index}"), |kid| format!("key {}", shown(kid)));
        match usable(jwk) {
            Ok(key) => jwks.keys.push(key),
            Err(why) => jwks.ignored.push(format!("{name} is {why}")),
        }
    }
    Ok(jwks)
}

/// The key, or what it is instead of one that we can use.
fn usable(jwk: Value) -> Result<Key, String> {
    let jwk: Jwk = serde_json::from_value(jwk).map_err(|error| format!("no JSON Web Key: {error}"))?;
    if jwk.kty == "oct" {
        return Err("symmetric: whoever could check a token with it could make one".to_owned());
    }
    if jwk.d.is_some() {
        return Err("a private key; whoever read this set could make tokens with it".to_owned());
    }
    if jwk.purpose.as_deref().is_some_and(|purpose| purpose != "sig")
        || jwk.key_ops.as_ref().is_some_and(|operations| !operations.iter().any(|operation| operation == "verify"))
    {
        return Err("not for verifying signatures".to_owned());
    }
    Key::from_spki(&spki(&jwk)?, jwk.kid, jwk.alg.as_deref())
}

/// The key as a SubjectPublicKeyInfo.
fn spki(jwk: &Jwk) -> Result<Vec<u8>, String> {
    let parsed = match (&*jwk.kty, jwk.crv.as_deref()) {
        ("RSA", _) => {
            let (n, e) = (unsigned("n", jwk.n.as_ref())?, unsigned("e", jwk.e.as_ref())?);
            PublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        }
        ("EC", Some("P-256")) => {
            let (x, y) = (coordinate("x", jwk.x.as_ref())?, coordinate("y", jwk.y.as_ref())?);
            // An uncompressed point (SEC 1 §2.3.3).
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, [&[4], &x[..], &y].concat())
        }
        ("OKP", Some("Ed25519")) => ParsedPublicKey::new(&ED25519, coordinate("x", jwk.x.as_ref())?),
        (kind, curve) => return Err(format!("of another kind: {} {}", shown(kind), shown(curve.unwrap_or_default()))),
    };
    let der = parsed.ok().and_then(|key| AsDer::<PublicKeyX509Der>::as_der(&key).ok());
    Ok(der.ok_or("a key that makes no sense")?.as_ref().to_vec())
}

/// Base64url without padding (RFC 7515 §2).
fn bytes(name: &str, text: Option<&String>) -> Result<Vec<u8>, String> {
    let text = text.ok_or_else(|| format!("without {name:?}"))?;
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| format!("broken: {name:?} is not base64url"))
}

/// A number without leading zeros, which RFC 7518 §6.3.1 forbids and some write.
fn unsigned(name: &str, text: Option<&String>) -> Result<Vec<u8>, String> {
    let bytes = bytes(name, text)?;
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    Ok(bytes[zeros..].to_vec())
}

/// A number of exactly 32 bytes (RFC 7518 §6.2.1.2, RFC 8037 §2).
fn coordinate(name: &str, text: Option<&String>) -> Result<Vec<u8>, String> {
    let bytes = bytes(name, text)?;
    if bytes.len() == COORDINATE_BYTES { Ok(bytes) } else { Err(format!("broken: {name:?} has {} bytes", bytes.len())) }
}

#[cfg(test)]
#[path = "vectors_tests.rs"]
mod vectors;
