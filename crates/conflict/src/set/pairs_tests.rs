//! All pairs of a set against asking about every two volumes, on sets that are made to be awkward.

use deconflict_spacetime::{Altitude, AltitudeBand, AltitudeReference, Footprint, LatLng, NS_PER_S, Time, TimeSpan, destination};

use super::all_pairs;
use crate::{ClassMinima, Minima, Volumes, violates};

/// A counter-based generator (SplitMix64), so that a set is its seed.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Most small, some large.
    fn skewed(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.unit().powi(4))
    }
}

/// What a set is drawn from.
#[derive(Clone, Copy)]
struct Draw {
    middle: (f64, f64),
    spread_m: f64,
    size_m: (f64, f64),
    lasts_s: (f64, f64),
    day_s: f64,
    ceiling_m: f64,
}

const CITY: Draw =
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

fn set(seed: u64, count: u32, draw: Draw) -> Volumes {
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

/// Asks about every two volumes.
fn one_by_one(volumes: &Volumes, minima: &ClassMinima) -> Vec<(u32, u32)> {
    let count = u32::try_from(volumes.len()).unwrap();
    let whole: Vec<_> = (0..count).map(|k| volumes.volume(k)).collect();
    let mut pairs = Vec::new();
    for a in 0..count {
        for b in a + 1..count {
            let minima = minima.between(volumes.class(a), volumes.class(b));
            if volumes.operation(a) != volumes.operation(b) && violates(&whole[a as usize], &whole[b as usize], minima) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

fn check(name: &str, volumes: &Volumes, minima: &ClassMinima) -> usize {
    let expected = one_by_one(volumes, minima);
    let mut by_threads = Vec::new();
    for threads in [1, 2, 3] {
        let found = all_pairs(volumes, minima, threads);
        by_threads.push(found.clone());
        let mut sorted = found;
        sorted.sort_unstable();
        let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
        let wrong: Vec<_> = sorted.iter().filter(|pair| expected.binary_search(pair).is_err()).collect();
        let missing: Vec<_> = expected.iter().filter(|pair| sorted.binary_search(pair).is_err()).collect();
        let well = twice.is_none() && wrong.is_empty() && missing.is_empty();
        assert!(well, "{name}, {threads} threads: twice {twice:?}, wrong {wrong:?}, missing {missing:?}");
    }
    assert!(by_threads.iter().all(|pairs| *pairs == by_threads[0]), "{name}: the order depends on the threads");
    expected.len()
}

fn wide() -> ClassMinima {
    ClassMinima::new(2, |a, b| match (a, b) {
        (0, 0) => Minima { lateral_m: 500.0, vertical_um: 60_000_000, time_ns: 0 },
        (0, 1) => Minima { lateral_m: 0.0, vertical_um: 0, time_ns: 120 * NS_PER_S },
        _ => Minima { lateral_m: 3e3, vertical_um: 150_000_000, time_ns: 60 * NS_PER_S },
    })
}

#[test]
fn all_pairs_are_those_of_asking_about_every_two() {
    let sets = [
        ("a city", CITY),
        ("one cell", Draw { spread_m: 500.0, ..CITY }),
        ("all at one time", Draw { day_s: 20.0, spread_m: 12e3, ..CITY }),
        ("few huge and many small", Draw { size_m: (50.0, 200e3), spread_m: 40e3, ..CITY }),
        ("a few that last for weeks", Draw { lasts_s: (60.0, 2e6), ..CITY }),
        ("the antimeridian", Draw { middle: (-17.0, 180.0), ..CITY }),
        ("the north pole", Draw { middle: (89.9, 0.0), ..CITY }),
        ("the south pole from afar", Draw { middle: (-87.0, 10.0), spread_m: 600e3, size_m: (10e3, 300e3), ..CITY }),
        ("the whole earth", Draw { middle: (0.0, 0.0), spread_m: 19e6, size_m: (50e3, 900e3), day_s: 20.0, ..CITY }),
    ];
    for (seed, (name, draw)) in sets.into_iter().enumerate() {
        let volumes = set(seed as u64, 400, draw);
        let touching = check(name, &volumes, &ClassMinima::none());
        let close = check(name, &volumes, &wide());
        assert!(close > touching && touching > 3, "{name}: {touching} touch, {close} are too close");
    }
}

#[test]
fn a_set_of_none_or_one_has_no_pairs() {
    assert!(all_pairs(&Volumes::default(), &ClassMinima::none(), 2).is_empty());
    assert!(all_pairs(&set(1, 1, CITY), &ClassMinima::none(), 2).is_empty());
}

#[test]
fn pairs_do_not_depend_on_the_order_of_the_volumes() {
    let volumes = set(3, 300, CITY);
    let mut reversed = Volumes::default();
    for k in (0..300).rev() {
        let ground = Footprint::from(volumes.volume(k).area);
        reversed.push(volumes.operation(k), volumes.class(k), &ground, volumes.band(k), volumes.span(k));
    }
    let mut back: Vec<_> = all_pairs(&reversed, &wide(), 2).into_iter().map(|(a, b)| (299 - b, 299 - a)).collect();
    back.sort_unstable();
    assert_eq!(back, one_by_one(&volumes, &wide()));
}
