//! The ladder of a notice as the signatures of a bundle show it. Built of statements that were checked; checks nothing itself.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::hash::Hash;
use crate::statement::{Head, Statement, StepKind};

/// What stands behind a rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// A signature.
    Signature,
    /// The entry stands in the chain; who stands behind the chain, the rungs with signatures say.
    Chain,
    /// Nothing in this bundle.
    None,
}

/// Who says whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vouched {
    /// Whoever asked for the check gave the key.
    Given,
    /// The bundle alone says so.
    BundleAlone,
}

/// A statement whose signature is good, with who made it.
#[derive(Clone, Debug)]
pub struct Said {
    pub by: String,
    pub key: Vouched,
    pub statement: Statement,
}

/// One rung of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rung {
    /// "sent", "logged", "delivered", "displayed", "read-back", "accepted" or "unable".
    pub step: &'static str,
    /// What stands behind it.
    pub proof: Proof,
    /// Who signed it.
    pub by: Option<String>,
    /// In which role.
    pub role: Option<String>,
    /// Whether a machine said so, where the signer says.
    pub machine: Option<bool>,
    /// When, as the signer states it.
    pub at: Option<String>,
    /// The number of the entry up to which it was countersigned.
    pub seq: Option<u64>,
    /// What was typed again.
    pub fields: BTreeMap<String, String>,
    /// Who says whose key it is.
    pub key: Option<Vouched>,
}

/// A head of the stream that somebody signed, and that lies on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Countersigned {
    /// Who signed it.
    pub by: String,
    /// The number of the entry.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
    /// When, as the signer states it.
    pub at: String,
    /// Who says whose key it is.
    pub key: Vouched,
}

/// An offer, or an answer to one, that somebody signed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Word {
    /// Who signed it.
    pub by: String,
    /// What that party calls the offer.
    pub offer: String,
    /// Yes or no; `None` for the offer itself.
    pub accept: Option<bool>,
    /// The terms.
    pub terms: Map<String, Value>,
    /// When, as the signer states it.
    pub at: String,
    /// Who says whose key it is.
    pub key: Vouched,
}

/// The ladder of a notice, lowest rung first: each rung is there, also without proof; some are there more than once.
/// "unable" is there only where it was said.
pub fn ladder(notice: u64, service: &str, said: &[Said]) -> Vec<Rung> {
    let mut rungs = vec![Rung { proof: Proof::Chain, ..rung("sent") }];
    let logged = first(said, |one| match &one.statement {
        Statement::Head(head) if one.by == service && head.seq >= notice => Some((&head.at, head.seq)),
        _ => None,
    });
    rungs.push(logged.map_or_else(|| rung("logged"), |rung| Rung { step: "logged", ..rung }));
    let seen = first(said, |one| match &one.statement {
        Statement::Heartbeat(head) if head.seq >= notice => Some((&head.at, head.seq)),
        // Whoever signs the hash of an entry has it.
        Statement::Step(step) => Some((&step.at, step.notice)),
        _ => None,
    });
    rungs.push(seen.map_or_else(|| rung("delivered"), |rung| Rung { step: "delivered", ..rung }));
    for kind in StepKind::ALL {
        let mut taken: Vec<Rung> = said.iter().filter_map(|one| step(one, kind)).collect();
        taken.sort_by(|one, other| instant(one.at.as_deref()).cmp(instant(other.at.as_deref())));
        if taken.is_empty() && kind != StepKind::Unable {
            taken.push(rung(kind.name()));
        }
        rungs.extend(taken);
    }
    rungs
}

/// Every head that was signed, latest entry last.
pub fn countersigned(said: &[Said]) -> Vec<Countersigned> {
    let mut heads: Vec<Countersigned> = said
        .iter()
        .filter_map(|one| match &one.statement {
            Statement::Heartbeat(Head { seq, hash, at, .. }) | Statement::Head(Head { seq, hash, at, .. }) => {
                Some(Countersigned { by: one.by.clone(), seq: *seq, hash: *hash, at: at.clone(), key: one.key })
            }
            _ => None,
        })
        .collect();
    heads.sort_by(|one, other| (one.seq, instant(Some(&one.at))).cmp(&(other.seq, instant(Some(&other.at)))));
    heads
}

/// Every offer and answer that was signed, in the order of the bundle.
pub fn words(said: &[Said]) -> Vec<Word> {
    let word = |one: &Said| {
        let (offer, accept, terms, at) = match &one.statement {
            Statement::Offer { offer, terms, at } => (offer, None, terms, at),
            Statement::Acceptance { offer, accept, terms, at } => (offer, Some(*accept), terms, at),
            _ => return None,
        };
        let (offer, terms, at) = (offer.clone(), terms.clone(), at.clone());
        Some(Word { by: one.by.clone(), offer, accept, terms, at, key: one.key })
    };
    said.iter().filter_map(word).collect()
}

fn rung(step: &'static str) -> Rung {
    let (by, role, machine, at, seq, key) = (None, None, None, None, None, None);
    Rung { step, proof: Proof::None, by, role, machine, at, seq, fields: BTreeMap::new(), key }
}

/// The earliest of what `of` picks, by the times that the signers state.
fn first<'a>(said: &'a [Said], of: impl Fn(&'a Said) -> Option<(&'a String, u64)>) -> Option<Rung> {
    let picked = said.iter().filter_map(|one| of(one).map(|(at, seq)| (at, seq, one)));
    let (at, seq, one) = picked.min_by(|one, other| instant(Some(one.0)).cmp(instant(Some(other.0))))?;
    let by = Some(one.by.clone());
    Some(Rung { proof: Proof::Signature, by, at: Some(at.clone()), seq: Some(seq), key: Some(one.key), ..rung("") })
}

fn step(one: &Said, kind: StepKind) -> Option<Rung> {
    let Statement::Step(step) = &one.statement else { return None };
    (step.step == kind).then(|| Rung {
        step: kind.name(),
        proof: Proof::Signature,
        by: Some(one.by.clone()),
        role: step.role.clone(),
        machine: Some(step.machine),
        at: Some(step.at.clone()),
        seq: None,
        fields: step.fields.clone(),
        key: Some(one.key),
    })
}

/// What orders instants of the one form that statements have.
pub fn instant(at: Option<&str>) -> &str {
    at.unwrap_or_default().trim_end_matches('Z')
}
