//! What sources said, checked against the map.
//!
//! Stated, computed and confirmed stay three values: a statement is never corrected, and strengths, stakes and
//! forecasts are never computed with. Does not know which source is right.

mod directions;
mod distances;
mod positions;
mod roads;

use crate::model::{Claim, Level, Nature, Picture, Spot, Statement, StatementCheck};
use crate::report::{Finding, FindingKind, Location, Measures, StatementReport};

use super::expectations::owners;
use super::sources::{one_origin_remark, same_origin, source_label};

/// What became of every statement, and a finding for each that does not agree with the map or with other reports.
pub(super) fn statements(picture: &Picture) -> (Vec<StatementReport>, Vec<Finding>) {
    let mut reports = Vec::new();
    let mut findings = Vec::new();
    for statement in &picture.statements {
        let outcome = outcome(picture, statement);
        findings.extend(outcome.disagreement.map(|disagreement| finding(picture, statement, disagreement)));
        reports.push(StatementReport {
            id: statement.id.clone(),
            rows: statement.rows.clone(),
            verdict: outcome.verdict,
            text: statement.text.clone(),
            computed: outcome.computed,
            measured: outcome.measured,
            remarks: outcome.remarks.into_iter().chain(remarks(picture, statement)).collect(),
        });
    }
    mark_contradicted(picture, &mut reports);
    (reports, findings)
}

/// What a check says of one statement.
#[derive(Default)]
struct Outcome {
    verdict: &'static str,
    computed: Option<String>,
    measured: Vec<(String, f64, f64)>,
    remarks: Vec<String>,
    disagreement: Option<Disagreement>,
}

impl Outcome {
    fn plain(verdict: &'static str) -> Self {
        Self { verdict, ..Self::default() }
    }

    fn remarked(verdict: &'static str, remark: String) -> Self {
        Self { verdict, remarks: vec![remark], ..Self::default() }
    }
}

/// What a finding about a statement says.
struct Disagreement {
    headline: String,
    details: Vec<String>,
    measures: Measures,
    place: Option<Location>,
    /// Claims that rest on it, besides those that it says it is about.
    claims: Vec<String>,
    /// Whether it is louder where a movement rests on it.
    moves: bool,
}

fn outcome(picture: &Picture, statement: &Statement) -> Outcome {
    match statement.nature {
        Nature::Opinion => return Outcome::plain("opinion"),
        Nature::Inference => return Outcome::plain("not a fact"),
        Nature::Forecast => return Outcome::plain("recorded"),
        Nature::Artefact => return Outcome::plain("ignored"),
        Nature::Fact | Nature::Estimate => {}
    }
    match &statement.check {
        StatementCheck::None => Outcome::plain("recorded"),
        StatementCheck::Distance { from, to, value_m, along, empty } => {
            let stated = distances::Stated { from, to, value_m: *value_m, along: along.as_deref(), empty: *empty };
            distances::distance(picture, statement, &stated)
        }
        StatementCheck::Direction { from, to, value } => directions::direction(picture, statement, from, to, *value),
        StatementCheck::Adjacent { from, to, value } => directions::adjacent(picture, statement, from, to, *value),
        StatementCheck::Position { at, of, within_m } => positions::position(picture, statement, at, of, *within_m),
        StatementCheck::Road { name, candidates, places } => roads::road(picture, statement, name, candidates, places),
        StatementCheck::Contradiction { source, statement: other, text } => {
            contradiction(picture, statement, source.as_deref(), other.as_deref(), text)
        }
    }
}

/// Both sides of a contradiction, with their grades; neither is preferred.
fn contradiction(picture: &Picture, statement: &Statement, source: Option<&str>, other: Option<&str>, text: &str) -> Outcome {
    let doubted = other.and_then(|id| picture.statements.iter().find(|said| said.id == id)).unwrap_or(statement);
    // A statement that contradicts another one speaks for itself unless a source is named.
    let against = source.or(if doubted.id == statement.id { None } else { statement.source.as_deref() });
    let (said_by, denied_by) = (source_label(picture, doubted.source.as_deref()), source_label(picture, against));
    let sources: Vec<&str> = doubted.source.as_deref().into_iter().chain(against).collect();
    let details = vec![format!("{said_by}: {}", doubted.text), format!("{denied_by}: {text}")];
    let (remark, itself) = (one_origin_remark(picture, &sources), against.is_some() && against == doubted.source.as_deref());
    Outcome {
        verdict: "contradicted",
        computed: Some(format!("{denied_by}: {text}")),
        remarks: remark.iter().cloned().collect(),
        disagreement: Some(Disagreement {
            headline: if itself {
                format!("{said_by} contradicts itself ({}).", doubted.id)
            } else {
                format!("{said_by} and {denied_by} do not agree ({}).", doubted.id)
            },
            details: details.into_iter().chain(remark).collect(),
            measures: Measures { stated: Some(doubted.text.clone()), computed: Some(text.to_owned()), ..Measures::default() },
            place: None,
            claims: doubted.about.clone(),
            moves: true,
        }),
        ..Outcome::default()
    }
}

/// A statement that another one contradicts is marked too, unless the map has already refuted it.
fn mark_contradicted(picture: &Picture, reports: &mut [StatementReport]) {
    for statement in &picture.statements {
        let StatementCheck::Contradiction { statement: Some(other), .. } = &statement.check else { continue };
        if *other == statement.id || !is_fact(statement.nature) {
            continue;
        }
        for report in reports.iter_mut().filter(|report| report.id == *other) {
            report.remarks.push(format!("contradicted by {}", statement.id));
            if matches!(report.verdict, "consistent" | "recorded" | "ambiguous") {
                report.verdict = "contradicted";
            }
        }
    }
}

fn is_fact(nature: Nature) -> bool {
    matches!(nature, Nature::Fact | Nature::Estimate)
}

/// What is to be known of any statement: what is missing, what was not computed with, whom it copies.
fn remarks(picture: &Picture, statement: &Statement) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.extend(statement.missing.iter().map(|missing| format!("not in the text: {missing}")));
    remarks.extend(statement.quantity.iter().map(|quantity| format!("quantity as given, not computed with: {quantity}")));
    let mut named: Vec<&str> = statement.about.iter().map(String::as_str).filter(|id| is_source(picture, id)).collect();
    if let Some(source) = statement.source.as_deref() {
        let copies = picture.sources.iter().any(|listed| listed.id == source && listed.origin.is_some());
        let checked = is_fact(statement.nature) && !matches!(statement.check, StatementCheck::None);
        named.extend(if copies || checked { same_origin(picture, source) } else { vec![source] });
    }
    remarks.extend(one_origin_remark(picture, &named));
    remarks.extend(statement.note.clone());
    remarks
}

fn is_source(picture: &Picture, id: &str) -> bool {
    picture.sources.iter().any(|source| source.id == id)
}

fn finding(picture: &Picture, statement: &Statement, disagreement: Disagreement) -> Finding {
    let claims = statement.about.iter().chain(&disagreement.claims).filter(|id| picture.claim(id).is_some());
    let mut claims: Vec<String> = claims.cloned().collect();
    claims.sort();
    claims.dedup();
    let on_movement = claims.iter().any(|id| picture.claim(id).is_some_and(|claim| claim.track().is_some()));
    let level = if disagreement.moves && on_movement { Level::Watch } else { Level::Note };
    let id = format!("inconsistent:{}", statement.id);
    let mut finding = Finding::new(FindingKind::Inconsistent, level, id, disagreement.headline);
    finding.parties = owners(picture, &claims);
    finding.parties.extend(statement.about.iter().cloned());
    finding.parties.retain(|id| picture.party(id).is_some_and(|party| party.participant));
    finding.parties.sort();
    finding.parties.dedup();
    finding.claims = claims;
    finding.place = disagreement.place;
    finding.measures = disagreement.measures;
    finding.details = disagreement.details;
    finding
}

/// Movements and tracks whose corridor runs through both places in this order: what a direction between them bears on.
fn columns_through(picture: &Picture, from: &Spot, to: &Spot) -> Vec<String> {
    let runs_through = |claim: &&Claim| {
        claim.track().is_some_and(|track| {
            let ((from_m, from_off_m), (to_m, to_off_m)) = (track.line.nearest(from.at), track.line.nearest(to.at));
            from_off_m <= track.width_m / 2.0 && to_off_m <= track.width_m / 2.0 && from_m < to_m
        })
    };
    let claims = picture.claims.iter().filter(|claim| !picture.is_hazard(claim)).filter(runs_through);
    let mut ids: Vec<String> = claims.map(|claim| claim.id.clone()).collect();
    ids.sort();
    ids
}

#[cfg(test)]
#[path = "statements_tests.rs"]
mod tests;
