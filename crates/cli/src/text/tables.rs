//! Movements, statements and expectations: compact tables below the findings.

use std::collections::BTreeSet;

use anstyle::Style;
use deconflict_plan::model::Picture;
use deconflict_plan::report::{ExpectationReport, MovementReport, StatementReport};
use deconflict_plan::words;
use deconflict_spacetime::{NS_PER_S, Time};

use super::page::{Page, harmless, padded};
use super::style::{BOLD, DIM, LOUD};

/// Length and arrivals of each movement.
pub fn movements(page: &mut Page, picture: &Picture, movements: &[MovementReport]) {
    if movements.is_empty() {
        return;
    }
    let places = movements.iter().flat_map(|movement| &movement.arrivals).map(|(place, _)| place.chars().count());
    let width = places.max().unwrap_or(0).max(14);
    page.heading("MOVEMENTS", "when each head arrives, UTC");
    for movement in movements {
        let name = picture.claim(&movement.claim).map_or("", |claim| &claim.name);
        let name = if name == movement.claim { String::new() } else { format!(" {name}") };
        let without = if movement.arrivals.is_empty() { ", without times" } else { "" };
        let (claim, name) = (harmless(&movement.claim), harmless(&name));
        page.line(&format!("  {BOLD}{claim}{BOLD:#}{name}, {:.1} km{without}", movement.length_km));
        // Times of arrival that were filed as such are one instant each: one column says it.
        let exact = movement.arrivals.iter().all(|(_, [earliest, _, latest])| earliest == latest);
        if !exact {
            page.line(&format!("{DIM}    {}  earliest           likely             latest{DIM:#}", padded("", width)));
        }
        for (place, times) in &movement.arrivals {
            let [earliest, likely, latest] = times.map(minute);
            let place = padded(&harmless(if place.is_empty() { "(no name)" } else { place }), width);
            page.line(&if exact {
                format!("    {place}  {likely}")
            } else {
                format!("    {place}  {earliest}  {likely}  {latest}")
            });
        }
    }
}

/// One paragraph for each statement: its verdict, and what was said or computed.
pub fn statements(page: &mut Page, statements: &[StatementReport]) {
    if statements.is_empty() {
        return;
    }
    let width = statements.iter().map(|statement| statement.verdict.len()).max().unwrap_or(0);
    page.heading("STATEMENTS", "what sources said, against the map");
    // What is to be remarked of a whole source stands once, with its first statement.
    let mut remarked = BTreeSet::new();
    for statement in statements {
        let style = if matches!(statement.verdict, "inconsistent" | "contradicted" | "ambiguous") { LOUD } else { Style::new() };
        let remarks = statement.remarks.iter().filter(|remark| remarked.insert(remark.as_str()));
        let said = std::iter::once(&statement.text).chain(&statement.computed).chain(remarks);
        let said: Vec<String> = said.map(|part| capital(part)).collect();
        let text = format!("{}: {}", statement.id, words::sentences(said.iter().map(String::as_str)));
        page.hanging(2, statement.verdict, style, width + 4, &text, Style::new());
    }
}

/// One paragraph for each pair that was expected to be clear.
pub fn expectations(page: &mut Page, expectations: &[ExpectationReport]) {
    if expectations.is_empty() {
        return;
    }
    page.heading("EXPECTED TO BE CLEAR", "");
    for expectation in expectations {
        let (verdict, style) = if expectation.clear { ("clear", Style::new()) } else { ("NOT CLEAR", LOUD) };
        let [one, other] = &expectation.claims;
        let text = format!("{one} and {other}: {}", expectation.text);
        page.hanging(2, verdict, style, 13, &text, Style::new());
    }
}

/// A sentence with a capital at its start.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A time to the minute: arrivals are never known to the second.
fn minute(time: Time) -> String {
    let minute = 60 * NS_PER_S;
    words::time(Time::from_ns(time.ns().saturating_add(minute / 2).div_euclid(minute).saturating_mul(minute)))
}
