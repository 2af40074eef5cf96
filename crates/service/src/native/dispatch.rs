//! The way of a request to the native interface: who asks, whether it may, what it asks for; and what is logged of it.

use crate::http::{MAX_BODY_BYTES, Service, freshness};
use crate::native::answer::No;
use crate::native::desk::NotDone;
use crate::native::routes::{OPERATOR_SCOPE, PARTY_SCOPE, Route, Whose};
use crate::native::{handlers, openapi};
use crate::tokens::{self, Caller};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use deconflict_joint::Who;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::Poll;
use std::time::Instant;

/// A request that was let in.
pub struct Asked<'a> {
    pub service: &'a Arc<Service>,
    pub who: Who,
    /// The parameter of the path, or nothing.
    pub parameter: Cow<'a, str>,
    pub query: &'a str,
    pub head: &'a Parts,
    pub body: Bytes,
}

/// Answers a request whose path begins with `/api/`.
pub async fn dispatch(State(service): State<Arc<Service>>, request: Request<Body>) -> Response<Body> {
    static DESCRIPTION: LazyLock<String> = LazyLock::new(|| openapi().to_string());
    let (head, body) = request.into_parts();
    if head.uri.path() == "/api/v1/openapi.json" {
        let mut response = Response::new(Body::from(DESCRIPTION.as_str()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return response;
    }
    let started = Instant::now();
    let mut operation = None;
    let work = answer(&service, &head, body, &mut operation);
    let result = match tokio::time::timeout(service.timeout(), guarded(work)).await {
        Ok(result) => result,
        Err(_) => Err(No::Timeout),
    };
    let operation = operation.map_or_else(String::new, |operation| format!("{operation:?}"));
    let ms = started.elapsed().as_secs_f64() * 1e3;
    match result {
        Ok(response) => {
            tracing::debug!(operation, status = response.status().as_u16(), ms, "answered");
            response
        }
        Err(no) => {
            let response = no.response();
            let status = response.status().as_u16();
            if status >= 500 {
                tracing::warn!(operation, status, kind = no.kind(), ms, "failed");
            } else {
                tracing::info!(operation, status, kind = no.kind(), ms, "refused");
            }
            response
        }
    }
}

/// A bug in a handler costs its own request an answer, and nobody else's.
async fn guarded(work: impl Future<Output = Result<Response<Body>, No>>) -> Result<Response<Body>, No> {
    let mut work = pin!(work);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(poll) => poll,
        Err(_) => Poll::Ready(Err(No::Panicked)),
    })
    .await
}

async fn answer(
    service: &Arc<Service>,
    head: &Parts,
    body: Body,
    operation: &mut Option<crate::native::routes::Operation>,
) -> Result<Response<Body>, No> {
    if body.size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(No::BodyTooLong);
    }
    let _room = service.room().try_acquire().map_err(|_| No::Busy)?;
    // Who asks comes before whether there is such a page: a stranger learns nothing.
    let caller = caller(service, head)?;
    let (route, parameter) = Route::of(&head.method, head.uri.path()).ok_or(No::UnknownPage)?;
    *operation = Some(route.operation);
    let who = who(&caller, route)?;
    let body = collect(body).await?;
    // What is asked for, and what is decided, rests on everything that was stored before, anywhere in a pool.
    let unavailable = |refusal| No::NotDone(NotDone::Unavailable(refusal));
    let age = match head.method {
        Method::GET => freshness(service, &head.headers).await.map_err(unavailable)?,
        _ => service.node.up_to_date(None).await.map(|_| None).map_err(unavailable)?,
    };
    let query = head.uri.query().unwrap_or_default();
    let asked = Asked { service, who, parameter: parameter.unwrap_or_default(), query, head, body };
    let mut response = handlers::answer(route.operation, asked).await?;
    if let Some(age) = age {
        response.headers_mut().insert(header::AGE, HeaderValue::from(age.as_secs() + u64::from(age.subsec_nanos() > 0)));
    }
    Ok(response)
}

/// Whoever asks, if its token counts.
pub(crate) fn caller(service: &Service, head: &Parts) -> Result<Arc<Caller>, No> {
    let authorization = head.headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let token = tokens::bearer(authorization).map_err(No::Token)?;
    let caller = service.verify(token).map_err(No::Token)?;
    service.admit(&caller.subject).map_err(No::TooOften)?;
    Ok(caller)
}

/// As whom the bearer of a token asks.
fn who(caller: &Caller, route: &Route) -> Result<Who, No> {
    let (operator, party) = (caller.has(OPERATOR_SCOPE), caller.has(PARTY_SCOPE));
    match route.whose {
        Whose::Operator | Whose::Both if operator => Ok(Who::Operator),
        Whose::Party | Whose::Both if party => Ok(Who::Party(caller.subject.clone())),
        Whose::Operator => Err(No::Scope(format!("this needs the scope {OPERATOR_SCOPE}"))),
        Whose::Party => Err(No::Scope(format!("this needs the scope {PARTY_SCOPE}"))),
        Whose::Both => Err(No::Scope(format!("this needs the scope {PARTY_SCOPE} or {OPERATOR_SCOPE}"))),
    }
}

async fn collect(body: Body) -> Result<Bytes, No> {
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(No::BodyTooLong),
        Err(_) => Err(No::Form(vec![(String::new(), "a body that did not arrive whole".to_owned(), "all of it".to_owned())])),
    }
}

/// Everything is counted in `/metrics`, so with a joint picture only its operator may read them.
pub fn may_read_metrics(service: &Service, head: &Parts) -> Result<(), Box<Response<Body>>> {
    if !service.node.read_joint(|joint| joint.frame.is_some()) {
        return Ok(());
    }
    let allowed = caller(service, head).and_then(|caller| {
        let message =
            || No::Scope(format!("with a joint picture, metrics need the scope {OPERATOR_SCOPE}: they count what parties do"));
        caller.has(OPERATOR_SCOPE).then_some(()).ok_or_else(message)
    });
    allowed.map_err(|no| Box::new(no.response()))
}

/// Nothing to say but that it worked.
pub fn ok(body: &serde_json::Value) -> Response<Body> {
    crate::native::answer::json_response(StatusCode::OK, body)
}
