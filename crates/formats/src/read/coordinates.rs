//! GeoJSON geometries: nested coordinates of any depth into flat lists. Does not know what they mean on the ground.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::outline::LngLat;

/// Most positions in one feature.
const POSITIONS_MAX: usize = 1_000_000;

/// What a geometry is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Point,
    MultiPoint,
    LineString,
    MultiLineString,
    Polygon,
    MultiPolygon,
    GeometryCollection,
}

/// Every kind, its name, and how many lists are around its positions.
const KINDS: [(Kind, &str, u8); 7] = [
    (Kind::Point, "Point", 0),
    (Kind::MultiPoint, "MultiPoint", 1),
    (Kind::LineString, "LineString", 1),
    (Kind::MultiLineString, "MultiLineString", 2),
    (Kind::Polygon, "Polygon", 2),
    (Kind::MultiPolygon, "MultiPolygon", 3),
    (Kind::GeometryCollection, "GeometryCollection", 0),
];

impl Kind {
    /// The kind with this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(name)).map(|(kind, _, _)| *kind)
    }

    /// How many lists are around its positions.
    pub const fn depth(self) -> u8 {
        KINDS[self as usize].2
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        KINDS[self as usize].1
    }
}

/// One geometry in the flat lists.
#[derive(Clone, Debug)]
pub struct Geometry {
    /// What it is made of.
    pub kind: Kind,
    /// Its positions, if it is a point or several.
    pub points: Range<usize>,
    /// Its lists of positions.
    pub lists: Range<usize>,
    /// Its lists of lists.
    pub groups: Range<usize>,
}

/// Coordinates and geometries, flat; used again for each feature.
#[derive(Debug, Default)]
pub struct Flat {
    /// Positions.
    pub points: Vec<LngLat>,
    /// Where each list of positions ends.
    lists: Vec<usize>,
    /// Where each list of lists ends.
    groups: Vec<usize>,
    /// The geometries, without the collections around them.
    pub geometries: Vec<Geometry>,
    /// What is wrong with the first that is not good.
    pub wrong: Option<(&'static str, String, String)>,
}

/// What wraps a position: nothing, lists, or no position at all.
#[derive(Clone, Copy)]
enum Nested {
    Number(f64),
    Depth(u8),
    Bad,
}

impl Flat {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.points.clear();
        self.lists.clear();
        self.groups.clear();
        self.geometries.clear();
        self.wrong = None;
    }

    /// Remembers what is wrong if it is the first.
    fn bad(&mut self, path: &'static str, found: impl Into<String>, expected: impl Into<String>) {
        self.wrong.get_or_insert_with(|| (path, found.into(), expected.into()));
    }

    /// Adds a position that is not part of a list yet.
    pub fn push(&mut self, point: LngLat) {
        self.points.push(point);
    }

    /// Ends a list of positions.
    pub fn end_list(&mut self) {
        self.lists.push(self.points.len());
    }

    /// Ends a list of lists.
    pub fn end_group(&mut self) {
        self.groups.push(self.lists.len());
    }

    /// Adds the geometry of all that came since `since`, which [`Flat::here`] gave.
    pub fn add(&mut self, kind: Kind, since: [usize; 3]) {
        let [points, lists, groups] = since;
        let geometry = Geometry {
            kind,
            points: points..self.points.len(),
            lists: lists..self.lists.len(),
            groups: groups..self.groups.len(),
        };
        self.geometries.push(geometry);
    }

    /// All there is as one geometry.
    pub fn whole(&self, kind: Kind) -> Geometry {
        Geometry { kind, points: 0..self.points.len(), lists: 0..self.lists.len(), groups: 0..self.groups.len() }
    }

    /// Where the lists end now.
    pub fn here(&self) -> [usize; 3] {
        [self.points.len(), self.lists.len(), self.groups.len()]
    }

    /// The positions of a list.
    pub fn list(&self, geometry: &Geometry, list: usize) -> &[LngLat] {
        let start = if list == geometry.lists.start { geometry.points.start } else { self.lists[list - 1] };
        &self.points[start..self.lists[list]]
    }

    /// The lists of a group.
    pub fn group(&self, geometry: &Geometry, group: usize) -> Range<usize> {
        let start = if group == geometry.groups.start { geometry.lists.start } else { self.groups[group - 1] };
        start..self.groups[group]
    }
}

/// Reads one geometry into the flat lists.
pub struct GeometrySeed<'f>(pub &'f mut Flat);

impl<'de> DeserializeSeed<'de> for GeometrySeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for GeometrySeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a geometry")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.bad("geometry", "null", "a geometry");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let flat = self.0;
        let since = flat.here();
        let before = flat.geometries.len();
        let (mut kind, mut nested, mut collected) = (None, None, false);
        while let Some(key) = map.next_key_seed(Word)? {
            match key {
                Key::Type => kind = Some(map.next_value_seed(KindSeed)?),
                Key::Coordinates => nested = Some(map.next_value_seed(CoordinatesSeed(flat))?),
                Key::Geometries => {
                    map.next_value_seed(GeometriesSeed(flat))?;
                    collected = true;
                }
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match (kind, nested) {
            (None, _) => flat.bad("geometry.type", "nothing", "the type of the geometry"),
            (Some(Err(name)), _) => {
                let names: Vec<String> = KINDS.iter().map(|(_, name, _)| format!("`{name}`")).collect();
                flat.bad("geometry.type", super::problems::quoted(&name), format!("one of {}", names.join(", ")));
            }
            (Some(Ok(Kind::GeometryCollection)), _) if !collected => {
                flat.bad("geometry.geometries", "nothing", "a list of geometries");
            }
            (Some(Ok(Kind::GeometryCollection)), _) if flat.geometries.len() == before => {
                flat.bad("geometry.geometries", "an empty list", "at least one geometry");
            }
            (Some(Ok(Kind::GeometryCollection)), _) | (_, Some(Nested::Bad)) => {}
            (Some(Ok(kind)), Some(Nested::Depth(depth))) if depth == kind.depth() => flat.add(kind, since),
            (Some(Ok(kind)), Some(Nested::Depth(depth))) => {
                let found = format!("positions within {depth} lists");
                flat.bad("geometry.coordinates", found, format!("{} for a {}", kind.depth(), kind.name()));
            }
            (Some(Ok(_)), None | Some(Nested::Number(_))) => {
                flat.bad("geometry.coordinates", "nothing", "the coordinates of the geometry");
            }
        }
        Ok(())
    }
}

enum Key {
    Type,
    Coordinates,
    Geometries,
    Other,
}

/// A key of a geometry.
struct Word;

impl<'de> DeserializeSeed<'de> for Word {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Word {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(match key {
            "type" => Key::Type,
            "coordinates" => Key::Coordinates,
            "geometries" => Key::Geometries,
            _ => Key::Other,
        })
    }
}

/// The type of a geometry, or the name that is none.
struct KindSeed;

impl<'de> DeserializeSeed<'de> for KindSeed {
    type Value = Result<Kind, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KindSeed {
    type Value = Result<Kind, String>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the type of a geometry as a text")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let known = KINDS.iter().find(|(_, known, _)| *known == name);
        Ok(known.map(|(kind, _, _)| *kind).ok_or_else(|| name.to_owned()))
    }
}

/// A list of geometries.
struct GeometriesSeed<'f>(&'f mut Flat);

impl<'de> DeserializeSeed<'de> for GeometriesSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for GeometriesSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of geometries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(GeometrySeed(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

/// Coordinates by themselves, for formats whose geometries are not quite those of GeoJSON.
#[derive(Debug)]
pub struct Coordinates {
    /// The lists.
    pub flat: Flat,
    /// How many lists are around the positions; none if they are not good.
    pub depth: Option<u8>,
}

impl<'de> serde::Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut flat = Flat::default();
        let depth = match CoordinatesSeed(&mut flat).deserialize(deserializer)? {
            Nested::Depth(depth) => Some(depth),
            Nested::Number(_) | Nested::Bad => None,
        };
        Ok(Self { flat, depth })
    }
}

impl Coordinates {
    /// The position, if they are one.
    pub fn point(&self) -> Option<LngLat> {
        if self.depth == Some(0) { self.flat.points.first().copied() } else { None }
    }
}

/// Coordinates in lists of lists.
struct CoordinatesSeed<'f>(&'f mut Flat);

impl<'de> DeserializeSeed<'de> for CoordinatesSeed<'_> {
    type Value = Nested;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Nested, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl CoordinatesSeed<'_> {
    fn bad(self, found: &str) -> Nested {
        self.0.bad("geometry.coordinates", found, "positions: [longitude, latitude]");
        Nested::Bad
    }

    /// The rest of a position whose first number is known.
    fn position<'de, A: SeqAccess<'de>>(self, lng: f64, mut seq: A) -> Result<Nested, A::Error> {
        let Some(Nested::Number(lat)) = seq.next_element_seed(CoordinatesSeed(&mut *self.0))? else {
            let bad = self.bad("a position without a latitude");
            skip(&mut seq)?;
            return Ok(bad);
        };
        // An altitude may follow; it is not used.
        skip(&mut seq)?;
        if self.0.points.len() >= POSITIONS_MAX {
            return Ok(self.bad(&format!("more than {POSITIONS_MAX} positions in a feature")));
        }
        self.0.push([lng, lat]);
        Ok(Nested::Depth(0))
    }
}

/// Reads what is left of a list.
fn skip<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de> Visitor<'de> for CoordinatesSeed<'_> {
    type Value = Nested;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("coordinates")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Nested, E> {
        Ok(Nested::Number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    fn visit_unit<E: Error>(self) -> Result<Nested, E> {
        Ok(self.bad("null"))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Nested, E> {
        Ok(self.bad("a truth value"))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Nested, E> {
        Ok(self.bad("a text"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Nested, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.bad("an object"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Nested, A::Error> {
        let flat = self.0;
        let depth = match seq.next_element_seed(CoordinatesSeed(&mut *flat))? {
            None => return Ok(CoordinatesSeed(flat).bad("an empty list")),
            Some(Nested::Number(lng)) => return CoordinatesSeed(flat).position(lng, seq),
            Some(Nested::Depth(depth)) if depth < 3 => depth,
            Some(Nested::Depth(_)) => {
                skip(&mut seq)?;
                return Ok(CoordinatesSeed(flat).bad("positions within more than 3 lists"));
            }
            Some(Nested::Bad) => {
                skip(&mut seq)?;
                return Ok(Nested::Bad);
            }
        };
        loop {
            match seq.next_element_seed(CoordinatesSeed(&mut *flat))? {
                None => break,
                Some(Nested::Depth(other)) if other == depth => {}
                Some(other) => {
                    skip(&mut seq)?;
                    return Ok(match other {
                        Nested::Bad => Nested::Bad,
                        _ => CoordinatesSeed(flat).bad("lists of different depths side by side"),
                    });
                }
            }
        }
        match depth {
            0 => flat.end_list(),
            1 => flat.end_group(),
            _ => {}
        }
        Ok(Nested::Depth(depth + 1))
    }
}
