//! The bytes of a file: unpacked if they are packed, without a byte order mark, and counted. Knows no format.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::ahead::Ahead;
use super::problems::Fatal;

/// Counts what is read through it.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The unpacked bytes of a file.
pub struct Input<'r> {
    inner: Ahead<Box<dyn Read + Send + 'r>>,
    count: Arc<AtomicU64>,
    packed: bool,
}

impl<'r> Input<'r> {
    /// Looks at the first bytes: gzip is unpacked, a byte order mark is left out.
    ///
    /// # Errors
    /// The text is UTF-16.
    pub fn new(reader: impl Read + Send + 'r) -> Result<Self, Fatal> {
        let count = Arc::new(AtomicU64::new(0));
        let counted = Counted { inner: reader, count: Arc::clone(&count) };
        let mut plain: Ahead<Box<dyn Read + Send + 'r>> = Ahead::new(Box::new(counted));
        let packed = plain.ahead(2).starts_with(&[0x1f, 0x8b]);
        let mut inner =
            if packed { Ahead::new(Box::new(MultiGzDecoder::new(plain)) as Box<dyn Read + Send + 'r>) } else { plain };
        let start = inner.ahead(3);
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(Fatal::new(1, "", "text in UTF-16", "text in UTF-8: save the file as that"));
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            inner.consume(3);
        }
        Ok(Self { inner, count, packed })
    }

    /// The bytes of the file that were read so far; of a packed file the packed ones.
    pub fn count(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.count)
    }

    /// The next bytes into `buffer`; zero at the end.
    ///
    /// # Errors
    /// As a problem that says what is wrong with the stream; `line` is where the reading is.
    pub fn read(&mut self, buffer: &mut [u8], line: usize) -> Result<usize, Fatal> {
        self.inner.read(buffer).map_err(|error| unreadable(&error, line, self.packed))
    }

    /// The bytes that come next without taking them: `wanted`, or all there are.
    pub fn ahead(&mut self, wanted: usize) -> &[u8] {
        self.inner.ahead(wanted)
    }

    /// The next line into `line`, without its end; says whether there is one. `number` is its number.
    ///
    /// # Errors
    /// As [`Input::read`]; or the line is longer than `limit` bytes.
    pub fn line(&mut self, line: &mut Vec<u8>, number: usize, limit: usize) -> Result<bool, Fatal> {
        line.clear();
        let packed = self.packed;
        let mut any = false;
        loop {
            let chunk = self.inner.fill_buf().map_err(|error| unreadable(&error, number, packed))?;
            if chunk.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = memchr::memchr(b'\n', chunk);
            let text = &chunk[..end.unwrap_or(chunk.len())];
            if line.len() + text.len() > limit {
                let expected = format!("lines of at most {limit} bytes");
                return Err(Fatal::new(number, "", "a line that is longer", expected));
            }
            line.extend_from_slice(text);
            let used = text.len() + usize::from(end.is_some());
            self.inner.consume(used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// All the rest, if it is not longer than `limit` bytes.
    ///
    /// # Errors
    /// As [`Input::read`]; or the file is too long for a format that is read as a whole.
    pub fn read_all(&mut self, limit: usize) -> Result<Vec<u8>, Fatal> {
        let mut bytes = Vec::new();
        let packed = self.packed;
        let rest = self.inner.by_ref().take(limit as u64 + 1).read_to_end(&mut bytes);
        rest.map_err(|error| unreadable(&error, 1, packed))?;
        if bytes.len() > limit {
            let expected = format!("at most {} MiB in this format", limit / (1024 * 1024));
            return Err(Fatal::new(1, "", "a file that is longer", expected));
        }
        Ok(bytes)
    }

    /// The stream itself.
    pub fn into_buffered(self) -> impl BufRead + 'r {
        self.inner
    }

    /// Whether the file is packed.
    pub const fn is_packed(&self) -> bool {
        self.packed
    }
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

/// What is wrong with a stream.
pub fn unreadable(error: &io::Error, line: usize, packed: bool) -> Fatal {
    let (found, expected) = match error.kind() {
        io::ErrorKind::UnexpectedEof if packed => {
            ("compressed data that break off".to_owned(), "a whole gzip file: fetch or pack it again")
        }
        _ if packed => (format!("compressed data that are damaged ({error})"), "a sound gzip file: fetch or pack it again"),
        _ => (format!("what cannot be read ({error})"), "a file that can be read"),
    };
    Fatal::new(line, "", found, expected)
}
