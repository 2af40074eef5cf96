//! Why a node does not take a command now; the command may be sent again. Reading goes on, unless the node has lost its pool.

use thiserror::Error;

/// Why a command was not answered. At the HTTP interface all but [`Unavailable::TooLong`] are a 503 with `Retry-After`.
///
/// Nothing of the command was kept, unless [`Unavailable::JournalFailed`] or [`Unavailable::CutOff`] says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unavailable {
    /// No room. Writing goes on by itself when there is some.
    #[error("the disk is full; nothing can be stored until there is room")]
    DiskFull,
    /// The disk failed, and what it holds has to be read again before anything is stored.
    #[error(
        "the log cannot be written{}{}: {reason}",
        if *is_final { " until somebody has looked after it" } else { "" },
        if *may_be_stored { ", and it is not known whether this request was stored" } else { "" }
    )]
    JournalFailed {
        /// What happened, for whoever runs the service.
        reason: String,
        /// Whether the command may have been stored all the same. Whoever asks later sees which.
        may_be_stored: bool,
        /// Whether it stays so until somebody looks after the data directory and starts the service again.
        is_final: bool,
    },
    /// The engine that orders the pool's log does not answer.
    #[error(
        "this node is cut off from its pool{}: {reason}",
        if *may_be_stored { ", and it is not known whether this request was stored" } else { "" }
    )]
    CutOff {
        /// What happened, for whoever runs the node.
        reason: String,
        /// Whether the command may have been stored all the same. Whoever asks later sees which.
        may_be_stored: bool,
    },
    /// The machine's clock is not that of the other nodes.
    #[error("the clock of this server is {:+.1} s off those of the other nodes", *by_ns as f64 / 1e9)]
    ClockOffPool {
        /// How far, in nanoseconds; ahead is positive.
        by_ns: i64,
    },
    /// It rests on a joint picture that another command changed meanwhile. It is stored, and counts for nothing.
    #[error("another command got ahead of it")]
    Overtaken,
    /// The machine's clock jumped. Its new time counts when it has been steady for a while.
    #[error(
        "the clock of this server jumped by {:+.1} s; it is not trusted for another {:.0} s",
        *by_ns as f64 / 1e9,
        (*trusted_in_ns as f64 / 1e9).ceil()
    )]
    ClockStepped {
        /// How far it jumped, in nanoseconds; forward is positive.
        by_ns: i64,
        /// In how many nanoseconds it is trusted if it does not jump again.
        trusted_in_ns: u64,
    },
    /// The machine's clock is behind the latest command that was accepted: it is wrong now, or it was then.
    #[error("the clock of this server is {:.1} s behind the latest entry of its log", *by_ns as f64 / 1e9)]
    ClockBehindLog {
        /// How far, in nanoseconds.
        by_ns: u64,
    },
    /// Too much is waiting already.
    #[error("too many requests are waiting to be stored")]
    Overloaded,
    /// The service is about to end.
    #[error("the service is stopping")]
    Stopping,
    /// The command can never be stored.
    #[error("the request takes {bytes} bytes in the log; at most {max_bytes} are possible")]
    TooLong {
        /// How many bytes it has.
        bytes: usize,
        /// How many it may have.
        max_bytes: usize,
    },
}

impl Unavailable {
    /// After how many seconds it makes sense to try again; at least 1, at most an hour.
    pub fn retry_after_s(&self) -> u64 {
        const SECOND_NS: u64 = 1_000_000_000;
        match self {
            Self::DiskFull => 30,
            Self::JournalFailed { is_final: true, .. } => 600,
            Self::JournalFailed { is_final: false, .. } => 5,
            Self::ClockStepped { trusted_in_ns: wait_ns, .. } | Self::ClockBehindLog { by_ns: wait_ns } => {
                wait_ns.div_ceil(SECOND_NS).clamp(1, 3600)
            }
            Self::Overloaded | Self::Overtaken => 1,
            Self::CutOff { .. } => 2,
            Self::ClockOffPool { .. } => 30,
            Self::Stopping => 5,
            Self::TooLong { .. } => 3600,
        }
    }
}

#[cfg(test)]
#[path = "unavailable_tests.rs"]
mod tests;
