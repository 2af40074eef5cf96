//! Files and programs around the engines that are not compiled in. Whatever a program prints goes to the error output.

use deconflict_bench::w::Record;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Our folder for what was installed or made, kept between runs.
pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join("deconflict-bench-compare");
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("cannot make the folder `{}`: {error}", folder.display()));
    folder
}

/// Writes a set as the eighteen little-endian numbers of each volume.
pub fn write_binary(path: &Path, records: &[Record]) {
    let write = || {
        let mut file = BufWriter::new(fs::File::create(path)?);
        for word in records.iter().flat_map(|record| record.words()) {
            file.write_all(&word.to_le_bytes())?;
        }
        file.flush()
    };
    write().unwrap_or_else(|error| panic!("cannot write `{}`: {error}", path.display()));
}

/// Runs `command` and shows what it prints; it must end well.
pub fn succeed(command: &mut Command) {
    let output = finished(command.stdout(Stdio::piped()).stderr(Stdio::inherit()));
    eprint!("{}", String::from_utf8_lossy(&output.stdout));
}

/// What `command` prints; it must end well.
pub fn said(command: &mut Command) -> String {
    String::from_utf8_lossy(&finished(command.stdout(Stdio::piped()).stderr(Stdio::inherit())).stdout).into_owned()
}

fn finished(command: &mut Command) -> Output {
    eprintln!("$ {command:?}");
    let output = command.output().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    assert!(output.status.success(), "{command:?} ended badly: {}", output.status);
    output
}
