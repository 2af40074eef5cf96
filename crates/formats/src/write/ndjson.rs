//! Findings as NDJSON: one a line, each the same object as in the JSON report's list.

use std::io::{self, Write};

use deconflict_plan::finding_json;
use deconflict_plan::report::Report;

/// Writes every finding as a line of JSON, loudest first; nothing at all where nothing is found.
///
/// # Errors
/// What `out` says.
pub fn ndjson(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for finding in &report.findings {
        // A line break within a text is escaped by JSON itself.
        serde_json::to_writer(&mut *out, &finding_json(finding))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "ndjson_tests.rs"]
mod tests;
