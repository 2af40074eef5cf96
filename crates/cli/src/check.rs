//! `deconflict check`: plans in, every finding out, the verdict as exit status.

use std::path::Path;
use std::thread;

use deconflict_formats::write;
use deconflict_plan::model::{Level, Party, Picture};
use deconflict_plan::report::{Finding, FindingKind, Report};
use deconflict_plan::{Options, Problem, SourceText, Traffic};
use deconflict_spacetime::AltitudeReference;

use crate::args::{Check, Format, Minima, SeaLevel};
use crate::input::Inputs;
use crate::{Status, input, output, pairs, problems, text};

/// Checks the files and prints the answer.
pub fn run(check: &Check) -> Status {
    if check.files.iter().filter(|path| input::is_stdin(path)).count() > 1 {
        output::complain("error: - is standard input, which can be read only once\n");
        return Status::BadInput;
    }
    let tiles = match check.basemap.as_deref().map(tiles).transpose() {
        Ok(tiles) => tiles.unwrap_or_default(),
        Err(wrong) => return problems::report(&[wrong], &[], check.format),
    };
    let Inputs { plans, traffic, others } = match input::read_all(check) {
        Ok(inputs) => inputs,
        Err((wrong, plans)) => return problems::report(&wrong, &plans, check.format),
    };
    let picture = match picture(check, &plans, &traffic) {
        Ok(picture) => picture,
        Err(wrong) => return problems::report(&wrong, &plans, check.format),
    };
    drop(plans);
    let options = Options {
        without_minima: check.minima == Minima::None,
        threads: thread::available_parallelism().map_or(1, usize::from),
        ..Options::default()
    };
    match &check.pairs {
        Some(path) => pairs_only(path, picture, &traffic, options),
        None if others == 0 => {
            let report = deconflict_plan::check(&picture, options);
            answer(check, &picture, report, &tiles)
        }
        None => match deconflict_plan::check_traffic(picture, &traffic, options) {
            Ok((picture, report)) => answer(check, &picture, report, &tiles),
            Err(too_many) => {
                output::complain(&format!("NOT CLEAR: {too_many}; --pairs FILE.csv lists them all\n"));
                Status::Found
            }
        },
    }
}

/// A page with more tiles than this is opened by no browser with pleasure.
const MOST_TILES_BYTES: u64 = 64 << 20;

/// The base map that goes into a page.
fn tiles(path: &Path) -> Result<Vec<u8>, Problem> {
    let wrong = |found: String, expected: &str| Problem {
        file: path.display().to_string(),
        line: None,
        path: String::new(),
        found,
        expected: expected.to_owned(),
    };
    let unread = |error: std::io::Error| wrong(error.to_string(), "a file of map tiles (PMTiles) that can be read");
    let bytes = std::fs::metadata(path).map_err(unread)?.len();
    if bytes > MOST_TILES_BYTES {
        let found = format!("{} MiB of tiles", bytes >> 20);
        return Err(wrong(found, "at most 64 MiB, such as an extract of the region: everything goes into the page"));
    }
    let tiles = std::fs::read(path).map_err(unread)?;
    deconflict_web::check_tiles(&tiles).map_err(|found| wrong(found, "a file of map tiles (PMTiles, version 3)"))?;
    Ok(tiles)
}

/// The picture of the plans, or of the time of the traffic where there is no plan.
fn picture(check: &Check, plans: &[SourceText], traffic: &Traffic) -> Result<Picture, Vec<Problem>> {
    if !plans.is_empty() {
        let picture = deconflict_plan::read(plans, check.at)?;
        return if check.geoid != SeaLevel::None && picture.altitude_reference == AltitudeReference::Amsl {
            Err(vec![sea_level_beside_w84()])
        } else {
            Ok(picture)
        };
    }
    let title = input::title(&check.files);
    deconflict_plan::picture_of_traffic(traffic, &title, check.at).ok_or_else(|| {
        let found = if check.at.is_some() { "nothing that lasts until --at" } else { "nothing that could be read" };
        let expected = "at least one claim to check".to_owned();
        vec![Problem { file: title, line: None, path: String::new(), found: found.to_owned(), expected }]
    })
}

/// With a plan over mean sea level, `--geoid` would take apart what can be compared as it is.
fn sea_level_beside_w84() -> Problem {
    Problem {
        file: "--geoid".to_owned(),
        line: None,
        path: String::new(),
        found: "a plan whose altitudes are over AMSL".to_owned(),
        expected: "a plan over W84, as --geoid makes the other files; over AMSL they compare with the plan without it".to_owned(),
    }
}

/// Lists the pairs of claims that come too close.
fn pairs_only(path: &Path, mut picture: Picture, traffic: &Traffic, options: Options) -> Status {
    let passed = traffic.passed.len() as u64 + traffic.passed_more;
    let else_found =
        if passed == 0 { String::new() } else { format!("{passed} entries could not be read and were not compared") };
    if picture.claims.is_empty() {
        if options.without_minima {
            picture.minima.clear();
        }
        let found = deconflict_plan::pairs_of_traffic(&picture, traffic, options.threads);
        let ids = found.iter().map(|&(a, b)| (traffic.id(a), traffic.id(b)));
        return pairs::write(path, ids, traffic.len(), &else_found);
    }
    let claims = picture.claims.len() + traffic.len();
    let report = match deconflict_plan::check_traffic(picture, traffic, Options { without_proposals: true, ..options }) {
        Ok((_, report)) => report,
        Err(too_many) => {
            output::complain(&format!("NOT CLEAR: {too_many}; check the traffic without the plan to list them all\n"));
            return Status::Found;
        }
    };
    let of_two = |finding: &&Finding| finding.claims.len() == 2 && TOO_CLOSE.contains(&finding.kind);
    let mut ids: Vec<(&str, &str)> =
        report.findings.iter().filter(of_two).map(|finding| (finding.claims[0].as_str(), finding.claims[1].as_str())).collect();
    ids.sort_unstable();
    ids.dedup();
    let others = report.findings.iter().filter(|finding| !finding.excused && !of_two(finding)).count();
    let else_found = if others == 0 { String::new() } else { format!("{others} findings of other kinds: check without --pairs") };
    pairs::write(path, ids.into_iter(), claims, &else_found)
}

/// Kinds of findings about two claims that come too close.
const TOO_CLOSE: [FindingKind; 4] = [FindingKind::Conflict, FindingKind::Internal, FindingKind::Caution, FindingKind::Converging];

/// Prints a report, all of it or one party's part.
fn answer(check: &Check, picture: &Picture, whole: Report, tiles: &[u8]) -> Status {
    let reader = match check.party.as_deref().map(|name| reader(picture, name)).transpose() {
        Ok(reader) => reader,
        Err(unknown) => return problems::report(&[unknown], &[], check.format),
    };
    let fail_on = check.fail_on.into();
    let (report, status) = match reader {
        Some(party) => {
            let told = deconflict_plan::for_party(picture, &whole, &party.id);
            let status = status_for(picture, &whole, &told, party, fail_on);
            (told, status)
        }
        None => {
            let status =
                if whole.findings.iter().any(|finding| counts(finding, fail_on)) { Status::Found } else { Status::Clear };
            (whole, status)
        }
    };
    if let Some(path) = &check.html
        && let Err(error) = output::write_whole(path, |out| write::page(out, &write::scene(picture, &report, reader), tiles))
    {
        output::complain(&format!("error: {}: {error}\n", path.display()));
        return Status::BadInput;
    }
    if check.format == Format::Text {
        let answer = text::report(picture, &report, text::View { width: output::width(), reader, fail_on });
        return output::print(&answer, status);
    }
    output::write(status, |out| match check.format {
        Format::Text => Ok(()),
        Format::Json => writeln!(out, "{:#}", deconflict_plan::json(&report)),
        Format::Geojson => write::geojson(out, &report),
        Format::Ndjson => write::ndjson(out, &report),
        Format::Csv => write::csv(out, picture, &report),
        Format::Kml => write::kml(out, picture, &report),
        Format::Czml => write::czml(out, picture, &report),
    })
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
