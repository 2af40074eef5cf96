//! What nobody should send, and everybody is answered: a 4xx with the standard's error body, never a 5xx, never a panic.

use crate::harness::*;
use axum::body::Bytes;
use axum::http::header;
use deconflict_service::http::{AVAILABILITY_ARBITRATION as AA, Operation, SCOPES, STRATEGIC_COORDINATION as SC};
use deconflict_service::tokens::{NewToken, SigningAlgorithm, SigningKey};
use serde_json::json;

const A: &str = "/dss/v1/operational_intent_references/00000001-0000-4000-8000-000000000000";

/// Puts a body of an intent.
async fn put(world: &World, body: impl Into<Bytes>) -> Reply {
    let token = world.token("alice", &[SC]);
    world.ask("PUT", A, Some(&token), body).await
}

#[tokio::test]
async fn bodies_that_are_no_intent_are_400_and_say_where() {
    let world = World::new();
    let good = intent(46.0, 7.0).to_string();
    let replaced = |from: &str, to: &str| {
        assert!(good.contains(from), "{from} is in {good}");
        good.replacen(from, to, 1)
    };
    let cases: &[(String, &str)] = &[
        (String::new(), "the body is empty"),
        (" \n".to_owned(), "the body is empty"),
        ("{".to_owned(), "EOF while parsing an object"),
        ("[]".to_owned(), "invalid type: sequence, expected an object"),
        ("null".to_owned(), "invalid type: null, expected an object"),
        ("\"\"".to_owned(), "invalid type: string"),
        ("{}".to_owned(), "missing field `extents`"),
        (good[..good.len() - 1].to_owned(), "EOF while parsing"),
        (format!("{good}x"), "trailing characters"),
        (format!("{good}{good}"), "trailing characters"),
        (format!("\u{feff}{good}"), "expected value"),
        (
            replaced("100.0", "\"100\""),
            "extents[0].volume.outline_circle.radius.value: invalid type: string \"100\", expected a number",
        ),
        (replaced("100.0", "1e400"), "extents[0].volume.outline_circle.radius.value: number out of range"),
        (replaced("100.0", "-1e400"), "number out of range"),
        (replaced("100.0", &format!("1{}", "0".repeat(400))), "number out of range"),
        (replaced("100.0", &format!("0.{}1", "0".repeat(100_000))), "the radius is 0 m"),
        (replaced("100.0", "NaN"), "expected value"),
        (replaced("100.0", "Infinity"), "expected value"),
        (replaced("100.0", "true"), "invalid type: boolean"),
        (replaced("100.0", "-0.0"), "the radius is -0 m"),
        (replaced("100.0", "5e-324"), ""),
        (replaced("\"M\"", "\"FT\""), "radius.units: unknown variant `FT`, expected `M`"),
        (replaced("\"W84\"", "\"AGL\""), "altitude_lower.reference: unknown variant `AGL`, expected `W84`"),
        (replaced("\"RFC3339\"", "\"ISO\""), "time_start.format: unknown variant `ISO`, expected `RFC3339`"),
        (replaced("\"Accepted\"", "\"accepted\""), "state: unknown variant `accepted`"),
        (replaced("\"Accepted\"", "7"), "state: "),
        (replaced("{\"lat\":46.0,\"lng\":7.0}", "[46.0,7.0]"), "center: invalid type: sequence, expected an object, LatLngPoint"),
        (replaced("\"Accepted\"", "\"Accepted\",\"state\":\"Accepted\""), "duplicate field `state`"),
        (replaced("\"Accepted\"", "\"Accepted\",\"key\":[1]"), "key[0]: invalid type: integer `1`, expected a string"),
        (replaced("\"Accepted\"", "\"Accepted\",\"key\":\"x\""), "key: invalid type: string"),
        (replaced("\"Accepted\"", &format!("\"{}\"", "x".repeat(100_000))), "…"),
        (replaced("7.0}", "1e308}"), "outside -180 to 180"),
        (replaced("https://", "\\ud800https://"), "uss_base_url: "),
        (replaced("https://", "https://\\u0000"), "has a character that URLs do not have"),
        ("[".repeat(100_000), "extents: "),
        ("{\"extents\":".repeat(100_000), "extents"),
        (format!("{{\"extents\":{}", "[".repeat(1_000_000)), "extents"),
    ];
    for (body, words) in cases {
        let reply = put(&world, body.clone()).await;
        let start: String = body.chars().take(60).collect();
        if words.is_empty() {
            assert_eq!(reply.status, 201, "{start}: {}", reply.text);
            continue;
        }
        assert_eq!(reply.status, 400, "{start}: {}", reply.text);
        let is_expected = reply.message().contains(words) || *words == "extents: " && reply.message().contains("sequence");
        assert!(is_expected, "{start}: expected {words}: {}", reply.message());
        assert!(reply.text.len() < 1_000, "{start}: the answer has {} bytes", reply.text.len());
    }
    let reply = put(&world, vec![0xff, 0xfe, b'{']).await;
    assert_eq!(reply.status, 400, "{}", reply.text);
}

#[tokio::test]
async fn unknown_fields_are_passed_over_however_deep() {
    let world = World::new();
    let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
    let good = intent(46.0, 7.0).to_string().replacen('{', &format!("{{\"x\":{deep},"), 1);
    assert_eq!(put(&world, good).await.status, 201);
    let too_deep = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let body = intent(46.0, 7.0).to_string().replacen('{', &format!("{{\"x\":{too_deep},"), 1);
    let reply = put(&world, body).await;
    assert!([400, 409].contains(&reply.status), "{}", reply.text);
}

#[tokio::test]
async fn long_bodies_are_read_up_to_their_limit() {
    let world = World::new();
    let mut body = intent(46.0, 7.0).to_string();
    body.push_str(&" ".repeat((4 << 20) - body.len()));
    assert_eq!(put(&world, body.clone()).await.status, 201);
    body.push(' ');
    let reply = put(&world, body).await;
    assert_eq!((reply.status, reply.message()), (413, "the body has more than 4 MiB"));

    let key: Vec<String> = (0..100_000).map(|number| format!("{number:032x}")).collect();
    let reply = put(&world, with(intent(47.0, 7.0), &[("key", json!(key))]).to_string()).await;
    assert_eq!(reply.status, 409, "it is there already: {}", reply.text);
    let many = vec![volume(46.0, 7.0); 5_000];
    let reply = put(&world, with(intent(47.0, 7.0), &[("extents", json!(many))]).to_string()).await;
    assert_eq!((reply.status, reply.message()), (400, "extents: has 5000 volumes; expected at most 4096"));
    let vertices: Vec<_> = (0..50_000).map(|number| json!({ "lat": 46.0, "lng": f64::from(number) * 1e-6 })).collect();
    let polygon = json!({ "outline_polygon": { "vertices": vertices } });
    let body = with(intent(47.0, 7.0), &[("/extents/0/volume", polygon)]);
    assert_eq!(put(&world, body.to_string()).await.status, 400);
}

#[tokio::test]
async fn tokens_that_do_not_count_are_401() {
    let world = World::new();
    let stranger = SigningKey::generate(SigningAlgorithm::Ed25519).unwrap();
    let good = world.token("alice", &[SC]);
    let claims = |change: &str, value: serde_json::Value| {
        let mut claims = json!({
            "iss": "test", "sub": "alice", "aud": AUDIENCE, "scope": SC, "iat": NOW_S, "exp": NOW_S + 60,
        });
        claims[change] = value;
        claims.to_string()
    };
    let sign = |header: &str, claims: &str| world.key.sign(header, claims.as_bytes()).unwrap();
    let eddsa = r#"{"alg":"EdDSA","typ":"JWT"}"#;
    let forged = {
        let (signed, _) = good.rsplit_once('.').unwrap();
        format!("{signed}.{}", stranger.sign(eddsa, b"{}").unwrap().rsplit_once('.').unwrap().1)
    };
    let of_stranger = NewToken {
        issuer: "test",
        subject: "alice",
        audiences: &[AUDIENCE.to_owned()],
        scope: SC,
        issued_at_s: NOW_S,
        expires_at_s: NOW_S + 60,
    };
    let tokens = [
        ("forged", forged),
        ("of another key", stranger.token(&of_stranger).unwrap()),
        ("expired", world.token_until("alice", &[SC], -1)),
        ("expires now", world.token_until("alice", &[SC], 0)),
        ("lives too long", world.token_until("alice", &[SC], 3601)),
        ("alg none", sign(r#"{"alg":"none"}"#, &claims("x", json!(0)))),
        ("alg none, unsigned", format!("{}.", sign(r#"{"alg":"none"}"#, &claims("x", json!(0))).rsplit_once('.').unwrap().0)),
        ("alg HS256", sign(r#"{"alg":"HS256"}"#, &claims("x", json!(0)))),
        ("wrong audience", sign(eddsa, &claims("aud", json!("other.example.com")))),
        ("no audience", sign(eddsa, &claims("aud", json!(null)))),
        ("no subject", sign(eddsa, &claims("sub", json!("")))),
        ("a subject that is a number", sign(eddsa, &claims("sub", json!(7)))),
        ("no issuer", sign(eddsa, &claims("iss", json!(null)))),
        ("no expiry", sign(eddsa, &claims("exp", json!(null)))),
        ("an expiry that is a text", sign(eddsa, &claims("exp", json!("soon")))),
        ("an expiry beyond all numbers", sign(eddsa, &claims("exp", json!(1e300)))),
        ("no JSON", sign(eddsa, "{")),
        ("no token", "x".to_owned()),
        ("dots", "..".to_owned()),
        ("endless", "a".repeat(20_000)),
    ];
    for (name, token) in tokens {
        let reply = world.ask("PUT", A, Some(&token), intent(46.0, 7.0).to_string()).await;
        assert_eq!(reply.status, 401, "{name}: {}", reply.text);
        assert_eq!(reply.headers[header::WWW_AUTHENTICATE], "Bearer", "{name}");
        assert!(!reply.message().is_empty(), "{name}");
        assert!(token.len() < 10 || !reply.text.contains(&token), "{name}: the answer repeats the token");
    }
    for value in ["", "Bearer", "Bearer ", "Basic YTpi", "bearer", "Token x", &good] {
        let request = axum::http::Request::builder().method("PUT").uri(A).header(header::AUTHORIZATION, value);
        let reply = world.send(request.body(intent(46.0, 7.0).to_string().into()).unwrap()).await;
        assert_eq!(reply.status, 401, "{value}: {}", reply.text);
    }
    assert_eq!(put(&world, intent(46.0, 7.0).to_string()).await.status, 201, "the good one counts all the same");
}

#[tokio::test]
async fn a_caller_that_may_not_ask_learns_nothing() {
    let world = World::new();
    // Whether a body is right, or a thing is there, is not told to those who may not ask.
    let token = world.token("alice", &[AA]);
    for body in [Bytes::from("{"), Bytes::from(intent(46.0, 7.0).to_string())] {
        assert_eq!(world.ask("PUT", A, Some(&token), body.clone()).await.status, 403);
        assert_eq!(world.ask("PUT", A, None, body).await.status, 401);
    }
}

#[tokio::test]
async fn an_unknown_path_or_method_is_404_in_text() {
    let world = World::new();
    let token = world.token("alice", &SCOPES);
    let cases = [
        ("POST", "/"),
        ("GET", "/desk"),
        ("GET", "/dss/v1"),
        ("GET", "/dss/v1/"),
        ("PUT", "/dss/v1/operational_intent_references"),
        ("GET", "/dss/v1/operational_intent_references"),
        ("POST", A),
        ("PATCH", A),
        ("OPTIONS", A),
        ("HEAD", A),
        ("TRACE", A),
        ("PUT", "/dss/v1/reports"),
        ("POST", "/dss/v1/uss_availability/x"),
        ("GET", "/dss/v1/operational_intent_references/a/b/c"),
        ("DELETE", "/dss/v1/operational_intent_references/a/b/c"),
        ("POST", "/healthy"),
        ("DELETE", "/metrics"),
        ("PUT", "/aux/v1/version"),
        ("GET", "//dss/v1/uss_availability/x"),
    ];
    for (method, path) in cases {
        let reply = world.ask(method, path, Some(&token), "").await;
        assert_eq!(reply.status, 404, "{method} {path}: {}", reply.text);
        let text = if method == "HEAD" { "" } else { "404 page not found\n" };
        assert_eq!(reply.text, text, "{method} {path}");
    }
}

#[tokio::test]
async fn empty_segments_are_400_for_every_operation_that_has_parameters() {
    let world = World::new();
    let token = world.token("alice", &EVERY_SCOPE);
    let bodies = [
        json!(null),
        intent(46.0, 7.0),
        constraint(46.0, 7.0),
        subscription(46.0, 7.0),
        area_v2(46.0, 7.0),
        area_v1(46.0, 7.0),
        rid_subscription_v2(46.0, 7.0),
        rid_subscription_v1(46.0, 7.0),
    ];
    for operation in Operation::ALL {
        let standard = operation.standard();
        let parameters = standard.path.matches('{').count();
        if parameters == 0 {
            continue;
        }
        let method = format!("{:?}", standard.method).to_uppercase();
        for body in &bodies {
            let path = filled(&operation.path(), &vec![""; parameters]);
            let reply = world.ask(&method, &path, Some(&token), body.to_string()).await;
            // A system without a name is one that is not known.
            let expected = if path.contains("/versions/") { 404 } else { 400 };
            assert_eq!(reply.status, expected, "{method} {path}: {}", reply.text);
            assert!(!reply.message().is_empty());
        }
    }
}

#[tokio::test]
async fn strange_parameters_are_refused_without_harm() {
    let world = World::new();
    let token = world.token("alice", &EVERY_SCOPE);
    let good = id(1);
    let strange =
        ["x", "%00", "%FF", "%", "..", "%2e%2e%2f", "null", "-1", "00000000-0000-0000-0000-000000000000", &"a".repeat(10_000)];
    for operation in Operation::ALL {
        let standard = operation.standard();
        let method = format!("{:?}", standard.method).to_uppercase();
        for value in strange {
            for place in 0..standard.path.matches('{').count() {
                let mut parameters = vec![good.as_str(); standard.path.matches('{').count()];
                parameters[place] = value;
                let path = filled(&operation.path(), &parameters);
                let reply = world.ask(&method, &path, Some(&token), intent(46.0, 7.0).to_string()).await;
                let is_read = operation == Operation::GetUssAvailability || path.contains("/versions/");
                let status = reply.status;
                assert!((400..500).contains(&status) || is_read && status == 200, "{method} {path}: {}", reply.text);
            }
        }
    }
}
