//! What a write costs between the socket and the disk: flights through the router, with a log in memory.
//!
//! `cargo run --release -p deconflict-service --example http_speed [FLIGHTS] [TASKS]`
//!
//! Every flight is created, activated and deleted, each somewhere else, with a polygon of six corners and an implicit
//! subscription. There is no socket and no disk in it, and as many threads as the machine has.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use deconflict_journal::faulty::Faulty;
use deconflict_registry::Time;
use deconflict_service::http::{CONFORMANCE_MONITORING_SA, STRATEGIC_COORDINATION, Service, Settings, router};
use deconflict_service::limits::Rate;
use deconflict_service::node::{Clock, Ids, Node, NodeOptions, SystemClock};
use deconflict_service::tokens::{KeySet, NewToken, SigningAlgorithm, SigningKey, Verifier, VerifierOptions};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower::ServiceExt;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u32| arguments.next().map_or(Ok(default), |text| text.parse());
    let (flights, tasks) = (number(20_000)?, number(64)?);

    let key = SigningKey::generate(SigningAlgorithm::Rs256)?;
    let mut keys = KeySet::new();
    keys.add_pem("key", key.public_pem()?.as_bytes())?;
    let verifier = Verifier::new(keys, vec!["localhost".to_owned()], VerifierOptions::default())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (node, _) = Node::open(Arc::new(Faulty::new()), Arc::clone(&clock), NodeOptions::default())?;
    let settings = Settings { rate: Rate { per_s: 0, burst: 1 }, ..Settings::default() };
    let now = clock.wall();
    let service = Arc::new(Service::new(node, clock, Ids::system()?, verifier, settings));
    let now_s = now.ns() / 1_000_000_000;
    let token = key.token(&NewToken {
        issuer: "speed",
        subject: "speed",
        audiences: &["localhost".to_owned()],
        scope: &[STRATEGIC_COORDINATION, CONFORMANCE_MONITORING_SA].join(" "),
        issued_at_s: now_s,
        expires_at_s: now_s + 3_000,
    })?;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build()?;
    let router = router(service);
    let began = Instant::now();
    runtime.block_on(async {
        let each = (0..tasks).map(|task| {
            let (router, authorization) = (router.clone(), format!("Bearer {token}"));
            tokio::spawn(async move {
                for flight in (task..flights).step_by(tasks as usize) {
                    fly(&router, &authorization, flight, now).await?;
                }
                Ok::<(), Failure>(())
            })
        });
        for task in each.collect::<Vec<_>>() {
            task.await??;
        }
        Ok::<(), Failure>(())
    })?;
    let took = began.elapsed();
    let writes = 3.0 * f64::from(flights);
    println!("{flights} flights in {took:.2?}: {:.0} writes/s, {:.1?} a write", writes / took.as_secs_f64(), each(took, writes));
    Ok(())
}

fn each(took: Duration, count: f64) -> Duration {
    took.div_f64(count)
}

async fn fly(router: &Router, authorization: &str, flight: u32, now: Time) -> Result<(), Failure> {
    let path = format!("/dss/v1/operational_intent_references/{flight:08x}-0000-4000-8000-000000000000");
    let mut body = flight_body(flight, now);
    let made = ask(router, authorization, "PUT", &path, Some(&body), 201).await?;
    body["state"] = json!("Activated");
    let ovn = |answer: &Value| answer["operational_intent_reference"]["ovn"].as_str().unwrap_or_default().to_owned();
    let active = ask(router, authorization, "PUT", &format!("{path}/{}", ovn(&made)), Some(&body), 200).await?;
    ask(router, authorization, "DELETE", &format!("{path}/{}", ovn(&active)), None, 200).await?;
    Ok(())
}

/// A flight somewhere between 10° and 60° north, for 20 minutes.
fn flight_body(flight: u32, now: Time) -> Value {
    let (lat, lng) = (10.0 + f64::from(flight % 1_000) * 0.05, f64::from(flight / 1_000) * 0.1);
    let corner = |north: f64, east: f64| json!({ "lat": lat + north * 1e-3, "lng": lng + east * 1e-3 });
    let time = |minutes: i64| {
        let ns = i128::from(now.plus_ns(minutes * 60_000_000_000).ns());
        let time = jiff::Timestamp::from_nanosecond(ns).map(|time| time.to_string());
        json!({ "value": time.unwrap_or_default(), "format": "RFC3339" })
    };
    let corners = [(0.0, 0.0), (0.0, 2.0), (1.0, 3.0), (2.0, 2.0), (2.0, 0.0), (1.0, -1.0)];
    json!({
        "extents": [{
            "volume": {
                "outline_polygon": { "vertices": corners.map(|(north, east)| corner(north, east)) },
                "altitude_lower": { "value": 50.0, "reference": "W84", "units": "M" },
                "altitude_upper": { "value": 120.0, "reference": "W84", "units": "M" },
            },
            "time_start": time(0),
            "time_end": time(20),
        }],
        "state": "Accepted",
        "uss_base_url": "https://uss.example.com/speed",
        "new_subscription": { "uss_base_url": "https://uss.example.com/speed" },
    })
}

async fn ask(
    router: &Router,
    authorization: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
    status: u16,
) -> Result<Value, Failure> {
    let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, authorization);
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let response = router.clone().oneshot(request.body(body)?).await?;
    let found = response.status().as_u16();
    let bytes = response.into_body().collect().await?.to_bytes();
    if found != status {
        return Err(format!("{method} {path}: {found}: {}", String::from_utf8_lossy(&bytes)).into());
    }
    Ok(serde_json::from_slice(&bytes)?)
}
