//! The native interface: parties file claims and hear of conflicts; nobody hears more than it may.

use crate::harness::{Reply, Uss, World};
use axum::body::Body;
use axum::http::{Request, header};
use deconflict_evidence::{SecretKey, Signed, Standing};
use deconflict_joint::State;
use deconflict_service::http::{Operation, Settings};
use deconflict_service::native::{OPERATOR_SCOPE, PARTY_SCOPE, openapi};
use deconflict_service::node::{Clock, Node, NodeOptions};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

async fn operator(world: &World, method: &str, path: &str, body: &Value) -> Reply {
    let token = world.token("cell", &[OPERATOR_SCOPE]);
    world.ask(method, path, Some(&token), text(body)).await
}

async fn party(world: &World, party: &str, method: &str, path: &str, body: &Value) -> Reply {
    let token = world.token(party, &[PARTY_SCOPE]);
    world.ask(method, path, Some(&token), text(body)).await
}

fn text(body: &Value) -> String {
    if body.is_null() { String::new() } else { body.to_string() }
}

fn frame() -> Value {
    json!({ "plan": {
        "plan": { "id": "valley", "title": "Valley", "as_of": "2026-05-01", "horizon": "10 d", "altitude_reference": "W84" },
        "parties": [{ "id": "A", "name": "Air A" }, { "id": "B", "name": "Air B" }],
        "channels": [{ "id": "AB", "from": "A", "to": "B" }],
    } })
}

fn flight(id: &str, lower: &str, upper: &str) -> Value {
    json!({
        "claim": {
            "id": id, "kind": "flight", "lower": lower, "upper": upper, "start": "2026-05-01T10:00Z", "end": "2026-05-01T12:00Z",
            "outline": { "circle": { "at": { "lat": 34.0, "lng": 40.0 }, "radius": "3 km" } },
        },
        "disclosure": { "others": "conflict-only" },
    })
}

async fn valley() -> World {
    let world = World::new();
    let reply = operator(&world, "PUT", "/api/v1/frame", &frame()).await;
    assert_eq!(200, reply.status, "{}", reply.text);
    world
}

#[tokio::test]
async fn what_one_files_the_other_hears_and_both_settle_it() {
    let world = valley().await;
    assert_eq!(200, party(&world, "A", "PUT", "/api/v1/claims/a", &flight("a", "1000 m", "3000 m")).await.status);
    assert_eq!(json!([]), party(&world, "A", "GET", "/api/v1/findings", &Value::Null).await.body["findings"]);
    let filed = party(&world, "B", "PUT", "/api/v1/claims/b", &flight("b", "2000 m", "4000 m")).await;
    assert_eq!(json!({ "versions": { "b": 1 } }), filed.body, "{}", filed.text);
    for (who, own) in [("A", "a"), ("B", "b")] {
        let findings = party(&world, who, "GET", "/api/v1/findings", &Value::Null).await;
        let found = &findings.body["findings"][0];
        assert_eq!((json!("F-1"), json!([own])), (found["finding"].clone(), found["what"]["own"].clone()), "{}", findings.text);
        assert_eq!(json!([2000.0, 3000.0]), found["what"]["band_m"]);
    }
    let wrong = json!({ "step": "read-back", "fields": { "claim": "a", "from": "2026-05-01T10:05:00Z" } });
    let reply = party(&world, "A", "POST", "/api/v1/notices/1/steps", &wrong).await;
    assert_eq!(400, reply.status);
    let fields: Vec<&str> =
        reply.body["problems"].as_array().unwrap().iter().map(|problem| problem["field"].as_str().unwrap()).collect();
    assert_eq!(
        vec!["fields.from", "fields.until"],
        fields,
        "what is right is not repeated, what is wrong is not corrected: {}",
        reply.text
    );
    let right = json!({ "step": "read-back", "fields": { "claim": "a", "from": "2026-05-01T10:00:00Z", "until": "2026-05-01T12:00:00Z" } });
    assert_eq!(200, party(&world, "A", "POST", "/api/v1/notices/1/steps", &right).await.status);
    let yes = json!({ "step": "accepted", "role": "duty officer" });
    assert_eq!(200, party(&world, "A", "POST", "/api/v1/notices/1/steps", &yes).await.status);
    let notice = party(&world, "A", "GET", "/api/v1/notices/1", &Value::Null).await;
    let ladder: Vec<&str> = notice.body["ladder"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(vec!["sent", "logged", "read-back", "accepted"], ladder);

    let terms = json!({ "finding": "F-1", "changes": [{ "claim": "a", "upper": "2400 m" }, { "claim": "counterpart", "lower": "2600 m" }] });
    let offered = party(&world, "A", "POST", "/api/v1/offers", &terms).await;
    assert_eq!(json!("O-1"), offered.body["offer"], "{}", offered.text);
    let decided = party(&world, "B", "POST", "/api/v1/offers/O-1/decision", &json!({ "accept": true })).await;
    assert_eq!(json!("agreed"), decided.body["state"], "{}", decided.text);
    for who in ["A", "B"] {
        assert_eq!(json!([]), party(&world, who, "GET", "/api/v1/findings", &Value::Null).await.body["findings"]);
    }
}

#[tokio::test]
async fn a_stream_goes_on_where_it_was_left() {
    let world = valley().await;
    party(&world, "A", "PUT", "/api/v1/claims/a", &flight("a", "1000 m", "3000 m")).await;
    let token = world.token("A", &[PARTY_SCOPE]);
    let stream = |after: u64| {
        let request = Request::builder().uri("/api/v1/events").header(header::AUTHORIZATION, format!("Bearer {token}"));
        request
            .header(header::ACCEPT, "text/event-stream")
            .header("last-event-id", after.to_string())
            .body(Body::empty())
            .unwrap()
    };
    let mut live = world.router.clone().oneshot(stream(0)).await.unwrap().into_body();
    party(&world, "B", "PUT", "/api/v1/claims/b", &flight("b", "2000 m", "4000 m")).await;
    let mut heard = String::new();
    while !heard.contains("\"change\":\"opened\"") {
        heard += std::str::from_utf8(live.frame().await.unwrap().unwrap().data_ref().unwrap()).unwrap();
    }
    assert!(heard.contains("id: 1\ndata: {"), "{heard}");
    drop(live);
    party(&world, "B", "DELETE", "/api/v1/claims/b", &Value::Null).await;
    let mut again = world.router.clone().oneshot(stream(1)).await.unwrap().into_body();
    let mut heard = String::new();
    while !heard.contains("\"change\":\"closed\"") {
        heard += std::str::from_utf8(again.frame().await.unwrap().unwrap().data_ref().unwrap()).unwrap();
    }
    assert!(heard.contains("id: 2\ndata: {") && !heard.contains("id: 1\n"), "{heard}");
    // The end of the service ends the stream.
    world.service.end_streams();
    while again.frame().await.is_some() {}
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_start_with_or_without_a_snapshot() {
    for snapshot_every_commands in [1, 1_000_000] {
        let options = NodeOptions { snapshot_every_commands, snapshot_growth_percent: 0, ..NodeOptions::default() };
        let world = World::of(Default::default(), options);
        assert_eq!(200, operator(&world, "PUT", "/api/v1/frame", &frame()).await.status);
        party(&world, "A", "PUT", "/api/v1/claims/a", &flight("a", "1000 m", "3000 m")).await;
        party(&world, "B", "PUT", "/api/v1/claims/b", &flight("b", "2000 m", "4000 m")).await;
        let outline = json!({ "circle": { "at": { "lat": 35.0, "lng": 40.0 }, "radius": "300 m" } });
        let site = json!({ "claim": { "kind": "site", "outline": outline }, "disclosure": { "to": { "B": "full" } } });
        party(&world, "A", "PUT", "/api/v1/claims/h", &site).await;
        assert_eq!(200, party(&world, "B", "GET", "/api/v1/claims/A%2Fh", &Value::Null).await.status);
        let before = world.service.node.read_joint(State::digest);
        world.service.node.close();
        let (again, _) = Node::open(Arc::new(world.storage.clone()), world.clock.clone() as Arc<dyn Clock>, options).unwrap();
        assert_eq!(before, again.read_joint(State::digest), "{snapshot_every_commands}");
        assert_eq!(1, again.read_joint(|joint| joint.latest("A")));
        assert_eq!(2, again.read_joint(|joint| joint.accesses["A/h"].len()));
    }
}

#[tokio::test]
async fn nobody_gets_in_without_the_right_token() {
    let world = valley().await;
    for route in openapi()["paths"].as_object().unwrap() {
        for method in route.1.as_object().unwrap().keys() {
            let (method, path) = (method.to_uppercase(), route.0.replace(['{', '}'], ""));
            assert_eq!(401, world.ask(&method, &path, None, "").await.status, "{method} {path}");
            let token = world.token("A", &["utm.strategic_coordination"]);
            assert_eq!(403, world.ask(&method, &path, Some(&token), "").await.status, "{method} {path}");
        }
    }
    assert_eq!(401, world.ask("GET", "/api/v1/nothing", None, "").await.status);
    assert_eq!(404, party(&world, "A", "GET", "/api/v1/nothing", &Value::Null).await.status);
    assert_eq!(403, party(&world, "A", "PUT", "/api/v1/frame", &frame()).await.status);
    assert_eq!(403, operator(&world, "PUT", "/api/v1/claims/a", &flight("a", "0 m", "1 m")).await.status);
    assert_eq!(
        403,
        party(&world, "C", "PUT", "/api/v1/claims/a", &flight("a", "0 m", "1 m")).await.status,
        "no party of the picture"
    );
    assert_eq!(401, world.ask("GET", "/metrics", None, "").await.status, "they count what parties do");
    assert_eq!(200, operator(&world, "GET", "/metrics", &Value::Null).await.status);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_field_by_field_and_changes_nothing() {
    let world = valley().await;
    let before = world.service.node.read_joint(State::digest);
    let bad = json!({ "claims": [
        { "claim": { "id": "a", "kind": "flight", "lower": "high", "upper": "3000 m", "outline": { "circle": { "at": "Nowhere", "radius": "3" } } } },
        { "claim": { "id": "b", "kind": "flight", "lower": "0 m", "upper": "3000 m", "party": "A", "outline": { "circle": { "at": { "lat": 1, "lng": 2 }, "radius": "3 km" } } } },
    ] });
    let reply = party(&world, "A", "POST", "/api/v1/claims", &bad).await;
    assert_eq!(400, reply.status, "{}", reply.text);
    let fields = reply.body["problems"].as_array().unwrap();
    assert!(fields.len() >= 3 && fields.iter().all(|problem| problem["expected"].is_string()), "{}", reply.text);
    for (path, body) in [
        ("/api/v1/messages", json!({ "template": "shout", "to": "B" })),
        ("/api/v1/messages", json!({ "template": "notify" })),
        ("/api/v1/messages", json!({ "template": "notify", "to": "B", "facts": ["1", "2", "3", "4"] })),
        ("/api/v1/heartbeat", json!({ "seen": 7 })),
        ("/api/v1/heartbeat", json!({ "sene": 0 })),
        ("/api/v1/heartbeat", json!([1])),
    ] {
        let reply = party(&world, "A", "POST", path, &body).await;
        assert_eq!(400, reply.status, "{path} {body}: {}", reply.text);
        assert!(reply.body["problems"][0]["expected"].is_string(), "{}", reply.text);
    }
    assert_eq!(before, world.service.node.read_joint(State::digest), "nothing of it was kept");
    let token = world.token("A", &[PARTY_SCOPE]);
    assert_eq!(400, world.ask("PUT", "/api/v1/claims/a", Some(&token), "{").await.status);
    assert_eq!(413, world.ask("PUT", "/api/v1/claims/a", Some(&token), vec![b' '; 5 << 20]).await.status);
    assert_eq!(404, party(&world, "A", "GET", "/api/v1/notices/1", &Value::Null).await.status);
    assert_eq!(404, party(&world, "A", "DELETE", "/api/v1/claims/none", &Value::Null).await.status);
}

#[tokio::test]
async fn whose_id_it_is_cannot_be_found_out_by_trying() {
    let world = valley().await;
    party(&world, "B", "PUT", "/api/v1/claims/secret", &flight("secret", "2000 m", "4000 m")).await;
    for name in ["secret", "other"] {
        assert_eq!(200, party(&world, "A", "PUT", &format!("/api/v1/claims/{name}"), &flight(name, "0 m", "9 m")).await.status);
    }
    let there = party(&world, "A", "GET", "/api/v1/claims/B%2Fsecret", &Value::Null).await;
    let not_there = party(&world, "A", "GET", "/api/v1/claims/B%2Fnothing", &Value::Null).await;
    assert_eq!((404, 404, &there.text), (there.status, not_there.status, &not_there.text));
}

#[tokio::test]
async fn the_owner_of_a_claim_hears_whom_of_the_dss_may_be_there() {
    let world = valley().await;
    let me = Uss { name: "uss1", scopes: &["utm.strategic_coordination"] };
    let at = |lat: f64, lng: f64| json!({ "lat": lat, "lng": lng });
    let extent = |lat: f64, lower: f64| {
        json!({
            "volume": {
                "outline_polygon": { "vertices": [at(lat, 40.0), at(lat, 40.01), at(lat + 0.01, 40.0)] },
                "altitude_lower": { "value": lower, "reference": "W84", "units": "M" },
                "altitude_upper": { "value": lower + 100.0, "reference": "W84", "units": "M" },
            },
            "time_start": { "value": "2026-05-01T10:30:00Z", "format": "RFC3339" },
            "time_end": { "value": "2026-05-01T11:00:00Z", "format": "RFC3339" },
        })
    };
    let intent = |extent: Value| {
        json!({
            "extents": [extent], "key": [], "state": "Accepted", "uss_base_url": "https://uss1.example.com",
            "new_subscription": { "uss_base_url": "https://uss1.example.com", "notify_for_constraints": false },
        })
    };
    // One where the claim will be, one above it, one elsewhere.
    for (number, extent) in [(1, extent(34.0, 2000.0)), (2, extent(34.0, 8000.0)), (3, extent(36.0, 2000.0))] {
        let put =
            world.call(&me, Operation::CreateOperationalIntentReference, &[&crate::harness::id(number)], &intent(extent)).await;
        assert_eq!(201, put.status, "{}", put.text);
    }
    assert_eq!(200, party(&world, "A", "PUT", "/api/v1/claims/a", &flight("a", "1000 m", "3000 m")).await.status);
    let own = loop {
        let claims = party(&world, "A", "GET", "/api/v1/claims", &Value::Null).await;
        let own = claims.body["own"][0]["f3548"].clone();
        if own["may_be_there"] != json!([]) {
            break own;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(json!(false), own["sees_this_claim"]);
    let there = own["may_be_there"].as_array().unwrap();
    assert_eq!(1, there.len(), "{own}");
    assert_eq!((json!("uss1"), json!(crate::harness::id(1))), (there[0]["manager"].clone(), there[0]["id"].clone()));
    let events = party(&world, "A", "GET", "/api/v1/events", &Value::Null).await;
    assert_eq!(json!("cannot-exclude"), events.body["events"][0]["event"]["certainty"], "{}", events.text);
    // Nobody else hears of it.
    assert_eq!(json!([]), party(&world, "B", "GET", "/api/v1/events", &Value::Null).await.body["events"]);
}

#[tokio::test]
async fn what_a_party_signed_is_proved_without_the_service() {
    let service_key = Arc::new(SecretKey::from_seed(&[1; 32]).unwrap());
    let settings = Settings { evidence_key: Some(Arc::clone(&service_key)), ..Settings::default() };
    let world = World::with(settings);
    assert_eq!(200, operator(&world, "PUT", "/api/v1/frame", &frame()).await.status);
    let key = SecretKey::from_seed(&[2; 32]).unwrap();
    let set = |key: String| json!({ "key": key });
    assert_eq!(400, party(&world, "A", "PUT", "/api/v1/key", &set("AAAA".to_owned())).await.status);
    assert_eq!(200, party(&world, "A", "PUT", "/api/v1/key", &set(key.public().to_string())).await.status);
    assert_eq!(409, party(&world, "A", "PUT", "/api/v1/key", &set(service_key.public().to_string())).await.status, "once");
    party(&world, "A", "PUT", "/api/v1/claims/a", &flight("a", "1000 m", "3000 m")).await;
    party(&world, "B", "PUT", "/api/v1/claims/b", &flight("b", "2000 m", "4000 m")).await;
    let status = party(&world, "A", "GET", "/api/v1/status", &Value::Null).await;
    let hash = status.body["head"].as_str().unwrap().to_owned();
    let content = |step: &str, hash: &str| {
        json!({ "notice": 1, "hash": hash, "step": step, "role": "duty officer", "machine": false, "fields": {}, "at": "2026-05-01T08:00:10Z" }).to_string()
    };
    let step = |content: String| json!({ "step": "accepted", "role": "duty officer", "signed": key.sign(content) });
    for wrong in [content("unable", &hash), content("accepted", &"0".repeat(64)), "{}".to_owned()] {
        let reply = party(&world, "A", "POST", "/api/v1/notices/1/steps", &step(wrong)).await;
        assert_eq!(400, reply.status, "{}", reply.text);
    }
    let reply = party(&world, "A", "POST", "/api/v1/notices/1/steps", &step(content("accepted", &hash))).await;
    assert_eq!(200, reply.status, "{}", reply.text);
    let head = json!({ "heartbeat": { "stream": "A", "seq": 1, "hash": hash }, "at": "2026-05-01T08:00:20Z" }).to_string();
    let beat = json!({ "seen": 1, "signed": key.sign(head) });
    let beaten = party(&world, "A", "POST", "/api/v1/heartbeat", &beat).await;
    assert_eq!(200, beaten.status, "{}", beaten.text);
    let head: Signed = serde_json::from_value(beaten.body["head"].clone()).unwrap();
    // What was delivered stays proved when a later heartbeat covers more.
    party(&world, "B", "DELETE", "/api/v1/claims/b", &Value::Null).await;
    let later = party(&world, "A", "POST", "/api/v1/heartbeat", &json!({ "seen": 2 })).await;
    let later: Signed = serde_json::from_value(later.body["head"].clone()).unwrap();

    let exported = party(&world, "A", "GET", "/api/v1/evidence/1", &Value::Null).await;
    let trusted = [("A".to_owned(), key.public()), ("service".to_owned(), service_key.public())];
    let verdict =
        deconflict_evidence::verify(exported.text.as_bytes(), &trusted).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(Standing::Proved, verdict.standing, "{verdict}");
    let delivered = verdict.countersigned.iter().filter(|signed| signed.by == "A").count();
    assert_eq!(1, delivered, "{verdict}");
    let bundle = deconflict_evidence::Bundle::read(exported.text.as_bytes()).unwrap();
    assert_eq!(Ok(2), deconflict_evidence::hold_against(&bundle, &[head, later], &trusted));
    let flipped = exported.text.replace("urgent", "watchy");
    assert!(deconflict_evidence::verify(flipped.as_bytes(), &trusted).is_err());
    assert_eq!(404, party(&world, "B", "GET", "/api/v1/evidence/7", &Value::Null).await.status);
}

#[tokio::test]
async fn a_site_is_read_one_by_one_and_its_owner_sees_by_whom() {
    let world = valley().await;
    let outline = json!({ "circle": { "at": { "lat": 34.0, "lng": 40.0 }, "radius": "300 m" } });
    let site = |others: &str| json!({ "claim": { "kind": "site", "outline": outline }, "disclosure": { "others": others, "to": { "B": "full" } } });
    assert_eq!(400, party(&world, "A", "PUT", "/api/v1/claims/h", &site("full")).await.status);
    assert_eq!(200, party(&world, "A", "PUT", "/api/v1/claims/h", &site("sealed")).await.status);
    for path in ["/api/v1/claims", "/api/v1/picture"] {
        let listed = party(&world, "B", "GET", path, &Value::Null).await;
        assert!(!listed.text.contains("300 m"), "{}", listed.text);
    }
    assert!(!operator(&world, "GET", "/api/v1/picture", &Value::Null).await.text.contains("300 m"));
    let read = party(&world, "B", "GET", "/api/v1/claims/A%2Fh", &Value::Null).await;
    assert!(read.status == 200 && read.text.contains("300 m"), "{}", read.text);
    let access = party(&world, "A", "GET", "/api/v1/claims/h/access", &Value::Null).await;
    let what: Vec<&str> = access.body["access"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(vec!["consent", "read"], what, "{}", access.text);
    assert_eq!(404, party(&world, "B", "GET", "/api/v1/claims/h/access", &Value::Null).await.status);
}

#[tokio::test]
async fn the_page_holds_no_script_of_its_own_and_asks_nobody_else() {
    let world = World::new();
    for path in ["/", "/app.js", "/app.css", "/map-worker.js"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = world.router.clone().oneshot(request).await.unwrap();
        assert_eq!(200, response.status().as_u16(), "{path}");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
    let page = world.ask("GET", "/", None, "").await.text;
    assert!(!page.contains("<style") && !page.contains("style=") && !page.contains(" on"), "{page}");
    assert_eq!(1, page.matches("<script").count());
}
