//! How fast altitudes are converted: `cargo run --release -p deconflict-spacetime --example geoid_speed`.

use std::time::Instant;

use deconflict_spacetime::{Altitude, AltitudeBand, AltitudeReference, Area, Bounds, Circle, Geoid, LatLng, Shape, band_to_w84};

const COUNT: i32 = 200_000;

fn main() {
    // Points along a spiral over the whole earth: no two of them near each other.
    let golden_deg = 137.507_764;
    let points: Vec<LatLng> = (0..COUNT)
        .map(|k| {
            let lat = (2.0 * (f64::from(k) + 0.5) / f64::from(COUNT) - 1.0).asin().to_degrees();
            let lng = (f64::from(k) * golden_deg).rem_euclid(360.0) - 180.0;
            LatLng::degrees(lat, lng).expect("a point")
        })
        .collect();
    let area = |at: &LatLng| Area::from(Shape::Circle(Circle::new(*at, 2000.0).expect("a circle")));
    let boxes: Vec<Bounds> = points.iter().map(|at| Bounds::of(&area(at))).collect();
    let amsl = |m| Altitude::metres(m, AltitudeReference::Amsl);
    let band = AltitudeBand::new(amsl(500.0), amsl(620.0)).expect("a band");

    let start = Instant::now();
    let sum: i64 = points.iter().map(|at| Geoid::Egm96.undulation(*at).um()).sum();
    report("undulations at a point", start, sum);
    let start = Instant::now();
    let convert = |bounds: &Bounds| band_to_w84(band, *bounds, Geoid::Egm96, None).expect("convertible").upper().um();
    let sum: i64 = boxes.iter().map(convert).sum();
    report("bands over a circle of 2 km", start, sum);
}

/// The sum keeps the work from being left out.
fn report(what: &str, start: Instant, sum: i64) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what}: {:.1} million a second (sum {sum})", f64::from(COUNT) / seconds / 1e6);
}
