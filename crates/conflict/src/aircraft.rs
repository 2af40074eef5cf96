//! Aircraft in motion, the zone that protects each, and how far ahead to look. Values only; decides nothing.
//!
//! Does not know identities, sources of reports, or how old a report is: all states of one question are of one instant.

use deconflict_spacetime::{Altitude, AltitudeReference, LatLng, UM_PER_M};
use thiserror::Error;

/// The fastest that an aircraft may be, over the ground and up or down, metres a second (about three times the speed of sound).
pub const MAX_SPEED_M_S: f64 = 1_000.0;
/// The farthest that an aircraft may be above or below the reference of its altitude, metres.
pub const MAX_ALTITUDE_M: f64 = 100_000.0;
/// The largest radius and half height of a protected zone, metres.
pub const MAX_ZONE_M: f64 = 100_000.0;
/// The farthest look-ahead, seconds.
pub const MAX_LOOKAHEAD_S: f64 = 1_200.0;

/// Velocity east, north and up, metres a second.
///
/// East and north are those of the point of the ellipsoid below the aircraft. A speed that was measured at height *h* is
/// too large for that by *h* / 6,335 km at most: 0.1 % at 6 km.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Velocity {
    /// Toward east.
    pub east_m_s: f64,
    /// Toward north; at a pole, along the meridian of the position's longitude.
    pub north_m_s: f64,
    /// Upward: the change of the altitude over its reference.
    pub up_m_s: f64,
}

impl Velocity {
    /// Speed over the ground, metres a second.
    pub fn ground_speed_m_s(self) -> f64 {
        (self.east_m_s * self.east_m_s + self.north_m_s * self.north_m_s).sqrt()
    }
}

/// Where an aircraft is and how it moves.
///
/// It is expected to keep its velocity: along a geodesic at constant speed, climbing or sinking at a constant rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AircraftState {
    position: LatLng,
    altitude: Option<Altitude>,
    velocity: Velocity,
}

/// Why values are not the state of an aircraft.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum InvalidAircraftState {
    /// The horizontal velocity is too large or not a number.
    #[error("{east_m_s} m/s east and {north_m_s} m/s north are not a speed up to {MAX_SPEED_M_S} m/s")]
    Speed {
        /// The velocity east that was given.
        east_m_s: f64,
        /// The velocity north that was given.
        north_m_s: f64,
    },
    /// The vertical velocity is too large or not a number.
    #[error("{0} m/s up is outside -{MAX_SPEED_M_S} to {MAX_SPEED_M_S} m/s")]
    VerticalSpeed(f64),
    /// The altitude is too far from its reference.
    #[error("an altitude of {} m is outside -{MAX_ALTITUDE_M} to {MAX_ALTITUDE_M} m", .0.m())]
    Altitude(Altitude),
}

impl AircraftState {
    /// An aircraft at `position` and `altitude` that moves with `velocity`. `None`: its altitude is not known.
    ///
    /// # Errors
    /// A speed above [`MAX_SPEED_M_S`] or not a number, an altitude beyond [`MAX_ALTITUDE_M`].
    pub fn new(position: LatLng, altitude: Option<Altitude>, velocity: Velocity) -> Result<Self, InvalidAircraftState> {
        let Velocity { east_m_s, north_m_s, up_m_s } = velocity;
        // A speed that is not a number is in no range.
        if !(0.0..=MAX_SPEED_M_S).contains(&velocity.ground_speed_m_s()) {
            return Err(InvalidAircraftState::Speed { east_m_s, north_m_s });
        }
        if !(-MAX_SPEED_M_S..=MAX_SPEED_M_S).contains(&up_m_s) {
            return Err(InvalidAircraftState::VerticalSpeed(up_m_s));
        }
        match altitude {
            Some(altitude) if altitude.m().abs() > MAX_ALTITUDE_M => Err(InvalidAircraftState::Altitude(altitude)),
            _ => Ok(Self { position, altitude, velocity }),
        }
    }

    /// The point of the ellipsoid below the aircraft.
    pub fn position(&self) -> LatLng {
        self.position
    }

    /// Its altitude; `None` if it is not known.
    pub fn altitude(&self) -> Option<Altitude> {
        self.altitude
    }

    /// Its velocity.
    pub fn velocity(&self) -> Velocity {
        self.velocity
    }

    /// What its altitude is measured from, if heights above that compare between aircraft on their way.
    ///
    /// Heights above the ground do not: the ground below two aircraft differs, and it changes as they move.
    pub(crate) fn comparable_reference(&self) -> Option<AltitudeReference> {
        self.altitude.map(Altitude::reference).filter(|&reference| reference != AltitudeReference::Agl)
    }
}

/// A cylinder around each aircraft that no other may enter: the horizontal and the vertical minimum.
///
/// Separation is lost while both distances are below their minimum; where a minimum is zero, touching is a loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProtectedZone {
    horizontal_m: f64,
    vertical_um: i64,
}

/// A minimum is below zero, too large or not a number.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("a protected zone of {horizontal_m} m horizontally and {vertical_m} m vertically is outside 0 to {MAX_ZONE_M} m")]
pub struct InvalidProtectedZone {
    /// The horizontal minimum that was given.
    pub horizontal_m: f64,
    /// The vertical minimum that was given.
    pub vertical_m: f64,
}

impl ProtectedZone {
    /// A zone of radius `horizontal_m` that reaches `vertical_m` up and as far down; the latter is rounded to a micrometre.
    ///
    /// # Errors
    /// A value outside 0 to [`MAX_ZONE_M`].
    #[allow(clippy::cast_possible_truncation)]
    pub fn new(horizontal_m: f64, vertical_m: f64) -> Result<Self, InvalidProtectedZone> {
        let range = 0.0..=MAX_ZONE_M;
        if !range.contains(&horizontal_m) || !range.contains(&vertical_m) {
            return Err(InvalidProtectedZone { horizontal_m, vertical_m });
        }
        Ok(Self { horizontal_m, vertical_um: (vertical_m * UM_PER_M as f64).round() as i64 })
    }

    /// The horizontal minimum, metres.
    pub fn horizontal_m(self) -> f64 {
        self.horizontal_m
    }

    /// The vertical minimum, micrometres.
    pub fn vertical_um(self) -> i64 {
        self.vertical_um
    }
}

/// How far ahead to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lookahead(f64);

/// A look-ahead is below zero, too large or not a number.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("a look-ahead of {0} s is outside 0 to {MAX_LOOKAHEAD_S} s")]
pub struct InvalidLookahead(pub f64);

impl Lookahead {
    /// `seconds` from the instant of the states; zero looks at that instant alone.
    ///
    /// # Errors
    /// A value outside 0 to [`MAX_LOOKAHEAD_S`].
    pub fn seconds(seconds: f64) -> Result<Self, InvalidLookahead> {
        if (0.0..=MAX_LOOKAHEAD_S).contains(&seconds) { Ok(Self(seconds)) } else { Err(InvalidLookahead(seconds)) }
    }

    /// Seconds.
    pub fn s(self) -> f64 {
        self.0
    }
}

#[cfg(test)]
#[path = "aircraft_tests.rs"]
mod tests;
