//! Plan files and standard input, as bytes. Does not know what is in them.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use deconflict_plan::{Problem, SourceText};

/// Longest file that is read, bytes: what never ends is a mistake, not a plan.
const LONGEST: u64 = 256 << 20;

/// Reads every file; `-` is standard input.
///
/// # Errors
/// One problem for each file that cannot be read, in the order of the files.
pub fn read_all(paths: &[impl AsRef<Path>]) -> Result<Vec<SourceText>, Vec<Problem>> {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in paths.iter().map(AsRef::as_ref) {
        let name = path.display().to_string();
        match read(path) {
            Ok(bytes) => files.push(SourceText { name, bytes }),
            Err(found) => problems.push(Problem {
                file: name,
                line: None,
                path: String::new(),
                found,
                expected: "a plan file that can be read".to_owned(),
            }),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let limit = |reader: &mut dyn Read, bytes: &mut Vec<u8>| reader.take(LONGEST + 1).read_to_end(bytes);
    let read = if is_stdin(path) {
        limit(&mut io::stdin().lock(), &mut bytes)
    } else {
        File::open(path).and_then(|mut file| limit(&mut file, &mut bytes))
    };
    match read {
        Err(error) if error.kind() == ErrorKind::IsADirectory => Err("a directory, not a file".to_owned()),
        Err(error) => Err(error.to_string()),
        Ok(length) if length as u64 > LONGEST => Err(format!("more than {} MiB, which is never a plan", LONGEST >> 20)),
        Ok(_) => Ok(bytes),
    }
}

/// Whether a path means standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
