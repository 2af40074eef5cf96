//! `cargo xtask deny`: what we depend on, under which licences, from where. The rules stand in `deny.toml`.
//!
//! It does not ask for known vulnerabilities: their list changes without a change of ours, so the same commit would pass
//! today and fail tomorrow.

use crate::run::{cargo, succeed};
use crate::tools::need_package;

/// A version that was tried with the Rust that the workspace names.
const CARGO_DENY_VERSION: &str = "0.20.2";

/// Checks licences, bans and sources of all dependencies.
pub fn run() -> Result<(), String> {
    need_package("deny", "cargo-deny", CARGO_DENY_VERSION, "to check the licences and sources of all dependencies")?;
    succeed(&mut cargo(&["deny", "--locked", "check", "licenses", "bans", "sources"]))
}
