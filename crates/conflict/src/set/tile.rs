//! Conflicts of the boxes in one tile, a square of cells, with each other and with those of the cells around it.
//!
//! A pair belongs to the cell of the two that comes first, row by row from the south; the tile that holds it finds the pair.

use deconflict_spacetime::{Frame, LatLng, LocalOutline, UNITS_PER_DEG};

use super::boxes::{EAST, NORTH, TIME};
use super::exact::Judge;
use super::grid::{Entry, Grid};
use super::run::{Probe, Run};

/// No outline is known yet.
const UNKNOWN: u32 = u32::MAX;
/// There is no outline on the map.
const NONE: u32 = u32::MAX - 1;

/// A square of cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tile {
    /// First column and row.
    pub first: [u32; 2],
    /// Behind the last column and row.
    pub end: [u32; 2],
}

/// Finds the pairs of tiles, one after the other, in memory that is used again.
#[derive(Debug)]
pub(crate) struct Finder<'a> {
    grid: &'a Grid,
    judge: Judge<'a>,
    /// Whether boxes that meet for longer than rounding need no look at their exact times and altitudes.
    boxes_tell: bool,
    run: Run,
    /// Where each cell of the tile and its surroundings begins in the run, row by row.
    starts: Vec<usize>,
    frame: Option<Frame>,
    slots: Vec<u32>,
    outlines: Vec<LocalOutline>,
    met: Vec<(u32, u32)>,
}

impl<'a> Finder<'a> {
    pub fn new(grid: &'a Grid, judge: Judge<'a>) -> Self {
        Self {
            grid,
            judge,
            boxes_tell: judge.minima.is_none(),
            run: Run::default(),
            starts: Vec::new(),
            frame: None,
            slots: Vec::new(),
            outlines: Vec::new(),
            met: Vec::new(),
        }
    }

    /// Adds all pairs of the tile to `pairs`; `large` are the large boxes that reach into it.
    pub fn find(&mut self, tile: Tile, large: &[Entry], pairs: &mut Vec<(u32, u32)>) {
        let columns = self.load(tile);
        if self.run.len() == 0 {
            return;
        }
        self.frame = self.middle(tile).and_then(Frame::around);
        self.slots.clear();
        self.slots.resize(self.run.len(), UNKNOWN);
        self.outlines.clear();
        for row in tile.first[NORTH]..tile.end[NORTH] {
            for column in tile.first[EAST]..tile.end[EAST] {
                let here = self.place(tile, columns, column, row);
                self.meet_cell(here, columns);
                self.judge_met(pairs);
            }
        }
        for entry in large {
            self.meet_large(tile, columns, entry, pairs);
        }
    }

    /// Index in `starts` of a cell. The surroundings begin one column before the tile and end one row and column behind.
    fn place(&self, tile: Tile, columns: usize, column: u32, row: u32) -> usize {
        (row - tile.first[NORTH]) as usize * columns + (column + 1 - tile.first[EAST]) as usize
    }

    /// Reads the cells of the tile and around it; says how many columns that makes.
    fn load(&mut self, tile: Tile) -> usize {
        let count = self.grid.cells.count;
        self.run.clear();
        self.starts.clear();
        for row in tile.first[NORTH]..=tile.end[NORTH] {
            for column in i64::from(tile.first[EAST]) - 1..=i64::from(tile.end[EAST]) {
                self.starts.push(self.run.len());
                let exists = row < count[NORTH] && (0..i64::from(count[EAST])).contains(&column);
                if exists {
                    let column = u32::try_from(column).expect("it exists");
                    self.run.add(self.grid.boxes(row * count[EAST] + column));
                }
            }
        }
        self.starts.push(self.run.len());
        self.run.pad();
        (tile.end[EAST] - tile.first[EAST]) as usize + 2
    }

    /// The middle of what the tile's boxes cover.
    fn middle(&self, tile: Tile) -> Option<LatLng> {
        let (mut low, mut high) = ([i32::MAX; 2], [i32::MIN; 2]);
        let columns = (tile.end[EAST] - tile.first[EAST]) as usize + 2;
        for row in 0..(tile.end[NORTH] - tile.first[NORTH]) as usize {
            for at in self.starts[row * columns + 1]..self.starts[(row + 1) * columns - 1] {
                let bounds = self.run.probe(at).bounds;
                for axis in [EAST, NORTH] {
                    low[axis] = low[axis].min(bounds.low[axis]);
                    high[axis] = high[axis].max(bounds.high[axis]);
                }
            }
        }
        let degrees = |axis: usize| f64::midpoint(f64::from(low[axis]), f64::from(high[axis])) / f64::from(UNITS_PER_DEG);
        if low[0] > high[0] { None } else { LatLng::degrees(degrees(NORTH), degrees(EAST).clamp(-180.0, 180.0)).ok() }
    }

    /// Collects what the boxes of one cell meet there and in the four neighbours that come after it.
    fn meet_cell(&mut self, here: usize, columns: usize) {
        let (run, starts, met) = (&self.run, &self.starts, &mut self.met);
        let (from, to) = (starts[here], starts[here + 1]);
        for at in from..to {
            run.search(&run.probe(at), at + 1, to, |other| met.push((at as u32, other as u32)));
        }
        let duration = i32::try_from(self.grid.cells.duration).unwrap_or(i32::MAX);
        for neighbour in [here + 1, here + columns - 1, here + columns, here + columns + 1] {
            let (mut first, end) = (starts[neighbour], starts[neighbour + 1]);
            if first == end {
                continue;
            }
            for at in from..to {
                let probe = run.probe(at);
                // Nothing that starts earlier lasts long enough.
                let earliest = probe.bounds.low[TIME].saturating_sub(duration);
                while first < end && run.start(first) < earliest {
                    first += 1;
                }
                run.search(&probe, first, end, |other| met.push((at as u32, other as u32)));
            }
        }
    }

    /// Decides the pairs of places that were collected.
    fn judge_met(&mut self, pairs: &mut Vec<(u32, u32)>) {
        let met = std::mem::take(&mut self.met);
        for &(one, two) in &met {
            let (at, other) = (one as usize, two as usize);
            let (a, b) = (self.run.volume(at), self.run.volume(other));
            let lateral_m = if self.boxes_tell && self.meets_surely(at, other) {
                0.0
            } else if let Some(minima) = self.judge.minima_in_reach(a, b) {
                minima.lateral_m.max(0.0)
            } else {
                continue;
            };
            let (first, second) = (self.outline(at), self.outline(other));
            let on_map = first.zip(second).map(|(first, second)| (&self.outlines[first], &self.outlines[second]));
            if self.judge.ground_within(a, b, on_map, lateral_m) {
                pairs.push((a.min(b), a.max(b)));
            }
        }
        self.met = met;
        self.met.clear();
    }

    /// Whether two boxes that meet do so by more than rounding outward adds, in time and altitude.
    fn meets_surely(&self, at: usize, other: usize) -> bool {
        let (one, two) = (self.run.probe(at).bounds, self.run.probe(other).bounds);
        // A box of every altitude may stand for an altitude over another reference.
        let altitudes_known = one.low[2] > i32::MIN && two.low[2] > i32::MIN;
        altitudes_known
            && [2, TIME].into_iter().all(|axis| {
                let shared = i64::from(one.high[axis].min(two.high[axis])) - i64::from(one.low[axis].max(two.low[axis]));
                shared > 2
            })
    }

    /// Index of the outline of a place in the run, made when first asked for.
    fn outline(&mut self, at: usize) -> Option<usize> {
        if self.slots[at] == UNKNOWN {
            let outline = self.frame.and_then(|frame| self.judge.outline(&frame, self.run.volume(at)));
            self.slots[at] = outline.map_or(NONE, |outline| {
                self.outlines.push(outline);
                u32::try_from(self.outlines.len() - 1).expect("a tile has fewer than 2^32 outlines")
            });
        }
        (self.slots[at] != NONE).then_some(self.slots[at] as usize)
    }

    /// Adds the pairs of a large box with the boxes of the tile's own cells.
    fn meet_large(&mut self, tile: Tile, columns: usize, entry: &Entry, pairs: &mut Vec<(u32, u32)>) {
        let cells = &self.grid.cells;
        let probe = Probe { bounds: entry.bounds, operation: entry.operation };
        let lines = |axis: usize| {
            let reach = cells.reach(axis, &entry.bounds);
            reach.start.max(tile.first[axis])..reach.end.min(tile.end[axis])
        };
        let duration = i32::try_from(cells.duration).unwrap_or(i32::MAX);
        let earliest = entry.bounds.low[TIME].saturating_sub(duration);
        let (run, starts, met) = (&self.run, &self.starts, &mut self.met);
        for row in lines(NORTH) {
            for column in lines(EAST) {
                let place = (row - tile.first[NORTH]) as usize * columns + (column + 1 - tile.first[EAST]) as usize;
                let (from, to) = (starts[place], starts[place + 1]);
                let first = run.first_start(from, to, earliest);
                run.search(&probe, first, to, |other| met.push((entry.volume, other as u32)));
            }
        }
        let met = std::mem::take(&mut self.met);
        for &(a, other) in &met {
            let b = self.run.volume(other as usize);
            if self.judge.violates(a, b) {
                pairs.push((a.min(b), a.max(b)));
            }
        }
        self.met = met;
        self.met.clear();
    }
}
