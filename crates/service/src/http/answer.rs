//! An answer before it is sent: a status, a body of JSON, and at times a header.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use deconflict_astm::ErrorResponse;
use serde::Serialize;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    body: Vec<u8>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// `body` in JSON.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("the bodies of F3548 have no maps whose keys are not texts");
        Self { status, body, header: None }
    }

    /// All is well.
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// The standard's error body.
    pub fn error(status: StatusCode, message: String) -> Self {
        Self::json(status, &ErrorResponse { message: Some(message) })
    }

    /// With a header.
    #[must_use]
    pub fn with(self, name: HeaderName, value: HeaderValue) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// Says when it makes sense to ask again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// As it goes out, under the name `request` in the log.
    pub fn response(self, request: HeaderValue) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("x-request-id", request);
        headers.extend(self.header);
        response
    }
}
