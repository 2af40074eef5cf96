//! Over real sockets of this machine: TLS, limits, rubbish, and the end of the service.

use crate::harness::*;
use deconflict_service::http::STRATEGIC_COORDINATION as SC;
use deconflict_service::serve::{Connections, serve, tls};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A service that listens.
struct Listening {
    address: SocketAddr,
    end: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

async fn listen(world: &World, connections: Connections) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel();
    let until = async { drop(ended.await) };
    let served = tokio::spawn(serve(listener, world.router.clone(), connections, until));
    Listening { address, end, served }
}

/// Sends a text and reads until the other side closes.
async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, text: &str) -> String {
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A peer that ends TLS without saying so has still said all that it had to.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

const HEALTHY: &str = "GET /healthy HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn requests_are_answered_over_a_socket() {
    let world = World::new();
    let service = listen(&world, Connections::default()).await;
    let answer = exchange(TcpStream::connect(service.address).await.unwrap(), HEALTHY).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nok"), "{answer}");
}

#[tokio::test]
async fn rubbish_costs_only_its_own_connection() {
    let world = World::new();
    let service = listen(&world, Connections::default()).await;
    for rubbish in
        ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", &format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1 << 20))]
    {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        // It may close before everything is sent.
        let _ = stream.write_all(rubbish.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert!(exchange(TcpStream::connect(service.address).await.unwrap(), HEALTHY).await.ends_with("ok"));
}

#[tokio::test]
async fn a_client_that_listens_only_after_it_has_sent_everything_hears_its_refusal() {
    let world = World::new();
    let service = listen(&world, Connections::default()).await;
    let len = 8 << 20;
    let head =
        format!("PUT /dss/v1/uss_availability/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {len}\r\n\r\n");
    let answer = exchange(TcpStream::connect(service.address).await.unwrap(), &format!("{head}{}", " ".repeat(len))).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn tls_is_spoken_with_the_certificate_that_was_given() {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tokens/fixtures");
    let config = tls(&fixtures.join("localhost.pem"), &fixtures.join("localhost.key")).expect("a certificate and its key");
    let world = World::new();
    let service = listen(&world, Connections { tls: Some(config), ..Connections::default() }).await;

    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(fixtures.join("ca.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let client = client.with_root_certificates(roots).with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
    let stream = TcpStream::connect(service.address).await.unwrap();
    let stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.expect("a handshake");
    assert!(exchange(stream, HEALTHY).await.ends_with("ok"));

    // Without TLS there is no answer, and the service goes on.
    let answer = exchange(TcpStream::connect(service.address).await.unwrap(), HEALTHY).await;
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[test]
fn certificates_that_cannot_be_used_are_refused_with_their_file() {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tokens/fixtures");
    let [good, key, other, none] =
        ["localhost.pem", "localhost.key", "ed25519.key", "absent.pem"].map(|name| fixtures.join(name));
    let refused = |certificate, key| tls(certificate, key).expect_err("it cannot be used").to_string();
    assert!(refused(&none, &key).contains("cannot read certificates from"));
    assert!(refused(&good, &none).contains("absent.pem"));
    assert!(refused(&key, &key).contains("localhost.key has no certificate"));
    assert_eq!(refused(&good, &other), "the certificate and the key cannot be used");
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_gives_room_to_the_next() {
    let world = World::new();
    let connections = Connections { at_once: 1, head_timeout: Duration::from_millis(50), ..Connections::default() };
    let service = listen(&world, connections).await;
    let mut idle = TcpStream::connect(service.address).await.unwrap();
    idle.write_all(b"GET /healthy HTTP/1.1\r\nhost:").await.unwrap();
    // The only place is taken; the next one waits for it.
    let next = tokio::spawn(exchange(TcpStream::connect(service.address).await.unwrap(), HEALTHY));
    let mut answer = Vec::new();
    idle.read_to_end(&mut answer).await.unwrap();
    assert!(next.await.unwrap().ends_with("ok"));
}

#[tokio::test]
async fn the_end_waits_for_what_was_begun_and_accepts_nothing_more() {
    let world = World::new();
    let Listening { address, end, served } = listen(&world, Connections::default()).await;
    let body = intent(46.0, 7.0).to_string();
    let head = format!(
        "PUT /dss/v1/operational_intent_references/{} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        id(1),
        world.token("alice", &[SC]),
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");

    // The request is being worked on. Now the service is told to end.
    end.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!served.is_finished());
    let answer = exchange(stream, &body).await;
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    served.await.unwrap();
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let world = World::new();
    let connections = Connections { grace: Duration::from_millis(50), ..Connections::default() };
    let Listening { address, end, served } = listen(&world, connections).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let token = world.token("alice", &[SC]);
    let head = format!(
        "PUT /dss/v1/operational_intent_references/{} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         expect: 100-continue\r\ncontent-length: 9\r\n\r\n",
        id(1)
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    end.send(()).unwrap();
    served.await.unwrap();
}
