//! All that is to be said about two claims: a table of what meets what, and the findings it gives.
//!
//! Invariants:
//! - The order of the two claims does not matter.
//! - Claims of one operation of one party give nothing; a claim of a non-participant gives a caution to others and nothing else.
//! - Two claims of one side give an internal finding, or nothing.
//! - Altitude is compared only where both sides of a pair have one; a ground claim without it meets every altitude.
//!
//! It does not know who is told of a finding (`route`) or what would fix it (`proposals`).

mod authority;
mod columns;
mod contact;
mod text;

use std::collections::BTreeSet;

use deconflict_conflict::Minima;
use deconflict_spacetime::{NS_PER_S, Region, TimeSpan, Volume4D};

use contact::Contact;

use super::divide::ground_conflict_of;
use crate::model::{Claim, ClaimKind, Level, Picture};
use crate::report::{Certainty, Finding, FindingKind, Location, Measures};
use crate::words;

/// The findings about `a` and `b`: conflict or internal, converging, approach, contested, caution. The order of the two does not matter.
pub(crate) fn pair_findings(picture: &Picture, a: &Claim, b: &Claim) -> Vec<Finding> {
    let (a, b) = if (&a.id, &a.kind) <= (&b.id, &b.kind) { (a, b) } else { (b, a) };
    let pair = Pair { picture, a, b };
    // An operation is one party's: the same word used by two parties does not make their claims one.
    if a.id == b.id || (a.operation == b.operation && a.party == b.party) {
        return Vec::new();
    }
    let found = match (picture.is_hazard(a), picture.is_hazard(b)) {
        (true, true) => Vec::new(),
        (true, false) => hazard(&pair, a, b),
        (false, true) => hazard(&pair, b, a),
        (false, false) if a.side == b.side => internal(&pair).into_iter().collect(),
        (false, false) => between_sides(&pair),
    };
    found.into_iter().map(|finding| pair.with_certainty(finding)).collect()
}

/// Two claims of one picture, the lesser id first.
struct Pair<'a> {
    picture: &'a Picture,
    a: &'a Claim,
    b: &'a Claim,
}

impl<'a> Pair<'a> {
    /// The two claims with the lesser kind first; in the order of ids where the kinds are the same.
    fn by_kind(&self) -> (&'a Claim, &'a Claim) {
        if self.a.kind <= self.b.kind { (self.a, self.b) } else { (self.b, self.a) }
    }

    fn minima(&self) -> Minima {
        self.picture.minima(self.a.kind, self.b.kind)
    }

    /// Both claims in words, the one of the lesser kind first.
    fn names(&self) -> (String, String) {
        let (first, second) = self.by_kind();
        (text::claim(self.picture, first), text::claim(self.picture, second))
    }

    /// A finding about the two, with nothing measured yet.
    fn finding(&self, kind: FindingKind, level: Level, headline: &str) -> Finding {
        let id = format!("{}:{}+{}", words::kind(kind), self.a.id, self.b.id);
        let owners =
            [self.a, self.b].into_iter().filter(|claim| !self.picture.is_hazard(claim)).filter_map(|claim| claim.party.clone());
        let parties: BTreeSet<String> = owners.collect();
        Finding {
            claims: vec![self.a.id.clone(), self.b.id.clone()],
            parties: parties.into_iter().collect(),
            ..Finding::new(kind, level, id, text::sentence(headline))
        }
    }

    /// The finding with what `contact` measured.
    fn measured(&self, finding: Finding, contact: Contact) -> Finding {
        let place = match &contact.shared {
            Some(region) => Location::Region(region.clone()),
            None if contact.nearest[0] == contact.nearest[1] => Location::Point(contact.nearest[0]),
            None => Location::Line(contact.nearest.to_vec()),
        };
        let mut details = finding.details;
        details.extend(text::how_close(self.picture, &contact, self.minima(), &place));
        if contact.mixed_references {
            details.push(
                "Their altitudes are measured from different references: a vertical gap is not excluded, and not proved."
                    .to_owned(),
            );
        }
        Finding {
            certainty: if contact.mixed_references { Certainty::CannotExclude } else { finding.certainty },
            window: Some(contact.window),
            altitude_m: contact.altitude_m,
            measures: Measures {
                overlap: Some(contact.overlap),
                overlap_km2: Some(contact.shared.as_ref().map_or(0.0, Region::area_km2)),
                lateral_m: Some(contact.lateral_m),
                vertical_m: contact.vertical_um.map(|um| um as f64 / 1e6),
                time_s: Some(contact.time_ns as f64 / NS_PER_S as f64),
                ..finding.measures
            },
            place: Some(place),
            details,
            ..finding
        }
    }

    /// Says so where an end of a claim's window is not known.
    fn with_certainty(&self, mut finding: Finding) -> Finding {
        for claim in [self.a, self.b] {
            if claim.window_open {
                finding.certainty = Certainty::CannotExclude;
                finding.details.push(format!(
                    "Cannot be excluded: the window of {} depends on an event that is not known yet.",
                    text::claim(self.picture, claim)
                ));
            }
        }
        finding
    }

    /// How loud a conflict is: an overlap is urgent, a broken minimum a warning, and one that has begun a level more.
    fn conflict_level(&self, overlap: bool, window: TimeSpan) -> Level {
        let level = if overlap { Level::Urgent } else { Level::Warn };
        if window.contains(self.picture.as_of) { level.louder() } else { level }
    }

    fn conflict(&self, contact: Contact, together: &str) -> Finding {
        let (first, second) = self.names();
        let level = self.conflict_level(contact.overlap, contact.window);
        let what = if contact.overlap { together } else { "would come closer to each other than the minima" };
        self.measured(self.finding(FindingKind::Conflict, level, &format!("{first} and {second} {what}")), contact)
    }

    fn caution(&self, contact: Contact, level: Level, who: &Claim, verb: [&str; 2], whom: &Claim) -> Finding {
        let verb = if contact.overlap { verb[0] } else { verb[1] };
        let headline = format!("{} {verb} {}", text::claim(self.picture, who), text::claim(self.picture, whom));
        self.measured(self.finding(FindingKind::Caution, level, &headline), contact)
    }
}

const OVER: [&str; 2] = ["would fly over", "would fly close to"];
const TOUCHES: [&str; 2] = ["would touch", "would come close to"];
const SAME_GROUND: &str = "would use the same ground at the same time";
const SAME_AIR: &str = "would use the same airspace";

/// What meets what between two sides.
fn between_sides(pair: &Pair) -> Vec<Finding> {
    use ClaimKind::{Authority, Constraint, Flight, Movement, Presence, Site};
    let (first, second) = pair.by_kind();
    let on_ground = || ground_contact(pair, first, second);
    match (first.kind, second.kind) {
        (Flight, Flight) => air_contact(pair, volumes(first), volumes(second))
            .map(|contact| pair.conflict(contact, SAME_AIR))
            .into_iter()
            .collect(),
        (Flight, Movement | Constraint | Site | Presence) => flight_and_ground(pair, first, second),
        (Movement, Movement) => columns::findings(pair),
        (Movement, Constraint | Presence) | (Constraint | Presence, Presence) => {
            on_ground().map(|contact| pair.conflict(contact, SAME_GROUND)).into_iter().collect()
        }
        (Movement, Site) => {
            on_ground().map(|contact| pair.caution(contact, Level::Warn, first, TOUCHES, second)).into_iter().collect()
        }
        (Site, Presence) => {
            on_ground().map(|contact| pair.caution(contact, Level::Warn, second, TOUCHES, first)).into_iter().collect()
        }
        (Authority, Authority) => authority::contested(pair).into_iter().collect(),
        (Flight | Movement | Constraint | Site | Authority, _) | (Presence, _) => Vec::new(),
    }
}

/// A flight and something on the ground of another side: a conflict below a declared ceiling, otherwise a caution at any altitude.
///
/// A closed area with a ceiling is closed up to there and no farther; people and sites below a flight stay below it.
fn flight_and_ground(pair: &Pair, flight: &Claim, ground: &Claim) -> Vec<Finding> {
    let (with_ceiling, surface): (Vec<Volume4D>, Vec<Volume4D>) =
        volumes(ground).iter().cloned().partition(|volume| volume.band.is_some());
    if let Some(contact) = air_contact(pair, volumes(flight), &with_ceiling) {
        return vec![pair.conflict(contact, SAME_AIR)];
    }
    let contact = match (ground.kind, ground.movement()) {
        (ClaimKind::Constraint, _) => air_contact(pair, volumes(flight), &surface),
        (_, Some(column)) => contact::of_column(column, volumes(flight), pair.minima()),
        (_, None) => air_contact(pair, volumes(flight), &on_surface(volumes(ground))),
    };
    let level = if ground.kind == ClaimKind::Site { Level::Warn } else { Level::Watch };
    contact.map(|contact| pair.caution(contact, level, flight, OVER, ground)).into_iter().collect()
}

/// What a non-participant's claim means to somebody else's: keep out, no more.
fn hazard(pair: &Pair, hazard: &Claim, other: &Claim) -> Vec<Finding> {
    let contact = match (other.kind, hazard.movement()) {
        (ClaimKind::Flight, Some(column)) => contact::of_column(column, volumes(other), pair.minima()),
        (ClaimKind::Flight, None) => air_contact(pair, volumes(other), volumes(hazard)),
        (ClaimKind::Movement | ClaimKind::Presence, _) => ground_contact(pair, other, hazard),
        (ClaimKind::Constraint | ClaimKind::Site | ClaimKind::Authority, _) => None,
    };
    let verb = ["would enter", "would come close to"];
    contact.map(|contact| pair.caution(contact, Level::Watch, other, verb, hazard)).into_iter().collect()
}

/// What two claims of one side may not share: the air, the ground, an area that the one has closed to the other. People of one side are not
/// in each other's way.
fn internal(pair: &Pair) -> Option<Finding> {
    use ClaimKind::{Constraint, Flight, Movement, Presence};
    let (one, other) = pair.by_kind();
    let contact = match (one.kind, other.kind) {
        (Flight, Flight | Constraint) => air_contact(pair, volumes(one), volumes(other)),
        (Movement, Movement | Constraint) | (Constraint, Presence) => ground_contact(pair, one, other),
        _ => None,
    }?;
    let side = pair.picture.side(&pair.a.side);
    let keeper = side.and_then(|side| Some((side, side.deconflicted_by.as_deref()?)));
    let (first, second) = pair.names();
    let level = if keeper.is_some() { Level::Note } else { Level::Warn };
    let headline = format!("{first} and {second} of one side would use the same space");
    let mut finding = pair.measured(pair.finding(FindingKind::Internal, level, &headline), contact);
    finding.excused = keeper.is_some();
    finding.details.push(match keeper {
        Some((side, keeper)) => {
            format!("{} declares that it keeps the claims of side {} apart.", pair.picture.party_name(keeper), side.id)
        }
        None => "Nobody declares that it keeps the claims of this side apart.".to_owned(),
    });
    Some(finding)
}

/// The volumes of a claim; none for columns and authority.
fn volumes(claim: &Claim) -> &[Volume4D] {
    claim.volumes().unwrap_or_default()
}

/// The same volumes without altitudes.
fn on_surface(volumes: &[Volume4D]) -> Vec<Volume4D> {
    volumes.iter().map(|volume| Volume4D { band: None, ..volume.clone() }).collect()
}

fn air_contact(pair: &Pair, a: &[Volume4D], b: &[Volume4D]) -> Option<Contact> {
    contact::of_volumes(a, b, pair.minima())
}

/// Two claims on the ground, whatever their ceilings.
fn ground_contact(pair: &Pair, a: &Claim, b: &Claim) -> Option<Contact> {
    let minima = pair.minima();
    match (a.movement(), b.movement()) {
        (Some(_), Some(_)) => ground_conflict_of(pair.picture, a, b, minima, None).map(Contact::of_columns),
        (Some(column), None) => contact::of_column(column, &on_surface(volumes(b)), minima),
        (None, Some(column)) => contact::of_column(column, &on_surface(volumes(a)), minima),
        (None, None) => contact::of_volumes(&on_surface(volumes(a)), &on_surface(volumes(b)), minima),
    }
}

#[cfg(test)]
#[path = "pair_tests.rs"]
mod tests;
