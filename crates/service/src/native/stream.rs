//! What a recipient is told, as it is told: server-sent events, from any event on. The id of an event is its number on the recipient's own stream.

use crate::native::answer::No;
use crate::native::dispatch::{Asked, ok};
use crate::node::Node;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, header};
use http_body::Frame;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::fmt::Write;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// A stream on which nothing happens says so this often, so that both ends know that the other is there.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// A stream ends after so long, so that the token is looked at again: whoever may still hear comes back and misses nothing.
const LONGEST: Duration = Duration::from_secs(600);
/// A node of a pool that heard nothing of it for so long looks whether it is still there.
const CUT_OFF_AFTER: Duration = Duration::from_secs(2);
/// At most so many events are gathered at once.
const PIECE: usize = 256;
/// At most so many events are listed; the answer says how many there are.
const LISTED: u64 = 1_000;

/// The events after one: a live stream for whoever wants `text/event-stream`, else a list.
pub fn events(asked: &Asked<'_>) -> Result<Response<Body>, No> {
    let parameter = |name: &str| asked.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let after = asked.header(&LAST_EVENT_ID).or_else(|| parameter("after")).map_or(Ok(0), str::parse::<u64>);
    let after = after.map_err(|_| super::handlers::form("after", "no number", "the number of the last event that you have"))?;
    let me = asked.me().to_owned();
    let node = asked.service.node.clone();
    let latest = node.read_joint(|state| state.latest(&me));
    if after > latest {
        return Err(super::handlers::form("after", &after.to_string(), &format!("at most {latest}, your latest event")));
    }
    if !asked.header(&header::ACCEPT).is_some_and(|accept| accept.contains("text/event-stream")) {
        return Ok(ok(&list(&node, &me, after)));
    }
    let (sender, receiver) = mpsc::channel(4);
    let changes = node.joint_changes();
    tokio::spawn(feed(node, me, after, changes, asked.service.ending(), sender));
    let mut response = Response::new(Body::new(Fed(receiver)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn list(node: &Node, me: &str, after: u64) -> Value {
    node.read_joint(|state| {
        let stream = state.streams.get(me);
        let from = usize::try_from(after).unwrap_or(usize::MAX);
        let events = stream.into_iter().flat_map(|stream| stream.events.iter().skip(from)).take(LISTED as usize);
        let events: Vec<Value> = events
            .zip(after + 1..)
            .map(|(event, number)| json!({ "number": number, "event": serde_json::from_str::<Value>(&event.body).unwrap_or_default() }))
            .collect();
        json!({ "events": events, "latest": state.latest(me) })
    })
}

/// Feeds a stream until the other end is gone or the service ends.
async fn feed(
    node: Node,
    me: String,
    mut after: u64,
    mut changes: watch::Receiver<u64>,
    mut ending: watch::Receiver<bool>,
    sender: mpsc::Sender<Bytes>,
) {
    let mut piece = String::from(": from here on\n\n");
    let begun = Instant::now();
    while begun.elapsed() < LONGEST {
        changes.mark_unchanged();
        node.read_joint(|state| {
            let from = usize::try_from(after).unwrap_or(usize::MAX);
            for event in state.streams.get(&me).into_iter().flat_map(|stream| stream.events.iter().skip(from)).take(PIECE) {
                after += 1;
                let _ = write!(piece, "id: {after}\ndata: {}\n\n", event.body);
            }
        });
        let has_sent = !piece.is_empty();
        if has_sent && sender.send(Bytes::from(std::mem::take(&mut piece))).await.is_err() {
            return;
        }
        if node.read_joint(|state| state.latest(&me)) > after {
            continue;
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            _ = ending.wait_for(|ending| *ending) => return,
            () = sender.closed() => return,
            () = tokio::time::sleep(KEEP_ALIVE) => piece.push_str(": still here\n\n"),
            () = cut_off(&node) => return,
        }
    }
}

/// Ends when the node has lost its pool: whoever hears nothing more must not believe that there is nothing.
async fn cut_off(node: &Node) {
    if !node.is_in_pool() {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(CUT_OFF_AFTER).await;
        if node.up_to_date(Some(CUT_OFF_AFTER)).await.is_err() {
            return;
        }
    }
}

/// The body of a stream.
struct Fed(mpsc::Receiver<Bytes>);

impl axum::body::HttpBody for Fed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}
