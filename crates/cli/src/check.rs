//! `deconflict check`: plans in, every finding out, the verdict as exit status.

use deconflict_plan::model::{Level, Party, Picture};
use deconflict_plan::report::{Finding, Report};
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
    let fail_on = check.fail_on.into();
    let (report, status) = match reader {
        Some(party) => {
            let told = deconflict_plan::for_party(&picture, &whole, &party.id);
            let status = status_for(&picture, &whole, &told, party, fail_on);
            (told, status)
        }
        None => {
            let status =
                if whole.findings.iter().any(|finding| counts(finding, fail_on)) { Status::Found } else { Status::Clear };
            (whole, status)
        }
    };
    let answer = match check.format {
        Format::Text => text::report(&picture, &report, text::View { width: output::width(), reader, fail_on }),
        Format::Json => format!("{:#}\n", deconflict_plan::json(&report)),
        Format::Geojson => format!("{:#}\n", deconflict_plan::geojson(&report)),
    };
    if check.format == Format::Text { output::print(&answer, status) } else { output::print_plain(&answer, status) }
}

/// Whether a finding makes the exit status 1.
fn counts(finding: &Finding, fail_on: Level) -> bool {
    !finding.excused && finding.level >= fail_on
}

/// The status of what one party is told: clear only if it is told something, and nothing at or above `fail_on` is in what it
/// is told, or concerns it and could not be told. Silence is never clear: it may be that nobody can reach the party.
fn status_for(picture: &Picture, whole: &Report, told: &Report, party: &Party, fail_on: Level) -> Status {
    let silent = told.findings.iter().all(|finding| finding.excused);
    let own = |id: &String| picture.claim(id).is_some_and(|claim| claim.party.as_ref() == Some(&party.id));
    let concerns = |finding: &Finding| finding.parties.contains(&party.id) || finding.claims.iter().any(own);
    let untold = whole.findings.iter().any(|finding| counts(finding, fail_on) && concerns(finding));
    let found = told.findings.iter().any(|finding| counts(finding, fail_on));
    if silent || untold || found { Status::Found } else { Status::Clear }
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
