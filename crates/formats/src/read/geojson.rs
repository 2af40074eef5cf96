//! One GeoJSON feature, from its bytes into volumes. Does not know how features are found in a file.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::batch::{Batch, Claim, Company};
use super::coordinates::{Flat, GeometrySeed};
use super::geometry;
use super::options::ReadOptions;
use super::problems::{Fault, quoted};
use super::properties::{self, Properties, Property, Reporter, Value};

/// What is used again for each feature.
#[derive(Debug, Default)]
pub struct Scratch {
    flat: Flat,
}

/// The members of a feature.
#[derive(Default)]
struct Feature<'t> {
    kind: Option<Cow<'t, str>>,
    id: Option<Value<'t>>,
    has_geometry: bool,
    has_crs: bool,
    properties: Properties<'t>,
    twice: Option<&'static str>,
}

/// Reads a feature into `batch`. `index` is its place in a collection, if it is in one.
pub fn feature(bytes: &[u8], line: usize, index: Option<usize>, options: &ReadOptions, scratch: &mut Scratch, batch: &mut Batch) {
    scratch.flat.clear();
    let mut feature = Feature::default();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let seed = FeatureSeed { feature: &mut feature, flat: &mut scratch.flat, batch };
    let read = seed.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    let before = batch.bad_count();
    if let Err(error) = read {
        batch.add_bad(feature.properties.claim(), vec![json_fault(&error, line, "a GeoJSON feature")]);
    } else {
        let flat = &scratch.flat;
        batch.entry(line, "properties.", options, |to| {
            let claim = feature.properties.claim();
            let read = volumes(feature, flat, to);
            (claim, read)
        });
    }
    if let Some(index) = index {
        batch.prefix_bad_since(before, &format!("features[{index}]"));
    }
}

/// What the JSON parser says, as a fault of an entry that starts at `line`.
pub fn json_fault(error: &serde_json::Error, line: usize, expected: &str) -> Fault {
    let text = error.to_string();
    let what = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    let column = if error.column() > 0 { format!(" (column {})", error.column()) } else { String::new() };
    let line = line + error.line().saturating_sub(1);
    Fault::new(line, "", format!("JSON that is broken{column}: {what}"), expected)
}

fn volumes(feature: Feature, flat: &Flat, to: &mut Reporter) -> Option<Claim> {
    match feature.kind.as_deref() {
        Some("Feature") => {}
        Some(other) => {
            to.fault("type", quoted(other), "a `Feature`");
            return None;
        }
        None => {
            to.fault("type", "nothing", "a `Feature`");
            return None;
        }
    }
    if let Some(name) = feature.twice {
        to.fault(format!("properties.{name}"), "the property twice", "each property once");
    }
    if feature.has_crs {
        to.fault("crs", "a coordinate system", "longitude and latitude on WGS84, which GeoJSON has without saying so");
    }
    let mut properties = feature.properties;
    // A feature's own id is a claim's only if nothing else is: two features never share it.
    let alone = !properties.has(Property::Claim) && feature.id.is_some();
    let company = if alone { Company::NoneOfItsId } else { Company::Any };
    if alone && let Some(id) = feature.id {
        properties.set(Property::Claim, id);
    }
    let band = properties.band(to);
    let head = properties.head(band.is_none_or(|band| band.is_some()), to);
    let span = properties.span(head.as_ref().map(|head| head.kind), to);
    let footprints = footprints(&properties, feature.has_geometry, flat, to);
    let (band, head, span) = (band?, head?, span?);
    properties::needs_band(head.kind, band.is_some(), to);
    Some((head, company, footprints?.into_iter().map(|footprint| (footprint, band, span)).collect()))
}

fn footprints(
    properties: &Properties,
    has_geometry: bool,
    flat: &Flat,
    to: &mut Reporter,
) -> Option<Vec<deconflict_spacetime::Footprint>> {
    if let Some((path, found, expected)) = &flat.wrong {
        to.fault(*path, found, expected);
        return None;
    }
    if !has_geometry {
        to.fault("geometry", "nothing", "a geometry");
        return None;
    }
    geometry::all_footprints(flat, properties, "geometry", to)
}

/// Reads the members of a feature.
struct FeatureSeed<'f, 't> {
    feature: &'f mut Feature<'t>,
    flat: &'f mut Flat,
    batch: &'f mut Batch,
}

impl<'t> DeserializeSeed<'t> for FeatureSeed<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'t> Visitor<'t> for FeatureSeed<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a GeoJSON feature")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { feature, flat, batch } = self;
        while let Some(key) = map.next_key_seed(MemberSeed)? {
            match key {
                Member::Type => {
                    feature.kind = match map.next_value_seed(ValueSeed)? {
                        Some(Value::Text(text)) => Some(text),
                        _ => None,
                    };
                }
                Member::Id => feature.id = map.next_value_seed(ValueSeed)?,
                Member::Geometry => {
                    map.next_value_seed(GeometrySeed(flat))?;
                    feature.has_geometry = true;
                }
                Member::Properties => map.next_value_seed(PropertiesSeed { feature, batch })?,
                Member::Crs => feature.has_crs = map.next_value_seed(ValueSeed)?.is_some(),
                Member::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

enum Member {
    Type,
    Id,
    Geometry,
    Properties,
    Crs,
    Other,
}

struct MemberSeed;

impl<'t> DeserializeSeed<'t> for MemberSeed {
    type Value = Member;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Member, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for MemberSeed {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Member, E> {
        Ok(match key {
            "type" => Member::Type,
            "id" => Member::Id,
            "geometry" => Member::Geometry,
            "properties" => Member::Properties,
            "crs" => Member::Crs,
            _ => Member::Other,
        })
    }
}

/// Reads the properties that mean something, and counts the others.
struct PropertiesSeed<'f, 't> {
    feature: &'f mut Feature<'t>,
    batch: &'f mut Batch,
}

impl<'t> DeserializeSeed<'t> for PropertiesSeed<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for PropertiesSeed<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of properties")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(property) = map.next_key_seed(PropertySeed(self.batch))? {
            let Some(property) = property else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Some(value) = map.next_value_seed(ValueSeed)?
                && self.feature.properties.set(property, value)
            {
                self.feature.twice = Some(property.name());
            }
        }
        Ok(())
    }
}

struct PropertySeed<'b>(&'b mut Batch);

impl<'t> DeserializeSeed<'t> for PropertySeed<'_> {
    type Value = Option<Property>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for PropertySeed<'_> {
    type Value = Option<Property>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        let known = Property::named(key);
        if known.is_none() {
            self.0.ignore(key);
        }
        Ok(known)
    }
}

/// Reads a value; `None` for null.
pub struct ValueSeed;

impl<'t> DeserializeSeed<'t> for ValueSeed {
    type Value = Option<Value<'t>>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for ValueSeed {
    type Value = Option<Value<'t>>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Some(Value::Other("a truth value")))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Value::Integer(number.into())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Value::Integer(number.into())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(Value::Number(number)))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'t str) -> Result<Self::Value, E> {
        Ok(Some(Value::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Value::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Some(Value::Other("a list")))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Some(Value::Other("an object")))
    }
}
