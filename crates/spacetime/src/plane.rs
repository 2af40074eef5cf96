//! A map of the neighbourhood of one point, and set operations on it: for pictures and measures, never for a decision.
//!
//! The map is azimuthal equidistant: distance and azimuth from its centre are true. Geodesics are drawn as many short
//! straight pieces. It is good wherever the ground in question lies well within a quarter of the earth from the centre.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::simplify::SimplifyShape;
use i_overlay::float::single::SingleFloatOverlay;

use crate::geodesic::inverse;
use crate::segment::Segment;
use crate::{LatLng, destination, distance_m};

/// Geodesics are drawn in pieces no longer than this, metres: within 1 m of the truth 2,500 km from the centre.
const PIECE_M: f64 = 1e4;
/// Corners of the polygon that stands for a circle.
const CIRCLE_CORNERS: u32 = 128;

/// A closed ring on the map, metres east and north of the centre.
pub(crate) type Ring = Vec<[f64; 2]>;
/// Polygons: an outer ring, then holes.
pub(crate) type Polygons = Vec<Vec<Ring>>;

/// The map around a centre.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plane {
    center: LatLng,
}

impl Plane {
    pub fn around(center: LatLng) -> Self {
        Self { center }
    }

    pub fn forward(self, at: LatLng) -> [f64; 2] {
        let (length_m, azimuth, _) = inverse(self.center, at);
        [length_m * azimuth.sin, length_m * azimuth.cos]
    }

    pub fn reverse(self, [east_m, north_m]: [f64; 2]) -> LatLng {
        destination(self.center, east_m.atan2(north_m).to_degrees(), east_m.hypot(north_m))
    }

    /// A ring of geodesic edges.
    pub fn ring(self, vertices: &[LatLng]) -> Ring {
        let mut ring = Ring::new();
        for (i, &from) in vertices.iter().enumerate() {
            let to = vertices[(i + 1) % vertices.len()];
            ring.push(self.forward(from));
            let pieces = pieces(distance_m(from, to));
            if pieces > 1 {
                let azimuth_deg = inverse(from, to).1.deg();
                let step_m = distance_m(from, to) / f64::from(pieces);
                ring.extend((1..pieces).map(|k| self.forward(destination(from, azimuth_deg, step_m * f64::from(k)))));
            }
        }
        ring
    }

    /// The polygon of a disc's area around `center`.
    pub fn disc(self, center: LatLng, radius_m: f64) -> Ring {
        let step_deg = 360.0 / f64::from(CIRCLE_CORNERS);
        let at = |k: u32| self.forward(destination(center, step_deg * f64::from(k), radius_m * corner_scale()));
        (0..CIRCLE_CORNERS).map(at).collect()
    }

    /// Everything within `radius_m` metres of some segments, as rings to be united.
    ///
    /// Each segment gives the strip beside it; each end that turns, or that the strips may not cover, gives a disc.
    pub fn buffered(self, segments: &[Segment], radius_m: f64, closed: bool) -> Vec<Ring> {
        let mut rings: Vec<Ring> = segments.iter().filter(|s| !s.is_point()).map(|s| oriented(self.strip(s, radius_m))).collect();
        for (i, segment) in segments.iter().enumerate() {
            let before = if i > 0 { segments.get(i - 1) } else { segments.last().filter(|_| closed) };
            let straight = before.is_some_and(|before| {
                let short = before.length_m.min(segment.length_m) < radius_m;
                !short && before.end.angle_to(segment.start).abs() < 1e-4
            });
            if !straight {
                rings.push(oriented(self.disc(segment.a.at, radius_m)));
            }
        }
        if let Some(last) = segments.last().filter(|last| !closed && !last.is_point()) {
            rings.push(oriented(self.disc(last.b.at, radius_m)));
        }
        rings
    }

    /// What lies directly beside a segment, out to `radius_m` metres.
    fn strip(self, segment: &Segment, radius_m: f64) -> Ring {
        let pieces = pieces(segment.length_m);
        let step_m = segment.length_m / f64::from(pieces);
        let side = |k: u32, turn_deg: f64| {
            let (at, forward) = segment.at(step_m * f64::from(k));
            self.forward(destination(at, forward.deg() + turn_deg, radius_m))
        };
        (0..=pieces).map(|k| side(k, 90.0)).chain((0..=pieces).rev().map(|k| side(k, -90.0))).collect()
    }
}

/// How many straight pieces a geodesic of this length is drawn with, at least one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn pieces(length_m: f64) -> u32 {
    (length_m / PIECE_M).ceil().max(1.0) as u32
}

/// How much farther out the corners of a regular polygon lie than the circle of the same area.
fn corner_scale() -> f64 {
    let step = std::f64::consts::TAU / f64::from(CIRCLE_CORNERS);
    (step / step.sin()).sqrt()
}

/// Twice the signed area of a ring, square metres; positive if it runs counter-clockwise.
pub(crate) fn doubled_area(ring: &[[f64; 2]]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(p, q)| p[0] * q[1] - p[1] * q[0]).sum()
}

/// The ring run counter-clockwise, so that rings that are united do not cancel.
pub(crate) fn oriented(mut ring: Ring) -> Ring {
    if doubled_area(&ring) < 0.0 {
        ring.reverse();
    }
    ring
}

/// The union of rings that all run counter-clockwise.
pub(crate) fn united(rings: &Vec<Ring>) -> Polygons {
    rings.simplify_shape_as::<i64>(FillRule::NonZero)
}

/// What is in both.
pub(crate) fn intersection(one: &Polygons, two: &Polygons) -> Polygons {
    one.overlay_as::<i64>(two, OverlayRule::Intersect, FillRule::EvenOdd)
}

/// What is in the first and not in the second.
pub(crate) fn difference(one: &Polygons, two: &Polygons) -> Polygons {
    one.overlay_as::<i64>(two, OverlayRule::Difference, FillRule::EvenOdd)
}

/// What is in either.
pub(crate) fn union(one: &Polygons, two: &Polygons) -> Polygons {
    one.overlay_as::<i64>(two, OverlayRule::Union, FillRule::EvenOdd)
}

#[cfg(test)]
#[path = "plane_tests.rs"]
mod tests;
