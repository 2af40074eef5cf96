//! Tests of `encounters`: every pair the slow way, in crowds, heaps and places where maps break; laws.

use deconflict_spacetime::{Altitude, LatLng, destination};

use super::*;
use crate::testing::Dice;
use crate::{Velocity, loss_of_separation};

const ONE: NonZeroUsize = NonZeroUsize::MIN;

fn zone() -> ProtectedZone {
    ProtectedZone::new(250.0, 60.0).unwrap()
}

fn lookahead() -> Lookahead {
    Lookahead::seconds(180.0).unwrap()
}

/// An aircraft within `reach_m` of a place and below `ceiling_m`.
fn aircraft(dice: &mut Dice, center: (f64, f64), reach_m: f64, ceiling_m: f64) -> AircraftState {
    let center = LatLng::degrees(center.0, center.1).unwrap();
    let position = destination(center, dice.between(0.0, 360.0), reach_m * dice.share().sqrt());
    let altitude = Altitude::metres(dice.between(0.0, ceiling_m), AltitudeReference::W84);
    let (speed, (sin, cos)) = (dice.between(15.0, 60.0), dice.between(0.0, std::f64::consts::TAU).sin_cos());
    let velocity = Velocity { east_m_s: speed * sin, north_m_s: speed * cos, up_m_s: dice.between(-5.0, 5.0) };
    AircraftState::new(position, Some(altitude), velocity).unwrap()
}

fn crowd(dice: &mut Dice, count: usize, center: (f64, f64), reach_m: f64, ceiling_m: f64) -> Vec<AircraftState> {
    (0..count).map(|_| aircraft(dice, center, reach_m, ceiling_m)).collect()
}

fn slowly(states: &[AircraftState]) -> Vec<Encounter> {
    let after = |ownship: usize| (ownship + 1..states.len()).map(move |intruder| (ownship, intruder));
    let all = (0..states.len()).flat_map(after);
    let ask = |(ownship, intruder)| {
        let loss = loss_of_separation(&states[ownship], &states[intruder], zone(), lookahead())?;
        Some(Encounter { ownship, intruder, loss })
    };
    all.filter_map(ask).collect()
}

#[test]
fn all_pairs_the_slow_way_are_the_same() {
    let mut dice = Dice(5);
    let valley = (34.5, 40.9);
    let mut fast = crowd(&mut dice, 500, valley, 15_000.0, 1_000.0);
    fast[7] = AircraftState::new(fast[7].position(), None, Velocity { east_m_s: 700.0, north_m_s: 700.0, up_m_s: 50.0 }).unwrap();
    let mut mixed = crowd(&mut dice, 400, valley, 10_000.0, 3_000.0);
    for (state, turn) in mixed.iter_mut().zip((0..3).cycle()) {
        let metres = state.altitude().unwrap().m();
        let altitude = [Some(Altitude::metres(metres, AltitudeReference::Std)), None, state.altitude()][turn];
        *state = AircraftState::new(state.position(), altitude, state.velocity()).unwrap();
    }
    let mut hubs = crowd(&mut dice, 200, valley, 200_000.0, 6_000.0);
    for center in [valley, (34.6, 41.0), (36.0, 42.0)] {
        hubs.extend(crowd(&mut dice, 150, center, 2_000.0, 500.0));
    }
    // Where, the aircraft, at least so many encounters.
    for (case, states, fewest) in [
        ("nobody", Vec::new(), 0),
        ("one", crowd(&mut dice, 1, valley, 0.0, 0.0), 0),
        ("a wide plain", crowd(&mut dice, 900, valley, 30_000.0, 1_000.0), 40),
        ("one cell", crowd(&mut dice, 400, valley, 2_000.0, 1_000.0), 500),
        ("one place", crowd(&mut dice, 300, valley, 0.0, 6_000.0), 500),
        ("one level", crowd(&mut dice, 400, valley, 15_000.0, 0.0), 100),
        ("hubs", hubs, 500),
        ("one fast among slow", fast, 50),
        ("mixed references", mixed, 500),
        ("north pole", crowd(&mut dice, 400, (90.0, 0.0), 10_000.0, 1_000.0), 50),
        ("south pole", crowd(&mut dice, 400, (-90.0, 77.0), 10_000.0, 1_000.0), 50),
        ("antimeridian", crowd(&mut dice, 400, (-17.0, 180.0), 10_000.0, 1_000.0), 50),
    ] {
        let expected = slowly(&states);
        assert!(expected.len() >= fewest, "{case}: {} encounters", expected.len());
        assert_eq!(encounters(&states, zone(), lookahead(), ONE), expected, "{case}");
    }
}

#[test]
fn every_pair_of_a_heap_is_an_encounter() {
    let state = aircraft(&mut Dice(6), (34.5, 40.9), 0.0, 0.0);
    let found = encounters(&vec![state; 200], zone(), lookahead(), ONE);
    assert_eq!(found.len(), 200 * 199 / 2);
    assert!(found.is_sorted_by_key(|encounter| (encounter.ownship, encounter.intruder)));
}

#[test]
fn threads_change_nothing() {
    let states = crowd(&mut Dice(7), 5_000, (34.5, 40.9), 60_000.0, 6_000.0);
    let expected = encounters(&states, zone(), lookahead(), ONE);
    assert!(expected.len() > 50, "{} encounters", expected.len());
    for threads in [2, 3, 8, usize::MAX] {
        assert_eq!(encounters(&states, zone(), lookahead(), NonZeroUsize::new(threads).unwrap()), expected, "{threads} threads");
    }
}

#[test]
fn the_order_of_aircraft_does_not_matter() {
    let states = crowd(&mut Dice(8), 600, (34.5, 40.9), 10_000.0, 3_000.0);
    let backward: Vec<AircraftState> = states.iter().rev().copied().collect();
    let last = states.len() - 1;
    let mut found = encounters(&backward, zone(), lookahead(), ONE);
    for encounter in &mut found {
        (encounter.ownship, encounter.intruder) = (last - encounter.intruder, last - encounter.ownship);
    }
    found.sort_by_key(|encounter| (encounter.ownship, encounter.intruder));
    assert_eq!(found, encounters(&states, zone(), lookahead(), ONE));
}

#[test]
fn larger_zones_and_look_aheads_never_give_fewer() {
    let states = crowd(&mut Dice(9), 500, (34.5, 40.9), 12_000.0, 1_000.0);
    let pairs = |horizontal_m: f64, vertical_m: f64, seconds: f64| -> Vec<(usize, usize)> {
        let (zone, lookahead) = (ProtectedZone::new(horizontal_m, vertical_m).unwrap(), Lookahead::seconds(seconds).unwrap());
        encounters(&states, zone, lookahead, ONE).iter().map(|found| (found.ownship, found.intruder)).collect()
    };
    let few = pairs(250.0, 60.0, 120.0);
    assert!(few.len() > 20, "{} encounters", few.len());
    for more in [pairs(300.0, 60.0, 120.0), pairs(250.0, 70.0, 120.0), pairs(250.0, 60.0, 150.0), pairs(1e5, 1e5, 1_200.0)] {
        assert!(few.iter().all(|pair| more.binary_search(pair).is_ok()) && more.len() > few.len());
    }
}
