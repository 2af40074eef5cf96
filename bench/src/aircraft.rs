//! Aircraft in flight, seeded: where they are and how they move, evenly spread in a box; and a slow, obvious answer to who
//! comes close to whom.

use crate::splitmix::Draws;
use deconflict_conflict::{AircraftState, Lookahead, ProtectedZone, Velocity, loss_of_separation};
use deconflict_spacetime::{Altitude, AltitudeReference, LatLng};

const METRES_PER_DEG_NORTH: f64 = 110_925.0;
const METRES_PER_DEG_EAST: f64 = 91_845.0;
const CENTRE_LAT_DEG: f64 = 34.5;
const CENTRE_LNG_DEG: f64 = 40.9;
const HALF_SIDE_M: f64 = 200e3;
const CEILING_M: f64 = 6_000.0;
const SEED: u64 = 2_019;

/// Aircraft 0 to `count`: 400 × 400 km, 0 to 6 km, 15 to 60 m/s in any direction, up to 5 m/s up or down.
pub fn aircraft(count: u32) -> Vec<AircraftState> {
    let one = |i| {
        let mut draws = Draws::of(SEED, u64::from(i));
        let mut within = |from: f64, to: f64| draws.between(from, to);
        let (east_m, north_m) = (within(-HALF_SIDE_M, HALF_SIDE_M), within(-HALF_SIDE_M, HALF_SIDE_M));
        let (up_m, speed_m_s, up_m_s) = (within(0.0, CEILING_M), within(15.0, 60.0), within(-5.0, 5.0));
        let [dx, dy] = draws.direction();
        let (lat_deg, lng_deg) = (CENTRE_LAT_DEG + north_m / METRES_PER_DEG_NORTH, CENTRE_LNG_DEG + east_m / METRES_PER_DEG_EAST);
        let at = LatLng::degrees(lat_deg, lng_deg).expect("the box lies on the earth");
        let velocity = Velocity { east_m_s: dx * speed_m_s, north_m_s: dy * speed_m_s, up_m_s };
        AircraftState::new(at, Some(Altitude::metres(up_m, AltitudeReference::W84)), velocity).expect("a slow aircraft")
    };
    (0..count).map(one).collect()
}

/// All pairs that come too close within the look-ahead, each asked about by itself.
pub fn pair_by_pair(aircraft: &[AircraftState], zone: ProtectedZone, lookahead: Lookahead) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for (i, a) in (0..).zip(aircraft) {
        let later = (i + 1..).zip(&aircraft[i as usize + 1..]);
        pairs.extend(later.filter(|(_, b)| loss_of_separation(a, b, zone, lookahead).is_some()).map(|(j, _)| (i, j)));
    }
    pairs
}

#[cfg(test)]
#[path = "aircraft_tests.rs"]
mod tests;
