//! How fast newline-delimited GeoJSON is read: features like those of workload W, made in memory from a seed.
//!
//! `cargo run --release -p deconflict-formats --example ndjson_speed [MEGABYTES] [SEED]`

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{self, Read, Write as _};
use std::time::Instant;

use deconflict_formats::read::{Format, ReadOptions, read};
use flate2::Compression;
use flate2::write::GzEncoder;

/// The text that is made, at most, bytes; a longer file is the same text again.
const TEXT_MAX: usize = 64_000_000;
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

/// A file that is the same text so often, without being as long in memory.
struct Repeated<'t> {
    text: &'t [u8],
    at: usize,
    times: usize,
}

impl Read for Repeated<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() && self.times > 1 {
            (self.at, self.times) = (0, self.times - 1);
        }
        let rest = &self.text[self.at..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}

/// Most memory that this process ever had, megabytes; only where the system tells.
fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib * 1024.0 / 1e6)
}

/// Reads a file three times and prints the best rate, in megabytes of the unpacked text.
fn measure(what: &str, text: &[u8], times: usize, unpacked_len: usize, format: Format, workers: usize) {
    let options = ReadOptions { workers: Some(workers), ..ReadOptions::default() };
    let mut best_s = f64::INFINITY;
    let mut volumes = 0;
    for _ in 0..3 {
        let started = Instant::now();
        let mut rows = 0_u64;
        let mut sink = |row| {
            black_box(&row);
            rows += 1;
        };
        let file = Repeated { text, at: 0, times };
        let summary = read(file, "generated", format, &options, &mut sink, &|_| ());
        let seconds = started.elapsed().as_secs_f64();
        let summary = summary.unwrap_or_else(|problems| panic!("what was generated is good: {:?}", problems.first()));
        assert!(rows == summary.volumes && rows == summary.entries, "every feature is one volume");
        volumes = rows;
        best_s = best_s.min(seconds);
    }
    let rate = unpacked_len as f64 * times as f64 / 1e6 / best_s;
    let memory = peak_memory_mb().map_or(String::new(), |mb| format!(", peak memory {mb:.0} MB"));
    println!("{what}, {workers} worker(s): {volumes} volumes in {best_s:.2} s, {rate:.0} MB/s{memory}");
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let megabytes: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(256);
    let seed = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    let mut text = String::with_capacity(TEXT_MAX + 1000);
    let mut features = 0_u64;
    while text.len() < TEXT_MAX.min(megabytes * 1_000_000) {
        feature(features / VOLUMES, features % VOLUMES, &mut random, &mut text);
        features += 1;
    }
    let times = (megabytes * 1_000_000).div_ceil(text.len());
    let whole_mb = text.len() as f64 / 1e6;
    println!("{features} features of {} bytes, {whole_mb:.0} MB, {times} times", text.len() as u64 / features);
    for workers in [1, 2] {
        measure("ndjson", text.as_bytes(), times, text.len(), Format::NdJson, workers);
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).expect("memory takes it");
    let packed = packer.finish().expect("memory takes it");
    measure("ndjson.gz", &packed, times, text.len(), Format::NdJson, 2);
    let collection = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}]}}", text.trim_end().replace('\n', ",\n"));
    measure("geojson", collection.as_bytes(), times, collection.len(), Format::GeoJson, 2);
}
