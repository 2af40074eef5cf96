//! Servers that are killed while nodes write: nothing that was acknowledged is lost, nothing is there twice.

use crate::support::{Servers, append, join};
use deconflict_journal::{Log, Position};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Lets the writers end, also when the test fails.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Two nodes write without pause while `disturb` does its work; gives how many batches were acknowledged.
fn check(servers: &mut Servers, disturb: impl FnOnce(&mut Servers, &dyn Fn())) -> u64 {
    let logs = ["a", "b"].map(|name| join(servers.link("faults"), name));
    let (ends, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let acknowledged: Vec<Vec<String>> = std::thread::scope(|scope| {
        let writers: Vec<_> = logs
            .iter()
            .enumerate()
            .map(|(node, log)| {
                let (ends, done) = (&ends, &done);
                scope.spawn(move || {
                    let mut acknowledged = Vec::new();
                    for number in 0.. {
                        if ends.load(Ordering::Relaxed) {
                            break;
                        }
                        let text = format!("{node}:{number}");
                        append(log, &text);
                        done.fetch_add(1, Ordering::Relaxed);
                        acknowledged.push(text);
                    }
                    acknowledged
                })
            })
            .collect();
        // Waits until both have gone on.
        let goes_on = || {
            let (before, begun) = (done.load(Ordering::Relaxed), Instant::now());
            while done.load(Ordering::Relaxed) < before + 20 {
                assert!(begun.elapsed() < Duration::from_secs(60), "nothing was stored for a minute");
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        let ends = Ends(&ends);
        goes_on();
        disturb(servers, &goes_on);
        goes_on();
        drop(ends);
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    for log in &logs {
        log.end().unwrap();
        let records = log.read(Position::START, usize::MAX).unwrap();
        let texts: Vec<_> = records.into_iter().map(|record| String::from_utf8(record.content).unwrap()).collect();
        for (node, acknowledged) in acknowledged.iter().enumerate() {
            let own: Vec<_> = texts.iter().filter(|text| text.starts_with(&format!("{node}:"))).collect();
            assert_eq!(own, acknowledged.iter().collect::<Vec<_>>(), "each once, in order");
        }
    }
    acknowledged.iter().map(|own| own.len() as u64).sum()
}

#[test]
fn an_etcd_cluster_loses_one_server_after_the_other() {
    let Some(mut servers) = Servers::etcd("faults", 3) else { return };
    let acknowledged = check(&mut servers, |servers, goes_on| {
        let Servers::Etcd { cluster, .. } = servers else { unreachable!("it is etcd") };
        for index in [0, 1, 2] {
            cluster.kill(index).unwrap();
            goes_on();
            cluster.revive(index).unwrap();
            cluster.wait_until_ready().unwrap();
            goes_on();
        }
    });
    assert!(acknowledged > 100);
}

#[test]
fn a_postgresql_server_is_killed_and_comes_back() {
    let Some(mut servers) = Servers::postgres("faults") else { return };
    check(&mut servers, |servers, goes_on| {
        let Servers::Postgres { server, .. } = servers else { unreachable!("it is PostgreSQL") };
        for _ in 0..3 {
            server.kill().unwrap();
            server.revive().unwrap();
            goes_on();
        }
    });
}
