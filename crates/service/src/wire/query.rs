//! The part of a URL behind its `?`: names and values, and what searches of F3411 say in them.

use crate::wire::problems::{At, Problems};
use crate::wire::time::{WireTime, asked_span};
use crate::wire::volume::polygon_of;
use deconflict_registry::{Cells, Time, TimeSpan};
use deconflict_spacetime::LatLng;
use std::borrow::Cow;

/// Names and values. Of a name that comes twice the first counts, as in the servers in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    /// Reads `a=1&b=2`. What is no text when it is decoded is left out, and then missing.
    pub fn parse(text: &'a str) -> Self {
        let pair = |pair: &'a str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        };
        Self(text.split('&').filter(|pair| !pair.is_empty()).filter_map(pair).collect())
    }

    /// The value of `name`, which may be empty; nothing if it is not there.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| &**value)
    }
}

/// `text` with `%2F` and its like replaced; what is no such code stays as it is. Nothing, if it is no text then: two names
/// that nobody can write must not become one.
pub fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'%').then(|| after.first_chunk::<2>().and_then(hex)).flatten();
        bytes.push(code.unwrap_or(byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn hex(digits: &[u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| (digit as char).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

/// A plus sign is a space here.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    match text.contains('+') {
        false => percent_decoded(text),
        true => percent_decoded(&text.replace('+', " ")).map(|text| Cow::Owned(text.into_owned())),
    }
}

/// The cells of `area`, which is `lat,lng,lat,lng,…` in degrees.
pub fn area(query: &Query, problems: &mut Problems) -> Option<Cells> {
    let at = At::root("area");
    let Some(text) = query.get("area").filter(|text| !text.is_empty()) else {
        problems.add(at, "is missing; expected lat,lng,lat,lng,… of at least three corners");
        return None;
    };
    let numbers: Option<Vec<f64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    let Some((corners, [])) = numbers.as_ref().map(|numbers| numbers.as_chunks::<2>()) else {
        problems.add(at, "is no list of numbers lat,lng,lat,lng,…");
        return None;
    };
    let mut vertices = Vec::with_capacity(corners.len());
    for (index, [lat, lng]) in corners.iter().enumerate() {
        vertices.extend(problems.take(at.index(index), LatLng::degrees(*lat, *lng)));
    }
    if vertices.len() < corners.len() { None } else { polygon_of(&vertices, at, problems) }
}

/// The span between `earliest_time` and `latest_time`; one that is missing is open.
pub fn times(query: &Query, problems: &mut Problems) -> Option<TimeSpan> {
    let mut read = |name: &'static str| match query.get(name) {
        None => Some(None),
        Some(text) => problems.take(At::root(name), WireTime::parse(text)).map(Some),
    };
    let (earliest, latest) = (read("earliest_time"), read("latest_time"));
    let span = asked_span(earliest?, latest?);
    if span.is_none() {
        problems.add(At::root("latest_time"), "is before earliest_time");
    }
    span
}

/// The instant `name`, as it is written when it is told again; nothing inside if it is missing.
pub fn instant(query: &Query, name: &'static str, problems: &mut Problems) -> Option<Option<Time>> {
    let Some(text) = query.get(name) else { return Some(None) };
    let time = problems.take(At::root(name), WireTime::parse(text))?;
    problems.take(At::root(name), time.start()).map(Some)
}

/// A value that must be there, and not be empty.
pub fn needed<'a>(query: &'a Query, name: &'static str, problems: &mut Problems) -> Option<&'a str> {
    let found = query.get(name).filter(|value| !value.is_empty());
    if found.is_none() {
        problems.add(At::root(name), "is missing");
    }
    found
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
