//! One tree for TOML and JSON, with the lines of TOML. Knows neither syntax nor what a plan is.

use std::borrow::Cow;
use std::fmt;

/// A value and the line it stands on.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Line, from 1; not known for JSON.
    pub line: Option<usize>,
}

/// What a file can hold.
#[derive(Clone, Debug)]
pub enum Value {
    /// JSON's null.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A finite number with a fraction or an exponent.
    Float(f64),
    /// Text.
    Text(String),
    /// A TOML date or time, as it is written.
    Moment(String),
    /// A list.
    List(Vec<Node>),
    /// Fields in the order of the file; JSON can hold one twice.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// The first field of this name, if this is a table.
    pub fn get(&self, field: &str) -> Option<&Self> {
        self.fields().iter().find(|(name, _)| name == field).map(|(_, node)| node)
    }

    /// The fields; none if this is no table.
    pub fn fields(&self) -> &[(String, Self)] {
        if let Value::Table(fields) = &self.value { fields } else { &[] }
    }

    /// The elements; none if this is no list.
    pub fn elements(&self) -> &[Self] {
        if let Value::List(elements) = &self.value { elements } else { &[] }
    }

    /// The text, if this is one (a TOML date counts).
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) | Value::Moment(text) = &self.value { Some(text) } else { None }
    }

    /// The same as a JSON value; TOML dates become text.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Integer(value) => integer_to_json(*value),
            Value::Float(value) => (*value).into(),
            Value::Text(text) | Value::Moment(text) => text.as_str().into(),
            Value::List(elements) => elements.iter().map(Self::to_json).collect(),
            Value::Table(fields) => {
                serde_json::Value::Object(fields.iter().map(|(name, node)| (name.clone(), node.to_json())).collect())
            }
        }
    }

    /// The value as it is written, for a list of assumptions: texts plain, lists joined with ", ", long ones cut.
    pub fn as_written(&self) -> String {
        const LIST_MAX: usize = 12;
        match &self.value {
            Value::Text(text) | Value::Moment(text) => text.clone(),
            Value::List(elements) if elements.len() > LIST_MAX => {
                let [first, second, .., last] = &elements[..] else { return String::new() };
                format!("{}, {}, … {} ({} in all)", first.as_written(), second.as_written(), last.as_written(), elements.len())
            }
            Value::List(elements) => elements.iter().map(Self::as_written).collect::<Vec<_>>().join(", "),
            Value::Table(_) => match (self.get("lat"), self.get("lng")) {
                (Some(lat), Some(lng)) => format!("{} {}", lat.as_written(), lng.as_written()),
                _ => self.to_json().to_string(),
            },
            _ => self.to_json().to_string(),
        }
    }

    /// The value in a few words, for a message: what was found.
    pub fn in_words(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Text(text) => quoted(text),
            Value::Moment(text) => format!("the date or time {text}"),
            Value::List(elements) if elements.is_empty() => "an empty list".to_owned(),
            Value::List(elements) => format!("a list of {}", elements.len()),
            Value::Table(fields) if fields.is_empty() => "an empty table".to_owned(),
            Value::Table(fields) => {
                let names: Vec<String> = fields.iter().take(4).map(|(name, _)| shortened(name)).collect();
                format!("a table with {}{}", names.join(", "), if fields.len() > 4 { ", …" } else { "" })
            }
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => self.to_json().to_string(),
        }
    }
}

fn integer_to_json(value: i128) -> serde_json::Value {
    if let Ok(value) = i64::try_from(value) {
        value.into()
    } else if let Ok(value) = u64::try_from(value) {
        value.into()
    } else {
        (value as f64).into()
    }
}

/// A text in quotes, cut to what fits in a message, on one line.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(text))
}

/// A text cut to what fits in a message, on one line and without control characters.
pub fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let mut short: String = text.chars().take(CHARS_MAX).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(CHARS_MAX).is_some() {
        short.push('…');
    }
    short
}

/// A place in a file: which file, and the path in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// Index of the file.
    pub file: usize,
    path: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(Cow<'static, str>),
    Element(usize),
}

impl At {
    /// The file as a whole.
    pub const fn file(file: usize) -> Self {
        Self { file, path: Vec::new() }
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: impl Into<Cow<'static, str>>) -> Self {
        self.with(Step::Field(name.into()))
    }

    /// The element with this index, from 0.
    #[must_use]
    pub fn element(&self, index: usize) -> Self {
        self.with(Step::Element(index))
    }

    fn with(&self, step: Step) -> Self {
        let path = self.path.iter().cloned().chain([step]).collect();
        Self { file: self.file, path }
    }

    /// The line of this place in the file's tree, or of the nearest table around it.
    pub fn line(&self, root: &Node) -> Option<usize> {
        let mut node = root;
        // The root's own line says nothing: a missing field of the file has no line.
        let mut line = None;
        for step in &self.path {
            let inner = match step {
                Step::Field(name) => node.get(name),
                Step::Element(index) => node.elements().get(*index),
            };
            let Some(inner) = inner else { break };
            line = inner.line.or(line);
            node = inner;
        }
        line
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.path.iter().enumerate() {
            match step {
                Step::Field(name) => write!(f, "{}{}", if index == 0 { "" } else { "." }, shortened(name))?,
                Step::Element(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
