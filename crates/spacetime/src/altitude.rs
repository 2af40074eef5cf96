//! Heights that say what they are measured from. Does not know terrain, pressure or geoid models.

use thiserror::Error;

/// Micrometres in a metre: altitudes are whole micrometres, so that metres and feet are both exact.
pub const UM_PER_M: i64 = 1_000_000;
/// Micrometres in an international foot.
pub const UM_PER_FT: i64 = 304_800;

/// What an altitude is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AltitudeReference {
    /// Above the WGS84 ellipsoid.
    W84,
    /// Above mean sea level (a geoid).
    Amsl,
    /// Above the ground.
    Agl,
    /// Pressure altitude: above the 1013.25 hPa surface, as flight levels are.
    Std,
}

impl AltitudeReference {
    /// Every reference.
    pub const ALL: [Self; 4] = [Self::W84, Self::Amsl, Self::Agl, Self::Std];

    /// How it is written in plans, files and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::W84 => "W84",
            Self::Amsl => "AMSL",
            Self::Agl => "AGL",
            Self::Std => "STD",
        }
    }
}

/// A height above a named reference, in whole micrometres.
///
/// Heights above different references cannot be compared: [`Altitude::above_um`] says `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Altitude {
    reference: AltitudeReference,
    um: i64,
}

impl Altitude {
    /// `um` micrometres above `reference`.
    pub const fn from_um(um: i64, reference: AltitudeReference) -> Self {
        Self { reference, um }
    }

    /// `metres` above `reference`, rounded to a micrometre.
    #[allow(clippy::cast_possible_truncation)]
    pub fn metres(metres: f64, reference: AltitudeReference) -> Self {
        Self { reference, um: (metres * 1e6).round() as i64 }
    }

    /// Micrometres above the reference.
    pub const fn um(self) -> i64 {
        self.um
    }

    /// Metres above the reference.
    pub fn m(self) -> f64 {
        self.um as f64 / 1e6
    }

    /// What the height is measured from.
    pub const fn reference(self) -> AltitudeReference {
        self.reference
    }

    /// How far this altitude is above `other`, in micrometres; `None` if the references differ.
    pub fn above_um(self, other: Self) -> Option<i64> {
        (self.reference == other.reference).then(|| self.um.saturating_sub(other.um))
    }
}

/// A closed band of altitudes over one reference: the lower edge is below the upper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AltitudeBand {
    reference: AltitudeReference,
    lower_um: i64,
    upper_um: i64,
}

/// Why two altitudes are not a band.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum InvalidAltitudeBand {
    /// The lower edge is not below the upper.
    #[error("lower {} m is not below upper {} m", lower.m(), upper.m())]
    NotAscending {
        /// The lower edge that was given.
        lower: Altitude,
        /// The upper edge that was given.
        upper: Altitude,
    },
    /// The two edges are measured from different references.
    #[error("lower is above {lower:?}, upper above {upper:?}")]
    MixedReferences {
        /// Reference of the lower edge.
        lower: AltitudeReference,
        /// Reference of the upper edge.
        upper: AltitudeReference,
    },
}

impl AltitudeBand {
    /// The closed band from `lower` to `upper`.
    ///
    /// # Errors
    /// The references differ, or `lower` is not below `upper`.
    pub fn new(lower: Altitude, upper: Altitude) -> Result<Self, InvalidAltitudeBand> {
        if lower.reference != upper.reference {
            return Err(InvalidAltitudeBand::MixedReferences { lower: lower.reference, upper: upper.reference });
        }
        if lower.um >= upper.um {
            return Err(InvalidAltitudeBand::NotAscending { lower, upper });
        }
        Ok(Self { reference: lower.reference, lower_um: lower.um, upper_um: upper.um })
    }

    /// Lower edge of the band.
    pub const fn lower(self) -> Altitude {
        Altitude::from_um(self.lower_um, self.reference)
    }

    /// Upper edge of the band.
    pub const fn upper(self) -> Altitude {
        Altitude::from_um(self.upper_um, self.reference)
    }

    /// Height between the bands in micrometres, zero where they touch or overlap.
    ///
    /// Bands over different references are undecided, and undecided counts as touching: zero.
    pub fn gap_um(self, other: Self) -> i64 {
        if self.reference != other.reference {
            return 0;
        }
        let lower_top = self.upper_um.min(other.upper_um);
        let higher_base = self.lower_um.max(other.lower_um);
        higher_base.saturating_sub(lower_top).max(0)
    }

    /// What both bands share, if it has height and the references agree.
    pub fn overlap(self, other: Self) -> Option<Self> {
        let lower_um = self.lower_um.max(other.lower_um);
        let upper_um = self.upper_um.min(other.upper_um);
        (self.reference == other.reference && lower_um < upper_um).then_some(Self {
            reference: self.reference,
            lower_um,
            upper_um,
        })
    }
}
