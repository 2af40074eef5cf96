//! Random shapes, and a slow obvious oracle: minima by golden section on geodesic distances, insides by winding number.
//!
//! The oracle shares nothing with the engine but the library that solves the geodesic problems.
#![allow(dead_code, missing_docs, reason = "each test uses a part")]

use deconflict_spacetime::{Circle, Corridor, LatLng, Polygon, Polyline, Shape, azimuth_deg, destination, distance_m};

/// A seeded generator (SplitMix64), so that a failure can be repeated.
pub struct Rng(pub u64);

impl Rng {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform in the logarithm.
    pub fn log_range(&mut self, low: f64, high: f64) -> f64 {
        self.range(low.ln(), high.ln()).exp()
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }

    /// A place at a mid latitude, at a pole, or on the antimeridian.
    pub fn place(&mut self) -> LatLng {
        match self.below(4) {
            0 => LatLng::degrees(self.range(-89.9, 89.9), self.range(-180.0, 180.0)),
            1 => LatLng::degrees([90.0, -90.0, 89.99, -89.5][self.below(4) as usize], self.range(-180.0, 180.0)),
            2 => LatLng::degrees(self.range(-70.0, 70.0), [180.0, -179.99, 179.9][self.below(3) as usize]),
            _ => LatLng::degrees(self.range(20.0, 60.0), self.range(-20.0, 60.0)),
        }
        .unwrap()
    }

    /// A shape of kind 0 (polygon), 1 (circle) or 2 (corridor) of about `size_m` around `center`; edges at most 1,000 km.
    pub fn shape(&mut self, kind: u64, center: LatLng, size_m: f64) -> Shape {
        loop {
            let shape = match kind {
                0 => Polygon::new(self.star(center, size_m)).ok().map(Shape::Polygon),
                1 => Circle::new(center, size_m).ok().map(Shape::Circle),
                _ => {
                    let mut line = vec![center];
                    let mut heading_deg = self.range(0.0, 360.0);
                    for _ in 0..=self.below(4) {
                        heading_deg += self.range(-100.0, 100.0);
                        line.push(destination(line[line.len() - 1], heading_deg, size_m * self.range(0.2, 1.0)));
                    }
                    let width_m = size_m * self.log_range(0.001, 0.3);
                    Polyline::new(line).ok().and_then(|line| Corridor::new(line, width_m).ok()).map(Shape::Corridor)
                }
            };
            if let Some(shape) = shape {
                return shape;
            }
        }
    }

    /// Vertices in the order of their azimuth from `center`.
    pub fn star(&mut self, center: LatLng, size_m: f64) -> Vec<LatLng> {
        let count = 3 + self.below(9);
        let turn_deg = self.range(0.0, 360.0);
        let clockwise = self.below(2) == 0;
        let mut vertices: Vec<LatLng> = (0..count)
            .map(|k| {
                let azimuth_deg = turn_deg + 360.0 * (k as f64 + self.range(-0.3, 0.3)) / count as f64;
                destination(center, azimuth_deg, size_m * self.range(0.3, 1.0))
            })
            .collect();
        if !clockwise {
            vertices.reverse();
        }
        vertices
    }
}

/// The least of `f` on `low..high`, where it has one valley.
fn golden(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let ratio = 0.5 * (5_f64.sqrt() - 1.0);
    let (mut s, mut t) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_s, mut at_t) = (f(s), f(t));
    let mut best = at_s.min(at_t);
    while high - low > 1e-5 {
        if at_s < at_t {
            (high, t, at_t) = (t, s, at_s);
            s = high - ratio * (high - low);
            at_s = f(s);
        } else {
            (low, s, at_s) = (s, t, at_t);
            t = low + ratio * (high - low);
            at_t = f(t);
        }
        best = best.min(at_s).min(at_t);
    }
    best.min(f(low)).min(f(high))
}

/// A geodesic edge of the oracle.
#[derive(Clone, Copy)]
pub struct Edge {
    a: LatLng,
    b: LatLng,
    azimuth_deg: f64,
    length_m: f64,
}

impl Edge {
    pub fn new(a: LatLng, b: LatLng) -> Self {
        Self { a, b, azimuth_deg: azimuth_deg(a, b), length_m: distance_m(a, b) }
    }

    pub fn at(&self, along_m: f64) -> LatLng {
        if along_m <= 0.0 {
            self.a
        } else if along_m >= self.length_m {
            self.b
        } else {
            destination(self.a, self.azimuth_deg, along_m)
        }
    }

    /// Distance from a point: convex along a geodesic nearer than a quarter of the earth.
    pub fn distance_to_point(&self, p: LatLng) -> f64 {
        golden(0.0, self.length_m, |along_m| distance_m(self.at(along_m), p))
    }

    fn distance(&self, other: &Self) -> f64 {
        let samples = 48_u32;
        let step_m = self.length_m / f64::from(samples);
        let at = |along_m: f64| other.distance_to_point(self.at(along_m));
        let mut sampled: Vec<(f64, f64)> = (0..=samples).map(|k| f64::from(k) * step_m).map(|m| (at(m), m)).collect();
        sampled.sort_by(|p, q| p.0.total_cmp(&q.0));
        let refine = |along_m: f64| golden((along_m - step_m).max(0.0), (along_m + step_m).min(self.length_m), at);
        sampled[..3].iter().map(|&(_, along_m)| refine(along_m)).fold(sampled[0].0, f64::min)
    }

    /// Bounds on the distance from a few samples: distances change by at most a metre per metre.
    fn bounds(&self, other: &Self) -> (f64, f64) {
        let samples = 4;
        let fraction = |k: u32| (f64::from(k) + 0.5) / f64::from(samples);
        let least = (0..samples)
            .flat_map(|i| (0..samples).map(move |j| (i, j)))
            .map(|(i, j)| distance_m(self.at(self.length_m * fraction(i)), other.at(other.length_m * fraction(j))))
            .fold(f64::INFINITY, f64::min);
        (least - (self.length_m + other.length_m) / (2.0 * f64::from(samples)), least)
    }
}

/// The edges of a shape's core, and its buffer radius.
pub fn edges(shape: &Shape) -> (Vec<Edge>, f64) {
    match shape {
        Shape::Polygon(polygon) => {
            let v = polygon.vertices();
            ((0..v.len()).map(|i| Edge::new(v[i], v[(i + 1) % v.len()])).collect(), 0.0)
        }
        Shape::Circle(circle) => (vec![Edge::new(circle.center(), circle.center())], circle.radius_m()),
        Shape::Corridor(corridor) => {
            (corridor.line().waypoints().windows(2).map(|w| Edge::new(w[0], w[1])).collect(), corridor.width_m() / 2.0)
        }
    }
}

/// Whether the azimuths from `p` to the vertices go once round.
pub fn winds_around(vertices: &[LatLng], p: LatLng) -> bool {
    let azimuths: Vec<f64> = vertices.iter().map(|&v| azimuth_deg(p, v)).collect();
    let turn_deg = |i: usize| {
        let turn = azimuths[(i + 1) % azimuths.len()] - azimuths[i];
        (turn + 180.0).rem_euclid(360.0) - 180.0
    };
    (0..azimuths.len()).map(turn_deg).sum::<f64>().abs() > 180.0
}

/// The gap between two shapes by brute force, metres.
pub fn oracle_gap_m(one: &Shape, two: &Shape) -> f64 {
    let ((edges_1, r1), (edges_2, r2)) = (edges(one), edges(two));
    for (outer, inner) in [(one, &edges_2), (two, &edges_1)] {
        if let Shape::Polygon(polygon) = outer
            && winds_around(polygon.vertices(), inner[0].a)
        {
            return 0.0;
        }
    }
    let mut pairs: Vec<(f64, f64, &Edge, &Edge)> = Vec::new();
    for a in &edges_1 {
        for b in &edges_2 {
            let (low, high) = a.bounds(b);
            pairs.push((low, high, a, b));
        }
    }
    pairs.sort_by(|p, q| p.1.total_cmp(&q.1));
    let mut best = pairs[0].1;
    for (low, _, a, b) in pairs {
        if low < best {
            best = best.min(if b.length_m > a.length_m { b.distance(a) } else { a.distance(b) });
        }
    }
    (best - r1 - r2).max(0.0)
}
