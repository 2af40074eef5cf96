//! A whole pool in one process, by chance and the same for one seed: nodes propose and read, their ways to the engine lose requests and answers and
//! deliver late, nodes crash and come back, processes that were replaced go on, and the pool is begun anew. `POOL_SIMULATION=FIRST,COUNT` says
//! which seeds; a seed that fails does so again.
//!
//! Safety: what was acknowledged stands in the one order once, and whoever reads afterwards has it; every node has the beginning of that order; who was
//! replaced, or belongs to an earlier epoch, stores nothing. Liveness: when all ways are good again, every node stores, and all are equal.

use crate::support::ID;
use deconflict_journal::{Batch, Entry, Journal, Nonce, Options, Place, faulty::Faulty};
use deconflict_pool::simulated::{Missing, Simulated, Way};
use deconflict_pool::{Engine, If, Member, MemberError, POOL, Pool, Proposed, Tip, begin};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

const NODES: usize = 3;
const STEPS: u64 = 150;

struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn nonce(&mut self) -> Nonce {
        Nonce((u128::from(self.below(1 << 30)) << 64 | u128::from(self.0)).to_be_bytes())
    }
}

struct Node {
    name: String,
    way: Arc<Mutex<Way>>,
    member: Option<Member>,
    seen: Vec<u64>,
    /// A batch of which it does not know what became.
    pending: Option<(u64, Nonce)>,
}

struct World {
    random: Random,
    engine: Simulated,
    genesis: Place,
    nodes: Vec<Node>,
    /// Processes that were replaced, and go on.
    replaced: Vec<Member>,
    observer: Member,
    order: Vec<u64>,
    /// What is in the order.
    stored: BTreeSet<u64>,
    acknowledged: BTreeSet<u64>,
    epoch: u64,
    last: u64,
    trace: Vec<String>,
    violations: Vec<String>,
}

fn id_of(records: &[(bool, Vec<u8>)]) -> u64 {
    u64::from_be_bytes(records[0].1[..].try_into().unwrap())
}

impl World {
    fn new(seed: u64, missing: Missing) -> Self {
        let mut random = Random(seed);
        let engine = Simulated::new();
        engine.miss(missing);
        let journal = Journal::create(Arc::new(Faulty::new()), ID, Options::default()).unwrap();
        let genesis = journal.tip();
        let good: Arc<dyn Engine> = Arc::new(engine.link(Arc::default()));
        begin(&*good, &Pool { journal: ID, epoch: 1 }, genesis).unwrap();
        let tip = Tip { journal: ID, place: genesis, nonce: None };
        let observer = Member::join(good, "observer", random.nonce(), &tip).unwrap();
        let node = |index| Node { name: format!("n{index}"), way: Arc::default(), member: None, seen: Vec::new(), pending: None };
        let nodes = (0..NODES).map(node).collect();
        let (order, acknowledged, trace, violations) = (Vec::new(), BTreeSet::new(), Vec::new(), Vec::new());
        Self {
            random,
            engine,
            genesis,
            nodes,
            replaced: Vec::new(),
            observer,
            order,
            stored: BTreeSet::new(),
            acknowledged,
            epoch: 1,
            last: 0,
            trace,
            violations,
        }
    }

    fn note(&mut self, what: String) {
        self.trace.push(what);
    }

    /// Brings the order up to date.
    fn look(&mut self) {
        self.observer.follow().unwrap();
        let news: Vec<u64> = self.observer.take_news().iter().map(|contents| id_of(&contents.records)).collect();
        self.order.extend(&news);
        for id in news {
            if !self.stored.insert(id) {
                self.violations.push(format!("{id} stands there twice"));
            }
        }
        if let Some(lost) = self.acknowledged.iter().find(|id| !self.stored.contains(id)) {
            self.violations.push(format!("{lost} was acknowledged and is not there"));
        }
    }

    fn absorb(&mut self, index: usize) {
        let Some(member) = &mut self.nodes[index].member else { return };
        let news: Vec<u64> = member.take_news().iter().map(|contents| id_of(&contents.records)).collect();
        self.nodes[index].seen.extend(news);
        self.look();
        if !self.order.starts_with(&self.nodes[index].seen) {
            self.violations.push(format!("n{index} sees another order"));
        }
    }

    /// A process begins, with what the engine has; the one before it may go on.
    fn start(&mut self, index: usize) {
        let session = self.random.nonce();
        let (keeps_on, old) = (self.random.below(2) == 0, self.nodes[index].member.take());
        let node = &mut self.nodes[index];
        (node.seen, node.pending) = (Vec::new(), None);
        let tip = Tip { journal: ID, place: self.genesis, nonce: None };
        let link: Arc<dyn Engine> = Arc::new(self.engine.link(node.way.clone()));
        node.member = Member::join(link, &node.name, session, &tip).ok();
        let is_there = node.member.is_some();
        // Who was not heard has taken nobody's place.
        self.replaced.extend(old.filter(|_| keeps_on && is_there));
        self.note(format!("start n{index} {is_there}"));
        self.absorb(index);
    }

    fn propose(&mut self, index: usize) {
        let fresh = self.random.nonce();
        let new = (self.last + 1, self.random.nonce());
        let gives_up = self.random.below(4) == 0;
        let node = &mut self.nodes[index];
        let Some(member) = &mut node.member else { return };
        let (id, nonce) = node.pending.take().filter(|_| !gives_up).unwrap_or(new);
        self.last = self.last.max(id);
        let content = id.to_be_bytes();
        let epoch = member.pool().epoch;
        let entries = [Entry { content: &content, evidence: false }];
        let batch = Batch::new(epoch, nonce, &entries).unwrap();
        let was_there = self.order.contains(&id);
        let result = member.propose(&batch, false, fresh);
        self.trace.push(format!("propose n{index} {id} {result:?}"));
        match result {
            Ok(Proposed::Stored) => {
                self.acknowledged.insert(id);
                self.absorb(index);
                if !self.nodes[index].seen.contains(&id) {
                    self.violations.push(format!("n{index} was told that {id} is stored, and does not see it"));
                }
                if epoch < self.epoch && !was_there {
                    self.violations.push(format!("{id} of epoch {epoch} was stored in epoch {}", self.epoch));
                }
            }
            Err(MemberError::Engine(_)) => {
                self.nodes[index].pending = Some((id, nonce));
                self.absorb(index);
            }
            Ok(_) | Err(_) => self.nodes[index].member = None,
        }
    }

    fn follow(&mut self, index: usize) {
        let known = self.acknowledged.clone();
        let Some(member) = &mut self.nodes[index].member else { return };
        let result = member.follow();
        self.trace.push(format!("follow n{index} {result:?}"));
        match result {
            Ok(()) => {
                self.absorb(index);
                let seen: BTreeSet<u64> = self.nodes[index].seen.iter().copied().collect();
                if !known.is_subset(&seen) {
                    self.violations.push(format!("n{index} reads less than was acknowledged before it asked"));
                }
            }
            Err(MemberError::Engine(_)) => self.absorb(index),
            Err(_) => self.nodes[index].member = None,
        }
    }

    /// A process that was replaced tries to store something.
    fn haunt(&mut self) {
        let count = self.replaced.len() as u64;
        if count == 0 {
            return;
        }
        let at = self.random.below(count) as usize;
        let (nonce, fresh) = (self.random.nonce(), self.random.nonce());
        self.last += 1;
        let content = self.last.to_be_bytes();
        let member = &mut self.replaced[at];
        let entries = [Entry { content: &content, evidence: false }];
        let batch = Batch::new(member.pool().epoch, nonce, &entries).unwrap();
        let result = member.propose(&batch, false, fresh);
        self.trace.push(format!("replaced {at} {} {result:?}", self.last));
        if matches!(result, Ok(Proposed::Stored)) {
            self.violations.push(format!("{} was stored by a process that was replaced", self.last));
        }
    }

    fn step(&mut self) {
        let index = self.random.below(NODES as u64) as usize;
        match self.random.below(20) {
            0..8 => self.propose(index),
            8..12 => self.follow(index),
            12..15 => {
                let way = [Way::Good, Way::Good, Way::RequestLost, Way::AnswerLost, Way::Late][self.random.below(5) as usize];
                *self.nodes[index].way.lock().unwrap() = way;
                self.note(format!("n{index} {way:?}"));
            }
            15..17 => self.start(index),
            17 => self.haunt(),
            18 => {
                let count = self.engine.deliver();
                self.note(format!("{count} arrive late"));
            }
            _ if self.random.below(8) == 0 => {
                self.epoch += 1;
                let pool = Pool { journal: ID, epoch: self.epoch };
                let good = self.engine.link(Arc::default());
                good.set(POOL, If::Always, &pool.encode()).unwrap();
                self.note(format!("epoch {}", self.epoch));
            }
            _ => {}
        }
        self.look();
    }

    /// All ways are good again.
    fn heal(&mut self) {
        self.engine.deliver();
        self.nodes.iter().for_each(|node| *node.way.lock().unwrap() = Way::Good);
        for index in 0..NODES {
            self.start(index);
            self.propose(index);
        }
        for index in 0..NODES {
            self.follow(index);
            if self.nodes[index].seen != self.order {
                self.violations.push(format!("n{index} is not where the others are"));
            }
        }
        let last: BTreeSet<u64> = self.order.iter().rev().take(NODES).copied().collect();
        if !last.is_subset(&self.acknowledged) {
            self.violations.push("a node stores nothing though all is well".to_owned());
        }
    }
}

/// What happened, and what was wrong with it.
fn run(seed: u64, missing: Missing) -> (Vec<String>, Vec<String>) {
    let mut world = World::new(seed, missing);
    (0..NODES).for_each(|index| world.start(index));
    (0..STEPS).for_each(|_| world.step());
    world.heal();
    (world.trace, world.violations)
}

fn seeds() -> std::ops::Range<u64> {
    let given = std::env::var("POOL_SIMULATION").unwrap_or("1,2000".to_owned());
    let (first, count) = given.split_once(',').expect("FIRST,COUNT");
    let (first, count): (u64, u64) = (first.parse().expect("a number"), count.parse().expect("a number"));
    first..first + count
}

#[test]
fn a_pool_is_safe_and_goes_on_whatever_happens_and_a_seed_replays() {
    let mut stored = 0;
    for seed in seeds() {
        let (trace, violations) = run(seed, Missing::default());
        assert!(violations.is_empty(), "seed {seed}: {violations:?}\n{}", trace.join("\n"));
        stored += trace.iter().filter(|line| line.contains("Ok(Stored)")).count();
        if seed % 20 == 0 {
            assert_eq!(trace, run(seed, Missing::default()).0, "seed {seed} replays");
        }
    }
    assert!(stored > 1_000, "{stored} batches are too few to show anything");
    println!("{stored} batches stored");
}

#[test]
fn without_either_fence_the_simulation_finds_violations() {
    for missing in [Missing { lane: true, epoch: false }, Missing { lane: false, epoch: true }] {
        let found = (1..200).filter(|seed| !run(*seed, missing).1.is_empty()).count();
        println!("{missing:?}: violations with {found} of 199 seeds");
        assert!(found > 10, "{missing:?}: only {found}");
    }
}
