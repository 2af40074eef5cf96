//! A report as one page that opens from disk: everything is in the file, and nothing is asked for elsewhere.
//!
//! `page/report.html` is the whole page, with a place for the scene. It has no library: a canvas is enough for what a report shows, and the
//! file stays small.

use std::io::{self, Write};

use serde_json::Value;

/// The page, with [`SCENE`] where the data goes.
const TEMPLATE: &str = include_str!("page/report.html");
/// What the data takes the place of.
const SCENE: &str = "\"__SCENE__\"";

/// Writes the page of a scene ([`super::scene`]).
///
/// # Errors
/// What `out` says.
pub fn page(out: &mut dyn Write, scene: &Value) -> io::Result<()> {
    let (before, after) = TEMPLATE.split_once(SCENE).ok_or_else(|| io::Error::other("the page has no place for data"))?;
    out.write_all(before.as_bytes())?;
    out.write_all(harmless(scene).as_bytes())?;
    out.write_all(after.as_bytes())
}

/// JSON that ends no script: whatever a name says, it stays a text.
fn harmless(scene: &Value) -> String {
    scene.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::{harmless, page};
    use serde_json::json;

    #[test]
    fn a_name_ends_no_script_and_is_the_same_when_it_is_read() {
        let hostile = json!({ "name": "</script><script>alert(1)</script><!-- \u{2028}" });
        let text = harmless(&hostile);
        assert!(!text.contains('<'), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), hostile);
    }

    #[test]
    fn the_page_holds_the_scene_and_asks_for_nothing() {
        let mut out = Vec::new();
        page(&mut out, &json!({ "title": "a title that is nowhere else" })).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text.matches("a title that is nowhere else").count(), 1);
        assert!(!text.contains("__SCENE__"));
        for asked in ["src=\"http", "href=\"http", "url(http", "src=\"//"] {
            assert!(!text.contains(asked), "{asked}");
        }
    }
}
