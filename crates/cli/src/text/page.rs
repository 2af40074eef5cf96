//! Lines on a page: wrapping, labels and columns. Widths are counted in characters; styles take no room.

use std::borrow::Cow;
use std::fmt::Write;

use anstyle::Style;

use super::style::{BOLD, DIM};

/// Text that grows downwards.
pub struct Page {
    width: usize,
    text: String,
}

impl Page {
    /// An empty page of so many columns.
    pub fn new(width: usize) -> Self {
        Self { width, text: String::new() }
    }

    /// The finished text.
    pub fn finish(self) -> String {
        self.text
    }

    /// An empty line, unless the page begins or has one already.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A heading with an empty line before it and a remark after it.
    pub fn heading(&mut self, heading: &str, remark: &str) {
        self.gap();
        let space = if remark.is_empty() { "" } else { "  " };
        let _ = writeln!(self.text, "{BOLD}{}{BOLD:#}{space}{DIM}{}{DIM:#}", harmless(heading), harmless(remark));
    }

    /// A line as it is.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Text, wrapped and indented.
    pub fn paragraph(&mut self, indent: usize, text: &str, style: Style) {
        self.hanging(indent, "", Style::new(), indent, text, style);
    }

    /// A label and wrapped text in a column of its own.
    pub fn labelled(&mut self, indent: usize, label: &str, column: usize, text: &str) {
        self.hanging(indent, label, DIM, column, text, Style::new());
    }

    /// A first piece at `indent`, then wrapped text at `column`; below it where the first piece is too long.
    pub fn hanging(&mut self, indent: usize, first: &str, first_style: Style, column: usize, text: &str, style: Style) {
        let (first, text) = (&*harmless(first), &*harmless(text));
        let mut used = indent + first.chars().count();
        let _ = write!(self.text, "{:indent$}{first_style}{first}{first_style:#}", "");
        if !first.is_empty() && used >= column {
            self.text.push('\n');
            used = 0;
        }
        for line in wrap(text, self.width.saturating_sub(column).max(20)) {
            let _ = writeln!(self.text, "{:1$}{style}{line}{style:#}", "", column.saturating_sub(used));
            used = 0;
        }
    }
}

/// Text of others as it may go to a terminal: what would command it, or turn the direction of reading, is shown as its number.
///
/// A name in a plan could otherwise hide a line of the answer, or write one.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let commands = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| if commands(c) { c.escape_unicode().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(shown).collect())
}

/// Lines of at most `width` characters; a longer word has a line to itself.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line, mut length) = (Vec::new(), String::new(), 0);
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    lines.push(line);
    lines
}

/// `text` filled up with spaces on the right to `width` characters.
pub fn padded(text: &str, width: usize) -> String {
    format!("{text:width$}")
}

#[cfg(test)]
mod tests {
    use super::{Page, harmless, wrap};
    use anstyle::Style;

    #[test]
    fn what_commands_a_terminal_is_shown_and_not_sent() {
        assert_eq!(harmless("Al-Qa’im, القائم"), "Al-Qa’im, القائم");
        assert_eq!(harmless("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(harmless("CLEAR\u{202e}!"), "CLEAR\\u{202e}!");
        let mut page = Page::new(40);
        page.paragraph(0, "x\u{1b}]0;y\u{7}", Style::new());
        page.heading("h\u{9b}", "r\r");
        assert!(!page.finish().contains(['\u{7}', '\u{9b}', '\r']));
    }

    #[test]
    fn lines_are_filled_and_long_words_kept_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a enormous-word b", 5), ["a", "enormous-word", "b"]);
        assert_eq!(wrap("  ", 5), [""]);
    }
}
