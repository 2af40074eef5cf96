//! A picture that changes: claims come, change and go, time passes, and what is found is told as what opened, changed and closed.
//!
//! Its law: what stands in [`Live::findings`] is what [`crate::check`] says of [`Live::picture`] without proposals. Proposals take most of
//! the time and are computed when somebody asks ([`Live::proposals`]).
//!
//! It does not know who may see what, nor what was told to whom.

use std::collections::{BTreeMap, BTreeSet};

use deconflict_spacetime::Time;

use crate::engine;
use crate::model::{Claim, Picture};
use crate::report::{Finding, Proposal};

/// A picture with what is found about it.
#[derive(Clone, Debug)]
pub struct Live {
    picture: Picture,
    /// Parties that operate here even if they claim nothing.
    operating: BTreeSet<String>,
    findings: BTreeMap<String, Finding>,
}

/// One change of a picture: all of it together.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Claims to add, or to put in the place of those with the same ids.
    pub put: Vec<Claim>,
    /// Ids of claims to take away; an id that no claim has is passed over.
    pub remove: Vec<String>,
    /// Everything but claims, to put in the place of what is there; its claims and its instant are passed over.
    pub frame: Option<Box<Picture>>,
    /// The instant that the picture describes from now on.
    pub as_of: Option<Time>,
}

/// What a change did to the findings, each list by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    /// Findings that were not there before.
    pub opened: Vec<Finding>,
    /// Findings that say something else than before.
    pub changed: Vec<Finding>,
    /// Findings that are gone, as they were.
    pub closed: Vec<Finding>,
}

impl Live {
    /// Everything that is found about `picture`.
    pub fn new(picture: Picture) -> Self {
        let operating = operating(&picture);
        let mut live = Self { picture, operating, findings: BTreeMap::new() };
        live.picture.index_claims();
        live.findings = live.found();
        live
    }

    /// The picture as filed: without the changes of agreements.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// All findings by id, without proposals.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.values()
    }

    /// The finding with this id.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        self.findings.get(id)
    }

    /// The smallest changes that remove a finding, best first; none where there is no such finding.
    pub fn proposals(&self, id: &str) -> Vec<Proposal> {
        self.finding(id).map_or_else(Vec::new, |finding| engine::proposals_of(&self.picture, finding, self.findings()))
    }

    /// Makes a change, and gives what it did and the change that takes it back.
    pub fn apply(&mut self, edit: Edit) -> (Delta, Edit) {
        let mut undo = Edit::default();
        if let Some(frame) = edit.frame {
            let claims = std::mem::take(&mut self.picture.claims);
            let old = std::mem::replace(&mut self.picture, *frame);
            self.picture.as_of = old.as_of;
            self.picture.claims = claims;
            let mut operating = operating(&self.picture);
            std::mem::swap(&mut operating, &mut self.operating);
            undo.frame = Some(Box::new(with_operating(old, &operating)));
            for claim in &mut self.picture.claims {
                claim.side = side_of(&self.picture.sides, claim);
            }
        }
        for id in edit.remove {
            if let Some(at) = self.picture.claims.iter().position(|claim| claim.id == id) {
                undo.put.push(self.picture.claims.remove(at));
            }
        }
        for mut claim in edit.put {
            claim.side = side_of(&self.picture.sides, &claim);
            match self.picture.claims.iter_mut().find(|other| other.id == claim.id) {
                Some(other) => undo.put.push(std::mem::replace(other, claim)),
                None => {
                    undo.remove.push(claim.id.clone());
                    self.picture.claims.push(claim);
                }
            }
        }
        if let Some(as_of) = edit.as_of {
            undo.as_of = Some(std::mem::replace(&mut self.picture.as_of, as_of));
        }
        self.picture.index_claims();
        for party in &mut self.picture.parties {
            let claims = |claim: &Claim| claim.party.as_ref() == Some(&party.id);
            party.operates = self.operating.contains(&party.id) || self.picture.claims.iter().any(claims);
        }
        let found = self.found();
        let before = std::mem::replace(&mut self.findings, found);
        (Delta::between(&before, &self.findings), undo)
    }

    fn found(&self) -> BTreeMap<String, Finding> {
        engine::findings_now(&self.picture).into_iter().map(|finding| (finding.id.clone(), finding)).collect()
    }
}

impl Delta {
    fn between(before: &BTreeMap<String, Finding>, after: &BTreeMap<String, Finding>) -> Self {
        let mut delta = Self::default();
        for (id, finding) in after {
            match before.get(id) {
                None => delta.opened.push(finding.clone()),
                Some(old) if old != finding => delta.changed.push(finding.clone()),
                Some(_) => {}
            }
        }
        delta.closed = before.iter().filter(|(id, _)| !after.contains_key(*id)).map(|(_, finding)| finding.clone()).collect();
        delta
    }
}

/// The side that lists a claim, else its own.
fn side_of(sides: &[crate::model::Side], claim: &Claim) -> String {
    let own = || claim.party.as_ref().map_or_else(|| format!("claim:{}", claim.id), |party| format!("party:{party}"));
    sides.iter().find(|side| side.claims.contains(&claim.id)).map_or_else(own, |side| side.id.clone())
}

fn operating(picture: &Picture) -> BTreeSet<String> {
    picture.parties.iter().filter(|party| party.operates).map(|party| party.id.clone()).collect()
}

fn with_operating(mut picture: Picture, operating: &BTreeSet<String>) -> Picture {
    picture.parties.iter_mut().for_each(|party| party.operates = operating.contains(&party.id));
    picture
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
