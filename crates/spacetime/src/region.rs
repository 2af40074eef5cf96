//! Polygons for maps and square kilometres. Never used to decide whether something intersects.
//!
//! Every operation is carried out on a map around the ground in question ([`Plane`]), so neither a pole nor the
//! antimeridian is a special place.

use geographiclib_rs::{PolygonArea, Winding};

use crate::area::parts_within;
use crate::ecef::Ecef;
use crate::geodesic::WGS84;
use crate::plane::{Plane, Polygons, Ring, difference, intersection, oriented, union, united};
use crate::{Area, LatLng, Shape};

/// A polygon smaller than this is left out, square kilometres (a tenth of a square metre).
const LEAST_KM2: f64 = 1e-7;

/// A set of polygons on the ellipsoid, good to about a metre and to 0.1 % of area: for pictures and measures only.
///
/// Ground that reaches farther than about 10,000 km from its middle is not drawn faithfully.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Region {
    polygons: Vec<RegionPolygon>,
}

/// One polygon of a region, rings not closed (the first vertex is not repeated).
#[derive(Clone, Debug, PartialEq)]
pub struct RegionPolygon {
    /// The outer ring, counter-clockwise.
    pub outer: Vec<LatLng>,
    /// Holes, clockwise.
    pub holes: Vec<Vec<LatLng>>,
}

impl RegionPolygon {
    /// Area on the ellipsoid, square kilometres, holes left out.
    pub fn area_km2(&self) -> f64 {
        ring_km2(&self.outer) - self.holes.iter().map(|hole| ring_km2(hole)).sum::<f64>()
    }
}

impl Region {
    /// The polygons, largest first.
    pub fn polygons(&self) -> &[RegionPolygon] {
        &self.polygons
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.polygons.is_empty()
    }

    /// Area on the ellipsoid, square kilometres.
    pub fn area_km2(&self) -> f64 {
        self.polygons.iter().map(RegionPolygon::area_km2).sum()
    }

    /// A point for a label, inside the largest polygon; `None` for an empty region.
    pub fn label_point(&self) -> Option<LatLng> {
        let largest = self.polygons.first()?;
        let plane = Plane::around(middle(largest.outer.iter().copied()));
        let rings: Vec<Ring> = std::iter::once(&largest.outer).chain(&largest.holes).map(|ring| plane.ring(ring)).collect();
        widest_middle(&rings).map(|at| plane.reverse(at)).or_else(|| largest.outer.first().copied())
    }

    /// The part of the region inside `area`.
    #[must_use]
    pub fn intersection(&self, area: &Area) -> Self {
        self.combined(area, intersection)
    }

    /// The part of the region outside `area`.
    #[must_use]
    pub fn difference(&self, area: &Area) -> Self {
        self.combined(area, difference)
    }

    /// Everything that is in any of `regions`.
    #[must_use]
    pub fn union(regions: &[Self]) -> Self {
        let vertices = regions.iter().flat_map(|region| &region.polygons).flat_map(|polygon| polygon.outer.iter().copied());
        let plane = Plane::around(middle(vertices));
        let all = regions.iter().map(|region| region.on(plane)).reduce(|all, next| union(&all, &next));
        all.map_or_else(Self::default, |polygons| Self::from_plane(plane, &polygons))
    }

    /// An area grown by `distance_m` metres. Parts that do not meet are drawn each on a map of their own.
    pub(crate) fn of(area: &Area, distance_m: f64) -> Self {
        let mut region = Self::default();
        for group in groups(area.parts(), 2.0 * distance_m) {
            let group = Area::new(group).expect("a group has a part");
            let plane = Plane::around(group.bounding_circle().0);
            region.polygons.extend(Self::from_plane(plane, &drawn(group.parts(), plane, distance_m)).polygons);
        }
        region.sorted()
    }

    /// What two areas share; `None` if it has no area.
    pub(crate) fn shared(one: &Area, two: &Area) -> Option<Self> {
        let meeting = |mine: &Area, theirs: &Area| {
            let meets = |part: &&Shape| theirs.parts().iter().any(|other| parts_within(part, other, 0.0));
            Area::new(mine.parts().iter().filter(meets).cloned().collect()).ok()
        };
        let (one, two) = (meeting(one, two)?, meeting(two, one)?);
        let mut region = Self::default();
        for group in groups(one.parts(), 0.0) {
            let group = Area::new(group).ok()?;
            let plane = Plane::around(group.gap(&two).from);
            let other: Vec<Shape> = meeting(&two, &group).map_or_else(Vec::new, |area| area.parts().to_vec());
            let both = intersection(&drawn(group.parts(), plane, 0.0), &drawn(&other, plane, 0.0));
            region.polygons.extend(Self::from_plane(plane, &both).polygons);
        }
        let region = region.sorted();
        (!region.is_empty()).then_some(region)
    }

    fn combined(&self, area: &Area, combine: impl Fn(&Polygons, &Polygons) -> Polygons) -> Self {
        // Only the region is kept or cut, so its own middle is where the map has to be good.
        let vertices = self.polygons.iter().flat_map(|polygon| polygon.outer.iter().copied());
        let plane = Plane::around(middle(vertices));
        Self::from_plane(plane, &combine(&self.on(plane), &drawn(area.parts(), plane, 0.0)))
    }

    fn on(&self, plane: Plane) -> Polygons {
        let rings =
            |polygon: &RegionPolygon| std::iter::once(&polygon.outer).chain(&polygon.holes).map(|r| plane.ring(r)).collect();
        self.polygons.iter().map(rings).collect()
    }

    fn from_plane(plane: Plane, polygons: &Polygons) -> Self {
        let back = |ring: &Ring| -> Vec<LatLng> { ring.iter().map(|&at| plane.reverse(at)).collect() };
        let polygons = polygons.iter().filter_map(|rings| {
            let (outer, holes) = rings.split_first()?;
            let polygon = RegionPolygon { outer: back(outer), holes: holes.iter().map(back).collect() };
            (polygon.area_km2() >= LEAST_KM2).then_some(polygon)
        });
        Self { polygons: polygons.collect() }.sorted()
    }

    fn sorted(mut self) -> Self {
        self.polygons.sort_by_cached_key(|polygon| std::cmp::Reverse(OrderedKm2(polygon.area_km2())));
        self
    }
}

/// Square kilometres as a sort key.
struct OrderedKm2(f64);

impl PartialEq for OrderedKm2 {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for OrderedKm2 {}

impl PartialOrd for OrderedKm2 {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedKm2 {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// A point in the middle of some points.
fn middle(points: impl Iterator<Item = LatLng>) -> LatLng {
    Ecef::mean(points.map(Ecef::of)).to_latlng()
}

/// Area of a ring of geodesic edges, its smaller side, square kilometres.
fn ring_km2(ring: &[LatLng]) -> f64 {
    let mut area = PolygonArea::new(&WGS84, Winding::CounterClockwise);
    for at in ring {
        area.add_point(at.lat_deg(), at.lng_deg());
    }
    area.compute(true).1.abs() / 1e6
}

/// Shapes, each grown by `distance_m` metres, united on a map.
fn drawn(parts: &[Shape], plane: Plane, distance_m: f64) -> Polygons {
    let mut rings = Vec::new();
    for part in parts {
        match part {
            Shape::Circle(circle) => rings.push(oriented(plane.disc(circle.center(), circle.radius_m() + distance_m))),
            Shape::Corridor(corridor) => {
                let radius_m = corridor.width_m() / 2.0 + distance_m;
                rings.extend(plane.buffered(part.core().segments(), radius_m, false));
            }
            Shape::Polygon(polygon) => {
                rings.push(oriented(plane.ring(polygon.vertices())));
                if distance_m > 0.0 {
                    rings.extend(plane.buffered(part.core().segments(), distance_m, true));
                }
            }
        }
    }
    united(&rings)
}

/// Parts sorted into groups: two parts within `distance_m` of each other are in one group.
fn groups(parts: &[Shape], distance_m: f64) -> Vec<Vec<Shape>> {
    let mut groups: Vec<Vec<Shape>> = Vec::new();
    for part in parts {
        let (near, mut rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|member| parts_within(member, part, distance_m)));
        let mut joined: Vec<Shape> = near.into_iter().flatten().collect();
        joined.push(part.clone());
        rest.push(joined);
        groups = rest;
    }
    groups
}

/// The middle of the widest stretch of some level lines through a polygon.
fn widest_middle(rings: &[Ring]) -> Option<[f64; 2]> {
    let norths = || rings.iter().flatten().map(|p| p[1]);
    let (low, high) = (norths().fold(f64::INFINITY, f64::min), norths().fold(f64::NEG_INFINITY, f64::max));
    let mut best: Option<(f64, [f64; 2])> = None;
    for k in 1..16 {
        let north = low + (high - low) * f64::from(k) / 16.0;
        let mut easts = Vec::new();
        for ring in rings {
            for (p, q) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                if (p[1] > north) != (q[1] > north) {
                    easts.push(p[0] + (q[0] - p[0]) * (north - p[1]) / (q[1] - p[1]));
                }
            }
        }
        easts.sort_by(f64::total_cmp);
        for pair in easts.chunks_exact(2) {
            let width = pair[1] - pair[0];
            // A level near the middle wins over one that is no wider.
            let weight = width * (1.0 - 0.5 * (f64::from(k) / 8.0 - 1.0).abs());
            if best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, [f64::midpoint(pair[0], pair[1]), north]));
            }
        }
    }
    best.map(|(_, at)| at)
}
