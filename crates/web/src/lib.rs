//! The page with the map, as it was built from `web/` (`cargo xtask web` builds it and says whether what is here is what the source makes).
//!
//! The page is one program: with a scene in the page it is a report that opens from disk, without one it is the desk of a party that asks
//! the service. Does not know what stands in a scene.

use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// The program, packed with gzip.
pub const APP_JS_GZ: &[u8] = include_bytes!("../../../web/dist/app.js.gz");
/// The worker of the map, packed with gzip.
pub const WORKER_JS_GZ: &[u8] = include_bytes!("../../../web/dist/worker.js.gz");
/// The style.
pub const APP_CSS: &str = include_str!("../../../web/dist/app.css");
/// The page that the service gives out.
pub const DESK_HTML: &str = include_str!("../../../web/desk.html");

/// A report without its parts.
const REPORT: &str = include_str!("../../../web/report.html");
/// What its parts take the place of, in this order.
const PLACES: [&str; 5] = ["__STYLE__", "\"__SCENE__\"", "__BASEMAP__", "__WORKER__", "__APP__"];

/// Says what is wrong with a file of map tiles, of which these are the first bytes: it has to be PMTiles, version 3.
///
/// # Errors
/// What was found instead.
pub fn check_tiles(beginning: &[u8]) -> Result<(), String> {
    match beginning.strip_prefix(b"PMTiles") {
        Some([3, ..]) if beginning.len() >= TILES_HEADER_BYTES => Ok(()),
        Some([3, ..] | []) => Err(format!("only {} bytes", beginning.len())),
        Some([version, ..]) => Err(format!("PMTiles of version {version}")),
        None => Err("no PMTiles".to_owned()),
    }
}

/// Length of the head of a PMTiles file.
pub const TILES_HEADER_BYTES: usize = 127;

/// Writes a report: one file with everything in it. `scene` is JSON in which no `<` stands; `tiles` is the reader's own base map
/// (PMTiles), or empty.
///
/// # Errors
/// What `out` says.
pub fn write_report(out: &mut dyn Write, scene: &str, tiles: &[u8]) -> io::Result<()> {
    debug_assert!(!scene.contains('<'), "it could end the script that it stands in");
    let packed = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    let parts = [APP_CSS, scene, &packed(tiles), &packed(WORKER_JS_GZ), &packed(APP_JS_GZ)];
    let mut rest = REPORT;
    for (place, part) in PLACES.into_iter().zip(parts) {
        let (before, after) = rest.split_once(place).ok_or_else(|| io::Error::other(format!("the page has no place {place}")))?;
        out.write_all(before.as_bytes())?;
        out.write_all(part.as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{PLACES, check_tiles, write_report};

    #[test]
    fn tiles_are_pmtiles_of_version_3() {
        let good = [&b"PMTiles\x03"[..], &[0; 119]].concat();
        assert_eq!(check_tiles(&good), Ok(()));
        for (bad, found) in
            [(&good[..100], "100 bytes"), (b"PMTiles", "7 bytes"), (b"PMTiles\x02", "version 2"), (b"SQLite", "no PMTiles")]
        {
            let said = check_tiles(bad).expect_err("not PMTiles");
            assert!(said.contains(found), "{said}");
        }
    }

    #[test]
    fn a_report_has_all_of_its_parts_and_asks_for_nothing() {
        let mut out = Vec::new();
        write_report(&mut out, "{\"title\":\"a title that is nowhere else\"}", b"tiles").expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text.matches("a title that is nowhere else").count(), 1);
        assert!(PLACES.iter().all(|place| !text.contains(place)));
        for asked in ["src=\"http", "href=\"http", "url(http", "src=\"//", "@import"] {
            assert!(!text.contains(asked), "{asked}");
        }
    }
}
