//! A pool of three nodes over three etcds while servers are killed, paused and cut off, each several times. Clients write and read registers through
//! all nodes meanwhile; afterwards everything that they saw must have an order, the nodes must be equal, and nobody waited long.
//!
//! `POOL_FAULTS=120 cargo test -p deconflict --test pool faults` runs more of them than CI does; `POOL_SEED` draws others.

use crate::history::{Asked, Came, Event, violations};
use crate::pool::{Client, Folder, Ovn, Pool, Register, USS, etcd_address};
use deconflict_testbed::{EtcdCluster, Proxy, Random, Way, now};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const NODES: usize = 3;
const ETCDS: usize = 3;
const REGISTERS: u32 = 6;
/// Claims of the joint picture that are written and read beside them.
const CLAIMS: u32 = 3;
/// Clients of each node.
const CLIENTS: usize = 2;
/// In CI; what is claimed was run with more.
const FAULTS: usize = 8;
/// Within so long after a fault is over, every node writes again.
const BACK_WITHIN: Duration = Duration::from_secs(5);
/// A client that hears nothing for so long asks something else.
const CLIENT_WAITS: Duration = Duration::from_secs(3);
/// How long a fault lasts.
const LASTS: Duration = Duration::from_millis(1_200);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
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
}

impl Fault {
    fn draw(random: &mut Random) -> Self {
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
        ];
        all[random.below(all.len() as u64) as usize]
    }

    fn name(self) -> String {
        let name = format!("{self:?}");
        name.split('(').next().unwrap_or_default().to_owned()
    }
}

/// Where nodes listen; a node that was killed comes back elsewhere.
type Addresses = Arc<Mutex<Vec<Option<SocketAddr>>>>;

struct Field {
    pool: Pool,
    etcds: EtcdCluster,
    /// Between node and etcd.
    to_etcd: Vec<Vec<Proxy>>,
    /// Between each etcd and the others.
    to_peer: Vec<Proxy>,
    addresses: Addresses,
}

impl Field {
    fn start(folder: &Folder) -> Option<Self> {
        let mut to_peer = Vec::new();
        let through = |_, port| {
            let proxy = Proxy::start(port)?;
            let at = proxy.port();
            to_peer.push(proxy);
            Ok(at)
        };
        let etcds = EtcdCluster::start(&folder.0, ETCDS, through).expect("etcd starts")?;
        let way = |etcd| Proxy::start(etcds.port(etcd)).expect("a port");
        let to_etcd: Vec<Vec<Proxy>> = (0..NODES).map(|_| (0..ETCDS).map(way).collect()).collect();
        let journals: Vec<String> = to_etcd.iter().map(|ways| etcd_address(ways.iter().map(Proxy::port))).collect();
        let pool = Pool::start(folder, &journals);
        let addresses = (0..NODES).map(|node| pool.address(node)).collect();
        Some(Self { pool, etcds, to_etcd, to_peer, addresses: Arc::new(Mutex::new(addresses)) })
    }

    fn set_node(&self, node: usize, way: Way) {
        self.to_etcd[node].iter().for_each(|proxy| proxy.set(way));
    }

    fn set_etcd(&self, etcd: usize, way: Way) {
        self.to_peer[etcd].set(way);
        self.to_etcd.iter().for_each(|ways| ways[etcd].set(way));
    }

    fn begin(&mut self, fault: Fault) {
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
        }
    }

    fn end(&mut self, fault: Fault) {
        let way = Way::default();
        match fault {
            Fault::KillNode(node) => {
                self.pool.revive(node);
                self.pool.wait_until_ready(node);
                self.addresses.lock().unwrap()[node] = self.pool.address(node);
            }
            Fault::PauseNode(node) => signal("-CONT", self.pool.process(node)),
            Fault::CutNode(node) | Fault::CutNodeThere(node) | Fault::CutNodeBack(node) => self.set_node(node, way),
            Fault::KillEtcd(etcd) => {
                self.etcds.revive(etcd).expect("it starts");
                self.etcds.wait_until_ready().expect("it is ready");
            }
            Fault::PauseEtcd(etcd) => signal("-CONT", self.etcds.process(etcd).expect("it runs")),
            Fault::CutEtcd(etcd) | Fault::CutEtcdThere(etcd) | Fault::SlowEtcd(etcd) => self.set_etcd(etcd, way),
        }
        // What counts is from when on the engine is there again.
        self.etcds.wait_until_ready().expect("the engine is ready");
    }
}

fn signal(name: &str, process: u32) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().expect("kill runs").success());
}

/// Writes and reads through one node until it is told to stop.
fn work(
    (node, token, seed): (usize, String, u64),
    registers: &[Register],
    addresses: &Addresses,
    events: &Mutex<Vec<Event>>,
    is_over: &AtomicBool,
) {
    let mut random = Random::new(seed);
    let mut known: Vec<Ovn> = vec![None; registers.len()];
    let mut client: Option<Client> = None;
    let mut at = None;
    while !is_over.load(Ordering::Relaxed) {
        let now_at = addresses.lock().unwrap()[node];
        if now_at != at || client.is_none() {
            at = now_at;
            client = at.map(|address| Client::new(address, &token, CLIENT_WAITS));
        }
        let Some(client) = &mut client else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        let register = random.below(registers.len() as u64) as usize;
        let began = Instant::now();
        let (asked, came) = if random.below(3) == 0 {
            let came = match registers[register].read(client) {
                Ok((200 | 404, value)) => Came::Value(value),
                _ => Came::Unknown,
            };
            (Asked::Read, came)
        } else {
            let from = known[register].clone();
            let (to, suffix) = registers[register].fresh(&mut random, &from);
            let came = match registers[register].write(client, &from, &suffix) {
                Ok((200 | 201, _)) => Came::Done,
                Ok((409 | 404, _)) => Came::Refused,
                _ => Came::Unknown,
            };
            (Asked::Write { from, to }, came)
        };
        let ended = Instant::now();
        match (&asked, &came) {
            (_, Came::Value(value)) => known[register].clone_from(value),
            (Asked::Write { to, .. }, Came::Done) => known[register] = Some(to.clone()),
            // It has to look what is there.
            _ => {
                if let Ok((200 | 404, value)) = registers[register].read(client) {
                    events.lock().unwrap().push(Event {
                        register,
                        asked: Asked::Read,
                        came: Came::Value(value.clone()),
                        began: ended,
                        ended: Instant::now(),
                    });
                    known[register] = value;
                }
            }
        }
        events.lock().unwrap().push(Event { register, asked, came, began, ended });
    }
}

/// How long it takes until every node has carried out a write.
fn back_after(field: &Field, random: &mut Random, probe: &mut u32) -> Duration {
    let begun = Instant::now();
    for node in 0..NODES {
        loop {
            *probe += 1;
            let register = Register::new(random, 1_000 + *probe % 4_000, now().plus_s(3_600));
            let (_, suffix) = register.fresh(random, &None);
            let address = field.addresses.lock().unwrap()[node].expect("it runs");
            let mut client = Client::new(address, field.pool.token(), CLIENT_WAITS);
            if matches!(register.write(&mut client, &None, &suffix), Ok((201, _))) {
                break;
            }
            assert!(begun.elapsed() < 6 * BACK_WITHIN, "n{node} does not come back");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    begun.elapsed()
}

/// A joint picture of one party, that of the clients.
fn begin_joint_picture(pool: &Pool) {
    let frame = json!({
        "plan": {
            "plan": { "id": "faults", "title": "Faults", "as_of": "2026-06-01", "horizon": "10 d", "altitude_reference": "W84" },
            "parties": [{ "id": USS, "name": USS }],
        },
        "settings": { "clock": "exercise", "budget": 1_000_000_000 },
    });
    let mut operator = pool.client_as(0, "operator", "deconflict.operator");
    let (status, body) = operator.send("PUT", "/api/v1/frame", &frame.to_string()).expect("an answer");
    assert_eq!(status, 200, "{body}");
}

#[test]
fn nothing_is_lost_or_out_of_order_whatever_fails() {
    let folder = Folder::new("pool-faults");
    let Some(mut field) = Field::start(&folder) else { return };
    let number = |name: &str, default: usize| std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (faults, seed) = (number("POOL_FAULTS", FAULTS), number("POOL_SEED", 1) as u64);
    let mut random = Random::new(seed);
    begin_joint_picture(&field.pool);
    let intents = (0..REGISTERS).map(|place| Register::new(&mut random, place, now().plus_s(3_600)));
    let registers: Arc<Vec<Register>> = Arc::new(intents.chain((0..CLAIMS).map(Register::claim)).collect());
    let (events, is_over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..NODES * CLIENTS)
        .map(|client| {
            let who = (client % NODES, field.pool.token().to_owned(), seed + 100 + client as u64);
            let (registers, addresses) = (Arc::clone(&registers), Arc::clone(&field.addresses));
            let (events, is_over) = (Arc::clone(&events), Arc::clone(&is_over));
            std::thread::spawn(move || work(who, &registers, &addresses, &events, &is_over))
        })
        .collect();
    let (mut tally, mut probe): (BTreeMap<String, Vec<Duration>>, u32) = (BTreeMap::new(), 0);
    for _ in 0..faults {
        let fault = Fault::draw(&mut random);
        field.begin(fault);
        std::thread::sleep(LASTS);
        field.end(fault);
        tally.entry(fault.name()).or_default().push(back_after(&field, &mut random, &mut probe));
        std::thread::sleep(Duration::from_millis(random.below(300)));
    }
    is_over.store(true, Ordering::Relaxed);
    clients.into_iter().for_each(|client| client.join().expect("no client panics"));
    field.pool.wait_until_equal();
    let mut events = std::mem::take(&mut *events.lock().unwrap());
    // What every node has in the end.
    for node in 0..NODES {
        for (register, one) in registers.iter().enumerate() {
            let began = Instant::now();
            let (status, value) = one.read(&mut field.pool.client(node)).expect("an answer");
            assert!(status == 200 || status == 404);
            events.push(Event { register, asked: Asked::Read, came: Came::Value(value), began, ended: Instant::now() });
        }
    }
    let count = |is: fn(&Event) -> bool| events.iter().filter(|event| is(event)).count();
    let written = count(|event| event.came == Came::Done);
    let unknown = count(|event| event.came == Came::Unknown);
    println!("{faults} faults, seed {seed}: {} requests, {written} written, {unknown} of which nobody knows", events.len());
    for (fault, times) in &tally {
        let most = times.iter().max().copied().unwrap_or_default();
        println!("{fault:<14} {:>4} times, every node writes again after {:>5} ms at most", times.len(), most.as_millis());
    }
    let problems = violations(&events);
    assert!(problems.is_empty(), "{} violations, the first: {}", problems.len(), problems[0]);
    assert!(written > 20 * faults, "{written} writes are too few to show anything");
    let slowest = tally.values().flatten().max().copied().unwrap_or_default();
    assert!(slowest < BACK_WITHIN, "{slowest:?}");
}
