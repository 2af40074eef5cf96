//! `serve` and `journal` from outside: a service that starts, answers, ends, and whose data can be looked after.
#![cfg(unix)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::{command, err, folder, out, run, status};
use serde_json::{Value, json};

const ID: &str = "00000001-0000-4000-8000-000000000000";
const PATH: &str = "/dss/v1/operational_intent_references/00000001-0000-4000-8000-000000000000";

/// A service that runs.
struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn start(folder: &Path, data: &Path, more: &[&str]) -> Self {
        let key = folder.join("token.pem");
        let arguments =
            ["serve", "--listen", "127.0.0.1:0", "--audience", "localhost", "--data", text(data), "--public-key", text(&key)];
        let mut child =
            command(&[&arguments, more].concat()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
        let address = line.trim_end().strip_prefix("deconflict listens on http://").unwrap_or_else(|| panic!("{line:?}"));
        Self { address: address.to_owned(), child }
    }

    /// Status and body of an answer.
    fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        (head[9..12].parse().expect("a status"), body.to_owned())
    }

    /// Tells it to end, and gives its exit status and its log.
    fn end(mut self, signal: &str) -> (i32, String) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(killed.success());
        let mut log = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut log).expect("UTF-8");
        (self.child.wait().expect("it ends").code().expect("not by a signal"), log)
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// A folder with a pair of keys, and a token.
fn keys(test: &str) -> (std::path::PathBuf, String) {
    let folder = folder(test);
    assert_eq!(status(&run(&["keygen", "--out", text(&folder)])), 0);
    let key = folder.join("token.key");
    let token =
        run(&["token", "--key", text(&key), "--sub", "uss1", "--aud", "localhost", "--scope", "utm.strategic_coordination"]);
    assert_eq!(status(&token), 0, "{}", err(&token));
    (folder, out(&token).trim_end().to_owned())
}

fn intent() -> String {
    // Far enough ahead for whatever day the test runs on.
    let altitude = |value: i32| json!({ "value": value, "reference": "W84", "units": "M" });
    json!({
        "extents": [{
            "volume": {
                "outline_circle": { "center": { "lat": 46.0, "lng": 7.0 }, "radius": { "value": 100, "units": "M" } },
                "altitude_lower": altitude(50),
                "altitude_upper": altitude(120),
            },
            "time_start": { "value": "2200-01-01T00:00:00Z", "format": "RFC3339" },
            "time_end": { "value": "2200-01-01T01:00:00Z", "format": "RFC3339" },
        }],
        "state": "Accepted",
        "uss_base_url": "https://uss1.example.com",
    })
    .to_string()
}

#[test]
fn a_service_keeps_what_it_acknowledged_and_its_data_can_be_looked_after() {
    let (folder, token) = keys("serve");
    let [data, backup, restored] = ["data", "backup", "restored"].map(|name| folder.join(name));
    let service = Service::start(&folder, &data, &["--log-format", "json", "--log-level", "debug"]);
    assert_eq!(service.ask("GET", "/healthy", "", ""), (200, "ok".to_owned()));
    let (made, body) = service.ask("PUT", PATH, &token, &intent());
    assert_eq!(made, 201, "{body}");
    // A second service cannot have the directory, and its address cannot be taken twice.
    let key = folder.join("token.pem");
    let second = |listen: &str, data: &Path| {
        run(&["serve", "--listen", listen, "--audience", "x", "--data", text(data), "--public-key", text(&key)])
    };
    let refused = second("127.0.0.1:0", &data);
    assert_eq!(status(&refused), 2);
    assert!(err(&refused).contains("in use by process"), "{}", err(&refused));
    let refused = second(&service.address, &restored);
    assert_eq!(status(&refused), 2);
    assert!(err(&refused).contains("cannot listen on 127.0.0.1:"), "{}", err(&refused));

    // A backup can be made meanwhile.
    let copied = run(&["journal", "backup", text(&data), text(&backup)]);
    assert_eq!(status(&copied), 0, "{}", err(&copied));
    let (ended, log) = service.end("-TERM");
    assert_eq!(ended, 0, "{log}");
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["level"].is_string() && line["message"].is_string(), "{line}");
    }
    assert!(log.contains(r#""operation":"createOperationalIntentReference""#) && log.contains("told to end"), "{log}");
    assert!(!log.contains(&token), "no token is logged");

    let verified = run(&["journal", "verify", text(&data)]);
    assert_eq!((status(&verified), out(&verified).lines().last()), (0, Some("whole")), "{}", err(&verified));
    let dumped = run(&["journal", "dump", text(&data)]);
    assert_eq!(status(&dumped), 0);
    let records: Vec<Value> = out(&dumped).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records[0]["command"]["kind"], "set_options");
    assert_eq!(records[0]["command"]["quota_entities"], 2_000_000);
    let commands: Vec<&Value> = records[1..].iter().filter(|record| record["command"]["kind"] != "expire").collect();
    assert_eq!(commands.len(), 1);
    assert_eq!(commands[0]["command"]["kind"], "put_operational_intent");
    assert_eq!((&commands[0]["command"]["id"], &commands[0]["command"]["caller"]), (&json!(ID), &json!("uss1")));
    let none = run(&["journal", "dump", text(&data), "--limit", "0"]);
    assert_eq!((status(&none), out(&none)), (0, String::new()));

    let again = run(&["journal", "backup", text(&data), text(&backup)]);
    assert_eq!(status(&again), 2, "a backup is not written over another");
    let copied = run(&["journal", "restore", text(&backup), text(&restored)]);
    assert_eq!(status(&copied), 0, "{}", err(&copied));
    for directory in [&data, &restored] {
        let service = Service::start(&folder, directory, &[]);
        let (found, body) = service.ask("GET", PATH, &token, "");
        assert_eq!(found, 200, "{body}");
        assert_eq!(service.end("-INT").0, 0);
    }

    // Damage is found, and is status 1.
    let segment = std::fs::read_dir(&data).expect("files").map(|entry| entry.expect("a file").path());
    let segment = segment
        .filter(|path| path.extension().is_none_or(|end| end != "snap") && !path.ends_with("lock"))
        .min()
        .expect("a segment");
    let mut bytes = std::fs::read(&segment).expect("bytes");
    let at = bytes.len().min(200);
    bytes[at - 1] ^= 1;
    std::fs::write(&segment, bytes).expect("written");
    let verified = run(&["journal", "verify", text(&data)]);
    assert_eq!(status(&verified), 1, "{}{}", out(&verified), err(&verified));
    assert!(err(&verified).contains("damage"), "{}", err(&verified));
}

#[test]
fn a_service_without_keys_or_audience_says_which_flags_are_missing() {
    let folder = folder("serve-missing");
    let data = folder.join("data");
    let refused = run(&["serve", "--data", text(&data)]);
    assert_eq!(status(&refused), 2);
    for flag in ["--public-key", "--jwks", "--audience"] {
        assert!(err(&refused).contains(flag), "{flag}: {}", err(&refused));
    }
    assert!(!data.exists(), "nothing was made");
    let (folder, _) = keys("serve-no-audience");
    let key = folder.join("token.pem");
    let refused = run(&["serve", "--data", text(&data), "--public-key", text(&key)]);
    assert!(err(&refused).contains("--audience") && !err(&refused).contains("--jwks"), "{}", err(&refused));
    let absent = folder.join("absent.pem");
    let refused = run(&["serve", "--data", text(&data), "--audience", "x", "--public-key", text(&absent)]);
    assert_eq!(status(&refused), 2);
    assert!(err(&refused).contains("absent.pem"), "{}", err(&refused));
    let refused = run(&["serve", "--data", text(&data), "--audience", "x", "--tls-cert", "x"]);
    assert!(err(&refused).contains("--tls-key"), "{}", err(&refused));
}

#[test]
fn a_journal_that_is_not_there_is_status_2() {
    let folder = folder("journal-missing");
    for arguments in [&["verify"][..], &["dump"], &["backup"], &["restore"]] {
        for directory in [folder.join("absent"), folder.clone()] {
            let target = folder.join("target");
            let target = [text(&target)];
            let more = if arguments[0] == "backup" || arguments[0] == "restore" { &target[..] } else { &[] };
            let refused = run(&[&["journal"], arguments, &[text(&directory)], more].concat());
            assert_eq!(status(&refused), 2, "{arguments:?} {}", err(&refused));
            assert!(err(&refused).starts_with("error: "), "{}", err(&refused));
        }
    }
}

/// Takes one request of an exporter, and gives its line and its body.
#[cfg(feature = "otel")]
fn exported(listener: &std::net::TcpListener) -> (String, String) {
    let (mut stream, _) = listener.accept().expect("an exporter");
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).expect("a line");
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).expect("a header");
        if header == "\r\n" {
            break;
        }
        if let Some(bytes) = header.to_lowercase().strip_prefix("content-length:") {
            length = bytes.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").expect("sent");
    (line.trim_end().to_owned(), String::from_utf8(body).expect("UTF-8"))
}

#[cfg(feature = "otel")]
#[test]
fn a_collector_gets_a_span_for_a_request_and_no_secret() {
    let (folder, token) = keys("serve-otel");
    let collector = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}/v1/traces", collector.local_addr().expect("an address"));
    let service = Service::start(&folder, &folder.join("data"), &["--otlp-endpoint", &endpoint, "--log-level", "error"]);
    assert_eq!(service.ask("GET", PATH, &token, "").0, 404);
    let got = std::thread::spawn(move || exported(&collector));
    assert_eq!(service.end("-TERM").0, 0);
    let (line, body) = got.join().expect("an export");
    assert_eq!(line, "POST /v1/traces HTTP/1.1");
    let export: Value = serde_json::from_str(&body).expect("JSON");
    let span = &export["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    assert_eq!(span["name"], "request");
    let attribute = |key: &str| {
        let all = span["attributes"].as_array().expect("attributes");
        all.iter().find(|attribute| attribute["key"] == key).map(|attribute| attribute["value"].clone()).unwrap_or_default()
    };
    assert_eq!(attribute("operation"), json!({ "stringValue": "getOperationalIntentReference" }));
    assert_eq!(attribute("uss"), json!({ "stringValue": "uss1" }));
    assert_eq!(attribute("status"), json!({ "intValue": "404" }));
    let secret = token.rsplit('.').next().expect("a signature");
    assert!(!body.contains(secret), "no token is sent");
}

#[cfg(feature = "otel")]
#[test]
fn an_endpoint_for_traces_that_cannot_be_used_is_refused() {
    let (folder, _) = keys("serve-otel-bad");
    let (data, key) = (folder.join("data"), folder.join("token.pem"));
    let refused = run(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--audience",
        "x",
        "--data",
        text(&data),
        "--public-key",
        text(&key),
        "--otlp-endpoint",
        "https://collector.example.com",
    ]);
    assert_eq!(status(&refused), 2);
    assert!(
        err(&refused).contains("--otlp-endpoint: found \"https://collector.example.com\", expected http://"),
        "{}",
        err(&refused)
    );
}
