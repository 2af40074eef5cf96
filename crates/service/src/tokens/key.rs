//! One public key, and the signatures it can verify.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{PublicKey as RsaPublicKey, RsaParameters};
use aws_lc_rs::signature::ParsedPublicKey;

use super::algorithm::KeyKind;
use super::der::{self, KeyInfo};

/// Sizes of RSA keys that are safe (RFC 7518 §3.3) and quick enough, bits.
const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=8192;

/// What every message about a key that cannot be used expects.
pub const USABLE: &str = "a public key: RSA of 2048 to 8192 bits, P-256 or Ed25519";

/// A public key.
#[derive(Debug)]
pub struct Key {
    /// `kid` of a JWK. A key without one is tried for every token.
    kid: Option<String>,
    /// SubjectPublicKeyInfo.
    spki: Vec<u8>,
    /// For each algorithm that is allowed, the key made ready for it.
    verifications: Vec<(&'static str, ParsedPublicKey)>,
}

/// Equal keys verify the same tokens.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.kid == other.kid && self.spki == other.spki && self.algorithms().eq(other.algorithms())
    }
}

impl Key {
    /// The key of a SubjectPublicKeyInfo (RFC 5280), for every algorithm of its kind, or for the one that is named.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_spki(spki: &[u8], kid: Option<String>, algorithm: Option<&str>) -> Result<Self, String> {
        let kind = match der::key_info(spki) {
            KeyInfo::Kind(kind) => kind,
            KeyInfo::Other => return Err("a public key of another kind".to_owned()),
            KeyInfo::Malformed => return Err("a public key that cannot be read".to_owned()),
        };
        if kind == KeyKind::Rsa {
            let bits = RsaPublicKey::from_der(spki).ok().and_then(|key| RsaParameters::public_modulus_len(key.as_ref()).ok());
            match bits {
                Some(bits) if RSA_BITS.contains(&bits) => {}
                Some(bits) => return Err(format!("an RSA key of {bits} bits")),
                None => return Err("an RSA key that makes no sense".to_owned()),
            }
        }
        let mut verifications = Vec::new();
        for known in kind.algorithms().iter().filter(|known| algorithm.is_none_or(|only| only == known.name)) {
            let key =
                ParsedPublicKey::new(known.verification, spki).map_err(|_| format!("a {kind:?} key that makes no sense"))?;
            verifications.push((known.name, key));
        }
        match algorithm {
            Some(only) if verifications.is_empty() => Err(format!("a {kind:?} key for the algorithm {only:?}")),
            _ => Ok(Self { kid, spki: spki.to_owned(), verifications }),
        }
    }

    /// The key of an RSAPublicKey (RFC 8017).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_pkcs1(der: &[u8]) -> Result<Self, String> {
        let spki = RsaPublicKey::from_der(der).ok().and_then(|key| AsDer::<PublicKeyX509Der>::as_der(&key).ok());
        Self::from_spki(spki.ok_or("an RSA key that cannot be read")?.as_ref(), None, None)
    }

    /// May this key have signed a token with this `kid`?
    pub fn answers_to(&self, kid: Option<&str>) -> bool {
        kid.is_none() || self.kid.is_none() || self.kid.as_deref() == kid
    }

    /// The algorithms that it verifies.
    pub fn algorithms(&self) -> impl Iterator<Item = &'static str> {
        self.verifications.iter().map(|(name, _)| *name)
    }

    /// Did it make this signature? `None` if it makes none with this algorithm.
    pub fn verifies(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
        let (_, key) = self.verifications.iter().find(|(name, _)| *name == algorithm)?;
        Some(key.verify_sig(message, signature).is_ok())
    }
}
