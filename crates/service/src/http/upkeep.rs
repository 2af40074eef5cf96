//! What whoever runs the service asks it. No token is needed; nothing here says anything about a client.

use crate::http::service::Service;
use crate::native::may_read_metrics;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use std::sync::{Arc, LazyLock};

/// The program answers. Whether it can write is in the metrics.
pub async fn healthy() -> Response<Body> {
    text(StatusCode::OK, "ok", "text/plain; charset=utf-8")
}

/// The version of the program, as it is told everywhere.
pub const VERSION: &str = concat!("deconflict/v", env!("CARGO_PKG_VERSION"));

/// The version of the program.
pub async fn version() -> Response<Body> {
    text(StatusCode::OK, format!(r#"{{"version":"{VERSION}"}}"#), "application/json")
}

/// The certificates by which instances of a pool know each other: there are none, for there is no other instance.
pub async fn certificates() -> Response<Body> {
    text(StatusCode::OK, "{}", "application/json")
}

/// Everything that is counted, as Prometheus reads it.
///
/// They count what everybody does. With a joint picture they are for its operator alone.
pub async fn metrics(State(service): State<Arc<Service>>, request: Request<Body>) -> Response<Body> {
    if let Err(refused) = may_read_metrics(&service, &request.into_parts().0) {
        return *refused;
    }
    let body = service.metrics.text(&service.node.status(), &service.verifier);
    text(StatusCode::OK, body, "text/plain; version=0.0.4; charset=utf-8")
}

/// The description of the operations.
pub async fn openapi() -> Response<Body> {
    static DESCRIPTION: LazyLock<String> = LazyLock::new(|| super::openapi().to_string());
    text(StatusCode::OK, DESCRIPTION.as_str(), "application/json")
}

/// What the servers in use say about a path that they do not know, or a method that it does not have.
pub async fn page_not_found() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "404 page not found\n", "text/plain; charset=utf-8")
}

fn text(status: StatusCode, body: impl Into<Body>, content_type: &'static str) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
