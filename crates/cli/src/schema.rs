//! `deconflict schema`: the JSON Schema of plan files.

use crate::{Status, output};

/// Prints the schema.
pub fn run() -> Status {
    output::print_plain(&format!("{:#}\n", deconflict_plan::schema()), Status::Clear)
}
