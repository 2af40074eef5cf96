//! Pictures drawn for tests: parties, flights, columns and a river on a small map, and a seeded source of chance.
//! Knows nothing of files.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeMap;

use deconflict_conflict::{Anchor, Minima, Movement, Schedule};
use deconflict_plan::model::{
    Agreement, Bank, Barrier, BarrierKind, Basis, Change, Channel, Claim, ClaimBody, ClaimKind, Party, Picture, Track,
};
use deconflict_plan::report::{Finding, FindingKind};
use deconflict_plan::{Options, check};
use deconflict_spacetime::{
    Altitude, AltitudeBand, AltitudeReference, Area, Circle, Corridor, LatLng, NS_PER_S, Polygon, Polyline, Shape, Time,
    TimeSpan, UM_PER_M, Volume4D, destination,
};

pub const MINUTE_NS: i64 = 60 * NS_PER_S;

/// This many minutes after 1970.
pub fn minute(minutes: i64) -> Time {
    Time::from_ns(minutes * MINUTE_NS)
}

pub fn span(from_minutes: i64, to_minutes: i64) -> TimeSpan {
    TimeSpan::new(minute(from_minutes), minute(to_minutes)).unwrap()
}

/// So many kilometres east and north of 35° N 40° E.
pub fn at(east_km: f64, north_km: f64) -> LatLng {
    let east = destination(LatLng::degrees(35.0, 40.0).unwrap(), 90.0, east_km * 1e3);
    destination(east, 0.0, north_km * 1e3)
}

pub fn party(id: &str) -> Party {
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

/// A line between two parties.
fn channel(from: &str, to: &str) -> Channel {
    Channel {
        id: format!("{from}-{to}"),
        from: from.to_owned(),
        to: to.to_owned(),
        via: Vec::new(),
        delay_ns: 0,
        acknowledge_within_ns: None,
        purpose: None,
        valid_from: None,
        valid_until: None,
    }
}

/// Parties A, B and S (a supporter) that can all reach each other; 10 days; no claims, no minima.
pub fn picture() -> Picture {
    Picture {
        id: "drawn".to_owned(),
        title: "Drawn".to_owned(),
        as_of: minute(0),
        span: span(0, 14_400),
        altitude_reference: AltitudeReference::W84,
        sources: Vec::new(),
        places: Vec::new(),
        areas: Vec::new(),
        barriers: Vec::new(),
        parties: vec![party("A"), party("B"), party("S")],
        sides: Vec::new(),
        relations: Vec::new(),
        channels: vec![channel("A", "B"), channel("A", "S"), channel("B", "S")],
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

pub fn minima(lateral_m: f64, vertical_m: i64, time_min: i64) -> Minima {
    Minima { lateral_m, vertical_um: vertical_m * UM_PER_M, time_ns: time_min * MINUTE_NS }
}

pub fn claim(id: &str, kind: ClaimKind, party: &str, body: ClaimBody) -> Claim {
    Claim {
        id: id.to_owned(),
        name: id.to_owned(),
        kind,
        party: Some(party.to_owned()),
        operation: id.to_owned(),
        side: format!("party:{party}"),
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

pub fn flight(id: &str, party: &str, volumes: Vec<Volume4D>) -> Claim {
    claim(id, ClaimKind::Flight, party, ClaimBody::Volumes(volumes))
}

pub fn volume(area: Area, band_m: [i64; 2], span: TimeSpan) -> Volume4D {
    let edge = |m: i64| Altitude::from_um(m * UM_PER_M, AltitudeReference::W84);
    Volume4D { area, band: Some(AltitudeBand::new(edge(band_m[0]), edge(band_m[1])).unwrap()), span }
}

pub fn disc(center: LatLng, radius_m: f64) -> Area {
    Area::from(Shape::Circle(Circle::new(center, radius_m).unwrap()))
}

/// A column that is at each of `points` at the minute beside it, on a corridor of `width_m`.
pub fn column(id: &str, party: &str, points: &[(LatLng, i64)], width_m: f64, holds: bool, end_minute: i64) -> Claim {
    let line = Polyline::new(points.iter().map(|point| point.0).collect()).unwrap();
    let times = points.iter().map(|point| minute(point.1));
    let anchors = line.waypoints_along_m().iter().zip(times).map(|(&along_m, time)| Anchor { along_m, time }).collect();
    let head = Schedule::new(anchors).unwrap();
    let heads = [head.clone(), head.clone(), head];
    let movement = Movement::new(line.clone(), width_m, heads, 0.0, holds, minute(end_minute)).unwrap();
    let (names, tasks) = (vec![String::new(); points.len()], vec![None; points.len()]);
    claim(id, ClaimKind::Movement, party, ClaimBody::Movement(Track { line, width_m, names, tasks }, Box::new(movement)))
}

/// A river that flows east along the parallel.
pub fn river() -> Barrier {
    Barrier {
        id: "river".to_owned(),
        name: "River".to_owned(),
        kind: BarrierKind::River,
        line: Polyline::new((-2..=12).map(|step| at(f64::from(step) * 5.0, 0.0)).collect()).unwrap(),
        crossings: Vec::new(),
        left: None,
        right: None,
    }
}

pub fn keep_to(claim: &str, bank: Bank) -> (String, Change) {
    (claim.to_owned(), Change::KeepTo("river".to_owned(), bank))
}

/// An agreement of these parties that changes nothing yet.
pub fn agreement(id: &str, parties: &[&str]) -> Agreement {
    Agreement {
        id: id.to_owned(),
        parties: parties.iter().map(|&party| party.to_owned()).collect(),
        text: String::new(),
        valid_from: None,
        valid_until: None,
        must_acknowledge: Vec::new(),
        acknowledged: Vec::new(),
        changes: Vec::new(),
        meeting_lines: Vec::new(),
        crossings: Vec::new(),
        matters: Vec::new(),
    }
}

/// The findings of a kind.
pub fn findings(picture: &Picture, kind: FindingKind) -> Vec<Finding> {
    check(picture, Options::default()).findings.into_iter().filter(|finding| finding.kind == kind).collect()
}

/// SplitMix64: a seed gives the same numbers everywhere.
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `from` to `to`, both included.
    pub fn whole(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.next() % u64::try_from(to - from + 1).unwrap()).unwrap()
    }

    /// A number from `from` to `to`.
    pub fn real(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A circle, a four-sided polygon or a corridor, a few kilometres across, within 5 km of the middle of the map.
    pub fn area(&mut self) -> Area {
        let (east, north) = (self.real(-5.0, 5.0), self.real(-5.0, 5.0));
        let size = self.real(0.5, 4.0);
        match self.whole(0, 2) {
            0 => disc(at(east, north), size * 1e3),
            1 => {
                let mut corner = |turn: f64| {
                    let (azimuth_deg, away_m) = (turn + self.real(-40.0, 40.0), self.real(0.5, 1.0) * size * 1e3);
                    destination(at(east, north), azimuth_deg.rem_euclid(360.0), away_m)
                };
                let corners = vec![corner(0.0), corner(90.0), corner(180.0), corner(270.0)];
                Polygon::new(corners)
                    .map_or_else(|_| disc(at(east, north), size * 1e3), |polygon| Area::from(Shape::Polygon(polygon)))
            }
            _ => {
                let points = (0..3).map(|leg| at(east + f64::from(leg) * size, north + self.real(-2.0, 2.0))).collect();
                let corridor = Corridor::new(Polyline::new(points).unwrap(), self.real(200.0, 2000.0)).unwrap();
                Area::from(Shape::Corridor(corridor))
            }
        }
    }

    /// Up to three volumes within two days, at least 300 m high.
    pub fn volumes(&mut self) -> Vec<Volume4D> {
        let parts = self.whole(1, 3);
        (0..parts)
            .map(|_| {
                let (lower_m, start) = (self.whole(0, 3000), self.whole(0, 1500));
                let area = self.area();
                volume(area, [lower_m, lower_m + self.whole(300, 3000)], span(start, start + self.whole(10, 1200)))
            })
            .collect()
    }

    /// A column of three waypoints through the middle of the map, by day one.
    pub fn column(&mut self, id: &str, party: &str) -> Claim {
        let azimuth_deg = self.real(0.0, 360.0);
        let middle = at(self.real(-1.0, 1.0), self.real(-1.0, 1.0));
        let length_m = self.real(3e3, 8e3);
        let from = destination(middle, azimuth_deg, length_m);
        let to = destination(middle, (azimuth_deg + self.real(120.0, 240.0)).rem_euclid(360.0), length_m);
        let start = self.whole(0, 300);
        let (halfway, arrives) = (start + self.whole(30, 300), self.whole(30, 300));
        let points = [(from, start), (middle, halfway), (to, halfway + arrives)];
        let width_m = self.real(100.0, 600.0);
        column(id, party, &points, width_m, false, halfway + arrives + self.whole(1, 120))
    }
}
