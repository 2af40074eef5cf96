//! Earth-centred cartesian vectors, for lower bounds on distance. Decides nothing: a chord is never longer than the geodesic.

use crate::LatLng;

/// Equatorial radius of WGS84, metres.
const EQUATORIAL_M: f64 = 6_378_137.0;
/// First eccentricity of WGS84, squared.
const E2: f64 = 0.006_694_379_990_141_317;

/// A place in the earth-centred, earth-fixed frame, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ecef {
    x: f64,
    y: f64,
    z: f64,
}

impl Ecef {
    /// The point of the ellipsoid at `at`.
    pub fn of(at: LatLng) -> Self {
        let (sin_lat, cos_lat) = at.lat_deg().to_radians().sin_cos();
        let (sin_lng, cos_lng) = at.lng_deg().to_radians().sin_cos();
        let normal = EQUATORIAL_M / (1.0 - E2 * sin_lat * sin_lat).sqrt();
        Self { x: normal * cos_lat * cos_lng, y: normal * cos_lat * sin_lng, z: normal * (1.0 - E2) * sin_lat }
    }

    /// The surface point in this direction, exact only on the surface; the earth's centre gives 0 N 0 E.
    pub fn to_latlng(self) -> LatLng {
        let lat = self.z.atan2((1.0 - E2) * self.x.hypot(self.y));
        LatLng::wrapped(lat.to_degrees(), self.y.atan2(self.x).to_degrees())
    }

    pub fn minus(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y, z: self.z - other.z }
    }

    /// `self + t · (to − self)`.
    pub fn toward(self, to: Self, t: f64) -> Self {
        Self { x: self.x + t * (to.x - self.x), y: self.y + t * (to.y - self.y), z: self.z + t * (to.z - self.z) }
    }

    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub fn distance(self, other: Self) -> f64 {
        let d = self.minus(other);
        d.dot(d).sqrt()
    }

    /// The mean of `points`; the earth's centre if there are none.
    pub fn mean(points: impl Iterator<Item = Self>) -> Self {
        let (mut sum, mut count) = (Self { x: 0.0, y: 0.0, z: 0.0 }, 0.0);
        for p in points {
            sum = Self { x: sum.x + p.x, y: sum.y + p.y, z: sum.z + p.z };
            count += 1.0;
        }
        let count = f64::max(count, 1.0);
        Self { x: sum.x / count, y: sum.y / count, z: sum.z / count }
    }

    pub fn x(self) -> f64 {
        self.x
    }
}

/// Where along the chord from `a` to `b` (0 to 1) the point nearest to `p` lies.
pub(crate) fn chord_fraction(p: Ecef, a: Ecef, b: Ecef) -> f64 {
    let along = b.minus(a);
    let length2 = along.dot(along);
    if length2 > 0.0 { (p.minus(a).dot(along) / length2).clamp(0.0, 1.0) } else { 0.0 }
}

/// Distance from `p` to the chord from `a` to `b`, metres.
pub(crate) fn point_chord(p: Ecef, a: Ecef, b: Ecef) -> f64 {
    p.distance(a.toward(b, chord_fraction(p, a, b)))
}

/// Distance between the chords `a`–`b` and `c`–`d`, metres, to a ten-millionth of their lengths.
pub(crate) fn chord_chord(a: Ecef, b: Ecef, c: Ecef, d: Ecef) -> f64 {
    let ends = point_chord(a, c, d).min(point_chord(b, c, d)).min(point_chord(c, a, b)).min(point_chord(d, a, b));
    let (u, v, w) = (b.minus(a), d.minus(c), a.minus(c));
    let (uu, uv, vv, uw, vw) = (u.dot(u), u.dot(v), v.dot(v), u.dot(w), v.dot(w));
    let det = uu * vv - uv * uv;
    // Parallel chords are nearest at an end.
    if det <= 1e-15 * uu * vv {
        return ends;
    }
    let (s, t) = ((uv * vw - vv * uw) / det, (uu * vw - uv * uw) / det);
    if (0.0..=1.0).contains(&s) && (0.0..=1.0).contains(&t) { ends.min(a.toward(b, s).distance(c.toward(d, t))) } else { ends }
}
