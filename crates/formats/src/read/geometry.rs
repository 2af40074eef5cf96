//! Geometries into footprints: polygons, lines with a width, points with a radius. Does not know features or their ids.

use std::ops::Range;

use deconflict_spacetime::Footprint;

use super::coordinates::{Coordinates, Flat, Geometry, Kind};
use super::notes::Note;
use super::outline;
use super::properties::{Properties, Property, Reporter};

/// The footprints of all geometries with the widths and radii of the properties; faults are reported. `path` leads to
/// the geometry.
pub fn all_footprints(flat: &Flat, properties: &Properties, path: &str, to: &mut Reporter) -> Option<Vec<Footprint>> {
    let mut sizes =
        Sizes { width_m: properties.length_m(Property::Width, to)?, radius_m: properties.length_m(Property::Radius, to)? };
    let uses_width = |geometry: &Geometry| matches!(geometry.kind, Kind::LineString | Kind::MultiLineString);
    if sizes.width_m.is_none() && flat.geometries.iter().any(uses_width) {
        sizes.width_m = to.options.width_m;
        if sizes.width_m.is_some() {
            to.note(Note::WidthGiven);
        }
    }
    if let [geometry] = &flat.geometries[..] {
        return footprints(flat, geometry, sizes, &format!("{path}.coordinates"), to);
    }
    let mut found = Vec::new();
    for (index, geometry) in flat.geometries.iter().enumerate() {
        found.extend(footprints(flat, geometry, sizes, &format!("{path}.geometries[{index}].coordinates"), to)?);
    }
    Some(found)
}

/// The widths and radii that lines and points get.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// Total width of lines, metres.
    width_m: Option<f64>,
    /// Radius of points, metres.
    radius_m: Option<f64>,
}

/// The footprints of a geometry, in order; faults are reported. `path` leads to its coordinates.
fn footprints(flat: &Flat, geometry: &Geometry, sizes: Sizes, path: &str, to: &mut Reporter) -> Option<Vec<Footprint>> {
    let mut found = Vec::new();
    match geometry.kind {
        Kind::Point | Kind::MultiPoint => {
            let Some(radius_m) = sizes.radius_m else {
                to.bad(Property::Radius, "nothing", "the radius of a point's circle in metres");
                return None;
            };
            let many = geometry.kind == Kind::MultiPoint;
            for (index, point) in flat.points[geometry.points.clone()].iter().enumerate() {
                let path = || if many { format!("{path}[{index}]") } else { path.to_owned() };
                found.push(outline::circle(*point, radius_m, &path, to)?);
            }
        }
        Kind::LineString | Kind::MultiLineString => {
            let Some(width_m) = sizes.width_m else {
                to.bad(Property::Width, "nothing", "the total width of a line's corridor in metres");
                return None;
            };
            for list in geometry.lists.clone() {
                let many = geometry.kind == Kind::MultiLineString;
                let path = || if many { format!("{path}[{}]", list - geometry.lists.start) } else { path.to_owned() };
                found.push(outline::corridor(flat.list(geometry, list), width_m, &path, to)?);
            }
        }
        Kind::Polygon => found.push(polygon(flat, geometry, geometry.lists.clone(), path, to)?),
        Kind::MultiPolygon => {
            for group in geometry.groups.clone() {
                let path = format!("{path}[{}]", group - geometry.groups.start);
                found.push(polygon(flat, geometry, flat.group(geometry, group), &path, to)?);
            }
        }
        Kind::GeometryCollection => {}
    }
    Some(found)
}

/// A polygon of one ring and, if the user allows it, holes that are filled.
fn polygon(flat: &Flat, geometry: &Geometry, rings: Range<usize>, path: &str, to: &mut Reporter) -> Option<Footprint> {
    if rings.len() > 1 {
        if !to.options.fill_holes {
            let found = if rings.len() == 2 { "a hole".to_owned() } else { format!("{} holes", rings.len() - 1) };
            let expected = "a polygon without holes: cut it into parts, or let holes be filled (more is closed then, never less)";
            to.fault(format!("{path}[1]"), found, expected);
            return None;
        }
        to.note(Note::HoleFilled);
    }
    outline::ring(flat.list(geometry, rings.start), &|| format!("{path}[0]"), to)
}

/// The footprints of coordinates that are a polygon or several; `path` leads to the geometry.
pub fn single(coordinates: &Coordinates, kind: Kind, path: &str, to: &mut Reporter) -> Option<Vec<Footprint>> {
    let (flat, path) = (&coordinates.flat, format!("{path}.coordinates"));
    if let Some((_, found, expected)) = &flat.wrong {
        to.fault(path, found, expected);
        return None;
    }
    if coordinates.depth != Some(kind.depth()) {
        to.fault(path, "lists of another depth", format!("positions within {} lists for a {}", kind.depth(), kind.name()));
        return None;
    }
    let geometry = flat.whole(kind);
    footprints(flat, &geometry, Sizes { width_m: None, radius_m: None }, &path, to)
}
