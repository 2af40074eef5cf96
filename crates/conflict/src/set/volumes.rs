//! Volumes by the million: a flat store, one column for each thing that is known of a volume.
//!
//! A volume is a number, counted from 0 in the order in which it was added. Does not know what an operation is.

use deconflict_spacetime::{AltitudeBand, Area, Bounds, Footprint, LatLng, Simple, TimeSpan, Volume4D};

use super::exact::{Ground, View};

/// Where the outline of a volume is kept.
#[derive(Clone, Copy, Debug)]
struct Outline {
    /// Index of the first corner, or of the area.
    first: u32,
    /// How many corners; zero for an area.
    corners: u32,
    /// How far a simple outline reaches beyond its core, metres.
    buffer_m: f64,
}

/// A set of volumes, each with the number of its operation and its class.
///
/// Volumes of one operation never conflict. The class says which minima hold ([`crate::ClassMinima`]).
#[derive(Clone, Debug, Default)]
pub struct Volumes {
    operations: Vec<u32>,
    classes: Vec<u8>,
    bounds: Vec<Bounds>,
    spans: Vec<TimeSpan>,
    bands: Vec<Option<AltitudeBand>>,
    outlines: Vec<Outline>,
    corners: Vec<LatLng>,
    areas: Vec<Area>,
}

impl Volumes {
    /// None yet, with room for `count` volumes of about six corners.
    pub fn with_capacity(count: usize) -> Self {
        Self {
            operations: Vec::with_capacity(count),
            classes: Vec::with_capacity(count),
            bounds: Vec::with_capacity(count),
            spans: Vec::with_capacity(count),
            bands: Vec::with_capacity(count),
            outlines: Vec::with_capacity(count),
            corners: Vec::with_capacity(6 * count),
            areas: Vec::new(),
        }
    }

    /// Adds a volume and says which number it has.
    ///
    /// # Panics
    /// The set would hold 2³² volumes or corners.
    pub fn push(&mut self, operation: u32, class: u8, ground: &Footprint, band: Option<AltitudeBand>, span: TimeSpan) -> u32 {
        let number = u32::try_from(self.len()).expect("fewer than 2^32 volumes");
        self.operations.push(operation);
        self.classes.push(class);
        self.bounds.push(ground.bounds());
        self.spans.push(span);
        self.bands.push(band);
        let first = |length: usize| u32::try_from(length).expect("fewer than 2^32 corners");
        self.outlines.push(match ground {
            Footprint::Simple(simple) => {
                let simple = simple.as_simple();
                let first = first(self.corners.len());
                self.corners.extend_from_slice(simple.corners);
                let corners = u32::try_from(simple.corners.len()).expect("at most eight");
                Outline { first, corners, buffer_m: simple.buffer_m }
            }
            Footprint::Area(area) => {
                self.areas.push(area.as_ref().clone());
                Outline { first: first(self.areas.len() - 1), corners: 0, buffer_m: 0.0 }
            }
        });
        number
    }

    /// How many volumes.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Memory that the volumes take, bytes, but for what areas own besides themselves.
    pub fn bytes(&self) -> usize {
        let fixed = size_of::<u32>()
            + size_of::<u8>()
            + size_of::<Bounds>()
            + size_of::<TimeSpan>()
            + size_of::<Option<AltitudeBand>>()
            + size_of::<Outline>();
        self.len() * fixed + size_of_val(self.corners.as_slice()) + size_of_val(self.areas.as_slice())
    }

    /// The operation of a volume.
    pub fn operation(&self, number: u32) -> u32 {
        self.operations[number as usize]
    }

    /// The class of a volume.
    pub fn class(&self, number: u32) -> u8 {
        self.classes[number as usize]
    }

    /// The closed time span of a volume.
    pub fn span(&self, number: u32) -> TimeSpan {
        self.spans[number as usize]
    }

    /// The closed altitude band of a volume; `None` for a surface claim.
    pub fn band(&self, number: u32) -> Option<AltitudeBand> {
        self.bands[number as usize]
    }

    /// A box that holds the ground of a volume.
    pub fn bounds(&self, number: u32) -> Bounds {
        self.bounds[number as usize]
    }

    /// The volume as a value of its own.
    pub fn volume(&self, number: u32) -> Volume4D {
        Volume4D { area: self.ground(number).area().into_owned(), band: self.band(number), span: self.span(number) }
    }

    pub(crate) fn spans(&self) -> &[TimeSpan] {
        &self.spans
    }

    pub(crate) fn bands(&self) -> &[Option<AltitudeBand>] {
        &self.bands
    }

    pub(crate) fn view(&self, number: u32) -> View<'_> {
        let at = number as usize;
        View {
            operation: self.operations[at],
            class: self.classes[at],
            ground: self.ground(number),
            band: self.bands[at],
            span: self.spans[at],
        }
    }

    pub(crate) fn ground(&self, number: u32) -> Ground<'_> {
        let Outline { first, corners, buffer_m } = self.outlines[number as usize];
        let first = first as usize;
        if corners == 0 {
            return Ground::Area(&self.areas[first]);
        }
        Ground::Simple(Simple { corners: &self.corners[first..first + corners as usize], buffer_m })
    }
}
