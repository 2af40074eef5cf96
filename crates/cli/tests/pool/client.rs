//! Clients of nodes, and what they write.

use deconflict_testbed::{Connection, Corner, Extent, IntentBody, IntentSubscription, Millis, Random, now};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Somebody who talks to one node; connects again when the connection fails.
pub struct Client {
    address: SocketAddr,
    token: String,
    connection: Option<Connection>,
    patience: Duration,
}

impl Client {
    /// Somebody who waits so long for an answer.
    pub fn new(address: SocketAddr, token: &str, patience: Duration) -> Self {
        Self { address, token: token.to_owned(), connection: None, patience }
    }

    /// Status and body of an answer.
    ///
    /// # Errors
    /// There was none; whether the request was carried out is not known.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> io::Result<(u16, Value)> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address, &self.token)?,
        };
        connection.give_up_after(self.patience)?;
        let answer = connection.send(method, path, body)?;
        let answer = (answer.status, serde_json::from_slice(answer.body).map_err(io::Error::other)?);
        self.connection = Some(connection);
        Ok(answer)
    }
}

/// How far one party was told, by server-sent events that are read in the background.
pub struct Stream(Arc<AtomicU64>);

impl Stream {
    /// Begins to read.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn open(address: SocketAddr, token: &str) -> io::Result<Self> {
        let mut connection = TcpStream::connect(address)?;
        write!(
            connection,
            "GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n"
        )?;
        let latest = Arc::new(AtomicU64::new(0));
        let stream = Self(latest.clone());
        std::thread::spawn(move || {
            // Lengths of chunks stand between the lines of the events.
            for line in BufReader::new(connection).lines().map_while(Result::ok) {
                if let Some(number) = line.strip_prefix("id: ") {
                    latest.store(number.parse().expect("a number"), Ordering::SeqCst);
                }
            }
        });
        Ok(stream)
    }

    /// The number of the last event that came.
    pub fn latest(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Something of which only the version is looked at: each write says which one it replaces, and which one comes.
pub enum Register {
    /// An operational intent: its OVN.
    Intent { id: String, extents: String },
    /// A claim of the joint picture: its version, and a name that no other version has.
    Claim { id: String, place: u32 },
}

/// The version of a register; `None` as long as it is not there.
pub type Ovn = Option<String>;

impl Register {
    /// An intent where no other is: at the place with this number.
    pub fn new(random: &mut Random, place: u32, start: Millis) -> Self {
        const SIDE_DEG: f64 = 0.001;
        let corner = |north, east| Corner {
            lat: 40.0 + 0.1 * f64::from(place % 100) + north * SIDE_DEG,
            lng: 7.0 + 0.1 * f64::from(place / 100) + east * SIDE_DEG,
        };
        let corners = vec![corner(0.0, 0.0), corner(0.0, 1.0), corner(1.0, 1.0), corner(1.0, 0.0)];
        let extents = Extent { corners, lower_m: 0.0, upper_m: 50.0, start, end: start.plus_s(3_600) }.json();
        Self::Intent { id: random.uuid_v4().to_string(), extents }
    }

    /// A claim where no other is.
    pub fn claim(place: u32) -> Self {
        Self::Claim { id: format!("c{place}"), place }
    }

    fn path(&self) -> String {
        match self {
            Self::Intent { id, .. } => format!("/dss/v1/operational_intent_references/{id}"),
            Self::Claim { id, .. } => format!("/api/v1/claims/{id}"),
        }
    }

    /// The version that there is.
    pub fn read(&self, client: &mut Client) -> io::Result<(u16, Ovn)> {
        let (status, body) = client.send("GET", &self.path(), "")?;
        let version = match self {
            Self::Intent { .. } => body["operational_intent_reference"]["ovn"].as_str().map(str::to_owned),
            Self::Claim { .. } => body["version"].as_u64().map(|version| named(version, body["claim"]["name"].as_str())),
        };
        Ok((status, version))
    }

    /// A version that it never had, and what to write so that it has it after `from`.
    pub fn fresh(&self, random: &mut Random, from: &Ovn) -> (String, String) {
        let suffix = random.uuid_v7(now()).to_string();
        let version = match self {
            Self::Intent { id, .. } => format!("{id}_{suffix}"),
            Self::Claim { .. } => named(number(from) + 1, Some(&suffix)),
        };
        (version, suffix)
    }

    /// Writes it if its version is `from`, so that it is the one that belongs to `suffix`.
    pub fn write(&self, client: &mut Client, from: &Ovn, suffix: &str) -> io::Result<(u16, Value)> {
        match self {
            Self::Intent { extents, .. } => {
                let path = from.as_ref().map_or(self.path(), |ovn| format!("{}/{ovn}", self.path()));
                let mut body = String::new();
                let (uss_base_url, subscription) = ("https://uss1.example.com", IntentSubscription::None);
                let intent = IntentBody { extents, state: "Accepted", key: "", uss_base_url, subscription, ovn_suffix: suffix };
                intent.write(&mut body);
                client.send("PUT", &path, &body)
            }
            Self::Claim { place, .. } => {
                let body = json!({
                    "claim": {
                        "kind": "flight", "name": suffix, "lower": "100 m", "upper": "200 m",
                        "start": "2026-06-02T06:00Z", "end": "2026-06-02T08:00Z",
                        "outline": { "circle": { "at": { "lat": 10.0, "lng": f64::from(*place) }, "radius": "5 km" } },
                    },
                    "replaces": number(from),
                });
                client.send("PUT", &self.path(), &body.to_string())
            }
        }
    }
}

fn named(version: u64, name: Option<&str>) -> String {
    format!("{version} {}", name.unwrap_or_default())
}

/// The number of a claim's version; 0 before the first.
fn number(version: &Ovn) -> u64 {
    version.as_ref().and_then(|version| version.split(' ').next()?.parse().ok()).unwrap_or(0)
}
