//! What the servers in use answer beyond the standards.

use super::{date_time, flag, in_json, list, named, object, query_parameter, text, url};
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

/// The parameter of the check of a token.
pub fn owner() -> Vec<Value> {
    vec![query_parameter("owner", false, text())]
}

/// The parameters of a heartbeat.
pub fn heartbeat() -> Vec<Value> {
    vec![
        query_parameter("source", true, json!({ "type": "string", "minLength": 1 })),
        query_parameter("timestamp", false, date_time()),
        query_parameter("next_heartbeat_expected_before", false, date_time()),
    ]
}

/// The bodies.
pub fn schemas() -> [(&'static str, Value); 9] {
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
                ("timestamp", date_time()),
                ("reporter", text()),
                ("source", text()),
                ("index", json!({ "type": "integer", "minimum": 1 })),
                ("next_heartbeat_expected_before?", date_time()),
            ]),
        ),
        (
            "GlobalOptionsResponse",
            object([("scd_global_lock", flag()), ("scd_hash_lock", flag()), ("time_based_notification_index", flag())]),
        ),
        ("GetVersionResponse", object([("system_identity", text()), ("system_version", text())])),
    ]
}
