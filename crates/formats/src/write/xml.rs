//! Elements of XML, written one inside the other. Does not know what they mean.

use std::fmt::Display;
use std::io::{self, Write};

/// XML on its way out: indented by two spaces, one element a line.
pub struct Xml<'a> {
    out: &'a mut dyn Write,
    depth: usize,
}

impl<'a> Xml<'a> {
    /// XML to `out`, with its declaration.
    ///
    /// # Errors
    /// What `out` says, as of all that follow.
    pub fn new(out: &'a mut dyn Write) -> io::Result<Self> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        Ok(Self { out, depth: 0 })
    }

    /// An element that holds what `inside` writes. `start` is the name with its attributes, as written.
    pub fn element(&mut self, start: &str, inside: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.indent()?;
        writeln!(self.out, "<{start}>")?;
        self.depth += 1;
        inside(self)?;
        self.depth -= 1;
        self.indent()?;
        writeln!(self.out, "</{}>", name(start))
    }

    /// An element that holds text.
    pub fn text(&mut self, start: &str, text: &str) -> io::Result<()> {
        self.plain(start, escaped(text))
    }

    /// An element that holds something without special characters: a number, a word of ours.
    pub fn plain(&mut self, start: &str, value: impl Display) -> io::Result<()> {
        self.indent()?;
        writeln!(self.out, "<{start}>{value}</{}>", name(start))
    }

    fn indent(&mut self) -> io::Result<()> {
        write!(self.out, "{:1$}", "", 2 * self.depth)
    }
}

/// The name of an element, without its attributes.
fn name(start: &str) -> &str {
    start.split(' ').next().unwrap_or_default()
}

/// Text for the content of an element or for an attribute. What XML 1.0 has no way of writing becomes U+FFFD.
pub fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            // A reader turns the character itself into a line feed.
            '\r' => xml.push_str("&#13;"),
            '\t' | '\n' => xml.push(c),
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => xml.push('\u{FFFD}'),
            _ => xml.push(c),
        }
    }
    xml
}

#[cfg(test)]
#[path = "xml_tests.rs"]
mod tests;
