//! The report as JSON. The shape is documented in `docs/report.md`; a change here changes that page.
//!
//! Units stand in the names: `_m` metres, `_km`, `_km2`, `_s` seconds. Times are RFC 3339 in UTC. Nothing is computed here.

use deconflict_spacetime::{Time, TimeSpan};
use serde_json::{Map, Value, json};

use crate::geometry::geometry;
use crate::model::Change;
use crate::report::{ExpectationReport, Finding, Measures, MovementReport, Notice, Proposal, Report, Standing, StatementReport};
use crate::words::{self, rfc3339};

/// The report as one JSON object.
pub fn json(report: &Report) -> Value {
    let count = |kind| report.findings.iter().filter(|finding| finding.kind == kind).count();
    let summary: Map<String, Value> =
        words::KINDS.into_iter().map(|kind| (words::kind(kind).to_owned(), json!(count(kind)))).collect();
    let assumptions = report.assumptions.iter().map(|assumed| {
        json!({ "path": assumed.path, "value": assumed.value, "basis": words::basis(assumed.basis), "note": assumed.note })
    });
    json!({
        "plan": { "id": report.id, "title": report.title, "as_of": rfc3339(report.as_of) },
        "summary": summary,
        "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "movements": report.movements.iter().map(movement).collect::<Vec<_>>(),
        "assumptions": assumptions.collect::<Vec<_>>(),
        "statements": report.statements.iter().map(statement).collect::<Vec<_>>(),
        "expectations": report.expectations.iter().map(expectation).collect::<Vec<_>>(),
    })
}

/// One finding, as it stands in the report's list.
pub fn finding_json(finding: &Finding) -> Value {
    let (certainty, standing) = (words::certainty(finding.certainty), standing(&finding.standing));
    let cannot_tell = finding.cannot_tell.iter().map(|(party, because)| json!({ "party": party, "because": because }));
    json!({
        "id": finding.id,
        "kind": words::kind(finding.kind),
        "level": words::level(finding.level),
        "certainty": certainty,
        "standing": standing,
        "excused": finding.excused,
        "claims": finding.claims,
        "parties": finding.parties,
        "window": window(finding.window),
        "where": finding.place.as_ref().map(geometry),
        "altitude_m": finding.altitude_m.map(|band| band.map(|m| rounded(m, 3))),
        "measures": measures(&finding.measures),
        "notify": finding.notify.iter().map(notice).collect::<Vec<_>>(),
        "cannot_tell": cannot_tell.collect::<Vec<_>>(),
        "text": finding.text(),
        "proposals": finding.proposals.iter().map(proposal).collect::<Vec<_>>(),
    })
}

fn standing(standing: &Standing) -> Value {
    match standing {
        Standing::Unagreed => Value::Null,
        Standing::AgreedNotInForce { agreement, because } => {
            json!({ "agreed": true, "in_force": false, "agreement": agreement, "because": because })
        }
    }
}

/// Only what was measured.
fn measures(measures: &Measures) -> Value {
    let mut members = Map::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    };
    let number = |value: Option<f64>| value.map(|value| rounded(value, 3));
    add("overlap", measures.overlap.map(Value::Bool));
    add("overlap_km2", number(measures.overlap_km2));
    add("overlap_with_end_km2", number(measures.overlap_with_end_km2));
    add("lateral_m", number(measures.lateral_m));
    add("vertical_m", number(measures.vertical_m));
    add("time_s", number(measures.time_s));
    add("meeting", measures.meeting.map(times));
    let place_km =
        |[likely, min, max]: [f64; 3]| json!({ "likely": rounded(likely, 3), "min": rounded(min, 3), "max": rounded(max, 3) });
    add("place_km", measures.place_km.map(place_km));
    add("route_gap_km", number(measures.route_gap_km));
    add("distance_km", number(measures.distance_km));
    let inside = |(place, span): &(String, TimeSpan)| json!({ "place": place, "start": rfc3339(span.start()), "end": rfc3339(span.end()) });
    add("both_inside", list(&measures.both_inside, inside));
    let threshold = |(km, level, time): &(f64, _, Time)| json!({ "distance_km": rounded(*km, 3), "level": words::level(*level), "time": rfc3339(*time) });
    add("thresholds", list(&measures.thresholds, threshold));
    add("stated", measures.stated.clone().map(Value::String));
    add("computed", measures.computed.clone().map(Value::String));
    Value::Object(members)
}

fn list<T>(items: &[T], value: impl Fn(&T) -> Value) -> Option<Value> {
    (!items.is_empty()).then(|| Value::Array(items.iter().map(value).collect()))
}

fn notice(notice: &Notice) -> Value {
    json!({
        "party": notice.party,
        "via": notice.via,
        "delay_s": notice.delay_s,
        "centres": notice.centres,
        "members": notice.members,
    })
}

fn proposal(proposal: &Proposal) -> Value {
    json!({
        "kind": proposal.kind,
        "accept": proposal.accept,
        "changes": proposal.changes.iter().map(|(claim, change)| change_of(claim, change)).collect::<Vec<_>>(),
        "text": proposal.text,
        "verified": proposal.verified,
    })
}

fn change_of(claim: &str, change: &Change) -> Value {
    let metres = |um: i64| rounded(um as f64 / 1e6, 3);
    match change {
        Change::Upper(um) => json!({ "claim": claim, "upper_m": metres(*um) }),
        Change::Lower(um) => json!({ "claim": claim, "lower_m": metres(*um) }),
        Change::Delay(ns) => json!({ "claim": claim, "delay_s": rounded(*ns as f64 / 1e9, 3) }),
        Change::Start(time) => json!({ "claim": claim, "start": rfc3339(*time) }),
        Change::End(time) => json!({ "claim": claim, "end": rfc3339(*time) }),
        Change::StopAt(along_m) => json!({ "claim": claim, "stop_at_m": rounded(*along_m, 3) }),
        Change::KeepTo(barrier, bank) => json!({ "claim": claim, "keep_to": { "barrier": barrier, "bank": words::bank(*bank) } }),
        Change::Offset(right_m) => json!({ "claim": claim, "offset_right_m": rounded(*right_m, 3) }),
    }
}

fn movement(movement: &MovementReport) -> Value {
    let arrival = |(place, [earliest, likely, latest]): &(String, [Time; 3])| json!({ "place": place, "earliest": rfc3339(*earliest), "likely": rfc3339(*likely), "latest": rfc3339(*latest) });
    json!({
        "claim": movement.claim,
        "length_km": rounded(movement.length_km, 3),
        "arrivals": movement.arrivals.iter().map(arrival).collect::<Vec<_>>(),
    })
}

fn statement(statement: &StatementReport) -> Value {
    let measured = statement
        .measured
        .iter()
        .map(|(name, value, off)| json!({ "name": name, "value": rounded(*value, 3), "off": rounded(*off, 3) }));
    json!({
        "id": statement.id,
        "rows": statement.rows,
        "verdict": statement.verdict,
        "text": statement.text,
        "computed": statement.computed,
        "measured": measured.collect::<Vec<_>>(),
        "remarks": statement.remarks,
    })
}

fn expectation(expectation: &ExpectationReport) -> Value {
    json!({
        "claims": expectation.claims,
        "clear": expectation.clear,
        "separation_km": rounded(expectation.separation_km, 3),
        "text": expectation.text,
    })
}

fn times([earliest, likely, latest]: [Time; 3]) -> Value {
    json!({ "earliest": rfc3339(earliest), "likely": rfc3339(likely), "latest": rfc3339(latest) })
}

fn window(window: Option<TimeSpan>) -> Value {
    window.map_or(Value::Null, |span| json!({ "start": rfc3339(span.start()), "end": rfc3339(span.end()) }))
}

/// A number to so many decimals; null if it is not finite.
fn rounded(value: f64, decimals: i32) -> Value {
    let scale = 10_f64.powi(decimals);
    // Adding zero turns −0.0 into 0.0.
    json!((value * scale).round() / scale + 0.0)
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
