//! Altitude and time: who stays below and who above, and who starts later.

use deconflict_conflict::{AltitudeSplit, Minima, altitude_split, smallest_delay_ns, violates};
use deconflict_spacetime::{Altitude, AltitudeBand, NS_PER_S, UM_PER_M, Volume4D};

use super::meets::meet;
use super::steps::{fewest, most};
use super::{ALTITUDE_STEP_UM, Candidate, DELAY_STEP_NS, Search};
use crate::model::{Change, Claim, ClaimKind};
use crate::words;

/// The altitude split of two flights; where that leaves one of them nothing, or only one may move, that one gives way alone.
pub(super) fn altitude(search: &Search) -> Vec<Candidate> {
    let movers: Vec<(&Claim, &Claim)> =
        search.movers().into_iter().filter(|(mover, _)| mover.kind == ClaimKind::Flight).collect();
    let both = movers.len() == 2;
    let split = if both { split(search) } else { None };
    let offered = |candidate: &Candidate| search.clears(&candidate.proposal.changes);
    if let Some(split) = split.filter(offered) {
        return vec![split];
    }
    let alone = movers.into_iter().filter_map(|(mover, fixed)| alone(search, mover, fixed)).filter(offered);
    alone.min_by(|one, other| one.share.total_cmp(&other.share)).into_iter().collect()
}

/// One below, the other above, each cut no more than is needed.
fn split(search: &Search) -> Option<Candidate> {
    let [a, b] = search.claims;
    let found = altitude_split(a.volumes()?, b.volumes()?, search.minima, ALTITUDE_STEP_UM)?;
    let (low, high) = if found.first_is_lower { (a, b) } else { (b, a) };
    let found = relaxed(low.volumes()?, high.volumes()?, search.minima, found);
    let mut changes = Vec::new();
    let mut words = Vec::new();
    let mut share = 0.0;
    if top_um(low)? > found.lower_side_upper_um {
        let change = Change::Upper(found.lower_side_upper_um);
        share += share_cut(low, &change);
        words.push(format!("{} stays at or below {}", low.id, metres(found.lower_side_upper_um)));
        changes.push((low.id.clone(), change));
    }
    if bottom_um(high)? < found.upper_side_lower_um {
        let change = Change::Lower(found.upper_side_lower_um);
        share += share_cut(high, &change);
        let stays = if words.is_empty() { " stays" } else { "" };
        words.push(format!("{}{stays} at or above {}", high.id, metres(found.upper_side_lower_um)));
        changes.push((high.id.clone(), change));
    }
    let text = format!("{}.", words.join(", "));
    (!changes.is_empty()).then(|| Candidate::new(search.proposal("altitude", changes, text), share))
}

/// The same split with each side cut as little as still clears: one step less on either side does not.
fn relaxed(low: &[Volume4D], high: &[Volume4D], minima: Minima, split: AltitudeSplit) -> AltitudeSplit {
    let clear = |upper_um: i64, lower_um: i64| {
        let low: Vec<Volume4D> = low.iter().map(|volume| capped(volume, i64::MIN, upper_um)).collect();
        let high: Vec<Volume4D> = high.iter().map(|volume| capped(volume, lower_um, i64::MAX)).collect();
        !meet(&low, &high, minima)
    };
    let (upper_um, lower_um) = (split.lower_side_upper_um, split.upper_side_lower_um);
    if !clear(upper_um, lower_um) {
        return split;
    }
    let room = |um: i64| (um.max(0) + ALTITUDE_STEP_UM - 1) / ALTITUDE_STEP_UM;
    let top_um = low.iter().filter_map(|volume| volume.band).map(|band| band.upper().um()).max().unwrap_or(upper_um);
    let raise = most(room(top_um - upper_um), |steps| clear(upper_um + steps * ALTITUDE_STEP_UM, lower_um));
    let upper_um = upper_um + raise * ALTITUDE_STEP_UM;
    let bottom_um = high.iter().filter_map(|volume| volume.band).map(|band| band.lower().um()).min().unwrap_or(lower_um);
    let sink = most(room(lower_um - bottom_um), |steps| clear(upper_um, lower_um - steps * ALTITUDE_STEP_UM));
    AltitudeSplit { lower_side_upper_um: upper_um, upper_side_lower_um: lower_um - sink * ALTITUDE_STEP_UM, ..split }
}

/// The volume between two altitudes; one that would have no height left stays as it is.
fn capped(volume: &Volume4D, lower_um: i64, upper_um: i64) -> Volume4D {
    let band = volume.band.map(|band| {
        let edge = |um| Altitude::from_um(um, band.lower().reference());
        let (lower, upper) = (edge(band.lower().um().max(lower_um)), edge(band.upper().um().min(upper_um)));
        AltitudeBand::new(lower, upper).unwrap_or(band)
    });
    Volume4D { band, ..volume.clone() }
}

/// One flight passes below or above what does not move, whichever costs it less.
fn alone(search: &Search, mover: &Claim, fixed: &Claim) -> Option<Candidate> {
    let (moved, fixed) = (mover.volumes()?, fixed.volumes()?);
    let pairs = moved.iter().flat_map(|one| fixed.iter().map(move |other| (one, other)));
    let met = pairs.filter(|(one, other)| violates(one, other, search.minima));
    // A volume in conflict that has no altitude cannot be passed below or above.
    let bands: Vec<_> = met.map(|(_, other)| other.band).collect::<Option<_>>()?;
    let gap_um = search.minima.vertical_um.max(1);
    let below_um = bands.iter().map(|band| band.lower().um()).min()?.checked_sub(gap_um)?;
    let above_um = bands.iter().map(|band| band.upper().um()).max()?.checked_add(gap_um)?;
    let upper_um = below_um.div_euclid(ALTITUDE_STEP_UM) * ALTITUDE_STEP_UM;
    let lower_um = above_um.checked_add(ALTITUDE_STEP_UM - 1)?.div_euclid(ALTITUDE_STEP_UM) * ALTITUDE_STEP_UM;
    let options = [
        (Change::Upper(upper_um), format!("{} stays at or below {}.", mover.id, metres(upper_um))),
        (Change::Lower(lower_um), format!("{} stays at or above {}.", mover.id, metres(lower_um))),
    ];
    let possible = options.into_iter().filter(|(change, _)| search.with(&[(mover.id.clone(), change.clone())]).is_some());
    let (share, change, text) = possible
        .map(|(change, text)| (share_cut(mover, &change), change, text))
        .min_by(|one, other| one.0.total_cmp(&other.0))?;
    Some(Candidate::new(search.proposal("altitude", vec![(mover.id.clone(), change)], text), share))
}

/// The smallest delay of the one and of the other that is enough.
pub(super) fn delays(search: &Search) -> Vec<Candidate> {
    search.movers().into_iter().filter_map(|(mover, fixed)| delay(search, mover, fixed)).collect()
}

fn delay(search: &Search, mover: &Claim, fixed: &Claim) -> Option<Candidate> {
    let limit_ns = search.delay_limit_ns(mover);
    let delayed = |steps: i64| vec![(mover.id.clone(), Change::Delay(steps * DELAY_STEP_NS))];
    let by_arithmetic = || {
        let (moved, fixed) = (mover.volumes()?, fixed.volumes()?);
        let delay_ns = smallest_delay_ns(moved, fixed, search.minima, DELAY_STEP_NS, limit_ns)?;
        let steps = delay_ns / DELAY_STEP_NS;
        (steps > 0 && search.clears(&delayed(steps)) && !(steps > 1 && search.clears(&delayed(steps - 1)))).then_some(steps)
    };
    // A flight over the ground is not a pair of volumes as filed: there the engine is asked step by step.
    let steps = by_arithmetic().or_else(|| fewest(limit_ns / DELAY_STEP_NS, |steps| search.clears(&delayed(steps))))?;
    let delay_ns = steps * DELAY_STEP_NS;
    let span = mover.span()?;
    let text = format!(
        "{} starts {} later, at {}.",
        mover.id,
        words::duration_s(delay_ns / NS_PER_S),
        words::time(span.start().plus_ns(delay_ns))
    );
    let share = delay_ns as f64 / span.end().since_ns(span.start()) as f64;
    Some(Candidate::new(search.proposal("delay", delayed(steps), text), share))
}

fn top_um(claim: &Claim) -> Option<i64> {
    claim.volumes()?.iter().filter_map(|volume| volume.band).map(|band| band.upper().um()).max()
}

fn bottom_um(claim: &Claim) -> Option<i64> {
    claim.volumes()?.iter().filter_map(|volume| volume.band).map(|band| band.lower().um()).min()
}

/// The share of the claim's height that a change takes.
fn share_cut(claim: &Claim, change: &Change) -> f64 {
    let bands = claim.volumes().unwrap_or_default().iter().filter_map(|volume| volume.band);
    let (mut cut, mut all) = (0.0, 0.0);
    for band in bands {
        let (lower_um, upper_um) = (band.lower().um(), band.upper().um());
        let lost_um = match *change {
            Change::Upper(um) => upper_um.saturating_sub(um).max(0),
            Change::Lower(um) => um.saturating_sub(lower_um).max(0),
            _ => 0,
        };
        cut += lost_um as f64;
        all += upper_um.saturating_sub(lower_um) as f64;
    }
    if all > 0.0 { cut / all } else { 0.0 }
}

/// An altitude in metres, with as many decimals as it has: "4500 m", "3048.6 m".
fn metres(um: i64) -> String {
    let (sign, um) = (if um < 0 { "-" } else { "" }, um.unsigned_abs());
    let per_m = UM_PER_M.unsigned_abs();
    let decimals = format!("{:06}", um % per_m);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{decimals} m", um / per_m)
}

#[cfg(test)]
mod tests {
    use super::metres;

    #[test]
    fn altitudes_have_the_decimals_that_they_need() {
        for (um, text) in [(4_500_000_000, "4500 m"), (3_048_600_000, "3048.6 m"), (-50_000_001, "-50.000001 m"), (0, "0 m")] {
            assert_eq!(metres(um), text);
        }
    }
}
