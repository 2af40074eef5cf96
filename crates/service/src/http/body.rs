//! Bodies of requests: read whole, within their limit, and never many long ones at once.

use crate::http::MAX_BODY_BYTES;
use crate::http::refusal::Refusal;
use crate::http::service::Service;
use axum::body::{Body, Bytes, HttpBody};
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// A body that is longer is long: few are read at once, and what they hold is worked out beside the threads that serve.
const LONG_BYTES: usize = 64 << 10;

/// Before a request is refused, so many bytes of its body are taken and thrown away, so that a client that only listens when
/// it has sent everything hears the answer.
const DISCARDED_BYTES: usize = 4 * MAX_BODY_BYTES;

/// Whether the body says itself that it is too long.
pub fn says_too_long(body: &Body) -> bool {
    body.size_hint().lower() > MAX_BODY_BYTES as u64
}

/// The whole body.
pub async fn read(service: &Service, body: Body) -> Result<Bytes, Refusal> {
    if body.size_hint().upper().is_some_and(|bytes| bytes <= LONG_BYTES as u64) {
        return collect(body).await;
    }
    let _room = service.room_for_long_bodies.acquire().await.map_err(|_| Refusal::Busy)?;
    collect(body).await
}

async fn collect(body: Body) -> Result<Bytes, Refusal> {
    let mut body = Limited::new(body, MAX_BODY_BYTES);
    match (&mut body).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::BodyTooLong),
        Err(_) => Err(Refusal::BodyBroken),
    }
}

/// Takes what is left of a body, within reason.
pub async fn discard(mut body: Body) {
    if body.size_hint().lower() > DISCARDED_BYTES as u64 {
        return;
    }
    let mut taken = 0;
    while let Some(Ok(frame)) = body.frame().await {
        taken += frame.data_ref().map_or(0, Bytes::len);
        if taken > DISCARDED_BYTES {
            return;
        }
    }
}

/// Works out what a body asks for: a short one here and now, a long one on a thread of its own.
pub async fn work_out<T: Send + 'static>(body: Bytes, work: impl FnOnce(&[u8]) -> T + Send + 'static) -> T {
    if body.len() <= LONG_BYTES {
        return work(&body);
    }
    match tokio::task::spawn_blocking(move || work(&body)).await {
        Ok(found) => found,
        // The work panicked, or the runtime ends; whoever guards the request answers.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => std::future::pending().await,
        },
    }
}
