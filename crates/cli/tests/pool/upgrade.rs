//! Nodes of one pool that are not alike. An upgrade, node by node: a node that meets what only a newer program can read stops, and says so; the
//! others go on; and when it is upgraded, too, it has everything. And flags that do not hold, because the pool is set otherwise.

use crate::gateway::{Change, Gateway};
use crate::pool::{Engine, Folder, Pool, Register, etcd_address};
use deconflict_journal::{Batch, Entry, Nonce, Place, Position};
use deconflict_pool::{Address, Member, Proposed, Tip, find};
use deconflict_registry::COMMAND_VERSION;
use deconflict_testbed::{Random, now};
use std::time::{Duration, Instant};

/// Within so long a node has met what stands in the log.
const MEETS_WITHIN: Duration = Duration::from_secs(10);

struct Field {
    pool: Pool,
    random: Random,
    place: u32,
}

impl Field {
    fn start(folder: &Folder, journals: &[String]) -> Self {
        Self { pool: Pool::start(folder, journals), random: Random::new(4), place: 0 }
    }

    /// An intent where no other is, and what comes of it when `node` is to write it.
    fn write(&mut self, node: usize) -> (Register, u16, String) {
        self.place += 1;
        let register = Register::new(&mut self.random, self.place, now().plus_s(3_600));
        let (_, suffix) = register.fresh(&mut self.random, &None);
        let (status, body) = register.write(&mut self.pool.client(node), &None, &suffix).expect("an answer");
        (register, status, body.to_string())
    }

    /// Waits until a node writes nothing any more and says why; then it reads nothing either, and `pool status` says the same.
    fn has_stopped(&mut self, node: usize, says: &str) {
        let begun = Instant::now();
        let (register, body) = loop {
            let (register, status, body) = self.write(node);
            if status == 503 {
                break (register, body);
            }
            assert!(begun.elapsed() < MEETS_WITHIN, "n{node} goes on: {status} {body}");
        };
        assert!(body.contains(says), "{body}");
        assert_eq!(register.read(&mut self.pool.client(node)).expect("an answer").0, 503, "it cannot know what is true");
        loop {
            let output = self.pool.status(0);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let line = text.lines().find(|line| line.starts_with(&format!("n{node} "))).unwrap_or_default();
            if output.status.code() == Some(1) && line.contains(says) {
                return;
            }
            assert!(begun.elapsed() < 3 * MEETS_WITHIN, "{text}");
        }
    }
}

#[test]
fn a_node_that_meets_a_newer_slot_stops_until_it_is_upgraded_and_the_others_go_on() {
    let folder = Folder::new("pool-upgrade");
    let Some(Engine::Etcd(etcd)) = Engine::etcd(&folder, 1) else { return };
    // To n2 the others are of a newer version, as soon as they use what it brings.
    let gateway = Gateway::start(etcd.port(0), Change::NewerSlots).expect("a port");
    let (through, direct) = (etcd_address([gateway.port()].into_iter()), etcd_address([etcd.port(0)].into_iter()));
    let mut field = Field::start(&folder, &[direct.clone(), direct.clone(), through]);
    let mut registers: Vec<Register> = (0..3)
        .map(|node| {
            let (register, status, body) = field.write(node);
            assert_eq!(status, 201, "{body}");
            register
        })
        .collect();
    gateway.begin();
    for node in [0, 1, 0, 1] {
        let (register, status, body) = field.write(node);
        assert_eq!(status, 201, "{body}");
        registers.push(register);
    }
    field.has_stopped(2, "a slot of version 2; this program reads version 1");
    for node in [0, 1] {
        let (register, status, body) = field.write(node);
        assert_eq!(status, 201, "{body}");
        registers.push(register);
    }
    field.pool.kill(2);
    field.pool.set_journal(2, &direct);
    field.pool.revive(2);
    field.pool.wait_until_ready(2);
    field.pool.wait_until_equal();
    for register in &registers {
        let seen = [0, 2].map(|node| register.read(&mut field.pool.client(node)).expect("an answer"));
        assert!(seen[0].0 == 200 && seen[0] == seen[1], "{seen:?}");
    }
    assert_eq!(field.write(2).1, 201);
}

#[test]
fn a_command_of_a_newer_program_stops_every_older_node_and_not_the_newer_one() {
    let folder = Folder::new("pool-newer");
    let Some(Engine::Etcd(etcd)) = Engine::etcd(&folder, 1) else { return };
    let journal = etcd_address([etcd.port(0)].into_iter());
    let mut field = Field::start(&folder, &[journal.clone(), journal.clone()]);
    assert_eq!(field.write(0).1, 201);
    // A newer node is one that stores commands of its version.
    let engine = journal.parse::<Address>().expect("an address").engine().expect("an engine");
    let pool = find(&*engine).expect("it answers").expect("a pool");
    let place = Place { position: Position::START, previous: pool.journal.genesis(), epoch: 0 };
    let tip = Tip { journal: pool.journal, place, nonce: None };
    let mut newer = Member::join(engine, "newer", Nonce([1; 16]), &tip).expect("it joins");
    let mut store = |number: u8| {
        let entries = [Entry { content: &[COMMAND_VERSION + 1, number], evidence: false }];
        let batch = Batch::new(pool.epoch, Nonce([number; 16]), &entries).expect("a batch");
        assert_eq!(newer.propose(&batch, false, Nonce([99; 16])).expect("it is stored"), Proposed::Stored);
    };
    store(2);
    let says = format!("version {}", COMMAND_VERSION + 1);
    for node in [0, 1] {
        field.has_stopped(node, &says);
    }
    store(3);
    // Started again as it is, it still says so.
    field.pool.kill(1);
    field.pool.revive(1);
    field.pool.wait_until_ready(1);
    field.has_stopped(1, &says);
}

#[test]
fn flags_that_are_not_what_the_pool_was_begun_with_are_named() {
    let folder = Folder::new("pool-flags");
    let Some(Engine::Etcd(etcd)) = Engine::etcd(&folder, 1) else { return };
    let journal = etcd_address([etcd.port(0)].into_iter());
    let mut field = Field::start(&folder, std::slice::from_ref(&journal));
    assert_eq!(field.write(0).1, 201);
    field.pool.add_with("n1", &journal, &["--quota-entities", "7", "--notification-index", "time"]);
    assert_eq!(field.write(1).1, 201);
    let log = field.pool.log(1);
    for (flag, given, holds) in [("--notification-index", "time", "count"), ("--quota-entities", "7", "2000000")] {
        let line = log.lines().find(|line| line.contains(flag)).unwrap_or_else(|| panic!("{flag} is not named:\n{log}"));
        assert!(line.contains("WARN") && line.contains(given) && line.contains(holds), "{line}");
    }
    assert!(!log.contains("--quota-cells") && !field.pool.log(0).contains("--quota"), "only what differs is named");
}
