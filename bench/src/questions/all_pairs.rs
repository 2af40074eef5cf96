//! All conflicting pairs of a set of W, minima zero, on one thread and on two.

use super::Question;
use crate::answers::Answer;
use crate::case::{Case, Figure, Outcome};
use crate::engine::{ClassMinima, all_pairs};
use crate::known::{self, Known};
use crate::measure::repeated;
use crate::{memory, parse};

pub(super) const QUESTION: Question = Question {
    name: "all-pairs",
    asks: "All conflicting pairs of W, minima zero, from parsed volumes, index build included",
    cases,
};

/// On two threads; on one no goal is set.
fn goal_s(set: &str, threads: usize) -> Option<f64> {
    match (set, threads) {
        ("u100k", 2) => Some(0.03),
        ("c100k", 2) => Some(0.06),
        ("u1M", 2) => Some(0.30),
        ("c1M", 2) => Some(1.5),
        _ => None,
    }
}

fn cases() -> Vec<Case> {
    let case = |known: &'static Known, threads| Case {
        question: QUESTION.name,
        set: known.workload.name(),
        threads,
        run: Box::new(move |runs| run(known, threads, runs)),
    };
    known::ALL.iter().flat_map(|known| [1, 2].map(|threads| case(known, threads))).collect()
}

fn run(known: &Known, threads: usize, runs: usize) -> Outcome {
    let (volumes, sha256) = parse::workload(known.workload, 2);
    assert_eq!(sha256, known.sha256, "the set {} is not W", known.workload.name());
    let minima = ClassMinima::none();
    let was_forgotten = memory::forget_peak();
    let (times, mut pairs) = repeated(runs, || all_pairs(&volumes, &minima, threads));
    let peak_bytes = memory::peak_bytes();
    pairs.sort_unstable();
    let set = known.workload.name();
    Outcome {
        question: QUESTION.name.to_owned(),
        operations: known.workload.operations.into(),
        volumes: volumes.len() as u64,
        threads,
        runs: times.count(),
        figures: vec![Figure::median(&times, goal_s(&set, threads))],
        answer: Answer::geodesic(&pairs, Some(known)),
        parsed_bytes: volumes.bytes() as u64,
        peak_bytes,
        remarks: memory::remark(was_forgotten).into_iter().collect(),
        set,
    }
}
