//! Collects everything that is wrong with the files, each problem with its line. Does not know what a plan is.

use super::Problem;
use super::tree::{At, Node};

/// How many problems are shown; a last line says how many more there are.
const SHOWN: usize = 100;
/// How many problems are kept to choose those from; the rest is only counted.
const KEPT: usize = 10_000;

/// A file that was parsed.
#[derive(Debug)]
pub struct ParsedFile {
    /// Its name for messages.
    pub name: String,
    /// Its contents.
    pub root: Node,
}

/// All problems so far.
#[derive(Debug)]
pub struct Problems<'a> {
    files: &'a [ParsedFile],
    kept: Vec<(usize, Problem)>,
    more: usize,
}

impl<'a> Problems<'a> {
    /// None yet, in `files`.
    pub const fn new(files: &'a [ParsedFile]) -> Self {
        Self { files, kept: Vec::new(), more: 0 }
    }

    /// Adds a problem at a place in a file.
    pub fn add(&mut self, at: &At, found: impl Into<String>, expected: impl Into<String>) {
        let Some(file) = self.files.get(at.file) else { return };
        let line = if self.kept.len() < KEPT { at.line(&file.root) } else { None };
        let problem =
            Problem { file: file.name.clone(), line, path: at.to_string(), found: found.into(), expected: expected.into() };
        self.add_to(at.file, problem);
    }

    /// Adds a problem that is already told, of the file with this index.
    pub fn add_to(&mut self, file: usize, problem: Problem) {
        if self.kept.len() < KEPT {
            self.kept.push((file, problem));
        } else {
            self.more += 1;
        }
    }

    /// Whether nothing is wrong so far.
    pub const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The name of a file, for messages that speak of two.
    pub fn file_name(&self, at: &At) -> &str {
        self.files.get(at.file).map_or("", |file| &file.name)
    }

    /// Where a place is, for messages that speak of two: "plan.toml line 12".
    pub fn whereabouts(&self, at: &At) -> String {
        let line = self.files.get(at.file).and_then(|file| at.line(&file.root));
        match line {
            Some(line) => format!("{} line {line}", self.file_name(at)),
            None => format!("{} {at}", self.file_name(at)),
        }
    }

    /// The problems by file and line; if they are too many to show, the last one says how many more there are.
    pub fn into_list(mut self) -> Vec<Problem> {
        self.kept.sort_by_key(|(file, problem)| (*file, problem.line));
        let more = self.more + self.kept.len().saturating_sub(SHOWN);
        let mut list: Vec<Problem> = self.kept.into_iter().take(SHOWN).map(|(_, problem)| problem).collect();
        if more > 0 {
            let file = list.last().map(|problem| problem.file.clone()).unwrap_or_default();
            let (found, expected) = (format!("and {more} more problems"), format!("the {SHOWN} above put right first"));
            list.push(Problem { file, line: None, path: String::new(), found, expected });
        }
        list
    }
}

/// The known name nearest to `name`, if one is near enough to be meant.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // Longer texts are no slips of the finger, and the comparison is quadratic.
    if name.len() > 200 {
        return None;
    }
    let wanted = name.to_lowercase();
    let closeness = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        strsim::jaro_winkler(&wanted, &candidate).max(strsim::normalized_damerau_levenshtein(&wanted, &candidate))
    };
    let best = known.into_iter().filter(|candidate| candidate.len() <= 200).map(|candidate| (closeness(candidate), candidate));
    best.filter(|(closeness, _)| *closeness > 0.72).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, candidate)| candidate)
}

/// What was expected, with the nearest known name or, if they are few, all of them: "the id of a claim; did you mean `C.A`?".
pub fn expected_one_of(what: &str, name: &str, known: &[&str]) -> String {
    const LISTED_MAX: usize = 30;
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("{what}; did you mean `{near}`?"),
        None if known.is_empty() => format!("{what}; there is none"),
        None if known.len() <= LISTED_MAX => format!("{what}, one of {}", listed(known)),
        None => what.to_owned(),
    }
}

/// Names in back quotes, joined with ", ".
pub fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{}`", super::tree::shortened(name))).collect::<Vec<_>>().join(", ")
}
