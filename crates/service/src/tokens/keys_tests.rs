//! What keys can be read, of whom, and which are refused with what words.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::testing::{NOW_S, Server, base64url, claims, der_of, jwks, key, token, token_with_kid, verifier_of};
use super::super::{SigningAlgorithm, SigningKey, TokenError, der, jwk, pem};
use super::{JwksOptions, KeySet, Place};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name))
    };
}

/// Checks that this PEM text is refused with these words.
#[track_caller]
fn refused(pem: &str, found: &str) {
    let error = KeySet::new().add_pem("keys.pem", pem.as_bytes()).expect_err("it must be refused").to_string();
    assert!(error.starts_with("keys.pem: found ") && error.contains(found), "{error}");
    assert!(error.ends_with("; expected a public key: RSA of 2048 to 8192 bits, P-256 or Ed25519"), "{error}");
}

/// Checks that what is signed with this private key is verified with that public key.
#[track_caller]
fn belong_together(private: &str, public: &str) {
    let key = SigningKey::from_pem(private).expect("a private key");
    let alg = if public.contains("RSA") || public.len() > 400 {
        "RS256"
    } else if public.len() > 150 {
        "ES256"
    } else {
        "EdDSA"
    };
    let token = key.sign(&json!({ "alg": alg }).to_string(), claims().to_string().as_bytes()).expect("signed");
    let mut keys = KeySet::new();
    keys.add_pem("test", public.as_bytes()).expect("a public key");
    let answer = verifier_of(keys).verify(&token, NOW_S);
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn keys_of_openssl_are_read() {
    for private in [fixture!("rsa-pkcs1.key"), fixture!("rsa-pkcs8.key")] {
        for public in [fixture!("rsa-spki.pem"), fixture!("rsa-pkcs1.pem")] {
            belong_together(private, public);
        }
    }
    belong_together(fixture!("p-256-sec1.key"), fixture!("p-256.pem"));
    belong_together(fixture!("ed25519.key"), fixture!("ed25519.pem"));
}

#[test]
fn our_own_keys_are_read() {
    for algorithm in [SigningAlgorithm::Ed25519, SigningAlgorithm::Es256, SigningAlgorithm::Rs256] {
        let key = SigningKey::generate(algorithm).expect("a key");
        belong_together(&key.private_pem().expect("PEM"), &key.public_pem().expect("PEM"));
    }
}

#[test]
fn a_certificate_lends_its_key() {
    let spki = der::key_of_certificate(&der_of(fixture!("certificate.pem"))).expect("a certificate").to_vec();
    // What `openssl x509 -pubkey` says.
    assert_eq!(base64url(&spki[12..]), "ic-tBatYJMvPo6iDryD18aupjVmqtxiYiHhMRrWnFv0");
    let mut keys = KeySet::new();
    keys.add_pem("test", fixture!("certificate.pem").as_bytes()).expect("a good certificate");
    assert_eq!(keys.fixed.len(), 1);
    keys.add_pem("test", fixture!("localhost.pem").as_bytes()).expect("a good certificate");
    assert_eq!(keys.fixed.len(), 2);
    refused(&[fixture!("localhost.pem"), fixture!("ca.pem")].concat(), "a certificate beside other blocks");
}

#[test]
fn several_keys_in_one_file_all_count() {
    let both = format!("Two keys.\r\n{}\nand\n{}", fixture!("ed25519.pem").replace('\n', "\r\n"), fixture!("p-256.pem"));
    let mut keys = KeySet::new();
    keys.add_pem("test", both.as_bytes()).expect("good keys");
    assert_eq!(keys.fixed.len(), 2);
}

#[test]
fn what_is_no_public_key_is_refused() {
    for private in [
        fixture!("rsa-pkcs1.key"),
        fixture!("rsa-pkcs8.key"),
        fixture!("ed25519.key"),
        fixture!("encrypted.key"),
        fixture!("encrypted-pkcs1.key"),
    ] {
        refused(private, "a private key, which belongs to the authority alone");
        refused(&[fixture!("ed25519.pem"), private].concat(), "a private key");
    }
    refused(fixture!("p-256-sec1.key"), "a PEM block \"EC PARAMETERS\"");
    refused(fixture!("rsa-1024.pem"), "an RSA key of 1024 bits");
    refused(fixture!("p-384.pem"), "a public key of another kind");
    refused("", "no PEM block");
    refused("a secret for HS256", "no PEM block");
    refused("-----BEGIN PUBLIC KEY-----\nAAAA\n", "without its end");
    refused("-----BEGIN PUBLIC KEY-----\nÄ\n-----END PUBLIC KEY-----\n", "not base64");
    refused("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", "cannot be read");
    refused(&pem::write("PUBLIC KEY", &[7; 32]), "cannot be read");
    refused(&pem::write("PUBLIC KEY", &[&der_of(fixture!("ed25519.pem"))[..], &[0]].concat()), "cannot be read");
    refused(&pem::write("RSA PUBLIC KEY", &der_of(fixture!("ed25519.pem"))), "an RSA key that cannot be read");
    refused(&pem::write("CERTIFICATE", &der_of(fixture!("ed25519.pem"))), "a certificate that cannot be read");
    refused(&pem::write("SECRET", &[7; 32]), "a PEM block \"SECRET\"");
    // A point that is not on the curve: a forger could choose its order.
    let mut off = der_of(fixture!("p-256.pem"));
    *off.last_mut().expect("not empty") ^= 1;
    refused(&pem::write("PUBLIC KEY", &off), "a P256 key that makes no sense");
    let error = KeySet::new().add_pem("keys.pem", &[0xFF, 0xFE]).expect_err("it must be refused").to_string();
    assert!(error.contains("not text"), "{error}");
    let error = KeySet::new().add_pem_file(Path::new("/does/not/exist.pem")).expect_err("it must be refused").to_string();
    assert!(error.contains("exist.pem: found a file that cannot be read"), "{error}");
}

#[test]
fn private_keys_of_other_kinds_are_refused() {
    for (text, found) in [
        ("", "0 PEM blocks"),
        (fixture!("ed25519.pem"), "a PEM block \"PUBLIC KEY\""),
        (fixture!("encrypted.key"), "a PEM block \"ENCRYPTED PRIVATE KEY\""),
        (fixture!("encrypted-pkcs1.key"), "a \"RSA PRIVATE KEY\" that cannot be used"),
    ] {
        let error = SigningKey::from_pem(text).err().expect("it must be refused").to_string();
        assert!(error.contains(found) && error.contains("expected one private key in PEM"), "{error}");
    }
}

/// Why the one key of this set is passed over; empty if it is not.
fn ignored(jwk: Value) -> String {
    let jwks = jwk::read(json!({ "keys": [jwk] }).to_string().as_bytes()).expect("a JWKS");
    assert_eq!(jwks.keys.len() + jwks.ignored.len(), 1);
    jwks.ignored.concat()
}

#[test]
fn keys_of_a_set_are_used_or_passed_over() {
    let key: Value = serde_json::from_str(&jwks(&[("a", &key())])).expect("JSON");
    let key = key["keys"][0].clone();
    let with = |name: &str, value: Value| {
        let mut key = key.clone();
        key[name] = value;
        ignored(key)
    };
    for (name, value) in [("use", json!("sig")), ("key_ops", json!(["verify"])), ("alg", json!("EdDSA")), ("x5t", json!("x"))] {
        assert_eq!(with(name, value), "", "{name}");
    }
    for (name, value, why) in [
        ("use", json!("enc"), "not for verifying signatures"),
        ("key_ops", json!(["encrypt"]), "not for verifying signatures"),
        ("alg", json!("ES256"), "for the algorithm \"ES256\""),
        ("alg", json!("none"), "for the algorithm \"none\""),
        ("alg", json!("HS256"), "for the algorithm \"HS256\""),
        ("d", json!("AAAA"), "a private key"),
        ("kty", json!("oct"), "symmetric"),
        ("kty", json!("DSA"), "of another kind: \"DSA\" \"Ed25519\""),
        ("kty", json!(7), "no JSON Web Key"),
        ("crv", json!("Ed448"), "of another kind: \"OKP\" \"Ed448\""),
        ("x", json!("AAAA"), "\"x\" has 3 bytes"),
        ("x", json!("not base64!"), "\"x\" is not base64url"),
        ("x", Value::Null, "without \"x\""),
    ] {
        let found = with(name, value);
        assert!(found.starts_with("key \"a\" is ") && found.contains(why), "{name}: {found}");
    }
    let off_curve = json!({ "kty": "EC", "crv": "P-256", "x": base64url([1; 32]), "y": base64url([1; 32]) });
    assert_eq!(ignored(off_curve), "key 0 is a key that makes no sense");
    let rsa = |n: &[u8], e: &[u8]| ignored(json!({ "kty": "RSA", "n": base64url(n), "e": base64url(e) }));
    assert_eq!(rsa(&[0xFF; 256], &[1, 0, 1]), "");
    assert_eq!(rsa(&[&[0, 0][..], &[0xFF; 256]].concat(), &[0, 1, 0, 1]), "", "leading zeros");
    for (n, e) in
        [(&[0xFF; 255][..], &[1, 0, 1][..]), (&[0xFF; 1025], &[1, 0, 1]), (&[0xFF; 256], &[1]), (&[0xFF; 256], &[2]), (&[], &[])]
    {
        assert_ne!(rsa(n, e), "", "{} bytes, e {e:?}", n.len());
    }
}

#[test]
fn a_key_that_names_its_algorithm_signs_with_no_other() {
    let spki = der_of(fixture!("rsa-spki.pem"));
    let key = super::Key::from_spki(&spki, None, Some("PS256")).expect("a key");
    assert_eq!(key.algorithms().collect::<Vec<_>>(), ["PS256"]);
    assert_eq!(key.verifies("RS256", b"", &[0; 256]), None);
}

#[test]
fn sets_that_are_none_are_refused() {
    for (text, why) in [
        ("", "no JSON Web Key Set"),
        ("[]", "no JSON Web Key Set"),
        ("{}", "no JSON Web Key Set"),
        (r#"{"keys":{}}"#, "no JSON Web Key Set"),
        ("<html>", "no JSON Web Key Set"),
        (&json!({ "keys": vec![json!({}); 101] }).to_string(), "101 keys, which is more than 100"),
    ] {
        let error = jwk::read(text.as_bytes()).expect_err("it must be refused");
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_set_behind_a_url_must_be_there_from_the_start() {
    let good = jwks(&[("a", &key())]);
    let refused = |status: &str, body: &str, why: &str| {
        let server = Server::start(status, body);
        let error =
            KeySet::new().add_jwks(&server.url("http"), JwksOptions::default()).expect_err("it must be refused").to_string();
        assert!(error.starts_with(&server.url("http")) && error.contains(why), "{error}");
    };
    refused("404 Not Found", &good, "404");
    refused("500 Internal Server Error", &good, "500");
    refused("204 No Content", "", "status 204");
    refused("302 Found\r\nLocation: http://localhost:1/", "", "status 302");
    refused("200 OK", "<html>", "no JSON Web Key Set");
    refused("200 OK", r#"{"keys":[]}"#, "no key that can be used (it is empty)");
    refused("200 OK", r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, "no key that can be used (key 0 is symmetric");
    refused("200 OK", &" ".repeat(2 << 20), "limit");
    for (url, why) in [
        ("http://keys.example/jwks.json", "a URL without TLS to another machine, keys.example"),
        ("http://localhost.example/jwks.json", "a URL without TLS to another machine"),
        ("http://127.0.0.1.example/", "a URL without TLS to another machine"),
        ("ftp://localhost/jwks.json", "the scheme \"ftp\""),
        ("http://", "no URL"),
        ("https:// /", "no URL"),
        ("/does/not/exist.json", "nothing that can be read"),
    ] {
        let error = KeySet::new().add_jwks(url, JwksOptions::default()).expect_err("it must be refused").to_string();
        assert!(error.contains(why), "{url}: {error}");
    }
    assert!(Place::new("http://keys.example/jwks.json", true, None).is_ok(), "unless the operator says so");
}

#[test]
fn keys_of_a_set_answer_to_their_names() {
    let (a, b) = (key(), key());
    let server = Server::start("200 OK", &jwks(&[("a", &a), ("b", &b)]));
    let mut keys = KeySet::new();
    keys.add_jwks(&server.url("http"), JwksOptions::default()).expect("good keys");
    let verifier = verifier_of(keys);
    assert!(verifier.verify(&token_with_kid(&a, "a"), NOW_S).is_ok());
    assert!(verifier.verify(&token_with_kid(&b, "b"), NOW_S).is_ok());
    assert!(verifier.verify(&token(&b, &claims()), NOW_S).is_ok(), "without a name every key is tried");
    assert_eq!(verifier.verify(&token_with_kid(&a, "b"), NOW_S), Err(TokenError::BadSignature));
    assert_eq!(verifier.verify(&token_with_kid(&a, "c"), NOW_S), Err(TokenError::UnknownKey { kid: "\"c\"".to_owned() }));
}

proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,200}") {
        let _ = der::key_of_certificate(&bytes);
        let _ = super::Key::from_spki(&bytes, None, None);
        let _ = super::Key::from_pkcs1(&bytes);
        let _ = jwk::read(&bytes);
        let _ = jwk::read(text.as_bytes());
        let _ = pem::read(&text);
        for label in ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
            let pem = pem::write(label, &bytes);
            prop_assert_eq!(&pem::read(&pem).expect("our own PEM")[0].der, &bytes);
            let _ = KeySet::new().add_pem("test", pem.as_bytes());
            let _ = SigningKey::from_pem(&pem);
        }
    }

    /// Where bytes of good keys and certificates change, they are read or refused; a length that lies leads nowhere.
    #[test]
    fn broken_certificates_are_read_or_refused(place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        for pem in [fixture!("certificate.pem"), fixture!("rsa-spki.pem"), fixture!("p-256.pem"), fixture!("rsa-pkcs1.pem")] {
            let mut der = der_of(pem);
            let place = place.index(der.len());
            der[place] = byte;
            for der in [&der[..], &der[..cut.index(der.len())]] {
                if let Some(spki) = der::key_of_certificate(der) {
                    let _ = super::Key::from_spki(spki, None, None);
                }
                let _ = super::Key::from_spki(der, None, None);
                let _ = super::Key::from_pkcs1(der);
            }
        }
    }
}
