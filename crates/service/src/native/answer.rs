//! Answers of the native interface: JSON, and for a refusal what was wrong, field by field.

use crate::native::desk::NotDone;
use crate::node::Unavailable;
use crate::tokens::TokenError;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use deconflict_joint::Refusal;
use serde_json::{Value, json};
use std::time::Duration;

/// Why a request of the native interface is refused.
#[derive(Debug)]
pub enum No {
    /// The token does not count.
    Token(TokenError),
    /// The token does not allow it.
    Scope(String),
    /// There is no such page.
    UnknownPage,
    /// The body is too long.
    BodyTooLong,
    /// The body is not what is expected: field, found, expected.
    Form(Vec<(String, String, String)>),
    /// There is no such thing, or none that the caller may know of.
    NotThere,
    /// Asked too often.
    TooOften(Duration),
    /// Too much at once.
    Busy,
    /// The desk did not do it.
    NotDone(NotDone),
    /// It took too long.
    Timeout,
    /// A bug.
    Panicked,
}

impl From<NotDone> for No {
    fn from(not_done: NotDone) -> Self {
        Self::NotDone(not_done)
    }
}

impl No {
    /// What is logged of it: nothing that a client sent.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Scope(_) => "scope",
            Self::UnknownPage => "no page",
            Self::BodyTooLong => "body too long",
            Self::Form(_) => "form",
            Self::NotThere => "not there",
            Self::TooOften(_) => "rate",
            Self::Busy => "busy",
            Self::NotDone(NotDone::Refused(_)) => "refused",
            Self::NotDone(NotDone::Unavailable(_)) => "unavailable",
            Self::Timeout => "timeout",
            Self::Panicked => "panic",
        }
    }

    /// The answer.
    pub fn response(&self) -> Response<Body> {
        let plain = |status, message: &str| json_response(status, &json!({ "message": message }));
        match self {
            Self::Token(error @ TokenError::KeysTooOld { .. }) => {
                retry(plain(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()), 30)
            }
            Self::Token(error) => {
                let mut response = plain(StatusCode::UNAUTHORIZED, &error.to_string());
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                response
            }
            Self::Scope(message) => plain(StatusCode::FORBIDDEN, message),
            Self::UnknownPage => plain(StatusCode::NOT_FOUND, "there is no such page; /api/v1/openapi.json lists what there is"),
            Self::BodyTooLong => plain(StatusCode::PAYLOAD_TOO_LARGE, "the body has more than 4 MiB"),
            Self::Form(problems) => json_response(StatusCode::BAD_REQUEST, &bad(problems)),
            Self::NotThere => plain(StatusCode::NOT_FOUND, "there is nothing of that name that you may know of"),
            Self::TooOften(wait) => {
                retry(plain(StatusCode::TOO_MANY_REQUESTS, "too many requests; see Retry-After"), wait.as_secs() + 1)
            }
            Self::Busy => retry(plain(StatusCode::SERVICE_UNAVAILABLE, "too many requests at once"), 1),
            Self::NotDone(NotDone::Refused(refusal)) => refused(refusal),
            Self::NotDone(NotDone::Unavailable(error @ Unavailable::TooLong { .. })) => {
                plain(StatusCode::PAYLOAD_TOO_LARGE, &error.to_string())
            }
            Self::NotDone(NotDone::Unavailable(error)) => {
                retry(plain(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()), error.retry_after_s())
            }
            Self::Timeout => retry(plain(StatusCode::SERVICE_UNAVAILABLE, "it took too long"), 1),
            Self::Panicked => plain(StatusCode::INTERNAL_SERVER_ERROR, "internal server error"),
        }
    }
}

fn refused(refusal: &Refusal) -> Response<Body> {
    let status = match refusal {
        Refusal::Bad(problems) => return json_response(StatusCode::BAD_REQUEST, &bad(problems)),
        Refusal::NotAllowed(_) => StatusCode::FORBIDDEN,
        Refusal::NotFound(_) => StatusCode::NOT_FOUND,
        Refusal::Conflict(_) => StatusCode::CONFLICT,
        Refusal::TooMuch(_) => StatusCode::TOO_MANY_REQUESTS,
    };
    json_response(status, &json!({ "message": refusal.to_string() }))
}

fn bad(problems: &[(String, String, String)]) -> Value {
    let problems: Vec<Value> =
        problems.iter().map(|(field, found, expected)| json!({ "field": field, "found": found, "expected": expected })).collect();
    json!({ "message": "something in what was sent does not make sense", "problems": problems })
}

fn retry(mut response: Response<Body>, seconds: u64) -> Response<Body> {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// An answer in JSON. Never kept by anybody in between: it is for one party.
pub fn json_response(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
