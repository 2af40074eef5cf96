//! How fast newline-delimited GeoJSON is read: features like those of workload W, made in memory from a seed.
//!
//! `cargo run --release -p deconflict-formats --example ndjson_speed [MEGABYTES] [SEED]`

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use deconflict_formats::read::{Format, ReadOptions, read};

/// Volumes of one operation.
const VOLUMES: u64 = 8;

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From zero to one.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.unit() * (high - low)
    }
}

/// One corridor volume as a hexagon around a leg of 1 to 3 km, coordinates to 1e-7 degree.
fn feature(operation: u64, volume: u64, random: &mut Random, text: &mut String) {
    let (x, y) = (random.between(-200e3, 200e3), random.between(-200e3, 200e3));
    let (length, half) = (random.between(1e3, 3e3), random.between(100.0, 500.0));
    let (sin, cos) = random.between(0.0, std::f64::consts::TAU).sin_cos();
    let corners = [
        (-0.5 * half, 0.0),
        (0.0, -half),
        (length, -half),
        (length + 0.5 * half, 0.0),
        (length, half),
        (0.0, half),
        (-0.5 * half, 0.0),
    ];
    text.push_str(r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[["#);
    for (index, (along, across)) in corners.iter().enumerate() {
        let (east, north) = (x + along * cos - across * sin, y + along * sin + across * cos);
        let comma = if index == 0 { "" } else { "," };
        write!(text, "{comma}[{:.7},{:.7}]", 40.9 + east / 91_845.0, 34.5 + north / 110_925.0).expect("a string grows");
    }
    let start = (random.unit() * 82_000.0) as u64;
    let end = start + 60 + (random.unit() * 240.0) as u64;
    let lower = (random.unit() * 570_000.0).floor() / 100.0;
    let clock = |s: u64| format!("2030-05-01T{:02}:{:02}:{:02}.{:03}Z", s / 3600, s / 60 % 60, s % 60, (s * 37) % 1000);
    let upper = lower + (random.between(50.0, 300.0) * 100.0).floor() / 100.0;
    writeln!(
        text,
        r#"]]}},"properties":{{"claim":"OP-{operation:07}","party":"P{:02}","kind":"flight","volume":{volume},"altitude_lower_m":{lower:.2},"altitude_upper_m":{upper:.2},"altitude_reference":"W84","time_start":"{}","time_end":"{}"}}}}"#,
        operation % 40,
        clock(start),
        clock(end),
    )
    .expect("a string grows");
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let megabytes: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(256);
    let seed = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    let mut text = String::with_capacity(megabytes * 1_000_000 + 1000);
    let mut features = 0_u64;
    while text.len() < megabytes * 1_000_000 {
        feature(features / VOLUMES, features % VOLUMES, &mut random, &mut text);
        features += 1;
    }
    println!("{features} features, {:.0} MB, {} bytes each", text.len() as f64 / 1e6, text.len() as u64 / features);
    for workers in [1, 2] {
        let options = ReadOptions { workers: Some(workers), ..ReadOptions::default() };
        let mut best_s = f64::INFINITY;
        for _ in 0..3 {
            let started = Instant::now();
            let mut rows = 0_u64;
            let mut sink = |row| {
                black_box(&row);
                rows += 1;
            };
            let summary = read(text.as_bytes(), "generated", Format::NdJson, &options, &mut sink, &|_| ());
            let seconds = started.elapsed().as_secs_f64();
            let summary = summary.unwrap_or_else(|problems| panic!("what was generated is good: {:?}", problems.first()));
            assert!(rows == features && summary.volumes == features, "every feature is one volume");
            best_s = best_s.min(seconds);
        }
        let rate = text.len() as f64 / 1e6 / best_s;
        println!("{workers} worker{}: {best_s:.2} s, {rate:.0} MB/s", if workers == 1 { "" } else { "s" });
    }
}
