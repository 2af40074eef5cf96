//! The first line: clear or not, how much, how loud, as of when.

use deconflict_plan::model::{Party, Picture};
use deconflict_plan::report::{Finding, Report};
use deconflict_plan::{may_be_told, words};

use super::View;
use super::page::Page;
use super::style::{self, BOLD, DIM};

/// The verdict. "CLEAR" only where nothing at all is found, open, unchecked or undecided.
pub fn summary(page: &mut Page, picture: &Picture, report: &Report, view: View) {
    let counted: Vec<&Finding> = report.findings.iter().filter(|finding| !finding.excused).collect();
    let loudest = counted.iter().map(|finding| finding.level).max();
    let (verdict, verdict_style) = match (view.reader, loudest) {
        (Some(party), None) if !may_be_told(party) => (format!("{} IS TOLD NOTHING:", party.id), BOLD),
        (Some(party), None) => (format!("NOTHING TO TELL {}:", party.id), BOLD),
        (Some(party), Some(level)) => (format!("FOR {}:", party.id), style::level(level)),
        (None, None) => ("CLEAR:".to_owned(), style::CLEAR),
        (None, Some(level)) if level < view.fail_on => {
            (format!("NOTHING AT OR ABOVE {}:", shout(words::level(view.fail_on))), BOLD)
        }
        (None, Some(level)) => ("NOT CLEAR:".to_owned(), style::level(level)),
    };
    let what = match (view.reader, loudest) {
        (Some(party), None) => silence(party).to_owned(),
        (None, None) if picture.claims.is_empty() => "nothing is claimed".to_owned(),
        (None, None) => format!("{}, and every party that is known to operate here has filed", counted_claims(picture)),
        (_, Some(_)) => counts(&counted),
    };
    let column = verdict.chars().count() + 1;
    page.hanging(0, &verdict, verdict_style, column, &what, BOLD);
    if view.reader.is_none() && loudest.is_none() {
        let silent = silent_parties(picture);
        if !silent.is_empty() {
            page.paragraph(0, &format!("filed nothing, and not known to operate: {}", silent.join(", ")), BOLD);
        }
    }
    let title = if report.title.is_empty() { &report.id } else { &report.title };
    page.paragraph(0, &format!("as of {} · {title}", words::time(report.as_of)), DIM);
}

/// "27 findings: 2 critical, 6 urgent, 19 note".
fn counts(findings: &[&Finding]) -> String {
    let levels = words::LEVELS.into_iter().filter_map(|level| {
        let count = findings.iter().filter(|finding| finding.level == level).count();
        (count > 0).then(|| format!("{count} {}", words::level(level)))
    });
    let plural = if findings.len() == 1 { "" } else { "s" };
    format!("{} finding{plural}: {}", findings.len(), levels.collect::<Vec<_>>().join(", "))
}

fn counted_claims(picture: &Picture) -> String {
    match picture.claims.len() {
        1 => "1 claim keeps its minima".to_owned(),
        count => format!("{count} claims keep their minima"),
    }
}

/// Names of the parties of which nothing is known but that they exist: whether they are clear, nobody has checked.
///
/// A member whose lead has filed for its side is not among them.
fn silent_parties(picture: &Picture) -> Vec<&str> {
    let files = |id: &str| picture.claims.iter().any(|claim| claim.party.as_deref() == Some(id));
    let silent = picture.parties.iter().filter(|party| !party.operates && !files(&party.id) && !picture.lead_files_for(party));
    silent.map(|party| party.name.as_str()).collect()
}

/// Why a party hears nothing, and that this is no clearance.
fn silence(party: &Party) -> &'static str {
    if !party.participant {
        "it is not a participant. That does not mean that all is clear"
    } else if !party.told {
        "the picture says that it is not to be told. That does not mean that all is clear"
    } else if !party.registered {
        "it is not registered, so that nothing can be sent to it. That does not mean that all is clear"
    } else {
        "no finding is routed to it. That does not mean that all is clear"
    }
}

fn shout(text: &str) -> String {
    text.to_uppercase()
}
