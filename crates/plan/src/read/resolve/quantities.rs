//! Quantities in their places: a text becomes a number, or a problem with what was expected there.

use deconflict_spacetime::{Altitude, AltitudeBand, AltitudeReference, Time, UM_PER_M};

use super::header::{MIXED, convertible};
use super::{Resolver, plain};
use crate::format::{AltitudeText, Duration, Given, Length, Speed, TimeText};
use crate::read::tree::{At, quoted};
use crate::read::units;
use crate::words;

/// Which quantities make sense in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Above zero.
    Positive,
    /// Zero or above.
    NotNegative,
}

/// Which edge of a band: conversions round away from the band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Rounded down.
    Lower,
    /// Rounded up.
    Upper,
}

/// Where the band of a surface claim with a ceiling starts: below all ground and any error of a reference, metres.
const BELOW_ALL_GROUND_M: i64 = -1000;

impl Resolver<'_> {
    /// Notes what `read` says of `text`.
    fn read<T>(&mut self, at: &At, text: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|expected| self.problems.add(at, quoted(text), expected)).ok()
    }

    /// A length in metres.
    pub fn length_m(&mut self, at: &At, text: &Length, bound: Bound) -> Option<f64> {
        self.length_um(at, text, bound).map(|um| um as f64 / UM_PER_M as f64)
    }

    /// A length in micrometres.
    pub fn length_um(&mut self, at: &At, text: &Length, bound: Bound) -> Option<i64> {
        let read = units::length_um(&text.0).and_then(|um| bounded(um, bound, "a length"));
        self.read(at, &text.0, read)
    }

    /// A length in metres that may carry its basis.
    pub fn given_length_m(&mut self, at: &At, given: &Given<Length>, bound: Bound) -> Option<f64> {
        let (at, text) = plain(at, given);
        self.length_m(&at, text, bound)
    }

    /// A duration in nanoseconds.
    pub fn duration_ns(&mut self, at: &At, text: &Duration, bound: Bound) -> Option<i64> {
        let read = units::duration_ns(&text.0).and_then(|ns| bounded(ns, bound, "a duration"));
        self.read(at, &text.0, read)
    }

    /// A duration in nanoseconds that may carry its basis and may be absent.
    pub fn given_duration_ns(&mut self, at: &At, given: Option<&Given<Duration>>, bound: Bound) -> Option<i64> {
        let (at, text) = plain(at, given?);
        self.duration_ns(&at, text, bound)
    }

    /// A speed above zero, metres per second.
    pub fn speed_m_s(&mut self, at: &At, text: &Speed) -> Option<f64> {
        let positive = |speed: f64| if speed > 0.0 { Ok(speed) } else { Err("a speed above zero".to_owned()) };
        let read = units::speed_m_s(&text.0).and_then(positive);
        self.read(at, &text.0, read)
    }

    /// An instant.
    pub fn time(&mut self, at: &At, text: &TimeText) -> Option<Time> {
        let read = units::time(&text.0);
        self.read(at, &text.0, read)
    }

    /// An instant that may carry its basis and may be absent.
    pub fn given_time(&mut self, at: &At, given: Option<&Given<TimeText>>) -> Option<Time> {
        let (at, text) = plain(at, given?);
        self.time(&at, text)
    }

    /// A time of day, nanoseconds since midnight.
    pub fn time_of_day_ns(&mut self, at: &At, text: &str) -> Option<i64> {
        let read = units::time_of_day_ns(text);
        self.read(at, text, read)
    }

    /// The two ends of a validity, either of which may be open; an end that is not after its start is reported.
    pub fn validity(
        &mut self,
        at: &At,
        (from, until): (Option<&Given<TimeText>>, Option<&Given<TimeText>>),
    ) -> (Option<Time>, Option<Time>) {
        let start = self.given_time(&at.field("valid_from"), from);
        let end = self.given_time(&at.field("valid_until"), until);
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            let expected = format!("a time after valid_from, {}", words::time(start));
            self.problems.add(&at.field("valid_until"), words::time(end), expected);
        }
        (start, end)
    }

    /// An altitude over the picture's reference.
    pub fn altitude(&mut self, at: &At, text: &AltitudeText, edge: Edge) -> Option<Altitude> {
        let (um, own) = {
            let read = units::altitude_um(&text.0);
            self.read(at, &text.0, read)?
        };
        let Some(reference) = own.or_else(|| self.header.reference_of(at.file)) else {
            self.report_missing_reference(at, text);
            return None;
        };
        if self.header.reference.is_none() {
            self.report_missing_reference(at, text);
            return None;
        }
        let wanted = self.header.reference();
        if reference == wanted {
            return Some(Altitude::from_um(um, wanted));
        }
        let Some(undulation) = self.header.undulation(at.file).filter(|_| convertible(reference, wanted)) else {
            let found = format!("{} over {}", quoted(&text.0), reference.name());
            let expected = format!("an altitude over {}, as the plan says: {MIXED}", wanted.name());
            self.problems.add(at, found, expected);
            return None;
        };
        let step = if wanted == AltitudeReference::W84 { undulation } else { undulation.reversed() };
        let um = if edge == Edge::Lower { step.lowest_um(um) } else { step.highest_um(um) };
        Some(Altitude::from_um(um, wanted))
    }

    fn report_missing_reference(&mut self, at: &At, text: &AltitudeText) {
        // A header that could not be read may well have had one.
        if self.plan.broken_header || !self.without_reference.insert(at.file) {
            return;
        }
        let expected =
            format!("what altitudes such as {} at {at} are measured from: `W84`, `AMSL`, `AGL` or `STD`", quoted(&text.0));
        self.problems.add(&At::file(at.file).field("plan").field("altitude_reference"), "nothing", expected);
    }

    /// A band of altitudes; `Some(None)` for a surface claim, `None` if something is wrong with it.
    ///
    /// A claim that must have a band (`airborne`) needs both edges; another one may have a ceiling alone.
    pub fn band(
        &mut self,
        at: &At,
        (lower, upper): (Option<&Given<AltitudeText>>, Option<&Given<AltitudeText>>),
        airborne: bool,
    ) -> Option<Option<AltitudeBand>> {
        let mut edge = |field: &'static str, given: Option<&Given<AltitudeText>>, edge: Edge| {
            let (at, text) = plain(&at.field(field), given?);
            Some((self.altitude(&at, text, edge), at, text.0.clone()))
        };
        let (lower, upper) = (edge("lower", lower, Edge::Lower), edge("upper", upper, Edge::Upper));
        let needs = |present: bool| airborne && !present;
        for (field, missing) in
            [("lower", needs(lower.is_some())), ("upper", needs(upper.is_some()) || (lower.is_some() && upper.is_none()))]
        {
            if missing {
                self.problems.add(&at.field(field), "nothing", "an altitude with its unit, such as \"4500 m\"");
            }
        }
        let base = Altitude::from_um(BELOW_ALL_GROUND_M * UM_PER_M, self.header.reference());
        match (lower, upper) {
            (None, None) if !airborne => Some(None),
            (None, Some((upper, at, text))) if !airborne => {
                let upper = upper?;
                let band = AltitudeBand::new(base, upper).ok();
                if band.is_none() {
                    self.problems.add(&at, quoted(&text), format!("a ceiling above {BELOW_ALL_GROUND_M} m"));
                }
                band.map(Some)
            }
            (Some((lower, at, lower_text)), Some((upper, _, upper_text))) => {
                let (lower, upper) = (lower?, upper?);
                let band = AltitudeBand::new(lower, upper).ok();
                if band.is_none() {
                    let expected = format!("a lower edge below the upper one, {}", quoted(&upper_text));
                    self.problems.add(&at, quoted(&lower_text), expected);
                }
                band.map(Some)
            }
            _ => None,
        }
    }
}

fn bounded(value: i64, bound: Bound, kind: &str) -> Result<i64, String> {
    match bound {
        Bound::Positive if value <= 0 => Err(format!("{kind} above zero")),
        Bound::NotNegative if value < 0 => Err(format!("{kind} of zero or more")),
        _ => Ok(value),
    }
}
