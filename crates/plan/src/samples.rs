//! A small picture and findings by hand, for the tests of what is shown to whom.

use std::collections::BTreeMap;

use deconflict_spacetime::{AltitudeReference, Area, Circle, LatLng, Shape, Time, TimeSpan, Volume4D};

use crate::model::{Assumption, Basis, Claim, ClaimBody, ClaimKind, Level, Party, Picture, Side};
use crate::report::{Finding, FindingKind, Location, MovementReport, Notice, Report};

/// 2026-03-01T00:00Z and so many hours.
pub(crate) fn hour(hours: i64) -> Time {
    Time::from_ns((1_772_323_200 + hours * 3600) * 1_000_000_000)
}

pub(crate) fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a point")
}

fn party(id: &str, name: &str) -> Party {
    Party {
        id: id.to_owned(),
        name: name.to_owned(),
        aliases: vec![format!("alias of {id}")],
        part_of: None,
        registered: true,
        told: true,
        participant: true,
        operates: true,
    }
}

fn claim(id: &str, party: &str, side: &str) -> Claim {
    let circle = Circle::new(at(0.0, 0.0), 1000.0).expect("a circle");
    let volume =
        Volume4D { area: Area::from(Shape::Circle(circle)), band: None, span: TimeSpan::new(hour(0), hour(2)).expect("a span") };
    Claim {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: ClaimKind::Presence,
        party: Some(party.to_owned()),
        operation: id.to_owned(),
        side: side.to_owned(),
        priority: 0,
        supports: Vec::new(),
        body: ClaimBody::Volumes(vec![volume]),
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

/// Parties RED and BLUE with a claim each, BOAT on RED's side, MAIL between them, HAZ who is never told, OTHER with a claim of its own.
pub(crate) fn picture() -> Picture {
    let mut parties = vec![
        party("RED", "Red Fire"),
        party("BLUE", "Blue Rescue"),
        party("BOAT", "Boats"),
        party("MAIL", "Mail"),
        party("OTHER", "Other"),
    ];
    parties.push(Party { told: false, participant: false, ..party("HAZ", "Hazard") });
    let side = Side {
        id: "S.RED".to_owned(),
        name: "the red side".to_owned(),
        lead: Some("RED".to_owned()),
        members: vec!["RED".to_owned(), "BOAT".to_owned()],
        supporter: None,
        claims: vec!["R.1".to_owned()],
        deconflicted_by: None,
        review: None,
        basis: Basis::Stated,
    };
    Picture {
        id: "pic".to_owned(),
        title: "A secret title".to_owned(),
        as_of: hour(0),
        span: TimeSpan::new(hour(0), hour(48)).expect("a span"),
        altitude_reference: AltitudeReference::W84,
        sources: Vec::new(),
        places: Vec::new(),
        areas: Vec::new(),
        barriers: Vec::new(),
        parties,
        sides: vec![side],
        relations: Vec::new(),
        channels: Vec::new(),
        centres: Vec::new(),
        events: Vec::new(),
        claims: vec![claim("R.1", "RED", "S.RED"), claim("B.1", "BLUE", "party:BLUE"), claim("O.1", "OTHER", "party:OTHER")],
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

/// A conflict of RED's and BLUE's claims, each told through MAIL.
pub(crate) fn conflict() -> Finding {
    let notice = |party: &str| Notice { via: Some(vec!["MAIL".to_owned()]), delay_s: 900, ..Notice::direct(party) };
    Finding {
        claims: vec!["B.1".to_owned(), "R.1".to_owned()],
        parties: vec!["BLUE".to_owned(), "RED".to_owned()],
        window: TimeSpan::new(hour(0), hour(2)).ok(),
        place: Some(Location::Point(at(1.0, 2.0))),
        notify: vec![notice("BLUE"), notice("RED")],
        details: vec!["They touch.".to_owned()],
        ..Finding::new(FindingKind::Conflict, Level::Urgent, "conflict:B.1+R.1".to_owned(), "B.1 and R.1 meet".to_owned())
    }
}

/// The conflict, a note that only OTHER hears of, and what else a report has.
pub(crate) fn report() -> Report {
    let note = Finding {
        claims: vec!["O.1".to_owned()],
        notify: vec![Notice::direct("OTHER")],
        ..Finding::new(FindingKind::Open, Level::Note, "open:O.1".to_owned(), "Who leads?".to_owned())
    };
    let assumption =
        |path: &str| Assumption { path: path.to_owned(), value: "5 km".to_owned(), basis: Basis::Assumed, note: None };
    let movement = |claim: &str| MovementReport {
        claim: claim.to_owned(),
        length_km: 12.3456,
        arrivals: vec![("Ford".to_owned(), [hour(1), hour(2), hour(3)])],
    };
    Report {
        id: "pic".to_owned(),
        title: "A secret title".to_owned(),
        as_of: hour(0),
        findings: vec![conflict(), note],
        movements: vec![movement("R.1"), movement("B.1")],
        statements: Vec::new(),
        expectations: Vec::new(),
        assumptions: vec![assumption("claims.R.1.width"), assumption("claims.B.1.width"), assumption("areas.ford.outline")],
    }
}
