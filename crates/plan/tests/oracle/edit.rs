//! Writing numbers into a plan as a person would: texts with units.

use deconflict_plan::format::{AltitudeText, Claim, Duration, Given, Length, PlanFile, Speed, SpeedRange, TimeText};

use super::line::Point;
use super::random::Random;

/// Seconds in a minute.
pub const MINUTE_S: f64 = 60.0;

pub fn metres(value_m: f64) -> Given<Length> {
    Given::Plain(Length(format!("{value_m:.3} m")))
}

pub fn minutes(value: i64) -> Given<Duration> {
    Given::Plain(Duration(format!("{value} min")))
}

pub fn altitude(value_m: i64) -> Given<AltitudeText> {
    Given::Plain(AltitudeText(format!("{value_m} m")))
}

/// Whole minutes after `as_of` as an instant.
pub fn instant(as_of: &str, minutes: i64) -> Given<TimeText> {
    let start: jiff::Timestamp = as_of.parse().unwrap();
    let at = jiff::Timestamp::from_second(start.as_second() + 60 * minutes).unwrap();
    Given::Plain(TimeText(at.strftime("%Y-%m-%dT%H:%MZ").to_string()))
}

/// The day of a plain or marked time text in minutes after `as_of`.
pub fn minutes_after(as_of: &str, given: &Given<TimeText>) -> i64 {
    let TimeText(text) = match given {
        Given::With(with) => &with.value,
        Given::Plain(text) => text,
    };
    let at: jiff::Timestamp = format!("{text}T00:00Z").parse().unwrap();
    let start: jiff::Timestamp = as_of.parse().unwrap();
    (at.as_second() - start.as_second()) / 60
}

/// Metres a day, least first.
pub fn speeds(m_per_day: [f64; 3]) -> SpeedRange {
    let [min, likely, max] = m_per_day.map(|m| Speed(format!("{:.3} km/d", m / 1000.0)));
    SpeedRange { min, likely, max, basis: None, note: None }
}

pub fn claim<'a>(plan: &'a mut PlanFile, id: &str) -> &'a mut Claim {
    plan.claims.iter_mut().find(|claim| claim.id == id).unwrap()
}

/// The names of a movement's waypoints.
pub fn waypoint_names(plan: &PlanFile, id: &str) -> Vec<String> {
    use deconflict_plan::format::Position;
    let claim = plan.claims.iter().find(|claim| claim.id == id).unwrap();
    let name = |position: &Position| match position {
        Position::Place(name) => name.clone(),
        Position::Point(_) => panic!("{id} has a waypoint without a name"),
    };
    claim.waypoints.iter().map(|waypoint| name(&waypoint.at)).collect()
}

/// Moves each of these places by up to `most_deg` in latitude and in longitude, to five digits.
pub fn move_places(plan: &mut PlanFile, names: &[String], most_deg: f64, random: &mut Random) {
    let digits = |value: f64| (value * 1e5).round() / 1e5;
    for place in plan.places.iter_mut().filter(|place| names.contains(&place.name)) {
        place.lat = digits(place.lat + random.between(-most_deg, most_deg));
        place.lng = digits(place.lng + random.between(-most_deg, most_deg));
    }
}

pub fn place(plan: &PlanFile, name: &str) -> Point {
    let place = plan.places.iter().find(|place| place.name == name).unwrap();
    Point { lat: place.lat, lng: place.lng }
}

pub fn places(plan: &PlanFile, names: &[String]) -> Vec<Point> {
    names.iter().map(|name| place(plan, name)).collect()
}
