//! XML into elements with their lines, one subtree at a time. Does not know KML.
//!
//! Bounded: an element, its text and its children together, and how deep they are nested. No entities but the five of
//! XML itself, so nothing expands.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::input::unreadable;
use super::super::problems::{Fatal, quoted};

/// No subtree is larger, bytes.
const SUBTREE_MAX: usize = 32 * 1024 * 1024;
/// What an element takes beside its text, bytes.
const ELEMENT_BYTES: usize = 128;
/// Elements are not nested deeper.
const DEPTH_MAX: usize = 100;

/// An element without its namespace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// Its local name.
    pub name: String,
    /// The line on which its start tag ends.
    pub line: usize,
    /// Its attribute `id`.
    pub id: Option<String>,
    /// Its attribute `name`.
    pub key: Option<String>,
    /// The text directly in it.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of this name, trimmed; `None` if there is none or nothing in it.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
}

/// A tag that was met.
#[derive(Debug)]
pub enum Tag {
    /// An element starts; what is in it was not read yet, unless it is empty.
    Start(Element),
    /// The innermost open element is over.
    End,
    /// The file is over.
    Over,
}

/// Counts lines, and stops a tag or a text without end.
struct Counted<R> {
    inner: R,
    line: usize,
    /// Bytes since the last tag.
    since: usize,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > SUBTREE_MAX {
            return Err(io::Error::other("a tag or a text of more than 32 MiB"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed is in the buffer, so that asking for it reads nothing.
        if let Ok(chunk) = self.inner.fill_buf() {
            self.line += memchr::memchr_iter(b'\n', &chunk[..amount.min(chunk.len())]).count();
        }
        self.since += amount;
        self.inner.consume(amount);
    }
}

/// Reads tags and subtrees.
pub struct Xml<R> {
    reader: Reader<Counted<R>>,
    buffer: Vec<u8>,
    depth: usize,
    packed: bool,
    /// An empty element has started and is yet to end.
    ends: bool,
}

impl<R: BufRead> Xml<R> {
    /// The tags of a file; `packed` if it is, for messages.
    pub fn new(inner: R, packed: bool) -> Self {
        let reader = Reader::from_reader(Counted { inner, line: 1, since: 0 });
        Self { reader, buffer: Vec::new(), depth: 0, packed, ends: false }
    }

    fn line(&self) -> usize {
        self.reader.get_ref().line
    }

    fn fatal(&self, found: impl Into<String>, expected: impl Into<String>) -> Fatal {
        Fatal::new(self.line(), "", found, expected)
    }

    /// The next tag; `text` takes the text before it, if it is given.
    ///
    /// # Errors
    /// What is no XML, or larger than may be.
    pub fn tag(&mut self, mut text: Option<&mut String>) -> Result<Tag, Fatal> {
        if std::mem::take(&mut self.ends) {
            self.depth -= 1;
            return Ok(Tag::End);
        }
        loop {
            self.buffer.clear();
            self.reader.get_mut().since = 0;
            let event = self.reader.read_event_into(&mut self.buffer);
            let line = self.reader.get_ref().line;
            let event = event.map_err(|error| broken(error, line, self.packed))?;
            let mut add = |piece: &str| {
                if let Some(text) = text.as_deref_mut() {
                    text.push_str(piece);
                }
            };
            match event {
                Event::Start(start) => {
                    let element = element(&start, line)?;
                    self.deeper()?;
                    return Ok(Tag::Start(element));
                }
                Event::Empty(start) => {
                    let element = element(&start, line)?;
                    self.deeper()?;
                    self.ends = true;
                    return Ok(Tag::Start(element));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Tag::End);
                }
                Event::Text(piece) => add(&piece.xml10_content()),
                Event::CData(piece) => add(&piece.xml10_content()),
                Event::GeneralRef(reference) => {
                    let known = match &*reference {
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "amp" => Some('&'),
                        "apos" => Some('\''),
                        "quot" => Some('"'),
                        _ => reference.resolve_char_ref().ok().flatten(),
                    };
                    let Some(known) = known else {
                        let found = format!("the entity {}", quoted(&format!("&{};", &*reference)));
                        return Err(Fatal::new(line, "", found, "text without entities of its own"));
                    };
                    add(known.encode_utf8(&mut [0; 4]));
                }
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().and_then(Result::ok);
                    let plain = encoding.as_deref().is_none_or(|name| {
                        ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| known.eq_ignore_ascii_case(name))
                    });
                    if !plain {
                        let found = format!("the encoding {}", quoted(encoding.as_deref().unwrap_or_default()));
                        return Err(Fatal::new(line, "", found, "UTF-8: save the file as that"));
                    }
                }
                Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof if self.depth > 0 => {
                    return Err(Fatal::new(line, "", "the end of the file", "the end of an element"));
                }
                Event::Eof => return Ok(Tag::Over),
            }
        }
    }

    fn deeper(&mut self) -> Result<(), Fatal> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fatal(format!("elements within elements, over {DEPTH_MAX} deep"), "elements less deep"));
        }
        Ok(())
    }

    /// All that is in an element that has started.
    ///
    /// # Errors
    /// As [`Xml::tag`].
    pub fn subtree(&mut self, root: Element) -> Result<Element, Fatal> {
        let mut open = vec![root];
        let mut bytes = 0;
        loop {
            let mut text = String::new();
            let tag = self.tag(Some(&mut text))?;
            bytes += text.len() + ELEMENT_BYTES;
            if bytes > SUBTREE_MAX {
                return Err(self.fatal("an element of more than 32 MiB", "smaller elements"));
            }
            let Some(innermost) = open.last_mut() else { return Err(self.fatal("an end", "an element")) };
            innermost.text.push_str(&text);
            match tag {
                Tag::Start(element) => open.push(element),
                Tag::Over => return Err(self.fatal("the end of the file", "the end of an element")),
                Tag::End => {
                    let Some(done) = open.pop() else { return Err(self.fatal("an end", "an element")) };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
            }
        }
    }

    /// Reads past all that is in an element that has started.
    ///
    /// # Errors
    /// As [`Xml::tag`].
    pub fn skip(&mut self) -> Result<(), Fatal> {
        let outside = self.depth - 1;
        while self.depth > outside {
            if matches!(self.tag(None)?, Tag::Over) {
                return Err(self.fatal("the end of the file", "the end of an element"));
            }
        }
        Ok(())
    }
}

fn element(start: &BytesStart, line: usize) -> Result<Element, Fatal> {
    let mut element = Element { name: start.local_name().as_ref().to_owned(), line, ..Element::default() };
    for attribute in start.attributes() {
        let attribute =
            attribute.map_err(|error| Fatal::new(line, "", format!("an attribute that is broken ({error})"), "XML"))?;
        let slot = match attribute.key.as_ref() {
            "id" => &mut element.id,
            "name" => &mut element.key,
            _ => continue,
        };
        let value = quick_xml::escape::unescape(&attribute.value);
        let value = value.map_err(|error| Fatal::new(line, "", format!("an attribute that is broken ({error})"), "XML"))?;
        *slot = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
    }
    Ok(element)
}

/// What the XML parser says.
fn broken(error: quick_xml::Error, line: usize, packed: bool) -> Fatal {
    match error {
        quick_xml::Error::Io(error) => {
            let error = Arc::try_unwrap(error).unwrap_or_else(|shared| io::Error::new(shared.kind(), shared.to_string()));
            unreadable(&error, line, packed)
        }
        other => Fatal::new(line, "", format!("XML that is broken: {other}"), "XML in UTF-8"),
    }
}
