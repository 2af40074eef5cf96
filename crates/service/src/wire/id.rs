//! Ids on the wire: UUIDs with or without dashes, in lower or upper case, as the servers in use read them.

use deconflict_registry::OvnSuffix;
use std::fmt;

/// Why a text is not the id that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidId {
    /// There is nothing.
    Missing,
    /// It is no UUID.
    NotUuid,
    /// It is a UUID of another version or variant.
    NotVersion(u8),
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing; expected a UUID"),
            Self::NotUuid => f.write_str("is no UUID"),
            Self::NotVersion(version) => write!(f, "is no UUID of version {version}"),
        }
    }
}

/// The bits of a UUID of version 4.
///
/// # Errors
/// It is something else.
pub fn version_4(text: &str) -> Result<u128, InvalidId> {
    of_version(4, text)
}

/// A suffix for an OVN: a UUID of version 7.
///
/// # Errors
/// It is something else.
pub fn ovn_suffix(text: &str) -> Result<OvnSuffix, InvalidId> {
    of_version(7, text).and_then(|bits| OvnSuffix::from_u128(bits).ok_or(InvalidId::NotVersion(7)))
}

fn of_version(version: u8, text: &str) -> Result<u128, InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::Missing);
    }
    let bits = uuid(text.as_bytes()).ok_or(InvalidId::NotUuid)?;
    let is_rfc4122 = (bits >> 62) & 0b11 == 0b10;
    let is_version = (bits >> 76) & 0xf == u128::from(version);
    if is_rfc4122 && is_version { Ok(bits) } else { Err(InvalidId::NotVersion(version)) }
}

fn uuid(text: &[u8]) -> Option<u128> {
    let is_dashed = match text.len() {
        36 => true,
        32 => false,
        _ => return None,
    };
    let mut bits = 0;
    for (at, byte) in text.iter().enumerate() {
        let is_dash = is_dashed && matches!(at, 8 | 13 | 18 | 23);
        match (is_dash, byte) {
            (true, b'-') => {}
            (true, _) => return None,
            (false, byte) => bits = bits << 4 | u128::from((*byte as char).to_digit(16)?),
        }
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const V4: &str = "2f8343be-6482-4d1b-a474-16847e01af1e";

    #[test]
    fn version_4_is_read_in_every_spelling_in_use() {
        let bits = 0x2f8343be_6482_4d1b_a474_16847e01af1e;
        for text in [V4.to_owned(), V4.to_uppercase(), V4.replace('-', "")] {
            assert_eq!(version_4(&text), Ok(bits), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_their_reason() {
        let cases = [
            ("", InvalidId::Missing),
            ("query", InvalidId::NotUuid),
            ("2f8343be-6482-4d1b-a474-16847e01af1", InvalidId::NotUuid),
            ("2f8343be-6482-4d1b-a474016847e01af1e", InvalidId::NotUuid),
            ("2f8343be-6482-4d1b-a474-16847e01af1g", InvalidId::NotUuid),
            ("{2f8343be64824d1ba47416847e01af1e}", InvalidId::NotUuid),
            ("2f8343be-6482-1d1b-a474-16847e01af1e", InvalidId::NotVersion(4)),
            ("2f8343be-6482-4d1b-c474-16847e01af1e", InvalidId::NotVersion(4)),
            ("00000000-0000-0000-0000-000000000000", InvalidId::NotVersion(4)),
        ];
        for (text, expected) in cases {
            assert_eq!(version_4(text), Err(expected), "{text}");
        }
        assert_eq!(ovn_suffix(V4), Err(InvalidId::NotVersion(7)));
        assert!(ovn_suffix("018f3a5e-0c00-7000-8000-000000000000").is_ok());
    }
}
