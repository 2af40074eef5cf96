//! Certificates and authorities from PEM files, for both engines.

use crate::address::Address;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;

/// What TLS needs to know.
pub struct Material {
    /// Who vouches for the hosts.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Who we are, if the engine wants to know.
    pub identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

impl Material {
    /// Reads the files of `address`.
    pub fn read(address: &Address) -> Result<Self, String> {
        let authorities = match &address.ca {
            Some(path) => certificates(path)?,
            None => rustls_native_certs::load_native_certs().certs,
        };
        if authorities.is_empty() {
            return Err("no certificate authority to check the hosts by".to_owned());
        }
        let identity = address.identity.as_ref().map(|(chain, key)| {
            let unread = |error| format!("the key in {}: {error}", key.display());
            Ok::<_, String>((certificates(chain)?, PrivateKeyDer::from_pem_file(key).map_err(unread)?))
        });
        Ok(Self { authorities, identity: identity.transpose()? })
    }

    /// The same for rustls itself.
    pub fn client(self) -> Result<Arc<ClientConfig>, String> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.authorities);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| error.to_string())?.with_root_certificates(roots);
        let config = match self.identity {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| error.to_string())?,
            None => builder.with_no_client_auth(),
        };
        Ok(Arc::new(config))
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    read.map_err(|error| format!("the certificates in {}: {error}", path.display()))
}
