//! `deconflict init`: a small commented plan to start from. Never touches a file that exists.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use deconflict_plan::EXAMPLE;

use crate::args::Init;
use crate::{Status, output};

/// Writes the example to standard output or to a new file.
pub fn run(init: &Init) -> Status {
    let Some(path) = &init.file else { return output::print_plain(EXAMPLE, Status::Clear) };
    let name = path.display();
    // `create_new` decides and creates in one step: no file can slip in between.
    let written =
        OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| file.write_all(EXAMPLE.as_bytes()));
    match written {
        Ok(()) => output::print_plain(&format!("wrote {name}; next: deconflict check {name}\n"), Status::Clear),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            output::complain(&format!("error: {name} exists already; nothing was written\n"));
            Status::BadInput
        }
        Err(error) => {
            output::complain(&format!("error: cannot write {name}: {error}\n"));
            Status::BadInput
        }
    }
}
