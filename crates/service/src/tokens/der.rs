//! As much of DER (X.690) as it takes to find the public key in a certificate and to see of what kind it is.
//!
//! Whether the key itself makes sense is for the crypto library.

use super::algorithm::KeyKind;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT`, the version of a certificate.
const VERSION: u8 = 0xA0;

/// rsaEncryption, 1.2.840.113549.1.1.1.
const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
/// id-ecPublicKey, 1.2.840.10045.2.1.
const ELLIPTIC_CURVE: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
/// prime256v1, 1.2.840.10045.3.1.7.
const P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
/// id-Ed25519, 1.3.101.112.
const ED25519: &[u8] = &[0x2B, 0x65, 0x70];

/// One value, and what stands behind it.
struct Value<'a> {
    tag: u8,
    content: &'a [u8],
    /// Tag, length and content.
    whole: &'a [u8],
    rest: &'a [u8],
}

/// The value at the start of `bytes`, with a length in DER's one way of writing it.
fn value(bytes: &[u8]) -> Option<Value<'_>> {
    let (&tag, after_tag) = bytes.split_first()?;
    let (&first, after_first) = after_tag.split_first()?;
    let (length, body) = match first {
        0..=0x7F => (usize::from(first), after_first),
        0x81..=0x84 => {
            let (digits, body) = after_first.split_at_checked(usize::from(first - 0x80))?;
            let length = digits.iter().fold(0_usize, |length, &digit| length << 8 | usize::from(digit));
            if digits[0] == 0 || length < 0x80 {
                return None;
            }
            (length, body)
        }
        _ => return None,
    };
    let (content, rest) = body.split_at_checked(length)?;
    Some(Value { tag, content, whole: &bytes[..bytes.len() - rest.len()], rest })
}

/// The value at the start, if it has this tag.
fn expect(bytes: &[u8], tag: u8) -> Option<Value<'_>> {
    value(bytes).filter(|value| value.tag == tag)
}

/// The content of the one value that `bytes` are, if it has this tag.
fn only(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    expect(bytes, tag).filter(|value| value.rest.is_empty()).map(|value| value.content)
}

/// The SubjectPublicKeyInfo of an X.509 certificate (RFC 5280 §4.1). Nothing else of it is looked at: neither who signed it
/// nor how long it is valid.
pub fn key_of_certificate(certificate: &[u8]) -> Option<&[u8]> {
    let to_be_signed = expect(only(certificate, SEQUENCE)?, SEQUENCE)?.content;
    let after_version = expect(to_be_signed, VERSION).map_or(to_be_signed, |version| version.rest);
    let mut rest = expect(after_version, INTEGER)?.rest;
    // The algorithm of the signature, the issuer, the validity, the subject.
    for _ in 0..4 {
        rest = expect(rest, SEQUENCE)?.rest;
    }
    Some(expect(rest, SEQUENCE)?.whole)
}

/// What a SubjectPublicKeyInfo holds.
#[derive(Debug, PartialEq, Eq)]
pub enum KeyInfo {
    /// A key that we can use, if the library agrees.
    Kind(KeyKind),
    /// A key of an algorithm that we do not use.
    Other,
    /// No SubjectPublicKeyInfo at all.
    Malformed,
}

/// Of what kind is the key of a SubjectPublicKeyInfo?
pub fn key_info(spki: &[u8]) -> KeyInfo {
    let parts = || {
        let algorithm = expect(only(spki, SEQUENCE)?, SEQUENCE)?;
        only(algorithm.rest, BIT_STRING)?;
        let name = expect(algorithm.content, OBJECT_IDENTIFIER)?;
        Some((name.content, name.rest))
    };
    let Some((name, parameters)) = parts() else { return KeyInfo::Malformed };
    match name {
        RSA => KeyInfo::Kind(KeyKind::Rsa),
        ED25519 => KeyInfo::Kind(KeyKind::Ed25519),
        ELLIPTIC_CURVE if only(parameters, OBJECT_IDENTIFIER) == Some(P256) => KeyInfo::Kind(KeyKind::P256),
        _ => KeyInfo::Other,
    }
}
