//! A zone as ED-269 writes it.

use deconflict_spacetime::{AltitudeBand, Footprint};
use serde::Deserialize;

use super::super::coordinates::Coordinates;
use super::super::properties::Reporter;
use super::schedule::Period;
use super::{GeoZone, Labels, Limits, Text, circle, one_or_many, polygons};

/// A zone.
#[derive(Debug, Deserialize)]
pub struct Zone {
    identifier: Option<String>,
    name: Option<Text>,
    restriction: Option<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    applicability: Vec<Period>,
    #[serde(deserialize_with = "one_or_many")]
    geometry: Vec<Layer>,
}

/// One volume of airspace.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    uom_dimensions: Option<String>,
    lower_limit: Option<f64>,
    lower_vertical_reference: Option<String>,
    upper_limit: Option<f64>,
    upper_vertical_reference: Option<String>,
    horizontal_projection: Projection,
}

/// The ground under a volume.
#[derive(Debug, Deserialize)]
struct Projection {
    #[serde(rename = "type")]
    kind: String,
    coordinates: Option<Coordinates>,
    center: Option<Vec<f64>>,
    /// In metres, the larger reading, also where altitudes are in feet.
    radius: Option<f64>,
}

impl GeoZone for Zone {
    const WORDS: &'static str = "a zone as ED-269 has it";

    fn labels(&self) -> Labels<'_> {
        let identifier = self.identifier.as_deref().map(str::trim).filter(|identifier| !identifier.is_empty());
        Labels { identifier, name: self.name.as_ref().and_then(Text::first), restriction: self.restriction.as_deref() }
    }

    fn periods(&self) -> &[Period] {
        &self.applicability
    }

    fn layers(&self, to: &mut Reporter) -> Option<Vec<(Footprint, AltitudeBand)>> {
        if self.geometry.is_empty() {
            to.fault("geometry", "an empty list", "at least one volume");
            return None;
        }
        let mut layers = Vec::new();
        for (index, layer) in self.geometry.iter().enumerate() {
            let path = format!("geometry[{index}]");
            let limits = Limits {
                path: &path,
                unit: layer.uom_dimensions.as_deref(),
                lower: (layer.lower_limit, layer.lower_vertical_reference.as_deref()),
                upper: (layer.upper_limit, layer.upper_vertical_reference.as_deref()),
            };
            let band = limits.band(to);
            let footprints = layer.horizontal_projection.footprints(&format!("{path}.horizontalProjection"), to);
            let (band, footprints) = (band?, footprints?);
            layers.extend(footprints.into_iter().map(|footprint| (footprint, band)));
        }
        Some(layers)
    }
}

impl Projection {
    fn footprints(&self, path: &str, to: &mut Reporter) -> Option<Vec<Footprint>> {
        if self.kind.eq_ignore_ascii_case("Circle") {
            return circle(self.center.as_deref().unwrap_or_default(), self.radius, path, to).map(|circle| vec![circle]);
        }
        polygons(&self.kind, self.coordinates.as_ref(), path, to)
    }
}
