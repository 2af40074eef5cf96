//! The description against the tables, and within itself.

use super::*;
use std::collections::BTreeSet;

#[test]
fn every_operation_is_described_with_its_statuses() {
    let document = openapi();
    for operation in Operation::ALL {
        let standard = operation.standard();
        let described = &document["paths"][operation.path()][method(standard.method)];
        assert_eq!(described["operationId"], operation.name());
        let responses = described["responses"].as_object().unwrap();
        for status in standard.refusals.iter().chain([&standard.success]) {
            assert!(responses.contains_key(&status.to_string()), "{} {status}", standard.id);
        }
        assert!(responses.values().all(|response| response["description"] != ""), "{}", standard.id);
        // A heartbeat says everything in its path.
        let has_body = matches!(standard.method, Method::Put | Method::Post) && operation != Operation::PutHeartbeat;
        assert_eq!(described.get("requestBody").is_some(), has_body, "{}", standard.id);
    }
}

#[test]
fn every_schema_is_used_and_every_one_that_is_used_is_there() {
    let document = openapi();
    let mut used = BTreeSet::new();
    gather(&document, &mut used);
    let there: BTreeSet<String> = document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(used, there);
}

fn gather(value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                used.insert(name.trim_start_matches("#/components/schemas/").to_owned());
            }
            fields.values().for_each(|value| gather(value, used));
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, used)),
        _ => {}
    }
}

#[test]
fn what_may_be_missing_in_a_request_may_be_null_and_of_two_outlines_one_is_there() {
    let document = openapi();
    let schema = |name: &str| document["components"]["schemas"][name].clone();
    assert_eq!(schema("ExchangeRecord")["properties"]["problem"], json!({ "type": "string", "nullable": true }));
    let lower = &schema("Volume3D")["properties"]["altitude_lower"];
    assert_eq!(*lower, json!({ "allOf": [named("Altitude")], "nullable": true }));
    assert_eq!(schema("Volume3D")["oneOf"].as_array().unwrap().len(), 2);
    // An intent needs its altitudes.
    assert_eq!(schema("IntentVolume3D")["properties"]["altitude_lower"], named("Altitude"));
    assert_eq!(schema("IntentVolume3D")["required"], json!(["altitude_lower", "altitude_upper"]));
    // Answers have no nulls.
    assert_eq!(schema("ErrorResponse")["properties"]["message"], text());
}
