//! Finding the tools that are not part of a plain Rust, and installing those that a step cannot do without.

use crate::run::{cargo, succeed};
use std::process::{Command, Stdio};

/// Whether `cargo SUBCOMMAND` is there.
pub fn has(subcommand: &str) -> bool {
    let mut probe = cargo(&[subcommand, "--version"]);
    probe.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Installs a package of Debian, if `program` is missing. `why` ends the sentence "it is needed …".
pub fn need_debian(program: &str, package: &str, why: &str) -> Result<(), String> {
    let is_there =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
    if is_there {
        return Ok(());
    }
    println!("`{program}` is missing; it is needed {why}. Installing the Debian package `{package}`.");
    succeed(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends", package]))
        .or_else(|_| {
            succeed(Command::new("apt-get").arg("update"))?;
            succeed(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends", package]))
        })
        .map_err(|error| format!("{error}\ninstall `{program}` yourself, then run this again"))
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
