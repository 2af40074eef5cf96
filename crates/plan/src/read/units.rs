//! Quantities as people write them, into exact integers: lengths and altitudes in micrometres, times in nanoseconds.
//!
//! Decimal digits are never rounded through a float. Does not know paths, files or plans.

use deconflict_spacetime::{AltitudeReference, NS_PER_S, Time, UM_PER_FT, UM_PER_M};

use super::problems::{listed, nearest};

/// What was expected instead.
pub type Expected = String;

/// A decimal number: `mantissa` / 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// The number times `factor`, to the nearest integer, halves away from zero; `None` if it is out of range.
    fn times(self, factor: i64) -> Option<i64> {
        let product = self.mantissa.checked_mul(i128::from(factor))?;
        let divisor = 10_i128.checked_pow(self.scale)?;
        let rounded = (product.abs() + divisor / 2) / divisor * product.signum();
        i64::try_from(rounded).ok()
    }

    /// The nearest float.
    fn as_f64(self) -> f64 {
        // Exact in decimal text, so that 0.1 is the float that everybody calls 0.1.
        format!("{}e-{}", self.mantissa, self.scale).parse().unwrap_or(f64::NAN)
    }
}

/// A number and what follows it, such as "10.5" and "km".
fn number_and_rest(text: &str) -> Option<(Decimal, &str)> {
    const DIGITS_MAX: usize = 18;
    let text = text.trim();
    let (negative, unsigned) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, rest) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let good = !whole.is_empty() && !fraction.contains('.') && (number.contains('.') != fraction.is_empty());
    if !good || whole.len() + fraction.len() > DIGITS_MAX {
        return None;
    }
    let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
    let scale = u32::try_from(fraction.len()).ok()?;
    Some((Decimal { mantissa: if negative { -mantissa } else { mantissa }, scale }, rest.trim()))
}

/// A number with one of `units`; `kind` is what to call it: "a length with its unit, such as \"10 km\"".
fn with_unit<'t, U: Copy>(text: &'t str, units: &[(&str, U)], kind: &str) -> Result<(Decimal, U, &'t str), Expected> {
    let (number, rest) = number_and_rest(text).ok_or_else(|| kind.to_owned())?;
    let (unit, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if let Some((_, factor)) = units.iter().find(|(name, _)| *name == unit) {
        return Ok((number, *factor, after.trim()));
    }
    let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
    let near =
        names.iter().copied().find(|name| name.eq_ignore_ascii_case(unit)).or_else(|| nearest(unit, names.iter().copied()));
    let hint = near.filter(|_| !unit.is_empty()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(format!("{kind}; units are {}{hint}", listed(&names)))
}

const LENGTH_UNITS: [(&str, i64); 6] = [
    ("m", UM_PER_M),
    ("km", 1000 * UM_PER_M),
    ("NM", 1852 * UM_PER_M),
    ("nmi", 1852 * UM_PER_M),
    ("ft", UM_PER_FT),
    ("mi", 1_609_344_000),
];

const DURATION_UNITS: [(&str, i64); 4] =
    [("s", NS_PER_S), ("min", 60 * NS_PER_S), ("h", 3600 * NS_PER_S), ("d", 86_400 * NS_PER_S)];

/// Units of speed: micrometres in so many seconds.
const SPEED_UNITS: [(&str, (i64, i64)); 7] = [
    ("km/d", (1000 * UM_PER_M, 86_400)),
    ("km/h", (1000 * UM_PER_M, 3600)),
    ("m/s", (UM_PER_M, 1)),
    ("kt", (1852 * UM_PER_M, 3600)),
    ("kn", (1852 * UM_PER_M, 3600)),
    ("mph", (1_609_344_000, 3600)),
    ("mi/d", (1_609_344_000, 86_400)),
];

/// A length in micrometres; may be zero or negative.
///
/// # Errors
/// What a length looks like.
pub fn length_um(text: &str) -> Result<i64, Expected> {
    let kind = "a length with its unit, such as \"10 km\"";
    match with_unit(text, &LENGTH_UNITS, kind)? {
        (number, um, "") => number.times(um).ok_or_else(|| "a length on the earth".to_owned()),
        _ => Err(kind.to_owned()),
    }
}

/// A duration in nanoseconds; may be zero or negative.
///
/// # Errors
/// What a duration looks like.
pub fn duration_ns(text: &str) -> Result<i64, Expected> {
    let kind = "a duration with its unit, such as \"15 min\"";
    match with_unit(text, &DURATION_UNITS, kind)? {
        (number, ns, "") => number.times(ns).ok_or_else(|| "a duration of less than 292 years".to_owned()),
        _ => Err(kind.to_owned()),
    }
}

/// A speed in metres per second; may be zero or negative, is finite.
///
/// # Errors
/// What a speed looks like.
pub fn speed_m_s(text: &str) -> Result<f64, Expected> {
    let kind = "a speed with its unit, such as \"12 km/d\"";
    match with_unit(text, &SPEED_UNITS, kind)? {
        (number, (um, seconds), "") => Ok(number.as_f64() * (um as f64 / UM_PER_M as f64) / seconds as f64),
        _ => Err(kind.to_owned()),
    }
}

/// An altitude in micrometres, with its reference if it names one.
///
/// # Errors
/// What an altitude looks like.
pub fn altitude_um(text: &str) -> Result<(i64, Option<AltitudeReference>), Expected> {
    let kind = "an altitude with its unit, such as \"4500 m\", \"600 ft\" or \"FL240\"";
    let trimmed = text.trim();
    if let Some(level) = trimmed.strip_prefix("FL").or_else(|| trimmed.strip_prefix("fl")) {
        let (level, reference) = level.trim().split_once(char::is_whitespace).unwrap_or((level.trim(), "STD"));
        let good = (1..=3).contains(&level.len()) && level.bytes().all(|byte| byte.is_ascii_digit());
        let hundreds: i64 = if good { level.parse().unwrap_or_default() } else { return Err(kind.to_owned()) };
        return match reference.trim() {
            "STD" => Ok((hundreds * 100 * UM_PER_FT, Some(AltitudeReference::Std))),
            _ => Err("a flight level without a reference: it is over STD".to_owned()),
        };
    }
    let units: [(&str, i64); 3] = [("m", UM_PER_M), ("ft", UM_PER_FT), ("km", 1000 * UM_PER_M)];
    let (number, um, reference) = with_unit(trimmed, &units, kind)?;
    let reference = if reference.is_empty() { None } else { Some(altitude_reference(reference)?) };
    // Higher than any satellite is a slip; it also keeps sums of altitudes in range.
    let um = number.times(um).filter(|um| um.abs() <= 1_000_000 * UM_PER_M);
    um.map(|um| (um, reference)).ok_or_else(|| "an altitude of at most 1000 km".to_owned())
}

/// An altitude reference by its name.
///
/// # Errors
/// Which references there are.
pub fn altitude_reference(text: &str) -> Result<AltitudeReference, Expected> {
    let known = AltitudeReference::ALL.into_iter().find(|reference| reference.name().eq_ignore_ascii_case(text.trim()));
    let words = "one of `W84` (above the WGS84 ellipsoid), `AMSL` (above mean sea level), `AGL` (above the ground), `STD` (pressure altitude)";
    known.ok_or_else(|| words.to_owned())
}

const TIME_WORDS: &str = "a time in UTC, such as \"2017-09-14\" or \"2017-09-14T06:00Z\"";

/// An instant: "2017-09-14" (its first), "2017-09-14T06:00Z", "2017-09-14T09:00:00+03:00".
///
/// # Errors
/// What a time looks like.
pub fn time(text: &str) -> Result<Time, Expected> {
    let text = text.trim();
    let dated = text.get(..10).is_some_and(|date| {
        date.bytes().enumerate().all(|(index, byte)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
    });
    if !dated {
        return Err(TIME_WORDS.to_owned());
    }
    let rest = &text[10..];
    let date: jiff::civil::Date = text[..10].parse().map_err(|_| format!("{TIME_WORDS}; there is no such day"))?;
    let clock = rest
        .strip_prefix(['T', 't', ' '])
        .filter(|clock| clock.bytes().all(|byte| byte.is_ascii_digit() || b":.Zz+-".contains(&byte)));
    let timestamp = match clock {
        None if rest.is_empty() => date.to_zoned(jiff::tz::TimeZone::UTC).map(|day| day.timestamp()).ok(),
        Some(clock) if !clock.contains(['Z', 'z', '+', '-']) => {
            return Err("a time with its zone: `Z` for UTC, or an offset such as `+03:00`".to_owned());
        }
        // What would be read as another instant than it says, or as one of no place on Earth.
        Some(clock) if seconds_of(clock) == Some("60") => {
            return Err("a time without a leap second: 59, or the next minute".to_owned());
        }
        Some(clock) if offset_hours(clock).is_some_and(|hours| hours > MOST_OFFSET_HOURS) => {
            return Err(format!("a time with its zone, at most {MOST_OFFSET_HOURS} hours from UTC"));
        }
        // With a colon at least: "T06Z" is no RFC 3339.
        Some(clock) if clock.contains(':') => text.parse::<jiff::Timestamp>().ok(),
        _ => None,
    };
    let timestamp = timestamp.ok_or_else(|| TIME_WORDS.to_owned())?;
    let ns = i64::try_from(timestamp.as_nanosecond()).map_err(|_| "a time between the years 1678 and 2261".to_owned())?;
    Ok(Time::from_ns(ns))
}

/// No zone is farther from UTC, hours.
const MOST_OFFSET_HOURS: u32 = 14;

/// The seconds of "06:00:59.5+03:00".
fn seconds_of(clock: &str) -> Option<&str> {
    clock.split(['Z', 'z', '+', '-', '.']).next()?.split(':').nth(2)
}

/// The hours of the offset of "06:00:59+03:00".
fn offset_hours(clock: &str) -> Option<u32> {
    let (_, offset) = clock.split_once(['+', '-'])?;
    offset.get(..2)?.parse().ok()
}

/// A time of day in UTC, nanoseconds since midnight: "06:00Z", "06:00:30Z".
///
/// # Errors
/// What a time of day looks like.
pub fn time_of_day_ns(text: &str) -> Result<i64, Expected> {
    let words = "a time of day in UTC, such as \"06:00Z\"";
    let clock = text.trim().strip_suffix(['Z', 'z']).ok_or_else(|| words.to_owned())?;
    let parts: Vec<&str> = clock.split(':').collect();
    let good = (2..=3).contains(&parts.len())
        && parts.iter().all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let numbers: Vec<i64> = if good { parts.iter().filter_map(|part| part.parse().ok()).collect() } else { Vec::new() };
    match (numbers.first(), numbers.get(1), numbers.get(2).unwrap_or(&0)) {
        (Some(hours @ 0..24), Some(minutes @ 0..60), seconds @ 0..60) => Ok((hours * 3600 + minutes * 60 + seconds) * NS_PER_S),
        _ => Err(words.to_owned()),
    }
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
