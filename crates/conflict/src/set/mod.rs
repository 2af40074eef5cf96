//! Large sets of volumes: every conflicting pair of millions, and a live set that is asked about single volumes.
//!
//! Boxes leave out what cannot conflict, a local map answers almost all of the rest, true geodesics what it cannot: the
//! answer is that of [`crate::violates`] for every pair. Does not know parties, kinds or words.

mod boxes;
mod classes;
mod exact;
mod grid;
mod live;
mod pairs;
mod run;
#[cfg(test)]
mod testing;
mod tile;
mod volumes;

pub use classes::ClassMinima;
pub use live::{LiveIndex, VolumeNumber};
pub use pairs::all_pairs;
pub use volumes::Volumes;
