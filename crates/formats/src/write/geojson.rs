//! Findings as a GeoJSON `FeatureCollection` (RFC 7946), for maps: those that have a place.

use std::io::{self, Write};

use deconflict_plan::finding_json;
use deconflict_plan::report::Report;
use serde_json::{Map, Value, json};

/// What of a finding a feature has as properties.
const PROPERTIES: [&str; 6] = ["id", "kind", "level", "claims", "window", "text"];

/// Writes the findings that have a place.
///
/// # Errors
/// What `out` says.
pub fn geojson(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let features: Vec<Value> = report.findings.iter().filter(|f| f.place.is_some()).map(|f| feature(finding_json(f))).collect();
    serde_json::to_writer_pretty(&mut *out, &json!({ "type": "FeatureCollection", "features": features }))?;
    out.write_all(b"\n")
}

/// The feature of a finding that is JSON already.
fn feature(mut finding: Value) -> Value {
    let properties: Map<String, Value> = PROPERTIES.iter().map(|&name| (name.to_owned(), finding[name].take())).collect();
    json!({ "type": "Feature", "id": properties["id"], "geometry": finding["where"].take(), "properties": properties })
}

#[cfg(test)]
#[path = "geojson_tests.rs"]
mod tests;
