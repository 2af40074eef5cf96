//! A description of our operations for tools that read OpenAPI 3.0, made from the tables that the service works by.
//!
//! Paths, statuses and scopes come from those tables; the shapes of the bodies stand below, in our own words, and a test holds
//! them against what the service reads.

mod interuss;
mod rid;

use crate::http::Operation;
use deconflict_astm::Method;
use serde_json::{Map, Value, json};

/// A UUID of version 4, as JSON Schema tells it.
const UUID_V4: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";

/// A UUID of version 7.
const UUID_V7: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";

/// What every operation may answer beside what the standard names: the body is too long, nothing can be written now.
const EVERYWHERE: [u16; 6] = [400, 401, 403, 413, 429, 503];

/// The description.
pub fn openapi() -> Value {
    let mut paths = Map::new();
    for operation in Operation::ALL {
        let full = operation.path();
        let parameters = parameters(&full);
        let path = paths.entry(full).or_insert_with(|| json!({ "parameters": parameters }));
        path[method(operation.standard().method)] = described(operation);
    }
    paths.extend(interuss::without_token());
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Deconflict: the DSS interfaces of ASTM F3548-21, F3411-22a and F3411-19",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
        },
        "security": [{ "bearer": [] }],
    })
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::Delete => "delete",
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
    }
}

fn parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |name| {
        let schema = match name {
            "entityid" | "subscriptionid" | "id" => id(),
            "ovn" => json!({ "type": "string", "minLength": 16, "maxLength": 128 }),
            "uss_id" => json!({ "type": "string", "minLength": 1, "maxLength": 256 }),
            _ => json!({ "type": "string", "minLength": 1 }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    };
    names.map(parameter).collect()
}

/// A parameter behind the `?`.
fn query_parameter(name: &str, required: bool, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": required, "schema": schema })
}

/// An instant as a text alone, as F3411-19 and InterUSS write it.
fn date_time() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn described(operation: Operation) -> Value {
    let standard = operation.standard();
    let (request, answer) = bodies(operation);
    let mut responses = Map::new();
    responses.insert(standard.success.to_string(), in_json("As it was asked.", answer));
    let conflict_at_availability = (operation == Operation::SetUssAvailability).then_some(409);
    for status in standard.refusals.iter().chain(&EVERYWHERE).copied().chain(conflict_at_availability) {
        let body = if status == 409 && request == Some("PutOperationalIntentReferenceParameters") {
            "AirspaceConflictResponse"
        } else {
            "ErrorResponse"
        };
        responses.insert(status.to_string(), in_json(meaning(status), body));
    }
    let scopes = operation.scopes().join(" or ");
    let mut described = json!({
        "operationId": operation.name(),
        "description": format!("Needs a token with the scope {scopes}."),
        "responses": responses,
    });
    let query = match operation {
        Operation::RidV1SearchAreas | Operation::RidV2SearchAreas => rid::search(true),
        Operation::RidV1SearchSubscriptions | Operation::RidV2SearchSubscriptions => rid::search(false),
        Operation::ValidateOauth => interuss::owner(),
        Operation::PutHeartbeat => interuss::heartbeat(),
        _ => Vec::new(),
    };
    if !query.is_empty() {
        described["parameters"] = json!(query);
    }
    if let Some(request) = request {
        let content = json!({ "application/json": { "schema": named(request), "example": example(request) } });
        described["requestBody"] = json!({ "required": true, "content": content });
    }
    described
}

/// The names of the bodies that an operation reads and answers with.
const fn bodies(operation: Operation) -> (Option<&'static str>, &'static str) {
    use Operation::*;
    match operation {
        QueryOperationalIntentReferences => (Some("AreaOfInterestParameters"), "QueryOperationalIntentReferenceResponse"),
        GetOperationalIntentReference => (None, "GetOperationalIntentReferenceResponse"),
        CreateOperationalIntentReference | UpdateOperationalIntentReference => {
            (Some("PutOperationalIntentReferenceParameters"), "ChangeOperationalIntentReferenceResponse")
        }
        DeleteOperationalIntentReference => (None, "ChangeOperationalIntentReferenceResponse"),
        QueryConstraintReferences => (Some("AreaOfInterestParameters"), "QueryConstraintReferencesResponse"),
        GetConstraintReference => (None, "GetConstraintReferenceResponse"),
        CreateConstraintReference | UpdateConstraintReference => {
            (Some("PutConstraintReferenceParameters"), "ChangeConstraintReferenceResponse")
        }
        DeleteConstraintReference => (None, "ChangeConstraintReferenceResponse"),
        QuerySubscriptions => (Some("AreaOfInterestParameters"), "QuerySubscriptionsResponse"),
        GetSubscription | DeleteSubscription => (None, "SubscriptionResponse"),
        CreateSubscription | UpdateSubscription => (Some("PutSubscriptionParameters"), "PutSubscriptionResponse"),
        MakeDssReport => (Some("ErrorReport"), "ErrorReport"),
        SetUssAvailability => (Some("SetUssAvailabilityStatusParameters"), "UssAvailabilityStatusResponse"),
        GetUssAvailability => (None, "UssAvailabilityStatusResponse"),
        RidV2SearchAreas => (None, "RidV2SearchIdentificationServiceAreasResponse"),
        RidV2GetArea => (None, "RidV2GetIdentificationServiceAreaResponse"),
        RidV2CreateArea => (Some("RidV2CreateIdentificationServiceAreaParameters"), "RidV2IdentificationServiceAreaChanged"),
        RidV2UpdateArea => (Some("RidV2UpdateIdentificationServiceAreaParameters"), "RidV2IdentificationServiceAreaChanged"),
        RidV2DeleteArea => (None, "RidV2IdentificationServiceAreaChanged"),
        RidV2SearchSubscriptions => (None, "RidV2SearchSubscriptionsResponse"),
        RidV2GetSubscription | RidV2DeleteSubscription => (None, "RidV2SubscriptionResponse"),
        RidV2CreateSubscription | RidV2UpdateSubscription => {
            (Some("RidV2PutSubscriptionParameters"), "RidV2PutSubscriptionResponse")
        }
        RidV1SearchAreas => (None, "RidV1SearchIdentificationServiceAreasResponse"),
        RidV1GetArea => (None, "RidV1GetIdentificationServiceAreaResponse"),
        RidV1CreateArea => (Some("RidV1CreateIdentificationServiceAreaParameters"), "RidV1IdentificationServiceAreaChanged"),
        RidV1UpdateArea => (Some("RidV1UpdateIdentificationServiceAreaParameters"), "RidV1IdentificationServiceAreaChanged"),
        RidV1DeleteArea => (None, "RidV1IdentificationServiceAreaChanged"),
        RidV1SearchSubscriptions => (None, "RidV1SearchSubscriptionsResponse"),
        RidV1GetSubscription | RidV1DeleteSubscription => (None, "RidV1SubscriptionResponse"),
        RidV1CreateSubscription | RidV1UpdateSubscription => {
            (Some("RidV1PutSubscriptionParameters"), "RidV1PutSubscriptionResponse")
        }
        ValidateOauth => (None, "Nothing"),
        GetPool => (None, "PoolResponse"),
        GetDssInstances | PutHeartbeat => (None, "DssInstancesResponse"),
        GetGlobalOptions => (None, "GlobalOptionsResponse"),
        GetSystemVersion | GetSystemVersionBelow => (None, "GetVersionResponse"),
    }
}

const fn meaning(status: u16) -> &'static str {
    match status {
        400 => "The request makes no sense, or a rule forbids it.",
        401 => "The token does not count.",
        403 => "The caller may not do this.",
        404 => "There is no such thing.",
        409 => "Something else is there than the caller believes, or it does not know all that is in the way.",
        412 => "The caller has been declared down.",
        413 => "The body is too long, or the area too large.",
        429 => "The caller asks too often, or holds as much as it may.",
        503 => "Nothing can be written now, or there are too many requests; try again after Retry-After.",
        _ => "",
    }
}

fn in_json(description: &str, schema: &str) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": named(schema) } } })
}

fn named(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn one_of(names: &[&str]) -> Value {
    json!({ "type": "string", "enum": names })
}

fn id() -> Value {
    json!({ "type": "string", "format": "uuid", "pattern": UUID_V4 })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn url() -> Value {
    json!({ "type": "string", "format": "uri", "maxLength": 2048 })
}

fn count() -> Value {
    json!({ "type": "integer", "format": "int32", "minimum": 0 })
}

/// An object of these fields; a name that ends in `?` or `~` may be missing.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let marks = ['?', '~'];
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).filter(|name| !name.ends_with(marks)).collect();
    let properties: Map<String, Value> =
        fields.into_iter().map(|(name, schema)| (name.trim_end_matches(marks).to_owned(), schema)).collect();
    let mut object = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

/// The same in a request, where what may be missing may also be `null`, unless its name ends in `~`: the standard requires that,
/// and only servers never asked for it.
fn asked<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    object(fields.map(|(name, mut schema)| {
        if name.ends_with('?') {
            if schema.get("$ref").is_some() {
                schema = json!({ "allOf": [schema] });
            }
            schema["nullable"] = json!(true);
        }
        (name, schema)
    }))
}

/// Every body, and what it is made of, by name.
fn schemas() -> Value {
    let mut schemas = Map::new();
    for (name, schema) in
        places().into_iter().chain(entities()).chain(requests()).chain(answers()).chain(rid::schemas()).chain(interuss::schemas())
    {
        schemas.insert(name.to_owned(), schema);
    }
    Value::Object(schemas)
}

/// A body that is right on every day until 2200.
fn example(request: &str) -> Value {
    let time = |value: &str| json!({ "value": value, "format": "RFC3339" });
    let altitude = |value: u32| json!({ "value": value, "reference": "W84", "units": "M" });
    let volume = json!({
        "volume": {
            "outline_circle": { "center": { "lat": 46.0, "lng": 7.0 }, "radius": { "value": 100, "units": "M" } },
            "altitude_lower": altitude(50),
            "altitude_upper": altitude(120),
        },
        "time_start": time("2200-01-01T08:00:00Z"),
        "time_end": time("2200-01-01T09:00:00Z"),
    });
    let url = "https://uss.example.com";
    match request {
        "PutOperationalIntentReferenceParameters" => {
            json!({ "extents": [volume], "key": [], "state": "Accepted", "uss_base_url": url })
        }
        "PutConstraintReferenceParameters" => json!({ "extents": [volume], "uss_base_url": url }),
        "PutSubscriptionParameters" => {
            json!({ "extents": volume, "uss_base_url": url, "notify_for_operational_intents": true })
        }
        "SetUssAvailabilityStatusParameters" => json!({ "old_version": "", "availability": "Normal" }),
        "ErrorReport" => json!({
            "exchange": {
                "url": "https://uss.example.com/uss/v1/operational_intents",
                "method": "POST",
                "recorder_role": "Client",
                "request_time": time("2200-01-01T08:00:00Z"),
                "problem": "no answer",
            },
        }),
        "AreaOfInterestParameters" => json!({ "area_of_interest": volume }),
        _ => rid::example(request, &volume),
    }
}

/// The fields of a volume; in one of these forms, with one outline of two.
fn volume(altitude_lower: &'static str, altitude_upper: &'static str) -> Value {
    let mut volume = asked([
        ("outline_circle?", named("Circle")),
        ("outline_polygon?", named("Polygon")),
        (altitude_lower, named("Altitude")),
        (altitude_upper, named("Altitude")),
    ]);
    let only = |outline: &str| json!({ "properties": { outline: { "type": "object" } }, "required": [outline] });
    volume["oneOf"] = json!([only("outline_circle"), only("outline_polygon")]);
    volume
}

fn places() -> [(&'static str, Value); 11] {
    let number = |least: f64, most: f64| json!({ "type": "number", "format": "double", "minimum": least, "maximum": most });
    let length = json!({ "type": "number", "format": "double", "minimum": 0, "exclusiveMinimum": true });
    [
        ("Time", asked([("value", json!({ "type": "string", "format": "date-time" })), ("format~", one_of(&["RFC3339"]))])),
        ("Radius", asked([("value", length), ("units~", one_of(&["M"]))])),
        ("Altitude", asked([("value", number(-8_000.0, 100_000.0)), ("reference", one_of(&["W84"])), ("units", one_of(&["M"]))])),
        ("LatLngPoint", asked([("lng", number(-180.0, 180.0)), ("lat", number(-90.0, 90.0))])),
        ("Circle", asked([("center", named("LatLngPoint")), ("radius", named("Radius"))])),
        ("Polygon", asked([("vertices", json!({ "type": "array", "items": named("LatLngPoint"), "minItems": 3 }))])),
        ("Volume3D", volume("altitude_lower?", "altitude_upper?")),
        ("Volume4D", asked([("volume", named("Volume3D")), ("time_start?", named("Time")), ("time_end?", named("Time"))])),
        ("IntentVolume3D", volume("altitude_lower", "altitude_upper")),
        (
            "IntentVolume4D",
            asked([("volume", named("IntentVolume3D")), ("time_start", named("Time")), ("time_end", named("Time"))]),
        ),
        (
            "ConstraintVolume4D",
            asked([("volume", named("Volume3D")), ("time_start", named("Time")), ("time_end", named("Time"))]),
        ),
    ]
}

fn entities() -> [(&'static str, Value); 6] {
    let availability = || one_of(&["Unknown", "Normal", "Down"]);
    let state = || one_of(&["Accepted", "Activated", "Nonconforming", "Contingent"]);
    [
        (
            "OperationalIntentReference",
            object([
                ("id", id()),
                ("manager", text()),
                ("uss_availability", availability()),
                ("version", count()),
                ("state", state()),
                ("ovn?", text()),
                ("time_start", named("Time")),
                ("time_end", named("Time")),
                ("uss_base_url", url()),
                ("subscription_id", id()),
            ]),
        ),
        (
            "ConstraintReference",
            object([
                ("id", id()),
                ("manager", text()),
                ("uss_availability", availability()),
                ("version", count()),
                ("ovn?", text()),
                ("time_start", named("Time")),
                ("time_end", named("Time")),
                ("uss_base_url", url()),
            ]),
        ),
        (
            "Subscription",
            object([
                ("id", id()),
                ("version", text()),
                ("notification_index", count()),
                ("time_start?", named("Time")),
                ("time_end?", named("Time")),
                ("uss_base_url", url()),
                ("notify_for_operational_intents?", flag()),
                ("notify_for_constraints?", flag()),
                ("implicit_subscription?", flag()),
                ("dependent_operational_intents?", list(id())),
            ]),
        ),
        ("SubscriptionState", object([("subscription_id", id()), ("notification_index", count())])),
        ("SubscriberToNotify", object([("subscriptions", list(named("SubscriptionState"))), ("uss_base_url", url())])),
        ("UssAvailabilityStatus", object([("uss", text()), ("availability", availability())])),
    ]
}

fn requests() -> [(&'static str, Value); 9] {
    let extents = |volume| json!({ "type": "array", "items": named(volume), "minItems": 1, "maxItems": 4096 });
    let state = || one_of(&["Accepted", "Activated", "Nonconforming", "Contingent"]);
    [
        ("AreaOfInterestParameters", asked([("area_of_interest", named("Volume4D"))])),
        ("ImplicitSubscriptionParameters", asked([("uss_base_url", url()), ("notify_for_constraints?", flag())])),
        (
            "PutOperationalIntentReferenceParameters",
            asked([
                ("extents", extents("IntentVolume4D")),
                ("key?", list(text())),
                ("state", state()),
                ("uss_base_url", url()),
                ("subscription_id?", id()),
                ("new_subscription?", named("ImplicitSubscriptionParameters")),
                ("requested_ovn_suffix?", json!({ "type": "string", "format": "uuid", "pattern": UUID_V7 })),
            ]),
        ),
        ("PutConstraintReferenceParameters", asked([("extents", extents("ConstraintVolume4D")), ("uss_base_url", url())])),
        (
            "PutSubscriptionParameters",
            asked([
                ("extents", named("Volume4D")),
                ("uss_base_url", url()),
                ("notify_for_operational_intents?", flag()),
                ("notify_for_constraints?", flag()),
            ]),
        ),
        (
            "SetUssAvailabilityStatusParameters",
            asked([("old_version~", text()), ("availability", one_of(&["Unknown", "Normal", "Down"]))]),
        ),
        (
            "ExchangeRecord",
            asked([
                ("url", text()),
                ("method", text()),
                ("headers?", list(text())),
                ("recorder_role", one_of(&["Client", "Server"])),
                ("request_time", named("ReportedTime")),
                ("request_body?", text()),
                ("response_time?", named("ReportedTime")),
                ("response_body?", text()),
                ("response_code?", json!({ "type": "integer", "format": "int32" })),
                ("problem?", text()),
            ]),
        ),
        // A report is kept as it is: what somebody noted may be the very thing that was wrong.
        ("ReportedTime", asked([("value", text()), ("format~", one_of(&["RFC3339"]))])),
        ("ErrorReport", asked([("report_id?", text()), ("exchange", named("ExchangeRecord"))])),
    ]
}

fn answers() -> [(&'static str, Value); 12] {
    let intents = || list(named("OperationalIntentReference"));
    let constraints = || list(named("ConstraintReference"));
    let subscribers = || list(named("SubscriberToNotify"));
    let intent = || named("OperationalIntentReference");
    let constraint = || named("ConstraintReference");
    [
        ("ErrorResponse", object([("message?", text())])),
        (
            "AirspaceConflictResponse",
            object([("message?", text()), ("missing_operational_intents?", intents()), ("missing_constraints?", constraints())]),
        ),
        (
            "ChangeOperationalIntentReferenceResponse",
            object([("subscribers", subscribers()), ("operational_intent_reference", intent())]),
        ),
        ("GetOperationalIntentReferenceResponse", object([("operational_intent_reference", intent())])),
        ("QueryOperationalIntentReferenceResponse", object([("operational_intent_references", intents())])),
        ("ChangeConstraintReferenceResponse", object([("subscribers", subscribers()), ("constraint_reference", constraint())])),
        ("GetConstraintReferenceResponse", object([("constraint_reference", constraint())])),
        ("QueryConstraintReferencesResponse", object([("constraint_references", constraints())])),
        ("SubscriptionResponse", object([("subscription", named("Subscription"))])),
        (
            "PutSubscriptionResponse",
            object([
                ("subscription", named("Subscription")),
                ("operational_intent_references?", intents()),
                ("constraint_references?", constraints()),
            ]),
        ),
        ("QuerySubscriptionsResponse", object([("subscriptions", list(named("Subscription")))])),
        ("UssAvailabilityStatusResponse", object([("version", text()), ("status", named("UssAvailabilityStatus"))])),
    ]
}

#[cfg(test)]
#[path = "openapi_tests.rs"]
mod tests;
