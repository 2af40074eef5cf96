//! `deconflict-bench`: runs the cases that are asked for, each in a process of its own, and prints the report.
//!
//! The exit status says whether answers were right, not whether goals were met: a busy machine is no failure.

use clap::Parser;
use deconflict_bench::answers::Verdict;
use deconflict_bench::case::{Case, Outcome, in_a_child, print_outcome};
use deconflict_bench::machine::Machine;
use deconflict_bench::{questions, report};
use std::process::ExitCode;

/// The benches of Deconflict: goals beside measurements, answers beside known answers.
#[derive(Parser)]
#[command(name = "cargo xtask bench", after_help = AFTER_HELP)]
struct Arguments {
    /// Questions or cases to run, such as `all-pairs`, `mixed/mixed10k` or `all-pairs/u1M/2`; all if none is named
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Runs that count, after one to warm up; the median is reported
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Print one JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// Print the names of the cases and stop
    #[arg(long, conflicts_with_all = ["json", "child"])]
    list: bool,
    /// Run this one case here and print its outcome
    #[arg(long, hide = true, conflicts_with = "names")]
    child: Option<String>,
}

const AFTER_HELP: &str = "\
Exit status: 0 every answer is right, 1 an answer differs from the known one or a case failed, 2 the command line was not
understood. A goal that is missed is shown, and is no failure.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let all = questions::cases();
    if let Some(name) = &arguments.child {
        let case = all.iter().find(|case| case.name() == *name).expect("the parent knows the names");
        print_outcome(&(case.run)(arguments.runs.into()));
        return ExitCode::SUCCESS;
    }
    if let Some(unknown) = arguments.names.iter().find(|words| !all.iter().any(|case| case.is_meant_by(words))) {
        eprintln!("bench: there is no case `{unknown}`; `--list` names all");
        return ExitCode::from(2);
    }
    let is_wanted = |case: &&Case| arguments.names.is_empty() || arguments.names.iter().any(|words| case.is_meant_by(words));
    let wanted: Vec<&Case> = all.iter().filter(is_wanted).collect();
    if arguments.list {
        wanted.iter().for_each(|case| println!("{}", case.name()));
        return ExitCode::SUCCESS;
    }
    let machine = Machine::here();
    let (outcomes, failures) = run_all(&wanted, arguments.runs.into());
    if arguments.json {
        println!("{}", report::json(&machine, &outcomes, &failures));
    } else {
        print_tables(&machine, &outcomes, arguments.runs);
    }
    failures.iter().for_each(|failure| eprintln!("bench: {failure}"));
    let is_right = |outcome: &Outcome| outcome.answer.verdict != Verdict::Differs;
    if failures.is_empty() && outcomes.iter().all(is_right) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the cases one after the other; a case that fails does not stop the others.
fn run_all(cases: &[&Case], runs: usize) -> (Vec<Outcome>, Vec<String>) {
    let (mut outcomes, mut failures) = (Vec::new(), Vec::new());
    for (index, case) in cases.iter().enumerate() {
        eprintln!("[{}/{}] {}", index + 1, cases.len(), case.name());
        match in_a_child(&case.name(), runs) {
            Ok(outcome) => outcomes.push(outcome),
            Err(failure) => failures.push(failure),
        }
    }
    (outcomes, failures)
}

fn print_tables(machine: &Machine, outcomes: &[Outcome], runs: u16) {
    print!("{}", machine.text());
    println!("timing   median of {runs} runs after one to warm up; of single calls the named quantile");
    for question in &questions::ALL {
        let of_question: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.question == question.name).collect();
        if !of_question.is_empty() {
            print!("\n{}: {}\n\n{}", question.name, question.asks, report::table(&of_question));
        }
    }
    let growth = report::growth(outcomes);
    if !growth.is_empty() {
        print!("\ngrowth: how the time grows with volumes and answers together\n\n{growth}");
    }
}
