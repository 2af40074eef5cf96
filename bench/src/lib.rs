//! Benches of our own: the sets, the questions, and the harness that prints what was expected beside what was measured.
//!
//! `cargo xtask bench` runs it. Every case runs in a process of its own, so that their memory does not mix. Sets are made in
//! memory from a seed; no file is read. Foreign engines are not known here: they are in `bench-compare/`, which uses this crate.

pub mod aircraft;
pub mod answers;
pub mod case;
pub mod dss;
pub mod engine;
pub mod known;
pub mod machine;
pub mod measure;
pub mod memory;
pub mod mixed;
pub mod oracle;
pub mod parse;
pub mod questions;
pub mod report;
pub mod splitmix;
pub mod table;
pub mod w;
