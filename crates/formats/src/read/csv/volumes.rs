//! A table with a volume in each row: a geometry as well-known text, or the centre and radius of a circle.

use super::super::batch::{Batch, Claim, Company};
use super::super::coordinates::Flat;
use super::super::geometry;
use super::super::options::ReadOptions;
use super::super::problems::{Fatal, Fault, quoted};
use super::super::properties::{self, Properties, Property, Reporter, number};
use super::super::{outline, wkt};
use super::{Column, Columns, Row, Table};

/// Reads rows of volumes.
pub struct Volumes {
    flat: Flat,
}

impl Volumes {
    /// For a table with these columns.
    pub fn new(columns: &Columns) -> Result<Self, Fatal> {
        if columns.of(Column::Wkt).is_none() {
            columns.need(Column::Lat, "wkt` or `lat")?;
            columns.need(Column::Lng, "lng")?;
        }
        Ok(Self { flat: Flat::default() })
    }
}

impl Table for Volumes {
    fn row(&mut self, row: &Row, options: &ReadOptions, batch: &mut Batch) {
        let mut properties = Properties::default();
        for (column, _) in &row.columns.known {
            if let Column::Of(property) = *column
                && let Some(text) = row.text(*column, &mut batch.notes)
            {
                properties.set_text(property, text);
            }
        }
        self.flat.clear();
        let flat = &mut self.flat;
        batch.entry(row.line, "", options, |to| (properties.claim(), volume(row, &properties, flat, to)));
    }

    fn broken(&mut self, fault: Fault, batch: &mut Batch) {
        batch.add_bad(None, vec![fault]);
    }

    fn end(&mut self, _: &ReadOptions, _: &mut Batch) {}
}

fn volume(row: &Row, properties: &Properties, flat: &mut Flat, to: &mut Reporter) -> Option<Claim> {
    let band = properties.band(to);
    let head = properties.head(band.is_none_or(|band| band.is_some()), to);
    let span = properties.span(head.as_ref().map(|head| head.kind), to);
    let footprints = footprints(row, properties, flat, to);
    let (band, head, span) = (band?, head?, span?);
    properties::needs_band(head.kind, band.is_some(), to);
    Some((head, Company::Any, footprints?.into_iter().map(|footprint| (footprint, band, span)).collect()))
}

fn footprints(
    row: &Row,
    properties: &Properties,
    flat: &mut Flat,
    to: &mut Reporter,
) -> Option<Vec<deconflict_spacetime::Footprint>> {
    let wkt_name = row.columns.name(Column::Wkt).to_owned();
    let text = row.text(Column::Wkt, to.notes);
    let (lat, lng) = (row.text(Column::Lat, to.notes), row.text(Column::Lng, to.notes));
    match (text, lat, lng) {
        (Some(text), None, None) => {
            if let Err((found, expected)) = wkt::read(&text, flat) {
                to.fault(wkt_name, found, expected);
                return None;
            }
            geometry::all_footprints(flat, properties, &wkt_name, to)
        }
        (None, Some(lat), Some(lng)) => {
            let center = position(row, (&lat, &lng), to)?;
            let Some(radius_m) = properties.length_m(Property::Radius, to)? else {
                to.bad(Property::Radius, "nothing", "the radius of the circle in metres");
                return None;
            };
            outline::circle(center, radius_m, &|| row.columns.name(Column::Lat).to_owned(), to).map(|circle| vec![circle])
        }
        (None, None, None) => {
            to.fault("", "no place", "a geometry in `wkt`, or `lat`, `lng` and `radius_m`");
            None
        }
        (Some(_), _, _) => {
            to.fault(wkt_name, "both a geometry and a place", "a geometry in `wkt`, or `lat`, `lng` and `radius_m`");
            None
        }
        (None, _, _) => {
            to.fault("", "only one of `lat` and `lng`", "both");
            None
        }
    }
}

/// A position whose latitude and longitude are texts.
pub fn position(row: &Row, (lat, lng): (&str, &str), to: &mut Reporter) -> Option<outline::LngLat> {
    let mut degrees = |column, text: &str| {
        let degrees = number(text);
        if degrees.is_none() {
            to.fault(row.columns.name(column), quoted(text), "a number of degrees");
        }
        degrees
    };
    let (lat, lng) = (degrees(Column::Lat, lat), degrees(Column::Lng, lng));
    let position = [lng?, lat?];
    let wrong = outline::place(position).err();
    if let Some((found, expected)) = &wrong {
        to.fault(row.columns.name(Column::Lat), found, expected);
    }
    wrong.is_none().then_some(position)
}
