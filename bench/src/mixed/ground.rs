//! From metres around a place to points on the earth: anywhere, across the antimeridian, and on the poles.
//!
//! Good enough to draw a set with, and no better: a degree of longitude is as wide everywhere in a frame as at its centre, and
//! the angles around a pole err by 1e-5. Only + − × ÷ and √, so that every machine draws the same set.

use deconflict_spacetime::LatLng;

const METRES_PER_DEG: f64 = 111_200.0;

/// Where the metres are counted from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Frame {
    /// East and north of a point.
    Around { lat_deg: f64, lng_deg: f64 },
    /// Around the north pole, or the south pole.
    Pole { is_north: bool },
}

impl Frame {
    /// The point `x` metres east and `y` metres north of the centre, in whole 1e-7 degrees.
    pub(super) fn at(self, [x, y]: [f64; 2]) -> LatLng {
        let (lat_deg, lng_deg) = match self {
            Self::Around { lat_deg, lng_deg } => {
                (lat_deg + y / METRES_PER_DEG, lng_deg + x / (METRES_PER_DEG * cos_deg(lat_deg)))
            }
            Self::Pole { is_north } => {
                let from_pole_deg = (x * x + y * y).sqrt() / METRES_PER_DEG;
                let lat_deg = 90.0 - from_pole_deg;
                (if is_north { lat_deg } else { -lat_deg }, angle_deg(x, y))
            }
        };
        let lng_deg = if lng_deg > 180.0 { lng_deg - 360.0 } else { lng_deg };
        let lng_deg = if lng_deg < -180.0 { lng_deg + 360.0 } else { lng_deg };
        LatLng::degrees(seven_digits(lat_deg), seven_digits(lng_deg)).expect("a frame lies on the earth")
    }
}

/// Bhaskara's cosine of up to 90 degrees either way, good to 0.2 %.
fn cos_deg(deg: f64) -> f64 {
    (32_400.0 - 4.0 * deg * deg) / (32_400.0 + deg * deg)
}

/// The angle from the x-axis to a point, −180 to 180 degrees, within 0.001 degrees.
fn angle_deg(x: f64, y: f64) -> f64 {
    if x == 0.0 && y == 0.0 {
        return 0.0;
    }
    let from_axis = if y.abs() <= x.abs() { arctangent_deg(y.abs() / x.abs()) } else { 90.0 - arctangent_deg(x.abs() / y.abs()) };
    let above = if x >= 0.0 { from_axis } else { 180.0 - from_axis };
    if y >= 0.0 { above } else { -above }
}

/// Arctangent of 0 to 1. Source: Abramowitz and Stegun, 4.4.47.
fn arctangent_deg(t: f64) -> f64 {
    let s = t * t;
    let radians = t * (0.999_866_0 + s * (-0.330_299_5 + s * (0.180_141_0 + s * (-0.085_133_0 + s * 0.020_835_1))));
    radians * (180.0 / std::f64::consts::PI)
}

fn seven_digits(deg: f64) -> f64 {
    (deg * 1e7).round_ties_even() / 1e7
}

#[cfg(test)]
#[path = "ground_tests.rs"]
mod tests;
