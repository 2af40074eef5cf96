//! From filing to hearing: among 100,000 claims of the joint picture, one party files a claim into another's way, and the other's stream says so.

use crate::dss::figure::{Figure, Unit};
use crate::dss::stage::{Running, Stage};
use crate::dss::{Plan, Scenario};
use crate::measure::Times;
use deconflict_testbed::{Connection, Random};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The scenario.
pub const SCENARIO: Scenario = Scenario {
    name: "told",
    does: "two parties with 100,000 claims between them; one files into the other's way 300 times: filing to the other's stream",
    clients: 2,
    run,
};

const CLAIMS: u64 = 100_000;
/// So many claims are filed with one request.
const AT_ONCE: u64 = 1_000;
const CONFLICTS: u32 = 300;
/// Nobody waits longer for a word.
const LONGEST: Duration = Duration::from_secs(30);

fn run(stage: &Stage, plan: &Plan) -> io::Result<Vec<Figure>> {
    stage.clear()?;
    let running = stage.start()?;
    let token = |subject: &str, scope: &str| stage.token(subject, scope);
    let (operator, a, b) =
        (token("cell", "deconflict.operator")?, token("A", "deconflict.party")?, token("B", "deconflict.party")?);
    set_frame(&mut Connection::open(running.address, &operator)?)?;
    let mut parties = [Connection::open(running.address, &a)?, Connection::open(running.address, &b)?];
    fill(&mut parties, plan.seed)?;
    let [filer, other] = &mut parties;
    let mut stream = Stream::open(&running, &b, latest(other)?)?;
    let (mut heard, mut answered) = (Vec::new(), Vec::new());
    for number in 0..CONFLICTS {
        let (lat, lng) = (50.0 + f64::from(number) * 0.01, 10.0);
        ask(other, "POST", "/api/v1/claims", &json!({ "claims": [flight(&format!("b{number}"), lat, lng, 5000, 600)] }))?;
        let body = json!({ "claims": [flight(&format!("a{number}"), lat, lng, 5000, 600)] });
        let start = Instant::now();
        ask(filer, "POST", "/api/v1/claims", &body)?;
        answered.push(start.elapsed());
        heard.push(stream.opened(&format!("b{number}"))?.duration_since(start));
    }
    let usage = running.server.usage();
    running.server.end()?;
    // A second start finds all of it.
    let again = stage.start()?;
    let start = Instant::now();
    ask(&mut Connection::open(again.address, &a)?, "POST", "/api/v1/heartbeat", &json!({ "seen": 0 }))?;
    let opened = again.start + start.elapsed();
    again.server.end()?;
    let mut figures = times("filing to the other's stream", heard);
    figures.extend(times("filing to its answer", answered));
    figures.push(Figure::new("start until the joint picture answers", Unit::Seconds, opened.as_secs_f64()));
    figures.extend(usage.map(|usage| Figure::new("memory", Unit::Bytes, usage.resident_bytes as f64)));
    Ok(figures)
}

fn times(what: &str, durations: Vec<Duration>) -> Vec<Figure> {
    let times = Times::new(durations);
    let figure = |(name, share)| Figure::new(format!("{what}, {name}"), Unit::Seconds, times.quantile_s(share));
    [("p50", 0.5), ("p99", 0.99), ("most", 1.0)].map(figure).to_vec()
}

fn ask(connection: &mut Connection, method: &str, path: &str, body: &Value) -> io::Result<Value> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = connection.send(method, path, &body)?;
    if answer.status != 200 {
        let said = String::from_utf8_lossy(&answer.body[..answer.body.len().min(300)]).into_owned();
        return Err(io::Error::other(format!("{method} {path}: {} {said}", answer.status)));
    }
    serde_json::from_slice(answer.body).map_err(io::Error::other)
}

fn set_frame(operator: &mut Connection) -> io::Result<()> {
    let plan = json!({
        "plan": { "id": "told", "title": "Told", "as_of": "2026-11-26", "horizon": "3650 d", "altitude_reference": "W84" },
        "parties": [{ "id": "A", "name": "A" }, { "id": "B", "name": "B" }],
        "channels": [{ "id": "AB", "from": "A", "to": "B" }],
    });
    let settings = json!({ "budget": 10 * CLAIMS, "scan_alarm": 1000 * CLAIMS });
    ask(operator, "PUT", "/api/v1/frame", &json!({ "plan": plan, "settings": settings })).map(drop)
}

/// A flight of twenty minutes, 100 m high, on a day to come.
fn flight(id: &str, lat: f64, lng: f64, lower_m: u64, minute: u64) -> Value {
    let at = |minute: u64| format!("2030-01-01T{:02}:{:02}Z", minute / 60, minute % 60);
    json!({
        "claim": {
            "id": id, "kind": "flight", "lower": format!("{lower_m} m"), "upper": format!("{} m", lower_m + 100),
            "start": at(minute), "end": at(minute + 20),
            "outline": { "circle": { "at": { "lat": lat, "lng": lng }, "radius": "400 m" } },
        },
        "disclosure": { "others": "conflict-only" },
    })
}

/// Claims of both, spread over four degrees each way and a day.
fn fill(parties: &mut [Connection; 2], seed: u64) -> io::Result<()> {
    let mut random = Random::of(seed, 0);
    for first in (0..CLAIMS).step_by(AT_ONCE as usize) {
        let mut degrees = |from: f64| from + random.below(4_000_000) as f64 * 1e-6;
        let places: Vec<(f64, f64)> = (0..AT_ONCE).map(|_| (degrees(34.0), degrees(40.0))).collect();
        let claims: Vec<Value> = (first..)
            .zip(places)
            .map(|(number, (lat, lng))| flight(&format!("c{number}"), lat, lng, random.below(30) * 100, random.below(23 * 60)))
            .collect();
        let party = &mut parties[(first / AT_ONCE % 2) as usize];
        ask(party, "POST", "/api/v1/claims", &json!({ "claims": claims }))?;
    }
    Ok(())
}

fn latest(party: &mut Connection) -> io::Result<u64> {
    Ok(ask(party, "GET", "/api/v1/status", &Value::Null)?["latest_event"].as_u64().unwrap_or_default())
}

/// A stream of server-sent events.
struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(running: &Running, token: &str, after: u64) -> io::Result<Self> {
        let mut stream = TcpStream::connect(running.address)?;
        stream.set_read_timeout(Some(LONGEST))?;
        let head = format!(
            "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nAccept: text/event-stream\r\nLast-Event-ID: {after}\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        Ok(Self(BufReader::new(stream)))
    }

    /// When the word came that a finding about this claim has opened.
    fn opened(&mut self, claim: &str) -> io::Result<Instant> {
        let mut line = String::new();
        loop {
            line.clear();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some(event) = line.strip_prefix("data: ") else { continue };
            let now = Instant::now();
            let event: Value = serde_json::from_str(event).map_err(io::Error::other)?;
            if event["event"] == "finding" && event["change"] == "opened" && event["what"]["own"][0] == claim {
                return Ok(now);
            }
        }
    }
}
