//! A picture that changes: claims come, change and go, time passes, and what is found is told as what opened, changed and closed.
//!
//! Its law: what stands in [`Live::findings`] is what [`crate::check`] says of [`Live::picture`], without proposals. Proposals take most
//! of the time and are computed when somebody asks ([`Live::proposals`]).
//!
//! A changed claim costs its own pairs, which an index finds, and what is not about pairs. The frame, and claims that an agreement in force
//! speaks of, cost more: agreements change claims in a copy, which is made again.
//!
//! It does not know who may see what, nor what was told to whom.

mod index;
mod others;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use deconflict_spacetime::Time;

use crate::engine;
use crate::model::{Claim, ClaimBody, Picture, Side};
use crate::report::{Finding, FindingKind, Proposal};
use index::Index;
use others::Lasting;

/// Two ids of claims, the lesser first.
type Pair = [String; 2];

/// A picture with what is found about it.
#[derive(Clone, Debug)]
pub struct Live {
    filed: Picture,
    /// The picture with the changes of agreements, where any agreement is in force that changes something.
    in_force: Option<Box<Picture>>,
    /// Claims that an agreement speaks of, and those whose windows hang on them.
    entangled: BTreeSet<String>,
    /// Parties that operate here even if they claim nothing.
    operating: BTreeSet<String>,
    /// How many claims each party has.
    owners: HashMap<String, usize>,
    index: Index,
    /// What is found about pairs, before agreements, time and routing have a say.
    pairs: BTreeMap<Pair, Vec<Finding>>,
    partners: HashMap<String, BTreeSet<String>>,
    lasting: Lasting,
    /// Ids of findings that are not about pairs.
    others: BTreeSet<String>,
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

/// What has to be asked again.
#[derive(Debug, Default)]
struct Dirty {
    /// Everything: the frame is another one, or an agreement came into force or ended.
    all: bool,
    /// Claims that are others now, or gone.
    claims: BTreeSet<String>,
    /// Pairs of which time alone may say something else.
    pairs: BTreeSet<Pair>,
    /// Whether a column, or what an expectation names, is among the claims.
    roads: bool,
}

impl Live {
    /// Everything that is found about `picture`.
    pub fn new(mut picture: Picture) -> Self {
        let operating = operating(&picture);
        picture.index_claims();
        let sides = std::mem::take(&mut picture.sides);
        picture.claims.iter_mut().for_each(|claim| claim.side = side_of(&sides, claim));
        picture.sides = sides;
        let mut owners: HashMap<String, usize> = HashMap::new();
        for party in picture.claims.iter().filter_map(|claim| claim.party.as_ref()) {
            *owners.entry(party.clone()).or_default() += 1;
        }
        let mut live = Self {
            index: Index::new(&picture),
            filed: picture,
            in_force: None,
            entangled: BTreeSet::new(),
            operating,
            owners,
            pairs: BTreeMap::new(),
            partners: HashMap::new(),
            lasting: Lasting::default(),
            others: BTreeSet::new(),
            findings: BTreeMap::new(),
        };
        live.look_again(Dirty { all: true, ..Dirty::default() });
        live
    }

    /// The picture as filed: without the changes of agreements.
    pub fn picture(&self) -> &Picture {
        &self.filed
    }

    /// All findings by id, without proposals.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.values()
    }

    /// The finding with this id.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        self.findings.get(id)
    }

    /// The findings that rest on a claim.
    pub fn findings_of<'a>(&'a self, claim: &'a str) -> impl Iterator<Item = &'a Finding> {
        let of_pairs = self.partners.get(claim).into_iter().flatten().flat_map(move |other| {
            let raw = self.pairs.get(&pair(claim, other)).into_iter().flatten();
            raw.filter_map(|finding| self.findings.get(&finding.id))
        });
        let others = self.others.iter().filter_map(|id| self.findings.get(id));
        of_pairs.chain(others.filter(move |finding| finding.claims.iter().any(|id| id == claim)))
    }

    /// The smallest changes that remove a finding, best first; none where there is no such finding.
    pub fn proposals(&self, id: &str) -> Vec<Proposal> {
        self.finding(id).map_or_else(Vec::new, |finding| engine::proposals_of(&self.filed, finding, self.findings()))
    }

    /// Makes a change, and gives what it did and the change that takes it back.
    pub fn apply(&mut self, edit: Edit) -> (Delta, Edit) {
        let (mut undo, mut dirty) = (Edit::default(), Dirty::default());
        if let Some(frame) = edit.frame {
            undo.frame = Some(Box::new(self.set_frame(*frame)));
            dirty.all = true;
        }
        for id in edit.remove {
            if let Some(old) = self.take(&id) {
                self.note(&old, &mut dirty);
                undo.put.push(old);
            }
        }
        for claim in edit.put {
            self.note(&claim, &mut dirty);
            let id = claim.id.clone();
            match self.place(claim) {
                Some(old) => {
                    self.note(&old, &mut dirty);
                    undo.put.push(old);
                }
                None => undo.remove.push(id),
            }
        }
        if let Some(as_of) = edit.as_of.filter(|as_of| *as_of != self.filed.as_of) {
            let before = std::mem::replace(&mut self.filed.as_of, as_of);
            undo.as_of = Some(before);
            if let Some(current) = &mut self.in_force {
                current.as_of = as_of;
            }
            self.pass(before.min(as_of), before.max(as_of), &mut dirty);
        }
        (self.look_again(dirty), undo)
    }

    /// Notes what a claim that comes or goes makes worth asking again.
    fn note(&self, claim: &Claim, dirty: &mut Dirty) {
        dirty.claims.insert(claim.id.clone());
        let named = || self.filed.expectations.iter().any(|expected| expected.claims.contains(&claim.id));
        dirty.roads |= claim.track().is_some() || named();
        let bound = claim.bound_from.iter().chain(&claim.bound_until);
        let speaks = |agreement: &crate::model::Agreement| engine::touched(agreement).contains(&claim.id);
        let entangled = || self.entangled.contains(&claim.id) || bound.clone().any(|id| self.entangled.contains(id));
        dirty.all |= entangled() || self.filed.agreements.iter().any(speaks);
    }

    /// What passing from one instant to a later one makes worth asking again.
    fn pass(&self, from: Time, to: Time, dirty: &mut Dirty) {
        let passes = |time: Time| from <= time && time <= to;
        dirty.all |= bounds(&self.filed).any(passes);
        for (pair, findings) in &self.pairs {
            let turns = |finding: &Finding| {
                let window = finding.window.is_some_and(|window| passes(window.start()) || passes(window.end()));
                window || matches!(finding.kind, FindingKind::Approach | FindingKind::Converging)
            };
            if findings.iter().any(turns) {
                dirty.pairs.insert(pair.clone());
            }
        }
    }

    /// Replaces everything but the claims; gives what was there.
    fn set_frame(&mut self, frame: Picture) -> Picture {
        let claims = std::mem::take(&mut self.filed.claims);
        let places = std::mem::take(&mut self.filed.places_of_claims);
        let old = std::mem::replace(&mut self.filed, frame);
        let operating = std::mem::replace(&mut self.operating, operating(&self.filed));
        self.filed.as_of = old.as_of;
        self.filed.claims = claims;
        self.filed.places_of_claims = places;
        for claim in &mut self.filed.claims {
            claim.side = side_of(&self.filed.sides, claim);
        }
        with_operating(old, &operating)
    }

    /// Takes a claim away.
    fn take(&mut self, id: &str) -> Option<Claim> {
        let at = self.filed.position(id)?;
        if let Some(current) = &mut self.in_force {
            current.remove_at(at);
        }
        let old = self.filed.remove_at(at);
        self.count(&old, false);
        Some(old)
    }

    /// Puts a claim in its place; gives the one that was there.
    fn place(&mut self, mut claim: Claim) -> Option<Claim> {
        claim.side = side_of(&self.filed.sides, &claim);
        self.count(&claim, true);
        let old = match self.filed.position(&claim.id) {
            Some(at) => {
                if let Some(current) = &mut self.in_force {
                    current.claims[at] = claim.clone();
                }
                Some(std::mem::replace(&mut self.filed.claims[at], claim))
            }
            None => {
                if let Some(current) = &mut self.in_force {
                    current.push_claim(claim.clone());
                }
                self.filed.push_claim(claim);
                None
            }
        };
        if let Some(old) = &old {
            self.count(old, false);
        }
        old
    }

    fn count(&mut self, claim: &Claim, comes: bool) {
        let Some(party) = &claim.party else { return };
        let count = self.owners.entry(party.clone()).or_default();
        *count = if comes { *count + 1 } else { count.saturating_sub(1) };
    }

    fn current(&self) -> &Picture {
        self.in_force.as_deref().unwrap_or(&self.filed)
    }

    /// Asks again what is dirty, and gives what that changed.
    fn look_again(&mut self, dirty: Dirty) -> Delta {
        for party in &mut self.filed.parties {
            party.operates = self.operating.contains(&party.id) || self.owners.get(&party.id).is_some_and(|count| *count > 0);
        }
        if let Some(current) = &mut self.in_force {
            current.parties.clone_from(&self.filed.parties);
        }
        let mut redo: BTreeSet<Pair> = dirty.pairs;
        if dirty.all {
            self.settle();
            self.index = Index::new(self.current());
            self.pairs.clear();
            self.partners.clear();
            for (a, b) in engine::candidates::candidates(self.current()) {
                let claims = &self.current().claims;
                redo.insert(pair(&claims[a].id, &claims[b].id));
            }
        } else {
            for id in &dirty.claims {
                self.index.remove(id);
                redo.extend(self.partners.get(id).into_iter().flatten().map(|other| pair(id, other)));
            }
            for id in &dirty.claims {
                let current = self.in_force.as_deref().unwrap_or(&self.filed);
                if let Some(claim) = current.claim(id) {
                    self.index.insert(claim);
                }
            }
            for claim in dirty.claims.iter().filter_map(|id| self.current().claim(id)) {
                redo.extend(self.index.candidates(claim).into_iter().map(|other| pair(&claim.id, other)));
            }
        }
        let mut stale: BTreeSet<String> = BTreeSet::new();
        let mut fresh: Vec<Finding> = Vec::new();
        for pair in redo {
            stale.extend(self.pairs.get(&pair).into_iter().flatten().map(|finding| finding.id.clone()));
            let found = match (self.current().claim(&pair[0]), self.current().claim(&pair[1])) {
                (Some(a), Some(b)) => engine::pair_findings(self.current(), a, b),
                _ => Vec::new(),
            };
            fresh.extend(found.iter().cloned());
            self.keep(pair, found);
        }
        if dirty.all {
            stale.extend(self.findings.keys().cloned());
        }
        if dirty.all || dirty.roads {
            self.lasting = Lasting::of(self.current());
        }
        self.put_findings(stale, fresh)
    }

    /// Keeps what is found about a pair.
    fn keep(&mut self, pair: Pair, found: Vec<Finding>) {
        let [a, b] = &pair;
        if found.is_empty() {
            for (one, other) in [(a, b), (b, a)] {
                if let Some(partners) = self.partners.get_mut(one) {
                    partners.remove(other);
                    if partners.is_empty() {
                        self.partners.remove(one);
                    }
                }
            }
            self.pairs.remove(&pair);
        } else {
            for (one, other) in [(a, b), (b, a)] {
                self.partners.entry(one.clone()).or_default().insert(other.clone());
            }
            self.pairs.insert(pair, found);
        }
    }

    /// Makes the changes of agreements again.
    fn settle(&mut self) {
        self.filed.index_claims();
        let changes = |agreement: &crate::model::Agreement| !engine::touched(agreement).is_empty();
        let any = self.filed.agreements.iter().any(changes);
        self.in_force = any.then(|| {
            let mut current = Box::new(engine::in_force_now(&self.filed));
            current.index_claims();
            current
        });
        self.entangled = self.filed.agreements.iter().flat_map(engine::touched).collect();
        let mut grown = !self.entangled.is_empty();
        while grown {
            let hangs = |claim: &&Claim| claim.bound_from.iter().chain(&claim.bound_until).any(|id| self.entangled.contains(id));
            let more: Vec<String> = self.filed.claims.iter().filter(hangs).map(|claim| claim.id.clone()).collect();
            let before = self.entangled.len();
            self.entangled.extend(more);
            grown = self.entangled.len() > before;
        }
    }

    /// Puts the findings of pairs that were asked again, and all that are not about pairs, in the place of those that were there.
    fn put_findings(&mut self, mut stale: BTreeSet<String>, mut fresh: Vec<Finding>) -> Delta {
        stale.extend(std::mem::take(&mut self.others));
        let of_pairs = fresh.len();
        let current = self.in_force.as_deref().unwrap_or(&self.filed);
        let approaches = self
            .index
            .columns()
            .flat_map(|column| self.partners.get(column).into_iter().flatten().map(move |other| pair(column, other)));
        let approaches: BTreeSet<Pair> = approaches.collect();
        let approaches = approaches.iter().filter_map(|pair| self.pairs.get(pair)).flatten();
        let approaches: Vec<Finding> = approaches.filter(|finding| finding.kind == FindingKind::Approach).cloned().collect();
        let owners = &self.owners;
        let has_claims = |party: &str| owners.get(party).is_some_and(|count| *count > 0);
        fresh.extend(others::found(current, &approaches, &has_claims, self.index.columns()));
        fresh.extend(self.lasting.findings());
        engine::mark_standing(current, &mut fresh);
        if self.in_force.is_some() {
            fresh.extend(engine::agreement_findings(&self.filed));
        }
        self.others = fresh[of_pairs..].iter().map(|finding| finding.id.clone()).collect();
        fresh.retain(|finding| engine::is_not_over(current, finding));
        fresh.iter_mut().for_each(|finding| engine::route(current, finding));
        let fresh: BTreeMap<String, Finding> = fresh.into_iter().map(|finding| (finding.id.clone(), finding)).collect();
        let mut delta = Delta::default();
        for id in stale {
            if !fresh.contains_key(&id) {
                delta.closed.extend(self.findings.remove(&id));
            }
        }
        for (id, finding) in fresh {
            match self.findings.get(&id) {
                None => delta.opened.push(finding.clone()),
                Some(old) if *old != finding => delta.changed.push(finding.clone()),
                Some(_) => continue,
            }
            self.findings.insert(id, finding);
        }
        delta
    }
}

/// Two ids, the lesser first.
fn pair(one: &str, other: &str) -> Pair {
    if one <= other { [one.to_owned(), other.to_owned()] } else { [other.to_owned(), one.to_owned()] }
}

/// Instants at which agreements, channels and rules begin or end: what they have a say in is everything.
fn bounds(picture: &Picture) -> impl Iterator<Item = Time> {
    let agreements = picture.agreements.iter().flat_map(|agreement| [agreement.valid_from, agreement.valid_until]);
    let channels = picture.channels.iter().flat_map(|channel| [channel.valid_from, channel.valid_until]);
    let rules = picture.rules.iter().map(|rule| rule.valid_from);
    agreements.chain(channels).chain(rules).flatten()
}

/// The side that lists a claim, else its own.
fn side_of(sides: &[Side], claim: &Claim) -> String {
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

impl Picture {
    /// Where a claim is in the list, by an index that is right.
    fn position(&self, id: &str) -> Option<usize> {
        self.places_of_claims.get(id).copied()
    }

    /// Takes a claim out, and moves the last one into its place.
    fn remove_at(&mut self, at: usize) -> Claim {
        let old = self.claims.swap_remove(at);
        let places = Arc::make_mut(&mut self.places_of_claims);
        places.remove(&old.id);
        if let Some(moved) = self.claims.get(at) {
            places.insert(moved.id.clone(), at);
        }
        old
    }

    fn push_claim(&mut self, claim: Claim) {
        Arc::make_mut(&mut self.places_of_claims).insert(claim.id.clone(), self.claims.len());
        self.claims.push(claim);
    }
}

/// Whether a claim stands in the index by its volumes.
fn has_volumes(claim: &Claim) -> bool {
    matches!(claim.body, ClaimBody::Volumes(_) | ClaimBody::Movement(..))
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
