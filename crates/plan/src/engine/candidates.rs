//! Which pairs of claims are worth a look: those whose volumes come closer than the minima of their kinds.
//!
//! Leaves out only pairs about which [`super::pair::pair_findings`] would say nothing. Columns and claims of authority
//! are compared with everything: they are few, and what is said of them does not hang on volumes alone.

use deconflict_conflict::{ClassMinima, Volumes, all_pairs};
use deconflict_spacetime::{Area, Footprint};

use crate::model::{Claim, ClaimBody, ClaimKind, Picture};

/// A picture of fewer claims is compared pair by pair.
const INDEXED_FROM: usize = 64;

/// Kinds by class.
const KINDS: [ClaimKind; 6] =
    [ClaimKind::Flight, ClaimKind::Movement, ClaimKind::Constraint, ClaimKind::Site, ClaimKind::Authority, ClaimKind::Presence];

/// Indices of the claims of every pair that is worth a look, lower first, in order.
pub(crate) fn candidates(picture: &Picture) -> Vec<(usize, usize)> {
    let count = picture.claims.len();
    let every = |i: usize| (i + 1..count).map(move |j| (i, j));
    if count < INDEXED_FROM {
        return (0..count).flat_map(every).collect();
    }
    let indexed: Vec<bool> = picture.claims.iter().map(|claim| matches!(claim.body, ClaimBody::Volumes(_))).collect();
    let mut volumes = Volumes::default();
    for (number, claim) in picture.claims.iter().enumerate().filter(|(number, _)| indexed[*number]) {
        add(&mut volumes, u32::try_from(number).expect("fewer than 2^32 claims"), claim);
    }
    let mut pairs = claim_pairs(&volumes, &minima(picture), 1);
    pairs.extend((0..count).flat_map(every).filter(|&(i, j)| !(indexed[i] && indexed[j])));
    pairs.sort_unstable();
    pairs
}

/// The minima of a picture by class.
pub(crate) fn minima(picture: &Picture) -> ClassMinima {
    let kind = |class: u8| KINDS[usize::from(class)];
    ClassMinima::new(6, |a, b| picture.minima(kind(a), kind(b)))
}

/// The class of a kind.
pub(crate) fn class(kind: ClaimKind) -> u8 {
    let at = KINDS.iter().position(|known| *known == kind).expect("every kind has a class");
    u8::try_from(at).expect("there are six")
}

/// Adds what a claim occupies, under the number of its claim.
///
/// Sites and presences meet others at any altitude. A column takes its whole ground for its whole time.
pub(crate) fn add(volumes: &mut Volumes, number: u32, claim: &Claim) {
    let class = class(claim.kind);
    match &claim.body {
        ClaimBody::Volumes(list) => {
            for volume in list {
                let band = volume.band.filter(|_| has_altitude(claim.kind));
                volumes.push(number, class, &Footprint::from(volume.area.clone()), band, volume.span);
            }
        }
        ClaimBody::Movement(track, movement) => {
            let ground: Option<Area> = track.ground();
            if let Some(ground) = ground {
                volumes.push(number, class, &Footprint::from(ground), None, movement.span());
            }
        }
        ClaimBody::Track(_) | ClaimBody::Authority { .. } => {}
    }
}

/// Whether claims of a kind are compared by altitude at all.
pub(crate) fn has_altitude(kind: ClaimKind) -> bool {
    matches!(kind, ClaimKind::Flight | ClaimKind::Constraint)
}

/// The pairs of operations of a set that violate their minima, each once, lower first, in order.
pub(crate) fn claim_pairs(volumes: &Volumes, minima: &ClassMinima, threads: usize) -> Vec<(usize, usize)> {
    let owner = |volume: u32| volumes.operation(volume) as usize;
    let owners = |(a, b): (u32, u32)| (owner(a).min(owner(b)), owner(a).max(owner(b)));
    let mut pairs: Vec<(usize, usize)> = all_pairs(volumes, minima, threads).into_iter().map(owners).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
#[path = "candidates_tests.rs"]
mod tests;
