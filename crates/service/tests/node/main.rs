//! The node, with storage and clocks that do what a test wants.
//!
//! `support` has the clocks, the storage that waits, and a client's workload; `witness` knows what must come of what was answered.

mod clocks;
mod concurrency;
mod expiry;
mod faults;
mod full_disk;
mod grouping;
mod joint;
mod pool;
mod round_trip;
mod snapshots;
mod support;
mod witness;
mod workload;
