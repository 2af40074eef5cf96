//! Three nodes of a pool as processes, and clients of theirs.

use deconflict_testbed::{
    Authority, Connection, Corner, EtcdCluster, Extent, IntentBody, IntentSubscription, Millis, PostgresServer, Random, Server,
    SlowDisk, WrongClock, now,
};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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
    machine: Machine,
    folder: PathBuf,
    journal: String,
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
            Node { machine, folder, journal: journal.clone(), server: None, address: None }
        };
        let nodes = journals.iter().zip(machines).enumerate().map(node).collect();
        let mut pool = Self { authority, token, nodes };
        for index in 0..journals.len() {
            pool.revive(index);
        }
        (0..journals.len()).for_each(|index| pool.wait_until_ready(index));
        pool
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Starts a node that does not run, and does not wait for it.
    pub fn revive(&mut self, index: usize) {
        let node = &mut self.nodes[index];
        let arguments = ["--journal", &node.journal, "--node", &format!("n{index}"), "--rate-limit", "100000"];
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
        let output = self.fetch(&data, from, "deconflict.operator");
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
        let mut command = Command::new(BINARY);
        command.args(["pool", "status", "--journal", &self.nodes[index].journal]).output().expect("it runs")
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

/// Somebody who talks to one node; connects again when the connection fails.
pub struct Client {
    address: SocketAddr,
    token: String,
    connection: Option<Connection>,
    patience: Duration,
}

impl Client {
    /// Somebody who waits so long for an answer.
    pub fn new(address: SocketAddr, token: &str, patience: Duration) -> Self {
        Self { address, token: token.to_owned(), connection: None, patience }
    }

    /// Status and body of an answer.
    ///
    /// # Errors
    /// There was none; whether the request was carried out is not known.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> io::Result<(u16, Value)> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address, &self.token)?,
        };
        connection.give_up_after(self.patience)?;
        let answer = connection.send(method, path, body)?;
        let answer = (answer.status, serde_json::from_slice(answer.body).map_err(io::Error::other)?);
        self.connection = Some(connection);
        Ok(answer)
    }
}

/// How far one party was told, by server-sent events that are read in the background.
pub struct Stream(Arc<AtomicU64>);

impl Stream {
    fn open(address: SocketAddr, token: &str) -> io::Result<Self> {
        let mut connection = TcpStream::connect(address)?;
        write!(
            connection,
            "GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n"
        )?;
        let latest = Arc::new(AtomicU64::new(0));
        let stream = Self(latest.clone());
        std::thread::spawn(move || {
            // Lengths of chunks stand between the lines of the events.
            for line in BufReader::new(connection).lines().map_while(Result::ok) {
                if let Some(number) = line.strip_prefix("id: ") {
                    latest.store(number.parse().expect("a number"), Ordering::SeqCst);
                }
            }
        });
        Ok(stream)
    }

    /// The number of the last event that came.
    pub fn latest(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Something of which only the version is looked at: each write says which one it replaces, and which one comes.
pub enum Register {
    /// An operational intent: its OVN.
    Intent { id: String, extents: String },
    /// A claim of the joint picture: its version, and a name that no other version has.
    Claim { id: String, place: u32 },
}

/// The version of a register; `None` as long as it is not there.
pub type Ovn = Option<String>;

impl Register {
    /// An intent where no other is: at the place with this number.
    pub fn new(random: &mut Random, place: u32, start: Millis) -> Self {
        const SIDE_DEG: f64 = 0.001;
        let corner = |north, east| Corner {
            lat: 40.0 + 0.1 * f64::from(place % 100) + north * SIDE_DEG,
            lng: 7.0 + 0.1 * f64::from(place / 100) + east * SIDE_DEG,
        };
        let corners = vec![corner(0.0, 0.0), corner(0.0, 1.0), corner(1.0, 1.0), corner(1.0, 0.0)];
        let extents = Extent { corners, lower_m: 0.0, upper_m: 50.0, start, end: start.plus_s(3_600) }.json();
        Self::Intent { id: random.uuid_v4().to_string(), extents }
    }

    /// A claim where no other is.
    pub fn claim(place: u32) -> Self {
        Self::Claim { id: format!("c{place}"), place }
    }

    fn path(&self) -> String {
        match self {
            Self::Intent { id, .. } => format!("/dss/v1/operational_intent_references/{id}"),
            Self::Claim { id, .. } => format!("/api/v1/claims/{id}"),
        }
    }

    /// The version that there is.
    pub fn read(&self, client: &mut Client) -> io::Result<(u16, Ovn)> {
        let (status, body) = client.send("GET", &self.path(), "")?;
        let version = match self {
            Self::Intent { .. } => body["operational_intent_reference"]["ovn"].as_str().map(str::to_owned),
            Self::Claim { .. } => body["version"].as_u64().map(|version| named(version, body["claim"]["name"].as_str())),
        };
        Ok((status, version))
    }

    /// A version that it never had, and what to write so that it has it after `from`.
    pub fn fresh(&self, random: &mut Random, from: &Ovn) -> (String, String) {
        let suffix = random.uuid_v7(now()).to_string();
        let version = match self {
            Self::Intent { id, .. } => format!("{id}_{suffix}"),
            Self::Claim { .. } => named(number(from) + 1, Some(&suffix)),
        };
        (version, suffix)
    }

    /// Writes it if its version is `from`, so that it is the one that belongs to `suffix`.
    pub fn write(&self, client: &mut Client, from: &Ovn, suffix: &str) -> io::Result<(u16, Value)> {
        match self {
            Self::Intent { extents, .. } => {
                let path = from.as_ref().map_or(self.path(), |ovn| format!("{}/{ovn}", self.path()));
                let mut body = String::new();
                let (uss_base_url, subscription) = ("https://uss1.example.com", IntentSubscription::None);
                let intent = IntentBody { extents, state: "Accepted", key: "", uss_base_url, subscription, ovn_suffix: suffix };
                intent.write(&mut body);
                client.send("PUT", &path, &body)
            }
            Self::Claim { place, .. } => {
                let body = json!({
                    "claim": {
                        "kind": "flight", "name": suffix, "lower": "100 m", "upper": "200 m",
                        "start": "2026-06-02T06:00Z", "end": "2026-06-02T08:00Z",
                        "outline": { "circle": { "at": { "lat": 10.0, "lng": f64::from(*place) }, "radius": "5 km" } },
                    },
                    "replaces": number(from),
                });
                client.send("PUT", &self.path(), &body.to_string())
            }
        }
    }
}

fn named(version: u64, name: Option<&str>) -> String {
    format!("{version} {}", name.unwrap_or_default())
}

/// The number of a claim's version; 0 before the first.
fn number(version: &Ovn) -> u64 {
    version.as_ref().and_then(|version| version.split(' ').next()?.parse().ok()).unwrap_or(0)
}
