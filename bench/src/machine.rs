//! What the figures were measured on: processor, memory, system, compiler, commit and load. Nothing is guessed.

use serde::Serialize;
use std::fs;
use std::process::Command;

/// The machine and the state of the sources; what cannot be found out is "unknown".
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Model name of the processor.
    pub processor: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// Memory, bytes.
    pub memory_bytes: Option<u64>,
    /// Name and release of the system.
    pub system: String,
    /// The compiler that is installed.
    pub compiler: String,
    /// The commit, with a note where tracked files differ from it.
    pub commit: String,
    /// Average load of the last minute when the run began: well below one on a quiet machine.
    pub load: Option<f64>,
}

impl Machine {
    /// Looks at this machine, and at the repository in the working folder.
    pub fn here() -> Self {
        let file = |path| fs::read_to_string(path).unwrap_or_default();
        let unknown = || "unknown".to_owned();
        Self {
            processor: field(&file("/proc/cpuinfo"), "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_bytes: field(&file("/proc/meminfo"), "MemTotal").and_then(|text| kib(&text)),
            system: format!("{} {}", std::env::consts::OS, file("/proc/sys/kernel/osrelease").trim()),
            compiler: said("rustc", &["--version"]).unwrap_or_else(unknown),
            commit: commit().unwrap_or_else(unknown),
            load: file("/proc/loadavg").split(' ').next().and_then(|text| text.parse().ok()),
        }
    }

    /// Three lines for people.
    pub fn text(&self) -> String {
        let memory = self
            .memory_bytes
            .map_or("unknown memory".to_owned(), |bytes| format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30)));
        let load = self.load.map_or("unknown".to_owned(), |load| format!("{load:.2}"));
        format!(
            "machine  {}, {} cores, {memory}, {}\nsources  {}, {}\nload     {load} when the run began\n",
            self.processor, self.cores, self.system, self.commit, self.compiler
        )
    }
}

/// The value of the first line `name : value`.
fn field(text: &str, name: &str) -> Option<String> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':'))?;
    Some(value.trim().to_owned())
}

fn kib(text: &str) -> Option<u64> {
    text.strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

fn commit() -> Option<String> {
    let hash = said("git", &["rev-parse", "--short=12", "HEAD"])?;
    let changes = said("git", &["status", "--porcelain", "--untracked-files=no"])?;
    Some(if changes.is_empty() { hash } else { format!("{hash} with uncommitted changes") })
}

/// What a program prints, if it is there and all is well.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{field, kib};

    #[test]
    fn fields_of_proc_are_read() {
        let text = "processor\t: 0\nmodel name\t: A B\nmodel name\t: C\n";
        assert_eq!(field(text, "model name").as_deref(), Some("A B"));
        assert_eq!(field("MemTotal:       24683560 kB\n", "MemTotal").and_then(|text| kib(&text)), Some(25_275_965_440));
        assert_eq!(field(text, "vendor"), None);
    }
}
