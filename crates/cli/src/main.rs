//! The binary `deconflict`: reads plans, prints findings, says by its exit status whether all is clear.
//!
//! Arguments, files, text for people and exit statuses live here; what is found, and what it means, is `deconflict-plan`'s.

mod args;
mod check;
mod client;
mod completions;
mod demo;
mod evidence;
mod file;
mod follow;
mod geoid;
mod init;
mod input;
mod journal;
mod keygen;
mod output;
mod pairs;
mod pool;
mod problems;
mod progress;
mod schema;
mod serve;
mod sign;
mod text;
mod token;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// How the program ends. Bad usage ends with clap's own status, which is 2 as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// All is clear, or the command did what it was asked.
    Clear = 0,
    /// Something was found.
    Found = 1,
    /// The input was bad, or the answer could not be written.
    BadInput = 2,
}

fn main() -> ExitCode {
    let status = match Args::parse().command {
        Command::Check(check) => check::run(&check),
        Command::Schema => schema::run(),
        Command::Init(init) => init::run(&init),
        Command::Serve(serve) => serve::run(&serve),
        Command::File(file) => file::run(&file),
        Command::Follow(follow) => follow::run(&follow),
        Command::Evidence(evidence) => evidence::run(&evidence),
        Command::Verify(verify) => verify::run(&verify),
        Command::Sign(sign) => sign::run(&sign),
        Command::Demo(demo) => demo::run(&demo),
        Command::Journal(journal) => journal::run(&journal),
        Command::Pool(pool) => pool::run(&pool),
        Command::Keygen(keygen) => keygen::run(&keygen),
        Command::Token(token) => token::run(&token),
        Command::Completions(completions) => completions::run(&completions),
    };
    ExitCode::from(status as u8)
}
