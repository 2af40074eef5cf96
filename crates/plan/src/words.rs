//! Numbers, times and places in the words of a duty officer.

use deconflict_spacetime::{LatLng, NS_PER_S, Time, TimeSpan, azimuth_deg, distance_m};

use crate::model::{Bank, Basis, ClaimKind, Function, Level, Place};
use crate::report::{Certainty, FindingKind};

/// Closer than this to a place, metres, a point is simply "at" it.
const AT_M: f64 = 1000.0;

/// A kind of finding as it is written in ids and in the JSON.
pub const fn kind(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Conflict => "conflict",
        FindingKind::Converging => "converging",
        FindingKind::Approach => "approach",
        FindingKind::Contested => "contested",
        FindingKind::Caution => "caution",
        FindingKind::Rule => "rule",
        FindingKind::Inconsistent => "inconsistent",
        FindingKind::Open => "open",
        FindingKind::Unchecked => "unchecked",
        FindingKind::Internal => "internal",
    }
}

/// Every kind of finding, in the order of the documentation.
pub const KINDS: [FindingKind; 10] = [
    FindingKind::Conflict,
    FindingKind::Converging,
    FindingKind::Approach,
    FindingKind::Contested,
    FindingKind::Caution,
    FindingKind::Rule,
    FindingKind::Inconsistent,
    FindingKind::Open,
    FindingKind::Unchecked,
    FindingKind::Internal,
];

/// A level as it is written in plans and in the JSON.
pub const fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Watch => "watch",
        Level::Warn => "warn",
        Level::Urgent => "urgent",
        Level::Critical => "critical",
    }
}

/// How sure a finding is, as it is written in the JSON.
pub const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::CannotExclude => "cannot-exclude",
    }
}

/// Every level, loudest first.
pub const LEVELS: [Level; 5] = [Level::Critical, Level::Urgent, Level::Warn, Level::Watch, Level::Note];

/// A basis as it is written in plans and in the JSON.
pub const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Stated => "stated",
        Basis::Derived => "derived",
        Basis::Assumed => "assumed",
    }
}

/// A kind of claim as it is written in plans.
pub const fn claim_kind(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Flight => "flight",
        ClaimKind::Movement => "movement",
        ClaimKind::Constraint => "constraint",
        ClaimKind::Site => "site",
        ClaimKind::Authority => "authority",
        ClaimKind::Presence => "presence",
    }
}

/// A river bank as it is written in plans and in the JSON.
pub const fn bank(bank: Bank) -> &'static str {
    match bank {
        Bank::Left => "left",
        Bank::Right => "right",
    }
}

/// What somebody claims who claims a function, up to the name of the area: "control of".
pub const fn function_over(function: Function) -> &'static str {
    match function {
        Function::Control => "control of",
        Function::Lead => "the lead in",
        Function::Notify => "to be notified of what happens in",
    }
}

/// Sentences as one text: each with a full stop, the empty ones left out.
pub fn sentences<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for sentence in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(sentence);
        if !sentence.ends_with(['.', '!', '?', ':']) {
            text.push('.');
        }
    }
    text
}

/// A span: "2017-10-03 06:00Z to 2017-10-05 00:00Z", the day only once where both ends share it.
pub fn span(span: TimeSpan) -> String {
    let (start, end) = (time(span.start()), time(span.end()));
    match (start.split_once(' '), end.split_once(' ')) {
        (Some((day, _)), Some((end_day, end_clock))) if day == end_day => format!("{start} to {end_clock}"),
        _ => format!("{start} to {end}"),
    }
}

/// One of the eight winds nearest to an azimuth in degrees: "NE".
pub fn wind(azimuth_deg: f64) -> &'static str {
    const WINDS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
    let nearest = (azimuth_deg.rem_euclid(360.0) / 45.0).round();
    // In 0 to 8 by construction; NaN becomes 0.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    WINDS[nearest as usize % WINDS.len()]
}

/// Where a point is by the nearest place: "at Mayadin", "12 km SE of Mayadin"; `None` without places.
pub fn near(places: &[Place], at: LatLng) -> Option<String> {
    let points = places.iter().flat_map(|place| place.points.iter().map(move |(_, point)| (place, *point)));
    let (place, point, metres) =
        points.map(|(place, point)| (place, point, distance_m(point, at))).min_by(|a, b| a.2.total_cmp(&b.2))?;
    if metres <= AT_M {
        return Some(format!("at {}", place.name));
    }
    let km = metres / 1000.0;
    let away = if km < 9.95 { format!("{km:.1} km") } else { format!("{km:.0} km") };
    Some(format!("{away} {} of {}", wind(azimuth_deg(point, at)), place.name))
}

/// An instant as "2017-10-03 06:00Z"; seconds only where they are not zero.
pub fn time(time: Time) -> String {
    let timestamp = jiff::Timestamp::from_nanosecond(i128::from(time.ns())).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let civil = timestamp.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    if civil.second() == 0 {
        civil.strftime("%Y-%m-%d %H:%MZ").to_string()
    } else {
        civil.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
    }
}

/// A computed instant to the nearest minute: "2017-10-03 06:00Z".
pub fn minute(time: Time) -> String {
    const MINUTE_NS: i64 = 60 * NS_PER_S;
    let after_ns = time.ns().rem_euclid(MINUTE_NS);
    self::time(time.plus_ns(if after_ns < MINUTE_NS / 2 { -after_ns } else { MINUTE_NS - after_ns }))
}

/// An instant in RFC 3339, as in the JSON: "2017-10-03T06:00:00Z".
pub fn rfc3339(time: Time) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(time.ns())).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// A length: "12.3 km", "850 m".
pub fn length(metres: f64) -> String {
    if metres.abs() >= 10_000.0 {
        format!("{:.1} km", metres / 1000.0)
    } else if metres.abs() >= 1000.0 {
        format!("{:.2} km", metres / 1000.0)
    } else {
        format!("{metres:.0} m")
    }
}

/// A length that somebody chose: "50 km", "600 m", "7.5 km".
pub fn round_length(metres: f64) -> String {
    if metres.abs() >= 1000.0 {
        format!("{} km", (metres / 10.0).round() / 100.0)
    } else {
        format!("{} m", (metres * 10.0).round() / 10.0)
    }
}

/// A point: "34.4523 N 40.9185 E".
pub fn point(at: LatLng) -> String {
    let (lat, lng) = (at.lat_deg(), at.lng_deg());
    format!("{:.4} {} {:.4} {}", lat.abs(), if lat < 0.0 { "S" } else { "N" }, lng.abs(), if lng < 0.0 { "W" } else { "E" })
}

/// A duration: "15 min", "6 h", "2 d 3 h".
pub fn duration_s(seconds: i64) -> String {
    let (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let parts: Vec<String> = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
        .iter()
        .filter(|(value, _)| *value != 0)
        .map(|(value, unit)| format!("{value} {unit}"))
        .collect();
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}
