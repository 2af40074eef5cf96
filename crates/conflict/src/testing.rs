//! Builders for the unit tests. Places are metres east and north of one point.

use deconflict_spacetime::{
    Altitude, AltitudeBand, AltitudeReference, Area, Circle, Corridor, LatLng, NS_PER_S, Polygon, Polyline, Shape, Time,
    TimeSpan, Volume4D, destination,
};

use crate::{Anchor, Movement, Schedule};

/// The place `east_m` and `north_m` metres from 35 N 40 E.
pub fn place(east_m: f64, north_m: f64) -> LatLng {
    let origin = LatLng::degrees(35.0, 40.0).unwrap();
    destination(origin, east_m.atan2(north_m).to_degrees(), east_m.hypot(north_m))
}

pub fn line(points: &[(f64, f64)]) -> Polyline {
    Polyline::new(points.iter().map(|&(east_m, north_m)| place(east_m, north_m)).collect()).unwrap()
}

pub fn circle(east_m: f64, north_m: f64, radius_m: f64) -> Area {
    Area::from(Shape::Circle(Circle::new(place(east_m, north_m), radius_m).unwrap()))
}

pub fn corridor(points: &[(f64, f64)], width_m: f64) -> Area {
    Area::from(Shape::Corridor(Corridor::new(line(points), width_m).unwrap()))
}

pub fn polygon(points: &[(f64, f64)]) -> Area {
    let vertices = points.iter().map(|&(east_m, north_m)| place(east_m, north_m)).collect();
    Area::from(Shape::Polygon(Polygon::new(vertices).unwrap()))
}

pub fn time(s: f64) -> Time {
    Time::from_ns((s * NS_PER_S as f64) as i64)
}

pub fn seconds(time: Time) -> f64 {
    time.ns() as f64 / NS_PER_S as f64
}

pub fn span(start_s: f64, end_s: f64) -> TimeSpan {
    TimeSpan::new(time(start_s), time(end_s)).unwrap()
}

/// A band over the ellipsoid, metres.
pub fn band(lower_m: f64, upper_m: f64) -> Option<AltitudeBand> {
    band_over(AltitudeReference::W84, lower_m, upper_m)
}

pub fn band_over(reference: AltitudeReference, lower_m: f64, upper_m: f64) -> Option<AltitudeBand> {
    Some(AltitudeBand::new(Altitude::metres(lower_m, reference), Altitude::metres(upper_m, reference)).unwrap())
}

pub fn volume(area: Area, band: Option<AltitudeBand>, span: TimeSpan) -> Volume4D {
    Volume4D { area, band, span }
}

/// Anchors as (metres along the line, seconds).
pub fn schedule(anchors: &[(f64, f64)]) -> Schedule {
    Schedule::new(anchors.iter().map(|&(along_m, s)| Anchor { along_m, time: time(s) }).collect()).unwrap()
}

/// What a column of the tests is, with one schedule for all cases unless `late_s` says how much later the latest is.
#[derive(Clone, Debug)]
pub struct Column {
    pub points: Vec<(f64, f64)>,
    pub width_m: f64,
    /// When the head leaves the first point, seconds.
    pub start_s: f64,
    /// Metres a second.
    pub speed: f64,
    pub late_s: f64,
    pub pass_length_m: f64,
    pub holds: bool,
    pub end_s: f64,
}

impl Column {
    pub fn new(points: &[(f64, f64)]) -> Self {
        let points = points.to_vec();
        Self { points, width_m: 200.0, start_s: 0.0, speed: 10.0, late_s: 0.0, pass_length_m: 0.0, holds: false, end_s: 1e5 }
    }

    pub fn build(&self) -> Movement {
        let line = line(&self.points);
        let travel_s = line.length_m() / self.speed;
        let head = |share: f64| {
            let start_s = self.start_s + share * self.late_s;
            schedule(&[(0.0, start_s), (line.length_m(), start_s + travel_s)])
        };
        let heads = [head(0.0), head(0.5), head(1.0)];
        Movement::new(line.clone(), self.width_m, heads, self.pass_length_m, self.holds, time(self.end_s)).unwrap()
    }
}

/// Numbers that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    /// A volume of any shape within `reach_m` metres and an hour; one in ten without altitude.
    pub fn volume(&mut self, reach_m: f64) -> Volume4D {
        let (east_m, north_m) = (self.between(0.0, reach_m), self.between(0.0, reach_m));
        let size_m = self.between(50.0, 1500.0);
        let area = match (self.share() * 3.0) as u32 {
            0 => circle(east_m, north_m, size_m),
            1 => corridor(&[(east_m, north_m), (east_m + size_m, north_m - size_m)], self.between(20.0, 600.0)),
            _ => polygon(&[(east_m, north_m), (east_m + size_m, north_m), (east_m + size_m / 3.0, north_m + size_m)]),
        };
        let lower_m = (self.between(0.0, 40.0)).floor() * 50.0;
        let band = if self.chance(0.1) { None } else { band(lower_m, lower_m + 50.0 + (self.between(0.0, 12.0)).floor() * 50.0) };
        let start_s = self.between(0.0, 3600.0).floor();
        volume(area, band, span(start_s, start_s + 1.0 + self.between(0.0, 600.0).floor()))
    }

    pub fn volumes(&mut self, count: usize, reach_m: f64) -> Vec<Volume4D> {
        (0..count).map(|_| self.volume(reach_m)).collect()
    }
}
