//! Every conflicting pair of a set.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::boxes::{NORTH, Quanta};
use super::classes::ClassMinima;
use super::exact::Judge;
use super::grid::{Entry, Grid};
use super::tile::{Finder, Found};
use super::volumes::Volumes;

/// All pairs of volumes of different operations that violate the minima of their classes, lower number first.
///
/// The pairs are those for which [`crate::violates`] says yes, each once, in an order that depends on the set alone.
/// `threads` is how many threads may be used; it changes neither the pairs nor their order.
pub fn all_pairs(volumes: &Volumes, minima: &ClassMinima, threads: usize) -> Vec<(u32, u32)> {
    if volumes.len() < 2 {
        return Vec::new();
    }
    let quanta = Quanta::of(volumes, minima);
    let grid = Grid::of(volumes, &quanta, threads);
    let judge = Judge { volumes, minima };
    let large = large_by_tile(&grid);
    let next = AtomicU32::new(0);
    let found = Mutex::new(vec![Found::default(); large.len()]);
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut finder = Finder::new(&grid, judge);
                loop {
                    let tile = next.fetch_add(1, Ordering::Relaxed);
                    let Some(large) = large.get(tile as usize) else { break };
                    let mut here = Found::default();
                    finder.find(tile, large, &mut here);
                    found.lock().expect("no worker fails")[tile as usize] = here;
                }
            });
        }
    });
    let found = found.into_inner().expect("no worker fails");
    let mut pairs = Vec::with_capacity(found.iter().map(|here| here.pairs.len()).sum());
    let mut of_large = among_large(&grid.large, judge, threads);
    for here in found {
        pairs.extend(here.pairs);
        of_large.extend(here.of_large);
    }
    // The two pieces of a box across the antimeridian may both meet another.
    of_large.sort_unstable();
    of_large.dedup();
    pairs.extend(of_large);
    pairs
}

/// By tile, the large boxes that touch it.
fn large_by_tile(grid: &Grid) -> Vec<Vec<Entry>> {
    let mut by_tile = vec![Vec::new(); grid.tiles.total() as usize];
    for entry in &grid.large {
        grid.tiles.touched(&entry.bounds).each(&grid.tiles, |tile, begins| by_tile[tile].push(Entry { begins, ..*entry }));
    }
    by_tile
}

/// All pairs of large boxes: a sweep by their southern edges.
fn among_large(large: &[Entry], judge: Judge, threads: usize) -> Vec<(u32, u32)> {
    let mut sorted = large.to_vec();
    sorted.sort_unstable_by_key(|entry| (entry.bounds.low[NORTH], entry.volume));
    let mut met: Vec<(u32, u32)> = Vec::new();
    for (at, one) in sorted.iter().enumerate() {
        let north = one.bounds.high[NORTH];
        let near = sorted[at + 1..].iter().take_while(|two| two.bounds.low[NORTH] <= north);
        let near = near.filter(|two| one.operation != two.operation && one.bounds.meets(&two.bounds));
        met.extend(near.map(|two| (one.volume.min(two.volume), one.volume.max(two.volume))));
    }
    // Two volumes across the antimeridian meet twice.
    met.sort_unstable();
    met.dedup();
    let share = met.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = met
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().copied().filter(|&(a, b)| judge.violates(a, b)).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("judging does not fail")).collect()
    })
}

#[cfg(test)]
#[path = "pairs_tests.rs"]
mod tests;
