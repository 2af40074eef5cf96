//! Who controls, leads or is notified: two sides that claim the same function over the same ground.

use super::{Pair, text};
use crate::engine::place;
use crate::model::{ClaimBody, Level};
use crate::report::{Finding, FindingKind, Location, Measures};
use crate::words;

/// A finding if both claim the same function over areas and times that meet.
pub(super) fn contested(pair: &Pair) -> Option<Finding> {
    let (
        ClaimBody::Authority { function, area, span },
        ClaimBody::Authority { function: other_function, area: other_area, span: other_span },
    ) = (&pair.a.body, &pair.b.body)
    else {
        return None;
    };
    if function != other_function || !span.intersects(*other_span) || !area.intersects(other_area) {
        return None;
    }
    let region = area.overlap(other_area);
    let place = region.clone().map_or_else(|| Location::Point(area.gap(other_area).from), Location::Region);
    let owner = |party: &Option<String>| {
        party.as_deref().map_or_else(|| "somebody".to_owned(), |id| pair.picture.party_name(id).to_owned())
    };
    let what = words::function_over(*function);
    let headline = format!(
        "{} and {} both claim {what} the same area ({}, {})",
        owner(&pair.a.party),
        owner(&pair.b.party),
        pair.a.id,
        pair.b.id
    );
    let mut finding = pair.finding(FindingKind::Contested, Level::Warn, &headline);
    let km2 = region.as_ref().map_or(0.0, deconflict_spacetime::Region::area_km2);
    let at = place::label_point(&place).map_or_else(String::new, |at| format!(", {}", place::near(pair.picture, at)));
    finding.details.push(format!("They share {}{at}.", text::km2(km2)));
    finding.window = Some(super::contact::lasting(span.start().max(other_span.start()), span.end().min(other_span.end())));
    finding.measures = Measures { overlap: Some(true), overlap_km2: Some(km2), ..Measures::default() };
    finding.place = Some(place);
    Some(finding)
}
