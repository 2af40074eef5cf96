//! Places, altitudes and times as F3548 writes them. Does not know whether a shape makes sense: that is for whoever turns it
//! into geometry.

use crate::object::objects;
use serde::{Deserialize, Serialize};

objects!(Time, Radius, Altitude, LatLngPoint, Circle, Polygon, Volume3D, Volume4D);

/// Form of a [`Time`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TimeFormat {
    /// RFC 3339 in UTC, with a `Z`.
    #[default]
    RFC3339,
}

/// An instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Time {
    /// RFC 3339 text in UTC, such as `2026-05-01T08:30:00Z`.
    pub value: String,
    /// Always [`TimeFormat::RFC3339`]; servers have never looked at it, so it may be missing.
    #[serde(default)]
    pub format: TimeFormat,
}

/// Unit of a [`Radius`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RadiusUnits {
    /// Metres.
    #[default]
    M,
}

/// Geodesic radius of a [`Circle`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Radius {
    /// Metres along the WGS84 ellipsoid, above zero.
    pub value: f64,
    /// Always [`RadiusUnits::M`]; may be missing.
    #[serde(default)]
    pub units: RadiusUnits,
}

/// What an [`Altitude`] is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AltitudeReference {
    /// The WGS84 ellipsoid.
    W84,
}

/// Unit of an [`Altitude`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AltitudeUnits {
    /// Metres.
    M,
}

/// A height above the WGS84 ellipsoid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Altitude {
    /// Metres above the ellipsoid, −8,000 to 100,000.
    pub value: f64,
    /// Always [`AltitudeReference::W84`].
    pub reference: AltitudeReference,
    /// Always [`AltitudeUnits::M`].
    pub units: AltitudeUnits,
}

/// A place on the WGS84 ellipsoid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct LatLngPoint {
    /// Degrees east, −180 to 180.
    pub lng: f64,
    /// Degrees north, −90 to 90.
    pub lat: f64,
}

/// A disc on the ellipsoid. Both fields are optional on the wire; a circle without one of them is no area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Circle {
    /// Centre.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub center: Option<LatLngPoint>,
    /// Geodesic radius.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius: Option<Radius>,
}

/// An area bounded by geodesics. The last vertex does not repeat the first; the smaller side is inside, whatever the winding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Polygon {
    /// At least three.
    pub vertices: Vec<LatLngPoint>,
}

/// An area between two altitudes. Exactly one of the outlines is expected.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Volume3D {
    /// The area, as a circle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outline_circle: Option<Circle>,
    /// The area, as a polygon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outline_polygon: Option<Polygon>,
    /// Lower bound, below the upper one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude_lower: Option<Altitude>,
    /// Upper bound, above the lower one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude_upper: Option<Altitude>,
}

/// A [`Volume3D`] for a span of time. Where a bound may be missing, the request says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Volume4D {
    /// The space.
    pub volume: Volume3D,
    /// First instant, before the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_start: Option<Time>,
    /// Last instant, after the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_end: Option<Time>,
}
