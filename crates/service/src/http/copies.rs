//! Copies of the log for whoever joins a pool, or keeps a backup elsewhere: the names and lengths of its files, and parts of them.
//!
//! The log has everything of everybody, protected sites too, so this has a scope of its own, which the operator's token need not have, and
//! whoever begins a copy is written down. What is copied is verified by whoever copies: each record has the hash of all before it.

use crate::http::part;
use crate::http::service::Service;
use crate::native::json_response;
use crate::native::{No, NotDone, caller};
use crate::node::Unavailable;
use crate::tokens::Caller;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{Request, Response, StatusCode, header};
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;

/// Scope of whoever may copy the log: to join a pool, or to keep a backup elsewhere.
const COPY_SCOPE: &str = "deconflict.journal.copy";

/// `/aux/v1/pool/journal`
pub async fn list(State(service): State<Arc<Service>>, request: Request<Body>) -> Response<Body> {
    let (head, _) = request.into_parts();
    let answer = async {
        let subject = may_copy(&service, &head)?.subject.clone();
        tracing::warn!(%subject, "somebody begins to copy the log, with everything that parties keep to themselves");
        let node = service.node.clone();
        let files = on_disk(move || node.files()).await?;
        let files: Vec<Value> = files.into_iter().map(|(name, bytes)| json!({ "name": name, "bytes": bytes })).collect();
        Ok(json_response(StatusCode::OK, &json!({ "files": files })))
    };
    answer.await.unwrap_or_else(|no: No| no.response())
}

/// `/aux/v1/pool/journal/{name}`
pub async fn file(State(service): State<Arc<Service>>, Path(name): Path<String>, request: Request<Body>) -> Response<Body> {
    let (head, _) = request.into_parts();
    part_of_file(&service, name, &head).await.unwrap_or_else(|no| no.response())
}

async fn part_of_file(service: &Arc<Service>, name: String, head: &Parts) -> Result<Response<Body>, No> {
    may_copy(service, head)?;
    let range = part::asked_for(&head.headers).map_err(|found| {
        No::Form(vec![(header::RANGE.to_string(), found, "bytes=FIRST-LAST: files of the log are given out in parts".to_owned())])
    })?;
    let node = service.node.clone();
    let read = move || {
        let Some(file) = node.file(&name)? else { return Ok(None) };
        let length = file.len()?;
        let Some(count) = part::count(range, length) else { return Ok(Some((Vec::new(), length))) };
        let mut bytes = vec![0; count];
        file.read_at(&mut bytes, range.0)?;
        Ok(Some((bytes, length)))
    };
    let (bytes, length) = on_disk(read).await?.ok_or(No::NotThere)?;
    Ok(if bytes.is_empty() { part::beyond() } else { part::given(bytes, range.0, length) })
}

fn may_copy(service: &Service, head: &Parts) -> Result<Arc<Caller>, No> {
    let caller = caller(service, head)?;
    if caller.has(COPY_SCOPE) { Ok(caller) } else { Err(No::Scope(format!("this needs the scope {COPY_SCOPE}"))) }
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, No> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| No::Panicked)?;
    done.map_err(|error| {
        let reason = error.to_string();
        tracing::warn!(reason, "a file of the log cannot be read");
        No::NotDone(NotDone::Unavailable(Unavailable::JournalFailed { reason, may_be_stored: false, is_final: false }))
    })
}
