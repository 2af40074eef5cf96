//! What happens when there is too much, or something underneath fails; and what whoever runs the service sees of it.

use crate::harness::*;
use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use deconflict_registry::Quotas;
use deconflict_service::http::{Operation::*, STRATEGIC_COORDINATION as SC, Settings};
use deconflict_service::limits::Rate;
use deconflict_service::node::NodeOptions;
use http_body::Frame;
use serde_json::Value;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

const ALICE: Uss = Uss { name: "alice", scopes: &[SC] };
const BOB: Uss = Uss { name: "bob", scopes: &[SC] };

#[tokio::test]
async fn a_full_disk_refuses_writes_and_serves_reads_until_there_is_room() {
    let world = World::new();
    let made = world.call(&ALICE, CreateOperationalIntentReference, &[&id(1)], &intent(46.0, 7.0)).await;
    assert_eq!(made.status, 201);
    world.storage.set_capacity(Some(0));
    let refused = world.call(&ALICE, CreateOperationalIntentReference, &[&id(2)], &intent(47.0, 7.0)).await;
    assert_eq!((refused.status, refused.message()), (503, "the disk is full; nothing can be stored until there is room"));
    assert_eq!(refused.headers[header::RETRY_AFTER], "30");
    let seen = world.call(&BOB, GetOperationalIntentReference, &[&id(1)], &Value::Null).await;
    assert_eq!(seen.status, 200);
    let metrics = world.ask("GET", "/metrics", None, "").await.text;
    assert!(metrics.contains("deconflict_writable 0\n"), "{metrics}");

    world.storage.set_capacity(None);
    let made = world.call(&ALICE, CreateOperationalIntentReference, &[&id(2)], &intent(47.0, 7.0)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let metrics = world.ask("GET", "/metrics", None, "").await.text;
    assert!(metrics.contains("deconflict_writable 1\n"), "{metrics}");
}

#[tokio::test]
async fn a_clock_that_jumps_refuses_writes_for_a_while() {
    let world = World::new();
    world.clock.step(7_200);
    let refused = world.call(&ALICE, CreateOperationalIntentReference, &[&id(1)], &intent(46.0, 7.0)).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert!(refused.message().contains("the clock of this server jumped by +7200.0 s"), "{}", refused.message());
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn a_service_that_stops_refuses_writes_and_serves_reads() {
    let world = World::new();
    world.service.node.close();
    let refused = world.call(&ALICE, CreateOperationalIntentReference, &[&id(1)], &intent(46.0, 7.0)).await;
    assert_eq!((refused.status, refused.message()), (503, "the service is stopping"));
    assert_eq!(world.call(&ALICE, QueryOperationalIntentReferences, &[], &query(46.0, 7.0)).await.status, 200);
}

#[tokio::test]
async fn a_uss_that_asks_too_often_waits_and_others_do_not() {
    let world = World::with(Settings { rate: Rate { per_s: 2, burst: 3 }, ..Settings::default() });
    let ask = async |who: &Uss<'_>| world.call(who, GetOperationalIntentReference, &[&id(1)], &Value::Null).await;
    for _ in 0..3 {
        assert_eq!(ask(&ALICE).await.status, 404);
    }
    let refused = ask(&ALICE).await;
    assert_eq!((refused.status, refused.headers[header::RETRY_AFTER].to_str().unwrap()), (429, "1"));
    assert_eq!(ask(&BOB).await.status, 404);
    world.clock.pass(1);
    assert_eq!([ask(&ALICE).await.status, ask(&ALICE).await.status, ask(&ALICE).await.status], [404, 404, 429]);
}

#[tokio::test]
async fn a_uss_that_has_as_much_as_it_may_have_hears_so_and_others_do_not() {
    let quotas = Quotas { entities: 1, cells: 1_000, report_bytes: 6_000 };
    let registry = deconflict_registry::Options { quotas, ..Default::default() };
    let world = World::of(Settings::default(), NodeOptions { registry, ..NodeOptions::default() });
    let create = async |who: &Uss<'_>, number, lat| {
        world.call(who, CreateOperationalIntentReference, &[&id(number)], &intent(lat, 7.0)).await
    };
    assert_eq!(create(&ALICE, 1, 46.0).await.status, 201);
    let refused = create(&ALICE, 2, 47.0).await;
    let words = "this USS would hold more than one may: it has 1 entities, and may have 1";
    assert_eq!((refused.status, refused.message()), (429, words));
    assert_eq!(create(&BOB, 2, 47.0).await.status, 201);
}

/// A body that never ends, or breaks off.
struct Slow {
    breaks: bool,
}

impl axum::body::HttpBody for Slow {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.breaks { Poll::Ready(Some(Err(std::io::Error::other("gone")))) } else { Poll::Pending }
    }
}

fn slow_put(world: &World, number: u32, breaks: bool) -> Request<Body> {
    let path = format!("/dss/v1/operational_intent_references/{}", id(number));
    let token = format!("Bearer {}", world.token("alice", &[SC]));
    Request::put(path).header(header::AUTHORIZATION, token).body(Body::new(Slow { breaks })).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_given_up() {
    let world = World::new();
    let began = tokio::time::Instant::now();
    let reply = world.send(slow_put(&world, 1, false)).await;
    assert_eq!((reply.status, reply.message()), (503, "request timeout"));
    assert_eq!(began.elapsed(), Duration::from_secs(10));
    let reply = world.send(slow_put(&world, 1, true)).await;
    assert_eq!((reply.status, reply.message()), (400, "the body did not arrive whole"));
}

#[tokio::test(start_paused = true)]
async fn one_caller_cannot_have_all_the_room_for_long_bodies() {
    let world = World::new();
    let mut slow: Vec<_> = (0..20).map(|number| Box::pin(world.send(slow_put(&world, number, false)))).collect();
    for request in &mut slow {
        assert!(futures_pending(request.as_mut()), "its body does not come");
    }
    // Of eight places four are left, whatever else that caller sends.
    let long = query(46.0, 7.0).to_string() + &" ".repeat(100_000);
    let token = world.token("bob", &[SC]);
    let reply = world.ask("POST", "/dss/v1/operational_intent_references/query", Some(&token), long).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

/// Whether a future is not ready yet.
fn futures_pending(future: Pin<&mut impl Future>) -> bool {
    future.poll(&mut Context::from_waker(std::task::Waker::noop())).is_pending()
}

#[tokio::test(start_paused = true)]
async fn whoever_is_refused_and_sends_nothing_more_hears_why() {
    let world = World::new();
    let mut request = slow_put(&world, 1, false);
    request.headers_mut().remove(header::AUTHORIZATION);
    let began = tokio::time::Instant::now();
    let reply = world.send(request).await;
    assert_eq!(reply.status, 401, "not a 503 for a body that nobody wanted: {}", reply.text);
    assert_eq!(began.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn long_bodies_wait_for_their_turn_to_be_worked_out_and_short_ones_do_not() {
    let world = World::with(Settings { long_work_at_once: 0, ..Settings::default() });
    // Questions only: this clock does not wait for the writer.
    assert_eq!(world.call(&ALICE, QueryOperationalIntentReferences, &[], &query(46.0, 7.0)).await.status, 200);
    let key = Value::from(vec!["0".repeat(32); 4_000]);
    let long = with(intent(47.0, 7.0), &[("key", key)]);
    let reply = world.call(&ALICE, CreateOperationalIntentReference, &[&id(2)], &long).await;
    assert_eq!((reply.status, reply.message()), (503, "request timeout"));
}

#[tokio::test]
async fn slow_bodies_do_not_keep_short_ones_out() {
    let world = World::with(Settings { long_bodies_at_once: 1, ..Settings::default() });
    let slow = tokio::spawn({
        let (router, request) = (world.router.clone(), slow_put(&world, 1, false));
        tower::ServiceExt::oneshot(router, request)
    });
    tokio::task::yield_now().await;
    let made = world.call(&ALICE, CreateOperationalIntentReference, &[&id(2)], &intent(46.0, 7.0)).await;
    assert_eq!(made.status, 201);
    assert!(!slow.is_finished());
    slow.abort();
}

#[tokio::test]
async fn whoever_runs_the_service_can_ask_how_it_is() {
    let world = World::with(Settings { requests_at_once: 1, ..Settings::default() });
    let healthy = world.ask("GET", "/healthy", None, "").await;
    assert_eq!((healthy.status, healthy.text.as_str()), (200, "ok"));
    let version = world.ask("GET", "/aux/v1/version", None, "").await;
    assert_eq!(version.body["version"], concat!("deconflict/v", env!("CARGO_PKG_VERSION")));
    let description = world.ask("GET", "/dss/v1/openapi.json", None, "").await;
    assert_eq!(description.body["openapi"], "3.0.3");

    world.call(&ALICE, CreateOperationalIntentReference, &[&id(1)], &intent(46.0, 7.0)).await;
    world.call(&ALICE, CreateOperationalIntentReference, &[&id(1)], &intent(46.0, 7.0)).await;
    world.call(&ALICE, CreateSubscription, &[&id(2)], &subscription(46.0, 7.0)).await;
    let metrics = world.ask("GET", "/metrics", None, "").await.text;
    for line in [
        r#"deconflict_requests_total{operation="createOperationalIntentReference",status="201"} 1"#,
        r#"deconflict_requests_total{operation="createOperationalIntentReference",status="409"} 1"#,
        r#"deconflict_request_duration_seconds_count{operation="createOperationalIntentReference"} 2"#,
        r#"deconflict_request_duration_seconds_bucket{operation="createSubscription",le="+Inf"} 1"#,
        "deconflict_operational_intents 1",
        "deconflict_subscriptions 1",
        "deconflict_log_position 3",
        "deconflict_commands_accepted_total 2",
        "deconflict_writable 1",
        "deconflict_tokens_cached 1",
        "deconflict_key_sources_usable 1",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is not in\n{metrics}");
    }
    assert!(!metrics.contains("alice"), "nothing is counted per caller");
    // Every sample belongs to a family that was announced.
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).filter(|_| line.contains('{'));
        assert!(metrics.contains(&format!("# TYPE {} ", family.unwrap_or(name))), "{line}");
        assert!(line.rsplit(' ').next().unwrap().parse::<f64>().is_ok(), "{line}");
    }
}
