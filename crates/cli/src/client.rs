//! A client of the joint picture: requests in JSON, and the stream of events.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use deconflict_service::outbound::Outbound;
use serde_json::Value;
use ureq::Agent;

use crate::args::Access;

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer, bytes.
const MOST_BYTES: u64 = 256 << 20;

/// A client that speaks with one token.
#[derive(Clone)]
pub struct Client {
    server: String,
    token: String,
    requests: Agent,
    streams: Agent,
}

/// Why the service did not do it: its words, as lines.
pub type No = String;

impl Client {
    /// A client for each token.
    pub fn all(access: &Access) -> Result<Vec<Self>, No> {
        let mut tokens = access.token.clone();
        if tokens.is_empty() {
            tokens.extend(std::env::var("DECONFLICT_TOKEN"));
        }
        if tokens.is_empty() {
            return Err("no token: give --token @FILE, or set DECONFLICT_TOKEN".to_owned());
        }
        tokens.iter().map(|token| Self::new(access, token)).collect()
    }

    /// A client for the one token that is given.
    pub fn one(access: &Access) -> Result<Self, No> {
        let mut clients = Self::all(access)?;
        if clients.len() > 1 {
            return Err("several tokens; this command speaks for one".to_owned());
        }
        Ok(clients.remove(0))
    }

    fn new(access: &Access, token: &str) -> Result<Self, No> {
        let token = match token.strip_prefix('@') {
            Some(file) => std::fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))?,
            None => token.to_owned(),
        };
        let with =
            |patience, accept| Outbound { allow_http: access.allow_http, ca_file: access.ca_file.as_deref(), patience, accept };
        let agent = |patience, accept| {
            let made = with(patience, accept).agent(&access.server);
            made.map(|(_, agent)| agent).map_err(|why| format!("--server {}: {why}", access.server))
        };
        Ok(Self {
            server: access.server.trim_end_matches('/').to_owned(),
            token: token.trim().to_owned(),
            requests: agent(Some(PATIENCE), "application/json")?,
            streams: agent(None, "text/event-stream")?,
        })
    }

    /// What is at a path.
    pub fn get(&self, path: &str) -> Result<Value, No> {
        self.ask("GET", path, None)
    }

    /// Asks for something; the answer, or the reasons why not, one a line.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, No> {
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.server));
        let request =
            request.header("authorization", format!("Bearer {}", self.token)).header("content-type", "application/json");
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = request.body(body).map_err(|error| error.to_string())?;
        let request = self.requests.configure_request(request).http_status_as_error(false).build();
        let mut response = self.requests.run(request).map_err(|error| format!("{}: {error}", self.server))?;
        let text = response.body_mut().with_config().limit(MOST_BYTES).read_to_string().map_err(|error| error.to_string())?;
        let answer: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if response.status() == 200 {
            return Ok(answer);
        }
        let mut why = format!("{method} {path}: {} {}", response.status().as_u16(), answer["message"].as_str().unwrap_or(&text));
        for problem in answer["problems"].as_array().into_iter().flatten() {
            let field = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
            why.push_str(&format!("\n  {}: found {}, expected {}", field("field"), field("found"), field("expected")));
        }
        Err(why)
    }

    /// Part of a file, from a first byte to a last one, or as much of it as the service gives at once; at least one byte.
    pub fn part(&self, path: &str, first: u64, last: u64) -> Result<Vec<u8>, No> {
        let request = ureq::http::Request::builder().uri(format!("{}{path}", self.server));
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let request = request.header("range", format!("bytes={first}-{last}")).body(()).map_err(|error| error.to_string())?;
        let request = self.requests.configure_request(request).http_status_as_error(false).build();
        let mut response = self.requests.run(request).map_err(|error| format!("{}: {error}", self.server))?;
        let bytes = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec().map_err(|error| error.to_string())?;
        if response.status() == 206 && !bytes.is_empty() {
            return Ok(bytes);
        }
        Err(format!("GET {path}, bytes {first} to {last}: {} {}", response.status().as_u16(), String::from_utf8_lossy(&bytes)))
    }

    /// Shows every event after `after` with its number, until `show` says that it is enough or the connection ends.
    pub fn follow(&self, after: u64, mut show: impl FnMut(u64, Value) -> bool) -> Result<bool, No> {
        let request = ureq::http::Request::builder().uri(format!("{}/api/v1/events", self.server));
        let request = request.header("authorization", format!("Bearer {}", self.token)).header("accept", "text/event-stream");
        let request = request.header("last-event-id", after.to_string()).body(()).map_err(|error| error.to_string())?;
        let request = self.streams.configure_request(request).http_status_as_error(false).build();
        let mut response = self.streams.run(request).map_err(|error| format!("{}: {error}", self.server))?;
        if response.status() != 200 {
            let text = response.body_mut().read_to_string().unwrap_or_default();
            return Err(format!("GET /api/v1/events: {} {text}", response.status().as_u16()));
        }
        let mut number = after;
        for line in BufReader::new(response.into_body().into_reader()).lines() {
            let Ok(line) = line else { return Ok(false) };
            if let Some(id) = line.strip_prefix("id: ") {
                number = id.parse().unwrap_or(number);
            }
            let event = line.strip_prefix("data: ").and_then(|data| serde_json::from_str(data).ok());
            if event.is_some_and(|event| show(number, event)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
