//! Where an aircraft is that does not conform to its intent.

use crate::object::objects;
use crate::{Altitude, EntityId, Time};
use serde::{Deserialize, Serialize};

objects!(Position, Velocity, VehicleTelemetry, GetOperationalIntentTelemetryResponse);

/// Likely vertical error of a [`Position`]: the classes of ADS-B (GVA), and finer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PositionAccuracyVertical {
    /// Not known.
    VAUnknown,
    /// More than 150 m.
    VA150mPlus,
    /// At most 150 m.
    VA150m,
    /// At most 45 m.
    VA45m,
    /// At most 25 m.
    VA25m,
    /// At most 10 m.
    VA10m,
    /// At most 3 m.
    VA3m,
    /// At most 1 m.
    VA1m,
}

/// Likely horizontal error of a [`Position`]: the classes of ADS-B (NACp), and 1 m.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PositionAccuracyHorizontal {
    /// Not known.
    HAUnknown,
    /// More than 10 nautical miles.
    HA10NMPlus,
    /// At most 10 nautical miles.
    HA10NM,
    /// At most 4 nautical miles.
    HA4NM,
    /// At most 2 nautical miles.
    HA2NM,
    /// At most 1 nautical mile.
    HA1NM,
    /// At most 0.5 nautical miles.
    HA05NM,
    /// At most 0.3 nautical miles.
    HA03NM,
    /// At most 0.1 nautical miles.
    HA01NM,
    /// At most 0.05 nautical miles.
    HA005NM,
    /// At most 30 m.
    HA30m,
    /// At most 10 m.
    HA10m,
    /// At most 3 m.
    HA3m,
    /// At most 1 m.
    HA1m,
}

/// A reported position. Accuracies belong to it if it is extrapolated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Position {
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Likely horizontal error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_h: Option<PositionAccuracyHorizontal>,
    /// Likely vertical error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_v: Option<PositionAccuracyVertical>,
    /// Computed rather than measured; measured, if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extrapolated: Option<bool>,
    /// Height above the ellipsoid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude: Option<Altitude>,
}

/// Unit of a speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VelocityUnitsSpeed {
    /// Metres per second.
    MetersPerSecond,
}

/// A reported velocity over ground.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Velocity {
    /// Ground speed in metres per second.
    pub speed: f64,
    /// Always [`VelocityUnitsSpeed::MetersPerSecond`].
    pub units_speed: VelocityUnitsSpeed,
    /// Degrees clockwise from true north; 360 stands for unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<f64>,
}

/// Position and velocity at one instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct VehicleTelemetry {
    /// When it was measured.
    pub time_measured: Time,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// How fast, and where to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub velocity: Option<Velocity>,
}

/// Answer to a request for telemetry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GetOperationalIntentTelemetryResponse {
    /// The intent that is flown.
    pub operational_intent_id: EntityId,
    /// The latest, if there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telemetry: Option<VehicleTelemetry>,
    /// When it makes sense to ask again; missing if nothing more is expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_telemetry_opportunity: Option<Time>,
}
