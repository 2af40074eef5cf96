//! `deconflict serve`: from the command line to a service that runs, and to its orderly end.

mod logging;
#[cfg(feature = "otel")]
mod traces;
#[cfg(not(feature = "otel"))]
mod traces {
    /// Without the feature `otel` there are none.
    pub enum Traces {}
}

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use deconflict_evidence::SecretKey;
use deconflict_journal::{Disk, chain};
use deconflict_registry::{Options, Quotas};
use deconflict_service::http::{Instance, Service, Settings, router};
use deconflict_service::limits::Rate;
use deconflict_service::native::Basemap;
use deconflict_service::node::{Clock, Ids, Node, NodeOptions, Seat, SystemClock};
use deconflict_service::serve::{Connections, room_for, serve, tls};
use deconflict_service::tokens::{JwksOptions, KeySet, SigningAlgorithm, SigningKey, Verifier, VerifierOptions};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::args::{NotificationIndex, Serve};
use crate::{Status, output};

/// Why the service does not start: what was to be done, and what went wrong.
type Failure = (String, Box<dyn Error>);

/// Runs the service until it is told to end.
pub fn run(serve: &Serve) -> Status {
    let missing = missing(serve);
    if !missing.is_empty() {
        output::complain(&format!("error: {}\n", missing.join("\nerror: ")));
        return Status::BadInput;
    }
    let _traces = match logging::start(serve) {
        Ok(traces) => traces,
        Err(error) => {
            output::complain(&format!("error: --otlp-endpoint: {}\n", chain(&*error)));
            return Status::BadInput;
        }
    };
    match start(serve) {
        Ok(()) => Status::Clear,
        Err((what, error)) => {
            output::complain(&format!("error: {what}: {}\n", chain(&*error)));
            Status::BadInput
        }
    }
}

/// What the command line lacks, in words that say how to go on.
fn missing(serve: &Serve) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if serve.public_key.is_empty() && serve.jwks.is_empty() {
        missing.push(
            "no key: give --public-key FILE.pem or --jwks URL, so that tokens can be verified\n  \
             (for a try, `deconflict keygen` makes a pair of keys and `deconflict token` makes tokens)",
        );
    }
    if serve.audience.is_empty() {
        missing.push("no audience: give --audience HOST, the name of this service that its tokens must bear as `aud`");
    }
    missing
}

/// An error with what was to be done.
fn when<E: Error + 'static>(what: impl Into<String>) -> impl FnOnce(E) -> Failure {
    let what = what.into();
    |error| (what, Box::new(error))
}

fn start(serve: &Serve) -> Result<(), Failure> {
    let verifier = verifier(serve)?;
    let mut connections = Connections { at_once: room_for(serve.max_connections), ..Connections::default() };
    if let (Some(certificates), Some(key)) = (&serve.tls_cert, &serve.tls_key) {
        connections.tls = Some(tls(certificates, key).map_err(when("--tls-cert and --tls-key"))?);
    }
    let basemap = serve.basemap.as_deref().map(Basemap::open).transpose().map_err(when("--basemap"))?;
    // The address before the data: what fails quickly goes first.
    let runtime = Runtime::new().map_err(when("cannot start threads"))?;
    let listening = runtime.block_on(TcpListener::bind(serve.listen));
    let listener = listening.map_err(when(format!("cannot listen on {}", serve.listen)))?;
    let address = listener.local_addr().map_err(when(format!("cannot listen on {}", serve.listen)))?;

    let data = format!("cannot use the data directory {}", serve.data.display());
    let storage = Arc::new(Disk::create(&serve.data).map_err(when(&data))?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids = Ids::system().map_err(when("cannot draw ids"))?;
    let options =
        NodeOptions { snapshot_every_commands: serve.snapshot_every, registry: of_registry(serve), ..NodeOptions::default() };
    let opened = match seat(serve)? {
        Some(seat) => Node::join(storage, Arc::clone(&clock), options, seat),
        None => Node::open(storage, Arc::clone(&clock), options),
    };
    let (node, _started) = opened.map_err(when(&data))?;

    let settings = Settings {
        basemap,
        evidence_key: Some(Arc::new(evidence_key(&serve.data)?)),
        allow_http_base_urls: serve.allow_http_base_urls,
        strict_scopes: serve.strict_scopes,
        rate: Rate { per_s: serve.rate_limit, burst: serve.rate_limit },
        instance: Instance {
            id: serve
                .instance_id
                .clone()
                .or_else(|| serve.node.clone())
                .or_else(|| serve.audience.first().cloned())
                .unwrap_or_default(),
            public_endpoint: serve.public_endpoint.clone(),
        },
        ..Settings::default()
    };
    let service = Arc::new(Service::new(node.clone(), clock, ids, verifier, settings));
    let scheme = if connections.tls.is_some() { "https" } else { "http" };
    output::print_plain(&format!("deconflict listens on {scheme}://{address}\n"), Status::Clear);
    let end = {
        let service = Arc::clone(&service);
        async move {
            told_to_end().await;
            service.end_streams();
        }
    };
    runtime.block_on(async { self::serve(listener, router(service), connections, end).await });
    node.close();
    tracing::info!(position = node.status().position.get(), "ended");
    Ok(())
}

/// The key with which the service signs evidence, in its data directory; made where there is none.
fn evidence_key(data: &Path) -> Result<SecretKey, Failure> {
    let (private, public) = (data.join("evidence.key"), data.join("evidence.pem"));
    let what = format!("cannot use the key for evidence, {}", private.display());
    if !private.exists() {
        let key = SigningKey::generate(SigningAlgorithm::Ed25519).map_err(when(&what))?;
        let (secret, open) = (key.private_pem().map_err(when(&what))?, key.public_pem().map_err(when(&what))?);
        crate::keygen::write_new(&private, 0o600, &secret).map_err(|why| (what.clone(), why.into()))?;
        crate::keygen::write_new(&public, 0o644, &open).map_err(|why| (what.clone(), why.into()))?;
    }
    let pem = std::fs::read_to_string(&private).map_err(when(&what))?;
    SecretKey::from_pem(&pem).map_err(when(&what))
}

/// The node's place in a pool, if it is to have one.
fn seat(serve: &Serve) -> Result<Option<Seat>, Failure> {
    let (Some(address), Some(name)) = (&serve.journal, &serve.node) else { return Ok(None) };
    let engine = || address.engine().map_err(when("--journal"));
    Ok(Some(Seat { name: name.clone(), engines: [engine()?, engine()?, engine()?], begins: serve.begin_pool }))
}

/// What is set in the registry itself, so that it is the same for everybody who follows its log.
fn of_registry(serve: &Serve) -> Options {
    Options {
        time_based_notification_index: serve.notification_index == NotificationIndex::Time,
        retention_ns: u64::try_from(serve.retention.as_nanos()).unwrap_or(u64::MAX),
        quotas: Quotas { entities: serve.quota_entities, cells: serve.quota_cells, report_bytes: serve.quota_report_bytes },
    }
}

fn verifier(serve: &Serve) -> Result<Verifier, Failure> {
    let mut keys = KeySet::new();
    for file in &serve.public_key {
        keys.add_pem_file(file).map_err(when("--public-key"))?;
    }
    for location in &serve.jwks {
        let options = JwksOptions { refresh_every: serve.jwks_refresh, keep_for: serve.jwks_keep, ..JwksOptions::default() };
        keys.add_jwks(location, options).map_err(when("--jwks"))?;
    }
    Verifier::new(keys, serve.audience.clone(), VerifierOptions::default()).map_err(when("cannot verify tokens"))
}

/// Waits until somebody wants the service to end.
#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        tracing::warn!("signals cannot be waited for; the service ends only when it is killed");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("told to end");
}

/// Waits until somebody wants the service to end.
#[cfg(not(unix))]
async fn told_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        return std::future::pending().await;
    }
    tracing::info!("told to end");
}
