//! The desk of a party as a page: three files, no script in the page itself, nothing from anywhere else.

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};

/// Nothing but this service's own files and answers.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// `/`
pub async fn html() -> Response<Body> {
    file(include_str!("page/desk.html"), "text/html; charset=utf-8")
}

/// `/desk.js`
pub async fn script() -> Response<Body> {
    file(include_str!("page/desk.js"), "text/javascript; charset=utf-8")
}

/// `/desk.css`
pub async fn style() -> Response<Body> {
    file(include_str!("page/desk.css"), "text/css; charset=utf-8")
}

fn file(text: &'static str, content_type: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
