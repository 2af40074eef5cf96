//! Which volumes are in a cell at a time: an ordered map from cell, duration class, start and owner to the rest of the volume.
//!
//! A span meets a query only if it starts before the query ends and not much earlier than the query starts: not earlier by
//! more than its own duration. Spans are therefore sorted into classes by the power of two above their duration. Within one
//! class of one cell, the spans that can meet a query are a contiguous run of the map, at most about twice as long as the
//! answer: a cell with thousands of five-second windows, and a few that last all day, costs what it yields.

use crate::table::Altitude;
use crate::time::{Time, TimeSpan};
use crate::volume::{AltitudeBand, Cell, Volume};
use crate::windows::{Window, Windows};
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

    /// The slots of the volumes that share a cell, an altitude and an instant with one of `volumes`; a slot may come often,
    /// but no volume of it more than once in a cell.
    ///
    /// Whatever is in a cell is looked at once, however many of `volumes` are there: two intents of four thousand volumes in
    /// one cell would cost sixteen million steps otherwise, and as many slots.
    pub fn meet(&self, volumes: &[Volume], altitude: Altitude) -> Vec<Slot> {
        let window = |volume: &Volume| match altitude {
            Altitude::Counts => Window { time: volume.time, altitude: volume.altitude },
            Altitude::Ignored => Window { time: volume.time, altitude: AltitudeBand::ALL },
        };
        let mut wanted: Vec<(Cell, Window)> = Vec::new();
        for volume in volumes {
            let window = window(volume);
            wanted.extend(volume.cells.as_slice().iter().map(|&cell| (cell, window)));
        }
        wanted.sort_unstable();
        let (mut slots, mut windows) = (Vec::new(), Windows::default());
        for wanted in wanted.chunk_by(|one, next| one.0 == next.0) {
            windows.refill(wanted.iter().map(|(_, window)| *window));
            self.each_candidate(wanted, |slot, candidate| {
                if windows.meet(candidate) {
                    slots.push(slot);
                }
            });
        }
        slots
    }

    /// The volumes in a cell that start early enough to meet one of the windows there (ascending), and not too early; each once.
    fn each_candidate(&self, wanted: &[(Cell, Window)], mut candidate: impl FnMut(Slot, Window)) {
        let Some((cell, _)) = wanted.first().copied() else { return };
        let mut class = 0;
        while let Some(next) = self.next_class(cell, class) {
            each_run(next, wanted.iter().map(|(_, window)| window.time), |start, end| {
                let first = Key { cell, class: next, start, slot: 0, volume: 0 };
                let last = Key { cell, class: next, start: end, slot: Slot::MAX, volume: u16::MAX };
                for (key, entry) in self.0.range(first..=last) {
                    let time = TimeSpan::new(key.start, entry.end).expect("an entry was a span");
                    candidate(key.slot, Window { time, altitude: entry.altitude });
                }
            });
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

/// The starts of spans of `class` that can meet one of `times` (their starts ascend), as runs that share none.
fn each_run(class: u8, times: impl Iterator<Item = TimeSpan>, mut run: impl FnMut(Time, Time)) {
    let mut open: Option<(Time, Time)> = None;
    for time in times {
        let (start, end) = (earliest_start(class, time), time.end());
        open = match open {
            Some((first, last)) if start <= last => Some((first, last.max(end))),
            Some((first, last)) => {
                run(first, last);
                Some((start, end))
            }
            None => Some((start, end)),
        };
    }
    if let Some((first, last)) = open {
        run(first, last);
    }
}

/// The earliest start of a span of `class` that can meet `time`: every such span lasts less than 2 to the power of `class`.
fn earliest_start(class: u8, time: TimeSpan) -> Time {
    let longest_ns = 1u64.checked_shl(u32::from(class)).map_or(u64::MAX, |limit| limit - 1);
    time.start().minus_ns(longest_ns)
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
