//! Bytes: little-endian numbers, lists with a length of four bytes, texts with a length of two. `docs/registry-commands.md`
//! is the format.
//!
//! Reading never panics and never takes more memory than the input justifies. Each value has exactly one encoding: what was
//! read, written again, gives the same bytes.

use crate::id::{EntityId, OpaqueVersion, ReportId, SubscriptionId, UssBaseUrl, UssId};
use crate::ovn::{Key, Ovn, OvnSuffix};
use crate::records::{OperationalIntentState, Options, Quota, Quotas, UssAvailability};
use crate::rid_version::RidVersion;
use crate::time::{Time, TimeSpan};
use crate::volume::{AltitudeBand, Cell, Cells, Volume, Volumes};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// Why bytes are not what they should be. Positions are counted in bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The format is newer than this program, or no format of ours.
    Version {
        /// The version that the first byte names.
        found: u8,
        /// The version that this program knows.
        known: u8,
    },
    /// The input ends in the middle of a value.
    Cut {
        /// Where the value began.
        at: usize,
    },
    /// The input goes on after the end.
    Trailing {
        /// Where the end was.
        at: usize,
    },
    /// A value that makes no sense.
    Invalid {
        /// Where it begins or ends.
        at: usize,
        /// What was expected.
        expected: &'static str,
    },
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Version { found, known } => {
                write!(
                    f,
                    "the format has version {found}, this program reads version {known}; a newer program wrote it, or it is damaged"
                )
            }
            Self::Cut { at } => write!(f, "the input ends within the value that begins at byte {at}"),
            Self::Trailing { at } => write!(f, "the input goes on after its end at byte {at}"),
            Self::Invalid { at, expected } => write!(f, "at byte {at}: expected {expected}"),
        }
    }
}

impl core::error::Error for Unreadable {}

/// Where encoded bytes go: a buffer, or a hash.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

pub(crate) trait Encode {
    fn encode(&self, out: &mut impl Sink);
}

pub(crate) trait Decode: Sized {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable>;
}

/// Input that is read from front to back.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Begins after the first byte, which must name the version `known`.
    pub fn new(bytes: &'a [u8], known: u8) -> Result<Self, Unreadable> {
        let mut reader = Self { bytes, at: 0 };
        match u8::decode(&mut reader)? {
            found if found == known => Ok(reader),
            found => Err(Unreadable::Version { found, known }),
        }
    }

    /// One value and nothing after it.
    pub fn only<T: Decode>(bytes: &'a [u8], known: u8) -> Result<T, Unreadable> {
        let mut reader = Self::new(bytes, known)?;
        let value = T::decode(&mut reader)?;
        reader.end()?;
        Ok(value)
    }

    pub fn end(&self) -> Result<(), Unreadable> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(Unreadable::Trailing { at: self.at }) }
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Unreadable> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..count).ok_or(Unreadable::Cut { at: self.at })?;
        self.at += count;
        Ok(taken)
    }

    pub fn invalid(&self, expected: &'static str) -> Unreadable {
        Unreadable::Invalid { at: self.at, expected }
    }

    fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Encode for $number {
            fn encode(&self, out: &mut impl Sink) {
                out.put(&self.to_le_bytes());
            }
        }

        impl Decode for $number {
            fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
                let bytes = input.take(size_of::<Self>())?;
                Ok(Self::from_le_bytes(bytes.try_into().expect("as many bytes as were asked for")))
            }
        }
    )+};
}
numbers!(u8, u16, u32, u64, u128, i32, i64);

impl Encode for bool {
    fn encode(&self, out: &mut impl Sink) {
        u8::from(*self).encode(out);
    }
}

impl Decode for bool {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        match u8::decode(input)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(input.invalid("0 or 1 before this place")),
        }
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut impl Sink) {
        self.is_some().encode(out);
        if let Some(value) = self {
            value.encode(out);
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        if bool::decode(input)? { T::decode(input).map(Some) } else { Ok(None) }
    }
}

/// Writes a list: how many, then each.
pub(crate) fn encode_list<T: Encode>(list: &[T], out: &mut impl Sink) {
    u32::try_from(list.len()).expect("no list has four thousand million members").encode(out);
    for item in list {
        item.encode(out);
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut impl Sink) {
        encode_list(self, out);
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        let count = u32::decode(input)? as usize;
        // No value takes less than a byte. The promise of a list that cannot be there costs no memory.
        if count > input.remaining() {
            return Err(input.invalid("no more members than bytes"));
        }
        let mut list = Self::with_capacity(count.min(input.remaining() / size_of::<T>().max(1)));
        for _ in 0..count {
            list.push(T::decode(input)?);
        }
        Ok(list)
    }
}

impl Decode for () {
    fn decode(_: &mut Reader) -> Result<Self, Unreadable> {
        Ok(())
    }
}

impl<A: Encode, B: Encode> Encode for (A, B) {
    fn encode(&self, out: &mut impl Sink) {
        self.0.encode(out);
        self.1.encode(out);
    }
}

impl<A: Decode, B: Decode> Decode for (A, B) {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        Ok((A::decode(input)?, B::decode(input)?))
    }
}

impl Encode for Box<[u8]> {
    fn encode(&self, out: &mut impl Sink) {
        u32::try_from(self.len()).expect("no body has four thousand million bytes").encode(out);
        out.put(self);
    }
}

impl Decode for Box<[u8]> {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        let count = u32::decode(input)? as usize;
        Ok(input.take(count)?.into())
    }
}

macro_rules! bits {
    ($($name:ident),+) => {$(
        impl Encode for $name {
            fn encode(&self, out: &mut impl Sink) {
                self.as_u128().encode(out);
            }
        }

        impl Decode for $name {
            fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
                u128::decode(input).map(Self::from_u128)
            }
        }
    )+};
}
bits!(EntityId, SubscriptionId, ReportId, OpaqueVersion);

macro_rules! texts {
    ($($name:ident),+) => {$(
        impl Encode for $name {
            fn encode(&self, out: &mut impl Sink) {
                u16::try_from(self.as_str().len()).expect("texts are shorter than 64 KiB").encode(out);
                out.put(self.as_str().as_bytes());
            }
        }

        impl Decode for $name {
            fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
                let count = u16::decode(input)?;
                let bytes = input.take(usize::from(count))?;
                let text = core::str::from_utf8(bytes).map_err(|_| input.invalid("UTF-8 before this place"))?;
                Self::new(text).map_err(|_| input.invalid("a text that is neither empty nor too long before this place"))
            }
        }
    )+};
}
texts!(UssId, UssBaseUrl);

/// Gives a struct the encodings of its fields, in the order in which they are named.
macro_rules! coded_struct {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::codec::Encode for $name {
            fn encode(&self, out: &mut impl $crate::codec::Sink) {
                $(self.$field.encode(out);)+
            }
        }

        impl $crate::codec::Decode for $name {
            fn decode(input: &mut $crate::codec::Reader) -> Result<Self, $crate::codec::Unreadable> {
                $(let $field = $crate::codec::Decode::decode(input)?;)+
                Ok(Self { $($field),+ })
            }
        }
    };
}

/// Gives an enum without contents one byte per variant.
macro_rules! coded_enum {
    ($name:ident { $($tag:literal = $variant:ident),+ $(,)? }) => {
        impl Encode for $name {
            fn encode(&self, out: &mut impl Sink) {
                let tag: u8 = match self { $(Self::$variant => $tag),+ };
                tag.encode(out);
            }
        }

        impl $crate::codec::Decode for $name {
            fn decode(input: &mut $crate::codec::Reader) -> Result<Self, $crate::codec::Unreadable> {
                match u8::decode(input)? {
                    $($tag => Ok(Self::$variant),)+
                    _ => Err(input.invalid(concat!("a known ", stringify!($name), " before this place"))),
                }
            }
        }
    };
}
pub(crate) use coded_struct;

coded_enum!(OperationalIntentState { 1 = Accepted, 2 = Activated, 3 = Nonconforming, 4 = Contingent });
coded_enum!(UssAvailability { 0 = Unknown, 1 = Normal, 2 = Down });
coded_enum!(Quota { 1 = Entities, 2 = Cells, 3 = ReportBytes });
coded_struct!(Quotas { entities, cells, report_bytes });
coded_struct!(Options { time_based_notification_index, quotas, retention_ns });
coded_struct!(Volume { cells, altitude, time });

impl Encode for Time {
    fn encode(&self, out: &mut impl Sink) {
        self.ns().encode(out);
    }
}

impl Decode for Time {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        i64::decode(input).map(Self::from_ns)
    }
}

impl Encode for RidVersion {
    fn encode(&self, out: &mut impl Sink) {
        self.number().encode(out);
    }
}

impl Decode for RidVersion {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        Self::from_number(i64::decode(input)?).ok_or_else(|| input.invalid("a number that is not negative before this place"))
    }
}

impl Encode for TimeSpan {
    fn encode(&self, out: &mut impl Sink) {
        (self.start(), self.end()).encode(out);
    }
}

impl Decode for TimeSpan {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        let (start, end) = Decode::decode(input)?;
        Self::new(start, end).map_err(|_| input.invalid("a span whose end is not before its start before this place"))
    }
}

impl Encode for AltitudeBand {
    fn encode(&self, out: &mut impl Sink) {
        (self.lower_cm(), self.upper_cm()).encode(out);
    }
}

impl Decode for AltitudeBand {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        let (lower_cm, upper_cm) = Decode::decode(input)?;
        Self::new(lower_cm, upper_cm)
            .map_err(|_| input.invalid("a band whose upper edge is not below its lower before this place"))
    }
}

impl Encode for Cell {
    fn encode(&self, out: &mut impl Sink) {
        self.index().encode(out);
    }
}

impl Decode for Cell {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        Self::from_index(u32::decode(input)?).ok_or_else(|| input.invalid("the index of a cell before this place"))
    }
}

impl Encode for Cells {
    fn encode(&self, out: &mut impl Sink) {
        encode_list(self.as_slice(), out);
    }
}

impl Decode for Cells {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        let cells = Vec::<Cell>::decode(input)?;
        if !cells.is_sorted_by(|a, b| a < b) {
            return Err(input.invalid("ascending cells before this place"));
        }
        Self::new(cells).map_err(|_| input.invalid("neither no cell nor too many before this place"))
    }
}

impl Encode for Volumes {
    fn encode(&self, out: &mut impl Sink) {
        encode_list(self.as_slice(), out);
    }
}

impl Decode for Volumes {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        Self::new(Vec::decode(input)?)
            .map_err(|_| input.invalid("volumes that last, neither none nor too many, before this place"))
    }
}

impl Encode for OvnSuffix {
    fn encode(&self, out: &mut impl Sink) {
        self.as_u128().encode(out);
    }
}

impl Decode for OvnSuffix {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        Self::from_u128(u128::decode(input)?).ok_or_else(|| input.invalid("a UUID of version 7 before this place"))
    }
}

impl Encode for Ovn {
    fn encode(&self, out: &mut impl Sink) {
        match self {
            Self::Issued(bits) => (0u8, *bits).encode(out),
            Self::Requested { entity, suffix } => (1u8, (*entity, *suffix)).encode(out),
        }
    }
}

impl Decode for Ovn {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        match u8::decode(input)? {
            0 => u128::decode(input).map(Self::Issued),
            1 => {
                let (entity, suffix) = Decode::decode(input)?;
                Ok(Self::Requested { entity, suffix })
            }
            _ => Err(input.invalid("a known kind of OVN before this place")),
        }
    }
}

impl Encode for Key {
    fn encode(&self, out: &mut impl Sink) {
        encode_list(self.as_slice(), out);
    }
}

impl Decode for Key {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        let ovns = Vec::<Ovn>::decode(input)?;
        if !ovns.is_sorted_by(|a, b| a < b) {
            return Err(input.invalid("ascending OVNs before this place"));
        }
        Ok(Self::new(ovns))
    }
}
