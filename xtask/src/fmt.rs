//! `cargo xtask fmt`: the formatter decides, nobody argues.

use crate::run::{cargo, succeed};
use crate::tools::need_component;

/// Formats every source file of the workspace in place.
pub fn run() -> Result<(), String> {
    need_component("fmt", "rustfmt")?;
    succeed(&mut cargo(&["fmt", "--all"]))
}

/// Fails, showing the differences, if a file is not formatted.
pub fn check() -> Result<(), String> {
    need_component("fmt", "rustfmt")?;
    succeed(&mut cargo(&["fmt", "--all", "--check"])).map_err(|failure| format!("{failure}; `cargo xtask fmt` repairs it"))
}
