//! The service as a process: started, asked what it uses, ended or killed.

use crate::authority::{AUDIENCE, Authority};
use crate::process::Usage;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A process that serves. It is killed when this is dropped.
pub struct Server {
    process: Child,
    stdout: BufReader<ChildStdout>,
    started: Instant,
}

impl Server {
    /// Starts the service on the data directory `folder/data`; its log goes to `folder/log`. Does not wait until it is ready.
    ///
    /// # Errors
    /// The binary does not run, or the log cannot be written.
    pub fn start(binary: &Path, folder: &Path, authority: &Authority, arguments: &[&str]) -> io::Result<Self> {
        Self::start_by(Command::new(binary), folder, authority, arguments)
    }

    /// The same, by a command that has the binary last, and all that is to be around it.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_by(mut command: Command, folder: &Path, authority: &Authority, arguments: &[&str]) -> io::Result<Self> {
        let log = File::options().append(true).create(true).open(folder.join("log"))?;
        let started = Instant::now();
        command.args(["serve", "--listen", "127.0.0.1:0", "--audience", AUDIENCE, "--allow-http-base-urls"]);
        command.arg("--data").arg(folder.join("data")).arg("--public-key").arg(authority.public_key());
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut process = command.spawn()?;
        let stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        Ok(Self { process, stdout, started })
    }

    /// Waits for the line that says that it is ready: where it listens, and how long it took since the start.
    ///
    /// # Errors
    /// It ended, or said something else.
    pub fn ready(&mut self) -> io::Result<(SocketAddr, Duration)> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        let took = self.started.elapsed();
        let address = line.trim_end().strip_prefix("deconflict listens on http://").and_then(|address| address.parse().ok());
        let said = || io::Error::other(format!("the service said {line:?} when it should be ready; its log says more"));
        Ok((address.ok_or_else(said)?, took))
    }

    /// The id of its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// What it has used.
    pub fn usage(&self) -> Option<Usage> {
        Usage::of(self.process.id())
    }

    /// Ends it in the hardest way (SIGKILL), and waits until it is gone.
    ///
    /// # Errors
    /// The system does not let us.
    pub fn kill(mut self) -> io::Result<ExitStatus> {
        self.process.kill()?;
        self.process.wait()
    }

    /// Asks it to end (SIGTERM), and waits until it has.
    ///
    /// # Errors
    /// The system has no `kill`, or the service did not end well.
    pub fn end(mut self) -> io::Result<()> {
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let status = self.process.wait()?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("the service ended with {status}"))) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
