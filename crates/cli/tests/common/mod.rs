//! Running the binary on small plans, each test in a folder of its own.
#![allow(dead_code, reason = "not every test file uses all of it")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Parties, and a place.
pub const PARTIES: &str = r#"
[plan]
id = "valley"
title = "Two fire services, one valley"
as_of = "2026-03-01"
altitude_reference = "W84"

[[places]]
name = "Ford"
lat = 46.0
lng = 7.0

[[parties]]
id = "RED"
name = "Red Fire"
aliases = ["Reds"]

[[parties]]
id = "BLUE"
name = "Blue Rescue"

[[parties]]
id = "HAZ"
name = "Hazard"
participant = false

[[channels]]
id = "CH"
from = "RED"
to = "BLUE"
delay = "15 min"
"#;

/// A flight of RED over the ford.
pub const RED: &str = r#"
[[claims]]
id = "R.1"
kind = "flight"
party = "RED"
outline = { circle = { at = "Ford", radius = "5 km" } }
lower = "1000 m W84"
upper = { value = "2000 m W84", basis = "assumed" }
start = "2026-03-01T06:00Z"
end = "2026-03-01T08:00Z"
"#;

/// A flight of BLUE through RED's.
pub const BLUE: &str = r#"
[[claims]]
id = "B.1"
kind = "flight"
party = "BLUE"
outline = { circle = { at = "Ford", radius = "3 km" } }
lower = "1500 m W84"
upper = { value = "3000 m W84", basis = "assumed" }
start = "2026-03-01T07:00Z"
end = "2026-03-01T09:00Z"
"#;

/// BLUE far away, so that all is clear.
pub const BLUE_ELSEWHERE: &str = r#"
[[claims]]
id = "B.1"
kind = "flight"
party = "BLUE"
outline = { circle = { at = { lat = 50.0, lng = 7.0 }, radius = "3 km" } }
lower = "1500 m W84"
upper = "3000 m W84"
start = "2026-03-01T07:00Z"
end = "2026-03-01T09:00Z"
"#;

/// A new empty folder for one test.
pub fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A file of that folder, written.
pub fn file(folder: &std::path::Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path.to_str().expect("a path").to_owned()
}

/// The command, ready to be run.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deconflict"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// What the binary says to these arguments.
pub fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("it runs")
}

/// What the binary says to these arguments with this on its standard input.
pub fn run_with_input(arguments: &[&str], input: &str) -> Output {
    let mut child =
        command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("piped");
    // It may end without reading; that is for the test to see.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// Its exit status.
pub fn status(output: &Output) -> i32 {
    output.status.code().expect("not ended by a signal")
}

/// Standard output as text.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Standard error as text.
pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
