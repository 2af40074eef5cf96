//! The joint service: HTTP, tokens, the clock and the disk around the registry. It decides nothing about conflicts.

pub mod http;
pub mod limits;
pub mod metrics;
pub mod native;
pub mod node;
pub mod outbound;
pub mod serve;
pub mod tokens;
mod wire;
