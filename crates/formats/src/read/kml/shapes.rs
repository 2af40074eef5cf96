//! The geometries of a Placemark into footprints and bands, and its tracks into legs. Does not know parties or kinds.
//!
//! KML's `absolute` altitudes are above mean sea level (EGM96). What is measured from the ground along an edge needs the
//! ground under it and is refused; a band above the ground can be given as a property.

use deconflict_spacetime::{AltitudeBand, AltitudeReference, Footprint};

use super::super::altitude::{self, Edge};
use super::super::batch::Piece;
use super::super::notes::Note;
use super::super::outline::{self, LngLat, VERTICES_MAX};
use super::super::path::{self, Point};
use super::super::problems::quoted;
use super::super::properties::{Properties, Property, Reporter, number};
use super::super::time;
use super::xml::Element;

/// What a geometry occupies.
pub enum Shape {
    /// A footprint, for as long as the Placemark.
    Lasting {
        /// The ground under it.
        footprint: Footprint,
        /// Its altitudes; none on the surface.
        band: Option<AltitudeBand>,
    },
    /// Legs with times of their own.
    Moving(Vec<Piece>),
}

impl Shape {
    /// Whether it has altitudes.
    pub fn has_band(&self) -> bool {
        match self {
            Self::Lasting { band, .. } => band.is_some(),
            Self::Moving(legs) => legs.iter().any(|(_, band, _)| band.is_some()),
        }
    }
}

/// A position with its altitude, if it has one.
type Position = (LngLat, Option<f64>);

/// What the properties say about sizes.
struct Sizes {
    width_m: Option<f64>,
    radius_m: Option<f64>,
    height_m: Option<f64>,
    explicit: Option<AltitudeBand>,
}

/// The shapes of a Placemark with a band that its properties give or none.
pub fn all(
    placemark: &Element,
    properties: &Properties,
    explicit: Option<AltitudeBand>,
    to: &mut Reporter,
) -> Option<Vec<Shape>> {
    let sizes = Sizes {
        width_m: properties.length_m(Property::Width, to)?,
        radius_m: properties.length_m(Property::Radius, to)?,
        height_m: properties.length_m(Property::Height, to)?,
        explicit,
    };
    let mut shapes = Vec::new();
    for child in &placemark.children {
        geometry(child, &sizes, to, &mut shapes)?;
    }
    if shapes.is_empty() {
        to.fault("", "no geometry", "a `Polygon`, `LineString`, `Point`, `MultiGeometry` or `gx:Track`");
        return None;
    }
    Some(shapes)
}

fn geometry(element: &Element, sizes: &Sizes, to: &mut Reporter, shapes: &mut Vec<Shape>) -> Option<()> {
    match element.name.as_str() {
        "Polygon" => shapes.push(polygon(element, sizes, to)?),
        "LineString" => shapes.extend(line(element, sizes, to)?),
        "Point" => shapes.push(point(element, sizes, to)?),
        "LinearRing" => {
            to.fault("LinearRing", "a ring without a polygon", "a `Polygon` around it, or a `LineString`");
            return None;
        }
        "Model" => {
            to.fault("Model", "a model", "a `Polygon`, `LineString` or `Point`");
            return None;
        }
        "Track" => shapes.push(Shape::Moving(track(element, sizes, to)?)),
        "MultiTrack" => {
            if element.text_of("interpolate") == Some("1") {
                to.fault("gx:MultiTrack", "tracks that are to be joined", "one `gx:Track`, or `gx:interpolate` 0");
                return None;
            }
            for child in element.children.iter().filter(|child| child.name == "Track") {
                geometry(child, sizes, to, shapes)?;
            }
        }
        "MultiGeometry" => {
            for child in &element.children {
                geometry(child, sizes, to, shapes)?;
            }
        }
        _ => {}
    }
    Some(())
}

fn polygon(element: &Element, sizes: &Sizes, to: &mut Reporter) -> Option<Shape> {
    let holes = element.children.iter().filter(|child| child.name == "innerBoundaryIs").count();
    if holes > 0 {
        if !to.options.fill_holes {
            let expected = "a polygon without holes: cut it into parts, or let holes be filled (more is closed then, never less)";
            to.fault("Polygon.innerBoundaryIs", "a hole", expected);
            return None;
        }
        to.note(Note::HoleFilled);
    }
    let ring = element.child("outerBoundaryIs").and_then(|outer| outer.child("LinearRing"));
    let Some(ring) = ring else {
        to.fault("Polygon.outerBoundaryIs", "nothing", "a `LinearRing`");
        return None;
    };
    let positions = coordinates(ring, "Polygon", to)?;
    let ground: Vec<LngLat> = positions.iter().map(|(at, _)| *at).collect();
    let band = band(element, &positions, sizes, to)?;
    let footprint = outline::ring(&ground, &|| "Polygon.coordinates".to_owned(), to)?;
    Some(Shape::Lasting { footprint, band })
}

fn width_m(sizes: &Sizes, to: &mut Reporter) -> Option<f64> {
    if sizes.width_m.is_none() && to.options.width_m.is_some() {
        to.note(Note::WidthGiven);
    }
    let width_m = sizes.width_m.or(to.options.width_m);
    if width_m.is_none() {
        to.bad(Property::Width, "nothing", "the total width of a line's corridor in metres");
    }
    width_m
}

/// A line: one corridor if its altitudes are alike, else one for each leg.
fn line(element: &Element, sizes: &Sizes, to: &mut Reporter) -> Option<Vec<Shape>> {
    let positions = coordinates(element, "LineString", to)?;
    let width_m = width_m(sizes, to)?;
    let whole = band(element, &positions, sizes, to)?;
    let level = positions.windows(2).all(|pair| pair[0].1 == pair[1].1);
    let path = || "LineString.coordinates".to_owned();
    if level || sizes.explicit.is_some() || whole.is_none() {
        let ground: Vec<LngLat> = positions.iter().map(|(at, _)| *at).collect();
        let footprint = outline::corridor(&ground, width_m, &path, to)?;
        return Some(vec![Shape::Lasting { footprint, band: whole }]);
    }
    let mut legs = Vec::with_capacity(positions.len());
    for pair in positions.windows(2) {
        let band = band(element, pair, sizes, to)?;
        let footprint = if outline::same_place(pair[0].0, pair[1].0) {
            outline::circle(pair[0].0, width_m / 2.0, &path, to)?
        } else {
            outline::corridor(&[pair[0].0, pair[1].0], width_m, &path, to)?
        };
        legs.push(Shape::Lasting { footprint, band });
    }
    Some(legs)
}

fn point(element: &Element, sizes: &Sizes, to: &mut Reporter) -> Option<Shape> {
    let positions = coordinates(element, "Point", to)?;
    let [(at, _)] = positions[..] else {
        to.fault("Point.coordinates", format!("{} positions", positions.len()), "one");
        return None;
    };
    let Some(radius_m) = sizes.radius_m else {
        to.bad(Property::Radius, "nothing", "the radius of a point's circle in metres");
        return None;
    };
    let band = band(element, &positions, sizes, to)?;
    let footprint = outline::circle(at, radius_m, &|| "Point.coordinates".to_owned(), to)?;
    Some(Shape::Lasting { footprint, band })
}

/// How altitudes are meant.
enum Mode {
    Ground,
    Absolute,
}

fn mode(element: &Element, to: &mut Reporter) -> Option<Mode> {
    let path = || format!("{}.altitudeMode", element.name);
    match element.text_of("altitudeMode").unwrap_or("clampToGround") {
        "clampToGround" => Some(Mode::Ground),
        "absolute" => Some(Mode::Absolute),
        mode @ ("relativeToGround" | "relativeToSeaFloor" | "clampToSeaFloor") => {
            let expected = "`absolute`, or altitudes above the ground as properties (`altitude_lower_m`, `altitude_upper_m`, `altitude_reference` AGL)";
            to.fault(path(), format!("{}, which needs the terrain under it", quoted(mode)), expected);
            None
        }
        other => {
            to.fault(path(), quoted(other), "`absolute` or `clampToGround`");
            None
        }
    }
}

/// The altitudes of a geometry with these positions; inner `None` on the surface, outer if something is wrong.
fn band(element: &Element, positions: &[Position], sizes: &Sizes, to: &mut Reporter) -> Option<Option<AltitudeBand>> {
    if sizes.explicit.is_some() {
        return Some(sizes.explicit);
    }
    if matches!(mode(element, to)?, Mode::Ground) {
        return Some(None);
    }
    let altitudes: Option<Vec<f64>> = positions.iter().map(|(_, altitude_m)| *altitude_m).collect();
    let Some(altitudes) = altitudes else {
        to.fault(format!("{}.coordinates", element.name), "absolute altitudes that are missing", "an altitude in each position");
        return None;
    };
    let lowest = altitudes.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = altitudes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let extrude = matches!(element.text_of("extrude"), Some("1" | "true"));
    if sizes.height_m.is_none() && !extrude && to.options.height_m.is_some() {
        to.note(Note::HeightGiven);
    }
    let height_m = sizes.height_m.or(to.options.height_m.filter(|_| !extrude));
    let (lower_m, upper_m) = match height_m {
        Some(height_m) => (lowest - height_m / 2.0, highest + height_m / 2.0),
        None if extrude => (lowest, highest),
        None => {
            let expected = "`extrude` to the ground, a total height `height_m`, or `altitude_lower_m` and `altitude_upper_m`";
            to.fault(element.name.clone(), "altitudes without thickness", expected);
            return None;
        }
    };
    let edge = |metres| altitude::height(metres, AltitudeReference::Amsl).map(Edge::At);
    let lower = if extrude { Ok(Edge::Ground) } else { edge(lower_m) };
    let (Ok(lower), Ok(upper)) = (lower, edge(upper_m)) else {
        to.fault(format!("{}.coordinates", element.name), format!("{lower_m} m to {upper_m} m"), "altitudes of at most 1000 km");
        return None;
    };
    let band = altitude::band(Some(lower), Some(upper), false, to.line, to.notes);
    band.map_err(|(found, expected)| to.fault(element.name.clone(), found, expected)).ok().map(Some)
}

/// The positions of a geometry: longitude, latitude and maybe altitude with commas between, white space around.
fn coordinates(element: &Element, name: &str, to: &mut Reporter) -> Option<Vec<Position>> {
    let path = || format!("{name}.coordinates");
    let text = element.text_of("coordinates").unwrap_or_default();
    let mut positions = Vec::new();
    for token in text.split_ascii_whitespace() {
        let parts: Vec<Option<f64>> = token.split(',').take(4).map(number).collect();
        let position = match parts[..] {
            [Some(lng), Some(lat)] => ([lng, lat], None),
            [Some(lng), Some(lat), Some(altitude_m)] => ([lng, lat], Some(altitude_m)),
            _ => {
                let expected = "longitude, latitude and altitude with commas and no spaces between: 8.5,46.2,1200";
                to.fault(path(), quoted(token), expected);
                return None;
            }
        };
        positions.push(position);
        if positions.len() > VERTICES_MAX {
            to.fault(path(), format!("more than {VERTICES_MAX} positions"), "smaller geometries");
            return None;
        }
    }
    if positions.is_empty() {
        to.fault(path(), "nothing", "positions");
        return None;
    }
    Some(positions)
}

/// The legs of a track: a list of times, a list of positions.
fn track(element: &Element, sizes: &Sizes, to: &mut Reporter) -> Option<Vec<Piece>> {
    let whens: Vec<&Element> = element.children.iter().filter(|child| child.name == "when").collect();
    let coords: Vec<&Element> = element.children.iter().filter(|child| child.name == "coord").collect();
    if whens.len() != coords.len() || whens.len() > VERTICES_MAX {
        let found = format!("{} times and {} positions", whens.len(), coords.len());
        to.fault("gx:Track", found, format!("as many of one as of the other, at most {VERTICES_MAX}"));
        return None;
    }
    let with_altitude = sizes.explicit.is_none() && matches!(mode(element, to)?, Mode::Absolute);
    let mut points = Vec::with_capacity(whens.len());
    for (when, coord) in whens.iter().zip(coords) {
        let text = when.text.trim();
        let time = match time::instant(text) {
            Ok(instant) => instant.time,
            Err(expected) => {
                to.fault("gx:Track.when", quoted(text), expected);
                return None;
            }
        };
        let parts: Vec<Option<f64>> = coord.text.split_ascii_whitespace().take(4).map(number).collect();
        let (at, altitude_m) = match parts[..] {
            [Some(lng), Some(lat)] => ([lng, lat], None),
            [Some(lng), Some(lat), Some(altitude_m)] => ([lng, lat], Some(altitude_m)),
            _ => {
                to.fault("gx:Track.coord", quoted(coord.text.trim()), "longitude, latitude and altitude with spaces between");
                return None;
            }
        };
        if with_altitude && altitude_m.is_none() {
            to.fault("gx:Track.coord", "an absolute altitude that is missing", "an altitude in each position");
            return None;
        }
        if let Err((found, expected)) = outline::place(at) {
            to.fault("gx:Track.coord", found, expected);
            return None;
        }
        let altitude_m = altitude_m.filter(|_| with_altitude);
        points.push(Point { line: when.line, at, time, altitude_m, width_m: sizes.width_m, height_m: sizes.height_m });
    }
    let mut legs = path::pieces(&points, Some(AltitudeReference::Amsl), to)?;
    if sizes.explicit.is_some() {
        legs.iter_mut().for_each(|(_, band, _)| *band = sizes.explicit);
    }
    Some(legs)
}
