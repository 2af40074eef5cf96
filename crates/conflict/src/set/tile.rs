//! Conflicts of the boxes that touch one tile.
//!
//! The tile is cut into cells, fine where many boxes share ground and time, and the boxes of a cell are swept along time
//! or altitude. Of the tiles and cells that two boxes share, the one that holds the south-western corner of what they
//! share finds the pair. A box that touches many cells is swept over the whole tile instead.

use std::hint::black_box;

use deconflict_spacetime::{Frame, LatLng, LocalOutline, UNITS_PER_DEG};

use super::boxes::{ALTITUDE, Box4, EAST, NORTH, TIME};
use super::exact::{Ground, Judge};
use super::grid::{Cells, Entry, Grid, Touched, starts_from_counts, starts_from_ends};
use super::run::{Probe, Run};

/// No outline is known yet.
const UNKNOWN: u32 = u32::MAX;
/// There is no outline on the map.
const NONE: u32 = u32::MAX - 1;
/// A box that touches more cells than this is swept over the whole tile.
const TOUCHED_MOST: u32 = 9;
/// What it costs to enter a box in a cell, and to compare it with another, in nanoseconds; the ratio matters.
const ENTER_NS: f64 = 40.0;
const COMPARE_NS: f64 = 0.8;
/// Into how many cells a tile may be cut, along each axis.
const ALONG: [u32; 16] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];

/// Finds the pairs of tiles, one after the other, in memory that is used again.
#[derive(Debug)]
pub(crate) struct Finder<'a> {
    grid: &'a Grid,
    judge: Judge<'a>,
    /// Whether boxes that meet for longer than rounding need no look at their exact times and altitudes.
    boxes_tell: bool,
    entries: Vec<Entry>,
    run: Run,
    /// Members of the cells, cell by cell, and where each cell begins.
    members: Vec<u32>,
    starts: Vec<u32>,
    touched: Vec<Touched>,
    wide: Vec<u32>,
    outlines: Outlines<'a>,
    met: Vec<(u32, u32)>,
}

/// What a tile has found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Pairs of its boxes, each found by one tile alone.
    pub pairs: Vec<(u32, u32)>,
    /// Pairs of a large box and one of its own; another tile may find the same.
    pub of_large: Vec<(u32, u32)>,
}

/// The outlines of a tile's boxes on its map, each made when first asked for.
#[derive(Debug, Default)]
struct Outlines<'a> {
    frame: Option<Frame>,
    slots: Vec<u32>,
    known: Vec<LocalOutline>,
    asked: Vec<(u32, Ground<'a>)>,
}

/// How a tile is searched.
struct Plan {
    cells: Cells,
    axis: usize,
}

impl<'a> Finder<'a> {
    pub fn new(grid: &'a Grid, judge: Judge<'a>) -> Self {
        Self {
            grid,
            judge,
            boxes_tell: judge.minima.is_none(),
            entries: Vec::new(),
            run: Run::default(),
            members: Vec::new(),
            starts: Vec::new(),
            touched: Vec::new(),
            wide: Vec::new(),
            outlines: Outlines::default(),
            met: Vec::new(),
        }
    }

    /// Adds all pairs that the tile finds; `large` are the large boxes that touch it.
    pub fn find(&mut self, tile: u32, large: &[Entry], found: &mut Found) {
        self.entries.clear();
        self.grid.boxes(tile).for_each(|part| self.entries.extend_from_slice(part));
        if self.entries.is_empty() {
            return;
        }
        let (plan, frame) = plan(&self.entries);
        self.outlines.start(frame, self.entries.len());
        if plan.cells.total() == 1 && large.is_empty() {
            self.sweep_all(plan.axis);
            self.run.each_pair(|one, two| self.met.push((one, two)));
            self.judge_met(&mut found.pairs);
            return;
        }
        self.enter(&plan.cells);
        for cell in 0..plan.cells.total() {
            let (from, to) = (self.starts[cell as usize] as usize, self.starts[cell as usize + 1] as usize);
            if to - from < 2 {
                continue;
            }
            let (column, row) = (cell % plan.cells.count[EAST], cell / plan.cells.count[EAST]);
            let touched = &self.touched;
            let marks = |number: u32, entry: &Entry| entry.begins << 2 | touched[number as usize].begins(column, row);
            self.run.fill(&self.entries, self.members[from..to].iter().copied(), plan.axis, marks);
            let (run, met) = (&self.run, &mut self.met);
            run.each_pair(|one, two| met.push((one, two)));
            self.judge_met(&mut found.pairs);
        }
        if !(self.wide.is_empty() && large.is_empty()) {
            self.sweep_whole(plan.axis, large, found);
        }
    }

    /// Enters the boxes in the cells that they touch; those that touch many are listed as wide.
    fn enter(&mut self, cells: &Cells) {
        self.wide.clear();
        self.touched.clear();
        self.starts.clear();
        self.starts.resize(cells.total() as usize + 1, 0);
        for (number, entry) in (0..).zip(&self.entries) {
            let touched = cells.touched(&entry.bounds);
            if touched.count() <= TOUCHED_MOST {
                touched.each(cells, |cell, _| self.starts[cell] += 1);
            } else {
                self.wide.push(number);
            }
            self.touched.push(touched);
        }
        let total = starts_from_counts(&mut self.starts);
        self.members.resize(total as usize, 0);
        for (number, touched) in (0..).zip(&self.touched).filter(|(_, touched)| touched.count() <= TOUCHED_MOST) {
            touched.each(cells, |cell, _| {
                self.members[self.starts[cell] as usize] = number;
                self.starts[cell] += 1;
            });
        }
        starts_from_ends(&mut self.starts);
    }

    /// Takes all boxes of the tile as if it were one cell, in which all begin.
    fn sweep_all(&mut self, axis: usize) {
        let count = u32::try_from(self.entries.len()).expect("fewer than 2^32 boxes");
        self.run.fill(&self.entries, 0..count, axis, |_, entry| entry.begins << 2 | 3);
    }

    /// Sweeps the wide boxes and the large ones over all boxes of the tile.
    fn sweep_whole(&mut self, axis: usize, large: &[Entry], found: &mut Found) {
        self.sweep_all(axis);
        let reach = self.run.longest();
        let is_wide = |number: u32| self.wide.binary_search(&number).is_ok();
        for &number in &self.wide {
            let Entry { bounds, operation, begins, .. } = self.entries[number as usize];
            let probe = Probe { bounds, operation, marks: begins << 2 };
            let met = &mut self.met;
            self.run.search(&probe, i64::from(bounds.low[axis]) - reach, |other| {
                // Of two wide ones the first finds the pair.
                if !is_wide(other) || number < other {
                    met.push((number, other));
                }
            });
        }
        self.judge_met(&mut found.pairs);
        let mut met = Vec::new();
        for &Entry { bounds, volume, operation, begins } in large {
            let probe = Probe { bounds, operation, marks: begins << 2 };
            self.run.search(&probe, i64::from(bounds.low[axis]) - reach, |other| {
                met.push((volume, self.entries[other as usize].volume));
            });
        }
        let close = met.into_iter().filter(|&(a, b)| self.judge.violates(a, b));
        found.of_large.extend(close.map(|(a, b)| (a.min(b), a.max(b))));
    }

    /// Decides the pairs of boxes that were collected.
    fn judge_met(&mut self, pairs: &mut Vec<(u32, u32)>) {
        self.outlines.prepare(self.judge, &self.entries, &self.met);
        for &(one, two) in &self.met {
            let (first, second) = (&self.entries[one as usize], &self.entries[two as usize]);
            let (a, b) = (first.volume, second.volume);
            let lateral_m = if self.boxes_tell && meet_surely(&first.bounds, &second.bounds) {
                0.0
            } else if let Some(minima) = self.judge.minima_in_reach(a, b) {
                minima.lateral_m.max(0.0)
            } else {
                continue;
            };
            if self.judge.ground_within(a, b, self.outlines.both(one, two), lateral_m) {
                pairs.push((a.min(b), a.max(b)));
            }
        }
        self.met.clear();
    }
}

impl<'a> Outlines<'a> {
    fn start(&mut self, frame: Option<Frame>, count: usize) {
        self.frame = frame;
        self.slots.clear();
        self.slots.resize(count, UNKNOWN);
        self.known.clear();
    }

    /// Makes the outlines of all boxes that met, those that are not known yet.
    ///
    /// The corners lie all over the memory: they are looked up one right after the other, so that the waits overlap.
    fn prepare(&mut self, judge: Judge<'a>, entries: &[Entry], met: &[(u32, u32)]) {
        self.asked.clear();
        for number in met.iter().flat_map(|&(one, two)| [one, two]) {
            let slot = &mut self.slots[number as usize];
            if *slot == UNKNOWN {
                *slot = NONE;
                self.asked.push((number, judge.volumes.ground(entries[number as usize].volume)));
            }
        }
        let Some(frame) = self.frame else { return };
        // Fetched before they are used: what is computed from one set of corners is too long to wait for the next behind it.
        black_box(self.asked.iter().map(|(_, ground)| ground.first_lat_deg()).sum::<f64>());
        for &(number, ground) in &self.asked {
            if let Ground::Simple(simple) = ground
                && let Some(outline) = frame.outline(simple)
            {
                self.slots[number as usize] = u32::try_from(self.known.len()).expect("fewer than 2^32 outlines");
                self.known.push(outline);
            }
        }
    }

    /// The outlines of two boxes that were prepared.
    fn both(&self, one: u32, two: u32) -> Option<(&LocalOutline, &LocalOutline)> {
        let known = |number: u32| self.known.get(self.slots[number as usize] as usize);
        known(one).zip(known(two))
    }
}

/// Whether two boxes that meet do so by more than rounding outward adds, in time and altitude.
fn meet_surely(one: &Box4, two: &Box4) -> bool {
    // A box of every altitude may stand for an altitude over another reference.
    let altitudes_known = one.low[ALTITUDE] > i32::MIN && two.low[ALTITUDE] > i32::MIN;
    altitudes_known
        && [ALTITUDE, TIME].into_iter().all(|axis| {
            let shared = i64::from(one.high[axis].min(two.high[axis])) - i64::from(one.low[axis].max(two.low[axis]));
            shared > 2
        })
}

/// How to search boxes, and a map around them.
fn plan(entries: &[Entry]) -> (Plan, Option<Frame>) {
    let (mut low, mut high, mut extent) = ([i32::MAX; 4], [i32::MIN; 4], [0.0_f64; 4]);
    for Entry { bounds, .. } in entries {
        for axis in 0..4 {
            low[axis] = low[axis].min(bounds.low[axis]);
            high[axis] = high[axis].max(bounds.low[axis]);
            extent[axis] += (i64::from(bounds.high[axis]) - i64::from(bounds.low[axis])) as f64;
        }
    }
    let count = entries.len() as f64;
    let range = [0, 1, 2, 3].map(|axis| (i64::from(high[axis]) - i64::from(low[axis]) + 1) as f64);
    let mean = extent.map(|sum| sum / count);
    // The share of the others that begin while a box lasts.
    let active = |axis: usize| (mean[axis] / range[axis]).min(0.5);
    let axis = if active(TIME) <= active(ALTITUDE) { TIME } else { ALTITUDE };
    let cost = |along: &u32| {
        let along = f64::from(*along);
        let copies = (1.0 + along * mean[EAST] / range[EAST]) * (1.0 + along * mean[NORTH] / range[NORTH]);
        count * copies * (ENTER_NS + COMPARE_NS * (8.0 + count * copies / (along * along) * active(axis)))
    };
    let affordable = ALONG.iter().filter(|along| f64::from(**along).powi(2) <= count + 1.0);
    let along = *affordable.min_by(|a, b| cost(a).total_cmp(&cost(b))).expect("one is always affordable");
    let ground = |corner: [i32; 4]| [i64::from(corner[EAST]), i64::from(corner[NORTH])];
    let cells = Cells::over(ground(low), ground(high).map(|at| at + 1), [along, along]);
    let degrees =
        |axis: usize| (f64::midpoint(f64::from(low[axis]), f64::from(high[axis])) + mean[axis] / 2.0) / f64::from(UNITS_PER_DEG);
    let middle = LatLng::degrees(degrees(NORTH).clamp(-90.0, 90.0), degrees(EAST).clamp(-180.0, 180.0)).expect("clamped");
    (Plan { cells, axis }, Frame::around(middle))
}
