//! The engine under test, as the questions call it.

use crate::parse::Parsed;
use deconflict_spacetime::Time;

pub use deconflict_conflict::{ClassMinima, Volumes, all_pairs};
pub use deconflict_spacetime::Footprint;

/// Volumes that come and go on the day of W, minima zero.
pub struct LiveIndex(deconflict_conflict::LiveIndex);

impl Default for LiveIndex {
    fn default() -> Self {
        Self(deconflict_conflict::LiveIndex::new(ClassMinima::none(), Time::from_ns(0)))
    }
}

impl LiveIndex {
    /// Adds a volume and says under which number it can be removed.
    pub fn insert(&mut self, volume: &Parsed) -> u32 {
        let Parsed { operation, class, footprint, band, span } = volume;
        self.0.insert(*operation, *class, footprint.clone(), *band, *span)
    }

    /// Removes a volume that is there.
    pub fn remove(&mut self, number: u32) {
        assert!(self.0.remove(number), "it was there");
    }

    /// The other operations that conflict with a plan, sorted.
    pub fn query(&self, plan: &[Parsed]) -> Vec<u32> {
        let conflicts = |mine: &Parsed| self.0.conflicts(mine.operation, mine.class, &mine.footprint, mine.band, mine.span);
        let volumes = plan.iter().flat_map(conflicts);
        let mut operations: Vec<u32> = volumes.filter_map(|volume| self.0.operation(volume)).collect();
        operations.sort_unstable();
        operations.dedup();
        operations
    }
}
