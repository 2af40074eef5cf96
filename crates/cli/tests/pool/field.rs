//! Three nodes over three etcds, and whatever can happen to them.

use crate::pool::{Client, Folder, Machine, Pool, Register, etcd_address};
use deconflict_testbed::{EtcdCluster, Proxy, Random, SlowDisk, Way, now};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub const NODES: usize = 3;
const ETCDS: usize = 3;
/// A client that hears nothing for so long asks something else.
pub const CLIENT_WAITS: Duration = Duration::from_secs(3);
/// What a sync takes on a disk that is slow: as long as etcd's own manual takes for a reason to look into it, several times.
const SYNC_WAITS: Duration = Duration::from_millis(400);
/// How far a clock is off that is wrong, ahead, in milliseconds.
const CLOCK_OFF_MS: i64 = 20_000;
/// A clock that comes back goes by less than a node takes for a jump, each time that the node looks.
const CLOCK_BACK_MS: i64 = 4_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    KillNode(usize),
    PauseNode(usize),
    CutNode(usize),
    CutNodeThere(usize),
    CutNodeBack(usize),
    KillEtcd(usize),
    PauseEtcd(usize),
    CutEtcd(usize),
    CutEtcdThere(usize),
    SlowEtcd(usize),
    SlowDiskNode(usize),
    SlowDiskEtcd(usize),
    WrongClock(usize),
}

impl Fault {
    /// One of all, or of those that no machine has to be unwell for.
    pub fn draw(random: &mut Random, has_machines: bool) -> Self {
        let (node, etcd) = (random.below(NODES as u64) as usize, random.below(ETCDS as u64) as usize);
        let all = [
            Self::KillNode(node),
            Self::PauseNode(node),
            Self::CutNode(node),
            Self::CutNodeThere(node),
            Self::CutNodeBack(node),
            Self::KillEtcd(etcd),
            Self::PauseEtcd(etcd),
            Self::CutEtcd(etcd),
            Self::CutEtcdThere(etcd),
            Self::SlowEtcd(etcd),
            Self::SlowDiskNode(node),
            Self::SlowDiskEtcd(etcd),
            Self::WrongClock(node),
        ];
        let count = if has_machines { all.len() } else { all.len() - 3 };
        all[random.below(count as u64) as usize]
    }

    pub fn name(self) -> String {
        let name = format!("{self:?}");
        name.split('(').next().unwrap_or_default().to_owned()
    }
}

/// Where nodes listen; a node that was killed comes back elsewhere.
pub type Addresses = Arc<Mutex<Vec<Option<SocketAddr>>>>;

pub struct Field {
    pub pool: Pool,
    /// The disks of the etcds.
    disks: Vec<Arc<SlowDisk>>,
    etcds: EtcdCluster,
    /// Between node and etcd.
    to_etcd: Vec<Vec<Proxy>>,
    /// Between each etcd and the others.
    to_peer: Vec<Proxy>,
    pub addresses: Addresses,
    /// The place of the next intent that nobody has.
    probe: u32,
}

impl Field {
    /// `None` where there is no etcd.
    pub fn start(folder: &Folder) -> Option<Self> {
        let disk = |index| SlowDisk::new(&folder.0, &format!("etcd-{index}")).expect("a disk").map(Arc::new);
        let disks: Vec<_> = (0..ETCDS).map_while(disk).collect();
        let mut to_peer = Vec::new();
        let through = |_, port| {
            let proxy = Proxy::start(port)?;
            let at = proxy.port();
            to_peer.push(proxy);
            Ok(at)
        };
        let etcds = if disks.len() == ETCDS {
            EtcdCluster::start_on(&folder.0, disks.clone(), through)
        } else {
            EtcdCluster::start(&folder.0, ETCDS, through)
        };
        let etcds = etcds.expect("etcd starts")?;
        let way = |etcd| Proxy::start(etcds.port(etcd)).expect("a port");
        let to_etcd: Vec<Vec<Proxy>> = (0..NODES).map(|_| (0..ETCDS).map(way).collect()).collect();
        let journals: Vec<String> = to_etcd.iter().map(|ways| etcd_address(ways.iter().map(Proxy::port))).collect();
        let machines = (0..NODES).map(|node| Machine::new(&folder.0, &format!("n{node}"))).collect();
        let pool = Pool::start_on(folder, &journals, machines);
        let addresses = (0..NODES).map(|node| pool.address(node)).collect();
        let addresses = Arc::new(Mutex::new(addresses));
        Some(Self { pool, disks, etcds, to_etcd, to_peer, addresses, probe: 0 })
    }

    /// Whether disks can be slow here, and clocks wrong.
    pub fn has_machines(&self) -> bool {
        self.disks.len() == ETCDS && (0..NODES).all(|node| self.pool.machine(node).is_whole())
    }

    /// What comes of an intent that a node is to write where no other is; 0 if there is no answer.
    pub fn write(&mut self, node: usize, random: &mut Random) -> (u16, String) {
        self.probe += 1;
        let register = Register::new(random, 1_000 + self.probe % 4_000, now().plus_s(3_600));
        let (_, suffix) = register.fresh(random, &None);
        let address = self.addresses.lock().unwrap()[node].expect("it runs");
        let mut client = Client::new(address, self.pool.token(), CLIENT_WAITS);
        register
            .write(&mut client, &None, &suffix)
            .map_or_else(|error| (0, error.to_string()), |(status, body)| (status, body.to_string()))
    }

    /// Kills a node, and starts it again.
    fn restart(&mut self, node: usize) {
        self.addresses.lock().unwrap()[node] = None;
        self.pool.kill(node);
        self.revive(node);
    }

    fn revive(&mut self, node: usize) {
        self.pool.revive(node);
        self.pool.wait_until_ready(node);
        self.addresses.lock().unwrap()[node] = self.pool.address(node);
    }

    fn set_node(&self, node: usize, way: Way) {
        self.to_etcd[node].iter().for_each(|proxy| proxy.set(way));
    }

    fn set_etcd(&self, etcd: usize, way: Way) {
        self.to_peer[etcd].set(way);
        self.to_etcd.iter().for_each(|ways| ways[etcd].set(way));
    }

    pub fn begin(&mut self, fault: Fault, random: &mut Random) {
        let cut = Way { is_cut_there: true, is_cut_back: true, ..Way::default() };
        let there = Way { is_cut_there: true, ..Way::default() };
        let back = Way { is_cut_back: true, ..Way::default() };
        let slow = Way { delay: (Duration::from_millis(20), Duration::from_millis(120)), ..Way::default() };
        match fault {
            Fault::KillNode(node) => {
                self.addresses.lock().unwrap()[node] = None;
                self.pool.kill(node);
            }
            Fault::PauseNode(node) => signal("-STOP", self.pool.process(node)),
            Fault::CutNode(node) => self.set_node(node, cut),
            Fault::CutNodeThere(node) => self.set_node(node, there),
            Fault::CutNodeBack(node) => self.set_node(node, back),
            Fault::KillEtcd(etcd) => self.etcds.kill(etcd).expect("killed"),
            Fault::PauseEtcd(etcd) => signal("-STOP", self.etcds.process(etcd).expect("it runs")),
            Fault::CutEtcd(etcd) => self.set_etcd(etcd, cut),
            Fault::CutEtcdThere(etcd) => self.set_etcd(etcd, there),
            Fault::SlowEtcd(etcd) => self.set_etcd(etcd, slow),
            Fault::SlowDiskNode(node) => {
                self.pool.machine(node).disk().set(SYNC_WAITS).expect("it is ours");
                let begun = Instant::now();
                // The second one waits until the files have the first, and all that the others have written: under this load it may be long.
                let written = [(); 2].map(|()| self.write(node, random).0);
                assert!(begun.elapsed() >= SYNC_WAITS, "the disk is slow: {written:?}");
                assert_eq!(self.write((node + 1) % NODES, random).0, 201, "the others go on");
            }
            Fault::SlowDiskEtcd(etcd) => self.disks[etcd].set(SYNC_WAITS).expect("it is ours"),
            Fault::WrongClock(node) => {
                self.pool.machine(node).clock().set(CLOCK_OFF_MS).expect("it is ours");
                self.restart(node);
                let (status, says) = self.write(node, random);
                // The word of the others is up to a second old.
                let is_said = ["+20.", "+21."].iter().any(|off| says.contains(&format!("the clock of this server is {off}")));
                assert!(status == 503 && is_said, "{status} {says}");
                assert_eq!(self.write((node + 1) % NODES, random).0, 201, "the others go on");
            }
        }
    }

    pub fn end(&mut self, fault: Fault, random: &mut Random) {
        let way = Way::default();
        match fault {
            Fault::KillNode(node) => self.revive(node),
            Fault::PauseNode(node) => signal("-CONT", self.pool.process(node)),
            Fault::CutNode(node) | Fault::CutNodeThere(node) | Fault::CutNodeBack(node) => self.set_node(node, way),
            Fault::KillEtcd(etcd) => {
                self.etcds.revive(etcd).expect("it starts");
                self.etcds.wait_until_ready().expect("it is ready");
            }
            Fault::PauseEtcd(etcd) => signal("-CONT", self.etcds.process(etcd).expect("it runs")),
            Fault::CutEtcd(etcd) | Fault::CutEtcdThere(etcd) | Fault::SlowEtcd(etcd) => self.set_etcd(etcd, way),
            Fault::SlowDiskNode(node) => self.pool.machine(node).disk().set(Duration::ZERO).expect("it is ours"),
            Fault::SlowDiskEtcd(etcd) => self.disks[etcd].set(Duration::ZERO).expect("it is ours"),
            Fault::WrongClock(node) => self.set_right(node, random),
        }
        // What counts is from when on the engine is there again.
        self.etcds.wait_until_ready().expect("the engine is ready");
    }
}

impl Field {
    /// Has the clock of a node come back, slowly, as a time service does; the node looks at it each time that it is asked something.
    fn set_right(&self, node: usize, random: &mut Random) {
        let nobodys = Register::new(random, 0, now());
        for off_ms in (0..CLOCK_OFF_MS).step_by(CLOCK_BACK_MS as usize).collect::<Vec<_>>().into_iter().rev() {
            self.pool.machine(node).clock().set(off_ms).expect("it is ours");
            assert_eq!(nobodys.read(&mut self.pool.client(node)).expect("it can still be read"), (404, None));
        }
    }
}

fn signal(name: &str, process: u32) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().expect("kill runs").success());
}
