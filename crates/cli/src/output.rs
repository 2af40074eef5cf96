//! Standard output and standard error. A reader that went away is no error: `deconflict check … | head` must not complain.

use std::io::{self, ErrorKind, IsTerminal, Write};

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

fn written(result: io::Result<()>, status: Status) -> Status {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(&format!("error: cannot write the answer: {error}\n"));
            Status::BadInput
        }
        _ => status,
    }
}
