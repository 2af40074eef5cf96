//! One finding as a paragraph: its level and id, what it is, then the facts below one another.

use deconflict_plan::model::{Claim, Picture};
use deconflict_plan::report::{Finding, Report};
use deconflict_plan::{facts, words};

use super::page::{Page, harmless, padded};
use super::style::{self, BOLD};

/// Where the text of a label begins.
const COLUMN: usize = 17;

/// One finding, with an empty line before it.
pub fn finding(page: &mut Page, picture: &Picture, report: &Report, finding: &Finding) {
    page.gap();
    let level = words::level(finding.level).to_uppercase();
    let level_style = style::level(finding.level);
    page.line(&format!("{level_style}{level}{level_style:#}  {BOLD}{}{BOLD:#}", harmless(&titled_id(finding))));
    page.paragraph(2, &words::sentences([finding.headline.as_str()]), BOLD);
    for fact in facts(picture, report.as_of, finding) {
        page.labelled(2, fact.label, COLUMN, &fact.text);
    }
}

/// Pairs that a side keeps apart itself, one line each.
pub fn kept_apart(page: &mut Page, picture: &Picture, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading("KEPT APART WITHIN ONE SIDE", "no business of the others");
    let width = findings.iter().map(|finding| finding.id.chars().count()).max().unwrap_or(0);
    for finding in findings {
        let by = finding.claims.iter().filter_map(|id| picture.claim(id)).find_map(|claim| keeper(picture, claim));
        let by = by.map_or_else(|| "by that side".to_owned(), |by| format!("by {by}"));
        page.line(&format!("  {}  kept apart {by}", padded(&harmless(&finding.id), width)));
    }
}

/// Parties that filed nothing and items that were skipped, one paragraph each.
pub fn not_in_this_picture(page: &mut Page, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading("NOT IN THIS PICTURE", "nothing is said about these, and nothing is clear of them");
    for finding in findings {
        let level = words::level(finding.level).to_uppercase();
        page.hanging(2, &level, style::level(finding.level), 12, &finding.text(), anstyle::Style::new());
    }
}

/// The id, with its kind in front if it does not begin with it.
fn titled_id(finding: &Finding) -> String {
    let kind = words::kind(finding.kind);
    if finding.id.starts_with(kind) { finding.id.clone() } else { format!("{kind} {}", finding.id) }
}

/// Who keeps a claim's side apart.
fn keeper<'a>(picture: &'a Picture, claim: &'a Claim) -> Option<&'a str> {
    match picture.side(&claim.side) {
        Some(side) => side.deconflicted_by.as_deref(),
        None => claim.party.as_deref(),
    }
}
