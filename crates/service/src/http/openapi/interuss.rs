//! What the servers in use answer beyond the standards.

use super::{flag, in_json, list, named, object, text, url};
use serde_json::{Value, json};

/// Operations that need no token.
pub fn without_token() -> [(String, Value); 3] {
    let of = |path: &str, id: &str, body: &str| {
        let responses = json!({ "200": in_json("As it was asked.", body) });
        (path.to_owned(), json!({ "get": { "operationId": id, "security": [], "responses": responses } }))
    };
    [
        of("/aux/v1/version", "aux_getVersion", "VersionResponse"),
        of("/aux/v1/configuration/accepted_ca_certs", "aux_getAcceptedCAs", "CAsResponse"),
        of("/aux/v1/configuration/ca_certs", "aux_getInstanceCAs", "CAsResponse"),
    ]
}

fn of_query(name: &str, required: bool, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": required, "schema": schema })
}

/// The parameter of the check of a token.
pub fn owner() -> Vec<Value> {
    vec![of_query("owner", false, text())]
}

/// The parameters of a heartbeat.
pub fn heartbeat() -> Vec<Value> {
    let time = || json!({ "type": "string", "format": "date-time" });
    vec![
        of_query("source", true, json!({ "type": "string", "minLength": 1 })),
        of_query("timestamp", false, time()),
        of_query("next_heartbeat_expected_before", false, time()),
    ]
}

/// The bodies.
pub fn schemas() -> [(&'static str, Value); 9] {
    let time = || json!({ "type": "string", "format": "date-time" });
    [
        ("Nothing", json!({ "type": "object" })),
        ("VersionResponse", object([("version", text())])),
        ("CAsResponse", object([("CAs?", list(text()))])),
        ("PoolResponse", object([("dar_id", text())])),
        ("DssInstancesResponse", object([("dss_instances", list(named("DssInstance")))])),
        ("DssInstance", object([("id", text()), ("public_endpoint?", url()), ("most_recent_heartbeat?", named("Heartbeat"))])),
        (
            "Heartbeat",
            object([
                ("timestamp", time()),
                ("reporter", text()),
                ("source", text()),
                ("index", json!({ "type": "integer", "minimum": 1 })),
                ("next_heartbeat_expected_before?", time()),
            ]),
        ),
        (
            "GlobalOptionsResponse",
            object([("scd_global_lock", flag()), ("scd_hash_lock", flag()), ("time_based_notification_index", flag())]),
        ),
        ("GetVersionResponse", object([("system_identity", text()), ("system_version", text())])),
    ]
}
