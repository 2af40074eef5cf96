//! `--pairs`: which claims conflict, one pair a line, and nothing else about them.

use std::io::{self, Write};
use std::path::Path;

use crate::{Status, output};

/// Writes pairs of claim ids to a new or existing CSV file, whole or not at all, and says how many there are.
///
/// `else_found` is what else there is to say; where it is not empty, nothing is clear.
pub fn write<'a>(
    path: &Path,
    pairs: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
    claims: usize,
    else_found: &str,
) -> Status {
    let count = pairs.len();
    if let Err(error) = output::write_whole(path, |out| rows(out, pairs)) {
        output::complain(&format!("error: cannot write {}: {error}\n", path.display()));
        return Status::BadInput;
    }
    let plural = |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let (pairs, claims) = (plural(count, "pair"), plural(claims, "claim"));
    let status = if count == 0 && else_found.is_empty() { Status::Clear } else { Status::Found };
    let verdict = if status == Status::Clear { "CLEAR" } else { "NOT CLEAR" };
    let found = if else_found.is_empty() { String::new() } else { format!("; {else_found}") };
    output::print(&format!("{verdict}: {pairs} of {claims} come too close, listed in {}{found}\n", path.display()), status)
}

fn rows<'a>(out: &mut impl Write, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> io::Result<()> {
    out.write_all(b"claim_a,claim_b\n")?;
    for (a, b) in pairs {
        field(out, a)?;
        out.write_all(b",")?;
        field(out, b)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A field as RFC 4180 has it.
fn field(out: &mut impl Write, text: &str) -> io::Result<()> {
    if text.contains(['"', ',', '\n', '\r']) {
        write!(out, "\"{}\"", text.replace('"', "\"\""))
    } else {
        out.write_all(text.as_bytes())
    }
}
