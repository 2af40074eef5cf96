//! Sets of volumes that are made to be awkward, drawn from a seed.

use deconflict_spacetime::{Altitude, AltitudeBand, AltitudeReference, Footprint, LatLng, NS_PER_S, Time, TimeSpan, destination};

use crate::{ClassMinima, Minima, Volumes};

/// A counter-based generator (SplitMix64), so that a set is its seed.
pub(crate) struct Random(pub u64);

impl Random {
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Most small, some large.
    fn skewed(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.unit().powi(4))
    }
}

/// What a set is drawn from.
#[derive(Clone, Copy)]
pub(crate) struct Draw {
    pub middle: (f64, f64),
    pub spread_m: f64,
    pub size_m: (f64, f64),
    pub lasts_s: (f64, f64),
    pub day_s: f64,
    pub ceiling_m: f64,
}

/// Mostly small things over a city.
pub(crate) const CITY: Draw =
    Draw { middle: (34.5, 40.9), spread_m: 6e3, size_m: (300.0, 4e3), lasts_s: (60.0, 600.0), day_s: 3600.0, ceiling_m: 600.0 };

fn footprint(random: &mut Random, draw: Draw) -> Footprint {
    let middle = LatLng::degrees(draw.middle.0, draw.middle.1).unwrap();
    let at = destination(middle, random.between(0.0, 360.0), draw.spread_m * random.unit());
    let size_m = random.skewed(draw.size_m.0, draw.size_m.1);
    let turn = random.between(0.0, 360.0);
    match (random.unit() * 5.0) as u8 {
        0 => Footprint::circle(at, size_m / 2.0).unwrap(),
        1 => Footprint::corridor(vec![at, destination(at, turn, size_m)], size_m / 5.0).unwrap(),
        2 => {
            let bend = destination(at, turn, size_m);
            Footprint::corridor(vec![at, bend, destination(bend, turn + 70.0, size_m)], size_m / 4.0).unwrap()
        }
        kind => {
            // A star with a dent for every second corner where the kind says so.
            let corners = 3 + (random.unit() * 8.0) as usize;
            let reach = |k: usize| if kind == 3 && k % 2 == 1 { size_m / 5.0 } else { size_m / 2.0 };
            let corner = |k| destination(at, turn + 360.0 * k as f64 / corners as f64, reach(k));
            Footprint::polygon((0..corners).map(corner).collect()).unwrap()
        }
    }
}

/// A set of `count` volumes, three to an operation, of classes 0 and 1 in turn.
pub(crate) fn set(seed: u64, count: u32, draw: Draw) -> Volumes {
    let mut random = Random(seed);
    let mut volumes = Volumes::with_capacity(count as usize);
    for k in 0..count {
        let ground = footprint(&mut random, draw);
        let lower_m = random.between(0.0, draw.ceiling_m);
        // Round numbers, so that bands and spans touch.
        let lower_m = if random.unit() < 0.3 { (lower_m / 100.0).round() * 100.0 } else { lower_m };
        let reference = if random.unit() < 0.05 { AltitudeReference::Amsl } else { AltitudeReference::W84 };
        let altitude = |m| Altitude::metres(m, reference);
        let band = AltitudeBand::new(altitude(lower_m), altitude(lower_m + 100.0 * (1.0 + random.unit()).floor())).unwrap();
        let start_s = (random.between(0.0, draw.day_s) / 30.0).round() * 30.0;
        let lasts_s = (random.skewed(draw.lasts_s.0, draw.lasts_s.1) / 30.0).ceil() * 30.0;
        let time = |s: f64| Time::from_ns(1_700_000_000 * NS_PER_S + (s * 1e9) as i64);
        let span = TimeSpan::new(time(start_s), time(start_s + lasts_s)).unwrap();
        let surface = random.unit() < 0.05;
        volumes.push(k / 3, (k % 2) as u8, &ground, (!surface).then_some(band), span);
    }
    volumes
}

/// Minima that differ by class, of classes 0 and 1.
pub(crate) fn wide() -> ClassMinima {
    ClassMinima::new(2, |a, b| match (a, b) {
        (0, 0) => Minima { lateral_m: 500.0, vertical_um: 60_000_000, time_ns: 0 },
        (0, 1) => Minima { lateral_m: 0.0, vertical_um: 0, time_ns: 120 * NS_PER_S },
        _ => Minima { lateral_m: 3e3, vertical_um: 150_000_000, time_ns: 60 * NS_PER_S },
    })
}

/// Sets by name: hubs, one cell, one time, huge among small, the ends of the earth.
pub(crate) fn awkward_sets() -> [(&'static str, Draw); 9] {
    [
        ("a city", CITY),
        ("one cell", Draw { spread_m: 500.0, ..CITY }),
        ("all at one time", Draw { day_s: 20.0, spread_m: 12e3, ..CITY }),
        ("few huge and many small", Draw { size_m: (50.0, 200e3), spread_m: 40e3, ..CITY }),
        ("a few that last for weeks", Draw { lasts_s: (60.0, 2e6), ..CITY }),
        ("the antimeridian", Draw { middle: (-17.0, 180.0), ..CITY }),
        ("the north pole", Draw { middle: (89.9, 0.0), ..CITY }),
        ("the south pole from afar", Draw { middle: (-87.0, 10.0), spread_m: 120e3, size_m: (10e3, 300e3), ..CITY }),
        (
            "the whole earth",
            Draw { middle: (0.0, 0.0), spread_m: 19e6, size_m: (200e3, 900e3), day_s: 20.0, ceiling_m: 200.0, ..CITY },
        ),
    ]
}
