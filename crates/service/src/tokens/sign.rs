//! Keys and tokens of our own, for local use and tests: a real coordination cell has an authority for this.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;
use thiserror::Error;

use super::pem;

/// What a new key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// `EdDSA` with Ed25519: small, quick, hard to use wrongly.
    Ed25519,
    /// `ES256`.
    Es256,
    /// `RS256` with 2048 bits, which every client knows.
    Rs256,
}

/// A private key.
pub struct SigningKey(Pair);

enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// What a new token says.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `sub`: the USS.
    pub subject: &'a str,
    /// `aud`: one or several.
    pub audiences: &'a [String],
    /// `scope`: names between spaces.
    pub scope: &'a str,
    /// `iat` and `nbf`, Unix seconds.
    pub issued_at_s: i64,
    /// `exp`, Unix seconds.
    pub expires_at_s: i64,
}

/// A private key that cannot be used or made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignError {
    /// It is none, or none of ours.
    #[error("found {0}; expected one private key in PEM: Ed25519, P-256, or RSA of 2048 to 8192 bits, not encrypted")]
    Key(String),
    /// The crypto library failed, which it does where the system gives no random bytes.
    #[error("the crypto library failed")]
    Crypto,
}

impl From<aws_lc_rs::error::Unspecified> for SignError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Crypto
    }
}

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// [`SignError::Crypto`].
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Self, SignError> {
        Ok(Self(match algorithm {
            SigningAlgorithm::Ed25519 => Pair::Ed25519(Ed25519KeyPair::generate()?),
            SigningAlgorithm::Es256 => Pair::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?),
            SigningAlgorithm::Rs256 => Pair::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048)?)),
        }))
    }

    /// The key of a PEM text: PKCS#8, or what older programs write for RSA (PKCS#1) and P-256 (RFC 5915).
    ///
    /// # Errors
    /// [`SignError::Key`].
    pub fn from_pem(text: &str) -> Result<Self, SignError> {
        let mut blocks = pem::read(text).map_err(SignError::Key)?;
        // `openssl ecparam` puts the curve before the key, which names it again.
        blocks.retain(|block| block.label != "EC PARAMETERS");
        let [block] = &blocks[..] else { return Err(SignError::Key(format!("{} PEM blocks", blocks.len()))) };
        let pair = match &*block.label {
            "PRIVATE KEY" => Ed25519KeyPair::from_pkcs8(&block.der)
                .map(Pair::Ed25519)
                .or_else(|_| EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &block.der).map(Pair::P256))
                .or_else(|_| RsaKeyPair::from_pkcs8(&block.der).map(Box::new).map(Pair::Rsa)),
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&block.der).map(Box::new).map(Pair::Rsa),
            "EC PRIVATE KEY" => EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, &block.der).map(Pair::P256),
            label => return Err(SignError::Key(format!("a PEM block {label:?}"))),
        };
        pair.map(Self).map_err(|_| SignError::Key(format!("a {:?} that cannot be used", block.label)))
    }

    /// The private key as PEM, PKCS#8. Whoever has it can speak for every USS.
    ///
    /// # Errors
    /// [`SignError::Crypto`].
    pub fn private_pem(&self) -> Result<String, SignError> {
        Ok(match &self.0 {
            Pair::Ed25519(pair) => pem::write("PRIVATE KEY", pair.to_pkcs8v1()?.as_ref()),
            Pair::P256(pair) => pem::write("PRIVATE KEY", pair.to_pkcs8v1()?.as_ref()),
            Pair::Rsa(pair) => pem::write("PRIVATE KEY", AsDer::<Pkcs8V1Der>::as_der(&**pair)?.as_ref()),
        })
    }

    /// The public key as PEM, SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`SignError::Crypto`].
    pub fn public_pem(&self) -> Result<String, SignError> {
        let der: PublicKeyX509Der<'_> = match &self.0 {
            Pair::Ed25519(pair) => pair.public_key().as_der()?,
            Pair::P256(pair) => pair.public_key().as_der()?,
            Pair::Rsa(pair) => pair.public_key().as_der()?,
        };
        Ok(pem::write("PUBLIC KEY", der.as_ref()))
    }

    /// Makes a token. What it says is not checked: a test wants bad ones, too.
    ///
    /// # Errors
    /// [`SignError::Crypto`].
    pub fn token(&self, token: &NewToken<'_>) -> Result<String, SignError> {
        let NewToken { issuer, subject, audiences, scope, issued_at_s, expires_at_s } = token;
        let audience = match audiences {
            [one] => json!(one),
            several => json!(several),
        };
        let claims = json!({
            "iss": issuer, "sub": subject, "aud": audience, "scope": scope,
            "iat": issued_at_s, "nbf": issued_at_s, "exp": expires_at_s,
        });
        let header = json!({ "alg": self.algorithm(), "typ": "JWT" });
        self.sign(&header.to_string(), claims.to_string().as_bytes())
    }

    /// A compact JWS of any header and payload.
    ///
    /// # Errors
    /// [`SignError::Crypto`].
    pub fn sign(&self, header: &str, payload: &[u8]) -> Result<String, SignError> {
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(payload));
        let message = signed.as_bytes();
        let signature = match &self.0 {
            Pair::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::P256(pair) => pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
                signature
            }
        };
        Ok(format!("{signed}.{}", encode(&signature)))
    }

    fn algorithm(&self) -> &'static str {
        match self.0 {
            Pair::Ed25519(_) => "EdDSA",
            Pair::P256(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        }
    }
}
