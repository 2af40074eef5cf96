//! A column of the oracle: a line, a width, and heads that move along it linearly.

use std::collections::BTreeSet;

use super::line::{Line, Point, distance_m, polar};

/// Where a head is over time: seconds since the plan's `as_of`, metres along the line.
#[derive(Clone, Debug)]
pub struct Head(pub Vec<(f64, f64)>);

impl Head {
    /// Metres along the line at this time.
    pub fn at(&self, time_s: f64) -> f64 {
        let anchors = &self.0;
        let next = anchors.partition_point(|(anchor_s, _)| *anchor_s <= time_s);
        match (next.checked_sub(1).map(|last| anchors[last]), anchors.get(next)) {
            (None, _) => anchors[0].1,
            (Some((_, along_m)), None) => along_m,
            (Some((from_s, from_m)), Some((to_s, to_m))) => from_m + (to_m - from_m) * (time_s - from_s) / (to_s - from_s),
        }
    }

    /// When it is first at, and when it last leaves, this place; for the last place: forever.
    pub fn when(&self, along_m: f64) -> (f64, f64) {
        let mut first_s = self.0[0].0;
        let mut last_s = f64::INFINITY;
        let mut arrived = along_m <= self.0[0].1;
        for pair in self.0.windows(2) {
            let ((from_s, from_m), (to_s, to_m)) = (pair[0], pair[1]);
            let passes_s = |along_m: f64| from_s + (to_s - from_s) * (along_m - from_m) / (to_m - from_m);
            if !arrived && along_m <= to_m {
                first_s = passes_s(along_m);
                arrived = true;
            }
            if to_m > along_m && from_m <= along_m {
                last_s = passes_s(along_m);
            }
        }
        (first_s, last_s)
    }

    pub fn start_s(&self) -> f64 {
        self.0[0].0
    }
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    pub id: &'static str,
    pub line: Line,
    pub width_m: f64,
    /// The fastest and the slowest head (the same where times are stated).
    pub fast: Head,
    pub slow: Head,
    pub holds: bool,
}

impl Column {
    pub fn end(&self) -> Point {
        self.line.at(self.line.length_m())
    }

    /// When somebody may be at this place of the line, until `until_s` at the latest.
    fn there_s(&self, along_m: f64, until_s: f64) -> (f64, f64) {
        let (first_s, last_s) = (self.fast.when(along_m).0, self.slow.when(along_m).1);
        (first_s, if self.holds { until_s } else { last_s.min(until_s) })
    }
}

/// Whether two columns can stand on the same ground at one time outside a circle: known, or not to the sampling's error.
///
/// Two discs around samples of the lines stand for the columns. Sure if two discs share such ground at one time; out of
/// the question if they do not even when each is `SLACK_M` larger and there `SLACK_S` longer.
pub fn share_ground(a: &Column, b: &Column, centre: Point, radius_m: f64, until_s: f64) -> Option<bool> {
    let reach_m = f64::midpoint(a.width_m, b.width_m) + 2.0 * SLACK_M;
    let mut possible = false;
    for &(a_m, at) in a.line.samples() {
        let a_s = a.there_s(a_m, until_s);
        for &(b_m, other) in b.line.samples() {
            if far(at, other, reach_m) {
                continue;
            }
            let b_s = b.there_s(b_m, until_s);
            let together_s = a_s.1.min(b_s.1) - a_s.0.max(b_s.0);
            if together_s < -SLACK_S {
                continue;
            }
            if together_s >= 0.0 && lens_reaches(centre, radius_m, (at, a.width_m / 2.0), (other, b.width_m / 2.0)) {
                return Some(true);
            }
            let (wide_a, wide_b) = (a.width_m / 2.0 + SLACK_M, b.width_m / 2.0 + SLACK_M);
            possible = possible || lens_reaches(centre, radius_m - SLACK_M, (at, wide_a), (other, wide_b));
        }
    }
    if possible { None } else { Some(false) }
}

/// Half a sample, and the program's own 100 m pieces.
const SLACK_M: f64 = 250.0;
/// The time that the slowest column needs for that, seconds.
const SLACK_S: f64 = 7200.0;

/// A cheap sign that two points are farther apart than this, metres.
pub fn far(a: Point, b: Point, reach_m: f64) -> bool {
    (a.lat - b.lat).abs() * 110_000.0 > reach_m || (a.lng - b.lng).abs() * 85_000.0 > reach_m
}

/// Whether two discs share a point farther than `radius_m` from `centre`.
///
/// Near the centre in its azimuthal equidistant plane, which at 40 km is true to a few decimetres.
fn lens_reaches(centre: Point, radius_m: f64, (a, a_m): (Point, f64), (b, b_m): (Point, f64)) -> bool {
    let apart_m = distance_m(a, b);
    if apart_m > a_m + b_m {
        return false;
    }
    let plane = |at: Point| {
        let (distance_m, azimuth) = polar(centre, at);
        [distance_m * azimuth.sin(), distance_m * azimuth.cos()]
    };
    if distance_m(centre, a) > radius_m + a_m && distance_m(centre, b) > radius_m + b_m {
        return true;
    }
    let (a, b) = (plane(a), plane(b));
    let size = |p: [f64; 2]| p[0].hypot(p[1]);
    let off = |p: [f64; 2], q: [f64; 2]| (p[0] - q[0]).hypot(p[1] - q[1]);
    let farthest = |p: [f64; 2], r: f64| {
        let length = size(p).max(1e-9);
        [p[0] * (1.0 + r / length), p[1] * (1.0 + r / length)]
    };
    let (a_far, b_far) = (farthest(a, a_m), farthest(b, b_m));
    let mut points = Vec::new();
    if off(a_far, b) <= b_m {
        points.push(a_far);
    }
    if off(b_far, a) <= a_m {
        points.push(b_far);
    }
    let between_m = off(a, b);
    if between_m > (a_m - b_m).abs() && between_m > 0.0 {
        let along = (between_m * between_m + a_m * a_m - b_m * b_m) / (2.0 * between_m);
        let aside = (a_m * a_m - along * along).max(0.0).sqrt();
        let unit = [(b[0] - a[0]) / between_m, (b[1] - a[1]) / between_m];
        for sign in [-1.0, 1.0] {
            points.push([a[0] + unit[0] * along - sign * unit[1] * aside, a[1] + unit[1] * along + sign * unit[0] * aside]);
        }
    }
    points.into_iter().any(|point| size(point) > radius_m)
}

/// Ground within both corridors and outside a circle, km²: cells of a millidegree whose middle is within half the width
/// of some sample. Good to about one percent for corridors of some kilometres.
pub fn shared_km2(a: &Column, b: &Column, centre: Point, radius_m: f64) -> f64 {
    const CELL_DEG: f64 = 1e-3;
    let cells = |column: &Column, other: &Column| -> BTreeSet<(i64, i64)> {
        let reach_m = column.width_m / 2.0;
        let steps = (reach_m / 80.0).ceil() as i64;
        let mut covered = BTreeSet::new();
        for &(_, at) in column.line.samples() {
            if other.line.samples().iter().all(|(_, near)| far(at, *near, reach_m + other.width_m)) {
                continue;
            }
            let (row, cell) = ((at.lat / CELL_DEG).floor() as i64, (at.lng / CELL_DEG).floor() as i64);
            for key in (row - steps..=row + steps).flat_map(|row| (cell - steps..=cell + steps).map(move |cell| (row, cell))) {
                if !covered.contains(&key) && distance_m(middle(key), at) <= reach_m {
                    covered.insert(key);
                }
            }
        }
        covered
    };
    fn middle((row, cell): (i64, i64)) -> Point {
        Point { lat: (row as f64 + 0.5) * CELL_DEG, lng: (cell as f64 + 0.5) * CELL_DEG }
    }
    let (of_a, of_b) = (cells(a, b), cells(b, a));
    let shared = of_a.intersection(&of_b).map(|&key| middle(key)).filter(|at| distance_m(*at, centre) > radius_m);
    let size_km2 = |at: Point| {
        let half = CELL_DEG / 2.0;
        let height_m = distance_m(Point { lat: at.lat - half, ..at }, Point { lat: at.lat + half, ..at });
        let width_m = distance_m(Point { lng: at.lng - half, ..at }, Point { lng: at.lng + half, ..at });
        height_m * width_m / 1e6
    };
    shared.map(size_km2).sum()
}
