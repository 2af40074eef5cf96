//! Bodies of requests: read whole, within their limit, and never many long ones at once.

use crate::http::MAX_BODY_BYTES;
use crate::http::answer::Answer;
use crate::http::refusal::Refusal;
use crate::http::service::Service;
use crate::http::shares::Share;
use axum::body::{Body, Bytes, HttpBody};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::sync::Arc;
use std::time::Duration;

/// A body that is longer is long: few are read at once, and what they hold is worked out beside the threads that serve.
const LONG_BYTES: usize = 64 << 10;

/// Before a request is refused, so many bytes of its body are taken and thrown away, so that a client that only listens when
/// it has sent everything hears the answer.
const DISCARDED_BYTES: usize = 4 * MAX_BODY_BYTES;

/// Whether the body says itself that it is too long.
pub fn says_too_long(body: &Body) -> bool {
    body.size_hint().lower() > MAX_BODY_BYTES as u64
}

/// The whole body; with a long one, the share of the caller that is to be kept until the request is answered.
pub async fn read<'a>(service: &'a Service, caller: &str, body: Body) -> Result<(Bytes, Option<Share<'a>>), Refusal> {
    if body.size_hint().upper().is_some_and(|bytes| bytes <= LONG_BYTES as u64) {
        return Ok((collect(body).await?, None));
    }
    let share = service.shares.take(caller).await;
    let _room = service.room_for_long_bodies.acquire().await.map_err(|_| Refusal::Busy)?;
    Ok((collect(body).await?, Some(share)))
}

async fn collect(body: Body) -> Result<Bytes, Refusal> {
    let mut body = Limited::new(body, MAX_BODY_BYTES);
    match (&mut body).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::BodyTooLong),
        Err(_) => Err(Refusal::BodyBroken),
    }
}

/// For how long it is taken: whoever sends nothing hears that it was refused, and not that it was slow.
const DISCARDED_FOR: Duration = Duration::from_secs(2);

/// Takes what is left of a body, within reason.
pub async fn discard(body: Body) {
    if body.size_hint().lower() <= DISCARDED_BYTES as u64 {
        let _ = tokio::time::timeout(DISCARDED_FOR, take(body)).await;
    }
}

async fn take(mut body: Body) {
    let mut taken = 0;
    while let Some(Ok(frame)) = body.frame().await {
        taken += frame.data_ref().map_or(0, Bytes::len);
        if taken > DISCARDED_BYTES {
            return;
        }
    }
}

/// Works out what a body asks for: a short one here and now, a long one on a thread of its own.
///
/// Of those few run at once. One whose client has gone goes on to its end, and keeps its place until then.
pub async fn work_out<T: Send + 'static>(service: &Service, body: Bytes, work: impl FnOnce(&[u8]) -> T + Send + 'static) -> T {
    if body.len() <= LONG_BYTES {
        return work(&body);
    }
    let room = Arc::clone(&service.room_for_long_work).acquire_owned().await.expect("the semaphore is never closed");
    aside(move || {
        let _room = room;
        work(&body)
    })
    .await
}

/// Writes an answer that lists so many things: a short one here and now.
pub async fn write_out(entries: usize, write: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    const FEW: usize = 1_000;
    if entries <= FEW { write() } else { aside(write).await }
}

/// Does what may take long on a thread of its own, so that nobody waits for it who does not have to.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(found) => found,
        // The work panicked, or the runtime ends; whoever guards the request answers.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => std::future::pending().await,
        },
    }
}
