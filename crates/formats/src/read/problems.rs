//! What is wrong with a file, and how much of it is told. Does not know formats.

use deconflict_plan::Problem;

/// How many problems are shown; a last line says how many more there are.
const SHOWN: usize = 100;
/// How many skipped entries are listed; of the rest there is only the count.
const LISTED_MAX: usize = 10_000;
/// How many faults of one entry are kept.
const FAULTS_MAX: usize = 20;

/// Something wrong with one entry of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// Path within the entry: "properties.width_m".
    pub path: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(line: usize, path: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { line, path: path.into(), found: found.into(), expected: expected.into() }
    }

    /// As it is told to the user.
    pub fn in_file(self, file: &str) -> Problem {
        Problem { file: file.to_owned(), line: Some(self.line), path: self.path, found: self.found, expected: self.expected }
    }
}

/// Why a file cannot be read on: nothing after this place could be trusted.
pub type Fatal = Fault;

/// An entry that was left out because something is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The claim that it would have belonged to, where it says so.
    pub claim: Option<String>,
    /// What is wrong with it; not empty.
    pub problems: Vec<Problem>,
}

/// Everything that is wrong with a file so far.
#[derive(Debug)]
pub struct Problems {
    file: String,
    skip: bool,
    /// Entries with faults, listed or not.
    entries: u64,
    faults: u64,
    shown: Vec<Problem>,
    skipped: Vec<Skipped>,
}

impl Problems {
    /// None yet in `file`; with `skip` each faulty entry is listed by itself.
    pub fn new(file: &str, skip: bool) -> Self {
        Self { file: file.to_owned(), skip, entries: 0, faults: 0, shown: Vec::new(), skipped: Vec::new() }
    }

    /// Adds an entry that has faults.
    pub fn add(&mut self, claim: Option<String>, mut faults: Vec<Fault>) {
        self.entries += 1;
        self.faults += faults.len() as u64;
        faults.truncate(FAULTS_MAX);
        let problems = faults.into_iter().map(|fault| fault.in_file(&self.file));
        if self.skip && self.skipped.len() < LISTED_MAX {
            self.skipped.push(Skipped { claim, problems: problems.collect() });
        } else if !self.skip && self.shown.len() < SHOWN {
            self.shown.extend(problems);
        }
    }

    /// Whether what was read so far is refused.
    pub const fn refused(&self) -> bool {
        !self.skip && self.faults > 0
    }

    /// The skipped entries and how many there are.
    pub fn into_skipped(self) -> (Vec<Skipped>, u64) {
        (self.skipped, self.entries)
    }

    /// All problems by line, with what stopped the reading as the last; if they are too many, the last line says how many more.
    pub fn into_list(self, fatal: Option<Fatal>) -> Vec<Problem> {
        let mut list = self.shown;
        list.extend(self.skipped.into_iter().flat_map(|skipped| skipped.problems));
        list.sort_by_key(|problem| problem.line);
        list.truncate(SHOWN);
        let more = self.faults.saturating_sub(list.len() as u64);
        list.extend(fatal.map(|fatal| fatal.in_file(&self.file)));
        if more > 0 {
            let (found, expected) = (format!("and {more} more problems"), format!("the {SHOWN} above put right first"));
            list.push(Problem { file: self.file, line: None, path: String::new(), found, expected });
        }
        list
    }
}

/// A text in quotes, cut to what fits in a message, on one line and without control characters.
pub fn quoted(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let mut short: String = text.chars().take(CHARS_MAX).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(CHARS_MAX).is_some() {
        short.push('…');
    }
    format!("\"{short}\"")
}
