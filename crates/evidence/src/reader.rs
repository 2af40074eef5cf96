//! Values held against what is expected of them: every problem is kept, with its path, and nothing is passed over.

use serde_json::{Map, Value};

use crate::hash::Hash;
use crate::problem::{Problem, ProblemKind, shown};

/// Collects problems; each function gives `None` where it found one.
#[derive(Debug, Default)]
pub struct Reader {
    pub problems: Vec<Problem>,
}

/// The members of an object, with its path.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    path: String,
    map: &'a Map<String, Value>,
}

impl Members<'_> {
    /// Whether there is a member of this name.
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

impl Reader {
    /// The end of reading: the value, if there was no problem.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Problem>> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(self.problems),
        }
    }

    pub fn problem(&mut self, path: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) {
        let (path, found, expected) = (path.into(), found.into(), expected.into());
        self.problems.push(Problem { kind: ProblemKind::Unusable, path, found, expected });
    }

    /// An object with no members but `names`.
    pub fn members<'a>(&mut self, path: &str, value: &'a Value, names: &[&str]) -> Option<Members<'a>> {
        let Value::Object(map) = value else {
            self.problem(path, kind(value), "an object");
            return None;
        };
        let members = Members { path: path.to_owned(), map };
        for name in map.keys().filter(|name| !names.contains(&name.as_str())) {
            let path = members.path_of(&shown_name(name));
            self.problem(path, "a member that is not of the format", format!("only {}", names.join(", ")));
        }
        Some(members)
    }

    /// A member that must be there.
    pub fn member<'a>(&mut self, members: &Members<'a>, name: &str, expected: &str) -> Option<&'a Value> {
        let value = members.map.get(name);
        if value.is_none() {
            self.problem(members.path_of(name), "nothing", expected);
        }
        value
    }

    /// A member that `read` makes something of.
    pub fn read<'a, T>(
        &mut self,
        members: &Members<'a>,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.member(members, name, expected)?;
        let read = read(value);
        if read.is_none() {
            self.problem(members.path_of(name), kind(value), expected);
        }
        read
    }

    /// A text.
    pub fn text(&mut self, members: &Members<'_>, name: &str, expected: &str) -> Option<String> {
        self.read(members, name, expected, |value| value.as_str().map(str::to_owned))
    }

    /// The name of somebody or something: not empty, without control characters.
    pub fn name(&mut self, members: &Members<'_>, name: &str) -> Option<String> {
        let is_name = |text: &&str| !text.is_empty() && !text.chars().any(char::is_control);
        let expected = "a name: text without control characters";
        self.read(members, name, expected, |value| value.as_str().filter(is_name).map(str::to_owned))
    }

    /// A whole number from 0 on.
    pub fn number(&mut self, members: &Members<'_>, name: &str) -> Option<u64> {
        self.read(members, name, "a whole number", Value::as_u64)
    }

    /// A truth.
    pub fn truth(&mut self, members: &Members<'_>, name: &str) -> Option<bool> {
        self.read(members, name, "true or false", Value::as_bool)
    }

    /// A hash.
    pub fn hash(&mut self, members: &Members<'_>, name: &str) -> Option<Hash> {
        self.read(members, name, "a hash: 64 digits of 0-9 and a-f", |value| value.as_str()?.parse().ok())
    }

    /// An instant.
    pub fn instant(&mut self, members: &Members<'_>, name: &str) -> Option<String> {
        let expected = "an instant in UTC, such as \"2017-09-14T06:00:00Z\"";
        self.read(members, name, expected, |value| value.as_str().filter(|text| is_instant(text)).map(str::to_owned))
    }

    /// An object with any members.
    pub fn object(&mut self, members: &Members<'_>, name: &str) -> Option<Map<String, Value>> {
        self.read(members, name, "an object", |value| value.as_object().cloned())
    }

    /// A list, each element read by `read`, which gets its path.
    pub fn list<T>(
        &mut self,
        members: &Members<'_>,
        name: &str,
        mut read: impl FnMut(&mut Self, &str, &Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let list = self.read(members, name, "a list", Value::as_array)?;
        let path = members.path_of(name);
        // Every element is read, so that all problems are found.
        let elements: Vec<Option<T>> =
            list.iter().enumerate().map(|(at, value)| read(self, &format!("{path}[{at}]"), value)).collect();
        elements.into_iter().collect()
    }
}

/// A name as part of a path: as it is if nothing in it could be misread.
fn shown_name(name: &str) -> String {
    let is_plain = !name.is_empty() && name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if is_plain { name.to_owned() } else { shown(name) }
}

/// What a value is, in a few words.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => shown(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Whether a text is a date and a time of day in UTC, in the one form that signed contents have (RFC 3339 with `T` and `Z`).
fn is_instant(text: &str) -> bool {
    let Some((whole, fraction)) =
        text.strip_suffix('Z').map(|text| text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b))))
    else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let bytes = whole.as_bytes();
    let in_form = bytes.len() == 19
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            10 => *byte == b'T',
            13 | 16 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    if !in_form || !fraction.is_none_or(|fraction| digits(fraction) && fraction.len() <= 9) {
        return false;
    }
    let number = |from: usize, to: usize| bytes[from..to].iter().fold(0_u32, |number, byte| number * 10 + u32::from(byte - b'0'));
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) < 60
}

#[cfg(test)]
mod tests {
    use super::is_instant;

    #[test]
    fn an_instant_has_one_form() {
        for good in ["2017-09-14T06:00:00Z", "2016-02-29T23:59:59.5Z", "2017-09-14T06:00:00.123456789Z"] {
            assert!(is_instant(good), "{good}");
        }
        for bad in [
            "",
            "Z",
            "2017-09-14",
            "2017-09-14T06:00Z",
            "2017-09-14 06:00:00Z",
            "2017-09-14t06:00:00z",
            "2017-09-14T06:00:00",
            "2017-09-14T06:00:00+00:00",
            "2017-02-29T06:00:00Z",
            "2017-13-01T06:00:00Z",
            "2017-00-01T06:00:00Z",
            "2017-01-00T06:00:00Z",
            "2017-01-01T24:00:00Z",
            "2017-01-01T06:60:00Z",
            "2017-01-01T06:00:60Z",
            "2017-01-01T06:00:00.Z",
            "2017-01-01T06:00:00.1234567890Z",
            "٢017-01-01T06:00:00Z",
        ] {
            assert!(!is_instant(bad), "{bad}");
        }
    }
}
