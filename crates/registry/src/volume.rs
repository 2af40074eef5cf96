//! Where and when something is, as integers: cells, a band of altitudes and a time span per volume. Does not know shapes, and
//! keeps no exact ones (DSS0010): whoever makes these values rounds outward.

use crate::time::TimeSpan;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// Most volumes that one entity may have. A flight of 10,000 vertices (F3548: `OiMaxVertices`) in rectangles has 2,500.
pub const MAX_VOLUMES: usize = 4_096;

/// Most cells that one entity, all its volumes together, or one area may have; about ten times the 2,500 km² that existing
/// servers allow.
pub const MAX_CELLS: usize = 32_768;

/// An S2 cell of level 13, about one square kilometre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(u32);

/// A number that is no S2 cell id of level 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCell {
    /// The number that was given.
    pub id: u64,
}

impl fmt::Display for InvalidCell {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:#018x} is no S2 cell id of level 13", self.id)
    }
}

impl core::error::Error for InvalidCell {}

impl Cell {
    /// Bits of an S2 id of level 13 below its face and position: the mark of the level, and zeros.
    const MARK_BITS: u32 = 64 - 3 - 2 * 13;
    const FACES: u32 = 6;

    /// The cell with the S2 id `id`.
    ///
    /// # Errors
    /// `id` is of another level, or no cell id at all.
    pub const fn from_s2(id: u64) -> Result<Self, InvalidCell> {
        let index = (id >> Self::MARK_BITS) as u32;
        if id.trailing_zeros() == Self::MARK_BITS - 1 && index >> (2 * 13) < Self::FACES {
            Ok(Self(index))
        } else {
            Err(InvalidCell { id })
        }
    }

    /// The S2 id of the cell.
    pub const fn s2(self) -> u64 {
        ((self.0 as u64) << Self::MARK_BITS) | (1 << (Self::MARK_BITS - 1))
    }

    /// The position of the cell among all cells of level 13, in the order of their S2 ids.
    pub(crate) const fn index(self) -> u32 {
        self.0
    }

    pub(crate) const fn from_index(index: u32) -> Option<Self> {
        if index >> (2 * 13) < Self::FACES { Some(Self(index)) } else { None }
    }
}

/// At least one cell and at most [`MAX_CELLS`], ascending, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells(Box<[Cell]>);

impl Cells {
    /// Puts `cells` in order.
    ///
    /// # Errors
    /// There is no cell, or there are too many.
    pub fn new(mut cells: Vec<Cell>) -> Result<Self, InvalidVolumes> {
        cells.sort_unstable();
        cells.dedup();
        match cells.len() {
            0 => Err(InvalidVolumes::NoCells),
            1..=MAX_CELLS => Ok(Self(cells.into_boxed_slice())),
            found => Err(InvalidVolumes::TooManyCells { found }),
        }
    }

    /// The cells, ascending.
    pub fn as_slice(&self) -> &[Cell] {
        &self.0
    }

    /// Those of the cells that are among `other`'s, too.
    pub(crate) fn shared_with<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Cell> + 'a {
        self.0.iter().copied().filter(|cell| other.0.binary_search(cell).is_ok())
    }

    /// Whether each of `other`'s cells is among these.
    pub(crate) fn cover(&self, other: &Self) -> bool {
        // Few are looked for among many, again and again: one volume after another of an intent in a wide subscription.
        let mut rest = &*self.0;
        other.0.iter().all(|wanted| {
            rest = &rest[rest.partition_point(|cell| cell < wanted)..];
            rest.first() == Some(wanted)
        })
    }
}

/// A closed band of altitudes above the WGS84 ellipsoid, in whole centimetres, rounded outward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AltitudeBand {
    lower_cm: i32,
    upper_cm: i32,
}

/// The upper edge of a band is below its lower edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBand {
    /// The lower edge that was given.
    pub lower_cm: i32,
    /// The upper edge that was given.
    pub upper_cm: i32,
}

impl fmt::Display for InvalidBand {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "the upper altitude, {} cm, is below the lower, {} cm", self.upper_cm, self.lower_cm)
    }
}

impl core::error::Error for InvalidBand {}

impl AltitudeBand {
    /// All altitudes: what an area without altitudes has.
    pub const ALL: Self = Self { lower_cm: i32::MIN, upper_cm: i32::MAX };

    /// The closed band from `lower_cm` to `upper_cm`. An open edge is `i32::MIN` or `i32::MAX`.
    ///
    /// # Errors
    /// The upper edge is below the lower.
    pub const fn new(lower_cm: i32, upper_cm: i32) -> Result<Self, InvalidBand> {
        if lower_cm <= upper_cm { Ok(Self { lower_cm, upper_cm }) } else { Err(InvalidBand { lower_cm, upper_cm }) }
    }

    /// Lower edge.
    pub const fn lower_cm(self) -> i32 {
        self.lower_cm
    }

    /// Upper edge.
    pub const fn upper_cm(self) -> i32 {
        self.upper_cm
    }

    /// From the lower of both lower edges to the upper of both upper ones.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self { lower_cm: self.lower_cm.min(other.lower_cm), upper_cm: self.upper_cm.max(other.upper_cm) }
    }

    /// Whether the closed bands share an altitude.
    pub fn intersects(self, other: Self) -> bool {
        self.lower_cm <= other.upper_cm && other.lower_cm <= self.upper_cm
    }
}

/// Cells, altitudes and a time span: one volume of an entity, or an area that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Every cell that the shape may touch.
    pub cells: Cells,
    /// Altitudes, rounded outward.
    pub altitude: AltitudeBand,
    /// From when until when.
    pub time: TimeSpan,
}

/// The volumes of one entity: at least one, each of which lasts, within [`MAX_VOLUMES`] and [`MAX_CELLS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volumes(Box<[Volume]>);

/// Why volumes or cells are not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidVolumes {
    /// There is no volume.
    NoVolumes,
    /// More volumes than [`MAX_VOLUMES`].
    TooManyVolumes {
        /// How many there are.
        found: usize,
    },
    /// There is no cell.
    NoCells,
    /// More cells than [`MAX_CELLS`].
    TooManyCells {
        /// How many there are.
        found: usize,
    },
    /// A volume ends when it starts.
    NoDuration {
        /// Which volume, from 0.
        volume: usize,
    },
}

impl fmt::Display for InvalidVolumes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoVolumes => write!(f, "there is no volume"),
            Self::TooManyVolumes { found } => write!(f, "{found} volumes, at most {MAX_VOLUMES} are accepted"),
            Self::NoCells => write!(f, "the area has no cell"),
            Self::TooManyCells { found } => write!(f, "the area has {found} cells, at most {MAX_CELLS} are accepted"),
            Self::NoDuration { volume } => write!(f, "volume {volume} ends when it starts"),
        }
    }
}

impl core::error::Error for InvalidVolumes {}

impl Volumes {
    /// The volumes of an entity, in the order given.
    ///
    /// # Errors
    /// None, too many, too many cells in all, or one without duration.
    pub fn new(volumes: Vec<Volume>) -> Result<Self, InvalidVolumes> {
        if volumes.is_empty() {
            return Err(InvalidVolumes::NoVolumes);
        }
        if volumes.len() > MAX_VOLUMES {
            return Err(InvalidVolumes::TooManyVolumes { found: volumes.len() });
        }
        let found = volumes.iter().map(|volume| volume.cells.as_slice().len()).sum();
        if found > MAX_CELLS {
            return Err(InvalidVolumes::TooManyCells { found });
        }
        match volumes.iter().position(|volume| volume.time.duration_ns() == 0) {
            Some(volume) => Err(InvalidVolumes::NoDuration { volume }),
            None => Ok(Self(volumes.into_boxed_slice())),
        }
    }

    /// The volumes.
    pub fn as_slice(&self) -> &[Volume] {
        &self.0
    }

    /// From the first start to the last end.
    pub fn time(&self) -> TimeSpan {
        self.0.iter().map(|volume| volume.time).reduce(TimeSpan::hull).expect("there is at least one volume")
    }

    /// All cells of all volumes.
    pub(crate) fn cells(&self) -> Cells {
        let all: Vec<Cell> = self.0.iter().flat_map(|volume| volume.cells.as_slice()).copied().collect();
        Cells::new(all).expect("volumes have cells, and not too many")
    }
}
