//! What the handlers share.

use crate::http::pool;
use crate::http::refusal::Refusal;
use crate::http::shares::Shares;
use crate::limits::{Rate, RateLimiter};
use crate::metrics::Metrics;
use crate::native::{Basemap, JointDesk};
use crate::node::{Clock, Ids, Node};
use crate::tokens::{Caller, TokenError, Verifier};
use crate::wire::UrlRules;
use crate::wire::interuss::Heartbeat;
use deconflict_evidence::SecretKey;
use deconflict_registry::{Action, Expected, Fresh, OpaqueVersion, Outcome, Rejection, SubscriptionId, Time};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// What whoever runs a service may choose about its HTTP interface.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether USSs may give base URLs that are not `https`.
    pub allow_http_base_urls: bool,
    /// Whether a subscription needs the scopes of what it is about, as the standard says and the servers in use do not ask.
    pub strict_scopes: bool,
    /// How often one USS may ask.
    pub rate: Rate,
    /// At most so many requests are worked on at once; one more is refused.
    pub requests_at_once: usize,
    /// At most so many requests with a long body are read at once; one more waits. Half of them can be one caller's.
    pub long_bodies_at_once: usize,
    /// At most so many long bodies are worked out at once, each on a thread of its own; one more waits.
    pub long_work_at_once: usize,
    /// How long a request may take, its body included.
    pub timeout: Duration,
    /// What it says of itself.
    pub instance: Instance,
    /// A map that lies under the picture on its page; without one there are the outlines that the page brings along.
    pub basemap: Option<Basemap>,
    /// The key with which it signs how far it has logged what each recipient was told; without one it signs nothing.
    pub evidence_key: Option<Arc<SecretKey>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow_http_base_urls: false,
            strict_scopes: false,
            rate: Rate::default(),
            requests_at_once: 4_096,
            long_bodies_at_once: 8,
            long_work_at_once: std::thread::available_parallelism().map_or(2, usize::from),
            timeout: Duration::from_secs(10),
            instance: Instance::default(),
            basemap: None,
            evidence_key: None,
        }
    }
}

/// What an instance says of itself to whoever watches its pool.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    /// What it is called.
    pub id: String,
    /// Where it is reached.
    pub public_endpoint: Option<String>,
}

/// A running service, as its HTTP interface sees it.
pub struct Service {
    /// The registry and its log.
    pub node: Node,
    /// Who may ask.
    pub verifier: Verifier,
    /// What is counted.
    pub metrics: Metrics,
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limiter: RateLimiter,
    pub(super) room: Semaphore,
    pub(super) room_for_long_bodies: Semaphore,
    /// Half of that room for each caller, from the reading of a long body until it is answered.
    pub(super) shares: Shares,
    pub(super) room_for_long_work: Arc<Semaphore>,
    /// The latest heartbeat. Nothing depends on it, so it lasts as long as the process.
    pub(super) heartbeat: Mutex<Option<Heartbeat>>,
    /// The desk of the joint picture.
    pub joint: JointDesk,
    /// Whether the service is about to end: streams end then.
    ending: watch::Sender<bool>,
    ids: Ids,
    /// The number of the next request, from a random start, so that the numbers of two runs differ.
    next_request: AtomicU64,
}

impl Service {
    /// A service around a node. `clock` is the node's own.
    pub fn new(node: Node, clock: Arc<dyn Clock>, ids: Ids, verifier: Verifier, settings: Settings) -> Self {
        let service = Self {
            limiter: RateLimiter::new(settings.rate),
            room: Semaphore::new(settings.requests_at_once),
            room_for_long_bodies: Semaphore::new(settings.long_bodies_at_once),
            shares: Shares::new(settings.long_bodies_at_once / 2),
            room_for_long_work: Arc::new(Semaphore::new(settings.long_work_at_once)),
            next_request: AtomicU64::new(ids.bits() as u64),
            metrics: Metrics::default(),
            heartbeat: Mutex::default(),
            joint: JointDesk::begin(node.clone()),
            ending: watch::channel(false).0,
            node,
            verifier,
            settings,
            clock,
            ids,
        };
        service.tell_pool();
        service
    }

    /// Tells the other nodes of a pool which instance this is, and who last said that it is alive.
    pub(super) fn tell_pool(&self) {
        let instance = serde_json::to_value(pool::this_instance(self)).expect("texts and numbers can be written");
        self.node.say(instance);
    }

    /// Ends what would go on for ever: streams of events.
    pub fn end_streams(&self) {
        self.ending.send_replace(true);
    }

    /// Says when streams have to end.
    pub(crate) fn ending(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
    }

    /// The map under the picture on its page, if whoever runs it has brought one.
    pub(crate) const fn basemap(&self) -> Option<&Basemap> {
        self.settings.basemap.as_ref()
    }

    /// The key with which it signs, if it has one.
    pub(crate) fn evidence_key(&self) -> Option<&SecretKey> {
        self.settings.evidence_key.as_deref()
    }

    /// How long a request may take.
    pub(crate) const fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    /// Room for requests.
    pub(crate) const fn room(&self) -> &Semaphore {
        &self.room
    }

    /// Whoever bears a token that counts.
    pub(crate) fn verify(&self, token: &str) -> Result<Arc<Caller>, TokenError> {
        self.verifier.verify(token, self.clock.wall().ns().div_euclid(1_000_000_000))
    }

    /// Whether a caller may ask already.
    pub(crate) fn admit(&self, subject: &str) -> Result<(), Duration> {
        self.limiter.admit(subject, self.clock.steady_ns())
    }

    /// The number of a new request, for the log.
    pub(super) fn request_number(&self) -> u64 {
        self.next_request.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn urls(&self) -> UrlRules {
        UrlRules { allow_http: self.settings.allow_http_base_urls }
    }

    /// What time it is, rounded down.
    pub(super) fn now_in_whole_us(&self) -> Time {
        let ns = self.clock.wall().ns();
        Time::from_ns(ns.saturating_sub(ns.rem_euclid(1_000)))
    }

    /// When something new begins that does not say so itself. Whole microseconds: many clients read no more than six digits of
    /// a second.
    pub(super) fn start_of_new<V: PartialEq>(&self, expected: Expected<V>) -> Option<Time> {
        (expected == Expected::Nothing).then(|| self.now_in_whole_us())
    }

    /// 128 bits for an OVN.
    pub(super) fn fresh_bits(&self) -> u128 {
        self.ids.bits()
    }

    pub(super) fn fresh_uuid(&self) -> u128 {
        self.ids.uuid_v4()
    }

    pub(super) fn fresh_version(&self) -> OpaqueVersion {
        OpaqueVersion::from_u128(self.ids.bits())
    }

    pub(super) fn fresh_subscription(&self) -> Fresh {
        Fresh { id: SubscriptionId::from_u128(self.ids.uuid_v4()), version: self.fresh_version() }
    }

    /// Has `action` decided and stored.
    pub(super) async fn propose(&self, action: Action) -> Result<Outcome, Refusal> {
        match self.node.propose(action).await {
            Ok(Outcome::Rejected(rejection)) => Err(Refusal::Rejected(rejection)),
            Ok(outcome) => Ok(outcome),
            Err(unavailable) => Err(Refusal::Unavailable(unavailable)),
        }
    }

    /// Has an action decided and stored that needs an id that is new. Should one be taken, which randomness makes all but
    /// impossible, another is drawn.
    pub(super) async fn propose_with_fresh_id(&self, action: impl Fn() -> Action) -> Result<Outcome, Refusal> {
        const DRAWS: usize = 3;
        for _ in 1..DRAWS {
            match self.propose(action()).await {
                Err(Refusal::Rejected(Rejection::FreshIdTaken)) => {}
                answer => return answer,
            }
        }
        self.propose(action()).await
    }
}
