//! Features for maps.

use deconflict_plan::report::Report;
use serde_json::Value;

use super::super::samples::{HOSTILE, bare, conflict, hostile, report, square, written};
use super::geojson;

fn collection(report: &Report) -> Value {
    serde_json::from_str(&written(|out| geojson(out, report))).expect("JSON")
}

#[test]
fn only_what_has_a_place_is_a_feature() {
    let value = collection(&report(vec![hostile(), bare()]));
    assert_eq!(value["type"], "FeatureCollection");
    assert_eq!(value["features"].as_array().map(Vec::len), Some(1));
    let feature = &value["features"][0];
    assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([7.0, 46.0]));
    assert_eq!(feature["id"], HOSTILE);
    let keys: Vec<_> = feature["properties"].as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys.len(), super::PROPERTIES.len());
    assert!(super::PROPERTIES.iter().all(|name| keys.contains(name)), "{keys:?}");
}

#[test]
fn across_the_antimeridian_it_is_cut() {
    let value = collection(&report(vec![conflict(square(10.0, 180.0))]));
    let geometry = &value["features"][0]["geometry"];
    assert_eq!((&geometry["type"], geometry["coordinates"].as_array().map(Vec::len)), (&"MultiPolygon".into(), Some(2)));
}

#[test]
fn no_place_at_all_is_an_empty_collection() {
    assert_eq!(collection(&report(vec![bare()]))["features"], serde_json::json!([]));
}
