//! The engine: tagged volumes and movements in, conflicting pairs, margins, meetings and smallest changes out.
//!
//! This crate does not know parties, sides, plans, levels or words for people; an owner is a number.
//! It does no I/O and reads no clock. Answers come in a fixed order for the same input.

mod aircraft;
mod approach;
mod bounds;
mod box_tree;
mod encounter;
mod encounters;
mod excluded;
mod ground;
mod meeting;
mod minima;
mod movement;
mod pairs;
mod pieces;
mod resolve;
mod schedule;
mod set;
#[cfg(test)]
mod testing;
mod vector;

pub use aircraft::{
    AircraftState, InvalidAircraftState, InvalidLookahead, InvalidProtectedZone, Lookahead, MAX_ALTITUDE_M, MAX_LOOKAHEAD_S,
    MAX_SPEED_M_S, MAX_ZONE_M, ProtectedZone, Velocity,
};
pub use approach::{Approach, closest_heads, first_within};
pub use encounter::{Cpa, LossOfSeparation, loss_of_separation};
pub use encounters::{Encounter, encounters};
pub use ground::{GroundConflict, ground_conflict};
pub use meeting::{Meeting, meeting};
pub use minima::{Margin, Minima};
pub use movement::{InvalidMovement, Movement, Stretch};
pub use pairs::{Overlap, Tagged, VolumePair, conflicting_pairs, margin, overlap, violates};
pub use resolve::{AltitudeSplit, altitude_split, smallest_delay_ns};
pub use schedule::{Anchor, Case, InvalidSchedule, Schedule};
pub use set::{ClassMinima, LiveIndex, VolumeNumber, Volumes, all_pairs};
