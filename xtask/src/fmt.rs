//! `cargo xtask fmt`: the formatter decides, nobody argues.

use crate::run::{cargo, succeed};
use crate::tools::need_component;

/// A workspace of its own. Formatting compiles nothing, so the foreign engines stay away.
const COMPARE: &str = "bench-compare/Cargo.toml";

/// Formats every source file in place.
pub fn run() -> Result<(), String> {
    need_component("fmt", "rustfmt")?;
    succeed(&mut cargo(&["fmt", "--all"]))?;
    succeed(&mut cargo(&["fmt", "--manifest-path", COMPARE]))
}

/// Fails, showing the differences, if a file is not formatted.
pub fn check() -> Result<(), String> {
    need_component("fmt", "rustfmt")?;
    succeed(&mut cargo(&["fmt", "--all", "--check"]))
        .and_then(|()| succeed(&mut cargo(&["fmt", "--manifest-path", COMPARE, "--check"])))
        .map_err(|failure| format!("{failure}; `cargo xtask fmt` repairs it"))
}
