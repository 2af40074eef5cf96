//! Volumes of the wire as the registry's: shapes become cells, altitudes centimetres, times nanoseconds, all rounded outward.
//!
//! Which parts may be missing depends on the request; what is there must make sense in every one.

use crate::wire::problems::{At, Problems};
use crate::wire::time::{WireTime, asked_span};
use deconflict_astm as astm;
use deconflict_cells::{AREA_MAX_KM2, CellsError, Limits, circle_cells, polygon_cells};
use deconflict_registry::{AltitudeBand, Cell, Cells, MAX_CELLS, MAX_VOLUMES, Time, TimeSpan, Volume, Volumes};
use deconflict_spacetime::LatLng;
use std::ops::RangeInclusive;

/// How much one outline may cover.
const LIMITS: Limits = Limits { area_km2: AREA_MAX_KM2, cells: MAX_CELLS };

/// Altitudes of F3548, metres above the ellipsoid.
const ALTITUDES_M: RangeInclusive<f64> = -8_000.0..=100_000.0;

/// Whether volumes must say how low and how high they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Altitudes {
    /// Both are needed.
    Required,
    /// One that is missing is open.
    Optional,
}

/// The volumes of an entity. Start and end are needed in each.
pub fn volumes(extents: &[astm::Volume4D], altitudes: Altitudes, at: At, problems: &mut Problems) -> Option<Volumes> {
    if extents.len() > MAX_VOLUMES {
        problems.add(at, format_args!("has {} volumes; expected at most {MAX_VOLUMES}", extents.len()));
        return None;
    }
    let (mut volumes, mut cells) = (Vec::with_capacity(extents.len()), 0);
    for (index, extent) in extents.iter().enumerate() {
        // Every volume is read, so that all problems are found, as long as there can be an answer at all.
        volumes.extend(volume(extent, altitudes, at.index(index), problems, &mut cells));
        if cells > MAX_CELLS {
            problems.add(at, format_args!("volumes 0 to {index} have {cells} cells; expected at most {MAX_CELLS} in all"));
            return None;
        }
    }
    if volumes.len() < extents.len() {
        return None;
    }
    problems.take(at, Volumes::new(volumes))
}

/// One of them; `count` rises by the number of its cells.
fn volume(extent: &astm::Volume4D, altitudes: Altitudes, at: At, problems: &mut Problems, count: &mut usize) -> Option<Volume> {
    let cells = cells(&extent.volume, at.field("volume"), problems);
    *count += cells.as_ref().map_or(0, |cells| cells.as_slice().len());
    let altitude = band(&extent.volume, altitudes, at.field("volume"), problems);
    let start = required(extent.time_start.as_ref(), at.field("time_start"), problems);
    let end = required(extent.time_end.as_ref(), at.field("time_end"), problems);
    let (start, end) = (start?, end?);
    let (start, end) = (problems.take(at.field("time_start"), start.start()), problems.take(at.field("time_end"), end.end()));
    let (start, end) = (start?, end?);
    if end <= start {
        problems.add(at.field("time_end"), "is not after time_start");
        return None;
    }
    let time = TimeSpan::new(start, end).expect("the end is after the start");
    Some(Volume { cells: cells?, altitude: altitude?, time })
}

/// Where and when a subscription is to be. Its altitudes must make sense and do not matter.
pub struct SubscriptionExtent {
    /// Where.
    pub cells: Cells,
    /// From when, if it says so.
    pub start: Option<Time>,
    /// Until when, if it says so.
    pub end: Option<Time>,
}

/// The extent of a subscription. Whether its times make sense is for the registry, which knows what is missing.
pub fn subscription_extent(extent: &astm::Volume4D, at: At, problems: &mut Problems) -> Option<SubscriptionExtent> {
    let cells = cells(&extent.volume, at.field("volume"), problems);
    let altitude = band(&extent.volume, Altitudes::Optional, at.field("volume"), problems);
    let start = optional(extent.time_start.as_ref(), at.field("time_start"), problems)
        .and_then(|start| problems.take(at.field("time_start"), start.start()));
    let end = optional(extent.time_end.as_ref(), at.field("time_end"), problems)
        .and_then(|end| problems.take(at.field("time_end"), end.end()));
    altitude?;
    Some(SubscriptionExtent { cells: cells?, start, end })
}

/// An area that is asked about: a bound that is missing is open, and an instant is a span.
pub fn area_of_interest(area: &astm::Volume4D, at: At, problems: &mut Problems) -> Option<Volume> {
    let cells = cells(&area.volume, at.field("volume"), problems);
    let altitude = band(&area.volume, Altitudes::Optional, at.field("volume"), problems);
    let start = optional(area.time_start.as_ref(), at.field("time_start"), problems);
    let end = optional(area.time_end.as_ref(), at.field("time_end"), problems);
    let time = asked_span(start, end);
    if time.is_none() {
        problems.add(at.field("time_end"), "is before time_start");
    }
    Some(Volume { cells: cells?, altitude: altitude?, time: time? })
}

fn required(time: Option<&astm::Time>, at: At, problems: &mut Problems) -> Option<WireTime> {
    if time.is_none() {
        problems.add(at, "is missing");
    }
    optional(time, at, problems)
}

fn optional(time: Option<&astm::Time>, at: At, problems: &mut Problems) -> Option<WireTime> {
    time.and_then(|time| problems.take(at.field("value"), WireTime::parse(&time.value)))
}

/// The cells of the one outline of a volume.
fn cells(volume: &astm::Volume3D, at: At, problems: &mut Problems) -> Option<Cells> {
    let (outline, found) = match (&volume.outline_polygon, &volume.outline_circle) {
        (Some(polygon), None) => ("outline_polygon", polygon_outline(polygon, at.field("outline_polygon"), problems)?),
        (None, Some(circle)) => ("outline_circle", circle_outline(circle, at.field("outline_circle"), problems)?),
        (Some(_), Some(_)) => {
            problems.add(at, "has outline_circle and outline_polygon; expected one of them");
            return None;
        }
        (None, None) => {
            problems.add(at, "has neither outline_circle nor outline_polygon");
            return None;
        }
    };
    settled(found, at.field(outline), problems)
}

/// The cells of the polygon with these vertices.
pub fn polygon_of(vertices: &[LatLng], at: At, problems: &mut Problems) -> Option<Cells> {
    settled(polygon_cells(vertices, &LIMITS), at, problems)
}

/// The cells that were found, or why there are none.
pub fn settled(found: Found, at: At, problems: &mut Problems) -> Option<Cells> {
    match found {
        Ok(ids) => {
            let cell = |id| Cell::from_s2(id).expect("an outline is covered by cells of level 13");
            problems.take(at, Cells::new(ids.into_iter().map(cell).collect()))
        }
        Err(error @ (CellsError::AreaTooLarge { .. } | CellsError::TooManyCells { .. })) => {
            problems.add_too_large(at, error);
            None
        }
        Err(error) => {
            problems.add(at, error);
            None
        }
    }
}

/// The cells of an outline.
pub type Found = Result<Vec<u64>, CellsError>;

/// The cells of a polygon of the wire; nothing if one of its vertices is none.
pub fn polygon_outline(polygon: &astm::Polygon, at: At, problems: &mut Problems) -> Option<Found> {
    let at = at.field("vertices");
    let mut vertices = Vec::with_capacity(polygon.vertices.len());
    for (index, vertex) in polygon.vertices.iter().enumerate() {
        vertices.extend(problems.take(at.index(index), LatLng::degrees(vertex.lat, vertex.lng)));
    }
    (vertices.len() == polygon.vertices.len()).then(|| polygon_cells(&vertices, &LIMITS))
}

fn circle_outline(circle: &astm::Circle, at: At, problems: &mut Problems) -> Option<Found> {
    if circle.center.is_none() {
        problems.add(at.field("center"), "is missing");
    }
    if circle.radius.is_none() {
        problems.add(at.field("radius"), "is missing");
    }
    let center = circle.center.as_ref();
    let center = center.and_then(|center| problems.take(at.field("center"), LatLng::degrees(center.lat, center.lng)));
    Some(circle_cells(center?, circle.radius.as_ref()?.value, &LIMITS))
}

fn band(volume: &astm::Volume3D, altitudes: Altitudes, at: At, problems: &mut Problems) -> Option<AltitudeBand> {
    let (lower, upper) = (volume.altitude_lower.as_ref(), volume.altitude_upper.as_ref());
    let lower = edge(lower, altitudes, at.field("altitude_lower"), problems);
    let upper = edge(upper, altitudes, at.field("altitude_upper"), problems);
    let (lower, upper) = (lower?, upper?);
    if let (Some(lower), Some(upper)) = (lower, upper)
        && upper < lower
    {
        problems.add(at.field("altitude_upper"), format_args!("{upper} m is below altitude_lower, {lower} m"));
        return None;
    }
    let band = AltitudeBand::new(lower.map_or(i32::MIN, lower_cm), upper.map_or(i32::MAX, upper_cm));
    Some(band.expect("rounding outward keeps the order"))
}

/// An edge of a band, in metres; nothing inside if it may be open and is.
fn edge(altitude: Option<&astm::Altitude>, altitudes: Altitudes, at: At, problems: &mut Problems) -> Option<Option<f64>> {
    match (altitude, altitudes) {
        (Some(altitude), _) => self::altitude(altitude.value, at.field("value"), problems).map(Some),
        (None, Altitudes::Optional) => Some(None),
        (None, Altitudes::Required) => {
            problems.add(at, "is missing");
            None
        }
    }
}

/// An altitude in metres, if there can be one.
pub fn altitude(metres: f64, at: At, problems: &mut Problems) -> Option<f64> {
    if ALTITUDES_M.contains(&metres) {
        return Some(metres);
    }
    let (least, most) = (ALTITUDES_M.start(), ALTITUDES_M.end());
    problems.add(at, format_args!("is {metres} m; expected {least} to {most} m"));
    None
}

/// Whole centimetres, rounded down. What has at most two decimals keeps them: 0.29 is 29.
fn lower_cm(metres: f64) -> i32 {
    let nearest = (metres * 100.0).round();
    (if nearest / 100.0 <= metres { nearest } else { nearest - 1.0 }) as i32
}

/// Whole centimetres, rounded up. What has at most two decimals keeps them.
fn upper_cm(metres: f64) -> i32 {
    let nearest = (metres * 100.0).round();
    (if nearest / 100.0 >= metres { nearest } else { nearest + 1.0 }) as i32
}

#[cfg(test)]
#[path = "volume_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "overlap_tests.rs"]
mod overlap_tests;
