//! One plan of eight volumes against a hundred thousand stored operations, minima zero.

use super::Question;
use crate::answers::{Answer, Verdict};
use crate::case::{Case, Figure, Outcome};
use crate::engine::{ClassMinima, LiveIndex, Volumes};
use crate::measure::{Times, once};
use crate::memory;
use crate::oracle::Oracle;
use crate::parse::Parsed;
use crate::w::{Spread, VOLUMES_PER_OPERATION, Workload};

pub(super) const QUESTION: Question = Question {
    name: "one-plan",
    asks: "One plan of 8 volumes against the stored operations of W, minima zero; single calls",
    cases,
};

const PLANS: u32 = 20_000;
/// Plans whose answer is compared with that of the oracle.
const CHECKED: usize = 50;

fn cases() -> Vec<Case> {
    let case = |spread| {
        let stored = Workload { spread, seed: 1, operations: 100_000 };
        Case { question: QUESTION.name, set: stored.name(), threads: 1, run: Box::new(move |_| run(stored, PLANS)) }
    };
    [Spread::Uniform, Spread::Clustered].map(case).into()
}

/// Plans are operations of another seed, with numbers that no stored operation has.
pub(super) fn plans(stored: Workload, count: u32) -> Vec<Vec<Parsed>> {
    let records = Workload { seed: stored.seed + 1, operations: count, ..stored }.records(2);
    let plan = |records: &[_]| {
        let parsed = records.iter().map(Parsed::from);
        parsed.map(|parsed| Parsed { operation: parsed.operation + stored.operations, ..parsed }).collect()
    };
    records.chunks_exact(VOLUMES_PER_OPERATION as usize).map(plan).collect()
}

/// An index full of stored volumes.
pub(super) struct Filled {
    pub(super) index: LiveIndex,
    /// Size of the same volumes in a flat store.
    pub(super) parsed_bytes: u64,
    /// Whether the peak of memory is that of the index alone.
    pub(super) was_forgotten: bool,
}

pub(super) fn fill(stored: Workload) -> Filled {
    let mut volumes = Volumes::with_capacity(stored.volumes() as usize);
    stored.for_each_block(2, |records| records.iter().for_each(|record| Parsed::from(record).push_to(&mut volumes)));
    let parsed_bytes = volumes.bytes() as u64;
    drop(volumes);
    let was_forgotten = memory::forget_peak();
    let mut index = LiveIndex::default();
    stored.for_each_block(2, |records| {
        for record in records {
            index.insert(&Parsed::from(record));
        }
    });
    Filled { index, parsed_bytes, was_forgotten }
}

pub(super) fn run(stored: Workload, count: u32) -> Outcome {
    let minima = ClassMinima::none();
    let Filled { index, parsed_bytes, was_forgotten } = fill(stored);
    let peak_bytes = memory::peak_bytes();
    let plans = plans(stored, count);
    let (warm_up, _) = plans.split_at(plans.len() / 10);
    warm_up.iter().for_each(|plan| drop(index.query(plan)));
    let (times, answers): (Vec<_>, Vec<_>) = plans.iter().map(|plan| once(|| index.query(plan))).unzip();
    let times = Times::new(times);

    let is_equal = agree(stored, &plans, &answers, &minima);
    let checked = CHECKED.min(plans.len());
    Outcome {
        question: QUESTION.name.to_owned(),
        set: stored.name(),
        operations: stored.operations.into(),
        volumes: stored.volumes().into(),
        threads: 1,
        runs: times.count(),
        figures: vec![Figure::quantile("p50", &times, 0.5, Some(5e-6)), Figure::quantile("p99", &times, 0.99, Some(50e-6))],
        answer: Answer {
            count: answers.iter().map(|operations| operations.len() as u64).sum(),
            fnv: String::new(),
            verdict: if is_equal { Verdict::Equal } else { Verdict::Differs },
            against: format!("brute force for {checked} plans"),
        },
        parsed_bytes,
        peak_bytes,
        remarks: memory::remark(was_forgotten).into_iter().collect(),
    }
}

/// Whether the plans that found most, and the first ones, have the answers of the oracle.
fn agree(stored: Workload, plans: &[Vec<Parsed>], answers: &[Vec<u32>], minima: &ClassMinima) -> bool {
    let mut by_answers: Vec<usize> = (0..plans.len()).collect();
    by_answers.sort_by_key(|&i| std::cmp::Reverse(answers[i].len()));
    let chosen = by_answers.into_iter().take(CHECKED / 2).chain(0..CHECKED / 2).filter(|&i| i < plans.len());
    let stored: Vec<Parsed> = stored.records(2).iter().map(Parsed::from).collect();
    let oracle = Oracle::new(&stored, minima);
    chosen.into_iter().all(|i| oracle.operations_against(&Oracle::new(&plans[i], minima)) == answers[i])
}
