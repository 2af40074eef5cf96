//! Boxes in space-time, in whole 32-bit units, rounded outward: what they tell apart cannot conflict.
//!
//! Longitude and latitude are in 1e-7 degrees, altitude in centimetres over the reference that most volumes have, time in
//! units of a power of two nanoseconds after the first start. Does not know outlines.

use deconflict_spacetime::{AltitudeBand, AltitudeReference, Bounds, TimeSpan, UNITS_PER_DEG};

use super::classes::ClassMinima;
use super::volumes::Volumes;
use crate::Minima;

const TURN: i64 = 360 * UNITS_PER_DEG as i64;
const ANTIMERIDIAN: i64 = 180 * UNITS_PER_DEG as i64;
const UM_PER_UNIT: i64 = 10_000;

/// A closed box: lower and upper end of longitude, latitude, altitude and time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Box4 {
    pub low: [i32; 4],
    pub high: [i32; 4],
}

pub(crate) const EAST: usize = 0;
pub(crate) const NORTH: usize = 1;
pub(crate) const ALTITUDE: usize = 2;
pub(crate) const TIME: usize = 3;

impl Box4 {
    pub fn meets(&self, other: &Self) -> bool {
        (0..4).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }
}

/// How a set of volumes is turned into boxes.
#[derive(Clone, Debug)]
pub(crate) struct Quanta {
    reference: AltitudeReference,
    first_ns: i64,
    shift: u32,
    /// By class: what a box is grown by on each side.
    halves: Vec<Minima>,
}

/// One box, or two where it lies across the antimeridian.
pub(crate) type Pieces = (Box4, Option<Box4>);

impl Quanta {
    /// For a set that is known.
    pub fn of(volumes: &Volumes, minima: &ClassMinima) -> Self {
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for span in volumes.spans() {
            (first, last) = (first.min(span.start().ns()), last.max(span.end().ns()));
        }
        Self::new(most_common(volumes.bands()), (first, last), minima)
    }

    /// For altitudes over `reference` and times between two instants in nanoseconds; others are told apart less well.
    pub fn new(reference: AltitudeReference, (first, last): (i64, i64), minima: &ClassMinima) -> Self {
        let halves: Vec<Minima> = (0..=u8::MAX).map(|class| minima.halves(class)).collect();
        let grow_ns = halves.iter().map(|m| m.time_ns).max().unwrap_or(0);
        let first_ns = first.saturating_sub(grow_ns);
        let range = last.saturating_add(grow_ns).saturating_sub(first_ns).max(1);
        // The range fits 31 bits with a unit to spare on each side.
        let shift = (i64::BITS - range.leading_zeros()).saturating_sub(30);
        Self { reference, first_ns, shift, halves }
    }

    /// The box of a volume with these properties.
    #[inline]
    pub fn pieces(&self, class: u8, ground: Bounds, band: Option<AltitudeBand>, span: TimeSpan) -> Pieces {
        let half = &self.halves[usize::from(class)];
        let ground = if half.lateral_m > 0.0 { ground.grown_by(half.lateral_m) } else { ground };
        let altitude = band.filter(|band| band.lower().reference() == self.reference).map_or((i32::MIN, i32::MAX), |band| {
            let low = band.lower().um().saturating_sub(half.vertical_um).div_euclid(UM_PER_UNIT);
            let high = ceil(band.upper().um().saturating_add(half.vertical_um), UM_PER_UNIT);
            (clamped(low), clamped(high))
        });
        let start = self.time(span.start().ns().saturating_sub(half.time_ns));
        let end = self.time(span.end().ns().saturating_add(half.time_ns)).saturating_add(1);
        let piece = |west: i64, east: i64| Box4 {
            low: [clamped(west), ground.south, altitude.0, start],
            high: [clamped(east), ground.north, altitude.1, end],
        };
        let (west, east) = (i64::from(ground.west), i64::from(ground.west) + i64::from(ground.width));
        if i64::from(ground.width) >= TURN {
            (piece(-ANTIMERIDIAN, ANTIMERIDIAN), None)
        } else if east >= ANTIMERIDIAN {
            (piece(west, ANTIMERIDIAN), Some(piece(-ANTIMERIDIAN, east - TURN)))
        } else if west == -ANTIMERIDIAN {
            // 180° W is 180° E.
            (piece(west, east), Some(piece(ANTIMERIDIAN, ANTIMERIDIAN)))
        } else {
            (piece(west, east), None)
        }
    }

    #[inline]
    pub fn of_volume(&self, volumes: &Volumes, number: u32) -> Pieces {
        self.pieces(volumes.class(number), volumes.bounds(number), volumes.band(number), volumes.span(number))
    }

    fn time(&self, ns: i64) -> i32 {
        clamped(ns.saturating_sub(self.first_ns) >> self.shift)
    }
}

/// The reference that most bands have.
fn most_common(bands: &[Option<AltitudeBand>]) -> AltitudeReference {
    use AltitudeReference::{Agl, Amsl, Std, W84};
    let mut counts = [(W84, 0_usize), (Amsl, 0), (Agl, 0), (Std, 0)];
    for band in bands.iter().flatten() {
        let reference = band.lower().reference();
        for (known, count) in &mut counts {
            *count += usize::from(*known == reference);
        }
    }
    // The first of equals.
    counts.iter().rev().max_by_key(|(_, count)| *count).expect("there are four").0
}

fn ceil(value: i64, unit: i64) -> i64 {
    -(-value).div_euclid(unit)
}

#[allow(clippy::cast_possible_truncation)]
fn clamped(value: i64) -> i32 {
    value.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}
