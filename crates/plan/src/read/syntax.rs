//! TOML or JSON text into a tree, or everything that is wrong with the syntax. Does not know what a plan is.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use toml::de::{DeTable, DeValue};

use super::tree::{Node, Value, shortened};
use super::{Problem, SourceText};

/// The largest TOML file that is read, bytes: its parser needs many times that in memory.
const TOML_MAX: usize = 16 << 20;
/// The largest JSON file that is read, bytes.
const JSON_MAX: usize = 64 << 20;
/// How deep brackets may be nested; a plan needs less than twenty.
const NESTING_MAX: usize = 64;

/// Parses a file: JSON if its first character is `{`, TOML otherwise.
///
/// # Errors
/// Everything that is wrong with the syntax.
pub fn parse(file: &SourceText) -> Result<Node, Vec<Problem>> {
    let problem = |line, found: String, expected: &str| Problem {
        file: file.name.clone(),
        line,
        path: String::new(),
        found,
        expected: expected.to_owned(),
    };
    let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file.bytes);
    let json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let max = if json { JSON_MAX } else { TOML_MAX };
    if bytes.len() > max {
        let expected = format!("at most {} MiB of {}", max >> 20, if json { "JSON" } else { "TOML" });
        return Err(vec![problem(None, format!("{} bytes", bytes.len()), &expected)]);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        vec![problem(Some(line), format!("the byte 0x{byte:02x}, which is not UTF-8"), "a text file in UTF-8")]
    })?;
    if let Some(line) = too_deep(text, json) {
        let found = format!("brackets nested more than {NESTING_MAX} deep");
        return Err(vec![problem(Some(line), found, "a plan, in TOML or JSON")]);
    }
    let root = if json { parse_json(text) } else { parse_toml(text) };
    let root = root.map_err(|errors| {
        errors
            .into_iter()
            .map(|error| Problem { path: error.path, ..problem(error.line, error.found, &error.expected) })
            .collect::<Vec<_>>()
    })?;
    if root.fields().is_empty() {
        return Err(vec![problem(None, "an empty file".to_owned(), "a plan, which starts with [plan] and its `as_of`")]);
    }
    Ok(root)
}

struct SyntaxError {
    line: Option<usize>,
    path: String,
    found: String,
    expected: String,
}

/// The line on which brackets get nested too deep, if they do. Parsers would use up memory or the stack on it.
///
/// Texts and comments are skipped as both languages write them; in a broken file this may stop early or late, which
/// only changes what is said of it.
fn too_deep(text: &str, json: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut line, mut i) = (0_usize, 1, 0);
    while i < bytes.len() {
        match bytes[i] {
            b'\n' => line += 1,
            b'[' | b'{' => {
                depth += 1;
                if depth > NESTING_MAX {
                    return Some(line);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'#' if !json => {
                i = bytes[i..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| i + end);
                continue;
            }
            quote @ (b'"' | b'\'') if quote == b'"' || !json => {
                let end = after_text(bytes, i, quote, json);
                line += bytes[i..end].iter().filter(|byte| **byte == b'\n').count();
                i = end;
                continue;
            }
            _ => {}
        }
        i += 1;
    }
    None
}

/// The index after the quoted text that starts at `start`; a text that is not closed ends at its line's end.
fn after_text(bytes: &[u8], start: usize, quote: u8, json: bool) -> usize {
    let long = !json && bytes[start..].starts_with(&[quote; 3]);
    let mut i = start + if long { 3 } else { 1 };
    while i < bytes.len() {
        if bytes[i] == b'\\' && quote == b'"' {
            i += 2;
            continue;
        }
        if long && bytes[i..].starts_with(&[quote; 3]) {
            return i + 3;
        }
        if !long && bytes[i] == quote {
            return i + 1;
        }
        if !long && bytes[i] == b'\n' {
            return i;
        }
        i += 1;
    }
    bytes.len()
}

// TOML ---------------------------------------------------------------------------------------------------------------

/// Starts of lines, to turn byte offsets into line numbers.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The line of a byte offset, from 1.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// What stands on a line.
    fn on(&self, line: usize) -> String {
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or(self.text.len());
        shortened(self.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default().trim())
    }
}

fn parse_toml(text: &str) -> Result<Node, Vec<SyntaxError>> {
    let lines = Lines::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut found: Vec<SyntaxError> = errors.iter().map(|error| toml_error(error, &lines)).collect();
    let mut root = Node { value: Value::Null, line: None };
    // A number out of range is found while the tree is made, also of what a broken file still holds.
    root.value = toml_table(table.get_ref(), &lines, "", &mut found);
    // One slip often breaks several rules of the syntax on its line: the first says it.
    let mut told = std::collections::BTreeSet::new();
    found.retain(|error| told.insert(error.line));
    if found.is_empty() { Ok(root) } else { Err(found) }
}

fn toml_error(error: &toml::de::Error, lines: &Lines<'_>) -> SyntaxError {
    let line = error.span().map(|span| lines.line(span.start));
    let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), "TOML syntax"));
    let text = line.map(|line| lines.on(line)).unwrap_or_default();
    let found = if text.is_empty() { format!("broken TOML: {what}") } else { format!("broken TOML: {what} in `{text}`") };
    let expected = if expected == "nothing" { "nothing there" } else { expected };
    SyntaxError { line, path: String::new(), found, expected: expected.to_owned() }
}

fn toml_table(table: &DeTable<'_>, lines: &Lines<'_>, path: &str, found: &mut Vec<SyntaxError>) -> Value {
    let mut fields: Vec<(usize, String, Node)> = Vec::new();
    for (key, value) in table {
        let path = if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        // A table's own place is its header or brace; what matters of a field is where its name stands.
        let line = match value.get_ref() {
            DeValue::Array(_) => lines.line(key.span().start),
            _ => lines.line(value.span().start),
        };
        let node = Node { value: toml_value(value.get_ref(), line, lines, &path, found), line: Some(line) };
        fields.push((key.span().start, key.get_ref().to_string(), node));
    }
    // The parser sorts by name; people want what it finds in the order of the file.
    fields.sort_by_key(|(offset, _, _)| *offset);
    Value::Table(fields.into_iter().map(|(_, name, node)| (name, node)).collect())
}

fn toml_value(value: &DeValue<'_>, line: usize, lines: &Lines<'_>, path: &str, found: &mut Vec<SyntaxError>) -> Value {
    let mut unusable = |text: String, expected: &str| {
        found.push(SyntaxError { line: Some(line), path: path.to_owned(), found: text, expected: expected.to_owned() });
        Value::Null
    };
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => match i128::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => unusable(shortened(&integer.to_string()), "a number of fewer digits"),
        },
        DeValue::Float(float) => match float.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Float(number),
            _ => unusable(shortened(float.as_str()), "a finite number"),
        },
        DeValue::Boolean(boolean) => Value::Bool(*boolean),
        DeValue::Datetime(moment) => Value::Moment(moment.to_string()),
        DeValue::Array(elements) => {
            let element = |(index, element): (usize, &toml::Spanned<DeValue<'_>>)| {
                let line = lines.line(element.span().start);
                let path = format!("{path}[{index}]");
                Node { value: toml_value(element.get_ref(), line, lines, &path, found), line: Some(line) }
            };
            Value::List(elements.iter().enumerate().map(element).collect())
        }
        DeValue::Table(table) => toml_table(table, lines, path, found),
    }
}

// JSON ---------------------------------------------------------------------------------------------------------------

fn parse_json(text: &str) -> Result<Node, Vec<SyntaxError>> {
    serde_json::from_str::<Node>(text).map_err(|error| {
        let message = error.to_string();
        let what = message.split(" at line ").next().unwrap_or(&message);
        let (found, expected) = match what.strip_prefix("expected ") {
            Some(expected) => ("something else".to_owned(), expected.to_owned()),
            None => (what.to_owned(), "JSON syntax".to_owned()),
        };
        let line = (error.line() > 0).then_some(error.line());
        vec![SyntaxError {
            line,
            path: String::new(),
            found: format!("broken JSON: {found} in column {}", error.column()),
            expected,
        }]
    })
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(|value| Self { value, line: None })
    }
}

/// Keeps a field that is there twice, which serde_json's own value would lose.
struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Integer(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element::<Node>()? {
            elements.push(element);
        }
        Ok(Value::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = access.next_entry::<String, Node>()? {
            fields.push(field);
        }
        Ok(Value::Table(fields))
    }
}
