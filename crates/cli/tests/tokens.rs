//! `keygen` and `token`: what they write, that it is verified, and what they refuse.

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use common::{err, file, folder, out, run, status};
use deconflict_service::tokens::{Caller, KeySet, TokenError, Verifier, VerifierOptions};

const SCOPE: &str = "utm.strategic_coordination";

fn now_s() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(now.as_secs()).expect("before the end of time")
}

/// Whose token a service with this public key and the audience `localhost` takes this for.
fn verify(public: &Path, token: &str) -> Result<Arc<Caller>, TokenError> {
    let mut keys = KeySet::new();
    keys.add_pem_file(public).expect("a public key");
    let verifier = Verifier::new(keys, vec!["localhost".to_owned()], VerifierOptions::default()).expect("good options");
    verifier.verify(token, now_s())
}

/// What `token` says with this key and these arguments.
fn token(key: &Path, arguments: &[&str]) -> std::process::Output {
    let key = key.to_str().expect("a path");
    run(&[&["token", "--key", key, "--sub", "uss1"], arguments].concat())
}

#[test]
fn what_keygen_makes_signs_tokens_that_are_verified() {
    let folder = folder("keygen");
    for algorithm in ["ed25519", "es256", "rs256"] {
        let prefix = folder.join(format!("my.{algorithm}"));
        let made = run(&["keygen", "--algorithm", algorithm, "--out", prefix.to_str().expect("a path")]);
        assert_eq!((status(&made), err(&made)), (0, String::new()));
        let [private, public] = ["key", "pem"].map(|extension| folder.join(format!("my.{algorithm}.{extension}")));
        assert!(out(&made).contains(private.to_str().expect("a path")), "{}", out(&made));
        let told = token(&private, &["--aud", "localhost", "--scope", SCOPE]);
        assert_eq!((status(&told), err(&told)), (0, String::new()));
        let text = out(&told);
        let told = text.strip_suffix('\n').expect("a line");
        assert!(told.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{told}");
        let caller = verify(&public, told).expect("a good token");
        assert_eq!((&*caller.subject, &*caller.issuer), ("uss1", "deconflict"));
        assert_eq!(caller.scopes().collect::<Vec<_>>(), [SCOPE]);
    }
}

#[test]
fn a_token_says_what_it_is_told_to() {
    let folder = folder("token");
    assert_eq!(status(&run(&["keygen", "--out", folder.to_str().expect("a path")])), 0);
    let [private, public] = ["token.key", "token.pem"].map(|name| folder.join(name));
    let told = |arguments: &[&str]| verify(&public, out(&token(&private, arguments)).trim_end());
    let several = ["--aud", "dss.example", "--aud", "localhost", "--scope", "a b", "--scope", "c", "--iss", "me", "--ttl", "30s"];
    let caller = told(&several).expect("a good token");
    assert_eq!(caller.scopes().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(caller.issuer, "me");
    assert!(told(&["--aud", "localhost", "--scope", SCOPE, "--ttl", "1h"]).is_ok(), "an hour is not too long");
    assert!(matches!(told(&["--aud", "localhost.", "--scope", SCOPE]), Err(TokenError::WrongAudience { .. })));
}

#[cfg(unix)]
#[test]
fn the_private_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("modes");
    assert_eq!(status(&run(&["keygen", "--out", &format!("{}/", folder.display())])), 0);
    let mode = |name: &str| std::fs::metadata(folder.join(name)).expect("written").permissions().mode() & 0o777;
    assert_eq!(mode("token.key"), 0o600);
    assert_eq!(mode("token.pem") & 0o022, 0, "others do not write it");
}

#[test]
fn keygen_never_touches_a_file_that_exists() {
    for existing in ["a.key", "a.pem"] {
        let folder = folder(&format!("exists-{existing}"));
        file(&folder, existing, "mine");
        let made = run(&["keygen", "--out", folder.join("a").to_str().expect("a path")]);
        assert_eq!((status(&made), out(&made)), (2, String::new()));
        assert!(err(&made).contains(existing) && err(&made).contains("exists already; nothing was written"), "{}", err(&made));
        let names: Vec<_> =
            std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("a file").file_name()).collect();
        assert_eq!(names, [existing], "and leaves nothing behind");
        assert_eq!(std::fs::read_to_string(folder.join(existing)).expect("there"), "mine");
    }
    let made = run(&["keygen", "--out", "/does/not/exist/"]);
    assert_eq!(status(&made), 2);
    assert!(err(&made).contains("cannot write /does/not/exist/token.key"), "{}", err(&made));
}

#[test]
fn bad_arguments_are_status_2() {
    let folder = folder("bad");
    assert_eq!(status(&run(&["keygen", "--out", folder.join("a").to_str().expect("a path")])), 0);
    let [private, public] = ["a.key", "a.pem"].map(|name| folder.join(name));
    let good = ["--aud", "localhost", "--scope", SCOPE];
    for (key, arguments, expected) in [
        (&private, &[&good[..], &["--ttl", "2h"]].concat()[..], "expected a time from 1s to 1h"),
        (&private, &["--aud", "", "--scope", SCOPE], "expected a name"),
        (&private, &[&good[..], &["--iss", ""]].concat(), "expected a name"),
        (&private, &["--aud", "localhost"], "--scope"),
        (&private, &["--scope", SCOPE], "--aud"),
        (&public, &good, "found a PEM block \"PUBLIC KEY\"; expected one private key"),
        (&folder, &good, "cannot read"),
        (&folder.join("missing.key"), &good, "missing.key"),
    ] {
        let told = token(key, arguments);
        assert_eq!((status(&told), out(&told)), (2, String::new()), "{arguments:?}");
        assert!(err(&told).contains(expected), "{arguments:?}: {}", err(&told));
    }
    let long = "u".repeat(257);
    let told = run(&["token", "--key", private.to_str().expect("a path"), "--sub", &long, "--aud", "a", "--scope", "b"]);
    assert_eq!(status(&told), 2);
    assert_eq!(status(&run(&["keygen"])), 2);
    assert_eq!(status(&run(&["keygen", "--algorithm", "hs256", "--out", "x"])), 2);
}

#[test]
fn help_says_that_this_is_for_local_use() {
    for command in ["token", "keygen"] {
        let help = out(&run(&[command, "--help"]));
        for expected in ["Examples:", &format!("deconflict {command} "), "coordination cell", "Exit status:"] {
            assert!(help.contains(expected), "{command}: {expected}");
        }
    }
    assert!(out(&run(&["token", "--help"])).contains("For local use"));
}
