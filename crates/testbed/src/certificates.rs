//! Throw-away certificates, made by the program `openssl`: an authority, and a server that it vouches for.

use crate::engine::find;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A certificate of a server, its key, and the authority that vouches for it; PEM files in a folder, good for two days.
#[derive(Clone, Debug)]
pub struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// Makes a new authority and a certificate for `names`, such as `DNS:localhost`, in `folder`, which is there and has none.
    /// `None` if `openssl` is not installed.
    ///
    /// # Errors
    /// `openssl` says no.
    pub fn new(folder: &Path, names: &str) -> io::Result<Option<Self>> {
        let Some(openssl) = find("openssl") else { return Ok(None) };
        let made = Self { folder: folder.to_owned() };
        // Authorities of one name would be taken for each other until a signature is looked at.
        let name = format!("/CN=authority in {}", folder.file_name().unwrap_or_default().to_string_lossy());
        make(&openssl, &made.file("ca.key"), &made.authority(), &["-subj", &name, "-addext", "keyUsage=critical,keyCertSign"])?;
        let (ca, ca_key) = (made.authority(), made.file("ca.key"));
        let (ca, ca_key) = (ca.to_string_lossy(), ca_key.to_string_lossy());
        let alternative = format!("subjectAltName={names}");
        let mut server = vec!["-subj", "/CN=server of a test", "-CA", &ca, "-CAkey", &ca_key];
        server.extend(["-addext", &alternative, "-addext", "basicConstraints=critical,CA:FALSE"]);
        make(&openssl, &made.key(), &made.certificate(), &server)?;
        Ok(Some(made))
    }

    /// Who vouches for the server.
    pub fn authority(&self) -> PathBuf {
        self.file("ca.pem")
    }

    /// The certificate of the server.
    pub fn certificate(&self) -> PathBuf {
        self.file("server.pem")
    }

    /// The key of the server.
    pub fn key(&self) -> PathBuf {
        self.file("server.key")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn make(openssl: &Path, key: &Path, certificate: &Path, arguments: &[&str]) -> io::Result<()> {
    let mut command = Command::new(openssl);
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]);
    let output = command.arg("-keyout").arg(key).arg("-out").arg(certificate).args(arguments).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("openssl ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr))))
}
