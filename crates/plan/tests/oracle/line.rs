//! Sampled lines and distances between them, from GeographicLib alone.
//!
//! Knows nothing of the program under test. A line is sampled every 250 m along true geodesics; between two samples a
//! point is interpolated in latitude and longitude, which is off by less than a millimetre at that length. Distances
//! between lines are found coarse to fine: no point of a piece is farther from its middle than half its length.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::LazyLock;

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};

/// Distance between samples, metres.
const SAMPLE_M: f64 = 250.0;
/// A distance is known well enough within this, metres.
const ENOUGH_M: f64 = 2.0;
/// Boxes looked at before giving up with what is known.
const MOST_BOXES: usize = 60_000;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// Latitude and longitude, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub lat: f64,
    pub lng: f64,
}

/// Geodesic distance, metres.
pub fn distance_m(a: Point, b: Point) -> f64 {
    WGS84.inverse(a.lat, a.lng, b.lat, b.lng)
}

/// Distance in metres and azimuth at `a` in radians.
pub fn polar(a: Point, b: Point) -> (f64, f64) {
    let (distance_m, azimuth_deg, _, _): (f64, f64, f64, f64) = WGS84.inverse(a.lat, a.lng, b.lat, b.lng);
    (distance_m, azimuth_deg.to_radians())
}

/// A polyline of geodesics.
#[derive(Clone, Debug)]
pub struct Line {
    /// Metres along the line, and where that is.
    samples: Vec<(f64, Point)>,
    /// Metres along the line of each waypoint.
    pub waypoints_m: Vec<f64>,
}

impl Line {
    /// The line through these points.
    pub fn new(waypoints: &[Point]) -> Self {
        let mut samples = vec![(0.0, waypoints[0])];
        let mut waypoints_m = vec![0.0];
        for pair in waypoints.windows(2) {
            let (length_m, azimuth_deg, _, _): (f64, f64, f64, f64) =
                WGS84.inverse(pair[0].lat, pair[0].lng, pair[1].lat, pair[1].lng);
            let from_m = samples.last().unwrap().0;
            let steps = (length_m / SAMPLE_M).ceil().max(1.0) as usize;
            for step in 1..steps {
                let along_m = length_m * step as f64 / steps as f64;
                let (lat, lng): (f64, f64) = WGS84.direct(pair[0].lat, pair[0].lng, azimuth_deg, along_m);
                samples.push((from_m + along_m, Point { lat, lng }));
            }
            samples.push((from_m + length_m, pair[1]));
            waypoints_m.push(from_m + length_m);
        }
        Self { samples, waypoints_m }
    }

    /// Length, metres.
    pub fn length_m(&self) -> f64 {
        self.samples.last().unwrap().0
    }

    /// The point this far along.
    pub fn at(&self, along_m: f64) -> Point {
        let next = self.samples.partition_point(|(sample_m, _)| *sample_m < along_m).clamp(1, self.samples.len() - 1);
        let ((from_m, from), (to_m, to)) = (self.samples[next - 1], self.samples[next]);
        let share = ((along_m - from_m) / (to_m - from_m)).clamp(0.0, 1.0);
        Point { lat: from.lat + share * (to.lat - from.lat), lng: from.lng + share * (to.lng - from.lng) }
    }

    /// All samples.
    pub fn samples(&self) -> &[(f64, Point)] {
        &self.samples
    }

    /// The whole line.
    pub fn whole(&self) -> Part<'_> {
        self.part(0.0, self.length_m())
    }

    /// From one place along the line to another.
    pub fn part(&self, from_m: f64, to_m: f64) -> Part<'_> {
        Part { line: self, from_m, to_m }
    }

    /// Metres along the line of the point that is nearest to `at`.
    pub fn nearest_m(&self, at: Point) -> f64 {
        let near = |one: &&(f64, Point), other: &&(f64, Point)| distance_m(one.1, at).total_cmp(&distance_m(other.1, at));
        let coarse = self.samples.iter().min_by(near).unwrap().0;
        let (mut low, mut high) = ((coarse - SAMPLE_M).max(0.0), (coarse + SAMPLE_M).min(self.length_m()));
        for _ in 0..60 {
            let (one, other) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if distance_m(self.at(one), at) < distance_m(self.at(other), at) { high = other } else { low = one }
        }
        low.midpoint(high)
    }
}

/// A stretch of a line.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    line: &'a Line,
    from_m: f64,
    to_m: f64,
}

impl Part<'_> {
    fn middle(&self) -> Point {
        self.line.at(self.from_m.midpoint(self.to_m))
    }

    fn length_m(&self) -> f64 {
        self.to_m - self.from_m
    }

    fn halves(self) -> [Self; 2] {
        let middle_m = self.from_m.midpoint(self.to_m);
        [Self { to_m: middle_m, ..self }, Self { from_m: middle_m, ..self }]
    }
}

/// A point as a line that has no length.
pub fn dot(at: Point) -> Line {
    Line { samples: vec![(0.0, at), (f64::MIN_POSITIVE, at)], waypoints_m: vec![0.0] }
}

/// Two pieces; none of their points are closer than `least_m`.
struct Pieces<'a> {
    least_m: f64,
    a: Part<'a>,
    b: Part<'a>,
}

impl PartialEq for Pieces<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Pieces<'_> {}
impl PartialOrd for Pieces<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Pieces<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the greatest first: the pieces that may be closest.
        other.least_m.total_cmp(&self.least_m)
    }
}

/// The smallest distance between two stretches lies between these two, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Between {
    pub least_m: f64,
    pub most_m: f64,
}

impl Between {
    /// Whether the distance is at most `limit_m`, if that is known to `off_m`.
    pub fn within(self, limit_m: f64, off_m: f64) -> Option<bool> {
        if self.most_m < limit_m - off_m {
            Some(true)
        } else if self.least_m > limit_m + off_m {
            Some(false)
        } else {
            None
        }
    }
}

/// The smallest distance between two stretches.
pub fn closest(a: Part, b: Part) -> Between {
    let mut most_m = f64::INFINITY;
    let mut heap = BinaryHeap::new();
    let mut look = |a: Part<'_>, b: Part<'_>| -> (f64, f64) {
        let middle_m = distance_m(a.middle(), b.middle());
        most_m = most_m.min(middle_m);
        ((middle_m - (a.length_m() + b.length_m()) / 2.0).max(0.0), most_m)
    };
    let (least_m, mut best_m) = look(a, b);
    heap.push(Pieces { least_m, a, b });
    for _ in 0..MOST_BOXES {
        let Some(pieces) = heap.pop() else { break };
        if best_m - pieces.least_m <= ENOUGH_M {
            return Between { least_m: pieces.least_m, most_m: best_m };
        }
        let split_a = pieces.a.length_m() >= pieces.b.length_m();
        for half in if split_a { pieces.a.halves() } else { pieces.b.halves() } {
            let (a, b) = if split_a { (half, pieces.b) } else { (pieces.a, half) };
            let (least_m, most_m) = look(a, b);
            best_m = most_m;
            if least_m < best_m {
                heap.push(Pieces { least_m, a, b });
            }
        }
    }
    let least_m = heap.peek().map_or(best_m, |pieces| pieces.least_m).min(best_m);
    Between { least_m, most_m: best_m }
}
