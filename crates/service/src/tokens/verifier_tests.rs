//! Good and bad tokens, one line each, and laws that hold for any.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{hmac, signature};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::testing::{HOST, NOW_S, base64url, claims, der_of, key, token, token_with_kid, verifier};
use super::super::{KeySet, SigningAlgorithm, SigningKey};
use super::{MAX_TOKEN_BYTES, SetupError, TokenError, Verifier, VerifierOptions, bearer};

/// Good claims, changed: a claim that is `null` here is taken away.
fn changed(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().expect("an object") {
        let all = claims.as_object_mut().expect("an object");
        match value {
            Value::Null => drop(all.remove(name)),
            value => drop(all.insert(name.clone(), value.clone())),
        }
    }
    claims
}

/// Checks that good claims with these changes are refused with a message that contains this, or count if it is empty.
#[track_caller]
fn check(changes: Value, expected: &str) {
    let key = key();
    let verifier = verifier(&[&key]);
    let token = token(&key, &changed(&changes));
    let answer = verifier.verify(&token, NOW_S);
    match (&answer, expected) {
        (Ok(_), "") => {}
        (Err(error), expected) if !expected.is_empty() && error.to_string().contains(expected) => {
            assert!(!error.to_string().contains(&token[..20]), "it repeats the token: {error}");
        }
        _ => panic!("{changes}\nfound: {answer:?}\nexpected: {expected:?}"),
    }
    assert_eq!(verifier.verify(&token, NOW_S), answer, "the second time");
}

/// Checks that this token of this key is refused so.
#[track_caller]
fn refused(key: &SigningKey, token: &str, expected: &str) {
    let error = verifier(&[key]).verify(token, NOW_S).expect_err("it must be refused").to_string();
    assert!(error.contains(expected), "{token}\nfound: {error}\nexpected: {expected}");
}

#[test]
fn a_good_token_names_its_bearer() {
    let key = key();
    let caller = verifier(&[&key]).verify(&token(&key, &claims()), NOW_S).expect("good");
    assert_eq!((&*caller.subject, &*caller.issuer), ("uss1", "authority.example"));
    assert!(caller.has("utm.strategic_coordination") && caller.has("utm.constraint_processing"));
    for other in ["utm.strategic", "UTM.STRATEGIC_COORDINATION", "utm.constraint_management", "", " "] {
        assert!(!caller.has(other), "{other:?}");
    }
}

#[test]
fn exp_is_after_now_and_at_most_an_hour_ahead() {
    check(json!({ "exp": NOW_S + 1 }), "");
    check(json!({ "exp": NOW_S }), "has expired");
    check(json!({ "exp": NOW_S - 1 }), "has expired");
    check(json!({ "exp": NOW_S + 3599 }), "");
    check(json!({ "exp": NOW_S + 3600 }), "");
    check(json!({ "exp": NOW_S + 3601 }), "lives too long: `exp` is 1900003601; expected at most 3600 s after now, 1900000000");
    check(json!({ "exp": NOW_S as f64 + 0.5 }), "");
    check(json!({ "exp": NOW_S as f64 + 3600.5 }), "1900003600.500");
    check(json!({ "exp": 0 }), "has expired");
    check(json!({ "exp": -1 }), "has expired");
    check(json!({ "exp": i64::MIN }), "has expired");
    check(json!({ "exp": i64::MAX }), "lives too long");
    check(json!({ "exp": u64::MAX }), "lives too long");
    check(json!({ "exp": 1e300 }), "lives too long");
    check(json!({ "exp": -1e300 }), "has expired");
    check(json!({ "exp": null }), "no `exp`");
    for wrong in [json!("1900000300"), json!([NOW_S + 300]), json!({}), json!(true)] {
        check(json!({ "exp": wrong }), "`exp` is");
    }
}

#[test]
fn nbf_and_iat_may_be_a_little_ahead() {
    for name in ["nbf", "iat"] {
        check(json!({ name: NOW_S + 30 }), "");
        check(json!({ name: NOW_S + 31 }), &format!("not valid yet: `{name}` is 1900000031; expected at most 30 s after now"));
        check(json!({ name: u64::MAX }), "not valid yet");
        check(json!({ name: 0 }), "");
        check(json!({ name: null }), "");
        check(json!({ name: "soon" }), &format!("`{name}` is \"soon\""));
    }
}

#[test]
fn names_must_be_there() {
    for name in ["iss", "sub"] {
        check(json!({ name: null }), &format!("no `{name}`"));
        for wrong in [json!(""), json!(7), json!(["a"]), json!({ "a": 1 }), json!(false)] {
            check(json!({ name: wrong }), &format!("`{name}` is"));
        }
    }
    check(json!({ "sub": "u".repeat(256) }), "");
    check(json!({ "sub": "u".repeat(257) }), "257 bytes");
    check(json!({ "sub": "ü".repeat(128) }), "");
    check(json!({ "sub": "ü".repeat(129) }), "258 bytes");
    check(json!({ "sub": "uss\n1" }), "control character");
    check(json!({ "sub": "フライト" }), "");
}

#[test]
fn the_audience_is_matched_exactly() {
    check(json!({ "aud": [HOST] }), "");
    check(json!({ "aud": ["other", HOST] }), "");
    check(json!({ "aud": null }), "no `aud`");
    check(json!({ "aud": [] }), "is for nobody");
    for other in ["", "dss.example.", "dss.exampl", "DSS.example", "https://dss.example", " dss.example", "*"] {
        check(json!({ "aud": other }), "expected `aud` to be or to contain \"dss.example\"");
        check(json!({ "aud": [other] }), "the token is for");
    }
    check(json!({ "aud": 7 }), "`aud` is 7");
    check(json!({ "aud": [HOST, 7] }), "`aud` is 7");
    check(json!({ "aud": { "name": HOST } }), "`aud` is an object");
}

#[test]
fn scopes_are_a_text_or_a_list() {
    let scopes = |scope: Value| {
        let key = key();
        let token = token(&key, &changed(&json!({ "scope": scope })));
        let caller = verifier(&[&key]).verify(&token, NOW_S).expect("good");
        caller.scopes().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(scopes(json!("a b")), ["a", "b"]);
    assert_eq!(scopes(json!("  a   b ")), ["a", "b"]);
    assert_eq!(scopes(json!(["a", "b"])), ["a", "b"]);
    assert_eq!(scopes(json!("a\tb")), ["a\tb"]);
    for none in [json!(""), json!([]), Value::Null] {
        assert!(scopes(none).is_empty());
    }
    check(json!({ "scope": 7 }), "`scope` is 7");
    check(json!({ "scope": ["a", ["b"]] }), "`scope` is a list");
}

#[test]
fn unsigned_and_symmetric_tokens_are_refused() {
    let key = key();
    let payload = base64url(claims().to_string());
    for alg in ["none", "None", "NONE", "", "HS256", "HS384", "HS512", "dir", "ES384", "RS1", "eddsa"] {
        let header = base64url(json!({ "alg": alg }).to_string());
        refused(&key, &format!("{header}.{payload}."), "expected Ed25519, EdDSA");
        refused(&key, &format!("{header}.{payload}.c2ln"), "expected Ed25519, EdDSA");
    }
    let signature = token(&key, &claims());
    let signature = signature.rsplit('.').next().expect("three parts");
    refused(&key, &format!("{}.{payload}.{signature}", base64url(r#"{"alg":"none"}"#)), "algorithm is \"none\"");
}

#[test]
fn a_public_key_is_no_secret() {
    // The classic confusion: the verifier's public key, which everybody knows, used as the secret of HS256.
    for algorithm in [SigningAlgorithm::Ed25519, SigningAlgorithm::Es256, SigningAlgorithm::Rs256] {
        let key = SigningKey::generate(algorithm).expect("a key");
        let public = key.public_pem().expect("a key");
        for secret in [public.as_bytes(), public.trim_end().as_bytes(), &der_of(&public)] {
            let signed = format!("{}.{}", base64url(r#"{"alg":"HS256"}"#), base64url(claims().to_string()));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
            refused(&key, &format!("{signed}.{}", base64url(tag)), "algorithm is \"HS256\"");
        }
    }
}

#[test]
fn the_key_decides_which_algorithms_count() {
    let [ed25519, p256] = [SigningAlgorithm::Ed25519, SigningAlgorithm::Es256].map(|a| SigningKey::generate(a).expect("a key"));
    let payload = claims().to_string();
    let sign = |key: &SigningKey, alg: &str| key.sign(&json!({ "alg": alg }).to_string(), payload.as_bytes()).expect("signed");
    refused(&ed25519, &sign(&ed25519, "ES256"), "algorithm is \"ES256\"; expected Ed25519, EdDSA");
    refused(&p256, &sign(&p256, "RS256"), "algorithm is \"RS256\"; expected ES256");
    for alg in ["EdDSA", "Ed25519"] {
        assert!(verifier(&[&ed25519]).verify(&sign(&ed25519, alg), NOW_S).is_ok(), "{alg}");
    }
    // With both keys, each still signs in its own way only.
    let both = verifier(&[&ed25519, &p256]);
    assert!(both.verify(&sign(&p256, "ES256"), NOW_S).is_ok());
    assert_eq!(both.verify(&sign(&p256, "EdDSA"), NOW_S), Err(TokenError::BadSignature));
}

#[test]
fn rsa_signs_in_six_ways() {
    let key = SigningKey::generate(SigningAlgorithm::Rs256).expect("a key");
    let verifier = verifier(&[&key]);
    let pair = RsaKeyPair::from_pkcs8(&der_of(&key.private_pem().expect("a key"))).expect("RSA");
    let algorithms: [(&str, &'static dyn RsaEncoding); 6] = [
        ("RS256", &RSA_PKCS1_SHA256),
        ("RS384", &RSA_PKCS1_SHA384),
        ("RS512", &RSA_PKCS1_SHA512),
        ("PS256", &RSA_PSS_SHA256),
        ("PS384", &RSA_PSS_SHA384),
        ("PS512", &RSA_PSS_SHA512),
    ];
    for (signed_as, encoding) in algorithms {
        for (said, _) in algorithms {
            let signed = format!("{}.{}", base64url(json!({ "alg": said }).to_string()), base64url(claims().to_string()));
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("signed");
            let answer = verifier.verify(&format!("{signed}.{}", base64url(signature)), NOW_S);
            if said == signed_as {
                assert!(answer.is_ok(), "{said}: {answer:?}");
            } else {
                assert_eq!(answer, Err(TokenError::BadSignature), "{signed_as} said to be {said}");
            }
        }
    }
}

#[test]
fn other_keys_do_not_count() {
    let (key, other) = (key(), key());
    refused(&key, &token(&other, &claims()), "signature");
    assert!(verifier(&[&other, &key]).verify(&token(&key, &claims()), NOW_S).is_ok(), "any of several keys may have signed");
    // Keys of PEM files have no name, so whatever a token calls its key, they are tried.
    assert!(verifier(&[&key]).verify(&token_with_kid(&key, "whatever"), NOW_S).is_ok());
    // An ES256 signature is the two numbers (RFC 7518 §3.4), not their DER.
    let p256 = SigningKey::generate(SigningAlgorithm::Es256).expect("a key");
    let pkcs8 = der_of(&p256.private_pem().expect("a key"));
    let pair = signature::EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8).expect("P-256");
    let signed = format!("{}.{}", base64url(r#"{"alg":"ES256"}"#), base64url(claims().to_string()));
    let der = pair.sign(&SystemRandom::new(), signed.as_bytes()).expect("signed");
    refused(&p256, &format!("{signed}.{}", base64url(der)), "signature");
    refused(&p256, &format!("{signed}.{}", base64url([0; 64])), "signature");
}

#[test]
fn what_is_no_token_is_refused() {
    let key = key();
    let good = token(&key, &claims());
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let huge = format!("{header}.{}.{signature}", "A".repeat(MAX_TOKEN_BYTES));
    let cases: [(&str, &str); 22] = [
        ("", "1 parts"),
        (".", "2 parts"),
        ("..", "header is not a JSON object"),
        ("...", "4 parts"),
        ("....", "5 parts"),
        ("Bearer", "1 parts"),
        (&good[..good.len() - 1], "signature"),
        (&format!("{header}.{payload}"), "2 parts"),
        (&format!("{good}."), "4 parts"),
        (&format!(".{good}"), "4 parts"),
        (&format!("{good}="), "signature is not base64url"),
        (&format!("{good} "), "signature is not base64url"),
        (&format!(" {good}"), "header is not base64url"),
        (&format!("{header}é.{payload}.{signature}"), "header is not base64url"),
        (&format!("{header}.{payload}\u{202E}.{signature}"), "signature"),
        (&format!("{}.{payload}.{signature}", header.replace('e', "+")), "header"),
        (&format!("{}.{payload}.{signature}", base64url("not JSON")), "header is not a JSON object"),
        (&format!("{}.{payload}.{signature}", base64url([0xFF, 0xFE])), "header is not a JSON object"),
        (&format!("{}.{payload}.{signature}", base64url(r#"{"typ":"JWT"}"#)), "no `alg`"),
        (&format!("{}.{payload}.{signature}", base64url(r#"{"alg":7}"#)), "header is not a JSON object as expected"),
        (&format!("{}.{payload}.{signature}", base64url(r#"{"alg":"EdDSA","alg":"none"}"#)), "duplicate field"),
        (&huge, "expected at most 8192"),
    ];
    for (token, expected) in cases {
        refused(&key, token, expected);
    }
}

#[test]
fn payloads_that_are_signed_but_no_claims_are_refused() {
    let key = key();
    let good = claims().to_string();
    let deep = |open: &str, close: &str| format!(r#"{{"scope":{}1{},"aud":"x"}}"#, open.repeat(900), close.repeat(900));
    let cases: [(String, &str); 10] = [
        (String::new(), "payload is not a JSON object"),
        ("null".to_owned(), "payload is not a JSON object"),
        ("[]".to_owned(), "payload is not a JSON object"),
        (r#"["authority.example","uss1","dss.example",1900003600]"#.to_owned(), "payload is not a JSON object"),
        (format!("{good}{good}"), "trailing characters"),
        (good.replacen('{', r#"{"sub":"uss2","#, 1), "duplicate field `sub`"),
        (good.replacen('{', r#"{"exp":1900000300,"#, 1), "duplicate field `exp`"),
        (deep("[", "]"), "recursion limit"),
        (deep(r#"{"a":"#, "}"), "recursion limit"),
        (good.replace("1900003600", "1900003600000000000000000000"), "lives too long"),
    ];
    for (payload, expected) in cases {
        refused(&key, &key.sign(r#"{"alg":"EdDSA"}"#, payload.as_bytes()).expect("signed"), expected);
    }
    let invalid_utf8 = [br#"{"sub":""#.as_slice(), &[0xC3, 0x28], br#""}"#].concat();
    refused(&key, &key.sign(r#"{"alg":"EdDSA"}"#, &invalid_utf8).expect("signed"), "payload is not a JSON object");
}

#[test]
fn critical_extensions_are_refused() {
    let key = key();
    for header in
        [r#"{"alg":"EdDSA","crit":["b64"],"b64":false}"#, r#"{"alg":"EdDSA","crit":["exp"]}"#, r#"{"alg":"EdDSA","crit":[]}"#]
    {
        refused(&key, &key.sign(header, claims().to_string().as_bytes()).expect("signed"), "`crit`");
    }
}

#[test]
fn a_remembered_token_still_expires() {
    let key = key();
    let verifier = verifier(&[&key]);
    let token = token(&key, &claims());
    assert!(verifier.verify(&token, NOW_S).is_ok());
    assert_eq!(verifier.cached_tokens(), 1);
    assert!(verifier.verify(&token, NOW_S + 3599).is_ok());
    assert!(matches!(verifier.verify(&token, NOW_S + 3600), Err(TokenError::Expired { .. })));
    // A clock that was set back sees what it would have seen then.
    assert!(matches!(verifier.verify(&token, NOW_S - 1), Err(TokenError::ExpiryTooFar { .. })));
    assert!(verifier.verify(&token, NOW_S).is_ok());
}

#[test]
fn refused_tokens_are_not_remembered() {
    let (key, other) = (key(), key());
    let verifier = verifier(&[&key]);
    for bad in
        [token(&other, &claims()), token(&key, &changed(&json!({ "aud": "x" }))), token(&key, &changed(&json!({ "exp": 1 })))]
    {
        assert!(verifier.verify(&bad, NOW_S).is_err());
    }
    assert_eq!(verifier.cached_tokens(), 0);
}

#[test]
fn a_verifier_needs_keys_and_audiences() {
    let set = || {
        let mut set = KeySet::new();
        set.add_pem("test", key().public_pem().expect("a key").as_bytes()).expect("a good key");
        set
    };
    let new = |set: KeySet, audiences: &[&str]| {
        Verifier::new(set, audiences.iter().map(|&name| name.to_owned()).collect(), VerifierOptions::default())
    };
    assert!(matches!(new(KeySet::new(), &["a"]), Err(SetupError::NoKeys)));
    assert!(matches!(new(set(), &[]), Err(SetupError::NoAudience)));
    assert!(matches!(new(set(), &["a", ""]), Err(SetupError::NoAudience)));
    assert!(new(set(), &["a", "b"]).is_ok());
}

#[test]
fn the_header_is_of_the_bearer_scheme() {
    for good in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c", " Bearer a.b.c "] {
        assert_eq!(bearer(Some(good.as_bytes())), Ok("a.b.c"), "{good:?}");
    }
    for missing in [None, Some(""), Some(" "), Some("Bearer"), Some("Bearer ")] {
        assert_eq!(bearer(missing.map(str::as_bytes)), Err(TokenError::Missing), "{missing:?}");
    }
    for other in [&b"Basic dXNlcjpwYXNz"[..], b"a.b.c", b"Bearer\ta.b.c", b"\xFF\xFE"] {
        assert!(matches!(bearer(Some(other)), Err(TokenError::Malformed { .. })), "{other:?}");
    }
}

#[test]
fn verifiers_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Verifier>();
}

proptest! {
    #[test]
    fn no_text_is_a_token(text in "\\PC{0,200}", parts in prop::collection::vec("[A-Za-z0-9_=-]{0,40}", 0..5)) {
        let key = key();
        let verifier = verifier(&[&key]);
        prop_assert!(verifier.verify(&text, NOW_S).is_err());
        prop_assert!(verifier.verify(&parts.join("."), NOW_S).is_err());
        let _ = bearer(Some(text.as_bytes()));
    }

    #[test]
    fn any_change_of_a_character_breaks_a_token(place in any::<prop::sample::Index>(), other in "[A-Za-z0-9_.-]") {
        let key = SigningKey::generate(SigningAlgorithm::Es256).expect("a key");
        let good = key.sign(r#"{"alg":"ES256"}"#, claims().to_string().as_bytes()).expect("signed");
        let verifier = verifier(&[&key]);
        prop_assert!(verifier.verify(&good, NOW_S).is_ok());
        let place = place.index(good.len());
        let changed = format!("{}{other}{}", &good[..place], &good[place + 1..]);
        prop_assume!(changed != good);
        prop_assert!(verifier.verify(&changed, NOW_S).is_err());
        prop_assert!(verifier.verify(&good[..place], NOW_S).is_err());
    }

    /// The memory changes no answer: a verifier that remembers says what a new one says, at any time.
    #[test]
    fn what_is_remembered_is_what_is_true(
        times in prop::collection::vec(-4000_i64..8000, 1..6),
        exp in -100_i64..4000, nbf in prop::option::of(-100_i64..100), aud in prop::sample::select(vec![HOST, "other"]),
    ) {
        let key = key();
        let changes = json!({ "exp": NOW_S + exp, "nbf": nbf.map(|nbf| NOW_S + nbf), "aud": aud });
        let token = token(&key, &changed(&changes));
        let remembers = verifier(&[&key]);
        for time in times {
            prop_assert_eq!(remembers.verify(&token, NOW_S + time), verifier(&[&key]).verify(&token, NOW_S + time));
        }
    }

    /// Whoever may sign may sign anything; it is read or refused, and never more.
    #[test]
    fn any_signed_payload_is_read_or_refused(header in json_text(), payload in json_text(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let key = key();
        let verifier = verifier(&[&key]);
        for payload in [payload.as_bytes(), &bytes] {
            for header in [r#"{"alg":"EdDSA"}"#, &header] {
                let token = key.sign(header, payload).expect("signed");
                let first = verifier.verify(&token, NOW_S);
                prop_assert_eq!(&first, &verifier.verify(&token, NOW_S));
                if let Ok(caller) = first {
                    prop_assert!(!caller.subject.is_empty() && caller.subject.len() <= 256 && !caller.issuer.is_empty());
                }
            }
        }
    }
}

/// JSON that is often almost right.
fn json_text() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just(json!(HOST)),
        Just(json!("EdDSA")),
        Just(json!(NOW_S + 300)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(|text| json!(text)),
        prop::collection::vec("\\PC{0,6}", 0..3).prop_map(|texts| json!(texts)),
        Just(Value::Null),
        Just(json!([[]])),
    ];
    let name = prop::sample::select(vec!["iss", "sub", "aud", "exp", "nbf", "iat", "scope", "alg", "kid", "crit", "x"]);
    prop::collection::vec((name, value), 0..10).prop_map(|members| {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("{name:?}:{value}")).collect();
        format!("{{{}}}", members.join(","))
    })
}
