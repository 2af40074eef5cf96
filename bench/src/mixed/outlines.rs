//! The outlines of the mixed set: stars and ways. Does not know where on the earth they come to lie.

use crate::splitmix::{Draws, unit_vector};
use deconflict_spacetime::LatLng;

const NOISE_SEED: u64 = 2_018;

/// An outline whose points are of type `P`.
#[derive(Clone, Debug, PartialEq)]
pub enum Outline<P = LatLng> {
    /// The vertices of a simple polygon, counter-clockwise.
    Polygon(Vec<P>),
    /// Everything within a radius.
    Circle {
        /// The centre.
        center: P,
        /// The radius, metres.
        radius_m: f64,
    },
    /// Everything within half a width of a line.
    Corridor {
        /// The line.
        waypoints: Vec<P>,
        /// Total width, metres.
        width_m: f64,
    },
}

impl<P> Outline<P> {
    /// The same outline with its points moved.
    pub(super) fn map<Q>(self, to: impl Fn(P) -> Q) -> Outline<Q> {
        match self {
            Self::Polygon(vertices) => Outline::Polygon(vertices.into_iter().map(to).collect()),
            Self::Circle { center, radius_m } => Outline::Circle { center: to(center), radius_m },
            Self::Corridor { waypoints, width_m } => {
                Outline::Corridor { waypoints: waypoints.into_iter().map(to).collect(), width_m }
            }
        }
    }
}

/// A polygon that sees all of its vertices from `center`, and so is simple; `number` seeds its coast.
///
/// With many vertices the coast is finer, not wilder: a vertex is in or out by a quarter of the radius with ten of them, and
/// by a fiftieth with thousands.
pub(super) fn star(number: u32, vertices: i64, center: [f64; 2], radius_m: f64) -> Vec<[f64; 2]> {
    let roughness = if vertices < 500 { 0.25 } else { 0.02 };
    let vertex = |k: i64| {
        let mut draws = Draws::of(NOISE_SEED ^ (u64::from(number) << 20), k.unsigned_abs());
        // In its own slot of the circle, away from both neighbours.
        let turn = (k as f64 + draws.between(0.2, 0.8)) / vertices as f64;
        let quadrant = turn * 4.0;
        let [dx, dy] = unit_vector(quadrant, quadrant - quadrant.floor());
        let bays = (turn * 3.0 - (turn * 3.0).floor() - 0.5).abs();
        let r = radius_m * (0.6 + 0.3 * bays + roughness * draws.unit());
        [center[0] + dx * r, center[1] + dy * r]
    };
    (0..vertices).map(vertex).collect()
}

/// A line of `legs` legs and roughly `length_m` that never turns by more than a right angle, through the middle of the district.
pub(super) fn way(draws: &mut Draws, legs: i64, length_m: f64) -> Vec<[f64; 2]> {
    let leg_m = length_m / legs as f64;
    let [mut dx, mut dy] = draws.direction();
    let mut at = [draws.between(-150e3, 150e3) - dx * length_m / 2.0, draws.between(-150e3, 150e3) - dy * length_m / 2.0];
    let mut line = vec![at];
    for _ in 0..legs {
        let leg_m = leg_m * draws.between(0.6, 1.4);
        at = [at[0] + dx * leg_m, at[1] + dy * leg_m];
        line.push(at);
        let [c, s] = unit_vector(0.0, draws.between(-0.4, 0.4));
        [dx, dy] = [dx * c - dy * s, dx * s + dy * c];
    }
    line
}
