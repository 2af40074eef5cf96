//! The desk of a party as a page with a map: a page without any script of its own, its program, its style, and the worker of its map; nothing
//! from anywhere else. They are built from `web/` and packed.

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use deconflict_web::{APP_CSS, APP_JS_GZ, DESK_HTML, WORKER_JS_GZ};

/// Nothing but this service's own files and answers; images are those that stand in the style, or are drawn by the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// `/`
pub async fn html() -> Response<Body> {
    file(DESK_HTML.as_bytes(), "text/html; charset=utf-8", false)
}

/// `/app.js`
pub async fn script() -> Response<Body> {
    file(APP_JS_GZ, JAVASCRIPT, true)
}

/// `/map-worker.js`
pub async fn worker() -> Response<Body> {
    file(WORKER_JS_GZ, JAVASCRIPT, true)
}

/// `/app.css`
pub async fn style() -> Response<Body> {
    file(APP_CSS.as_bytes(), "text/css; charset=utf-8", false)
}

fn file(bytes: &'static [u8], content_type: &'static str, is_packed: bool) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    // Whatever draws a map unpacks gzip.
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
