//! The whole state as bytes, and back. `docs/registry-commands.md` is the format.
//!
//! What follows from the rest (indices, dependents) is not written but built anew, so a snapshot that is read is also a check
//! of the digest that was kept step by step: it must come out the same.

use crate::codec::{Decode, Reader, Unreadable, coded_struct};
use crate::digest::Role;
use crate::id::{EntityId, UssId};
use crate::notify::NotificationIndices;
use crate::ovn::OvnSuffix;
use crate::records::{AvailabilityRecord, OperationalIntentRecord, ReportRecord, StateRecord};
use crate::registry::Registry;
use crate::table::{Record, Table};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Version of the format of snapshots, their first byte.
pub const SNAPSHOT_VERSION: u8 = 4;

/// Records, and what followed each of them.
type Followed<R, T> = (Vec<Box<R>>, Vec<(<R as Record>::Id, T)>);

/// Bytes that are encoded at once, about.
const PIECE_BYTES: usize = 64 * 1024;

coded_struct!(StateRecord { log_time, accepted, last_rid_version, options });
coded_struct!(AvailabilityRecord { state, version });
coded_struct!(ReportRecord { id, reporter, filed_at, body_bytes });

impl Registry {
    /// Hands the bytes of a snapshot to `write`, piece by piece. Where commands must not wait so long, see
    /// [`Registry::begin_capture`].
    pub fn write_snapshot(&self, mut write: impl FnMut(&[u8])) {
        let mut capture = self.capture();
        let mut piece = Vec::new();
        while self.capture_next(&mut capture, PIECE_BYTES, &mut piece) {
            write(&piece);
            piece.clear();
        }
        capture.finish(&mut piece);
        write(&piece);
    }

    /// The bytes of a snapshot.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_snapshot(|piece| bytes.extend_from_slice(piece));
        bytes
    }

    /// The registry that a snapshot is of.
    ///
    /// # Errors
    /// The bytes are of another version, or no snapshot, or of a state that could not have come about, or their digest
    /// is not the one of what was read. Nothing panics.
    pub fn from_snapshot(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut input = Reader::new(bytes, SNAPSHOT_VERSION)?;
        let mut registry = Self::new();
        registry.state = Decode::decode(&mut input)?;
        registry.read_tables(&mut input)?;
        registry.read_rest(&mut input)?;
        registry.check_dependents_read(&input)?;
        let digest = u128::decode(&mut input)?;
        input.end()?;
        if registry.digest() != digest {
            return Err(input.invalid("before this place the digest of what was read"));
        }
        Ok(registry)
    }

    fn read_tables(&mut self, input: &mut Reader) -> Result<(), Unreadable> {
        let intents: Vec<Box<OperationalIntentRecord>> = self.read_table(input)?;
        self.dependents = intents.iter().filter_map(|intent| Some((intent.subscription?, intent.id))).collect();
        self.operational_intents = Table::from_ascending(intents);
        self.constraints = Table::from_ascending(self.read_table(input)?);
        let (subscriptions, indices) = self.read_table_with(input)?;
        self.subscriptions = Table::from_ascending(subscriptions);
        self.notification_indices = NotificationIndices::from_ascending(Role::NotificationIndex, indices);
        self.service_areas = Table::from_ascending(self.read_table(input)?);
        let (subscriptions, indices) = self.read_table_with(input)?;
        self.rid_subscriptions = Table::from_ascending(subscriptions);
        self.rid_notification_indices = NotificationIndices::from_ascending(Role::RidNotificationIndex, indices);
        Ok(())
    }

    /// Records whose ids ascend.
    fn read_table<R: Record + Decode>(&mut self, input: &mut Reader) -> Result<Vec<Box<R>>, Unreadable> {
        Ok(self.read_table_with::<R, ()>(input)?.0)
    }

    /// Records whose ids ascend, each followed by something.
    fn read_table_with<R: Record + Decode, T: Decode>(&mut self, input: &mut Reader) -> Result<Followed<R, T>, Unreadable> {
        let (mut records, mut followers) = (Vec::<Box<R>>::new(), Vec::new());
        for _ in 0..u64::decode(input)? {
            let (mut record, follower) = <(R, T)>::decode(input)?;
            if records.last().is_some_and(|last| last.id() >= record.id()) {
                return Err(input.invalid("a record whose id is greater than the last one's before this place"));
            }
            self.names.share(&mut record);
            followers.push((record.id(), follower));
            records.push(Box::new(record));
        }
        Ok((records, followers))
    }

    fn read_rest(&mut self, input: &mut Reader) -> Result<(), Unreadable> {
        decode_all(input, |input| {
            let (uss, availability): (UssId, AvailabilityRecord) = Decode::decode(input)?;
            let uss = self.names.uss(&uss);
            self.availabilities.set(uss, availability);
            Ok(())
        })?;
        decode_all(input, |input| {
            let mut report = ReportRecord::decode(input)?;
            if self.reports.contains(report.id) {
                return Err(input.invalid("a report that was not there yet before this place"));
            }
            report.reporter = self.names.uss(&report.reporter);
            self.reports.insert(report);
            Ok(())
        })?;
        decode_all(input, |input| {
            let (suffix, entity): (OvnSuffix, EntityId) = Decode::decode(input)?;
            self.spent.insert(entity, suffix);
            Ok(())
        })
    }

    /// What intents and subscriptions say of each other must fit, or a later command could find a contradiction.
    fn check_dependents_read(&self, input: &Reader) -> Result<(), Unreadable> {
        let is_there = |(subscription, _): &(_, _)| self.subscriptions.contains(*subscription);
        if !self.dependents.iter().all(is_there) {
            return Err(input.invalid("before this place every subscription that an intent names"));
        }
        for subscription in self.subscriptions.iter() {
            let mut dependents = self.dependents_of(subscription.id).peekable();
            if subscription.implicit && dependents.peek().is_none() {
                return Err(input.invalid("before this place no implicit subscription that nobody needs"));
            }
            let outlasted = |id| {
                self.operational_intents
                    .get(id)
                    .is_some_and(|intent| intent.volumes.time().end() <= subscription.extent.time.end())
            };
            if !dependents.all(outlasted) {
                return Err(input.invalid("before this place no subscription that ends before an intent that depends on it"));
            }
        }
        Ok(())
    }
}

fn decode_all(input: &mut Reader, mut decode: impl FnMut(&mut Reader) -> Result<(), Unreadable>) -> Result<(), Unreadable> {
    for _ in 0..u64::decode(input)? {
        decode(input)?;
    }
    Ok(())
}
