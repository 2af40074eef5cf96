//! Boxes in columns, sorted along one axis, and the search for those that one box meets.
//!
//! Eight boxes are compared at once, without a branch, so that the compiler can use the machine's wide registers.

use super::boxes::Box4;
use super::grid::Entry;

/// How many boxes are compared at once.
const WIDE: usize = 8;

/// What a pair needs to be found here: each of these marks on one of the two boxes at least.
pub(crate) const ALL_MARKS: i32 = 15;

/// Boxes in the order of their lower ends along an axis.
#[derive(Debug, Default)]
pub(crate) struct Run {
    axis: usize,
    low: [Vec<i32>; 4],
    high: [Vec<i32>; 4],
    operations: Vec<u32>,
    marks: Vec<i32>,
    /// Where each came from: its index in the list that it was taken from.
    pub members: Vec<u32>,
    /// Scratch for sorting.
    keys: Vec<u64>,
}

impl Run {
    /// Takes some of `entries`, by index, in the order of their lower ends along `axis`, each with its marks.
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)]
    pub fn fill(&mut self, entries: &[Entry], members: impl Iterator<Item = u32>, axis: usize, marks: impl Fn(u32) -> i32) {
        self.axis = axis;
        self.keys.clear();
        // An ordered 32-bit coordinate above the index.
        let key =
            |member: u32| u64::from(entries[member as usize].bounds.low[axis] as u32 ^ 0x8000_0000) << 32 | u64::from(member);
        self.keys.extend(members.map(key));
        self.keys.sort_unstable();
        let count = self.keys.len();
        for column in self.low.iter_mut().chain(&mut self.high) {
            column.resize(count + WIDE, 0);
        }
        self.operations.resize(count + WIDE, 0);
        self.marks.resize(count + WIDE, 0);
        self.members.resize(count, 0);
        let [low0, low1, low2, low3] = &mut self.low;
        let [high0, high1, high2, high3] = &mut self.high;
        for (at, key) in self.keys.iter().enumerate() {
            let member = *key as u32;
            let Entry { bounds, operation, .. } = &entries[member as usize];
            (low0[at], low1[at], low2[at], low3[at]) = (bounds.low[0], bounds.low[1], bounds.low[2], bounds.low[3]);
            (high0[at], high1[at], high2[at], high3[at]) = (bounds.high[0], bounds.high[1], bounds.high[2], bounds.high[3]);
            self.operations[at] = *operation;
            self.marks[at] = marks(member);
            self.members[at] = member;
        }
        // Boxes that meet nothing, so that eight can be read from any place.
        for axis in 0..4 {
            self.low[axis][count..].fill(i32::MAX);
            self.high[axis][count..].fill(i32::MIN);
        }
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// The longest that a box is along the axis.
    pub fn longest(&self) -> i64 {
        let lengths = self.low[self.axis].iter().zip(&self.high[self.axis]).take(self.len());
        lengths.map(|(low, high)| i64::from(*high) - i64::from(*low)).max().unwrap_or(0)
    }

    /// The first place whose box begins at `from` or later.
    pub fn first_from(&self, from: i64) -> usize {
        self.low[self.axis][..self.len()].partition_point(|&low| i64::from(low) < from)
    }

    /// Calls `meet` with the places of each two boxes of different operations that meet and have all marks between them.
    pub fn each_pair(&self, mut meet: impl FnMut(usize, usize)) {
        let columns = self.columns();
        for at in 0..self.len() {
            let low = [columns.low[0][at], columns.low[1][at], columns.low[2][at], columns.low[3][at]];
            let high = [columns.high[0][at], columns.high[1][at], columns.high[2][at], columns.high[3][at]];
            let probe = Probe { bounds: Box4 { low, high }, operation: columns.operations[at], marks: columns.marks[at] };
            columns.search(&probe, at + 1, |other| meet(at, other));
        }
    }

    /// Calls `meet` for each place from `from` on whose box meets the probe's, is of another operation and has the marks
    /// that the probe lacks.
    pub fn search(&self, probe: &Probe, from: usize, meet: impl FnMut(usize)) {
        self.columns().search(probe, from, meet);
    }

    fn columns(&self) -> Columns<'_> {
        let padded = self.len() + WIDE;
        Columns {
            len: self.len(),
            axis: self.axis,
            low: self.low.each_ref().map(|column| &column[..padded]),
            high: self.high.each_ref().map(|column| &column[..padded]),
            operations: &self.operations[..padded],
            marks: &self.marks[..padded],
        }
    }
}

/// The columns of a run, each with eight places behind the last.
struct Columns<'a> {
    len: usize,
    axis: usize,
    low: [&'a [i32]; 4],
    high: [&'a [i32]; 4],
    operations: &'a [u32],
    marks: &'a [i32],
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub bounds: Box4,
    pub operation: u32,
    pub marks: i32,
}

impl Columns<'_> {
    #[inline(always)]
    fn search(&self, probe: &Probe, from: usize, mut meet: impl FnMut(usize)) {
        let Probe { bounds: Box4 { low, high }, operation, marks } = *probe;
        let (sorted, last) = (self.low[self.axis], high[self.axis]);
        let mut at = from;
        while at < self.len && sorted[at] <= last {
            let mut apart = [0_i32; WIDE];
            for axis in 0..4 {
                let lows: &[i32; WIDE] = self.low[axis][at..at + WIDE].try_into().expect("eight");
                let highs: &[i32; WIDE] = self.high[axis][at..at + WIDE].try_into().expect("eight");
                for k in 0..WIDE {
                    apart[k] |= -i32::from(lows[k] > high[axis]) | -i32::from(highs[k] < low[axis]);
                }
            }
            let operations: &[u32; WIDE] = self.operations[at..at + WIDE].try_into().expect("eight");
            let others: &[i32; WIDE] = self.marks[at..at + WIDE].try_into().expect("eight");
            for k in 0..WIDE {
                apart[k] |= -i32::from(operations[k] == operation) | -i32::from(others[k] | marks != ALL_MARKS);
            }
            if apart.iter().fold(-1, |all, one| all & one) == 0 {
                for (k, apart) in apart.iter().enumerate() {
                    if *apart == 0 {
                        meet(at + k);
                    }
                }
            }
            at += WIDE;
        }
    }
}
