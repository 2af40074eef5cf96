//! A pool of three nodes over three etcds while servers are killed, paused and cut off, each several times. Clients write and read registers through
//! all nodes meanwhile; afterwards everything that they saw must have an order, the nodes must be equal, and nobody waited long.
//!
//! `POOL_FAULTS=120 cargo test -p deconflict --test pool faults` runs more of them than CI does; `POOL_SEED` draws others.

use crate::field::{Addresses, CLIENT_WAITS, Fault, Field, NODES};
use crate::history::{Asked, Came, Event, violations};
use crate::pool::{Client, Folder, Ovn, Pool, Register, USS};
use deconflict_testbed::{Random, now};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const REGISTERS: u32 = 6;
/// Claims of the joint picture that are written and read beside them.
const CLAIMS: u32 = 3;
/// Clients of each node.
const CLIENTS: usize = 2;
/// In CI; what is claimed was run with more.
const FAULTS: usize = 8;
/// Within so long after a fault is over, every node writes again.
const BACK_WITHIN: Duration = Duration::from_secs(5);
/// How long a fault lasts.
const LASTS: Duration = Duration::from_millis(1_200);

/// Writes and reads through one node until it is told to stop.
pub fn work(
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
fn back_after(field: &mut Field, random: &mut Random) -> Duration {
    let begun = Instant::now();
    for node in 0..NODES {
        loop {
            let (status, says) = field.write(node, random);
            if status == 201 {
                break;
            }
            assert!(begun.elapsed() < 6 * BACK_WITHIN, "n{node} does not come back: {status} {says}");
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

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn nothing_is_lost_or_out_of_order_whatever_fails() {
    let folder = Folder::new("pool-faults");
    let Some(mut field) = Field::start(&folder) else { return };
    let seed = number("POOL_SEED", 1) as u64;
    let (mut random, has_machines) = (Random::new(seed), field.has_machines());
    let faults: Vec<Fault> = (0..number("POOL_FAULTS", FAULTS)).map(|_| Fault::draw(&mut random, has_machines)).collect();
    check(&mut field, seed, &faults);
}

#[test]
fn nothing_is_lost_or_out_of_order_when_disks_are_slow_and_a_clock_is_wrong() {
    let folder = Folder::new("pool-machines");
    let Some(mut field) = Field::start(&folder).filter(Field::has_machines) else { return };
    // One of the three etcds leads.
    let etcds = [0, 1, 2].map(Fault::SlowDiskEtcd);
    check(&mut field, 1, &[&etcds[..], &[Fault::SlowDiskNode(0), Fault::WrongClock(1)]].concat());
}

/// Has clients write and read while one fault comes after the other.
fn check(field: &mut Field, seed: u64, faults: &[Fault]) {
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
    let mut tally: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    for fault in faults.iter().copied() {
        field.begin(fault, &mut random);
        std::thread::sleep(LASTS);
        field.end(fault, &mut random);
        tally.entry(fault.name()).or_default().push(back_after(field, &mut random));
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
    println!(
        "{} faults, seed {seed}: {} requests, {written} written, {unknown} of which nobody knows",
        faults.len(),
        events.len()
    );
    for (fault, times) in &tally {
        let most = times.iter().max().copied().unwrap_or_default();
        println!("{fault:<14} {:>4} times, every node writes again after {:>5} ms at most", times.len(), most.as_millis());
    }
    let problems = violations(&events);
    assert!(problems.is_empty(), "{} violations, the first: {}", problems.len(), problems[0]);
    assert!(written > 20 * faults.len(), "{written} writes are too few to show anything");
    let slowest = tally.values().flatten().max().copied().unwrap_or_default();
    assert!(slowest < BACK_WITHIN, "{slowest:?}");
}
