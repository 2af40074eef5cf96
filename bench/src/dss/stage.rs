//! A fresh service for one run, in a folder that goes with it.

use deconflict_testbed::{Authority, Connection, Server};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What clients may do.
const SCOPE: &str = "utm.strategic_coordination rid.service_provider";

/// Where the service runs: a binary, a folder on a real disk, and tokens for clients.
pub struct Stage {
    binary: PathBuf,
    folder: PathBuf,
    authority: Authority,
    tokens: Vec<String>,
}

/// A service that runs.
pub struct Running {
    /// The process.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took from the start of the process to the line that says it is ready.
    pub start: Duration,
}

impl Stage {
    /// A new folder below `parent` with keys and a token for each client.
    ///
    /// # Errors
    /// The folder cannot be made, or the binary says no.
    pub fn new(binary: &Path, parent: &Path, clients: u32) -> io::Result<Self> {
        let folder = parent.join(format!("dss-load-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let authority = Authority::new(binary, &folder)?;
        let tokens = (0..clients).map(|client| authority.token(&uss(client), SCOPE)).collect::<io::Result<_>>()?;
        Ok(Self { binary: binary.to_owned(), folder, authority, tokens })
    }

    /// A token for somebody else than a client.
    ///
    /// # Errors
    /// The binary says no.
    pub fn token(&self, subject: &str, scope: &str) -> io::Result<String> {
        self.authority.token(subject, scope)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Forgets everything that a service stored here.
    ///
    /// # Errors
    /// The system does not let us.
    pub fn clear(&self) -> io::Result<()> {
        match std::fs::remove_dir_all(self.folder.join("data")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Starts a service on what is stored here.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(&self) -> io::Result<Running> {
        // Few clients that ask as fast as they can: how often one may ask is not what is measured.
        let mut server = Server::start(&self.binary, &self.folder, &self.authority, &["--rate-limit", "0"])?;
        let (address, start) = server.ready()?;
        Ok(Running { server, address, start })
    }

    /// Starts a node of a pool in a folder of its own.
    ///
    /// # Errors
    /// It does not start.
    pub fn start_node(&self, name: &str, journal: &str) -> io::Result<Server> {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        Server::start(&self.binary, &folder, &self.authority, &["--rate-limit", "0", "--journal", journal, "--node", name])
    }

    /// A connection for a client to a node.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn connect_to(&self, address: SocketAddr, client: u32) -> io::Result<Connection> {
        Connection::open(address, &self.tokens[client as usize])
    }

    /// A connection for a client.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn connect(&self, running: &Running, client: u32) -> io::Result<Connection> {
        Connection::open(running.address, &self.tokens[client as usize])
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What stays is below `target`.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The name of a client.
fn uss(client: u32) -> String {
    format!("uss{client}")
}

/// Where a client says it can be reached; nobody ever asks there.
pub fn base_url(client: u32) -> String {
    format!("https://uss{client}.example.com/utm")
}
