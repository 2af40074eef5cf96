//! A point on the WGS84 ellipsoid. Knows nothing of names, altitudes or map projections.

use thiserror::Error;

/// A point on the WGS84 ellipsoid, in degrees.
///
/// Latitude is geodetic, −90 to 90. Longitude is kept in −180 (included) to 180 (excluded), so that one
/// place has one value; at a pole it is kept as given.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct LatLng {
    lat_deg: f64,
    lng_deg: f64,
}

/// Why two numbers are not a point on the earth.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum InvalidLatLng {
    /// The latitude is not a number in −90 to 90.
    #[error("latitude {0} is outside -90 to 90")]
    Latitude(f64),
    /// The longitude is not a number in −180 to 180.
    #[error("longitude {0} is outside -180 to 180")]
    Longitude(f64),
}

impl LatLng {
    /// The point at geodetic latitude `lat_deg` and longitude `lng_deg`, in degrees.
    ///
    /// # Errors
    /// A latitude outside −90 to 90, a longitude outside −180 to 180, or a value that is not finite.
    ///
    /// # Example
    /// ```
    /// use deconflict_spacetime::LatLng;
    /// let abu_kamal = LatLng::degrees(34.4523, 40.9185)?;
    /// assert!(abu_kamal.lat_deg() > 34.0);
    /// assert!(LatLng::degrees(91.0, 0.0).is_err());
    /// # Ok::<(), deconflict_spacetime::InvalidLatLng>(())
    /// ```
    pub fn degrees(lat_deg: f64, lng_deg: f64) -> Result<Self, InvalidLatLng> {
        if !(-90.0..=90.0).contains(&lat_deg) {
            return Err(InvalidLatLng::Latitude(lat_deg));
        }
        if !(-180.0..=180.0).contains(&lng_deg) {
            return Err(InvalidLatLng::Longitude(lng_deg));
        }
        Ok(Self::wrapped(lat_deg, lng_deg))
    }

    /// As [`LatLng::degrees`] for values that are known to be in range up to a full turn of longitude.
    pub(crate) fn wrapped(lat_deg: f64, lng_deg: f64) -> Self {
        // Adding zero turns −0.0 into 0.0, so that equal places print alike.
        let lng_deg = if (-180.0..180.0).contains(&lng_deg) { lng_deg } else { (lng_deg + 180.0).rem_euclid(360.0) - 180.0 };
        Self { lat_deg: lat_deg + 0.0, lng_deg: lng_deg + 0.0 }
    }

    /// Geodetic latitude, degrees, positive north.
    pub fn lat_deg(self) -> f64 {
        self.lat_deg
    }

    /// Longitude, degrees, positive east.
    pub fn lng_deg(self) -> f64 {
        self.lng_deg
    }
}
