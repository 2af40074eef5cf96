//! A zone as ED-318 writes it: a GeoJSON feature with layers in its geometry.

use deconflict_spacetime::{AltitudeBand, Footprint};
use serde::Deserialize;

use super::super::coordinates::Coordinates;
use super::super::problems::quoted;
use super::super::properties::Reporter;
use super::schedule::Period;
use super::{GeoZone, Labels, Limits, Text, circle, one_or_many, polygons};

/// A zone.
#[derive(Debug, Deserialize)]
pub struct Zone {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    identifier: Option<String>,
    name: Option<Text>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    limited_applicability: Vec<Period>,
}

/// A geometry with its layer.
#[derive(Debug, Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    coordinates: Option<Coordinates>,
    geometries: Option<Vec<Geometry>>,
    layer: Option<Layer>,
    extent: Option<Extent>,
}

/// From where to where it reaches.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    uom: Option<String>,
    lower: Option<f64>,
    lower_reference: Option<String>,
    upper: Option<f64>,
    upper_reference: Option<String>,
}

/// What is around a point.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extent {
    sub_type: Option<String>,
    radius: Option<f64>,
}

impl GeoZone for Zone {
    const WORDS: &'static str = "a zone as ED-318 has it";

    fn labels(&self) -> Labels<'_> {
        let identifier = self.properties.identifier.as_deref().map(str::trim).filter(|identifier| !identifier.is_empty());
        let name = self.properties.name.as_ref().and_then(Text::first);
        Labels { identifier, name, restriction: self.properties.kind.as_deref() }
    }

    fn periods(&self) -> &[Period] {
        &self.properties.limited_applicability
    }

    fn layers(&self, to: &mut Reporter) -> Option<Vec<(Footprint, AltitudeBand)>> {
        let mut layers = Vec::new();
        self.geometry.layers(None, "geometry", to, &mut layers)?;
        if layers.is_empty() {
            to.fault("geometry", "nothing in it", "at least one geometry");
            return None;
        }
        Some(layers)
    }
}

impl Geometry {
    /// Adds the layers of a geometry, which may have its layer from the collection around it.
    fn layers(
        &self,
        around: Option<&Layer>,
        path: &str,
        to: &mut Reporter,
        layers: &mut Vec<(Footprint, AltitudeBand)>,
    ) -> Option<()> {
        let layer = self.layer.as_ref().or(around);
        if self.kind.eq_ignore_ascii_case("GeometryCollection") {
            for (index, geometry) in self.geometries.iter().flatten().enumerate() {
                geometry.layers(layer, &format!("{path}.geometries[{index}]"), to, layers)?;
            }
            return Some(());
        }
        let Some(layer) = layer else {
            to.fault(format!("{path}.layer"), "nothing", "the layer with its limits");
            return None;
        };
        let layer_path = format!("{path}.layer");
        let limits = Limits {
            path: &layer_path,
            unit: layer.uom.as_deref(),
            lower: (layer.lower, layer.lower_reference.as_deref()),
            upper: (layer.upper, layer.upper_reference.as_deref()),
        };
        let band = limits.band(to);
        let footprints = self.footprints(path, to);
        let (band, footprints) = (band?, footprints?);
        layers.extend(footprints.into_iter().map(|footprint| (footprint, band)));
        Some(())
    }

    fn footprints(&self, path: &str, to: &mut Reporter) -> Option<Vec<Footprint>> {
        if !self.kind.eq_ignore_ascii_case("Point") {
            return polygons(&self.kind, self.coordinates.as_ref(), path, to);
        }
        let Some(extent) = &self.extent else {
            to.fault(format!("{path}.extent"), "nothing", "the extent around the point: a circle and its radius");
            return None;
        };
        // Both spellings stand in the published examples.
        let kind = extent.sub_type.as_deref().unwrap_or("Circle");
        if !["Circle", "Circles"].iter().any(|known| known.eq_ignore_ascii_case(kind)) {
            to.fault(format!("{path}.extent.subType"), quoted(kind), "`Circle`");
            return None;
        }
        let center = self.coordinates.as_ref().and_then(Coordinates::point);
        circle(center.as_ref().map_or(&[], |center| &center[..]), extent.radius, path, to).map(|circle| vec![circle])
    }
}
