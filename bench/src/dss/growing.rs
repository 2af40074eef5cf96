//! A population of live intents that grows: what a write takes at each size, what an intent takes in memory, and how long a
//! service takes to start on all of it.

use crate::dss::disk::Baseline;
use crate::dss::figure::{Figure, Goal, Unit};
use crate::dss::load::{Measured, measure};
use crate::dss::report::baseline_around;
use crate::dss::sites::{LAYERS, SITES, extent};
use crate::dss::stage::{Running, Stage, base_url};
use crate::dss::uniform::flyers;
use crate::dss::{Plan, Scenario};
use crate::measure::Times;
use crate::table::count;
use deconflict_testbed::{Connection, IntentBody, IntentSubscription, Millis, Random, now};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The scenario.
pub const SCENARIO: Scenario = Scenario {
    name: "growing",
    does: "a population of live intents that grows, 8 clients that fly as in `uniform` above it, and starts of the service on all \
           of it",
    clients: 64,
    run,
};

const START_GOAL_S: f64 = 10.0;
const BYTES_GOAL: f64 = 2_000.0;
/// Few, so that a write does not wait for a processor: with many, its time would only say how many there are.
const FLYERS: u32 = 8;
/// So much more than at the smallest size a write may take before it counts as slower: runs differ by as much.
const NOISE: f64 = 1.1;
/// A write waits for two fdatasyncs at most, the one that runs and its own. If the disk is slower at a size than at the smallest,
/// that is not the population's doing.
const SYNCS: f64 = 2.0;
/// How many intents are looked at after a restart.
const SAMPLES: u64 = 1_000;
/// The intents of a place follow each other in slots of ten minutes.
const SLOT_S: i64 = 600;

fn run(stage: &Stage, plan: &Plan) -> io::Result<Vec<Figure>> {
    stage.clear()?;
    let running = stage.start()?;
    let begin = now();
    let empty_bytes = resident_bytes(&running)?;
    let mut figures: Vec<Figure> = Vec::new();
    let (mut size, mut smallest) = (0, None);
    for &next in &plan.sizes {
        let start = Instant::now();
        fill(stage, &running, plan, begin, size..next)?;
        let per_s = (next - size) as f64 / start.elapsed().as_secs_f64();
        size = next;
        let at_size = AtSize::measure(stage, &running, plan)?;
        let name = |what: &str| format!("{}: {what}", count(size));
        figures.push(Figure::new(name("creates to get there"), Unit::PerSecond, per_s));
        figures.extend(at_size.figures(smallest.as_ref(), name));
        smallest.get_or_insert(at_size);
    }
    let per_intent = |running: &Running| Ok::<_, io::Error>((resident_bytes(running)? - empty_bytes) / size as f64);
    let bytes = Figure::new("memory of an intent", Unit::Bytes, per_intent(&running)?);
    figures.push(bytes.goal(Goal::AtMost(BYTES_GOAL)));

    running.server.end()?;
    let again = stage.start()?;
    figures.push(started("start", &again));
    let bytes = Figure::new("memory of an intent after it", Unit::Bytes, per_intent(&again)?);
    figures.push(bytes.goal(Goal::AtMost(BYTES_GOAL)));
    look(stage, &again, plan, size)?;
    again.server.kill()?;
    figures.push(started("start after a kill", &stage.start()?));
    Ok(figures)
}

/// What flights are like above a population of some size.
struct AtSize {
    measured: Measured,
    writes: Times,
    baseline: Baseline,
}

impl AtSize {
    fn measure(stage: &Stage, running: &Running, plan: &Plan) -> io::Result<Self> {
        let (baseline, measured) = baseline_around(stage.folder(), || {
            let plan = Plan { clients: plan.clients.min(FLYERS), ..plan.clone() };
            measure(&mut flyers(stage, running, &plan)?, &plan, &running.server)
        })?;
        let writes = measured.tally.all_times().ok_or_else(|| io::Error::other("no write was carried out"))?;
        Ok(Self { measured, writes, baseline })
    }

    fn figures(&self, smallest: Option<&Self>, name: impl Fn(&str) -> String) -> [Figure; 6] {
        let of_flight_s = self.measured.server_cpu_s / self.measured.tally.flights as f64;
        let of_flight = Figure::new(name("processor time of a flight"), Unit::Seconds, of_flight_s);
        let p50 = Figure::new(name("p50 of a write"), Unit::Seconds, self.writes.median_s());
        let p50 = match smallest {
            None => p50,
            Some(smallest) => {
                let slower_s = (self.baseline.median_s - smallest.baseline.median_s).max(0.0);
                p50.goal(Goal::AtMost(smallest.writes.median_s() * NOISE + SYNCS * slower_s))
            }
        };
        let tally = &self.measured.tally;
        let mut failed = Figure::new(name("flights that failed"), Unit::Count, tally.failed as f64);
        failed.remark.clone_from(&tally.unexpected);
        [
            Figure::new(name("flights"), Unit::PerSecond, tally.flights as f64 / self.measured.seconds),
            of_flight,
            p50,
            Figure::new(name("p99 of a write"), Unit::Seconds, self.writes.quantile_s(0.99)),
            Figure::new(name("fdatasync of 16 KiB, p50"), Unit::Seconds, self.baseline.median_s),
            failed,
        ]
    }
}

fn started(what: &str, running: &Running) -> Figure {
    Figure::new(what, Unit::Seconds, running.start.as_secs_f64()).goal(Goal::AtMost(START_GOAL_S))
}

fn resident_bytes(running: &Running) -> io::Result<f64> {
    let usage = running.server.usage().ok_or_else(|| io::Error::other("the service is gone, or there is no /proc"))?;
    Ok(usage.resident_bytes as f64)
}

/// The path of the intent with this number.
fn path(seed: u64, number: u64) -> String {
    // Clients draw from the numbers below; the population shall not meet them.
    const POPULATION: u64 = 1 << 32;
    format!("/dss/v1/operational_intent_references/{}", Random::of(seed, POPULATION + number).uuid_v4())
}

/// Creates the intents with these numbers; no two of them meet.
fn fill(stage: &Stage, running: &Running, plan: &Plan, begin: Millis, numbers: std::ops::Range<u64>) -> io::Result<()> {
    let next = AtomicU64::new(numbers.start);
    let client = |client: u32, mut connection: Connection| {
        let (url, mut body) = (base_url(client), String::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= numbers.end {
                return Ok(());
            }
            let (site, rest) = (number % SITES, number / SITES);
            let start = begin.plus_s(3_600 + i64::try_from(rest / LAYERS).expect("it is small") * SLOT_S);
            let extents = extent(site, rest % LAYERS, start, start.plus_s(SLOT_S - 10)).json();
            let subscription = IntentSubscription::None;
            let put =
                IntentBody { extents: &extents, state: "Accepted", key: "", uss_base_url: &url, subscription, ovn_suffix: "" };
            put.write(&mut body);
            expect(201, connection.send("PUT", &path(plan.seed, number), &body)?)?;
        }
    };
    std::thread::scope(|scope| {
        let start = |number| Ok((number, stage.connect(running, number)?));
        let connections: Vec<_> = (0..plan.clients).map(start).collect::<io::Result<_>>()?;
        let client = &client;
        let threads: Vec<_> =
            connections.into_iter().map(|(number, connection)| scope.spawn(move || client(number, connection))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("a client does not panic"))
    })
}

/// Asks for some intents of the population: all that was acknowledged is there.
fn look(stage: &Stage, running: &Running, plan: &Plan, size: u64) -> io::Result<()> {
    let mut connection = stage.connect(running, 0)?;
    let mut random = Random::new(plan.seed);
    (0..SAMPLES).try_for_each(|_| expect(200, connection.send("GET", &path(plan.seed, random.below(size)), "")?))
}

fn expect(status: u16, answer: deconflict_testbed::Answer) -> io::Result<()> {
    if answer.status == status {
        return Ok(());
    }
    let body = String::from_utf8_lossy(answer.body);
    Err(io::Error::other(format!("expected the status {status}, got {}: {body}", answer.status)))
}
