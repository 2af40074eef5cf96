//! Newline-delimited JSON: blocks of whole lines, and the lines of a block. RFC 8142 (a record separator before each
//! text) as well. Does not know what is in a line.

use super::input::Input;
use super::problems::Fatal;

/// A block is about this long, bytes.
const BLOCK: usize = 1024 * 1024;
/// No line is longer, bytes.
pub const LINE_MAX: usize = 32 * 1024 * 1024;

/// The record separator of RFC 8142.
const RS: u8 = 0x1e;

/// Cuts a file into blocks of whole lines.
pub struct Blocks<'r> {
    input: Input<'r>,
    /// What follows the last whole line.
    rest: Vec<u8>,
    separator: u8,
    started: bool,
    over: bool,
    /// What stopped the stream, once the lines before it are out.
    failed: Option<Fatal>,
}

/// Some whole lines.
#[derive(Debug, Default)]
pub struct Block {
    /// The bytes; the last line may lack its end.
    pub bytes: Vec<u8>,
    /// What ends a line, or starts it if it is the record separator.
    pub separator: u8,
    /// Whether the only line is longer than may be, and cut.
    pub too_long: bool,
}

impl<'r> Blocks<'r> {
    /// The blocks of `input`.
    pub const fn new(input: Input<'r>) -> Self {
        Self { input, rest: Vec::new(), separator: b'\n', started: false, over: false, failed: None }
    }

    /// The next block; `None` at the end.
    ///
    /// # Errors
    /// The stream cannot be read on; the line counts from the end of the block before.
    pub fn next(&mut self) -> Result<Option<Block>, Fatal> {
        if let Some(fatal) = self.failed.take() {
            return Err(fatal);
        }
        if self.over {
            return Ok(None);
        }
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            let had = bytes.len();
            bytes.resize(had + BLOCK, 0);
            let read = self.fill(&mut bytes[had..]);
            bytes.truncate(had + read);
            if !self.started {
                self.started = true;
                let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
                self.separator = if first == Some(&RS) { RS } else { b'\n' };
            }
            if self.failed.is_some() {
                // The line that breaks off is no line.
                bytes.truncate(memchr::memrchr(self.separator, &bytes).map_or(0, |last| last + 1));
                return Ok(Some(Block { bytes, separator: self.separator, too_long: false }));
            }
            if read < BLOCK {
                self.over = true;
                return Ok((!bytes.is_empty()).then_some(Block { bytes, separator: self.separator, too_long: false }));
            }
            // Only the new bytes can hold the last separator.
            if let Some(last) = memchr::memrchr(self.separator, &bytes[had..]).map(|last| had + last) {
                // A record separator starts its text, a newline ends it.
                let cut = if self.separator == RS { last } else { last + 1 };
                if cut > 0 {
                    self.rest = bytes.split_off(cut);
                    return Ok(Some(Block { bytes, separator: self.separator, too_long: false }));
                }
            }
            if bytes.len() > LINE_MAX {
                return Ok(Some(self.cut_short(bytes)));
            }
        }
    }

    /// As many bytes as there is room for, or all that are left; fewer also if the stream fails, which is remembered.
    fn fill(&mut self, room: &mut [u8]) -> usize {
        let mut filled = 0;
        while filled < room.len() {
            match self.input.read(&mut room[filled..], 1) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(fatal) => {
                    self.failed = Some(fatal);
                    break;
                }
            }
        }
        filled
    }

    /// A block for a line that is too long; reads on to its end, and keeps nothing of it.
    fn cut_short(&mut self, mut bytes: Vec<u8>) -> Block {
        let mut room = vec![0; BLOCK];
        loop {
            let read = self.fill(&mut room);
            if let Some(end) = memchr::memchr(self.separator, &room[..read]) {
                let cut = if self.separator == RS { end } else { end + 1 };
                self.rest = room[cut..read].to_vec();
                // So that the lines after it are counted right.
                bytes.clear();
                if self.separator == b'\n' {
                    bytes.push(b'\n');
                }
                break;
            }
            if read < BLOCK {
                self.over = true;
                bytes.clear();
                break;
            }
        }
        Block { bytes, separator: self.separator, too_long: true }
    }
}

impl Block {
    /// Calls `with` for every line that is not empty, with its number in the block from 1. Says how many lines end in it.
    pub fn lines(&self, mut with: impl FnMut(&[u8], usize)) -> usize {
        let (mut start, mut ended) = (0, 0);
        let ends = memchr::memchr_iter(self.separator, &self.bytes).chain(std::iter::once(self.bytes.len()));
        for end in ends {
            let text = &self.bytes[start..end];
            let trimmed = text.trim_ascii();
            // RFC 8142 also occurs line by line.
            let trimmed = trimmed.strip_prefix(&[RS]).map_or(trimmed, <[u8]>::trim_ascii_start);
            if !trimmed.is_empty() {
                let blank = text.len() - text.trim_ascii_start().len();
                with(trimmed, 1 + ended + newlines(&text[..blank]));
            }
            ended += newlines(text) + usize::from(self.separator == b'\n' && end < self.bytes.len());
            start = end + 1;
        }
        ended
    }
}

fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}
