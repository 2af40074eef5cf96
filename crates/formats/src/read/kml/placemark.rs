//! One Placemark into volumes: whose it is, when, and how high; its geometries are read in `shapes`.

use deconflict_spacetime::{Time, TimeSpan};

use super::super::batch::{Batch, Claim, Company, Piece};
use super::super::names::Names;
use super::super::notes::Note;
use super::super::options::ReadOptions;
use super::super::problems::quoted;
use super::super::properties::{self, Properties, Property, Reporter};
use super::shapes::{self, Shape};
use super::times::first_and_last;
use super::xml::Element;

/// Reads a Placemark; `inherited` is the time of the containers around it.
pub fn read(placemark: &Element, inherited: Option<&Element>, names: &mut Names, options: &ReadOptions, batch: &mut Batch) {
    let (properties, twice) = extended_data(placemark, batch);
    batch.entry(placemark.line, "ExtendedData.", options, |to| {
        if let Some(name) = twice {
            to.bad(name, "the property twice", "each property once");
        }
        let claim = properties.claim().or_else(|| placemark.id.clone());
        let claim = claim.or_else(|| placemark.text_of("name").map(str::to_owned));
        (claim, volumes(placemark, inherited, properties, names, to))
    });
}

/// The properties in `ExtendedData`, in either of its forms, and one that comes twice.
fn extended_data(placemark: &Element, batch: &mut Batch) -> (Properties<'static>, Option<Property>) {
    let (mut properties, mut twice) = (Properties::default(), None);
    let mut set = |key: Option<&String>, text: Option<&str>| {
        let key = key.map_or("", String::as_str);
        match Property::named(key) {
            Some(property) => {
                if let Some(text) = text
                    && properties.set_text(property, text.to_owned())
                {
                    twice = Some(property);
                }
            }
            None => batch.ignore(key),
        }
    };
    for data in placemark.child("ExtendedData").iter().flat_map(|extended| &extended.children) {
        match data.name.as_str() {
            "Data" => set(data.key.as_ref(), data.text_of("value")),
            "SchemaData" => {
                for simple in data.children.iter().filter(|child| child.name == "SimpleData") {
                    set(simple.key.as_ref(), Some(simple.text.trim()));
                }
            }
            _ => {}
        }
    }
    (properties, twice)
}

fn volumes(
    placemark: &Element,
    inherited: Option<&Element>,
    mut properties: Properties<'static>,
    names: &mut Names,
    to: &mut Reporter,
) -> Option<Claim> {
    let name = placemark.text_of("name");
    if let Some(name) = name
        && !properties.has(Property::Name)
    {
        properties.set_text(Property::Name, name.to_owned());
    }
    let company = identify(placemark, &mut properties, name, names, to);
    let explicit = properties.band(to)?;
    let shapes = shapes::all(placemark, &properties, explicit, to)?;
    let has_band = shapes.iter().any(|shape| shape.has_band());
    let head = properties.head(has_band, to);
    let timed = shapes.iter().any(|shape| matches!(shape, Shape::Lasting { .. }));
    let kind = head.as_ref().map(|head| head.kind);
    let span = if timed { Some(span(placemark, inherited, &properties, kind, to)) } else { None };
    let head = head?;
    let span = match span {
        Some(span) => Some(span?),
        None => None,
    };
    let mut pieces: Vec<Piece> = Vec::new();
    for shape in shapes {
        match shape {
            Shape::Lasting { footprint, band } => pieces.push((footprint, band, span?)),
            Shape::Moving(legs) => pieces.extend(legs),
        }
    }
    properties::needs_band(head.kind, pieces.iter().all(|(_, band, _)| band.is_some()), to);
    Some((head, company, pieces))
}

/// Gives the claim its id: its own, that of the Placemark, or its name.
fn identify(
    placemark: &Element,
    properties: &mut Properties,
    name: Option<&str>,
    names: &mut Names,
    to: &mut Reporter,
) -> Company {
    if properties.has(Property::Claim) {
        return Company::Any;
    }
    if let Some(id) = &placemark.id {
        properties.set_text(Property::Claim, id.clone());
        return Company::NoneOfItsId;
    }
    if let Some(name) = name {
        to.note(Note::NamedAfterEntry);
        let claim = names.unique(name.to_owned(), to);
        properties.set_text(Property::Claim, claim);
        return Company::NoneOfItsId;
    }
    Company::Any
}

/// The span of a Placemark: its own properties, its time, or that of the containers around it.
fn span(
    placemark: &Element,
    inherited: Option<&Element>,
    properties: &Properties,
    kind: Option<deconflict_plan::model::ClaimKind>,
    to: &mut Reporter,
) -> Option<TimeSpan> {
    if properties.has(Property::TimeStart) || properties.has(Property::TimeEnd) {
        return properties.span(kind, to);
    }
    let own = placemark.child("TimeSpan").or_else(|| placemark.child("TimeStamp"));
    let Some(time) = own.or(inherited) else { return properties::span(None, None, kind, to) };
    if time.name == "TimeStamp" {
        return stamp(time, to);
    }
    let (begin, end) = (bound(time, "begin", to)?, bound(time, "end", to)?);
    properties::span(begin.map(|(first, _)| first), end.map(|(_, last)| last), kind, to)
}

/// The first and last instant of a bound; inner `None` if there is none, outer if it is no time.
fn bound(time: &Element, name: &str, to: &mut Reporter) -> Option<Option<(Time, Time)>> {
    let Some(text) = time.text_of(name) else { return Some(None) };
    let bound = first_and_last(text);
    bound.map_err(|expected| to.fault(format!("TimeSpan.{name}"), quoted(text), expected)).ok().map(Some)
}

/// A time stamp is a span if it names a day or more.
fn stamp(time: &Element, to: &mut Reporter) -> Option<TimeSpan> {
    let text = time.text_of("when").unwrap_or_default();
    match first_and_last(text) {
        Ok((first, last)) => {
            let span = TimeSpan::new(first, last).ok();
            if span.is_none() {
                to.fault("TimeStamp.when", "an instant, which does not last", "a `TimeSpan` with `begin` and `end`");
            }
            span
        }
        Err(expected) => {
            to.fault("TimeStamp.when", quoted(text), expected);
            None
        }
    }
}
