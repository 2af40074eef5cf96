//! What F3548 peers exchange about operational intents and constraints, as far as a claim needs it.

use serde::Deserialize;

/// An entity, or a message that holds one.
#[derive(Debug, Deserialize)]
pub struct Message {
    /// An operational intent in the answer to a query, or in a notification.
    pub operational_intent: Option<Entity>,
    /// A constraint in the answer to a query, or in a notification.
    pub constraint: Option<Entity>,
    /// An entity by itself.
    #[serde(flatten)]
    pub bare: MaybeEntity,
}

/// The parts of an entity, if they are there.
#[derive(Debug, Deserialize)]
pub struct MaybeEntity {
    /// Its reference.
    pub reference: Option<Reference>,
    /// Its details.
    pub details: Option<Details>,
}

/// An operational intent or a constraint.
#[derive(Debug, Deserialize)]
pub struct Entity {
    /// What the DSS knows of it.
    pub reference: Reference,
    /// What only its manager knows.
    pub details: Details,
}

/// What the DSS knows of an entity.
#[derive(Debug, Deserialize)]
pub struct Reference {
    /// Its id.
    pub id: String,
    /// The USS that manages it.
    pub manager: Option<String>,
    /// The state of an operational intent; constraints have none.
    pub state: Option<String>,
    /// When it begins at the earliest.
    pub time_start: Option<Moment>,
    /// When it ends at the latest.
    pub time_end: Option<Moment>,
}

/// What only the manager of an entity knows.
#[derive(Debug, Deserialize)]
pub struct Details {
    /// The volumes.
    #[serde(default)]
    pub volumes: Vec<Volume4D>,
    /// The volumes of an operational intent that does not go as planned.
    #[serde(default)]
    pub off_nominal_volumes: Vec<Volume4D>,
    /// The priority of an operational intent; constraints have none.
    pub priority: Option<i32>,
}

/// A volume with its times.
#[derive(Debug, Deserialize)]
pub struct Volume4D {
    /// The space.
    pub volume: Volume3D,
    /// The start.
    pub time_start: Option<Moment>,
    /// The end.
    pub time_end: Option<Moment>,
}

/// A piece of airspace.
#[derive(Debug, Deserialize)]
pub struct Volume3D {
    /// A circle, if it is one.
    pub outline_circle: Option<Circle>,
    /// A polygon, if it is one.
    pub outline_polygon: Option<Polygon>,
    /// The lower edge.
    pub altitude_lower: Option<Altitude>,
    /// The upper edge.
    pub altitude_upper: Option<Altitude>,
}

/// A circle.
#[derive(Debug, Deserialize)]
pub struct Circle {
    /// Its centre.
    pub center: Point,
    /// Its radius.
    pub radius: Length,
}

/// A polygon.
#[derive(Debug, Deserialize)]
pub struct Polygon {
    /// Its corners.
    pub vertices: Vec<Point>,
}

/// A place.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Point {
    /// Longitude, degrees.
    pub lng: f64,
    /// Latitude, degrees.
    pub lat: f64,
}

/// A length with its unit.
#[derive(Debug, Deserialize)]
pub struct Length {
    /// The number.
    pub value: f64,
    /// Its unit.
    pub units: String,
}

/// An altitude with its unit and reference.
#[derive(Debug, Deserialize)]
pub struct Altitude {
    /// The number.
    pub value: f64,
    /// What it is measured from.
    pub reference: String,
    /// Its unit.
    pub units: String,
}

/// An instant.
#[derive(Debug, Deserialize)]
pub struct Moment {
    /// As a text.
    pub value: String,
}
