//! The joint picture over real sockets, killed (SIGKILL) under load: what was answered is there, and nobody lost an event or heard one twice.

use deconflict_testbed::{Authority, Connection, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

const BINARY: &str = env!("CARGO_BIN_EXE_deconflict");
const PARTIES: [&str; 4] = ["A", "B", "C", "D"];
const KILLS: usize = 5;
/// Answered requests of all before each kill.
const ANSWERED: u64 = 120;

/// What one party knows for sure.
struct Party {
    name: &'static str,
    token: String,
    random: u64,
    /// Versions that were answered, by claim.
    claims: BTreeMap<String, u64>,
    /// The claim whose request was not answered when the kill came.
    in_doubt: Option<String>,
    /// Bodies of events, as they were read.
    events: Vec<Value>,
}

impl Party {
    fn below(&mut self, most: u64) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % most
    }

    /// Files, withdraws and reads, until the service is gone.
    fn work(&mut self, address: SocketAddr, answered: &AtomicU64) {
        let Ok(mut connection) = Connection::open(address, &self.token) else { return };
        while self.step(&mut connection).is_ok() {
            answered.fetch_add(1, Ordering::Relaxed);
            if self.below(3) == 0 && self.read(&mut connection).is_err() {
                return;
            }
        }
    }

    fn step(&mut self, connection: &mut Connection) -> std::io::Result<()> {
        let id = format!("c{}", self.below(6));
        let path = format!("/api/v1/claims/{id}");
        self.in_doubt = Some(id.clone());
        if self.claims.contains_key(&id) && self.below(3) == 0 {
            let answer = connection.send("DELETE", &path, "")?;
            assert_eq!(200, answer.status, "{}", String::from_utf8_lossy(answer.body));
            self.claims.remove(&id);
        } else {
            let lower = 100 * self.below(10);
            let body = json!({
                "claim": {
                    "kind": "flight", "start": "2126-06-02T06:00Z", "end": "2126-06-02T07:00Z", "lower": format!("{lower} m"), "upper": format!("{} m", lower + 300),
                    "outline": { "circle": { "at": { "lat": 34.0 + self.below(10) as f64 / 100.0, "lng": 40.0 }, "radius": "2 km" } },
                },
                "disclosure": { "others": "conflict-only" },
            });
            let answer = connection.send("PUT", &path, &body.to_string())?;
            assert_eq!(200, answer.status, "{}", String::from_utf8_lossy(answer.body));
            let body: Value = serde_json::from_slice(answer.body).expect("JSON");
            self.claims.insert(
                id,
                body["versions"].as_object().expect("versions").values().next().and_then(Value::as_u64).expect("a version"),
            );
        }
        self.in_doubt = None;
        Ok(())
    }

    /// Reads the events that came since the last time.
    fn read(&mut self, connection: &mut Connection) -> std::io::Result<()> {
        let answer = connection.send("GET", &format!("/api/v1/events?after={}", self.events.len()), "")?;
        assert_eq!(200, answer.status, "what was read before is still there: {}", String::from_utf8_lossy(answer.body));
        let body: Value = serde_json::from_slice(answer.body).expect("JSON");
        for event in body["events"].as_array().expect("a list") {
            assert_eq!(json!(self.events.len() + 1), event["number"], "no event is left out or told twice");
            self.events.push(event["event"].clone());
        }
        Ok(())
    }

    /// What is there after the kill.
    fn check(&mut self, connection: &mut Connection) {
        let answer = connection.send("GET", "/api/v1/claims", "").expect("the service answers");
        let body: Value = serde_json::from_slice(answer.body).expect("JSON");
        let own = body["own"].as_array().expect("a list");
        let there: BTreeMap<String, u64> =
            own.iter().map(|row| (row["claim"]["id"].as_str().unwrap().to_owned(), row["version"].as_u64().unwrap())).collect();
        for (id, version) in &self.claims {
            if self.in_doubt.as_ref() != Some(id) {
                assert_eq!(Some(version), there.get(id), "{}: claim {id} was answered", self.name);
            }
        }
        let lost = there.keys().find(|id| !self.claims.contains_key(*id) && self.in_doubt.as_ref() != Some(*id));
        assert_eq!(None, lost, "{}: nothing is there that was withdrawn", self.name);
        // Whatever became of the one in doubt, from now on it is known.
        self.claims = there;
        self.in_doubt = None;
        let before = self.events.len();
        let answer = connection.send("GET", "/api/v1/events?after=0", "").expect("the service answers");
        let body: Value = serde_json::from_slice(answer.body).expect("JSON");
        let again: Vec<&Value> = body["events"].as_array().expect("a list").iter().map(|event| &event["event"]).collect();
        for (told, again) in self.events.iter().zip(again) {
            assert_eq!(told, again, "{}: what was told is not told otherwise", self.name);
        }
        self.read(connection).expect("the service answers");
        assert!(self.events.len() >= before);
    }
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("joint-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn start(folder: &Path, authority: &Authority) -> (Server, SocketAddr) {
    // Snapshots often, so that some kills fall into one.
    let mut server = Server::start(Path::new(BINARY), folder, authority, &["--snapshot-every", "50"]).expect("it starts");
    let (address, _) = server.ready().expect("it is ready");
    (server, address)
}

#[test]
fn what_was_answered_and_told_outlives_kills() {
    let folder = folder();
    let authority = Authority::new(Path::new(BINARY), &folder).expect("keys");
    let operator = authority.token("cell", "deconflict.operator").expect("a token");
    let mut parties: Vec<Party> = PARTIES
        .iter()
        .zip(1..)
        .map(|(name, random)| Party {
            name,
            token: authority.token(name, "deconflict.party").expect("a token"),
            random,
            claims: BTreeMap::new(),
            in_doubt: None,
            events: Vec::new(),
        })
        .collect();
    let (mut server, mut address) = start(&folder, &authority);
    let frame = json!({ "plan": {
        "plan": { "id": "p", "title": "P", "as_of": "2026-06-01", "horizon": "40000 d", "altitude_reference": "W84" },
        "parties": PARTIES.map(|id| json!({ "id": id, "name": id })),
        "channels": [
            { "id": "1", "from": "A", "to": "B" }, { "id": "2", "from": "A", "to": "C" }, { "id": "3", "from": "A", "to": "D" },
            { "id": "4", "from": "B", "to": "C" }, { "id": "5", "from": "B", "to": "D" }, { "id": "6", "from": "C", "to": "D" },
        ],
    } });
    let mut connection = Connection::open(address, &operator).expect("it listens");
    let answer = connection.send("PUT", "/api/v1/frame", &frame.to_string()).expect("it answers");
    assert_eq!(200, answer.status, "{}", String::from_utf8_lossy(answer.body));
    for _ in 0..KILLS {
        let answered = AtomicU64::new(0);
        std::thread::scope(|scope| {
            let workers: Vec<_> = parties.iter_mut().map(|party| scope.spawn(|| party.work(address, &answered))).collect();
            while answered.load(Ordering::Relaxed) < ANSWERED && workers.iter().any(|worker| !worker.is_finished()) {
                std::thread::yield_now();
            }
            server.kill().expect("it is killed");
            workers.into_iter().for_each(|worker| worker.join().expect("what was answered was right"));
        });
        (server, address) = start(&folder, &authority);
        for party in &mut parties {
            let mut connection = Connection::open(address, &party.token).expect("it listens");
            party.check(&mut connection);
        }
    }
    let told: usize = parties.iter().map(|party| party.events.len()).sum();
    assert!(told > 100, "there was something to tell: {told}");
    // The findings that stand for one stand for the other.
    let mut pairs: BTreeMap<String, usize> = BTreeMap::new();
    for party in &parties {
        let mut connection = Connection::open(address, &party.token).expect("it listens");
        let answer = connection.send("GET", "/api/v1/findings", "").expect("it answers");
        let body: Value = serde_json::from_slice(answer.body).expect("JSON");
        for found in body["findings"].as_array().expect("a list").iter().filter(|found| found["what"]["kind"] == "conflict") {
            let key = format!("{} {} {}", found["what"]["region"], found["what"]["band_m"], found["what"]["window"]);
            *pairs.entry(key).or_default() += 1;
        }
    }
    assert!(pairs.values().all(|count| count % 2 == 0), "each conflict is known to both: {pairs:#?}");
    server.end().expect("it ends well");
    let _ = std::fs::remove_dir_all(&folder);
}
