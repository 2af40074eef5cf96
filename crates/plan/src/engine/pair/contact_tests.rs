//! A column against volumes, checked against points every 50 m along its road.

use deconflict_conflict::{Anchor, Case, Minima, Movement, Schedule};
use deconflict_spacetime::{Area, Circle, LatLng, NS_PER_S, Polygon, Polyline, Shape, Time, TimeSpan, Volume4D, destination};

use super::{joint, of_column};

const STEP_M: f64 = 50.0;

/// Reproducible numbers from 0 to 1: `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

fn hours(hours: f64) -> Time {
    Time::from_ns((hours * 3600.0) as i64 * NS_PER_S)
}

/// A road of three legs around 35° N 40° E, driven in one to nine hours from hour 10 with a halt, by speeds of ±20 %.
fn column(random: &mut Random) -> Movement {
    let mut waypoints = vec![LatLng::degrees(35.0, 40.0).unwrap()];
    for _ in 0..3 {
        let length_m = random.between(1e3, 9e3);
        waypoints.push(destination(*waypoints.last().unwrap(), random.between(0.0, 150.0), length_m));
    }
    let line = Polyline::new(waypoints).unwrap();
    let (length_m, duration_h) = (line.length_m(), random.between(1.0, 9.0));
    let halt_m = length_m * random.between(0.1, 0.9);
    let anchor = |along_m: f64, h: f64| Anchor { along_m, time: hours(h) };
    let schedule = |pace: f64| {
        let halt_h = 10.0 + pace * duration_h * halt_m / length_m;
        let anchors = vec![
            anchor(0.0, 10.0),
            anchor(halt_m, halt_h),
            anchor(halt_m, halt_h + 1.0),
            anchor(length_m, 11.0 + pace * duration_h),
        ];
        Schedule::new(anchors).unwrap()
    };
    let pass_m = if random.next() < 0.5 { 0.0 } else { random.between(100.0, 3000.0) };
    let holds = random.next() < 0.2;
    Movement::new(line, random.between(200.0, 2000.0), [schedule(0.8), schedule(1.0), schedule(1.2)], pass_m, holds, hours(30.0))
        .unwrap()
}

fn volume(random: &mut Random, column: &Movement) -> Volume4D {
    let near = column.line().point_at(column.line().length_m() * random.next());
    let center = destination(near, random.between(0.0, 360.0), random.between(0.0, 8e3));
    let shape = if random.next() < 0.5 {
        Shape::Circle(Circle::new(center, random.between(100.0, 4e3)).unwrap())
    } else {
        let corners = [10.0, 130.0, 250.0].map(|azimuth_deg| destination(center, azimuth_deg, random.between(500.0, 4e3)));
        Shape::Polygon(Polygon::new(corners.to_vec()).unwrap())
    };
    let from = random.between(5.0, 22.0);
    let span = TimeSpan::new(hours(from), hours(from + random.between(0.2, 6.0))).unwrap();
    Volume4D { area: Area::from(shape), band: None, span }
}

#[test]
fn a_column_and_a_volume_agree_with_points_along_the_road() {
    let mut random = Random(7);
    let (mut met, mut clear) = (0, 0);
    for case in 0..400 {
        let column = column(&mut random);
        let volume = volume(&mut random, &column);
        let minima = if case % 2 == 0 {
            Minima::default()
        } else {
            Minima { lateral_m: random.between(0.0, 3e3), vertical_um: 0, time_ns: random.between(0.0, 3600.0) as i64 * NS_PER_S }
        };
        let found = of_column(&column, std::slice::from_ref(&volume), minima);

        let length_m = column.line().length_m();
        let steps = (0..=(length_m / STEP_M) as usize).map(|step| step as f64 * STEP_M);
        // Where the head or the tail halts, the time at which a place is left jumps.
        let halts = column.head(Case::Likely).anchors().iter().map(|anchor| anchor.along_m);
        let jumps = halts.flat_map(|at_m| [at_m, at_m - column.pass_length_m(), at_m - column.pass_length_m() + 1.0]);
        let points = steps.chain(jumps).filter(|at_m| (0.0..=length_m).contains(at_m));
        let used = |at_m: f64| Some((at_m, column.occupied(at_m, at_m)?));
        let close: Vec<(f64, TimeSpan)> = points
            .filter_map(used)
            .filter(|(at_m, used)| {
                minima.violates_time(used.gap_ns(volume.span))
                    && column.ground(*at_m, *at_m).within(&volume.area, minima.lateral_m)
            })
            .collect();
        // What is found between two points of the road may be missed by the points, never the other way.
        assert!(found.is_some() || close.is_empty(), "case {case}: points are close, nothing was found");
        let Some(found) = found else {
            clear += 1;
            continue;
        };
        if close.is_empty() {
            continue;
        }
        met += 1;
        let together = |(at_m, used): &&(f64, TimeSpan)| {
            used.gap_ns(volume.span) == 0 && column.ground(*at_m, *at_m).intersects(&volume.area)
        };
        assert!(found.overlap || !close.iter().any(|point| together(&point)), "case {case}: points overlap, the column does not");
        let shared: Vec<TimeSpan> =
            close.iter().map(|(_, used)| joint(*used, volume.span)).filter(|(_, shared)| *shared).map(|(span, _)| span).collect();
        if let Some(window) = shared.into_iter().reduce(TimeSpan::hull) {
            assert!(
                found.window.start() <= window.start() && window.end() <= found.window.end(),
                "case {case}: {:?}, {window:?}",
                found.window
            );
            // One step at the slowest pace, a kilometre in 1.2 times nine hours, is half an hour.
            let slack_ns = 2000 * NS_PER_S;
            assert!(
                window.start().since_ns(found.window.start()) < slack_ns,
                "case {case}: {:?} starts before {window:?}",
                found.window
            );
            assert!(
                found.window.end().since_ns(window.end()) < slack_ns,
                "case {case}: {:?} ends after {window:?}",
                found.window
            );
        }
    }
    assert!(met > 60 && clear > 60, "{met} met, {clear} clear: the cases are too much alike");
}
