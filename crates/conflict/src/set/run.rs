//! Boxes sorted along one axis, eight to a block, and the search for those that one box meets.
//!
//! The boxes of a block are compared at once, without a branch, so that the compiler can use the machine's wide registers.

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
    blocks: Vec<Block>,
    /// Where each came from: its index in the list that it was taken from.
    pub members: Vec<u32>,
    /// Scratch for sorting.
    keys: Vec<u64>,
}

/// Eight boxes, side by side.
#[derive(Clone, Copy, Debug)]
struct Block {
    low: [[i32; WIDE]; 4],
    high: [[i32; WIDE]; 4],
    operations: [u32; WIDE],
    marks: [i32; WIDE],
}

impl Block {
    /// Boxes that meet nothing.
    const NOTHING: Self =
        Self { low: [[i32::MAX; WIDE]; 4], high: [[i32::MIN; WIDE]; 4], operations: [u32::MAX; WIDE], marks: [0; WIDE] };

    fn probe(&self, k: usize) -> Probe {
        let low = [self.low[0][k], self.low[1][k], self.low[2][k], self.low[3][k]];
        let high = [self.high[0][k], self.high[1][k], self.high[2][k], self.high[3][k]];
        Probe { bounds: Box4 { low, high }, operation: self.operations[k], marks: self.marks[k] }
    }

    /// Zero for each box that meets the probe's, is of another operation and has the marks that the probe lacks.
    #[inline(always)]
    #[allow(clippy::needless_range_loop, reason = "places of several arrays; zipped, it is a tenth slower")]
    fn apart(&self, probe: &Probe) -> [i32; WIDE] {
        let Probe { bounds, operation, marks } = probe;
        let mut apart = [0_i32; WIDE];
        for axis in 0..4 {
            let (lows, highs) = (&self.low[axis], &self.high[axis]);
            for k in 0..WIDE {
                apart[k] |= -i32::from(lows[k] > bounds.high[axis]) | -i32::from(highs[k] < bounds.low[axis]);
            }
        }
        for k in 0..WIDE {
            apart[k] |= -i32::from(self.operations[k] == *operation) | -i32::from(self.marks[k] | marks != ALL_MARKS);
        }
        apart
    }
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub bounds: Box4,
    pub operation: u32,
    pub marks: i32,
}

impl Run {
    /// Takes some of `entries`, by index, in the order of their lower ends along `axis`, each with its marks.
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)]
    pub fn fill(
        &mut self,
        entries: &[Entry],
        members: impl Iterator<Item = u32>,
        axis: usize,
        marks: impl Fn(u32, &Entry) -> i32,
    ) {
        self.axis = axis;
        self.keys.clear();
        // An ordered 32-bit coordinate above the index.
        let key =
            |member: u32| u64::from(entries[member as usize].bounds.low[axis] as u32 ^ 0x8000_0000) << 32 | u64::from(member);
        self.keys.extend(members.map(key));
        self.keys.sort_unstable();
        self.members.clear();
        self.members.extend(self.keys.iter().map(|key| *key as u32));
        self.blocks.clear();
        for members in self.members.chunks(WIDE) {
            let mut block = Block::NOTHING;
            for (k, &member) in members.iter().enumerate() {
                let entry = &entries[member as usize];
                let Entry { bounds, operation, .. } = entry;
                for axis in 0..4 {
                    block.low[axis][k] = bounds.low[axis];
                    block.high[axis][k] = bounds.high[axis];
                }
                block.operations[k] = *operation;
                block.marks[k] = marks(member, entry);
            }
            self.blocks.push(block);
        }
    }

    /// The longest that a box is along the axis.
    pub fn longest(&self) -> i64 {
        let ends = self.blocks.iter().flat_map(|block| block.low[self.axis].iter().zip(&block.high[self.axis]));
        ends.map(|(low, high)| i64::from(*high) - i64::from(*low)).max().unwrap_or(0).max(0)
    }

    /// Calls `meet` with the members of each two boxes of different operations that meet and have all marks between them.
    pub fn each_pair(&self, mut meet: impl FnMut(u32, u32)) {
        for (first, block) in self.blocks.iter().enumerate() {
            for k in 0..WIDE.min(self.members.len() - first * WIDE) {
                let (probe, member) = (block.probe(k), self.members[first * WIDE + k]);
                // Of its own block, those behind it.
                let mut apart = block.apart(&probe);
                apart[..=k].fill(-1);
                self.told(first, &apart, |other| meet(member, other));
                self.search_blocks(first + 1, &probe, |other| meet(member, other));
            }
        }
    }

    /// Calls `meet` with the member of each box that meets the probe's, is of another operation and has the marks that the
    /// probe lacks, among those that begin at `from` or later.
    pub fn search(&self, probe: &Probe, from: i64, meet: impl FnMut(u32)) {
        let first = self.blocks.partition_point(|block| i64::from(block.low[self.axis][WIDE - 1]) < from);
        self.search_blocks(first, probe, meet);
    }

    #[inline(always)]
    fn search_blocks(&self, first: usize, probe: &Probe, mut meet: impl FnMut(u32)) {
        let last = probe.bounds.high[self.axis];
        for (at, block) in self.blocks.iter().enumerate().skip(first) {
            if block.low[self.axis][0] > last {
                break;
            }
            let apart = block.apart(probe);
            self.told(at, &apart, &mut meet);
        }
    }

    #[inline(always)]
    fn told(&self, block: usize, apart: &[i32; WIDE], mut meet: impl FnMut(u32)) {
        if apart.iter().fold(-1, |all, one| all & one) == 0 {
            for (k, _) in apart.iter().enumerate().filter(|(_, apart)| **apart == 0) {
                meet(self.members[block * WIDE + k]);
            }
        }
    }
}
