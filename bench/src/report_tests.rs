//! What a reader sees.

use super::{growth, json, table};
use crate::answers::{Answer, Verdict};
use crate::case::{Figure, Outcome};
use crate::machine::Machine;

fn outcome(set: &str, volumes: u64, measured_s: f64, goal_s: Option<f64>, verdict: Verdict) -> Outcome {
    let figure = Figure { what: "median".to_owned(), measured_s, range_s: Some([measured_s, 2.0 * measured_s]), goal_s };
    let answer = Answer { count: volumes, fnv: String::new(), verdict, against: "23 geodesic".to_owned() };
    Outcome {
        question: "all-pairs".to_owned(),
        set: set.to_owned(),
        operations: volumes / 8,
        volumes,
        threads: 2,
        runs: 5,
        figures: vec![figure],
        answer,
        parsed_bytes: 1_000_000,
        peak_bytes: Some(2_500_000),
        remarks: Vec::new(),
    }
}

#[test]
fn the_goal_stands_beside_the_measurement() {
    let first = outcome("u10k", 80_000, 0.02, Some(0.03), Verdict::Equal);
    let mut second = outcome("u100k", 800_000, 0.2, Some(0.1), Verdict::Differs);
    second.figures.push(Figure { what: "p99".to_owned(), measured_s: 0.5, range_s: None, goal_s: None });
    second.remarks.push("a remark".to_owned());
    let expected = "\
set    volumes  threads    what      goal  measured          least … most  runs  answers              held against                peak memory
u10k    80,000        2  median  ≤ 30.0 ms   20.0 ms     met  20.0 ms … 40.0 ms     5   80,000      equal to 23 geodesic  2.50 MB = 2.50 × 1.00 MB
u100k  800,000        2  median   ≤ 100 ms    200 ms  MISSED    200 ms … 400 ms     5  800,000  DIFFERS from 23 geodesic  2.50 MB = 2.50 × 1.00 MB
                            p99       none    500 ms
  u100k, 2 threads: a remark
";
    let squeeze = |text: &str| text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    assert_eq!(squeeze(&table(&[&first, &second])), squeeze(expected));
}

#[test]
fn growth_compares_sizes_of_one_series() {
    let outcomes = [
        outcome("u10k", 80_000, 0.01, None, Verdict::Equal),
        outcome("c10k", 80_000, 0.01, None, Verdict::Equal),
        outcome("u100k", 800_000, 0.1, None, Verdict::Equal),
        outcome("u1M", 8_000_000, 10.0, None, Verdict::Equal),
    ];
    let text = growth(&outcomes);
    let exponents: Vec<&str> = text.lines().skip(1).map(|line| line.split_whitespace().next_back().unwrap()).collect();
    assert_eq!(exponents, ["ns", "1.00", "2.00"], "{text}");
    assert!(!text.contains("all-pairs c"), "a single size does not grow\n{text}");
    assert_eq!(growth(&outcomes[..2]), "");
}

#[test]
fn the_json_holds_everything() {
    let outcomes = [outcome("u10k", 80_000, 0.01, None, Verdict::Equal)];
    let document: serde_json::Value =
        serde_json::from_str(&json(&Machine::here(), &outcomes, &["a failure".to_owned()])).unwrap();
    assert_eq!(document["outcomes"][0], serde_json::to_value(&outcomes[0]).unwrap());
    assert_eq!(document["failures"][0], "a failure");
    assert!(document["machine"]["cores"].as_u64().unwrap() >= 1);
}
