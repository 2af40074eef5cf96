//! Volumes that come and go, asked about one at a time.
//!
//! A box is entered in every cell of ground and time that it touches, in a grid whose cells are as large as the box, so
//! that these are few. A question looks into the cells of each grid that is in use. Does not know what an operation is.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use deconflict_spacetime::{AltitudeBand, AltitudeReference, Footprint, Time, TimeSpan};

use super::boxes::{Box4, EAST, NORTH, Quanta, TIME};
use super::classes::ClassMinima;
use super::exact::{Ground, View};

/// Nanoseconds before and after the middle that are told apart: four years. What lies beyond meets all that does.
const REACH_NS: i64 = 4 * 366 * 86_400 * 1_000_000_000;
/// Side of the smallest cells, a power of two of 1e-7 degrees: about 5.8 km of latitude.
const LEAST_GROUND_BITS: u32 = 19;
/// Length of the shortest cells, a power of two of time units (0.27 s): about 9 minutes.
const LEAST_TIME_BITS: u32 = 11;
/// Each size of cells is this power of two larger than the one before.
const STEP_BITS: u32 = 2;
/// A question that touches more cells of a grid than this is asked of every cell in use.
const TOUCHED_MOST: u64 = 4096;

/// Number of a volume in a [`LiveIndex`]; it is used again when the volume has gone.
pub type VolumeNumber = u32;

/// A volume as it is kept.
#[derive(Clone, Debug)]
struct Kept {
    operation: u32,
    class: u8,
    ground: Footprint,
    band: Option<AltitudeBand>,
    span: TimeSpan,
}

impl Kept {
    fn view(&self) -> View<'_> {
        view(self.operation, self.class, &self.ground, self.band, self.span)
    }
}

fn view(operation: u32, class: u8, ground: &Footprint, band: Option<AltitudeBand>, span: TimeSpan) -> View<'_> {
    let ground = match ground {
        Footprint::Simple(simple) => Ground::Simple(simple.as_simple()),
        Footprint::Area(area) => Ground::Area(area),
    };
    View { operation, class, ground, band, span }
}

/// A box in a cell.
#[derive(Clone, Copy, Debug)]
struct Entry {
    bounds: Box4,
    volume: VolumeNumber,
    operation: u32,
}

/// East, north and time of a cell, in cells.
type Cell = [i32; 3];

/// The cells of one size, each with the boxes that touch it.
#[derive(Clone, Debug)]
struct Grid {
    ground_bits: u32,
    time_bits: u32,
    cells: HashMap<Cell, Vec<Entry>, BuildHasherDefault<CellHasher>>,
}

/// A set of volumes that takes insertions, removals and questions as they come.
///
/// Law: [`LiveIndex::conflicts`] gives the volumes of other operations for which [`crate::violates`] says yes.
#[derive(Clone, Debug)]
pub struct LiveIndex {
    minima: ClassMinima,
    quanta: Quanta,
    grids: Vec<Grid>,
    kept: Vec<Option<Kept>>,
    free: Vec<VolumeNumber>,
}

impl LiveIndex {
    /// An empty set. Times within four years of `around` are told apart; altitudes over W84 are.
    ///
    /// Volumes beyond are found all the same, at the price of looking at more of them.
    pub fn new(minima: ClassMinima, around: Time) -> Self {
        let span = (around.ns().saturating_sub(REACH_NS), around.ns().saturating_add(REACH_NS));
        let quanta = Quanta::new(AltitudeReference::W84, span, &minima);
        Self { minima, quanta, grids: Vec::new(), kept: Vec::new(), free: Vec::new() }
    }

    /// Adds a volume and says which number it has while it is there.
    ///
    /// # Panics
    /// There would be 2³² volumes.
    pub fn insert(
        &mut self,
        operation: u32,
        class: u8,
        ground: Footprint,
        band: Option<AltitudeBand>,
        span: TimeSpan,
    ) -> VolumeNumber {
        let (first, second) = self.quanta.pieces(class, ground.bounds(), band, span);
        let volume = self.free.pop().unwrap_or_else(|| {
            self.kept.push(None);
            u32::try_from(self.kept.len() - 1).expect("fewer than 2^32 volumes")
        });
        self.kept[volume as usize] = Some(Kept { operation, class, ground, band, span });
        for bounds in [Some(first), second].into_iter().flatten() {
            let entry = Entry { bounds, volume, operation };
            let grid = self.grid(&bounds);
            for cell in grid.touched(&bounds) {
                grid.cells.entry(cell).or_default().push(entry);
            }
        }
        volume
    }

    /// Takes a volume out; `false` if there is none with this number.
    pub fn remove(&mut self, volume: VolumeNumber) -> bool {
        let Some(kept) = self.kept.get_mut(volume as usize).and_then(Option::take) else { return false };
        let (first, second) = self.quanta.pieces(kept.class, kept.ground.bounds(), kept.band, kept.span);
        for bounds in [Some(first), second].into_iter().flatten() {
            let grid = self.grid(&bounds);
            for cell in grid.touched(&bounds) {
                let entries = grid.cells.get_mut(&cell).expect("it was entered here");
                let at = entries.iter().position(|entry| entry.volume == volume).expect("it was entered here");
                entries.swap_remove(at);
                if entries.is_empty() {
                    grid.cells.remove(&cell);
                }
            }
        }
        self.free.push(volume);
        true
    }

    /// The volumes of other operations that violate their minima with the one that is asked about, in order, each once.
    pub fn conflicts(
        &self,
        operation: u32,
        class: u8,
        ground: &Footprint,
        band: Option<AltitudeBand>,
        span: TimeSpan,
    ) -> Vec<VolumeNumber> {
        let asked = view(operation, class, ground, band, span);
        let (first, second) = self.quanta.pieces(class, ground.bounds(), band, span);
        let mut found = Vec::new();
        for bounds in [Some(first), second].into_iter().flatten() {
            for grid in &self.grids {
                grid.search(&bounds, operation, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|&volume| {
            let kept = self.kept[volume as usize].as_ref().expect("what is entered is kept");
            asked.violates(&kept.view(), &self.minima)
        });
        found
    }

    /// The operation of a volume; `None` if there is none with this number.
    pub fn operation(&self, volume: VolumeNumber) -> Option<u32> {
        self.kept.get(volume as usize)?.as_ref().map(|kept| kept.operation)
    }

    /// How many volumes there are.
    pub fn len(&self) -> usize {
        self.kept.len() - self.free.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The grid that a box belongs to.
    fn grid(&mut self, bounds: &Box4) -> &mut Grid {
        let extent = |axis: usize| i64::from(bounds.high[axis]) - i64::from(bounds.low[axis]);
        let ground_bits = bits(extent(EAST).max(extent(NORTH)), LEAST_GROUND_BITS);
        let time_bits = bits(extent(TIME), LEAST_TIME_BITS);
        let known = self.grids.iter().position(|grid| grid.ground_bits == ground_bits && grid.time_bits == time_bits);
        let at = known.unwrap_or_else(|| {
            self.grids.push(Grid { ground_bits, time_bits, cells: HashMap::default() });
            self.grids.len() - 1
        });
        &mut self.grids[at]
    }
}

/// The size of cells for an extent, as a power of two: the extent is smaller, so that at most two cells in a row are touched.
fn bits(extent: i64, least: u32) -> u32 {
    let needed = i64::BITS - extent.max(1).leading_zeros();
    least + needed.saturating_sub(least).next_multiple_of(STEP_BITS)
}

impl Grid {
    fn shifts(&self) -> [(usize, u32); 3] {
        [(EAST, self.ground_bits), (NORTH, self.ground_bits), (TIME, self.time_bits)]
    }

    /// First and last cell that a box touches.
    fn corners(&self, bounds: &Box4) -> (Cell, Cell) {
        // A shift of 32 or more leaves nothing but the sign.
        let cell = |corner: &[i32; 4]| self.shifts().map(|(axis, bits)| (i64::from(corner[axis]) >> bits) as i32);
        (cell(&bounds.low), cell(&bounds.high))
    }

    fn touched(&self, bounds: &Box4) -> impl Iterator<Item = Cell> + use<> {
        let (first, last) = self.corners(bounds);
        let line = move |k: usize| first[k]..=last[k];
        line(2).flat_map(move |time| line(1).flat_map(move |north| line(0).map(move |east| [east, north, time])))
    }

    /// Adds the volumes of other operations whose boxes meet `bounds`; each once for each of its boxes.
    fn search(&self, bounds: &Box4, operation: u32, found: &mut Vec<VolumeNumber>) {
        let (first, last) = self.corners(bounds);
        let along = |k: usize| i64::from(last[k]) - i64::from(first[k]) + 1;
        let touched = (0..3).map(|k| u64::try_from(along(k)).expect("at least one")).fold(1, u64::saturating_mul);
        let mut look = |cell: Cell, entries: &[Entry]| {
            for entry in entries.iter().filter(|entry| entry.operation != operation && entry.bounds.meets(bounds)) {
                // Of the cells that both touch, one counts: the one that holds the first corner of what they share.
                let shared = self.shifts().map(|(axis, bits)| i64::from(entry.bounds.low[axis].max(bounds.low[axis])) >> bits);
                if (0..3).all(|k| shared[k] == i64::from(cell[k])) {
                    found.push(entry.volume);
                }
            }
        };
        if touched > TOUCHED_MOST.min(self.cells.len() as u64 + 64) {
            self.cells.iter().for_each(|(cell, entries)| look(*cell, entries));
        } else {
            for cell in self.touched(bounds) {
                if let Some(entries) = self.cells.get(&cell) {
                    look(cell, entries);
                }
            }
        }
    }
}

/// Mixes the three numbers of a cell; nobody chooses cells to do harm that could not do more by filing volumes.
#[derive(Clone, Copy, Debug, Default)]
struct CellHasher(u64);

impl Hasher for CellHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_i32(&mut self, value: i32) {
        self.write_u64(u64::from(value.cast_unsigned()));
    }

    fn write_u64(&mut self, value: u64) {
        // Steps of SplitMix64.
        let mixed = (self.0.rotate_left(23) ^ value).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        self.0 = mixed ^ (mixed >> 31);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn finish(&self) -> u64 {
        let mixed = self.0.wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 32)
    }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
