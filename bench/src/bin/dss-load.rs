//! `dss-load`: puts load on the DSS of `deconflict serve` and prints what that gave, beside what was expected.
//!
//! `cargo xtask bench dss` builds the release binary and runs this. The exit status says whether the runs worked, not whether
//! goals were met: a busy machine is no failure.

use clap::Parser;
use deconflict_bench::dss::figure::medians;
use deconflict_bench::dss::report::{Outcome, json, table};
use deconflict_bench::dss::stage::Stage;
use deconflict_bench::dss::{ALL, Plan, Scenario};
use deconflict_bench::machine::Machine;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// Load on the DSS of `deconflict serve`: goals beside measurements.
#[derive(Parser)]
#[command(name = "cargo xtask bench dss", after_help = AFTER_HELP)]
struct Arguments {
    /// Scenarios to run: uniform, busy, growing, areas, told, pool, pool-far, pool-far-one, pool-5, pool-7; all if none is named
    #[arg(value_name = "SCENARIO")]
    names: Vec<String>,
    /// Runs of each, every one with a fresh service; the median is reported
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Clients, each a USS of its own; each scenario knows how many it needs
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    clients: Option<u32>,
    /// How long is measured
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// How long is flown before that
    #[arg(long, value_name = "S", default_value_t = 2)]
    warm_up: u32,
    /// Where all choices come from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Sizes of the growing population, ascending
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    sizes: Vec<u64>,
    /// The binary; by default the one beside this program
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Where to make a folder for data; it should be on a real disk. By default beside this program
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Print one JSON document instead of tables
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Exit status: 0 the load was flown, 1 a service did not start or went away, 2 the command line was not understood. A goal that
is missed is shown, and is no failure.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let is_known = |name: &&String| ALL.iter().any(|scenario| scenario.name == **name);
    if let Some(unknown) = arguments.names.iter().find(|name| !is_known(name)) {
        let known: Vec<&str> = ALL.iter().map(|scenario| scenario.name).collect();
        eprintln!("bench: there is no scenario `{unknown}`; there are {}", known.join(", "));
        return ExitCode::from(2);
    }
    if !arguments.sizes.is_sorted() || arguments.sizes.first() == Some(&0) {
        eprintln!("bench: --sizes ascend from at least 1");
        return ExitCode::from(2);
    }
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    let machine = Machine::here();
    let is_wanted = |scenario: &&Scenario| arguments.names.is_empty() || arguments.names.iter().any(|name| name == scenario.name);
    let wanted: Vec<&Scenario> = ALL.iter().filter(is_wanted).collect();
    if !arguments.json {
        print!("{}", machine.text());
        println!(
            "timing   median of {} runs of {} s after {} s to warm up, seed {}; service and load generator on this machine",
            arguments.runs, arguments.seconds, arguments.warm_up, arguments.seed
        );
    }
    let mut outcomes = Vec::new();
    for scenario in wanted {
        let outcome = outcome(scenario, arguments)?;
        if !arguments.json {
            print!("\n{}, {} clients: {}\n\n{}", scenario.name, outcome.clients, scenario.does, table(&outcome));
        }
        outcomes.push(outcome);
    }
    if arguments.json {
        println!("{}", json(&machine, arguments.seed, arguments.seconds, &outcomes));
    }
    Ok(())
}

fn outcome(scenario: &Scenario, arguments: &Arguments) -> io::Result<Outcome> {
    let here = std::env::current_exe()?;
    let beside = |name: &str| here.with_file_name(name);
    let binary = arguments.server.clone().unwrap_or_else(|| beside("deconflict"));
    let parent = arguments.folder.clone().unwrap_or_else(|| beside("tmp"));
    let clients = arguments.clients.unwrap_or(scenario.clients);
    let stage = Stage::new(&binary, &parent, clients)?;
    let mut runs = Vec::new();
    for run in 0..arguments.runs {
        eprintln!("[{}/{}] {}", run + 1, arguments.runs, scenario.name);
        let (seconds, warm_up_s, sizes) = (arguments.seconds, arguments.warm_up, arguments.sizes.clone());
        let plan = Plan { clients, seconds, warm_up_s, seed: arguments.seed + u64::from(run), sizes };
        runs.push((scenario.run)(&stage, &plan)?);
    }
    Ok(Outcome { scenario: scenario.name, clients, runs: arguments.runs, figures: medians(&runs) })
}
