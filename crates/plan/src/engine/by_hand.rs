//! Pictures drawn by hand for the tests of the engine: two parties, a non-participant, and nothing claimed.

use std::collections::BTreeMap;

use deconflict_spacetime::{AltitudeReference, NS_PER_S, Time, TimeSpan};

use crate::model::{Basis, Claim, ClaimBody, ClaimKind, Party, Picture};

/// This many hours after 1970.
pub(super) fn hour(hours: f64) -> Time {
    Time::from_ns((hours * 3600.0 * NS_PER_S as f64) as i64)
}

/// Between two hours.
pub(super) fn span(from: f64, until: f64) -> TimeSpan {
    TimeSpan::new(hour(from), hour(until)).unwrap()
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
        bank: None,
        keeps_to: Vec::new(),
        basis: Basis::Stated,
        stretch_of: None,
        note: None,
    }
}
