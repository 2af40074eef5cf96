//! The algorithms of signatures that we accept, by the kind of key that makes them. The key decides, never the token.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, VerificationAlgorithm,
};

/// A kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, 2048 to 8192 bits.
    Rsa,
    /// On the curve P-256.
    P256,
    /// Ed25519.
    Ed25519,
}

impl KeyKind {
    /// Is this an algorithm of any kind of key?
    pub fn knows(algorithm: &str) -> bool {
        [Self::Rsa, Self::P256, Self::Ed25519].iter().flat_map(|kind| kind.algorithms()).any(|known| known.name == algorithm)
    }

    /// Its algorithms, as `alg` writes them (RFC 7518, RFC 8037, RFC 9864).
    pub const fn algorithms(self) -> &'static [Algorithm] {
        const fn by(name: &'static str, verification: &'static dyn VerificationAlgorithm) -> Algorithm {
            Algorithm { name, verification }
        }
        match self {
            Self::Rsa => {
                &const {
                    [
                        by("RS256", &RSA_PKCS1_2048_8192_SHA256),
                        by("RS384", &RSA_PKCS1_2048_8192_SHA384),
                        by("RS512", &RSA_PKCS1_2048_8192_SHA512),
                        by("PS256", &RSA_PSS_2048_8192_SHA256),
                        by("PS384", &RSA_PSS_2048_8192_SHA384),
                        by("PS512", &RSA_PSS_2048_8192_SHA512),
                    ]
                }
            }
            Self::P256 => &const { [by("ES256", &ECDSA_P256_SHA256_FIXED)] },
            Self::Ed25519 => &const { [by("EdDSA", &ED25519), by("Ed25519", &ED25519)] },
        }
    }
}

/// An algorithm of signatures.
#[derive(Clone, Copy, Debug)]
pub struct Algorithm {
    /// What `alg` says.
    pub name: &'static str,
    /// How it is verified.
    pub verification: &'static dyn VerificationAlgorithm,
}
