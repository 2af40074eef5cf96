//! Whether the check of histories would notice: two processes run under one node's name, and write. With the comparisons of the engine
//! the older one stores nothing any more, and all is well; the same without them is a violation.

use crate::faults::work;
use crate::gateway::{Change, Gateway};
use crate::history::{Asked, Came, Event, violations};
use crate::pool::{Engine, Folder, Pool, Register, etcd_address};
use deconflict_testbed::{Random, now};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long clients write.
const LASTS: Duration = Duration::from_secs(2);
/// The older process under the name n0, another node, the newer process.
const PROCESSES: usize = 3;
const REGISTERS: usize = 3;

/// What is wrong with what clients saw, and what the older process says to whoever wants to write in the end.
fn check(folder: &Folder, etcd: u16, is_fenced: bool) -> (Vec<String>, String) {
    let gateway = Gateway::start(etcd, Change::NoFence).expect("a port");
    let (through, direct) = (etcd_address([gateway.port()].into_iter()), etcd_address([etcd].into_iter()));
    let mut pool = Pool::start(folder, &[through.clone(), direct]);
    if !is_fenced {
        gateway.begin();
    }
    pool.add("n0", &through);
    let mut random = Random::new(7);
    let registers: Vec<_> = (0..REGISTERS).map(|place| Register::new(&mut random, place as u32, now().plus_s(3_600))).collect();
    let (registers, events, is_over) = (Arc::new(registers), Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let addresses = Arc::new(Mutex::new((0..PROCESSES).map(|process| pool.address(process)).collect()));
    let clients: Vec<_> = (0..PROCESSES)
        .map(|process| {
            let who = (process, pool.token().to_owned(), 100 + process as u64);
            let (registers, addresses) = (Arc::clone(&registers), Arc::clone(&addresses));
            let (events, is_over) = (Arc::clone(&events), Arc::clone(&is_over));
            std::thread::spawn(move || work(who, &registers, &addresses, &events, &is_over))
        })
        .collect();
    std::thread::sleep(LASTS);
    is_over.store(true, Ordering::Relaxed);
    clients.into_iter().for_each(|client| client.join().expect("no client panics"));
    let mut events = std::mem::take(&mut *events.lock().unwrap());
    let written = events.iter().filter(|event| event.came == Came::Done).count();
    assert!(written > 50, "{written} writes are too few to show anything");
    // What every process has in the end, as far as it still answers.
    for (register, one) in registers.iter().enumerate() {
        for process in 0..PROCESSES {
            let began = Instant::now();
            if let Ok((200 | 404, value)) = one.read(&mut pool.client(process)) {
                events.push(Event { register, asked: Asked::Read, came: Came::Value(value), began, ended: Instant::now() });
            }
        }
    }
    let lone = Register::new(&mut random, 50, now().plus_s(3_600));
    let (_, suffix) = lone.fresh(&mut random, &None);
    let (status, body) = lone.write(&mut pool.client(0), &None, &suffix).expect("an answer");
    let problems = violations(&events);
    println!("fenced: {is_fenced}, {} requests, {written} written, {} violations", events.len(), problems.len());
    (problems, format!("{status} {body}"))
}

#[test]
fn without_the_fence_what_clients_see_is_no_longer_in_one_order() {
    for is_fenced in [true, false] {
        let folder = Folder::new(&format!("pool-fence-{is_fenced}"));
        let Some(Engine::Etcd(etcd)) = Engine::etcd(&folder, 1) else { return };
        let (problems, says) = check(&folder, etcd.port(0), is_fenced);
        if is_fenced {
            assert_eq!(problems, Vec::<String>::new());
            assert!(says.contains("503") && says.contains("another process runs under the name `n0`"), "{says}");
        } else {
            assert!(!problems.is_empty(), "the check does not notice");
        }
    }
}
