//! The kill test: `deconflict serve` is killed (SIGKILL) at random moments while several USSs write, and started again on what it
//! left. Every write that was acknowledged is there; one that was not is there as a whole or not at all.
//!
//! Every USS keeps a model of what the service must know of it (`model.rs`), and is in doubt about one write at most when the
//! kill comes. After the start it learns whether that was carried out, and then everything has to agree with the model: ids,
//! versions, OVNs, states, subscriptions with their dependents and notification indices, what searches find, and what is gone.
//! All kills hit the same data directory, one after the other; every third one a service that has not finished starting.
//!
//! A kill takes nothing from the system that was written and not synced: what a power cut takes is for the journal's own tests.
//!
//! `DECONFLICT_KILLS=200 cargo test -p deconflict --test kill` kills more often.

mod check;
mod model;
mod place;
mod request;
mod uss;

use deconflict_testbed::{Authority, Random, Server};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use uss::{Shared, Uss};

const BINARY: &str = env!("CARGO_BIN_EXE_deconflict");
const SEED: u64 = 20_261_126;
const USSS: usize = 6;

/// Often, so that kills meet snapshots that are being written.
const SNAPSHOT_EVERY: &str = "100";

/// Kills of a service that works, unless `DECONFLICT_KILLS` says how many.
const KILLS: u32 = 16;

#[test]
fn what_was_acknowledged_survives_kills() {
    let kills = std::env::var("DECONFLICT_KILLS").map_or(KILLS, |kills| kills.parse().expect("DECONFLICT_KILLS is a number"));
    let folder = folder();
    let authority = Authority::new(Path::new(BINARY), &folder).expect("keys");
    let arguments = ["--snapshot-every", SNAPSHOT_EVERY];
    let start = || Server::start(Path::new(BINARY), &folder, &authority, &arguments).expect("the service starts");
    let mut random = Random::new(SEED);
    let mut usss: Vec<Uss> = (0..USSS).map(|number| Uss::new(number, SEED, &authority)).collect();
    let mut shared = Shared::default();
    let (mut kills_while_starting, mut snapshots) = (0, 0);

    for kill in 0..=kills {
        if kill % 3 == 2 {
            start_and_kill(start(), &mut random);
            kills_while_starting += 1;
        }
        let mut server = start();
        let (address, _) = server.ready().unwrap_or_else(|error| panic!("after {kill} kills: {error}"));
        usss.iter_mut().for_each(|uss| uss.connect(address));
        if kill == 0 {
            usss.iter_mut().for_each(|uss| shared.subscriptions.push(uss.subscribe_to_shared_place()));
        }
        usss.iter_mut().for_each(|uss| uss.resolve_doubt());
        check::everything(&mut usss, &mut shared);
        if kill < kills {
            load_and_kill(server, &mut usss, &shared, &mut random);
        } else {
            server.end().expect("it ends well when it is asked to");
        }
        snapshots = snapshots.max(verify_journal(&folder));
    }

    let sum = |count: fn(&Uss) -> u64| usss.iter().map(count).sum::<u64>();
    let (acknowledged, doubted, carried_out) = (sum(|uss| uss.acknowledged), sum(|uss| uss.doubted), sum(|uss| uss.carried_out));
    println!(
        "survived {kills} kills under load and {kills_while_starting} while starting: {acknowledged} writes acknowledged, \
         {doubted} in doubt, of which {carried_out} had been carried out"
    );
    assert!(doubted >= u64::from(kills), "a kill under load leaves somebody in doubt; else the kills come too late");
    assert!(snapshots > 0, "the service starts from snapshots, too");
    std::fs::remove_dir_all(&folder).expect("it is ours");
}

/// All USSs write until the service is gone, which it is at some moment after some writes.
fn load_and_kill(server: Server, usss: &mut [Uss], shared: &Shared, random: &mut Random) {
    const MOST_WRITES: u64 = 1_500;
    const LONGEST_PAUSE_US: u64 = 10_000;
    let (writes, pause) = (1 + random.below(MOST_WRITES), Duration::from_micros(random.below(LONGEST_PAUSE_US)));
    let (acknowledge, acknowledged) = channel();
    std::thread::scope(|scope| {
        for uss in usss {
            let acknowledge = acknowledge.clone();
            scope.spawn(move || {
                while uss.write(shared).is_ok() {
                    let _ = acknowledge.send(());
                }
            });
        }
        drop(acknowledge);
        wait_for(&acknowledged, writes);
        // So that the kill does not always come right after an answer.
        let end = Instant::now() + pause;
        while acknowledged.recv_timeout(end.saturating_duration_since(Instant::now())).is_ok() {}
        server.kill().expect("killed");
    });
}

/// Waits until so many writes were acknowledged. If all clients stop, one of them has found something wrong and panics.
fn wait_for(acknowledged: &Receiver<()>, writes: u64) {
    const PATIENCE: Duration = Duration::from_secs(60);
    for _ in 0..writes {
        match acknowledged.recv_timeout(PATIENCE) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => panic!("no write was acknowledged for {PATIENCE:?}"),
        }
    }
}

/// Kills a service that starts; perhaps before it has begun to read its journal, perhaps after it is ready.
fn start_and_kill(server: Server, random: &mut Random) {
    const LONGEST_US: u64 = 60_000;
    let end = Instant::now() + Duration::from_micros(random.below(LONGEST_US));
    while Instant::now() < end {
        std::thread::yield_now();
    }
    server.kill().expect("killed");
}

/// Has the whole journal read, and expects no damage; how many snapshots there are.
fn verify_journal(folder: &Path) -> usize {
    let verified = Command::new(BINARY).args(["journal", "verify"]).arg(folder.join("data")).output().expect("it runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    String::from_utf8_lossy(&verified.stdout).matches("snapshot of").count()
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("kill-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}
