//! One kind of record: found by id, by cell and time, and by end; with the digest of all. Does not know what records mean.
//!
//! A record is only reachable through `get`, and only changed by `insert` and `remove`: the maps and the digest cannot part.

use crate::capture::{Before, beyond};
use crate::digest::Sum;
use crate::held::{Held, Holding};
use crate::id::{UssBaseUrl, UssId};
use crate::index::{Index, Slot};
use crate::time::{Time, TimeSpan};
use crate::volume::{AltitudeBand, Cells, Volume};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::iter;

/// What a table has to know of its records.
pub(crate) trait Record {
    type Id: Copy + Ord;
    fn id(&self) -> Self::Id;
    fn volumes(&self) -> &[Volume];
    fn end(&self) -> Time;
    fn hash(&self) -> u128;
    /// The USS that it belongs to.
    fn manager(&self) -> &UssId;
    /// Its texts that other records have, too.
    fn shared(&mut self) -> (&mut UssId, &mut UssBaseUrl);
}

#[derive(Clone, Debug)]
pub(crate) struct Table<R: Record> {
    /// Boxed, so that the growing vector moves only pointers.
    slots: Vec<Option<Box<R>>>,
    free: Vec<Slot>,
    by_id: BTreeMap<R::Id, Slot>,
    by_end: BTreeSet<(Time, R::Id)>,
    index: Index,
    held: Held,
    digest: Sum,
    /// What changed since a capture began.
    pub before: Before<R::Id, R>,
}

impl<R: Record> Default for Table<R> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            by_id: BTreeMap::new(),
            by_end: BTreeSet::new(),
            index: Index::default(),
            held: Held::default(),
            digest: Sum::default(),
            before: Before::default(),
        }
    }
}

impl<R: Record + Clone> Table<R> {
    /// The table of records whose ids ascend: all at once, which is several times as fast as one by one.
    pub fn from_ascending(records: Vec<Box<R>>) -> Self {
        let slots = || (0..).zip(&records);
        let mut digest = Sum::default();
        let mut held = Held::default();
        for record in &records {
            digest.add(record.hash());
            held.add(record.manager(), record.volumes());
        }
        Self {
            free: Vec::new(),
            by_id: slots().map(|(slot, record)| (record.id(), slot)).collect(),
            by_end: records.iter().map(|record| (record.end(), record.id())).collect(),
            index: Index::of(slots().map(|(slot, record)| (slot, record.volumes()))),
            held,
            digest,
            before: Before::default(),
            slots: records.into_iter().map(Some).collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn digest(&self) -> Sum {
        self.digest
    }

    /// The cells of all records.
    pub fn cells(&self) -> u64 {
        self.held.cells()
    }

    /// What `uss` holds of these records.
    pub fn held(&self, uss: &UssId) -> Holding {
        self.held.of(uss)
    }

    pub fn get(&self, id: R::Id) -> Option<&R> {
        self.by_id.get(&id).map(|&slot| self.at(slot))
    }

    pub fn contains(&self, id: R::Id) -> bool {
        self.by_id.contains_key(&id)
    }

    /// All records, ascending by id.
    pub fn iter(&self) -> impl Iterator<Item = &R> {
        self.by_id.values().map(|&slot| self.at(slot))
    }

    /// The records after `after` as they were when the capture began, ascending by id; without one, as they are.
    pub fn at_beginning_after(&self, after: Option<R::Id>) -> impl Iterator<Item = &R> {
        let now = self.by_id.range(beyond(after)).filter(|(id, _)| self.before.get(**id).is_none());
        let mut unchanged = now.map(|(_, &slot)| self.at(slot)).peekable();
        let mut changed = self.before.after(after).peekable();
        iter::from_fn(move || match (unchanged.peek(), changed.peek()) {
            (Some(record), Some((id, _))) if record.id() < *id => unchanged.next(),
            (_, Some(_)) => changed.next().map(|(_, record)| record),
            (_, None) => unchanged.next(),
        })
    }

    /// Adds a record; its id is new.
    pub fn insert(&mut self, record: R) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot::try_from(self.slots.len() - 1).expect("four thousand million records do not fit a machine")
        });
        let before = self.by_id.insert(record.id(), slot);
        assert!(before.is_none(), "bug: a record was inserted whose id is in use");
        self.before.note(record.id(), || None);
        self.by_end.insert((record.end(), record.id()));
        self.index.insert(slot, record.volumes());
        self.held.add(record.manager(), record.volumes());
        self.digest.add(record.hash());
        self.slots[slot as usize] = Some(Box::new(record));
    }

    /// Takes a record away.
    pub fn remove(&mut self, id: R::Id) -> Option<R> {
        let slot = self.by_id.remove(&id)?;
        let record = self.slots[slot as usize].take().expect("bug: an id led to an empty slot");
        self.before.note(id, || Some((*record).clone()));
        self.free.push(slot);
        self.by_end.remove(&(record.end(), id));
        self.index.remove(slot, record.volumes());
        self.held.subtract(record.manager(), record.volumes());
        self.digest.subtract(record.hash());
        Some(*record)
    }

    /// The records that share a cell and an instant with one of `volumes` and, if `altitude` counts, an altitude too; each
    /// once, ascending by id.
    pub fn meeting(&self, volumes: &[Volume], altitude: Altitude) -> Vec<&R> {
        let mut slots = self.index.meet(volumes, altitude);
        slots.sort_unstable();
        slots.dedup();
        let mut records: Vec<&R> = slots.into_iter().map(|slot| self.at(slot)).collect();
        records.sort_unstable_by_key(|record| record.id());
        records
    }

    /// The records that share a cell with one of `places` and an instant with `time`; each once, ascending by id.
    pub fn in_cells<'a>(&self, places: impl IntoIterator<Item = &'a Cells>, time: TimeSpan) -> Vec<&R> {
        let volume = |cells: &Cells| Volume { cells: cells.clone(), altitude: AltitudeBand::ALL, time };
        let volumes: Vec<Volume> = places.into_iter().map(volume).collect();
        self.meeting(&volumes, Altitude::Ignored)
    }

    /// The record that ended first, if that was before `cutoff`.
    pub fn first_ended(&self, cutoff: Time) -> Option<R::Id> {
        self.by_end.first().filter(|(end, _)| *end < cutoff).map(|(_, id)| *id)
    }

    fn at(&self, slot: Slot) -> &R {
        self.slots[slot as usize].as_deref().expect("bug: a slot in use is empty")
    }
}

/// Whether altitudes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Altitude {
    Counts,
    Ignored,
}
