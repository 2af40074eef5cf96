//! Keys that come and go, and a source of keys that fails, on the loopback.

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::super::testing::{Conversation, NOW_S, Server, jwks, key, token_with_kid, until, verifier_of};
use super::super::{JwksOptions, KeySet, SigningKey, TokenError, Verifier};

const HOUR: Duration = Duration::from_secs(3600);
const MOMENT: Duration = Duration::from_millis(2);

/// A verifier with the keys of this file or URL.
fn verifier(location: &str, options: JwksOptions) -> Verifier {
    let mut keys = KeySet::new();
    keys.add_jwks(location, options).expect("good keys");
    verifier_of(keys)
}

/// Refreshes when asked, as often as asked.
fn when_asked() -> JwksOptions {
    JwksOptions { refresh_every: HOUR, refresh_at_most_every: Duration::ZERO, ..JwksOptions::default() }
}

/// Refreshes all the time.
fn always() -> JwksOptions {
    JwksOptions { refresh_every: MOMENT, refresh_at_most_every: MOMENT, ..JwksOptions::default() }
}

fn is_good(verifier: &Verifier, key: &SigningKey, kid: &str) -> bool {
    verifier.verify(&token_with_kid(key, kid), NOW_S).is_ok()
}

#[test]
fn a_new_key_is_fetched_when_a_token_names_it() {
    let (a, b) = (key(), key());
    let server = Server::start("200 OK", &jwks(&[("a", &a)]));
    let verifier = verifier(&server.url("http"), when_asked());
    assert!(is_good(&verifier, &a, "a"));
    assert_eq!(server.requests(), 1, "nothing is fetched without need");
    server.answer("200 OK", &jwks(&[("a", &a), ("b", &b)]));
    assert!(!is_good(&verifier, &b, "b"), "nobody waits for the network");
    until("the new key counts", || is_good(&verifier, &b, "b"));
    assert!(is_good(&verifier, &a, "a"));
}

#[test]
fn unknown_keys_cause_no_flood() {
    let (a, b) = (key(), key());
    let server = Server::start("200 OK", &jwks(&[("a", &a)]));
    let options = JwksOptions { refresh_at_most_every: HOUR, ..when_asked() };
    let verifier = verifier(&server.url("http"), options);
    for number in 0..1000 {
        assert!(!is_good(&verifier, &b, &number.to_string()));
    }
    assert_eq!(server.requests(), 1);
}

#[test]
fn a_key_that_is_removed_takes_its_remembered_tokens_with_it() {
    let (a, b) = (key(), key());
    let server = Server::start("200 OK", &jwks(&[("a", &a), ("b", &b)]));
    let verifier = verifier(&server.url("http"), always());
    let (of_a, of_b) = (token_with_kid(&a, "a"), token_with_kid(&b, "b"));
    assert!(verifier.verify(&of_a, NOW_S).is_ok() && verifier.verify(&of_b, NOW_S).is_ok());
    assert_eq!(verifier.cached_tokens(), 2);
    server.answer("200 OK", &jwks(&[("b", &b)]));
    until("one key is left", || verifier.sources()[0].keys == 1);
    assert_eq!(verifier.verify(&of_a, NOW_S), Err(TokenError::UnknownKey { kid: "\"a\"".to_owned() }));
    assert!(verifier.verify(&of_b, NOW_S).is_ok());
    assert_eq!(verifier.cached_tokens(), 1);
    // An authority that trusts no key any more is believed.
    server.answer("200 OK", r#"{"keys":[]}"#);
    until("no key is left", || verifier.sources()[0].keys == 0);
    assert!(verifier.verify(&of_b, NOW_S).is_err());
}

#[test]
fn a_key_that_is_replaced_under_its_name_counts_no_more() {
    let (old, new) = (key(), key());
    let server = Server::start("200 OK", &jwks(&[("a", &old)]));
    let verifier = verifier(&server.url("http"), when_asked());
    assert!(is_good(&verifier, &old, "a"));
    server.answer("200 OK", &jwks(&[("a", &new)]));
    until("the new key counts", || is_good(&verifier, &new, "a"));
    assert!(!is_good(&verifier, &old, "a"));
}

#[test]
fn known_keys_work_on_while_refreshes_fail() {
    let (a, b) = (key(), key());
    let good = jwks(&[("a", &a)]);
    let server = Server::start("200 OK", &good);
    let verifier = verifier(&server.url("http"), always());
    for (status, body) in [("500 Internal Server Error", &*good), ("200 OK", "<html>"), ("200 OK", r#"{"keys":7}"#)] {
        server.answer(status, body);
        until("a refresh fails", || verifier.sources()[0].problem.is_some());
        assert!(is_good(&verifier, &a, "a") && !is_good(&verifier, &b, "b"));
        assert!(verifier.sources()[0].usable);
        server.answer("200 OK", &good);
        until("a refresh succeeds", || verifier.sources()[0].problem.is_none());
    }
    assert!(is_good(&verifier, &a, "a"));
}

#[test]
fn keys_that_are_too_old_are_refused_until_they_are_fresh() {
    let (a, b) = (key(), key());
    let good = jwks(&[("a", &a)]);
    let server = Server::start("200 OK", &good);
    let options = JwksOptions { keep_for: 50 * MOMENT, ..always() };
    let verifier = verifier(&server.url("http"), options);
    let of_a = token_with_kid(&a, "a");
    until("the token is remembered", || verifier.verify(&of_a, NOW_S).is_ok());
    server.answer("503 Service Unavailable", "");
    until("the keys are too old", || verifier.verify(&of_a, NOW_S).is_err());
    // They do not come back by themselves, and who cannot tell does not say that a token is false.
    let too_old = TokenError::KeysTooOld { source_name: server.url("http") };
    assert_eq!(verifier.verify(&of_a, NOW_S), Err(too_old.clone()));
    assert_eq!(verifier.verify(&token_with_kid(&b, "b"), NOW_S), Err(too_old));
    assert_eq!(verifier.verify(&token_with_kid(&b, "a"), NOW_S), Err(TokenError::BadSignature));
    assert!(!verifier.sources()[0].usable);
    server.answer("200 OK", &good);
    until("the keys are fresh", || verifier.verify(&of_a, NOW_S).is_ok());
}

#[test]
fn key_files_beside_a_set_work_on_without_it() {
    let (a, b) = (key(), key());
    let server = Server::start("200 OK", &jwks(&[("a", &a)]));
    let mut keys = KeySet::new();
    keys.add_pem("test", b.public_pem().expect("PEM").as_bytes()).expect("a good key");
    keys.add_jwks(&server.url("http"), JwksOptions { keep_for: MOMENT, ..always() }).expect("good keys");
    let verifier = verifier_of(keys);
    server.answer("503 Service Unavailable", "");
    until("the keys are too old", || !verifier.sources()[1].usable);
    assert!(is_good(&verifier, &b, "b"));
}

#[test]
fn a_set_in_a_file_is_read_again() {
    let (a, b) = (key(), key());
    let path = std::env::temp_dir().join(format!("deconflict-jwks-{}.json", std::process::id()));
    std::fs::write(&path, jwks(&[("a", &a)])).expect("written");
    let verifier = verifier(path.to_str().expect("a path"), always());
    assert!(is_good(&verifier, &a, "a"));
    std::fs::write(&path, jwks(&[("b", &b)])).expect("written");
    until("the file is read again", || is_good(&verifier, &b, "b"));
    assert!(!is_good(&verifier, &a, "a"));
    let _ = std::fs::remove_file(&path);
    until("the file is missed", || verifier.sources()[0].problem.is_some());
    assert!(is_good(&verifier, &b, "b"));
}

#[test]
fn keys_come_over_tls_from_a_host_that_is_vouched_for() {
    let fixtures = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/tokens/fixtures"));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let chain = vec![CertificateDer::from_pem_file(fixtures.join("localhost.pem")).expect("a certificate")];
    let private = PrivateKeyDer::from_pem_file(fixtures.join("localhost.key")).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .expect("a good configuration");
    let config = Arc::new(config);
    let talk = move |stream: TcpStream, conversation: &Conversation<'_>| {
        let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
        let mut stream = StreamOwned::new(connection, stream);
        if conversation.hold(&mut stream).is_ok() {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    };
    let a = key();
    let server = Server::start_with("200 OK", &jwks(&[("a", &a)]), talk);
    let with = |ca_file: Option<&str>| JwksOptions { ca_file: ca_file.map(|name| fixtures.join(name)), ..JwksOptions::default() };
    assert!(is_good(&verifier(&server.url("https"), with(Some("ca.pem"))), &a, "a"));
    for (ca_file, why) in [
        (Some("certificate.pem"), "certificate"),
        (Some("ed25519.pem"), "no certificate authority"),
        (Some("missing.pem"), "cannot be used"),
        // Whatever the machine trusts, it is not this test's authority.
        (None, "certificate"),
    ] {
        let error = KeySet::new().add_jwks(&server.url("https"), with(ca_file)).expect_err("it must be refused").to_string();
        assert!(error.contains(why), "{ca_file:?}: {error}");
    }
    // The same machine under a name that the certificate does not bear.
    let elsewhere = server.url("https").replace("localhost", "127.0.0.1");
    let error = KeySet::new().add_jwks(&elsewhere, with(Some("ca.pem"))).expect_err("another name").to_string();
    assert!(error.contains("certificate not valid for name \"127.0.0.1\""), "{error}");
}
