//! A chain of geodesic legs with distances along it. Does not know widths or times.

use thiserror::Error;

use crate::core::{Chain, Core};
use crate::polygon::EDGE_MAX_M;
use crate::segment::{Segment, Site};
use crate::{Area, LatLng, UNDECIDED_M};

/// The ends of a stretch are found to within this, metres.
const STRETCH_END_M: f64 = 0.1;

/// At least two waypoints joined by geodesics; consecutive waypoints differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Polyline {
    waypoints: Vec<LatLng>,
    /// Distance along the line of each waypoint, metres; the first is zero.
    along_m: Vec<f64>,
    legs: Chain,
}

/// Why points are not a line.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum InvalidPolyline {
    /// Fewer than two waypoints.
    #[error("a line needs two waypoints, found {0}")]
    TooFewWaypoints(usize),
    /// A waypoint repeats the one before it, or is closer to it than can be told apart.
    #[error("waypoint {0} repeats the one before it")]
    RepeatedWaypoint(usize),
    /// A leg is longer than the exactness proof covers.
    #[error("leg {leg} is {length_km:.0} km long, over 1000 km: add a waypoint on it")]
    LegTooLong {
        /// Index of the leg's first waypoint, from 0.
        leg: usize,
        /// Its length.
        length_km: f64,
    },
}

impl Polyline {
    /// The line through `waypoints`.
    ///
    /// # Errors
    /// Fewer than two waypoints, a repeated waypoint, or a leg over 1,000 km.
    pub fn new(waypoints: Vec<LatLng>) -> Result<Self, InvalidPolyline> {
        if waypoints.len() < 2 {
            return Err(InvalidPolyline::TooFewWaypoints(waypoints.len()));
        }
        let line = Self::through(waypoints);
        for (leg, segment) in line.legs.segments().iter().enumerate() {
            if segment.length_m <= UNDECIDED_M {
                return Err(InvalidPolyline::RepeatedWaypoint(leg + 1));
            }
            if segment.length_m > EDGE_MAX_M {
                return Err(InvalidPolyline::LegTooLong { leg, length_km: segment.length_m / 1e3 });
            }
        }
        Ok(line)
    }

    /// The line through waypoints that are known to be one.
    fn through(waypoints: Vec<LatLng>) -> Self {
        let sites: Vec<Site> = waypoints.iter().map(|&at| Site::new(at)).collect();
        let legs = Chain::new(sites.windows(2).map(|pair| Segment::new(pair[0], pair[1])).collect());
        let mut along_m = vec![0.0];
        let mut total_m = 0.0;
        for leg in legs.segments() {
            total_m += leg.length_m;
            along_m.push(total_m);
        }
        Self { waypoints, along_m, legs }
    }

    pub(crate) fn core(&self) -> Core<'_> {
        self.legs.open()
    }

    /// The waypoints, in order.
    pub fn waypoints(&self) -> &[LatLng] {
        &self.waypoints
    }

    /// Distance along the line of each waypoint, metres.
    pub fn waypoints_along_m(&self) -> &[f64] {
        &self.along_m
    }

    /// Length in metres.
    pub fn length_m(&self) -> f64 {
        self.along_m.last().copied().unwrap_or(0.0)
    }

    /// The point `along_m` metres along the line; before the start or past the end it is the end itself.
    pub fn point_at(&self, along_m: f64) -> LatLng {
        let legs = self.legs.segments();
        let leg = self.along_m.partition_point(|&start_m| start_m <= along_m).saturating_sub(1).min(legs.len() - 1);
        legs[leg].at(along_m - self.along_m[leg]).0
    }

    /// The nearest point of the line: metres along the line, metres away.
    pub fn nearest(&self, to: LatLng) -> (f64, f64) {
        self.core()
            .nearest_edge(&Site::new(to), f64::INFINITY)
            .map_or((0.0, f64::INFINITY), |(leg, foot)| (self.along_m[leg] + foot.along_m, foot.distance_m))
    }

    /// The part between two distances along the line; `None` if it has no length that can be measured.
    pub fn part(&self, from_m: f64, to_m: f64) -> Option<Self> {
        let (from_m, to_m) = (from_m.max(0.0), to_m.min(self.length_m()));
        if to_m - from_m <= 2.0 * UNDECIDED_M {
            return None;
        }
        let between = |along_m: f64| along_m > from_m + UNDECIDED_M && along_m < to_m - UNDECIDED_M;
        let inner = self.along_m.iter().zip(&self.waypoints).filter(|(along_m, _)| between(**along_m)).map(|(_, &at)| at);
        let waypoints = [self.point_at(from_m)].into_iter().chain(inner).chain([self.point_at(to_m)]).collect();
        Some(Self::through(waypoints))
    }

    /// The stretches (from, to: metres along the line) whose points lie in `area`, ends to within 0.1 m.
    ///
    /// Ascending and apart; a stretch shorter than 0.1 m may be left out, and undecided points count as inside.
    pub fn stretches_within(&self, area: &Area) -> Vec<(f64, f64)> {
        let mut found = Vec::new();
        for (leg, &start_m) in self.legs.segments().iter().zip(&self.along_m) {
            stretches_of_leg(leg, start_m, (0.0, leg.length_m), area, &mut found);
        }
        found
    }

    /// The line walked from its end to its start.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self::through(self.waypoints.iter().rev().copied().collect())
    }
}

/// Adds what lies in `area` of the piece `from_m..to_m` of a leg that starts `start_m` along its line.
fn stretches_of_leg(leg: &Segment, start_m: f64, (from_m, to_m): (f64, f64), area: &Area, found: &mut Vec<(f64, f64)>) {
    let piece = leg.piece(from_m, to_m);
    // A segment's least distance is exact, so a piece that is clear of the area is done with at any length.
    if !area.reaches_segment(&piece) {
        return;
    }
    let inside = if area.covers_segment(&piece) {
        true
    } else if to_m - from_m <= STRETCH_END_M {
        area.contains(leg.at(from_m.midpoint(to_m)).0)
    } else {
        let middle_m = from_m.midpoint(to_m);
        stretches_of_leg(leg, start_m, (from_m, middle_m), area, found);
        stretches_of_leg(leg, start_m, (middle_m, to_m), area, found);
        return;
    };
    if !inside {
        return;
    }
    let (from_m, to_m) = (start_m + from_m, start_m + to_m);
    match found.last_mut() {
        Some(last) if from_m - last.1 <= UNDECIDED_M => last.1 = to_m,
        _ => found.push((from_m, to_m)),
    }
}
