//! Pairs of volumes that violate their minima, with margins and overlaps.
//!
//! A sweep by time, a bounding-disc test, and only then exact geometry. Does not know what an operation is.

use deconflict_spacetime::{AltitudeBand, Region, TimeSpan, Volume4D};

use crate::bounds::Disc;
use crate::{Margin, Minima};

/// A volume and the number of the operation that owns it; volumes of one operation never conflict.
#[derive(Clone, Copy, Debug)]
pub struct Tagged<'a> {
    /// The operation.
    pub operation: u32,
    /// Its volume.
    pub volume: &'a Volume4D,
}

/// Two volumes, by their index in the input, that violate their minima.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VolumePair {
    /// Index of the first volume; less than `b`.
    pub a: usize,
    /// Index of the second volume.
    pub b: usize,
    /// How far apart they are.
    pub margin: Margin,
}

/// What two volumes share.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// The ground under both.
    pub region: Region,
    /// The altitudes of both; `None` where they only touch or one is a surface claim.
    pub band: Option<AltitudeBand>,
    /// The time of both; `None` where they only touch.
    pub span: Option<TimeSpan>,
}

/// All pairs of volumes of different operations that violate the minima of their operations.
///
/// `minima(a, b)` gives the minima between operations `a` and `b` (the smaller number first), or `None` where the
/// two need not be compared. Sorted by (`a`, `b`). A volume without altitude is compared as if it reached every
/// altitude.
///
/// Laws: the same pairs whatever the order of the volumes; larger minima never give fewer pairs.
pub fn conflicting_pairs(volumes: &[Tagged], minima: impl Fn(u32, u32) -> Option<Minima>) -> Vec<VolumePair> {
    let between = |a: u32, b: u32| minima(a.min(b), a.max(b));
    let widest_ns = widest_time_ns(volumes, &between);
    let mut by_start: Vec<usize> = (0..volumes.len()).collect();
    by_start.sort_unstable_by_key(|&i| (volumes[i].volume.span.start(), i));
    let discs: Vec<Disc> = volumes.iter().map(|tagged| disc(tagged.volume)).collect();
    let mut pairs = Vec::new();
    for (rank, &i) in by_start.iter().enumerate() {
        let first = &volumes[i];
        let until = first.volume.span.end().plus_ns(widest_ns);
        for &j in by_start[rank + 1..].iter().take_while(|&&j| volumes[j].volume.span.start() <= until) {
            let second = &volumes[j];
            if first.operation == second.operation {
                continue;
            }
            let Some(minima) = between(first.operation, second.operation) else { continue };
            if discs[i].least_gap_m(&discs[j]) > minima.reach_m() || !violates(first.volume, second.volume, minima) {
                continue;
            }
            let (a, b) = (i.min(j), i.max(j));
            pairs.push(VolumePair { a, b, margin: margin(volumes[a].volume, volumes[b].volume) });
        }
    }
    pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
    pairs
}

/// Whether two volumes violate `minima`; undecided means yes.
pub fn violates(a: &Volume4D, b: &Volume4D, minima: Minima) -> bool {
    minima.violates_time(a.span.gap_ns(b.span))
        && minima.violates_vertical(vertical_gap_um(a, b))
        && a.area.within(&b.area, minima.reach_m())
}

/// The three gaps between two volumes.
///
/// Law: symmetric, up to the accuracy of distances.
pub fn margin(a: &Volume4D, b: &Volume4D) -> Margin {
    let touches = a.area.intersects(&b.area);
    let vertical_um = vertical_gap_um(a, b);
    let time_ns = a.span.gap_ns(b.span);
    Margin {
        lateral_m: if touches { 0.0 } else { a.area.gap(&b.area).lateral_m },
        vertical_um,
        time_ns,
        overlap: touches && vertical_um.unwrap_or(0) == 0 && time_ns == 0,
    }
}

/// What two volumes share; `None` where the footprints share no ground with area.
pub fn overlap(a: &Volume4D, b: &Volume4D) -> Option<Overlap> {
    let region = a.area.overlap(&b.area)?;
    let band = a.band.zip(b.band).and_then(|(a, b)| a.overlap(b));
    Some(Overlap { region, band, span: a.span.overlap(b.span) })
}

/// The vertical gap, micrometres; `None` where one of the two has no altitude.
pub(crate) fn vertical_gap_um(a: &Volume4D, b: &Volume4D) -> Option<i64> {
    a.band.zip(b.band).map(|(a, b)| a.gap_um(b))
}

/// A disc that holds the footprint.
pub(crate) fn disc(volume: &Volume4D) -> Disc {
    let (center, radius_m) = volume.area.bounding_circle();
    Disc::new(center, radius_m)
}

/// The largest time minimum between any two of the operations, nanoseconds.
fn widest_time_ns(volumes: &[Tagged], between: &impl Fn(u32, u32) -> Option<Minima>) -> i64 {
    let mut operations: Vec<u32> = volumes.iter().map(|tagged| tagged.operation).collect();
    operations.sort_unstable();
    operations.dedup();
    let after = |i: usize| &operations[i + 1..];
    let pairs = operations.iter().enumerate().flat_map(|(i, &a)| after(i).iter().map(move |&b| (a, b)));
    pairs.filter_map(|(a, b)| between(a, b)).map(|minima| minima.time_ns).max().unwrap_or(0).max(0)
}

#[cfg(test)]
#[path = "pairs_tests.rs"]
mod tests;
