//! A ground area: one shape or several. The exact questions are asked here.

use thiserror::Error;

use crate::core::Core;
use crate::ecef::Ecef;
use crate::geodesic::LEAST_RADIUS_M;
use crate::segment::{Segment, Site, moved};
use crate::{LatLng, Region, Shape, UNDECIDED_M, azimuth_deg, distance_m};

/// The union of one or more shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    parts: Vec<Shape>,
}

/// An area needs at least one shape.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an area needs at least one shape")]
pub struct EmptyArea;

/// How far two areas are apart, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Shortest geodesic between the closed areas, metres; zero where they touch or overlap.
    pub lateral_m: f64,
    /// A point of the first area nearest to the second (a shared point where the gap is zero).
    pub from: LatLng,
    /// A point of the second area nearest to the first.
    pub to: LatLng,
}

impl Area {
    /// The union of `parts`.
    ///
    /// # Errors
    /// `parts` is empty.
    pub fn new(parts: Vec<Shape>) -> Result<Self, EmptyArea> {
        if parts.is_empty() { Err(EmptyArea) } else { Ok(Self { parts }) }
    }

    /// The shapes of the union.
    pub fn parts(&self) -> &[Shape] {
        &self.parts
    }

    /// Whether the closed areas share a point; undecided means yes.
    pub fn intersects(&self, other: &Self) -> bool {
        self.within(other, 0.0)
    }

    /// Whether the areas are at most `distance_m` metres apart; undecided means yes.
    ///
    /// A distance below zero, or one that is not a number, is taken as zero.
    pub fn within(&self, other: &Self, distance_m: f64) -> bool {
        let distance_m = distance_m.max(0.0);
        self.parts.iter().any(|mine| other.parts.iter().any(|theirs| parts_within(mine, theirs, distance_m)))
    }

    /// Whether `point` belongs to the closed area; undecided means yes.
    pub fn contains(&self, point: LatLng) -> bool {
        self.reaches_segment(&Segment::point(point))
    }

    /// Whether the closed area and a segment share a point; undecided means yes.
    pub(crate) fn reaches_segment(&self, segment: &Segment) -> bool {
        self.parts.iter().any(|part| {
            let reach_m = part.buffer_m() + UNDECIDED_M;
            part.core().contact(&Core::of(segment), reach_m, reach_m).is_some()
        })
    }

    /// Whether one part is known to hold a whole segment. A "no" is not a proof that none does.
    pub(crate) fn covers_segment(&self, segment: &Segment) -> bool {
        self.parts.iter().any(|part| {
            let (core, reach_m) = (part.core(), part.buffer_m() + UNDECIDED_M);
            // Between two points that are near one edge a geodesic bulges away from it by at most L²r/8R².
            let bulge_m = 0.5 * segment.length_m * segment.length_m * reach_m / (LEAST_RADIUS_M * LEAST_RADIUS_M);
            let in_filling = || {
                core.turn().is_some()
                    && core.edge_contact(&Core::of(segment), UNDECIDED_M, UNDECIDED_M).is_none()
                    && core.encloses(&segment.a)
            };
            core.one_segment_near_both(&segment.a, &segment.b, reach_m - bulge_m) || in_filling()
        })
    }

    /// Metres from `point` to the area; zero inside.
    pub fn distance_m(&self, point: LatLng) -> f64 {
        let clearance_m = self.clearance_m(point);
        if clearance_m <= UNDECIDED_M { 0.0 } else { clearance_m }
    }

    /// Metres from `point` to the area; inside, minus a depth: everything closer to the point than that lies inside.
    ///
    /// It changes by at most a metre per metre. In a circle, or a polygon that no other part touches, the depth is
    /// the distance to the outline; where outlines of one area overlap or a corridor bends it can be less.
    ///
    /// # Example
    /// ```
    /// use deconflict_spacetime::{Area, Circle, LatLng, Shape, destination};
    /// let center = LatLng::degrees(34.4, 40.9)?;
    /// let area = Area::from(Shape::Circle(Circle::new(center, 100.0)?));
    /// assert!((area.clearance_m(center) + 100.0).abs() < 1e-6);
    /// assert!((area.clearance_m(destination(center, 90.0, 130.0)) - 30.0).abs() < 1e-6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn clearance_m(&self, point: LatLng) -> f64 {
        let site = Site::new(point);
        self.parts.iter().map(|part| part.core().signed_distance_m(&site) - part.buffer_m()).fold(f64::INFINITY, f64::min)
    }

    /// The smallest distance to `other`, and where it is.
    ///
    /// Zero exactly where [`Area::intersects`] says yes.
    pub fn gap(&self, other: &Self) -> Gap {
        let mut best: Option<Gap> = None;
        for mine in &self.parts {
            for theirs in &other.parts {
                let cutoff_m = best.map_or(f64::INFINITY, |gap| gap.lateral_m);
                if let Some(gap) = parts_gap(mine, theirs, cutoff_m) {
                    best = Some(gap);
                    if gap.lateral_m <= 0.0 {
                        return gap;
                    }
                }
            }
        }
        // Without a cutoff the first pair always has a gap, and there is always a pair.
        best.expect("an area has a part")
    }

    /// Azimuth at the nearest point of this area to the nearest of `other`, degrees clockwise from true north, 0 to 360.
    ///
    /// Where the areas overlap, from the middle of this one to the middle of the other; `None` if that is one point.
    pub fn bearing_deg(&self, other: &Self) -> Option<f64> {
        let gap = self.gap(other);
        let (from, to) =
            if gap.lateral_m > 0.0 { (gap.from, gap.to) } else { (self.bounding_circle().0, other.bounding_circle().0) };
        (distance_m(from, to) > UNDECIDED_M).then(|| azimuth_deg(from, to))
    }

    /// What both areas cover, as polygons for maps and square kilometres; `None` where nothing with area is shared.
    pub fn overlap(&self, other: &Self) -> Option<Region> {
        Region::shared(self, other)
    }

    /// The area as polygons for maps.
    pub fn region(&self) -> Region {
        Region::of(self, 0.0)
    }

    /// The area grown by `distance_m` metres on all sides, as polygons for maps.
    pub fn grown_region(&self, distance_m: f64) -> Region {
        Region::of(self, distance_m.max(0.0))
    }

    /// A circle that holds the area: centre, radius in metres.
    pub fn bounding_circle(&self) -> (LatLng, f64) {
        let segments =
            || self.parts.iter().flat_map(|part| part.core().segments().iter().map(|segment| (segment, part.buffer_m())));
        let ends = segments().flat_map(|(segment, _)| [segment.a.ecef, segment.b.ecef]);
        let center = match self.parts.as_slice() {
            [Shape::Circle(circle)] => circle.center(),
            _ => Ecef::mean(ends).to_latlng(),
        };
        let reach = |(segment, buffer_m): (&Segment, f64)| {
            // A disc is convex, so it holds a segment if it holds the ends.
            distance_m(center, segment.a.at).max(distance_m(center, segment.b.at)) + buffer_m
        };
        (center, segments().map(reach).fold(0.0, f64::max))
    }
}

/// Whether two closed shapes are at most `distance_m` metres apart; undecided means yes.
pub(crate) fn parts_within(one: &Shape, two: &Shape, distance_m: f64) -> bool {
    let reach_m = one.buffer_m() + two.buffer_m() + distance_m + UNDECIDED_M;
    one.core().contact(&two.core(), reach_m, reach_m).is_some()
}

/// The gap between two shapes, if it is at most `cutoff_m`.
fn parts_gap(one: &Shape, two: &Shape, cutoff_m: f64) -> Option<Gap> {
    let (r1, r2) = (one.buffer_m(), two.buffer_m());
    let touching_m = r1 + r2 + UNDECIDED_M;
    let contact = one.core().contact(&two.core(), cutoff_m + r1 + r2, touching_m)?;
    let (d, from, to) = (contact.distance_m, contact.from, contact.to);
    if d <= touching_m {
        // What both buffers reach of the connecting geodesic; the middle of it is a shared point.
        let shared = moved(from, to, (d - r2).max(0.0).midpoint(r1.min(d)));
        return Some(Gap { lateral_m: 0.0, from: shared, to: shared });
    }
    Some(Gap { lateral_m: d - r1 - r2, from: moved(from, to, r1), to: moved(to, from, r2) })
}

impl From<Shape> for Area {
    fn from(shape: Shape) -> Self {
        Self { parts: vec![shape] }
    }
}
