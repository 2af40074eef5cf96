//! Engines for pools: etcd clusters and a PostgreSQL server, on ports of this machine that were free, in folders that the caller
//! gives. They are killed when they are dropped.

use crate::connection::Connection;
use std::fs;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
pub fn find(program: &str) -> Option<PathBuf> {
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

/// An etcd cluster on this machine.
pub struct EtcdCluster {
    binary: PathBuf,
    members: Vec<EtcdMember>,
}

/// One server of an etcd cluster.
struct EtcdMember {
    arguments: Vec<String>,
    log: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl EtcdCluster {
    /// Starts `count` servers. Where others reach server n on the port that `peer_port(n, port)` gives, there must be
    /// something that leads to its own port. `None` if etcd is not installed.
    ///
    /// # Errors
    /// They do not start.
    pub fn start(
        folder: &Path,
        count: usize,
        mut peer_port: impl FnMut(usize, u16) -> io::Result<u16>,
    ) -> io::Result<Option<Self>> {
        let Some(binary) = find("etcd") else { return Ok(None) };
        let mut ports = Vec::new();
        for index in 0..count {
            let (client, peer) = (free_port()?, free_port()?);
            ports.push((client, peer, peer_port(index, peer)?));
        }
        let cluster: Vec<_> =
            ports.iter().enumerate().map(|(index, (.., others))| format!("e{index}=http://127.0.0.1:{others}")).collect();
        let mut members = Vec::new();
        for (index, (client, peer, others)) in ports.iter().enumerate() {
            let arguments = [
                format!("--name=e{index}"),
                format!("--data-dir={}", folder.join(format!("etcd-{index}")).display()),
                format!("--listen-client-urls=http://127.0.0.1:{client}"),
                format!("--advertise-client-urls=http://127.0.0.1:{client}"),
                format!("--listen-peer-urls=http://127.0.0.1:{peer}"),
                format!("--initial-advertise-peer-urls=http://127.0.0.1:{others}"),
                format!("--initial-cluster={}", cluster.join(",")),
                "--logger=zap".to_owned(),
                "--log-level=warn".to_owned(),
            ];
            let log = folder.join(format!("etcd-{index}.log"));
            members.push(EtcdMember { arguments: arguments.into(), log, port: *client, process: None });
        }
        let mut cluster = Self { binary, members };
        for index in 0..count {
            cluster.revive(index)?;
        }
        cluster.wait_until_ready()?;
        Ok(Some(cluster))
    }

    /// How many servers it has.
    #[expect(clippy::len_without_is_empty, reason = "a cluster has a server")]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Where clients reach server `index`.
    pub fn port(&self, index: usize) -> u16 {
        self.members[index].port
    }

    /// Its process, if it runs.
    pub fn process(&self, index: usize) -> Option<u32> {
        self.members[index].process.as_ref().map(Child::id)
    }

    /// Kills a server (SIGKILL).
    ///
    /// # Errors
    /// The system does not let us.
    pub fn kill(&mut self, index: usize) -> io::Result<()> {
        if let Some(mut process) = self.members[index].process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Starts a server that does not run.
    ///
    /// # Errors
    /// It does not start.
    pub fn revive(&mut self, index: usize) -> io::Result<()> {
        let member = &mut self.members[index];
        let log = fs::File::options().append(true).create(true).open(&member.log)?;
        let mut command = Command::new(&self.binary);
        command.args(&member.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        member.process = Some(command.spawn()?);
        Ok(())
    }

    /// Waits until every server that runs says that the cluster has a leader.
    ///
    /// # Errors
    /// It takes too long.
    pub fn wait_until_ready(&self) -> io::Result<()> {
        self.members.iter().filter(|member| member.process.is_some()).try_for_each(|member| {
            until(|| {
                let mut connection = Connection::open(([127, 0, 0, 1], member.port).into(), "none").ok()?;
                let answer = connection.send("GET", "/health", "").ok()?;
                String::from_utf8_lossy(answer.body).contains("\"true\"").then_some(())
            })
        })
    }
}

impl Drop for EtcdCluster {
    fn drop(&mut self) {
        for index in 0..self.members.len() {
            let _ = self.kill(index);
        }
    }
}

/// A PostgreSQL server with an empty database `deconflict` of the user `deconflict`.
pub struct PostgresServer {
    binary: PathBuf,
    data: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl PostgresServer {
    /// Starts one. `None` if PostgreSQL is not installed.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(folder: &Path) -> io::Result<Option<Self>> {
        let (Some(binary), Some(initdb)) = (find("postgres"), find("initdb")) else { return Ok(None) };
        let data = folder.join("postgres");
        fs::create_dir_all(&data)?;
        let mut init = as_nobody_special(&initdb, &data)?;
        init.arg("-D").arg(&data).args(["-U", "deconflict", "--auth=trust", "--no-sync", "-E", "UTF8"]);
        let done = init.stdout(Stdio::null()).stderr(Stdio::inherit()).status()?;
        if !done.success() {
            return Err(io::Error::other(format!("initdb ended with {done}")));
        }
        let mut server = Self { binary, data, port: free_port()?, process: None };
        server.revive()?;
        let mut create = Command::new("createdb");
        create.args(["-h", "127.0.0.1", "-U", "deconflict", "-p", &server.port.to_string(), "deconflict"]);
        until(|| create.stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?.success().then_some(()))?;
        Ok(Some(server))
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
        let mut command = as_nobody_special(&self.binary, &self.data)?;
        command.arg("-D").arg(&self.data).args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        command.args(["-c", "unix_socket_directories="]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Ok(command)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// PostgreSQL does not run as root: there, it runs as its own user, to whom the folder is given.
fn as_nobody_special(program: &Path, data: &Path) -> io::Result<Command> {
    let mut command = Command::new(program);
    let users = fs::read_to_string("/etc/passwd")?;
    let is_root = fs::metadata("/proc/self").map(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)?;
    if is_root {
        let line = users.lines().find(|line| line.starts_with("postgres:"));
        let id = line.and_then(|line| line.split(':').nth(2)?.parse().ok());
        let id: u32 = id.ok_or_else(|| io::Error::other("there is no user `postgres`"))?;
        chown(data, Some(id), None)?;
        command.uid(id);
    }
    // A folder of the caller's that this user may not look into is no place to be in.
    command.current_dir("/");
    Ok(command)
}

/// Asks until there is an answer.
fn until<T>(mut ask: impl FnMut() -> Option<T>) -> io::Result<T> {
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
