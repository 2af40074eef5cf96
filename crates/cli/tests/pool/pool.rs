//! Nodes of a pool as processes.

pub use crate::client::{Client, Ovn, Register, Stream};
use deconflict_testbed::{Authority, EtcdCluster, PostgresServer, Server, SlowDisk, WrongClock};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_deconflict");
const SCOPES: &str = "deconflict.party utm.strategic_coordination interuss.pool_status.read interuss.pool_status.heartbeat.write";

const PARTY: &str = "deconflict.party";
/// Who has the tokens of [`Pool::client`].
pub const USS: &str = "uss1";

/// How long a pool that nothing disturbs may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder that goes with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("deconflict-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        // PostgreSQL's user has to get through.
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("it is ours");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a pool's log is on.
pub enum Engine {
    Etcd(EtcdCluster),
    Postgres(PostgresServer),
}

impl Engine {
    pub fn etcd(folder: &Folder, count: usize) -> Option<Self> {
        EtcdCluster::start(&folder.0, count, |_, port| Ok(port)).expect("etcd starts").map(Self::Etcd)
    }

    pub fn postgres(folder: &Folder) -> Option<Self> {
        PostgresServer::start(&folder.0).expect("PostgreSQL starts").map(Self::Postgres)
    }

    pub fn address(&self) -> String {
        match self {
            Self::Etcd(cluster) => etcd_address((0..cluster.len()).map(|index| cluster.port(index))),
            Self::Postgres(server) => format!("postgres://127.0.0.1:{}", server.port()),
        }
    }
}

pub fn etcd_address(ports: impl Iterator<Item = u16>) -> String {
    let hosts: Vec<_> = ports.map(|port| format!("127.0.0.1:{port}")).collect();
    format!("etcd://{}/test", hosts.join(","))
}

/// What a node runs on: a disk that can be slow, a clock that can be wrong. By default it is none of ours.
#[derive(Default)]
pub struct Machine {
    disk: Option<SlowDisk>,
    clock: Option<WrongClock>,
}

impl Machine {
    /// One that is well yet, with its files named after `name` in `folder`.
    pub fn new(folder: &Path, name: &str) -> Self {
        Self { disk: SlowDisk::new(folder, name).expect("a disk"), clock: WrongClock::new(folder, name).expect("a clock") }
    }

    /// Whether both can be unwell here.
    pub fn is_whole(&self) -> bool {
        self.disk.is_some() && self.clock.is_some()
    }

    pub fn disk(&self) -> &SlowDisk {
        self.disk.as_ref().expect("it is whole")
    }

    pub fn clock(&self) -> &WrongClock {
        self.clock.as_ref().expect("it is whole")
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = self.disk.as_ref().map_or_else(|| Command::new(program), |disk| disk.command(program));
        self.clock.iter().for_each(|clock| clock.seen_by(&mut command));
        command
    }
}

struct Node {
    name: String,
    machine: Machine,
    folder: PathBuf,
    journal: String,
    flags: Vec<String>,
    server: Option<Server>,
    address: Option<SocketAddr>,
}

/// The nodes n0, n1, …
pub struct Pool {
    authority: Authority,
    token: String,
    nodes: Vec<Node>,
}

impl Pool {
    /// Starts a node for each address of the journal.
    pub fn start(folder: &Folder, journals: &[String]) -> Self {
        Self::start_on(folder, journals, journals.iter().map(|_| Machine::default()).collect())
    }

    /// The same, each on a machine.
    pub fn start_on(folder: &Folder, journals: &[String], machines: Vec<Machine>) -> Self {
        let authority = Authority::new(Path::new(BINARY), &folder.0).expect("keys");
        let token = authority.token(USS, SCOPES).expect("a token");
        let node = |(index, (journal, machine)): (usize, (&String, Machine))| {
            let folder = folder.0.join(format!("n{index}"));
            std::fs::create_dir_all(&folder).expect("a folder");
            Node {
                name: format!("n{index}"),
                machine,
                folder,
                journal: journal.clone(),
                flags: Vec::new(),
                server: None,
                address: None,
            }
        };
        let nodes = journals.iter().zip(machines).enumerate().map(node).collect();
        let mut pool = Self { authority, token, nodes };
        for index in 0..journals.len() {
            pool.revive(index);
        }
        (0..journals.len()).for_each(|index| pool.wait_until_ready(index));
        pool
    }

    /// Starts one more process, under a name that another may have.
    pub fn add(&mut self, name: &str, journal: &str) {
        self.add_with(name, journal, &[]);
    }

    /// The same, with more flags.
    pub fn add_with(&mut self, name: &str, journal: &str, flags: &[&str]) {
        let folder = self.nodes[0].folder.with_file_name(format!("another-{}", self.nodes.len()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (name, journal) = (name.to_owned(), journal.to_owned());
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        self.nodes.push(Node { name, machine: Machine::default(), folder, journal, flags, server: None, address: None });
        self.revive(self.nodes.len() - 1);
        self.wait_until_ready(self.nodes.len() - 1);
    }

    /// Has a node that does not run find its journal elsewhere from now on.
    pub fn set_journal(&mut self, index: usize, journal: &str) {
        journal.clone_into(&mut self.nodes[index].journal);
    }

    /// What a node has logged so far.
    pub fn log(&self, index: usize) -> String {
        std::fs::read_to_string(self.nodes[index].folder.join("log")).expect("it runs")
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Starts a node that does not run, and does not wait for it.
    pub fn revive(&mut self, index: usize) {
        let node = &mut self.nodes[index];
        let mut arguments = vec!["--journal", &node.journal, "--node", &node.name, "--rate-limit", "100000"];
        arguments.extend(node.flags.iter().map(String::as_str));
        let server = Server::start_by(node.machine.command(Path::new(BINARY)), &node.folder, &self.authority, &arguments);
        (node.server, node.address) = (Some(server.expect("the node starts")), None);
    }

    /// Waits until a node that was started listens.
    pub fn wait_until_ready(&mut self, index: usize) {
        let node = &mut self.nodes[index];
        let server = node.server.as_mut().expect("it was started");
        let (address, _) = server.ready().unwrap_or_else(|error| {
            let log = std::fs::read_to_string(node.folder.join("log")).unwrap_or_default();
            panic!("n{index}: {error}\n{log}")
        });
        node.address = Some(address);
    }

    /// Kills a node (SIGKILL).
    pub fn kill(&mut self, index: usize) {
        let node = &mut self.nodes[index];
        node.address = None;
        node.server.take().expect("it runs").kill().expect("killed");
    }

    /// A node that does not run loses its disk, and gets a copy of what another one has.
    pub fn replace_disk(&self, index: usize, from: usize) {
        let data = self.nodes[index].folder.join("data");
        std::fs::remove_dir_all(&data).expect("it has one");
        let output = self.fetch(&data, from, "deconflict.journal.copy");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(data.join("lock").exists() && !data.join("evidence.key").exists());
    }

    /// `deconflict journal fetch` from a node, with a token of this scope.
    pub fn fetch(&self, to: &Path, from: usize, scope: &str) -> Output {
        let server = format!("http://{}", self.address(from).expect("it is ready"));
        let token = self.authority.token("somebody", scope).expect("a token");
        let mut command = Command::new(BINARY);
        command.args(["journal", "fetch"]).arg(to).args(["--server", &server, "--token", &token]).output().expect("it runs")
    }

    pub fn address(&self, index: usize) -> Option<SocketAddr> {
        self.nodes[index].address
    }

    pub fn client(&self, index: usize) -> Client {
        Client::new(self.address(index).expect("it is ready"), &self.token, PATIENCE)
    }

    /// Somebody of the joint picture, who talks to one node.
    pub fn client_as(&self, index: usize, subject: &str, scope: &str) -> Client {
        let token = self.authority.token(subject, scope).expect("a token");
        Client::new(self.address(index).expect("it is ready"), &token, PATIENCE)
    }

    /// A party of the joint picture.
    pub fn client_of(&self, index: usize, party: &str) -> Client {
        self.client_as(index, party, PARTY)
    }

    /// What a party is told, as it is told.
    pub fn stream(&self, index: usize, party: &str) -> Stream {
        let token = self.authority.token(party, PARTY).expect("a token");
        Stream::open(self.address(index).expect("it is ready"), &token).expect("a stream")
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// What a node runs on.
    pub fn machine(&self, index: usize) -> &Machine {
        &self.nodes[index].machine
    }

    /// The process of a node that runs.
    pub fn process(&self, index: usize) -> u32 {
        self.nodes[index].server.as_ref().expect("it runs").process()
    }

    /// What `deconflict pool status` says.
    pub fn status(&self, index: usize) -> Output {
        status_by(&self.nodes[index].journal)
    }

    /// Waits until every node has the same state at the same position.
    pub fn wait_until_equal(&self) {
        let begun = Instant::now();
        loop {
            let output = self.status(0);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let states: Vec<(&str, &str)> = text
                .lines()
                .skip(1)
                .filter_map(|line| {
                    let mut words = line.split_whitespace().skip(1);
                    Some((words.next()?, words.nth(1)?))
                })
                .collect();
            if output.status.success() && states.len() == self.len() && states.iter().all(|state| state == &states[0]) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "the nodes do not come to agree:\n{text}");
        }
    }
}

/// What `deconflict pool status` says of the pool there.
pub fn status_by(journal: &str) -> Output {
    Command::new(BINARY).args(["pool", "status", "--journal", journal]).output().expect("it runs")
}
