//! Ed25519 keys (RFC 8032). A public key that exists is one whose signatures bind: keys of small order, with which one signature can be
//! made for many contents, and second ways of writing a key are refused.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::signed::Signed;

/// What stands before everything that is signed, so that no signature means something else elsewhere.
const SIGNED: &[u8] = b"deconflict sign 1\n";

/// A SubjectPublicKeyInfo of Ed25519 (RFC 8410) up to the 32 bytes of the key.
const PUBLIC_DER: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Every y of a point of order 1, 2, 4 or 8, little endian, without the sign of x. From y² = (1 + x²)·(1 + d·x²)⁻¹ and 8·P = 0; the tests
/// show of each that it lets one signature stand for many contents.
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa,
        0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05,
        0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
];

/// p = 2²⁵⁵ − 19, little endian: the first y that is another way of writing a smaller one.
const P: [u8; 32] = [
    0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
];

/// A public key; written as base64url of its 32 bytes, without padding.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; 32]);

/// A private key. Whoever has it signs as its party.
pub struct SecretKey(Ed25519KeyPair);

/// Bytes or text that are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidKey {
    /// No base64url of 32 bytes.
    #[error("expected 43 characters of base64url: the 32 bytes of an Ed25519 public key")]
    Form,
    /// A second way of writing a key.
    #[error("expected a key in its one way of writing (y below 2^255 - 19)")]
    NotCanonical,
    /// A key whose signatures bind to nothing.
    #[error("expected a key that binds; this one is of small order: one signature of it stands for many contents")]
    SmallOrder,
    /// No PEM of a public key.
    #[error("expected one PEM block \"PUBLIC KEY\" with an Ed25519 key")]
    PublicPem,
    /// No PEM of a private key.
    #[error(
        "expected one PEM block \"PRIVATE KEY\" with an Ed25519 key, not encrypted, such as `deconflict keygen --signing` makes"
    )]
    SecretPem,
}

impl PublicKey {
    /// The key of these bytes.
    ///
    /// # Errors
    /// [`InvalidKey::NotCanonical`], [`InvalidKey::SmallOrder`]. Whether the bytes are a point at all shows when a signature is verified.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, InvalidKey> {
        let mut y = bytes;
        y[31] &= 0x7f;
        if y.iter().rev().cmp(P.iter().rev()).is_ge() {
            return Err(InvalidKey::NotCanonical);
        }
        if SMALL_ORDER.contains(&y) {
            return Err(InvalidKey::SmallOrder);
        }
        Ok(Self(bytes))
    }

    /// The key of a text of 43 characters.
    ///
    /// # Errors
    /// As [`PublicKey::from_bytes`], and [`InvalidKey::Form`].
    pub fn from_base64url(text: &str) -> Result<Self, InvalidKey> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        Self::from_bytes(bytes.ok_or(InvalidKey::Form)?)
    }

    /// The key of a PEM text (SubjectPublicKeyInfo, RFC 8410).
    ///
    /// # Errors
    /// As [`PublicKey::from_bytes`], and [`InvalidKey::PublicPem`].
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let der = pem(text, "PUBLIC KEY").ok_or(InvalidKey::PublicPem)?;
        let bytes = der.strip_prefix(&PUBLIC_DER).and_then(|bytes| bytes.try_into().ok());
        Self::from_bytes(bytes.ok_or(InvalidKey::PublicPem)?)
    }

    /// Whether `signature` is this key's, of `content`. Strict: the scalar is below the group's order, and the group element is compared
    /// byte by byte (RFC 8032 §5.1.7, without the cofactor), so that a signature has one form.
    pub fn verify(&self, content: &[u8], signature: &[u8]) -> bool {
        signature.len() == 64 && self.is_of(&[SIGNED, content].concat(), signature)
    }

    fn is_of(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }

    /// The key as bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_base64url(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl SecretKey {
    /// The key of a seed of 32 bytes, which RFC 8032 calls the private key.
    ///
    /// # Errors
    /// [`InvalidKey::SecretPem`] if the library takes it for none, which no seed gives cause for.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, InvalidKey> {
        Ed25519KeyPair::from_seed_unchecked(seed).map(Self).map_err(|_| InvalidKey::SecretPem)
    }

    /// The key of a PEM text (PKCS#8).
    ///
    /// # Errors
    /// [`InvalidKey::SecretPem`].
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let der = pem(text, "PRIVATE KEY").ok_or(InvalidKey::SecretPem)?;
        Ed25519KeyPair::from_pkcs8(&der).map(Self).map_err(|_| InvalidKey::SecretPem)
    }

    /// The public key that belongs to it.
    pub fn public(&self) -> PublicKey {
        let bytes = self.0.public_key().as_ref().try_into();
        PublicKey(bytes.expect("the library gives Ed25519 public keys as 32 bytes"))
    }

    /// Signs a content, which stays as it is, byte by byte.
    pub fn sign(&self, content: impl Into<String>) -> Signed {
        let content = content.into();
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.signature_of(&[SIGNED, content.as_bytes()].concat()));
        Signed { content, key: self.public().to_string(), signature }
    }

    fn signature_of(&self, message: &[u8]) -> impl AsRef<[u8]> + use<> {
        self.0.sign(message)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey of {}", self.public())
    }
}

/// What the only PEM block of a text holds, if it has this label. Text around it is passed over.
fn pem(text: &str, label: &str) -> Option<Vec<u8>> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].starts_with("-----BEGIN ")).collect();
    let [begin] = begins[..] else { return None };
    let after = (lines[begin] == format!("-----BEGIN {label}-----")).then(|| &lines[begin + 1..])?;
    let end = after.iter().position(|line| *line == format!("-----END {label}-----"))?;
    BASE64_STANDARD.decode(after[..end].concat()).ok()
}

#[cfg(test)]
#[path = "key_tests.rs"]
mod tests;
