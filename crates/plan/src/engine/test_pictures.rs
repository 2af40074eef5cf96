//! Pictures built by hand for the tests of the engine's parts: nothing is read from files.

use std::collections::BTreeMap;

use deconflict_conflict::{Anchor, Movement, Schedule};
use deconflict_spacetime::{AltitudeReference, LatLng, NS_PER_S, Polyline, Time, TimeSpan};

use crate::model::{Basis, Claim, ClaimBody, ClaimKind, Party, Picture, Place, Source, Spot, Track};

pub(super) const DAY_NS: i64 = 86_400 * NS_PER_S;

/// The start of this day after 1970-01-01.
pub(super) fn day(days: i64) -> Time {
    Time::from_ns(days * DAY_NS)
}

/// This many hours after 1970.
pub(super) fn hour(hours: f64) -> Time {
    Time::from_ns((hours * 3600.0 * NS_PER_S as f64) as i64)
}

/// Between two hours.
pub(super) fn span(from: f64, until: f64) -> TimeSpan {
    TimeSpan::new(hour(from), hour(until)).unwrap()
}

pub(super) fn point(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).unwrap()
}

/// Parties A and B, and a non-participant H; from hour 0 to hour 1000, without minima.
pub(super) fn picture() -> Picture {
    Picture {
        id: "test".to_owned(),
        title: "Test".to_owned(),
        as_of: hour(0.0),
        span: span(0.0, 1000.0),
        altitude_reference: AltitudeReference::W84,
        sources: Vec::new(),
        places: Vec::new(),
        areas: Vec::new(),
        barriers: Vec::new(),
        parties: vec![party("A"), party("B"), Party { participant: false, told: false, ..party("H") }],
        sides: Vec::new(),
        relations: Vec::new(),
        channels: Vec::new(),
        centres: Vec::new(),
        events: Vec::new(),
        claims: Vec::new(),
        minima: BTreeMap::new(),
        approach: Vec::new(),
        rules: Vec::new(),
        agreements: Vec::new(),
        matters: Vec::new(),
        statements: Vec::new(),
        terms: Vec::new(),
        expectations: Vec::new(),
        assumptions: Vec::new(),
        texts: Vec::new(),
        places_of_claims: Default::default(),
    }
}

/// A picture of 40 days with nothing in it.
pub(super) fn empty() -> Picture {
    Picture { span: TimeSpan::new(day(0), day(40)).unwrap(), parties: Vec::new(), ..picture() }
}

pub(super) fn place(name: &str, points: &[(&str, f64, f64)]) -> Place {
    Place {
        name: name.to_owned(),
        aliases: Vec::new(),
        points: points.iter().map(|(name, lat, lng)| ((*name).to_owned(), point(*lat, *lng))).collect(),
        uncertainty_m: 0.0,
        basis: Basis::Stated,
    }
}

/// The spot of a place of the picture.
pub(super) fn spot(picture: &Picture, name: &str) -> Spot {
    Spot { name: name.to_owned(), at: picture.place(name).unwrap_or_else(|| panic!("{name}")).points[0].1 }
}

/// A party that takes part, is registered and is told.
pub(super) fn party(id: &str) -> Party {
    Party {
        id: id.to_owned(),
        name: format!("Party {id}"),
        aliases: Vec::new(),
        part_of: None,
        registered: true,
        told: true,
        participant: true,
        operates: true,
    }
}

pub(super) fn source(id: &str, grade: &str, origin: Option<&str>) -> Source {
    Source {
        id: id.to_owned(),
        publisher: format!("Paper {id}"),
        grade: Some(grade.to_owned()),
        origin: origin.map(str::to_owned),
    }
}

/// A claim on its party's own side.
pub(super) fn claim(id: &str, kind: ClaimKind, owner: &str, body: ClaimBody) -> Claim {
    Claim {
        id: id.to_owned(),
        name: id.to_owned(),
        kind,
        party: Some(owner.to_owned()),
        operation: id.to_owned(),
        side: format!("party:{owner}"),
        priority: 0,
        supports: Vec::new(),
        body,
        window_open: false,
        bound_from: None,
        bound_until: None,
        bank: None,
        keeps_to: Vec::new(),
        basis: Basis::Stated,
        stretch_of: None,
        symbol: None,
        note: None,
    }
}

/// The corridor through places of the picture.
pub(super) fn track(picture: &Picture, places: &[&str], width_m: f64) -> Track {
    let line = Polyline::new(places.iter().map(|name| spot(picture, name).at).collect()).unwrap();
    Track { line, width_m, names: places.iter().map(|name| (*name).to_owned()).collect(), tasks: vec![None; places.len()] }
}

/// A column that starts on day 0 and drives its whole corridor at these speeds (max, likely, min; km a day).
pub(super) fn column(id: &str, owner: &str, track: Track, km_a_day: [f64; 3]) -> Claim {
    let length_m = track.line.length_m();
    let heads = km_a_day.map(|speed| {
        let arrival = Time::from_ns((length_m / 1000.0 / speed * DAY_NS as f64) as i64);
        Schedule::new(vec![Anchor { along_m: 0.0, time: day(0) }, Anchor { along_m: length_m, time: arrival }]).unwrap()
    });
    let movement = Movement::new(track.line.clone(), track.width_m, heads, 0.0, true, day(40)).unwrap();
    claim(id, ClaimKind::Movement, owner, ClaimBody::Movement(track, Box::new(movement)))
}

/// The two columns of 2016 and the track from the south, with the places on their roads.
pub(super) fn desert() -> Picture {
    let mut picture = empty();
    picture.places = [
        ("T-3", 34.5303, 38.746),
        ("Al-Humaymah", 34.4415, 39.755),
        ("T-2", 34.379, 40.147),
        ("Abu Kamal", 34.4523, 40.9185),
        ("Crossing", 34.407, 40.98),
        ("Al-Baghdadi", 33.8525, 42.5475),
        ("Al-Haditha", 34.1348, 42.3772),
        ("Anah", 34.3686, 41.9819),
        ("Tanf", 33.4332, 38.9374),
        ("Az-Zaqf", 33.8105, 39.233),
        ("Sariyat", 33.8801, 39.5157),
        ("Bir Makr", 34.085, 39.886),
        ("Wadi", 34.185, 40.031),
        ("Akash", 34.4001, 40.707),
        ("Hit", 33.6366, 42.8277),
    ]
    .iter()
    .map(|(name, lat, lng)| place(name, &[("own", *lat, *lng)]))
    .collect();
    picture.places.push(place("Al-Qa'im", &[("town", 34.3688, 41.0945), ("older point", 34.3669, 41.1389)]));
    picture.parties = vec![party("A"), party("B"), party("F")];
    picture.sources = vec![source("S", "C3", None), source("S2", "C3", Some("S")), source("OUT", "B2", None)];
    let a = track(&picture, &["T-3", "Al-Humaymah", "T-2", "Abu Kamal", "Crossing"], 10_000.0);
    let b = track(&picture, &["Al-Baghdadi", "Al-Haditha", "Anah", "Al-Qa'im", "Crossing"], 10_000.0);
    let f = track(&picture, &["Tanf", "Az-Zaqf", "Sariyat", "Bir Makr", "Wadi", "Akash", "Abu Kamal"], 4_000.0);
    picture.claims = vec![
        column("C.A", "A", a, [16.0, 12.0, 8.0]),
        column("C.B", "B", b, [13.0, 10.0, 7.0]),
        claim("C.F", ClaimKind::Movement, "F", ClaimBody::Track(f)),
    ];
    picture
}
