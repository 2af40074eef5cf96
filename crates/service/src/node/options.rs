//! What whoever runs a node may choose.

use deconflict_journal::{MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES};
use deconflict_registry::{Options, Quotas};
use std::time::Duration;

/// What a record takes in the log beside its content, at most.
const RECORD_OVERHEAD_BYTES: usize = 136;

/// What one may choose. The defaults are those of the service.
#[derive(Clone, Copy, Debug)]
pub struct NodeOptions {
    /// Bytes of a segment of the log.
    pub segment_bytes: u64,
    /// At most so many commands are stored at once.
    pub batch_commands: usize,
    /// At most so many bytes of commands are stored at once, or one command that is longer.
    pub batch_bytes: usize,
    /// A command that is longer is refused.
    pub max_command_bytes: usize,
    /// At most so many commands wait.
    pub queue_commands: usize,
    /// At most so many bytes of commands wait.
    pub queue_bytes: usize,
    /// A snapshot is written when the log has grown by so many bytes since the last one,
    pub snapshot_every_bytes: u64,
    /// or by so many commands,
    pub snapshot_every_commands: u64,
    /// or by commands that took so long to apply: replaying them takes as long.
    pub snapshot_every_applying: Duration,
    /// In each case the log has to have grown by so many percent of what the last snapshot was long.
    pub snapshot_growth_percent: u64,
    /// After a snapshot the next one waits so many times as long as it took.
    pub snapshot_rest: u32,
    /// How often the node looks for what may go.
    pub expire_every: Duration,
    /// About so many cells of volumes go with one command, so that no other waits long for it.
    pub expire_limit: u32,
    /// What the registry is set to, by a command, if it is set to something else.
    pub registry: Options,
    /// A clock that jumps by more is not trusted, and one that is behind log time by more proposes nothing.
    pub clock_tolerance: Duration,
    /// How long a clock that jumped has to be steady before it is trusted again.
    pub clock_settles_in: Duration,
    /// How long the engine of a pool may be silent before callers are told; after that, until it answers again, nobody waits.
    pub engine_patience: Duration,
    /// How often a node tells the others of its pool how it is doing.
    pub heartbeat_every: Duration,
    /// A node of a pool notes after so many batches where the engine's could begin instead.
    pub keep_batches: u64,
    /// How often it looks whether every node has them in its files, so that the engine need not keep what is before.
    pub compact_every: Duration,
    /// A node that was silent for so long keeps nothing: it needs a copy of another when it is back.
    pub forgotten_after: Duration,
    /// How often the node looks at its clock and its upkeep when there is nothing to do.
    pub tick: Duration,
}

impl Default for NodeOptions {
    fn default() -> Self {
        Self {
            segment_bytes: 64 << 20,
            batch_commands: 1_000,
            batch_bytes: 8 << 20,
            max_command_bytes: MAX_RECORD_BYTES,
            queue_commands: 10_000,
            queue_bytes: 64 << 20,
            snapshot_every_bytes: 256 << 20,
            snapshot_every_commands: 200_000,
            snapshot_every_applying: Duration::from_secs(2),
            snapshot_growth_percent: 100,
            snapshot_rest: 2,
            expire_every: Duration::from_secs(60),
            expire_limit: 10_000,
            registry: Options::default(),
            clock_tolerance: Duration::from_secs(5),
            clock_settles_in: Duration::from_secs(60),
            engine_patience: Duration::from_secs(6),
            heartbeat_every: Duration::from_secs(1),
            keep_batches: 1_000,
            compact_every: Duration::from_secs(10),
            forgotten_after: Duration::from_secs(60 * 60),
            tick: Duration::from_secs(1),
        }
    }
}

impl NodeOptions {
    /// How much one USS may hold if nobody says otherwise: a gigabyte of memory, about.
    pub const QUOTAS: Quotas = Quotas { entities: 2_000_000, cells: 10_000_000, report_bytes: 256 << 20 };

    /// The same, so that no batch goes beyond what a log takes.
    pub(super) fn within_limits(self) -> Self {
        // Two places in a batch are for the writer's own commands; each record has a header and some filling.
        let batch_commands = self.batch_commands.clamp(1, MAX_BATCH_RECORDS - 2);
        let batch_bytes = self.batch_bytes.min((MAX_BATCH_BYTES - MAX_BATCH_RECORDS * RECORD_OVERHEAD_BYTES) / 2);
        Self { batch_commands, batch_bytes, ..self }
    }
}

/// Flags that set something in the registry to something else than what is set there: each with what was given and what holds.
pub(super) fn differing_flags(given: &Options, holds: &Options) -> Vec<(&'static str, String, String)> {
    let values = |options: &Options| {
        let Quotas { entities, cells, report_bytes } = options.quotas;
        let index = if options.time_based_notification_index { "time" } else { "count" };
        let retention = format!("{}s", Duration::from_nanos(options.retention_ns).as_secs());
        [index.to_owned(), retention, entities.to_string(), cells.to_string(), report_bytes.to_string()]
    };
    let flags = ["--notification-index", "--retention", "--quota-entities", "--quota-cells", "--quota-report-bytes"];
    let both = flags.into_iter().zip(values(given)).zip(values(holds)).map(|((flag, given), holds)| (flag, given, holds));
    both.filter(|(_, given, holds)| given != holds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_that_differ_are_named_with_both_values() {
        let given = Options { quotas: NodeOptions::QUOTAS, ..Options::default() };
        assert!(differing_flags(&given, &given).is_empty());
        let quotas = Quotas { cells: 5, ..NodeOptions::QUOTAS };
        let differing =
            differing_flags(&given, &Options { time_based_notification_index: true, quotas, retention_ns: 5_000_000_000 });
        let expected =
            [("--notification-index", "count", "time"), ("--retention", "604800s", "5s"), ("--quota-cells", "10000000", "5")];
        assert_eq!(differing, expected.map(|(flag, given, holds)| (flag, given.to_owned(), holds.to_owned())));
    }
}
