//! A set of boxes in the cells of a grid on the ground, each in the cell of its south-western corner.
//!
//! A cell is at least as large as any box in it, so that what meets a box lies in its own cell or one of the eight around
//! it. Boxes that are larger or last longer than most, and those across the antimeridian, are kept apart as large ones.

use std::thread;

use super::boxes::{Box4, EAST, NORTH, Quanta, TIME};
use super::volumes::Volumes;

/// How many volumes are looked at to choose the size of the cells.
const SAMPLE: usize = 4096;
/// So many volumes share a cell at least, on average: a grid of many more cells than volumes is a waste.
const PER_CELL: usize = 16;
/// The cell number of a large box.
const LARGE: u32 = u32::MAX;

/// A box with the volume that it belongs to and that volume's operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub bounds: Box4,
    pub volume: u32,
    pub operation: u32,
}

/// How the ground is cut into cells. What lies outside belongs to the outermost cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells {
    origin: [i32; 2],
    /// Width of a cell east and north, units.
    pub size: [i64; 2],
    per_unit: [f64; 2],
    /// How many cells east and north.
    pub count: [u32; 2],
    /// Longest time that a box in the grid lasts, units.
    pub duration: i64,
}

/// All boxes of a set.
#[derive(Debug)]
pub(crate) struct Grid {
    pub cells: Cells,
    /// By thread: the boxes of its share of the volumes, sorted by cell, and where each cell begins.
    parts: Vec<(Vec<Entry>, Vec<u32>)>,
    /// What does not fit a cell; two pieces of one volume where it lies across the antimeridian.
    pub large: Vec<Entry>,
}

impl Cells {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn choose(boxes: &[Box4], volumes: usize) -> Self {
        let extents = |axis: usize| {
            let mut extents: Vec<i64> = boxes.iter().map(|b| i64::from(b.high[axis]) - i64::from(b.low[axis])).collect();
            extents.sort_unstable();
            let most = extents[extents.len() * 95 / 100];
            let all = extents[extents.len() - 1];
            // A few stragglers decide nothing; a set of like sizes is taken whole.
            (if all <= most.saturating_mul(2) { all + all / 16 } else { most }) + 2
        };
        let range = |axis: usize| {
            let mut lows: Vec<i64> = boxes.iter().map(|b| i64::from(b.low[axis])).collect();
            lows.sort_unstable();
            let (first, last) = (lows[lows.len() / 200], lows[lows.len() - 1 - lows.len() / 200]);
            let margin = (last - first) / 64;
            (first - margin, last + margin)
        };
        let (east, north) = (range(EAST), range(NORTH));
        let mut size = [extents(EAST), extents(NORTH)];
        let spans = [east.1 - east.0 + 1, north.1 - north.0 + 1];
        let cells = |size: [i64; 2]| (0..2).map(|axis| spans[axis] as f64 / size[axis] as f64 + 1.0).product::<f64>();
        let most = (volumes / PER_CELL + 64) as f64;
        while cells(size) > most {
            // Widen the axis that has more cells.
            let axis = usize::from(spans[1] / size[1] > spans[0] / size[0]);
            size[axis] += size[axis] / 4 + 1;
        }
        let clamp = |value: i64| value.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        Self {
            origin: [clamp(east.0), clamp(north.0)],
            size,
            per_unit: size.map(|size| 1.0 / size as f64),
            count: [0, 1].map(|axis| (spans[axis] / size[axis]) as u32 + 1),
            duration: extents(TIME),
        }
    }

    /// Column or row of a coordinate in units.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn line(&self, axis: usize, at: i64) -> u32 {
        let offset = (at - i64::from(self.origin[axis])) as f64 * self.per_unit[axis];
        // The cast takes what lies before the first to the first.
        (offset as u32).min(self.count[axis] - 1)
    }

    /// Columns or rows of the cells whose boxes may meet `b`; at least one.
    pub fn reach(&self, axis: usize, b: &Box4) -> std::ops::Range<u32> {
        let first = self.line(axis, i64::from(b.low[axis]) - self.size[axis]);
        first..self.line(axis, i64::from(b.high[axis])) + 1
    }

    fn cell(&self, b: &Box4) -> u32 {
        let fits = (0..2).all(|axis| i64::from(b.high[axis]) - i64::from(b.low[axis]) < self.size[axis])
            && i64::from(b.high[TIME]) - i64::from(b.low[TIME]) <= self.duration;
        if !fits {
            return LARGE;
        }
        self.line(NORTH, i64::from(b.low[NORTH])) * self.count[EAST] + self.line(EAST, i64::from(b.low[EAST]))
    }

    /// How many cells there are.
    pub fn total(&self) -> usize {
        self.count[0] as usize * self.count[1] as usize
    }
}

impl Grid {
    /// Sorts all volumes into cells, on `threads` threads.
    ///
    /// # Panics
    /// There is no volume.
    pub fn of(volumes: &Volumes, quanta: &Quanta, threads: usize) -> Self {
        let count = volumes.len();
        let step = count.div_ceil(SAMPLE);
        let sample: Vec<Box4> = (0..count).step_by(step).map(|at| quanta.of_volume(volumes, number(at)).0).collect();
        let cells = Cells::choose(&sample, count);
        let share = count.div_ceil(threads.max(1));
        let sorted = thread::scope(|scope| {
            let shares = (0..threads.max(1)).map(|k| (k * share).min(count)..((k + 1) * share).min(count));
            let workers: Vec<_> = shares
                .map(|range| scope.spawn(move || sorted(volumes, quanta, &cells, number(range.start)..number(range.end))))
                .collect();
            workers.into_iter().map(|worker| worker.join().expect("sorting does not fail")).collect::<Vec<_>>()
        });
        let mut grid = Self { cells, parts: Vec::new(), large: Vec::new() };
        for (entries, starts, large) in sorted {
            grid.parts.push((entries, starts));
            grid.large.extend(large);
        }
        grid
    }

    /// The boxes of a cell, part by part.
    pub fn boxes(&self, cell: u32) -> impl Iterator<Item = &Entry> + '_ {
        let cell = cell as usize;
        self.parts.iter().flat_map(move |(entries, starts)| &entries[starts[cell] as usize..starts[cell + 1] as usize])
    }
}

/// The boxes of a range of volumes sorted by cell, where each cell begins, and the large ones.
fn sorted(volumes: &Volumes, quanta: &Quanta, cells: &Cells, range: std::ops::Range<u32>) -> (Vec<Entry>, Vec<u32>, Vec<Entry>) {
    let mut large = Vec::new();
    let mut keys = Vec::with_capacity(range.len());
    let mut starts = vec![0_u32; cells.total() + 1];
    for volume in range.clone() {
        let (bounds, second) = quanta.of_volume(volumes, volume);
        let key = if second.is_some() { LARGE } else { cells.cell(&bounds) };
        if key == LARGE {
            let operation = volumes.operation(volume);
            large.extend([Some(bounds), second].into_iter().flatten().map(|bounds| Entry { bounds, volume, operation }));
        } else {
            starts[key as usize] += 1;
        }
        keys.push(key);
    }
    let mut total = 0;
    for start in &mut starts {
        total += std::mem::replace(start, total);
    }
    let mut entries = vec![Entry::default(); total as usize];
    for (volume, key) in range.zip(keys) {
        if key != LARGE {
            let slot = &mut starts[key as usize];
            let (bounds, _) = quanta.of_volume(volumes, volume);
            entries[*slot as usize] = Entry { bounds, volume, operation: volumes.operation(volume) };
            *slot += 1;
        }
    }
    // Each start has moved to the next one's place.
    starts.rotate_right(1);
    starts[0] = 0;
    (entries, starts, large)
}

fn number(at: usize) -> u32 {
    u32::try_from(at).expect("a set has fewer than 2^32 volumes")
}
