//! Random and adversarial outlines, and two oracles: what Go S2 gives (by way of `s2rst`), and true geodesics (`spacetime`).
#![allow(dead_code, missing_docs, reason = "each test uses a part")]

use deconflict_cells::{AREA_MAX_KM2, CellsError, Limits, circle_cells, polygon_cells};
use deconflict_spacetime::{Area, Circle, LatLng, Polygon, Shape, destination};
use s2rst::s1::Angle;
use s2rst::s2::Region;
use s2rst::s2::polyline::Polyline;
use s2rst::s2::region_coverer::RegionCoverer;
use s2rst::s2::{self, Cell, CellId, Level, Loop};

pub const LIMITS: Limits = Limits { area_km2: AREA_MAX_KM2, cells: 32_768 };
pub const LEVEL: Level = Level::new(13);

/// How many cases a test looks at: `DECONFLICT_CASES`, else `usual`.
pub fn cases(usual: u64) -> u64 {
    std::env::var("DECONFLICT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// An outline as a client sends it.
#[derive(Clone, Debug)]
pub enum Outline {
    Polygon(Vec<LatLng>),
    Circle(LatLng, f64),
}

impl Outline {
    pub fn cells(&self) -> Result<Vec<u64>, CellsError> {
        match self {
            Self::Polygon(vertices) => polygon_cells(vertices, &LIMITS),
            Self::Circle(center, radius_m) => circle_cells(*center, *radius_m, &LIMITS),
        }
    }

    /// The true area; `None` where `spacetime` refuses the outline.
    pub fn area(&self) -> Option<Area> {
        let shape = match self {
            Self::Polygon(vertices) => Polygon::new(vertices.clone()).ok().map(Shape::Polygon),
            Self::Circle(center, radius_m) => Circle::new(*center, *radius_m).ok().map(Shape::Circle),
        };
        shape.map(Area::from)
    }

    /// What InterUSS stores, ascending.
    pub fn go_cells(&self) -> Vec<u64> {
        match self {
            Self::Circle(center, radius_m) => {
                cover(&Loop::make_regular(point(*center), Angle::from_radians(radius_m / 6_371_010.0), 20))
            }
            Self::Polygon(vertices) => {
                let mut points: Vec<s2::Point> = vertices.iter().map(|&at| point(at)).collect();
                let km2 =
                    |points: &[s2::Point]| Loop::new(points.to_vec()).area() * 510_072_000.0 / (2.0 * std::f64::consts::TAU);
                if km2(&points) > AREA_MAX_KM2 {
                    points.reverse();
                }
                if km2(&points) <= 0.0 { cover(&Polyline::new(points)) } else { cover(&Loop::new(points)) }
            }
        }
    }
}

pub fn cover(region: &dyn Region) -> Vec<u64> {
    let union = RegionCoverer::new().min_level(LEVEL).max_level(LEVEL).covering(region);
    let mut ids: Vec<u64> = union.cell_ids().iter().map(|id| id.id()).collect();
    ids.sort_unstable();
    ids
}

pub fn point(at: LatLng) -> s2::Point {
    s2::LatLng::from_degrees(at.lat_deg(), at.lng_deg()).to_point()
}

pub fn latlng(point: s2::Point) -> LatLng {
    let at = s2::LatLng::from_point(point);
    LatLng::degrees(at.lat.degrees(), at.lng.degrees()).unwrap()
}

pub fn cell_of(at: LatLng) -> CellId {
    CellId::from_point(&point(at)).parent_at_level(LEVEL)
}

/// The corners of a cell, counter-clockwise.
pub fn corners(id: CellId) -> [LatLng; 4] {
    s2::CellVertex::ALL.map(|k| latlng(Cell::from(id).vertex(k)))
}

/// A cell as a true area. Its sides are great circles, which geodesics follow to under a millimetre at this length.
pub fn cell_area(id: CellId) -> Area {
    Area::from(Shape::Polygon(Polygon::new(corners(id).to_vec()).unwrap()))
}

pub fn share_a_cell(one: &[u64], two: &[u64]) -> bool {
    one.iter().any(|id| two.binary_search(id).is_ok())
}

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

    pub fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }

    /// Anywhere; at or near a pole; on the antimeridian; on the equator; where faces of the S2 cube meet; on the corner or
    /// side of a cell.
    pub fn place(&mut self) -> LatLng {
        let (lat, lng) = match self.below(9) {
            0 | 1 => (self.range(-1.0, 1.0).asin().to_degrees(), self.range(-180.0, 180.0)),
            2 => (self.one_of(&[90.0, -90.0, 89.999_99, 89.99, -89.5]), self.range(-180.0, 180.0)),
            3 => (self.range(-80.0, 80.0), self.one_of(&[180.0, -180.0, -179.999, 179.99])),
            4 => (self.one_of(&[0.0, 1e-9, -1e-4]), self.range(-180.0, 180.0)),
            5 => (self.range(-35.0, 35.0), self.one_of(&[45.0, -45.0, 135.0, -135.0, 45.000_01])),
            6 => {
                // The corners of the cube.
                let lat = 0.5_f64.sqrt().atan().to_degrees();
                (self.one_of(&[lat, -lat]), self.one_of(&[45.0, -45.0, 135.0, -135.0]))
            }
            _ => {
                let somewhere = LatLng::degrees(self.range(-1.0, 1.0).asin().to_degrees(), self.range(-180.0, 180.0)).unwrap();
                return self.on_cell(cell_of(somewhere));
            }
        };
        LatLng::degrees(lat, lng).unwrap()
    }

    /// A corner of the cell, or a place on one of its sides.
    pub fn on_cell(&mut self, id: CellId) -> LatLng {
        let corner = self.below(4) as usize;
        let cell = Cell::from(id);
        let (a, b) = (cell.vertex(s2::CellVertex::ALL[corner]), cell.vertex(s2::CellVertex::ALL[(corner + 1) % 4]));
        let t = if self.below(2) == 0 { 0.0 } else { self.unit() };
        latlng(s2::Point(a.0 * (1.0 - t) + b.0 * t).normalize())
    }

    /// A length: drones, cities, the limit; or a millimetre.
    pub fn size_m(&mut self) -> f64 {
        match self.below(8) {
            0 => self.log_range(0.002, 2.0),
            1 => self.log_range(5e3, 2.5e4),
            2 | 3 => self.log_range(2.0, 100.0),
            _ => self.log_range(100.0, 5e3),
        }
    }

    /// Vertices in the order of their azimuth from `center`, 0.3 to 1 times `size_m` away.
    pub fn star(&mut self, center: LatLng, size_m: f64) -> Vec<LatLng> {
        let count = 3 + self.below(9);
        let turn_deg = self.range(0.0, 360.0);
        let mut vertices: Vec<LatLng> = (0..count)
            .map(|k| {
                let azimuth_deg = turn_deg + 360.0 * (k as f64 + self.range(-0.3, 0.3)) / count as f64;
                destination(center, azimuth_deg, size_m * self.range(0.3, 1.0))
            })
            .collect();
        if self.below(2) == 0 {
            vertices.reverse();
        }
        vertices
    }

    /// A triangle or quadrangle from `at` along an azimuth, much longer than wide.
    pub fn sliver(&mut self, at: LatLng, azimuth_deg: f64, length_m: f64) -> Vec<LatLng> {
        let width_m = (length_m * self.log_range(1e-6, 0.05)).clamp(0.005, 2e9 / length_m);
        let end = destination(at, azimuth_deg, length_m);
        let beside_start = destination(at, deconflict_spacetime::azimuth_deg(at, end) + 90.0, width_m);
        let beside_end = destination(end, deconflict_spacetime::azimuth_deg(end, at) - 90.0, width_m);
        if self.below(2) == 0 { vec![at, end, beside_start] } else { vec![at, end, beside_end, beside_start] }
    }

    pub fn outline(&mut self, at: LatLng, size_m: f64) -> Outline {
        match self.below(5) {
            0 | 1 => Outline::Circle(at, size_m),
            2 => {
                let azimuth_deg = self.range(0.0, 360.0);
                let length_m = if self.below(4) == 0 { self.log_range(2e4, 9e5) } else { size_m };
                Outline::Polygon(self.sliver(at, azimuth_deg, length_m))
            }
            _ => Outline::Polygon(self.star(at, size_m)),
        }
    }
}
