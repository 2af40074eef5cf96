//! The joint service: HTTP, tokens, the clock and the disk around the registry. It decides nothing about conflicts.

pub mod node;
