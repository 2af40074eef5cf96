//! What the tests of tokens share: keys, good claims, and a server on the loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{KeySet, SigningAlgorithm, SigningKey, Verifier, VerifierOptions, der, pem};

/// The time of all checks, Unix seconds.
pub const NOW_S: i64 = 1_900_000_000;
/// The audience of all verifiers.
pub const HOST: &str = "dss.example";

/// A new key that is quickly made.
pub fn key() -> SigningKey {
    SigningKey::generate(SigningAlgorithm::Ed25519).expect("a key")
}

/// A verifier of tokens of these keys, for [`HOST`].
pub fn verifier(keys: &[&SigningKey]) -> Verifier {
    let mut set = KeySet::new();
    for key in keys {
        set.add_pem("test", key.public_pem().expect("a key").as_bytes()).expect("a good key");
    }
    verifier_of(set)
}

/// A verifier of tokens of this set, for [`HOST`].
pub fn verifier_of(keys: KeySet) -> Verifier {
    Verifier::new(keys, vec![HOST.to_owned()], VerifierOptions::default()).expect("good options")
}

/// Claims that count at [`NOW_S`].
pub fn claims() -> Value {
    json!({
        "iss": "authority.example", "sub": "uss1", "aud": HOST, "scope": "utm.strategic_coordination utm.constraint_processing",
        "nbf": NOW_S - 1, "iat": NOW_S - 1, "exp": NOW_S + 3600,
    })
}

/// A token of a key from [`key`] that says this.
pub fn token(key: &SigningKey, claims: &Value) -> String {
    key.sign(r#"{"alg":"EdDSA","typ":"JWT"}"#, claims.to_string().as_bytes()).expect("signed")
}

/// The same, of a key that is called `kid`.
pub fn token_with_kid(key: &SigningKey, kid: &str) -> String {
    key.sign(&json!({ "alg": "EdDSA", "kid": kid }).to_string(), claims().to_string().as_bytes()).expect("signed")
}

/// Base64url.
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The one block of a PEM text.
pub fn der_of(text: &str) -> Vec<u8> {
    pem::read(text).expect("PEM").remove(0).der
}

/// The public half of keys from [`key`], each with its `kid`, as a JWKS.
pub fn jwks(keys: &[(&str, &SigningKey)]) -> String {
    let keys: Vec<Value> = keys
        .iter()
        .map(|(kid, key)| {
            let spki = der_of(&key.public_pem().expect("a key"));
            assert_eq!(der::key_info(&spki), der::KeyInfo::Kind(super::algorithm::KeyKind::Ed25519));
            json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": base64url(&spki[spki.len() - 32..]) })
        })
        .collect();
    json!({ "keys": keys }).to_string()
}

/// Waits until this holds; a test that waits too long fails.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < patience, "waited in vain until {what}");
        std::thread::yield_now();
    }
}

/// An HTTP server on the loopback that says the same to everybody.
pub struct Server {
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    answer: Mutex<String>,
    requests: AtomicUsize,
    stopped: AtomicBool,
}

impl Server {
    /// Starts it on a free port.
    pub fn start(status: &str, body: &str) -> Self {
        Self::start_with(status, body, serve)
    }

    /// Starts it with another way to talk to those who connect, such as TLS.
    pub fn start_with(status: &str, body: &str, talk: impl Fn(TcpStream, &Conversation<'_>) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        let shared =
            Arc::new(Shared { answer: Mutex::default(), requests: AtomicUsize::new(0), stopped: AtomicBool::new(false) });
        let server = Self { address, shared: Arc::clone(&shared) };
        server.answer(status, body);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stopped.load(Ordering::SeqCst) {
                    return;
                }
                talk(stream.expect("a connection"), &Conversation(&shared));
            }
        });
        server
    }

    /// What it says from now on.
    pub fn answer(&self, status: &str, body: &str) {
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        *self.shared.answer.lock().expect("no panic") = answer;
    }

    /// How often it was asked.
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// Its URL, with this scheme.
    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://localhost:{}/jwks.json", self.address.port())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread.
        let _ = TcpStream::connect(self.address);
    }
}

/// One request and its answer.
pub struct Conversation<'a>(&'a Shared);

impl Conversation<'_> {
    /// Reads a request and answers it. Whoever goes away early is no business of the server's.
    pub fn hold(&self, stream: &mut (impl Read + Write)) -> std::io::Result<()> {
        let mut line = String::new();
        let mut reader = BufReader::new(stream);
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        self.0.requests.fetch_add(1, Ordering::SeqCst);
        let answer = self.0.answer.lock().expect("no panic").clone();
        let stream = reader.into_inner();
        stream.write_all(answer.as_bytes())?;
        stream.flush()
    }
}

fn serve(mut stream: TcpStream, conversation: &Conversation<'_>) {
    let _ = conversation.hold(&mut stream);
}
