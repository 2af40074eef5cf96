//! JSON documents cut into their entries without reading them whole: the elements of `features`, of a list, or
//! documents one after the other. Does not know what an entry means.
//!
//! Only brackets, quotes and newlines are looked at here; whether an entry is JSON is found when it is parsed.

use super::input::Input;
use super::problems::{Fatal, quoted};

/// How many bytes are read at once.
const CHUNK: usize = 256 * 1024;
/// No entry is longer, bytes.
const ENTRY_MAX: usize = 32 * 1024 * 1024;
/// What is said of a longer one.
const TOO_LONG: (&str, &str) = ("an entry of more than 32 MiB", "entries of at most 32 MiB");
/// No member beside the entries is kept if it is longer, bytes.
const MEMBER_MAX: usize = 64 * 1024;
/// No document has more members beside the entries.
const MEMBERS_MAX: usize = 100;
/// No brackets are nested deeper.
const DEPTH_MAX: u32 = 128;

/// One entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its JSON.
    pub bytes: Vec<u8>,
    /// The line on which it starts.
    pub line: usize,
    /// Its place in the list that holds it.
    pub index: Option<usize>,
}

/// Where in a document the reading is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a document.
    Between,
    /// In a list of entries, within an object or not; so many were read.
    Entries { in_object: bool, read: usize },
    /// After the list, in the object that holds it.
    Object,
    /// At the end of the file.
    Over,
}

/// Where in the brackets and quotes of a value the reading is.
#[derive(Default)]
struct Nesting {
    /// One bit a level: whether it is an object.
    objects: u128,
    depth: u32,
    quoted: bool,
    escaped: bool,
}

/// What a byte means for the value that it may belong to.
enum Step {
    /// It belongs to the value, which goes on.
    On,
    /// It belongs to the value and ends it.
    Last,
    /// The value ended before it.
    After,
    /// It opens one bracket too many.
    TooDeep,
    /// It closes another bracket than the open one; this was wanted.
    Mismatch(&'static str),
}

impl Nesting {
    fn step(&mut self, byte: u8) -> Step {
        if self.quoted {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.quoted = false;
                    return if self.depth == 0 { Step::Last } else { Step::On };
                }
                _ => {}
            }
            return Step::On;
        }
        match byte {
            b'"' => self.quoted = true,
            b'{' | b'[' if self.depth == DEPTH_MAX => return Step::TooDeep,
            b'{' | b'[' => {
                self.depth += 1;
                self.objects = (self.objects << 1) | u128::from(byte == b'{');
            }
            // A word or a number ends before what cannot be in one.
            b'}' | b']' | b',' | b':' | b'\n' | b' ' | b'\r' | b'\t' if self.depth == 0 => return Step::After,
            b'}' | b']' => {
                if (self.objects & 1 == 1) != (byte == b'}') {
                    let wanted = ["`]`, which closes what is open", "`}`, which closes what is open"];
                    return Step::Mismatch(wanted[usize::from(byte == b']')]);
                }
                self.objects >>= 1;
                self.depth -= 1;
                return if self.depth == 0 { Step::Last } else { Step::On };
            }
            _ => {}
        }
        Step::On
    }
}

/// Cuts a file into entries.
pub struct Entries<'r> {
    input: Input<'r>,
    chunk: Vec<u8>,
    at: usize,
    line: usize,
    state: State,
    /// The members of objects that hold entries: name, JSON, line.
    members: Vec<(String, Vec<u8>, usize)>,
    documents: usize,
    /// What the list of entries in an object is called, if it may be in one.
    list: Option<&'static str>,
}

impl<'r> Entries<'r> {
    /// The entries of `input`, which an object holds in its member `list`.
    pub const fn new(input: Input<'r>, list: Option<&'static str>) -> Self {
        Self { input, chunk: Vec::new(), at: 0, line: 1, state: State::Between, members: Vec::new(), documents: 0, list }
    }

    /// The members that stood beside lists of entries so far: name, JSON, line.
    pub fn members(&self) -> &[(String, Vec<u8>, usize)] {
        &self.members
    }

    /// The next entry; `None` at the end.
    ///
    /// # Errors
    /// The brackets do not fit, or the stream cannot be read on.
    pub fn next(&mut self) -> Result<Option<Entry>, Fatal> {
        loop {
            match self.state {
                State::Over => return Ok(None),
                State::Between => {
                    if let Some(entry) = self.document()? {
                        return Ok(Some(entry));
                    }
                }
                State::Entries { in_object, read } => {
                    if let Some(entry) = self.element(in_object, read)? {
                        return Ok(Some(entry));
                    }
                }
                State::Object => self.rest_of_object()?,
            }
        }
    }

    /// Starts on a document; an object without a list is an entry itself.
    fn document(&mut self) -> Result<Option<Entry>, Fatal> {
        match self.next_visible()? {
            None if self.documents == 0 => Err(self.fatal("an empty file", "a JSON document")),
            None => {
                self.state = State::Over;
                Ok(None)
            }
            Some(b'[') => {
                self.documents += 1;
                self.take();
                self.state = State::Entries { in_object: false, read: 0 };
                Ok(None)
            }
            Some(b'{') => {
                self.documents += 1;
                self.object()
            }
            Some(_) => Err(self.fatal("something else", "a JSON document, which starts with `{` or `[`")),
        }
    }

    /// The members of an object up to the list of entries, or all of it as one entry.
    fn object(&mut self) -> Result<Option<Entry>, Fatal> {
        let mut entry = Entry { bytes: Vec::new(), line: self.line, index: None };
        let mut members = Vec::new();
        self.take();
        entry.bytes.push(b'{');
        // The line that the copy has come to: white space is left out of it, newlines are not.
        let mut copied = self.line;
        loop {
            let next = self.next_visible()?;
            entry.bytes.extend(std::iter::repeat_n(b'\n', self.line - copied));
            copied = self.line;
            if entry.bytes.len() > ENTRY_MAX {
                return Err(self.fatal(TOO_LONG.0, TOO_LONG.1));
            }
            match next {
                Some(b'}') => {
                    self.take();
                    entry.bytes.push(b'}');
                    self.state = State::Between;
                    return Ok(Some(entry));
                }
                Some(b',') => {
                    self.take();
                    entry.bytes.push(b',');
                }
                Some(b'"') => {
                    let (line, start) = (self.line, entry.bytes.len());
                    self.value(&mut entry.bytes)?;
                    let key: String = serde_json::from_slice(&entry.bytes[start..]).unwrap_or_default();
                    self.expect(b':')?;
                    entry.bytes.push(b':');
                    let is_list = self.next_visible()? == Some(b'[') && Some(key.as_str()) == self.list;
                    if is_list {
                        self.take();
                        self.keep(members);
                        self.state = State::Entries { in_object: true, read: 0 };
                        return Ok(None);
                    }
                    entry.bytes.extend(std::iter::repeat_n(b'\n', self.line - line));
                    let start = entry.bytes.len();
                    self.value(&mut entry.bytes)?;
                    copied = self.line;
                    let value = &entry.bytes[start..];
                    if members.len() < MEMBERS_MAX && value.len() <= MEMBER_MAX {
                        members.push((key, value.to_vec(), line));
                    }
                }
                found => return Err(self.unexpected(found, "a key in quotes, or `}`")),
            }
        }
    }

    fn keep(&mut self, members: Vec<(String, Vec<u8>, usize)>) {
        let room = MEMBERS_MAX.saturating_sub(self.members.len());
        self.members.extend(members.into_iter().take(room));
    }

    /// The members after the list.
    fn rest_of_object(&mut self) -> Result<(), Fatal> {
        match self.next_visible()? {
            Some(b'}') => {
                self.take();
                self.state = State::Between;
                Ok(())
            }
            Some(b',') => {
                self.take();
                Ok(())
            }
            Some(b'"') => {
                let line = self.line;
                let (mut key, mut value) = (Vec::new(), Vec::new());
                self.value(&mut key)?;
                let key: String = serde_json::from_slice(&key).unwrap_or_default();
                self.expect(b':')?;
                let is_list = self.next_visible()? == Some(b'[') && Some(key.as_str()) == self.list;
                if is_list {
                    return Err(self.fatal(format!("`{key}` twice"), "one list of entries in an object"));
                }
                self.value(&mut value)?;
                if value.len() <= MEMBER_MAX {
                    self.keep(vec![(key, value, line)]);
                }
                Ok(())
            }
            found => Err(self.unexpected(found, "a key in quotes, or `}`")),
        }
    }

    /// The next element of a list of entries; `None` when the list is over.
    fn element(&mut self, in_object: bool, read: usize) -> Result<Option<Entry>, Fatal> {
        match self.next_visible()? {
            Some(b']') => {
                self.take();
                self.state = if in_object { State::Object } else { State::Between };
                return Ok(None);
            }
            Some(b',') if read > 0 => self.take(),
            Some(_) if read == 0 => {}
            found => return Err(self.unexpected(found, "`,` or `]` after an entry")),
        }
        let first = self.next_visible()?;
        if matches!(first, None | Some(b',' | b']' | b'}' | b':')) {
            return Err(self.unexpected(first, "an entry"));
        }
        let mut entry = Entry { bytes: Vec::new(), line: self.line, index: Some(read) };
        self.value(&mut entry.bytes)?;
        self.state = State::Entries { in_object, read: read + 1 };
        Ok(Some(entry))
    }

    /// Copies one value: from its first byte, which is next, to the end of its brackets, quotes or word.
    fn value(&mut self, into: &mut Vec<u8>) -> Result<(), Fatal> {
        let start = into.len();
        let mut nesting = Nesting::default();
        loop {
            if self.at == self.chunk.len() && !self.fill()? {
                if nesting.depth == 0 && !nesting.quoted && into.len() > start {
                    return Ok(());
                }
                return Err(self.unexpected(None, if nesting.quoted { "the end of a text" } else { "the end of an entry" }));
            }
            let from = self.at;
            let mut done = false;
            while let Some(&byte) = self.chunk.get(self.at).filter(|_| !done) {
                match nesting.step(byte) {
                    Step::On => self.at += 1,
                    Step::Last => {
                        self.at += 1;
                        done = true;
                    }
                    Step::After => {
                        done = true;
                        continue;
                    }
                    Step::TooDeep => {
                        return Err(self.fatal("brackets within brackets, over 128 deep", "brackets less deep"));
                    }
                    Step::Mismatch(wanted) => return Err(self.unexpected(Some(byte), wanted)),
                }
                self.line += usize::from(byte == b'\n');
            }
            into.extend_from_slice(&self.chunk[from..self.at]);
            if into.len() - start > ENTRY_MAX {
                return Err(self.fatal(TOO_LONG.0, TOO_LONG.1));
            }
            if done {
                return Ok(());
            }
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Fatal> {
        match self.next_visible()? {
            Some(found) if found == byte => {
                self.take();
                Ok(())
            }
            found => Err(self.unexpected(found, &format!("`{}`", char::from(byte)))),
        }
    }

    /// The next byte that is not white space, without taking it.
    fn next_visible(&mut self) -> Result<Option<u8>, Fatal> {
        loop {
            match self.chunk.get(self.at).copied() {
                Some(b'\n') => self.line += 1,
                // The separator of RFC 8142 stands before a document.
                Some(b' ' | b'\t' | b'\r' | 0x1e) => {}
                Some(byte) => return Ok(Some(byte)),
                None if self.fill()? => continue,
                None => return Ok(None),
            }
            self.at += 1;
        }
    }

    fn take(&mut self) {
        self.at += 1;
    }

    fn fill(&mut self) -> Result<bool, Fatal> {
        self.chunk.resize(CHUNK, 0);
        let read = self.input.read(&mut self.chunk, self.line);
        self.chunk.truncate(*read.as_ref().unwrap_or(&0));
        self.at = 0;
        read.map(|read| read > 0)
    }

    fn unexpected(&self, found: Option<u8>, expected: &str) -> Fatal {
        let found = match found {
            None => "the end of the file".to_owned(),
            Some(byte) if byte.is_ascii_graphic() => format!("`{}`", char::from(byte)),
            Some(_) => quoted(&String::from_utf8_lossy(&self.chunk[self.at..self.chunk.len().min(self.at + 20)])),
        };
        self.fatal(found, expected)
    }

    fn fatal(&self, found: impl Into<String>, expected: impl Into<String>) -> Fatal {
        Fatal::new(self.line, "", found, expected)
    }
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
