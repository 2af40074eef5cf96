//! Requests to an etcd cluster: to one of its members as long as it answers, then to the next.

use crate::address::Address;
use crate::engine::EngineError;
use crate::tls::Material;
use rustls::pki_types::CertificateDer;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

pub const ENGINE: &str = "etcd";

/// How long a request may take: an etcd that has a leader needs some milliseconds, and elects one within a second or two.
const PATIENCE: Duration = Duration::from_secs(2);
/// The answer to a request with a token that has run out, in gRPC's numbers.
const UNAUTHENTICATED: u32 = 16;
/// The answers to whoever is not let in, or asks for what it may not have or what makes no sense: a wrong password is the latter.
const REFUSED: [u32; 3] = [3, 7, UNAUTHENTICATED];
/// A user or a role was changed since the token was given out.
const OLD_TOKEN: &str = "revision of auth store is old";

pub struct Connection {
    agent: Agent,
    endpoints: Vec<String>,
    is_encrypted: bool,
    /// Which one answers.
    current: AtomicUsize,
    credentials: Option<(String, String)>,
    token: Mutex<Option<String>>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    code: u32,
    #[serde(default)]
    message: String,
}

impl Refusal {
    /// What an answer says that is not what was asked for. A proxy, or a server that expects TLS, says something else than JSON.
    fn read(body: &[u8]) -> Self {
        let other = || Self { code: 0, message: String::from_utf8_lossy(body).trim().chars().take(200).collect() };
        serde_json::from_slice(body).unwrap_or_else(|_| other())
    }
}

#[derive(Deserialize)]
struct Authenticated {
    token: String,
}

impl Connection {
    pub fn new(address: &Address) -> Result<Self, EngineError> {
        let scheme = if address.tls { "https" } else { "http" };
        let endpoint = |(host, port): &(String, u16)| {
            let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
            format!("{scheme}://{host}:{port}/v3/")
        };
        let credentials = match (address.user.clone(), address.password().map_err(unusable)?) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            (Some(user), None) => return Err(unusable(format!("the user `{user}` has no password; give `password-file=FILE`"))),
            (None, Some(_)) => return Err(unusable("there is a password, and no user; give `etcd://USER@HOST`".to_owned())),
        };
        let mut config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(PATIENCE / 2))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("deconflict/", env!("CARGO_PKG_VERSION")));
        if address.tls {
            config = config.tls_config(tls(address).map_err(unusable)?);
        }
        Ok(Self {
            agent: config.build().new_agent(),
            endpoints: address.hosts.iter().map(endpoint).collect(),
            is_encrypted: address.tls,
            current: AtomicUsize::new(0),
            credentials,
            token: Mutex::new(None),
        })
    }

    /// Sends a request, and reads the answer. It is sent once; only if the token has run out, once more.
    pub fn call<A: DeserializeOwned>(&self, path: &str, request: &impl Serialize) -> Result<A, EngineError> {
        for is_again in [false, true] {
            let mut response = self.post(PATIENCE, path, request)?;
            let body = response.body_mut().with_config().limit(u64::MAX).read_to_vec().map_err(|error| self.lost(error))?;
            if response.status() == 200 {
                return serde_json::from_slice(&body).map_err(|error| unusable(format!("its answer to {path}: {error}")));
            }
            let refusal = Refusal::read(&body);
            let is_old = refusal.code == UNAUTHENTICATED || refusal.message.contains(OLD_TOKEN);
            if is_old && self.credentials.is_some() && !is_again {
                *self.token.lock().expect("nobody panics while holding it") = None;
                continue;
            }
            let said = format!("{path} was answered with status {} and `{}`", response.status(), refusal.message);
            return Err(self.refused(&refusal, said));
        }
        unreachable!("the second time always ends")
    }

    /// Reads lines of an answer that goes on, until `line` says that it has enough, the time is over, or nothing more comes.
    pub fn watch(
        &self,
        request: &impl Serialize,
        timeout: Duration,
        mut line: impl FnMut(&str) -> bool,
    ) -> Result<(), EngineError> {
        let response = self.post(timeout, "watch", request)?;
        let mut reader = BufReader::new(response.into_body().into_reader());
        let mut text = String::new();
        while reader.read_line(&mut text).map_err(unavailable)? > 0 && line(&text) {
            text.clear();
        }
        Ok(())
    }

    fn post(
        &self,
        patience: Duration,
        path: &str,
        request: &impl Serialize,
    ) -> Result<ureq::http::Response<ureq::Body>, EngineError> {
        let endpoint = &self.endpoints[self.current.load(Ordering::Relaxed) % self.endpoints.len()];
        let mut call = self.agent.post(format!("{endpoint}{path}")).content_type("application/json");
        if let Some((name, password)) = &self.credentials {
            call = call.header("Authorization", self.token(endpoint, name, password)?);
        }
        let body = serde_json::to_vec(request).expect("a request can be written");
        call.config().timeout_global(Some(patience)).build().send(&body[..]).map_err(|error| self.unsent(error))
    }

    fn token(&self, endpoint: &str, name: &str, password: &str) -> Result<String, EngineError> {
        let mut token = self.token.lock().expect("nobody panics while holding it");
        if let Some(token) = &*token {
            return Ok(token.clone());
        }
        let body = serde_json::json!({ "name": name, "password": password }).to_string();
        let asked =
            self.agent.post(format!("{endpoint}auth/authenticate")).content_type("application/json").send(body.as_bytes());
        let mut response = asked.map_err(|error| self.unsent(error))?;
        let body = response.body_mut().read_to_vec().map_err(|error| self.lost(error))?;
        let Ok(Authenticated { token: fresh }) = serde_json::from_slice(&body) else {
            let refusal = Refusal::read(&body);
            let said = format!("user `{name}` was not let in: {}", refusal.message);
            return Err(self.refused(&refusal, said));
        };
        *token = Some(fresh.clone());
        Ok(fresh)
    }

    /// An answer that is none to what was asked. The next member may know more of users, or have a leader.
    fn refused(&self, refusal: &Refusal, said: String) -> EngineError {
        let lost = self.lost(&*said);
        if REFUSED.contains(&refusal.code) { unusable(said) } else { lost }
    }

    /// A request without an answer. A server that expects TLS closes the connection of whoever begins without it, and says nothing.
    fn unsent(&self, error: ureq::Error) -> EngineError {
        let is_closed = matches!(&error, ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof);
        if is_closed && !self.is_encrypted {
            return self.lost(format!("{error}; perhaps it expects TLS (`tls=yes`)"));
        }
        self.lost(error)
    }

    /// No answer from this member: the next one is asked next time.
    fn lost(&self, source: impl Into<deconflict_journal::Source>) -> EngineError {
        self.current.fetch_add(1, Ordering::Relaxed);
        unavailable(source)
    }
}

fn unavailable(source: impl Into<deconflict_journal::Source>) -> EngineError {
    EngineError::Unavailable { engine: ENGINE, source: source.into() }
}

pub fn unusable(reason: String) -> EngineError {
    EngineError::Unusable { engine: ENGINE, reason }
}

fn tls(address: &Address) -> Result<TlsConfig, String> {
    let Material { authorities, identity } = Material::read(address)?;
    let certificate = |der: &CertificateDer<'_>| Certificate::from_der(der).to_owned();
    let roots: Vec<_> = authorities.iter().map(certificate).collect();
    let identity = match (identity, &address.identity) {
        (Some((chain, _)), Some((_, file))) => {
            let unread = |error: String| format!("the key in {}: {error}", file.display());
            let pem = std::fs::read(file).map_err(|error| unread(error.to_string()))?;
            let key = PrivateKey::from_pem(&pem).map_err(|error| unread(error.to_string()))?;
            let chain: Vec<_> = chain.iter().map(certificate).collect();
            Some(ClientCert::new_with_certs(&chain, key))
        }
        _ => None,
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::from(roots))
        .client_cert(identity)
        .unversioned_rustls_crypto_provider(provider)
        .build())
}
