//! What is wrong with the input: for people on standard error, for machines on standard output. Always exit status 2.

use std::fmt::Write;

use deconflict_plan::{Problem, SourceText};
use serde_json::json;

use crate::args::Format;
use crate::text::page::harmless;
use crate::text::style::{BOLD, DIM, LOUD};
use crate::{Status, output};

/// Longest piece of a source line that is shown, characters.
const LONGEST_LINE: usize = 120;

/// Reports every problem; `files` lends the source lines.
pub fn report(problems: &[Problem], files: &[SourceText], format: Format) -> Status {
    output::complain(&text(problems, files));
    let rows: Vec<_> = problems
        .iter()
        .map(|p| json!({ "file": p.file, "line": p.line, "path": p.path, "found": p.found, "expected": p.expected }))
        .collect();
    let answer = json!({ "problems": rows });
    output::write(Status::BadInput, |out| match format {
        Format::Json | Format::Geojson => writeln!(out, "{answer:#}"),
        Format::Ndjson => writeln!(out, "{answer}"),
        // No table and no globe has a place for it.
        Format::Text | Format::Csv | Format::Kml | Format::Czml => Ok(()),
    })
}

/// One paragraph for each problem, and how many there are.
pub fn text(problems: &[Problem], files: &[SourceText]) -> String {
    let mut text = String::new();
    for problem in problems {
        let Problem { file, line, path, found, expected } = problem;
        let line_text = line.map_or_else(String::new, |line| format!("{line}:"));
        let path = if path.is_empty() { String::new() } else { format!(" {path}:") };
        let (file, path, found, expected) = (harmless(file), harmless(&path), harmless(found), harmless(expected));
        let _ = writeln!(
            text,
            "{BOLD}{file}:{line_text}{BOLD:#}{path} {LOUD}found{LOUD:#} {found}, {LOUD}expected{LOUD:#} {expected}"
        );
        if let Some(source) = line.and_then(|line| source_line(files, &problem.file, line)) {
            let _ = writeln!(text, "{DIM}    | {source}{DIM:#}");
        }
    }
    let mut bad: Vec<&str> = problems.iter().map(|problem| problem.file.as_str()).collect();
    bad.sort_unstable();
    bad.dedup();
    let plural = |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let _ = writeln!(text, "{}; nothing was checked", plural(problems.len(), "problem") + " in " + &plural(bad.len(), "file"));
    text
}

/// A line of a file, if it is short, printable text.
fn source_line(files: &[SourceText], name: &str, line: usize) -> Option<String> {
    let file = files.iter().find(|file| file.name == name)?;
    let bytes = file.bytes.split(|&byte| byte == b'\n').nth(line.checked_sub(1)?)?;
    // A character is at most four bytes.
    let start = &bytes[..bytes.len().min(4 * LONGEST_LINE)];
    let source = String::from_utf8_lossy(start);
    let source = source.trim_end();
    if source.trim().is_empty() {
        return None;
    }
    let shown: String = source.chars().take(LONGEST_LINE).collect();
    let shown = harmless(&shown.replace('\t', " ")).into_owned();
    let cut = source.chars().count() > LONGEST_LINE || start.len() < bytes.len();
    Some(if cut { shown + " …" } else { shown })
}
