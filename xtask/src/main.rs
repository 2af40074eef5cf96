//! Developer commands of the project: `cargo xtask ci` is what CI runs.
//!
//! One file per command; `run.rs` starts programs, `tools.rs` finds or installs them. Nothing here knows the product:
//! it only starts tools and reads source text. It uses the standard library alone, so that a fresh machine builds it in seconds.

mod bench;
mod ci;
mod conformance;
mod deny;
mod fmt;
mod run;
mod source;
mod test;
mod tidy;
mod tools;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask: the developer commands of Deconflict

Usage: cargo xtask COMMAND [ARGS…]

Commands:
  ci     Everything that must pass before a change is merged; every step runs, failures are listed at the end
  test   The tests, with cargo-nextest where it is installed, and the examples in the documentation
  fmt    Format the sources; with --check, only say what is not formatted
  tidy   The rules of the house that no compiler checks: opening comments, dependency arrows, a core without I/O
  bench  The benches, goals beside measurements; `cargo xtask bench --help` says more; never part of ci
  conformance
         Thousands of requests by a stranger's client against our description of the DSS (installs schemathesis from PyPI)
  web    The page with the map: whether web/dist is what its source makes, and its tests in a real browser (gets Node and
         Chromium where they are missing); `web build` builds it anew, `web pictures` takes the README's pictures
  deny   Licences, banned and duplicate crates, sources of crates (installs cargo-deny if it is missing)

Examples:
  cargo xtask ci
  cargo xtask test                        all tests and documentation examples
  cargo xtask test touch                  only tests with `touch` in their names
  cargo xtask test -p deconflict-conflict only the tests of one crate
  cargo xtask fmt --check
  cargo xtask bench                       all questions; minutes on a quiet machine
  cargo xtask bench all-pairs mixed       some of them; add --json for machines
  cargo xtask bench --compare             ours beside parry3d and rstar, which are compiled now and not before
  cargo xtask bench dss                   load on the DSS of `deconflict serve`, which is built first; --help says more

Exit status: 0 all is well, 1 something failed, 2 the command line was not understood.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // The benches have arguments of their own, and so a help of their own.
    let is_help = |word: &&str| matches!(*word, "--help" | "-h");
    if words.first() != Some(&"bench") && words.iter().any(is_help) || words == ["help"] {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let result = match words.as_slice() {
        ["ci"] => ci::run(),
        ["test", arguments @ ..] => test::run(arguments).map(drop),
        ["fmt"] => fmt::run(),
        ["fmt", "--check"] => fmt::check(),
        ["tidy"] => tidy::run(),
        ["deny"] => deny::run(),
        ["web"] => web::run().map(drop),
        ["web", "build"] => web::build(),
        ["web", "pictures"] => web::pictures(),
        ["conformance"] => conformance::run("50").map(drop),
        ["bench", arguments @ ..] => bench::run(arguments),
        [] => return not_understood("no command given"),
        [command @ ("ci" | "conformance" | "fmt" | "tidy" | "deny"), argument, ..] => {
            return not_understood(&format!("`{command}` does not take `{argument}`"));
        }
        [command, ..] => return not_understood(&format!("there is no command `{command}`")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn not_understood(reason: &str) -> ExitCode {
    eprintln!("xtask: {reason}\n\n{HELP}");
    ExitCode::from(2)
}
