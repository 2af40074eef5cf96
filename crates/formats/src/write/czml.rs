//! Findings as CZML, for Cesium: a packet for each finding, shown in its window, at its height, in the colour of its level.
//!
//! Cesium measures heights from the ellipsoid, so that those above mean sea level are raised by the undulation of EGM96 at the
//! label. It draws geodesics in space: nothing is cut at the antimeridian. Flight levels have no height on a globe: what has
//! them lies on the ground, and its description gives the band.

use std::io::{self, Write};

use deconflict_plan::model::{Level, Picture};
use deconflict_plan::report::{Finding, Location, Report};
use deconflict_plan::words;
use deconflict_spacetime::{AltitudeReference, Geoid, LatLng, NS_PER_S, RegionPolygon, TimeSpan};
use serde_json::{Value, json};

use super::{colours, degrees, html, one_line, title};

/// Shown time goes so fast that a whole report takes about this long, seconds.
const SHOW_S: i64 = 60;

/// Writes every finding, one packet a line; those without a place as well, for their descriptions.
///
/// # Errors
/// What `out` says.
pub fn czml(out: &mut dyn Write, picture: &Picture, report: &Report) -> io::Result<()> {
    out.write_all(b"[\n")?;
    serde_json::to_writer(&mut *out, &document(report))?;
    for finding in &report.findings {
        for packet in packets(picture, report, finding) {
            out.write_all(b",\n")?;
            serde_json::to_writer(&mut *out, &packet)?;
        }
    }
    out.write_all(b"\n]\n")
}

/// The first packet: the title, and a clock over all windows that starts as of the report.
fn document(report: &Report) -> Value {
    let mut packet = json!({ "id": "document", "name": one_line(title(report)), "version": "1.0" });
    let windows = report.findings.iter().filter_map(|finding| finding.window);
    if let Some(all) = windows.reduce(TimeSpan::hull) {
        let all = TimeSpan::new(all.start().min(report.as_of), all.end().max(report.as_of)).unwrap_or(all);
        packet["clock"] = json!({
            "interval": interval(all),
            "currentTime": words::rfc3339(report.as_of),
            "multiplier": (all.end().since_ns(all.start()) / NS_PER_S / SHOW_S).max(1),
            "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        });
    }
    packet
}

fn interval(span: TimeSpan) -> String {
    format!("{}/{}", words::rfc3339(span.start()), words::rfc3339(span.end()))
}

/// The packet of a finding, and one more for each further polygon, since a packet holds one.
fn packets(picture: &Picture, report: &Report, finding: &Finding) -> Vec<Value> {
    let mut packet = json!({
        "id": finding.id,
        "name": one_line(&finding.headline),
        "description": html::description(picture, report, finding),
        "properties": {
            "kind": words::kind(finding.kind),
            "level": words::level(finding.level),
            "certainty": words::certainty(finding.certainty),
        },
    });
    if let Some(window) = finding.window {
        packet["availability"] = interval(window).into();
    }
    let (Some(place), Some(at)) = (&finding.place, finding.place.as_ref().and_then(Location::label_point)) else {
        return vec![packet];
    };
    let height = Height::of(picture, finding, at);
    let middle_m = height.edges_m.map_or(0.0, |[lower_m, upper_m]| f64::midpoint(lower_m, upper_m));
    packet["position"] = json!({ "cartographicDegrees": [degrees(at.lng_deg()), degrees(at.lat_deg()), middle_m] });
    packet["label"] = label(finding, &height);
    let mut more = Vec::new();
    match place {
        Location::Point(_) => packet["point"] = point(finding.level, &height),
        Location::Line(points) => match height.edges_m {
            Some(edges_m) if height.reference == "NONE" => packet["wall"] = wall(points, finding.level, edges_m),
            _ => packet["polyline"] = polyline(points, finding.level),
        },
        Location::Region(region) => {
            let mut polygons = region.polygons().iter().map(|area| polygon(area, finding.level, &height));
            packet["polygon"] = polygons.next().unwrap_or_default();
            for (index, polygon) in polygons.enumerate() {
                more.push(further(&packet, index + 2, polygon));
            }
        }
    }
    std::iter::once(packet).chain(more).collect()
}

/// A packet for another polygon of the same finding, with the same box and the same window.
fn further(packet: &Value, number: usize, polygon: Value) -> Value {
    let id = packet["id"].as_str().unwrap_or_default();
    let mut further =
        json!({ "id": format!("{id}#{number}"), "parent": id, "name": packet["name"], "description": packet["description"] });
    if let Some(availability) = packet.get("availability") {
        further["availability"] = availability.clone();
    }
    further["polygon"] = polygon;
    further
}

/// Where above the ground something is drawn, in Cesium's words.
struct Height {
    /// Lower and upper edge, metres above what `reference` says.
    edges_m: Option<[f64; 2]>,
    /// `NONE` is the ellipsoid.
    reference: &'static str,
}

impl Height {
    fn of(picture: &Picture, finding: &Finding, at: LatLng) -> Self {
        let (reference, raised_m) = match picture.altitude_reference {
            AltitudeReference::W84 => ("NONE", 0.0),
            AltitudeReference::Amsl => ("NONE", Geoid::Egm96.undulation(at).m()),
            AltitudeReference::Agl => ("RELATIVE_TO_GROUND", 0.0),
            AltitudeReference::Std => return Self::ground(),
        };
        let decimetres = |m: f64| ((m + raised_m) * 10.0).round() / 10.0 + 0.0;
        finding.altitude_m.map_or_else(Self::ground, |band| Self { edges_m: Some(band.map(decimetres)), reference })
    }

    const fn ground() -> Self {
        Self { edges_m: None, reference: "CLAMP_TO_GROUND" }
    }
}

fn label(finding: &Finding, height: &Height) -> Value {
    json!({
        "text": format!("{} {}", words::level(finding.level).to_uppercase(), one_line(&finding.id)),
        "font": "14px sans-serif",
        "style": "FILL_AND_OUTLINE",
        "fillColor": rgba([255, 255, 255], 255),
        "outlineColor": rgba([0, 0, 0], 255),
        "outlineWidth": 3,
        "verticalOrigin": "BOTTOM",
        "heightReference": height.reference,
    })
}

fn point(level: Level, height: &Height) -> Value {
    json!({
        "pixelSize": 12,
        "color": rgba(colours::of_level(level), 255),
        "outlineColor": rgba([0, 0, 0], 255),
        "outlineWidth": 1,
        "heightReference": height.reference,
    })
}

fn polyline(points: &[LatLng], level: Level) -> Value {
    json!({
        "positions": positions(points, 0.0),
        "width": 3,
        "arcType": "GEODESIC",
        "clampToGround": true,
        "material": material(level, 255),
    })
}

fn wall(points: &[LatLng], level: Level, [lower_m, upper_m]: [f64; 2]) -> Value {
    json!({
        "positions": positions(points, upper_m),
        "minimumHeights": { "array": vec![lower_m; points.len()] },
        "material": material(level, 100),
    })
}

fn polygon(area: &RegionPolygon, level: Level, height: &Height) -> Value {
    let mut polygon = json!({
        "positions": positions(&area.outer, 0.0),
        "arcType": "GEODESIC",
        "material": material(level, 100),
    });
    if !area.holes.is_empty() {
        let holes: Vec<Value> = area.holes.iter().map(|hole| positions(hole, 0.0)["cartographicDegrees"].take()).collect();
        polygon["holes"] = json!({ "cartographicDegrees": holes });
    }
    // Without heights Cesium drapes it over the ground, where it draws no outline.
    if let Some([lower_m, upper_m]) = height.edges_m {
        polygon["height"] = lower_m.into();
        polygon["heightReference"] = height.reference.into();
        polygon["extrudedHeight"] = upper_m.into();
        polygon["extrudedHeightReference"] = height.reference.into();
        polygon["outline"] = true.into();
        polygon["outlineColor"] = rgba(colours::of_level(level), 255);
    }
    polygon
}

fn positions(points: &[LatLng], height_m: f64) -> Value {
    let flat: Vec<f64> = points.iter().flat_map(|at| [degrees(at.lng_deg()), degrees(at.lat_deg()), height_m]).collect();
    json!({ "cartographicDegrees": flat })
}

fn material(level: Level, opacity: u8) -> Value {
    json!({ "solidColor": { "color": rgba(colours::of_level(level), opacity) } })
}

fn rgba([red, green, blue]: [u8; 3], opacity: u8) -> Value {
    json!({ "rgba": [red, green, blue, opacity] })
}

#[cfg(test)]
#[path = "czml_tests.rs"]
mod tests;
