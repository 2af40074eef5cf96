//! A service in memory, and what tests ask of it.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, header};
use deconflict_journal::faulty::Faulty;
use deconflict_registry::Time;
use deconflict_service::http::{self, Instance, Operation, Service, Settings, router};
use deconflict_service::node::{Clock, Ids, Node, NodeOptions};
use deconflict_service::tokens::{KeySet, NewToken, SigningAlgorithm, SigningKey, Verifier, VerifierOptions};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tower::ServiceExt;

/// What time it is when a test begins: 2026-05-01T08:00:00Z.
pub const NOW_S: i64 = 1_777_622_400;

/// The name that tokens call the service by.
pub const AUDIENCE: &str = "dss.example.com";

/// Both clocks of a machine, which stand still unless they are moved.
#[derive(Default)]
pub struct StillClock {
    wall_ns: AtomicI64,
    steady_ns: AtomicU64,
}

impl StillClock {
    fn at(seconds: i64) -> Self {
        let clock = Self::default();
        clock.pass(seconds);
        clock
    }

    /// Lets time pass, on both clocks.
    pub fn pass(&self, seconds: i64) {
        self.wall_ns.fetch_add(seconds * 1_000_000_000, Ordering::SeqCst);
        self.steady_ns.fetch_add(seconds as u64 * 1_000_000_000, Ordering::SeqCst);
    }

    /// Lets so little pass that clients do not write it.
    pub fn pass_ns(&self, ns: u32) {
        self.wall_ns.fetch_add(i64::from(ns), Ordering::SeqCst);
        self.steady_ns.fetch_add(u64::from(ns), Ordering::SeqCst);
    }

    /// Sets the wall clock wrong.
    pub fn step(&self, seconds: i64) {
        self.wall_ns.fetch_add(seconds * 1_000_000_000, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn wall(&self) -> Time {
        Time::from_ns(self.wall_ns.load(Ordering::SeqCst))
    }

    fn steady_ns(&self) -> u64 {
        self.steady_ns.load(Ordering::SeqCst)
    }
}

/// A service.
pub struct World {
    pub router: Router,
    pub service: Arc<Service>,
    pub clock: Arc<StillClock>,
    pub storage: Faulty,
    pub key: SigningKey,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    /// The body, if it is JSON.
    pub body: Value,
}

impl Reply {
    /// The message of an error.
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_else(|| panic!("no message in {}", self.text))
    }
}

impl World {
    /// A service as it is by default, but for base URLs that are not https.
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Self {
        Self::of(settings, NodeOptions::default())
    }

    pub fn of(settings: Settings, options: NodeOptions) -> Self {
        let instance = Instance { id: AUDIENCE.to_owned(), public_endpoint: Some(format!("https://{AUDIENCE}")) };
        let settings = Settings { instance, ..settings };
        let key = SigningKey::generate(SigningAlgorithm::Ed25519).expect("a key");
        let clock = Arc::new(StillClock::at(NOW_S));
        let storage = Faulty::new();
        let (node, _) = Node::open(Arc::new(storage.clone()), clock.clone(), options).expect("an empty directory");
        let mut keys = KeySet::new();
        keys.add_pem("test", key.public_pem().expect("a key").as_bytes()).expect("a key");
        let verifier = Verifier::new(keys, vec![AUDIENCE.to_owned()], VerifierOptions::default()).expect("a verifier");
        let service = Arc::new(Service::new(node, clock.clone(), Ids::seeded(1), verifier, settings));
        Self { router: router(service.clone()), service, clock, storage, key }
    }

    /// A token of `uss` with these scopes.
    pub fn token(&self, uss: &str, scopes: &[&str]) -> String {
        self.token_until(uss, scopes, 3600)
    }

    /// A token that expires so many seconds from now.
    pub fn token_until(&self, uss: &str, scopes: &[&str], seconds: i64) -> String {
        let now_s = self.clock.wall().ns() / 1_000_000_000;
        let token = NewToken {
            issuer: "test",
            subject: uss,
            audiences: &[AUDIENCE.to_owned()],
            scope: &scopes.join(" "),
            issued_at_s: now_s.min(now_s + seconds),
            expires_at_s: now_s + seconds,
        };
        self.key.token(&token).expect("a token")
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.expect("a router always answers");
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status: head.status.as_u16(), headers: head.headers, text, body }
    }

    /// Asks for a path with a token and a body.
    pub async fn ask(&self, method: &str, path: &str, token: Option<&str>, body: impl Into<Bytes>) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(body.into())).expect("a request")).await
    }

    /// Asks for an operation with what stands behind a `?`.
    pub async fn search(&self, who: &Uss<'_>, operation: Operation, query: &str) -> Reply {
        let method = format!("{:?}", operation.standard().method).to_uppercase();
        let token = self.token(who.name, who.scopes);
        self.ask(&method, &format!("{}?{query}", operation.path()), Some(&token), "").await
    }

    /// Asks for an operation.
    pub async fn call(&self, who: &Uss<'_>, operation: Operation, parameters: &[&str], body: &Value) -> Reply {
        let standard = operation.standard();
        let method = format!("{:?}", standard.method).to_uppercase();
        let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let token = self.token(who.name, who.scopes);
        self.ask(&method, &filled(&operation.path(), parameters), Some(&token), bytes).await
    }
}

/// A path with its parameters in place.
pub fn filled(path: &str, parameters: &[&str]) -> String {
    let mut parameters = parameters.iter();
    let segments = path.split('/').map(|segment| match segment.starts_with('{') {
        true => *parameters.next().expect("as many parameters as the path has"),
        false => segment,
    });
    let path = segments.collect::<Vec<_>>().join("/");
    assert!(parameters.next().is_none(), "as many parameters as the path has");
    path
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Uss<'a> {
    pub name: &'a str,
    pub scopes: &'a [&'a str],
}

/// An id that is no other's: a UUID of version 4.
pub fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

/// A UUID of version 7 that was made so many seconds from when the test began.
pub fn suffix(seconds: i64, number: u16) -> String {
    let ms = (NOW_S + seconds) * 1000;
    format!("{:08x}-{:04x}-7{:03x}-8000-000000000000", ms >> 16, ms & 0xffff, number)
}

/// So many minutes from when the test began, as the wire has it.
pub fn minutes(minutes: i64) -> Value {
    let ns = i128::from(NOW_S + 60 * minutes) * 1_000_000_000;
    let time = jiff::Timestamp::from_nanosecond(ns).expect("a time");
    json!({ "value": time.to_string(), "format": "RFC3339" })
}

/// A volume around a place: 100 m, 50 to 120 m above the ellipsoid, from 10 to 70 minutes from when the test began.
pub fn volume(lat: f64, lng: f64) -> Value {
    json!({
        "volume": {
            "outline_circle": { "center": { "lat": lat, "lng": lng }, "radius": { "value": 100.0, "units": "M" } },
            "altitude_lower": { "value": 50.0, "reference": "W84", "units": "M" },
            "altitude_upper": { "value": 120.0, "reference": "W84", "units": "M" },
        },
        "time_start": minutes(10),
        "time_end": minutes(70),
    })
}

/// The body of a put of an intent there, `Accepted`, without a key and a subscription.
pub fn intent(lat: f64, lng: f64) -> Value {
    json!({ "extents": [volume(lat, lng)], "state": "Accepted", "uss_base_url": "https://uss.example.com/a" })
}

/// The body of a put of a constraint there.
pub fn constraint(lat: f64, lng: f64) -> Value {
    json!({ "extents": [volume(lat, lng)], "uss_base_url": "https://uss.example.com/c" })
}

/// The body of a put of a subscription there, about intents.
pub fn subscription(lat: f64, lng: f64) -> Value {
    json!({
        "extents": volume(lat, lng),
        "uss_base_url": "https://uss.example.com/s",
        "notify_for_operational_intents": true,
    })
}

/// The body of a query there.
pub fn query(lat: f64, lng: f64) -> Value {
    json!({ "area_of_interest": volume(lat, lng) })
}

/// A triangle around a place, as a search of F3411 has it.
pub fn corners(lat: f64, lng: f64) -> String {
    format!("area={},{lng},{lat},{},{lat},{lng}", lat + 0.002, lng + 0.002)
}

/// The body of a put of an area of F3411-22a there.
pub fn area_v2(lat: f64, lng: f64) -> Value {
    json!({ "extents": volume(lat, lng), "uss_base_url": "https://sp.example.com/v2" })
}

/// The body of a put of a subscription of F3411-22a there.
pub fn rid_subscription_v2(lat: f64, lng: f64) -> Value {
    json!({ "extents": volume(lat, lng), "uss_base_url": "https://dp.example.com/v2" })
}

/// A place as F3411-19 has it.
fn extents_v1(lat: f64, lng: f64) -> Value {
    let vertices = json!([
        { "lat": lat, "lng": lng }, { "lat": lat, "lng": lng + 0.002 }, { "lat": lat + 0.002, "lng": lng }
    ]);
    json!({
        "spatial_volume": { "footprint": { "vertices": vertices }, "altitude_lo": 50, "altitude_hi": 120.5 },
        "time_start": minutes(10)["value"],
        "time_end": minutes(70)["value"],
    })
}

/// The body of a put of an area of F3411-19 there.
pub fn area_v1(lat: f64, lng: f64) -> Value {
    json!({ "extents": extents_v1(lat, lng), "flights_url": "https://sp.example.com/v1/flights" })
}

/// The body of a put of a subscription of F3411-19 there.
pub fn rid_subscription_v1(lat: f64, lng: f64) -> Value {
    let callbacks = json!({ "identification_service_area_url": "https://dp.example.com/v1/areas" });
    json!({ "extents": extents_v1(lat, lng), "callbacks": callbacks })
}

/// Every scope there is.
pub const EVERY_SCOPE: [&str; 12] = [
    http::STRATEGIC_COORDINATION,
    http::CONSTRAINT_MANAGEMENT,
    http::CONSTRAINT_PROCESSING,
    http::CONFORMANCE_MONITORING_SA,
    http::AVAILABILITY_ARBITRATION,
    http::RID_DISPLAY_PROVIDER,
    http::RID_SERVICE_PROVIDER,
    http::DSS_READ_AREAS,
    http::DSS_WRITE_AREAS,
    http::POOL_STATUS_READ,
    http::POOL_STATUS_HEARTBEAT_WRITE,
    http::READ_SYSTEM_VERSIONS,
];

/// A body with some fields changed.
pub fn with(mut body: Value, changes: &[(&str, Value)]) -> Value {
    for (field, value) in changes {
        match field.strip_prefix('/') {
            Some(_) => *body.pointer_mut(field).unwrap_or_else(|| panic!("no {field}")) = value.clone(),
            None => body[*field] = value.clone(),
        }
    }
    body
}

/// A report.
pub fn report() -> Value {
    json!({
        "exchange": {
            "url": "https://uss.example.com/uss/v1/operational_intents",
            "method": "POST",
            "recorder_role": "Client",
            "request_time": minutes(-1),
            "response_code": 500,
            "problem": "no answer that makes sense",
        }
    })
}
