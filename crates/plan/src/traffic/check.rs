//! Everything that is to be said about traffic, with or without a plan beside it.
//!
//! A small set becomes a picture whole. Of a large one only the claims of conflicting pairs do; proposals, which would
//! have to be held against all of it, are then left out, and the report says so.

use std::collections::BTreeSet;

use deconflict_conflict::Volumes;
use deconflict_spacetime::{Time, TimeSpan};

use thiserror::Error;

use super::Traffic;
use crate::engine::{self, Options, candidates};
use crate::model::{Assumption, Basis, ClaimBody, ClaimKind, Level, Party, Picture};
use crate::report::{Finding, FindingKind, Report};

/// Traffic of at most this many claims becomes a picture whole, with proposals.
pub const PICTURED_MOST: usize = 2000;

/// No more conflicting pairs of large traffic than this are described one by one.
pub const DESCRIBED_MOST: usize = 500_000;

/// More pairs of claims conflict than can be described one by one; they can be listed ([`pairs_of_traffic`]).
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{pairs} pairs of claims come too close, more than {DESCRIBED_MOST}, which is as many as are described")]
pub struct TooManyPairs {
    /// How many.
    pub pairs: usize,
}

/// An empty picture of the time of `traffic`; `None` where there is no claim.
pub fn picture_of_traffic(traffic: &Traffic, title: &str, as_of: Option<Time>) -> Option<Picture> {
    let span = traffic.span()?;
    let as_of = as_of.unwrap_or(span.start());
    Some(Picture {
        id: title.to_owned(),
        title: title.to_owned(),
        as_of,
        span: TimeSpan::new(span.start().min(as_of), span.end().max(as_of.plus_ns(1))).unwrap_or(span),
        altitude_reference: traffic.altitude_reference(),
        sources: Vec::new(),
        places: Vec::new(),
        areas: Vec::new(),
        barriers: Vec::new(),
        parties: Vec::new(),
        sides: Vec::new(),
        relations: Vec::new(),
        channels: Vec::new(),
        centres: Vec::new(),
        events: Vec::new(),
        claims: Vec::new(),
        minima: std::collections::BTreeMap::new(),
        approach: Vec::new(),
        rules: Vec::new(),
        agreements: Vec::new(),
        matters: Vec::new(),
        statements: Vec::new(),
        terms: Vec::new(),
        expectations: Vec::new(),
        assumptions: Vec::new(),
        texts: Vec::new(),
        places_of_claims: Default::default(),
    })
}

/// The pairs of claims that violate the minima of `picture`, by number, each once, lower first, in order.
///
/// Pairs of two kinds that never concern each other (two closed areas) are left out, and so are pairs of one party whose kinds are not
/// in each other's way (a flight over its own people).
pub fn pairs_of_traffic(picture: &Picture, traffic: &Traffic, threads: usize) -> Vec<(u32, u32)> {
    let number = |at: usize| u32::try_from(at).expect("fewer than 2^32 claims");
    let pairs = candidates::claim_pairs(traffic.volumes(), &candidates::minima(picture), threads);
    pairs.into_iter().map(|(a, b)| (number(a), number(b))).filter(|&(a, b)| concern(traffic, a, b)).collect()
}

/// Whether two claims that are too close have to be told of each other.
fn concern(traffic: &Traffic, a: u32, b: u32) -> bool {
    use ClaimKind::{Constraint, Flight, Presence, Site};
    let same_side = traffic.party(a).is_some() && traffic.party(a) == traffic.party(b);
    match (traffic.kind(a), traffic.kind(b)) {
        (Flight, Flight | Constraint) | (Constraint, Flight | Presence) | (Presence, Constraint) => true,
        _ if same_side => false,
        (Constraint, Constraint) | (Site, Site) | (Constraint, Site) | (Site, Constraint) => false,
        (Flight | Constraint | Presence | Site, _) => true,
        _ => true,
    }
}

/// The picture with the claims of `traffic` that something is said about (all of a small set), and the report.
///
/// Parties that the picture does not have are added to it.
///
/// # Errors
/// More than [`DESCRIBED_MOST`] pairs conflict.
pub fn check_traffic(mut picture: Picture, traffic: &Traffic, options: Options) -> Result<(Picture, Report), TooManyPairs> {
    let of_plan = picture.claims.len();
    picture.assumptions.extend(traffic.assumptions.iter().cloned());
    assume_no_minima(&mut picture, options);
    let whole = traffic.len() <= PICTURED_MOST;
    let pairs = if whole { None } else { Some(pairs_with_plan(&picture, traffic, options)) };
    if let Some(pairs) = pairs.as_ref().filter(|pairs| pairs.len() > DESCRIBED_MOST) {
        return Err(TooManyPairs { pairs: pairs.len() });
    }
    // Numbers of the claims that are pictured, in order.
    let pictured: Vec<u32> = match &pairs {
        None => (0..u32::try_from(traffic.len()).expect("a small set")).collect(),
        Some(pairs) => {
            let of_traffic = pairs.iter().flat_map(|&(a, b)| [a, b]).filter_map(|at| at.checked_sub(of_plan));
            let numbers: BTreeSet<u32> = of_traffic.map(|at| u32::try_from(at).expect("fewer than 2^32 claims")).collect();
            numbers.into_iter().collect()
        }
    };
    add_claims(&mut picture, traffic, &pictured);
    let report = match pairs {
        None => engine::check_with(&picture, None, options, passed_over(traffic)),
        Some(pairs) => {
            let place = |at: usize| match at.checked_sub(of_plan) {
                None => at,
                Some(number) => of_plan + pictured.partition_point(|&known| (known as usize) < number),
            };
            let pairs: Vec<(usize, usize)> = pairs.into_iter().map(|(a, b)| (place(a), place(b))).collect();
            engine::check_with(&picture, Some(pairs), Options { without_proposals: true, ..options }, passed_over(traffic))
        }
    };
    Ok((picture, report))
}

/// Pairs of the plan's claims and of the traffic's, numbered behind them; of two of the plan's every pair.
fn pairs_with_plan(picture: &Picture, traffic: &Traffic, options: Options) -> Vec<(usize, usize)> {
    let in_force = engine::in_force(picture, options);
    let threads = options.threads;
    let of_plan = in_force.claims.len();
    let every = |i: usize| (i + 1..of_plan).map(move |j| (i, j));
    let mut pairs: Vec<(usize, usize)> = (0..of_plan).flat_map(every).collect();
    let minima = candidates::minima(&in_force);
    let of_traffic = traffic.len();
    let found = if of_plan == 0 {
        candidates::claim_pairs(traffic.volumes(), &minima, threads)
    } else {
        // The plan's claims join a copy of the set, numbered behind it.
        let mut volumes: Volumes = traffic.volumes().clone();
        for (number, claim) in (of_traffic..).zip(&in_force.claims) {
            candidates::add(&mut volumes, u32::try_from(number).expect("fewer than 2^32 claims"), claim);
        }
        candidates::claim_pairs(&volumes, &minima, threads)
    };
    // Of two claims of the plan every pair is already there.
    let found = found.into_iter().filter(|&(a, _)| a < of_traffic);
    pairs.extend(found.map(|(a, b)| {
        let b = b.checked_sub(of_traffic).unwrap_or(of_plan + b);
        (b.min(of_plan + a), b.max(of_plan + a))
    }));
    pairs.sort_unstable();
    pairs
}

/// Adds claims and their parties to the picture.
fn add_claims(picture: &mut Picture, traffic: &Traffic, pictured: &[u32]) {
    let parties: Vec<String> = traffic.parties().iter().map(|name| known_party(picture, name)).collect();
    let named: std::collections::HashMap<&str, &String> = traffic.parties().iter().map(String::as_str).zip(&parties).collect();
    let first = picture.claims.len();
    for &number in pictured {
        let party = traffic.party(number).map(|name| named[name].clone());
        picture.claims.push(traffic.claim(number, party));
    }
    let volumes = traffic.volumes();
    for volume in 0..u32::try_from(volumes.len()).expect("fewer than 2^32 volumes") {
        let Ok(at) = pictured.binary_search(&volumes.operation(volume)) else { continue };
        if let ClaimBody::Volumes(list) = &mut picture.claims[first + at].body {
            list.push(traffic.volume(volume));
        }
    }
    picture.index_claims();
}

/// The id of the party that a file means by `name`; one that nobody has declared is added.
fn known_party(picture: &mut Picture, name: &str) -> String {
    if let Some(party) = picture.parties.iter().find(|party| party.id == name || party.aliases.iter().any(|alias| alias == name))
    {
        return party.id.clone();
    }
    picture.parties.push(Party {
        id: name.to_owned(),
        name: name.to_owned(),
        aliases: Vec::new(),
        part_of: None,
        registered: true,
        told: true,
        participant: true,
        operates: true,
    });
    name.to_owned()
}

/// Says that nothing but touching counts where no plan says otherwise.
fn assume_no_minima(picture: &mut Picture, options: Options) {
    if picture.minima.is_empty() && !options.without_minima {
        picture.assumptions.push(Assumption {
            path: "minima".to_owned(),
            value: "none: only what touches or overlaps is a conflict".to_owned(),
            basis: Basis::Assumed,
            note: Some("a plan file beside the traffic can state minima".to_owned()),
        });
    }
}

/// A finding for every entry that was passed over: what it claims was compared with nobody.
fn passed_over(traffic: &Traffic) -> Vec<Finding> {
    let mut findings: Vec<Finding> = traffic
        .passed
        .iter()
        .filter_map(|passed| {
            let first = passed.problems.first()?;
            let line = first.line.map_or_else(String::new, |line| format!(":{line}"));
            let what = passed.claim.as_ref().map_or_else(|| "An entry".to_owned(), |claim| format!("{claim:?}"));
            let headline = format!("{what} in {}{line} could not be read and was compared with nobody", first.file);
            let mut finding =
                Finding::new(FindingKind::Unchecked, Level::Warn, format!("unchecked:{}{line}", first.file), headline);
            finding.details = passed
                .problems
                .iter()
                .map(|problem| {
                    let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
                    format!("{path}found {}, expected {}.", problem.found, problem.expected)
                })
                .collect();
            Some(finding)
        })
        .collect();
    if traffic.passed_more > 0 {
        let headline = format!("{} more entries could not be read and were compared with nobody", traffic.passed_more);
        findings.push(Finding::new(FindingKind::Unchecked, Level::Warn, "unchecked:more".to_owned(), headline));
    }
    findings
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
