//! What a process has used, from Linux' `/proc`.

use std::fs;

/// Memory and time of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Resident memory, bytes.
    pub resident_bytes: u64,
    /// Most resident memory so far, bytes.
    pub peak_bytes: u64,
    /// Time on all cores since its start, seconds.
    pub cpu_s: f64,
}

/// The kernel counts time for `/proc` in these on every architecture that Linux runs on today (`USER_HZ`).
const TICKS_PER_S: f64 = 100.0;

impl Usage {
    /// Of the process with this id; `None` if there is none, or no `/proc`.
    pub fn of(process: u32) -> Option<Self> {
        let file = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).ok();
        let status = file("status")?;
        Some(Self {
            resident_bytes: status_bytes(&status, "VmRSS")?,
            peak_bytes: status_bytes(&status, "VmHWM")?,
            cpu_s: cpu_s(&file("stat")?)?,
        })
    }
}

/// A line such as `VmHWM:     1234 kB`.
fn status_bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Fields 14 and 15 of the line, counted behind the name, which may contain anything.
fn cpu_s(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some((ticks(14)? + ticks(15)?) as f64 / TICKS_PER_S)
}

#[cfg(test)]
mod tests {
    use super::{Usage, cpu_s, status_bytes};

    #[test]
    fn lines_of_proc_are_read() {
        let status = "Name:\tbench\nVmHWM:\t    1234 kB\nVmRSS:\t     999 kB\n";
        assert_eq!(status_bytes(status, "VmHWM"), Some(1_263_616));
        assert_eq!(status_bytes(status, "VmSwap"), None);
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194304 100 0 0 0 150 50 7 8 20 0 1 0 100 1000 100";
        assert_eq!(cpu_s(stat), Some(2.0));
    }

    #[test]
    fn this_process_uses_something() {
        let usage = Usage::of(std::process::id()).expect("tests run on Linux");
        assert!(usage.resident_bytes > 0 && usage.peak_bytes >= usage.resident_bytes);
    }
}
