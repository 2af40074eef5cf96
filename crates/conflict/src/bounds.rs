//! Cheap lower bounds on distance, so that exact geometry is asked only where it matters. Decides nothing alone.

use deconflict_spacetime::LatLng;

/// The smallest radius of curvature of WGS84 (the meridian at the equator, 6,335,439 m), rounded down, metres.
pub(crate) const LEAST_RADIUS_M: f64 = 6.335e6;
/// More than rounding can add to a bound, metres.
const ROUNDING_M: f64 = 0.01;

/// All ground within `radius_m` metres of a place, prepared for comparison.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disc {
    pub center: LatLng,
    pub radius_m: f64,
    /// Unit normal of the ellipsoid at the centre.
    normal: [f64; 3],
}

impl Disc {
    pub fn new(center: LatLng, radius_m: f64) -> Self {
        let (sin_lat, cos_lat) = center.lat_deg().to_radians().sin_cos();
        let (sin_lng, cos_lng) = center.lng_deg().to_radians().sin_cos();
        Self { center, radius_m, normal: [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat] }
    }

    /// No point of one disc is closer to the other disc than this, metres (below zero where they may overlap).
    ///
    /// The ellipsoid's metric is at least that of a sphere of its least radius of curvature under the same
    /// latitude and longitude, and a chord is never longer than its arc.
    pub fn least_gap_m(&self, other: &Self) -> f64 {
        let [x, y, z] = [0, 1, 2].map(|i| self.normal[i] - other.normal[i]);
        LEAST_RADIUS_M * (x * x + y * y + z * z).sqrt() - self.radius_m - other.radius_m - ROUNDING_M
    }
}
