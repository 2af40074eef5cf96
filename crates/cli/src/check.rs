//! `deconflict check`: plans in, every finding out, the verdict as exit status.

use deconflict_plan::model::{Level, Party, Picture};
use deconflict_plan::report::Report;
use deconflict_plan::{Options, Problem};

use crate::args::{Check, Format, Minima};
use crate::{Status, input, output, problems, text};

/// Checks the plans and prints the answer.
pub fn run(check: &Check) -> Status {
    if check.plans.iter().filter(|path| input::is_stdin(path)).count() > 1 {
        output::complain("error: - is standard input, which can be read only once\n");
        return Status::BadInput;
    }
    let files = match input::read_all(&check.plans) {
        Ok(files) => files,
        Err(unread) => return problems::report(&unread, &[], check.format),
    };
    let picture = match deconflict_plan::read(&files, check.at) {
        Ok(picture) => picture,
        Err(wrong) => return problems::report(&wrong, &files, check.format),
    };
    drop(files);
    let reader = match check.party.as_deref().map(|name| reader(&picture, name)).transpose() {
        Ok(reader) => reader,
        Err(unknown) => return problems::report(&[unknown], &[], check.format),
    };
    let whole = deconflict_plan::check(&picture, Options { without_minima: check.minima == Minima::None, ..Options::default() });
    let report = match reader {
        Some(party) => deconflict_plan::for_party(&picture, &whole, &party.id),
        None => whole,
    };
    let fail_on = check.fail_on.into();
    let answer = match check.format {
        Format::Text => text::report(&picture, &report, text::View { width: output::width(), reader, fail_on }),
        Format::Json => format!("{:#}\n", deconflict_plan::json(&report)),
        Format::Geojson => format!("{:#}\n", deconflict_plan::geojson(&report)),
    };
    let status = status(&report, reader, fail_on);
    if check.format == Format::Text { output::print(&answer, status) } else { output::print_plain(&answer, status) }
}

/// Clear only if nothing at or above `fail_on` stands in the report; nobody who may not be told anything is told "clear".
fn status(report: &Report, reader: Option<&Party>, fail_on: Level) -> Status {
    let counts = |finding: &deconflict_plan::report::Finding| !finding.excused && finding.level >= fail_on;
    let silent = reader.is_some_and(|party| !deconflict_plan::may_be_told(party));
    if silent || report.findings.iter().any(counts) { Status::Found } else { Status::Clear }
}

/// The party that the answer is for.
fn reader<'a>(picture: &'a Picture, name: &str) -> Result<&'a Party, Problem> {
    deconflict_plan::party_named(picture, name).map_err(|nearest| Problem {
        file: "--for".to_owned(),
        line: None,
        path: String::new(),
        found: format!("the unknown party {name:?}"),
        expected: match nearest {
            Some(nearest) => format!("a party of the picture, such as {nearest:?}"),
            None => {
                let ids: Vec<&str> = picture.parties.iter().map(|party| party.id.as_str()).collect();
                format!("a party of the picture: {}", ids.join(", "))
            }
        },
    })
}
