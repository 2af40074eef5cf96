//! Our types against the published data types of F3548-21, F3411-22a and F3411-19.
//!
//! `data/*.json` hold names, types, necessity, enumerations and operations as the Python package `uas-standards` 4.4.0
//! (Apache-2.0) has them, of F3411 what a DSS needs; `data/extract.py` made them, and its first lines say how. From them this
//! test builds sample bodies. Each must survive the way through our type and back; each field in turn is left out, set to null or to a value
//! of another type, and the type must take it exactly where the package does.

mod f3548;
mod rid_v1;
mod rid_v2;

use astm::Operation;
use deconflict_astm as astm;
use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Required fields that may be missing nevertheless; the crate's opening comment says why.
const LENIENT: [(&str, &str); 3] =
    [("Time", "format"), ("Radius", "units"), ("SetUssAvailabilityStatusParameters", "old_version")];

/// One of our types, behind functions that all have the same shape.
struct Wire {
    fields: fn() -> Vec<&'static str>,
    there_and_back: fn(&Value) -> Result<Value, String>,
}

fn wire<T: DeserializeOwned + Serialize>() -> Wire {
    Wire {
        fields: || {
            let mut fields = Vec::new();
            // The error only ends the visit.
            let _: Result<T, _> = T::deserialize(FieldNames(&mut fields));
            fields
        },
        there_and_back: |body| {
            let text = body.to_string();
            let value: T = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            serde_json::to_value(value).map_err(|error| error.to_string())
        },
    }
}

/// Names the published types and ours, which are in `api`: the same word in Rust's spelling, unless a second word is given.
macro_rules! wires {
    ($($name:ident $(as $ours:ident)?),* $(,)?) => {
        BTreeMap::from([$((stringify!($name), wires!(@one $name $($ours)?))),*])
    };
    (@one $name:ident) => { $crate::wire::<api::$name>() };
    (@one $name:ident $ours:ident) => { $crate::wire::<api::$ours>() };
}
use wires;

fn standards() -> [Standard; 3] {
    [f3548::standard(), rid_v2::standard(), rid_v1::standard()]
}

#[test]
fn the_same_types_are_published_and_ours() {
    for standard in standards() {
        let published = standard.objects().keys().chain(standard.enums().keys());
        let published: BTreeSet<&str> = published.map(String::as_str).collect();
        let ours: BTreeSet<&str> = standard.wires.keys().copied().collect();
        assert_eq!(ours, published, "{standard}");
    }
}

#[test]
fn every_object_has_the_published_fields_and_no_other() {
    for standard in standards() {
        for (name, fields) in standard.objects() {
            let published: BTreeSet<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
            let ours: BTreeSet<&str> = (standard.wires[name.as_str()].fields)().into_iter().collect();
            assert_eq!(ours, published, "{standard}: {name}");
        }
    }
}

#[test]
fn every_body_survives_the_way_through_its_type() {
    for standard in standards() {
        for name in standard.objects().keys() {
            for all in [true, false] {
                let body = standard.sample(name, all);
                assert_eq!((standard.wires[name.as_str()].there_and_back)(&body), Ok(body), "{standard}: {name}");
            }
        }
    }
}

#[test]
fn fields_are_required_exactly_where_the_standard_requires_them() {
    each_field(|standard, name, field, required, check| {
        let lenient = LENIENT.contains(&(name, field));
        assert_eq!(check(None).is_ok(), !required || lenient, "{standard}: {name} without {field}");
        assert_eq!(check(Some(Value::Null)).is_ok(), !required, "{standard}: {name} with {field} null");
    });
}

#[test]
fn values_of_another_type_are_refused() {
    each_field(|standard, name, field, _, check| {
        let right = standard.field_sample(name, field);
        for wrong in [json!({"no": "such"}), json!([[]]), json!("no such"), json!(1.5), json!(true)] {
            let any_object_or_text_will_do = matches!(
                (&right, &wrong),
                (Value::Object(_), Value::Object(_)) | (Value::String(_), Value::String(_)) | (Value::Bool(_), Value::Bool(_))
            );
            if !any_object_or_text_will_do && right != wrong {
                assert!(check(Some(wrong.clone())).is_err(), "{standard}: {name} with {field} = {wrong}");
            }
        }
    });
}

#[test]
fn a_list_is_no_object() {
    assert!(serde_json::from_value::<astm::LatLngPoint>(json!([35.1, 40.4])).is_err());
    let polygon = json!({"vertices": [[35.1, 40.4], [35.2, 40.4], [35.2, 40.5]]});
    assert!(serde_json::from_value::<astm::Polygon>(polygon).is_err());
}

#[test]
fn enumerations_have_the_published_values_and_no_other() {
    for standard in standards() {
        for (name, values) in standard.enums() {
            let there_and_back = standard.wires[name.as_str()].there_and_back;
            for value in values.as_array().unwrap() {
                assert_eq!(there_and_back(value).as_ref(), Ok(value), "{standard}: {name}");
            }
            for unknown in [json!(""), json!("NoSuchValue"), json!(0), Value::Null] {
                assert!(there_and_back(&unknown).is_err(), "{standard}: {name} = {unknown}");
            }
            // The refusal lists our values: "unknown variant `NoSuchValue`, expected one of `A`, `B`".
            let error = there_and_back(&json!("NoSuchValue")).unwrap_err();
            let ours = error.split('`').skip(3).step_by(2).count();
            assert_eq!(ours, values.as_array().unwrap().len(), "{standard}: {name}: {error}");
        }
    }
}

#[test]
fn fields_that_nobody_knows_are_passed_over() {
    for standard in standards() {
        for name in standard.objects().keys() {
            let mut body = standard.sample(name, true);
            let expected = body.clone();
            body["a_field_of_tomorrow"] = json!({"deep": [1, 2]});
            let there_and_back = standard.wires[name.as_str()].there_and_back;
            assert_eq!(there_and_back(&body), Ok(expected), "{standard}: {name}");
        }
    }
}

#[test]
fn numbers_are_numbers_in_range() {
    let refused = |text: &str| serde_json::from_str::<astm::LatLngPoint>(text).is_err();
    assert!(refused(r#"{"lat": "1", "lng": 2}"#));
    assert!(refused(r#"{"lat": 1e999, "lng": 2}"#));
    assert!(refused(r#"{"lat": NaN, "lng": 2}"#));
    assert!(!refused(r#"{"lat": 1, "lng": 2.5e0}"#));
    let index = |text: &str| serde_json::from_str::<astm::SubscriptionState>(text).map(|state| state.notification_index).ok();
    assert_eq!(index(r#"{"subscription_id": "", "notification_index": 2147483647}"#), Some(i32::MAX));
    assert_eq!(index(r#"{"subscription_id": "", "notification_index": 2147483648}"#), None);
    assert_eq!(index(r#"{"subscription_id": "", "notification_index": 1.5}"#), None);
}

#[test]
fn availability_is_read_in_any_case_and_written_in_one() {
    for text in ["Down", "down", "DOWN"] {
        let state: astm::UssAvailabilityState = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(state, astm::UssAvailabilityState::Down);
        assert_eq!(serde_json::to_value(state).unwrap(), json!("Down"));
    }
}

#[test]
fn the_operations_are_the_published_ones() {
    for standard in standards() {
        let ours: Vec<&Operation> = standard.operations.iter().copied().flatten().collect();
        let shown = ours.iter().map(|operation| {
            let statuses = std::iter::once(operation.success).chain(operation.refusals.iter().copied());
            let statuses: Vec<String> = statuses.map(|status| status.to_string()).collect();
            let verb = format!("{:?}", operation.method).to_uppercase();
            (operation.id.to_owned(), json!({"verb": verb, "path": operation.path, "statuses": statuses}))
        });
        let shown: Map<String, Value> = shown.collect();
        let published = standard.digest["operations"].as_object().unwrap().iter().map(|(id, operation)| {
            let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
            (id.clone(), json!({"verb": operation["verb"], "path": operation["path"], "statuses": statuses}))
        });
        assert_eq!(shown, published.collect::<Map<String, Value>>(), "{standard}");
        assert_eq!(shown.len(), ours.len(), "{standard}: an operation is there twice");
    }
    let counts = [astm::DSS_OPERATIONS.len(), astm::rid_v2::DSS_OPERATIONS.len(), astm::rid_v1::DSS_OPERATIONS.len()];
    assert_eq!(counts, [18, 10, 10]);
}

/// Calls `test` for every field of every object: standard, names, necessity, and what our type says when the field is replaced
/// or, with `None`, left out.
fn each_field(test: impl Fn(&Standard, &str, &str, bool, &dyn Fn(Option<Value>) -> Result<Value, String>)) {
    for standard in standards() {
        for (name, fields) in standard.objects() {
            let there_and_back = standard.wires[name.as_str()].there_and_back;
            for (field, description) in fields.as_object().unwrap() {
                let check = |replacement| {
                    let mut body = standard.sample(name, true);
                    match replacement {
                        Some(value) => body[field] = value,
                        None => drop(body.as_object_mut().unwrap().remove(field)),
                    }
                    there_and_back(&body)
                };
                test(&standard, name, field, description["required"] == json!(true), &check);
            }
        }
    }
}

/// The published types of a standard, and ours.
struct Standard {
    digest: Value,
    wires: BTreeMap<&'static str, Wire>,
    operations: Vec<&'static [Operation]>,
}

impl fmt::Display for Standard {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.digest["source"].as_str().unwrap())
    }
}

impl Standard {
    fn read(digest: &str, wires: BTreeMap<&'static str, Wire>, operations: &[&'static [Operation]]) -> Self {
        Self { digest: serde_json::from_str(digest).unwrap(), wires, operations: operations.to_vec() }
    }

    fn objects(&self) -> &Map<String, Value> {
        self.digest["objects"].as_object().unwrap()
    }

    fn enums(&self) -> &Map<String, Value> {
        self.digest["enums"].as_object().unwrap()
    }

    /// A value of the type `name`; with `all` its optional fields are there too.
    fn sample(&self, name: &str, all: bool) -> Value {
        if let Some(item) = name.strip_prefix("list[") {
            return json!([self.sample(item.trim_end_matches(']'), all)]);
        }
        if let Some(fields) = self.objects().get(name) {
            let fields = fields.as_object().unwrap().iter();
            let wanted = fields.filter(|(_, field)| all || field["required"] == json!(true));
            return wanted.map(|(name, field)| (name.clone(), self.sample(field["type"].as_str().unwrap(), all))).collect();
        }
        if let Some(values) = self.enums().get(name) {
            return values[0].clone();
        }
        if let Some(target) = self.digest["aliases"].get(name) {
            return self.sample(target.as_str().unwrap(), all);
        }
        match name {
            "str" | "StringBasedDateTime" => json!("text"),
            "float" => json!(1.5),
            "int" => json!(7),
            "bool" => json!(true),
            other => panic!("the digest names the type `{other}`, which this test does not know"),
        }
    }

    fn field_sample(&self, name: &str, field: &str) -> Value {
        self.sample(self.objects()[name][field]["type"].as_str().unwrap(), true)
    }
}

/// Asks a type for its fields and gives it nothing.
struct FieldNames<'a>(&'a mut Vec<&'static str>);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("only the fields of a struct are wanted"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.extend_from_slice(fields);
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
