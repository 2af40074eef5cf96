//! Tests of `split`: entries, their lines, and brackets that do not fit.

use super::Entries;
use crate::read::input::Input;

/// The entries as "line:index:text", or what is wrong.
fn entries(text: &str) -> Result<Vec<String>, String> {
    let input = Input::new(text.as_bytes()).map_err(|fatal| fatal.found)?;
    let mut entries = Entries::new(input, Some("features"));
    let mut found = Vec::new();
    loop {
        match entries.next() {
            Ok(None) => return Ok(found),
            Ok(Some(entry)) => {
                let index = entry.index.map_or(String::new(), |index| index.to_string());
                found.push(format!("{}:{index}:{}", entry.line, String::from_utf8_lossy(&entry.bytes)));
            }
            Err(fatal) => return Err(format!("{}: {}; {}", fatal.line, fatal.found, fatal.expected)),
        }
    }
}

#[test]
fn entries_come_with_their_lines() {
    let cases: [(&str, &[&str]); 9] = [
        ("{\"features\":[]}", &[]),
        ("{\"a\":1,\n\"features\":[\n1,\n {\"b\":[\n2]}\n]\n,\"c\":{}}", &["3:0:1", "4:1:{\"b\":[\n2]}"]),
        ("[1,\"a]}\",\n[2]]", &["1:0:1", "1:1:\"a]}\"", "2:2:[2]"]),
        ("{\"a\":{\"features\":[1]}}", &["1::{\"a\":{\"features\":[1]}}"]),
        ("{\"a\" : 1 ,\n\n \"b\" :\n2 }\n{}", &["1::{\"a\":1,\n\n\"b\":\n2}", "5::{}"]),
        ("{\"features\":[\"\\\"]\",\"\\\\\"]}", &["1:0:\"\\\"]\"", "1:1:\"\\\\\""]),
        ("{\"features\":null}", &["1::{\"features\":null}"]),
        ("{\"featur\\u0065s\":[true]}", &["1:0:true"]),
        ("\u{1e}{}\n\u{1e}{}\n", &["1::{}", "2::{}"]),
    ];
    for (text, expected) in cases {
        assert_eq!(entries(text).expect(text), expected, "{text}");
    }
}

#[test]
fn what_does_not_fit_is_told_with_its_line() {
    let cases = [
        ("{\"features\":[\n{]\n]}", "2: `]`; `}`, which closes what is open"),
        ("{\"features\":[1 2]}", "1: `2`; `,` or `]` after an entry"),
        ("{\"features\":[1,]}", "1: `]`; an entry"),
        ("{\"features\":[,1]}", "1: `,`; an entry"),
        ("{\"features\":[1}", "1: `}`; `,` or `]` after an entry"),
        ("{\"features\":[1]\n", "2: the end of the file; a key in quotes, or `}`"),
        ("{\"features\":[\"a", "1: the end of the file; the end of a text"),
        ("{\"features\":[[1", "1: the end of the file; the end of an entry"),
        ("{\"features\":[1],\"features\":[2]}", "1: `features` twice; one list of entries in an object"),
        ("{a:1}", "1: `a`; a key in quotes, or `}`"),
        ("{\"a\" 1}", "1: `1`; `:`"),
        ("\n\n1", "3: something else; a JSON document, which starts with `{` or `[`"),
        ("{} x", "1: something else; a JSON document, which starts with `{` or `[`"),
    ];
    for (text, expected) in cases {
        assert_eq!(entries(text).expect_err(text), expected, "{text}");
    }
}

#[test]
fn entries_go_over_the_edges_of_what_is_read_at_once() {
    let long = format!("[\"{}\",\n\"{}\",1]", "a".repeat(super::CHUNK), "\\\"".repeat(super::CHUNK / 2));
    let found = entries(&long).expect("good");
    assert_eq!(found.len(), 3);
    assert!(found[1].starts_with("2:1:") && found[1].len() == super::CHUNK + 6);
}
