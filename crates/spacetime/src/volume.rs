//! A piece of airspace over a piece of time.

use crate::{AltitudeBand, Area, TimeSpan};

/// An area over a closed time span, between two altitudes or on the surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume4D {
    /// The footprint.
    pub area: Area,
    /// The closed altitude band; `None` for a surface claim, which has no altitude to compare.
    pub band: Option<AltitudeBand>,
    /// The closed time span.
    pub span: TimeSpan,
}
