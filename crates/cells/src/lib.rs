//! Areas as S2 cells of level 13, rounded outward: what the service keeps of an outline. It does not know why.
//!
//! The cells of an outline are those that Go S2 gives for it as InterUSS asks for them, *and* every cell that the outline
//! touches on the WGS84 ellipsoid. Outlines that share a point share a cell; `docs/exactness.md` has the proof and says
//! how far from an outline a cell of it can lie.
//!
//! It does not know altitudes, times, files or wire formats. Every answer is bounded: what would explode is refused first.

mod check;
mod circle;
mod cover;
mod direction;
mod error;
mod grid;
mod polygon;

pub use circle::circle_cells;
pub use error::CellsError;
pub use polygon::polygon_cells;

/// The largest area of an outline that DSS clients may count on, square kilometres.
pub const AREA_MAX_KM2: f64 = 2_500.0;

/// Beyond this area nothing is proved, whatever the limit, square kilometres.
const PROVED_KM2: f64 = 100_000.0;

/// How much an outline may cover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Largest area, square kilometres; it holds for circles, too. More than 100,000 counts as 100,000.
    pub area_km2: f64,
    /// Most cells of level 13. One is 0.7 to 1.6 km².
    pub cells: usize,
}

impl Limits {
    /// Whether the area of an outline is within its limit. A limit that is not a number allows nothing.
    fn allow_area(&self, found_km2: f64) -> Result<(), CellsError> {
        let limit_km2 = self.area_km2.min(PROVED_KM2);
        if found_km2 <= limit_km2 && !self.area_km2.is_nan() {
            Ok(())
        } else {
            Err(CellsError::AreaTooLarge { found_km2, limit_km2 })
        }
    }
}
