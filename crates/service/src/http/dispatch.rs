//! The way of a request that needs a token, from its line to its answer: who asks, whether it may, what it asks for; and what is counted
//! and logged of it. Nothing that a client sent is logged but its name.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::operation::{Call, Operation};
use crate::http::refusal::Refusal;
use crate::http::service::Service;
use crate::http::{
    availability, body, constraints, intents, pool, reports, rid_subscriptions, service_areas, subscriptions, upkeep,
};
use crate::node::Unavailable;
use crate::tokens::{self, Caller};
use crate::wire::query::Query;
use crate::wire::{RidV1, RidV2};
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use deconflict_registry::UssId;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// The span of a request: from its line to its answer, with the operation, the caller and the status. What it asks for is not in it.
pub const REQUEST_SPAN: &str = "request";

/// Answers a request whose path is none of those with a handler of their own.
pub async fn dispatch(State(service): State<Arc<Service>>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Some(call) = Call::of(&head.method, head.uri.path()) else { return upkeep::page_not_found().await };
    let started = Instant::now();
    let number = service.request_number();
    let mut uss = None;
    let span = tracing::debug_span!(
        REQUEST_SPAN,
        operation = call.operation.name(),
        request = format_args!("{number:016x}"),
        uss = tracing::field::Empty,
        status = tracing::field::Empty,
        otel.kind = "server",
    );
    let result = {
        let work = answer(&service, &call, &head, body, &mut uss).instrument(span.clone());
        match tokio::time::timeout(service.settings.timeout, guarded(work)).await {
            Ok(result) => result,
            Err(_) => Err(Refusal::Timeout),
        }
    };
    let (answer, kind) = match result {
        Ok(answer) => (answer, "answered"),
        Err(refusal) => {
            let kind = refusal.kind();
            (body::write_out(refusal.entries(), || refusal.answer()).await, kind)
        }
    };
    let took = started.elapsed();
    if !span.is_disabled() {
        span.record("status", i64::from(answer.status.as_u16()));
        span.record("uss", uss.as_deref().map_or("", |caller| caller.subject.as_str()));
    }
    service.metrics.count(call.operation, answer.status.as_u16(), took);
    log(call.operation, &answer, kind, number, uss.as_deref(), took);
    answer.response(request_id(number))
}

fn request_id(number: u64) -> HeaderValue {
    HeaderValue::try_from(format!("{number:016x}")).expect("digits are fit for a header")
}

fn log(operation: Operation, answer: &Answer, kind: &str, number: u64, caller: Option<&Caller>, took: Duration) {
    let (operation, status, ms) = (operation.name(), answer.status.as_u16(), took.as_secs_f64() * 1e3);
    let uss = caller.map_or("", |caller| caller.subject.as_str());
    match status {
        500.. => tracing::warn!(operation, status, kind, uss, request = format_args!("{number:016x}"), ms, "failed"),
        400.. => tracing::info!(operation, status, kind, uss, request = format_args!("{number:016x}"), ms, "refused"),
        _ => tracing::debug!(operation, status, uss, request = format_args!("{number:016x}"), ms, "answered"),
    }
}

/// A bug in a handler costs its own request an answer, and nobody else's.
async fn guarded(work: impl Future<Output = Result<Answer, Refusal>>) -> Result<Answer, Refusal> {
    let mut work = pin!(work);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(poll) => poll,
        Err(_) => Poll::Ready(Err(Refusal::Panicked)),
    })
    .await
}

/// Lets a request in, or not, and has it answered. `who` is the caller, as soon as it is known.
async fn answer(
    service: &Service,
    call: &Call<'_>,
    head: &Parts,
    body: Body,
    who: &mut Option<Arc<Caller>>,
) -> Result<Answer, Refusal> {
    let admitted = admit(service, call.operation, &head.headers, &body, who);
    let (uss, _room) = match admitted {
        Ok(admitted) => admitted,
        Err(refusal) => {
            body::discard(body).await;
            return Err(refusal);
        }
    };
    let caller = who.clone().expect("whoever is let in is known");
    let (body, _share) = body::read(service, &caller.subject, body).await?;
    let query = Query::parse(head.uri.query().unwrap_or_default());
    let age = if call.operation.reads() { freshness(service, &head.headers).await.map_err(Refusal::Unavailable)? } else { None };
    let asked = Asked { service, caller: &caller, uss, parameters: &call.parameters, query, body };
    let answer = answer_asked(call.operation, asked).await?;
    Ok(match age {
        Some(age) => answer.with(header::AGE, HeaderValue::from(age.as_secs() + u64::from(age.subsec_nanos() > 0))),
        None => answer,
    })
}

/// Waits until the state is as fresh as the client wants it: has everything that was stored before the request came, unless the
/// client takes an older one (`Cache-Control: max-stale=SECONDS`, RFC 9111). Then it hears how old it is.
pub(crate) async fn freshness(service: &Service, headers: &HeaderMap) -> Result<Option<Duration>, Unavailable> {
    let wishes = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let seconds = wishes.split(',').find_map(|wish| wish.trim().strip_prefix("max-stale=")?.parse().ok());
    let max_age = seconds.map(Duration::from_secs);
    let age = service.node.up_to_date(max_age).await?;
    Ok(max_age.map(|_| age))
}

/// Has the right handler answer.
async fn answer_asked(operation: Operation, asked: Asked<'_>) -> Result<Answer, Refusal> {
    match operation {
        Operation::QueryOperationalIntentReferences => intents::query(asked).await,
        Operation::GetOperationalIntentReference => intents::get(&asked),
        Operation::CreateOperationalIntentReference => intents::create(asked).await,
        Operation::UpdateOperationalIntentReference => intents::update(asked).await,
        Operation::DeleteOperationalIntentReference => intents::delete(asked).await,
        Operation::QueryConstraintReferences => constraints::query(asked).await,
        Operation::GetConstraintReference => constraints::get(&asked),
        Operation::CreateConstraintReference => constraints::create(asked).await,
        Operation::UpdateConstraintReference => constraints::update(asked).await,
        Operation::DeleteConstraintReference => constraints::delete(asked).await,
        Operation::QuerySubscriptions => subscriptions::query(asked).await,
        Operation::GetSubscription => subscriptions::get(&asked),
        Operation::CreateSubscription => subscriptions::create(asked).await,
        Operation::UpdateSubscription => subscriptions::update(asked).await,
        Operation::DeleteSubscription => subscriptions::delete(asked).await,
        Operation::MakeDssReport => reports::file(asked).await,
        Operation::SetUssAvailability => availability::set(asked).await,
        Operation::GetUssAvailability => availability::get(&asked),
        Operation::RidV2SearchAreas => service_areas::search::<RidV2>(asked).await,
        Operation::RidV2GetArea => service_areas::get::<RidV2>(&asked),
        Operation::RidV2CreateArea => service_areas::create::<RidV2>(asked).await,
        Operation::RidV2UpdateArea => service_areas::update::<RidV2>(asked).await,
        Operation::RidV2DeleteArea => service_areas::delete::<RidV2>(asked).await,
        Operation::RidV2SearchSubscriptions => rid_subscriptions::search::<RidV2>(asked).await,
        Operation::RidV2GetSubscription => rid_subscriptions::get::<RidV2>(&asked),
        Operation::RidV2CreateSubscription => rid_subscriptions::create::<RidV2>(asked).await,
        Operation::RidV2UpdateSubscription => rid_subscriptions::update::<RidV2>(asked).await,
        Operation::RidV2DeleteSubscription => rid_subscriptions::delete::<RidV2>(asked).await,
        Operation::RidV1SearchAreas => service_areas::search::<RidV1>(asked).await,
        Operation::RidV1GetArea => service_areas::get::<RidV1>(&asked),
        Operation::RidV1CreateArea => service_areas::create::<RidV1>(asked).await,
        Operation::RidV1UpdateArea => service_areas::update::<RidV1>(asked).await,
        Operation::RidV1DeleteArea => service_areas::delete::<RidV1>(asked).await,
        Operation::RidV1SearchSubscriptions => rid_subscriptions::search::<RidV1>(asked).await,
        Operation::RidV1GetSubscription => rid_subscriptions::get::<RidV1>(&asked),
        Operation::RidV1CreateSubscription => rid_subscriptions::create::<RidV1>(asked).await,
        Operation::RidV1UpdateSubscription => rid_subscriptions::update::<RidV1>(asked).await,
        Operation::RidV1DeleteSubscription => rid_subscriptions::delete::<RidV1>(asked).await,
        Operation::ValidateOauth => pool::validate(&asked),
        Operation::GetPool => Ok(pool::pool(&asked)),
        Operation::GetDssInstances => Ok(pool::instances(&asked, StatusCode::OK)),
        Operation::PutHeartbeat => pool::heartbeat(&asked),
        Operation::GetGlobalOptions => Ok(pool::global_options(&asked)),
        Operation::GetSystemVersion | Operation::GetSystemVersionBelow => pool::version(&asked),
    }
}

/// Everything that is checked before the body is read.
fn admit<'a>(
    service: &'a Service,
    operation: Operation,
    headers: &HeaderMap,
    body: &Body,
    who: &mut Option<Arc<Caller>>,
) -> Result<(UssId, tokio::sync::SemaphorePermit<'a>), Refusal> {
    if body::says_too_long(body) {
        return Err(Refusal::BodyTooLong);
    }
    let room = service.room.try_acquire().map_err(|_| Refusal::Busy)?;
    let authorization = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let token = tokens::bearer(authorization).map_err(Refusal::Token)?;
    let now_s = service.clock.wall().ns().div_euclid(1_000_000_000);
    let caller = &*who.insert(service.verifier.verify(token, now_s).map_err(Refusal::Token)?);
    let scopes = operation.scopes();
    if !scopes.iter().any(|scope| caller.has(scope)) {
        return Err(Refusal::Scope(format!("{} needs the scope {}", operation.name(), scopes.join(" or "))));
    }
    service.limiter.admit(&caller.subject, service.clock.steady_ns()).map_err(Refusal::TooOften)?;
    let uss = UssId::new(&caller.subject).map_err(|invalid| Refusal::Scope(format!("the subject of the token: {invalid}")))?;
    Ok((uss, room))
}

#[cfg(test)]
#[path = "dispatch_tests.rs"]
mod tests;
