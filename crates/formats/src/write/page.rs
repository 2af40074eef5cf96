//! A report as one page that opens from disk: everything is in the file, and nothing is asked for elsewhere.
//!
//! The page itself is `web/`; here its scene is made harmless to stand in it.

use std::io::{self, Write};

use serde_json::Value;

/// Writes the page of a scene ([`super::scene`]); `tiles` is a base map of the reader's own (PMTiles), or empty.
///
/// # Errors
/// What `out` says.
pub fn page(out: &mut dyn Write, scene: &Value, tiles: &[u8]) -> io::Result<()> {
    deconflict_web::write_report(out, &harmless(scene), tiles)
}

/// JSON that ends no script: whatever a name says, it stays a text.
fn harmless(scene: &Value) -> String {
    scene.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::harmless;
    use serde_json::json;

    #[test]
    fn a_name_ends_no_script_and_is_the_same_when_it_is_read() {
        let hostile = json!({ "name": "</script><script>alert(1)</script><!-- \u{2028}" });
        let text = harmless(&hostile);
        assert!(!text.contains('<'), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), hostile);
    }
}
