//! Findings as KML 2.2, for Google Earth and other globes: a folder for each level, a Placemark for each finding.
//!
//! KML measures `absolute` altitudes from mean sea level (EGM96), so that heights above the ellipsoid are brought down there. A
//! band is drawn as its floor and its ceiling. Flight levels have no height on a globe: what has them lies on the ground, and
//! its description gives the band.

use std::io::{self, Write};

use deconflict_plan::model::{Level, Picture};
use deconflict_plan::report::{Finding, Report};
use deconflict_plan::{Drawing, Ring, Rings, Vertex, words};
use deconflict_spacetime::{AltitudeReference, Geoid, LatLng, NS_PER_S, Time, TimeSpan};

use super::xml::Xml;
use super::{colours, degrees, html, one_line, title};

/// Writes every finding, those without a place as well: a globe lists them.
///
/// # Errors
/// What `out` says.
pub fn kml(out: &mut dyn Write, picture: &Picture, report: &Report) -> io::Result<()> {
    Xml::new(out)?.element("kml xmlns=\"http://www.opengis.net/kml/2.2\"", |xml| {
        xml.element("Document", |xml| {
            xml.text("name", &one_line(title(report)))?;
            xml.element("ExtendedData", |xml| data(xml, "as_of", &words::rfc3339(report.as_of)))?;
            for level in words::LEVELS {
                style(xml, level)?;
            }
            for level in words::LEVELS {
                folder(xml, picture, report, level)?;
            }
            Ok(())
        })
    })
}

fn style(xml: &mut Xml, level: Level) -> io::Result<()> {
    let [red, green, blue] = colours::of_level(level);
    // Opacity, blue, green, red.
    let colour = |opacity: &str| format!("{opacity}{blue:02x}{green:02x}{red:02x}");
    xml.element(&format!("Style id=\"{}\"", words::level(level)), |xml| {
        xml.element("IconStyle", |xml| xml.plain("color", colour("ff")))?;
        xml.element("LineStyle", |xml| {
            xml.plain("color", colour("ff"))?;
            xml.plain("width", if level >= Level::Urgent { 3 } else { 2 })
        })?;
        xml.element("PolyStyle", |xml| xml.plain("color", colour("66")))
    })
}

fn folder(xml: &mut Xml, picture: &Picture, report: &Report, level: Level) -> io::Result<()> {
    let findings: Vec<&Finding> = report.findings.iter().filter(|finding| finding.level == level).collect();
    if findings.is_empty() {
        return Ok(());
    }
    xml.element("Folder", |xml| {
        xml.plain("name", format!("{} ({})", words::level(level), findings.len()))?;
        findings.iter().try_for_each(|finding| placemark(xml, picture, report, finding))
    })
}

/// The members stand in the order of the KML schema.
fn placemark(xml: &mut Xml, picture: &Picture, report: &Report, finding: &Finding) -> io::Result<()> {
    xml.element("Placemark", |xml| {
        xml.text("name", &one_line(&finding.id))?;
        xml.text("Snippet maxLines=\"2\"", &one_line(&finding.headline))?;
        xml.text("description", &html::description(picture, report, finding))?;
        if let Some(window) = finding.window {
            time_span(xml, window)?;
        }
        xml.plain("styleUrl", format!("#{}", words::level(finding.level)))?;
        xml.element("ExtendedData", |xml| {
            data(xml, "id", &finding.id)?;
            data(xml, "kind", words::kind(finding.kind))?;
            data(xml, "level", words::level(finding.level))?;
            data(xml, "certainty", words::certainty(finding.certainty))
        })?;
        match &finding.place {
            Some(place) => geometry(xml, &Drawing::of(place), &Height::of(picture, finding)),
            None => Ok(()),
        }
    })
}

fn data(xml: &mut Xml, name: &str, value: &str) -> io::Result<()> {
    xml.element(&format!("Data name=\"{name}\""), |xml| xml.text("value", value))
}

/// The window in whole seconds, rounded outwards: not every globe reads fractions.
fn time_span(xml: &mut Xml, window: TimeSpan) -> io::Result<()> {
    let second = |ns: i64| words::rfc3339(Time::from_ns(ns.saturating_mul(NS_PER_S)));
    let (begin, end) = (window.start().ns().div_euclid(NS_PER_S), -(-window.end().ns()).div_euclid(NS_PER_S));
    xml.element("TimeSpan", |xml| {
        xml.plain("begin", second(begin))?;
        xml.plain("end", second(end))
    })
}

/// Where above the ground something is drawn.
enum Height {
    /// On the ground.
    Ground,
    /// Between two altitudes in metres, with a mode.
    Band { mode: &'static str, edges_m: [f64; 2], reference: AltitudeReference },
}

impl Height {
    fn of(picture: &Picture, finding: &Finding) -> Self {
        let reference = picture.altitude_reference;
        let mode = match reference {
            AltitudeReference::W84 | AltitudeReference::Amsl => "absolute",
            AltitudeReference::Agl => "relativeToGround",
            AltitudeReference::Std => return Self::Ground,
        };
        finding.altitude_m.map_or(Self::Ground, |edges_m| Self::Band { mode, edges_m, reference })
    }

    /// The altitudes at which something is drawn: floor and ceiling, or none on the ground.
    fn sheets(&self) -> Vec<Option<f64>> {
        match self {
            Self::Ground => vec![None],
            Self::Band { edges_m: [lower_m, upper_m], .. } if lower_m < upper_m => vec![Some(*lower_m), Some(*upper_m)],
            Self::Band { edges_m: [level_m, _], .. } => vec![Some(*level_m)],
        }
    }

    fn mode(&self) -> &'static str {
        match self {
            Self::Ground => "clampToGround",
            Self::Band { mode, .. } => mode,
        }
    }

    /// Longitude, latitude and, above the ground, the altitude as KML measures it, to a decimetre.
    fn position(&self, [lng_deg, lat_deg]: Vertex, altitude_m: Option<f64>) -> String {
        let place = format!("{},{}", degrees(lng_deg), degrees(lat_deg));
        let (Self::Band { reference, .. }, Some(altitude_m)) = (self, altitude_m) else { return place };
        let undulation_m = match LatLng::degrees(lat_deg, lng_deg) {
            Ok(at) if *reference == AltitudeReference::W84 => Geoid::Egm96.undulation(at).m(),
            _ => 0.0,
        };
        format!("{place},{}", ((altitude_m - undulation_m) * 10.0).round() / 10.0 + 0.0)
    }
}

fn geometry(xml: &mut Xml, drawing: &Drawing, height: &Height) -> io::Result<()> {
    let mut pieces: Vec<Piece> = Vec::new();
    match drawing {
        Drawing::Point(at) => {
            let middle_m = if let Height::Band { edges_m: [a, b], .. } = height { Some(f64::midpoint(*a, *b)) } else { None };
            pieces.push(Piece::Point(*at, middle_m));
        }
        Drawing::Lines(lines) => {
            for sheet in height.sheets() {
                pieces.extend(lines.iter().map(|line| Piece::Line(line, sheet)));
            }
        }
        Drawing::Polygons(polygons) => {
            for sheet in height.sheets() {
                pieces.extend(polygons.iter().map(|rings| Piece::Polygon(rings, sheet)));
            }
        }
    }
    match pieces.as_slice() {
        [] => Ok(()),
        [only] => only.write(xml, height),
        _ => xml.element("MultiGeometry", |xml| pieces.iter().try_for_each(|piece| piece.write(xml, height))),
    }
}

/// A piece of a drawing, at an altitude or on the ground.
enum Piece<'a> {
    Point(Vertex, Option<f64>),
    Line(&'a [Vertex], Option<f64>),
    Polygon(&'a Rings, Option<f64>),
}

impl Piece<'_> {
    fn write(&self, xml: &mut Xml, height: &Height) -> io::Result<()> {
        let coordinates = |xml: &mut Xml, vertices: &mut dyn Iterator<Item = &Vertex>, altitude_m| {
            let positions: Vec<String> = vertices.map(|&at| height.position(at, altitude_m)).collect();
            xml.plain("coordinates", positions.join(" "))
        };
        let ring = |xml: &mut Xml, boundary: &str, ring: &Ring, altitude_m| {
            let closed = &mut ring.iter().chain(ring.first());
            xml.element(boundary, |xml| xml.element("LinearRing", |xml| coordinates(xml, closed, altitude_m)))
        };
        // An edge on the ground follows it.
        let mode = |xml: &mut Xml, follows: bool| {
            if follows && matches!(height, Height::Ground) {
                xml.plain("tessellate", 1)?;
            }
            xml.plain("altitudeMode", height.mode())
        };
        match self {
            Self::Point(at, altitude_m) => xml.element("Point", |xml| {
                mode(xml, false)?;
                coordinates(xml, &mut [*at].iter(), *altitude_m)
            }),
            Self::Line(line, altitude_m) => xml.element("LineString", |xml| {
                mode(xml, true)?;
                coordinates(xml, &mut line.iter(), *altitude_m)
            }),
            Self::Polygon(rings, altitude_m) => xml.element("Polygon", |xml| {
                mode(xml, true)?;
                for (index, edge) in rings.iter().enumerate() {
                    ring(xml, if index == 0 { "outerBoundaryIs" } else { "innerBoundaryIs" }, edge, *altitude_m)?;
                }
                Ok(())
            }),
        }
    }
}

#[cfg(test)]
#[path = "kml_tests.rs"]
mod tests;
