//! The project's own workload W: N operations of eight small volumes each, the same bits on every machine.
//!
//! Uniform sets lie evenly in 400 × 400 km around 34.5° N 40.9° E, from the ground to 5.7 km, over one day. In clustered
//! sets 70 % of the operations begin near one of 25 hubs (σ about 8 km), 80 % begin below 500 m, and 70 % in one of two
//! peaks of four hours. An operation flies eight legs of 1 to 3 km, each a convex hexagon of 200 m to 1 km, 50 to 300 m
//! thick, for one to five minutes; consecutive ones overlap.
//!
//! Only + − × ÷ on doubles, then whole numbers (1e-7 degree, centimetres, milliseconds): no function of a mathematical
//! library takes part. The sets are checked by their SHA-256 (`known.rs`). Does not know what a conflict is.

use crate::splitmix::{Draws, unit_vector};
use sha2::{Digest, Sha256};
use std::ops::Range;

/// Volumes of an operation.
pub const VOLUMES_PER_OPERATION: u32 = 8;

const METRES_PER_DEG_NORTH: f64 = 110_925.0;
const METRES_PER_DEG_EAST: f64 = 91_845.0;
const CENTRE_LAT_DEG: f64 = 34.5;
const CENTRE_LNG_DEG: f64 = 40.9;
const HALF_SIDE_M: f64 = 200_000.0;
const CEILING_M: f64 = 5_700.0;
/// An operation that begins no later ends within the day.
const LATEST_START_MS: i64 = 86_400_000 - 2_220_000;
const HUBS: u32 = 25;
const HUB_SEED: u64 = 0x5_DEEC_E66D;
/// Number of the first draw of the legs; those before describe the start.
const LEGS_FROM: u64 = 64;

/// How the operations of a set are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Evenly.
    Uniform,
    /// Around hubs, low, and in two peaks of the day.
    Clustered,
}

/// A set: its operations are numbered from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// How the operations are spread.
    pub spread: Spread,
    /// Sets of other seeds are as unlike as two days.
    pub seed: u64,
    /// How many operations.
    pub operations: u32,
}

/// One volume: a closed convex hexagon between two altitudes, over a closed span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Record {
    /// Number of the operation.
    pub operation: i32,
    /// Number of the leg within the operation.
    pub segment: i32,
    /// Start, milliseconds of the day.
    pub start_ms: i32,
    /// End, milliseconds of the day.
    pub end_ms: i32,
    /// Lower edge, centimetres above the WGS84 ellipsoid.
    pub lower_cm: i32,
    /// Upper edge, centimetres above the WGS84 ellipsoid.
    pub upper_cm: i32,
    /// Counter-clockwise corners: longitude and latitude in 1e-7 degree.
    pub corners: [[i32; 2]; 6],
}

impl Record {
    /// The eighteen numbers in the order of W's files.
    pub fn words(&self) -> [i32; 18] {
        let mut words = [0; 18];
        let head = [self.operation, self.segment, self.start_ms, self.end_ms, self.lower_cm, self.upper_cm];
        words[..6].copy_from_slice(&head);
        words[6..].copy_from_slice(self.corners.as_flattened());
        words
    }
}

impl Workload {
    /// How many volumes the set has.
    pub const fn volumes(&self) -> u32 {
        self.operations * VOLUMES_PER_OPERATION
    }

    /// `u10k`, `c1M`: the spread and the number of operations.
    pub fn name(&self) -> String {
        let spread = if self.spread == Spread::Uniform { "u" } else { "c" };
        format!("{spread}{}", crate::table::short(self.operations))
    }

    /// All volumes, in the order of operation and leg, made on `threads` threads.
    pub fn records(&self, threads: usize) -> Vec<Record> {
        self.records_of(0..self.operations, threads)
    }

    /// The volumes of some operations.
    pub fn records_of(&self, operations: Range<u32>, threads: usize) -> Vec<Record> {
        let hubs = self.hubs();
        let mut records = vec![Record::default(); operations.len() * VOLUMES_PER_OPERATION as usize];
        let share = operations.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            let shares = records.chunks_mut(share * VOLUMES_PER_OPERATION as usize);
            for (first, part) in operations.step_by(share).zip(shares) {
                let hubs = &hubs;
                scope.spawn(move || {
                    for (operation, slots) in (first..).zip(part.chunks_exact_mut(VOLUMES_PER_OPERATION as usize)) {
                        self.fill(operation, hubs, slots);
                    }
                });
            }
        });
        records
    }

    /// Calls `each` with the records of the set, some thousand operations at a time, so that the set is never held whole.
    pub fn for_each_block(&self, threads: usize, mut each: impl FnMut(&[Record])) {
        const BLOCK: u32 = 16_384;
        for first in (0..self.operations).step_by(BLOCK as usize) {
            each(&self.records_of(first..self.operations.min(first + BLOCK), threads));
        }
    }

    fn hubs(&self) -> Vec<[f64; 2]> {
        let hub = |i| {
            let mut draws = Draws::of(self.seed ^ HUB_SEED, u64::from(i));
            [(draws.unit() * 2.0 - 1.0) * 180_000.0, (draws.unit() * 2.0 - 1.0) * 180_000.0]
        };
        (0..HUBS).map(hub).collect()
    }

    fn fill(&self, operation: u32, hubs: &[[f64; 2]], slots: &mut [Record]) {
        let mut draws = Draws::of(self.seed, u64::from(operation));
        let mut flight = Flight::begin(&mut draws);
        if self.spread == Spread::Clustered {
            flight.gather(&mut draws, hubs);
        }
        draws.skip_to(LEGS_FROM);
        for (segment, slot) in (0..).zip(slots) {
            let leg = flight.leg(&mut draws);
            *slot = Record {
                operation: whole_i32(i64::from(operation)),
                segment,
                start_ms: whole_i32(leg.start_ms),
                end_ms: whole_i32(leg.end_ms),
                lower_cm: leg.lower_cm,
                upper_cm: leg.upper_cm,
                corners: leg.corners.map(place),
            };
        }
    }
}

/// Where and when the next leg of an operation begins, metres east and north of some centre.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) direction: [f64; 2],
    pub(crate) base_m: f64,
    pub(crate) time_ms: i64,
}

/// One leg: counter-clockwise corners in metres, height, and time of the day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg {
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
    pub(crate) lower_cm: i32,
    pub(crate) upper_cm: i32,
    pub(crate) corners: [[f64; 2]; 6],
}

impl Flight {
    /// The start of an operation of a uniform set.
    pub(crate) fn begin(draws: &mut Draws) -> Self {
        let x = (draws.unit() * 2.0 - 1.0) * HALF_SIDE_M;
        let y = (draws.unit() * 2.0 - 1.0) * HALF_SIDE_M;
        let direction = draws.direction();
        let base_m = draws.unit() * CEILING_M;
        let time_ms = floor(draws.unit() * LATEST_START_MS as f64);
        Self { x, y, direction, base_m, time_ms }
    }

    /// Moves the start to a hub, to a low height and to a peak of the day, each for most operations only.
    fn gather(&mut self, draws: &mut Draws, hubs: &[[f64; 2]]) {
        let at_hub = draws.unit() < 0.7;
        let hub = hubs[usize::try_from(floor(draws.unit() * 25.0).min(24)).expect("a draw is not negative")];
        let mut bell = || (draws.unit() + draws.unit() + draws.unit() + draws.unit() - 2.0) * (8_000.0 * 1.732_050_807_568_877_2);
        let away = [bell(), bell()];
        if at_hub {
            (self.x, self.y) = (hub[0] + away[0], hub[1] + away[1]);
        }
        let is_low = draws.unit() < 0.8;
        let height = draws.unit();
        if is_low {
            self.base_m = 500.0 * height * height;
        }
        let at_peak = draws.unit() < 0.7;
        let peak_ms = if draws.unit() < 0.5 { 28_800_000.0 } else { 61_200_000.0 };
        let offset_ms = (draws.unit() + draws.unit() - 1.0) * 7_200_000.0;
        if at_peak {
            self.time_ms = floor(peak_ms + offset_ms);
        }
        self.time_ms = self.time_ms.clamp(0, LATEST_START_MS);
    }

    /// The next leg; the flight goes on from its end.
    pub(crate) fn leg(&mut self, draws: &mut Draws) -> Leg {
        let length_m = 1_000.0 + draws.unit() * 2_000.0;
        let half_m = (200.0 + draws.unit() * 800.0) * 0.5;
        let thickness_m = 50.0 + draws.unit() * 250.0;
        let duration_ms = 60_000 + floor(draws.unit() * 240_000.0);
        let climb_m = (draws.unit() * 2.0 - 1.0) * 60.0;
        let turn = (draws.unit() * 2.0 - 1.0) * 0.2;

        let (x, y, [dx, dy]) = (self.x, self.y, self.direction);
        let (end_x, end_y) = (x + dx * length_m, y + dy * length_m);
        let (side_x, side_y) = (-dy * half_m, dx * half_m);
        let tip_m = 0.5 * half_m;
        let corners = [
            [x - dx * tip_m, y - dy * tip_m],
            [x - side_x, y - side_y],
            [end_x - side_x, end_y - side_y],
            [end_x + dx * tip_m, end_y + dy * tip_m],
            [end_x + side_x, end_y + side_y],
            [x + side_x, y + side_y],
        ];
        let leg = Leg {
            start_ms: self.time_ms,
            end_ms: self.time_ms + duration_ms,
            lower_cm: nearest(self.base_m * 100.0),
            upper_cm: nearest((self.base_m + thickness_m) * 100.0),
            corners,
        };

        self.time_ms += duration_ms * 4 / 5;
        self.base_m = (self.base_m + climb_m).clamp(0.0, CEILING_M);
        let [c, s] = turned(turn);
        self.direction = [dx * c - dy * s, dx * s + dy * c];
        (self.x, self.y) = (end_x, end_y);
        leg
    }
}

/// Cosine and sine of a small angle, to either side, by the same rational parametrisation as the directions.
fn turned(t: f64) -> [f64; 2] {
    unit_vector(0.0, t)
}

/// Longitude and latitude in 1e-7 degree of a place in metres east and north of the centre.
fn place([x, y]: [f64; 2]) -> [i32; 2] {
    let lng_deg = CENTRE_LNG_DEG + x / METRES_PER_DEG_EAST;
    let lat_deg = CENTRE_LAT_DEG + y / METRES_PER_DEG_NORTH;
    [nearest(lng_deg * 1e7), nearest(lat_deg * 1e7)]
}

#[allow(clippy::cast_possible_truncation, reason = "every value of W is far inside the range")]
fn nearest(value: f64) -> i32 {
    value.round_ties_even() as i32
}

#[allow(clippy::cast_possible_truncation, reason = "every value of W is far inside the range")]
fn floor(value: f64) -> i64 {
    value.floor() as i64
}

fn whole_i32(value: i64) -> i32 {
    i32::try_from(value).expect("every value of W fits")
}

/// The SHA-256 of a set's file, fed block by block.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Goes on with `records`.
    pub fn add(&mut self, records: &[Record]) {
        let bytes: Vec<u8> = records.iter().flat_map(|record| record.words()).flat_map(i32::to_le_bytes).collect();
        self.0.update(&bytes);
    }

    /// In hexadecimal digits.
    pub fn hex(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
#[path = "w_tests.rs"]
mod tests;
