//! Boxes in columns, sorted by the start of their time, and the search for those that one box meets.
//!
//! Eight boxes are compared at once, without a branch, so that the compiler can use the machine's wide registers.

use super::boxes::{Box4, EAST, NORTH, TIME};
use super::grid::Entry;

/// How many boxes are compared at once.
pub(crate) const WIDE: usize = 8;

/// Several lists of boxes, one after the other, each sorted by start.
#[derive(Debug, Default)]
pub(crate) struct Run {
    low: [Vec<i32>; 4],
    high: [Vec<i32>; 4],
    operations: Vec<u32>,
    volumes: Vec<u32>,
    /// Scratch for sorting.
    keys: Vec<u64>,
    entries: Vec<Entry>,
}

/// What is looked for: boxes of other operations that meet this one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub bounds: Box4,
    pub operation: u32,
}

impl Run {
    pub fn clear(&mut self) {
        for column in self.low.iter_mut().chain(&mut self.high) {
            column.clear();
        }
        self.operations.clear();
        self.volumes.clear();
    }

    pub fn len(&self) -> usize {
        self.volumes.len()
    }

    /// Adds boxes in the order of their start.
    #[allow(clippy::cast_sign_loss)]
    pub fn add<'a>(&mut self, entries: impl Iterator<Item = &'a Entry>) {
        self.entries.clear();
        self.entries.extend(entries.copied());
        self.keys.clear();
        // An ordered 32-bit start above the place in the list.
        let key = |(at, entry): (usize, &Entry)| u64::from(entry.bounds.low[TIME] as u32 ^ 0x8000_0000) << 32 | at as u64;
        self.keys.extend(self.entries.iter().enumerate().map(key));
        self.keys.sort_unstable();
        let order = || self.keys.iter().map(|key| &self.entries[(key & 0xFFFF_FFFF) as usize]);
        for axis in 0..4 {
            self.low[axis].extend(order().map(|entry| entry.bounds.low[axis]));
            self.high[axis].extend(order().map(|entry| entry.bounds.high[axis]));
        }
        self.operations.extend(order().map(|entry| entry.operation));
        self.volumes.extend(order().map(|entry| entry.volume));
    }

    /// Adds boxes that meet nothing, so that eight can be read from any place.
    pub fn pad(&mut self) {
        for axis in 0..4 {
            self.low[axis].extend([i32::MAX; WIDE]);
            self.high[axis].extend([i32::MIN; WIDE]);
        }
        self.operations.extend([u32::MAX; WIDE]);
    }

    pub fn volume(&self, at: usize) -> u32 {
        self.volumes[at]
    }

    pub fn start(&self, at: usize) -> i32 {
        self.low[TIME][at]
    }

    pub fn probe(&self, at: usize) -> Probe {
        let bounds =
            Box4 { low: [0, 1, 2, 3].map(|axis| self.low[axis][at]), high: [0, 1, 2, 3].map(|axis| self.high[axis][at]) };
        Probe { bounds, operation: self.operations[at] }
    }

    /// The first place in `from..to` whose box starts at or after `time`.
    pub fn first_start(&self, from: usize, to: usize, time: i32) -> usize {
        from + self.low[TIME][from..to].partition_point(|&start| start < time)
    }

    /// Calls `meet` for each place in `from..to` whose box meets the probe's; stops behind the last that starts in its time.
    #[inline]
    pub fn search(&self, probe: &Probe, from: usize, to: usize, mut meet: impl FnMut(usize)) {
        let (low, high) = (probe.bounds.low, probe.bounds.high);
        let mut at = from;
        while at < to && self.low[TIME][at] <= high[TIME] {
            let mut meets = [true; WIDE];
            for axis in [TIME, EAST, NORTH, 2] {
                let lows: &[i32; WIDE] = self.low[axis][at..at + WIDE].try_into().expect("eight");
                let highs: &[i32; WIDE] = self.high[axis][at..at + WIDE].try_into().expect("eight");
                for k in 0..WIDE {
                    meets[k] &= (lows[k] <= high[axis]) & (highs[k] >= low[axis]);
                }
            }
            let operations: &[u32; WIDE] = self.operations[at..at + WIDE].try_into().expect("eight");
            for k in 0..WIDE {
                meets[k] &= operations[k] != probe.operation;
            }
            if meets.contains(&true) {
                for (k, _) in meets.iter().enumerate().filter(|(k, meets)| **meets && at + k < to) {
                    meet(at + k);
                }
            }
            at += WIDE;
        }
    }
}
