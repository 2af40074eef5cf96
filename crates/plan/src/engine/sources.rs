//! Reports against each other: one centre in two places, several outlets with one origin.
//!
//! Knows who copies from whom; does not judge who is right. Nothing is overwritten: both reports are shown.

use std::collections::{BTreeMap, BTreeSet};

use deconflict_spacetime::distance_m;

use crate::model::{Centre, Level, Picture, Spot};
use crate::report::{Finding, FindingKind, Location, Measures};
use crate::words;

/// A finding for every centre that reports put in different places: farther apart than both may be off.
pub(crate) fn source_findings(picture: &Picture) -> Vec<Finding> {
    let mut found = BTreeMap::new();
    for centre in &picture.centres {
        for (spot, source) in &centre.reported_at {
            if let Some(finding) = elsewhere(picture, centre, spot, source.as_deref()) {
                found.entry(finding.id.clone()).or_insert(finding);
            }
        }
    }
    found.into_values().collect()
}

fn elsewhere(picture: &Picture, centre: &Centre, spot: &Spot, source: Option<&str>) -> Option<Finding> {
    let apart_m = distance_m(centre.at.at, spot.at);
    let off_m = centre.uncertainty_m.max(uncertainty_m(picture, &centre.at)) + uncertainty_m(picture, spot);
    if apart_m <= off_m {
        return None;
    }
    let (here, there) = (spot_name(&centre.at), spot_name(spot));
    let mut finding = Finding::new(
        FindingKind::Inconsistent,
        Level::Note,
        format!("inconsistent:{}:{there}", centre.id),
        format!(
            "Reports put {} ({}) in two places: {here} and {there}, {} apart.",
            centre.name,
            centre.id,
            words::length(apart_m)
        ),
    );
    finding.parties = vec![centre.party.clone()];
    finding.place = Some(Location::Line(vec![centre.at.at, spot.at]));
    finding.measures = Measures {
        distance_km: Some(apart_m / 1000.0),
        stated: Some(here.clone()),
        computed: Some(there.clone()),
        ..Measures::default()
    };
    finding.details.push(format!(
        "{here}: {}. {there}: {}. Ask the centre where it is.",
        source_label(picture, centre.source.as_deref()),
        source_label(picture, source)
    ));
    let ids: Vec<&str> = centre.source.as_deref().into_iter().chain(source).collect();
    finding.details.extend(one_origin_remark(picture, &ids));
    Some(finding)
}

fn uncertainty_m(picture: &Picture, spot: &Spot) -> f64 {
    picture.place(&spot.name).map_or(0.0, |place| place.uncertainty_m)
}

/// The name of a spot, or its coordinates where it has none.
pub(super) fn spot_name(spot: &Spot) -> String {
    if spot.name.is_empty() { words::point(spot.at) } else { spot.name.clone() }
}

/// A source for people: "abna24 (C3)"; "no source" where none was given.
pub(super) fn source_label(picture: &Picture, id: Option<&str>) -> String {
    let Some(id) = id else { return "no source".to_owned() };
    match picture.sources.iter().find(|source| source.id == id) {
        None => id.to_owned(),
        Some(source) => match &source.grade {
            Some(grade) => format!("{} ({grade})", source.publisher),
            None => source.publisher.clone(),
        },
    }
}

/// The independent origins behind `sources`: copies count as what they copy from.
pub(super) fn independent_origins<'a>(picture: &'a Picture, sources: &[&'a str]) -> BTreeSet<&'a str> {
    sources.iter().map(|id| origin(picture, id)).collect()
}

/// The source at the end of the chain of copies; in a ring of copies the least id, so that all of the ring count as one.
fn origin<'a>(picture: &'a Picture, id: &'a str) -> &'a str {
    let mut chain = vec![id];
    loop {
        let last = chain[chain.len() - 1];
        let next = picture.sources.iter().find(|source| source.id == last).and_then(|source| source.origin.as_deref());
        match next {
            None => return last,
            Some(next) => match chain.iter().position(|seen| *seen == next) {
                Some(start) => return chain[start..].iter().copied().min().unwrap_or(next),
                None => chain.push(next),
            },
        }
    }
}

/// All sources that share the origin of `id`, itself included, in the order of the files.
pub(super) fn same_origin<'a>(picture: &'a Picture, id: &'a str) -> Vec<&'a str> {
    let root = origin(picture, id);
    picture.sources.iter().map(|source| source.id.as_str()).filter(|other| origin(picture, other) == root).collect()
}

/// "2 sources, one origin: 0 extra confirmations", where some of `sources` are copies of one.
pub(super) fn one_origin_remark(picture: &Picture, sources: &[&str]) -> Option<String> {
    let outlets: BTreeSet<&str> = sources.iter().copied().collect();
    let origins = independent_origins(picture, sources).len();
    if outlets.len() <= origins {
        return None;
    }
    let counted = if origins == 1 { "one origin".to_owned() } else { format!("{origins} origins") };
    let extra = if origins == 2 { "1 extra confirmation".to_owned() } else { format!("{} extra confirmations", origins - 1) };
    Some(format!("{} sources, {counted}: {extra}", outlets.len()))
}

#[cfg(test)]
mod tests {
    use super::{independent_origins, one_origin_remark};
    use crate::engine::test_pictures::{empty, source};

    #[test]
    fn copies_count_once() {
        let mut picture = empty();
        picture.sources = vec![
            source("A", "C3", None),
            source("B", "C3", Some("A")),
            source("C", "C3", Some("B")),
            source("D", "C3", None),
            source("E", "C3", Some("F")),
            source("F", "C3", Some("E")),
        ];
        for (sources, origins) in
            [(["A", "B"].as_slice(), 1), (&["B", "C"], 1), (&["A", "D"], 2), (&["E", "F"], 1), (&["X"], 1), (&[], 0)]
        {
            assert_eq!(independent_origins(&picture, sources).len(), origins, "{sources:?}");
        }
        assert_eq!(one_origin_remark(&picture, &["A", "B"]).as_deref(), Some("2 sources, one origin: 0 extra confirmations"));
        assert_eq!(one_origin_remark(&picture, &["A", "B", "D"]).as_deref(), Some("3 sources, 2 origins: 1 extra confirmation"));
        assert_eq!(one_origin_remark(&picture, &["A", "D"]), None);
        assert_eq!(one_origin_remark(&picture, &["A", "A"]), None);
    }
}
