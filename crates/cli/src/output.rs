//! Standard output and standard error. A reader that went away is no error: `deconflict check … | head` must not complain.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::Path;

use crate::Status;

/// Columns where standard output is no terminal.
const DEFAULT_WIDTH: usize = 100;
/// A terminal narrower than this is treated as if it were this wide.
const LEAST_WIDTH: usize = 50;

/// Columns to fill: the terminal's, at most 100, for long lines are hard to read.
pub fn width() -> usize {
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.filter(|_| io::stdout().is_terminal()).map_or(DEFAULT_WIDTH, |columns| columns.clamp(LEAST_WIDTH, DEFAULT_WIDTH))
}

/// Writes `text` to standard output, its colours only to a terminal; gives back `status`, or says why it could not be written.
pub fn print(text: &str, status: Status) -> Status {
    let mut out = anstream::stdout().lock();
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()), status)
}

/// Writes `text` to standard output as it is.
pub fn print_plain(text: &str, status: Status) -> Status {
    write(status, |out| out.write_all(text.as_bytes()))
}

/// Gives `answer` standard output to write to, as it is; gives back `status`, or says why it could not be written.
pub fn write(status: Status, answer: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Status {
    let mut out = io::BufWriter::new(io::stdout().lock());
    written(answer(&mut out).and_then(|()| out.flush()), status)
}

/// Writes `text` to standard error, its colours only to a terminal. There is nobody left to tell if that fails.
pub fn complain(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Writes a file whole or not at all; one that is there already is replaced. What is no file, such as a pipe, is written to.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        let mut out = BufWriter::new(File::create(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = write_synced(&part, write).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // What is left of it is of no use to anybody.
        let _ = fs::remove_file(&part);
    }
    written
}

fn write_synced(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
    write(&mut out)?;
    out.into_inner()?.sync_all()
}

fn written(result: io::Result<()>, status: Status) -> Status {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(&format!("error: cannot write the answer: {error}\n"));
            Status::BadInput
        }
        _ => status,
    }
}
