//! What parties declare, and what we answer: plan files in, a picture, findings out.
//!
//! Reading goes file text → [`mod@format`] → [`model`]; the engine goes [`model`] → [`report`]. This crate does no I/O,
//! reads no clock, and knows no output format but the JSON of the report.

mod disclosure;
pub mod drawn;
mod engine;
mod facts;
pub mod format;
mod geometry;
mod json;
mod live;
mod lived;
pub mod model;
mod read;
pub mod report;
#[cfg(test)]
mod samples;
mod traffic;
pub mod words;

pub use disclosure::{finding_for_party, for_party, may_be_told, party_named};
pub use engine::{ImpossibleChange, Misread, Options, changed, check, intermediaries, misread, open_matter};
pub use facts::{Fact, facts};
pub use geometry::{Drawing, Ring, Rings, Vertex};
pub use json::{finding_json, json};
pub use live::{Delta, Edit, Live};
pub use lived::{Reported, lasting, reported, unsure};
pub use read::{EXAMPLE, Problem, SourceText, parse_time, read, schema, value};
pub use traffic::{
    ClaimVolume, DESCRIBED_MOST, PICTURED_MOST, Passed, TooManyPairs, Traffic, check_traffic, pairs_of_traffic,
    picture_of_traffic,
};
