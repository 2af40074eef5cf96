//! The answer for people: a tired duty officer at night reads the first line, then the first finding, then the rest.
//!
//! Order: the verdict; findings, loudest first; pairs that a side keeps apart itself; movements, statements,
//! expectations; what was assumed; last, and never left out, who is not in the picture. Computes nothing.

mod assumptions;
mod finding;
pub mod page;
pub mod style;
mod summary;
mod tables;

use deconflict_plan::model::{Level, Party, Picture};
use deconflict_plan::report::{Finding, FindingKind, Report};

pub use assumptions::FILES;
use page::Page;
use style::BOLD;

/// No more findings than this are shown one by one: nobody reads more at a sitting. How many more there are is said.
const SHOWN_MOST: usize = 500;

/// How a report is shown.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Columns.
    pub width: usize,
    /// The party that the report was cut for, if any.
    pub reader: Option<&'a Party>,
    /// The quietest level that counts.
    pub fail_on: Level,
}

/// The report as text, with colour codes.
pub fn report(picture: &Picture, report: &Report, view: View) -> String {
    let mut page = Page::new(view.width);
    summary::summary(&mut page, picture, report, view);
    let (excused, counted): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(|finding| finding.excused);
    let (unchecked, found): (Vec<&Finding>, Vec<&Finding>) =
        counted.into_iter().partition(|finding| finding.kind == FindingKind::Unchecked);
    for finding in found.iter().take(SHOWN_MOST) {
        finding::finding(&mut page, picture, report, finding);
    }
    if let Some(more) = found.len().checked_sub(SHOWN_MOST).filter(|more| *more > 0) {
        let text = format!(
            "{more} more findings, none louder than these, are not shown here: --format json has them all, \
             --pairs FILE.csv lists which claims they are about."
        );
        page.paragraph(0, &text, BOLD);
    }
    finding::kept_apart(&mut page, picture, &excused);
    tables::movements(&mut page, picture, &report.movements);
    tables::statements(&mut page, &report.statements);
    tables::expectations(&mut page, &report.expectations);
    assumptions::assumptions(&mut page, picture, &report.assumptions);
    finding::not_in_this_picture(&mut page, &unchecked);
    page.finish()
}

#[cfg(test)]
mod tests;
