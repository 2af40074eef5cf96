//! What is wrong with a bundle: where, what is there, what belongs there.

use std::fmt;

use serde::Serialize;

/// Longest piece of text that a problem repeats, characters.
const LONGEST_SHOWN: usize = 80;

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// It is no bundle, or not written as one: nothing can be said of what it is to prove.
    Unusable,
    /// It reads as a bundle, and does not prove what it says.
    Refuted,
    /// Somebody signed for another history of this stream than the one that is here.
    Split,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What kind it is.
    pub kind: ProblemKind,
    /// Where, such as `entries[3].hash`; empty for the whole.
    pub path: String,
    /// What is there.
    pub found: String,
    /// What belongs there.
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, found, expected, .. } = self;
        let gap = if path.is_empty() { "" } else { ": " };
        write!(f, "{path}{gap}found {found}, expected {expected}")
    }
}

/// A piece of text in quotes, short and without control characters.
pub fn shown(text: &str) -> String {
    let start: String = text.chars().take(LONGEST_SHOWN).collect();
    if start.len() < text.len() { format!("{start:?}…") } else { format!("{start:?}") }
}
