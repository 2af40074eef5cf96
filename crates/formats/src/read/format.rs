//! Which formats there are, and how a file's name or its first bytes tell.

use std::path::Path;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON.
    GeoJson,
    /// Newline-delimited GeoJSON.
    NdJson,
    /// Tables of volumes or of trajectories.
    Csv,
    /// OpenAir airspace.
    OpenAir,
    /// KML and KMZ; which of the two is seen from the file.
    Kml,
    /// UAS geographical zones in the form of ED-269.
    Ed269,
    /// UAS geographical zones in the form of ED-318.
    Ed318,
}

impl Format {
    /// What an entry of the format is called.
    pub const fn entry_name(self) -> &'static str {
        match self {
            Self::GeoJson | Self::NdJson => "feature",
            Self::Csv => "row",
            Self::OpenAir => "airspace",
            Self::Kml => "Placemark",
            Self::Ed269 | Self::Ed318 => "zone",
        }
    }

    /// The format that a file's name tells.
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "geojson" => Some(Self::GeoJson),
            "ndjson" | "geojsonl" | "jsonl" | "geojsons" | "geojsonseq" => Some(Self::NdJson),
            "csv" | "tsv" => Some(Self::Csv),
            "openair" | "air" | "txt" => Some(Self::OpenAir),
            "kml" | "kmz" => Some(Self::Kml),
            _ => None,
        }
    }
}
