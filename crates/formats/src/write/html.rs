//! A finding as a small piece of HTML, for the balloons of Google Earth and the boxes of Cesium.

use std::fmt::Write;

use deconflict_plan::facts;
use deconflict_plan::model::Picture;
use deconflict_plan::report::{Finding, Report};

/// The headline, then a table of who, where, when, how close, who is told and what would fix it.
pub fn description(picture: &Picture, report: &Report, finding: &Finding) -> String {
    let mut html = format!("<p>{}</p><table>", escaped(&finding.headline));
    for fact in facts(picture, report.as_of, finding) {
        let _ = write!(html, "<tr><th>{}</th><td>{}</td></tr>", fact.label, escaped(&fact.text));
    }
    html + "</table>"
}

/// Text that is shown as it is, wherever in the content of an element it stands.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // Google Earth puts values in the place of `$[name]`.
            '$' => html.push_str("&#36;"),
            _ if c.is_control() => html.push(' '),
            _ => html.push(c),
        }
    }
    html
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
