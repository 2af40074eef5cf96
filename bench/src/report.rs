//! The report: outcomes side by side, for people as tables and for machines as JSON. Measures nothing.

use crate::answers::{Answer, Verdict};
use crate::case::{Figure, Outcome};
use crate::machine::Machine;
use crate::table::{aligned, count, megabytes, seconds, three_digits};
use serde_json::json;
use std::fmt::Write as _;

/// Most memory that a run should take, as a multiple of the parsed input.
pub const MEMORY_GOAL: f64 = 2.5;

/// Everything as one JSON document.
pub fn json(machine: &Machine, outcomes: &[Outcome], failures: &[String]) -> String {
    let document = json!({ "machine": machine, "memory_goal": MEMORY_GOAL, "outcomes": outcomes, "failures": failures });
    serde_json::to_string_pretty(&document).expect("a report is plain data")
}

/// The outcomes of one question as a table, with their remarks below.
pub fn table(outcomes: &[&Outcome]) -> String {
    const HEAD: [&str; 12] = [
        "set",
        "volumes",
        "threads",
        "what",
        "goal",
        "measured",
        "",
        "least … most",
        "runs",
        "answers",
        "held against",
        "peak memory",
    ];
    let rows: Vec<Vec<String>> = outcomes.iter().flat_map(|outcome| rows(outcome)).collect();
    let mut text = aligned(&HEAD, &rows);
    for outcome in outcomes {
        for remark in &outcome.remarks {
            writeln!(text, "  {}, {} threads: {remark}", outcome.set, outcome.threads).expect("writing to a string works");
        }
    }
    text
}

fn rows(outcome: &Outcome) -> Vec<Vec<String>> {
    let row = |(index, figure): (usize, &Figure)| {
        let timing = [
            figure.what.clone(),
            figure.goal_s.map_or("none".to_owned(), |goal| format!("≤ {}", seconds(goal))),
            seconds(figure.measured_s),
            met(figure).to_owned(),
            figure.range_s.map_or(String::new(), |[least, most]| format!("{} … {}", seconds(least), seconds(most))),
        ];
        // What belongs to the case stands on its first line.
        let first = |text: String| if index == 0 { text } else { String::new() };
        let head = [first(outcome.set.clone()), first(count(outcome.volumes)), first(outcome.threads.to_string())];
        let tail = [
            first(count(outcome.runs as u64)),
            first(count(outcome.answer.count)),
            first(verdict(&outcome.answer)),
            first(memory(outcome)),
        ];
        head.into_iter().chain(timing).chain(tail).collect()
    };
    outcome.figures.iter().enumerate().map(row).collect()
}

fn met(figure: &Figure) -> &'static str {
    match figure.goal_s {
        None => "",
        Some(goal_s) if figure.measured_s <= goal_s => "met",
        Some(_) => "MISSED",
    }
}

/// The verdict on an answer in words.
pub fn verdict(answer: &Answer) -> String {
    let word = match answer.verdict {
        Verdict::Equal => "equal to",
        Verdict::Near => "near",
        Verdict::Unknown => return answer.against.clone(),
        Verdict::Differs => "DIFFERS from",
    };
    format!("{word} {}", answer.against)
}

/// The peak of memory as a multiple of the parsed input.
pub fn memory(outcome: &Outcome) -> String {
    let Some(peak) = outcome.peak_bytes else { return "unknown".to_owned() };
    let ratio = peak as f64 / outcome.parsed_bytes as f64;
    format!("{} = {} × {}", megabytes(peak), three_digits(ratio), megabytes(outcome.parsed_bytes))
}

/// How the time grows with the set: one table of all series that have several sizes; empty if there is none.
///
/// The exponent compares with the line above: near one, the time is proportional to input and answers together.
pub fn growth(outcomes: &[Outcome]) -> String {
    const HEAD: [&str; 8] =
        ["series", "operations", "threads", "volumes", "answers", "measured", "per volume and answer", "exponent"];
    let mut rows = Vec::new();
    for (index, outcome) in outcomes.iter().enumerate() {
        let series = series(outcome);
        let is_same = |other: &&Outcome| self::series(other) == series && other.threads == outcome.threads;
        let before = outcomes[..index].iter().rev().find(is_same);
        let is_alone = outcomes.iter().filter(is_same).count() < 2;
        if is_alone || outcome.figures[0].what != "median" {
            continue;
        }
        let (size, time) = (size(outcome), outcome.figures[0].measured_s);
        let exponent = before.map_or(String::new(), |before| {
            let (size_before, time_before) = (self::size(before), before.figures[0].measured_s);
            format!("{:.2}", (time / time_before).ln() / (size / size_before).ln())
        });
        rows.push(vec![
            series,
            count(outcome.operations),
            outcome.threads.to_string(),
            count(outcome.volumes),
            count(outcome.answer.count),
            seconds(time),
            seconds(time / size),
            exponent,
        ]);
    }
    rows.sort_by(|a, b| (&a[0], &a[2]).cmp(&(&b[0], &b[2])));
    if rows.is_empty() { String::new() } else { aligned(&HEAD, &rows) }
}

/// The set without its size: `all-pairs u`.
fn series(outcome: &Outcome) -> String {
    let kind: String = outcome.set.chars().take_while(|letter| !letter.is_ascii_digit()).collect();
    format!("{} {kind}", outcome.question)
}

fn size(outcome: &Outcome) -> f64 {
    (outcome.volumes + outcome.answer.count) as f64
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
