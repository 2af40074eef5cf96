//! Who comes close to whom among aircraft in flight.

use super::Question;
use crate::aircraft::{aircraft, pair_by_pair};
use crate::answers::Answer;
use crate::case::{Case, Figure, Outcome};
use crate::measure::repeated;
use crate::memory;
use crate::table::short;
use deconflict_conflict::{Lookahead, ProtectedZone, encounters};
use std::num::NonZeroUsize;

pub(super) const QUESTION: Question = Question {
    name: "encounters",
    asks: "All pairs of aircraft that come within 250 m and 60 m in the next 180 s; 400 × 400 km, 0 to 6 km, 15 to 60 m/s",
    cases,
};

const AIRCRAFT: u32 = 10_000;

fn cases() -> Vec<Case> {
    let case = |threads| Case {
        question: QUESTION.name,
        set: format!("aircraft{}", short(AIRCRAFT)),
        threads,
        run: Box::new(move |runs| run(AIRCRAFT, threads, runs)),
    };
    [1, 2].map(case).into()
}

pub(super) fn run(count: u32, threads: usize, runs: usize) -> Outcome {
    let aircraft = aircraft(count);
    let was_forgotten = memory::forget_peak();
    let zone = ProtectedZone::new(250.0, 60.0).expect("a legal zone");
    let lookahead = Lookahead::seconds(180.0).expect("a legal look-ahead");
    let on = NonZeroUsize::new(threads).expect("at least one thread");
    let (times, found) = repeated(runs, || encounters(&aircraft, zone, lookahead, on));
    let pairs: Vec<(u32, u32)> = found.iter().map(|encounter| (number(encounter.ownship), number(encounter.intruder))).collect();
    let goal_s = (threads == 2).then_some(3e-3);
    Outcome {
        question: QUESTION.name.to_owned(),
        set: format!("aircraft{}", short(count)),
        operations: count.into(),
        volumes: count.into(),
        threads,
        runs: times.count(),
        figures: vec![Figure::median(&times, goal_s)],
        answer: Answer::against_oracle(&pairs, &pair_by_pair(&aircraft, zone, lookahead), "asking about every pair"),
        parsed_bytes: std::mem::size_of_val(aircraft.as_slice()) as u64,
        peak_bytes: memory::peak_bytes(),
        remarks: memory::remark(was_forgotten).into_iter().collect(),
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).expect("fewer than 2^32 aircraft")
}
