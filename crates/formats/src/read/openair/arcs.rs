//! Rings with arcs in them, drawn with straight edges that never cut anything off. Does not know lines of text.
//!
//! Where the inside is on the side of the centre, the edges touch the arc from outside; where it is on the other side,
//! they are its chords, which bite less out of the ring than the arc. Either way the ring drawn holds the ring meant, and
//! reaches at most [`ARC_ERROR_M`] (and a centimetre for rounding) beyond it, but for arcs whose ends are not as far from
//! the centre as each other.

use deconflict_spacetime::{LatLng, azimuth_deg, destination, distance_m};

use super::super::outline::{LngLat, Reason, place};

/// How far the drawn ring reaches beyond an arc, metres.
const ARC_ERROR_M: f64 = 2.0;
/// More than rounding and the earth's shape add to it, metres.
const MARGIN_M: f64 = 0.01;
/// An arc this near to a whole turn is one, degrees.
const WHOLE_TURN_DEG: f64 = 359.999;

/// One side of an airspace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    /// A corner.
    Point(LngLat),
    /// An arc, with the radius changing evenly from one end to the other.
    Arc {
        /// The centre.
        center: LngLat,
        /// Radii at its ends, metres.
        radii_m: [f64; 2],
        /// Azimuth of its start from the centre, degrees.
        from_deg: f64,
        /// How far it turns, degrees, clockwise positive.
        turn_deg: f64,
        /// Its ends, where the file gives them.
        ends: Option<[LngLat; 2]>,
    },
    /// A whole circle.
    Circle {
        /// The centre.
        center: LngLat,
        /// The radius, metres.
        radius_m: f64,
    },
}

/// The place of a position that was checked when it was read.
fn known(at: LngLat) -> LatLng {
    place(at).expect("a position of the file was checked when it was read")
}

impl Side {
    /// The arc between two azimuths.
    pub fn between_angles(center: LngLat, radius_m: f64, from_deg: f64, until_deg: f64, counter_clockwise: bool) -> Self {
        let turn_deg = turn(from_deg, until_deg, counter_clockwise);
        if turn_deg.abs() >= WHOLE_TURN_DEG {
            return Self::Circle { center, radius_m };
        }
        Self::Arc { center, radii_m: [radius_m; 2], from_deg, turn_deg, ends: None }
    }

    /// The arc between two points.
    ///
    /// # Errors
    /// The points are not about as far from the centre as each other.
    pub fn between_ends(center: LngLat, ends: [LngLat; 2], counter_clockwise: bool) -> Result<Self, Reason> {
        let middle = known(center);
        let radii_m = ends.map(|end| distance_m(middle, known(end)));
        let (least, most) = (radii_m[0].min(radii_m[1]), radii_m[0].max(radii_m[1]));
        // Coordinates are rounded, those in whole minutes by up to a kilometre.
        if least <= 0.0 || most > 1e6 || most - least > 0.05 * most + 500.0 {
            let found = format!("ends {:.0} m and {:.0} m from the centre", radii_m[0], radii_m[1]);
            return Err((found, "two points about as far from the centre as each other".to_owned()));
        }
        let [from_deg, until_deg] = ends.map(|end| azimuth_deg(middle, known(end)));
        let turn_deg = turn(from_deg, until_deg, counter_clockwise);
        if turn_deg.abs() >= WHOLE_TURN_DEG {
            return Ok(Self::Circle { center, radius_m: most });
        }
        Ok(Self::Arc { center, radii_m, from_deg, turn_deg, ends: Some(ends) })
    }

    /// The centre and the radius of a circle.
    pub const fn as_circle(&self) -> Option<(LngLat, f64)> {
        match *self {
            Self::Circle { center, radius_m } => Some((center, radius_m)),
            Self::Point(_) | Self::Arc { .. } => None,
        }
    }

    /// Adds its corners to a ring that turns clockwise or not; says how far it reaches beyond the arc, metres.
    fn draw(&self, ring_clockwise: bool, ring: &mut Vec<LngLat>) -> f64 {
        let (center, radii_m, from_deg, turn_deg, ends) = match *self {
            Self::Arc { center, radii_m, from_deg, turn_deg, ends } => (known(center), radii_m, from_deg, turn_deg, ends),
            Self::Point(at) | Self::Circle { center: at, .. } => {
                ring.push(at);
                return 0.0;
            }
        };
        let most_m = radii_m[0].max(radii_m[1]);
        // A chord over this angle is the permitted error from its arc.
        let step_max_deg = (2.0 * (1.0 - (ARC_ERROR_M / most_m).min(0.1)).acos()).to_degrees().min(30.0);
        let steps = (turn_deg.abs() / step_max_deg).ceil().max(1.0);
        let step_deg = turn_deg / steps;
        let half_cos = (step_deg / 2.0).to_radians().cos();
        let at = |along: f64, m: f64| {
            let at = destination(center, (from_deg + along * step_deg).rem_euclid(360.0), m);
            [at.lng_deg(), at.lat_deg()]
        };
        let radius_m = |along: f64| radii_m[0] + (radii_m[1] - radii_m[0]) * (along / steps);
        let [start, end] = ends.unwrap_or_else(|| [at(0.0, radii_m[0]), at(steps, radii_m[1])]);
        ring.push(start);
        let outside = (turn_deg > 0.0) == ring_clockwise;
        let mut step = 0.0;
        while step < steps {
            if outside {
                let touching_m = radius_m(step).max(radius_m(step + 1.0));
                ring.push(at(step + 0.5, touching_m / half_cos + MARGIN_M));
            } else if step > 0.0 {
                ring.push(at(step, (radius_m(step) - MARGIN_M).max(0.0)));
            }
            step += 1.0;
        }
        ring.push(end);
        most_m * (1.0 / half_cos - 1.0) + (radii_m[0] - radii_m[1]).abs() / steps + MARGIN_M
    }
}

/// From one azimuth to another in the given direction, degrees, clockwise positive; a whole turn if they are the same.
fn turn(from_deg: f64, until_deg: f64, counter_clockwise: bool) -> f64 {
    let clockwise = (until_deg - from_deg).rem_euclid(360.0);
    match (counter_clockwise, clockwise <= 0.0) {
        (false, true) => 360.0,
        (false, false) => clockwise,
        (true, true) => -360.0,
        (true, false) => clockwise - 360.0,
    }
}

/// The ring of several sides, and how far it reaches beyond what it stands for, metres.
pub fn ring(sides: &[Side]) -> (Vec<LngLat>, f64) {
    let mut rough = Vec::new();
    for side in sides {
        side.draw(false, &mut rough);
    }
    let clockwise = doubled_area(&rough) < 0.0;
    let mut ring = Vec::new();
    let errors = sides.iter().map(|side| side.draw(clockwise, &mut ring));
    let error_m = errors.fold(0.0, f64::max);
    (ring, error_m)
}

/// Twice the area of a ring on a map of longitude and latitude, positive if it turns counter-clockwise. Its size means nothing.
fn doubled_area(ring: &[LngLat]) -> f64 {
    let Some(&[west, _]) = ring.first() else { return 0.0 };
    // Longitudes are counted from the first corner, so that the antimeridian does not matter.
    let flat = |[lng, lat]: LngLat| [(lng - west + 180.0).rem_euclid(360.0) - 180.0, lat];
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    pairs.map(|(&a, &b)| (flat(a), flat(b))).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
}

#[cfg(test)]
#[path = "arcs_tests.rs"]
mod tests;
