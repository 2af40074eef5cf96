//! UAS geographical zones, ED-269 and ED-318, as constraints: what both forms have in common.
//!
//! Written from the public JSON schemas and examples of ED-318 and from published ED-269 files.

mod ed269;
mod ed318;
mod schedule;

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{Altitude, AltitudeBand, Footprint, TimeSpan, UM_PER_FT};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::altitude::{self, Edge, band};
use super::batch::{Batch, Claim, Company, at_all_times};
use super::coordinates::{Coordinates, Kind};
use super::geojson::json_fault;
use super::geometry::single;
use super::input::Input;
use super::names::Names;
use super::notes::Note;
use super::options::ReadOptions;
use super::outline;
use super::problems::quoted;
use super::properties::{Head, Reporter};
use super::split::Entries;

pub use ed269::Zone as Ed269Zone;
pub use ed318::Zone as Ed318Zone;

/// Zones are handed on in parts of about this many.
const PART: usize = 256;

/// A zone in either form.
pub trait GeoZone: DeserializeOwned {
    /// What it is called in messages.
    const WORDS: &'static str;

    /// Its identifier, its name, and how it restricts.
    fn labels(&self) -> Labels<'_>;

    /// When it holds.
    fn periods(&self) -> &[schedule::Period];

    /// Where and how high; faults are reported.
    fn layers(&self, to: &mut Reporter) -> Option<Vec<(Footprint, AltitudeBand)>>;
}

/// How a zone is told from others.
pub struct Labels<'z> {
    /// Its identifier.
    pub identifier: Option<&'z str>,
    /// Its name for people.
    pub name: Option<&'z str>,
    /// How it restricts.
    pub restriction: Option<&'z str>,
}

/// A text, alone or in several languages.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// Alone.
    One(String),
    /// In several languages.
    Many(Vec<Translation>),
}

/// Reads a list, or what should be in one by itself, as some zones have it.
fn one_or_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct List<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_unit<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Vec<T>, A::Error> {
            Deserialize::deserialize(SeqAccessDeserializer::new(seq))
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }
    }
    deserializer.deserialize_any(List(PhantomData))
}

/// A text in one language.
#[derive(Debug, Deserialize)]
pub struct Translation {
    text: Option<String>,
}

impl Text {
    /// The text, in the first language that has one.
    pub fn first(&self) -> Option<&str> {
        let text = match self {
            Self::One(text) => Some(text.as_str()),
            Self::Many(many) => many.iter().find_map(|one| one.text.as_deref()),
        };
        text.map(str::trim).filter(|text| !text.is_empty())
    }
}

/// Reads a file of zones.
pub fn read<Z: GeoZone>(input: Input, options: &ReadOptions, take: &mut dyn FnMut(Batch)) {
    let count = input.count();
    let mut entries = Entries::new(input, Some("features"));
    let mut names = Names::default();
    let mut batch = Batch::at(0);
    for number in 1.. {
        match entries.next() {
            Ok(Some(entry)) => {
                let before = batch.bad_count();
                zone::<Z>(&entry.bytes, entry.line, &mut names, options, &mut batch);
                if let Some(index) = entry.index {
                    batch.prefix_bad_since(before, &format!("features[{index}]"));
                }
            }
            Ok(None) => break,
            Err(fatal) => {
                batch.fatal = Some(fatal);
                break;
            }
        }
        if number % PART == 0 {
            take(std::mem::replace(&mut batch, Batch::at(count.load(Ordering::Relaxed))));
        }
    }
    take(batch);
}

fn zone<Z: GeoZone>(bytes: &[u8], line: usize, names: &mut Names, options: &ReadOptions, batch: &mut Batch) {
    let zone: Z = match serde_json::from_slice(bytes) {
        Ok(zone) => zone,
        Err(error) => {
            batch.add_bad(None, vec![json_fault(&error, line, Z::WORDS)]);
            return;
        }
    };
    let labels = zone.labels();
    if labels.restriction == Some("NO_RESTRICTION") {
        batch.notes.add(Note::NoRestriction, line);
        return;
    }
    batch.entry(line, "", options, |to| {
        let claim = labels.identifier.or(labels.name).map(str::to_owned);
        (claim, constraint(&zone, &labels, names, to))
    });
}

fn constraint<Z: GeoZone>(zone: &Z, labels: &Labels, names: &mut Names, to: &mut Reporter) -> Option<Claim> {
    let spans = schedule::spans(zone.periods(), to);
    let layers = zone.layers(to);
    let Some(own) = labels.identifier.or(labels.name) else {
        to.fault("identifier", "nothing", "the identifier of the zone");
        return None;
    };
    let (spans, layers): (Vec<TimeSpan>, _) = (spans?, layers?);
    if spans.is_empty() {
        to.note(Note::NotInPeriod);
    }
    if labels.identifier.is_none() {
        to.note(Note::NamedAfterEntry);
    }
    let party = to.options.party.clone();
    to.note(if party.is_some() { Note::PartyGiven } else { Note::NoParty });
    let claim = names.unique(own.to_owned(), to);
    let name = labels.name.map(str::to_owned);
    let head = Head { claim, party, kind: ClaimKind::Constraint, name, priority: 0 };
    Some((head, Company::Any, at_all_times(&layers, &spans, to)?))
}

/// The limits of a layer as the forms give them.
pub struct Limits<'z> {
    /// Where they stand, for messages.
    pub path: &'z str,
    /// Their unit.
    pub unit: Option<&'z str>,
    /// The lower limit and its reference.
    pub lower: (Option<f64>, Option<&'z str>),
    /// The upper limit and its reference.
    pub upper: (Option<f64>, Option<&'z str>),
}

impl Limits<'_> {
    /// The band between them.
    fn band(&self, to: &mut Reporter) -> Option<AltitudeBand> {
        let lower = self.edge("lower", self.lower, to);
        let upper = self.edge("upper", self.upper, to);
        let band = band(lower?, upper?, to.options.refuse_mixed_references, to.line, to.notes);
        band.map_err(|(found, expected)| to.fault(self.path, found, expected)).ok()
    }

    /// One limit; inner `None` if there is none, outer if something is wrong with it.
    fn edge(&self, which: &str, (limit, reference): (Option<f64>, Option<&str>), to: &mut Reporter) -> Option<Option<Edge>> {
        let Some(limit) = limit else { return Some(None) };
        let path = format!("{}.{which}", self.path);
        let feet = match self.unit.map(str::trim) {
            Some(unit) if unit.eq_ignore_ascii_case("m") => false,
            Some(unit) if unit.eq_ignore_ascii_case("ft") => true,
            other => {
                to.fault(path, format!("the unit {}", quoted(other.unwrap_or_default())), "`M` or `FT`");
                return None;
            }
        };
        let Some(reference) = reference.and_then(altitude::reference) else {
            to.fault(path, format!("the reference {}", quoted(reference.unwrap_or_default())), "`AGL`, `AMSL` or `WGS84`");
            return None;
        };
        if !feet {
            let height = altitude::height(limit, reference);
            return height.map_err(|expected| to.fault(path, format!("{limit} m"), expected)).ok().map(|at| Some(Edge::At(at)));
        }
        // Whole feet are whole micrometres; the bound is that of metres.
        if limit.abs() > 3e6 {
            to.fault(path, format!("{limit} ft"), "an altitude of at most 1000 km");
            return None;
        }
        #[allow(clippy::cast_possible_truncation)]
        let um = (limit * UM_PER_FT as f64).round() as i64;
        Some(Some(Edge::At(Altitude::from_um(um, reference))))
    }
}

/// The circle around a position of the file.
fn circle(center: &[f64], radius_m: Option<f64>, path: &str, to: &mut Reporter) -> Option<Footprint> {
    let (&[lng, lat] | &[lng, lat, _]) = center else {
        to.fault(path, format!("{} numbers as a centre", center.len()), "longitude and latitude");
        return None;
    };
    let Some(radius_m) = radius_m else {
        to.fault(format!("{path}.radius"), "nothing", "the radius of the circle in metres");
        return None;
    };
    outline::circle([lng, lat], radius_m, &|| path.to_owned(), to)
}

/// The outlines of a polygon or several.
fn polygons(kind: &str, coordinates: Option<&Coordinates>, path: &str, to: &mut Reporter) -> Option<Vec<Footprint>> {
    match (Kind::named(kind), coordinates) {
        (Some(kind @ (Kind::Polygon | Kind::MultiPolygon)), Some(coordinates)) => single(coordinates, kind, path, to),
        (_, None) => {
            to.fault(format!("{path}.coordinates"), "nothing", "the coordinates of the zone");
            None
        }
        _ => {
            to.fault(format!("{path}.type"), quoted(kind), "a polygon or a circle");
            None
        }
    }
}
