//! Encounters against true geodesics, looked at a thousand times on the way: mid latitudes, poles, antimeridian.
//!
//! `cargo test -p deconflict-conflict --test aircraft -- --nocapture` prints how much of the error bound is used.
//! `DECONFLICT_CASES=3000` looks at that many pairs of each kind.
#![allow(missing_docs, reason = "tests")]

use deconflict_conflict::{AircraftState, Lookahead, LossOfSeparation, ProtectedZone, Velocity, loss_of_separation};
use deconflict_spacetime::{Altitude, AltitudeReference, LatLng, UNDECIDED_M, azimuth_deg, destination, distance_m};

const STEPS: u32 = 1_000;

fn cases() -> u64 {
    std::env::var("DECONFLICT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        low + (high - low) * (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }

    fn place(&mut self) -> LatLng {
        let places = [(90.0, 0.0), (-90.0, 50.0), (89.99, 12.0), (0.0, 180.0), (-60.0, -179.9), (34.5, 40.9)];
        let which = self.between(0.0, 10.0) as usize;
        let (lat, lng) = places.get(which).copied().unwrap_or((self.between(-85.0, 85.0), self.between(-180.0, 180.0)));
        LatLng::degrees(lat, lng).unwrap()
    }
}

/// What a kind of pair is: speeds to, look-ahead, minima.
struct Kind {
    name: &'static str,
    speed_m_s: f64,
    lookahead_s: f64,
    horizontal_m: f64,
    vertical_m: f64,
}

const KINDS: [Kind; 4] = [
    Kind { name: "drones", speed_m_s: 60.0, lookahead_s: 180.0, horizontal_m: 250.0, vertical_m: 60.0 },
    Kind { name: "close drones", speed_m_s: 20.0, lookahead_s: 60.0, horizontal_m: 2.0, vertical_m: 1.0 },
    Kind { name: "airliners", speed_m_s: 280.0, lookahead_s: 600.0, horizontal_m: 9_260.0, vertical_m: 304.8 },
    Kind { name: "the limits", speed_m_s: 1_000.0, lookahead_s: 1_200.0, horizontal_m: 100_000.0, vertical_m: 2_000.0 },
];

/// Where an aircraft truly is.
fn place_at(state: &AircraftState, time_s: f64) -> LatLng {
    let velocity = state.velocity();
    let track_deg = velocity.east_m_s.atan2(velocity.north_m_s).to_degrees();
    destination(state.position(), track_deg, velocity.ground_speed_m_s() * time_s)
}

fn horizontal_m(a: &AircraftState, b: &AircraftState, time_s: f64) -> f64 {
    distance_m(place_at(a, time_s), place_at(b, time_s))
}

fn vertical_m(a: &AircraftState, b: &AircraftState, time_s: f64) -> f64 {
    let at = |state: &AircraftState| state.altitude().unwrap().m() + state.velocity().up_m_s * time_s;
    (at(a) - at(b)).abs()
}

/// An aircraft that comes by a place at a time: half of them start there.
fn aircraft(dice: &mut Dice, place: LatLng, time_s: f64, altitude_m: f64, kind: &Kind) -> AircraftState {
    let speed_m_s = if dice.between(0.0, 1.0) < 0.1 { 0.0 } else { dice.between(0.0, kind.speed_m_s) };
    let away_m = speed_m_s * time_s;
    let position = destination(place, dice.between(0.0, 360.0), away_m);
    let (sin, cos) = if away_m > 1.0 { azimuth_deg(position, place) } else { dice.between(0.0, 360.0) }.to_radians().sin_cos();
    let up_m_s = if dice.between(0.0, 1.0) < 0.3 { 0.0 } else { dice.between(-kind.vertical_m, kind.vertical_m) / 30.0 };
    let velocity = Velocity { east_m_s: speed_m_s * sin, north_m_s: speed_m_s * cos, up_m_s };
    let altitude = Altitude::metres(altitude_m - up_m_s * time_s, AltitudeReference::W84);
    AircraftState::new(position, Some(altitude), velocity).unwrap()
}

/// A pair that comes about as close as the minima, somewhere on the way.
fn pair(dice: &mut Dice, kind: &Kind) -> [AircraftState; 2] {
    let place = dice.place();
    let time_s = if dice.between(0.0, 1.0) < 0.2 { 0.0 } else { dice.between(0.0, kind.lookahead_s) };
    let beside = destination(place, dice.between(0.0, 360.0), dice.between(0.0, 1.5 * kind.horizontal_m));
    let altitude_m = dice.between(0.0, 5_000.0);
    let other_m = altitude_m + dice.between(-1.5, 1.5) * kind.vertical_m;
    [aircraft(dice, place, time_s, altitude_m, kind), aircraft(dice, beside, time_s, other_m, kind)]
}

/// What is found is true, and what is true is found. Gives back the share of the error bound that was used.
fn check(ownship: &AircraftState, intruder: &AircraftState, kind: &Kind, found: Option<LossOfSeparation>, case: &str) -> f64 {
    let times = (0..=STEPS).map(|step| kind.lookahead_s * f64::from(step) / f64::from(STEPS));
    let closing_m =
        (ownship.velocity().ground_speed_m_s() + intruder.velocity().ground_speed_m_s()) * kind.lookahead_s / f64::from(STEPS);
    let mut least_m = f64::INFINITY;
    for time_s in times {
        let (across_m, up_m) = (horizontal_m(ownship, intruder, time_s), vertical_m(ownship, intruder, time_s));
        least_m = least_m.min(across_m);
        // By more than the oracle's own rounding.
        let is_lost = across_m < kind.horizontal_m - 1e-6 && up_m < kind.vertical_m - 1e-6;
        let is_told = found.is_some_and(|found| found.entry_s <= time_s && time_s <= found.exit_s);
        assert!(!is_lost || is_told, "{case}: lost after {time_s} s ({across_m} m, {up_m} m), found {found:?}");
    }
    let Some(found) = found else { return 0.0 };
    let error_m = found.error_m;
    let true_m = horizontal_m(ownship, intruder, found.cpa.time_s);
    assert!((true_m - found.cpa.horizontal_m).abs() <= error_m, "{case}: truly {true_m} m at the CPA, {found:?}");
    assert!(least_m >= found.cpa.horizontal_m - error_m, "{case}: truly {least_m} m, {found:?}");
    assert!(least_m <= found.cpa.horizontal_m + error_m + closing_m, "{case}: truly {least_m} m, {found:?}");
    assert!((vertical_m(ownship, intruder, found.cpa.time_s) - found.cpa.vertical_m.unwrap()).abs() < 1e-6, "{case}: {found:?}");
    // A loss is told no earlier and no longer than the error explains.
    for time_s in [found.entry_s, found.exit_s] {
        let (across_m, up_m) = (horizontal_m(ownship, intruder, time_s), vertical_m(ownship, intruder, time_s));
        assert!(across_m <= kind.horizontal_m + 2.0 * error_m, "{case}: {across_m} m at {time_s} s, {found:?}");
        assert!(up_m <= kind.vertical_m + 2e-6, "{case}: {up_m} m up at {time_s} s, {found:?}");
    }
    ((true_m - found.cpa.horizontal_m).abs() - UNDECIDED_M) / error_m
}

#[test]
fn true_geodesics_lose_separation_when_told() {
    for kind in &KINDS {
        let zone = ProtectedZone::new(kind.horizontal_m, kind.vertical_m).unwrap();
        let lookahead = Lookahead::seconds(kind.lookahead_s).unwrap();
        let (mut losses, mut most_used, mut largest_m) = (0, 0.0_f64, 0.0_f64);
        for case in 0..cases() {
            let mut dice = Dice(case);
            let [ownship, intruder] = pair(&mut dice, kind);
            let found = loss_of_separation(&ownship, &intruder, zone, lookahead);
            let used = check(&ownship, &intruder, kind, found, &format!("{}, case {case}", kind.name));
            losses += u64::from(found.is_some());
            most_used = most_used.max(used);
            largest_m = largest_m.max(found.map_or(0.0, |found| found.error_m));
        }
        println!(
            "{}: {} pairs, {losses} losses, bounds up to {largest_m:.3} m, at most {:.0} % of them used",
            kind.name,
            cases(),
            100.0 * most_used
        );
        assert!(losses > cases() / 4 && losses < cases(), "{}: {losses} losses", kind.name);
    }
}
