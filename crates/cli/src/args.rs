//! What can be asked on the command line. Parsing only: nothing is opened or checked here.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use deconflict_plan::model::Level;
use deconflict_spacetime::Time;

/// What every help page ends with.
const EXIT_STATUS: &str = "\
Exit status:
  0  all is clear: nothing at or above --fail-on is found, open, unchecked or undecided
  1  something is
  2  the input or the command line is bad; every problem is listed";

const CHECK_EXAMPLES: &str = "\
Examples:
  deconflict check plan.toml                        what is found, for people
  deconflict check red.toml blue.toml               several files form one picture
  make-plan | deconflict check -                    from standard input, TOML or JSON
  deconflict check plan.toml --format json          for machines (docs/report.md)
  deconflict check plan.toml --format geojson       the findings on a map
  deconflict check plan.toml --at 2017-10-01T06:00Z as of another time
  deconflict check plan.toml --fail-on warn         notes and watches leave the exit status alone
  deconflict check plan.toml --for P.RUS            what that party would be told, and nothing else";

/// Finds where independent parties would collide in space and time, before they do.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100, after_help = main_help())]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read plans and print every finding
    Check(Check),
    /// Print the JSON Schema of plan files
    Schema,
    /// Write a small commented plan to start from
    Init(Init),
    /// Print completions for a shell
    Completions(Completions),
}

/// `deconflict check`.
#[derive(Debug, ClapArgs)]
#[command(max_term_width = 100, after_help = check_help())]
pub struct Check {
    /// Plan files, TOML or JSON; several form one picture; - is standard input
    #[arg(required = true, value_name = "PLAN")]
    pub plans: Vec<PathBuf>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Check as of this time (UTC, such as 2017-09-14 or 2017-09-14T06:00Z) instead of the plan's; what ended before is dropped
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub at: Option<Time>,
    /// Which gaps two claims must keep: the plan's, or none (only what touches is a conflict)
    #[arg(long, value_enum, default_value_t = Minima::Plan)]
    pub minima: Minima,
    /// The quietest level that makes the exit status 1
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::Note)]
    pub fail_on: FailOn,
    /// Print what this party (id, name or alias) would be told, and nothing else
    #[arg(long = "for", value_name = "PARTY")]
    pub party: Option<String>,
}

/// `deconflict init`.
#[derive(Debug, ClapArgs)]
pub struct Init {
    /// A new file; without it, the plan goes to standard output. An existing file is never overwritten
    pub file: Option<PathBuf>,
}

/// `deconflict completions`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  deconflict completions bash > ~/.local/share/bash-completion/completions/deconflict")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// Everything, for machines
    Json,
    /// The findings that have a place, for maps
    Geojson,
}

/// Which minima are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Minima {
    /// The plan's
    Plan,
    /// None: only what touches is a conflict
    None,
}

/// A level on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// For the record
    Note,
    /// Keep an eye on it
    Watch,
    /// Act in time
    Warn,
    /// Act now
    Urgent,
    /// Lives are at stake now
    Critical,
}

impl From<FailOn> for Level {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Note => Self::Note,
            FailOn::Watch => Self::Watch,
            FailOn::Warn => Self::Warn,
            FailOn::Urgent => Self::Urgent,
            FailOn::Critical => Self::Critical,
        }
    }
}

fn time(text: &str) -> Result<Time, String> {
    deconflict_plan::parse_time(text).map_err(|expected| format!("expected {expected}"))
}

fn main_help() -> String {
    let start = "  deconflict init plan.toml                         a plan to start from";
    format!("{CHECK_EXAMPLES}\n{start}\n\n{EXIT_STATUS}")
}

fn check_help() -> String {
    format!("{CHECK_EXAMPLES}\n\n{EXIT_STATUS}")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Args;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }
}
