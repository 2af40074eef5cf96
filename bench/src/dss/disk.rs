//! What the disk itself can do in the same folder in the same minute: small writes, each with an fdatasync.

use crate::measure::Times;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// About as much as a batch of commands has.
const BYTES: usize = 16 << 10;
/// How long it is tried.
const FOR: Duration = Duration::from_secs(1);

/// Appends to a new file in `folder` for a second, and removes it. Nothing else should use the disk meanwhile.
///
/// # Errors
/// The file cannot be written.
pub fn baseline(folder: &Path) -> io::Result<Vec<Duration>> {
    let path = folder.join("plain");
    let mut file = File::create(&path)?;
    let bytes = vec![7; BYTES];
    let begin = Instant::now();
    let mut times = Vec::new();
    while begin.elapsed() < FOR {
        let start = Instant::now();
        file.write_all(&bytes)?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    std::fs::remove_file(path)?;
    Ok(times)
}

/// Median and p99 of such writes, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Baseline {
    /// Median, seconds.
    pub median_s: f64,
    /// 99th of 100, seconds.
    pub p99_s: f64,
}

impl Baseline {
    /// Of what was measured before and after a run.
    pub fn of(times: Vec<Duration>) -> Self {
        let times = Times::new(times);
        Self { median_s: times.median_s(), p99_s: times.quantile_s(0.99) }
    }
}
