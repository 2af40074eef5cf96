//! The engines side by side: what is run on which set, and how each answer is judged. Foreign engines see the plane.
//!
//! Timed is the same for all: from volumes in memory to the list of pairs, index build included.

use crate::{ours, parry, postgis, r_tree, shapely};
use deconflict_bench::answers::Answer;
use deconflict_bench::case::{Case, Figure, Outcome};
use deconflict_bench::known::{self, Known};
use deconflict_bench::measure::repeated;
use deconflict_bench::memory;
use deconflict_bench::w::Record;

/// An engine and how it is run.
pub struct Engine {
    /// Its name, with its version where it is compiled in.
    pub name: &'static str,
    /// The numbers of threads that it is given.
    pub threads: &'static [usize],
    /// Whether it has to be installed first, and so runs only when it is asked for.
    pub is_optional: bool,
    run: fn(&Known, usize, usize) -> Outcome,
}

/// From volumes in memory and a number of threads to the pairs, in any order.
type AllPairs = fn(&[Record], usize) -> Vec<(u32, u32)>;

/// All engines, in the order of the report.
pub const ALL: [Engine; 5] = [
    Engine { name: ours::NAME, threads: &[1, 2], is_optional: false, run: ours::run },
    Engine {
        name: "parry3d",
        threads: &[1, 2],
        is_optional: false,
        run: |known, threads, runs| run("parry3d", parry::all_pairs, known, threads, runs),
    },
    Engine {
        name: "rstar",
        threads: &[1, 2],
        is_optional: false,
        run: |known, threads, runs| run("rstar", r_tree::all_pairs, known, threads, runs),
    },
    Engine { name: shapely::NAME, threads: &[1], is_optional: true, run: shapely::run },
    Engine { name: postgis::NAME, threads: &[2], is_optional: true, run: postgis::run },
];

/// The cases of all engines, set by set.
pub fn cases() -> Vec<Case> {
    let case = |engine: &'static Engine, known: &'static Known, threads| Case {
        question: engine.name,
        set: known.workload.name(),
        threads,
        run: Box::new(move |runs| (engine.run)(known, threads, runs)),
    };
    let engines =
        |known| ALL.iter().flat_map(move |engine| engine.threads.iter().map(move |&threads| case(engine, known, threads)));
    known::ALL.iter().flat_map(engines).collect()
}

/// An engine that is compiled in.
fn run(name: &str, all_pairs: AllPairs, known: &Known, threads: usize, runs: usize) -> Outcome {
    let records = known.workload.records(2);
    let was_forgotten = memory::forget_peak();
    let (times, mut pairs) = repeated(runs, || all_pairs(&records, threads));
    let peak_bytes = memory::peak_bytes();
    pairs.sort_unstable();
    Outcome {
        runs: times.count(),
        figures: vec![Figure::median(&times, None)],
        answer: Answer::planar(&pairs, Some(known)),
        parsed_bytes: size_of_val(records.as_slice()) as u64,
        peak_bytes,
        remarks: memory::remark(was_forgotten).into_iter().collect(),
        ..blank(name, known, threads)
    }
}

/// What every outcome of a set says; the rest is to be filled in.
pub fn blank(name: &str, known: &Known, threads: usize) -> Outcome {
    Outcome {
        question: name.to_owned(),
        set: known.workload.name(),
        operations: known.workload.operations.into(),
        volumes: known.workload.volumes().into(),
        threads,
        runs: 0,
        figures: Vec::new(),
        answer: Answer::planar(&[], None),
        parsed_bytes: 0,
        peak_bytes: None,
        remarks: Vec::new(),
    }
}
