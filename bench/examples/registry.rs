//! The state machine of the service alone: a busy cell, and a million intents. No journal, no HTTP, no fsync.
//!
//! `cargo run --release -p deconflict-bench --example registry`. The first part keeps 5,000 intents in one cell, spread over
//! windows of five seconds, and has clients create, activate and delete beside them. The second fills a registry, says what an
//! intent takes and what a write costs, and goes through a snapshot.

use deconflict_bench::memory::resident_bytes;
use deconflict_registry::*;
use std::time::Instant;

const SECOND_NS: i64 = 1_000_000_000;
const BEGIN_NS: i64 = 1_777_593_600 * SECOND_NS;
const CLIENTS: u64 = 10;

fn main() {
    for windows in [5_000, 250, 1] {
        busy_cell(5_000, windows, 2_000);
    }
    population(10_000);
    population(1_000_000);
}

/// `live` intents in one cell, spread over `windows` of five seconds, each of which touches the next.
fn busy_cell(live: u64, windows: u64, flights: u64) {
    let mut registry = Registry::new();
    for client in 0..CLIENTS {
        accepted(&mut registry, subscribe(client));
    }
    let cell = [0];
    // The OVNs of the first `count` intents that meet one in `window`.
    let meeting = |window: u64, count: u64| -> Vec<Ovn> {
        (0..count).filter(|i| (i % windows).abs_diff(window) <= 1).map(|i| ovn(i, 1)).collect()
    };
    for i in 0..live {
        accepted(&mut registry, put(i, &cell, i % windows, 1, &meeting(i % windows, i)));
    }
    let (mut create_ns, mut activate_ns, mut delete_ns, mut known) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for k in 0..flights {
        let (id, window) = (1_000_000 + k, k * 7_919 % windows);
        let key = meeting(window, live);
        known += key.len() as u64;
        create_ns.push(accepted(&mut registry, put(id, &cell, window, 1, &key)));
        activate_ns.push(accepted(&mut registry, put(id, &cell, window, 2, &key)));
        delete_ns.push(accepted(&mut registry, delete(id, 2)));
    }
    let known = known / flights;
    println!("busy cell, {live} intents live in {windows} windows, keys of {known}, {CLIENTS} subscriptions told of each write:");
    for (what, ns) in [("create", &mut create_ns), ("activate", &mut activate_ns), ("delete", &mut delete_ns)] {
        ns.sort_unstable();
        let at = |share: usize| ns[ns.len() * share / 1000] as f64 / 1000.0;
        println!("  {what:9} median {:7.1} µs, p99 {:7.1} µs, p999 {:7.1} µs", at(500), at(990), at(999));
    }
}

fn population(count: u64) {
    let before_bytes = resident_bytes();
    let mut registry = Registry::new();
    let cells_of = |i: u64| [i * 4, i * 4 + 1, i * 4 + 2, i * 4 + 3].map(|cell| cell % 1_000_000);
    let started = Instant::now();
    for i in 0..count {
        accepted(&mut registry, put(i, &cells_of(i), i, 1, &[]));
    }
    let fill_s = started.elapsed().as_secs_f64();
    println!("{count} intents of 4 cells: {:.2} µs per create", fill_s * 1e6 / count as f64);
    if let (Some(before), Some(after)) = (before_bytes, resident_bytes()) {
        println!("  {:.0} bytes of resident memory per intent", after.saturating_sub(before) as f64 / count as f64);
    }
    let mut update_ns: Vec<u64> = (0..10_000)
        .map(|k| k * 7_919 % count)
        .enumerate()
        .map(|(k, i)| accepted(&mut registry, update(i, &cells_of(i), k as u64)))
        .collect();
    update_ns.sort_unstable();
    println!("  update: median {:.1} µs, p99 {:.1} µs", update_ns[5_000] as f64 / 1e3, update_ns[9_900] as f64 / 1e3);
    let started = Instant::now();
    let snapshot = registry.snapshot();
    let write_s = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let restored = Registry::from_snapshot(&snapshot).expect("a snapshot can be read");
    let read_s = started.elapsed().as_secs_f64();
    assert_eq!(restored.digest(), registry.digest());
    println!("  snapshot: {} MB, written in {write_s:.2} s, read in {read_s:.2} s", snapshot.len() / 1_000_000);
}

/// Applies and says how long it took, in nanoseconds.
fn accepted(registry: &mut Registry, action: Action) -> u64 {
    let command = command(action);
    let started = Instant::now();
    let outcome = registry.apply(&command);
    let took = started.elapsed().as_nanos() as u64;
    assert!(!matches!(outcome, Outcome::Rejected(_)), "{command:?} gave {outcome:?}");
    took
}

fn command(action: Action) -> Command {
    Command { proposed_at: Time::from_ns(BEGIN_NS), action }
}

fn ovn(id: u64, version: u64) -> Ovn {
    Ovn::Issued(u128::from(id) << 64 | u128::from(version))
}

fn client(i: u64) -> UssId {
    UssId::new(&format!("uss{}", i % CLIENTS)).expect("it is short")
}

fn url(i: u64) -> UssBaseUrl {
    UssBaseUrl::new(&format!("https://uss{}.example.com/utm", i % CLIENTS)).expect("it is short")
}

fn cells(numbers: &[u64]) -> Cells {
    let cell = |&number: &u64| Cell::from_s2(number << 35 | 1 << 34).expect("it is of level 13");
    Cells::new(numbers.iter().map(cell).collect()).expect("there are a few")
}

fn volumes(numbers: &[u64], window: u64) -> Volumes {
    let start = Time::from_ns(BEGIN_NS + 60 * SECOND_NS + window as i64 * 5 * SECOND_NS);
    let volume = Volume {
        cells: cells(numbers),
        altitude: AltitudeBand::new(0, 2000).expect("0 is below 2000"),
        time: TimeSpan::new(start, start.plus_ns(5 * SECOND_NS)).expect("it goes on"),
    };
    Volumes::new(vec![volume]).expect("it is one")
}

/// Version 1 is Accepted, every later one Activated.
fn put(id: u64, cells: &[u64], window: u64, version: u64, key: &[Ovn]) -> Action {
    let first = version == 1;
    Action::PutOperationalIntent(PutOperationalIntent {
        caller: client(id),
        id: EntityId::from_u128(id.into()),
        expected: if first { Expected::Nothing } else { Expected::Version(Some(ovn(id, version - 1))) },
        state: if first { OperationalIntentState::Accepted } else { OperationalIntentState::Activated },
        volumes: volumes(cells, window),
        uss_base_url: url(id),
        subscription: match first {
            true => IntentSubscription::None,
            false => IntentSubscription::Existing {
                id: SubscriptionId::from_u128((id % CLIENTS).into()),
                version: OpaqueVersion::from_u128(1),
            },
        },
        key: Key::new(key.to_vec()),
        ovn: NewOvn::Issued(u128::from(id) << 64 | u128::from(version)),
    })
}

fn update(id: u64, cells: &[u64], k: u64) -> Action {
    let Action::PutOperationalIntent(put) = put(id, cells, id, 1, &[]) else { unreachable!("it is a put") };
    let expected = Expected::Version(Some(ovn(id, 1)));
    Action::PutOperationalIntent(PutOperationalIntent { expected, ovn: NewOvn::Issued(k.into()), ..put })
}

fn delete(id: u64, version: u64) -> Action {
    let (caller, id_) = (client(id), EntityId::from_u128(id.into()));
    Action::DeleteOperationalIntent(DeleteOperationalIntent { caller, id: id_, ovn: Some(ovn(id, version)) })
}

/// Over cell 0, for a day.
fn subscribe(i: u64) -> Action {
    Action::PutSubscription(PutSubscription {
        caller: client(i),
        id: SubscriptionId::from_u128(i.into()),
        expected: Expected::Nothing,
        cells: cells(&[0]),
        start: None,
        end: None,
        uss_base_url: url(i),
        notify_for_operational_intents: true,
        notify_for_constraints: false,
        version: OpaqueVersion::from_u128(0),
    })
}
