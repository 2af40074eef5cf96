//! Files in, a picture out; or every problem of every file at once.
//!
//! The way of a file: [`syntax`] makes a tree, [`shape`] checks it against the schema, [`gather`] reads its entries,
//! [`resolve`] gives texts their meaning and looks names up. Each step goes on past what is wrong and reports all of it.

mod gather;
mod leaves;
mod problems;
mod resolve;
mod shape;
mod syntax;
mod tree;
mod units;

use deconflict_spacetime::Time;

use crate::model::Picture;
use problems::{ParsedFile, Problems};

/// One file to read.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// Name for messages: the path, or "-".
    pub name: String,
    /// The contents; need not be UTF-8.
    pub bytes: Vec<u8>,
}

/// Something wrong with a file: where, what was found, what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// Line, from 1, where it is known (TOML, and the syntax of JSON).
    pub line: Option<usize>,
    /// Path in the plan, indices from 0: `claims[3].outline.circle.radius`; empty for the file as a whole.
    pub path: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

/// Reads `files` into one picture, as of `as_of` if it is given.
///
/// A file whose first character is `{` is JSON, any other TOML.
///
/// # Errors
/// All problems of all files by file and line, at most a hundred and how many more; nothing is half-read.
pub fn read(files: &[SourceText], as_of: Option<Time>) -> Result<Picture, Vec<Problem>> {
    let mut parsed = Vec::new();
    let mut broken = Vec::new();
    for file in files {
        // A file that cannot be parsed keeps its place in the order with nothing in it.
        let root = syntax::parse(file).unwrap_or_else(|problems| {
            broken.extend(problems.into_iter().map(|problem| (parsed.len(), problem)));
            tree::Node { value: tree::Value::Table(Vec::new()), line: None }
        });
        parsed.push(ParsedFile { name: file.name.clone(), root });
    }
    let mut problems = Problems::new(&parsed);
    let complete = broken.is_empty();
    for (file, problem) in broken {
        problems.add_to(file, problem);
    }
    let gathered = gather::gather(&parsed, &mut problems);
    if !complete {
        // Names that the broken file declares are not known, so that looking names up would only raise false alarms.
        return Err(problems.into_list());
    }
    resolve::resolve(&parsed, gathered, problems, as_of)
}

/// A plan file as a JSON value, whichever of the two it is written in. Nothing but its syntax is checked.
///
/// # Errors
/// Everything that is wrong with the syntax.
pub fn value(file: &SourceText) -> Result<serde_json::Value, Vec<Problem>> {
    syntax::parse(file)?;
    let text = String::from_utf8_lossy(file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file.bytes));
    let value = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        toml::from_str(&text).map_err(|error| error.to_string())
    };
    // What the stricter parser above has taken, these take, too.
    let problem =
        |found| vec![Problem { file: file.name.clone(), line: None, path: String::new(), found, expected: "a plan".to_owned() }];
    value.map_err(problem)
}

/// An instant as plans write it: "2017-09-14" (its first), "2017-09-14T06:00Z".
///
/// # Errors
/// What was expected, in words.
pub fn parse_time(text: &str) -> Result<Time, String> {
    units::time(text)
}

/// The JSON Schema of plan files.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(crate::format::PlanFile).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), "Deconflict plan".into());
    }
    schema
}

/// A small commented plan to start from, in TOML.
pub const EXAMPLE: &str = include_str!("example.toml");
