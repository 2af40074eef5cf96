//! `deconflict completions`: what a shell needs to complete commands and options.

use clap::CommandFactory;

use crate::args::{Args, Completions};
use crate::{Status, output};

/// Prints the completions.
pub fn run(completions: &Completions) -> Status {
    // Into memory first: the generator panics where its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Args::command(), "deconflict", &mut script);
    output::print_plain(&String::from_utf8_lossy(&script), Status::Clear)
}
