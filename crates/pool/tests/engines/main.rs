//! What every log does, asked of the journal in files and of pools in every engine through the trait alone; then what every
//! engine does for several nodes; then what is left when its servers are killed, and whom they let in.
//!
//! Real servers are started on this machine. Where they are not installed, these tests are passed over; `cargo xtask ci` has
//! them installed.

mod faults;
mod law;
mod secured;
mod simulation;
mod support;
