//! All conflicting pairs of the mixed set, beside a set of W with as many operations.

use super::Question;
use crate::answers::{Answer, Verdict};
use crate::case::{Case, Figure, Outcome};
use crate::engine::{ClassMinima, all_pairs};
use crate::measure::repeated;
use crate::oracle::Oracle;
use crate::parse::Parsed;
use crate::table::{count, seconds, short, three_digits};
use crate::w::{Spread, Workload};
use crate::{memory, mixed, parse};

pub(super) const QUESTION: Question = Question {
    name: "mixed",
    asks: "All conflicting pairs of the mixed set with its minima; at most 5 × the time of u with as many operations, plus answers",
    cases,
};

/// Operations up to which every volume is also held against every other.
const ORACLE_MAX: u32 = 5_000;
const TIMES_W: f64 = 5.0;

fn cases() -> Vec<Case> {
    let case = |operations, threads| Case {
        question: QUESTION.name,
        set: format!("mixed{}", short(operations)),
        threads,
        run: Box::new(move |runs| run(operations, threads, runs)),
    };
    [5_000, 10_000, 100_000, 1_000_000].into_iter().flat_map(|n| [1, 2].map(|threads| case(n, threads))).collect()
}

pub(super) fn run(operations: u32, threads: usize, runs: usize) -> Outcome {
    let minima = parse::mixed_minima();
    let before_bytes = memory::resident_bytes();
    let volumes = parse::mixed(operations);
    // The store does not count what areas own; their vertices are most of this set.
    let grown_bytes = memory::resident_bytes().zip(before_bytes).map(|(now, before)| now.saturating_sub(before));
    let was_forgotten = memory::forget_peak();
    let (times, mut pairs) = repeated(runs, || all_pairs(&volumes, &minima, threads));
    let peak_bytes = memory::peak_bytes();
    pairs.sort_unstable();
    let (size, flat_bytes) = (volumes.len() as u64, volumes.bytes() as u64);
    let parsed_bytes = grown_bytes.unwrap_or(0).max(flat_bytes);
    drop(volumes);

    let answer = judged(&pairs, operations, &minima);
    let w = Workload { spread: Spread::Uniform, seed: 1, operations };
    let (w_volumes, _) = parse::workload(w, 2);
    let (w_times, w_pairs) = repeated(runs, || all_pairs(&w_volumes, &ClassMinima::none(), threads));
    // An answer more than W has may cost as much as W takes for a volume or an answer.
    let per_item_s = w_times.median_s() / (w_volumes.len() + w_pairs.len()) as f64;
    let goal_s = TIMES_W * w_times.median_s() + per_item_s * pairs.len().saturating_sub(w_pairs.len()) as f64;

    let per_operation = three_digits(pairs.len() as f64 / f64::from(operations));
    let times_w = three_digits(times.median_s() / w_times.median_s());
    let remark = format!(
        "{per_operation} answers an operation; {times_w} × {}, which took {} for {} volumes and {} answers",
        w.name(),
        seconds(w_times.median_s()),
        count(w_volumes.len() as u64),
        count(w_pairs.len() as u64)
    );
    Outcome {
        question: QUESTION.name.to_owned(),
        set: format!("mixed{}", short(operations)),
        operations: operations.into(),
        volumes: size,
        threads,
        runs: times.count(),
        figures: vec![Figure::median(&times, Some(goal_s))],
        answer,
        parsed_bytes,
        peak_bytes,
        remarks: std::iter::once(remark).chain(memory::remark(was_forgotten)).collect(),
    }
}

fn judged(pairs: &[(u32, u32)], operations: u32, minima: &ClassMinima) -> Answer {
    if operations > ORACLE_MAX {
        return Answer { verdict: Verdict::Unknown, ..Answer::geodesic(pairs, None) };
    }
    let volumes: Vec<Parsed> = mixed::operations(operations).map(Parsed::from).collect();
    Answer::against_oracle(pairs, &Oracle::new(&volumes, minima).all_pairs(), "brute force")
}
