//! Clients that fly side by side for a while, and what they and the service took meanwhile.

use crate::dss::Plan;
use crate::dss::tally::Tally;
use deconflict_testbed::{Server, Usage};
use std::io;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

/// A client that flies one flight after the other.
pub trait Flyer: Send {
    /// One flight, counted in `tally`.
    ///
    /// # Errors
    /// The service cannot be reached any more.
    fn fly(&mut self, tally: &mut Tally) -> io::Result<()>;
}

/// What happened in the time that counts.
pub struct Measured {
    /// What the clients counted.
    pub tally: Tally,
    /// How long it was, seconds; from the end of the warming up until the last client is done.
    pub seconds: f64,
    /// Processor time of the service, seconds.
    pub server_cpu_s: f64,
    /// Processor time of the clients, seconds.
    pub clients_cpu_s: f64,
    /// What the service had used at the end.
    pub usage: Usage,
}

const WARMING_UP: u8 = 0;
const COUNTING: u8 = 1;
const OVER: u8 = 2;

/// Has all of them fly, each on a thread of its own: first to warm up, then so that it counts. A flight that began while the
/// others warmed up does not count; one that began in time does, and is waited for.
///
/// # Errors
/// A client lost its connection, or the system does not say what processes use.
pub fn measure(flyers: &mut [Box<dyn Flyer>], plan: &Plan, server: &Server) -> io::Result<Measured> {
    let [warm_up, counted] = [plan.warm_up_s, plan.seconds].map(|s| Duration::from_secs(s.into()));
    let phase = AtomicU8::new(WARMING_UP);
    let now = || {
        let usage = server.usage().zip(Usage::of(std::process::id()));
        usage.ok_or_else(|| io::Error::other("the service is gone, or there is no /proc"))
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = flyers.iter_mut().map(|flyer| scope.spawn(|| fly(&mut **flyer, &phase))).collect();
        std::thread::sleep(warm_up);
        let before = now();
        phase.store(COUNTING, Ordering::Relaxed);
        let start = Instant::now();
        std::thread::sleep(counted);
        phase.store(OVER, Ordering::Relaxed);
        let mut tally = Tally::default();
        for thread in threads {
            tally.add(thread.join().expect("a client does not panic")?);
        }
        let seconds = start.elapsed().as_secs_f64();
        let ((server_before, clients_before), (usage, clients)) = (before?, now()?);
        let server_cpu_s = usage.cpu_s - server_before.cpu_s;
        Ok(Measured { tally, seconds, server_cpu_s, clients_cpu_s: clients.cpu_s - clients_before.cpu_s, usage })
    })
}

fn fly(flyer: &mut dyn Flyer, phase: &AtomicU8) -> io::Result<Tally> {
    let mut tally = Tally::default();
    while phase.load(Ordering::Relaxed) == WARMING_UP {
        flyer.fly(&mut tally)?;
    }
    tally.begin();
    while phase.load(Ordering::Relaxed) == COUNTING {
        flyer.fly(&mut tally)?;
    }
    Ok(tally)
}
