//! Connections to other servers: which URLs are taken, and whose certificates count.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How another server is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outbound<'a> {
    /// Whether `http` may go to other machines: whoever sits on the way can read and change it.
    pub allow_http: bool,
    /// Certificate authorities that replace the system's.
    pub ca_file: Option<&'a Path>,
    /// How long one request may take; as long as it takes where this is nothing.
    pub patience: Option<Duration>,
    /// What is asked for.
    pub accept: &'a str,
}

impl Outbound<'_> {
    /// The URL, and what asks for it and for what is below it. No redirects are followed: they could lead away from TLS, or from the host that
    /// is trusted.
    ///
    /// # Errors
    /// A URL that cannot be used; certificates that cannot be read.
    pub fn agent(&self, location: &str) -> Result<(Uri, Agent), String> {
        let uri: Uri = location.parse().map_err(|error| format!("no URL: {error}"))?;
        let host = uri.host().unwrap_or_default();
        let is_here = is_loopback(host);
        let mut config = Agent::config_builder()
            .timeout_global(self.patience)
            .max_redirects(0)
            .max_redirects_will_error(true)
            .user_agent(concat!("deconflict/", env!("CARGO_PKG_VERSION")))
            .accept(self.accept);
        match uri.scheme_str() {
            Some("http") if is_here || self.allow_http => {}
            Some("http") => return Err(format!("a URL without TLS to another machine, {host}")),
            Some("https") => config = config.tls_config(tls(self.ca_file)?),
            scheme => return Err(format!("a URL with the scheme {:?}", scheme.unwrap_or_default())),
        }
        if is_here {
            // A proxy elsewhere cannot reach this machine under that name.
            config = config.proxy(None);
        }
        Ok((uri, config.build().new_agent()))
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
            let blocks = crate::tokens::pem::read(&text).map_err(unread)?;
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
