//! No byte changes unseen, and nothing that anybody writes makes the reader fall over.

mod common;

use common::{sample, secret};
use deconflict_evidence::{Bundle, SignedBy, Statement, verify};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn every_flipped_bit_is_found() {
    for text in [sample().to_text(), sample().to_line()] {
        let mut bytes = text.into_bytes();
        assert!(verify(&bytes, &[]).is_ok());
        for at in 0..bytes.len() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                assert!(verify(&bytes, &[]).is_err(), "bit {bit} of byte {at}: {}", String::from_utf8_lossy(&bytes));
                bytes[at] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn every_cut_and_every_byte_too_many_is_found() {
    let bytes = sample().to_text().into_bytes();
    for at in 0..bytes.len() {
        assert!(verify(&bytes[..at], &[]).is_err(), "{at} bytes");
        let without = [&bytes[..at], &bytes[at + 1..]].concat();
        assert!(verify(&without, &[]).is_err(), "without byte {at}");
    }
    for at in 0..=bytes.len() {
        for byte in [b' ', b'\n', b'0', b'"', b',', 0] {
            let with = [&bytes[..at], &[byte], &bytes[at..]].concat();
            assert!(verify(&with, &[]).is_err(), "{byte} at {at}");
        }
    }
}

#[test]
fn a_name_that_comes_twice_is_refused() {
    let mut bundle = sample();
    let content = bundle.signed[4].signed.content.replace(r#""step":"accepted""#, r#""step":"unable","step":"accepted""#);
    bundle.signed[4] = SignedBy { by: "P.RUS".to_owned(), signed: secret("P.RUS").sign(content) };
    let problems = verify(bundle.to_text().as_bytes(), &[]).expect_err("two steps in one");
    assert!(problems.iter().any(|problem| problem.found.contains("comes twice")), "{problems:?}");
    let text = sample().to_line().replacen("\"notice\":2,", "\"notice\":2,\"notice\":2,", 1);
    assert!(verify(text.as_bytes(), &[]).is_err());
}

#[test]
fn a_content_is_read_strictly() {
    let good = sample().signed[2].signed.content.clone();
    assert!(Statement::read(&good).is_ok());
    let hash = sample().entries[1].hash.to_string();
    for (from, to, path) in [
        (&*hash, &*hash.to_uppercase(), "hash"),
        (&hash, &hash[1..], "hash"),
        ("\"notice\":2", "\"notice\":2.0", "notice"),
        ("\"notice\":2", "\"notice\":-2", "notice"),
        ("\"notice\":2", "\"notice\":18446744073709551616", "notice"),
        ("\"displayed\"", "\"delivered\"", "step"),
        ("\"machine\":true", "\"machine\":1", "machine"),
        ("\"duty officer\"", "\"\"", "role"),
        ("\"duty officer\"", "null", "role"),
        ("\"fields\":{}", "\"fields\":{\"altitude\":4500}", "fields"),
        ("\"fields\":{}", "\"offer\":{}", "terms"),
        ("\"at\":", "\"At\":", "At"),
    ] {
        let content = good.replacen(from, to, 1);
        assert_ne!(content, good, "{from}");
        let problems = Statement::read(&content).expect_err(&content);
        assert!(problems.iter().any(|problem| problem.path == path), "{content}: {problems:?}");
    }
}

#[test]
fn every_problem_is_told_at_once_with_its_path() {
    let mut value: Value = serde_json::from_str(&sample().to_text()).expect("JSON");
    value["format"] = json!("deconflict-evidence-2");
    value["ladder"] = json!([]);
    value["entries"][1]["seq"] = json!(-1);
    value["entries"][2]["hash"] = json!("AB");
    value["entries"][3]["note"] = json!("");
    value["signed"][0].as_object_mut().expect("an object").remove("by");
    value["keys"][2]["key"] = json!("AAAA");
    value["stream"] = json!("");
    let problems = verify(value.to_string().as_bytes(), &[]).expect_err("many problems");
    let mut paths: Vec<&str> = problems.iter().map(|problem| &*problem.path).collect();
    paths.sort_unstable();
    let expected =
        ["entries[1].seq", "entries[2].hash", "entries[3].note", "format", "keys[2].key", "ladder", "signed[0].by", "stream"];
    assert_eq!(paths, expected);
}

#[test]
fn what_is_written_reads_back() {
    let bundle = sample();
    assert_eq!(Bundle::read(bundle.to_text().as_bytes()).as_ref(), Ok(&bundle));
    assert_eq!(Bundle::read(bundle.to_line().as_bytes()).as_ref(), Ok(&bundle));
    for signed in &bundle.signed {
        let statement = signed.signed.statement().expect("a statement");
        assert_eq!(Statement::read(&statement.content()), Ok(statement));
    }
}

#[test]
fn depth_and_size_are_no_trouble() {
    let deep = "[".repeat(100_000);
    assert!(verify(deep.as_bytes(), &[]).is_err());
    assert!(Statement::read(&deep).is_err());
    let mut bundle = sample();
    bundle.entries[3].body = deep;
    assert!(verify(bundle.to_text().as_bytes(), &[]).is_err());
}

/// Values such as a bundle has, at any place.
fn value() -> impl Strategy<Value = Value> {
    let names = [
        "format", "notice", "stream", "entries", "signed", "keys", "seq", "previous", "hash", "body", "by", "content", "key",
        "at",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9a-f]{64}".prop_map(Value::from),
        "[A-Za-z0-9_-]{43}".prop_map(Value::from),
        Just(Value::from("deconflict-evidence-1")),
    ];
    leaf.prop_recursive(5, 60, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((proptest::sample::select(names.to_vec()), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(verify(&bytes, &[]).is_err());
        let _ = Statement::read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_value_is_answered(value in value()) {
        prop_assert!(verify(value.to_string().as_bytes(), &[]).is_err());
        let _ = Statement::read(&value.to_string());
    }

    /// A sound bundle with any value put somewhere into it, laid out as it should be.
    #[test]
    fn any_value_in_a_bundle_is_answered(value in value(), at in any::<proptest::sample::Index>(), of in 0..3_usize) {
        let sound: Value = serde_json::from_str(&sample().to_text()).expect("JSON");
        let mut changed = sound.clone();
        let list = changed[["entries", "signed", "keys"][of]].as_array_mut().expect("a list");
        let element = at.get(list).clone();
        let members: Vec<String> = element.as_object().expect("an object").keys().cloned().collect();
        let place = at.index(list.len());
        list[place][at.get(&members).as_str()] = value;
        let text = format!("{changed:#}\n");
        prop_assert!(changed == sound || verify(text.as_bytes(), &[]).is_err());
    }

    /// Anything signed by the right party with the right key.
    #[test]
    fn any_signed_content_is_answered(value in value()) {
        let mut bundle = sample();
        bundle.signed.push(SignedBy { by: "P.RUS".to_owned(), signed: secret("P.RUS").sign(value.to_string()) });
        prop_assert!(verify(bundle.to_text().as_bytes(), &[]).is_err());
    }
}
