//! A snapshot that is written piece by piece while commands go on: of a million records the first is old when the last is
//! written, so the tables keep what each record was before it changed, for as long as a capture goes on.
//!
//! Beginning copies only what is small; each piece is about as long as it is told to be; and what was kept goes at the
//! end. So whoever applies commands never waits for long. Nothing here changes the state or its digest.

use crate::codec::{Encode, Sink};
use crate::id::{EntityId, SubscriptionId, UssId};
use crate::notify::NotificationIndices;
use crate::ovn::OvnSuffix;
use crate::reads::Counts;
use crate::records::{
    AvailabilityRecord, ConstraintRecord, IdentificationServiceAreaRecord, OperationalIntentRecord, ReportRecord,
    RidSubscriptionRecord, StateRecord, SubscriptionRecord,
};
use crate::registry::Registry;
use crate::snapshot::SNAPSHOT_VERSION;
use crate::table::{Record, Table};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// What the values of a map were before they changed; `None` where there was nothing. Kept only while a capture goes on.
#[derive(Clone, Debug)]
pub(crate) struct Before<K, V>(Option<BTreeMap<K, Option<V>>>);

impl<K, V> Default for Before<K, V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: Copy + Ord, V> Before<K, V> {
    pub fn begin(&mut self) {
        assert!(self.0.is_none(), "bug: a capture began while another one went on");
        self.0 = Some(BTreeMap::new());
    }

    /// Gives what was kept, for the caller to drop when there is time.
    pub fn end(&mut self) -> Option<BTreeMap<K, Option<V>>> {
        self.0.take()
    }

    /// The value of `key` is about to change: it is `value` now. Only the first time since the beginning counts.
    pub fn note(&mut self, key: K, value: impl FnOnce() -> Option<V>) {
        if let Some(before) = &mut self.0 {
            before.entry(key).or_insert_with(value);
        }
    }

    /// What the value of `key` was; `None` if it is still the same.
    pub fn get(&self, key: K) -> Option<Option<&V>> {
        self.0.as_ref()?.get(&key).map(Option::as_ref)
    }

    /// The values with keys after `after` that were there and have changed, ascending.
    pub fn after(&self, after: Option<K>) -> impl Iterator<Item = (K, &V)> {
        let changed = self.0.iter().flat_map(move |before| before.range(beyond(after)));
        changed.filter_map(|(key, value)| Some((*key, value.as_ref()?)))
    }
}

/// All keys after `after`.
pub(crate) fn beyond<K>(after: Option<K>) -> (core::ops::Bound<K>, core::ops::Bound<K>) {
    use core::ops::Bound::{Excluded, Unbounded};
    (after.map_or(Unbounded, Excluded), Unbounded)
}

/// A snapshot on its way: how far it has come, and what was small enough to be copied at the beginning.
#[derive(Debug)]
pub struct Capture {
    at: Stage,
    state: StateRecord,
    counts: Counts,
    availabilities: Vec<(UssId, AvailabilityRecord)>,
    reports: Vec<ReportRecord>,
    spent: Vec<(OvnSuffix, EntityId)>,
    digest: u128,
}

/// What comes next: the records after this one.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Beginning,
    Intents(Option<EntityId>),
    Constraints(Option<EntityId>),
    Subscriptions(Option<SubscriptionId>),
    ServiceAreas(Option<EntityId>),
    RidSubscriptions(Option<SubscriptionId>),
    Rest,
}

/// What a capture kept. Dropping it takes as long as there were changes.
#[derive(Debug)]
#[expect(dead_code, reason = "it is only there to be dropped")]
pub struct Remains {
    intents: Option<BTreeMap<EntityId, Option<OperationalIntentRecord>>>,
    constraints: Option<BTreeMap<EntityId, Option<ConstraintRecord>>>,
    subscriptions: Option<BTreeMap<SubscriptionId, Option<SubscriptionRecord>>>,
    notification_indices: Option<BTreeMap<SubscriptionId, Option<i32>>>,
    service_areas: Option<BTreeMap<EntityId, Option<IdentificationServiceAreaRecord>>>,
    rid_subscriptions: Option<BTreeMap<SubscriptionId, Option<RidSubscriptionRecord>>>,
    rid_notification_indices: Option<BTreeMap<SubscriptionId, Option<i32>>>,
}

impl Registry {
    /// Begins to capture the state as it is now. Commands may be applied before it ends; each costs a little more.
    ///
    /// # Panics
    /// If another capture goes on.
    pub fn begin_capture(&mut self) -> Capture {
        self.operational_intents.before.begin();
        self.constraints.before.begin();
        self.subscriptions.before.begin();
        self.notification_indices.before.begin();
        self.service_areas.before.begin();
        self.rid_subscriptions.before.begin();
        self.rid_notification_indices.before.begin();
        self.capture()
    }

    /// A capture that has to come to its end before the state changes.
    pub(crate) fn capture(&self) -> Capture {
        Capture {
            at: Stage::Beginning,
            state: self.state,
            counts: self.counts(),
            availabilities: self.availabilities.iter().map(|(uss, record)| (uss.clone(), *record)).collect(),
            reports: self.reports.iter().cloned().collect(),
            spent: self.spent.iter().copied().collect(),
            digest: self.digest(),
        }
    }

    /// Appends the next piece to `out`: records until they have so many bytes, or one that is longer. False if the registry has
    /// no more to give; [`Capture::finish`] gives the last piece.
    pub fn capture_next(&self, capture: &mut Capture, bytes: usize, out: &mut Vec<u8>) -> bool {
        let counts = capture.counts;
        capture.at = match capture.at {
            Stage::Beginning => {
                SNAPSHOT_VERSION.encode(out);
                capture.state.encode(out);
                begin(counts.operational_intents, Stage::Intents(None), out)
            }
            Stage::Intents(after) => match encode_after(&self.operational_intents, after, bytes, out, |intent| intent) {
                Some(last) => Stage::Intents(Some(last)),
                None => begin(counts.constraints, Stage::Constraints(None), out),
            },
            Stage::Constraints(after) => match encode_after(&self.constraints, after, bytes, out, |constraint| constraint) {
                Some(last) => Stage::Constraints(Some(last)),
                None => begin(counts.subscriptions, Stage::Subscriptions(None), out),
            },
            Stage::Subscriptions(after) => {
                let view = |it| with_index(it, &self.notification_indices);
                match encode_after(&self.subscriptions, after, bytes, out, view) {
                    Some(last) => Stage::Subscriptions(Some(last)),
                    None => begin(counts.identification_service_areas, Stage::ServiceAreas(None), out),
                }
            }
            Stage::ServiceAreas(after) => match encode_after(&self.service_areas, after, bytes, out, |area| area) {
                Some(last) => Stage::ServiceAreas(Some(last)),
                None => begin(counts.rid_subscriptions, Stage::RidSubscriptions(None), out),
            },
            Stage::RidSubscriptions(after) => {
                let view = |it| with_index(it, &self.rid_notification_indices);
                match encode_after(&self.rid_subscriptions, after, bytes, out, view) {
                    Some(last) => Stage::RidSubscriptions(Some(last)),
                    None => Stage::Rest,
                }
            }
            Stage::Rest => return false,
        };
        true
    }

    /// Ends a capture, whether it came to its end or not. What it kept is given back, to be dropped when there is time.
    pub fn end_capture(&mut self) -> Remains {
        Remains {
            intents: self.operational_intents.before.end(),
            constraints: self.constraints.before.end(),
            subscriptions: self.subscriptions.before.end(),
            notification_indices: self.notification_indices.before.end(),
            service_areas: self.service_areas.before.end(),
            rid_subscriptions: self.rid_subscriptions.before.end(),
            rid_notification_indices: self.rid_notification_indices.before.end(),
        }
    }
}

impl Capture {
    /// Appends the last piece to `out`; the registry is not needed for it.
    pub fn finish(&self, out: &mut Vec<u8>) {
        encode_all(&self.availabilities, out);
        encode_all(&self.reports, out);
        encode_all(&self.spent, out);
        self.digest.encode(out);
    }
}

/// Begins a table of so many records.
fn begin(records: usize, stage: Stage, out: &mut Vec<u8>) -> Stage {
    (records as u64).encode(out);
    stage
}

/// A subscription and its notification index, as that was at the beginning.
fn with_index<'a, R: Record<Id = SubscriptionId>>(subscription: &'a R, indices: &NotificationIndices) -> (&'a R, i32) {
    (subscription, indices.at_beginning(subscription.id()))
}

/// Encodes records that come after `after`, as they were at the beginning, until they have so many bytes; gives the last one's
/// id.
fn encode_after<'a, R: Record + Clone, T: Encode>(
    table: &'a Table<R>,
    after: Option<R::Id>,
    bytes: usize,
    out: &mut Vec<u8>,
    view: impl Fn(&'a R) -> T,
) -> Option<R::Id> {
    let (mut last, begin) = (None, out.len());
    for record in table.at_beginning_after(after) {
        view(record).encode(out);
        last = Some(record.id());
        if out.len() - begin >= bytes {
            break;
        }
    }
    last
}

fn encode_all<T: Encode>(items: &[T], out: &mut impl Sink) {
    (items.len() as u64).encode(out);
    items.iter().for_each(|item| item.encode(out));
}
