//! The properties of a claim by their documented names, whatever the format: the same text means the same everywhere.
//!
//! Does not know geometry.

use std::borrow::Cow;

use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeBand, AltitudeReference, Time, TimeSpan};

use super::altitude::{self, Edge};
use super::notes::{Note, Notes};
use super::options::ReadOptions;
use super::problems::{Fault, quoted};
use super::time::{self, Instant};

/// A property that means something to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    Claim,
    Party,
    Kind,
    Name,
    Priority,
    AltitudeLower,
    AltitudeUpper,
    AltitudeReference,
    TimeStart,
    TimeEnd,
    Width,
    Radius,
    Height,
}

/// Every property and its name.
pub const PROPERTIES: [(Property, &str); 13] = [
    (Property::Claim, "claim"),
    (Property::Party, "party"),
    (Property::Kind, "kind"),
    (Property::Name, "name"),
    (Property::Priority, "priority"),
    (Property::AltitudeLower, "altitude_lower_m"),
    (Property::AltitudeUpper, "altitude_upper_m"),
    (Property::AltitudeReference, "altitude_reference"),
    (Property::TimeStart, "time_start"),
    (Property::TimeEnd, "time_end"),
    (Property::Width, "width_m"),
    (Property::Radius, "radius_m"),
    (Property::Height, "height_m"),
];

impl Property {
    /// The property with this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "claim" => Self::Claim,
            "party" => Self::Party,
            "kind" => Self::Kind,
            "name" => Self::Name,
            "priority" => Self::Priority,
            "altitude_lower_m" => Self::AltitudeLower,
            "altitude_upper_m" => Self::AltitudeUpper,
            "altitude_reference" => Self::AltitudeReference,
            "time_start" => Self::TimeStart,
            "time_end" => Self::TimeEnd,
            "width_m" => Self::Width,
            "radius_m" => Self::Radius,
            "height_m" => Self::Height,
            _ => return None,
        })
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        PROPERTIES[self as usize].1
    }
}

/// A value as a file holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// A text; one of white space alone is as good as none.
    Text(Cow<'t, str>),
    /// A whole number.
    Integer(i128),
    /// Any other finite number.
    Number(f64),
    /// Something else: what to call it.
    Other(&'static str),
}

/// The properties of one entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties<'t> {
    values: [Option<Value<'t>>; PROPERTIES.len()],
}

/// What all volumes of a claim agree in.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Id of the claim.
    pub claim: String,
    /// The party that makes it.
    pub party: Option<String>,
    /// Its kind.
    pub kind: ClaimKind,
    /// Name for people.
    pub name: Option<String>,
    /// Higher goes first.
    pub priority: i32,
}

/// Where faults and assumptions of one entry go.
#[derive(Debug)]
pub struct Reporter<'r> {
    /// What holds where the file says nothing.
    pub options: &'r ReadOptions,
    /// Assumptions.
    pub notes: &'r mut Notes,
    /// Faults.
    pub faults: &'r mut Vec<Fault>,
    /// The line of the entry.
    pub line: usize,
    /// What stands before the name of a property in its path.
    pub prefix: &'r str,
}

impl Reporter<'_> {
    /// Adds a fault at a place in the entry.
    pub fn fault(&mut self, path: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) {
        self.faults.push(Fault::new(self.line, path, found, expected));
    }

    /// Adds a fault of a property.
    pub fn bad(&mut self, property: Property, found: impl Into<String>, expected: impl Into<String>) {
        let path = format!("{}{}", self.prefix, property.name());
        self.fault(path, found, expected);
    }

    /// Notes an assumption.
    pub fn note(&mut self, note: Note) {
        self.notes.add(note, self.line);
    }
}

impl<'t> Properties<'t> {
    /// Sets a property; says whether it was set before.
    pub fn set(&mut self, property: Property, value: Value<'t>) -> bool {
        self.values[property as usize].replace(value).is_some()
    }

    /// Sets a property to a text.
    pub fn set_text(&mut self, property: Property, text: impl Into<Cow<'t, str>>) -> bool {
        self.set(property, Value::Text(text.into()))
    }

    fn value(&self, property: Property) -> Option<&Value<'t>> {
        self.values[property as usize].as_ref().filter(|value| !matches!(value, Value::Text(text) if text.trim().is_empty()))
    }

    /// Whether the property says something.
    pub fn has(&self, property: Property) -> bool {
        self.value(property).is_some()
    }

    /// Whether the property says the same in both.
    pub fn alike(&self, other: &Properties, property: Property) -> bool {
        self.value(property) == other.value(property)
    }

    /// The claim's id as far as it can be told.
    pub fn claim(&self) -> Option<String> {
        match self.value(Property::Claim)? {
            Value::Text(text) => Some(text.trim().to_owned()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Number(_) | Value::Other(_) => None,
        }
    }

    /// A text, or a whole number as one.
    fn text(&self, property: Property, to: &mut Reporter) -> Option<Cow<'_, str>> {
        match self.value(property)? {
            Value::Text(text) => Some(Cow::Borrowed(text.trim())),
            Value::Integer(number) => Some(Cow::Owned(number.to_string())),
            Value::Number(number) => {
                to.bad(property, number.to_string(), "a text");
                None
            }
            Value::Other(what) => {
                to.bad(property, *what, "a text");
                None
            }
        }
    }

    /// A finite number; inner `None` if there is none, outer if it is no number.
    fn number(&self, property: Property, to: &mut Reporter) -> Option<Option<f64>> {
        let found = match self.value(property) {
            None => return Some(None),
            Some(Value::Integer(number)) => return Some(Some(*number as f64)),
            Some(Value::Number(number)) => return Some(Some(*number)),
            Some(Value::Text(text)) => match number(text) {
                Some(number) => return Some(Some(number)),
                None => quoted(text),
            },
            Some(Value::Other(what)) => (*what).to_owned(),
        };
        to.bad(property, found, "a number");
        None
    }

    /// A length in metres above zero and at most 1,000 km; inner `None` if there is none, outer if it is no such length.
    pub fn length_m(&self, property: Property, to: &mut Reporter) -> Option<Option<f64>> {
        match self.number(property, to)? {
            Some(m) if m > 0.0 && m <= 1e6 => Some(Some(m)),
            None => Some(None),
            Some(m) => {
                to.bad(property, m.to_string(), "a length in metres, above 0 and at most 1000000");
                None
            }
        }
    }

    /// What all volumes of the claim agree in; `has_band` says whether this one has altitudes.
    pub fn head(&self, has_band: bool, to: &mut Reporter) -> Option<Head> {
        let claim = self.text(Property::Claim, to).map(Cow::into_owned);
        if claim.is_none() && !self.has(Property::Claim) {
            to.bad(Property::Claim, "nothing", "the id of the claim");
        }
        let mut party = self.text(Property::Party, to).map(Cow::into_owned);
        if party.is_none() && !self.has(Property::Party) {
            party.clone_from(&to.options.party);
            to.note(if party.is_some() { Note::PartyGiven } else { Note::NoParty });
        }
        let name = self.text(Property::Name, to).map(Cow::into_owned);
        let kind = self.kind(has_band, to);
        let priority = self.priority(to);
        Some(Head { claim: claim?, party, kind: kind?, name, priority: priority? })
    }

    fn kind(&self, has_band: bool, to: &mut Reporter) -> Option<ClaimKind> {
        const KIND_WORDS: &str = "`flight`, `constraint`, `site` or `presence`";
        if !self.has(Property::Kind) {
            if let Some(kind) = to.options.kind {
                to.note(Note::KindGiven);
                return Some(kind);
            }
            if has_band {
                to.note(Note::KindFlight);
                return Some(ClaimKind::Flight);
            }
            to.bad(Property::Kind, "neither a kind nor altitudes, which would make it a flight", KIND_WORDS);
            return None;
        }
        let text = self.text(Property::Kind, to)?;
        let kinds = [
            ("flight", ClaimKind::Flight),
            ("constraint", ClaimKind::Constraint),
            ("site", ClaimKind::Site),
            ("presence", ClaimKind::Presence),
        ];
        let kind = kinds.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text)).map(|(_, kind)| *kind);
        if kind.is_none() {
            let plan = text.eq_ignore_ascii_case("movement") || text.eq_ignore_ascii_case("authority");
            let hint = if plan { "; movements and authorities are more than volumes: write them in a plan" } else { "" };
            to.bad(Property::Kind, quoted(&text), format!("{KIND_WORDS}{hint}"));
        }
        kind
    }

    fn priority(&self, to: &mut Reporter) -> Option<i32> {
        let number = self.number(Property::Priority, to)?.unwrap_or(0.0);
        let whole = number.fract().abs() <= 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
        if !whole {
            to.bad(Property::Priority, number.to_string(), "a whole number");
        }
        #[allow(clippy::cast_possible_truncation)]
        whole.then_some(number as i32)
    }

    /// The altitude reference; inner `None` if there is none, outer if it is not known.
    pub fn reference(&self, to: &mut Reporter) -> Option<Option<AltitudeReference>> {
        if !self.has(Property::AltitudeReference) {
            return Some(None);
        }
        let text = self.text(Property::AltitudeReference, to)?;
        let known = altitude::reference(&text);
        if known.is_none() {
            to.bad(Property::AltitudeReference, quoted(&text), altitude::REFERENCE_WORDS);
        }
        known.map(Some)
    }

    /// The band; inner `None` if no altitude is given, outer if something is wrong with it.
    pub fn band(&self, to: &mut Reporter) -> Option<Option<AltitudeBand>> {
        let (lower, upper) = (self.number(Property::AltitudeLower, to), self.number(Property::AltitudeUpper, to));
        let reference = self.reference(to);
        let (lower, upper, reference) = (lower?, upper?, reference?);
        if lower.is_none() && upper.is_none() {
            return Some(None);
        }
        let Some(reference) = reference.or(to.options.altitude_reference) else {
            to.bad(Property::AltitudeReference, "nothing", altitude::REFERENCE_WORDS);
            return None;
        };
        if !self.has(Property::AltitudeReference) {
            to.note(Note::ReferenceGiven);
        }
        let mut edge = |property, metres: Option<f64>| {
            let Some(metres) = metres else { return Some(None) };
            match altitude::height(metres, reference) {
                Ok(altitude) => Some(Some(Edge::At(altitude))),
                Err(expected) => {
                    to.bad(property, format!("{metres} m"), expected);
                    None
                }
            }
        };
        let (lower, upper) = (edge(Property::AltitudeLower, lower), edge(Property::AltitudeUpper, upper));
        let band = altitude::band(lower?, upper?, to.options.refuse_mixed_references, to.line, to.notes);
        band.map_err(|(found, expected)| to.bad(Property::AltitudeUpper, found, expected)).ok().map(Some)
    }

    /// An instant; inner `None` if there is none, outer if it is no instant.
    fn instant(&self, property: Property, to: &mut Reporter) -> Option<Option<Instant>> {
        let text = match self.value(property) {
            None => return Some(None),
            Some(Value::Text(text)) => Cow::Borrowed(text.trim()),
            Some(_) => self.text(property, to)?,
        };
        match time::instant(&text) {
            Ok(instant) => Some(Some(instant)),
            Err(expected) => {
                to.bad(property, quoted(&text), expected);
                None
            }
        }
    }

    /// The span of a claim of this kind.
    pub fn span(&self, kind: Option<ClaimKind>, to: &mut Reporter) -> Option<TimeSpan> {
        let (start, end) = (self.instant(Property::TimeStart, to), self.instant(Property::TimeEnd, to));
        let (start, end) = (start?.map(|start| start.time), end?.map(Instant::as_end));
        span(start, end, kind, to)
    }
}

/// Reports a flight without altitudes.
pub fn needs_band(kind: ClaimKind, has_band: bool, to: &mut Reporter) {
    if kind == ClaimKind::Flight && !has_band {
        to.bad(Property::AltitudeLower, "a flight without altitudes", "`altitude_lower_m` and `altitude_upper_m`");
    }
}

/// The span from `start` to `end` of a claim of this kind; what is missing comes from the period, or is always.
pub fn span(start: Option<Time>, end: Option<Time>, kind: Option<ClaimKind>, to: &mut Reporter) -> Option<TimeSpan> {
    if let (Some(start), Some(end)) = (start, end) {
        let span = TimeSpan::new(start, end);
        return span.map_err(|_| to.bad(Property::TimeEnd, "an end that is not after the start", "an end after the start")).ok();
    }
    // A flight or a presence without times says nothing; what is closed or protected is so until somebody says otherwise.
    let lasting = matches!(kind, Some(ClaimKind::Constraint | ClaimKind::Site));
    let Some(period) = to.options.period.or_else(|| lasting.then(always)) else {
        // Without a kind there is a fault already.
        for (property, missing) in [(Property::TimeStart, start.is_none()), (Property::TimeEnd, end.is_none())] {
            if missing && kind.is_some() {
                to.bad(property, "nothing", "a time, or a period to look at");
            }
        }
        return None;
    };
    if to.options.period.is_none() {
        if kind != Some(ClaimKind::Site) {
            to.note(Note::Always);
        }
    } else {
        if start.is_none() {
            to.note(Note::PeriodStart);
        }
        if end.is_none() {
            to.note(Note::PeriodEnd);
        }
    }
    // What begins after the period, or ended before it, keeps its own bound and lasts to the other end of the period's side.
    let (start, end) = match (start, end) {
        (Some(start), None) => (start, period.end().max(start.plus_ns(time::NS_PER_DAY))),
        (None, Some(end)) => (period.start().min(end.plus_ns(-time::NS_PER_DAY)), end),
        _ => (period.start(), period.end()),
    };
    let span = TimeSpan::new(start, end);
    span.map_err(|_| to.bad(Property::TimeEnd, "a time at the end of what can be told", "times between the years 1678 and 2261"))
        .ok()
}

/// As long as anybody plans: 1970 to 2170.
pub fn always() -> TimeSpan {
    let end = Time::from_ns(time::days_from_civil(2170, 1, 1) * time::NS_PER_DAY);
    TimeSpan::new(Time::from_ns(0), end).expect("2170 is after 1970")
}

/// A finite number in decimal, as every format here writes it.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    // Rust also reads "inf", "nan" and "infinity".
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}
