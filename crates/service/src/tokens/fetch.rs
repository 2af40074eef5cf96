//! Where a set of keys is: a file, or behind a URL. One call is one attempt.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Longest JWKS, bytes: a hundred keys with their certificates fit.
const MOST_BYTES: u64 = 1 << 20;
/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A place to fetch keys from.
#[derive(Debug)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A URL, and what asks for it.
    Url(Uri, Box<Agent>),
}

impl Place {
    /// What `location` means: a URL if it has a scheme, else a file. `http` is for this machine alone unless `allow_http`:
    /// whoever sits on the way could send keys of their own. `ca_file` replaces the system's certificate authorities.
    ///
    /// # Errors
    /// A URL that cannot be used; certificates that cannot be read.
    pub fn new(location: &str, allow_http: bool, ca_file: Option<&Path>) -> Result<Self, String> {
        if !location.contains("://") {
            return Ok(Self::File(location.into()));
        }
        let uri: Uri = location.parse().map_err(|error| format!("no URL: {error}"))?;
        let host = uri.host().unwrap_or_default();
        let is_here = is_loopback(host);
        let mut config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            // A redirect could lead away from TLS, or from the host that the operator trusts.
            .max_redirects(0)
            .max_redirects_will_error(true)
            .user_agent(concat!("deconflict/", env!("CARGO_PKG_VERSION")))
            .accept("application/jwk-set+json, application/json");
        match uri.scheme_str() {
            Some("http") if is_here || allow_http => {}
            Some("http") => return Err(format!("a URL without TLS to another machine, {host}")),
            Some("https") => config = config.tls_config(tls(ca_file)?),
            scheme => return Err(format!("a URL with the scheme {:?}", scheme.unwrap_or_default())),
        }
        if is_here {
            // A proxy elsewhere cannot reach this machine under that name.
            config = config.proxy(None);
        }
        Ok(Self::Url(uri, Box::new(config.build().new_agent())))
    }

    /// Fetches what is there now.
    ///
    /// # Errors
    /// Why it could not be had.
    pub fn fetch(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::File(path) => std::fs::read(path).map_err(|error| error.to_string()),
            Self::Url(uri, agent) => {
                let mut response = agent.get(uri).call().map_err(|error| error.to_string())?;
                if response.status() != 200 {
                    return Err(format!("status {}", response.status()));
                }
                response.body_mut().with_config().limit(MOST_BYTES).read_to_vec().map_err(|error| error.to_string())
            }
        }
    }
}

/// Does this host name mean the machine itself, whoever answers for names?
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// TLS with the crypto that all of Deconflict uses, and with the authorities of the system or of a file.
fn tls(ca_file: Option<&Path>) -> Result<TlsConfig, String> {
    let authorities = match ca_file {
        Some(path) => {
            let unread = |why: String| format!("certificates in {} that cannot be used: {why}", path.display());
            let text = std::fs::read_to_string(path).map_err(|error| unread(error.to_string()))?;
            let blocks = super::pem::read(&text).map_err(unread)?;
            blocks.into_iter().filter(|block| block.label == "CERTIFICATE").map(|block| block.der).collect()
        }
        None => system_authorities(),
    };
    if authorities.is_empty() {
        return Err("no certificate authority to check the host by".to_owned());
    }
    let roots: Vec<_> = authorities.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(TlsConfig::builder().root_certs(RootCerts::from(roots)).unversioned_rustls_crypto_provider(provider).build())
}

/// The authorities that the machine trusts; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others.
fn system_authorities() -> Vec<Vec<u8>> {
    rustls_native_certs::load_native_certs().certs.into_iter().map(|certificate| certificate.to_vec()).collect()
}
