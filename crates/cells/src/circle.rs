//! Circles: the twenty-cornered ring that InterUSS puts into a circle, and a ring around the true one.

use deconflict_spacetime::LatLng;
use std::f64::consts::{PI, TAU};

use crate::cover::{Edges, Ring, cells};
use crate::direction::Direction;
use crate::{CellsError, Limits};

/// The radius of the sphere by which InterUSS turns metres into angles.
const SPHERE_M: f64 = 6_371_010.0;
/// Corners of InterUSS's ring.
const CORNERS: u32 = 20;
/// Semi-major axis of WGS84, metres.
const EQUATORIAL_M: f64 = 6_378_137.0;
/// First eccentricity of WGS84, squared.
const E2: f64 = 0.006_694_379_990_141_317;
/// How far a corner of the ring around a circle may stand out, metres.
const STANDING_OUT_M: f64 = 1.0;

/// The cells of the circle of geodesic radius `radius_m` metres around `center`: ids of S2 cells of level 13, ascending.
///
/// # Errors
/// The radius is not above zero and finite; the area or the number of cells is over its limit.
///
/// # Example
/// ```
/// use deconflict_cells::{AREA_MAX_KM2, Limits, circle_cells};
/// use deconflict_spacetime::LatLng;
/// let limits = Limits { area_km2: AREA_MAX_KM2, cells: 32_768 };
/// let pole = LatLng::degrees(90.0, 0.0)?;
/// assert_eq!(circle_cells(pole, 100.0, &limits)?.len(), 4);
/// assert!(circle_cells(pole, 30_000.0, &limits).unwrap_err().to_string().contains("2827.4 km²"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn circle_cells(center: LatLng, radius_m: f64, limits: &Limits) -> Result<Vec<u64>, CellsError> {
    if !(radius_m > 0.0 && radius_m.is_finite()) {
        return Err(CellsError::Radius(radius_m));
    }
    limits.allow_area(PI * (radius_m / 1e3) * (radius_m / 1e3))?;
    cells(&[inscribed(center, radius_m), circumscribed(center, radius_m)], limits.cells)
}

/// The ring that stands for the circle at InterUSS.
///
/// # Source
/// S2's regular loop and the frame that it lies in; a test compares the corners with those of `s2rst`.
fn inscribed(center: LatLng, radius_m: f64) -> Ring {
    let up = Direction::of(center);
    let mut aside = Direction([0.012, 0.0053, 0.00457]);
    aside.0[(up.largest_axis() + 2) % 3] = 1.0;
    let second = up.cross(aside).normalized();
    let first = second.cross(up);
    let (sin_radius, cos_radius) = (radius_m / SPHERE_M).sin_cos();
    let corner = |k: u32| {
        let (sin, cos) = (TAU * f64::from(k) / f64::from(CORNERS)).sin_cos();
        Direction::along((cos_radius, up), (sin_radius * cos, first), (sin_radius * sin, second))
    };
    Ring { places: (0..CORNERS).map(corner).collect(), edges: Edges::GreatCircles }
}

/// A ring around the normals of the ellipsoid at all places of the true circle.
///
/// Seen from above the centre they lie in an ellipse, whose half axes are the radius divided by the two radii of
/// curvature; the terms added to the radius are proved in `docs/exactness.md`.
fn circumscribed(center: LatLng, radius_m: f64) -> Ring {
    let (sin_lat, cos_lat) = center.lat_deg().to_radians().sin_cos();
    let (sin_lng, cos_lng) = center.lng_deg().to_radians().sin_cos();
    let up = Direction::of(center);
    let north = Direction([-sin_lat * cos_lng, -sin_lat * sin_lng, cos_lat]);
    let east = Direction([-sin_lng, cos_lng, 0.0]);
    let flattened = 1.0 - E2 * sin_lat * sin_lat;
    let (meridian_m, vertical_m) = (EQUATORIAL_M * (1.0 - E2) / flattened.powf(1.5), EQUATORIAL_M / flattened.sqrt());
    let corners = f64::max(8.0, (PI * (0.5 * radius_m / STANDING_OUT_M).sqrt()).ceil());
    let grown_m = radius_m * (1.0 + 8.3e-10 * radius_m + 4.3e-15 * radius_m * radius_m);
    let out_m = grown_m / (PI / corners).cos();
    let corner = |k: u32| {
        let (sin, cos) = (TAU * f64::from(k) / corners).sin_cos();
        let (to_north, to_east) = (out_m / meridian_m * cos, out_m / vertical_m * sin);
        let to_up = (1.0 - to_north * to_north - to_east * to_east).sqrt();
        Direction::along((to_up, up), (to_north, north), (to_east, east))
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "8 to 700")]
    let corners = corners as u32;
    Ring { places: (0..corners).map(corner).collect(), edges: Edges::GreatCircles }
}

#[cfg(test)]
#[path = "circle_tests.rs"]
mod tests;
