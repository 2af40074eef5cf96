//! Every question answers itself rightly at a small size; times are not looked at.

use super::{cases, encounters, insert_remove, mixed, one_plan};
use crate::answers::Verdict;
use crate::case::Outcome;
use crate::w::{Spread, Workload};
use std::collections::BTreeSet;

#[track_caller]
fn check(outcome: &Outcome) {
    assert_eq!(outcome.answer.verdict, Verdict::Equal, "{outcome:#?}");
    assert!(outcome.answer.count > 0, "nothing was found, so nothing was compared\n{outcome:#?}");
    assert!(outcome.runs > 0 && outcome.figures.iter().all(|figure| figure.measured_s > 0.0), "{outcome:#?}");
}

#[test]
fn names_are_unique_and_can_be_asked_for() {
    let all = cases();
    let names: BTreeSet<String> = all.iter().map(crate::case::Case::name).collect();
    assert_eq!(names.len(), all.len());
    let meant = |words: &str| all.iter().filter(|case| case.is_meant_by(words)).count();
    assert_eq!(meant("all-pairs"), 12);
    assert_eq!(meant("all-pairs/u1M"), 2);
    assert_eq!(meant("all-pairs/u1M/2"), 1);
    assert_eq!(meant("all"), 0);
}

#[test]
fn the_mixed_set_is_answered_as_by_brute_force() {
    check(&mixed::run(700, 2, 1));
}

#[test]
fn a_plan_is_answered_as_by_brute_force() {
    check(&one_plan::run(Workload { spread: Spread::Clustered, seed: 1, operations: 3_000 }, 40));
}

#[test]
fn what_comes_and_goes_leaves_no_trace() {
    check(&insert_remove::run(Workload { spread: Spread::Clustered, seed: 1, operations: 3_000 }, 40));
}

#[test]
fn encounters_are_those_of_the_oracle() {
    check(&encounters::run(2_000, 2, 1));
}
