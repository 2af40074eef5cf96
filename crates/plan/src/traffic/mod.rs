//! Claims that consist of volumes alone, as files of other people give them, by the million.
//!
//! Kept flat and small ([`Traffic`]); what is found about them is told with the same words as for a plan ([`check_traffic`]).
//! Does not know file formats.

mod check;
mod store;

use deconflict_spacetime::{AltitudeBand, Footprint, TimeSpan};

use crate::model::ClaimKind;

pub use check::{DESCRIBED_MOST, PICTURED_MOST, TooManyPairs, check_traffic, pairs_of_traffic, picture_of_traffic};
pub use store::{Passed, Traffic};

/// One volume of a claim, as a file gives it. Rows of the same claim agree in everything but the volume.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimVolume {
    /// Id of the claim.
    pub claim: String,
    /// The party that makes it; without one, each claim is on a side of its own.
    pub party: Option<String>,
    /// Its kind: any but a movement or an authority, which are more than volumes.
    pub kind: ClaimKind,
    /// Name for people.
    pub name: Option<String>,
    /// Higher goes first.
    pub priority: i32,
    /// The ground under it.
    pub footprint: Footprint,
    /// The closed altitude band; `None` for a claim on the surface.
    pub band: Option<AltitudeBand>,
    /// The closed time span.
    pub span: TimeSpan,
}
