//! Every conflicting pair of a set.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::boxes::{EAST, NORTH, Quanta};
use super::classes::ClassMinima;
use super::exact::Judge;
use super::grid::{Cells, Entry, Grid};
use super::tile::{Finder, Tile};
use super::volumes::Volumes;

/// How many cells a tile has along a side.
const TILE: u32 = 8;

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
    let tiles = tiles(&grid.cells);
    let large = large_by_tile(&grid, &tiles);
    let next = AtomicUsize::new(0);
    let found = Mutex::new(vec![Vec::new(); tiles.len()]);
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut finder = Finder::new(&grid, judge);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&tile) = tiles.get(number) else { break };
                    let mut pairs = Vec::new();
                    finder.find(tile, &large[number], &mut pairs);
                    found.lock().expect("no worker fails")[number] = pairs;
                }
            });
        }
    });
    let mut found = found.into_inner().expect("no worker fails");
    found.push(among_large(&grid.large, judge, threads));
    found.concat()
}

fn tiles(cells: &Cells) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for north in (0..cells.count[NORTH]).step_by(TILE as usize) {
        for east in (0..cells.count[EAST]).step_by(TILE as usize) {
            let first = [east, north];
            tiles.push(Tile { first, end: [0, 1].map(|axis| (first[axis] + TILE).min(cells.count[axis])) });
        }
    }
    tiles
}

/// By tile, the large boxes that may meet a box in one of its cells.
fn large_by_tile(grid: &Grid, tiles: &[Tile]) -> Vec<Vec<Entry>> {
    let mut by_tile = vec![Vec::new(); tiles.len()];
    let cells = &grid.cells;
    let across = cells.count[EAST].div_ceil(TILE);
    for entry in &grid.large {
        let [east, north] = [EAST, NORTH].map(|axis| {
            let lines = cells.reach(axis, &entry.bounds);
            lines.start / TILE..(lines.end - 1) / TILE + 1
        });
        for row in north {
            for column in east.clone() {
                by_tile[(row * across + column) as usize].push(*entry);
            }
        }
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
