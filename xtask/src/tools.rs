//! Finding the tools that are not part of a plain Rust, and installing those that a step cannot do without.

use crate::run::{cargo, succeed};
use std::process::{Command, Stdio};

/// Whether `cargo SUBCOMMAND` is there.
pub fn has(subcommand: &str) -> bool {
    let mut probe = cargo(&[subcommand, "--version"]);
    probe.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Installs the toolchain component that brings `cargo SUBCOMMAND`, if it is missing.
pub fn need_component(subcommand: &str, component: &str) -> Result<(), String> {
    if has(subcommand) {
        return Ok(());
    }
    println!("`cargo {subcommand}` is missing. It is part of the Rust toolchain; installing the component `{component}`.");
    succeed(Command::new("rustup").args(["component", "add", component]))
}

/// Installs the parts of the toolchain that build for `target`, if they are missing.
pub fn need_target(target: &str) -> Result<(), String> {
    let installed = Command::new("rustup").args(["target", "list", "--installed"]).output();
    let is_there = installed.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).lines().any(|line| line == target));
    if is_there {
        return Ok(());
    }
    println!("The target `{target}` is missing. It is part of the Rust toolchain; installing it.");
    succeed(Command::new("rustup").args(["target", "add", target]))
}

/// Installs `package` at `version` from the registry, if `cargo SUBCOMMAND` is missing. `why` ends the sentence "it is needed …".
pub fn need_package(subcommand: &str, package: &str, version: &str, why: &str) -> Result<(), String> {
    if has(subcommand) {
        return Ok(());
    }
    println!("`cargo {subcommand}` is missing; it is needed {why}.");
    println!("Installing {package} {version} into cargo's own bin folder. This happens once and takes some minutes.");
    succeed(&mut cargo(&["install", package, "--version", version, "--locked"]))
}
