//! Other people's file formats. Knows files' contents, not files: everything is read from and written to streams.

pub mod read;
pub mod write;
