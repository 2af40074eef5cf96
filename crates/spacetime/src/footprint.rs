//! An outline in little room, for sets of millions. Small convex outlines are kept as their corners alone; whatever else
//! is an [`Area`]. Does not know altitude or time.
//!
//! A footprint means exactly what the area that it stands for means; [`Footprint::area`] makes that area.

use crate::bounds::{Bounds, straying_m};
use crate::geodesic::LEAST_RADIUS_M;
use crate::local::{EAST_PER_DEG_M, NORTH_PER_DEG_M};
use crate::{
    Area, Circle, Corridor, InvalidCircle, InvalidCorridor, InvalidPolygon, InvalidPolyline, LatLng, Polygon, Polyline, Shape,
};

/// Most corners that a simple footprint has.
pub const CORNERS_MAX: usize = 8;
/// Longest edge of a simple footprint, metres: the bounds of `local` are proved for this size.
const EDGE_MAX_M: f64 = 20e3;
/// Farthest from the equator that a simple footprint lies, degrees.
const LATITUDE_MAX_DEG: f64 = 75.0;
/// Largest buffer of a simple footprint, metres.
const BUFFER_MAX_M: f64 = 50e3;
/// A corner of a simple polygon is at least this far from the lines of the edges that it is not on, besides what the
/// edges stray, metres.
const CLEAR_M: f64 = 0.05;

/// The corners of a small convex outline: one (a circle), two (a corridor of one leg) or three to eight (a polygon).
///
/// Everything within `buffer_m` of the filled core belongs to it; a polygon's buffer is zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simple<'a> {
    /// The corners, counter-clockwise.
    pub corners: &'a [LatLng],
    /// How far it reaches beyond its core, metres.
    pub buffer_m: f64,
}

/// A small convex outline that owns its corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimpleFootprint {
    corners: [LatLng; CORNERS_MAX],
    count: u8,
    buffer_m: f64,
}

/// An outline, as small as it can be kept without losing anything.
#[derive(Clone, Debug, PartialEq)]
pub enum Footprint {
    /// A small convex outline.
    Simple(SimpleFootprint),
    /// Any other.
    Area(Box<Area>),
}

impl Footprint {
    /// The polygon with these vertices, in either winding; what is not a polygon is refused as by [`Polygon::new`].
    ///
    /// # Errors
    /// See [`InvalidPolygon`].
    pub fn polygon(vertices: Vec<LatLng>) -> Result<Self, InvalidPolygon> {
        if let Some(simple) = SimpleFootprint::convex(&vertices) {
            return Ok(Self::Simple(simple));
        }
        Polygon::new(vertices).map(|polygon| Self::from(Area::from(Shape::Polygon(polygon))))
    }

    /// The circle of `radius_m` metres around `center`.
    ///
    /// # Errors
    /// As [`Circle::new`].
    pub fn circle(center: LatLng, radius_m: f64) -> Result<Self, InvalidCircle> {
        let circle = Circle::new(center, radius_m)?;
        let simple = SimpleFootprint::buffered(&[center], radius_m);
        Ok(simple.map_or_else(|| Self::from(Area::from(Shape::Circle(circle))), Self::Simple))
    }

    /// The corridor of total width `width_m` metres along `waypoints`.
    ///
    /// # Errors
    /// As [`Polyline::new`] and [`Corridor::new`].
    pub fn corridor(waypoints: Vec<LatLng>, width_m: f64) -> Result<Self, InvalidCorridor> {
        let simple = SimpleFootprint::leg(&waypoints, width_m);
        if let Some(simple) = simple {
            return Ok(Self::Simple(simple));
        }
        let line = Polyline::new(waypoints).map_err(|invalid: InvalidPolyline| InvalidCorridor::Line(invalid))?;
        Corridor::new(line, width_m).map(|corridor| Self::from(Area::from(Shape::Corridor(corridor))))
    }

    /// The area that it stands for.
    pub fn area(&self) -> Area {
        match self {
            Self::Simple(simple) => simple.as_simple().area(),
            Self::Area(area) => area.as_ref().clone(),
        }
    }

    /// A box that holds it.
    pub fn bounds(&self) -> Bounds {
        match self {
            Self::Simple(simple) => simple.as_simple().bounds(),
            Self::Area(area) => Bounds::of(area),
        }
    }
}

impl From<Area> for Footprint {
    fn from(area: Area) -> Self {
        if let [part] = area.parts() {
            let simple = match part {
                Shape::Polygon(polygon) => SimpleFootprint::convex(polygon.vertices()),
                Shape::Circle(circle) => SimpleFootprint::buffered(&[circle.center()], circle.radius_m()),
                Shape::Corridor(corridor) => SimpleFootprint::leg(corridor.line().waypoints(), corridor.width_m()),
            };
            if let Some(simple) = simple {
                return Self::Simple(simple);
            }
        }
        Self::Area(Box::new(area))
    }
}

impl SimpleFootprint {
    /// The outline, borrowed.
    pub fn as_simple(&self) -> Simple<'_> {
        Simple { corners: &self.corners[..usize::from(self.count)], buffer_m: self.buffer_m }
    }

    fn of(corners: impl ExactSizeIterator<Item = LatLng>, buffer_m: f64) -> Self {
        let count = u8::try_from(corners.len()).expect("at most eight corners");
        let mut kept = [LatLng::wrapped(0.0, 0.0); CORNERS_MAX];
        for (slot, corner) in kept.iter_mut().zip(corners) {
            *slot = corner;
        }
        Self { corners: kept, count, buffer_m }
    }

    /// A point or a leg with a buffer, if it is small enough. The corners differ.
    fn buffered(corners: &[LatLng], buffer_m: f64) -> Option<Self> {
        let tame = corners.iter().all(|corner| corner.lat_deg().abs() <= LATITUDE_MAX_DEG) && buffer_m <= BUFFER_MAX_M;
        tame.then(|| Self::of(corners.iter().copied(), buffer_m))
    }

    /// A corridor of one leg whose waypoints are clearly two.
    fn leg(waypoints: &[LatLng], width_m: f64) -> Option<Self> {
        let &[from, to] = waypoints else { return None };
        let frame = Plane::around(waypoints)?;
        let (a, b) = (frame.at(from), frame.at(to));
        let length_m = (b[0] - a[0]).hypot(b[1] - a[1]);
        let tame = length_m > CLEAR_M && length_m < EDGE_MAX_M && width_m > 0.0;
        if tame { Self::buffered(waypoints, width_m / 2.0) } else { None }
    }

    /// A polygon that is small, and convex beyond any doubt. Such a polygon is simple, so nothing else is to be checked.
    fn convex(vertices: &[LatLng]) -> Option<Self> {
        let count = vertices.len();
        if !(3..=CORNERS_MAX).contains(&count) {
            return None;
        }
        let frame = Plane::around(vertices)?;
        let mut at = [[0.0; 2]; CORNERS_MAX];
        for (slot, &vertex) in at.iter_mut().zip(vertices) {
            *slot = frame.at(vertex);
        }
        let at = &at[..count];
        let edge_m = |i: usize| (at[(i + 1) % count][0] - at[i][0]).hypot(at[(i + 1) % count][1] - at[i][1]);
        let longest_m = (0..count).map(edge_m).fold(0.0, f64::max);
        if longest_m > EDGE_MAX_M {
            return None;
        }
        // No edge strays farther than this from its straight line (the plane shortens by less than a tenth), so that
        // corners keep their side and edges their distance.
        let clear_m = CLEAR_M + 2.0 * straying_m(frame.far_deg, 1.1 * longest_m);
        let doubled_area: f64 = (0..count).map(|i| cross(at[i], at[(i + 1) % count])).sum();
        let turn = doubled_area.signum();
        for i in 0..count {
            let (p, q) = (at[i], at[(i + 1) % count]);
            let along = [q[0] - p[0], q[1] - p[1]];
            let length_m = along[0].hypot(along[1]);
            let others = (2..count).map(|k| at[(i + k) % count]);
            if !others.map(|r| turn * cross(along, [r[0] - p[0], r[1] - p[1]])).all(|side| side > clear_m * length_m) {
                return None;
            }
        }
        let ordered = (0..count).map(|k| vertices[if turn > 0.0 { k } else { count - 1 - k }]);
        Some(Self::of(ordered, 0.0))
    }
}

impl Simple<'_> {
    /// The area that it stands for.
    pub fn area(&self) -> Area {
        let promise = "a simple footprint was checked when it was made";
        Area::from(match *self.corners {
            [center] => Shape::Circle(Circle::new(center, self.buffer_m).expect(promise)),
            [from, to] => {
                let line = Polyline::new(vec![from, to]).expect(promise);
                Shape::Corridor(Corridor::new(line, 2.0 * self.buffer_m).expect(promise))
            }
            _ => Shape::Polygon(Polygon::new(self.corners.to_vec()).expect(promise)),
        })
    }

    /// A disc that holds it: centre, radius in metres.
    pub fn disc(&self) -> (LatLng, f64) {
        let first = self.corners[0];
        let count = self.corners.len() as f64;
        // Across the antimeridian a leg is longer than its corners' longitudes tell: then the disc is around its start.
        let across = self.corners.iter().any(|p| (p.lng_deg() - first.lng_deg()).abs() > 180.0);
        let mean = |of: fn(LatLng) -> f64| self.corners.iter().map(|&p| of(p)).sum::<f64>() / count;
        let center = if across { first } else { LatLng::wrapped(mean(LatLng::lat_deg), mean(LatLng::lng_deg)) };
        let near_deg = self.corners.iter().map(|p| p.lat_deg().abs()).fold(90.0, f64::min);
        let east_per_deg_m = EAST_PER_DEG_M * (near_deg.to_radians().cos() + 0.02);
        let reach_m = |p: &LatLng| {
            let turn_deg = (p.lng_deg() - center.lng_deg()).abs();
            let turn_deg = turn_deg.min(360.0 - turn_deg);
            (turn_deg * east_per_deg_m).hypot((p.lat_deg() - center.lat_deg()) * NORTH_PER_DEG_M)
        };
        // A disc is convex, so it holds the core if it holds the corners.
        (center, self.corners.iter().map(reach_m).fold(0.0, f64::max) + self.buffer_m)
    }

    /// A box that holds it.
    pub fn bounds(&self) -> Bounds {
        let far_deg = self.corners.iter().map(|corner| corner.lat_deg().abs()).fold(0.0, f64::max);
        let bulge_m = if self.corners.len() > 1 { straying_m(far_deg, self.longest_edge_m()) } else { 0.0 };
        Bounds::around(self.corners, bulge_m, self.buffer_m)
    }

    /// An upper bound for the length of an edge, metres.
    fn longest_edge_m(&self) -> f64 {
        let [south, north, west, east] = self.corners.iter().fold([90.0_f64, -90.0, 180.0, -180.0], |[s, n, w, e], p| {
            [s.min(p.lat_deg()), n.max(p.lat_deg()), w.min(p.lng_deg()), e.max(p.lng_deg())]
        });
        // Degrees of longitude are longest nearest to the equator. Across the antimeridian the difference is wrong, but
        // never too small.
        let near_deg = if south * north <= 0.0 { 0.0 } else { south.abs().min(north.abs()) };
        let east_m = (east - west) * EAST_PER_DEG_M * (near_deg.to_radians().cos() + 0.01);
        ((north - south) * NORTH_PER_DEG_M).hypot(east_m).min(1.1 * EDGE_MAX_M)
    }
}

/// Straight lines in longitude and latitude around a small outline, metres east and north of its first corner.
struct Plane {
    origin: LatLng,
    east_per_deg_m: f64,
    far_deg: f64,
}

impl Plane {
    /// `None` where the outline is too large, too far north or south, or crosses the antimeridian.
    fn around(points: &[LatLng]) -> Option<Self> {
        let origin = *points.first()?;
        let far_deg = points.iter().map(|p| p.lat_deg().abs()).fold(0.0, f64::max);
        let reach_deg = points.iter().map(|p| (p.lng_deg() - origin.lng_deg()).abs().max((p.lat_deg() - origin.lat_deg()).abs()));
        if far_deg > LATITUDE_MAX_DEG || reach_deg.fold(0.0, f64::max) > 1.0 {
            return None;
        }
        // The least metres per degree within the outline, so that what is clear here is clear on the ground.
        let per_radian = LEAST_RADIUS_M * far_deg.to_radians().cos();
        Some(Self { origin, east_per_deg_m: per_radian.to_radians(), far_deg })
    }

    fn at(&self, p: LatLng) -> [f64; 2] {
        let north_per_deg_m = LEAST_RADIUS_M.to_radians();
        [(p.lng_deg() - self.origin.lng_deg()) * self.east_per_deg_m, (p.lat_deg() - self.origin.lat_deg()) * north_per_deg_m]
    }
}

fn cross(u: [f64; 2], v: [f64; 2]) -> f64 {
    u[0] * v[1] - u[1] * v[0]
}

#[cfg(test)]
#[path = "footprint_tests.rs"]
mod tests;
