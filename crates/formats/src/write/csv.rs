//! Findings as a table (RFC 4180): one row each, for spreadsheets and scripts.
//!
//! Spreadsheets take a cell that begins with `=` and some other characters for a formula and may run it; who names a claim
//! could write one. In texts an apostrophe before it makes it text again.

use std::io::{self, Write};

use deconflict_plan::model::Picture;
use deconflict_plan::report::{Finding, Report};
use deconflict_plan::words;

use super::{degrees, one_line};

const HEADER: &str = "id,kind,level,certainty,excused,claims,parties,time_start,time_end,lat,lng,\
altitude_lower_m,altitude_upper_m,altitude_reference,lateral_m,vertical_m,time_s,overlap_km2,headline";

/// Writes a header and one row for each finding, loudest first.
///
/// # Errors
/// What `out` says.
pub fn csv(out: &mut dyn Write, picture: &Picture, report: &Report) -> io::Result<()> {
    write!(out, "{HEADER}\r\n")?;
    for finding in &report.findings {
        write!(out, "{}\r\n", cells(picture, finding).join(","))?;
    }
    Ok(())
}

fn cells(picture: &Picture, finding: &Finding) -> [String; 19] {
    let (start, end) = finding.window.map_or_else(Default::default, |w| (words::rfc3339(w.start()), words::rfc3339(w.end())));
    let at = finding.place.as_ref().and_then(|place| place.label_point());
    let degrees = |deg: Option<f64>| deg.map_or_else(String::new, |deg| degrees(deg).to_string());
    let [lower, upper] = finding.altitude_m.map_or_else(Default::default, |band| band.map(|m| number(Some(m))));
    let reference = finding.altitude_m.map_or("", |_| picture.altitude_reference.name());
    let measures = &finding.measures;
    [
        text(&finding.id),
        words::kind(finding.kind).to_owned(),
        words::level(finding.level).to_owned(),
        words::certainty(finding.certainty).to_owned(),
        finding.excused.to_string(),
        text(&finding.claims.join("; ")),
        text(&finding.parties.join("; ")),
        start,
        end,
        degrees(at.map(|at| at.lat_deg())),
        degrees(at.map(|at| at.lng_deg())),
        lower,
        upper,
        reference.to_owned(),
        number(measures.lateral_m),
        number(measures.vertical_m),
        number(measures.time_s),
        number(measures.overlap_km2),
        text(&finding.headline),
    ]
}

/// A number to three decimals; empty where nothing was measured.
fn number(value: Option<f64>) -> String {
    // Adding zero turns −0.0 into 0.0.
    value.filter(|value| value.is_finite()).map_or_else(String::new, |value| ((value * 1e3).round() / 1e3 + 0.0).to_string())
}

/// A cell of text on one line, without formulas, in quotes where it needs them.
fn text(text: &str) -> String {
    let text = without_formulas(&one_line(text));
    if text.contains([',', ';', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Text with an apostrophe before whatever a spreadsheet could take for a formula.
///
/// Not only at the start: where another character than the comma parts the cells, as in much of Europe, a `;` begins one.
fn without_formulas(text: &str) -> String {
    // The wide ones are what an East Asian keyboard writes for the others.
    const FORMULAS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let mut safe = String::with_capacity(text.len());
    let mut starts_cell = true;
    for c in text.chars() {
        if starts_cell && FORMULAS.contains(&c) {
            safe.push('\'');
        }
        starts_cell = matches!(c, ',' | ';' | '"') || (starts_cell && c.is_whitespace());
        safe.push(c);
    }
    safe
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
