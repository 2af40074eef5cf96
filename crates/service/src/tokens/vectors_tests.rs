//! Signatures that others have published: RFC 7515 A.2 and A.3, RFC 8037 A.4.

use serde_json::json;

use super::super::jws::Jws;
use super::super::testing::{HOST, NOW_S};
use super::super::{JwksOptions, KeySet, TokenError, Verifier, VerifierOptions};
use super::read;

const RFC7515_A2_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-\
    SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xs\
    mtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const RFC7515_A2: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290\
    Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dn\
    ZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtF\
    ZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const RFC7515_A3: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290\
    Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const RFC8037_A4: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhi\
    jcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

/// Checks that the published key made the published signature, and none of a message or a signature that differs in a bit.
#[track_caller]
fn check(jwk: serde_json::Value, token: &str) {
    let jwks = read(json!({ "keys": [jwk] }).to_string().as_bytes()).expect("a JWKS");
    let [key] = &jwks.keys[..] else { panic!("{:?}", jwks.ignored) };
    let Jws { algorithm, signed, signature, .. } = Jws::read(token).expect("a JWS");
    assert_eq!(key.verifies(&algorithm, signed.as_bytes(), &signature), Some(true));
    for bit in 0..8 {
        let (mut message, mut other) = (signed.as_bytes().to_vec(), signature.clone());
        message[30] ^= 1 << bit;
        other[30] ^= 1 << bit;
        assert_eq!(key.verifies(&algorithm, &message, &signature), Some(false));
        assert_eq!(key.verifies(&algorithm, signed.as_bytes(), &other), Some(false));
    }
    assert_eq!(key.verifies(&algorithm, signed.as_bytes(), &signature[1..]), Some(false));
    assert_eq!(key.verifies(&algorithm, signed.as_bytes(), &[]), Some(false));
}

#[test]
fn rs256_of_rfc_7515() {
    check(json!({ "kty": "RSA", "n": RFC7515_A2_N, "e": "AQAB" }), RFC7515_A2);
}

#[test]
fn es256_of_rfc_7515() {
    let (x, y) = ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    check(json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }), RFC7515_A3);
}

#[test]
fn ed25519_of_rfc_8037() {
    check(json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }), RFC8037_A4);
}

#[test]
fn a_published_token_is_verified_and_then_its_claims_are_wanting() {
    let path = std::env::temp_dir().join(format!("deconflict-rfc7515-{}.json", std::process::id()));
    std::fs::write(&path, json!({ "keys": [{ "kty": "RSA", "n": RFC7515_A2_N, "e": "AQAB" }] }).to_string()).expect("written");
    let mut keys = KeySet::new();
    keys.add_jwks(path.to_str().expect("a path"), JwksOptions::default()).expect("good keys");
    let _ = std::fs::remove_file(&path);
    let verifier = Verifier::new(keys, vec![HOST.to_owned()], VerifierOptions::default()).expect("good options");
    let error = verifier.verify(RFC7515_A2, NOW_S).expect_err("no `sub`");
    assert!(matches!(error, TokenError::MissingClaim { name: "sub", .. }), "{error}");
}
