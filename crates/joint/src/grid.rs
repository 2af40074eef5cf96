//! The published grid: what is told to a party that may know of a conflict only, is rounded outward to it.
//!
//! What is hidden within a step stays hidden: two worlds whose overlap rounds to the same box, band and window look the same.

use deconflict_plan::report::Location;
use deconflict_spacetime::{Area, Bounds, LatLng, NS_PER_S, Time, TimeSpan, UNITS_PER_DEG, distance_m};
use serde_json::{Value, json};

/// Regions are told as a box of whole steps of latitude and longitude: a minute of arc, about a nautical mile.
pub const GRID_STEP_DEG: f64 = 1.0 / 60.0;
/// What exists is told as a box of steps of half a degree.
pub const COARSE_STEP_DEG: f64 = 0.5;
/// Bands are told in whole steps of this many metres.
pub const ALTITUDE_STEP_M: f64 = 100.0;
/// Windows are told in whole steps of this many seconds.
pub const TIME_STEP_S: i64 = 300;

/// Less than the least radius of curvature of the Earth, metres.
const EARTH_M: f64 = 6_300_000.0;

/// The points that a location is drawn with.
fn points(place: &Location) -> Vec<LatLng> {
    match place {
        Location::Point(at) => vec![*at],
        Location::Line(points) => points.clone(),
        Location::Region(region) => region
            .polygons()
            .iter()
            .flat_map(|polygon| polygon.outer.iter().chain(polygon.holes.iter().flatten()).copied())
            .collect(),
    }
}

/// A box around a location, rounded outward to `step_deg`: `[[south, west], [north, east]]`, degrees. Across the antimeridian `east` is
/// less than `west`.
pub fn around(place: &Location, step_deg: f64) -> Option<Value> {
    box_around(&points(place), step_deg)
}

/// As [`around`], of points.
pub fn box_around(points: &[LatLng], step_deg: f64) -> Option<Value> {
    let first = points.first()?;
    let turned = |lng: f64| first.lng_deg() + (lng - first.lng_deg() + 540.0).rem_euclid(360.0) - 180.0;
    let fold = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)))
    };
    let (south, north) = fold(&mut points.iter().map(|at| at.lat_deg()));
    let (west, east) = fold(&mut points.iter().map(|at| turned(at.lng_deg())));
    // The edge between two points may bulge out of the box of its ends: by less than this for edges that are no half turn.
    let longest_m = points.windows(2).map(|ends| distance_m(ends[0], ends[1])).fold(0.0, f64::max);
    let bulge_deg = (longest_m / EARTH_M * longest_m / 111_000.0).min(90.0);
    let (south, north) = (south - bulge_deg, north + bulge_deg);
    Some(outward([south, west, north, east], step_deg))
}

/// South, west, north and east, degrees, as a box of whole steps; `east` may be past 180.
fn outward([south, west, north, east]: [f64; 4], step_deg: f64) -> Value {
    let down = |deg: f64| (deg / step_deg).floor();
    let up = |deg: f64| (deg / step_deg).ceil();
    let degrees = |steps: f64| (steps * step_deg * 1e7).round() / 1e7;
    let wrapped = |deg: f64| if (-180.0..=180.0).contains(&deg) { deg } else { (deg + 540.0).rem_euclid(360.0) - 180.0 };
    let (south, north) = (degrees(down(south)).max(-90.0), degrees(up(north)).min(90.0));
    if east - west >= 359.0 {
        return json!([[south, -180.0], [north, 180.0]]);
    }
    json!([[south, wrapped(degrees(down(west)))], [north, wrapped(degrees(up(east)))]])
}

/// The box of coarse steps that holds an area.
pub fn coarse(area: &Area) -> Value {
    let bounds = Bounds::of(area);
    let degrees = |units: f64| units / f64::from(UNITS_PER_DEG);
    let (south, north) = (degrees(f64::from(bounds.south)), degrees(f64::from(bounds.north)));
    let west = degrees(f64::from(bounds.west));
    let east = west + degrees(f64::from(bounds.width));
    outward([south, west, north, east], COARSE_STEP_DEG)
}

/// A band of metres, rounded outward.
pub fn band(band_m: [f64; 2]) -> Value {
    json!([(band_m[0] / ALTITUDE_STEP_M).floor() * ALTITUDE_STEP_M, (band_m[1] / ALTITUDE_STEP_M).ceil() * ALTITUDE_STEP_M])
}

/// A window, rounded outward: `[start, end]` in RFC 3339.
pub fn window(span: TimeSpan) -> Value {
    const STEP_NS: i64 = TIME_STEP_S * NS_PER_S;
    let start = span.start().ns().div_euclid(STEP_NS).saturating_mul(STEP_NS);
    let end = -((-span.end().ns()).div_euclid(STEP_NS)).saturating_mul(STEP_NS);
    json!([deconflict_plan::words::rfc3339(Time::from_ns(start)), deconflict_plan::words::rfc3339(Time::from_ns(end))])
}
