//! Which formats there are, and how a file's name, its first bytes or the user tell which it is.

use std::io::Read;
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON.
    GeoJson,
    /// Newline-delimited GeoJSON.
    NdJson,
    /// Tables of volumes or of trajectories.
    Csv,
    /// KML and KMZ; which of the two is seen from the file.
    Kml,
    /// OpenAir airspace.
    OpenAir,
    /// UAS geographical zones in the form of ED-269.
    Ed269,
    /// UAS geographical zones in the form of ED-318.
    Ed318,
    /// Operational intents and constraints of ASTM F3548.
    F3548,
}

/// Every format, its name for users, and the ends of file names that tell it.
const FORMATS: [(Format, &str, &[&str]); 8] = [
    (Format::GeoJson, "geojson", &["geojson"]),
    (Format::NdJson, "ndjson", &["ndjson", "geojsonl", "geojsons", "geojsonseq", "jsonl"]),
    (Format::Csv, "csv", &["csv", "tsv"]),
    (Format::Kml, "kml", &["kml", "kmz"]),
    (Format::OpenAir, "openair", &["openair", "air", "txt"]),
    (Format::Ed269, "ed269", &[]),
    (Format::Ed318, "ed318", &[]),
    (Format::F3548, "f3548", &[]),
];

/// So many bytes of a file tell its format.
pub const HEAD_LEN: usize = 64 * 1024;

impl Format {
    /// Every format.
    pub const ALL: [Self; FORMATS.len()] =
        [Self::GeoJson, Self::NdJson, Self::Csv, Self::Kml, Self::OpenAir, Self::Ed269, Self::Ed318, Self::F3548];

    /// Its name for users.
    pub const fn name(self) -> &'static str {
        FORMATS[self as usize].1
    }

    /// The format with this name.
    pub fn named(name: &str) -> Option<Self> {
        FORMATS.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(name)).map(|(format, _, _)| *format)
    }

    /// The format that the end of a file's name tells; `.gz` after it does not matter. `.json` tells none.
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let end = name.rsplit_once('.')?.1;
        FORMATS.iter().find(|(_, _, ends)| ends.contains(&end)).map(|(format, _, _)| *format)
    }

    /// The format of a file with this name that starts with these bytes, [`HEAD_LEN`] or all there are.
    ///
    /// JSON is told by what is in it, whatever its name; a plan is `None`.
    pub fn of(path: &Path, head: &[u8]) -> Option<Self> {
        let named = Self::of_path(path);
        if !matches!(named, None | Some(Self::GeoJson)) {
            return named;
        }
        let mut unpacked = Vec::new();
        let head = if head.starts_with(&[0x1f, 0x8b]) {
            // The head of a packed file breaks off; what came before is good.
            let _ = MultiGzDecoder::new(head).take(HEAD_LEN as u64).read_to_end(&mut unpacked);
            &unpacked[..]
        } else {
            head
        };
        let has = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
        let start = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head).trim_ascii_start();
        match start.first() {
            Some(b'{' | b'[' | 0x1e) if has("\"horizontalProjection\"") => Some(Self::Ed269),
            Some(b'{' | b'[' | 0x1e) if has("\"Feature") => {
                let zones = has("\"zoneAuthority\"") || has("\"limitedApplicability\"") || has("\"upperReference\"");
                Some(if zones { Self::Ed318 } else { Self::GeoJson })
            }
            Some(b'{' | b'[' | 0x1e) if has("\"outline_polygon\"") || has("\"outline_circle\"") => Some(Self::F3548),
            Some(b'<') if has("<kml") => Some(Self::Kml),
            Some(b'P') if start.starts_with(b"PK\x03\x04") => Some(Self::Kml),
            _ => named,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Format;

    #[test]
    fn names_tell_the_format() {
        let cases = [
            ("a.geojson", Some(Format::GeoJson)),
            ("a.b.NDJSON.gz", Some(Format::NdJson)),
            ("/x/a.csv", Some(Format::Csv)),
            ("a.kmz", Some(Format::Kml)),
            ("a.txt", Some(Format::OpenAir)),
            ("a.json", None),
            ("a.toml", None),
            ("csv", None),
            ("a.gz", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(Format::of_path(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn what_is_in_a_file_tells_what_json_it_is() {
        let cases: [(&str, &[u8], Option<Format>); 9] = [
            ("a.json", b"{\"type\":\"FeatureCollection\"", Some(Format::GeoJson)),
            ("a.json", b"\xef\xbb\xbf [{\"type\": \"Feature\"", Some(Format::GeoJson)),
            ("a.json", b"{\"features\":[{\"geometry\":[{\"horizontalProjection\"", Some(Format::Ed269)),
            (
                "a.geojson",
                b"{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"zoneAuthority\"",
                Some(Format::Ed318),
            ),
            (
                "a.json",
                b"{\"operational_intent\":{\"details\":{\"volumes\":[{\"volume\":{\"outline_circle\"",
                Some(Format::F3548),
            ),
            ("a.json", b"{\"plan\":{}}", None),
            ("-", b"<?xml version=\"1.0\"?><kml>", Some(Format::Kml)),
            ("-", b"claim,time", None),
            ("a.ndjson", b"{\"plan\":{}}", Some(Format::NdJson)),
        ];
        for (name, head, expected) in cases {
            assert_eq!(Format::of(Path::new(name), head), expected, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn users_names_are_those_of_the_formats() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.name()), Some(format));
        }
    }
}
