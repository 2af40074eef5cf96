//! Tests of `box_tree`: every two boxes that meet, the slow way.

use proptest::prelude::*;

use super::*;
use crate::testing::Dice;

/// Boxes in a cube, of sizes that differ by four orders of magnitude; some in one heap, some points, some flat.
fn boxes(dice: &mut Dice, count: usize, flat: bool) -> Vec<Bounds> {
    (0..count)
        .map(|_| {
            let size = if dice.chance(0.02) { 5e5 } else { 10.0_f64.powf(dice.between(1.0, 4.0)) };
            let heap = dice.chance(0.3);
            Bounds::around(std::array::from_fn(|d| {
                let lower = if heap || (flat && d > 1) { 7.0 } else { dice.between(-5e5, 5e5) };
                (lower, lower + if dice.chance(0.1) { 0.0 } else { size })
            }))
        })
        .collect()
}

fn slowly(boxes: &[Bounds]) -> Vec<(usize, usize)> {
    let after = |i: usize| (i + 1..boxes.len()).map(move |j| (i, j));
    (0..boxes.len()).flat_map(after).filter(|&(i, j)| boxes[i].meets(&boxes[j])).collect()
}

fn by_tree(boxes: &[Bounds], threads: usize) -> Vec<(usize, usize)> {
    let tree = BoxTree::new(boxes, threads);
    let number = |place: usize| tree.order()[place] as usize;
    let pair = |i, j| Some((number(i).min(number(j)), number(i).max(number(j))));
    let mut found = tree.meeting(threads, pair);
    found.sort_unstable();
    found
}

#[test]
fn every_count_of_boxes_is_a_tree() {
    let mut dice = Dice(3);
    for count in (0..=70).chain([127, 128, 129, 500]) {
        let boxes = boxes(&mut dice, count, count % 2 == 0);
        assert_eq!(by_tree(&boxes, 1), slowly(&boxes), "{count} boxes");
    }
}

#[test]
fn threads_change_nothing() {
    let boxes = boxes(&mut Dice(4), 4_000, false);
    let expected = slowly(&boxes);
    for threads in [1, 2, 3, 8] {
        assert_eq!(by_tree(&boxes, threads), expected, "{threads} threads");
    }
}

#[test]
fn a_heap_meets_itself() {
    let boxes = vec![Bounds::around([(1.0, 1.0); DIMENSIONS]); 100];
    assert_eq!(by_tree(&boxes, 1).len(), 100 * 99 / 2);
}

#[test]
fn rounding_grows_a_box() {
    let bounds = Bounds::around([(0.1, 0.1), (6_378_137.1, 6_378_137.2), (-0.3, -0.1), (0.0, 0.0)]);
    for (d, (lower, upper)) in [(0.1, 0.1), (6_378_137.1, 6_378_137.2), (-0.3, -0.1), (0.0, 0.0)].into_iter().enumerate() {
        assert!(f64::from(bounds.lower[d]) < lower && f64::from(bounds.upper[d]) > upper, "{bounds:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_slow_way_finds_the_same(seed: u64, count in 0usize..300, flat: bool) {
        let boxes = boxes(&mut Dice(seed), count, flat);
        prop_assert_eq!(by_tree(&boxes, 1), slowly(&boxes));
    }
}
