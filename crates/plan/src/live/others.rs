//! What is found that is not about pairs of claims. It is asked as a whole after each change, so it must not walk over all claims.

use crate::engine;
use crate::model::Picture;
use crate::report::Finding;

/// Findings about rules, matters, sources, terms, and about who is not in the picture.
pub(super) fn found<'a>(
    picture: &Picture,
    approaches: &[Finding],
    has_claims: &dyn Fn(&str) -> bool,
    columns: impl Iterator<Item = &'a str>,
) -> Vec<Finding> {
    let mut found = engine::rule_findings(picture);
    found.extend(engine::matter_findings(picture, approaches));
    found.extend(engine::source_findings(picture));
    found.extend(engine::term_findings(picture));
    found.extend(engine::unchecked_among(picture, has_claims, columns));
    found
}

/// Findings that hang on the frame and on columns alone: measured once for many changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Lasting {
    expectations: Vec<Finding>,
    statements: Vec<Finding>,
}

impl Lasting {
    /// What is found about expectations and statements.
    pub fn of(picture: &Picture) -> Self {
        Self { expectations: engine::expectation_findings(picture), statements: engine::statement_findings(picture) }
    }

    /// The findings, expectations first.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.expectations.iter().chain(&self.statements).cloned()
    }
}
