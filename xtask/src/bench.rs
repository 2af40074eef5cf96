//! `cargo xtask bench`: our own benches, or with `--compare` those beside foreign engines. Never a part of CI: a figure of a busy
//! machine is no verdict.

use crate::run::{cargo, succeed_unmixed};

/// Runs the benches in the release profile; `arguments` go to them as they are, but for `--compare`.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    succeed_unmixed(&mut cargo(&command_line(arguments)))
}

/// What cargo is told. The foreign engines have a workspace and a lock file of their own.
fn command_line<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    const COMPARE: &str = "--compare";
    let program: &[&str] = if arguments.contains(&COMPARE) {
        &["--manifest-path", "bench-compare/Cargo.toml"]
    } else {
        &["--package", "deconflict-bench"]
    };
    let rest: Vec<&str> = arguments.iter().copied().filter(|word| *word != COMPARE).collect();
    [&["run", "--release", "--locked"], program, &["--"], &rest].concat()
}

#[cfg(test)]
mod tests {
    use super::command_line;

    #[test]
    fn arguments_go_to_the_bench_that_is_meant() {
        let check = |arguments: &[&str], expected: &str| assert_eq!(command_line(arguments).join(" "), expected);
        check(&[], "run --release --locked --package deconflict-bench --");
        check(&["mixed", "--json"], "run --release --locked --package deconflict-bench -- mixed --json");
        check(&["--compare"], "run --release --locked --manifest-path bench-compare/Cargo.toml --");
        check(&["u10k", "--compare", "--json"], "run --release --locked --manifest-path bench-compare/Cargo.toml -- u10k --json");
    }
}
