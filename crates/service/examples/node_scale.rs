//! What a node needs with few and with many live intents: time of a write, longest wait for a snapshot, memory, start.
//!
//! `cargo run --release -p deconflict-service --example node_scale -- DIRECTORY [INTENTS]`
//!
//! Intents of one volume in two cells, spread over two million cells and ten hours, under one subscription of each of 100
//! clients. The node is filled to 10,000 and then to INTENTS (a million if not given). At both sizes single writes, one
//! after another, stand beside plain writes of as many bytes with one fdatasync; then 500 writes at a time go on while snapshots
//! are written. At last the node is started again. DIRECTORY is made and must not exist.

use deconflict_journal::Disk;
use deconflict_registry::*;
use deconflict_service::node::{Node, NodeOptions, Started, Status, SystemClock};
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

const CLIENTS: u64 = 100;
const FEW: u64 = 10_000;
const AT_ONCE: u64 = 500;
const SINGLE_WRITES: u64 = 500;
const HOUR_NS: i64 = 3_600_000_000_000;

type Answer<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("give a directory that is not there yet")?;
    let many: u64 = arguments.next().map_or(Ok(1_000_000), |intents| intents.parse())?;
    let directory = Path::new(&directory);
    std::fs::create_dir(directory)?;

    let data = directory.join("data");
    let (node, _) = open(&data)?;
    let memory_before = resident_bytes();
    let mut world = World { node: &node, begin: now_of(&node), intents: 0, random: 1 };
    for population in [FEW, many] {
        let begun = Instant::now();
        world.fill(population);
        println!("{population} intents, filled in {:.1} s", begun.elapsed().as_secs_f64());
        world.single_writes(directory)?;
        world.writes_at_once(100_000);
    }
    let per_intent = (resident_bytes() - memory_before) / world.intents;
    println!("memory: {per_intent} bytes per intent, with what the process holds beside them");
    let before = node.status();
    node.close();
    drop(node);

    let processor_before = processor_s();
    let (node, started) = open(&data)?;
    let Started { took, replayed, snapshot, .. } = started;
    let processor_s = processor_s() - processor_before;
    println!(
        "start: {:.1} s, {processor_s:.1} s of processor, {replayed} records behind the snapshot at {snapshot:?}",
        took.as_secs_f64()
    );
    assert_eq!(node.status().digest, before.digest, "the node has come up with another state");
    drop(node);
    std::fs::remove_dir_all(directory)?;
    Ok(())
}

fn open(data: &Path) -> Result<(Node, Started), Box<dyn Error>> {
    Ok(Node::open(Arc::new(Disk::create(data)?), Arc::new(SystemClock), NodeOptions::default())?)
}

fn now_of(node: &Node) -> Time {
    node.read(|_, now| now)
}

struct World<'a> {
    node: &'a Node,
    begin: Time,
    intents: u64,
    random: u64,
}

impl<'a> World<'a> {
    fn fill(&mut self, population: u64) {
        if self.intents == 0 {
            let subscriptions = (0..CLIENTS).map(|client| self.propose(subscribe(client))).collect();
            wait(subscriptions);
        }
        while self.intents < population {
            let count = AT_ONCE.min(population - self.intents);
            let puts = (0..count).map(|_| self.put()).collect();
            wait(puts);
        }
    }

    /// Writes one after another, each beside a plain write.
    fn single_writes(&mut self, directory: &Path) -> Result<(), Box<dyn Error>> {
        let mut plain = File::create(directory.join("plain"))?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..SINGLE_WRITES {
            let begun = Instant::now();
            let put = self.put();
            wait(vec![put]);
            ours.push(begun.elapsed());
            let begun = Instant::now();
            plain.write_all(&[7; 400])?;
            plain.sync_data()?;
            theirs.push(begun.elapsed());
        }
        println!("  one at a time: {}; plain write and sync: {}", percentiles(ours), percentiles(theirs));
        Ok(())
    }

    /// Writes many at once, as a service under load does.
    fn writes_at_once(&mut self, count: u64) {
        let Status { appends: before, snapshots: snapshots_before, .. } = self.node.status();
        let (begun, processor_before, mut rounds) = (Instant::now(), processor_s(), Vec::new());
        for _ in 0..count / AT_ONCE {
            let round = Instant::now();
            let puts = (0..AT_ONCE).map(|_| self.put()).collect();
            wait(puts);
            rounds.push(round.elapsed());
        }
        let took = begun.elapsed();
        let Status { appends, snapshots, .. } = self.node.status();
        println!(
            "  {AT_ONCE} at once: {:.0} writes/s, {:.1} µs of processor each, {:.0} per batch, appends took {:.0} % of the time; rounds: {}",
            count as f64 / took.as_secs_f64(),
            (processor_s() - processor_before) / count as f64 * 1e6,
            (appends.commands - before.commands) as f64 / (appends.batches - before.batches) as f64,
            (appends.total - before.total).as_secs_f64() / took.as_secs_f64() * 100.0,
            percentiles(rounds),
        );
        println!(
            "  {} snapshots meanwhile (the latest {} bytes in {:.1} s); longest wait of a write for one so far: {:.2} ms",
            snapshots.written - snapshots_before.written,
            snapshots.bytes,
            snapshots.latest.as_secs_f64(),
            snapshots.longest_stall.as_secs_f64() * 1e3,
        );
    }

    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.random >> 24
    }

    /// Proposes an intent that meets few others, and these at another altitude.
    fn put(&mut self) -> Answer<'a> {
        let number = self.intents;
        self.intents += 1;
        let (first, client) = (self.random() % 2_000_000, number % CLIENTS);
        let cells = (first..first + 2).map(cell).collect();
        let start = self.begin.plus_ns((self.random() % 36_000) as i64 * 1_000_000_000);
        let lower_cm = (number % 1_000_000) as i32 * 100;
        let [id, ovn] = [(); 2].map(|()| u128::from(self.random()) << 64 | u128::from(number));
        let volume = Volume {
            cells: Cells::new(cells).expect("two cells"),
            altitude: AltitudeBand::new(lower_cm, lower_cm + 50).expect("it ascends"),
            time: TimeSpan::new(start, start.plus_ns(HOUR_NS / 6)).expect("it ascends"),
        };
        self.propose(Action::PutOperationalIntent(PutOperationalIntent {
            caller: uss(client),
            id: EntityId::from_u128(id),
            expected: Expected::Nothing,
            state: OperationalIntentState::Accepted,
            volumes: Volumes::new(vec![volume]).expect("one volume"),
            uss_base_url: url(client),
            subscription: IntentSubscription::None,
            key: Key::default(),
            ovn: NewOvn::Issued(ovn),
        }))
    }

    fn propose(&self, action: Action) -> Answer<'a> {
        let node = self.node;
        Box::pin(async move {
            let outcome = node.propose(action).await.expect("the node takes it");
            assert!(!matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
            outcome
        })
    }
}

fn subscribe(client: u64) -> Action {
    Action::PutSubscription(PutSubscription {
        caller: uss(client),
        id: SubscriptionId::from_u128(client.into()),
        expected: Expected::Nothing,
        cells: Cells::new((client * 20_000..client * 20_000 + 20_000).map(cell).collect()).expect("there are not too many"),
        start: None,
        end: None,
        uss_base_url: url(client),
        notify_for_operational_intents: true,
        notify_for_constraints: false,
        version: OpaqueVersion::from_u128(client.into()),
    })
}

fn cell(index: u64) -> Cell {
    Cell::from_s2(index << 35 | 1 << 34).expect("there are more cells")
}

fn uss(client: u64) -> UssId {
    UssId::new(&format!("uss{client}")).expect("it is short")
}

fn url(client: u64) -> UssBaseUrl {
    UssBaseUrl::new(&format!("https://uss{client}.example/uss")).expect("it is short")
}

/// Has all of them proposed, and then waits for each.
fn wait(mut answers: Vec<Answer>) {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    while !answers.is_empty() {
        answers.retain_mut(|answer| matches!(answer.as_mut().poll(&mut context), Poll::Pending));
        if !answers.is_empty() {
            thread::park();
        }
    }
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    format!("p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms", at(0.5), at(0.99), at(1.0))
}

/// What the process has used of the processors so far, in seconds.
fn processor_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
