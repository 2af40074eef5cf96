//! Commands as bytes. `docs/registry-commands.md` is the format; a test pins it byte for byte.

use crate::codec::{Decode, Encode, Reader, Sink, Unreadable, coded_struct};
use crate::command::{
    Action, Carry, Command, DeleteConstraint, DeleteIdentificationServiceArea, DeleteOperationalIntent, DeleteRidSubscription,
    DeleteSubscription, Expected, Expire, FileReport, Fresh, IntentSubscription, NewOvn, PutConstraint,
    PutIdentificationServiceArea, PutOperationalIntent, PutRidSubscription, PutSubscription, SetUssAvailability,
};
use crate::time::Time;
use alloc::vec::Vec;

/// Version of the encoding of commands, its first byte. A program that finds another one does not guess: [`Command::decode`]
/// says which version it found and which it knows.
///
/// The version also stands for the rules: replaying a log gives the same state only if the same version means the same rules.
pub const COMMAND_VERSION: u8 = 4;

impl Command {
    /// The bytes of the command.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        COMMAND_VERSION.encode(&mut out);
        (self.proposed_at, &self.action).encode(&mut out);
        out
    }

    /// The command that `bytes` are.
    ///
    /// # Errors
    /// They are of another version, or no command. Nothing is guessed, and nothing panics.
    pub fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        let (proposed_at, action) = Reader::only(bytes, COMMAND_VERSION)?;
        Ok(Self { proposed_at, action })
    }
}

impl Action {
    /// How many bytes a command has that does this.
    pub fn command_bytes(&self) -> usize {
        let mut counted = Counted(0);
        COMMAND_VERSION.encode(&mut counted);
        (Time::MIN, self).encode(&mut counted);
        counted.0
    }
}

/// Counts bytes and keeps none.
struct Counted(usize);

impl Sink for Counted {
    fn put(&mut self, bytes: &[u8]) {
        self.0 += bytes.len();
    }
}

impl<T: Encode> Encode for &T {
    fn encode(&self, out: &mut impl Sink) {
        (*self).encode(out);
    }
}

macro_rules! actions {
    ($($tag:literal = $kind:ident),+ $(,)?) => {
        impl Encode for Action {
            fn encode(&self, out: &mut impl Sink) {
                match self {
                    $(Self::$kind(action) => ($tag as u8, action).encode(out),)+
                }
            }
        }

        impl Decode for Action {
            fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
                match u8::decode(input)? {
                    $($tag => Decode::decode(input).map(Self::$kind),)+
                    _ => Err(input.invalid("a known kind of command before this place")),
                }
            }
        }
    };
}
actions! {
    1 = PutOperationalIntent,
    2 = DeleteOperationalIntent,
    3 = PutConstraint,
    4 = DeleteConstraint,
    5 = PutSubscription,
    6 = DeleteSubscription,
    7 = SetUssAvailability,
    8 = FileReport,
    9 = Expire,
    10 = PutIdentificationServiceArea,
    11 = DeleteIdentificationServiceArea,
    12 = PutRidSubscription,
    13 = DeleteRidSubscription,
    14 = SetOptions,
    15 = Carry,
}

coded_struct!(PutOperationalIntent { caller, id, expected, state, volumes, uss_base_url, subscription, key, ovn });
coded_struct!(DeleteOperationalIntent { caller, id, ovn });
coded_struct!(PutConstraint { caller, id, expected, volumes, uss_base_url, ovn });
coded_struct!(DeleteConstraint { caller, id, ovn });
coded_struct!(PutSubscription {
    caller,
    id,
    expected,
    cells,
    start,
    end,
    uss_base_url,
    notify_for_operational_intents,
    notify_for_constraints,
    version,
});
coded_struct!(DeleteSubscription { caller, id, version });
coded_struct!(SetUssAvailability { uss, expected, availability, version });
coded_struct!(FileReport { reporter, id, body });
coded_struct!(Carry { record });
coded_struct!(Expire { retention_ns, limit });
coded_struct!(PutIdentificationServiceArea { caller, id, expected, cells, start, end, url });
coded_struct!(DeleteIdentificationServiceArea { caller, id, version });
coded_struct!(PutRidSubscription { caller, id, expected, cells, start, end, url });
coded_struct!(DeleteRidSubscription { caller, id, version });
coded_struct!(Fresh { id, version });

impl<V: Encode> Encode for Expected<V> {
    fn encode(&self, out: &mut impl Sink) {
        match self {
            Self::Nothing => 0u8.encode(out),
            Self::Version(None) => 1u8.encode(out),
            Self::Version(Some(version)) => (2u8, version).encode(out),
        }
    }
}

impl<V: Decode> Decode for Expected<V> {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        match u8::decode(input)? {
            0 => Ok(Self::Nothing),
            1 => Ok(Self::Version(None)),
            2 => V::decode(input).map(|version| Self::Version(Some(version))),
            _ => Err(input.invalid("a known kind of expectation before this place")),
        }
    }
}

impl Encode for IntentSubscription {
    fn encode(&self, out: &mut impl Sink) {
        match self {
            Self::None => 0u8.encode(out),
            Self::Existing { id, version } => (1u8, (id, version)).encode(out),
            Self::Implicit { fresh, uss_base_url, notify_for_constraints } => {
                (2u8, (fresh, (uss_base_url, notify_for_constraints))).encode(out);
            }
        }
    }
}

impl Decode for IntentSubscription {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        match u8::decode(input)? {
            0 => Ok(Self::None),
            1 => {
                let (id, version) = Decode::decode(input)?;
                Ok(Self::Existing { id, version })
            }
            2 => {
                let (fresh, (uss_base_url, notify_for_constraints)) = Decode::decode(input)?;
                Ok(Self::Implicit { fresh, uss_base_url, notify_for_constraints })
            }
            _ => Err(input.invalid("a known kind of subscription before this place")),
        }
    }
}

impl Encode for NewOvn {
    fn encode(&self, out: &mut impl Sink) {
        match self {
            Self::Issued(bits) => (0u8, *bits).encode(out),
            Self::Requested(suffix) => (1u8, *suffix).encode(out),
        }
    }
}

impl Decode for NewOvn {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        match u8::decode(input)? {
            0 => u128::decode(input).map(Self::Issued),
            1 => Decode::decode(input).map(Self::Requested),
            _ => Err(input.invalid("a known kind of new OVN before this place")),
        }
    }
}
