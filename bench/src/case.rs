//! One case: a question about a set on some threads. It runs in a process of its own and hands its outcome back as JSON.

use crate::answers::Answer;
use crate::measure::Times;
use serde::{Deserialize, Serialize};
use std::process::{Command, Stdio};

/// The argument that makes this program run one case and print its outcome, instead of all cases and a report.
pub const CHILD: &str = "--child";

/// A question about a set on some threads.
pub struct Case {
    /// What is asked; the first part of the name.
    pub question: &'static str,
    /// Name of the set; the second part of the name.
    pub set: String,
    /// Threads; the last part of the name.
    pub threads: usize,
    /// Makes the set, times so many runs, and judges the answer.
    pub run: Box<dyn Fn(usize) -> Outcome>,
}

impl Case {
    /// `all-pairs/u100k/2`.
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.question, self.set, self.threads)
    }

    /// Whether somebody who asks for `words` means this case: the whole name, or its first parts.
    pub fn is_meant_by(&self, words: &str) -> bool {
        let name = self.name();
        name.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// A time beside its goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// `median`, `p50 of a query`.
    pub what: String,
    /// Seconds.
    pub measured_s: f64,
    /// Shortest and longest run, seconds; `None` for a quantile of single calls.
    pub range_s: Option<[f64; 2]>,
    /// At most so much is expected, seconds; `None` where no goal was set.
    pub goal_s: Option<f64>,
}

impl Figure {
    /// The median of whole runs.
    pub fn median(times: &Times, goal_s: Option<f64>) -> Self {
        let range_s = Some([times.least_s(), times.most_s()]);
        Self { what: "median".to_owned(), measured_s: times.median_s(), range_s, goal_s }
    }

    /// A quantile of single calls.
    pub fn quantile(what: &str, times: &Times, share: f64, goal_s: Option<f64>) -> Self {
        Self { what: what.to_owned(), measured_s: times.quantile_s(share), range_s: None, goal_s }
    }
}

/// What a case found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was asked.
    pub question: String,
    /// Name of the set.
    pub set: String,
    /// Operations, or aircraft, in the set.
    pub operations: u64,
    /// Volumes, or aircraft, in the set.
    pub volumes: u64,
    /// Threads that the engine was given.
    pub threads: usize,
    /// Runs or calls that count.
    pub runs: usize,
    /// Times beside their goals.
    pub figures: Vec<Figure>,
    /// The answer and the verdict on it.
    pub answer: Answer,
    /// Size of the parsed input.
    pub parsed_bytes: u64,
    /// Most memory of the process while it was timed, the parsed input included.
    pub peak_bytes: Option<u64>,
    /// What else a reader has to know.
    pub remarks: Vec<String>,
}

/// Runs a case of this program in a process of its own.
///
/// # Errors
/// The process cannot be started, ends badly, or does not print an outcome.
pub fn in_a_child(name: &str, runs: usize) -> Result<Outcome, String> {
    let program = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
    let mut command = Command::new(program);
    command.args([CHILD, name, "--runs", &runs.to_string()]).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| format!("cannot start the case `{name}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("the case `{name}` ended badly: {}", output.status));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("the case `{name}` printed no outcome: {error}"))
}

/// Prints an outcome for [`in_a_child`].
pub fn print_outcome(outcome: &Outcome) {
    println!("{}", serde_json::to_string(outcome).expect("an outcome is plain data"));
}
