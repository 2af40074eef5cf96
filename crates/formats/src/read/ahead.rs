//! A buffered stream whose next bytes can be looked at, however few come at a time. Does not know what they mean.

use std::io::{self, BufRead, Read};

/// How many bytes are asked for at once, and can be looked at.
pub const CHUNK: usize = 256 * 1024;

/// A stream with the bytes that come next.
pub struct Ahead<R> {
    inner: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// What stopped the stream, once the bytes before it are taken.
    failed: Option<io::Error>,
}

impl<R: Read> Ahead<R> {
    /// Nothing read yet.
    pub fn new(inner: R) -> Self {
        Self { inner, buffer: vec![0; CHUNK], start: 0, end: 0, failed: None }
    }

    /// The next bytes without taking them: `wanted`, or all there are.
    pub fn ahead(&mut self, wanted: usize) -> &[u8] {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        while self.end < wanted.min(CHUNK) && self.failed.is_none() {
            match uninterrupted(&mut self.inner, &mut self.buffer[self.end..]) {
                Ok(0) => break,
                Ok(read) => self.end += read,
                Err(error) => self.failed = Some(error),
            }
        }
        &self.buffer[..self.end]
    }
}

/// The next bytes; an interruption is no failure.
fn uninterrupted(inner: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match inner.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

impl<R: Read> Read for Ahead<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && self.failed.is_none() && buffer.len() >= CHUNK {
            return uninterrupted(&mut self.inner, buffer);
        }
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Ahead<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            self.end = uninterrupted(&mut self.inner, &mut self.buffer)?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.start = (self.start + amount).min(self.end);
    }
}
