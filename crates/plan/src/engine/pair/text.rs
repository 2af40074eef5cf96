//! The words of findings about two claims: who, what, how close. Measures nothing itself.

use deconflict_conflict::Minima;
use deconflict_spacetime::{AltitudeReference, NS_PER_S};

use super::contact::Contact;
use crate::engine::place;
use crate::model::{Claim, ClaimBody, ClaimKind, Function, Picture};
use crate::report::Location;
use crate::words;

/// A claim for people: "flight RU-2 (Russia)"; a hazard is named without its owner.
pub(super) fn claim(picture: &Picture, claim: &Claim) -> String {
    let kind = noun(claim);
    let name = if claim.name == claim.id { claim.id.clone() } else { format!("{} \"{}\"", claim.id, claim.name) };
    match claim.party.as_deref() {
        Some(_) if picture.is_hazard(claim) => format!("hazard {name}"),
        Some(id) => format!("{kind} {name} ({})", picture.party_name(id)),
        None => format!("{kind} {name}"),
    }
}

/// What a claim is, in one or two words.
fn noun(claim: &Claim) -> &'static str {
    match claim.kind {
        ClaimKind::Flight => "flight",
        ClaimKind::Movement => "column",
        ClaimKind::Constraint => "closed area",
        ClaimKind::Site => "protected site",
        ClaimKind::Presence => "presence",
        ClaimKind::Authority => match &claim.body {
            ClaimBody::Authority { function, .. } => function_noun(*function),
            _ => "authority",
        },
    }
}

/// What an authority claims.
pub(super) fn function_noun(function: Function) -> &'static str {
    match function {
        Function::Control => "control",
        Function::Lead => "the lead",
        Function::Notify => "to be notified",
    }
}

/// A sentence with a capital at its start.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// How close two claims come, and where: one or two sentences.
pub(super) fn how_close(picture: &Picture, contact: &Contact, minima: Minima, place: &Location) -> Vec<String> {
    let at = place::label_point(place).map_or_else(String::new, |at| format!(", {}", place::near(picture, at)));
    let shared = contact.shared.as_ref().map(|region| km2(region.area_km2()));
    if contact.overlap {
        // Where altitude was not compared, it is not said either: the ground is what both use.
        let between = contact.altitude_m.filter(|_| contact.vertical_um.is_some());
        let between = between.map_or_else(String::new, |band| format!(" {}", altitudes(picture, band)));
        return vec![match shared {
            Some(km2) => format!("They share {km2}{between}{at}."),
            None => format!("They touch{between}{at}."),
        }];
    }
    let mut gaps = Vec::new();
    if contact.lateral_m > 0.0 {
        gaps.push(gap("lateral", &words::length(contact.lateral_m), &words::round_length(minima.lateral_m)));
    }
    if let Some(vertical_um) = contact.vertical_um.filter(|um| *um > 0) {
        gaps.push(gap(
            "vertical",
            &words::length(vertical_um as f64 / 1e6),
            &words::round_length(minima.vertical_um as f64 / 1e6),
        ));
    }
    if contact.time_ns > 0 {
        gaps.push(gap("time", &seconds(contact.time_ns), &seconds(minima.time_ns)));
    }
    if gaps.is_empty() {
        // The smallest gaps of different volumes are all zero, though no two volumes share a point.
        gaps.push("parts of them are closer than the minima in place, altitude and time".to_owned());
    }
    let mut sentences = vec![format!("{}{at}.", sentence(&gaps.join(", ")))];
    if let Some(km2) = shared {
        sentences.push(format!("They share {km2} of ground."));
    }
    sentences
}

fn gap(name: &str, is: &str, required: &str) -> String {
    format!("the {name} gap is {is}, {required} is required")
}

fn seconds(ns: i64) -> String {
    words::duration_s(ns / NS_PER_S)
}

/// A ground area: "412 km²", "3.4 km²", "0.02 km²".
pub(super) fn km2(km2: f64) -> String {
    if km2 >= 9.95 {
        format!("{km2:.0} km²")
    } else if km2 >= 0.095 {
        format!("{km2:.1} km²")
    } else {
        format!("{km2:.4} km²")
    }
}

/// Altitudes with their reference: "between 3000 and 6000 m (W84)".
fn altitudes(picture: &Picture, [lower_m, upper_m]: [f64; 2]) -> String {
    let reference = match picture.altitude_reference {
        AltitudeReference::W84 => "W84",
        AltitudeReference::Amsl => "AMSL",
        AltitudeReference::Agl => "AGL",
        AltitudeReference::Std => "STD",
    };
    if upper_m - lower_m < 0.5 {
        format!("at {lower_m:.0} m {reference}")
    } else {
        format!("between {lower_m:.0} and {upper_m:.0} m {reference}")
    }
}
