//! The geodesic problems on WGS84. Knows points and azimuths, nothing of shapes.

use geographiclib_rs::{Geodesic, GeodesicLine, InverseGeodesic, geodesic_capability as caps};
use std::sync::LazyLock;

use crate::LatLng;

/// Distances are known to within this many metres; what lies inside counts as touching.
///
/// # Source
/// Proved in `docs/exactness.md`.
pub const UNDECIDED_M: f64 = 1e-3;

/// Mean radius of the earth, metres: for corrections that are iterated, never for an answer.
pub(crate) const MEAN_RADIUS_M: f64 = 6_371_008.8;
/// Smallest radius of curvature of WGS84 (the meridian at the equator, 6,335,439 m), rounded down, metres.
pub(crate) const LEAST_RADIUS_M: f64 = 6.335e6;

pub(crate) static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// A direction at a point, clockwise from true north, as its sine and cosine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Azimuth {
    pub sin: f64,
    pub cos: f64,
}

impl Azimuth {
    pub fn degrees(deg: f64) -> Self {
        let (sin, cos) = deg.to_radians().sin_cos();
        Self { sin, cos }
    }

    pub fn deg(self) -> f64 {
        self.sin.atan2(self.cos).to_degrees()
    }

    pub fn reversed(self) -> Self {
        Self { sin: -self.sin, cos: -self.cos }
    }

    /// Sine of the clockwise angle from `self` to `other`: positive if `other` points to the right of `self`.
    pub fn sin_to(self, other: Self) -> f64 {
        other.sin * self.cos - other.cos * self.sin
    }

    /// Cosine of the angle between the two.
    pub fn cos_to(self, other: Self) -> f64 {
        self.sin * other.sin + self.cos * other.cos
    }

    /// The clockwise angle from `self` to `other`, radians, −π to π.
    pub fn angle_to(self, other: Self) -> f64 {
        self.sin_to(other).atan2(self.cos_to(other))
    }
}

/// The solved inverse problem: length in metres, azimuths at the start and, still forward, at the end.
pub(crate) fn inverse(from: LatLng, to: LatLng) -> (f64, Azimuth, Azimuth) {
    let (_, length_m, sin1, cos1, sin2, cos2, ..) =
        WGS84._gen_inverse(from.lat_deg(), from.lng_deg(), to.lat_deg(), to.lng_deg(), caps::DISTANCE | caps::AZIMUTH);
    (length_m, Azimuth { sin: sin1, cos: cos1 }, Azimuth { sin: sin2, cos: cos2 })
}

/// A geodesic that leaves a point in a direction.
pub(crate) struct Line(GeodesicLine);

impl Line {
    pub fn new(from: LatLng, azimuth: Azimuth) -> Self {
        let want = caps::LATITUDE | caps::LONGITUDE | caps::AZIMUTH | caps::DISTANCE_IN;
        let (sin, cos) = (Some(azimuth.sin), Some(azimuth.cos));
        Self(GeodesicLine::new(&WGS84, from.lat_deg(), from.lng_deg(), 0.0, Some(want), sin, cos))
    }

    /// The point `along_m` metres along the line, and the azimuth of the line there.
    pub fn at(&self, along_m: f64) -> (LatLng, Azimuth) {
        let want = caps::LATITUDE | caps::LONGITUDE | caps::AZIMUTH;
        let (_, lat, lng, azimuth_deg, ..) = self.0._gen_position(false, along_m, want);
        (LatLng::wrapped(lat, lng), Azimuth::degrees(azimuth_deg))
    }
}

/// Length of the geodesic from `from` to `to`, in metres.
pub fn distance_m(from: LatLng, to: LatLng) -> f64 {
    WGS84.inverse(from.lat_deg(), from.lng_deg(), to.lat_deg(), to.lng_deg())
}

/// Azimuth at `from` of the geodesic to `to`: degrees clockwise from true north, 0 to 360.
pub fn azimuth_deg(from: LatLng, to: LatLng) -> f64 {
    let (azimuth, _, _): (f64, f64, f64) = WGS84.inverse(from.lat_deg(), from.lng_deg(), to.lat_deg(), to.lng_deg());
    azimuth.rem_euclid(360.0)
}

/// The point `distance_m` metres from `from` along the geodesic that leaves at `azimuth_deg`.
pub fn destination(from: LatLng, azimuth_deg: f64, distance_m: f64) -> LatLng {
    use geographiclib_rs::DirectGeodesic;
    let (lat, lng): (f64, f64) = WGS84.direct(from.lat_deg(), from.lng_deg(), azimuth_deg, distance_m);
    LatLng::wrapped(lat, lng)
}
