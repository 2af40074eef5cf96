//! Findings out, in the formats of other people's programs. What each holds is in `docs/report.md`.
//!
//! Nothing is computed here: a format says what the report says, and leaves nothing out that it has a place for. Names are
//! written by anybody and may be hostile; each format makes them harmless in its own way.

mod colours;
mod csv;
mod czml;
mod geojson;
mod html;
mod kml;
mod ndjson;
mod page;
mod scene;
mod xml;

use std::borrow::Cow;

pub use self::csv::csv;
pub use czml::czml;
pub use geojson::geojson;
pub use kml::kml;
pub use ndjson::ndjson;
pub use page::page;
pub use scene::scene;

/// Text on one line: what controls a screen or a printer becomes a space.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) { text.replace(char::is_control, " ").into() } else { text.into() }
}

/// The title of a report, or its id where it has none.
fn title(report: &deconflict_plan::report::Report) -> &str {
    if report.title.is_empty() { &report.id } else { &report.title }
}

/// Degrees to seven decimals, 1 cm; never −0.
fn degrees(deg: f64) -> f64 {
    (deg * 1e7).round() / 1e7 + 0.0
}

#[cfg(test)]
#[path = "samples.rs"]
mod samples;
