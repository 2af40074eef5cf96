//! A PostgreSQL server.

use crate::certificates::Certificates;
use crate::engine::{find, free_port, until};
use std::fs;
use std::io;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A PostgreSQL server with an empty database `deconflict` of the user `deconflict`.
pub struct PostgresServer {
    binary: PathBuf,
    data: PathBuf,
    port: u16,
    /// More of its command line.
    options: Vec<String>,
    process: Option<Child>,
}

/// Who sets up a server that lets in nobody without a password.
const ADMINISTRATOR: &str = "administrator";

impl PostgresServer {
    /// Starts one. `None` if PostgreSQL is not installed.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(folder: &Path) -> io::Result<Option<Self>> {
        let Some(mut server) = Self::initialize(folder, &["-U", "deconflict", "--auth=trust"])? else { return Ok(None) };
        server.revive()?;
        let mut create = Command::new("createdb");
        create.args(["-h", "127.0.0.1", "-U", "deconflict", "-p", &server.port.to_string(), "deconflict"]);
        until(|| create.stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?.success().then_some(()))?;
        Ok(Some(server))
    }

    /// Starts one that is reached by TLS alone, and asks for passwords (SCRAM-SHA-256). The user owns the database, and has no
    /// other rights. `None` if PostgreSQL is not installed.
    ///
    /// # Errors
    /// It does not start, or does not take its user.
    pub fn start_secured(folder: &Path, certificates: &Certificates, password: &str) -> io::Result<Option<Self>> {
        let passwords = folder.join("administrator.password");
        fs::write(&passwords, password)?;
        let (from_file, owner) = (format!("--pwfile={}", passwords.display()), ["-U", ADMINISTRATOR]);
        let arguments = [owner[0], owner[1], "--auth=scram-sha-256", &from_file];
        let Some(mut server) = Self::initialize(folder, &arguments)? else { return Ok(None) };
        fs::write(server.data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n")?;
        server.options = ["ssl=on".to_owned(), "password_encryption=scram-sha-256".to_owned()].into();
        for (option, from, name) in
            [("ssl_cert_file", certificates.certificate(), "server.pem"), ("ssl_key_file", certificates.key(), "server.key")]
        {
            // It reads no key that others own or may read.
            let own = server.data.join(name);
            fs::copy(from, &own)?;
            fs::set_permissions(&own, PermissionsExt::from_mode(0o600))?;
            give_to_server(&own)?;
            server.options.push(format!("{option}={}", own.display()));
        }
        server.revive()?;
        let mut create = Command::new("psql");
        create.args(["-h", "127.0.0.1", "-U", ADMINISTRATOR, "-p", &server.port.to_string(), "-d", "postgres"]);
        create.args(["-c", &format!("CREATE ROLE deconflict LOGIN PASSWORD '{password}'")]);
        create.args(["-c", "CREATE DATABASE deconflict OWNER deconflict"]);
        create.env("PGPASSWORD", password).env("PGSSLMODE", "require");
        until(|| create.stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?.success().then_some(()))?;
        Ok(Some(server))
    }

    /// A server that does not run, with an empty folder.
    fn initialize(folder: &Path, arguments: &[&str]) -> io::Result<Option<Self>> {
        let (Some(binary), Some(initdb)) = (find("postgres"), find("initdb")) else { return Ok(None) };
        let data = folder.join("postgres");
        fs::create_dir_all(&data)?;
        give_to_server(&data)?;
        let mut init = as_nobody_special(&initdb)?;
        init.arg("-D").arg(&data).args(arguments).args(["--no-sync", "-E", "UTF8"]);
        let done = init.stdout(Stdio::null()).stderr(Stdio::inherit()).status()?;
        if !done.success() {
            return Err(io::Error::other(format!("initdb ended with {done}")));
        }
        Ok(Some(Self { binary, data, port: free_port()?, options: Vec::new(), process: None }))
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process, if it runs.
    pub fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// Kills it (SIGKILL).
    ///
    /// # Errors
    /// The system does not let us.
    pub fn kill(&mut self) -> io::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Starts it again, and waits until it takes connections.
    ///
    /// # Errors
    /// It does not start.
    pub fn revive(&mut self) -> io::Result<()> {
        until(|| {
            // What a killed server leaves behind goes within moments; until then a new one ends at once.
            let ended = self.process.as_mut().is_none_or(|process| !matches!(process.try_wait(), Ok(None)));
            if ended {
                self.process = self.command().and_then(|mut command| command.spawn()).ok();
            }
            TcpStream::connect(("127.0.0.1", self.port)).ok().map(drop)
        })
    }

    fn command(&self) -> io::Result<Command> {
        let log = fs::File::options().append(true).create(true).open(self.data.with_extension("log"))?;
        let mut command = as_nobody_special(&self.binary)?;
        command.arg("-D").arg(&self.data).args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        command.args(self.options.iter().flat_map(|option| ["-c", option]));
        command.args(["-c", "unix_socket_directories="]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Ok(command)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// PostgreSQL does not run as root: there, it runs as its own user.
fn as_nobody_special(program: &Path) -> io::Result<Command> {
    let mut command = Command::new(program);
    user_of_server()?.map(|id| command.uid(id));
    // A folder of the caller's that this user may not look into is no place to be in.
    command.current_dir("/");
    Ok(command)
}

/// Gives a file or folder to the user that the server runs as.
fn give_to_server(path: &Path) -> io::Result<()> {
    user_of_server()?.map_or(Ok(()), |id| chown(path, Some(id), None))
}

/// The user that the server has to run as; `None` for whoever runs this.
fn user_of_server() -> io::Result<Option<u32>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let id = line.and_then(|line| line.split(':').nth(2)?.parse().ok());
    id.map(Some).ok_or_else(|| io::Error::other("there is no user `postgres`"))
}
