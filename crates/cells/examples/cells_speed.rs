//! How long outlines take to become cells: `cargo run --release -p deconflict-cells --example cells_speed`.

use deconflict_cells::{AREA_MAX_KM2, CellsError, Limits, circle_cells, polygon_cells};
use deconflict_spacetime::{LatLng, destination};
use std::hint::black_box;
use std::time::Instant;

const LIMITS: Limits = Limits { area_km2: AREA_MAX_KM2, cells: 32_768 };

fn main() {
    let at = LatLng::degrees(34.4523, 40.9185).expect("a place");
    let ring = |corners: u32, radius_m: f64| -> Vec<LatLng> {
        (0..corners).map(|k| destination(at, 360.0 * f64::from(k) / f64::from(corners), radius_m)).collect()
    };
    let coast: Vec<LatLng> =
        (0..2_000_u32).map(|k| destination(at, 0.18 * f64::from(k), 1e4 * (1.0 + 0.2 * f64::from(k * 7 % 13) / 13.0))).collect();
    let spikes: Vec<LatLng> =
        (0..100_000_u32).map(|k| destination(at, 0.0036 * f64::from(k), if k.is_multiple_of(2) { 2e4 } else { 1e3 })).collect();
    // To and fro between two meridians 1 km apart, northward by 1 cm each time; back far in the west.
    let comb: Vec<LatLng> = (0..99_000_u32)
        .map(|k| LatLng::degrees(34.0 + 1e-7 * f64::from(k), if k.is_multiple_of(2) { 40.0 } else { 40.01 }).expect("a place"))
        .chain([LatLng::degrees(34.005, 39.99).expect("a place")])
        .collect();
    let across = LatLng::degrees(0.0, 45.0).expect("a place");
    for (name, vertices) in [
        ("square of 2 m", ring(4, 1.4)),
        ("hexagon of 2 km", ring(6, 1e3)),
        ("hexagon of 20 km", ring(6, 1e4)),
        ("hexagon of 2 km on two faces", (0..6).map(|k| destination(across, 60.0 * f64::from(k), 1e3)).collect()),
        ("sliver of 800 km by 1 m", vec![at, destination(at, 70.0, 8e5), destination(at, 71.0, 1.0)]),
        ("2,000 vertices, 20 km", ring(2_000, 1e4)),
        ("2,000 vertices, jagged", coast),
        ("100,000 vertices, 20 km", ring(100_000, 1e4)),
        ("100,000 vertices, comb", comb),
        ("100,000 vertices, spikes", spikes),
    ] {
        measure(name, || polygon_cells(black_box(&vertices), &LIMITS));
    }
    for (name, radius_m) in
        [("circle of 50 m", 50.0), ("circle of 1 km", 1e3), ("circle of 10 km", 1e4), ("circle of 28 km", 2.8e4)]
    {
        measure(name, || circle_cells(black_box(at), black_box(radius_m), &LIMITS));
    }
}

/// Prints the median of batches of about 10 ms.
fn measure(name: &str, make: impl Fn() -> Result<Vec<u64>, CellsError>) {
    let start = Instant::now();
    let answer = make().map_or_else(|refusal| refusal.to_string(), |cells| format!("{:5} cells", cells.len()));
    let batch = (0.01 / start.elapsed().as_secs_f64()).ceil().clamp(1.0, 1e5);
    let mut times: Vec<f64> = (0..15)
        .map(|_| {
            let start = Instant::now();
            let mut left = batch;
            while left > 0.0 {
                drop(black_box(make()));
                left -= 1.0;
            }
            start.elapsed().as_secs_f64() / batch
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:30} {:10.2} µs  {answer}", times[times.len() / 2] * 1e6);
}
