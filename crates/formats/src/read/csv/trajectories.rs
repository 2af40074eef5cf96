//! A table with the points of paths: consecutive rows of one claim are joined by legs, each with its width, band and span.

use std::mem;

use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeReference, Time};

use super::super::batch::{Batch, Claim, Company};
use super::super::notes::Note;
use super::super::options::ReadOptions;
use super::super::path::{self, Point};
use super::super::problems::{Fatal, Fault, quoted};
use super::super::properties::{Properties, Property, Reporter, number};
use super::super::time;
use super::{Column, Columns, Row, Table, volumes};

/// Reads rows of trajectories.
pub struct Trajectories {
    open: Option<Open>,
}

/// The claim whose rows are being read.
struct Open {
    claim: String,
    line: usize,
    properties: Properties<'static>,
    reference: Option<AltitudeReference>,
    points: Vec<Point>,
    faults: Vec<Fault>,
}

impl Trajectories {
    /// For a table with these columns.
    pub fn new(columns: &Columns) -> Result<Self, Fatal> {
        columns.need(Column::Lat, "lat")?;
        columns.need(Column::Lng, "lng")?;
        for property in
            [Property::TimeStart, Property::TimeEnd, Property::Radius, Property::AltitudeLower, Property::AltitudeUpper]
        {
            if columns.of(Column::Of(property)).is_some() {
                let found = format!("`time` and `{}` together", property.name());
                let expected = "`time` in a table of trajectories, or `time_start` and `time_end` in one of volumes";
                return Err(Fatal::new(1, property.name(), found, expected));
            }
        }
        Ok(Self { open: None })
    }

    fn close(&mut self, options: &ReadOptions, batch: &mut Batch) {
        let Some(open) = self.open.take() else { return };
        if !open.faults.is_empty() {
            batch.add_bad(Some(open.claim), open.faults);
            return;
        }
        batch.entry(open.line, "", options, |to| (Some(open.claim.clone()), claim(open, to)));
    }
}

impl Table for Trajectories {
    fn row(&mut self, row: &Row, options: &ReadOptions, batch: &mut Batch) {
        let mut properties = Properties::default();
        for (column, _) in &row.columns.known {
            if let Column::Of(property) = *column
                && let Some(text) = row.text(*column, &mut batch.notes)
            {
                properties.set_text(property, text.into_owned());
            }
        }
        let Some(claim) = properties.claim() else {
            self.broken(Fault::new(row.line, "claim", "nothing", "the id of the claim"), batch);
            return;
        };
        if self.open.as_ref().is_none_or(|open| open.claim != claim) {
            self.close(options, batch);
        }
        let mut faults = Vec::new();
        let mut to = Reporter { options, notes: &mut batch.notes, faults: &mut faults, line: row.line, prefix: "" };
        let (reference, point) = point(row, &properties, &mut to);
        let open = self.open.get_or_insert_with(|| Open {
            claim,
            line: row.line,
            properties: properties.clone(),
            reference,
            points: Vec::new(),
            faults: Vec::new(),
        });
        for property in [Property::Party, Property::Kind, Property::Name, Property::Priority] {
            if properties.has(property) && !properties.alike(&open.properties, property) {
                let found = format!("another {} than on line {}", property.name(), open.line);
                to.bad(property, found, "one for all rows of a claim");
            }
        }
        if reference.is_some() && reference != open.reference {
            to.bad(
                Property::AltitudeReference,
                format!("another reference than on line {}", open.line),
                "one for all rows of a claim",
            );
        }
        if open.points.len() >= path::POINTS_MAX {
            to.fault("", format!("more than {} rows of one claim", path::POINTS_MAX), "shorter paths");
        }
        match point {
            Some(point) if faults.is_empty() => open.points.push(point),
            _ => open.faults.extend(mem::take(&mut faults)),
        }
        open.faults.truncate(100);
    }

    fn broken(&mut self, fault: Fault, batch: &mut Batch) {
        // It may be a point of the path that is being read, which is not whole without it.
        match &mut self.open {
            Some(open) => open.faults.push(fault),
            None => batch.add_bad(None, vec![fault]),
        }
    }

    fn end(&mut self, options: &ReadOptions, batch: &mut Batch) {
        self.close(options, batch);
    }
}

/// The point of a row, and the reference of its altitude if the row gives one.
fn point(row: &Row, properties: &Properties, to: &mut Reporter) -> (Option<AltitudeReference>, Option<Point>) {
    let reference = properties.reference(to);
    let place = match (row.text(Column::Lat, to.notes), row.text(Column::Lng, to.notes)) {
        (Some(lat), Some(lng)) => volumes::position(row, (&lat, &lng), to),
        _ => {
            to.fault("", "no place", "`lat` and `lng`");
            None
        }
    };
    let time = instant(row, to);
    let altitude_m = match row.text(Column::Altitude, to.notes) {
        None => Some(None),
        Some(text) => {
            let metres = number(&text);
            if metres.is_none() {
                to.fault(row.columns.name(Column::Altitude), quoted(&text), "a number of metres");
            }
            metres.map(Some)
        }
    };
    let (width_m, height_m) = (properties.length_m(Property::Width, to), properties.length_m(Property::Height, to));
    let whole = || {
        Some(Point { line: row.line, at: place?, time: time?, altitude_m: altitude_m?, width_m: width_m?, height_m: height_m? })
    };
    (reference.flatten(), whole())
}

fn instant(row: &Row, to: &mut Reporter) -> Option<Time> {
    let Some(text) = row.text(Column::Time, to.notes) else {
        to.fault("time", "nothing", "the time of the row");
        return None;
    };
    let expected = match time::instant(&text) {
        Ok(instant) if !instant.whole_day => return Some(instant.time),
        Ok(_) => "a time of the day as well".to_owned(),
        Err(expected) => expected,
    };
    to.fault("time", quoted(&text), expected);
    None
}

fn claim(open: Open, to: &mut Reporter) -> Option<Claim> {
    let has_band = open.points.iter().any(|point| point.altitude_m.is_some());
    let head = open.properties.head(has_band, to)?;
    let reference = open.reference.or_else(|| {
        let given = to.options.altitude_reference.filter(|_| has_band);
        if given.is_some() {
            to.note(Note::ReferenceGiven);
        }
        given
    });
    if head.kind == ClaimKind::Flight && !has_band {
        to.fault("altitude_m", "a flight without altitudes", "`altitude_m` in each row");
        return None;
    }
    let pieces = path::pieces(&open.points, reference, to)?;
    Some((head, Company::NoneApart, pieces))
}
