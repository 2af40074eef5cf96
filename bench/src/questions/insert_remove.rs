//! One volume comes to, or goes from, a million stored ones.

use super::Question;
use super::one_plan::{Filled, fill, plans};
use crate::answers::{Answer, Verdict};
use crate::case::{Case, Figure, Outcome};
use crate::engine::LiveIndex;
use crate::measure::{Times, once};
use crate::memory;
use crate::parse::Parsed;
use crate::table::seconds;
use crate::w::{Spread, Workload};

pub(super) const QUESTION: Question = Question {
    name: "insert-remove",
    asks: "Inserting or removing one volume among a million of W; single calls, the clock's own time included",
    cases,
};

const STORED: u32 = 125_000;
/// Operations whose volumes come and go.
const COMING: u32 = 12_500;
/// Plans that are asked before, between and after.
const ASKED: usize = 200;

fn cases() -> Vec<Case> {
    let case = |spread| {
        let stored = Workload { spread, seed: 1, operations: STORED };
        Case { question: QUESTION.name, set: stored.name(), threads: 1, run: Box::new(move |_| run(stored, COMING)) }
    };
    [Spread::Uniform, Spread::Clustered].map(case).into()
}

pub(super) fn run(stored: Workload, coming: u32) -> Outcome {
    let Filled { mut index, parsed_bytes, was_forgotten } = fill(stored);
    let peak_bytes = memory::peak_bytes();
    let coming = plans(stored, coming);
    let asked = &coming[..ASKED.min(coming.len())];
    let answers = |index: &LiveIndex| asked.iter().map(|plan| index.query(plan)).collect::<Vec<_>>();
    let before = answers(&index);

    let (inserts, new_ids): (Vec<_>, Vec<_>) = coming.iter().flatten().map(|volume| once(|| index.insert(volume))).unzip();
    // A plan of the same volumes under a number of its own finds the operation that has come, besides what it found before.
    let between = answers_of_twins(asked, |twin| index.query(twin));
    let found =
        between.iter().zip(&before).zip(asked).all(|((now, before), plan)| {
            now.contains(&plan[0].operation) && before.iter().all(|operation| now.contains(operation))
        });
    let removals: Vec<_> = new_ids.iter().map(|&id| once(|| index.remove(id)).0).collect();
    let is_equal = found && answers(&index) == before;

    let (inserts, removals) = (Times::new(inserts), Times::new(removals));
    let clock = Times::new((0..10_000).map(|_| once(|| ()).0));
    Outcome {
        question: QUESTION.name.to_owned(),
        set: stored.name(),
        operations: stored.operations.into(),
        volumes: stored.volumes().into(),
        threads: 1,
        runs: inserts.count(),
        figures: vec![
            Figure::quantile("insert p50", &inserts, 0.5, Some(1e-6)),
            Figure::quantile("insert p99", &inserts, 0.99, None),
            Figure::quantile("remove p50", &removals, 0.5, Some(1e-6)),
            Figure::quantile("remove p99", &removals, 0.99, None),
        ],
        answer: Answer {
            count: before.iter().map(|operations| operations.len() as u64).sum(),
            fnv: String::new(),
            verdict: if is_equal { Verdict::Equal } else { Verdict::Differs },
            against: format!("{} plans before, between and after", asked.len()),
        },
        parsed_bytes,
        peak_bytes,
        remarks: std::iter::once(format!("looking at the clock takes {}", seconds(clock.median_s())))
            .chain(memory::remark(was_forgotten))
            .collect(),
    }
}

fn answers_of_twins(plans: &[Vec<Parsed>], mut ask: impl FnMut(&[Parsed]) -> Vec<u32>) -> Vec<Vec<u32>> {
    let twin =
        |plan: &Vec<Parsed>| plan.iter().map(|volume| Parsed { operation: u32::MAX, ..volume.clone() }).collect::<Vec<_>>();
    plans.iter().map(|plan| ask(&twin(plan))).collect()
}
