//! Names: ids of 128 bits, and the two texts that the registry keeps. Does not know which versions of UUIDs are welcome where.

use alloc::sync::Arc;
use core::fmt;

macro_rules! uuid {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// The id whose 16 bytes, most significant first, are those of `bits`.
            pub const fn from_u128(bits: u128) -> Self {
                Self(bits)
            }

            /// The 16 bytes as a number, most significant first.
            pub const fn as_u128(self) -> u128 {
                self.0
            }
        }

        /// The usual 36 characters.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write_uuid(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write_uuid(self.0, f)
            }
        }
    };
}

uuid! {
    /// Id of an operational intent or a constraint: a UUID.
    EntityId
}
uuid! {
    /// Id of a subscription: a UUID.
    SubscriptionId
}
uuid! {
    /// Id of a report: a UUID.
    ReportId
}

/// Where the hyphens of a UUID stand.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// Written in one piece: an answer may name a hundred subscriptions.
pub(crate) fn write_uuid(bits: u128, f: &mut fmt::Formatter) -> fmt::Result {
    let mut text = [b'-'; 36];
    let mut at = 0;
    for byte in bits.to_be_bytes() {
        at += usize::from(HYPHENS.contains(&at));
        for digit in [byte >> 4, byte & 0xf] {
            text[at] = DIGITS[usize::from(digit)];
            at += 1;
        }
    }
    f.write_str(core::str::from_utf8(&text).expect("digits and hyphens are UTF-8"))
}

/// Reads the usual 36 characters, lower case, and nothing else.
pub(crate) fn read_uuid(text: &str) -> Option<u128> {
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    if HYPHENS.iter().any(|&at| bytes[at] != b'-') {
        return None;
    }
    let part = |from: usize, to: usize| read_digits(&bytes[from..to]);
    let high = part(0, 8)? << 32 | part(9, 13)? << 16 | part(14, 18)?;
    let low = part(19, 23)? << 48 | part(24, 36)?;
    Some(u128::from(high) << 64 | u128::from(low))
}

/// At most 16 hexadecimal digits, lower case.
fn read_digits(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |bits, &digit| match VALUES[usize::from(digit)] {
        NO_DIGIT => None,
        value => Some(bits << 4 | u64::from(value)),
    })
}

const DIGITS: [u8; 16] = *b"0123456789abcdef";
const NO_DIGIT: u8 = 0xff;

/// What each byte is worth as a digit: keys are long, and this is half as fast with comparisons.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        values[DIGITS[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// Reads 32 hexadecimal digits, lower case, and nothing else.
pub(crate) fn read_hex(text: &str) -> Option<u128> {
    let (high, low) = text.as_bytes().split_at_checked(16)?;
    if low.len() != 16 {
        return None;
    }
    Some(u128::from(read_digits(high)?) << 64 | u128::from(read_digits(low)?))
}

/// The `version` of a subscription or an availability: drawn anew with every change, and never looked into.
///
/// Its text is 32 hexadecimal digits. An entity's `version` is a counter and something else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpaqueVersion(u128);

impl OpaqueVersion {
    /// The version with these bits.
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits)
    }

    /// The bits.
    pub const fn as_u128(self) -> u128 {
        self.0
    }

    /// Reads what `Display` writes; `None` for any text that no registry has ever issued.
    pub fn parse(text: &str) -> Option<Self> {
        read_hex(text).map(Self)
    }
}

impl fmt::Display for OpaqueVersion {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for OpaqueVersion {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is empty or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidText {
    /// How long the text is.
    pub found_bytes: usize,
    /// How long it may be.
    pub max_bytes: usize,
}

impl fmt::Display for InvalidText {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "the text has {} bytes, from 1 to {} are accepted", self.found_bytes, self.max_bytes)
    }
}

impl core::error::Error for InvalidText {}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $max_bytes:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) Arc<str>);

        impl $name {
            /// Most bytes that the text may have.
            pub const MAX_BYTES: usize = $max_bytes;

            /// The text, unless it is empty or too long.
            ///
            /// # Errors
            /// It is.
            pub fn new(text: &str) -> Result<Self, InvalidText> {
                match text.len() {
                    1..=Self::MAX_BYTES => Ok(Self(text.into())),
                    found_bytes => Err(InvalidText { found_bytes, max_bytes: Self::MAX_BYTES }),
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
    };
}

text! {
    /// A USS, as its tokens name it (`sub`). As the owner of something it is that thing's manager.
    UssId, 256
}
text! {
    /// Where a USS can be reached; kept as it was given.
    UssBaseUrl, 2048
}
