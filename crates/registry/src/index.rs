//! Which volumes are in a cell at a time: an ordered map from cell, duration class, start and owner to the rest of the volume.
//!
//! A span meets a query only if it starts before the query ends and not much earlier than the query starts: not earlier by
//! more than its own duration. Spans are therefore sorted into classes by the power of two above their duration. Within one
//! class of one cell, the spans that can meet a query are a contiguous run of the map, at most about twice as long as the
//! answer: a cell with thousands of five-second windows, and a few that last all day, costs what it yields.

use crate::time::{Time, TimeSpan};
use crate::volume::{AltitudeBand, Cell, Cells, Volume};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Number of a record within its table.
pub(crate) type Slot = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    cell: Cell,
    class: u8,
    start: Time,
    slot: Slot,
    volume: u16,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    end: Time,
    altitude: AltitudeBand,
}

/// See the file's comment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index(BTreeMap<Key, Entry>);

impl Index {
    /// The index of these records.
    pub fn of<'a>(records: impl Iterator<Item = (Slot, &'a [Volume])>) -> Self {
        Self(records.flat_map(|(slot, volumes)| entries(slot, volumes)).collect())
    }

    /// Adds the volumes of the record `slot`.
    pub fn insert(&mut self, slot: Slot, volumes: &[Volume]) {
        for (key, entry) in entries(slot, volumes) {
            self.0.insert(key, entry);
        }
    }

    /// Takes the volumes of the record `slot` away; they are the ones that were added.
    pub fn remove(&mut self, slot: Slot, volumes: &[Volume]) {
        for (key, _) in entries(slot, volumes) {
            let removed = self.0.remove(&key);
            assert!(removed.is_some(), "bug: a volume of slot {slot} was not in the index");
        }
    }

    /// Appends the slots of the volumes that share a cell, an altitude and an instant with the query; a slot may come often.
    pub fn meet(&self, cells: &Cells, altitude: AltitudeBand, time: TimeSpan, slots: &mut Vec<Slot>) {
        for &cell in cells.as_slice() {
            self.each_candidate(cell, time, |slot, entry| {
                if entry.end >= time.start() && entry.altitude.intersects(altitude) {
                    slots.push(slot);
                }
            });
        }
    }

    /// The volumes in `cell` that start early enough to meet `time`, and not too early.
    fn each_candidate(&self, cell: Cell, time: TimeSpan, mut candidate: impl FnMut(Slot, &Entry)) {
        let mut class = 0;
        while let Some(next) = self.next_class(cell, class) {
            let first = Key { cell, class: next, start: earliest_start(next, time), slot: 0, volume: 0 };
            let last = Key { cell, class: next, start: time.end(), slot: Slot::MAX, volume: u16::MAX };
            self.0.range(first..=last).for_each(|(key, entry)| candidate(key.slot, entry));
            class = next + 1;
        }
    }

    /// The first duration class at or above `class` of which `cell` holds a volume.
    fn next_class(&self, cell: Cell, class: u8) -> Option<u8> {
        let from = Key { cell, class, start: Time::MIN, slot: 0, volume: 0 };
        self.0.range(from..).next().map(|(key, _)| *key).filter(|key| key.cell == cell).map(|key| key.class)
    }
}

fn entries(slot: Slot, volumes: &[Volume]) -> impl Iterator<Item = (Key, Entry)> + '_ {
    volumes.iter().enumerate().flat_map(move |(number, volume)| {
        let Volume { cells, altitude, time } = volume;
        let volume = u16::try_from(number).expect("an entity has at most MAX_VOLUMES volumes");
        let (class, start) = (class(*time), time.start());
        let entry = Entry { end: time.end(), altitude: *altitude };
        cells.as_slice().iter().map(move |&cell| (Key { cell, class, start, slot, volume }, entry))
    })
}

/// The class of a span: the number of binary digits of its duration in nanoseconds, 0 to 64.
fn class(time: TimeSpan) -> u8 {
    (u64::BITS - time.duration_ns().leading_zeros()) as u8
}

/// The earliest start of a span of `class` that can meet `time`: every such span lasts less than 2 to the power of `class`.
fn earliest_start(class: u8, time: TimeSpan) -> Time {
    let longest_ns = 1u64.checked_shl(u32::from(class)).map_or(u64::MAX, |limit| limit - 1);
    time.start().minus_ns(longest_ns)
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
