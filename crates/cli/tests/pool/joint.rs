//! The joint picture in a pool: each party talks to a node of its own, all of them at once; what one files, the others hear of through
//! theirs, and a node that dies takes nothing of it with it.

use crate::pool::{Client, Engine, Folder, Pool};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const PARTIES: [&str; 3] = ["A", "B", "C"];
/// Claims that each party files while the others file theirs.
const EACH: usize = 12;

/// Sends a request and expects to be answered 200.
fn ask(client: &mut Client, method: &str, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let (status, answer) = client.send(method, path, &body).expect("an answer");
    assert_eq!(status, 200, "{method} {path}: {answer}");
    answer
}

fn get(client: &mut Client, path: &str) -> Value {
    ask(client, "GET", path, &Value::Null)
}

/// Parties that reach each other, and the time of an exercise.
fn frame() -> Value {
    let channels =
        [("A", "B"), ("A", "C"), ("B", "C")].map(|(from, to)| json!({ "id": format!("{from}{to}"), "from": from, "to": to }));
    json!({
        "plan": {
            "plan": { "id": "pool", "title": "Pool", "as_of": "2026-06-01", "horizon": "10 d", "altitude_reference": "W84" },
            "parties": PARTIES.map(|id| json!({ "id": id, "name": id })),
            "channels": channels,
            "minima": [{ "kinds": ["flight", "flight"], "lateral": "1 km", "vertical": "300 m", "time": "5 min" }],
        },
        "settings": { "clock": "exercise" },
    })
}

/// A flight over one of many places, told to others only where it is in conflict.
fn flight(place: usize, party: usize) -> Value {
    let lower = 1000 + 200 * party;
    json!({
        "claim": {
            "kind": "flight", "start": "2026-06-02T06:00Z", "end": "2026-06-02T08:00Z",
            "lower": format!("{lower} m"), "upper": format!("{} m", lower + 1000),
            "outline": { "circle": { "at": { "lat": 34.0, "lng": 40.0 + 0.5 * place as f64 }, "radius": "5 km" } },
        },
        "disclosure": { "others": "conflict-only" },
    })
}

fn file(client: &mut Client, place: usize, party: usize) {
    ask(client, "PUT", &format!("/api/v1/claims/c{place}"), &flight(place, party));
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(10), "not {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The party's events after one, through any node.
fn events(client: &mut Client, after: u64) -> (Vec<Value>, u64) {
    let answer = get(client, &format!("/api/v1/events?after={after}"));
    (answer["events"].as_array().expect("a list").clone(), answer["latest"].as_u64().expect("a number"))
}

/// What every node says to every party is the same, link by link; the heads by party.
fn told_alike(pool: &Pool, nodes: &[usize]) -> Vec<Value> {
    let heads = PARTIES.map(|party| {
        let heads: Vec<Value> = nodes
            .iter()
            .map(|node| {
                let status = get(&mut pool.client_of(*node, party), "/api/v1/status");
                json!([status["latest_event"], status["head"]])
            })
            .collect();
        assert!(heads.iter().all(|head| *head == heads[0]), "{party}: {heads:?}");
        heads[0].clone()
    });
    heads.to_vec()
}

fn check(folder: &Folder, engine: &Engine) {
    let mut pool = Pool::start(folder, &[engine.address(), engine.address(), engine.address()]);
    let mut operator = pool.client_as(0, "operator", "deconflict.operator");
    ask(&mut operator, "PUT", "/api/v1/frame", &frame());

    // What was filed through one node is known to all of them when it is answered.
    file(&mut pool.client_of(1, "A"), 0, 0);
    file(&mut pool.client_of(2, "B"), 0, 1);
    let found = get(&mut pool.client_of(0, "A"), "/api/v1/findings");
    assert_eq!(found["findings"][0]["what"]["band_m"], json!([1200.0, 2000.0]), "{found}");
    assert_eq!(told_alike(&pool, &[0, 1, 2])[2], json!([0, null]), "C is told nothing");

    // A stream through another node than that of whoever files says so at once.
    let stream = pool.stream(0, "A");
    let begun = get(&mut pool.client_of(0, "A"), "/api/v1/status")["latest_event"].as_u64().expect("a number");
    wait_until("the stream begins", || stream.latest() >= begun);
    file(&mut pool.client_of(2, "B"), 1, 1);
    file(&mut pool.client_of(1, "A"), 1, 0);
    let filed = Instant::now();
    wait_until("the stream says it", || stream.latest() > begun);
    let told_ms = filed.elapsed().as_millis();
    println!("figure: told through another node {told_ms} ms after the answer");
    assert!(told_ms < 900, "the other node looked only when it always does");

    // All at once, each through a node of its own: nobody is refused, nothing is lost, and every conflict is told once.
    std::thread::scope(|scope| {
        for (index, party) in PARTIES.iter().enumerate() {
            let mut client = pool.client_of(index, party);
            scope.spawn(move || (2..2 + EACH).for_each(|place| file(&mut client, place, index)));
        }
    });
    let claims = |party: &str| {
        let all = get(&mut pool.client_of(1, party), "/api/v1/claims");
        all["own"].as_array().expect("a list").len()
    };
    assert_eq!(PARTIES.map(claims), [2 + EACH, 2 + EACH, EACH]);
    let before = told_alike(&pool, &[0, 1, 2]);
    for party in PARTIES {
        let (heard, latest) = events(&mut pool.client_of(2, party), 0);
        assert_eq!(heard.len() as u64, latest);
        let opened = heard.iter().filter(|event| event["event"]["change"] == "opened").map(|event| &event["event"]["finding"]);
        let (opened, kinds): (Vec<_>, BTreeSet<_>) = (opened.clone().collect(), opened.map(Value::to_string).collect());
        assert_eq!(opened.len(), kinds.len(), "{party} was told twice: {opened:?}");
        let pairs = if party == "C" { 2 * EACH } else { 2 + 2 * EACH };
        assert_eq!(kinds.len(), pairs, "{party}");
    }

    // A node dies behind its answer: the others have what it answered, and go on with the same streams.
    ask(&mut pool.client_of(0, "A"), "DELETE", "/api/v1/claims/c0", &Value::Null);
    pool.kill(0);
    let after = before[1][0].as_u64().expect("a number");
    let (heard, _) = events(&mut pool.client_of(1, "B"), after);
    assert!(heard.iter().any(|event| event["event"]["change"] == "closed"), "{heard:?}");
    file(&mut pool.client_of(1, "A"), 0, 0);
    told_alike(&pool, &[1, 2]);
    pool.revive(0);
    pool.wait_until_ready(0);
    told_alike(&pool, &[0, 1, 2]);
    // What it missed it follows; what it does then counts.
    ask(&mut pool.client_of(0, "A"), "DELETE", "/api/v1/claims/c0", &Value::Null);
    told_alike(&pool, &[0, 1, 2]);
    pool.wait_until_equal();
}

#[test]
fn parties_of_a_pool_on_etcd_share_one_picture() {
    let folder = Folder::new("pool-joint-etcd");
    let Some(engine) = Engine::etcd(&folder, 3) else { return };
    check(&folder, &engine);
}

#[test]
fn parties_of_a_pool_on_postgresql_share_one_picture() {
    let folder = Folder::new("pool-joint-postgres");
    let Some(engine) = Engine::postgres(&folder) else { return };
    check(&folder, &engine);
}
