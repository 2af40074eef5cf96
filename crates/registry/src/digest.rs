//! The digest of the state: a sum of hashes, one per record, so that a change costs only the records that it touches and the
//! order in which they came does not matter. Replicas compare it after every command; a snapshot is checked against it.
//!
//! Each hash is SipHash-2-4 with 128 bits and a fixed key. It is there to notice that two states differ by mistake, which a
//! good 128-bit hash does except once in 2¹²⁸; nobody gains by making two replicas look alike, so it need not withstand a
//! forger (the journal's hash chain does). It was chosen over blake3 because a busy write renumbers a hundred subscriptions,
//! and a hash of 20 bytes then has to cost tens of nanoseconds, and because it needs no build of C or assembly.

use crate::codec::{Encode, Sink};
use core::hash::Hasher as _;
use siphasher::sip128::{Hasher128 as _, SipHasher24};

/// A hash that encoded bytes are fed to.
struct HashSink(SipHasher24);

impl Sink for HashSink {
    fn put(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }
}

/// What a record is of; the same bytes in different roles count differently.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    State = 0,
    OperationalIntent = 1,
    Constraint = 2,
    Subscription = 3,
    NotificationIndex = 4,
    Availability = 5,
    Report = 6,
    SpentSuffix = 7,
    IdentificationServiceArea = 8,
    RidSubscription = 9,
    RidNotificationIndex = 10,
}

/// The hash of one record.
pub(crate) fn hash(role: Role, record: &impl Encode) -> u128 {
    let mut sink = HashSink(SipHasher24::new());
    (role as u8).encode(&mut sink);
    record.encode(&mut sink);
    sink.0.finish128().as_u128()
}

/// A sum of hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum(u128);

impl Sum {
    pub fn add(&mut self, hash: u128) {
        self.0 = self.0.wrapping_add(hash);
    }

    pub fn subtract(&mut self, hash: u128) {
        self.0 = self.0.wrapping_sub(hash);
    }

    pub fn value(self) -> u128 {
        self.0
    }
}
