//! Our own engine on the same set: geodesic edges, and which pairs they change against planar ones.

use crate::engines::blank;
use crate::parry;
use deconflict_bench::answers::Answer;
use deconflict_bench::case::{Figure, Outcome};
use deconflict_bench::engine::{ClassMinima, all_pairs};
use deconflict_bench::known::Known;
use deconflict_bench::measure::repeated;
use deconflict_bench::{memory, parse};

/// Its name in the report.
pub const NAME: &str = "ours";

pub fn run(known: &Known, threads: usize, runs: usize) -> Outcome {
    let (volumes, sha256) = parse::workload(known.workload, 2);
    assert_eq!(sha256, known.sha256, "the set {} is not W", known.workload.name());
    let minima = ClassMinima::none();
    let was_forgotten = memory::forget_peak();
    let (times, mut pairs) = repeated(runs, || all_pairs(&volumes, &minima, threads));
    let peak_bytes = memory::peak_bytes();
    let parsed_bytes = volumes.bytes() as u64;
    drop(volumes);
    pairs.sort_unstable();
    let mut planar_pairs = parry::all_pairs(&known.workload.records(2), 1);
    planar_pairs.sort_unstable();
    let [geodesic, planar] = only_in_one(&pairs, &planar_pairs);
    let remark = format!("{geodesic} pairs with geodesic edges only, {planar} with planar edges only");
    Outcome {
        runs: times.count(),
        figures: vec![Figure::median(&times, None)],
        answer: Answer::geodesic(&pairs, Some(known)),
        parsed_bytes,
        peak_bytes,
        remarks: std::iter::once(remark).chain(memory::remark(was_forgotten)).collect(),
        ..blank(NAME, known, threads)
    }
}

/// How many pairs of two sorted lists are in the first alone, and in the second alone.
fn only_in_one(a: &[(u32, u32)], b: &[(u32, u32)]) -> [usize; 2] {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        both += usize::from(a[i] == b[j]);
        (i, j) = (i + usize::from(a[i] <= b[j]), j + usize::from(b[j] <= a[i]));
    }
    [a.len() - both, b.len() - both]
}

#[cfg(test)]
mod tests {
    use super::only_in_one;

    #[test]
    fn differences_are_counted_on_both_sides() {
        assert_eq!(only_in_one(&[(1, 2), (3, 4), (5, 6)], &[(1, 2), (2, 3), (5, 6), (7, 8)]), [1, 2]);
        assert_eq!(only_in_one(&[], &[(1, 2)]), [0, 1]);
        assert_eq!(only_in_one(&[(1, 2)], &[(1, 2)]), [0, 0]);
    }
}
