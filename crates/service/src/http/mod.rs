//! The HTTP interface: the operations of a DSS of F3548, F3411-22a and F3411-19, what the servers in use answer beyond them,
//! and a few things for whoever runs it.
//!
//! [`router`] is all of it, and needs no socket: tests send it requests in-process.
//!
//! Order of checks: length of the body, token, scope, rate, form of the request, geometry, and at last the registry's rules
//! (`docs/decisions/0007-the-service.md`). What a caller may not do, it does not learn anything about.
//!
//! Statuses and bodies are those that clients of the servers in use expect, and the standard's where those servers are at
//! fault. Nothing here decides about conflicts, knows a key, or writes to a disk.

mod answer;
mod asked;
mod availability;
mod body;
mod constraints;
mod copies;
mod dispatch;
mod intents;
mod openapi;
mod operation;
pub(crate) mod part;
mod pool;
mod refusal;
mod reports;
mod rid_subscriptions;
mod service;
mod service_areas;
mod shares;
mod subscriptions;
mod upkeep;

pub use dispatch::REQUEST_SPAN;
pub(crate) use dispatch::freshness;
pub use openapi::openapi;
pub use operation::{
    AVAILABILITY_ARBITRATION, CONFORMANCE_MONITORING_SA, CONSTRAINT_MANAGEMENT, CONSTRAINT_PROCESSING, Call, DSS_READ_AREAS,
    DSS_WRITE_AREAS, Operation, POOL_STATUS_HEARTBEAT_WRITE, POOL_STATUS_READ, READ_SYSTEM_VERSIONS, RID_DISPLAY_PROVIDER,
    RID_SERVICE_PROVIDER, SCOPES, STRATEGIC_COORDINATION,
};
pub use service::{Instance, Service, Settings};

use crate::native::{basemap, dispatch as dispatch_joint, page};
use axum::Router;
use axum::routing::{any, get};
use std::sync::Arc;

/// Longest body that is read, in bytes: 4 MiB, as in the servers in use.
pub const MAX_BODY_BYTES: usize = 4 << 20;

/// Everything that the service answers.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/healthy", get(upkeep::healthy))
        .route("/metrics", get(upkeep::metrics))
        .route("/aux/v1/version", get(upkeep::version))
        .route("/aux/v1/configuration/accepted_ca_certs", get(upkeep::certificates))
        .route("/aux/v1/configuration/ca_certs", get(upkeep::certificates))
        .route("/dss/v1/openapi.json", get(upkeep::openapi))
        .route("/", get(page::html))
        .route("/app.js", get(page::script))
        .route("/app.css", get(page::style))
        .route("/map-worker.js", get(page::worker))
        .route("/basemap.pmtiles", get(basemap::tiles))
        .route("/aux/v1/pool/journal", get(copies::list))
        .route("/aux/v1/pool/journal/{name}", get(copies::file))
        .route("/api/{*rest}", any(dispatch_joint))
        .method_not_allowed_fallback(upkeep::page_not_found)
        .fallback(dispatch::dispatch)
        .with_state(service)
}
