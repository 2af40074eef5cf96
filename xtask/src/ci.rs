//! `cargo xtask ci`: everything that must pass before a change is merged, in order, each step with its name and its time.
//!
//! A failed step does not stop the run: one run shows everything that is wrong. The failed steps are listed at the end, with
//! the closing lines of the tests.

use crate::run::{build_once, cargo, exit_with, root, succeed};
use crate::{conformance, deny, fmt, test, tidy, tools, web};
use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

/// What a step has to say in the closing report: lines when all is well, else the failure.
type Said = Result<Vec<String>, String>;

struct Step {
    name: &'static str,
    promise: &'static str,
    run: fn() -> Said,
}

const STEPS: [Step; 12] = [
    Step { name: "fmt", promise: "every source file is formatted", run: || quiet(fmt::check()) },
    Step { name: "clippy", promise: "no warning in any target", run: || quiet(clippy()) },
    Step { name: "doc", promise: "the documentation builds without a warning", run: || quiet(doc()) },
    Step { name: "tidy", promise: "the rules of the house hold", run: || quiet(tidy::run()) },
    Step { name: "tests", promise: "all tests and documentation examples pass", run: tests },
    Step { name: "otel", promise: "the service sends traces when it is built to", run: otel },
    Step { name: "bare", promise: "the registry builds without an operating system", run: || quiet(bare()) },
    Step { name: "release", promise: "the release build works", run: || quiet(release()) },
    Step { name: "scenarios", promise: "each shipped scenario reads well and holds findings", run: scenarios },
    Step { name: "conformance", promise: "the DSS keeps to its own description", run: || conformance::run("25") },
    Step { name: "web", promise: "the page is what its source makes, and works in a real browser", run: web::run },
    Step { name: "deny", promise: "licences, crates and their sources are the allowed ones", run: || quiet(deny::run()) },
];

/// What all steps build takes, with room to spare.
const ROOM_GIB: u64 = 7;

/// Exit status of `deconflict check` when it found something, as every shipped scenario must.
const FOUND: i32 = 1;

/// Runs all steps; fails if one of them failed.
pub fn run() -> Result<(), String> {
    build_once();
    let room = free_gib()?;
    if room < ROOM_GIB && !root().join("target").join("debug").is_dir() {
        return Err(format!(
            "found {room} GiB free, expected {ROOM_GIB} for what is built: half of the steps would fail for want of room"
        ));
    }
    let start = Instant::now();
    let mut report = String::new();
    let mut failed = Vec::new();
    for (index, step) in STEPS.iter().enumerate() {
        println!("\n==> [{}/{}] {}: {}", index + 1, STEPS.len(), step.name, step.promise);
        let step_start = Instant::now();
        let said = (step.run)();
        let elapsed = step_start.elapsed();
        println!("==> {}", verdict(step.name, &said, elapsed));
        add(&mut report, step.name, &said, elapsed);
        if said.is_err() {
            failed.push(step.name);
        }
    }
    println!("\n==> ci, the steps in order:\n{report}");
    let elapsed_s = start.elapsed().as_secs_f64();
    if failed.is_empty() {
        println!("ci: all {} steps passed in {elapsed_s:.1} s", STEPS.len());
        return Ok(());
    }
    Err(format!("ci: {} of {} steps failed in {elapsed_s:.1} s: {}", failed.len(), STEPS.len(), failed.join(", ")))
}

/// How much room there is where things are built.
fn free_gib() -> Result<u64, String> {
    let unread = |why: String| format!("cannot tell how much room there is: {why}");
    let output = Command::new("df").args(["-Pk", "."]).current_dir(root()).output().map_err(|error| unread(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let free_kib = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    free_kib.map(|kib| kib >> 20).ok_or_else(|| unread(format!("df said {text:?}")))
}

fn verdict(name: &str, said: &Said, elapsed: Duration) -> String {
    let word = if said.is_ok() { "ok" } else { "FAILED" };
    format!("{word:<6} {:>7.1} s  {name}", elapsed.as_secs_f64())
}

/// Adds one step's verdict, and below it, indented, what it has to say.
fn add(report: &mut String, name: &str, said: &Said, elapsed: Duration) {
    let lines = match said {
        Ok(lines) => lines.join("\n"),
        Err(failure) => failure.clone(),
    };
    writeln!(report, "{}", verdict(name, said, elapsed)).expect("writing to a string works");
    for line in lines.lines() {
        writeln!(report, "{:18}{line}", "").expect("writing to a string works");
    }
}

fn quiet(result: Result<(), String>) -> Said {
    result.map(|()| Vec::new())
}

/// All tests, those of pools over real engines with them.
fn tests() -> Said {
    let why = "for the tests of pools";
    tools::need_debian("etcd", "etcd-server", why)?;
    tools::need_debian("openssl", "openssl", why)?;
    // Debian puts its programs where no path leads.
    if !std::path::Path::new("/usr/lib/postgresql").is_dir() {
        tools::need_debian("pg_ctl", "postgresql", why)?;
    }
    test::run_with(&[], &[("DECONFLICT_NEED_ENGINES", "1")])
}

fn clippy() -> Result<(), String> {
    tools::need_component("clippy", "clippy")?;
    succeed(&mut cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// The feature that is off by default: without warnings, and with the tests that only it has.
fn otel() -> Said {
    let feature = ["--locked", "--package", "deconflict", "--features", "otel", "--all-targets"];
    succeed(&mut cargo(&[&["clippy"], &feature[..], &["--", "-D", "warnings"]].concat()))?;
    test::run(&["--package", "deconflict", "--features", "otel", "--test", "serve"])
}

fn doc() -> Result<(), String> {
    succeed(cargo(&["doc", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// A machine without files, clocks and threads: whatever needs one of them does not build for it.
const BARE_TARGET: &str = "thumbv7em-none-eabihf";

fn bare() -> Result<(), String> {
    tools::need_target(BARE_TARGET)?;
    succeed(&mut cargo(&["build", "--locked", "-p", "deconflict-registry", "--target", BARE_TARGET]))
}

fn release() -> Result<(), String> {
    succeed(&mut cargo(&["build", "--release", "--locked"]))
}

/// Runs the README's command on every plan that ships with the product.
fn scenarios() -> Said {
    let plans = plans()?;
    let failures: Vec<String> = plans
        .iter()
        .filter_map(|plan| exit_with(&mut cargo(&["run", "--quiet", "--release", "--locked", "--", "check", plan]), FOUND).err())
        .collect();
    if failures.is_empty() {
        Ok(vec![format!("{} found something, as expected (exit status {FOUND})", plans.join(", "))])
    } else {
        Err(failures.join("\n"))
    }
}

/// The shipped plans, `scenarios/*.toml`, in order of their names.
fn plans() -> Result<Vec<String>, String> {
    let unread = |error| format!("cannot read the folder `scenarios`: {error}");
    let mut plans = Vec::new();
    for entry in std::fs::read_dir(root().join("scenarios")).map_err(unread)? {
        let name = entry.map_err(unread)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".toml") {
            plans.push(format!("scenarios/{name}"));
        }
    }
    plans.sort();
    if plans.is_empty() { Err("no plan in `scenarios`, expected at least one `.toml` file".to_owned()) } else { Ok(plans) }
}

#[cfg(test)]
mod tests {
    use super::add;
    use std::time::Duration;

    #[test]
    fn the_report_shows_verdict_time_and_what_a_step_said() {
        let mut report = String::new();
        add(&mut report, "tests", &Ok(vec!["5 passed".to_owned()]), Duration::from_millis(1500));
        add(&mut report, "deny", &Err("status 4\nexpected 0".to_owned()), Duration::from_secs(100));
        let expected = "\
ok         1.5 s  tests
                  5 passed
FAILED   100.0 s  deny
                  status 4
                  expected 0
";
        assert_eq!(report, expected);
    }
}
