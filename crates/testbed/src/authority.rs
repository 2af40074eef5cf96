//! Whoever gives out tokens: a key pair and tokens by the binary's own commands.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The audience of all tokens.
pub const AUDIENCE: &str = "localhost";

/// A key pair in a folder.
#[derive(Clone, Debug)]
pub struct Authority {
    binary: PathBuf,
    private_key: PathBuf,
    public_key: PathBuf,
}

impl Authority {
    /// A new key pair in `folder`, which is there and has none.
    ///
    /// # Errors
    /// The binary does not run, or says no.
    pub fn new(binary: &Path, folder: &Path) -> io::Result<Self> {
        let prefix = folder.join("authority");
        said(Command::new(binary).arg("keygen").arg("--out").arg(&prefix))?;
        let (private_key, public_key) = (prefix.with_extension("key"), prefix.with_extension("pem"));
        Ok(Self { binary: binary.to_owned(), private_key, public_key })
    }

    /// The public key, for the service.
    pub fn public_key(&self) -> &Path {
        &self.public_key
    }

    /// A token for the USS `subject` with these scopes.
    ///
    /// # Errors
    /// The binary does not run, or says no.
    pub fn token(&self, subject: &str, scope: &str) -> io::Result<String> {
        let mut command = Command::new(&self.binary);
        command.arg("token").arg("--key").arg(&self.private_key);
        said(command.args(["--sub", subject, "--scope", scope, "--aud", AUDIENCE]))
    }
}

/// What a command prints, without the end of the line.
fn said(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    Err(io::Error::other(format!("{command:?} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr))))
}
