//! A set of boxes in the tiles of a grid on the ground, each in every tile that it touches.
//!
//! A tile is many times as large as most boxes, so that few are entered twice, and there are few tiles, so that sorting
//! into them writes to few places. A box that would be entered in very many tiles is kept apart as a large one, as are the
//! two pieces of a box that lies across the antimeridian.

use std::ops::Range;
use std::thread;

use super::boxes::{Box4, EAST, NORTH, Quanta};
use super::volumes::Volumes;

/// How many volumes are looked at to choose the size of the tiles.
const SAMPLE: usize = 4096;
/// A tile is at least this many times as wide as most boxes.
const TIMES_A_BOX: i64 = 5;
/// A tile holds about this many boxes, on average, where there are more than few tiles: what it holds stays in the cache.
const IN_A_TILE: usize = 2048;
/// How many tiles there may be along an axis, whatever they hold, and how many there are at most.
const ALONG: [f64; 2] = [16.0, 128.0];
/// How many boxes of a tile are collected before they go to its block.
const TRAY: usize = 16;
/// A box that touches more tiles than this is a large one.
const TOUCHED_MOST: u32 = 32;

/// A box in a tile, with the volume that it belongs to and that volume's operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub bounds: Box4,
    pub volume: u32,
    pub operation: u32,
    /// Whether its south-western corner lies in the tile: see [`Touched::begins`].
    pub begins: i32,
}

/// How ground is cut into cells of one size. What lies outside belongs to the outermost cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells {
    origin: [i64; 2],
    per_unit: [f64; 2],
    /// How many cells east and north.
    pub count: [u32; 2],
}

impl Cells {
    /// `count` cells east and north over the ground from `low` (included) to `high`.
    pub fn over(low: [i64; 2], high: [i64; 2], count: [u32; 2]) -> Self {
        let per_unit = [0, 1].map(|axis| f64::from(count[axis]) / (high[axis] - low[axis]).max(1) as f64);
        Self { origin: low, per_unit, count }
    }

    /// Column or row of a coordinate. Never less for a greater coordinate.
    #[inline]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn line(&self, axis: usize, at: i32) -> u32 {
        let offset = (i64::from(at) - self.origin[axis]) as f64 * self.per_unit[axis];
        // The cast takes what lies before the first to the first.
        (offset as u32).min(self.count[axis] - 1)
    }

    /// Number of a cell, row by row.
    pub fn number(&self, column: u32, row: u32) -> u32 {
        row * self.count[EAST] + column
    }

    /// The cells that a box touches. There are at most 256 columns and rows.
    #[inline]
    #[allow(clippy::cast_possible_truncation)]
    pub fn touched(&self, b: &Box4) -> Touched {
        Touched {
            low: [self.line(EAST, b.low[EAST]) as u8, self.line(NORTH, b.low[NORTH]) as u8],
            high: [self.line(EAST, b.high[EAST]) as u8, self.line(NORTH, b.high[NORTH]) as u8],
        }
    }

    /// How many cells there are.
    pub fn total(&self) -> u32 {
        self.count[0] * self.count[1]
    }

    #[allow(clippy::cast_possible_truncation)]
    fn choose(sample: &[Box4], volumes: usize) -> Self {
        let sorted = |of: &dyn Fn(&Box4) -> i64| {
            let mut values: Vec<i64> = sample.iter().map(of).collect();
            values.sort_unstable();
            values
        };
        let most = ((volumes / IN_A_TILE) as f64).sqrt().clamp(ALONG[0], ALONG[1]) as i64;
        let (mut low, mut high, mut count) = ([0; 2], [0; 2], [1; 2]);
        for axis in [EAST, NORTH] {
            let lows = sorted(&|b| i64::from(b.low[axis]));
            let extents = sorted(&|b| i64::from(b.high[axis]) - i64::from(b.low[axis]));
            // A few stragglers decide nothing.
            let rank = |share: usize| (lows.len() - 1) * share / 1000;
            (low[axis], high[axis]) = (lows[rank(5)], lows[rank(995)] + 1);
            let tile = (extents[rank(900)] + 1).saturating_mul(TIMES_A_BOX);
            let along = ((high[axis] - low[axis]) / tile).clamp(1, most);
            count[axis] = u32::try_from(along).expect("few tiles");
        }
        Self::over(low, high, count)
    }
}

/// The cells that a box touches: from the first column and row to the last.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Touched {
    /// First column and row.
    pub low: [u8; 2],
    /// Last column and row.
    pub high: [u8; 2],
}

impl Touched {
    /// How many cells.
    #[inline]
    pub fn count(self) -> u32 {
        let along = |axis: usize| u32::from(self.high[axis]) - u32::from(self.low[axis]) + 1;
        along(EAST) * along(NORTH)
    }

    /// Calls `to` with the number of each cell, and which edges of the box lie there: see [`Touched::begins`].
    #[inline]
    pub fn each(self, cells: &Cells, mut to: impl FnMut(usize, i32)) {
        let lines = |axis: usize| u32::from(self.low[axis])..u32::from(self.high[axis]) + 1;
        for row in lines(NORTH) {
            for column in lines(EAST) {
                to(cells.number(column, row) as usize, self.begins(column, row));
            }
        }
    }

    /// Marks of a box in a cell that it touches: bit 0 if its western edge lies in the column, bit 1 if its southern edge
    /// lies in the row.
    ///
    /// What two boxes share that both touch a cell begins in it exactly if for each axis one of them does.
    #[inline]
    pub fn begins(self, column: u32, row: u32) -> i32 {
        i32::from(u32::from(self.low[EAST]) == column) | i32::from(u32::from(self.low[NORTH]) == row) << 1
    }
}

/// All boxes of a set.
#[derive(Debug)]
pub(crate) struct Grid {
    pub tiles: Cells,
    /// By thread, by tile: the boxes of the thread's share of the volumes, in blocks.
    parts: Vec<Vec<Vec<Vec<Entry>>>>,
    /// What touches very many tiles, and the two pieces of what lies across the antimeridian.
    pub large: Vec<Entry>,
}

impl Grid {
    /// Sorts all volumes into tiles, on `threads` threads.
    ///
    /// # Panics
    /// There is no volume.
    pub fn of(volumes: &Volumes, quanta: &Quanta, threads: usize) -> Self {
        let count = volumes.len();
        let step = count.div_ceil(SAMPLE);
        let sample: Vec<Box4> = (0..count).step_by(step).map(|at| quanta.of_volume(volumes, number(at)).0).collect();
        let tiles = Cells::choose(&sample, count);
        let share = count.div_ceil(threads.max(1));
        let sorted = thread::scope(|scope| {
            let shares = (0..threads.max(1)).map(|k| number((k * share).min(count))..number(((k + 1) * share).min(count)));
            let workers: Vec<_> = shares.map(|range| scope.spawn(move || sorted(volumes, quanta, &tiles, range))).collect();
            workers.into_iter().map(|worker| worker.join().expect("sorting does not fail")).collect::<Vec<_>>()
        });
        let mut grid = Self { tiles, parts: Vec::new(), large: Vec::new() };
        for (part, large) in sorted {
            grid.parts.push(part);
            grid.large.extend(large);
        }
        grid
    }

    /// The boxes that touch a tile, block by block.
    pub fn boxes(&self, tile: u32) -> impl Iterator<Item = &Vec<Entry>> {
        self.parts.iter().flat_map(move |part| &part[tile as usize])
    }
}

/// The boxes of a share of the volumes by tile, in blocks, and the large ones.
///
/// Blocks, because a list that grows would be copied again and again, and counting first would take as long as sorting.
fn sorted(volumes: &Volumes, quanta: &Quanta, tiles: &Cells, range: Range<u32>) -> (Vec<Vec<Vec<Entry>>>, Vec<Entry>) {
    let mut large = Vec::new();
    let mut sorter = Sorter::new(tiles.total() as usize, range.len());
    for volume in range {
        let (bounds, second) = quanta.of_volume(volumes, volume);
        let operation = volumes.operation(volume);
        let touched = tiles.touched(&bounds);
        if second.is_some() || touched.count() > TOUCHED_MOST {
            let entry = |bounds| Entry { bounds, volume, operation, begins: 0 };
            large.extend([Some(bounds), second].into_iter().flatten().map(entry));
            continue;
        }
        touched.each(tiles, |tile, begins| sorter.put(tile, Entry { bounds, volume, operation, begins }));
    }
    (sorter.finish(), large)
}

/// Sorts boxes into the blocks of tiles.
///
/// The blocks lie all over the memory. So a box first goes to a tray of its tile, and a tray that is full goes to the block
/// at once: the trays of all tiles fit into the cache.
struct Sorter {
    trays: Vec<[Entry; TRAY]>,
    /// How many lie in each tray.
    in_tray: Vec<u8>,
    blocks: Vec<Vec<Vec<Entry>>>,
    in_a_block: usize,
}

impl Sorter {
    fn new(tiles: usize, volumes: usize) -> Self {
        let in_a_block = (volumes / tiles / 4).clamp(16, 1024);
        Self { trays: vec![Default::default(); tiles], in_tray: vec![0; tiles], blocks: vec![Vec::new(); tiles], in_a_block }
    }

    #[inline]
    fn put(&mut self, tile: usize, entry: Entry) {
        let at = usize::from(self.in_tray[tile]);
        self.trays[tile][at] = entry;
        self.in_tray[tile] += 1;
        if at + 1 == TRAY {
            self.empty(tile);
        }
    }

    /// Takes what lies in the tray of a tile to its block.
    fn empty(&mut self, tile: usize) {
        let tray = &self.trays[tile][..usize::from(self.in_tray[tile])];
        let blocks = &mut self.blocks[tile];
        match blocks.last_mut() {
            Some(last) if last.len() + tray.len() <= self.in_a_block => last.extend_from_slice(tray),
            _ => {
                let mut next = Vec::with_capacity(self.in_a_block);
                next.extend_from_slice(tray);
                blocks.push(next);
            }
        }
        self.in_tray[tile] = 0;
    }

    /// The blocks, by tile.
    fn finish(mut self) -> Vec<Vec<Vec<Entry>>> {
        for tile in 0..self.blocks.len() {
            if self.in_tray[tile] > 0 {
                self.empty(tile);
            }
        }
        self.blocks
    }
}

/// Turns how many there are of each into where each begins; says how many there are of all.
pub(crate) fn starts_from_counts(counts: &mut [u32]) -> u32 {
    let mut total = 0;
    for start in counts {
        total += std::mem::replace(start, total);
    }
    total
}

/// Where each begins, once each start has moved to the next one's.
pub(crate) fn starts_from_ends(ends: &mut [u32]) {
    ends.rotate_right(1);
    ends[0] = 0;
}

fn number(at: usize) -> u32 {
    u32::try_from(at).expect("a set has fewer than 2^32 volumes")
}
