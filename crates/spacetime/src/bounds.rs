//! A box in latitude and longitude that holds an area, in whole 1e-7 degrees. Decides nothing: it says what cannot matter.
//!
//! Rounded outward, so that two areas whose boxes are apart are apart. Does not know minima or altitudes.

use crate::geodesic::LEAST_RADIUS_M;
use crate::segment::Segment;
use crate::{Area, LatLng};

/// Units of a box in a degree: 1e-7 degree is 1.1 cm of latitude.
pub const UNITS_PER_DEG: i32 = 10_000_000;
/// A whole turn of longitude in units.
const TURN: i64 = 360 * UNITS_PER_DEG as i64;
const POLE: i32 = 90 * UNITS_PER_DEG;
/// Nearer to a pole than this a box takes every longitude, degrees.
const POLAR_DEG: f64 = 89.9;
/// More than rounding can add to a bound, metres.
const ROUNDING_M: f64 = 0.01;

/// A closed box of latitudes and longitudes, in 1e-7 degrees.
///
/// `west` is in −180° (included) to 180° (excluded); `east` is at least `west` and at most a turn more, so that a box
/// across the antimeridian has an `east` past 180°. In units that is more than an `i32` holds, so `width` is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Southern edge.
    pub south: i32,
    /// Northern edge.
    pub north: i32,
    /// Western edge.
    pub west: i32,
    /// From the western edge eastward to the eastern one; a whole turn at most.
    pub width: u32,
}

impl Bounds {
    /// A box that holds everything within `buffer_m` metres of the geodesics between consecutive points.
    ///
    /// `bulge_m` is how far a geodesic may stray from the straight line between its ends on a map of longitude and
    /// latitude. Consecutive points are less than half a turn apart; at most one geodesic a pole.
    pub(crate) fn around(points: &[LatLng], bulge_m: f64, buffer_m: f64) -> Self {
        let first = points.first().map_or(0.0, |p| p.lng_deg());
        let (mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut west, mut east) = (first, first);
        let mut at = first;
        for p in points {
            (south, north) = (south.min(p.lat_deg()), north.max(p.lat_deg()));
            at += turned(p.lng_deg() - at);
            (west, east) = (west.min(at), east.max(at));
        }
        Self::grown(south, north, west, east, bulge_m + buffer_m)
    }

    /// A box around degrees, grown by `by_m` metres.
    fn grown(south: f64, north: f64, west: f64, east: f64, by_m: f64) -> Self {
        // The least radius of curvature gives the most degrees.
        let angle = (by_m + ROUNDING_M) / LEAST_RADIUS_M;
        let (south, north) = (south - angle.to_degrees(), north + angle.to_degrees());
        let far = south.abs().max(north.abs());
        if far >= POLAR_DEG {
            return Self::every_longitude(south, north);
        }
        // A disc of angular radius r around latitude φ reaches asin(sin r / cos φ) east and west.
        let ratio = angle.sin() / far.to_radians().cos();
        if angle >= std::f64::consts::FRAC_PI_2 || ratio >= 1.0 {
            return Self::every_longitude(south, north);
        }
        let reach = ratio.asin().to_degrees();
        let (west, east) = (west - reach, east + reach);
        if east - west >= 359.9 {
            return Self::every_longitude(south, north);
        }
        let (west, east) = (floor_units(west), ceil_units(east));
        let width = u32::try_from(east - west).expect("a box is less than a turn wide");
        Self { south: latitude(floor_units(south)), north: latitude(ceil_units(north)), west: wrapped(west), width }
    }

    fn every_longitude(south: f64, north: f64) -> Self {
        // What reaches over a pole holds it.
        let south = if south <= -POLAR_DEG { -90.0 } else { south };
        let north = if north >= POLAR_DEG { 90.0 } else { north };
        let width = u32::try_from(TURN).expect("a turn fits");
        Self { south: latitude(floor_units(south)), north: latitude(ceil_units(north)), west: -180 * UNITS_PER_DEG, width }
    }

    /// A box that holds `area`.
    pub fn of(area: &Area) -> Self {
        let boxes = area.parts().iter().map(|part| {
            let (core, buffer_m) = (part.core(), part.buffer_m());
            let segments = core.segments();
            let bulge_m = segments.iter().map(bulge_m).fold(0.0, f64::max);
            let points: Vec<LatLng> = segments.iter().map(|s| s.a.at).chain(segments.last().map(|s| s.b.at)).collect();
            if core.turn().is_some() && winds_round_a_pole(&points) {
                let lats = || points.iter().map(|p| p.lat_deg());
                let (south, north) = (lats().fold(90.0, f64::min), lats().fold(-90.0, f64::max));
                let grown = Self::grown(south, north, 0.0, 0.0, bulge_m + buffer_m);
                let (south, north) = (f64::from(grown.south) / 1e7, f64::from(grown.north) / 1e7);
                return if north + south >= 0.0 {
                    Self::every_longitude(south, 90.0)
                } else {
                    Self::every_longitude(-90.0, north)
                };
            }
            Self::around(&points, bulge_m, buffer_m)
        });
        boxes.reduce(Self::hull).expect("an area has a part")
    }

    /// The narrowest box, of the two ways round, that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        let (south, north) = (self.south.min(other.south), self.north.max(other.north));
        let joined = |a: Self, b: Self| {
            let offset = (i64::from(b.west) - i64::from(a.west)).rem_euclid(TURN);
            (a.west, i64::from(a.width).max(offset + i64::from(b.width)))
        };
        let (west, width) = std::cmp::min_by_key(joined(self, other), joined(other, self), |(_, width)| *width);
        if width >= TURN {
            return Self { south, north, west: -180 * UNITS_PER_DEG, width: u32::try_from(TURN).expect("a turn fits") };
        }
        Self { south, north, west, width: u32::try_from(width).expect("less than a turn fits") }
    }

    /// The box grown by `by_m` metres on all sides.
    #[must_use]
    pub fn grown_by(self, by_m: f64) -> Self {
        let degrees = |units: i32| f64::from(units) / 1e7;
        let west = degrees(self.west);
        let east = west + f64::from(self.width) / 1e7;
        if i64::from(self.width) >= TURN {
            let angle = ((by_m + ROUNDING_M) / LEAST_RADIUS_M).to_degrees();
            return Self::every_longitude(degrees(self.south) - angle, degrees(self.north) + angle);
        }
        Self::grown(degrees(self.south), degrees(self.north), west, east, by_m)
    }

    /// Whether the two boxes share a point.
    pub fn intersects(self, other: Self) -> bool {
        let east_of = |a: Self, b: Self| (i64::from(b.west) - i64::from(a.west)).rem_euclid(TURN) <= i64::from(a.width);
        self.south <= other.north && other.south <= self.north && (east_of(self, other) || east_of(other, self))
    }
}

/// How far a segment may stray from the straight line between its ends in longitude and latitude, metres.
///
/// The second derivative of a geodesic by its length, in metres east and north, is at most (1.16·tan φ + 0.01)/R, and
/// a curve strays at most an eighth of that times its length squared. A geodesic strays at most half its length.
fn bulge_m(segment: &Segment) -> f64 {
    let (far_deg, length_m) = (segment.a.at.lat_deg().abs().max(segment.b.at.lat_deg().abs()), segment.length_m);
    straying_m(far_deg, length_m)
}

/// See [`bulge_m`]: the greatest latitude of the ends in degrees, the length in metres.
pub(crate) fn straying_m(far_deg: f64, length_m: f64) -> f64 {
    let half_m = 0.5 * length_m;
    let highest_deg = far_deg + (half_m / LEAST_RADIUS_M).to_degrees();
    if highest_deg >= 89.0 {
        return half_m;
    }
    let curvature = (1.2 * highest_deg.to_radians().tan() + 0.02) / LEAST_RADIUS_M;
    (curvature * length_m * length_m / 8.0).min(half_m)
}

/// Whether a closed ring goes once round in longitude, and so round a pole.
fn winds_round_a_pole(ring: &[LatLng]) -> bool {
    let steps = ring.windows(2).map(|pair| turned(pair[1].lng_deg() - pair[0].lng_deg()));
    steps.sum::<f64>().abs() > 180.0
}

/// A difference of longitudes the short way round, degrees.
fn turned(difference_deg: f64) -> f64 {
    (difference_deg + 180.0).rem_euclid(360.0) - 180.0
}

#[allow(clippy::cast_possible_truncation)]
fn floor_units(deg: f64) -> i64 {
    (deg * 1e7).floor() as i64 - 1
}

#[allow(clippy::cast_possible_truncation)]
fn ceil_units(deg: f64) -> i64 {
    (deg * 1e7).ceil() as i64 + 1
}

#[allow(clippy::cast_possible_truncation)]
fn latitude(units: i64) -> i32 {
    units.clamp(-i64::from(POLE), i64::from(POLE)) as i32
}

/// A longitude in −180 to 180 degrees.
#[allow(clippy::cast_possible_truncation)]
fn wrapped(units: i64) -> i32 {
    ((units + TURN / 2).rem_euclid(TURN) - TURN / 2) as i32
}

#[cfg(test)]
#[path = "bounds_tests.rs"]
mod tests;
