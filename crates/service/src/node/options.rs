//! What whoever runs a node may choose.

use std::time::Duration;

/// What one may choose. The defaults are those of the service.
#[derive(Clone, Copy, Debug)]
pub struct NodeOptions {
    /// Bytes of a segment of the log.
    pub segment_bytes: u64,
    /// At most so many commands are stored at once.
    pub batch_commands: usize,
    /// At most so many bytes of commands are stored at once, or one command that is longer.
    pub batch_bytes: usize,
    /// At most so many commands wait.
    pub queue_commands: usize,
    /// At most so many bytes of commands wait.
    pub queue_bytes: usize,
    /// A snapshot is written when the log has grown by so many bytes since the last one, and by as many as that had.
    pub snapshot_every_bytes: u64,
    /// A snapshot is written when the log has grown by so many commands since the last one, too.
    pub snapshot_every_commands: u64,
    /// How long something stays after its end.
    pub retention: Duration,
    /// How often the node looks for what may go.
    pub expire_every: Duration,
    /// At most so many things go with one command, so that no other waits long for it.
    pub expire_limit: u32,
    /// A clock that jumps by more is not trusted, and one that is behind log time by more proposes nothing.
    pub clock_tolerance: Duration,
    /// How long a clock that jumped has to be steady before it is trusted again.
    pub clock_settles_in: Duration,
    /// How often the node looks at its clock and its upkeep when there is nothing to do.
    pub tick: Duration,
}

impl Default for NodeOptions {
    fn default() -> Self {
        Self {
            segment_bytes: 64 << 20,
            batch_commands: 1_000,
            batch_bytes: 8 << 20,
            queue_commands: 10_000,
            queue_bytes: 64 << 20,
            snapshot_every_bytes: 256 << 20,
            snapshot_every_commands: 500_000,
            retention: Duration::from_secs(7 * 24 * 60 * 60),
            expire_every: Duration::from_secs(60),
            expire_limit: 1_000,
            clock_tolerance: Duration::from_secs(5),
            clock_settles_in: Duration::from_secs(60),
            tick: Duration::from_secs(1),
        }
    }
}
