//! Every rule of tidy fails where it should and passes where it should.

use super::{CLAIMS, File, LEFTOVER_TAG, OUTSIDE, claims, problems_of};

/// Checks that a file at `path` with `text` has exactly the `expected` problems, each as its line and a part of its message.
#[track_caller]
fn check(path: &str, text: &str, expected: &[(usize, &str)]) {
    let problems = problems_of(&File { path: path.to_owned(), text: text.to_owned() });
    let matches = problems.len() == expected.len()
        && problems.iter().zip(expected).all(|(problem, (line, part))| problem.line == *line && problem.found.contains(part));
    assert!(matches, "{path}\n{text}\nfound: {problems:#?}\nexpected: {expected:?}");
}

#[test]
fn a_rust_file_opens_with_a_comment() {
    check("crates/cli/src/main.rs", "//! The binary.\nfn main() {}\n", &[]);
    check("crates/cli/src/main.rs", "fn main() {}\n", &[(1, "does not open")]);
    check("xtask/src/a.rs", "// Plain.\n", &[(1, "does not open")]);
    check("xtask/src/a.rs", "", &[(1, "does not open")]);
    check("docs/a.md", "Text.\n", &[]);
}

#[test]
fn leftovers_do_not_merge() {
    let path = "crates/cli/src/main.rs";
    check(path, "//! A.\nfn f() { dbg!(1); }\n", &[(2, "dbg!")]);
    check(path, "//! A.\n\nfn f() { todo!() }\n", &[(3, "todo!")]);
    check(path, "//! A: todo!() and dbg!() in words.\nconst A: &str = \"dbg!\";\n", &[]);
    check(path, "//! A.\nfn f() { my_dbg!(1); }\n", &[]);
    check(path, &format!("//! A.\n// {LEFTOVER_TAG}: b\n"), &[(2, LEFTOVER_TAG)]);
    check(path, "//! A.\n// TODO-polish: b\n", &[]);
}

#[test]
fn nothing_names_a_place_outside() {
    check("docs/a.md", &format!("One.\nSee {OUTSIDE}/b.md.\n"), &[(2, OUTSIDE)]);
    check(".ci/run", &format!("cat {OUTSIDE}\n"), &[(1, OUTSIDE)]);
    check("docs/a.md", "See [b](../b.md).\n", &[]);
}

#[test]
fn whitespace_is_clean() {
    check("rustfmt.toml", "a = 1\n\tb = 2\n", &[(2, "a tab")]);
    check("docs/a.md", "One. \nTwo.\n", &[(1, "whitespace at the end")]);
    check("docs/a.md", "One.\r\n", &[(1, "whitespace at the end")]);
    check("crates/cli/tests/a.csv", "a\tb \n", &[]);
}

#[test]
fn dependencies_run_one_way() {
    let uses = |used: &str| format!("[package]\nname = \"deconflict-x\"\n[dependencies]\n{used}\n");
    check("crates/spacetime/Cargo.toml", &uses("deconflict-conflict.workspace = true"), &[(4, "`spacetime` uses `conflict`")]);
    check("crates/conflict/Cargo.toml", &uses("deconflict-spacetime.workspace = true"), &[]);
    check("crates/conflict/Cargo.toml", &uses("deconflict-plan = { path = \"…\" }"), &[(4, "`conflict` uses `plan`")]);
    check("crates/plan/Cargo.toml", &uses("deconflict-conflict.workspace = true\ndeconflict-spacetime.workspace = true"), &[]);
    check("crates/plan/Cargo.toml", &uses("other = { package = \"deconflict-registry\" }"), &[(4, "`plan` uses `registry`")]);
    check("crates/plan/Cargo.toml", &uses("# deconflict-registry was here"), &[]);
    check(
        "crates/registry/Cargo.toml",
        "[dev-dependencies]\ndeconflict-plan.workspace = true\n",
        &[(2, "`registry` uses `plan`")],
    );
    check("crates/journal/Cargo.toml", "[dependencies.deconflict-plan]\nworkspace = true\n", &[(1, "`journal` uses `plan`")]);
    check("crates/cells/Cargo.toml", &uses("deconflict-spacetime.workspace = true"), &[]);
    check("crates/cells/Cargo.toml", &uses("deconflict-registry.workspace = true"), &[(4, "`cells` uses `registry`")]);
    check("crates/cli/Cargo.toml", &uses("deconflict-plan.workspace = true"), &[]);
}

#[test]
fn the_core_reads_its_input_alone() {
    let path = "crates/plan/src/a.rs";
    check(path, "//! A.\nuse std::fs::File;\n", &[(2, "std::fs::File")]);
    check(path, "//! A.\nuse std::{collections::BTreeMap, net};\n", &[(2, "std::net")]);
    check(path, "//! A.\nuse std::time::{Duration, SystemTime};\n", &[(2, "std::time::SystemTime")]);
    check(path, "//! A.\nfn f() { g(std::time::Instant::now()) }\n", &[(2, "std::time::Instant::now"), (2, "…::now()")]);
    check(path, "//! A.\nfn f() { Timestamp::now() }\n", &[(2, "…::now()")]);
    check(path, "//! A, without std::fs.\nuse std::time::Duration;\n", &[]);
    check(path, "//! A.\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n", &[]);
    check("crates/spacetime/src/a_tests.rs", "//! A.\nuse std::fs;\n", &[]);
    check("crates/conflict/tests/laws.rs", "//! A.\nuse std::fs;\n", &[]);
    check("crates/cli/src/main.rs", "//! A.\nuse std::fs;\n", &[]);
}

#[test]
fn the_registry_runs_on_bare_metal() {
    check("crates/registry/src/lib.rs", "//! A.\n#![no_std]\n#[cfg(test)]\nextern crate std;\n", &[]);
    check("crates/registry/src/lib.rs", "//! A, without #![no_std].\n", &[(1, "no `#![no_std]`")]);
    check("crates/registry/src/a.rs", "//! A.\nextern crate std;\n", &[(2, "extern crate std")]);
    check("crates/registry/src/a.rs", "//! A.\nfn f() { Clock::now() }\n", &[(2, "…::now()")]);
    check("crates/plan/src/lib.rs", "//! A.\n", &[]);
}

#[test]
fn the_registry_has_no_float() {
    let path = "crates/registry/src/a.rs";
    check(path, "//! A.\nfn f(a: f64) {}\n", &[(2, "`f64`")]);
    check(path, "//! A.\nconst A: i64 = 2.5 as i64;\n", &[(2, "`2.5`")]);
    check(path, "//! A.\nconst A: i64 = 1e3 as i64;\nconst B: u8 = 3f32 as u8;\n", &[(2, "`1e3`"), (3, "`3f32`")]);
    check(path, "//! A: f64, 1.5.\nconst A: &str = \"1.5 f32\";\n", &[]);
    check(path, "//! A.\nfn f() { for i in 0..9 { g(a.0.1, 1.max(i), 0xe, 1usize, 3_000) } }\n", &[]);
    check("crates/registry/src/a_tests.rs", "//! A.\nconst A: f64 = 1.0;\n", &[]);
    check("crates/spacetime/src/a.rs", "//! A.\nconst A: f64 = 1.0;\n", &[]);
}

#[test]
fn a_test_that_is_claimed_is_there() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let page = "| a | [`it_holds`](../crates/a/tests/a.rs), [`gone`](../crates/a/tests/a.rs) |\n[`x`](../crates/b.rs) [y](z.md)";
    let files = [file(CLAIMS, page), file("crates/a/tests/a.rs", "fn it_holds() {}")];
    let found: Vec<(usize, String)> = claims(&files).into_iter().map(|problem| (problem.line, problem.found)).collect();
    let missing = |name: &str, path: &str| format!("no test `{name}` in `{path}`");
    assert_eq!(found, [(1, missing("gone", "crates/a/tests/a.rs")), (2, missing("x", "crates/b.rs"))]);
}
