//! Bodies that are almost right: whatever is changed in them, the answer is a 2xx or a 4xx with a body of the standard.

use crate::harness::*;
use deconflict_service::http::{Operation, Operation::*};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

/// What takes the place of a value, or of a byte.
#[derive(Clone, Debug)]
enum Change {
    /// The value at this place becomes another.
    Value(usize, Value),
    /// The value at this place goes.
    Remove(usize),
    /// The byte at this place becomes another.
    Byte(usize, u8),
    /// The text ends here.
    Cut(usize),
    /// A piece of the text comes twice.
    Repeat(usize, usize),
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            0.0,
            -0.0,
            1e308,
            -1e308,
            5e-324,
            90.0,
            -90.0,
            180.0,
            -180.0,
            89.999_999_999,
            1e-9,
            2.5e4,
            6.4e6
        ])
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "2026-05-01T08:30:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "W84",
            "M",
            "RFC3339",
            "Accepted",
            "Activated",
            "Contingent",
            "Down",
            "https://uss.example.com",
            "Available from USS",
        ])
        .prop_map(Value::from),
        Just(json!(id(1))),
        Just(json!([])),
        Just(json!({})),
        prop::collection::vec((-90.0..90.0_f64, -180.0..180.0_f64), 0..12).prop_map(|places| {
            json!({ "vertices": places.into_iter().map(|(lat, lng)| json!({ "lat": lat, "lng": lng })).collect::<Vec<_>>() })
        }),
        (-90.0..=90.0_f64, -180.0..=180.0_f64, 0.0..40_000.0_f64).prop_map(|(lat, lng, radius)| {
            json!({ "center": { "lat": lat, "lng": lng }, "radius": { "value": radius, "units": "M" } })
        }),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (any::<usize>(), value()).prop_map(|(at, value)| Change::Value(at, value)),
        2 => any::<usize>().prop_map(Change::Remove),
        2 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        1 => any::<usize>().prop_map(Change::Cut),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ]
}

/// The places of all values in a body.
fn places(value: &Value, at: String, places: &mut Vec<String>) {
    places.push(at.clone());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| self::places(value, format!("{at}/{name}"), places)),
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| self::places(value, format!("{at}/{index}"), places));
        }
        _ => {}
    }
}

fn changed(mut body: Value, changes: &[Change]) -> Vec<u8> {
    let mut bytes = None;
    for change in changes {
        let mut all = Vec::new();
        places(&body, String::new(), &mut all);
        match change {
            Change::Value(at, value) => *body.pointer_mut(&all[at % all.len()]).expect("it is there") = value.clone(),
            Change::Remove(at) => {
                let place = &all[at % all.len()];
                if let Some((parent, name)) = place.rsplit_once('/')
                    && let Some(Value::Object(fields)) = body.pointer_mut(parent)
                {
                    fields.remove(name);
                }
            }
            Change::Byte(..) | Change::Cut(_) | Change::Repeat(..) => {
                let bytes = bytes.get_or_insert_with(|| body.to_string().into_bytes());
                change_bytes(bytes, change);
            }
        }
    }
    bytes.unwrap_or_else(|| body.to_string().into_bytes())
}

fn change_bytes(bytes: &mut Vec<u8>, change: &Change) {
    let len = bytes.len().max(1);
    match *change {
        Change::Byte(at, byte) => {
            if let Some(place) = bytes.get_mut(at % len) {
                *place = byte;
            }
        }
        Change::Cut(at) => bytes.truncate(at % len),
        Change::Repeat(from, to) => {
            let (from, to) = (from % len, to % len);
            let piece = bytes.get(from.min(to)..from.max(to)).unwrap_or_default().to_vec();
            bytes.splice(from..from, piece);
        }
        Change::Value(..) | Change::Remove(_) => {}
    }
}

#[test]
fn whatever_is_changed_in_a_body_is_answered_with_2xx_or_4xx() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let world = World::new();
    let token = world.token("alice", &EVERY_SCOPE);
    let implicit = json!({ "uss_base_url": "https://uss.example.com/a", "notify_for_constraints": true });
    let full = with(
        intent(46.0, 7.0),
        &[("new_subscription", implicit), ("key", json!([id(1)])), ("requested_ovn_suffix", json!(suffix(0, 1)))],
    );
    let triangle = json!({ "vertices": [{ "lat": 46, "lng": 7 }, { "lat": 46, "lng": 7.01 }, { "lat": 46.01, "lng": 7 }] });
    let polygon = with(constraint(46.0, 7.0), &[("/extents/0/volume/outline_circle", Value::Null)]);
    let polygon = {
        let mut polygon = polygon;
        polygon["extents"][0]["volume"]["outline_polygon"] = triangle;
        polygon
    };
    let requests: Vec<(Operation, Vec<String>, Value)> = vec![
        (CreateOperationalIntentReference, vec![id(2)], full.clone()),
        (UpdateOperationalIntentReference, vec![id(2), "00000000000000000000000000000000".to_owned()], full),
        (QueryOperationalIntentReferences, vec![], query(46.0, 7.0)),
        (CreateConstraintReference, vec![id(3)], polygon),
        (QueryConstraintReferences, vec![], query(46.0, 7.0)),
        (CreateSubscription, vec![id(4)], subscription(46.0, 7.0)),
        (QuerySubscriptions, vec![], query(46.0, 7.0)),
        (RidV2CreateArea, vec![id(5)], area_v2(46.0, 7.0)),
        (RidV2UpdateArea, vec![id(5), "1".to_owned()], area_v2(46.0, 7.0)),
        (RidV2CreateSubscription, vec![id(6)], rid_subscription_v2(46.0, 7.0)),
        (RidV1CreateArea, vec![id(7)], area_v1(46.0, 7.0)),
        (RidV1UpdateArea, vec![id(7), "1".to_owned()], area_v1(46.0, 7.0)),
        (RidV1CreateSubscription, vec![id(8)], rid_subscription_v1(46.0, 7.0)),
        (MakeDssReport, vec![], report()),
        (SetUssAvailability, vec!["carol".to_owned()], json!({ "old_version": "", "availability": "Normal" })),
    ];
    let strategy = (0..requests.len(), prop::collection::vec(change(), 1..4));
    let mut runner = TestRunner::new(Config { cases: 4_000, ..Config::default() });
    let seen = std::cell::RefCell::new(std::collections::BTreeSet::new());
    let result = runner.run(&strategy, |(which, changes)| {
        let (operation, parameters, body) = &requests[which];
        let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
        let path = filled(&operation.path(), &parameters);
        let method = format!("{:?}", operation.standard().method).to_uppercase();
        let reply = runtime.block_on(world.ask(&method, &path, Some(&token), changed(body.clone(), &changes)));
        prop_assert!((200..500).contains(&reply.status), "{operation:?} {}: {}", reply.status, reply.text);
        prop_assert!(reply.body.is_object(), "{operation:?} {}: {}", reply.status, reply.text);
        if reply.status >= 400 {
            prop_assert!(reply.body["message"].is_string(), "{operation:?} {}: {}", reply.status, reply.text);
        }
        seen.borrow_mut().insert(reply.status);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let seen = seen.into_inner();
    assert!([200, 201, 400, 409].iter().all(|status| seen.contains(status)), "the changes are too tame or too wild: {seen:?}");
}
