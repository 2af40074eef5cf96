//! `deconflict-bench-compare`: ours beside foreign engines, on the same sets in the same run.
//!
//! Never a part of CI. Every case runs in a process of its own. Ours answers with geodesic edges, all others with planar ones;
//! both are held against what is known of the set.

mod engines;
mod install;
mod ours;
mod parry;
mod planar;
mod postgis;
mod r_tree;
mod report;
mod shapely;

use clap::Parser;
use deconflict_bench::answers::Verdict;
use deconflict_bench::case::{Case, Outcome, in_a_child, print_outcome};
use deconflict_bench::known::{self, Known};
use deconflict_bench::machine::Machine;
use std::process::ExitCode;

/// Our engine beside parry3d and rstar, and on request Shapely and PostGIS.
#[derive(Parser)]
#[command(name = "cargo xtask bench --compare", after_help = AFTER_HELP)]
struct Arguments {
    /// Sets to run, of u10k, c10k, u100k, c100k, u1M and c1M; all if none is named
    #[arg(value_name = "SET")]
    sets: Vec<String>,
    /// Also run an engine that has to be installed: `shapely` (from PyPI) or `postgis` (from Debian); without named sets only up
    /// to 100k
    #[arg(long, value_name = "ENGINE", value_parser = ["shapely", "postgis"])]
    with: Vec<String>,
    /// Runs that count, after one to warm up; the median is reported
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Print one JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// Run this one case here and print its outcome
    #[arg(long, hide = true)]
    child: Option<String>,
}

const AFTER_HELP: &str = "\
Exit status: 0 every answer is right, 1 an answer differs from the known one or a case failed, 2 the command line was not
understood.";

/// Operations up to which an optional engine runs unasked.
const OPTIONAL_MAX: u32 = 100_000;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let all = engines::cases();
    if let Some(name) = &arguments.child {
        let case = all.iter().find(|case| case.name() == *name).expect("the parent knows the names");
        print_outcome(&(case.run)(arguments.runs.into()));
        return ExitCode::SUCCESS;
    }
    let names = known::ALL.map(|known| known.workload.name());
    if let Some(unknown) = arguments.sets.iter().find(|set| !names.contains(set)) {
        eprintln!("bench: there is no set `{unknown}`, expected one of {}", names.join(", "));
        return ExitCode::from(2);
    }
    let machine = Machine::here();
    let wanted: Vec<&Case> = all.iter().filter(|case| arguments.want(case)).collect();
    let (mut outcomes, mut failures) = (Vec::new(), Vec::new());
    for (index, case) in wanted.iter().enumerate() {
        eprintln!("[{}/{}] {}", index + 1, wanted.len(), case.name());
        match in_a_child(&case.name(), arguments.runs.into()) {
            Ok(outcome) => outcomes.push(outcome),
            Err(failure) => failures.push(failure),
        }
    }
    if arguments.json {
        println!("{}", deconflict_bench::report::json(&machine, &outcomes, &failures));
    } else {
        print_tables(&machine, &outcomes, arguments.runs);
    }
    failures.iter().for_each(|failure| eprintln!("bench: {failure}"));
    let is_right = |outcome: &Outcome| outcome.answer.verdict != Verdict::Differs;
    if failures.is_empty() && outcomes.iter().all(is_right) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Arguments {
    fn want(&self, case: &Case) -> bool {
        let engine = engines::ALL.iter().find(|engine| engine.name == case.question).expect("every case has an engine");
        let is_named = self.sets.contains(&case.set);
        let is_small = |known: &Known| known.workload.name() == case.set && known.workload.operations <= OPTIONAL_MAX;
        if engine.is_optional {
            let is_asked_for = self.with.iter().any(|name| name == engine.name);
            return is_asked_for && (is_named || self.sets.is_empty() && known::ALL.iter().any(is_small));
        }
        is_named || self.sets.is_empty()
    }
}

fn print_tables(machine: &Machine, outcomes: &[Outcome], runs: u16) {
    print!("{}", machine.text());
    println!("timing   median of {runs} runs after one to warm up, index build included");
    for known in &known::ALL {
        let name = known.workload.name();
        let of_set: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.set == name).collect();
        if !of_set.is_empty() {
            let volumes = deconflict_bench::table::count(known.workload.volumes().into());
            print!("\n{name}: {volumes} volumes\n\n{}", report::table(&of_set, ours::NAME));
        }
    }
    let growth = deconflict_bench::report::growth(outcomes);
    if !growth.is_empty() {
        print!("\ngrowth: how the time grows with volumes and answers together\n\n{growth}");
    }
}
