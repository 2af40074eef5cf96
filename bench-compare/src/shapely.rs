//! Shapely's STRtree, from PyPI, in a virtual environment of its own.

use crate::engines::blank;
use crate::install::{folder, said, succeed, write_binary};
use deconflict_bench::answers::Answer;
use deconflict_bench::case::{Figure, Outcome};
use deconflict_bench::known::Known;
use deconflict_bench::measure::Times;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// Its name in the report.
pub const NAME: &str = "shapely";
const VERSION: &str = "2.2.0";
const SCRIPT: &str = include_str!("shapely_join.py");

pub fn run(known: &Known, threads: usize, runs: usize) -> Outcome {
    let environment = folder().join(format!("shapely-{VERSION}"));
    let python = environment.join("bin/python");
    if !python.exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&environment));
        succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", &format!("shapely=={VERSION}"), "numpy"]));
    }
    let (set, script) = (folder().join(format!("{}.bin", known.workload.name())), folder().join("shapely_join.py"));
    write_binary(&set, &known.workload.records(2));
    fs::write(&script, SCRIPT).unwrap_or_else(|error| panic!("cannot write `{}`: {error}", script.display()));
    let text = said(Command::new(&python).arg(&script).arg(&set).arg(runs.to_string()));
    let said: serde_json::Value = serde_json::from_str(&text).expect("the script prints JSON");
    let seconds = said["seconds"].as_array().expect("times").iter().filter_map(serde_json::Value::as_f64);
    let pairs: Vec<(u32, u32)> = serde_json::from_value(said["pairs"].clone()).expect("pairs");
    let times = Times::new(seconds.map(Duration::from_secs_f64));
    Outcome {
        runs: times.count(),
        figures: vec![Figure::median(&times, None)],
        answer: Answer::planar(&pairs, Some(known)),
        parsed_bytes: said["parsed_bytes"].as_u64().expect("a size"),
        peak_bytes: said["peak_bytes"].as_u64(),
        remarks: vec![format!("Shapely {VERSION}; the peak of memory includes the reading of the set")],
        ..blank(NAME, known, threads)
    }
}
