//! The figures of a run, and the tables of all runs.

use crate::dss::Plan;
use crate::dss::disk::{Baseline, baseline};
use crate::dss::figure::{Figure, Goal, Unit};
use crate::dss::load::{Flyer, Measured, measure};
use crate::dss::stage::{Running, Stage};
use crate::dss::tally::{Kind, Tally};
use crate::machine::Machine;
use crate::table::aligned;
use serde::Serialize;
use std::io;
use std::path::Path;

/// Most that 99 of 100 writes may take beyond an fdatasync, seconds.
const P99_GOAL_S: f64 = 0.050;

/// What a scenario found out.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Name of the scenario.
    pub scenario: &'static str,
    /// Clients.
    pub clients: u32,
    /// Runs.
    pub runs: u32,
    /// Medians of the runs.
    pub figures: Vec<Figure>,
}

/// Connects the clients of a scenario.
pub type Flyers = fn(&Stage, &Running, &Plan) -> io::Result<Vec<Box<dyn Flyer>>>;

/// Runs something between two looks at the plain disk.
///
/// # Errors
/// The disk cannot be written, or the run failed.
pub fn baseline_around<T>(folder: &Path, run: impl FnOnce() -> io::Result<T>) -> io::Result<(Baseline, T)> {
    let mut times = baseline(folder)?;
    let result = run()?;
    times.extend(baseline(folder)?);
    Ok((Baseline::of(times), result))
}

/// What `flyers` do on a fresh service, with a goal for the rate of their flights.
///
/// # Errors
/// The service cannot be started, reached or ended, or the disk cannot be written.
pub fn flown(stage: &Stage, plan: &Plan, flyers: Flyers, goal_per_s: f64) -> io::Result<Vec<Figure>> {
    stage.clear()?;
    let (baseline, measured) = baseline_around(stage.folder(), || {
        let running = stage.start()?;
        let measured = measure(&mut flyers(stage, &running, plan)?, plan, &running.server)?;
        running.server.end()?;
        Ok(measured)
    })?;
    let rate = Figure::new("flights", Unit::PerSecond, measured.tally.flights as f64 / measured.seconds);
    Ok([vec![rate.goal(Goal::AtLeast(goal_per_s))], figures(&measured, baseline)].concat())
}

/// Everything but the rate of flights.
pub fn figures(measured: &Measured, baseline: Baseline) -> Vec<Figure> {
    let tally = &measured.tally;
    let count = |what: &str, count: u64| Figure::new(what, Unit::Count, count as f64);
    let mut failed = count("flights that failed", tally.failed);
    failed.remark.clone_from(&tally.unexpected);
    let mut figures = vec![failed, count("rejections (409)", tally.rejections), count("retries", tally.retries)];
    figures.extend(times_of(tally, &Kind::ALL, &[("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)]));
    let p99_s = tally.all_times().map_or(f64::NAN, |times| times.quantile_s(0.99));
    // Of the disk only its median is granted: a disk that is slow at times is no excuse.
    let goal = Goal::AtMost(P99_GOAL_S + baseline.median_s);
    figures.push(Figure::new("p99 of a write", Unit::Seconds, p99_s).goal(goal));
    figures.push(Figure::new("fdatasync of 16 KiB, p50", Unit::Seconds, baseline.median_s));
    figures.push(Figure::new("fdatasync of 16 KiB, p99", Unit::Seconds, baseline.p99_s));
    figures.extend(cores(measured));
    let of_flight_s = measured.server_cpu_s / tally.flights as f64;
    figures.push(Figure::new("service, processor time of a flight", Unit::Seconds, of_flight_s));
    figures.push(Figure::new("service, resident memory", Unit::Bytes, measured.usage.resident_bytes as f64));
    figures
}

/// How long writes of these kinds took, by their shares.
pub fn times_of(tally: &Tally, kinds: &[Kind], shares: &[(&str, f64)]) -> Vec<Figure> {
    let of_kind = |kind: &Kind| {
        let times = tally.times(*kind);
        let figure = |(name, share): &(&str, f64)| {
            let time_s = times.as_ref().map_or(f64::NAN, |times| times.quantile_s(*share));
            Figure::new(format!("{name} of a {}", kind.name()), Unit::Seconds, time_s)
        };
        shares.iter().map(figure).collect::<Vec<_>>()
    };
    kinds.iter().flat_map(of_kind).collect()
}

/// What both sides took of the processors.
pub fn cores(measured: &Measured) -> [Figure; 2] {
    [("service, of one core", measured.server_cpu_s), ("load generator, of one core", measured.clients_cpu_s)]
        .map(|(what, cpu_s)| Figure::new(what, Unit::Share, cpu_s / measured.seconds))
}

/// The figures of an outcome as a table, with remarks below.
pub fn table(outcome: &Outcome) -> String {
    const HEAD: [&str; 5] = ["what", "goal", "measured", "", "least … most"];
    let row = |figure: &Figure| {
        let goal = match figure.goal {
            None => String::new(),
            Some(Goal::AtLeast(goal)) => format!("≥ {}", figure.text(goal)),
            Some(Goal::AtMost(goal)) => format!("≤ {}", figure.text(goal)),
        };
        let met = match figure.is_met() {
            None => "",
            Some(true) => "met",
            Some(false) => "MISSED",
        };
        let range = match outcome.runs {
            1 => String::new(),
            _ => format!("{} … {}", figure.text(figure.range[0]), figure.text(figure.range[1])),
        };
        vec![figure.what.clone(), goal, figure.text(figure.measured), met.to_owned(), range]
    };
    let mut text = aligned(&HEAD, &outcome.figures.iter().map(row).collect::<Vec<_>>());
    for remark in outcome.figures.iter().filter_map(|figure| figure.remark.as_ref()) {
        text.push_str(&format!("  an answer that nobody expected: {remark}\n"));
    }
    text
}

/// Everything as one JSON document.
pub fn json(machine: &Machine, seed: u64, seconds: u32, outcomes: &[Outcome]) -> String {
    let document = serde_json::json!({ "machine": machine, "seed": seed, "seconds": seconds, "outcomes": outcomes });
    serde_json::to_string_pretty(&document).expect("a report is plain data")
}
