//! How long it takes to find every encounter of many aircraft: `cargo run --release --example encounters -- [AIRCRAFT]`.
//!
//! The aircraft are the same in every run: SplitMix64, a fixed seed, spread evenly over a square at 34.5 N 40.9 E.

use std::num::NonZeroUsize;
use std::time::Instant;

use deconflict_conflict::{AircraftState, Lookahead, ProtectedZone, Velocity, encounters};
use deconflict_spacetime::{Altitude, AltitudeReference, LatLng, destination};

const SEED: u64 = 1;
const RUNS: usize = 20;
/// Side of the square, metres; it grows with the aircraft so that their density stays that of 10,000 in 400 × 400 km.
const SIDE_M: f64 = 400_000.0;
const AIRCRAFT: usize = 10_000;

struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn states(count: usize, side_m: f64) -> Vec<AircraftState> {
    let mut dice = SplitMix64(SEED);
    let center = LatLng::degrees(34.5, 40.9).expect("a place on earth");
    let mut state = || {
        let (east_m, north_m) = (dice.between(-side_m / 2.0, side_m / 2.0), dice.between(-side_m / 2.0, side_m / 2.0));
        let position = destination(center, east_m.atan2(north_m).to_degrees(), east_m.hypot(north_m));
        let altitude = Altitude::metres(dice.between(0.0, 6_000.0), AltitudeReference::W84);
        let (speed_m_s, (sin, cos)) = (dice.between(15.0, 60.0), dice.between(0.0, std::f64::consts::TAU).sin_cos());
        let velocity = Velocity { east_m_s: speed_m_s * sin, north_m_s: speed_m_s * cos, up_m_s: dice.between(-5.0, 5.0) };
        AircraftState::new(position, Some(altitude), velocity).expect("a slow aircraft")
    };
    (0..count).map(|_| state()).collect()
}

fn main() {
    let count = std::env::args().nth(1).map_or(AIRCRAFT, |count| count.parse().expect("the number of aircraft"));
    let side_m = SIDE_M * (count as f64 / AIRCRAFT as f64).sqrt();
    let zone = ProtectedZone::new(250.0, 60.0).expect("a legal zone");
    let lookahead = Lookahead::seconds(180.0).expect("a legal look-ahead");
    println!(
        "{count} aircraft in {0:.0} × {0:.0} km, 0-6 km, 15-60 m/s, ±5 m/s up; 250 m / 60 m, 180 s; seed {SEED}",
        side_m / 1e3
    );
    let states = states(count, side_m);
    for threads in [1, 2] {
        let threads = NonZeroUsize::new(threads).expect("not zero");
        let mut times_ms = Vec::new();
        let mut pairs = 0;
        for _ in 0..RUNS {
            let start = Instant::now();
            pairs = encounters(&states, zone, lookahead, threads).len();
            times_ms.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times_ms.sort_by(f64::total_cmp);
        println!(
            "{threads} threads: {pairs} pairs, median {:.2} ms, best {:.2} ms, worst {:.2} ms",
            times_ms[RUNS / 2],
            times_ms[0],
            times_ms[RUNS - 1]
        );
    }
}
