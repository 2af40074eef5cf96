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
const PLACES: [&str; 4] = ["__STYLE__", "\"__SCENE__\"", "__WORKER__", "__APP__"];

/// Writes a report: one file with everything in it. `scene` is JSON in which no `<` stands.
///
/// # Errors
/// What `out` says.
pub fn write_report(out: &mut dyn Write, scene: &str) -> io::Result<()> {
    debug_assert!(!scene.contains('<'), "it could end the script that it stands in");
    let parts = [APP_CSS, scene, &BASE64_STANDARD.encode(WORKER_JS_GZ), &BASE64_STANDARD.encode(APP_JS_GZ)];
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
    use super::{PLACES, write_report};

    #[test]
    fn a_report_has_all_of_its_parts_and_asks_for_nothing() {
        let mut out = Vec::new();
        write_report(&mut out, "{\"title\":\"a title that is nowhere else\"}").expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text.matches("a title that is nowhere else").count(), 1);
        assert!(PLACES.iter().all(|place| !text.contains(place)));
        for asked in ["src=\"http", "href=\"http", "url(http", "src=\"//", "@import"] {
            assert!(!text.contains(asked), "{asked}");
        }
    }
}
