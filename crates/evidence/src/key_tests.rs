//! The vectors of RFC 8032, and what it leaves to the verifier: one form of each signature and key, and no key that binds to nothing.

use super::{InvalidKey, P, PublicKey, SMALL_ORDER, SecretKey};

/// The order of the group, little endian.
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0x10,
];

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
}

fn key(hex: &str) -> [u8; 32] {
    bytes(hex).try_into().expect("32 bytes")
}

/// Secret key, public key, message, signature: RFC 8032 §7.1, TEST 1, 2, 3 and SHA(abc).
const VECTORS: [[&str; 4]; 4] = [
    [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
    [
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ],
];

#[test]
fn keys_and_signatures_are_those_of_rfc_8032() {
    for [secret, public, message, signature] in VECTORS {
        let secret = SecretKey::from_seed(&key(secret)).expect("a key");
        assert_eq!(secret.public().as_bytes(), &key(public));
        assert_eq!(secret.signature_of(&bytes(message)).as_ref(), bytes(signature));
        let public = PublicKey::from_bytes(key(public)).expect("a key");
        assert!(public.is_of(&bytes(message), &bytes(signature)));
        assert!(!public.is_of(&[&bytes(message)[..], b"x"].concat(), &bytes(signature)));
    }
}

#[test]
fn a_signature_has_one_form() {
    for [_, public, message, signature] in VECTORS {
        let public = PublicKey::from_bytes(key(public)).expect("a key");
        let mut signature = bytes(signature);
        let mut carry = 0_u16;
        for (byte, order) in signature[32..].iter_mut().zip(L) {
            carry += u16::from(*byte) + u16::from(order);
            *byte = carry as u8;
            carry >>= 8;
        }
        assert_eq!(carry, 0, "S + L fits");
        assert!(!public.is_of(&bytes(message), &signature), "S + L");
    }
}

#[test]
fn keys_with_which_one_signature_stands_for_many_contents_are_refused() {
    // R is the base point and S is 1: good for every content with which the key, times the hash, comes to nothing.
    let mut signature = [0x66; 64];
    signature[0] = 0x58;
    signature[32..].fill(0);
    signature[32] = 1;
    for y in SMALL_ORDER {
        for sign in [0, 0x80] {
            let mut bytes = y;
            bytes[31] |= sign;
            assert_eq!(PublicKey::from_bytes(bytes), Err(InvalidKey::SmallOrder), "{bytes:02x?}");
            // Without the refusal it would sign for some of these. Two of the ten have no x of this sign.
            let unchecked = PublicKey(bytes);
            let signed_for = (0..200_u32).filter(|content| unchecked.is_of(&content.to_be_bytes(), &signature)).count();
            let has_no_such_x = sign != 0 && (y == SMALL_ORDER[1] || y == SMALL_ORDER[2]);
            assert!(signed_for > 1 || has_no_such_x, "{bytes:02x?} signs for {signed_for}");
        }
    }
}

#[test]
fn a_key_has_one_form() {
    for low in P[0]..=0xff {
        let mut bytes = P;
        bytes[0] = low;
        assert_eq!(PublicKey::from_bytes(bytes), Err(InvalidKey::NotCanonical));
        bytes[31] |= 0x80;
        assert_eq!(PublicKey::from_bytes(bytes), Err(InvalidKey::NotCanonical));
    }
    let text = SecretKey::from_seed(&[1; 32]).expect("a key").public().to_string();
    assert_eq!(PublicKey::from_base64url(&text).expect("a key").to_string(), text);
    let last = text.chars().last().expect("43 characters");
    for other in ('0'..='z').filter(|c| *c != last) {
        let changed = format!("{}{other}", &text[..42]);
        assert_ne!(
            PublicKey::from_base64url(&changed).ok().map(|key| key.to_string()),
            Some(text.clone()),
            "bits that are not read"
        );
    }
    for bad in ["", &text[..42], &format!("{text}="), &format!("{text}A"), &text.replace(&text[..1], " ")] {
        assert_eq!(PublicKey::from_base64url(bad), Err(InvalidKey::Form), "{bad}");
    }
}

#[test]
fn pem_is_read_as_others_write_it() {
    // openssl genpkey -algorithm ed25519, and openssl pkey -pubout of it.
    let secret = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    let public =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
    let of_vector = PublicKey::from_bytes(key(VECTORS[0][1])).expect("a key");
    assert_eq!(SecretKey::from_pem(secret).expect("a key").public(), of_vector);
    assert_eq!(PublicKey::from_pem(public), Ok(of_vector));
    assert_eq!(PublicKey::from_pem(secret), Err(InvalidKey::PublicPem));
    assert!(SecretKey::from_pem(public).is_err());
    assert_eq!(PublicKey::from_pem(&[public, public].concat()), Err(InvalidKey::PublicPem));
    assert_eq!(PublicKey::from_pem(&public.replace("END", "ENDE")), Err(InvalidKey::PublicPem));
}
