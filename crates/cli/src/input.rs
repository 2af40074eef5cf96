//! Files and standard input: plans as bytes, files of other formats as traffic. Does not know what is in them.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use deconflict_formats::read::{self, Format, HEAD_LEN, ReadOptions, ReadSummary};
use deconflict_plan::{Passed, Problem, SourceText, Traffic};

use crate::args::{Check, PLAN};
use crate::geoid::ToW84;
use crate::progress;
use crate::text::FILES;

/// Longest plan that is read, bytes: what never ends is a mistake, not a plan.
const LONGEST: u64 = 256 << 20;

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Plans, in the order of the command line.
    pub plans: Vec<SourceText>,
    /// The claims of all other files.
    pub traffic: Traffic,
    /// How many files were no plans.
    pub others: usize,
}

/// Reads every file; `-` is standard input.
///
/// # Errors
/// All problems of all files, in their order, with what was read of the plans, for their lines.
pub fn read_all(check: &Check) -> Result<Inputs, (Vec<Problem>, Vec<SourceText>)> {
    let (mut inputs, mut problems) = (Inputs::default(), Vec::new());
    for path in &check.files {
        if let Err(wrong) = read_one(path, check, &mut inputs) {
            problems.extend(wrong);
        }
    }
    problems.extend(inputs.traffic.problems());
    if problems.is_empty() { Ok(inputs) } else { Err((problems, inputs.plans)) }
}

fn read_one(path: &Path, check: &Check, inputs: &mut Inputs) -> Result<(), Vec<Problem>> {
    let name = path.display().to_string();
    let unread = |found: String| {
        let expected = "a file that can be read".to_owned();
        vec![Problem { file: name.clone(), line: None, path: String::new(), found, expected }]
    };
    let (mut input, length): (Box<dyn Read + Send>, Option<u64>) = if is_stdin(path) {
        (Box::new(io::stdin()), None)
    } else {
        let file = File::open(path).map_err(|error| unread(in_words(&error)))?;
        let length = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        (Box::new(file), length)
    };
    let mut head = Vec::new();
    input.by_ref().take(HEAD_LEN as u64).read_to_end(&mut head).map_err(|error| unread(in_words(&error)))?;
    let format = match check.from.as_deref() {
        Some(PLAN) => None,
        Some(named) => Format::named(named),
        None => Format::of(path, &head),
    };
    let mut whole = io::Cursor::new(head).chain(input);
    let Some(format) = format else {
        let mut bytes = Vec::new();
        whole.by_ref().take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| unread(in_words(&error)))?;
        if bytes.len() as u64 > LONGEST {
            return Err(unread(format!("more than {} MiB, which is never a plan", LONGEST >> 20)));
        }
        inputs.plans.push(SourceText { name, bytes });
        return Ok(());
    };
    inputs.others += 1;
    read_traffic(whole, &name, format, check, length, &mut inputs.traffic)
}

fn read_traffic(
    input: impl Read + Send,
    name: &str,
    format: Format,
    check: &Check,
    length: Option<u64>,
    traffic: &mut Traffic,
) -> Result<(), Vec<Problem>> {
    let options = ReadOptions {
        skip_invalid: check.skip_invalid,
        kind: check.kind.map(Into::into),
        altitude_reference: check.altitude_reference.map(Into::into),
        width_m: check.width_m,
        height_m: check.height_m,
        fill_holes: check.fill_holes,
        ..ReadOptions::default()
    };
    traffic.begin(name);
    let bar = progress::reading(name, length);
    let mut heights = ToW84::new(check.geoid.into());
    let mut sink = |mut row: deconflict_plan::ClaimVolume| {
        // As in a plan, what has ended before the time that is asked about is dropped.
        if check.at.is_none_or(|at| row.span.end() >= at) {
            heights.convert(&mut row);
            traffic.add(row);
        }
    };
    let read = read::read(input, name, format, &options, &mut sink, &|bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let summary = read?;
    if summary.entries == 0 {
        let (found, expected) = ("nothing in it".to_owned(), format!("at least one entry of {}", format.name()));
        return Err(vec![Problem { file: name.to_owned(), line: None, path: String::new(), found, expected }]);
    }
    note(traffic, name, summary);
    heights.note(traffic, &format!("{FILES}.{name}"));
    Ok(())
}

/// Keeps what the reader has to say besides the claims.
fn note(traffic: &mut Traffic, name: &str, summary: ReadSummary) {
    let item = format!("{FILES}.{name}");
    let listed = summary.skipped.len() as u64;
    traffic.passed.extend(summary.skipped.into_iter().map(|skipped| Passed { claim: skipped.claim, problems: skipped.problems }));
    traffic.passed_more += summary.skipped_count - listed;
    for assumed in summary.assumptions {
        let times = if assumed.count == 1 { String::new() } else { format!(" ({} times)", assumed.count) };
        let first = if assumed.count == 1 { "line" } else { "first on line" };
        traffic.assume(item.clone(), format!("{}{times}, {first} {}", assumed.what, assumed.line));
    }
    for ignored in summary.ignored {
        let meant = ignored.meant.map_or_else(String::new, |meant| format!(" (is {meant:?} meant?)"));
        traffic.assume(item.clone(), format!("property {:?} says nothing to us{meant}", ignored.name));
    }
}

fn in_words(error: &io::Error) -> String {
    if error.kind() == ErrorKind::IsADirectory { "a directory, not a file".to_owned() } else { error.to_string() }
}

/// Whether a path means standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Title of a picture that is made of other files alone.
pub fn title(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    match names.as_slice() {
        [] | [_] | [_, _] | [_, _, _] => names.join(", "),
        [first, second, ..] => format!("{first}, {second} and {} more files", names.len() - 2),
    }
}
