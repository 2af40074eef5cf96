//! Heights of the geoid, and the way to the ellipsoid from what else altitudes are measured from. Does not know terrain.
//!
//! Every conversion makes a band larger, never smaller: by what the height of the geoid may be off, and by how much it changes
//! over the ground under the band.

use thiserror::Error;

use crate::{Altitude, AltitudeBand, AltitudeReference, Bounds, LatLng, UM_PER_M, egm96};

/// How far EGM96 may be from a mean sea level that names no model, metres: see [`Geoid::UnnamedSeaLevel`].
const UNNAMED_ERROR_M: f64 = 8.0;

/// How high a geoid lies above the WGS84 ellipsoid, and by how much that may be off: W84 = AMSL + undulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undulation {
    um: i64,
    error_um: i64,
}

/// The model that turns heights above mean sea level into heights above the ellipsoid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Geoid {
    /// EGM96, for altitudes that are measured from it, as in KML: good to 0.2 m.
    Egm96,
    /// EGM96, for altitudes above a mean sea level that names no model: good to 8 m.
    ///
    /// EGM2008, which newer data use, differs from EGM96 by 0.5 m on average (root mean square) and by 6.9 m at most, in
    /// Antarctica, at 7,320 points every 3°. Heights that a country or an altimeter gives can differ by more.
    UnnamedSeaLevel,
    /// One undulation for a small space, as somebody states it.
    Stated(Undulation),
}

/// What a pressure altitude differs by from a height above mean sea level, and by how much that may be off.
///
/// Only who knows the air can say it: the pressure at sea level, and the temperature above it, which makes a height of
/// 3,000 m wrong by some 11 m for each degree that the air is off the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PressureOffset {
    um: i64,
    error_um: i64,
}

/// Why an offset of pressure altitudes is none.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum InvalidPressureOffset {
    /// No pressure that was ever measured at sea level.
    #[error("a QNH of {0} hPa; it lies between 850 and 1100 hPa")]
    Qnh(f64),
    /// No length, a negative one, or one that leaves nothing certain.
    #[error("an error of {0} m; it lies between 0 and 5000 m")]
    Error(f64),
}

/// Why a band cannot be given above the ellipsoid.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NoWayToW84 {
    /// Heights above the ground need the ground.
    #[error("an altitude above the ground (AGL) needs the height of the terrain, which is not known here")]
    NeedsTerrain,
    /// Flight levels need the air.
    #[error("a flight level (STD) is a pressure, not a height: it needs the QNH and how far that may be off")]
    NeedsPressure,
    /// No altitude is that high.
    #[error("an altitude that is out of all range")]
    OutOfRange,
}

impl Undulation {
    /// A geoid `um` micrometres above the ellipsoid, give or take `error_um`, which is taken without its sign.
    pub const fn from_um(um: i64, error_um: i64) -> Self {
        Self { um, error_um: error_um.saturating_abs() }
    }

    /// Everything from `least_m` to `most_m`, give or take `error_m`; metres.
    fn between(least_m: f64, most_m: f64, error_m: f64) -> Self {
        let half_m = (most_m - least_m) / 2.0 + error_m;
        // One more for rounding.
        Self { um: whole_um(f64::midpoint(least_m, most_m)), error_um: whole_um(half_m) + 1 }
    }

    /// Height of the geoid above the ellipsoid, micrometres.
    pub const fn um(self) -> i64 {
        self.um
    }

    /// Height of the geoid above the ellipsoid, metres.
    pub fn m(self) -> f64 {
        self.um as f64 / UM_PER_M as f64
    }

    /// How far that may be off, micrometres.
    pub const fn error_um(self) -> i64 {
        self.error_um
    }

    /// How far that may be off, metres.
    pub fn error_m(self) -> f64 {
        self.error_um as f64 / UM_PER_M as f64
    }

    /// The other way: W84 heights to AMSL ones.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { um: self.um.saturating_neg(), error_um: self.error_um }
    }

    /// The lowest that a height in the old reference can be in the new one, micrometres.
    pub const fn lowest_um(self, um: i64) -> i64 {
        um.saturating_add(self.um).saturating_sub(self.error_um)
    }

    /// The highest that a height in the old reference can be in the new one, micrometres.
    pub const fn highest_um(self, um: i64) -> i64 {
        um.saturating_add(self.um).saturating_add(self.error_um)
    }
}

impl Geoid {
    /// How a plan or a message names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Egm96 => "EGM96",
            Self::UnnamedSeaLevel => "EGM96 for a mean sea level without a model",
            Self::Stated(_) => "the stated undulation",
        }
    }

    /// How far an undulation may be off at a point, metres.
    pub fn error_m(self) -> f64 {
        match self {
            Self::Egm96 => egm96::ERROR_M,
            Self::UnnamedSeaLevel => UNNAMED_ERROR_M,
            Self::Stated(undulation) => undulation.error_m(),
        }
    }

    /// The undulation at a point.
    ///
    /// # Example
    /// ```
    /// use deconflict_spacetime::{Geoid, LatLng};
    /// let at = LatLng::degrees(38.628155, -90.220845)?;
    /// let undulation = Geoid::Egm96.undulation(at);
    /// // NGA publishes -31.629 m.
    /// assert!((undulation.m() + 31.629).abs() < undulation.error_m());
    /// # Ok::<(), deconflict_spacetime::InvalidLatLng>(())
    /// ```
    pub fn undulation(self, at: LatLng) -> Undulation {
        let height_m = || egm96::height_m(at);
        self.or_stated(|error_m| Undulation::between(height_m(), height_m(), error_m))
    }

    /// The undulation over a box: its error covers every point of the box.
    pub fn undulation_over(self, bounds: Bounds) -> Undulation {
        self.or_stated(|error_m| {
            let (least_m, most_m) = egm96::range_m(bounds);
            Undulation::between(least_m, most_m, error_m)
        })
    }

    fn or_stated(self, of_model: impl Fn(f64) -> Undulation) -> Undulation {
        match self {
            Self::Egm96 | Self::UnnamedSeaLevel => of_model(self.error_m()),
            Self::Stated(undulation) => undulation,
        }
    }
}

impl PressureOffset {
    /// The offset where the pressure at sea level is `qnh_hpa` hectopascal; a height may be off by `error_m` metres.
    ///
    /// The error has to cover the temperature, the QNH's own error and what it changes by over the area and the window.
    ///
    /// # Errors
    /// A pressure or an error that cannot be.
    pub fn from_qnh(qnh_hpa: f64, error_m: f64) -> Result<Self, InvalidPressureOffset> {
        // The standard atmosphere (ISO 2533): height of a pressure in air that is 15 °C at 1013.25 hPa and 6.5 °C colder a km.
        const STANDARD_HPA: f64 = 1013.25;
        const KELVIN: f64 = 288.15;
        const KELVIN_PER_M: f64 = 0.0065;
        const EXPONENT: f64 = 0.190_263;
        if !(850.0..=1100.0).contains(&qnh_hpa) {
            return Err(InvalidPressureOffset::Qnh(qnh_hpa));
        }
        if !(0.0..=5000.0).contains(&error_m) {
            return Err(InvalidPressureOffset::Error(error_m));
        }
        let offset_m = KELVIN / KELVIN_PER_M * ((qnh_hpa / STANDARD_HPA).powf(EXPONENT) - 1.0);
        Ok(Self { um: whole_um(offset_m), error_um: whole_um(error_m) + 1 })
    }

    /// What has to be added to a pressure altitude, metres.
    pub fn m(self) -> f64 {
        self.um as f64 / UM_PER_M as f64
    }
}

/// A band above the WGS84 ellipsoid that holds `band`, wherever over `bounds`; one that is above it already is left as it is.
///
/// # Errors
/// A band above the ground, or of flight levels without `pressure`: nothing is guessed.
pub fn band_to_w84(
    band: AltitudeBand,
    bounds: Bounds,
    geoid: Geoid,
    pressure: Option<PressureOffset>,
) -> Result<AltitudeBand, NoWayToW84> {
    let (mut lower_um, mut upper_um) = (band.lower().um(), band.upper().um());
    let from_std = match (band.lower().reference(), pressure) {
        (AltitudeReference::W84, _) => return Ok(band),
        (AltitudeReference::Agl, _) => return Err(NoWayToW84::NeedsTerrain),
        (AltitudeReference::Std, None) => return Err(NoWayToW84::NeedsPressure),
        (AltitudeReference::Std, Some(offset)) => Some(Undulation::from_um(offset.um, offset.error_um)),
        (AltitudeReference::Amsl, _) => None,
    };
    for step in from_std.into_iter().chain([geoid.undulation_over(bounds)]) {
        (lower_um, upper_um) = (step.lowest_um(lower_um), step.highest_um(upper_um));
    }
    let w84 = |um| Altitude::from_um(um, AltitudeReference::W84);
    AltitudeBand::new(w84(lower_um), w84(upper_um)).map_err(|_| NoWayToW84::OutOfRange)
}

/// Metres in whole micrometres.
#[allow(clippy::cast_possible_truncation)]
fn whole_um(metres: f64) -> i64 {
    (metres * UM_PER_M as f64).round() as i64
}

#[cfg(test)]
#[path = "geoid_tests.rs"]
mod tests;
