//! The outlines that people draw: polygon, circle, corridor. Does not know altitude or time.
//!
//! Each is a core (filled polygon, point, line) and everything within a buffer radius of it.

use thiserror::Error;

use crate::core::Core;
use crate::segment::Segment;
use crate::{InvalidPolyline, LatLng, Polygon, Polyline};

/// One closed outline on the ellipsoid.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Geodesic edges, the smaller side inside.
    Polygon(Polygon),
    /// All points within a geodesic radius.
    Circle(Circle),
    /// All points within half the width of a line.
    Corridor(Corridor),
}

impl Shape {
    /// What the shape is a buffer of.
    pub(crate) fn core(&self) -> Core<'_> {
        match self {
            Self::Polygon(polygon) => polygon.core(),
            Self::Circle(circle) => Core::of(&circle.core),
            Self::Corridor(corridor) => corridor.line.core(),
        }
    }

    /// How far the shape reaches beyond its core, metres.
    pub(crate) fn buffer_m(&self) -> f64 {
        match self {
            Self::Polygon(_) => 0.0,
            Self::Circle(circle) => circle.radius_m,
            Self::Corridor(corridor) => corridor.width_m / 2.0,
        }
    }
}

/// All points within a geodesic radius of a centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    core: Segment,
    radius_m: f64,
}

/// The radius is not a length between 0 (excluded) and 1,000 km.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("radius {0} m is not between 0 and 1000000 m")]
pub struct InvalidCircle(pub f64);

impl Circle {
    /// The circle of `radius_m` metres around `center`.
    ///
    /// # Errors
    /// The radius is not above zero, over 1,000 km, or not a number.
    pub fn new(center: LatLng, radius_m: f64) -> Result<Self, InvalidCircle> {
        if radius_m > 0.0 && radius_m <= 1e6 {
            Ok(Self { core: Segment::point(center), radius_m })
        } else {
            Err(InvalidCircle(radius_m))
        }
    }

    /// Centre of the circle.
    pub fn center(&self) -> LatLng {
        self.core.a.at
    }

    /// Geodesic radius, metres.
    pub fn radius_m(&self) -> f64 {
        self.radius_m
    }
}

/// All points within half a width of a line: round caps, round joins.
#[derive(Clone, Debug, PartialEq)]
pub struct Corridor {
    line: Polyline,
    width_m: f64,
}

/// Why a line and a width are not a corridor.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum InvalidCorridor {
    /// The centreline is not a line.
    #[error(transparent)]
    Line(#[from] InvalidPolyline),
    /// The width is not a length between 0 (excluded) and 1,000 km.
    #[error("width {0} m is not between 0 and 1000000 m")]
    Width(f64),
}

impl Corridor {
    /// The corridor of total width `width_m` metres around `line`.
    ///
    /// # Errors
    /// The width is not above zero, over 1,000 km, or not a number.
    pub fn new(line: Polyline, width_m: f64) -> Result<Self, InvalidCorridor> {
        if width_m > 0.0 && width_m <= 1e6 { Ok(Self { line, width_m }) } else { Err(InvalidCorridor::Width(width_m)) }
    }

    /// The centreline.
    pub fn line(&self) -> &Polyline {
        &self.line
    }

    /// Total width, metres.
    pub fn width_m(&self) -> f64 {
        self.width_m
    }
}
