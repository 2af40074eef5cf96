//! Connections: accepted within a limit, with or without TLS, each served until it ends or the service does.
//!
//! HTTP/1.1 only: F3548 needs no more, and what is not there cannot be attacked.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;

/// What whoever runs a service may choose about its connections.
#[derive(Clone)]
pub struct Connections {
    /// At most so many are open; one more waits to be accepted.
    pub at_once: usize,
    /// How long a client may take to send the head of a request, and how long a connection may be idle.
    pub head_timeout: Duration,
    /// How long a client may leave an answer, or a part of it, untaken.
    pub untaken_timeout: Duration,
    /// How long a TLS handshake may take.
    pub handshake_timeout: Duration,
    /// When the service ends: how long requests that were begun may go on.
    pub grace: Duration,
    /// Certificate and key; without them, connections are not encrypted.
    pub tls: Option<Arc<ServerConfig>>,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            at_once: 10_000,
            head_timeout: Duration::from_secs(60),
            untaken_timeout: Duration::from_secs(60),
            handshake_timeout: Duration::from_secs(10),
            grace: Duration::from_secs(15),
            tls: None,
        }
    }
}

/// Files that are kept for the log, key files and the like, so that connections cannot take the last one.
const FILES_KEPT: u64 = 128;

/// Has the operating system allow as many open files as `wanted` connections need; how many there can be, at least one.
///
/// Many systems allow 1,024 files unless they are asked. Without this, as many idle connections would keep the log from beginning a new file.
#[cfg(unix)]
pub fn room_for(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let needed = u64::try_from(wanted).unwrap_or(u64::MAX).saturating_add(FILES_KEPT);
    let mut allowed = current.unwrap_or(u64::MAX);
    if allowed < needed {
        let raised = needed.min(maximum.unwrap_or(u64::MAX));
        if setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum }).is_ok() {
            allowed = raised;
        }
    }
    let room = wanted.min(usize::try_from(allowed.saturating_sub(FILES_KEPT)).unwrap_or(usize::MAX)).max(1);
    if room < wanted {
        tracing::warn!(wanted, room, open_files = allowed, "fewer connections are possible: raise the limit of open files");
    }
    room
}

/// Elsewhere, nothing is known of a limit.
#[cfg(not(unix))]
pub fn room_for(wanted: usize) -> usize {
    wanted
}

/// Serves `router` until `end`; then accepts nothing more, and returns when all requests are answered, or the grace is over.
///
/// A connection that fails costs nobody else anything, and an accept that fails is tried again: there may be too many open
/// files at the moment.
pub async fn serve(listener: TcpListener, router: Router, connections: Connections, end: impl Future<Output = ()>) {
    const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(100);
    let room = Arc::new(Semaphore::new(connections.at_once));
    let open = GracefulShutdown::new();
    let mut end = std::pin::pin!(end);
    let accept = async || {
        let permit = Arc::clone(&room).acquire_owned().await.expect("the semaphore is never closed");
        (listener.accept().await, permit)
    };
    loop {
        let (accepted, permit) = tokio::select! {
            biased;
            () = &mut end => break,
            accepted = accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                // Answers are small and written whole: waiting for more only delays them.
                let _ = stream.set_nodelay(true);
                end_if_untaken(&stream, connections.untaken_timeout);
                let one =
                    One { router: router.clone(), connections: connections.clone(), watcher: open.watcher(), _permit: permit };
                tokio::spawn(one.run(stream));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(AFTER_FAILED_ACCEPT).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(connections.grace, open.shutdown()).await.is_err() {
        tracing::warn!("some requests were not answered in time before the end");
    }
}

/// Has the operating system end a connection whose other end takes nothing of what was sent for so long, whether it is gone or
/// only says that it has no room: else a client that asks and never reads would keep its place, and its answers, for good.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn end_if_untaken(stream: &TcpStream, timeout: Duration) {
    let timeout_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, timeout_ms) {
        tracing::debug!(%error, "a connection has no limit for answers that are not taken");
    }
}

/// Other systems have no such thing; there, connections like these last until the service ends.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn end_if_untaken(_: &TcpStream, _: Duration) {}

/// One connection.
struct One {
    router: Router,
    connections: Connections,
    watcher: hyper_util::server::graceful::Watcher,
    _permit: OwnedSemaphorePermit,
}

impl One {
    async fn run(self, stream: TcpStream) {
        let Some(tls) = self.connections.tls.clone() else { return self.serve(stream).await };
        let handshake = TlsAcceptor::from(tls).accept(stream);
        match tokio::time::timeout(self.connections.handshake_timeout, handshake).await {
            Ok(Ok(stream)) => self.serve(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let service = TowerToHyperService::new(self.router);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.connections.head_timeout);
        let connection = http.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(%error, "a connection failed");
        }
    }
}

/// Certificates or a key that cannot be used.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read, or is not PEM.
    #[error("cannot read {what} from {}", path.display())]
    Unreadable {
        /// What belongs there.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: rustls::pki_types::pem::Error,
    },
    /// The file has no certificate.
    #[error("{} has no certificate; expected a chain in PEM, the server's own first", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// They do not fit together, or are of a kind that is not supported.
    #[error("the certificate and the key cannot be used")]
    Unusable(#[source] rustls::Error),
}

/// TLS 1.2 and 1.3 with the certificate chain and the private key of two PEM files.
///
/// # Errors
/// They cannot be read or used.
pub fn tls(certificates: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let unreadable = |what, path: &Path| {
        let path = path.to_owned();
        move |source| TlsError::Unreadable { what, path, source }
    };
    let chain = CertificateDer::pem_file_iter(certificates)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(unreadable("certificates", certificates))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate { path: certificates.to_owned() });
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(unreadable("a private key", key))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(TlsError::Unusable)?;
    Ok(Arc::new(config))
}
