//! `cargo xtask bench`: our own benches, with `--compare` those beside foreign engines, or as `bench dss` load on the service.
//! Never a part of CI: a figure of a busy machine is no verdict.

use crate::run::{cargo, succeed_unmixed};

/// Runs the benches in the release profile; `arguments` go to them as they are, but for `dss` in front and `--compare`.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    command_lines(arguments).iter().try_for_each(|line| succeed_unmixed(&mut cargo(line)))
}

/// What cargo is told, one after the other.
fn command_lines<'a>(arguments: &[&'a str]) -> Vec<Vec<&'a str>> {
    const COMPARE: &str = "--compare";
    const RUN: [&str; 3] = ["run", "--release", "--locked"];
    if let ["dss", rest @ ..] = arguments {
        // The load generator starts the binary beside itself.
        let build = ["build", "--release", "--locked", "--package", "deconflict"].to_vec();
        return vec![build, [&RUN[..], &["--package", "deconflict-bench", "--bin", "dss-load", "--"], rest].concat()];
    }
    // The foreign engines have a workspace and a lock file of their own.
    let program: &[&str] = if arguments.contains(&COMPARE) {
        &["--manifest-path", "bench-compare/Cargo.toml"]
    } else {
        &["--package", "deconflict-bench"]
    };
    let rest: Vec<&str> = arguments.iter().copied().filter(|word| *word != COMPARE).collect();
    vec![[&RUN[..], program, &["--"], &rest].concat()]
}

#[cfg(test)]
mod tests {
    use super::command_lines;

    #[test]
    fn arguments_go_to_the_bench_that_is_meant() {
        let check = |arguments: &[&str], expected: &str| {
            let lines: Vec<String> = command_lines(arguments).iter().map(|line| line.join(" ")).collect();
            assert_eq!(lines.join("; "), expected);
        };
        check(&[], "run --release --locked --package deconflict-bench --");
        check(&["mixed", "--json"], "run --release --locked --package deconflict-bench -- mixed --json");
        check(&["--compare"], "run --release --locked --manifest-path bench-compare/Cargo.toml --");
        check(&["u10k", "--compare", "--json"], "run --release --locked --manifest-path bench-compare/Cargo.toml -- u10k --json");
        check(
            &["dss", "busy", "--json"],
            "build --release --locked --package deconflict; \
             run --release --locked --package deconflict-bench --bin dss-load -- busy --json",
        );
    }
}
