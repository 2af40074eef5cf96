//! The answers that say no: one place for their statuses and their words.
//!
//! What a message says goes to the client. Only its kind is logged: a message may repeat what the client sent.

use crate::http::answer::Answer;
use crate::node::Unavailable;
use crate::tokens::TokenError;
use crate::wire::{self, Problems};
use axum::http::{HeaderValue, StatusCode, header};
use deconflict_registry::{Quota, Rejection};
use std::time::Duration;

/// Why a request is not answered as it wished.
#[derive(Debug)]
pub enum Refusal {
    /// The token does not count: 401; or nobody can tell, because the keys are too old: 503.
    Token(TokenError),
    /// The token counts, and does not allow this: 403.
    Scope(String),
    /// Somebody else's subscription: 403.
    NotOwner,
    /// The body is too long: 413.
    BodyTooLong,
    /// The body did not arrive: 400.
    BodyBroken,
    /// The body is not what is expected: 400.
    Form(String),
    /// Its values make no sense: 400.
    Problems(Problems),
    /// An area that is asked about is too large: 413.
    AreaTooLarge(Problems),
    /// There is no such thing: 404.
    NotThere,
    /// The rules say no.
    Rejected(Rejection),
    /// The caller asks too often: 429.
    TooOften(Duration),
    /// Nothing can be written now: 503, or 413 for what can never be.
    Unavailable(Unavailable),
    /// Too many requests at once: 503.
    Busy,
    /// It took too long: 503.
    Timeout,
    /// A bug: 500.
    Panicked,
}

impl Refusal {
    /// For a query, an area that is too large has a status of its own.
    pub fn of_query(problems: Problems) -> Self {
        if problems.only_too_large() { Self::AreaTooLarge(problems) } else { Self::Problems(problems) }
    }

    /// What is logged.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Scope(_) => "scope",
            Self::NotOwner => "owner",
            Self::BodyTooLong => "body too long",
            Self::BodyBroken => "body broken",
            Self::Form(_) => "form",
            Self::Problems(_) => "values",
            Self::AreaTooLarge(_) => "area too large",
            Self::NotThere => "not there",
            Self::Rejected(rejection) => text(rejection).1,
            Self::TooOften(_) => "rate",
            Self::Unavailable(_) => "unavailable",
            Self::Busy => "busy",
            Self::Timeout => "timeout",
            Self::Panicked => "panic",
        }
    }

    /// How many things the answer lists.
    pub fn entries(&self) -> usize {
        match self {
            Self::Rejected(Rejection::MissingOvns { operational_intents, constraints }) => {
                operational_intents.len() + constraints.len()
            }
            _ => 0,
        }
    }

    /// The answer.
    pub fn answer(self) -> Answer {
        match self {
            // Not the caller's fault.
            Self::Token(error @ TokenError::KeysTooOld { .. }) => unavailable(error.to_string(), 30),
            Self::Token(error) => {
                let answer = Answer::error(StatusCode::UNAUTHORIZED, error.to_string());
                answer.with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            Self::Scope(message) => Answer::error(StatusCode::FORBIDDEN, message),
            Self::NotOwner => Answer::error(StatusCode::FORBIDDEN, text(&Rejection::NotManager).1.to_owned()),
            Self::BodyTooLong => Answer::error(StatusCode::PAYLOAD_TOO_LARGE, "the body has more than 4 MiB".to_owned()),
            Self::BodyBroken => Answer::error(StatusCode::BAD_REQUEST, "the body did not arrive whole".to_owned()),
            Self::Form(message) => Answer::error(StatusCode::BAD_REQUEST, message),
            Self::Problems(problems) => Answer::error(StatusCode::BAD_REQUEST, problems.to_string()),
            Self::AreaTooLarge(problems) => Answer::error(StatusCode::PAYLOAD_TOO_LARGE, problems.to_string()),
            Self::NotThere => Answer::error(StatusCode::NOT_FOUND, text(&Rejection::DeleteOfUnknown).1.to_owned()),
            Self::Rejected(rejection) => rejected(&rejection),
            Self::TooOften(wait) => {
                let message = "too many requests from this USS; see Retry-After".to_owned();
                Answer::error(StatusCode::TOO_MANY_REQUESTS, message).retry_after(wait.as_secs() + 1)
            }
            Self::Unavailable(error @ Unavailable::TooLong { .. }) => {
                Answer::error(StatusCode::PAYLOAD_TOO_LARGE, error.to_string())
            }
            Self::Unavailable(error) => unavailable(error.to_string(), error.retry_after_s()),
            Self::Busy => unavailable("too many requests at once".to_owned(), 1),
            Self::Timeout => unavailable("request timeout".to_owned(), 1),
            Self::Panicked => {
                Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &serde_json::json!({ "error_message": "internal server error" }))
            }
        }
    }
}

fn unavailable(message: String, retry_after_s: u64) -> Answer {
    Answer::error(StatusCode::SERVICE_UNAVAILABLE, message).retry_after(retry_after_s)
}

fn rejected(rejection: &Rejection) -> Answer {
    let (status, message) = text(rejection);
    match rejection {
        Rejection::MissingOvns { operational_intents, constraints } => {
            Answer::json(status, &wire::conflict(message.to_owned(), operational_intents, constraints))
        }
        Rejection::TransitionNotAllowed { from, to } => Answer::error(status, format!("{message}: from {from:?} to {to:?}")),
        Rejection::DependentsNotCovered { operational_intent } => {
            Answer::error(status, format!("{message}: {operational_intent}"))
        }
        Rejection::QuotaReached { quota, held, limit } => {
            let what = match quota {
                Quota::Entities => "entities",
                Quota::Cells => "cells of volumes",
                Quota::ReportBytes => "bytes of reports",
            };
            Answer::error(status, format!("{message}: it has {held} {what}, and may have {limit}"))
        }
        _ => Answer::error(status, message.to_owned()),
    }
}

/// Status and words of every rejection. The statuses stand in a table at [`Rejection`], with their reasons.
const fn text(rejection: &Rejection) -> (StatusCode, &'static str) {
    const BAD: StatusCode = StatusCode::BAD_REQUEST;
    const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
    const CONFLICT: StatusCode = StatusCode::CONFLICT;
    match rejection {
        Rejection::EndInPast => (BAD, "the end is in the past"),
        Rejection::FirstStateNotAccepted => (BAD, "a new operational intent must be Accepted"),
        Rejection::OvnSuffixNotCurrent => (BAD, "requested_ovn_suffix was not made within five minutes of now"),
        Rejection::OvnSuffixSpent => (BAD, "requested_ovn_suffix was used for this operational intent before"),
        Rejection::SubscriptionRequired => {
            (BAD, "an operational intent that is not Accepted needs subscription_id or new_subscription")
        }
        Rejection::NotManager => (FORBIDDEN, "it is managed by another USS"),
        Rejection::UpdateOfUnknown => (BAD, "there is nothing with this id to update"),
        Rejection::ConstraintUpdateOfUnknown => (CONFLICT, "there is no constraint with this id to update"),
        Rejection::DeleteOfUnknown => (StatusCode::NOT_FOUND, "there is nothing with this id"),
        Rejection::UssDown => (StatusCode::PRECONDITION_FAILED, "this USS has been declared down and may not do this"),
        Rejection::AlreadyExists => (CONFLICT, "there is something with this id; to update it, give its OVN or version"),
        Rejection::OvnMismatch => (CONFLICT, "the OVN is not the current one"),
        Rejection::TransitionNotAllowed { .. } => (BAD, "an operational intent cannot change its state in this way"),
        Rejection::UnknownSubscription => (BAD, "there is no subscription with this subscription_id"),
        Rejection::NotManagerOfSubscription => (FORBIDDEN, "the subscription is managed by another USS"),
        Rejection::SubscriptionNotForOperationalIntents => (BAD, "the subscription is not about operational intents"),
        Rejection::SubscriptionDoesNotCover => (BAD, "the subscription does not cover the area and the times of all extents"),
        Rejection::MissingOvns { .. } => (CONFLICT, "the key lacks current OVNs of what is in the way"),
        Rejection::VersionsExhausted => (BAD, "there are no more versions for this id"),
        Rejection::NothingToNotify => (BAD, "a subscription must notify for operational intents or for constraints"),
        Rejection::VersionMismatch => (CONFLICT, "the version is not the current one"),
        Rejection::StartInPast => (BAD, "the start is more than five minutes in the past"),
        Rejection::SpanNotAscending => (BAD, "the end is not after the start"),
        Rejection::EndRequired => (BAD, "an identification service area needs an end"),
        Rejection::TooManySubscriptions => {
            (StatusCode::TOO_MANY_REQUESTS, "this USS has as many subscriptions in a part of this area as it may have")
        }
        Rejection::QuotaReached { .. } => (StatusCode::TOO_MANY_REQUESTS, "this USS would hold more than one may"),
        Rejection::SubscriptionTooLong => (BAD, "a subscription lasts at most 24 hours"),
        Rejection::DependentsNotCovered { .. } => (BAD, "an operational intent that depends on it would not be covered"),
        Rejection::HasDependents => (BAD, "operational intents depend on this subscription"),
        // Whoever proposes draws again; a client that sees this has met a broken source of random numbers.
        Rejection::FreshIdTaken => (StatusCode::SERVICE_UNAVAILABLE, "no fresh id was found"),
    }
}
