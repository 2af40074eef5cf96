//! Well-known text into the flat lists of `coordinates`: `POLYGON ((8 46, 9 46, 9 47))`. Longitude comes first.
//!
//! Altitudes and measures are read past; `SRID=4326;` may stand before it.

use super::coordinates::{Flat, Kind};
use super::outline::Reason;
use super::problems::quoted;
use super::properties::number;

/// No collection is nested deeper.
const DEPTH_MAX: usize = 16;

/// Reads a text of one geometry.
///
/// # Errors
/// What was found and what was expected.
pub fn read(text: &str, flat: &mut Flat) -> Result<(), Reason> {
    let mut text = text.trim();
    if let Some((srid, rest)) = text.split_once(';')
        && let Some(srid) = strip_word(srid.trim(), "SRID=")
    {
        if srid.trim() != "4326" {
            return Err((quoted(&format!("SRID={srid}")), "longitude and latitude on WGS84 (SRID=4326)".to_owned()));
        }
        text = rest.trim_start();
    }
    let mut reader = Reader { text, flat };
    reader.geometry(0)?;
    if reader.text.is_empty() { Ok(()) } else { Err(reader.unexpected("the end of the text")) }
}

/// What follows a word at the start, in any case.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

struct Reader<'t, 'f> {
    /// What is left, without white space before it.
    text: &'t str,
    flat: &'f mut Flat,
}

impl<'t> Reader<'t, '_> {
    fn unexpected(&self, expected: &str) -> Reason {
        let found = if self.text.is_empty() { "the end of the text".to_owned() } else { quoted(self.text) };
        (found, format!("{expected}, as in `POLYGON ((8 46, 9 46, 9 47))` (longitude first)"))
    }

    fn take(&mut self, mark: char) -> bool {
        let rest = self.text.strip_prefix(mark);
        self.text = rest.map_or(self.text, str::trim_start);
        rest.is_some()
    }

    fn expect(&mut self, mark: char) -> Result<(), Reason> {
        if self.take(mark) { Ok(()) } else { Err(self.unexpected(&format!("`{mark}`"))) }
    }

    fn word(&mut self) -> &'t str {
        let end = self.text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        self.text = rest.trim_start();
        word
    }

    fn geometry(&mut self, depth: usize) -> Result<(), Reason> {
        let before = self.text;
        let mut name = self.word();
        // "POINTZ" is written as well as "POINT Z".
        let mut kind = Kind::named(name);
        while kind.is_none() && name.ends_with(['Z', 'z', 'M', 'm']) {
            name = &name[..name.len() - 1];
            kind = Kind::named(name);
        }
        let Some(kind) = kind else {
            self.text = before;
            return Err(self.unexpected("a geometry"));
        };
        let rest = self.text;
        match self.word() {
            "" => {}
            word if ["Z", "M", "ZM"].iter().any(|dimension| dimension.eq_ignore_ascii_case(word)) => {}
            word if word.eq_ignore_ascii_case("EMPTY") => return Err(("an empty geometry".to_owned(), "a geometry".to_owned())),
            _ => {
                self.text = rest;
                return Err(self.unexpected("`(`"));
            }
        }
        if kind == Kind::GeometryCollection {
            if depth >= DEPTH_MAX {
                return Err(("collections within collections".to_owned(), format!("at most {DEPTH_MAX} of them")));
            }
            return self.listed(&mut |reader| reader.geometry(depth + 1));
        }
        let since = self.flat.here();
        match kind {
            Kind::Point => {
                self.expect('(')?;
                self.position()?;
                self.expect(')')?;
            }
            Kind::LineString => self.list()?,
            // Each position may be in brackets of its own.
            Kind::MultiPoint => {
                self.listed(&mut |reader| {
                    let own = reader.take('(');
                    reader.position()?;
                    if own { reader.expect(')') } else { Ok(()) }
                })?;
            }
            Kind::MultiLineString | Kind::Polygon => self.listed(&mut Self::list)?,
            Kind::MultiPolygon => self.listed(&mut |reader| {
                reader.listed(&mut Self::list)?;
                reader.flat.end_group();
                Ok(())
            })?,
            Kind::GeometryCollection => {}
        }
        self.flat.add(kind, since);
        Ok(())
    }

    /// What is in brackets, with commas between.
    fn listed(&mut self, each: &mut dyn FnMut(&mut Self) -> Result<(), Reason>) -> Result<(), Reason> {
        self.expect('(')?;
        loop {
            each(self)?;
            if !self.take(',') {
                return self.expect(')');
            }
        }
    }

    fn list(&mut self) -> Result<(), Reason> {
        self.listed(&mut Self::position)?;
        self.flat.end_list();
        Ok(())
    }

    fn position(&mut self) -> Result<(), Reason> {
        let (lng, lat) = (self.number()?, self.number()?);
        while !self.text.starts_with([',', ')']) {
            self.number()?;
        }
        self.flat.push([lng, lat]);
        Ok(())
    }

    fn number(&mut self) -> Result<f64, Reason> {
        let end = self.text.find(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')).unwrap_or(self.text.len());
        let (text, rest) = self.text.split_at(end);
        let number = number(text).ok_or_else(|| self.unexpected("a number"))?;
        self.text = rest.trim_start();
        Ok(number)
    }
}

#[cfg(test)]
#[path = "wkt_tests.rs"]
mod tests;
