//! Where a flight is exactly stays with its USS (DSS0010): nothing that is kept or logged tells.

use crate::harness::*;
use deconflict_journal::Storage;
use deconflict_service::http::Operation::*;
use serde_json::{Value, json};
use std::io;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// Places that nothing else in the world is at.
const LAT: f64 = 46.123_456_789_1;
const LNG: f64 = 7.987_654_321_9;
const RADIUS_M: f64 = 123.456_789;
const ALTITUDE_M: f64 = 77.777_123;

/// All that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Every way in which a number might be written down.
fn spellings(number: f64) -> Vec<Vec<u8>> {
    let digits = number.to_string().replace('.', "");
    let mut spellings = vec![
        // Seven digits of it are a place to a metre or so; less of it is in half the numbers of the world.
        number.to_string().as_bytes()[..9].to_vec(),
        digits.as_bytes()[..8].to_vec(),
        number.to_bits().to_le_bytes().to_vec(),
        number.to_bits().to_be_bytes().to_vec(),
        (number as f32).to_bits().to_le_bytes().to_vec(),
        (number as f32).to_bits().to_be_bytes().to_vec(),
        number.to_radians().to_bits().to_le_bytes().to_vec(),
        number.to_radians().to_bits().to_be_bytes().to_vec(),
    ];
    for scale in [1e6, 1e7, 1e8, 1e9] {
        let scaled = (number * scale) as i64;
        spellings.extend([scaled.to_le_bytes()[..4].to_vec(), scaled.to_be_bytes()[4..].to_vec()]);
    }
    spellings
}

fn tells(bytes: &[u8]) -> Option<f64> {
    let numbers = [LAT, LNG, RADIUS_M, ALTITUDE_M];
    let is_in = |needle: &Vec<u8>| bytes.windows(needle.len()).any(|window| window == needle);
    numbers.into_iter().find(|number| spellings(*number).iter().any(is_in))
}

#[tokio::test]
async fn no_coordinate_is_kept_or_logged() {
    let log = Log::default();
    tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(tracing::Level::TRACE).init();
    let world = World::new();
    let alice = Uss { name: "alice", scopes: &EVERY_SCOPE };
    let altitude = json!({ "value": ALTITUDE_M, "reference": "W84", "units": "M" });
    let exact = |body: Value| {
        let circle = json!({ "center": { "lat": LAT, "lng": LNG }, "radius": { "value": RADIUS_M, "units": "M" } });
        with(body, &[("/extents/0/volume/outline_circle", circle), ("/extents/0/volume/altitude_lower", altitude.clone())])
    };
    let polygon = |body: Value| {
        let vertices = json!([{ "lat": LAT, "lng": LNG }, { "lat": LAT, "lng": 7.99 }, { "lat": 46.13, "lng": LNG }]);
        let mut body = with(body, &[("/extents/0/volume/outline_circle", Value::Null)]);
        body["extents"][0]["volume"]["outline_polygon"] = json!({ "vertices": vertices });
        body
    };
    let circle = exact(intent(46.0, 7.0));
    assert!(tells(circle.to_string().as_bytes()).is_some(), "the test can see");

    let subscribed = with(subscription(46.0, 7.0), &[("extents", circle["extents"][0].clone())]);
    let area = with(area_v2(46.0, 7.0), &[("extents", circle["extents"][0].clone())]);
    let asked = json!({ "area_of_interest": circle["extents"][0] });
    let wrong = with(circle.clone(), &[("/extents/0/volume/outline_circle/radius/value", json!(1e7))]);
    let broken = with(circle.clone(), &[("/extents/0/volume/outline_circle/center/lat", json!(format!("{LAT}")))]);
    let requests = [
        (CreateOperationalIntentReference, vec![id(1)], polygon(intent(46.0, 7.0)), 201),
        (CreateConstraintReference, vec![id(2)], polygon(exact(constraint(46.0, 7.0))), 201),
        (CreateSubscription, vec![id(3)], subscribed, 200),
        (CreateOperationalIntentReference, vec![id(4)], circle.clone(), 409),
        (CreateOperationalIntentReference, vec![id(4)], wrong, 400),
        (CreateOperationalIntentReference, vec![id(4)], broken, 400),
        (QueryOperationalIntentReferences, vec![], asked, 200),
        (RidV2CreateArea, vec![id(5)], area.clone(), 200),
        (RidV2CreateSubscription, vec![id(6)], area, 200),
    ];
    for (operation, parameters, body, status) in requests {
        let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
        let reply = world.call(&alice, operation, &parameters, &body).await;
        assert_eq!(reply.status, status, "{operation:?}: {}", reply.text);
        if status != 400 {
            assert_eq!(tells(reply.text.as_bytes()), None, "{operation:?}: {}", reply.text);
        }
    }
    for (tail, status) in [("46.2", 200), ("91", 400)] {
        let reply = world.search(&alice, RidV2SearchAreas, &format!("area={LAT},{LNG},{LAT},7.99,{tail},{LNG}")).await;
        assert_eq!(reply.status, status, "{}", reply.text);
    }
    world.service.node.close();

    let files = world.storage.list().expect("files");
    assert!(files.iter().map(|file| world.storage.bytes(file).len()).sum::<usize>() > 1_000);
    for file in files {
        assert_eq!(tells(&world.storage.bytes(&file)), None, "in {file}");
    }
    let log = log.0.lock().unwrap().clone();
    let text = String::from_utf8_lossy(&log);
    assert!(text.contains("refused") && text.contains("createOperationalIntentReference"), "the test can read: {text}");
    assert_eq!(tells(&log), None, "in the log: {text}");
    let token = world.token("alice", &EVERY_SCOPE);
    assert!(!text.contains(token.split('.').nth(1).unwrap()), "no token is logged");
}
