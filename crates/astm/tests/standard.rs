//! Our types against the published data types of F3548-21.
//!
//! `data/f3548.json` holds names, types, necessity, enumerations and operations as the Python package `uas-standards`
//! 4.4.0 (Apache-2.0) has them; `data/extract.py` made it, and its first lines say how. From it this test builds sample
//! bodies. Each must survive the way through our type and back; each field in turn is left out, set to null or to a value
//! of another type, and the type must take it exactly where the package does.

use deconflict_astm as astm;
use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

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

/// Names the published types and ours: the same word in Rust's spelling, unless a second word is given.
macro_rules! wires {
    ($($name:ident $(as $ours:ident)?),* $(,)?) => {
        BTreeMap::from([$((stringify!($name), wires!(@one $name $($ours)?))),*])
    };
    (@one $name:ident) => { wire::<astm::$name>() };
    (@one $name:ident $ours:ident) => { wire::<astm::$ours>() };
}

fn wires() -> BTreeMap<&'static str, Wire> {
    wires![
        AirspaceConflictResponse,
        Altitude,
        AltitudeReference,
        AltitudeUnits,
        Authority,
        ChangeConstraintReferenceResponse,
        ChangeOperationalIntentReferenceResponse,
        Circle,
        CodeAuthorityRole,
        CodeZoneReasonType,
        CodeZoneType,
        Constraint,
        ConstraintDetails,
        ConstraintProviderAssociation,
        ConstraintReference,
        DeleteSubscriptionResponse,
        ErrorReport,
        ErrorResponse,
        ExchangeRecord,
        ExchangeRecordRecorderRole as RecorderRole,
        GeoZone,
        GeoZoneAdditionalProperties,
        GetConstraintDetailsResponse,
        GetConstraintReferenceResponse,
        GetOperationalIntentDetailsResponse,
        GetOperationalIntentReferenceResponse,
        GetOperationalIntentTelemetryResponse,
        GetSubscriptionResponse,
        ImplicitSubscriptionParameters,
        LatLngPoint,
        OperationalIntent,
        OperationalIntentDetails,
        OperationalIntentPositions,
        OperationalIntentReference,
        OperationalIntentState,
        OperatorAssociation,
        PlanningRecord,
        Polygon,
        Position,
        PositionAccuracyHorizontal,
        PositionAccuracyVertical,
        PositionRecord,
        PutConstraintDetailsParameters,
        PutConstraintReferenceParameters,
        PutOperationalIntentDetailsParameters,
        PutOperationalIntentReferenceParameters,
        PutSubscriptionParameters,
        PutSubscriptionResponse,
        QueryConstraintReferenceParameters,
        QueryConstraintReferencesResponse,
        QueryOperationalIntentReferenceParameters,
        QueryOperationalIntentReferenceResponse,
        QuerySubscriptionParameters,
        QuerySubscriptionsResponse,
        Radius,
        RadiusUnits,
        SetUssAvailabilityStatusParameters,
        SubscriberToNotify,
        Subscription,
        SubscriptionState,
        Time,
        TimeFormat,
        USSLogSet as UssLogSet,
        UserInputRecord,
        UserInputRecordInputTriggeringEvent as InputTriggeringEvent,
        UserNotificationRecord,
        UserNotificationRecordNotificationTriggeringEvent as NotificationTriggeringEvent,
        UssAvailabilityState,
        UssAvailabilityStatus,
        UssAvailabilityStatusResponse,
        VehicleTelemetry,
        Velocity,
        VelocityUnitsSpeed,
        Volume3D,
        Volume4D,
    ]
}

#[test]
fn the_same_types_are_published_and_ours() {
    let standard = Standard::read();
    let published: BTreeSet<&str> = standard.objects().keys().chain(standard.enums().keys()).map(String::as_str).collect();
    let ours: BTreeSet<&str> = wires().into_keys().collect();
    assert_eq!(ours, published);
}

#[test]
fn every_object_has_the_published_fields_and_no_other() {
    let standard = Standard::read();
    let wires = wires();
    for (name, fields) in standard.objects() {
        let published: BTreeSet<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
        let ours: BTreeSet<&str> = (wires[name.as_str()].fields)().into_iter().collect();
        assert_eq!(ours, published, "{name}");
    }
}

#[test]
fn every_body_survives_the_way_through_its_type() {
    let standard = Standard::read();
    let wires = wires();
    for name in standard.objects().keys() {
        for all in [true, false] {
            let body = standard.sample(name, all);
            assert_eq!((wires[name.as_str()].there_and_back)(&body), Ok(body), "{name}");
        }
    }
}

#[test]
fn fields_are_required_exactly_where_the_standard_requires_them() {
    each_field(|name, field, required, check| {
        let lenient = LENIENT.contains(&(name, field));
        assert_eq!(check(None).is_ok(), !required || lenient, "{name} without {field}");
        assert_eq!(check(Some(Value::Null)).is_ok(), !required, "{name} with {field} null");
    });
}

#[test]
fn values_of_another_type_are_refused() {
    let standard = Standard::read();
    each_field(|name, field, _, check| {
        let right = standard.field_sample(name, field);
        for wrong in [json!({"no": "such"}), json!([[]]), json!("no such"), json!(1.5), json!(true)] {
            let any_object_or_text_will_do = matches!(
                (&right, &wrong),
                (Value::Object(_), Value::Object(_)) | (Value::String(_), Value::String(_)) | (Value::Bool(_), Value::Bool(_))
            );
            if !any_object_or_text_will_do && right != wrong {
                assert!(check(Some(wrong.clone())).is_err(), "{name} with {field} = {wrong}");
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
    let standard = Standard::read();
    let wires = wires();
    for (name, values) in standard.enums() {
        let there_and_back = wires[name.as_str()].there_and_back;
        for value in values.as_array().unwrap() {
            assert_eq!(there_and_back(value).as_ref(), Ok(value), "{name}");
        }
        for unknown in [json!(""), json!("NoSuchValue"), json!(0), Value::Null] {
            assert!(there_and_back(&unknown).is_err(), "{name} = {unknown}");
        }
        // The refusal lists our values: "unknown variant `NoSuchValue`, expected one of `A`, `B`".
        let error = there_and_back(&json!("NoSuchValue")).unwrap_err();
        let ours = error.split('`').skip(3).step_by(2).count();
        assert_eq!(ours, values.as_array().unwrap().len(), "{name}: {error}");
    }
}

#[test]
fn fields_that_nobody_knows_are_passed_over() {
    let standard = Standard::read();
    for (name, wire) in wires() {
        if standard.objects().contains_key(name) {
            let mut body = standard.sample(name, true);
            let expected = body.clone();
            body["a_field_of_tomorrow"] = json!({"deep": [1, 2]});
            assert_eq!((wire.there_and_back)(&body), Ok(expected), "{name}");
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
    let standard = Standard::read();
    let operations = standard.0["operations"].as_object().unwrap();
    assert_eq!(astm::DSS_OPERATIONS.len(), 18);
    let mut ours = Map::new();
    for operation in astm::DSS_OPERATIONS.iter().chain(&astm::USS_OPERATIONS) {
        let statuses: Vec<String> =
            std::iter::once(operation.success).chain(operation.refusals.iter().copied()).map(|s| s.to_string()).collect();
        let verb = format!("{:?}", operation.method).to_uppercase();
        ours.insert(operation.id.to_owned(), json!({"verb": verb, "path": operation.path, "statuses": statuses}));
    }
    let published: Map<String, Value> = operations
        .iter()
        .map(|(id, operation)| {
            let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
            (id.clone(), json!({"verb": operation["verb"], "path": operation["path"], "statuses": statuses}))
        })
        .collect();
    assert_eq!(ours, published);
}

/// Calls `test` for every field of every object: names, necessity, and what our type says when the field is replaced or,
/// with `None`, left out.
fn each_field(test: impl Fn(&str, &str, bool, &dyn Fn(Option<Value>) -> Result<Value, String>)) {
    let standard = Standard::read();
    for (name, wire) in wires() {
        let Some(fields) = standard.objects().get(name) else { continue };
        for (field, description) in fields.as_object().unwrap() {
            let check = |replacement| {
                let mut body = standard.sample(name, true);
                match replacement {
                    Some(value) => body[field] = value,
                    None => drop(body.as_object_mut().unwrap().remove(field)),
                }
                (wire.there_and_back)(&body)
            };
            test(name, field, description["required"] == json!(true), &check);
        }
    }
}

/// The published types.
struct Standard(Value);

impl Standard {
    fn read() -> Self {
        Self(serde_json::from_str(include_str!("data/f3548.json")).unwrap())
    }

    fn objects(&self) -> &Map<String, Value> {
        self.0["objects"].as_object().unwrap()
    }

    fn enums(&self) -> &Map<String, Value> {
        self.0["enums"].as_object().unwrap()
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
        if let Some(target) = self.0["aliases"].get(name) {
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
