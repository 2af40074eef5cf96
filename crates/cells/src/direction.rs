//! Places as unit vectors, and the six maps of the S2 cube. Does not know cells.
//!
//! S2 takes geodetic latitude and longitude for those of a sphere. The unit vector is then the normal of the ellipsoid.
//! On the map of a face, great circles are straight lines: it is gnomonic.

use deconflict_spacetime::LatLng;

/// A unit vector in the earth-centred frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Direction(pub [f64; 3]);

/// A place on the map of a face, S2's (u, v). On the face itself both are in −1 to 1; the map goes on beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub u: f64,
    pub v: f64,
}

impl Direction {
    pub fn of(at: LatLng) -> Self {
        let (sin_lat, cos_lat) = at.lat_deg().to_radians().sin_cos();
        let (sin_lng, cos_lng) = at.lng_deg().to_radians().sin_cos();
        Self([cos_lat * cos_lng, cos_lat * sin_lng, sin_lat])
    }

    /// The unit vector along `a·x + b·y + c·z`.
    pub fn along((a, x): (f64, Self), (b, y): (f64, Self), (c, z): (f64, Self)) -> Self {
        Self(std::array::from_fn(|i| a * x.0[i] + b * y.0[i] + c * z.0[i])).normalized()
    }

    pub fn normalized(self) -> Self {
        let length = self.dot(self).sqrt();
        Self(self.0.map(|x| x / length))
    }

    pub fn dot(self, other: Self) -> f64 {
        let ([a, b, c], [x, y, z]) = (self.0, other.0);
        a * x + b * y + c * z
    }

    /// Not a unit vector, unless the two are at a right angle.
    pub fn cross(self, other: Self) -> Self {
        let ([a, b, c], [x, y, z]) = (self.0, other.0);
        Self([b * z - c * y, c * x - a * z, a * y - b * x])
    }

    /// The squared length of the chord between two places of the sphere: at most the square of the angle.
    pub fn chord2(self, other: Self) -> f64 {
        let difference = Self(std::array::from_fn(|i| self.0[i] - other.0[i]));
        difference.dot(difference)
    }

    /// The angle to another place, radians.
    pub fn angle(self, other: Self) -> f64 {
        2.0 * (0.5 * self.chord2(other).sqrt()).min(1.0).asin()
    }

    /// Which coordinate is largest, its sign left aside: 0, 1, 2.
    pub fn largest_axis(self) -> usize {
        let [x, y, z] = self.0.map(f64::abs);
        if x > y {
            if x > z { 0 } else { 2 }
        } else if y > z {
            1
        } else {
            2
        }
    }

    /// The face of the S2 cube that this place is on, 0 to 5.
    pub fn face(self) -> usize {
        let axis = self.largest_axis();
        if self.0[axis] < 0.0 { axis + 3 } else { axis }
    }

    /// How far in front of the centre of the earth this place is, as seen from `face`: the cosine of the angle to its middle.
    pub fn height_over(self, face: usize) -> f64 {
        if face < 3 { self.0[face] } else { -self.0[face - 3] }
    }

    /// The place on the map of `face`; it has to be in front of it.
    pub fn on(self, face: usize) -> Spot {
        let [x, y, z] = self.0;
        let [u, v] = match face {
            0 => [y / x, z / x],
            1 => [-x / y, z / y],
            2 => [-x / z, -y / z],
            3 => [z / x, y / x],
            4 => [z / y, -x / y],
            _ => [-y / z, -x / z],
        };
        Spot { u, v }
    }
}
