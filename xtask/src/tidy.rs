//! `cargo xtask tidy`: the rules of the house that no compiler checks, as code.
//!
//! Each rule is a function from one file to its problems; only `run` reads files. Rules for the text of a file:
//!
//! * every Rust file opens with `//!`;
//! * leftovers of a work in progress do not merge (`LEFTOVERS`, `LEFTOVER_TAG`);
//! * nothing names a place outside the repository (`OUTSIDE`);
//! * no tabs and no trailing whitespace in sources;
//! * every test that `CLAIMS` names is there.
//!
//! Rules for the crates:
//!
//! * dependencies run one way (`ARROWS`);
//! * the crates of `CORE` read no file, no socket and no clock, except in their tests;
//! * the crates of `BARE` declare `no_std`, do not bring `std` back, and have no float, except in their tests.

use crate::run::root;
use crate::source::{code_only, float_words, is_word, line_at, std_paths, without_tests};
use std::fmt;
use std::path::Path;

/// Crates that may use only the named crates of this workspace. A crate that is not listed is free.
const ARROWS: [(&str, &[&str]); 14] = [
    ("spacetime", &[]),
    ("conflict", &["spacetime"]),
    ("plan", &["spacetime", "conflict"]),
    ("formats", &["spacetime", "conflict", "plan", "astm", "web"]),
    ("joint", &["spacetime", "conflict", "plan", "evidence"]),
    ("registry", &[]),
    ("evidence", &[]),
    ("journal", &[]),
    ("astm", &[]),
    ("pool", &["journal", "testbed"]),
    ("testbed", &[]),
    ("web", &[]),
    ("cells", &["spacetime"]),
    ("service", &["spacetime", "conflict", "plan", "registry", "joint", "journal", "pool", "astm", "cells", "evidence", "web"]),
];

/// Crates whose answers depend on their input alone.
const CORE: [&str; 7] = ["spacetime", "conflict", "plan", "joint", "registry", "cells", "evidence"];

/// Crates that run without an operating system, on integers alone, so that every machine gives the same answer.
const BARE: [&str; 1] = ["registry"];

/// What the crates of `CORE` do not name, with everything below it.
const OUTER_WORLD: [&str; 6] = ["std::fs", "std::net", "std::env", "std::process", "std::time::SystemTime", "std::time::Instant"];

/// Macros that belong to a work in progress.
const LEFTOVERS: [&str; 2] = ["dbg!", "todo!"];

/// A tag for what must be repaired before the merge. In pieces, so that this file passes its own check.
const LEFTOVER_TAG: &str = concat!("FIX", "ME");

/// A neighbour of the authors' working copies, which no clone has. In pieces, for the same reason.
const OUTSIDE: &str = concat!("..", "/shared");

/// The page that names a test for everything that we claim, as a link with the name of the test to its file.
const CLAIMS: &str = "docs/conformance.md";

/// Files in which whitespace is kept clean. Recorded outputs and tables are not among them: there it can mean something.
const SOURCE_EXTENSIONS: [&str; 6] = ["rs", "toml", "md", "ts", "css", "html"];

/// Folders that hold nothing of ours.
const SKIPPED_FOLDERS: [&str; 3] = [".git", "target", "node_modules"];

/// One text file, its path relative to the repository root with `/` between the parts.
struct File {
    path: String,
    text: String,
}

/// One broken rule: where, what is there, what belongs there.
#[derive(Debug, PartialEq)]
struct Problem {
    path: String,
    line: usize,
    found: String,
    expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { path, line, found, expected } = self;
        write!(f, "{path}:{line}: {found}; expected {expected}")
    }
}

/// Checks every file of the repository and prints every problem.
pub fn run() -> Result<(), String> {
    let mut files = Vec::new();
    read_folder(&root(), "", &mut files)?;
    let problems: Vec<Problem> = files.iter().flat_map(problems_of).chain(claims(&files)).collect();
    for problem in &problems {
        println!("{problem}");
    }
    match problems.len() {
        0 => println!("tidy: {} text files keep the rules", files.len()),
        1 => return Err("tidy: 1 problem, shown above".to_owned()),
        count => return Err(format!("tidy: {count} problems, shown above")),
    }
    Ok(())
}

/// Adds the text files below `folder`, in order of their names. Files that are not UTF-8 are not text.
fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<(), String> {
    let unread = |error: std::io::Error| format!("tidy: cannot read `{}`: {error}", folder.display());
    let mut entries = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(unread)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(unread)?;
        if kind.is_dir() && !SKIPPED_FOLDERS.contains(&name.as_str()) {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path()).map_err(|error| format!("tidy: cannot read `{path}`: {error}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(File { path, text });
            }
        }
    }
    Ok(())
}

fn problems_of(file: &File) -> Vec<Problem> {
    const RULES: [fn(&File) -> Vec<Problem>; 8] =
        [opening_comment, leftovers, outside_places, whitespace, dependency_arrows, outer_world, bare, floats];
    RULES.iter().flat_map(|rule| rule(file)).collect()
}

fn opening_comment(file: &File) -> Vec<Problem> {
    if !file.is_rust() || file.text.starts_with("//!") {
        return Vec::new();
    }
    vec![file.problem(1, "the file does not open with `//!`", "a first line that says what this file is")]
}

fn leftovers(file: &File) -> Vec<Problem> {
    if !file.is_rust() {
        return Vec::new();
    }
    let tags = file.lines_with(LEFTOVER_TAG).map(|line| {
        file.problem(line, format!("`{LEFTOVER_TAG}`"), "the repair, or a `TODO-correctness:` that says what is wrong")
    });
    let code = code_only(&file.text);
    let macros = LEFTOVERS.iter().flat_map(|name| {
        let starts = code.match_indices(name).map(|(start, _)| start);
        starts
            .filter(|start| !code[..*start].chars().next_back().is_some_and(is_word))
            .map(|start| file.problem(line_at(&code, start), format!("`{name}`"), "finished code"))
            .collect::<Vec<_>>()
    });
    tags.chain(macros).collect()
}

/// The rule that takes all files: every test in `CLAIMS` is in the file that its link leads to.
fn claims(files: &[File]) -> Vec<Problem> {
    let Some(page) = files.iter().find(|file| file.path == CLAIMS) else { return Vec::new() };
    let mut problems = Vec::new();
    for (index, line) in page.text.lines().enumerate() {
        for (start, opening) in line.match_indices("[`") {
            let Some((name, rest)) = line[start + opening.len()..].split_once("`](../") else { continue };
            let path = rest.split(')').next().unwrap_or_default();
            let test = files.iter().find(|file| file.path == path);
            if !test.is_some_and(|file| file.text.contains(&format!("fn {name}("))) {
                problems.push(page.problem(index + 1, format!("no test `{name}` in `{path}`"), "a test that is there"));
            }
        }
    }
    problems
}

fn outside_places(file: &File) -> Vec<Problem> {
    file.lines_with(OUTSIDE)
        .map(|line| file.problem(line, format!("`{OUTSIDE}` is outside the repository"), "a place that every clone has"))
        .collect()
}

fn whitespace(file: &File) -> Vec<Problem> {
    if !SOURCE_EXTENSIONS.contains(&file.extension()) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for (index, line) in file.text.split('\n').enumerate() {
        if line.contains('\t') {
            problems.push(file.problem(index + 1, "a tab", "spaces"));
        }
        if line.trim_end() != line {
            problems.push(file.problem(index + 1, "whitespace at the end of the line", "nothing after the last character"));
        }
    }
    problems
}

/// Reads a crate's manifest line by line: in every table of dependencies, which crates of ours does it name?
fn dependency_arrows(file: &File) -> Vec<Problem> {
    let Some(user) = file.crate_name().filter(|name| file.path == format!("crates/{name}/Cargo.toml")) else {
        return Vec::new();
    };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == user) else { return Vec::new() };
    let expected = match allowed {
        [] => "no crate of this workspace".to_owned(),
        _ => format!("no crate of this workspace but {}", allowed.join(", ")),
    };
    let mut problems = Vec::new();
    let mut in_dependencies = false;
    for (index, line) in file.text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        if line.trim_start().starts_with('[') {
            in_dependencies = line.contains("dependencies");
        }
        if !in_dependencies {
            continue;
        }
        for (start, prefix) in line.match_indices("deconflict-") {
            let used = &line[start + prefix.len()..];
            let used = &used[..used.find(|c| !is_word(c) && c != '-').unwrap_or(used.len())];
            if !allowed.contains(&used) {
                problems.push(file.problem(index + 1, format!("`{user}` uses `{used}`"), &expected));
            }
        }
    }
    problems
}

fn outer_world(file: &File) -> Vec<Problem> {
    let Some(code) = file.product_code_of(&CORE) else { return Vec::new() };
    let is_outer = |path: &str| OUTER_WORLD.iter().any(|outer| path == *outer || path.starts_with(&format!("{outer}::")));
    let paths = std_paths(&code).into_iter().filter(|(_, path)| is_outer(path));
    let clocks = code.match_indices("::now(").map(|(start, _)| (line_at(&code, start), "…::now()".to_owned()));
    let expected = "an answer that depends on the input alone: take the text or the time as an argument";
    paths.chain(clocks).map(|(line, path)| file.problem(line, format!("`{path}` in the core"), expected)).collect()
}

fn bare(file: &File) -> Vec<Problem> {
    let Some(code) = file.product_code_of(&BARE) else { return Vec::new() };
    let mut problems = Vec::new();
    if file.path.ends_with("/src/lib.rs") && !code.contains("#![no_std]") {
        problems.push(file.problem(1, "no `#![no_std]`", "a crate that cannot reach clocks, files and threads"));
    }
    let brought_back = code.match_indices("extern crate std");
    problems.extend(brought_back.map(|(start, name)| {
        file.problem(line_at(&code, start), format!("`{name}`"), "`std` only in tests, behind `#[cfg(test)]`")
    }));
    problems
}

fn floats(file: &File) -> Vec<Problem> {
    let Some(code) = file.product_code_of(&BARE) else { return Vec::new() };
    let words = float_words(&code).into_iter();
    words
        .map(|(line, word)| file.problem(line, format!("`{word}` is a float"), "integers: floats differ between machines"))
        .collect()
}

impl File {
    fn problem(&self, line: usize, found: impl Into<String>, expected: impl Into<String>) -> Problem {
        Problem { path: self.path.clone(), line, found: found.into(), expected: expected.into() }
    }

    /// The numbers of the lines that contain `needle`.
    fn lines_with<'a>(&'a self, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.text.lines().enumerate().filter(move |(_, line)| line.contains(needle)).map(|(index, _)| index + 1)
    }

    fn extension(&self) -> &str {
        Path::new(&self.path).extension().and_then(|extension| extension.to_str()).unwrap_or_default()
    }

    fn is_rust(&self) -> bool {
        self.extension() == "rs"
    }

    /// The code of the file without its tests, if it belongs to the product in one of `crates`.
    fn product_code_of(&self, crates: &[&str]) -> Option<String> {
        let name = self.crate_name().filter(|name| crates.contains(name))?;
        let in_product = self.path.starts_with(&format!("crates/{name}/src/"));
        let is_test = self.path.ends_with("tests.rs") || self.path.contains("/tests/");
        (in_product && !is_test && self.is_rust()).then(|| without_tests(&code_only(&self.text)))
    }

    /// The folder below `crates/` that the file lies in.
    fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }
}

#[cfg(test)]
#[path = "tidy_tests.rs"]
mod tests;
