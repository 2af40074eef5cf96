//! What is wrong with a request, all of it at once: where, what is there, what belongs there.
//!
//! Texts go to the client that sent the values, and nowhere else: they may hold coordinates, so they are never logged.

use std::fmt::{self, Write};

/// More problems than this are only counted.
const LISTED: usize = 12;

/// A place in a body, made on the stack and only written out when something is wrong there.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    parent: Option<&'a At<'a>>,
    step: Step,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Field(&'static str),
    Index(usize),
}

impl<'a> At<'a> {
    /// A field of the body, or a parameter of the path.
    pub const fn root(name: &'static str) -> Self {
        Self { parent: None, step: Step::Field(name) }
    }

    /// A field of what is here.
    pub const fn field(&'a self, name: &'static str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    /// An element of the list that is here, from 0.
    pub const fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match (self.parent, self.step) {
            (None, Step::Field(name)) => f.write_str(name),
            (Some(parent), Step::Field(name)) => write!(f, "{parent}.{name}"),
            (Some(parent), Step::Index(index)) => write!(f, "{parent}[{index}]"),
            (None, Step::Index(index)) => write!(f, "[{index}]"),
        }
    }
}

/// The problems of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    text: String,
    found: usize,
    too_large: usize,
}

impl Problems {
    /// Something is wrong at `at`.
    pub fn add(&mut self, at: At, problem: impl fmt::Display) {
        self.found += 1;
        if self.found <= LISTED {
            let separator = if self.found == 1 { "" } else { "; " };
            write!(self.text, "{separator}{at}: {problem}").expect("a String takes every text");
        }
    }

    /// The area at `at` is larger than this server takes.
    pub fn add_too_large(&mut self, at: At, problem: impl fmt::Display) {
        self.too_large += 1;
        self.add(at, problem);
    }

    /// `value`, or nothing and a problem.
    pub fn take<T, E: fmt::Display>(&mut self, at: At, value: Result<T, E>) -> Option<T> {
        value.map_err(|problem| self.add(at, problem)).ok()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found == 0
    }

    /// Whether everything that is wrong is that an area is too large.
    pub fn only_too_large(&self) -> bool {
        self.found > 0 && self.too_large == self.found
    }

    /// `value`, if nothing was wrong.
    ///
    /// # Errors
    /// The problems, if there are any. A value that is missing without a problem is a bug of whoever made it.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            None if self.is_empty() => panic!("bug: a request was refused without a reason"),
            _ => Err(self),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)?;
        match self.found.saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}
