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
    /// Its algorithms, as `alg` writes them (RFC 7518, RFC 8037, RFC 9864).
    pub const fn algorithms(self) -> &'static [Algorithm] {
        const fn rsa(name: &'static str, verification: &'static dyn VerificationAlgorithm) -> Algorithm {
            Algorithm { name, verification }
        }
        const RSA: &[Algorithm] = &[
            rsa("RS256", &RSA_PKCS1_2048_8192_SHA256),
            rsa("RS384", &RSA_PKCS1_2048_8192_SHA384),
            rsa("RS512", &RSA_PKCS1_2048_8192_SHA512),
            rsa("PS256", &RSA_PSS_2048_8192_SHA256),
            rsa("PS384", &RSA_PSS_2048_8192_SHA384),
            rsa("PS512", &RSA_PSS_2048_8192_SHA512),
        ];
        const P256: &[Algorithm] = &[Algorithm { name: "ES256", verification: &ECDSA_P256_SHA256_FIXED }];
        const ED25519S: &[Algorithm] =
            &[Algorithm { name: "EdDSA", verification: &ED25519 }, Algorithm { name: "Ed25519", verification: &ED25519 }];
        match self {
            Self::Rsa => RSA,
            Self::P256 => P256,
            Self::Ed25519 => ED25519S,
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
