//! Places far enough from each other to share no cell: a grid over central Europe, 3.3 km by 3.1 km and wider.

use deconflict_testbed::{Corner, Extent, Millis};

const PER_ROW: u64 = 160;
/// How many there are.
pub const SITES: u64 = PER_ROW * PER_ROW;
const FROM: Corner = Corner { lat: 46.0, lng: 6.0 };
const STEP: Corner = Corner { lat: 0.03, lng: 0.045 };
/// About 150 m.
const RADIUS: Corner = Corner { lat: 0.00135, lng: 0.002 };

/// Layers above each other, 30 m each and 20 m apart, where the population is.
pub const LAYERS: u64 = 4;
/// The layer above the population.
pub const TOP_LAYER: u64 = LAYERS;

/// The corners of a hexagon at the site with this number.
pub fn hexagon(site: u64) -> Vec<Corner> {
    const CORNERS: [(f64, f64); 6] = [(0.0, 1.0), (0.87, 0.5), (0.87, -0.5), (0.0, -1.0), (-0.87, -0.5), (-0.87, 0.5)];
    let (row, column) = ((site / PER_ROW % PER_ROW) as f64, (site % PER_ROW) as f64);
    // A coordinate is never finer than the 1e-7 degrees that clients give.
    let fine = |degrees: f64| (degrees * 1e7).round() / 1e7;
    let corner = |(north, east): (f64, f64)| Corner {
        lat: fine(FROM.lat + row * STEP.lat + north * RADIUS.lat),
        lng: fine(FROM.lng + column * STEP.lng + east * RADIUS.lng),
    };
    CORNERS.map(corner).to_vec()
}

/// The hexagon at a site, in a layer.
pub fn extent(site: u64, layer: u64, start: Millis, end: Millis) -> Extent {
    let lower_m = 500.0 + 50.0 * layer as f64;
    Extent { corners: hexagon(site), lower_m, upper_m: lower_m + 30.0, start, end }
}
