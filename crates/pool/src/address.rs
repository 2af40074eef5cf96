//! Where a pool's engine is: `etcd://…` or `postgres://…`, and how it is reached.
//!
//! ```text
//! etcd://[USER@]HOST[:PORT],HOST[:PORT],…[/PREFIX][?ca=FILE&cert=FILE&key=FILE&password-file=FILE&tls=yes|no]
//! postgres://[USER@]HOST[:PORT],…[/DATABASE][?ca=FILE&password-file=FILE&tls=yes|no]
//! ```
//!
//! Passwords are in files, because whoever is on the machine can read a command line. Without TLS only this machine is
//! talked to, unless `tls=no` says otherwise.

use crate::engine::{Engine, EngineError};
use crate::etcd::Etcd;
use crate::postgres::Postgres;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use thiserror::Error;

/// What kind of engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// etcd 3.4 and later.
    Etcd,
    /// PostgreSQL, or what speaks its protocol.
    Postgres,
}

/// Where an engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What kind it is.
    pub kind: Kind,
    /// Its machines: names or addresses, with ports.
    pub hosts: Vec<(String, u16)>,
    /// Whom the pool is to the engine.
    pub user: Option<String>,
    /// What the names of all records begin with (etcd), or the database (PostgreSQL).
    pub within: String,
    /// Whether connections are encrypted, and hosts checked.
    pub tls: bool,
    /// Certificate authorities in PEM; those of the system without it.
    pub ca: Option<PathBuf>,
    /// A certificate chain of our own and its key, in PEM.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// The first line of this file is the password.
    pub password_file: Option<PathBuf>,
}

/// An address that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the address of the journal: {0}")]
pub struct InvalidAddress(String);

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let invalid = |what: String| Err(InvalidAddress(what));
        let (kind, port, within, rest) = match text.split_once("://") {
            Some(("etcd", rest)) => (Kind::Etcd, 2379, "deconflict", rest),
            Some(("postgres" | "postgresql", rest)) => (Kind::Postgres, 5432, "deconflict", rest),
            _ => return invalid(format!("found `{text}`; expected `etcd://HOST,…` or `postgres://HOST,…`")),
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (machines, path) = place.split_once('/').unwrap_or((place, ""));
        let (user, machines) = machines.rsplit_once('@').map_or((None, machines), |(user, machines)| (Some(user), machines));
        if user.is_some_and(|user| user.contains(':')) {
            return invalid("a password in it can be read by everybody on this machine; use `?password-file=FILE`".to_owned());
        }
        let hosts = machines.split(',').map(|machine| host(machine, port)).collect::<Result<Vec<_>, _>>()?;
        let mut options: BTreeMap<&str, &str> = BTreeMap::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            options.insert(name, value);
        }
        let mut file = |name: &str| options.remove(name).map(PathBuf::from);
        let (ca, password_file, cert, key) = (file("ca"), file("password-file"), file("cert"), file("key"));
        let identity = match (cert, key) {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            _ => return invalid("`cert` and `key` go together".to_owned()),
        };
        let is_here = hosts.iter().all(|(host, _)| is_loopback(host));
        let tls = match options.remove("tls") {
            Some("yes") => true,
            Some("no") => false,
            None => ca.is_some() || identity.is_some() || !is_here,
            Some(other) => return invalid(format!("`tls`: found `{other}`; expected `yes` or `no`")),
        };
        if let Some(name) = options.keys().next() {
            return invalid(format!("found `{name}`; expected `ca`, `cert`, `key`, `password-file` or `tls`"));
        }
        let within = if path.is_empty() { within } else { path }.to_owned();
        Ok(Self { kind, hosts, user: user.map(str::to_owned), within, tls, ca, identity, password_file })
    }
}

impl Address {
    /// What reaches the engine. Nothing is asked of it yet.
    ///
    /// # Errors
    /// Files that cannot be read or used.
    pub fn engine(&self) -> Result<Arc<dyn Engine>, EngineError> {
        Ok(match self.kind {
            Kind::Etcd => Arc::new(Etcd::new(self)?),
            Kind::Postgres => Arc::new(Postgres::new(self)?),
        })
    }

    /// The password, if there is one.
    pub(crate) fn password(&self) -> Result<Option<String>, String> {
        let Some(path) = &self.password_file else { return Ok(None) };
        let text = std::fs::read_to_string(path).map_err(|error| format!("the password in {}: {error}", path.display()))?;
        Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
    }
}

fn host(machine: &str, port: u16) -> Result<(String, u16), InvalidAddress> {
    let wrong = || InvalidAddress(format!("found the host `{machine}`; expected NAME, NAME:PORT or [ADDRESS]:PORT"));
    let (name, port) = match machine.rsplit_once(':') {
        Some((name, digits)) if !name.ends_with(':') && (!name.contains(':') || name.ends_with(']')) => {
            (name, digits.parse().map_err(|_| wrong())?)
        }
        _ => (machine, port),
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let is_good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if name.is_empty() || !name.chars().all(is_good) { Err(wrong()) } else { Ok((name.to_owned(), port)) }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_where_and_how() {
        let address: Address = "etcd://pool@a.example,b:1234,[::1]:99/east?ca=/x/ca.pem&password-file=pw".parse().unwrap();
        assert_eq!(address.kind, Kind::Etcd);
        let hosts = [("a.example", 2379), ("b", 1234), ("::1", 99)].map(|(host, port)| (host.to_owned(), port));
        assert_eq!(address.hosts, hosts);
        assert_eq!((address.user.as_deref(), address.within.as_str(), address.tls), (Some("pool"), "east", true));
        assert_eq!(address.password_file, Some("pw".into()));
    }

    #[test]
    fn other_machines_are_not_talked_to_in_clear_unless_it_is_said() {
        for (text, tls) in [
            ("etcd://127.0.0.1", false),
            ("postgres://localhost/x", false),
            ("etcd://127.0.0.1,10.0.0.1", true),
            ("postgres://db.example", true),
            ("postgres://db.example?tls=no", false),
            ("etcd://127.0.0.1?tls=yes", true),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().tls, tls, "{text}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_was_found() {
        for (text, says) in [
            ("file:///x", "found `file:///x`"),
            ("etcd://", "found the host ``"),
            ("etcd://a:port", "found the host `a:port`"),
            ("etcd://u:secret@a", "password-file"),
            ("etcd://a?cert=x", "go together"),
            ("etcd://a?tls=maybe", "found `maybe`"),
            ("etcd://a?timeout=3", "found `timeout`"),
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
