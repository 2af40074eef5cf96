//! The arithmetic of proposals: the smallest step that takes two sets of volumes apart.
//!
//! All of it is in integers, so that a proposal holds exactly. Does not know who would have to accept it.

use deconflict_spacetime::{AltitudeBand, AltitudeReference, Volume4D};

use crate::pairs::{disc, vertical_gap_um, violates};
use crate::{Minima, bounds::Disc};

/// One side below, the other above a vertical gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AltitudeSplit {
    /// Whether the first set of volumes takes the lower part.
    pub first_is_lower: bool,
    /// New upper edge of the lower side, micrometres.
    pub lower_side_upper_um: i64,
    /// New lower edge of the upper side, micrometres.
    pub upper_side_lower_um: i64,
}

/// The altitude split with the smallest total cut that clears all conflicts between `a` and `b`, on a grid of `step_um`.
///
/// The lower side keeps what is below the middle of the shared band (rounded down to the grid), the upper side starts
/// one vertical minimum above that (one step above it where the minimum is zero). Both edges are in the reference of
/// the volumes, and clamp every volume of their side: an upper edge of the lower side that is higher comes down to the
/// new one, a lower edge of the upper side that is lower goes up. Where several pairs conflict, the shared band reaches
/// from the lowest to the highest of theirs. Of two equal cuts the side that flies lower on average stays lower.
///
/// `None` where nothing conflicts, a side would lose all of a band, a volume in conflict has no altitude, or the
/// bands are not all of one reference.
pub fn altitude_split(a: &[Volume4D], b: &[Volume4D], minima: Minima, step_um: i64) -> Option<AltitudeSplit> {
    let (mut shared_lower_um, mut shared_upper_um) = (i64::MAX, i64::MIN);
    let mut middle = [0_i128; 2];
    for (i, j) in near_pairs(a, b, minima).filter(|&(i, j)| violates(&a[i], &b[j], minima)) {
        let (first, second) = (a[i].band?, b[j].band?);
        shared_lower_um = shared_lower_um.min(first.lower().um().max(second.lower().um()));
        shared_upper_um = shared_upper_um.max(first.upper().um().min(second.upper().um()));
        for (sum, band) in middle.iter_mut().zip([first, second]) {
            *sum += i128::from(band.lower().um()) + i128::from(band.upper().um());
        }
    }
    if shared_lower_um == i64::MAX {
        return None;
    }
    one_reference(a, b)?;
    let step_um = step_um.max(1);
    let middle_um = (i128::from(shared_lower_um) + i128::from(shared_upper_um)).div_euclid(2);
    let cut_um = i64::try_from(middle_um).ok()?.div_euclid(step_um) * step_um;
    let upper_side_lower_um = cut_um.checked_add(if minima.vertical_um > 0 { minima.vertical_um } else { step_um })?;
    // The orientation that comes first wins where both cut the same.
    let first_is_lower = middle[0] <= middle[1];
    let options = [first_is_lower, !first_is_lower].into_iter().filter_map(|first_is_lower| {
        let split = AltitudeSplit { first_is_lower, lower_side_upper_um: cut_um, upper_side_lower_um };
        Some((total_cut_um(a, b, split)?, split))
    });
    options.min_by_key(|(cut_um, _)| *cut_um).map(|(_, split)| split)
}

/// The smallest delay of all of `moved`, a multiple of `step_ns` up to `limit_ns`, that clears every conflict with `fixed`.
///
/// Zero if nothing conflicts; `None` if no delay up to the limit is enough.
/// Law: the delay clears every pair, and every smaller multiple of the step leaves one in conflict.
pub fn smallest_delay_ns(moved: &[Volume4D], fixed: &[Volume4D], minima: Minima, step_ns: i64, limit_ns: i64) -> Option<i64> {
    let step_ns = i128::from(step_ns.max(1));
    // For each pair, the closed interval of delays that leave it in conflict: where the time gap is below this.
    let clear_ns = i128::from(minima.time_ns.max(1));
    let mut forbidden: Vec<(i128, i128)> = near_pairs(moved, fixed, minima)
        .map(|(i, j)| (&moved[i], &fixed[j]))
        // What no delay up to the limit brings together is left out before the footprints are compared.
        .filter(|(moved, fixed)| moved.span.end().plus_ns(limit_ns).plus_ns(minima.time_ns.max(0)) >= fixed.span.start())
        .filter(|(moved, fixed)| fixed.span.end().plus_ns(minima.time_ns.max(0)) >= moved.span.start())
        .filter(|(moved, fixed)| minima.violates_vertical(vertical_gap_um(moved, fixed)))
        .filter(|(moved, fixed)| moved.area.within(&fixed.area, minima.reach_m()))
        .map(|(moved, fixed)| {
            let earliest = i128::from(fixed.span.start().ns()) - i128::from(moved.span.end().ns()) - (clear_ns - 1);
            let latest = i128::from(fixed.span.end().ns()) - i128::from(moved.span.start().ns()) + (clear_ns - 1);
            (earliest, latest)
        })
        .collect();
    forbidden.sort_unstable();
    let mut delay_ns = 0;
    for (earliest, latest) in forbidden {
        if delay_ns < earliest {
            break;
        }
        if delay_ns <= latest {
            delay_ns = (latest / step_ns + 1) * step_ns;
        }
    }
    i64::try_from(delay_ns).ok().filter(|&delay_ns| delay_ns <= limit_ns)
}

/// Pairs that may be closer than the lateral minimum.
fn near_pairs<'a>(a: &'a [Volume4D], b: &'a [Volume4D], minima: Minima) -> impl Iterator<Item = (usize, usize)> + 'a {
    let discs: Vec<Disc> = b.iter().map(disc).collect();
    a.iter().map(disc).enumerate().flat_map(move |(i, of_a)| {
        let near = discs.iter().enumerate().filter(move |(_, of_b)| of_a.least_gap_m(of_b) <= minima.reach_m());
        near.map(|(j, _)| (i, j)).collect::<Vec<_>>()
    })
}

/// The reference of all bands, if it is one.
fn one_reference(a: &[Volume4D], b: &[Volume4D]) -> Option<AltitudeReference> {
    let mut references = a.iter().chain(b).filter_map(|volume| volume.band).map(|band| band.lower().reference());
    let reference = references.next()?;
    references.all(|other| other == reference).then_some(reference)
}

/// How much height the volumes of both sides lose together, micrometres; `None` if one would lose all of it.
fn total_cut_um(a: &[Volume4D], b: &[Volume4D], split: AltitudeSplit) -> Option<i128> {
    let (lower_side, upper_side) = if split.first_is_lower { (a, b) } else { (b, a) };
    let bands = |volumes: &[Volume4D]| volumes.iter().filter_map(|volume| volume.band).collect::<Vec<AltitudeBand>>();
    let mut total_um = 0_i128;
    for band in bands(lower_side) {
        let upper_um = band.upper().um().min(split.lower_side_upper_um);
        total_um += i128::from(band.upper().um()) - i128::from(upper_um);
        if upper_um <= band.lower().um() {
            return None;
        }
    }
    for band in bands(upper_side) {
        let lower_um = band.lower().um().max(split.upper_side_lower_um);
        total_um += i128::from(lower_um) - i128::from(band.lower().um());
        if lower_um >= band.upper().um() {
            return None;
        }
    }
    Some(total_um)
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
