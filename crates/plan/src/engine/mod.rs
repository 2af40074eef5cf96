//! From claims to findings. Everything geometric is pairwise: [`pair::pair_findings`] says all that is to be said about
//! two claims, so a changed claim costs only its own pairs, and a proposal is verified by asking again.
//!
//! The engine never drops a claim silently, closes nothing by name, and applies an agreement only as changes to claims.

mod agreements;
pub(crate) mod candidates;
mod change;
mod divide;
mod expectations;
mod matters;
mod misread;
mod movements;
mod pair;
mod place;
mod proposals;
mod route;
mod rules;
mod sources;
mod statements;
mod terms;
#[cfg(test)]
mod test_pictures;
mod unchecked;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::thread;

pub(crate) use agreements::{agreement_findings, mark_standing, touched, with_those_in_force as in_force_now};
pub(crate) use change::rebuilt;
pub use change::{ImpossibleChange, changed};
pub(crate) use matters::matter_findings;
pub use matters::open as open_matter;
pub use misread::{Misread, misread};
pub(crate) use pair::pair_findings;
pub use route::intermediaries;
pub(crate) use route::route;
pub(crate) use rules::rule_findings;
pub(crate) use sources::source_findings;
pub(crate) use terms::term_findings;
pub(crate) use unchecked::unchecked_among;

use crate::format::{Basis, ClaimKind};
use crate::model::{Assumption, Picture};
use crate::report::{Finding, Proposal, Report};
use crate::words;

/// How a picture is checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Check with zero minima: only what touches is a conflict.
    pub without_minima: bool,
    /// Leave out the proposals, which take most of the time, and say so.
    pub without_proposals: bool,
    /// How many threads may compare claims; none counts as one. The answer does not depend on it.
    pub threads: usize,
}

/// What is over is over; what began before and lasts is not.
pub(crate) fn is_not_over(picture: &Picture, finding: &Finding) -> bool {
    finding.window.is_none_or(|window| picture.as_of <= window.end())
}

/// Findings about pairs that are not clear as expected.
pub(crate) fn expectation_findings(picture: &Picture) -> Vec<Finding> {
    expectations::expectations(picture).1
}

/// Findings about statements.
pub(crate) fn statement_findings(picture: &Picture) -> Vec<Finding> {
    statements::statements(picture).1
}

/// The smallest changes that remove a finding, best first. `conflicts` are the findings that stand beside it.
pub(crate) fn proposals_of<'a>(
    picture: &Picture,
    finding: &Finding,
    conflicts: impl Iterator<Item = &'a Finding>,
) -> Vec<Proposal> {
    proposals::proposals_of(&in_force_now(picture), finding, conflicts)
}

/// Everything that is to be said about `picture`.
pub fn check(picture: &Picture, options: Options) -> Report {
    check_with(picture, None, options, Vec::new())
}

/// The picture with the changes of the agreements in force, as it is checked.
pub(crate) fn in_force(picture: &Picture, options: Options) -> Picture {
    in_force_now(&filed(picture, options))
}

fn filed(picture: &Picture, options: Options) -> Picture {
    let mut filed = picture.clone();
    if options.without_minima {
        filed.minima.clear();
    }
    filed
}

/// As [`check`], with findings that are known already; where `pairs` are given, only these pairs of claims are compared.
pub(crate) fn check_with(picture: &Picture, pairs: Option<Vec<(usize, usize)>>, options: Options, known: Vec<Finding>) -> Report {
    let filed = filed(picture, options);
    let current = in_force_now(&filed);
    let (statements, statement_findings) = statements::statements(&current);
    let (expectations, expectation_findings) = expectations::expectations(&current);
    let mut findings = all_findings(&current, pairs, options.threads);
    findings.extend(known);
    findings.extend(expectation_findings);
    findings.extend(statement_findings);
    mark_standing(&current, &mut findings);
    findings.extend(agreement_findings(&filed));
    findings.retain(|finding| is_not_over(&current, finding));
    if options.without_proposals {
        proposals::say_that_none_were_computed(&current, &mut findings);
    } else {
        proposals::add_proposals(&current, &mut findings);
    }
    for finding in &mut findings {
        route(&current, finding);
    }
    findings.sort_by_cached_key(|f| (Reverse(f.level), f.window.map(deconflict_spacetime::TimeSpan::start), f.id.clone()));
    Report {
        id: current.id.clone(),
        title: current.title.clone(),
        as_of: current.as_of,
        findings,
        movements: movements::movements(&current),
        statements,
        expectations,
        assumptions: current.assumptions.iter().cloned().chain(no_minima(&current, options)).collect(),
    }
}

/// That nobody said how far apart claims of some kinds have to keep is an assumption, too: that they need not.
fn no_minima(picture: &Picture, options: Options) -> Option<Assumption> {
    if options.without_minima || picture.assumptions.iter().any(|assumption| assumption.path == MINIMA) {
        return None;
    }
    let mut count: BTreeMap<ClaimKind, usize> = BTreeMap::new();
    picture.claims.iter().for_each(|claim| *count.entry(claim.kind).or_default() += 1);
    let kinds: Vec<ClaimKind> = count.keys().copied().filter(|kind| *kind != ClaimKind::Authority).collect();
    let both = kinds.iter().enumerate().flat_map(|(index, a)| kinds[index..].iter().map(move |b| (*a, *b)));
    // What neither flies nor moves keeps no distance from anything.
    let moves = |kind: ClaimKind| matches!(kind, ClaimKind::Flight | ClaimKind::Movement);
    let without =
        both.filter(|(a, b)| (moves(*a) || moves(*b)) && (a != b || count[a] > 1) && !picture.minima.contains_key(&(*a, *b)));
    let named: Vec<String> = without.map(|(a, b)| format!("{} and {}", words::claim_kind(a), words::claim_kind(b))).collect();
    (!named.is_empty()).then(|| Assumption {
        path: MINIMA.to_owned(),
        value: format!("none, only what touches or overlaps counts, between {}", named.join(", ")),
        basis: Basis::Assumed,
        note: None,
    })
}

/// Where minima stand in a plan.
const MINIMA: &str = "minima";

/// All findings but those about statements and expectations, which come with answers of their own.
fn all_findings(picture: &Picture, pairs: Option<Vec<(usize, usize)>>, threads: usize) -> Vec<Finding> {
    let pairs = pairs.unwrap_or_else(|| candidates::candidates(picture));
    let mut findings = findings_of_pairs(picture, &pairs, threads);
    findings.extend(rule_findings(picture));
    findings.extend(matter_findings(picture, &findings));
    findings.extend(source_findings(picture));
    findings.extend(term_findings(picture));
    findings.extend(unchecked::unchecked_findings(picture));
    findings
}

/// The findings of pairs of claims, in their order.
fn findings_of_pairs(picture: &Picture, pairs: &[(usize, usize)], threads: usize) -> Vec<Finding> {
    let findings = |&(a, b): &(usize, usize)| pair_findings(picture, &picture.claims[a], &picture.claims[b]);
    let share = pairs.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let shares = pairs.chunks(share);
        let workers: Vec<_> =
            shares.map(|pairs| scope.spawn(move || pairs.iter().flat_map(findings).collect::<Vec<_>>())).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker fails only by a bug")).collect()
    })
}
