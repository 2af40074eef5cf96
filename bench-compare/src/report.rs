//! The engines of one set side by side, as multiples of our own time. Measures nothing.

use deconflict_bench::case::Outcome;
use deconflict_bench::report::{memory, verdict};
use deconflict_bench::table::{aligned, count, seconds, three_digits};
use std::fmt::Write as _;

/// One table for the outcomes of one set, with their remarks below.
pub fn table(outcomes: &[&Outcome], ours: &str) -> String {
    const HEAD: [&str; 10] = [
        "engine",
        "threads",
        "measured",
        "least … most",
        "runs",
        "÷ ours, 1 thread",
        "÷ ours, 2 threads",
        "answers",
        "held against",
        "peak memory",
    ];
    let own_s = |threads| outcomes.iter().find(|o| o.question == ours && o.threads == threads).map(|o| o.figures[0].measured_s);
    let row = |outcome: &&Outcome| {
        let figure = &outcome.figures[0];
        let ratio = |own_s: Option<f64>| own_s.map_or("unknown".to_owned(), |own_s| three_digits(figure.measured_s / own_s));
        vec![
            outcome.question.clone(),
            outcome.threads.to_string(),
            seconds(figure.measured_s),
            figure.range_s.map_or(String::new(), |[least, most]| format!("{} … {}", seconds(least), seconds(most))),
            outcome.runs.to_string(),
            ratio(own_s(1)),
            ratio(own_s(2)),
            count(outcome.answer.count),
            verdict(&outcome.answer),
            memory(outcome),
        ]
    };
    let mut text = aligned(&HEAD, &outcomes.iter().map(row).collect::<Vec<_>>());
    for outcome in outcomes {
        for remark in &outcome.remarks {
            writeln!(text, "  {}, {} threads: {remark}", outcome.question, outcome.threads).expect("writing to a string works");
        }
    }
    text
}
