//! What is counted, and how Prometheus reads it. Nothing is counted per caller.
//!
//! Counting is one atomic addition or two, without a lock. A page that is read while requests are counted may be one request
//! ahead in one line and behind in another.

use crate::http::Operation;
use crate::node::Status;
use crate::tokens::Verifier;
use std::fmt::{self, Display, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Every status that an operation can answer with.
const STATUSES: [u16; 12] = [200, 201, 400, 401, 403, 404, 409, 412, 413, 429, 500, 503];

/// Upper bounds of the buckets of durations, in microseconds.
const BOUNDS_US: [u64; 15] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
];

/// Counters since the start.
#[derive(Debug)]
pub struct Metrics {
    operations: [OfOperation; Operation::ALL.len()],
}

impl Default for Metrics {
    fn default() -> Self {
        Self { operations: std::array::from_fn(|_| OfOperation::default()) }
    }
}

#[derive(Debug, Default)]
struct OfOperation {
    by_status: [AtomicU64; STATUSES.len()],
    /// How many took at most as long as the bound, and longer than the one before; the last is for all others.
    by_duration: [AtomicU64; BOUNDS_US.len() + 1],
    total_us: AtomicU64,
}

impl Metrics {
    /// Counts a request that was answered with `status` after `took`.
    pub fn count(&self, operation: Operation, status: u16, took: Duration) {
        let of_operation = &self.operations[operation as usize];
        if let Some(at) = STATUSES.iter().position(|known| *known == status) {
            of_operation.by_status[at].fetch_add(1, Ordering::Relaxed);
        }
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS_US.partition_point(|bound| *bound < us);
        of_operation.by_duration[bucket].fetch_add(1, Ordering::Relaxed);
        of_operation.total_us.fetch_add(us, Ordering::Relaxed);
    }

    /// How many requests were answered so.
    pub fn requests(&self, operation: Operation, status: u16) -> u64 {
        let at = STATUSES.iter().position(|known| *known == status);
        at.map_or(0, |at| self.operations[operation as usize].by_status[at].load(Ordering::Relaxed))
    }

    /// Everything, and how the node and the keys are doing, in the text format of Prometheus.
    pub fn text(&self, node: &Status, verifier: &Verifier) -> String {
        let mut page = Page(String::with_capacity(16 << 10));
        self.write_requests(&mut page)
            .and_then(|()| write_node(node, &mut page))
            .and_then(|()| write_keys(verifier, &mut page))
            .expect("a String takes every text");
        page.0
    }

    fn write_requests(&self, page: &mut Page) -> fmt::Result {
        page.head("deconflict_requests_total", "counter", "Requests by operation and status.")?;
        for (operation, found) in self.each() {
            for (status, count) in STATUSES.iter().zip(&found.by_status) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    writeln!(page.0, r#"deconflict_requests_total{{operation="{operation}",status="{status}"}} {count}"#)?;
                }
            }
        }
        page.head("deconflict_request_duration_seconds", "histogram", "How long requests took, their bodies included.")?;
        for (operation, found) in self.each() {
            let counts: Vec<u64> = found.by_duration.iter().map(|count| count.load(Ordering::Relaxed)).collect();
            let all: u64 = counts.iter().sum();
            if all == 0 {
                continue;
            }
            let name = "deconflict_request_duration_seconds";
            let mut below = 0;
            for (bound_us, count) in BOUNDS_US.iter().zip(&counts) {
                below += count;
                let bound_s = *bound_us as f64 / 1e6;
                writeln!(page.0, r#"{name}_bucket{{operation="{operation}",le="{bound_s}"}} {below}"#)?;
            }
            let total_s = found.total_us.load(Ordering::Relaxed) as f64 / 1e6;
            writeln!(page.0, r#"{name}_bucket{{operation="{operation}",le="+Inf"}} {all}"#)?;
            writeln!(page.0, r#"{name}_sum{{operation="{operation}"}} {total_s}"#)?;
            writeln!(page.0, r#"{name}_count{{operation="{operation}"}} {all}"#)?;
        }
        Ok(())
    }

    fn each(&self) -> impl Iterator<Item = (&'static str, &OfOperation)> {
        Operation::ALL.into_iter().map(|operation| operation.name()).zip(&self.operations)
    }
}

fn write_node(node: &Status, page: &mut Page) -> fmt::Result {
    let (counts, appends, snapshots) = (node.counts, node.appends, node.snapshots);
    page.gauge("writable", "1 if commands are taken, 0 if not.", u8::from(node.refusal.is_none()))?;
    page.gauge("log_position", "Records in the log, all of them applied.", node.position.get())?;
    page.gauge("log_time_seconds", "Time of the latest accepted command, since 1970.", node.log_time.ns() as f64 / 1e9)?;
    page.counter("commands_accepted_total", "Commands that were accepted, in all the log.", node.accepted)?;
    page.gauge("operational_intents", "Operational intents, ended ones included.", counts.operational_intents)?;
    page.gauge("constraints", "Constraints, ended ones included.", counts.constraints)?;
    page.gauge("subscriptions", "Subscriptions, ended ones included.", counts.subscriptions)?;
    page.gauge("identification_service_areas", "Areas of F3411, ended ones included.", counts.identification_service_areas)?;
    page.gauge("rid_subscriptions", "Subscriptions of F3411, ended ones included.", counts.rid_subscriptions)?;
    page.gauge("reports", "Reports that USSs filed.", counts.reports)?;
    page.gauge("spent_ovn_suffixes", "OVN suffixes that may not be asked for again.", counts.spent_suffixes)?;
    page.gauge("queue_commands", "Commands that wait to be stored.", node.waiting)?;
    page.counter("appends_total", "Batches that were stored, with one fdatasync each.", appends.batches)?;
    page.counter("appended_commands_total", "Commands in these batches.", appends.commands)?;
    page.counter("appended_bytes_total", "Bytes of these commands.", appends.bytes)?;
    page.counter("append_seconds_total", "How long storing them took.", appends.total.as_secs_f64())?;
    page.gauge("append_latest_seconds", "How long the latest batch took.", appends.latest.as_secs_f64())?;
    page.gauge("append_longest_seconds", "How long the longest took.", appends.longest.as_secs_f64())?;
    page.counter("append_failures_total", "Batches that could not be stored.", appends.failures)?;
    page.counter("snapshots_total", "Snapshots that were written.", snapshots.written)?;
    page.counter("snapshot_failures_total", "Snapshots that could not be written.", snapshots.failures)?;
    page.gauge("snapshot_bytes", "Bytes of the newest snapshot.", snapshots.bytes)?;
    page.gauge("snapshot_stall_seconds", "How long a write waited for one, at most.", snapshots.longest_stall.as_secs_f64())
}

fn write_keys(verifier: &Verifier, page: &mut Page) -> fmt::Result {
    let sources = verifier.sources();
    let usable = sources.iter().filter(|source| source.usable).count();
    let failing = sources.iter().filter(|source| source.problem.is_some()).count();
    page.gauge("tokens_cached", "Verified tokens that are remembered.", verifier.cached_tokens())?;
    page.gauge("key_sources", "Key files, together, and key sets.", sources.len())?;
    page.gauge("key_sources_usable", "Those whose keys count.", usable)?;
    page.gauge("key_sources_failing", "Those that could not be refreshed the last time.", failing)
}

struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) -> fmt::Result {
        writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}")
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) -> fmt::Result {
        self.single(name, "gauge", help, value)
    }

    fn counter(&mut self, name: &str, help: &str, value: impl Display) -> fmt::Result {
        self.single(name, "counter", help, value)
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl Display) -> fmt::Result {
        self.head(&format!("deconflict_{name}"), kind, help)?;
        writeln!(self.0, "deconflict_{name} {value}")
    }
}
