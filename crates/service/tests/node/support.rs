//! Clocks that a test sets, storage that waits when a test wants, and short ways to ask a node.

pub use deconflict_journal::chain;
use deconflict_journal::faulty::Faulty;
use deconflict_journal::{File, Lock, Storage};
use deconflict_registry::*;
use deconflict_service::node::{Clock, Node, NodeError, NodeOptions, Started, Unavailable};
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(60 * 60);
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An arbitrary Friday.
pub const BEGIN: Time = Time::from_ns(1_777_593_600_000_000_000);

/// Clocks that stand still until a test moves them.
pub struct FakeClock {
    wall_ns: AtomicI64,
    steady_ns: AtomicU64,
}

impl FakeClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { wall_ns: AtomicI64::new(BEGIN.ns()), steady_ns: AtomicU64::new(5_000_000_000) })
    }

    /// Time passes.
    pub fn advance(&self, by: Duration) {
        let ns = by.as_nanos() as u64;
        // First the steady one: if the node looks in between, it sees less than a step, or one back.
        self.steady_ns.fetch_add(ns, Ordering::SeqCst);
        self.wall_ns.fetch_add(ns as i64, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock.
    pub fn step_ns(&self, by_ns: i64) {
        self.wall_ns.fetch_add(by_ns, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn wall(&self) -> Time {
        Time::from_ns(self.wall_ns.load(Ordering::SeqCst))
    }

    fn steady_ns(&self) -> u64 {
        self.steady_ns.load(Ordering::SeqCst)
    }
}

/// Options under which nothing happens by itself within a test, and the writer looks around often.
pub fn options() -> NodeOptions {
    NodeOptions { tick: Duration::from_millis(1), snapshot_rest: 0, ..NodeOptions::default() }
}

pub fn open(storage: &Faulty, clock: &Arc<FakeClock>, options: NodeOptions) -> Result<(Node, Started), NodeError> {
    Node::open(Arc::new(storage.clone()), clock.clone(), options)
}

pub fn opened(storage: &Faulty, clock: &Arc<FakeClock>, options: NodeOptions) -> Node {
    match open(storage, clock, options) {
        Ok((node, _)) => node,
        Err(error) => panic!("the node does not start: {}", chain(&error)),
    }
}

/// Waits for an answer.
pub fn ask(node: &Node, action: Action) -> Result<Outcome, Unavailable> {
    block_on(node.propose(action))
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        thread::park();
    }
}

/// Waits until `is_so`; fails after half a minute.
#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "after half a minute it is still not so that {what}");
        thread::yield_now();
    }
}

/// Storage whose syncs wait while the gate is shut.
#[derive(Clone)]
pub struct Gated {
    pub inner: Faulty,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    state: Mutex<GateState>,
    changed: Condvar,
}

#[derive(Default)]
struct GateState {
    is_shut: bool,
    waiting: usize,
}

impl Gated {
    pub fn new() -> Self {
        Self { inner: Faulty::new(), gate: Arc::default() }
    }

    pub fn shut(&self) {
        self.gate.state.lock().unwrap().is_shut = true;
    }

    pub fn open(&self) {
        self.gate.state.lock().unwrap().is_shut = false;
        self.gate.changed.notify_all();
    }

    /// Whether a sync waits now.
    pub fn is_waited_for(&self) -> bool {
        self.gate.state.lock().unwrap().waiting > 0
    }
}

impl Gate {
    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.waiting += 1;
        let mut state = self.changed.wait_while(state, |state| state.is_shut).unwrap();
        state.waiting -= 1;
    }
}

impl Storage for Gated {
    fn lock(&self) -> io::Result<Lock> {
        self.inner.lock()
    }

    fn list(&self) -> io::Result<Vec<String>> {
        self.inner.list()
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn File>> {
        let file = self.inner.create(name)?;
        Ok(Arc::new(GatedFile { file, gate: self.gate.clone() }))
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn File>> {
        let file = self.inner.open(name)?;
        Ok(Arc::new(GatedFile { file, gate: self.gate.clone() }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.inner.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.inner.remove(name)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }
}

struct GatedFile {
    file: Arc<dyn File>,
    gate: Arc<Gate>,
}

impl File for GatedFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_at(buffer, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.write_at(bytes, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.gate.pass();
        self.file.sync_data()
    }
}
