//! Small convex outlines on a flat map around one place, for quick answers that are proved or withheld.
//!
//! The map is the gnomonic one, on which geodesics are straight, to the second order: what is left out is of the third
//! order and bounded by [`Frame::error_m`]. Convex outlines on it are told apart by their edges' normals. Where the
//! bound leaves a question open the answer is `None`, and [`crate::Area`] decides. The bounds are derived in
//! `docs/exactness.md`. Does not know altitude or time.

use crate::footprint::{CORNERS_MAX, Simple};
use crate::geodesic::LEAST_RADIUS_M;
use crate::{LatLng, UNDECIDED_M};

/// More metres than a degree of latitude has anywhere.
pub(crate) const NORTH_PER_DEG_M: f64 = 111_700.0;
/// More metres than a degree of longitude has anywhere.
pub(crate) const EAST_PER_DEG_M: f64 = 111_330.0;
/// Equatorial radius of WGS84, metres.
const EQUATORIAL_M: f64 = 6_378_137.0;
/// First eccentricity of WGS84, squared.
const E2: f64 = 0.006_694_379_990_141_317;
/// Farthest from the middle of the map that a corner may lie, metres.
const REACH_MAX_M: f64 = 200e3;
/// Farthest from the equator that the middle of a map lies, degrees.
const LATITUDE_MAX_DEG: f64 = 78.0;
/// What sums and products of 32-bit floats can be off, as a part of the distance from the middle of the map.
const ROUNDING: f64 = 1e-6;

/// A flat map around a place, good for a few hundred kilometres.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    lat_deg: f64,
    lng_deg: f64,
    east_per_deg_m: f64,
    north_per_deg_m: f64,
    /// tan φ / N: how a parallel bends, per metre.
    bend: f64,
    /// How the length of a degree of latitude grows northward, per metre, halved.
    stretch: f64,
    /// Third-order error at one metre, to be multiplied with the cube of the distance.
    third: f64,
}

/// A small convex outline on a map.
///
/// Its corners are within `error_m` of where the exact gnomonic map has them; corners that are not used repeat the last.
#[derive(Clone, Copy, Debug)]
pub struct LocalOutline {
    x: [f32; CORNERS_MAX],
    y: [f32; CORNERS_MAX],
    /// Outward normals of the edges and how far out each edge lies along its normal.
    normal_x: [f32; CORNERS_MAX],
    normal_y: [f32; CORNERS_MAX],
    out: [f32; CORNERS_MAX],
    corners: u8,
    buffer_m: f32,
    error_m: f32,
    /// How much longer or shorter lengths may be on the map, as a part of them.
    scale_error: f32,
}

impl Frame {
    /// The map around `middle`; `None` too near to a pole.
    pub fn around(middle: LatLng) -> Option<Self> {
        if middle.lat_deg().abs() > LATITUDE_MAX_DEG {
            return None;
        }
        let (sin, cos) = middle.lat_deg().to_radians().sin_cos();
        let w2 = 1.0 - E2 * sin * sin;
        let normal_m = EQUATORIAL_M / w2.sqrt();
        let meridian_m = EQUATORIAL_M * (1.0 - E2) / (w2 * w2.sqrt());
        let tan = sin / cos;
        Some(Self {
            lat_deg: middle.lat_deg(),
            lng_deg: middle.lng_deg(),
            east_per_deg_m: (normal_m * cos).to_radians(),
            north_per_deg_m: meridian_m.to_radians(),
            bend: tan / normal_m,
            stretch: 1.5 * E2 * sin * cos / (w2 * meridian_m),
            third: 1.5 * (1.0 + tan * tan) / (LEAST_RADIUS_M * LEAST_RADIUS_M),
        })
    }

    /// Metres east and north of the middle.
    #[inline(always)]
    fn at(&self, lat_deg: f64, lng_deg: f64) -> (f64, f64) {
        let turn_deg = lng_deg - self.lng_deg;
        let turn_deg = if turn_deg > 180.0 { turn_deg - 360.0 } else { turn_deg };
        let turn_deg = if turn_deg < -180.0 { turn_deg + 360.0 } else { turn_deg };
        let (x, y) = (turn_deg * self.east_per_deg_m, (lat_deg - self.lat_deg) * self.north_per_deg_m);
        (x - x * y * self.bend, y + 0.5 * x * x * self.bend + self.stretch * y * y)
    }

    /// How far a corner at most `reach_m` from the middle may be from its place on the exact map, metres.
    fn error_m(&self, reach_m: f64) -> f64 {
        self.third * reach_m * reach_m * reach_m + ROUNDING * reach_m
    }

    /// The outline on this map; `None` where it lies too far out.
    ///
    /// All corners, then all edges, are computed side by side, those that are not there as well: that is quicker.
    #[allow(clippy::cast_possible_truncation)]
    pub fn outline(&self, simple: Simple) -> Option<LocalOutline> {
        let count = simple.corners.len();
        let last = simple.corners[count - 1];
        let (mut lat_deg, mut lng_deg) = ([last.lat_deg(); CORNERS_MAX], [last.lng_deg(); CORNERS_MAX]);
        for (k, corner) in simple.corners.iter().enumerate() {
            (lat_deg[k], lng_deg[k]) = (corner.lat_deg(), corner.lng_deg());
        }
        let (mut x, mut y, mut reach2) = ([0.0_f32; CORNERS_MAX], [0.0_f32; CORNERS_MAX], [0.0_f64; CORNERS_MAX]);
        for k in 0..CORNERS_MAX {
            let (east, north) = self.at(lat_deg[k], lng_deg[k]);
            reach2[k] = east * east + north * north;
            (x[k], y[k]) = (east as f32, north as f32);
        }
        let reach2 = reach2.into_iter().fold(0.0, f64::max);
        if reach2.is_nan() || reach2 > REACH_MAX_M * REACH_MAX_M {
            return None;
        }
        let edges = if count < 2 { 0 } else { count };
        let (mut next_x, mut next_y) = (x, y);
        next_x.copy_within(1.., 0);
        next_y.copy_within(1.., 0);
        (next_x[count - 1], next_y[count - 1]) = (x[0], y[0]);
        // An edge that is not there lies beyond everything: nothing is ever beyond it.
        let (mut normal_x, mut normal_y, mut out) = ([0.0_f32; CORNERS_MAX], [0.0_f32; CORNERS_MAX], [0.0_f32; CORNERS_MAX]);
        for k in 0..CORNERS_MAX {
            let (east, north) = (next_x[k] - x[k], next_y[k] - y[k]);
            let per_length = 1.0 / (east * east + north * north).sqrt();
            let (nx, ny) = (north * per_length, -east * per_length);
            let is_there = k < edges;
            normal_x[k] = if is_there { nx } else { 0.0 };
            normal_y[k] = if is_there { ny } else { 0.0 };
            out[k] = if is_there { nx * x[k] + ny * y[k] } else { f32::INFINITY };
        }
        let reach_m = reach2.sqrt();
        Some(LocalOutline {
            x,
            y,
            normal_x,
            normal_y,
            out,
            corners: count as u8,
            buffer_m: simple.buffer_m as f32,
            error_m: self.error_m(reach_m) as f32,
            scale_error: (3.0 * (reach_m / LEAST_RADIUS_M).powi(2) + 1e-6) as f32,
        })
    }
}

impl LocalOutline {
    /// Whether two outlines on one map are at most `distance_m` metres apart; `None` where the map cannot tell.
    ///
    /// A yes or no is the one that [`crate::Area::within`] gives.
    pub fn within(&self, other: &Self, distance_m: f32) -> Option<bool> {
        let reach_m = self.buffer_m + other.buffer_m + distance_m;
        let doubt_m = self.error_m
            + other.error_m
            + 2.0 * UNDECIDED_M as f32
            + (self.scale_error + other.scale_error) * reach_m
            + 1e-6 * reach_m;
        let far_m = reach_m + doubt_m;
        let mut apart_m = self.beyond(other);
        if apart_m <= far_m {
            apart_m = apart_m.max(other.beyond(self));
        }
        if apart_m > far_m {
            return Some(false);
        }
        // Deep inside each other along every normal: so deep is the origin in the difference of the two. Without normals
        // (two points), or where the difference has no inside, it never is.
        if apart_m.is_finite() && apart_m < -doubt_m {
            return Some(true);
        }
        if reach_m <= doubt_m {
            return None;
        }
        // An upper bound of the distance, true where no corner of one lies within the other.
        let nearest_m = self.corner_distance(other).min(other.corner_distance(self));
        if nearest_m < reach_m - doubt_m {
            Some(true)
        } else if nearest_m > far_m && (self.corners < 3 && other.corners < 3 || apart_m > doubt_m) && !self.may_cross(other) {
            Some(false)
        } else {
            None
        }
    }

    /// The greatest distance of `other` beyond one of our edges, along its normal; negative inside, and without end for a
    /// point, which has no edges.
    fn beyond(&self, other: &Self) -> f32 {
        // All edges at once, corner by corner.
        let mut nearest = [f32::INFINITY; CORNERS_MAX];
        for corner in 0..usize::from(other.corners) {
            let (x, y) = (other.x[corner], other.y[corner]);
            for (edge, nearest) in nearest.iter_mut().enumerate() {
                let along = self.normal_x[edge] * x + self.normal_y[edge] * y;
                *nearest = if along < *nearest { along } else { *nearest };
            }
        }
        let mut greatest = f32::NEG_INFINITY;
        for (nearest, out) in nearest.iter().zip(&self.out) {
            greatest = if nearest - out > greatest { nearest - out } else { greatest };
        }
        greatest
    }

    /// The least distance of a corner of ours from an edge or corner of `other`.
    fn corner_distance(&self, other: &Self) -> f32 {
        let mut nearest2 = f32::INFINITY;
        let theirs = usize::from(other.corners);
        for i in 0..usize::from(self.corners) {
            for j in 0..theirs {
                let next = if j + 1 == theirs { 0 } else { j + 1 };
                let (ax, ay) = (self.x[i] - other.x[j], self.y[i] - other.y[j]);
                let (ex, ey) = (other.x[next] - other.x[j], other.y[next] - other.y[j]);
                let length2 = ex * ex + ey * ey;
                let along = if length2 > 0.0 { ((ax * ex + ay * ey) / length2).clamp(0.0, 1.0) } else { 0.0 };
                let (dx, dy) = (ax - along * ex, ay - along * ey);
                nearest2 = nearest2.min(dx * dx + dy * dy);
            }
        }
        nearest2.sqrt()
    }

    /// Whether two legs may cross away from their ends. A "yes" is no proof.
    fn may_cross(&self, other: &Self) -> bool {
        if self.corners != 2 || other.corners != 2 {
            return false;
        }
        let side = |of: &Self, x: f32, y: f32| of.normal_x[0] * x + of.normal_y[0] * y - of.out[0];
        let split = |of: &Self, by: &Self| {
            let doubt = of.error_m + by.error_m;
            let (a, b) = (side(of, by.x[0], by.y[0]), side(of, by.x[1], by.y[1]));
            !((a > doubt && b > doubt) || (a < -doubt && b < -doubt))
        };
        split(self, other) && split(other, self)
    }
}

#[cfg(test)]
#[path = "local_tests.rs"]
mod tests;
