//! Tests of `bounds`.
