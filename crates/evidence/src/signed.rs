//! A text that somebody signed, verbatim. What it says is for [`Statement`].

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::key::{InvalidKey, PublicKey};
use crate::problem::Problem;
use crate::statement::Statement;

/// A JSON text and who signed it. Nothing but [`Signed::check`] says that the signature is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The JSON text as it was signed; it is never written anew.
    pub content: String,
    /// The public key, base64url of 32 bytes.
    pub key: String,
    /// The signature, base64url of 64 bytes: Ed25519 over `deconflict sign 1`, a line feed, and the content.
    pub signature: String,
}

/// A signature that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidSignature {
    /// The key is none.
    #[error("the key is none")]
    Key(#[from] InvalidKey),
    /// The signature is no base64url of 64 bytes.
    #[error("expected 86 characters of base64url: the 64 bytes of an Ed25519 signature")]
    Form,
    /// It is of another content or another key.
    #[error("the signature is not this key's of this content")]
    OtherContentOrKey,
}

impl Signed {
    /// Checks the signature against the key that it names, and gives back the key. Whose key it is, is for the caller.
    ///
    /// # Errors
    /// [`InvalidSignature`].
    pub fn check(&self) -> Result<PublicKey, InvalidSignature> {
        let key = PublicKey::from_base64url(&self.key)?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(&self.signature).ok().filter(|bytes| bytes.len() == 64);
        let signature = signature.ok_or(InvalidSignature::Form)?;
        if key.verify(self.content.as_bytes(), &signature) { Ok(key) } else { Err(InvalidSignature::OtherContentOrKey) }
    }

    /// What the content says; whether it is signed is not asked.
    ///
    /// # Errors
    /// Every problem, with the path within the content.
    pub fn statement(&self) -> Result<Statement, Vec<Problem>> {
        Statement::read(&self.content)
    }
}
