//! What is asked, one file per question. Each gives its cases; nothing runs before a case is asked to.

mod all_pairs;
mod encounters;
mod insert_remove;
mod joint;
mod mixed;
mod one_plan;

use crate::case::Case;

/// A question and its cases.
pub struct Question {
    /// The first part of the names of its cases.
    pub name: &'static str,
    /// The sentence above its table.
    pub asks: &'static str,
    /// The cases, in the order of the table.
    pub cases: fn() -> Vec<Case>,
}

/// All questions, in the order of the report.
pub const ALL: [Question; 6] =
    [all_pairs::QUESTION, mixed::QUESTION, one_plan::QUESTION, insert_remove::QUESTION, encounters::QUESTION, joint::QUESTION];

/// The cases of all questions, in the order of the report.
pub fn cases() -> Vec<Case> {
    ALL.iter().flat_map(|question| (question.cases)()).collect()
}

#[cfg(test)]
#[path = "questions_tests.rs"]
mod tests;
