//! A mixed set of our own, seeded: everything that W lacks, beside many volumes like W's.
//!
//! Operations come in districts of a thousand; a district is 400 × 400 km on one day of a month of thirty. Most lie anywhere
//! between 60° S and 65° N; one in sixteen lies across the antimeridian, one in sixteen on a pole. Of each thousand:
//!
//! | operations | what | where | when |
//! |---:|---|---|---|
//! | 785 | flights like W's, eight hexagons each | anywhere in the district | anywhen on the day |
//! | 80 | the same, low | begin around one of two hubs, one of them the centre (σ about 1 km) | within two hours |
//! | 20 | the same | anywhere | all begin at noon sharp |
//! | 20 | circles of 100 to 400 m | in one cell of 500 m | the same hour |
//! | 10 | circles of 100 to 400 m | in one cell of 500 m, the same for all districts | four minutes each, one after the other |
//! | 5 | circles of 1 km | around one place, the same for all districts, one above the other | the whole month |
//! | 30 | corridors of 60 to 300 km, three to six legs, 2 to 10 km wide | anywhere | half an hour to three hours |
//! | 30 | circles of 300 m to 50 km, mostly small | anywhere | half an hour to six hours |
//! | 10 | polygons of 8 to 300 vertices, 2 to 25 km | anywhere | half an hour to six hours |
//! | 6 | the same, or circles, of 3 to 15 km | anywhere | the whole day |
//! | 2 | the same | anywhere | the whole month |
//! | 1 | a road of 40 km without altitude, 100 m wide | anywhere | the whole day |
//! | 1 | a coast of 1,000 vertices, in every fourth district of 10,000 | anywhere | the whole day |
//!
//! Minima depend on the classes of the two operations, from none to 10 km, 600 m and 15 min ([`minima`]). Districts are spread
//! over the earth and the month, so that the answers per operation stay bounded as the set grows; a larger set begins with the
//! smaller one. The same bits on every machine, as with W.

mod ground;
mod outlines;

use crate::splitmix::Draws;
use crate::w::{Flight, VOLUMES_PER_OPERATION};
use deconflict_conflict::Minima;
use deconflict_spacetime::{LatLng, NS_PER_S, UM_PER_M};
use ground::Frame;
pub use outlines::Outline;

const DISTRICT: u32 = 1_000;
const HALF_SIDE_M: f64 = 200e3;
const CEILING_M: f64 = 5_700.0;
const DAYS: f64 = 30.0;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const MONTH_MS: i64 = 30 * DAY_MS;
const SEED: u64 = 2_016;
const DISTRICT_SEED: u64 = 2_017;

/// What an operation is, for its minima.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    /// A small aircraft.
    Small = 0,
    /// An aircraft on a long corridor.
    Transit = 1,
    /// An area that somebody uses.
    Area = 2,
}

impl Class {
    /// All classes, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Small, Self::Transit, Self::Area];
}

/// The minima between two classes.
pub fn minima(a: Class, b: Class) -> Minima {
    use Class::{Area, Small, Transit};
    let of = |lateral_m: f64, vertical_m: i64, time_s: i64| Minima {
        lateral_m,
        vertical_um: vertical_m * UM_PER_M,
        time_ns: time_s * NS_PER_S,
    };
    match (a, b) {
        (Area, Area | Small) | (Small, Area) => of(0.0, 0, 0),
        (Small, Small) => of(50.0, 15, 10),
        (Small, Transit) | (Transit, Small) => of(1_000.0, 150, 120),
        (Area, Transit) | (Transit, Area) => of(2_000.0, 300, 300),
        (Transit, Transit) => of(10_000.0, 600, 900),
    }
}

/// One volume as somebody would declare it.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// Number of the operation.
    pub operation: u32,
    /// What the operation is.
    pub class: Class,
    /// The outline.
    pub outline: Outline,
    /// Lower and upper edge, centimetres above the WGS84 ellipsoid; `None` for a claim on the surface.
    pub band_cm: Option<[i32; 2]>,
    /// Start and end, milliseconds of the month.
    pub span_ms: [i64; 2],
}

/// The volumes of operation `number`.
pub fn operation(number: u32) -> Vec<Declared> {
    let district = District::of(number / DISTRICT);
    let mut draws = Draws::of(SEED, u64::from(number));
    // The kinds are shuffled, so that neighbours in the input are not neighbours in kind.
    let seat = (number % DISTRICT * 617 + 13) % DISTRICT;
    let (class, volumes) = match seat {
        0..785 => (Class::Small, flight(&mut draws, |_, _| {})),
        785..865 => (Class::Small, flight(&mut draws, |draws, flight| gather(draws, flight, district.second_hub))),
        865..885 => (Class::Small, flight(&mut draws, |_, flight| flight.time_ms = 12 * HOUR_MS)),
        885..905 => (Class::Small, vec![crowded(&mut draws, district.cell)]),
        905..915 => (Class::Small, vec![queued(&mut draws, district.number * 10 + seat - 905)]),
        915..920 => (Class::Area, vec![stacked(district.number * 5 + seat - 915)]),
        920..950 => (Class::Transit, vec![long_corridor(&mut draws)]),
        950..980 => (Class::Area, vec![circle(&mut draws)]),
        980..990 => (Class::Area, vec![polygon(&mut draws, number)]),
        990..996 => (Class::Area, vec![reserved(&mut draws, number)]),
        996..998 => (Class::Area, vec![Local { span_ms: [0, MONTH_MS], base: Base::Month, ..reserved(&mut draws, number) }]),
        998 => (Class::Area, vec![road(&mut draws)]),
        _ => (Class::Area, vec![coast(&mut draws, number, if district.number.is_multiple_of(4) { 10_000 } else { 1_000 })]),
    };
    volumes.into_iter().map(|volume| district.declare(number, class, volume)).collect()
}

/// The volumes of operations 0 to `count`, in order.
pub fn operations(count: u32) -> impl Iterator<Item = Declared> {
    (0..count).flat_map(operation)
}

/// Where the metres and the milliseconds of a volume are counted from.
#[derive(Clone, Copy)]
enum Base {
    /// The district and its day.
    Day,
    /// The district and the month.
    Month,
    /// Some other place and the month.
    Elsewhere(Frame),
}

/// A volume before it has its place on the earth and in the month.
struct Local {
    base: Base,
    outline: Outline<[f64; 2]>,
    band_cm: Option<[i32; 2]>,
    span_ms: [i64; 2],
}

/// Where operations of all districts wait for each other.
const QUEUE: Frame = Frame::Around { lat_deg: -30.0, lng_deg: -140.0 };
/// Where operations of all districts stay above each other.
const STACK: Frame = Frame::Around { lat_deg: -30.0, lng_deg: -130.0 };

/// A thousand operations in one place on one day.
struct District {
    number: u32,
    frame: Frame,
    day_ms: i64,
    second_hub: [f64; 2],
    cell: [f64; 2],
}

impl District {
    fn of(number: u32) -> Self {
        let mut draws = Draws::of(DISTRICT_SEED, u64::from(number));
        let lat_deg = draws.between(-60.0, 65.0);
        let lng_deg = draws.between(-180.0, 180.0);
        let frame = match number % 32 {
            // The centre, and with it a hub, lies a little to either side.
            3 | 19 => Frame::Around { lat_deg, lng_deg: 180.0 + lng_deg / 20_000.0 },
            7 => Frame::Pole { is_north: true },
            23 => Frame::Pole { is_north: false },
            _ => Frame::Around { lat_deg, lng_deg },
        };
        let day_ms = whole(draws.unit() * DAYS) * DAY_MS;
        Self { number, frame, day_ms, second_hub: anywhere(&mut draws), cell: anywhere(&mut draws) }
    }

    fn declare(&self, operation: u32, class: Class, volume: Local) -> Declared {
        let (frame, origin_ms) = match volume.base {
            Base::Day => (self.frame, self.day_ms),
            Base::Month => (self.frame, 0),
            Base::Elsewhere(frame) => (frame, 0),
        };
        let outline = volume.outline.map(|at| frame.at(at));
        Declared { operation, class, outline, band_cm: volume.band_cm, span_ms: volume.span_ms.map(|ms| origin_ms + ms) }
    }
}

/// Eight hexagons, as in W, after `change` has moved the start.
fn flight(draws: &mut Draws, change: impl Fn(&mut Draws, &mut Flight)) -> Vec<Local> {
    let mut flight = Flight::begin(draws);
    change(draws, &mut flight);
    let leg = |_| {
        let leg = flight.leg(draws);
        Local {
            base: Base::Day,
            outline: Outline::Polygon(leg.corners.to_vec()),
            band_cm: Some([leg.lower_cm, leg.upper_cm]),
            span_ms: [leg.start_ms, leg.end_ms],
        }
    };
    (0..VOLUMES_PER_OPERATION).map(leg).collect()
}

/// Moves the start to a hub, low and into the morning.
fn gather(draws: &mut Draws, flight: &mut Flight, second_hub: [f64; 2]) {
    let hub = if draws.unit() < 0.5 { [0.0, 0.0] } else { second_hub };
    let mut bell_m = || (draws.unit() + draws.unit() + draws.unit() + draws.unit() - 2.0) * 1_750.0;
    (flight.x, flight.y) = (hub[0] + bell_m(), hub[1] + bell_m());
    flight.base_m = 500.0 * draws.unit() * draws.unit();
    flight.time_ms = 7 * HOUR_MS + whole(draws.unit() * 2.0 * HOUR_MS as f64);
}

fn crowded(draws: &mut Draws, cell: [f64; 2]) -> Local {
    let outline = in_a_cell(draws, cell);
    Local { base: Base::Day, outline, band_cm: Some(band_cm(draws, 1_500.0, 50.0, 150.0)), span_ms: [15 * HOUR_MS, 16 * HOUR_MS] }
}

/// Number `place` of those that use one cell one after the other, twenty seconds apart.
fn queued(draws: &mut Draws, place: u32) -> Local {
    let outline = in_a_cell(draws, [0.0, 0.0]);
    let start_ms = i64::from(place) * 4 * MINUTE_MS;
    Local {
        base: Base::Elsewhere(QUEUE),
        outline,
        band_cm: Some(band_cm(draws, 300.0, 50.0, 150.0)),
        span_ms: [start_ms, start_ms + 4 * MINUTE_MS - 20_000],
    }
}

/// Number `place` of those that stay above each other, three metres high and one metre apart.
fn stacked(place: u32) -> Local {
    let lower_cm = i32::try_from(place).expect("few enough") * 400;
    Local {
        base: Base::Elsewhere(STACK),
        outline: Outline::Circle { center: [0.0, 0.0], radius_m: 1_000.0 },
        band_cm: Some([lower_cm, lower_cm + 300]),
        span_ms: [0, MONTH_MS],
    }
}

fn in_a_cell(draws: &mut Draws, cell: [f64; 2]) -> Outline<[f64; 2]> {
    let center = [cell[0] + draws.between(0.0, 500.0), cell[1] + draws.between(0.0, 500.0)];
    Outline::Circle { center, radius_m: draws.between(100.0, 400.0) }
}

fn long_corridor(draws: &mut Draws) -> Local {
    let legs = 3 + whole(draws.unit() * 4.0);
    let length_m = draws.between(60e3, 300e3);
    let waypoints = outlines::way(draws, legs, length_m);
    let outline = Outline::Corridor { waypoints, width_m: draws.between(2e3, 10e3) };
    Local { base: Base::Day, outline, band_cm: Some(band_cm(draws, CEILING_M, 300.0, 900.0)), span_ms: span_ms(draws, 3) }
}

fn circle(draws: &mut Draws) -> Local {
    let size = draws.unit();
    let outline = Outline::Circle { center: anywhere(draws), radius_m: 300.0 + 49_700.0 * size * size * size * size };
    Local { base: Base::Day, outline, band_cm: Some(band_cm(draws, CEILING_M, 100.0, 1_000.0)), span_ms: span_ms(draws, 6) }
}

fn polygon(draws: &mut Draws, number: u32) -> Local {
    let many = draws.unit();
    let vertices = 8 + whole(292.0 * many * many * many);
    let radius_m = draws.between(2e3, 25e3);
    let outline = Outline::Polygon(outlines::star(number, vertices, anywhere(draws), radius_m));
    Local { base: Base::Day, outline, band_cm: Some(band_cm(draws, CEILING_M, 100.0, 1_000.0)), span_ms: span_ms(draws, 6) }
}

/// An area of 3 to 15 km for a long time.
fn reserved(draws: &mut Draws, number: u32) -> Local {
    let (center, radius_m) = (anywhere(draws), draws.between(3e3, 15e3));
    let outline = if draws.unit() < 0.5 {
        Outline::Circle { center, radius_m }
    } else {
        Outline::Polygon(outlines::star(number, 24, center, radius_m))
    };
    Local { base: Base::Day, outline, band_cm: Some(band_cm(draws, 3_000.0, 500.0, 3_000.0)), span_ms: [0, DAY_MS] }
}

fn road(draws: &mut Draws) -> Local {
    let waypoints = outlines::way(draws, 12, 40e3);
    Local { base: Base::Day, outline: Outline::Corridor { waypoints, width_m: 100.0 }, band_cm: None, span_ms: [0, DAY_MS] }
}

fn coast(draws: &mut Draws, number: u32, vertices: i64) -> Local {
    let radius_m = draws.between(20e3, 40e3);
    let outline = Outline::Polygon(outlines::star(number, vertices, anywhere(draws), radius_m));
    Local { base: Base::Day, outline, band_cm: Some(band_cm(draws, 2_000.0, 100.0, 300.0)), span_ms: [0, DAY_MS] }
}

fn anywhere(draws: &mut Draws) -> [f64; 2] {
    [draws.between(-HALF_SIDE_M, HALF_SIDE_M), draws.between(-HALF_SIDE_M, HALF_SIDE_M)]
}

/// A band that begins below `highest_m`.
fn band_cm(draws: &mut Draws, highest_m: f64, thinnest_m: f64, thickest_m: f64) -> [i32; 2] {
    let lower_m = draws.between(0.0, highest_m);
    let upper_m = lower_m + draws.between(thinnest_m, thickest_m);
    [lower_m, upper_m].map(|m| i32::try_from(whole(m * 100.0)).expect("a height of the set fits"))
}

/// A span of half an hour to `hours_max`, within the day.
fn span_ms(draws: &mut Draws, hours_max: i64) -> [i64; 2] {
    let duration_ms = 30 * MINUTE_MS + whole(draws.unit() * (hours_max * HOUR_MS - 30 * MINUTE_MS) as f64);
    let start_ms = whole(draws.unit() * (DAY_MS - duration_ms) as f64);
    [start_ms, start_ms + duration_ms]
}

#[allow(clippy::cast_possible_truncation, reason = "every value of the set is far inside the range")]
fn whole(value: f64) -> i64 {
    value.floor() as i64
}

/// The number of corners, waypoints or centres of an outline.
pub fn points(outline: &Outline<LatLng>) -> usize {
    match outline {
        Outline::Polygon(vertices) => vertices.len(),
        Outline::Circle { .. } => 1,
        Outline::Corridor { waypoints, .. } => waypoints.len(),
    }
}

#[cfg(test)]
#[path = "mixed_tests.rs"]
mod tests;
