//! What an operation is, and those of F3548: method, path, and the statuses that the standard foresees. Does not know scopes or handlers.

/// HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// `DELETE`.
    Delete,
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Name in the standard's interface description.
    pub id: &'static str,
    /// Method.
    pub method: Method,
    /// Path, with parameters in braces.
    pub path: &'static str,
    /// Status of the answer when all is well.
    pub success: u16,
    /// Statuses of the other answers that the interface description names, ascending.
    pub refusals: &'static [u16],
}

pub(crate) const fn operation(
    id: &'static str,
    method: Method,
    path: &'static str,
    success: u16,
    refusals: &'static [u16],
) -> Operation {
    Operation { id, method, path, success, refusals }
}

/// What a DSS answers.
pub const DSS_OPERATIONS: [Operation; 18] = [
    operation(
        "queryOperationalIntentReferences",
        Method::Post,
        "/dss/v1/operational_intent_references/query",
        200,
        &[400, 401, 403, 413, 429],
    ),
    operation(
        "getOperationalIntentReference",
        Method::Get,
        "/dss/v1/operational_intent_references/{entityid}",
        200,
        &[400, 401, 403, 404, 429],
    ),
    operation(
        "createOperationalIntentReference",
        Method::Put,
        "/dss/v1/operational_intent_references/{entityid}",
        201,
        &[400, 401, 403, 409, 412, 413, 429],
    ),
    operation(
        "updateOperationalIntentReference",
        Method::Put,
        "/dss/v1/operational_intent_references/{entityid}/{ovn}",
        200,
        &[400, 401, 403, 409, 412, 413, 429],
    ),
    operation(
        "deleteOperationalIntentReference",
        Method::Delete,
        "/dss/v1/operational_intent_references/{entityid}/{ovn}",
        200,
        &[400, 401, 403, 404, 409, 412, 429],
    ),
    operation("queryConstraintReferences", Method::Post, "/dss/v1/constraint_references/query", 200, &[400, 401, 403, 413, 429]),
    operation("getConstraintReference", Method::Get, "/dss/v1/constraint_references/{entityid}", 200, &[400, 401, 403, 404, 429]),
    operation(
        "createConstraintReference",
        Method::Put,
        "/dss/v1/constraint_references/{entityid}",
        201,
        &[400, 401, 403, 409, 413, 429],
    ),
    operation(
        "updateConstraintReference",
        Method::Put,
        "/dss/v1/constraint_references/{entityid}/{ovn}",
        200,
        &[400, 401, 403, 409, 413, 429],
    ),
    operation(
        "deleteConstraintReference",
        Method::Delete,
        "/dss/v1/constraint_references/{entityid}/{ovn}",
        200,
        &[400, 401, 403, 404, 409, 429],
    ),
    operation("querySubscriptions", Method::Post, "/dss/v1/subscriptions/query", 200, &[400, 401, 403, 413, 429]),
    operation("getSubscription", Method::Get, "/dss/v1/subscriptions/{subscriptionid}", 200, &[400, 401, 403, 404, 429]),
    operation("createSubscription", Method::Put, "/dss/v1/subscriptions/{subscriptionid}", 200, &[400, 401, 403, 409, 429]),
    operation(
        "updateSubscription",
        Method::Put,
        "/dss/v1/subscriptions/{subscriptionid}/{version}",
        200,
        &[400, 401, 403, 409, 429],
    ),
    operation(
        "deleteSubscription",
        Method::Delete,
        "/dss/v1/subscriptions/{subscriptionid}/{version}",
        200,
        &[400, 401, 403, 404, 409, 429],
    ),
    operation("makeDssReport", Method::Post, "/dss/v1/reports", 201, &[400, 401, 403, 429]),
    operation("setUssAvailability", Method::Put, "/dss/v1/uss_availability/{uss_id}", 200, &[400, 401, 403, 429]),
    operation("getUssAvailability", Method::Get, "/dss/v1/uss_availability/{uss_id}", 200, &[400, 401, 403, 429]),
];

/// What a USS answers its peers.
pub const USS_OPERATIONS: [Operation; 7] = [
    operation(
        "getOperationalIntentDetails",
        Method::Get,
        "/uss/v1/operational_intents/{entityid}",
        200,
        &[400, 401, 403, 404, 429],
    ),
    operation(
        "getOperationalIntentTelemetry",
        Method::Get,
        "/uss/v1/operational_intents/{entityid}/telemetry",
        200,
        &[400, 401, 403, 404, 409, 412, 429],
    ),
    operation(
        "notifyOperationalIntentDetailsChanged",
        Method::Post,
        "/uss/v1/operational_intents",
        204,
        &[400, 401, 403, 409, 429],
    ),
    operation("getConstraintDetails", Method::Get, "/uss/v1/constraints/{entityid}", 200, &[400, 401, 403, 404, 429]),
    operation("notifyConstraintDetailsChanged", Method::Post, "/uss/v1/constraints", 204, &[400, 401, 403, 409, 429]),
    operation("makeUssReport", Method::Post, "/uss/v1/reports", 201, &[400, 401, 403, 429]),
    operation("getLogSet", Method::Get, "/uss/v1/log_sets/{log_set_id}", 200, &[]),
];
