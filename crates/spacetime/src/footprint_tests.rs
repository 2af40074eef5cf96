//! Tests of `footprint`.
