//! `verify`, `sign` and `keygen --signing`: from keys to a verdict, what is refuted, and what cannot be used.

mod common;

use std::path::Path;

use common::{err, file, folder, out, run, run_with_input, status};
use deconflict_evidence::{Bundle, Entry, Hash, PartyKey, PublicKey, Signed, SignedBy, link};
use serde_json::{Value, json};

/// A chain of these bodies.
fn chain(bodies: &[&str]) -> Vec<Entry> {
    let (mut entries, mut previous) = (Vec::new(), Hash::ZERO);
    for (seq, body) in (1..).zip(bodies) {
        let hash = link("P.RUS", seq, &previous, body.as_bytes());
        entries.push(Entry { seq, previous, hash, body: (*body).to_owned() });
        previous = hash;
    }
    entries
}

/// Makes the keys of a party; the public one as the service takes it.
fn keygen(folder: &Path, party: &str) -> PublicKey {
    let made = run(&["keygen", "--signing", "--out", &path(folder, party)]);
    assert_eq!((status(&made), err(&made)), (0, String::new()));
    let key = out(&made).trim_end().rsplit_once(' ').expect("words").1.to_owned();
    PublicKey::from_base64url(&key).expect("a key")
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("a path").to_owned()
}

/// What `sign` makes of a content with the key of a party.
fn sign(folder: &Path, party: &str, content: &Value) -> SignedBy {
    let signed = run(&["sign", "--key", &path(folder, &format!("{party}.key")), &content.to_string()]);
    assert_eq!((status(&signed), err(&signed)), (0, String::new()));
    let signed: Signed = serde_json::from_str(&out(&signed)).expect("what the service takes");
    assert_eq!(signed.content, content.to_string(), "as it is");
    SignedBy { by: party.to_owned(), signed }
}

/// A bundle about entry 1, accepted and countersigned up to entry 2, with keys that `keygen` made, and everything signed by `sign`.
fn bundle(folder: &Path, bodies: &[&str]) -> Bundle {
    let keys = ["P.RUS", "service"].map(|party| PartyKey { party: party.to_owned(), key: keygen(folder, party) });
    let entries = chain(bodies);
    let accepted = json!({ "notice": 1, "hash": entries[0].hash, "step": "accepted", "role": "duty officer", "machine": false,
        "fields": {}, "at": "2017-09-14T06:05:00Z" });
    let of = json!({ "stream": "P.RUS", "seq": 2, "hash": entries[1].hash });
    let signed = vec![
        sign(folder, "service", &json!({ "head": of, "at": "2017-09-14T06:00:00Z" })),
        sign(folder, "P.RUS", &json!({ "heartbeat": of, "at": "2017-09-14T06:01:00Z" })),
        sign(folder, "P.RUS", &accepted),
    ];
    Bundle::new(1, "P.RUS".to_owned(), entries, signed, keys.to_vec())
}

/// What was answered, wherever its lines end.
fn filled(output: &std::process::Output) -> String {
    out(output).split_whitespace().collect::<Vec<_>>().join(" ")
}

const BODIES: [&str; 2] = [r#"{"event":"finding"}"#, r#"{"event":"closed"}"#];

#[test]
fn what_keygen_and_sign_make_is_verified() {
    let folder = folder("evidence");
    let bundle = bundle(&folder, &BODIES);
    let good = file(&folder, "good.json", &bundle.to_text());
    let with_keys =
        |one: &str| run(&["verify", &good, "--key", one, "--key", &format!("service={}", path(&folder, "service.pem"))]);
    let of_text = format!("P.RUS={}", bundle.keys[0].key);
    for key in [format!("P.RUS={}", path(&folder, "P.RUS.pem")), of_text] {
        let proved = with_keys(&key);
        assert_eq!((status(&proved), err(&proved)), (0, String::new()));
        let text = out(&proved);
        assert!(text.starts_with("PROVED  "), "{text}");
        let outcome = "Notice 1 to P.RUS was accepted by P.RUS, a person as duty officer, 2017-09-14 06:05:00Z.";
        assert!(text.contains(outcome) && text.contains("displayed  nobody signed for it"), "{text}");
    }
    // Without keys it holds together, and that is all that is said.
    let unvouched = run(&["verify", &good]);
    assert_eq!(status(&unvouched), 0);
    assert!(out(&unvouched).starts_with("HOLDS TOGETHER, BUT NOT EVERY KEY IS VOUCHED FOR"), "{}", out(&unvouched));
    let other = with_keys(&format!("P.RUS={}", path(&folder, "service.pem")));
    assert_eq!(status(&other), 1, "{}", out(&other));
    assert!(filled(&other).starts_with("REFUTED") && filled(&other).contains("the trusted key of \"P.RUS\""), "{}", out(&other));
    let piped = run_with_input(&["verify", "-"], &bundle.to_line());
    assert_eq!(status(&piped), 0, "{}", out(&piped));
}

#[test]
fn refuted_is_1_and_unusable_is_2() {
    let folder = folder("refuted");
    let text = bundle(&folder, &BODIES).to_text();
    let good = file(&folder, "good.json", &text);
    let forged = file(&folder, "forged.json", &text.replacen("finding", "Finding", 1));
    let cut = file(&folder, "cut.json", &text[..text.len() - 3]);
    let relaid = file(&folder, "relaid.json", &text.replace("  ", " "));
    let missing = path(&folder, "missing.json");
    for (files, expected, needle) in [
        (&[&good][..], 0, "HOLDS TOGETHER"),
        (&[&forged], 1, "entries[0].hash: found"),
        (&[&cut], 2, "CANNOT BE USED"),
        (&[&relaid], 2, "another layout from byte"),
        (&[&missing], 2, "No such file"),
        (&[&cut, &good], 2, "no JSON"),
        (&[&cut, &forged, &good], 1, "REFUTED"),
    ] {
        let files: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
        let answer = run(&[&["verify"], &files[..]].concat());
        assert_eq!(status(&answer), expected, "{files:?}: {}", out(&answer));
        assert!(filled(&answer).contains(needle), "{needle}: {}", out(&answer));
        let answer = run(&[&["verify", "--json"], &files[..]].concat());
        let json: Value = serde_json::from_str(&out(&answer)).expect("JSON");
        assert_eq!((status(&answer), json["status"].as_i64()), (expected, Some(expected.into())));
        assert_eq!(json["files"].as_array().map(Vec::len), Some(files.len()));
    }
    let json: Value = serde_json::from_str(&out(&run(&["verify", "--json", &forged]))).expect("JSON");
    assert_eq!((&json["files"][0]["problems"][0]["kind"], &json["files"][0]["holds"]), (&json!("refuted"), &json!(false)));
}

#[test]
fn two_files_of_a_split_history_contradict_each_other() {
    let [ours, theirs] = ["ours", "theirs"].map(|name| folder(&format!("split-{name}")));
    let one = file(&ours, "one.json", &bundle(&ours, &BODIES).to_text());
    // The same service and the same party, and another second entry.
    for name in ["P.RUS", "service"] {
        for extension in ["key", "pem"] {
            let name = format!("{name}.{extension}");
            std::fs::copy(ours.join(&name), theirs.join(&name)).expect("copied");
        }
    }
    let entries = chain(&[BODIES[0], r#"{"event":"changed"}"#]);
    let head = json!({ "stream": "P.RUS", "seq": 2, "hash": entries[1].hash });
    let signed = vec![sign(&theirs, "service", &json!({ "head": head, "at": "2017-09-14T06:00:00Z" }))];
    let key = PublicKey::from_pem(&std::fs::read_to_string(theirs.join("service.pem")).expect("a file")).expect("a key");
    let keys = vec![PartyKey { party: "service".to_owned(), key }];
    let other = file(&theirs, "other.json", &Bundle::new(1, "P.RUS".to_owned(), entries, signed, keys).to_text());
    assert_eq!(status(&run(&["verify", &other])), 0, "for itself it holds");
    let both = run(&["verify", &one, &other]);
    assert_eq!(status(&both), 1, "{}", out(&both));
    let words = filled(&both);
    assert!(words.contains("CONTRADICTION") && words.contains("the same up to entry 1, and entry 2 is"), "{words}");
    let json: Value = serde_json::from_str(&out(&run(&["verify", &one, &other, "--json"]))).expect("JSON");
    assert_eq!(json["contradictions"][0]["difference"]["seq"], 2);
    assert_eq!(status(&run(&["verify", &one, &one])), 0, "a file does not contradict itself");
}

#[test]
fn what_could_not_be_checked_later_is_not_signed() {
    let folder = folder("sign");
    keygen(&folder, "P.RUS");
    let [key, public] = ["P.RUS.key", "P.RUS.pem"].map(|name| path(&folder, name));
    let head =
        r#"{"heartbeat":{"stream":"P.RUS","seq":1,"hash":"HASH"},"at":"2017-09-14T06:00:00Z"}"#.replace("HASH", &"0".repeat(64));
    let twice = head.replace("\"seq\":1", "\"seq\":1,\"seq\":2");
    for (key, content, needle) in [
        (&key, "yes", "no JSON"),
        (&key, "{}", "expected an object with a member"),
        (&key, &*twice, "comes twice"),
        (&key, &head.replace("Z\"", "+00:00\""), "expected an instant in UTC"),
        (&key, "@/does/not/exist", "cannot read"),
        (&public, &head, "PRIVATE KEY"),
    ] {
        let signed = run(&["sign", "--key", key, content]);
        assert_eq!((status(&signed), out(&signed)), (2, String::new()), "{content}");
        assert!(err(&signed).contains(needle), "{content}: {}", err(&signed));
    }
    // All ways to give a content are one; nothing of it is trimmed.
    let content = head + "\n";
    let from_file = run(&["sign", "--key", &key, &format!("@{}", file(&folder, "content.json", &content))]);
    assert_eq!(status(&from_file), 0, "{}", err(&from_file));
    assert_eq!(out(&run_with_input(&["sign", "--key", &key, "-"], &content)), out(&from_file));
    assert_eq!(out(&run(&["sign", "--key", &key, &content])), out(&from_file));
    let signed: Signed = serde_json::from_str(&out(&from_file)).expect("what the service takes");
    assert_eq!(signed.content, content);
    assert!(signed.check().is_ok());
}

#[test]
fn bad_keys_and_arguments_are_status_2() {
    let folder = folder("bad-keys");
    let good = file(&folder, "good.json", &bundle(&folder, &BODIES).to_text());
    let secret = format!("P.RUS={}", path(&folder, "P.RUS.key"));
    for (key, needle) in [
        (&*secret, "PUBLIC KEY"),
        ("P.RUS", "expected PARTY=FILE"),
        ("=x", "expected PARTY=FILE"),
        ("P.RUS=/does/not/exist", "cannot read the key of P.RUS"),
    ] {
        let answer = run(&["verify", &good, "--key", key]);
        assert_eq!((status(&answer), out(&answer)), (2, String::new()), "{key}");
        assert!(err(&answer).contains(needle), "{key}: {}", err(&answer));
    }
    assert_eq!(status(&run(&["verify"])), 2);
    assert_eq!(status(&run(&["verify", "-", "-"])), 2);
    assert_eq!(status(&run(&["keygen", "--signing", "--algorithm", "rs256", "--out", &path(&folder, "x")])), 2);
    for command in ["verify", "sign"] {
        let help = out(&run(&[command, "--help"]));
        assert!(help.contains("Examples:") && help.contains("Exit status:"), "{help}");
    }
}

#[test]
fn nothing_in_a_file_commands_a_terminal() {
    let folder = folder("terminal");
    let entries = chain(&["{\"text\":\"a\\u001b[2Jb\u{202e}\"}"]);
    let bundle = Bundle::new(1, "P.RUS".to_owned(), entries, Vec::new(), Vec::new());
    let answer = run(&["verify", &file(&folder, "it.json", &bundle.to_text())]);
    assert_eq!(status(&answer), 0, "{}", out(&answer));
    assert!(!out(&answer).contains(['\u{1b}', '\u{202e}']), "{}", out(&answer));
    assert!(out(&answer).starts_with("HOLDS TOGETHER, BUT NOBODY SIGNED"), "{}", out(&answer));
}

#[test]
fn heads_that_were_kept_find_another_story() {
    let folder = folder("heads-kept");
    let told = bundle(&folder, &["{\"event\":\"one\"}", "{\"event\":\"two\"}"]);
    let hash = told.entries[1].hash;
    let head =
        sign(&folder, "service", &json!({ "head": { "stream": "P.RUS", "seq": 2, "hash": hash }, "at": "2017-09-14T06:00:00Z" }));
    let line = |signed: &Signed| format!("{}\n", serde_json::to_string(signed).expect("texts"));
    let bundle_file = file(&folder, "bundle.json", &told.to_text());
    let heads = file(&folder, "heads.ndjson", &line(&head.signed));
    let verify = |heads: &str| {
        let service = format!("service={}", path(&folder, "service.pem"));
        run(&["verify", &bundle_file, "--heads", heads, "--key", &service])
    };
    assert_eq!(0, status(&verify(&heads)), "{}", out(&verify(&heads)));
    let other = link("P.RUS", 2, &told.entries[0].hash, b"{\"event\":\"never\"}");
    let other = sign(
        &folder,
        "service",
        &json!({ "head": { "stream": "P.RUS", "seq": 2, "hash": other }, "at": "2017-09-14T06:00:00Z" }),
    );
    let both = file(&folder, "both.ndjson", &(line(&head.signed) + &line(&other.signed)));
    let refuted = verify(&both);
    assert_eq!(1, status(&refuted));
    assert!(filled(&refuted).contains("two histories of this stream"), "{}", out(&refuted));
    let broken = verify(&file(&folder, "broken.ndjson", "{}\n"));
    assert_eq!(2, status(&broken));
    assert!(err(&broken).contains("line 1"), "{}", err(&broken));
}
