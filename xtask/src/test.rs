//! `cargo xtask test`: the test suites and the documentation examples.

use crate::run::{cargo, succeed_keeping};
use crate::tools::has;

/// Runs all tests, or those that `arguments` choose; gives back the runner's closing lines.
///
/// `arguments` go to the test runner as they are. cargo-nextest knows no documentation examples; they follow when all tests run.
pub fn run(arguments: &[&str]) -> Result<Vec<String>, String> {
    run_with(arguments, &[])
}

/// As [`run`], with variables set.
pub fn run_with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let nextest = has("nextest");
    let runner: &[&str] = if nextest { &["nextest", "run"] } else { &["test"] };
    let one_package = arguments.iter().any(|word| word.starts_with("-p") || word.starts_with("--package"));
    let scope: &[&str] = if one_package { &["--locked"] } else { &["--locked", "--workspace"] };
    // Without --no-fail-fast one failure hides the next.
    let tests = [runner, &["--no-fail-fast"], scope, arguments].concat();
    let result = succeed_keeping(cargo(&tests).envs(variables.iter().copied()), is_closing_line);
    if !nextest || !arguments.is_empty() {
        return result;
    }
    let examples = succeed_keeping(&mut cargo(&["test", "--doc", "--locked", "--workspace"]), is_closing_line);
    match (result, examples) {
        (Ok(tests), Ok(examples)) => Ok([tests, examples].concat()),
        (Err(failure), Ok(_)) | (Ok(_), Err(failure)) => Err(failure),
        (Err(tests), Err(examples)) => Err(format!("{tests}\n{examples}")),
    }
}

/// Whether `line` is what a runner says last; "no tests here" of one target among many is not worth repeating.
fn is_closing_line(line: &str) -> bool {
    let line = line.trim_start();
    let of_cargo_test = line.starts_with("test result: ") && !line.contains(" 0 passed; 0 failed; 0 ignored;");
    of_cargo_test || line.starts_with("Summary [") || line.starts_with("FAIL [")
}

#[cfg(test)]
mod tests {
    use super::is_closing_line;

    #[test]
    fn closing_lines_of_both_runners_are_kept() {
        let check = |line, expected| assert_eq!(is_closing_line(line), expected, "{line}");
        check("     Summary [   0.012s] 5 tests run: 5 passed, 0 skipped", true);
        check("        FAIL [   0.003s] (1/2) xtask tidy::tests::tabs", true);
        check("test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s", true);
        check("test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s", true);
        check("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s", false);
        check("running 5 tests", false);
    }
}
