//! EGM96: how high the geoid lies above the WGS84 ellipsoid, as a spline. Does not know altitudes.
//!
//! `data/egm96.bin` holds the coefficients of a bicubic spline with a knot every 24′ of latitude and longitude, fitted to the
//! 15′ grid that NGA publishes; `data/egm96.py` makes it. A value costs 16 of them; a spline never leaves the span of the
//! coefficients that it is made of, nor its slope that of their differences, which bounds it over a whole box.

use crate::{Bounds, LatLng, UNITS_PER_DEG};

/// Coefficients by rows from 90° N to 90° S, each from 0° eastward: centimetres, 16 bit, little-endian.
static COEFFICIENTS: &[u8; 2 * ROWS as usize * COLUMNS as usize] = include_bytes!("../data/egm96.bin");
const ROWS: i64 = 451;
const COLUMNS: i64 = 900;
/// Knots in a degree.
const PER_DEG: f64 = 2.5;

/// The spline differs from EGM96 by less than this, metres: by 0.15 at most at the 2 million points of the 15′ grid and
/// in the middle between them, by 0.009 in the mean square. `tests/data/egm96.txt` has the worst.
pub(crate) const ERROR_M: f64 = 0.2;

/// Height of the geoid above the ellipsoid, metres.
pub(crate) fn height_m(at: LatLng) -> f64 {
    value((90.0 - at.lat_deg()) * PER_DEG, at.lng_deg() * PER_DEG) / 100.0
}

/// The least and the greatest height over a box, metres: no height in it is outside them; they may be a little too far apart.
pub(crate) fn range_m(bounds: Bounds) -> (f64, f64) {
    let knots = |units: f64| units / f64::from(UNITS_PER_DEG) * PER_DEG;
    let pole = 90.0 * PER_DEG;
    let (north, south) = (pole - knots(bounds.north.into()), pole - knots(bounds.south.into()));
    let west = knots(bounds.west.into());
    let east = west + knots(bounds.width.into());
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut step_south, mut step_east) = (0.0_f64, 0.0_f64);
    let (rows, columns) = (floor(north) - 1..=floor(south) + 2, floor(west) - 1..=floor(east) + 2);
    for row in rows.clone() {
        for column in columns.clone() {
            let here = coefficient(row, column);
            (least, most) = (least.min(here), most.max(here));
            if row > *rows.start() {
                step_south = step_south.max((here - coefficient(row - 1, column)).abs());
            }
            if column > *columns.start() {
                step_east = step_east.max((here - coefficient(row, column - 1)).abs());
            }
        }
    }
    // From the middle it cannot rise or fall by more than the greatest slope times the way to the edges.
    let middle = value(f64::midpoint(north, south), f64::midpoint(west, east));
    let strays = step_south * (south - north) / 2.0 + step_east * (east - west) / 2.0;
    (least.max(middle - strays) / 100.0, most.min(middle + strays) / 100.0)
}

/// The spline, centimetres, so many knots from the north pole and from the zero meridian.
fn value(south: f64, east: f64) -> f64 {
    let (row, column) = (floor(south), floor(east));
    let along = weights(east - east.floor());
    let of_row = |row: i64| (-1..).zip(along).map(|(step, weight)| weight * coefficient(row, column + step)).sum::<f64>();
    (-1..).zip(weights(south - south.floor())).map(|(step, weight)| weight * of_row(row + step)).sum()
}

/// What the four coefficients around a place count for; it lies `t` of the way from the second to the third.
fn weights(t: f64) -> [f64; 4] {
    let u = 1.0 - t;
    let inner = |t: f64| (3.0 * t * t * (t - 2.0) + 4.0) / 6.0;
    [u * u * u / 6.0, inner(t), inner(u), t * t * t / 6.0]
}

/// A coefficient, centimetres. Rows go on over the poles, where a meridian continues in the opposite one.
#[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)]
fn coefficient(row: i64, column: i64) -> f64 {
    let (row, column) = match row {
        ..0 => (-row, column + COLUMNS / 2),
        ROWS.. => (2 * (ROWS - 1) - row, column + COLUMNS / 2),
        _ => (row, column),
    };
    let at = 2 * (row * COLUMNS + column.rem_euclid(COLUMNS)) as usize;
    i16::from_le_bytes([COEFFICIENTS[at], COEFFICIENTS[at + 1]]).into()
}

#[allow(clippy::cast_possible_truncation)]
fn floor(knots: f64) -> i64 {
    knots.floor() as i64
}

#[cfg(test)]
#[path = "egm96_tests.rs"]
mod tests;
