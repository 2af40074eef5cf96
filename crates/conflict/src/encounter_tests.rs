//! Tests of `encounter`: closed forms by hand, the edges of what counts, laws. True geodesics are asked in `tests/aircraft.rs`.

use deconflict_spacetime::{Altitude, LatLng, destination};
use proptest::prelude::*;

use super::*;
use crate::Velocity;
use crate::testing::Dice;

const LOOKAHEAD_S: f64 = 180.0;

/// An aircraft near 0 N 0 E, where the equator and the meridian are geodesics: metres east or north of it, metres up.
fn aircraft(east_m: f64, north_m: f64, altitude_m: f64, velocity: (f64, f64, f64)) -> AircraftState {
    over(Some(Altitude::metres(altitude_m, AltitudeReference::W84)), east_m, north_m, velocity)
}

fn over(altitude: Option<Altitude>, east_m: f64, north_m: f64, (east_m_s, north_m_s, up_m_s): (f64, f64, f64)) -> AircraftState {
    let origin = LatLng::degrees(0.0, 0.0).unwrap();
    let position = destination(origin, east_m.atan2(north_m).to_degrees(), east_m.hypot(north_m));
    AircraftState::new(position, altitude, Velocity { east_m_s, north_m_s, up_m_s }).unwrap()
}

fn zone() -> ProtectedZone {
    ProtectedZone::new(250.0, 60.0).unwrap()
}

fn lookahead(seconds: f64) -> Lookahead {
    Lookahead::seconds(seconds).unwrap()
}

fn loss(ownship: AircraftState, intruder: AircraftState) -> Option<LossOfSeparation> {
    loss_of_separation(&ownship, &intruder, zone(), lookahead(LOOKAHEAD_S))
}

#[test]
fn losses_begin_and_end_where_the_closed_form_says() {
    let half = |miss_m: f64, speed_m_s: f64| (250.0_f64 * 250.0 - miss_m * miss_m).sqrt() / speed_m_s;
    let root2 = 2.0_f64.sqrt();
    let still = (0.0, 0.0, 0.0);
    let east = aircraft(-3_000.0, 0.0, 1_000.0, (50.0, 0.0, 0.0));
    let late = half(100.0 * root2, 50.0 * root2);
    // Ownship, intruder; entry, exit, CPA: seconds, metres, metres.
    for (case, ownship, intruder, entry_s, exit_s, time_s, horizontal_m, vertical_m) in [
        (
            "head-on",
            aircraft(-5_000.0, 0.0, 1_000.0, (50.0, 0.0, 0.0)),
            aircraft(5_000.0, 0.0, 1_020.0, (-50.0, 0.0, 0.0)),
            97.5,
            102.5,
            100.0,
            0.0,
            20.0,
        ),
        (
            "overtaking",
            aircraft(-1_000.0, 0.0, 1_000.0, (60.0, 0.0, 0.0)),
            aircraft(0.0, 0.0, 1_000.0, (50.0, 0.0, 0.0)),
            75.0,
            125.0,
            100.0,
            0.0,
            0.0,
        ),
        (
            "crossing at one time",
            east,
            aircraft(0.0, -3_000.0, 1_000.0, (0.0, 50.0, 0.0)),
            60.0 - half(0.0, 50.0 * root2),
            60.0 + half(0.0, 50.0 * root2),
            60.0,
            0.0,
            0.0,
        ),
        (
            "crossing 4 s behind",
            east,
            aircraft(0.0, -3_200.0, 1_000.0, (0.0, 50.0, 0.0)),
            62.0 - late,
            62.0 + late,
            62.0,
            100.0 * root2,
            0.0,
        ),
        (
            "through the level of a hoverer",
            aircraft(0.0, 0.0, 1_000.0, still),
            aircraft(0.0, 0.0, 1_200.0, (0.0, 0.0, -5.0)),
            28.0,
            52.0,
            40.0,
            0.0,
            0.0,
        ),
        ("both hover", aircraft(0.0, 0.0, 1_000.0, still), aircraft(200.0, 0.0, 1_059.0, still), 0.0, 180.0, 0.0, 200.0, 59.0),
        (
            "inside already and parting",
            aircraft(0.0, 0.0, 1_000.0, still),
            aircraft(50.0, 0.0, 1_000.0, (20.0, 0.0, 0.0)),
            0.0,
            10.0,
            0.0,
            50.0,
            0.0,
        ),
        (
            "inside already and closing",
            aircraft(0.0, 0.0, 1_000.0, still),
            aircraft(100.0, 0.0, 1_000.0, (-10.0, 0.0, 0.0)),
            0.0,
            35.0,
            10.0,
            0.0,
            0.0,
        ),
        (
            "side by side",
            aircraft(0.0, -100.0, 1_000.0, (50.0, 0.0, 0.0)),
            aircraft(0.0, 100.0, 1_000.0, (50.0, 0.0, 0.0)),
            0.0,
            180.0,
            0.0,
            200.0,
            0.0,
        ),
        (
            "level is reached late",
            aircraft(-5_000.0, 0.0, 1_000.0, (50.0, 0.0, 0.0)),
            aircraft(5_000.0, 0.0, 1_264.0, (-50.0, 0.0, -2.0)),
            102.0,
            102.5,
            100.0,
            0.0,
            64.0,
        ),
        (
            "level is left early",
            aircraft(-5_000.0, 0.0, 1_000.0, (50.0, 0.0, 0.0)),
            aircraft(5_000.0, 0.0, 1_000.0, (-50.0, 0.0, 0.6)),
            97.5,
            100.0,
            100.0,
            0.0,
            60.0,
        ),
        (
            "beyond the look-ahead",
            aircraft(-9_100.0, 0.0, 1_000.0, (50.0, 0.0, 0.0)),
            aircraft(9_100.0, 0.0, 1_000.0, (-50.0, 0.0, 0.0)),
            179.5,
            180.0,
            180.0,
            200.0,
            0.0,
        ),
    ] {
        let found = loss(ownship, intruder).unwrap_or_else(|| panic!("{case}: no loss"));
        let near = |found: f64, expected: f64| (found - expected).abs() < 0.01;
        assert!(near(found.entry_s, entry_s) && near(found.exit_s, exit_s), "{case}: {found:?}");
        // Side by side they hardly move against each other: any time will do.
        assert!(near(found.cpa.time_s, time_s) || case == "side by side", "{case}: {found:?}");
        assert!((found.cpa.horizontal_m - horizontal_m).abs() <= found.error_m, "{case}: {found:?}");
        assert!(near(found.cpa.vertical_m.unwrap(), vertical_m), "{case}: {found:?}");
        assert!(found.error_m < 0.05, "{case}: {found:?}");
        assert_eq!(loss(intruder, ownship), Some(found), "{case}: not symmetric");
    }
}

#[test]
fn whoever_keeps_the_minima_is_clear() {
    let (still, east) = ((0.0, 0.0, 0.0), (50.0, 0.0, 0.0));
    for (case, ownship, intruder) in [
        ("side by side", aircraft(0.0, -126.0, 1_000.0, east), aircraft(0.0, 126.0, 1_000.0, east)),
        ("one behind the other", aircraft(-251.0, 0.0, 1_000.0, east), aircraft(0.0, 0.0, 1_000.0, east)),
        ("one above the other", aircraft(0.0, 0.0, 1_000.0, east), aircraft(0.0, 0.0, 1_061.0, east)),
        ("crossing 8 s behind", aircraft(-3_000.0, 0.0, 1_000.0, east), aircraft(0.0, -3_400.0, 1_000.0, (0.0, 50.0, 0.0))),
        ("after the look-ahead", aircraft(-9_126.0, 0.0, 1_000.0, east), aircraft(9_126.0, 0.0, 1_000.0, (-50.0, 0.0, 0.0))),
        ("parting", aircraft(0.0, 0.0, 1_000.0, still), aircraft(260.0, 0.0, 1_000.0, east)),
        ("level when past", aircraft(-5_000.0, 0.0, 1_000.0, east), aircraft(5_000.0, 0.0, 1_300.0, (-50.0, 0.0, -2.0))),
        ("level before", aircraft(-5_000.0, 0.0, 1_000.0, east), aircraft(5_000.0, 0.0, 1_100.0, (-50.0, 0.0, -2.0))),
    ] {
        assert_eq!(loss(ownship, intruder), None, "{case}");
    }
    let antipode = AircraftState::new(LatLng::degrees(0.0, 180.0).unwrap(), None, Velocity::default()).unwrap();
    assert_eq!(loss(aircraft(0.0, 0.0, 0.0, still), antipode), None);
}

/// Aircraft that were given levels exactly the minimum apart must not alarm; one micrometre less must.
#[test]
fn the_vertical_minimum_is_decided_to_a_micrometre() {
    let thousand_feet = 304_800_000;
    let zone = ProtectedZone::new(250.0, 304.8).unwrap();
    for (gap_um, up_m_s, is_lost) in [
        (thousand_feet, 0.0, false),
        (thousand_feet - 1, 0.0, true),
        (thousand_feet, 1.0, false),
        (thousand_feet, -1.0, true),
        (thousand_feet, -f64::MIN_POSITIVE, true),
        (thousand_feet + 2, -f64::MIN_POSITIVE, false),
        (thousand_feet - 1, 1.0, true),
        (-thousand_feet, 0.0, false),
        (-thousand_feet, -1.0, false),
        (-thousand_feet, 1.0, true),
    ] {
        let at = |um: i64, up_m_s| over(Some(Altitude::from_um(um, AltitudeReference::Std)), 0.0, 0.0, (50.0, 0.0, up_m_s));
        let level = 3_048_000_000;
        let (ownship, intruder) = (at(level, 0.0), at(level + gap_um, up_m_s));
        let found = loss_of_separation(&ownship, &intruder, zone, lookahead(LOOKAHEAD_S));
        assert_eq!(found.is_some(), is_lost, "{gap_um} µm, {up_m_s} m/s: {found:?}");
        assert!(found.is_none_or(|found| found.entry_s <= 0.0), "{found:?}");
    }
}

/// Horizontal distances are known to a millimetre and the error of the frame; within that the minimum counts as violated.
#[test]
fn a_horizontal_distance_that_is_undecided_is_a_loss() {
    let still = (0.0, 0.0, 0.0);
    for (apart_m, is_lost) in [(249.999, true), (250.0, true), (250.0005, true), (250.002, false)] {
        let found = loss(aircraft(0.0, 0.0, 0.0, still), aircraft(apart_m, 0.0, 0.0, still));
        assert_eq!(found.is_some(), is_lost, "hovering {apart_m} m apart");
        // The look-ahead has an error of centimetres, but it is not asked about what is decided now.
        let found = loss(aircraft(0.0, 0.0, 0.0, (-50.0, 0.0, 0.0)), aircraft(apart_m, 0.0, 0.0, (50.0, 0.0, 0.0)));
        assert_eq!(found.is_some(), is_lost, "parting from {apart_m} m");
    }
    // Past each other, tangent to the zone.
    for (beside_m, is_lost) in [(249.9, true), (250.0, true), (250.1, false)] {
        let found = loss(aircraft(-3_000.0, 0.0, 0.0, (50.0, 0.0, 0.0)), aircraft(3_000.0, beside_m, 0.0, (-50.0, 0.0, 0.0)));
        assert_eq!(found.is_some(), is_lost, "{beside_m} m beside: {found:?}");
    }
}

#[test]
fn where_a_minimum_is_zero_touching_is_a_loss() {
    let point = ProtectedZone::new(0.0, 0.0).unwrap();
    let still = (0.0, 0.0, 0.0);
    for (east_m, altitude_m, up_m_s, is_lost) in [
        (0.0, 100.0, 0.0, true),
        (0.0, 100.000_001, 0.0, false),
        (0.0, 100.000_001, -0.001, true),
        (0.0, 100.0, 1.0, true),
        (0.01, 100.0, 0.0, false),
        (0.01, 110.0, -1.0, false),
    ] {
        let (ownship, intruder) = (aircraft(0.0, 0.0, 100.0, still), aircraft(east_m, 0.0, altitude_m, (0.0, 0.0, up_m_s)));
        let found = loss_of_separation(&ownship, &intruder, point, lookahead(LOOKAHEAD_S));
        assert_eq!(found.is_some(), is_lost, "{east_m} m, {altitude_m} m, {up_m_s} m/s");
    }
}

#[test]
fn a_look_ahead_of_zero_looks_at_now() {
    let (ownship, intruder) = (aircraft(0.0, 0.0, 0.0, (50.0, 0.0, 0.0)), aircraft(300.0, 0.0, 0.0, (-50.0, 0.0, 0.0)));
    assert_eq!(loss_of_separation(&ownship, &intruder, zone(), lookahead(0.0)), None);
    let near = aircraft(200.0, 0.0, 0.0, (-50.0, 0.0, 0.0));
    let found = loss_of_separation(&ownship, &near, zone(), lookahead(0.0)).unwrap();
    assert!(found.exit_s <= 0.0 && (found.cpa.horizontal_m - 200.0).abs() < 0.002, "{found:?}");
}

#[test]
fn altitudes_that_cannot_be_compared_count_as_equal() {
    use AltitudeReference::{Agl, Amsl, Std, W84};
    let at = |metres, reference| Some(Altitude::metres(metres, reference));
    let level = (50.0, 0.0, 0.0);
    for (one, other, is_lost) in [
        (at(0.0, W84), at(5_000.0, W84), false),
        (at(0.0, Amsl), at(5_000.0, Amsl), false),
        (at(0.0, Std), at(5_000.0, Std), false),
        (at(0.0, Agl), at(5_000.0, Agl), true),
        (at(0.0, W84), at(5_000.0, Std), true),
        (at(0.0, Amsl), at(5_000.0, W84), true),
        (at(0.0, W84), None, true),
        (None, None, true),
    ] {
        let found = loss(over(one, 0.0, 0.0, level), over(other, 100.0, 0.0, level));
        assert_eq!(found.is_some(), is_lost, "{one:?} {other:?}");
        assert_eq!(found.and_then(|found| found.cpa.vertical_m), None);
    }
}

/// The straight line that a path leaves from passes 7 km, and 95 km, above who hovers there.
#[test]
fn the_curve_of_the_earth_hides_nobody() {
    for (speed, seconds, away_m) in [(250.0, 1_200.0, 299_000.0), (1_000.0, 1_200.0, 1_100_000.0)] {
        for azimuth_deg in [0.0_f64, 90.0, 200.0] {
            let (sin, cos) = azimuth_deg.to_radians().sin_cos();
            let fast = aircraft(0.0, 0.0, 0.0, (speed * sin, speed * cos, 0.0));
            let hoverer = aircraft(away_m * sin, away_m * cos, 0.0, (0.0, 0.0, 0.0));
            let found = loss_of_separation(&fast, &hoverer, zone(), lookahead(seconds)).expect("a loss");
            let there_s = away_m / speed;
            assert!(found.entry_s <= there_s && there_s <= found.exit_s, "{speed} m/s: {found:?}");
            assert_eq!(loss_of_separation(&hoverer, &fast, zone(), lookahead(seconds)), Some(found));
        }
    }
}

#[test]
fn bounds_hold_true_paths() {
    let (zone, seconds) = (ProtectedZone::new(0.0, 0.0).unwrap(), 1_200.0);
    let mut dice = Dice(11);
    for case in 0..200 {
        let start = LatLng::degrees(dice.between(-90.0, 90.0), dice.between(-180.0, 180.0)).unwrap();
        let (speed, track_deg) = (10.0_f64.powf(dice.between(0.0, 2.99)), dice.between(0.0, 360.0));
        let (sin, cos) = track_deg.to_radians().sin_cos();
        let velocity = Velocity { east_m_s: speed * sin, north_m_s: speed * cos, up_m_s: 0.0 };
        let at = |position, velocity| Course::new(&AircraftState::new(position, None, velocity).unwrap());
        let bounds = at(start, velocity).bounds(zone, lookahead(seconds), None);
        for step in 0..=20 {
            let there = destination(start, track_deg, speed * seconds * f64::from(step) / 20.0);
            let point = at(there, Velocity::default()).foot.map(|x| (x, x));
            let point = Bounds::around([point[0], point[1], point[2], (0.0, 0.0)]);
            assert!(bounds.meets(&point), "case {case}, step {step}: {speed} m/s");
        }
    }
}

#[test]
fn the_error_grows_with_the_way() {
    let zone = ProtectedZone::new(9_260.0, 304.8).unwrap();
    // Metres a second, look-ahead; the largest error that the documentation promises.
    for (speed, seconds, at_most_m) in [(60.0, 180.0, 0.05), (250.0, 300.0, 15.0), (250.0, 1_200.0, 950.0)] {
        let way_m = speed * seconds;
        let (ownship, intruder) = (aircraft(-way_m, 0.0, 0.0, (speed, 0.0, 0.0)), aircraft(way_m, 0.0, 0.0, (-speed, 0.0, 0.0)));
        let found = loss_of_separation(&ownship, &intruder, zone, lookahead(seconds)).unwrap();
        assert!(found.error_m <= at_most_m && found.error_m > at_most_m / 2.0, "{speed} m/s, {seconds} s: {found:?}");
    }
}

proptest! {
    #[test]
    fn larger_zones_and_look_aheads_never_lose_a_loss(seed: u64) {
        let mut dice = Dice(seed);
        let mut any = || {
            let velocity = (dice.between(-80.0, 80.0), dice.between(-80.0, 80.0), dice.between(-5.0, 5.0));
            aircraft(dice.between(-3e3, 3e3), dice.between(-3e3, 3e3), dice.between(0.0, 300.0), velocity)
        };
        let (ownship, intruder) = (any(), any());
        let (horizontal_m, vertical_m, seconds) = (dice.between(0.0, 2e3), dice.between(0.0, 100.0), dice.between(0.0, 100.0));
        let (more_m, higher_m, longer_s) = (dice.between(0.0, 10.0), dice.between(0.0, 1.0), dice.between(0.0, 1.0));
        let ask = |horizontal_m, vertical_m, seconds| {
            loss_of_separation(&ownship, &intruder, ProtectedZone::new(horizontal_m, vertical_m).unwrap(), lookahead(seconds))
        };
        let found = ask(horizontal_m, vertical_m, seconds);
        prop_assert_eq!(found, loss_of_separation(&intruder, &ownship, ProtectedZone::new(horizontal_m, vertical_m).unwrap(), lookahead(seconds)));
        if let Some(found) = found {
            let more = ask(horizontal_m + more_m, vertical_m + higher_m, seconds + longer_s);
            prop_assert!(more.is_some_and(|more| more.entry_s <= found.entry_s && more.exit_s >= found.exit_s), "{found:?} {more:?}");
        }
    }
}
