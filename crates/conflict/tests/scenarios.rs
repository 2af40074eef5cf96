//! Two historic cases with computed answers: armies that close on one border crossing (2016), and two columns
//! down both banks of a river to one town (2017). Speeds, arrivals and widths are assumptions of the case.

use deconflict_conflict::*;
use deconflict_spacetime::{Area, Circle, LatLng, NS_PER_S, Polyline, Shape, Time};

const DAY_S: i64 = 86_400;
/// 2016-04-28T00:00Z, seconds since 1970.
const APRIL_28: i64 = 1_461_801_600;
/// 2017-09-14T00:00Z, seconds since 1970.
const SEPTEMBER_14: i64 = 1_505_347_200;

/// Latitude and longitude, degrees.
const WEST: &[(f64, f64)] = &[(34.5303, 38.746), (34.4415, 39.755), (34.379, 40.147), (34.4523, 40.9185), (34.407, 40.98)];
/// Latitude and longitude, degrees.
const EAST: &[(f64, f64)] = &[(33.8525, 42.5475), (34.1348, 42.3772), (34.3686, 41.9819), (34.3688, 41.0945), (34.407, 40.98)];
/// Latitude and longitude, degrees; arrival and departure, days after 2017-09-14T00:00Z.
const RIGHT_BANK: &[(f64, f64, i64, i64)] = &[
    (35.191, 39.851, 0, 0),
    (35.3359, 40.1408, 4, 14),
    (35.2335, 40.3166, 18, 18),
    (35.0198, 40.4515, 23, 23),
    (34.9213, 40.5601, 26, 26),
    (34.8531, 40.5999, 28, 28),
    (34.805, 40.618, 29, 29),
    (34.762, 40.68, 31, 31),
    (34.747, 40.722, 32, 32),
    (34.718, 40.756, 33, 33),
    (34.6335, 40.8405, 36, 36),
    (34.4523, 40.9185, 40, 40),
];
/// Latitude and longitude, degrees; arrival and departure, days after 2017-09-14T00:00Z.
const LEFT_BANK: &[(f64, f64, i64, i64)] = &[
    (36.5024, 40.7477, 0, 0),
    (36.0576, 40.7348, 5, 5),
    (35.7461, 40.753, 8, 8),
    (35.5064, 40.6617, 11, 12),
    (35.1556, 40.426, 19, 19),
    (35.09, 40.45, 21, 21),
    (35.015, 40.5103, 23, 23),
    (34.902, 40.589, 26, 26),
    (34.848, 40.629, 28, 28),
    (34.807, 40.658, 29, 29),
    (34.777, 40.723, 31, 31),
    (34.6951, 40.8314, 34, 34),
    (34.653, 40.895, 35, 35),
    (34.566, 40.934, 37, 37),
    (34.5337, 40.9582, 38, 38),
    (34.461, 40.947, 40, 40),
    (34.4523, 40.9185, 41, 41),
];

fn time(s: i64) -> Time {
    Time::from_ns(s * NS_PER_S)
}

fn line(points: impl Iterator<Item = (f64, f64)>) -> Polyline {
    Polyline::new(points.map(|(lat, lng)| LatLng::degrees(lat, lng).unwrap()).collect()).unwrap()
}

/// A column on a 10 km wide corridor at a range of speeds: slow, likely, fast, km a day.
fn paced(points: &[(f64, f64)], [slow, likely, fast]: [f64; 3]) -> Movement {
    let line = line(points.iter().copied());
    let head = |km_per_day: f64| {
        let days = line.length_m() / 1e3 / km_per_day;
        let end = Time::from_ns(time(APRIL_28).ns() + (days * (DAY_S * NS_PER_S) as f64) as i64);
        let anchors = vec![Anchor { along_m: 0.0, time: time(APRIL_28) }, Anchor { along_m: line.length_m(), time: end }];
        Schedule::new(anchors).unwrap()
    };
    let heads = [head(fast), head(likely), head(slow)];
    Movement::new(line.clone(), 10e3, heads, 0.0, true, time(APRIL_28 + 40 * DAY_S)).unwrap().with_pace_beyond_end()
}

/// A column on a 4 km wide corridor by its arrivals; it holds what it has passed.
fn timed(points: &[(f64, f64, i64, i64)]) -> Movement {
    let line = line(points.iter().map(|p| (p.0, p.1)));
    let mut anchors = Vec::new();
    for (point, &along_m) in points.iter().zip(line.waypoints_along_m()) {
        anchors.push(Anchor { along_m, time: time(SEPTEMBER_14 + point.2 * DAY_S) });
        if point.3 > point.2 {
            anchors.push(Anchor { along_m, time: time(SEPTEMBER_14 + point.3 * DAY_S) });
        }
    }
    let head = Schedule::new(anchors).unwrap();
    Movement::new(line, 4e3, [head.clone(), head.clone(), head], 0.0, true, time(SEPTEMBER_14 + 45 * DAY_S)).unwrap()
}

fn abu_kamal() -> Area {
    let town = LatLng::degrees(34.4523, 40.9185).unwrap();
    Area::from(Shape::Circle(Circle::new(town, 8e3).unwrap()))
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected} within {tolerance}");
}

#[test]
fn two_armies_meet_at_the_border() {
    let found = meeting(&paced(WEST, [8.0, 12.0, 16.0]), &paced(EAST, [7.0, 10.0, 13.0]), 100.0).unwrap();
    near(found.likely_km, -0.7, 0.2);
    near(found.min_km, -63.5, 0.5);
    near(found.max_km, 56.6, 0.5);
    near(found.route_gap_m, 381.6e3, 500.0);
    let days = |time: Time| time.since_ns(self::time(APRIL_28)) as f64 / (DAY_S * NS_PER_S) as f64;
    near(days(found.earliest), 381.6 / 29.0, 0.05);
    near(days(found.likely), 381.6 / 22.0, 0.05);
    near(days(found.latest), 381.6 / 15.0, 0.05);
}

#[test]
fn both_columns_enter_the_town() {
    let inside = |column: &Movement| column.head_inside(Case::Likely, &abu_kamal()).unwrap();
    let (right, left) = (timed(RIGHT_BANK), timed(LEFT_BANK));
    let minutes = |time: Time| time.since_ns(self::time(SEPTEMBER_14 + 38 * DAY_S)) as f64 / (60 * NS_PER_S) as f64;
    near(minutes(inside(&right).start()), 12.0 * 60.0 + 1.0, 5.0);
    near(minutes(inside(&left).start()), 10.0 * 60.0 + 42.0, 5.0);
    assert_eq!(inside(&right).end(), right.end());
}

#[test]
fn the_first_to_arrive_waits() {
    let found = meeting(&timed(RIGHT_BANK), &timed(LEFT_BANK), 100.0).unwrap();
    assert_eq!(found.likely, time(SEPTEMBER_14 + 41 * DAY_S));
    near(found.likely_km, 0.0, 0.001);
    assert_eq!((found.earliest, found.latest), (found.likely, found.likely));
}

/// The areas are those of a 100 m grid in a local projection: 85.2 km² in all, 71.6 outside the 8 km circle, 74.8 (the
/// study of the case says about 75) if the second column stops at Baghuz, the last village before the town.
#[test]
fn corridors_on_both_banks_share_ground() {
    let (right, left) = (timed(RIGHT_BANK), timed(LEFT_BANK));
    near(right.line().length_m(), 155.5e3, 500.0);
    near(left.line().length_m(), 253.7e3, 500.0);
    let found = ground_conflict(&right, &left, Minima::default(), Some(&abu_kamal())).unwrap();
    near(found.region.area_km2(), 71.6, 0.4);
    near(found.region_with_end.area_km2(), 85.2, 0.4);
    assert!(found.overlap);
    assert_eq!(found.span.end(), right.end());
    // In the night to 5 October, when the second column reaches the river and the first one is across from it.
    near(found.first_time.since_ns(time(SEPTEMBER_14 + 21 * DAY_S)) as f64 / 3600e9, 2.0, 1.0);

    let baghuz_m = left.line().waypoints_along_m()[LEFT_BANK.len() - 2];
    let up_to_baghuz = left.stopping_at(baghuz_m).unwrap();
    let found = ground_conflict(&right, &up_to_baghuz, Minima::default(), None).unwrap();
    near(found.region.area_km2(), 74.8, 0.4);
    assert_eq!(found.region, found.region_with_end);
}

/// Columns that free the road behind them take a decision at every place, and must not take long.
#[test]
fn columns_that_move_on_share_less() {
    let moving = |points| {
        let held = timed(points);
        let heads = [Case::Earliest, Case::Likely, Case::Latest].map(|case| held.head(case).clone());
        Movement::new(held.line().clone(), 4e3, heads, 2e3, false, held.end()).unwrap()
    };
    let (right, left) = (moving(RIGHT_BANK), moving(LEFT_BANK));
    let found = ground_conflict(&right, &left, Minima::default(), Some(&abu_kamal())).unwrap();
    let area_km2 = found.region.area_km2();
    assert!(area_km2 > 0.0 && area_km2 < 71.6, "{area_km2} km²");
    let minima = Minima { lateral_m: 500.0, vertical_um: 0, time_ns: 3600 * NS_PER_S };
    let wider = ground_conflict(&right, &left, minima, Some(&abu_kamal())).unwrap();
    assert!(wider.first_time <= found.first_time && wider.region == found.region && wider.overlap);
    // A week later the road is free again, but for the town.
    let after = left.delayed_ns(7 * DAY_S * NS_PER_S);
    assert_eq!(ground_conflict(&right, &after, Minima::default(), Some(&abu_kamal())), None);
    let close = ground_conflict(&right, &after, Minima { time_ns: 8 * DAY_S * NS_PER_S, ..minima }, Some(&abu_kamal())).unwrap();
    assert!(!close.overlap && close.time_ns > 0 && close.region.is_empty(), "{close:?}");
    near(close.lateral_m, 0.0, 0.0);
}

/// The heads run down both banks side by side; the thresholds are those of the case.
#[test]
fn heads_come_closer_in_order() {
    let (right, left) = (timed(RIGHT_BANK), timed(LEFT_BANK));
    let found = [30e3, 20e3, 10e3, 5e3].map(|distance_m| first_within(&right, &left, Case::Earliest, distance_m).unwrap());
    for (one, distance_m) in found.iter().zip([30e3, 20e3, 10e3, 5e3]) {
        near(one.distance_m, distance_m, 1.0);
    }
    assert!(found.is_sorted_by(|one, next| one.time < next.time));
    assert!(closest_heads(&right, &left, Case::Earliest).unwrap().distance_m <= 1.0);
}
