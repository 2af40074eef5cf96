//! All pairs of a set against asking about every two volumes, on sets that are made to be awkward.

use deconflict_spacetime::Footprint;

use super::super::testing::{CITY, awkward_sets, set, wide};
use super::all_pairs;
use crate::{ClassMinima, Volumes, violates};

/// Asks about every two volumes.
fn one_by_one(volumes: &Volumes, minima: &ClassMinima) -> Vec<(u32, u32)> {
    let count = u32::try_from(volumes.len()).unwrap();
    let whole: Vec<_> = (0..count).map(|k| volumes.volume(k)).collect();
    let mut pairs = Vec::new();
    for a in 0..count {
        for b in a + 1..count {
            let minima = minima.between(volumes.class(a), volumes.class(b));
            if volumes.operation(a) != volumes.operation(b) && violates(&whole[a as usize], &whole[b as usize], minima) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

fn check(name: &str, volumes: &Volumes, minima: &ClassMinima) -> usize {
    let expected = one_by_one(volumes, minima);
    let mut by_threads = Vec::new();
    for threads in [1, 2, 3] {
        let found = all_pairs(volumes, minima, threads);
        by_threads.push(found.clone());
        let mut sorted = found;
        sorted.sort_unstable();
        let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
        let wrong: Vec<_> = sorted.iter().filter(|pair| expected.binary_search(pair).is_err()).collect();
        let missing: Vec<_> = expected.iter().filter(|pair| sorted.binary_search(pair).is_err()).collect();
        let well = twice.is_none() && wrong.is_empty() && missing.is_empty();
        assert!(well, "{name}, {threads} threads: twice {twice:?}, wrong {wrong:?}, missing {missing:?}");
    }
    assert!(by_threads.iter().all(|pairs| *pairs == by_threads[0]), "{name}: the order depends on the threads");
    expected.len()
}

#[test]
fn all_pairs_are_those_of_asking_about_every_two() {
    let sets = awkward_sets();
    for (seed, (name, draw)) in sets.into_iter().enumerate() {
        let volumes = set(seed as u64, 400, draw);
        let touching = check(name, &volumes, &ClassMinima::none());
        let close = check(name, &volumes, &wide());
        assert!(close > touching && touching > 3, "{name}: {touching} touch, {close} are too close");
    }
}

#[test]
fn a_set_of_none_or_one_has_no_pairs() {
    assert!(all_pairs(&Volumes::default(), &ClassMinima::none(), 2).is_empty());
    assert!(all_pairs(&set(1, 1, CITY), &ClassMinima::none(), 2).is_empty());
}

#[test]
fn pairs_do_not_depend_on_the_order_of_the_volumes() {
    let volumes = set(3, 300, CITY);
    let mut reversed = Volumes::default();
    for k in (0..300).rev() {
        let ground = Footprint::from(volumes.volume(k).area);
        reversed.push(volumes.operation(k), volumes.class(k), &ground, volumes.band(k), volumes.span(k));
    }
    let mut back: Vec<_> = all_pairs(&reversed, &wide(), 2).into_iter().map(|(a, b)| (299 - b, 299 - a)).collect();
    back.sort_unstable();
    assert_eq!(back, one_by_one(&volumes, &wide()));
}
