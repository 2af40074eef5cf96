//! Engines for pools: etcd clusters and a PostgreSQL server, on ports of this machine that were free, in folders that the caller
//! gives. They are killed when they are dropped.

mod etcd;
mod postgres;

pub use etcd::EtcdCluster;
pub use postgres::PostgresServer;

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a server may take to start.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// Whether this variable is set, tests that need engines fail where there are none; otherwise they are passed over.
pub const NEED_ENGINES: &str = "DECONFLICT_NEED_ENGINES";

/// A port that is free now.
///
/// # Errors
/// The system has none.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Where a program is: on the path, or where Debian puts PostgreSQL's.
///
/// # Panics
/// If it is nowhere and [`NEED_ENGINES`] is set.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    let debian = || {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut files: Vec<_> = versions.flatten().map(|version| version.path().join("bin").join(program)).collect();
        files.retain(|file| file.is_file());
        files.into_iter().max()
    };
    let found = on_path.or_else(debian);
    if found.is_none() {
        assert!(std::env::var_os(NEED_ENGINES).is_none(), "`{program}` is not installed");
        eprintln!("passed over: `{program}` is not installed");
    }
    found
}

/// Asks until there is an answer.
pub(super) fn until<T>(mut ask: impl FnMut() -> Option<T>) -> io::Result<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Ok(answer);
        }
        if start.elapsed() > STARTS_WITHIN {
            return Err(io::Error::other("a server did not start in time"));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
