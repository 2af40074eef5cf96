//! Starting programs: each is shown before it starts, runs at the repository root, and says clearly how it ended.
//!
//! A program's output goes straight to the reader; nothing is swallowed.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};

/// The root of the repository: the folder above this package.
pub fn root() -> PathBuf {
    // Cargo sets the variable at run time, so a repository that was moved after the build is still found.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(package).parent().expect("xtask lies in a folder of the repository").to_owned()
}

/// Whether nothing is built twice: what would speed up building it again takes five times the room.
static BUILDS_ONCE: AtomicBool = AtomicBool::new(false);

/// From now on, what is built is not built again soon.
pub fn build_once() {
    BUILDS_ONCE.store(true, Ordering::Relaxed);
}

/// The cargo that started us, with `arguments`, at the repository root.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    if BUILDS_ONCE.load(Ordering::Relaxed) {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Runs `command` and expects exit status 0.
pub fn succeed(command: &mut Command) -> Result<(), String> {
    exit_with(command, 0)
}

/// As [`succeed`], but shows the command on the error output, so that standard output holds what the program prints and no more.
pub fn succeed_unmixed(command: &mut Command) -> Result<(), String> {
    eprintln!("$ {}", words(command));
    let status = command.status().map_err(|error| not_started(command, &error))?;
    expect(command, status, 0)
}

/// Runs `command` and expects exactly the exit status `expected`.
pub fn exit_with(command: &mut Command, expected: i32) -> Result<(), String> {
    announce(command);
    let status = command.status().map_err(|error| not_started(command, &error))?;
    expect(command, status, expected)
}

/// Runs `command`, expects exit status 0, and gives back the lines of its output that `keep` chooses.
///
/// The failure contains those lines too, so that the report at the end of a long run shows them.
pub fn succeed_keeping(command: &mut Command, keep: fn(&str) -> bool) -> Result<Vec<String>, String> {
    announce(command);
    let not_piped = |error| format!("no pipe for the output of {}: {error}", shown(command));
    let (output, input) = std::io::pipe().map_err(not_piped)?;
    let error_input = input.try_clone().map_err(not_piped)?;
    let mut child = command.stdout(input).stderr(error_input).spawn().map_err(|error| not_started(command, &error))?;
    // The command holds our ends of the pipe; with them open the output would never end.
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());

    let mut kept = Vec::new();
    for line in BufReader::new(output).split(b'\n') {
        let line = line.map_err(|error| format!("cannot read the output of {}: {error}", shown(command)))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if keep(&line) {
            kept.push(line.trim().to_owned());
        }
    }
    let status = child.wait().map_err(|error| format!("lost {}: {error}", shown(command)))?;
    match expect(command, status, 0) {
        Ok(()) => Ok(kept),
        Err(failure) => Err(kept.into_iter().fold(failure, |failure, line| format!("{failure}\n{line}"))),
    }
}

fn announce(command: &Command) {
    println!("$ {}", words(command));
}

fn expect(command: &Command, status: ExitStatus, expected: i32) -> Result<(), String> {
    match status.code() {
        Some(code) if code == expected => Ok(()),
        Some(code) => Err(format!("{} ended with exit status {code}, expected {expected}", shown(command))),
        None => Err(format!("{} was killed: {status}", shown(command))),
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("cannot start {}: {error}", shown(command))
}

fn shown(command: &Command) -> String {
    format!("`{}`", words(command))
}

/// The command as one would type it: variables, program name without its folder, arguments.
fn words(command: &Command) -> String {
    let variables = command.get_envs().filter_map(|(name, value)| {
        let value = value?.to_string_lossy();
        let quote = if value.contains(' ') { "\"" } else { "" };
        Some(format!("{}={quote}{value}{quote}", name.to_string_lossy()))
    });
    let program = PathBuf::from(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    variables.chain([program]).chain(arguments).collect::<Vec<_>>().join(" ")
}
