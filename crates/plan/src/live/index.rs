//! Which claims are worth comparing with one claim: those whose volumes come closer than the minima, all columns for a column, all claims of
//! authority for one of them. What else two claims could say of each other hangs on their volumes.

use std::collections::{BTreeSet, HashMap};

use deconflict_conflict::{LiveIndex, VolumeNumber};
use deconflict_spacetime::{AltitudeBand, Footprint, TimeSpan};

use super::has_volumes;
use crate::engine::candidates::{class, has_altitude, minima};
use crate::model::{Claim, ClaimBody, ClaimKind, Picture};

/// The claims of a picture, findable by where and when they are.
#[derive(Clone, Debug)]
pub(super) struct Index {
    volumes: LiveIndex,
    /// What stands in the index of each claim, and under which number.
    entered: HashMap<String, (u32, Vec<VolumeNumber>)>,
    /// Ids by number; numbers are used again.
    names: Vec<String>,
    free: Vec<u32>,
    columns: BTreeSet<String>,
    authorities: BTreeSet<String>,
}

impl Index {
    /// All claims of a picture.
    pub fn new(picture: &Picture) -> Self {
        let mut index = Self {
            volumes: LiveIndex::new(minima(picture), picture.as_of),
            entered: HashMap::new(),
            names: Vec::new(),
            free: Vec::new(),
            columns: BTreeSet::new(),
            authorities: BTreeSet::new(),
        };
        picture.claims.iter().for_each(|claim| index.insert(claim));
        index
    }

    /// Enters a claim that is not there.
    pub fn insert(&mut self, claim: &Claim) {
        if claim.track().is_some() {
            self.columns.insert(claim.id.clone());
        }
        if claim.kind == ClaimKind::Authority {
            self.authorities.insert(claim.id.clone());
        }
        if !has_volumes(claim) {
            return;
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.names.push(String::new());
            u32::try_from(self.names.len() - 1).expect("fewer than 2^32 claims")
        });
        self.names[number as usize].clone_from(&claim.id);
        let class = class(claim.kind);
        let entered =
            occupied(claim).into_iter().map(|(ground, band, span)| self.volumes.insert(number, class, ground, band, span));
        let entered = entered.collect();
        self.entered.insert(claim.id.clone(), (number, entered));
    }

    /// Takes a claim out, if it is there.
    pub fn remove(&mut self, id: &str) {
        self.columns.remove(id);
        self.authorities.remove(id);
        if let Some((number, volumes)) = self.entered.remove(id) {
            for volume in volumes {
                self.volumes.remove(volume);
            }
            self.free.push(number);
        }
    }

    /// Columns, with or without times.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// The claims that are worth comparing with one that is entered.
    pub fn candidates(&self, claim: &Claim) -> BTreeSet<&str> {
        let number = self.entered.get(&claim.id).map_or(u32::MAX, |(number, _)| *number);
        let class = class(claim.kind);
        let mut found = BTreeSet::new();
        if has_volumes(claim) {
            for (ground, band, span) in occupied(claim) {
                let near = self.volumes.conflicts(number, class, &ground, band, span);
                let owners = near.into_iter().filter_map(|volume| self.volumes.operation(volume));
                found.extend(owners.map(|owner| self.names[owner as usize].as_str()));
            }
        }
        if claim.track().is_some() {
            found.extend(self.columns.iter().map(String::as_str));
        }
        if claim.kind == ClaimKind::Authority {
            found.extend(self.authorities.iter().map(String::as_str));
        }
        found.remove(claim.id.as_str());
        found
    }
}

/// What a claim stands in the index with: a column with its whole ground for its whole time.
fn occupied(claim: &Claim) -> Vec<(Footprint, Option<AltitudeBand>, TimeSpan)> {
    match &claim.body {
        ClaimBody::Volumes(volumes) => volumes
            .iter()
            .map(|volume| {
                let band = volume.band.filter(|_| has_altitude(claim.kind));
                (Footprint::from(volume.area.clone()), band, volume.span)
            })
            .collect(),
        ClaimBody::Movement(track, movement) => {
            let ground = track.ground().map(|ground| (Footprint::from(ground), None, movement.span()));
            ground.into_iter().collect()
        }
        ClaimBody::Track(_) | ClaimBody::Authority { .. } => Vec::new(),
    }
}
