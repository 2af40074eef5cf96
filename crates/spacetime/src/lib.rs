//! Space-time on WGS84: values that are valid by construction, and exact predicates on them.
//!
//! What a "yes" means is in `docs/exactness.md`. In one line: everything is decided from true geodesic
//! distances on the ellipsoid, whose error is below [`UNDECIDED_M`]; what lies inside that error counts
//! as touching.
//!
//! This crate does not know parties, plans, files, clocks or networks, and does no I/O.

mod altitude;
mod area;
mod bounds;
mod core;
mod ecef;
mod egm96;
mod footprint;
mod geodesic;
mod geoid;
mod latlng;
mod local;
mod plane;
mod polygon;
mod polyline;
mod region;
mod segment;
mod shape;
mod time;
mod volume;

pub use altitude::{Altitude, AltitudeBand, AltitudeReference, InvalidAltitudeBand, UM_PER_FT, UM_PER_M};
pub use area::{Area, EmptyArea, Gap};
pub use bounds::{Bounds, UNITS_PER_DEG};
pub use footprint::{CORNERS_MAX, Footprint, Simple, SimpleFootprint};
pub use geodesic::{UNDECIDED_M, azimuth_deg, destination, distance_m};
pub use geoid::{Geoid, InvalidPressureOffset, NoWayToW84, PressureOffset, Undulation, band_to_w84};
pub use latlng::{InvalidLatLng, LatLng};
pub use local::{Frame, LocalOutline};
pub use polygon::{InvalidPolygon, Polygon};
pub use polyline::{InvalidPolyline, Polyline};
pub use region::{Region, RegionPolygon};
pub use shape::{Circle, Corridor, InvalidCircle, InvalidCorridor, Shape};
pub use time::{InvalidTimeSpan, NS_PER_S, Time, TimeSpan};
pub use volume::Volume4D;
