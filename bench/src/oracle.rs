//! The slow and obvious answer: every volume against every other, each question asked of the exact predicate.
//!
//! No index, no sweep, no boxes: only the cheapest of the three gaps comes first.

use crate::engine::ClassMinima;
use crate::parse::Parsed;
use deconflict_conflict::violates;
use deconflict_spacetime::Volume4D;

/// Volumes as the predicate takes them.
pub struct Oracle<'a> {
    volumes: Vec<(u32, u8, Volume4D)>,
    minima: &'a ClassMinima,
}

impl<'a> Oracle<'a> {
    /// An oracle over `volumes`.
    pub fn new<'p>(volumes: impl IntoIterator<Item = &'p Parsed>, minima: &'a ClassMinima) -> Self {
        let volumes = volumes.into_iter().map(|parsed| (parsed.operation, parsed.class, parsed.volume()));
        Self { volumes: volumes.collect(), minima }
    }

    /// All pairs of volumes of different operations that violate their minima, by their index, sorted.
    pub fn all_pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (i, a) in (0_u32..).zip(&self.volumes) {
            let later = (i + 1..).zip(&self.volumes[i as usize + 1..]);
            pairs.extend(later.filter(|(_, b)| self.conflict(a, b)).map(|(j, _)| (i, j)));
        }
        pairs
    }

    /// The operations of which a volume violates the minima against one of `plan`, sorted.
    pub fn operations_against(&self, plan: &Self) -> Vec<u32> {
        let hit = self.volumes.iter().filter(|stored| plan.volumes.iter().any(|mine| self.conflict(mine, stored)));
        let mut operations: Vec<u32> = hit.map(|(operation, ..)| *operation).collect();
        operations.sort_unstable();
        operations.dedup();
        operations
    }

    fn conflict(&self, a: &(u32, u8, Volume4D), b: &(u32, u8, Volume4D)) -> bool {
        a.0 != b.0 && violates(&a.2, &b.2, self.minima.between(a.1, b.1))
    }
}
